"""Antiderivatives and definite integrals by SymPy, each brought into a form that can be tested."""

from __future__ import annotations

from dataclasses import dataclass

import mpmath
import sympy as sp

from nabla.calculus.budget import CALLS, within
from nabla.calculus.contexts import precise
from nabla.calculus.equality import equal
from nabla.calculus.landmarks import landmarks
from nabla.calculus.numeric import Evaluator, NoValue

OPEN = (sp.Integral, sp.Piecewise, sp.zoo, sp.nan, sp.I, sp.AccumBounds)
FAR, TURNS, SWING = 1000, 40, sp.Rational(1, 100)
TOLERANCE = 1e-10


@dataclass(frozen=True)
class Definite:
    """A definite integral: its value, None where there is none, and that of quadrature beside it with its error."""

    value: sp.Expr | None
    quadrature: float | None
    error: float | None
    diverges: bool = False


def antiderivative(f: sp.Expr, x: sp.Symbol) -> sp.Expr | None:
    """An antiderivative of `f` in closed form, or None where SymPy finds none within its time.

    Of cases for values of other letters, sin(a x)/a for a not 0 and x else, it is the one that holds in general.
    """
    found = within(10 * CALLS, lambda: _in_general(sp.integrate(f, x), x), None)
    wide = sp.expand(f)
    if wide != f and (found is None or found.has(*OPEN)):
        found = within(6 * CALLS, lambda: _in_general(sp.integrate(wide, x), x), None)
    if found is None or found.has(*OPEN):
        return None
    found = within(CALLS, lambda: _shortest(found, x), found)
    return _beyond_logarithms(found, f, x)


def _in_general(found: sp.Expr, x: sp.Symbol) -> sp.Expr:
    """Without the cases that hold for single values of other letters."""

    def case(cases: sp.Piecewise) -> sp.Expr:
        special = [all(isinstance(e, sp.Eq) for e in sp.And.make_args(condition)) for _, condition in cases.args]
        general = [isinstance(condition, sp.Ne) or condition == True for _, condition in cases.args]  # noqa: E712
        if any(condition.has(x) for _, condition in cases.args) or not all(
            map(any, zip(special, general, strict=True))
        ):
            return cases
        return cases.args[general.index(True)][0] if any(general) else cases

    return found.replace(sp.Piecewise, lambda *pairs: case(sp.Piecewise(*pairs))) if found.has(sp.Piecewise) else found


def _shortest(found: sp.Expr, x: sp.Symbol) -> sp.Expr:
    """The shortest of a few forms, without a constant."""
    forms = [found, sp.expand(found), sp.factor_terms(found)]
    free = [sp.Add(*(t for t in sp.Add.make_args(form) if t.has(x))) for form in forms]
    return min(free, key=sp.count_ops)


def _beyond_logarithms(found: sp.Expr, f: sp.Expr, x: sp.Symbol) -> sp.Expr:
    """The same with ln|u| in place of ln u, where that has the same derivative in more places."""
    if not found.has(sp.log):
        return found
    wider = found.replace(
        lambda part: isinstance(part, sp.log) and part.has(x) and part not in f.atoms(sp.log),
        lambda part: sp.log(sp.Abs(part.args[0])),
    )
    return wider if wider == found or equal(sp.diff(wider, x), f).equal else found


def definite(f: sp.Expr, x: sp.Symbol, low: sp.Expr, high: sp.Expr) -> Definite:
    """The integral from `low` to `high`, by an antiderivative that has no break in between, or by SymPy's rules."""
    inner = _breaks(f, x, low, high)
    measured, error = quadrature(f, x, low, high, inner)
    value = _by_antiderivative(f, x, low, high) if not inner else None
    if value is None or not _agrees(value, measured):
        value = within(10 * CALLS, lambda: sp.integrate(f, (x, low, high)), None)
    swings = value is not None and value.has(sp.AccumBounds)
    if value is not None and (value in (sp.oo, -sp.oo, sp.zoo) or value is sp.nan or (swings and _swings(f, x, high))):
        return Definite(None, measured, error, diverges=True)
    if value is None or value.has(*OPEN):
        return Definite(None, measured, error)
    return Definite(sp.simplify(value) if sp.count_ops(value) < 60 else value, measured, error)


def _breaks(f: sp.Expr, x: sp.Symbol, low: sp.Expr, high: sp.Expr) -> list[sp.Expr]:
    if f.free_symbols - {x}:
        return []
    return [mark for mark in landmarks([f], x, {}) if (low < mark) == True and (mark < high) == True]  # noqa: E712


def _by_antiderivative(f: sp.Expr, x: sp.Symbol, low: sp.Expr, high: sp.Expr) -> sp.Expr | None:
    whole = antiderivative(f, x)
    if whole is None:
        return None
    ends = []
    for end, side in ((low, "+"), (high, "-")):
        value = whole.subs(x, end) if end.is_finite else sp.nan
        if value.has(sp.oo, sp.zoo, sp.nan):
            value = within(3 * CALLS, lambda end=end, side=side: sp.limit(whole, x, end, side), sp.nan)  # type: ignore[misc]
        ends.append(value)
    gap = ends[1] - ends[0]
    return None if gap.has(sp.nan, sp.zoo, sp.oo, sp.AccumBounds) else gap


def _swings(f: sp.Expr, x: sp.Symbol, high: sp.Expr) -> bool:
    """Whether an antiderivative far out has no limit, as SymPy says: it still goes up and down there."""
    whole = antiderivative(f, x)
    if whole is None or whole.free_symbols - {x}:
        return False
    side = 1 if high == sp.oo else -1
    values = [whole.subs(x, side * (far + sp.Rational(n, 3))).evalf(20) for far in (FAR, FAR**2) for n in range(TURNS)]
    near, beyond = values[:TURNS], values[TURNS:]
    if not all(value.is_real for value in values):
        return False
    return all(bool(max(part) - min(part) > SWING) for part in (near, beyond))


def _agrees(value: sp.Expr, measured: float | None) -> bool:
    if measured is None or value.free_symbols:
        return measured is None
    return abs(float(sp.re(value.evalf(20))) - measured) <= 1e-8 * max(1.0, abs(measured))


def quadrature(
    f: sp.Expr, x: sp.Symbol, low: sp.Expr, high: sp.Expr, inner: list[sp.Expr]
) -> tuple[float | None, float | None]:
    """The integral by tanh-sinh quadrature, split where the integrand breaks, and the error that it estimates."""
    if f.free_symbols - {x} or low.free_symbols or high.free_symbols:
        return None, None
    context = precise(30)

    def at(place: object) -> object:
        return Evaluator(context, {x: sp.Float(str(place), 30)})(f)

    infinite = {sp.oo: context.inf, -sp.oo: -context.inf}
    ends = [infinite.get(end) or context.mpf(str(end.evalf(30))) for end in (low, *inner, high)]
    try:
        value, error = context.quad(at, ends, error=True)
    except (NoValue, mpmath.libmp.NoConvergence, ZeroDivisionError, ValueError):
        return None, None
    small = abs(error) <= TOLERANCE * max(1, abs(value))
    return (float(value), float(error)) if small else (None, None)
