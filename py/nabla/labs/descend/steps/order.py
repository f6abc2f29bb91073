"""How fast the steps of a method come to a root or a minimum of one variable: the order, measured with many digits.

With e the distance that is left, an order p means e_{k+1} ≈ C e_k^p. At a root of multiplicity m > 1 Newton's steps
leave 1 - 1/m of it. R. L. Burden, J. D. Faires, Numerical Analysis (2011), section 2.4.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import mpmath
import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Check, Column, Table
from nabla.labs.descend.steps.read import StepsQuestion

METHODS = frozenset(["newton-root", "newton", "secant", "fixed-point", "bisection"])
DIGITS = 400
STEPS = 600
EASY = 1e-3  # distances below it count
SURE = mpmath.mpf(10) ** 12  # how many times the last step a distance is, so that the end may be taken for the root
CLOSE = 0.05  # of an order
_NAMES = {1.0: "linear", 2.0: "quadratic", 3.0: "cubic", 4.0: "quartic"}
GOLDEN = (1 + 5**0.5) / 2


@dataclass(frozen=True)
class Order:
    """The order, C, and the distances that it was measured on; `root` is where the steps come to."""

    order: float
    constant: float
    root: float
    distances: list[float]
    ratios: list[float]

    @property
    def exact(self) -> float:
        """The order that theory knows and the measured one is near to: whole, or the golden ratio."""
        return next((p for p in (1.0, 2.0, 3.0, 4.0, GOLDEN) if abs(p - self.order) < CLOSE), self.order)


def order_of(question: StepsQuestion) -> Order | None:
    """Measure the order; None where the steps come to nothing, or there are several variables."""
    if question.name not in METHODS or len(question.variables) != 1 or len(question.task.problems) != 1:
        return None
    with mpmath.workdps(DIGITS):
        way = _way(question)
        if way is None:
            return None
        root = way[-1]
        left = [abs(x - root) for x in way]
        least = max(mpmath.mpf(10) ** (-DIGITS // 3), SURE * abs(root - way[-2]))
        near = [e for e in left if least < e < EASY]
        if len(near) < 3:
            return None
        a, b, c = near[-3:]
        order = float(mpmath.log(c / b) / mpmath.log(b / a)) if question.name != "bisection" else 1.0
        exact = Order(order, 0.0, 0.0, [], []).exact
        constant = float(c / b**exact) if question.name != "bisection" else 0.5
        shown = near[-6:]
        return Order(order, constant, float(root) if abs(root) > 1e-12 else 0.0, [float(e) for e in shown[1:]],
                     [float(e / d) for d, e in itertools.pairwise(shown)])  # fmt: skip


def _way(question: StepsQuestion) -> list[mpmath.mpf] | None:
    """The steps with many digits, until they stand still; None where they do not."""
    step = _step(question)
    way = [mpmath.mpf(float(x)) for x in question.start]
    lowest = mpmath.mpf(10) ** (-DIGITS // 2)
    for _ in range(STEPS):
        try:
            way.append(step(way))
        except ZeroDivisionError:  # the root itself: its slope is 0 to all digits
            return way if len(way) > 3 and abs(way[-1] - way[-2]) < lowest else None
        if not mpmath.isfinite(way[-1]) or isinstance(way[-1], mpmath.mpc):
            return None
        if abs(way[-1] - way[-2]) < lowest * (1 + abs(way[-1])):
            return way
    return way if abs(way[-1] - way[-2]) < 1e-20 * (1 + abs(way[-1])) else None


def _step(question: StepsQuestion) -> Callable[[list[mpmath.mpf]], mpmath.mpf]:
    """A step from those before."""
    (x,) = question.variables
    expr = question.task.problems[0].expr
    f, g, h = (sp.lambdify(x, e, modules="mpmath", dummify=True) for e in (expr, sp.diff(expr, x), sp.diff(expr, x, 2)))
    match question.name:
        case "newton-root":
            return lambda way: way[-1] - f(way[-1]) / g(way[-1])
        case "newton":
            return lambda way: way[-1] - g(way[-1]) / h(way[-1])
        case "fixed-point":
            return lambda way: f(way[-1])
        case "secant":
            return lambda way: way[-1] - f(way[-1]) * (way[-1] - way[-2]) / (f(way[-1]) - f(way[-2]))
    ends = [mpmath.mpf(float(e)) for e in question.start]

    def halved(_: list[mpmath.mpf]) -> mpmath.mpf:
        middle = (ends[0] + ends[1]) / 2
        ends[int(f(ends[0]) * f(middle) > 0) ^ 1] = middle
        return middle

    return halved


def sentence_of(question: StepsQuestion, found: Order) -> str:
    """The order in words, and what makes it so."""
    name = _NAMES.get(found.exact)
    if question.name == "bisection":
        return "The order is 1: every step halves the interval, which is linear with the factor 1/2."
    c = f"{found.constant:.4g}"
    if found.exact == 1.0:
        said = f"It converges linearly (order 1): each step leaves {c} of the distance to {found.root:.7g}"
        return f"{said}{_why_linear(question, found)}."
    if name is None:
        shown = "(1 + √5)/2 = 1.618" if found.exact == GOLDEN else f"about {found.order:.3g}"
        return f"The order of convergence is {shown}: it converges faster than linearly to {found.root:.7g}."
    power = "²" if found.exact == 2.0 else "³" if found.exact == 3.0 else "⁴"
    return (
        f"The order of convergence is {found.exact:g} ({name}): where e is left of the distance to {found.root:.7g}, "
        f"the next step leaves about {c} e{power}{_why_fast(question, found)}."
    )


def _why_linear(question: StepsQuestion, found: Order) -> str:
    if question.name == "fixed-point":
        return f", the slope |g'({found.root:.4g})|; the order is 1 wherever that is not 0"
    m = round(1 / (1 - found.constant)) if found.constant < 0.99 else 0
    if question.name in ("newton-root", "newton") and m > 1 and abs(1 - 1 / m - found.constant) < 1e-3:
        f, d = ("f", "f'") if question.name == "newton-root" else ("f'", "f''")
        return (
            f", 1 - 1/{m}, since that is a root of {f} of multiplicity {m}: {d} is 0 there too. Steps of "
            f"x - {m} {f}/{d} are quadratic again"
        )
    return ", since the slope is 0 there too"


def _why_fast(question: StepsQuestion, found: Order) -> str:
    if found.exact != 2.0:
        return ", as the second derivative is 0 there too" if question.name == "newton-root" else ""
    f, d = {"newton-root": ("f'", "f''"), "newton": ("f''", "f'''"), "fixed-point": ("", "g''")}.get(
        question.name, ("", "")
    )
    if question.name == "fixed-point":
        return "; g' is 0 there, and the factor is |g''/2|"
    return f"; the factor is |{d}/(2{f})| there" if d else ""


def table_of(found: Order) -> Table:
    """The distances that are left, and what a step leaves of them."""
    columns = [Column("Distance", align="right"), Column("Of the one before", align="right")]
    rows = [[float(f"{e:.4g}"), float(f"{r:.4g}")] for e, r in zip(found.distances, found.ratios, strict=True)]
    return Table(columns, [list(row) for row in rows], "What is left after a step, measured with many digits.")


def check_of(found: Order) -> Check:
    """The measured exponent beside the order that is told."""
    rest = abs(found.order - found.exact)
    verdict: Verdict = "passed" if found.exact != found.order else "unchecked"
    how = f"the exponent of the last three distances, with {DIGITS} digits: {found.order:.4g}"
    return Check("The order is the one that is told", how, verdict, rest, CLOSE, test="precision")
