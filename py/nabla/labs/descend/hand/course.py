"""How a descent by hand went: whether it grew, crept or arrived, by the curvature of what is descended."""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass

import numpy as np

from nabla.labs.descend.hand.found import HandDescent, grew, tail
from nabla.labs.descend.hand.lines import given, gradient_line, samples_of
from nabla.labs.descend.hand.verdict import Fault, StepJudgement
from nabla.optimise import implied
from nabla.optimise.implied import Curvature
from nabla.program.state import Floats

LEFT = 0.005  # of the way: not arrived
MORE = 3.0  # times the curvature at the end


@dataclass
class Course:
    """How it went.

    Attributes:
        ended: "grew", "arrived", "on the way" or "unknown".
        curvature: at the last finite state (at the first, where it grew).
        largest, best: rates, where the rate is known: the bound, and the one with the least largest factor.
        more: steps that are still needed to come within a hundredth of the way.
    """

    ended: str
    curvature: Curvature | None = None
    largest: float | None = None
    best: float | None = None
    more: int | None = None
    left: float | None = None


def course(found: HandDescent, judged: StepJudgement) -> Course:
    """Conclude from the path, and add what was found to the findings."""
    if found.reshaped:
        return Course("unknown")
    grown = grew(found)
    at = found.at
    if at is None:
        return Course("grew" if grown else "unknown")
    bent = implied.curvature(at.slope)
    plain = not found.buffers
    made = Course("grew" if grown else "unknown", bent if plain else None)
    known = judged.verdict in ("right", "scaled")
    gradient_right = known or (judged.verdict == "undecided" and implied.asymmetry(at.slope) < 1e-3)
    if bent is not None and plain and judged.rate is not None and bent.largest > 0:
        made.largest = judged.rate[1] * 2 / bent.largest
        made.best = judged.rate[1] * 2 / (bent.largest + bent.smallest)
    if grown:
        if judged.verdict in ("right", "scaled"):
            judged.findings += _too_large(found, judged, made)
        elif judged.verdict == "undecided":
            _upward(found, judged)
            steep = bent is not None and plain and bent.largest > 2
            if judged.verdict == "undecided" and (steep or _by_momentum(found)):
                judged.findings += _too_large(found, judged, made)
        return made
    if bent is None or not plain or found.loop.around or not gradient_right or bent.largest <= 0:
        return made
    if _bent_more(found, bent):
        made.largest = made.best = None
        return made
    rest = implied.remaining(at.step, at.slope)
    theta = at.theta[found.picked]
    path = found.path
    begun = path[0][1][found.picked] if path else theta
    made.left = float(np.linalg.norm(rest)) / max(float(np.linalg.norm(theta + rest - begun)), 1e-12)
    first = float(np.abs(path[1][1] - path[0][1]).max()) if len(path) > 1 else 0.0
    still = float(np.abs(at.step).max()) <= 1e-3 * first
    longer = float(np.abs(at.step).max()) >= first > 0
    if bent.largest > 2 and (longer or made.left > LEFT):  # beyond the bound: it comes to no rest there
        made.ended = "grew" if longer else "unknown"
        judged.findings += _too_large(found, judged, made)
        return made
    made.ended = "on the way" if made.left > LEFT else "arrived" if still else "unknown"
    if made.ended == "on the way" and _wanders(found, rest):
        made.ended = "unknown"
    if made.ended == "on the way":
        slow = max(_slowest(at.step, at.slope, rest), 1e-15)
        made.more = math.ceil(math.log(max(made.left / 0.01, 1.1)) / -math.log1p(-min(slow, 0.999)))
        judged.findings += _too_short(found, judged, made)
    return made


def _bent_more(found: HandDescent, bent: Curvature) -> bool:
    """Whether the slopes changed far more on the way than the curvature at its end lets them, as where a loss is made
    of straight pieces: what follows from that curvature is not so.
    """
    path, at = found.path, found.at
    if at is None or len(path) < 2 or path[1][0] - path[0][0] != 1:
        return False
    begun = (path[1][1] - path[0][1])[found.picked]
    way = float(np.linalg.norm((at.theta - path[0][1])[found.picked]))
    return float(np.linalg.norm(begun - at.step)) > MORE * bent.largest * way


def _wanders(found: HandDescent, rest: Floats) -> bool:
    """Whether the later half of the way went back in the direction of what is left of it."""
    size = float(np.linalg.norm(rest))
    late = [theta[found.picked] @ rest / size for turn, theta in found.path if turn > found.loop.turns / 2]
    return size > 0 and len(late) > 2 and bool(np.diff(late).min() < -size / 2)


def _upward(found: HandDescent, judged: StepJudgement) -> None:
    """Steps whose derivatives are symmetric and positive go up what curves upwards: their sign is wrong."""
    for state in found.states[:2]:
        slope = state.slope
        if (
            not slope.size
            or not np.isfinite(slope).all()
            or implied.asymmetry(slope) > 1e-3
            or np.linalg.eigvalsh((slope + slope.T) / 2).min() <= 0
        ):
            return
    line = min(found.lines.values(), default=0)
    text = "Every step goes up the slope of a function that curves upwards, not down: its sign has to be turned."
    judged.findings.append(Fault("sign", line, text))
    judged.verdict = "wrong"


def _too_large(found: HandDescent, judged: StepJudgement, made: Course) -> list[Fault]:
    bent = made.curvature
    line = rate_line(found, judged)
    bound = _by_momentum(found)
    if bent is not None and bent.largest <= 2 and not found.buffers:
        return []
    if bent is not None and made.largest is not None and judged.rate is not None:
        bound = (
            f" With {rate_text(judged)} each step is {bent.largest:.4g} times what "
            f"leads straight to the"
            f" bottom of the steepest direction; it grows from 2 on, so the largest rate is {made.largest:.4g}."
        )
    elif bent is not None and not found.buffers:
        bound = (
            f" With this rate each step is {bent.largest:.4g} times what leads straight to the bottom of the steepest "
            f"direction; it grows from 2 on, so the rate has to be {bent.largest / 2:.3g} times smaller, or more."
        )
    findings = [
        Fault("rate-too-large", line, f"The rate is too large: every step overshoots by more than the last.{bound}")
    ]
    loss = judged.loss
    if loss is None or bent is None:
        return findings
    samples = samples_of(found, loss)
    if judged.scale in ("m", "m/2", "2m") and bent.largest / samples < 2:
        text = (
            f"The step is {judged.scale} times the gradient of `{loss.name}` (m = {samples} samples): the sum is not "
            "divided by their number. Divided by it the rate would do."
        )
        findings.insert(0, Fault("missing-mean", gradient_line(found, loss.gradients, loss), text))
    if bent.sizes > 1e3:
        findings.append(_unscaled(found, bent))
    return findings


def _by_momentum(found: HandDescent) -> str:
    """The bound with a velocity: rate times curvature may be 2 (1 + beta) at most (Polyak, 1964)."""
    shares = list(found.kept.values())
    if found.at is None or len(shares) != len(found.parameters) or not all(0 < b < 1 for b in shares):
        return ""
    bent = implied.curvature(found.at.slope)
    most = 2 * (1 + min(shares))
    if bent is None or bent.largest <= most:
        return ""
    return (
        f" With a velocity of which {min(shares):.3g} is kept, rate times curvature may be {most:.3g}; where it "
        f"begins it is {bent.largest:.4g}, so the rate has to be at least {bent.largest / most:.3g} times smaller."
    )


def _unscaled(found: HandDescent, bent: Curvature) -> Fault:
    gain = f"; with columns of one size it would be {bent.scaled:.3g}" if bent.scaled < bent.condition / 10 else ""
    text = (
        f"The features are of very different size: the curvatures of the parameters differ by a factor of "
        f"{bent.sizes:.3g}, and one rate has to serve them all (condition number {bent.condition:.3g}{gain})."
    )
    return Fault("unscaled-features", min(found.lines.values(), default=0), text)


def rate_line(found: HandDescent, judged: StepJudgement) -> int:
    """The line where the rate is given."""
    if judged.rate is not None:
        name, rate = tail(judged.rate[0]), judged.rate[1]
        for value in given(found.program.tree, {name}):
            if isinstance(value, ast.Constant) and value.value == rate:
                return value.lineno
    return min(found.lines.values(), default=0)


def rate_text(judged: StepJudgement) -> str:
    """The rate as the program has it: `lr = 0.1`, or `the rate 0.1` where it has no name."""
    assert judged.rate is not None
    name, rate = judged.rate
    return f"{name} = {rate:g}" if re.match(r"[A-Za-z_]", name) else f"the rate {rate:g}"


def _slowest(step: Floats, slope: Floats, rest: Floats) -> float:
    """The share of the way that a step covers in the slowest direction that still matters."""
    matrix = -(slope + slope.T) / 2
    values, vectors = np.linalg.eigh(matrix)
    along = np.abs(vectors.T @ rest)
    matters = (along > 0.05 * np.linalg.norm(rest)) & (values > 1e-9 * values.max())
    return float(values[matters].min()) if matters.any() else float(values.max())


def _too_short(found: HandDescent, judged: StepJudgement, made: Course) -> list[Fault]:
    bent = made.curvature
    assert bent is not None and made.more is not None and made.left is not None
    steps = f"{found.loop.turns:,} steps"
    findings = []
    if bent.largest < 0.1:
        far = f" ({rate_text(judged)}; up to {made.largest:.3g} is possible)" if made.largest else ""
        text = f"The steps are short{far}: after {steps} {100 * made.left:.3g} % of the way are left."
        findings.append(Fault("rate-too-small", rate_line(found, judged), text))
    more = f"about {made.more:,} more" if made.more < 10**9 else "far too many more"
    text = (
        f"There are too few steps: after {steps} {100 * made.left:.3g} % of the way are left, and the "
        f"loss still falls; "
        f"it takes {more} at this rate to come within 1 %."
    )
    findings.append(Fault("too-few-steps", found.loop.line, text))
    if bent.sizes > 1e3 and bent.scaled < bent.condition / 10:
        findings.append(_unscaled(found, bent))
    elif bent.condition > 1e3:
        text = f"The problem is ill-conditioned: its curvatures differ by a factor of {bent.condition:.3g}."
        findings.append(Fault("ill-conditioned", min(found.lines.values(), default=0), text))
    return findings


# What the shapes and types of the program say --------------------------------------------------------------------


def shapes(found: HandDescent) -> list[Fault]:
    """Sums and differences of (n,) and (n, 1), which give (n, n)."""
    made: dict[int, Fault] = {}
    quantities = found.states[0].quantities if found.states else []
    for q in quantities:
        if q.shapes is None or not _crossed(*q.shapes):
            continue
        n = max(max(q.shapes[0]), max(q.shapes[1]))
        if q.slope.size and not np.abs(q.slope).max() > 0:
            continue
        a, b = q.shapes
        text = (
            f"Shapes {_shape(a)} and {_shape(b)} are broadcast against each other to ({n}, {n}): every "
            f"prediction is "
            f"compared with every target. Both need the same shape."
        )
        made.setdefault(q.line, Fault("shape-broadcast", q.line, text))
    return list(made.values())[:1]


def _shape(shape: tuple[int, ...]) -> str:
    return f"({shape[0]},)" if len(shape) == 1 else "(" + ", ".join(map(str, shape)) + ")"


def _crossed(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether one is n numbers in a row and the other n in a column."""
    if len(a) > len(b):
        a, b = b, a
    flat = len(a) == 1 or (len(a) == 2 and a[0] == 1)
    if len(a) == len(b) == 2 and a[1] == 1 and b[0] == 1:
        a, b = b, a
    flat = flat or (len(a) == 2 and a[0] == 1)
    return flat and len(b) == 2 and b[1] == 1 and b[0] == a[-1] and b[0] > 1


def whole_numbers(found: HandDescent) -> list[Fault]:
    """Parameters in arrays of whole numbers that are changed in place."""
    made = []
    for path in found.whole:
        if not all(path in m.whole for m in found.loop.moments):
            continue
        line = _line_of_creation(found, tail(path))
        text = (
            f"`{path}` is an array of whole numbers: what is put into it loses its decimals, so steps "
            f"shorter than 1 are "
            "lost. Make it of decimals, as with `dtype=float`."
        )
        made.append(Fault("integer-array", line, text))
    return made


def _line_of_creation(found: HandDescent, name: str) -> int:
    lines = [
        node.lineno
        for node in ast.walk(found.program.tree)
        if isinstance(node, ast.Assign)
        and any(
            isinstance(t, (ast.Name, ast.Attribute)) and (getattr(t, "id", "") or getattr(t, "attr", "")) == name
            for t in node.targets
        )
    ]
    return min(lines, default=0)


def lost(found: HandDescent, judged: StepJudgement) -> list[Fault]:
    """A loss that is printed as nan or infinite, though the parameters stay finite."""
    path = found.path
    if not path or not np.isfinite(path[-1][1]).all():
        return []
    for count, entry in enumerate(found.run.evidence.printed, 1):
        numbers = [v for v in entry.values if isinstance(v, (float, np.floating, np.ndarray))]
        if all(np.isfinite(v).all() for v in numbers if np.asarray(v).dtype.kind == "f"):
            continue
        line = judged.loss.line if judged.loss is not None and judged.loss.line else entry.line
        code = found.program.text.split("\n")[line - 1]
        why = (
            " A probability has become exactly 0 or 1 in the computer's numbers, and the log of 0 is infinite (0 times "
            "that is nan). The gradient does not need the log and is fine; for the loss keep off the ends, "
            "`np.clip(p, 1e-12, 1 - 1e-12)`, or write it as `np.logaddexp(0, z) - y*z`."
            if "log" in code
            else ""
        )
        text = f"From print {count} on the loss is no finite number, though the parameters are finite.{why}"
        return [Fault("not-finite", line, text)]
    return []
