"""Whether a function of two variables is differentiable at a point: its remainder over the distance must go to 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, isfinite, pi, sin

import sympy as sp

from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.numeric import Evaluator, NoValue
from nabla.calculus.quotients import slope_at

RADII = (4, 8, 12)  # the distances are 10 to minus these
ANGLES = 24
BENT = (0.5, 1.0, 2.0)  # angles to the axes that shrink as these powers of the distance: along parabolas and the like
SMALL, SHRINKS = 1e-2, 0.5


@dataclass(frozen=True)
class Differentiability:
    """`slopes` are the partial derivatives at the point, None where one is missing; `ratios` the greatest remainder
    over the distance found at each radius, and `direction` the angle of the last one.
    """

    slopes: tuple[sp.Expr | None, ...]
    ratios: tuple[float, ...] = ()
    direction: float = 0.0

    @property
    def holds(self) -> bool | None:
        """True where the remainder over the distance shrinks with it, False where it stays; None where neither."""
        if None in self.slopes:
            return False
        if len(self.ratios) < len(RADII):
            return None
        first, *_, last = self.ratios
        if last < SMALL and (last == 0 or last < SHRINKS * first):
            return True
        return False if last > SMALL and last > SHRINKS * first else None


def differentiability(f: sp.Expr, at: Mapping[sp.Symbol, sp.Expr]) -> Differentiability:
    """The partial derivatives of `f` at a point of the plane, and how its remainder goes on circles around it.

    The circles have points in all directions and, close to the axes, on curves that touch these.
    """
    slopes = tuple(_slope(f, symbol, at) for symbol in at)
    if None in slopes:
        return Differentiability(slopes)
    context = precise(3 * DIGITS)
    ratios: list[float] = []
    direction = 0.0
    try:
        here = Evaluator(context, at)(f)
        linear = [Evaluator(context, at)(slope) for slope in slopes]
        for exponent in RADII:
            radius = context.mpf(10) ** -exponent
            largest = 0.0
            for angle in _angles(exponent):
                step = [radius * context.cos(angle), radius * context.sin(angle)]
                beside = Evaluator(context, at)
                for symbol, move in zip(at, step, strict=True):
                    beside.let(symbol, beside(at[symbol]) + move)
                change = sum(slope * move for slope, move in zip(linear, step, strict=True))
                ratio = abs(float((beside(f) - here - change) / radius))
                if not isfinite(ratio):
                    return Differentiability(slopes)
                if ratio >= largest:
                    largest, direction = ratio, angle
            ratios.append(largest)
    except NoValue:
        return Differentiability(slopes)
    return Differentiability(slopes, tuple(ratios), direction)


def _slope(f: sp.Expr, symbol: sp.Symbol, at: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr | None:
    """The partial derivative at the point: by the rules where these give a number, else from both sides."""
    along = f.subs({other: place for other, place in at.items() if other != symbol})
    if along.has(sp.nan, sp.zoo):
        return None
    if found := slope_at(along, symbol, at[symbol]):
        return found
    exact = sp.diff(along, symbol).subs(symbol, at[symbol])
    if exact.is_number and exact.is_finite and not along.has(sp.Piecewise, sp.Abs, sp.Max, sp.Min, sp.sign):
        return exact
    return slope_at(along, symbol, at[symbol])


def _angles(exponent: int) -> list[float]:
    even = [2 * pi * n / ANGLES for n in range(ANGLES)]
    bent = [axis * pi / 2 + side * 10 ** (-exponent * power) for axis in range(4) for side in (1, -1) for power in BENT]
    return [*bent, *even]


def nearest_direction(angle: float) -> tuple[int, int] | None:
    """The direction of small whole numbers at an angle, (1, 1) for 45 degrees; None for another."""
    for a, b in ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)):
        size = (a * a + b * b) ** 0.5
        if abs(cos(angle) - a / size) + abs(sin(angle) - b / size) < 1e-9:
            return a, b
    return None
