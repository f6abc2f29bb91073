"""Expressions as short lists of operations: each part computed once, on floats with `math` or on arrays with NumPy.

No code is generated. What the lists cannot do (special functions) `calculus.arrays` evaluates instead.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nabla.calculus.arrays import evaluate

Floats = NDArray[np.float64]

# On floats, on arrays.
_FUNCTIONS: dict[type, tuple[Callable[..., Any], Callable[..., Any]]] = {
    sp.exp: (math.exp, np.exp), sp.log: (math.log, np.log), sp.sin: (math.sin, np.sin), sp.cos: (math.cos, np.cos),
    sp.tan: (math.tan, np.tan), sp.sinh: (math.sinh, np.sinh), sp.cosh: (math.cosh, np.cosh),
    sp.tanh: (math.tanh, np.tanh), sp.asin: (math.asin, np.arcsin), sp.acos: (math.acos, np.arccos),
    sp.atan: (math.atan, np.arctan), sp.atan2: (math.atan2, np.arctan2), sp.Abs: (abs, np.abs),
    sp.sign: (lambda a: float((a > 0) - (a < 0)), np.sign),
}  # fmt: skip


# Conditions: on truths and on arrays of them.
_CONDITIONS: dict[type, tuple[Callable[..., Any], Callable[..., Any]]] = {
    sp.StrictLessThan: (operator.lt, np.less), sp.LessThan: (operator.le, np.less_equal),
    sp.StrictGreaterThan: (operator.gt, np.greater), sp.GreaterThan: (operator.ge, np.greater_equal),
    sp.Eq: (operator.eq, np.equal), sp.Ne: (operator.ne, np.not_equal), sp.Not: (operator.not_, np.logical_not),
    sp.And: (operator.and_, np.logical_and), sp.Or: (operator.or_, np.logical_or),
}  # fmt: skip


def _case(condition: Any, value: Any) -> Any:
    return condition, value


def _chosen(case: Any, other: Any) -> Any:
    return case[1] if case[0] else other


def _chosen_each(case: Any, other: Any) -> Any:
    return np.where(case[0], case[1], other)


def _square(a: Any) -> Any:
    return a * a


def _reciprocal(a: Any) -> Any:
    return 1.0 / a


class _Uncompilable(Exception):
    """A part that has no operation here."""


class Compiled:
    """Several expressions of the same symbols, evaluated together.

    Args:
        exprs: real expressions.
        symbols: in the order in which their values are given.
    """

    def __init__(self, exprs: Sequence[sp.Expr], symbols: Sequence[sp.Symbol]) -> None:
        self.exprs, self.symbols = list(exprs), list(symbols)
        self._places: dict[sp.Basic, int] = {symbol: i for i, symbol in enumerate(self.symbols)}
        self._constants: list[tuple[int, float]] = []
        self._code: list[tuple[Callable[..., Any], Callable[..., Any], int, int]] = []
        self._length = len(self.symbols)
        self._gather()  # constants come before all operations
        try:
            self._results: list[int] | None = [self._operation(expr) for expr in self.exprs]
        except _Uncompilable:
            self._results = None
        self._scalar = [(first, a, b) for first, _, a, b in self._code]
        self._vector = [(second, a, b) for _, second, a, b in self._code]
        self._registers: list[Any] = [0.0] * self._length
        for place, value in self._constants:
            self._registers[place] = value

    def floats(self, values: Sequence[float]) -> list[float]:
        """The values at one point; NaN where an expression has none, infinities where it overflows."""
        if self._results is None:
            return [float(v) for v in self._slow([np.float64(v) for v in values])]
        registers = self._registers
        n = len(self.symbols)
        registers[:n] = values
        place = self._first
        try:
            for function, a, b in self._scalar:
                registers[place] = function(registers[a]) if b < 0 else function(registers[a], registers[b])
                place += 1
        except (ValueError, OverflowError, ZeroDivisionError):
            return [float(v) for v in self.arrays([np.float64(v) for v in values])]
        return [registers[i] for i in self._results]

    def arrays(self, values: Sequence[Any]) -> list[Any]:
        """The values where the symbols have the values given: arrays that broadcast, or numbers."""
        if self._results is None:
            return self._slow(values)
        registers = list(self._registers)
        registers[: len(self.symbols)] = values
        place = self._first
        with np.errstate(all="ignore"):
            for function, a, b in self._vector:
                registers[place] = function(registers[a]) if b < 0 else function(registers[a], registers[b])
                place += 1
        return [registers[i] for i in self._results]

    def _slow(self, values: Sequence[Any]) -> list[Any]:
        at = dict(zip(self.symbols, values, strict=True))
        return [evaluate(expr, at) for expr in self.exprs]

    @property
    def _first(self) -> int:
        return len(self.symbols) + len(self._constants)

    def _gather(self) -> None:
        for expr in self.exprs:
            for part in sp.preorder_traversal(expr):
                if isinstance(part, (sp.Number, sp.NumberSymbol)):
                    self._constant(part)
                elif isinstance(part, sp.Symbol) and part not in self._places:
                    raise KeyError(part)
        for number in (-sp.S.One, sp.S.Zero, sp.nan):
            self._constant(number)

    def _constant(self, number: sp.Expr) -> None:
        if number not in self._places:
            self._places[number] = self._length
            self._constants.append((self._length, float(number)))
            self._length += 1

    def _operation(self, expr: sp.Basic) -> int:
        if expr not in self._places:
            self._places[expr] = self._made(expr)
        return self._places[expr]

    def _made(self, expr: sp.Basic) -> int:
        if isinstance(expr, sp.Add):
            return self._folded(operator.add, expr.args)
        if isinstance(expr, sp.Mul):
            return self._product(expr)
        if isinstance(expr, sp.Pow):
            return self._power(expr)
        if isinstance(expr, (sp.Max, sp.Min)):
            larger = isinstance(expr, sp.Max)
            return self._folded(max if larger else min, expr.args, np.maximum if larger else np.minimum)
        if isinstance(expr, sp.Piecewise):
            return self._cases(expr)
        if isinstance(expr, (sp.And, sp.Or)):
            return self._folded(_CONDITIONS[expr.func][0], expr.args, _CONDITIONS[expr.func][1])
        if expr.func not in _FUNCTIONS and expr.func not in _CONDITIONS:
            raise _Uncompilable
        scalar, vector = _FUNCTIONS.get(expr.func) or _CONDITIONS[expr.func]
        places = [self._operation(arg) for arg in expr.args]
        return self._emit(scalar, vector, places[0], places[1] if len(places) > 1 else -1)

    def _cases(self, expr: sp.Piecewise) -> int:
        """From the last case to the first; no number where none holds."""
        place = self._places[sp.nan]
        for value, condition in reversed(expr.args):
            if condition == sp.true:
                place = self._operation(value)
            else:
                case = self._emit(_case, _case, self._operation(condition), self._operation(value))
                place = self._emit(_chosen, _chosen_each, case, place)
        return place

    def _folded(
        self, function: Callable[..., Any], args: Sequence[sp.Basic], vector: Callable[..., Any] | None = None
    ) -> int:
        places = [self._operation(arg) for arg in args]
        place = places[0]
        for other in places[1:]:
            place = self._emit(function, vector or function, place, other)
        return place

    def _product(self, expr: sp.Mul) -> int:
        """Factors below are divided by; -1 is a sign."""
        above = [a for a in expr.args if not (isinstance(a, sp.Pow) and a.exp == -1) and a != -1]
        below = [a.base for a in expr.args if isinstance(a, sp.Pow) and a.exp == -1]
        if above:
            place = self._folded(operator.mul, above)
            for base in below:
                place = self._emit(operator.truediv, operator.truediv, place, self._operation(base))
        else:
            place = self._folded(operator.mul, [sp.Pow(base, -1) for base in below])
        return self._emit(operator.neg, operator.neg, place, -1) if -sp.S.One in expr.args else place

    def _power(self, expr: sp.Pow) -> int:
        base = self._operation(expr.base)
        if expr.exp == 2:
            return self._emit(_square, _square, base, -1)
        if expr.exp == -1:
            return self._emit(_reciprocal, _reciprocal, base, -1)
        if expr.exp is sp.S.Half:
            return self._emit(math.sqrt, np.sqrt, base, -1)
        if expr.exp.is_Integer and 2 < int(expr.exp) <= 4:
            square = self._emit(_square, _square, base, -1)
            if expr.exp == 4:
                return self._emit(_square, _square, square, -1)
            return self._emit(operator.mul, operator.mul, square, base)
        return self._emit(math.pow, np.power, base, self._operation(expr.exp))

    def _emit(self, scalar: Callable[..., Any], vector: Callable[..., Any], a: int, b: int) -> int:
        self._code.append((scalar, vector, a, b))
        self._length += 1
        return self._length - 1
