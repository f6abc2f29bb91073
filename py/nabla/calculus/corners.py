"""Where a function of one variable may have no derivative: corners and jumps, found and looked at from both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Literal

import sympy as sp
from sympy.logic.boolalg import Boolean

from nabla.calculus.contexts import precise
from nabla.calculus.numeric import Evaluator, NoValue, Number
from nabla.calculus.quotients import one_sided
from nabla.calculus.rules import Derivation

JOINING = frozenset({"abs", "step", "piecewise", "minmax", "chain", "real-root"})
HIGHEST_DEGREE = 2
MOST_CHOICES = 32
CLOSE = 1e-12
# A root as of |x| changes this much within the step to the sides, which is 1e-20.
CONTINUOUS = 1e-5
# Within that step of a pole, values are larger than this.
POLE = 1e15


@dataclass(frozen=True)
class Corner:
    """A place where pieces meet: `at` is None where `condition` could not be solved.

    "smooth" where there is a derivative all the same, "corner" with the slopes on the left and on the right (infinite
    where they grow without bound), "jump" where the function itself jumps, "unsettled" where the slopes of the secants
    have no limit, "unknown" where it could not be evaluated.
    """

    condition: Boolean
    at: sp.Expr | None
    kind: Literal["smooth", "corner", "jump", "unsettled", "unknown"]
    left: float | None = None
    right: float | None = None


def corners(derivation: Derivation) -> list[Corner]:
    """The places at which the pieces of the function meet, each once, from left to right; unsolved conditions last."""
    found: dict[float, Corner] = {}
    unsolved: dict[Boolean, Corner] = {}
    for node in derivation.walk():
        if node.var != derivation.var or node.rule not in JOINING:
            continue
        for condition in node.conditions:
            if not isinstance(condition, sp.Ne):
                continue
            places = _solved(condition, derivation.var)
            if places is None:
                unsolved[condition] = Corner(condition, None, "unknown")
            for place in places or ():
                corner = _looked_at(derivation, condition, place)
                if corner:
                    found.setdefault(float(place), corner)
    return [found[place] for place in sorted(found)] + list(unsolved.values())


def _solved(condition: Boolean, var: sp.Symbol) -> list[sp.Expr] | None:
    """The real places where the two sides may be equal, None when a side is not a small polynomial in one symbol.

    Absolute values and extrema are taken apart into all that they may be; what they are not shows as "smooth" later.
    """
    gaps = [condition.lhs - condition.rhs]
    while any(gap.has(sp.Abs, sp.Max, sp.Min) for gap in gaps):
        gaps = [choice for gap in gaps for choice in _choices(gap)]
        if len(gaps) > MOST_CHOICES:
            return None
    if not all(gap.is_polynomial(var) and gap.free_symbols <= {var} for gap in gaps):
        return None
    gaps = [gap for gap in gaps if gap.has(var)]
    if any(sp.degree(gap, var) > HIGHEST_DEGREE for gap in gaps):
        return None
    return [root for gap in gaps for root in sp.roots(gap, var) if root.is_real]


def _choices(gap: sp.Expr) -> list[sp.Expr]:
    for part in gap.atoms(sp.Abs, sp.Max, sp.Min):
        choices = (part.args[0], -part.args[0]) if isinstance(part, sp.Abs) else part.args
        return [gap.xreplace({part: choice}) for choice in choices]
    return [gap]


def _looked_at(derivation: Derivation, condition: Boolean, place: sp.Expr) -> Corner | None:
    """The corner at `place`; None where the function is not there at all."""
    var = derivation.var
    evaluator = Evaluator(precise(), {var: place})
    try:
        sides = [evaluator.shift(var, sign)(derivation.expr) for sign in (-1, 1)]
        values = [*sides, evaluator(derivation.expr)]
        low, high = one_sided(derivation.expr, var, {var: place})
    except NoValue:
        return None if derivation.expr.free_symbols == {var} else Corner(condition, place, "unknown")
    if max(map(abs, values)) > POLE:
        return None
    if not _close(values, CONTINUOUS):
        return Corner(condition, place, "jump")
    if isnan(low) or isnan(high):
        return Corner(condition, place, "unsettled")
    smooth = isfinite(low) and isfinite(high) and _close([low, high], CLOSE)
    return Corner(condition, place, "smooth" if smooth else "corner", low, high)


def _close(values: Sequence[Number], bound: float) -> bool:
    return bool(max(values) - min(values) <= bound * max(1, *map(abs, values)))
