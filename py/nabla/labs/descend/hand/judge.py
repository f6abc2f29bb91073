"""Whether the steps of a descent by hand follow the gradient of its loss, and what is wrong where they do not."""

from __future__ import annotations

import ast
import itertools
import re

import numpy as np

from nabla.labs.descend.hand import losses
from nabla.labs.descend.hand.differences import different, in_turn
from nabla.labs.descend.hand.found import HandDescent, tail
from nabla.labs.descend.hand.lines import gradient_line, line_of, rates, samples_of, where_the_sign
from nabla.labs.descend.hand.losses import ASCENT, Loss
from nabla.labs.descend.hand.of_text import loss_of_text
from nabla.labs.descend.hand.verdict import Fault, StepJudgement
from nabla.optimise import implied
from nabla.program.state import Floats

Mask = np.ndarray


def judge(found: HandDescent) -> StepJudgement:
    """Compare the steps at two random states with the gradients of what may be descended."""
    steps = np.array([state.step for state in found.states[:2]])
    if found.reshaped or not np.isfinite(steps).all() or not np.abs(steps).max(initial=0.0) > 0:
        return StepJudgement("wrong" if found.reshaped else "undecided")
    own, predicted = losses.own(found), losses.of_predictions(found)
    if (told := loss_of_text(found)) is not None:
        named = next((loss.gradients for loss in own if loss.named), None)
        found.held = named is None or np.allclose(named, told.gradients, rtol=1e-3, atol=1e-6)
        own = [told, *own] if named is None else own
    if found.buffers and implied.is_adaptive(steps):  # signs alone fit absolute values always
        predicted = [loss for loss in predicted if loss.name != "absolute values"]
    best = _best(found, own, predicted, _read(found, steps))
    if best.verdict == "undecided" and found.buffers and not implied.is_adaptive(steps):
        best = _without_root(found, own, predicted, steps) or best
    in_turn(found, best)
    plain = best.verdict == "undecided" and not best.findings and not found.buffers and len(found.picked) > 1
    bent = plain and all(np.abs(state.slope).max(initial=0.0) > 0 for state in found.states[:2])
    if bent and max(implied.asymmetry(state.slope) for state in found.states[:2]) < 1e-4:
        names = " and ".join(f"`{path}`" for path in found.parameters[:6])
        best.method = f"The steps of {names} are the gradient of one function: their derivatives are symmetric"
    return best


_ORDER = ("right", "scaled", "wrong", "undecided")


def _best(found: HandDescent, own: list[Loss], predicted: list[Loss], read: list[Floats]) -> StepJudgement:
    made = [_judged(found, own, predicted, rows) for rows in read]
    return min(made, key=lambda m: _ORDER.index(m.verdict), default=StepJudgement("undecided"))


def _without_root(found: HandDescent, own: list[Loss], predicted: list[Loss], steps: Floats) -> StepJudgement | None:
    """Steps that are the shorter the larger the gradient is: divided by a sum of its squares, not by the root of it."""
    for rows in _signed(found, steps):
        products = steps * rows
        even = np.ptp(np.abs(products)) <= 1e-4 * np.abs(products).max()
        if even and _best(found, own, predicted, [rows]).verdict in ("right", "scaled"):
            text = (
                "The step is the shorter the larger the gradient is: it is divided by the sum (or mean) of its squares "
                "itself. The root of that belongs there, `np.sqrt(...)`; then the size of the gradient cancels out."
            )
            fault = Fault("missing-root", min(found.lines.values(), default=0), text)
            return StepJudgement("wrong", None, [fault])
    return None


def _judged(found: HandDescent, own: list[Loss], predicted: list[Loss], steps: Floats) -> StepJudgement:
    thetas = np.array([state.theta[found.picked] for state in found.states[:2]])
    made = _by_own(found, own, steps) or _by_predictions(found, own, predicted, steps, thetas)
    made = made or different(found, own, predicted, steps, thetas)
    made.steps = steps
    return made


def _read(found: HandDescent, steps: Floats) -> list[Floats]:
    """The steps; where a mean of squares makes all of one length, what has their signs instead: a gradient under its
    name, or the buffer that is its mean. There may be several.
    """
    if found.buffers and implied.is_adaptive(steps):
        return _signed(found, steps)
    rooted = _rooted(found, steps) if found.buffers else None
    return [steps] if rooted is None else [rooted]


def _rooted(found: HandDescent, steps: Floats) -> Floats | None:
    """The roots of means of squares, with the signs of the steps, where these are of one length but for gradients that
    are as small as what keeps the root from 0; None where there are none.
    """
    first, second = found.states[:2]
    roots = np.zeros((2, first.theta.size))
    for places in found.split(np.arange(first.theta.size, dtype=float)).values():
        ends = [(first.ends[b], second.ends[b]) for b in found.buffers if b in first.ends and b in second.ends]
        squares = [e for e in ends if e[0].shape == places.shape and min(e[0].min(), e[1].min()) >= 0]
        if len(squares) != 1:
            return None
        roots[:, places.ravel().astype(int)] = np.sqrt([each.ravel() for each in squares[0]])
    roots = roots[:, found.picked]
    large = roots > 0.03 * roots.max()
    even = large.any() and np.ptp(np.abs(steps[large])) <= 0.05 * np.abs(steps[large]).max()
    return np.sign(steps) * roots if even and np.abs(steps).max() <= 1.05 * np.abs(steps[large]).max() else None


def _signed(found: HandDescent, steps: Floats) -> list[Floats]:
    """Gradients under their names that have the signs of the steps, for all parameters together."""
    total = sum(int(np.prod(shape)) for shape in found.shapes)
    whole = np.zeros((2, total))
    whole[:, found.picked] = steps
    parts = [found.split(row) for row in whole]
    listed = [_with_signs(found, path, np.array([part[path].ravel() for part in parts])) for path in found.parameters]
    if not all(listed):
        return []
    count = max(map(len, listed))
    return [np.hstack([rows[min(k, len(rows) - 1)] for rows in listed])[:, found.picked] for k in range(count)]


def _with_signs(found: HandDescent, path: str, steps: Floats) -> list[Floats]:
    """What a turn computes that has the signs of the steps of a parameter, or all of them turned: with their signs."""
    first, second = found.states[:2]
    there = {(q.line, q.what): q.value for q in second.quantities}
    others = {tail(p) for p in (*found.buffers, *found.parameters)}
    pairs = [
        (q.value, there[q.line, q.what])
        for q in first.quantities
        if "@" not in q.what and tail(q.what) not in others and (q.line, q.what) in there
    ]
    pairs += [(first.ends[b], second.ends[b]) for b in found.buffers if b in first.ends and b in second.ends]
    made = []
    for a, b in pairs:
        if a.size != steps.shape[1] or b.size != a.size:
            continue
        rows = np.array([a.ravel(), b.ravel()])
        agrees = np.sign(rows) * np.sign(steps)
        if np.isfinite(rows).all() and np.ptp(agrees) == 0 and agrees.flat[0] != 0:
            made.append(rows * agrees.flat[0])
    return made[:4]


# Right, or right but for a sign or a factor ----------------------------------------------------------------------


def _by_own(found: HandDescent, own: list[Loss], steps: Floats) -> StepJudgement | None:
    for loss in own:
        c = implied.factor(steps, loss.gradients, each=steps.shape[1] > 1)
        if c is None:
            continue
        upward = bool(ASCENT.search(loss.name)) and not re.search(r"neg|nll|minus", loss.name, re.I)
        if c < 0 and not upward and loss.named | (len(own) == 1):
            return _sign(found, loss, steps, c)
        if c > 0 or upward:
            return _scaled(found, StepJudgement("right", loss, factor=abs(c)), steps)
    thetas = np.array([state.theta[found.picked] for state in found.states[:2]])
    for loss in own:
        fitted = _decayed(found, steps, loss.gradients, thetas) if loss.named else None
        if fitted is not None and fitted[0] < 0 < fitted[1]:
            return _turned_part(found, loss, steps, fitted)
    return None


def _scaled(found: HandDescent, made: StepJudgement, steps: Floats) -> StepJudgement:
    """The factor over the rate, where both are known."""
    assert made.factor is not None and made.loss is not None
    samples = samples_of(found, made.loss)
    listed = rates(found)
    for name, rate in listed:
        scale = implied.named(made.factor / rate, samples)
        if scale:
            made.rate = (name, rate)
            made.scale = scale if not made.loss.data and not found.buffers else ""
            if made.scale == "1":
                made.scale = ""
            if made.scale:
                made.verdict = "scaled"
            return made
    made.rate = listed[0] if listed else None
    return made


def _sign(found: HandDescent, loss: Loss, steps: Floats, c: float) -> StepJudgement:
    line, text = where_the_sign(found, loss)
    what = f"the {loss.name}" if loss.data else f"`{loss.name}`"
    said = f"Every step goes up the slope of {what}, not down: {text}"
    return StepJudgement("wrong", loss, [Fault("sign", line, said)], factor=c)


def _by_predictions(
    found: HandDescent, own: list[Loss], predicted: list[Loss], steps: Floats, thetas: Floats
) -> StepJudgement | None:
    """The loss of the predictions that the steps follow, a penalty on the parameters included."""
    named = next((loss for loss in own if loss.named), None)
    for loss in predicted:
        if named is not None and _without_data(found, loss):
            continue
        c = implied.factor(steps, loss.gradients)
        if c is not None and c < 0 and loss.name != "absolute values":
            if named is not None and ASCENT.search(named.name):
                continue
            return _sign(found, loss, steps, c)
        none = np.ones(steps.shape[1], dtype=bool)
        fitted = (c, 0.0, none) if c is not None and c > 0 else _decayed(found, steps, loss.gradients, thetas)
        if fitted is None or fitted[1] < -1e-9:
            continue
        if fitted[0] <= 0:
            if named is None or not fitted[1] > 0:
                continue
            return _turned_part(found, loss, steps, fitted)
        made = StepJudgement("right", loss, factor=fitted[0], decay=fitted[1] / fitted[0])
        if named is not None:
            return _beside(found, made, named, thetas, steps, fitted[2])
        return _scaled(found, made, steps)
    return None


def _without_data(found: HandDescent, loss: Loss) -> bool:
    """Whether the difference behind a loss is one of the only parameter and numbers, as 2 w - 4 is: every step along it
    follows its squares, whatever it was meant to follow.
    """
    residual = loss.residual
    if residual is None or residual.value.size != 1 or found.states[0].theta.size != 1:
        return False
    own = {tail(path) for path in found.parameters}
    for node in ast.walk(found.program.tree):
        if isinstance(node, ast.FunctionDef) and node.lineno <= residual.line <= (node.end_lineno or 0):
            own |= {argument.arg for argument in node.args.args}
    lines = [n for n in ast.walk(found.program.tree) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Sub)]
    names = [{p.id for p in ast.walk(n) if isinstance(p, ast.Name)} for n in lines if n.lineno == residual.line]
    return bool(names) and all(each <= own for each in names)


def _turned_part(found: HandDescent, loss: Loss, steps: Floats, fitted: tuple[float, float, Mask]) -> StepJudgement:
    """The part of the step that is due to the data goes uphill, while that of the penalty is right."""
    line, _ = where_the_sign(found, loss)
    text = (
        "The part of the step that comes from the data goes up the slope, while that of the penalty goes down: the "
        "gradient of the data has the wrong sign."
    )
    named = gradient_line(found, loss.gradients, loss)
    return StepJudgement("wrong", loss, [Fault("sign", named or line, text, mendable=False)], factor=fitted[0])


def _decayed(found: HandDescent, steps: Floats, gradients: Floats, thetas: Floats) -> tuple[float, float, Mask] | None:
    for mask in _masks(found):
        pair = implied.with_decay(steps, gradients, thetas, mask)
        if pair is not None:
            return (*pair, mask)
    return None


def _masks(found: HandDescent) -> list[Mask]:
    """Which components a penalty may be on: those of some of the parameters, all but the first, all but the last."""
    count = len(found.picked)
    owners = np.array([found.owner(i) for i in range(count)])
    names = found.parameters if len(found.parameters) <= 4 else []
    chosen = [part for size in range(len(names) - 1, 0, -1) for part in itertools.combinations(names, size)]
    first, last = np.ones((2, count), dtype=bool)
    first[:1] = last[-1:] = False
    parts = [np.isin(owners, part) for part in chosen]
    return [np.ones(count, dtype=bool), *(mask for mask in parts if mask.any()), *([first, last] if count > 1 else [])]


def _beside(
    found: HandDescent, made: StepJudgement, named: Loss, thetas: Floats, steps: Floats, mask: Mask
) -> StepJudgement:
    """The steps follow a loss of the predictions; the program computes another: perhaps that with another penalty."""
    assert made.loss is not None
    own = implied.factor(-named.gradients, made.loss.gradients)
    known = own is not None and own > 0
    pair = (own or 0.0, 0.0, mask) if known else _decayed(found, -named.gradients, made.loss.gradients, thetas)
    if pair is None or pair[0] <= 0:
        made.notes.append(f"The steps descend the {made.loss.name} of the predictions; `{named.name}` is another loss.")
        return _scaled(found, made, steps)
    wanted = pair[1] / pair[0]
    if abs(wanted - made.decay) <= 2e-3 * max(abs(wanted), abs(made.decay)):
        if wanted and (mask != pair[2]).any():
            return _of_others(found, made, named, mask, pair[2])
        return _scaled(found, made, steps)
    if abs(wanted) <= 1e-9:
        made.notes.append(f"The steps also shrink the parameters (weight decay), which `{named.name}` does not hold.")
        return _scaled(found, made, steps)
    line = _penalised(found, made.loss, named, pair[2])
    if abs(made.decay) <= 1e-6 * abs(wanted):
        text = f"`{named.name}` has a penalty on the parameters, and its gradient is missing in the step."
        finding = Fault("missing-term", line, text)
    else:
        ratio = implied.named(made.decay / wanted, 1) or f"{made.decay / wanted:.4g}"
        text = f"The penalty's part of the step is {ratio} times the gradient of the penalty in `{named.name}`."
        finding = Fault("regularisation-factor", line, text)
    return StepJudgement("wrong", named, [finding], factor=made.factor)


def _penalised(found: HandDescent, loss: Loss, named: Loss, mask: Mask) -> int:
    """The line in which the gradient of a parameter is made that a penalty is on."""
    place = int(np.flatnonzero(mask)[0])
    line = line_of(found, found.owner(place), place)
    return line if line not in found.lines.values() else gradient_line(found, loss.gradients, named)


def _of_others(found: HandDescent, made: StepJudgement, named: Loss, mask: Mask, wanted: Mask) -> StepJudgement:
    """The step shrinks other parameters than the penalty of the loss is on."""
    assert made.loss is not None
    both = zip(found.names, mask, wanted, strict=True)
    more = [f"`{name}`" for name, has, should in both if has and not should]
    less = [f"`{name}`" for name, has, should in zip(found.names, mask, wanted, strict=True) if should and not has]
    parts = [f"shrinks {', '.join(more)} too, which the penalty in `{named.name}` leaves out"] if more else []
    parts += [f"does not shrink {', '.join(less)}, which the penalty in `{named.name}` is on"] if less else []
    line = gradient_line(found, made.loss.gradients, named)
    finding = Fault("regularisation-factor", line, f"The step {'; and it '.join(parts)}.")
    return StepJudgement("wrong", named, [finding], factor=made.factor)
