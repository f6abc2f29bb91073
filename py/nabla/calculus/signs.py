"""Where a derivative is positive and where negative: the stretches between its zeros and the gaps of the function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.domain import Domain
from nabla.calculus.extrema import Extrema, ends_of, stationary
from nabla.calculus.landmarks import gaps
from nabla.calculus.landmarks import roots as roots_of_gap
from nabla.calculus.numeric import Evaluator, NoValue
from nabla.calculus.scan import apart
from nabla.calculus.zeros import zeros

PARTS = (sp.Rational(1, 1000), sp.Rational(1, 5), sp.Rational(1, 2), sp.Rational(4, 5), sp.Rational(999, 1000))
FAR = (sp.Rational(1, 1000), 1, 7, 40)
BESIDE = sp.Rational(1, 10**18)
CLOSE = 1e-6
PER_STRETCH = 400


@dataclass(frozen=True)
class SignedInterval:
    """An open interval in which a derivative keeps its sign: 1 or -1, or 0 where it is constantly 0."""

    low: sp.Expr
    high: sp.Expr
    sign: int


@dataclass(frozen=True)
class Signs:
    """All stretches of the domain in [low, high], one period where the function has one; `turns` are the places inside
    the domain at which the sign changes.
    """

    stretches: tuple[SignedInterval, ...]
    turns: tuple[sp.Expr, ...]
    found: Extrema

    def of(self, sign: int) -> list[SignedInterval]:
        """The stretches with one sign."""
        return [stretch for stretch in self.stretches if stretch.sign == sign]


def signs(f: sp.Expr, slope: sp.Expr, x: sp.Symbol, domain: Domain) -> Signs | None:
    """The signs of `slope`, the derivative of `f`, where `f` is defined; None where the values leave them open."""
    found = stationary(f, slope, x, domain)
    low, high = ends_of(domain, x)
    if found.period is not None:
        low, high = sp.S.Zero, found.period
    reach = (low, high) if found.complete or found.period is not None else (sp.Float(found.low), sp.Float(found.high))
    left = low if low is not None else -sp.oo if found.complete else reach[0]
    right = high if high is not None else sp.oo if found.complete else reach[1]
    marks = _marks([f, slope], x)
    level = [place.at for place in found.places if place.smooth]
    inside = [mark for mark in apart([*marks, *level]) if left < mark < right]
    stretches: list[SignedInterval] = []
    for a, b in zip([left, *inside], [*inside, right], strict=True):
        kept, sign = _sign(f, slope, x, domain, (a, b))
        if kept and sign is None:
            return None
        if sign is not None:
            stretches.append(SignedInterval(a, b, sign))
    merged, turns = _merged(f, x, stretches)
    return Signs(tuple(merged), tuple(turns), found)


def within(found: Signs, f: sp.Expr, x: sp.Symbol) -> Signs:
    """What is left of the signs of a higher derivative where the function itself has values: ln x has none below 0."""
    held = [s for s in found.stretches if any(f.subs(x, place).evalf().is_real for place in _inside(s.low, s.high))]
    turns = [turn for turn in found.turns if any(s.low <= turn <= s.high for s in held)]
    return replace(found, stretches=tuple(held), turns=tuple(turns))


def _marks(exprs: Sequence[sp.Expr], x: sp.Symbol) -> list[sp.Expr]:
    """Where the function or its slope may have a gap or a corner: exact where algebra tells."""
    found: list[sp.Expr] = []
    for gap in gaps(exprs, x):
        if gap.free_symbols == {x}:
            exact, complete = zeros(gap, x)
            found += exact if complete else [sp.nsimplify(mark, rational=True) for mark in roots_of_gap(gap, x)]
    return found


def _inside(low: sp.Expr, high: sp.Expr) -> list[sp.Expr]:
    """Places in an interval, some of them close to its ends."""
    if low.is_finite and high.is_finite:
        return [low + part * (high - low) for part in PARTS]
    if low.is_finite:
        return [low + step for step in FAR]
    if high.is_finite:
        return [high - step for step in FAR]
    return [sp.Rational(number) for number in (-40, -7, 0, 1, 13)]


def _sign(
    f: sp.Expr, slope: sp.Expr, x: sp.Symbol, domain: Domain, ends: tuple[sp.Expr, sp.Expr]
) -> tuple[bool, int | None]:
    """Whether the function has values between two places, and the one sign of its slope there."""
    seen: set[int] = set()
    for place in _inside(*ends):
        if domain and not domain.contains({x: place}):
            continue
        here = Evaluator(precise(DIGITS), {x: place})
        try:
            here(f)
            value = here(slope)
        except NoValue:
            continue
        seen.add(int(value > 0) - int(value < 0))
    if not seen:
        return False, None
    return True, seen.pop() if len(seen) == 1 else None


def _merged(
    f: sp.Expr, x: sp.Symbol, stretches: Sequence[SignedInterval]
) -> tuple[list[SignedInterval], list[sp.Expr]]:
    """Neighbours of one sign as one where the function is continuous between them; the places where the sign turns."""
    merged: list[SignedInterval] = []
    turns: list[sp.Expr] = []
    for stretch in stretches:
        before = merged[-1] if merged else None
        if before is not None and before.high == stretch.low and is_continuous(f, x, stretch.low):
            if before.sign == stretch.sign:
                merged[-1] = SignedInterval(before.low, stretch.high, stretch.sign)
                continue
            turns.append(stretch.low)
        merged.append(stretch)
    return merged, turns


def is_continuous(f: sp.Expr, x: sp.Symbol, place: sp.Expr) -> bool:
    """Whether the values of `f` just beside a place are those at it."""
    try:
        here, *beside = (
            float(Evaluator(precise(DIGITS), {x: place + step})(f)) for step in (sp.S.Zero, -BESIDE, BESIDE)
        )
    except NoValue:
        return False
    return all(abs(value - here) <= CLOSE * max(1.0, abs(here)) for value in beside)


def disagreement(f: sp.Expr, x: sp.Symbol, found: Signs, order: int = 1) -> float | None:
    """How many steps of a grid in the stretches go against their signs: differences of the values of `f` itself, of the
    order of the derivative; None without values.
    """
    if not has_values(f):
        return None
    wrong = 0
    for stretch in found.stretches:
        low = float(stretch.low) if stretch.low.is_finite else min(-found.found.high, float(stretch.high) - 10)
        high = float(stretch.high) if stretch.high.is_finite else max(found.found.high, float(stretch.low) + 10)
        margin = 1e-6 * (high - low)
        values = np.asarray(evaluate(f, {x: np.linspace(low + margin, high - margin, PER_STRETCH)}), float)
        values = np.broadcast_to(values, (PER_STRETCH,))
        rounding = 1e-13 * np.nanmax(np.abs(values[np.isfinite(values)]), initial=1e-300)
        steps = np.diff(values, order)
        steps = steps[np.isfinite(steps)]
        against = np.abs(steps) > rounding if stretch.sign == 0 else stretch.sign * steps < -rounding
        wrong += int(against.sum())
    return float(wrong)
