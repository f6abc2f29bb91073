"""The value of a derivative at a point: exact where that is short, and the reason where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.calculus.budget import CALLS, within
from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.numeric import Evaluator, NoValue, Number, State

# Beyond this an exact number is not written out: 10^10^9 would have a billion digits.
LARGEST_EXACT = 1e40
MOST_OPERATIONS = 40
CORNER = 1e-50
# A value beyond this may be a pole missed by rounding.
SUSPICIOUS = 1e30

REASONS: dict[State, str] = {
    "undefined": "it is not defined there",
    "infinite": "there is a division by zero",
    "nonreal": "a part of it is not a real number there",
    "too-big": "a part of it is too large to be computed there",
    "corner": "the function has a corner or a jump there",
    "open": "a function in it is left open",
}


@dataclass(frozen=True)
class Value:
    """A value in exact form and as a float; both None where there is none, and `state` and `reason` say why."""

    exact: sp.Expr | None = None
    number: float | None = None
    state: State | None = None
    reason: str = ""


def value_at(derivative: sp.Expr, at: Mapping[sp.Symbol, sp.Expr], f: sp.Expr, wrt: sp.Symbol | None = None) -> Value:
    """The value of `derivative`, a derivative of `f` with respect to `wrt` (or anything), at the point `at`.

    `f` must have a value there too, and no corner: the derivative of |x| at 0 does not exist, whatever is put into
    sign(x).
    """
    if f.has(AppliedUndef) or derivative.has(AppliedUndef):
        return Value(state="open", reason=REASONS["open"])
    try:
        evaluator = Evaluator(precise(DIGITS), at)
        evaluator(f)
        if any(abs(value) < CORNER for value in evaluator.corners.values()):
            _refuse_corner(derivative, f, evaluator, [wrt] if wrt else list(f.free_symbols))
        number = evaluator(derivative)
        if abs(number) > SUSPICIOUS:
            _refuse_pole(number, Evaluator(precise(2 * DIGITS), at)(derivative))
    except NoValue as none:
        return Value(state=none.state, reason=REASONS[none.state])
    exact = _exact(derivative, at, evaluator)
    if exact.has(sp.zoo, sp.oo, sp.nan):
        return Value(state="infinite", reason=REASONS["infinite"])
    if abs(number) > 1e300:
        return Value(state="too-big", reason=REASONS["too-big"])
    return Value(exact, float(exact if exact.is_Rational else number))


def _refuse_pole(number: Number, again: Number) -> None:
    """Raise `NoValue` when more digits give another number: at a pole, as tan at pi/2, they give a larger one."""
    if abs(number - again) > abs(again) / 10**12:
        raise NoValue("infinite")


def _exact(derivative: sp.Expr, at: Mapping[sp.Symbol, sp.Expr], evaluator: Evaluator) -> sp.Expr:
    """The value as SymPy puts it, or in decimals where that would be long."""
    if evaluator.largest < LARGEST_EXACT:
        exact = within(CALLS, lambda: derivative.subs(at, simultaneous=True), derivative)
        short = exact.is_number and sp.count_ops(exact) <= MOST_OPERATIONS and not exact.has(sp.Derivative, sp.Subs)
        if short and (exact.has(sp.zoo, sp.nan, sp.oo) or _is_value(exact, evaluator(derivative))):
            return exact
    return sp.Float(str(evaluator(derivative)), 15)


def _is_value(exact: sp.Expr, number: Number) -> bool:
    """Whether SymPy's value is the one computed: it takes a polynomial of the degree 5/2 for one of 2."""
    try:
        return _close(number, Evaluator(precise(DIGITS), {})(exact))
    except NoValue:
        return False


def _refuse_corner(derivative: sp.Expr, f: sp.Expr, evaluator: Evaluator, symbols: list[sp.Symbol]) -> None:
    """Raise `NoValue` unless f and its derivative have the same limits on both sides."""
    for symbol in symbols:
        sides = [evaluator.shift(symbol, sign) for sign in (-1, 1)]
        if not _close(*(side(f) for side in sides), evaluator(f)) or not _close(*(side(derivative) for side in sides)):
            raise NoValue("corner")


def _close(*values: Number) -> bool:
    scale = max(1, *(abs(value) for value in values))
    return bool(max(values) - min(values) < scale / 10**12)
