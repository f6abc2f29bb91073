"""One-sided slopes at a place: limits of the difference quotient of the function itself, where rules say nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import copysign, inf, isfinite, nan

import sympy as sp

from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.numeric import Evaluator, NoValue, Number

# The steps, each ten thousand times smaller than the one before.
EXPONENTS = (12, 16, 20, 24, 28)
COARSE = (1, 1.5, 2, 2.5, 3)  # where something grows too fast for the fine ones, as the exponent of exp(-1/x^2)
SETTLED = 1e-9
# Powers of the step shrink or grow by the same factor each time; ln of it grows by the same amount.
SAME, SHRINKING, STANDING = 0.02, 0.95, 0.98
# Slopes from both sides that agree so far are one; a fraction with a smaller denominator is meant.
CLOSE, PLAIN = 1e-9, 1000


def one_sided(f: sp.Expr, var: sp.Symbol, at: Mapping[sp.Symbol, sp.Expr]) -> tuple[float, float]:
    """The slopes of `f` at `at` along `var` from the left and from the right.

    Infinite where the quotient grows without bound, NaN where it neither settles nor grows, as for x sin(1/x).

    Raises:
        NoValue: where the function has no value at the place or beside it.
    """
    try:
        return _slopes(f, var, at, EXPONENTS)
    except NoValue as reason:
        if reason.state != "too-big":
            raise
    return _slopes(f, var, at, COARSE)


def slope_at(f: sp.Expr, var: sp.Symbol, place: sp.Expr) -> sp.Expr | None:
    """The slope of `f` at one place, where both sides have the same and it is a plain fraction; else None."""
    if f.is_number:
        return sp.S.Zero
    if f.free_symbols != {var} or not place.is_number:
        return None
    try:
        low, high = one_sided(f, var, {var: place})
    except NoValue:
        return None
    exact = sp.nsimplify(high, rational=True) if isfinite(low) and isfinite(high) else sp.nan
    return exact if exact.is_Rational and exact.q < PLAIN and abs(low - high) < CLOSE else None


def _slopes(
    f: sp.Expr, var: sp.Symbol, at: Mapping[sp.Symbol, sp.Expr], exponents: Sequence[float]
) -> tuple[float, float]:
    context = precise(2 * DIGITS)
    here = Evaluator(context, at)(f)
    slopes = []
    for sign in (-1, 1):
        quotients = []
        for exponent in exponents:
            step = sign * context.mpf(10) ** -exponent
            beside = Evaluator(context, at)
            beside.let(var, beside(at[var]) + step)
            quotients.append((beside(f) - here) / step)
        slopes.append(_limit(quotients))
    return slopes[0], slopes[1]


def _limit(values: Sequence[Number]) -> float:
    last = values[-1]
    gaps = [b - a for a, b in pairwise(values)]
    ratios = [b / a for a, b in pairwise(gaps)] if 0 not in gaps else []
    geometric = bool(ratios) and ratios[-1] > 0 and max(ratios) - min(ratios) <= SAME * abs(ratios[-1])
    if geometric and ratios[-1] <= SHRINKING:
        limit = last + gaps[-1] * ratios[-1] / (1 - ratios[-1])  # what is left of a geometric series
        return round(float(limit), 12)
    if all(abs(value - last) <= SETTLED * max(1, abs(last)) for value in values[2:]):
        return round(float(last), 15)
    return copysign(inf, last) if geometric and ratios[-1] >= STANDING else nan
