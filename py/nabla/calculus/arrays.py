"""Real values of an expression on NumPy arrays, by walking its tree: no code is generated, no name is looked up."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import sympy as sp
from mpmath.libmp import NoConvergence
from numpy.typing import NDArray
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanTrue, Not, Or

from nabla.calculus.contexts import NAMES, precise, takes_too_long
from nabla.calculus.numeric import D, Root

Array = NDArray[np.float64]

_RELATIONS: dict[type, Callable[..., NDArray[np.bool_]]] = {
    sp.StrictLessThan: np.less,
    sp.LessThan: np.less_equal,
    sp.StrictGreaterThan: np.greater,
    sp.GreaterThan: np.greater_equal,
    sp.Equality: np.equal,
    sp.Unequality: np.not_equal,
}


def _pointwise(function: Callable[..., float]) -> Callable[..., Array]:
    """A scalar function on arrays; NaN where it has no real value."""

    def safe(*values: float) -> float:
        try:
            return float(function(*values))
        except (ValueError, OverflowError, ZeroDivisionError, TypeError, NoConvergence):
            return math.nan

    return np.vectorize(safe, otypes=[float])


_FUNCTIONS: dict[type, Callable[..., Array]] = {
    sp.exp: np.exp,
    sp.log: np.log,
    sp.sin: np.sin,
    sp.cos: np.cos,
    sp.tan: np.tan,
    sp.cot: lambda a: 1 / np.tan(a),
    sp.sec: lambda a: 1 / np.cos(a),
    sp.csc: lambda a: 1 / np.sin(a),
    sp.asin: np.arcsin,
    sp.acos: np.arccos,
    sp.atan: np.arctan,
    sp.acot: lambda a: np.arctan(1 / a),
    sp.asec: lambda a: np.arccos(1 / a),
    sp.acsc: lambda a: np.arcsin(1 / a),
    sp.atan2: np.arctan2,
    sp.sinh: np.sinh,
    sp.cosh: np.cosh,
    sp.tanh: np.tanh,
    sp.coth: lambda a: 1 / np.tanh(a),
    sp.sech: lambda a: 1 / np.cosh(a),
    sp.csch: lambda a: 1 / np.sinh(a),
    sp.asinh: np.arcsinh,
    sp.acosh: np.arccosh,
    sp.atanh: np.arctanh,
    sp.acoth: lambda a: np.arctanh(1 / a),
    sp.asech: lambda a: np.arccosh(1 / a),
    sp.acsch: lambda a: np.arcsinh(1 / a),
    sp.Abs: np.abs,
    sp.sign: np.sign,
    sp.floor: np.floor,
    sp.ceiling: np.ceil,
    sp.sinc: lambda a: np.sinc(a / np.pi),
    sp.Heaviside: lambda a, at_zero=0.5: np.heaviside(a, at_zero),
    sp.Max: lambda *a: np.maximum.reduce(np.broadcast_arrays(*a)),
    sp.Min: lambda *a: np.minimum.reduce(np.broadcast_arrays(*a)),
    sp.erf: _pointwise(math.erf),
    sp.erfc: _pointwise(math.erfc),
    sp.gamma: _pointwise(math.gamma),
    sp.loggamma: _pointwise(lambda a: math.lgamma(a) if a > 0 else math.nan),
    sp.factorial: _pointwise(lambda a: math.gamma(a + 1)),
}


def has_values(expr: sp.Basic) -> bool:
    """Whether every part of `expr` can be given numbers: no function left abstract, no derivative left open."""
    return not expr.has(AppliedUndef, sp.Derivative, sp.Subs, sp.DiracDelta, D, Root, sp.I, sp.zoo, sp.nan)


def is_slow(expr: sp.Basic) -> bool:
    """Whether `expr` holds functions that NumPy lacks, of which a thousand values take long."""
    return any(call.func not in _FUNCTIONS for call in expr.atoms(sp.Function) if not isinstance(call, sp.Piecewise))


def evaluate(expr: sp.Basic, at: Mapping[sp.Symbol, Array | float]) -> Array:
    """The real values of `expr` where its symbols have the values `at` (arrays of one shape, or numbers).

    NaN where the expression, or a part of it, has no real value; infinities where it overflows. Raises KeyError for a
    symbol without a value. `has_values(expr)` must hold.
    """
    known: dict[sp.Basic, Array] = {symbol: np.asarray(value, dtype=float) for symbol, value in at.items()}
    with np.errstate(all="ignore"):
        return np.asarray(_evaluate(expr, known), dtype=float)


def _evaluate(expr: sp.Basic, known: dict[sp.Basic, Array]) -> Array:
    if expr not in known:
        known[expr] = _node(expr, known)
    return known[expr]


def _node(expr: sp.Basic, known: dict[sp.Basic, Array]) -> Array:
    if isinstance(expr, sp.Symbol):
        raise KeyError(expr)
    if isinstance(expr, (sp.Number, sp.NumberSymbol)):
        return np.asarray(float(expr))
    if isinstance(expr, sp.Piecewise):
        return _piecewise(expr, known)
    if isinstance(expr, (Relational, And, Or, Not, ITE, BooleanTrue, BooleanFalse)):
        return _condition(expr, known).astype(float)
    values = [_evaluate(arg, known) for arg in expr.args]
    if isinstance(expr, sp.Add):
        return sum(values[1:], values[0])
    if isinstance(expr, sp.Mul):
        return math.prod(values[1:], start=values[0])
    if isinstance(expr, sp.Pow):
        return _power(expr, *values)
    if expr.func in _FUNCTIONS:
        return _FUNCTIONS[expr.func](*values)
    return _pointwise(_of_machine(expr))(*values)


def _of_machine(expr: sp.Basic) -> Callable[..., float]:
    """A function of floats from mpmath's `fp` context, which is much faster than going through SymPy."""
    name = NAMES.get(type(expr).__name__)
    if name is None:
        return lambda *values: expr.func(*map(sp.Float, values)).evalf()
    function = getattr(precise(20), name)  # its functions of floats lose all digits here and there

    def real(*values: float) -> float:
        if takes_too_long(name, values):
            return math.nan
        value = complex(function(*values))
        return value.real if value.imag == 0 else math.nan

    return real


def _power(expr: sp.Pow, base: Array, exponent: Array) -> Array:
    if expr.exp is sp.S.Half:
        return np.sqrt(base)
    if expr.exp.is_Integer and abs(int(expr.exp)) <= 64:
        return base ** int(expr.exp) if expr.exp > 0 else 1 / base ** -int(expr.exp)
    return np.power(base, exponent)


def _piecewise(expr: sp.Piecewise, known: dict[sp.Basic, Array]) -> Array:
    values = [_evaluate(value, known) for value, _ in expr.args]
    conditions = [_condition(condition, known) for _, condition in expr.args]
    arrays = np.broadcast_arrays(*values, *conditions)
    half = len(values)
    return np.select([a.astype(bool) for a in arrays[half:]], list(arrays[:half]), default=np.nan)


def _condition(expr: sp.Basic, known: dict[sp.Basic, Array]) -> NDArray[np.bool_]:
    if isinstance(expr, (BooleanTrue, BooleanFalse)):
        return np.asarray(bool(expr))
    if isinstance(expr, Relational):
        return _RELATIONS[expr.func](*(_evaluate(arg, known) for arg in expr.args))
    parts = [_condition(arg, known) for arg in expr.args]
    if isinstance(expr, Not):
        return ~parts[0]
    if isinstance(expr, ITE):
        return np.where(*parts)
    combine = np.logical_and if isinstance(expr, And) else np.logical_or
    return np.asarray(combine.reduce(np.broadcast_arrays(*parts)))
