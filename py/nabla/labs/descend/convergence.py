"""Whether gradient descent with a constant rate comes to a minimum, by the curvatures there; and in how many steps.

A step leaves 1 - rate λ of the error along an eigenvector of the Hessian with the eigenvalue λ (B. T. Polyak,
Introduction to Optimization, 1987, chapter 1): for a quadratic function everywhere, for another one near the minimum.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

import numpy as np

from nabla.answer.document import Cell, Check, Column, Document, Heading, Table
from nabla.errors import UserError
from nabla.labs.descend.blocks import place
from nabla.optimise.problem import Floats, Problem
from nabla.read.formula import read_formula
from nabla.write.sentence import sentence

MOST = 10_000  # steps that are tried
EDGE = 1e-9
FAR = 1e12
FLAT = 1e-8  # of the curvature at the start: none


@dataclass
class AskedConvergence:
    """What is asked: rates that are told, the asker's answers, and the share of the error that may be left; whether the
    answers are to the largest rate, not to the best; `below` is what the distance, or the value, is to come below.
    `why` is what the asker saw and asks the cause of: diverges,
    converges, or anything else.
    """

    rates: list[float] = field(default_factory=list)
    claims: list[float] = field(default_factory=list)
    error: float = 0.0
    bound: bool = False
    momentum: float = 0.0
    below: float = 0.0
    why: str = ""

    def opened(self, converges: bool, text: str) -> str:
        """What is said of a rate behind what it answers: yes or no, or whether what was seen can be."""
        if not self.why:
            return f"{'Yes' if converges else 'No'}: {text}"
        if self.why == ("diverges" if converges else "converges"):
            return f"It does not {self.why.rstrip('s')}: {text}"
        return f"{text[:1].upper()}{text[1:]}"


def read_asked(text: str) -> AskedConvergence:
    """Read the input, as `rate 0.4; error 10^-3`.

    Raises:
        UserError: a part is none of these.
    """
    made = AskedConvergence()
    for part in filter(None, (each.strip() for each in text.split(";"))):
        match = re.fullmatch(r"(best|bound|rate|error|factor|claim|momentum|below|why)\s*(.*)", part)
        if match is None or (match[1] not in ("best", "bound") and not match[2]):
            message = (
                "Parts are best, bound, rate 0.4, momentum 0.9, error 0.001, factor 1000, claim 0.2 or why diverges, "
                "with semicolons between them."
            )
            raise UserError("value", message, field="convergence")
        made.bound |= match[1] == "bound"
        made.why = match[2] if match[1] == "why" else made.why
        if not match[2] or match[1] == "why":
            continue
        value = float(read_formula(match[2]).expr)
        if match[1] == "momentum":
            made.momentum = value
        elif match[1] == "below":
            made.below = value
        elif match[1] in ("error", "factor"):
            made.error = 1 / value if match[1] == "factor" and value > 1 else value
        else:
            (made.rates if match[1] == "rate" else made.claims).append(value)
    return made


def tell(document: Document, problem: Problem, start: Floats | None, minimum: Floats, text: str) -> None:
    """Put what is asked of the convergence in front of the sentence, with its table, values and a check by steps;
    `start` is None where none is told.
    """
    asked = read_asked(text)
    values: Floats = np.asarray(np.linalg.eigvalsh(problem.hessian(minimum)), dtype=np.float64)
    low, high = float(values[0]), float(values[-1])
    begun = minimum + 1 if start is None else start
    size = float(np.abs(np.linalg.eigvalsh(problem.hessian(begun))).max())
    if not FLAT * max(size, high) < low <= high:
        _by_steps(document, problem, begun, minimum, asked)
        return
    quadratic = all(not entry.free_symbols for row in problem.hessian_exprs for entry in row)
    best, largest = 2 / (low + high), 2 / high
    factor = (high - low) / (high + low)
    document.values["rate"] = {"best": best, "largest": largest, "factor": factor, "condition": high / low}
    where = "" if quadratic else " near the minimum"
    said: list[str] = []
    if 0 < asked.momentum < 1:
        said += _with_momentum(document, values, asked, where)
    else:
        seen = [] if quadratic or start is None else [_of_steps(problem, start, minimum, r, asked) for r in asked.rates]
        local = AskedConvergence(why="near") if seen else asked  # what was asked is answered by the steps
        said += [*seen, *(_of_rate(values, rate, largest, where, local) for rate in asked.rates)]
    claims = []
    for claim in asked.claims:
        wanted, name = (largest, "the bound 2/λₙ") if asked.bound else (best, "the best constant rate")
        right = abs(claim - wanted) <= 0.006 * wanted
        verdict = "right" if right else "wrong"
        claims.append({"text": f"{claim:g}", "verdict": verdict, "mistakes": [], "whose": "asker"})
        wrong = _of_claim(claim, wanted, name, best, largest)
        said.append(f"Your {claim:g} is right: it is {name}." if right else wrong)
    if claims:
        document.values["claims"] = claims
    if high - low < EDGE * high:
        said.append(
            f"With the curvature λ = {high:.6g} at the minimum, gradient descent converges{where} for rates between 0 "
            f"and 2/λ = {largest:.6g}; the best is 1/λ = {best:.6g}, of which one step is "
            f"enough{where and ' in the limit'}."
        )
    else:
        said.append(
            f"The best constant rate of gradient descent is {best:.6g}, 2/(λ₁ + λₙ) with the curvatures λ₁ = "
            f"{low:.6g} and λₙ = {high:.6g} at the minimum: each step leaves {factor:.3g} of the error there. It has "
            f"to stay below 2/λₙ = {largest:.6g}."
        )
    if 0 < asked.error < 1:
        rate = asked.rates[0] if asked.rates else best
        said.insert(0, _count(document, values, rate, asked.error, where))
    if asked.below > 0:
        said.insert(0, _below(document, problem, start, minimum, asked.rates[0] if asked.rates else best, asked.below))
    document.answer = sentence(" ".join(said), document.values, ["rate.best", "rate.largest"])
    document.title = "Which rates of gradient descent converge"
    document.add(Heading("What a step leaves"), _table(values, [*asked.rates, *asked.claims, best]))
    document.add(_check(problem, minimum, values, [*asked.rates, best], largest))


def _of_rate(values: Floats, rate: float, largest: float, where: str, asked: AskedConvergence) -> str:
    left = 1 - rate * values
    worst = float(left[np.argmax(np.abs(left))])
    steep = float(values[np.argmax(np.abs(left))])
    shown = f"a step multiplies the error by 1 - {rate:g}·{steep:.6g} = {worst:.4g}"
    if len(values) > 1:
        shown += " in the worst direction"
    if rate <= 0:
        return f"With the rate {rate:g} nothing descends."
    if abs(abs(worst) - 1) <= EDGE:
        text = f"with the rate {rate:g} {shown}{where}: it goes to and fro for ever, and comes no nearer."
        return asked.opened(False, text)
    if abs(worst) > 1:
        text = f"with the rate {rate:g} {shown}{where}: it diverges, since {rate:g} is not below {largest:.6g}."
        return asked.opened(False, text)
    how = ", to and fro" if worst < 0 else ""
    return asked.opened(True, f"with the rate {rate:g} {shown}{where}: it converges{how}.")


def _with_momentum(document: Document, values: Floats, asked: AskedConvergence, where: str) -> list[str]:
    """The same with a velocity v = beta v - rate g (heavy ball): by the eigenvalues of two steps' recurrence, which has
    the bound 2 (1 + beta)/λ (B. T. Polyak, 1964).
    """
    beta = asked.momentum
    bound = 2 * (1 + beta) / float(values[-1])
    document.values["rate"]["largest_with_momentum"] = bound
    said = []
    for rate in asked.rates:
        worst = max(float(np.abs(np.linalg.eigvals([[1 + beta - rate * v, -beta], [1, 0]])).max()) for v in values)
        ends = f"it diverges, since {rate:g} is not below" if worst > 1 + EDGE else "it converges, since that is below"
        text = (
            f"with the rate {rate:g} and the momentum {beta:g} a step leaves {worst:.4g} of the error in the "
            f"long run{where}: {ends} 2(1 + β)/λₙ = {bound:.6g}."
        )
        said.append(asked.opened(worst < 1 - EDGE, text))
    return said or [
        f"With the momentum {beta:g} the rate has to stay below 2(1 + β)/λₙ = {bound:.6g}{where}. Without it:"
    ]


def _of_claim(claim: float, wanted: float, name: str, best: float, largest: float) -> str:
    """What is said of a rate that is not the one that is asked for."""
    text = f"Your {claim:g} is not {name}, which is {wanted:.6g}"
    known = {"the best constant rate": best, "the bound": largest, "half of the bound, 1/λₙ": largest / 2}
    near = next((each for each, value in known.items() if abs(claim - value) <= 0.006 * value and each != name), "")
    ends = "converges" if 0 < claim < largest else "diverges"
    return f"{text}: it is {near}." if near else f"{text}: with it the descent {ends}."


def _count(document: Document, values: Floats, rate: float, error: float, where: str) -> str:
    """How many steps leave so much of the error, in the worst direction."""
    worst = float(np.abs(1 - rate * values).max())
    if worst >= 1 - EDGE:
        return f"With the rate {rate:g} no number of steps is enough."
    count = max(1, math.ceil(math.log(error) / math.log(worst) - EDGE)) if worst > EDGE else 1
    document.values["rate"]["steps"] = count
    of_value = max(1, math.ceil(math.log(error) / (2 * math.log(worst)) - EDGE)) if worst > EDGE else 1
    return (
        f"{count:,} steps: with the rate {rate:.6g} each leaves at most {worst:.4g} of the distance to the "
        f"minimum{where}, and {worst:.4g}^{count} is the first power not above {error:g}. Of the value of f above its "
        f"minimum the square of that is left: {of_value:,} steps do for it."
    )


def _below(
    document: Document, problem: Problem, start: Floats | None, minimum: Floats, rate: float, bound: float
) -> str:  # fmt: skip
    """How many steps from the start bring the distance to the minimum, and f above its value there, below a bound."""
    if start is None:
        return "How many steps it takes depends on where they begin, which is not told."
    x, lowest = start.copy(), problem.value(minimum)
    counts: dict[str, int] = {}
    with np.errstate(all="ignore"):
        for k in range(MOST + 1):
            far = {"distance": float(np.linalg.norm(x - minimum)), "value": problem.value(x) - lowest}
            counts |= {name: k for name, left in far.items() if left < bound and name not in counts}
            if len(counts) == 2 or not np.abs(x).max() < FAR:
                break
            x = x - rate * problem.gradient(x)
    if len(counts) < 2:
        return f"From {place(start)} with the rate {rate:g} it does not come below {bound:g} in {MOST:,} steps."
    document.values["rate"]["steps"] = counts["distance"]
    document.values["rate"]["steps_of_value"] = counts["value"]
    return (
        f"From {place(start)} with the rate {rate:g} the distance to the minimum is below {bound:g} after "
        f"{counts['distance']:,} steps, and f is less than {bound:g} above its minimum after {counts['value']:,}."
    )


def _table(values: Floats, rates: list[float]) -> Table:
    kept = list(dict.fromkeys(float(f"{rate:.6g}") for rate in rates))
    columns = [Column("Curvature λ", align="right"), *(Column(f"1 - {rate:.6g} λ", align="right") for rate in kept)]
    rows: list[list[Cell]] = [[float(f"{v:.6g}"), *(float(f"{1 - rate * v:.6g}") for rate in kept)] for v in values]
    return Table(columns, rows, "What a step leaves of the error along each eigenvector of the Hessian, by rate.")


def _check(problem: Problem, minimum: Floats, values: Floats, rates: list[float], largest: float) -> Check:
    """Steps from beside the minimum, which a step of Newton's makes exact, do what the factors say."""
    minimum = minimum - np.linalg.solve(problem.hessian(minimum), problem.gradient(minimum))
    vectors = np.linalg.eigh(problem.hessian(minimum))[1]
    worst = 0.0
    for rate in rates:
        k = int(np.argmax(np.abs(1 - rate * values)))
        off = 1e-5 * (1 + float(np.abs(minimum).max())) * vectors[:, k]
        x = minimum + off
        after = x - rate * problem.gradient(x) - minimum
        worst = max(worst, float(np.abs(after - (1 - rate * values[k]) * off).max() / np.abs(off).max()))
    how = "one step with each rate from beside the minimum, along the worst direction, beside 1 - rate λ"
    return Check(
        "A step leaves what the curvature says",
        how,
        "passed" if worst <= 1e-3 else "failed",
        worst,
        1e-3,
        test="points",
    )


def _at_the_end(problem: Problem, minimum: Floats, rates: list[float]) -> str:
    """Why steps near a minimum without curvature come near it slowly, or never."""
    aside = 1e-6 * (1 + np.abs(minimum))
    slopes = [problem.gradient(minimum + sign * aside) for sign in (1, -1)]
    jump = float(np.abs(slopes[0] - slopes[1]).max())
    if np.isfinite(jump) and jump > 1e-3:
        length = f": with the rate {rates[0]:g} they are about {rates[0] * jump / 2:.4g} long" if rates else ""
        return (
            f"At the minimum the function has a corner: its slope jumps by {jump:.4g}, so that the steps do not "
            f"become shorter as they come near it{length}, and hop over it for ever. A rate that falls with the "
            "steps, as 1/k, comes to it."
        )
    return "At the minimum the curvature is 0: no rate is the best, and near it the steps become ever shorter."


def _by_steps(
    document: Document, problem: Problem, start: Floats, minimum: Floats, asked: AskedConvergence
) -> None:  # fmt: skip
    """Where the minimum has no curvature the factors tell nothing: the steps themselves are taken."""
    said = [_of_steps(problem, start, minimum, rate, asked) for rate in asked.rates]
    said.append(_at_the_end(problem, minimum, asked.rates))
    document.values["rate"] = {"best": None, "largest": None}
    document.answer = sentence(" ".join(said), document.values, [])


def _of_steps(problem: Problem, start: Floats, minimum: Floats, rate: float, asked: AskedConvergence) -> str:
    """Whether the steps from the start come near the minimum, and why not where they grow."""
    x, count, near = start.copy(), 0, 1e-2 * (1 + float(np.abs(start - minimum).max()))
    step = np.full(x.size, np.inf)
    with np.errstate(all="ignore"):
        while count < MOST and np.abs(x).max() < FAR and np.abs(x - minimum).max() > near:
            step = rate * problem.gradient(x)
            if np.abs(step).max() <= EDGE * (1 + np.abs(x).max()):
                break
            x, count = x - step, count + 1
    begun = f"from {place(start)} with the rate {rate:g}"
    if not np.abs(x).max() < FAR:
        first = start - rate * problem.gradient(start)
        steep = float(np.abs(np.linalg.eigvalsh(problem.hessian(start))).max())
        why = f" The curvature at the start is {steep:.6g}, for which a rate has to be below 2/{steep:.6g} = "
        cause = f"{why}{2 / steep:.3g}." if steep * rate > 2 else ""
        text = (
            f"{begun} it diverges: the first step leads to {place(first)}, and after {count} it is beyond all bounds."
        )
        return asked.opened(False, f"{text}{cause}")
    if np.abs(x - minimum).max() <= near:
        return asked.opened(True, f"{begun} it comes within 1 % of the way in {count:,} steps.")
    if np.abs(step).max() <= EDGE * (1 + np.abs(x).max()):
        text = (
            f"{begun} it comes to rest at {place(x)}, where the slope is 0 too; the lowest minimum is {place(minimum)}."
        )
        return asked.opened(True, text)
    return asked.opened(False, f"{begun} it has not come within 1 % of the way in {MOST:,} steps.")
