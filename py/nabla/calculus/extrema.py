"""Stationary points of a function of one variable, and what they are.

Where the slope is 0 is found by algebra, and by its signs on a grid; places without a slope count too. What a place is
follows from the second derivative or from the signs of the slope on both sides. The tests use the function alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values, is_slow
from nabla.calculus.budget import CALLS, within
from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.domain import Domain
from nabla.calculus.landmarks import landmarks
from nabla.calculus.numeric import Evaluator, NoValue
from nabla.calculus.scan import apart, grid, named, scanned
from nabla.calculus.value import value_at
from nabla.calculus.zeros import zeros

# The range in which the slope's signs are looked at where nothing else gives one.
REACH = 50.0
_SAID = {frozenset({1}): "minimum", frozenset({-1}): "maximum", frozenset({1, -1}): "inflection"}
STEPS = (sp.Rational(1, 10**3), sp.Rational(1, 10**5), sp.Rational(1, 10**7))


@dataclass(frozen=True)
class ExtremePoint:
    """A stationary point or a point without slope; `curvature` is the second derivative there, where it decided.

    `kind` is minimum, maximum, inflection or undecided; `end` marks an end of the domain, `smooth` a slope.
    """

    at: sp.Expr
    value: sp.Expr
    kind: str
    curvature: sp.Expr | None = None
    smooth: bool = True
    end: bool = False


@dataclass(frozen=True)
class Extrema:
    """All of them in [low, high], which is one period where the function has one; `complete` by algebra."""

    places: tuple[ExtremePoint, ...]
    low: float
    high: float
    period: sp.Expr | None = None
    complete: bool = False
    gaps: tuple[float, ...] = field(default=())


def stationary(f: sp.Expr, slope: sp.Expr, x: sp.Symbol, domain: Domain) -> Extrema:
    """The stationary points of `f`, whose derivative is `slope`, in the domain."""
    low, high = ends_of(domain, x)
    bounded = low is not None and high is not None
    period = None if bounded else within(CALLS, lambda: sp.periodicity(f, x), None)
    if period is not None and period != 0 and period.is_number:
        low, high = sp.S.Zero, period
    else:
        period = None
    exact, complete = zeros(slope, x)
    if period is not None:
        exact, complete = [root - period * sp.floor(root / period) for root in exact], False
    corners = [sp.nsimplify(mark, rational=True, tolerance=1e-15) for mark in landmarks([slope, f], x, {})]
    known = [float(root) for root in (*exact, *corners)]
    left = float(low) if low is not None else min([-REACH, *(2 * root - 1 for root in known)])
    right = float(high) if high is not None else max([REACH, *(2 * root + 1 for root in known)])
    numeric = [] if complete else [named(root, slope, x) for root in scanned(slope, x, left, right)]
    inside = [root for root in apart([*exact, *numeric]) if left <= float(root) <= right and _in(domain, x, root)]
    if period is not None:
        inside = [root for root in inside if float(root) < right - 1e-9]
    places = [_place(f, slope, x, root) for root in inside]
    sharp = [mark for mark in corners if _in(domain, x, mark) and _sharp(f, slope, x, mark)]
    places += [ExtremePoint(mark, _value(f, x, mark), around(f, x, mark), smooth=False) for mark in sharp]
    ends = [end for end in (low, high) if end is not None and period is None and _in(domain, x, end)]
    places += [_end(f, slope, x, domain, end) for end in ends]
    kept = {float(place.at): place for place in places if place.value is not None}
    gaps = tuple(float(mark) for mark in corners)
    return Extrema(tuple(kept[at] for at in sorted(kept)), left, right, period, complete, gaps)


def ends_of(domain: Domain, x: sp.Symbol) -> tuple[sp.Expr | None, sp.Expr | None]:
    """The ends of a domain of one stretch; None for one that is open to infinity."""
    if not domain or len(domain.pieces) != 1:
        return None, None
    low, high = domain.pieces[0].ends(x)
    return low if low.is_finite else None, high if high.is_finite else None


def _in(domain: Domain, x: sp.Symbol, place: sp.Expr) -> bool:
    return not domain or domain.contains({x: place})


def _value(f: sp.Expr, x: sp.Symbol, at: sp.Expr) -> sp.Expr | None:
    value = value_at(f, {x: at}, sp.S.Zero)
    return value.exact


def _place(f: sp.Expr, slope: sp.Expr, x: sp.Symbol, at: sp.Expr) -> ExtremePoint:
    """By the second derivative; where that is 0 or has no value, by the slope's signs on both sides."""
    value = _value(f, x, at)
    second = value_at(sp.diff(slope, x), {x: at}, slope)
    if second.number is not None and abs(second.number) > 1e-12:
        return ExtremePoint(at, value, "minimum" if second.number > 0 else "maximum", second.exact)
    signs = []
    for side in (-1, 1):
        number = value_at(slope, {x: at + side * STEPS[1]}, slope).number
        signs.append(0 if number is None else int(np.sign(number)))
    kind = {(-1, 1): "minimum", (1, -1): "maximum", (1, 1): "inflection", (-1, -1): "inflection"}
    return ExtremePoint(at, value, kind.get((signs[0], signs[1]), "undecided"))


def _sharp(f: sp.Expr, slope: sp.Expr, x: sp.Symbol, at: sp.Expr) -> bool:
    """Whether f has a value and no slope at a place, and a value on both sides."""
    return (
        _value(f, x, at) is not None
        and value_at(slope, {x: at}, f, x).number is None
        and around(f, x, at) in ("minimum", "maximum")
    )


def _end(f: sp.Expr, slope: sp.Expr, x: sp.Symbol, domain: Domain, at: sp.Expr) -> ExtremePoint:
    value = _value(f, x, at)
    inward = 1 if domain.contains({x: at + STEPS[1]}) else -1
    number = value_at(slope, {x: at + inward * STEPS[1]}, slope).number
    kind = "undecided" if not number else "minimum" if number * inward > 0 else "maximum"
    return ExtremePoint(at, value, kind, end=True, smooth=False)


def around(f: sp.Expr, x: sp.Symbol, at: sp.Expr, sides: tuple[int, ...] = (-1, 1)) -> str:
    """What the values of `f` itself beside a place say that it is; the same at three distances, or undecided."""
    said: set[str] = set()
    for step in STEPS:
        try:
            here = Evaluator(precise(DIGITS), {x: at})(f)
            gaps = [Evaluator(precise(DIGITS), {x: at + side * step})(f) - here for side in sides]
        except NoValue:
            return "undecided"
        signs = {int(np.sign(float(gap))) if abs(gap) > 1e-40 else 0 for gap in gaps}
        said.add(_SAID.get(frozenset(signs), "undecided"))
    return said.pop() if len(said) == 1 else "undecided"


def missed(f: sp.Expr, x: sp.Symbol, found: Extrema) -> int | None:
    """How many turning points the values of `f` on a grid show that are not among those found; None without values."""
    if not has_values(f):
        return None
    points = grid(found.low, found.high, is_slow(f))
    values = np.broadcast_to(evaluate(f, {x: points}), points.shape)
    signs = np.sign(np.diff(values))
    turns = points[1:-1][signs[1:] * signs[:-1] < 0]
    known = np.array([float(place.at) for place in found.places] + list(found.gaps) + [found.low, found.high])
    width = 2.5 * float(points[1] - points[0])
    scale = np.nanmax(np.abs(values[np.isfinite(values)]), initial=1.0)
    rough = np.abs(np.diff(values))[1:][signs[1:] * signs[:-1] < 0] < 1e-13 * scale
    return int(sum(np.abs(known - turn).min() > width for turn in turns[~rough]))
