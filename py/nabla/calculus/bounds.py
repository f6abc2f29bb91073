"""Limits: l'Hôpital's rule where it applies, else SymPy's, and the function itself measured close to the place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import sympy as sp

from nabla.calculus.budget import CALLS, within
from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.numeric import Evaluator, NoValue, Number

Side = Literal["-", "+"]
MOST_ROUNDS = 5
# How near the place the function is measured, and how far out for infinity: powers of ten.
NEAR = (8, 16, 24)
# Further out some functions have no value that could be computed; then nearer places must do.
FAR = ((6, 12, 24), (2, 3, 4), (1, 1.3, 1.6))


@dataclass(frozen=True)
class Round:
    """One use of l'Hôpital's rule: what stands above and below, what both tend to, and their derivatives."""

    top: sp.Expr
    bottom: sp.Expr
    form: str
    new_top: sp.Expr
    new_bottom: sp.Expr


def limit_of(f: sp.Expr, x: sp.Symbol, a: sp.Expr, side: Side) -> sp.Expr | None:
    """The limit from one side, infinite ones too; None where SymPy finds none, or only bounds."""
    found = within(6 * CALLS, lambda: _limit(f, x, a, side), None)
    if found is None or found.has(sp.Limit, sp.AccumBounds, sp.nan, sp.zoo):
        return None
    return found


def _limit(f: sp.Expr, x: sp.Symbol, a: sp.Expr, side: Side) -> sp.Expr | None:
    try:
        return sp.limit(f, x, a, side)
    except (NotImplementedError, ValueError, TypeError):  # what SymPy raises where it knows no way
        return None


def hopital(f: sp.Expr, x: sp.Symbol, a: sp.Expr, side: Side) -> list[Round]:
    """The rounds of l'Hôpital's rule up to a quotient whose limit can be read off; none where it does not apply."""
    rounds: list[Round] = []
    top, bottom = sp.fraction(sp.together(f))
    while len(rounds) < MOST_ROUNDS:
        ends = [limit_of(part, x, a, side) for part in (top, bottom)]
        if None in ends:
            return []
        if ends == [0, 0]:
            form = r"\frac{0}{0}"
        elif all(end in (sp.oo, -sp.oo) for end in ends):
            form = r"\frac{\infty}{\infty}"
        else:
            return rounds
        new_top, new_bottom = (sp.simplify(sp.diff(part, x)) for part in (top, bottom))
        if new_bottom == 0 or sp.count_ops(new_top) + sp.count_ops(new_bottom) > 60:
            return []
        rounds.append(Round(top, bottom, form, new_top, new_bottom))
        top, bottom = sp.fraction(sp.cancel(new_top / new_bottom))
    return []


def measured_limit(f: sp.Expr, x: sp.Symbol, a: sp.Expr, side: Side) -> list[Number] | None:
    """Values of the function nearer and nearer to the place; None where it has none there."""
    if f.free_symbols - {x} or a.free_symbols:
        return None
    context = precise(2 * DIGITS)
    if a.is_finite:
        sign = 1 if side == "+" else -1
        centre = Evaluator(context, {})(a)
        return _values(f, x, [centre + sign * context.mpf(10) ** -exponent for exponent in NEAR])
    sign = 1 if a == sp.oo else -1
    ladders = ([sign * context.mpf(10) ** exponent for exponent in exponents] for exponents in FAR)
    return next((values for ladder in ladders if (values := _values(f, x, ladder))), None)


def _values(f: sp.Expr, x: sp.Symbol, places: list[Number]) -> list[Number] | None:
    values = []
    for place in places:
        beside = Evaluator(precise(2 * DIGITS), {})
        beside.let(x, place)
        try:
            values.append(beside(f))
        except NoValue:
            return None
    return values


def tends(values: list[Number], limit: sp.Expr) -> bool:
    """Whether measured values go to a limit: each nearer than the one before, or beyond all numbers."""
    if limit in (sp.oo, -sp.oo):
        sign = 1 if limit == sp.oo else -1
        return all(sign * b > sign * a for a, b in pairwise(values)) and bool(sign * values[-1] > 0)
    goal = Evaluator(precise(2 * DIGITS), {})(limit)
    gaps = [abs(value - goal) for value in values]
    small = gaps[-1] <= 1e-3 * max(1, abs(goal)) or gaps[-1] <= 0.2 * gaps[0]
    return bool(small and (gaps[-1] <= gaps[0] or gaps[0] <= 1e-12))
