"""Programs run on formulas: what `def f(params)` computes, as an expression of its parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import sympy as sp

from nabla.errors import Span, UserError
from nabla.labs.descend.branches import holds
from nabla.read.formula.functions import function_of
from nabla.read.formula.guarded import Guarded

WEIGHT = 12_000  # parts of one expression, counted as a tree
_NOWHERE = Span(0, 0)


def exact(value: Any) -> sp.Expr:
    """A number of a program as the rational that its digits say: 0.1 is 1/10.

    Raises:
        UserError: it is not finite.
    """
    if isinstance(value, (bool, np.bool_, int, np.integer)):
        return sp.Integer(int(value))
    number = float(value)
    if number in _CONSTANTS:
        return _CONSTANTS[number]
    if number != number or abs(number) == float("inf"):
        raise UserError("undefined", "A number in the program is not finite.", span=_NOWHERE)
    top, bottom = Decimal(repr(number)).as_integer_ratio()
    return sp.Rational(top, bottom)


def number(value: Any) -> sp.Expr:
    """A number of a program as an expression, infinity too: so programs keep out of where f has no value."""
    return exact(value) if np.isfinite(value) else sp.oo if value > 0 else -sp.oo if value < 0 else sp.nan


_CONSTANTS = {float(np.pi): sp.pi, float(2 * np.pi): 2 * sp.pi, float(np.e): sp.E}


class TracedFormula:
    """A number that a program computes, as an expression of its parameters."""

    __slots__ = ("expr", "weight")

    def __init__(self, expr: sp.Expr, weight: int = 1) -> None:
        if weight > WEIGHT:
            hint = "Sums over fewer data can be read, or write the formula itself."
            raise UserError("too-big", "The function is too long to be differentiated here.", hint=hint, span=_NOWHERE)
        self.expr, self.weight = expr, weight

    def __add__(self, other: Any) -> Any:
        return _combined(self, other, lambda a, b: a + b)

    def __radd__(self, other: Any) -> Any:
        return _combined(self, other, lambda a, b: b + a)

    def __sub__(self, other: Any) -> Any:
        return _combined(self, other, lambda a, b: a - b)

    def __rsub__(self, other: Any) -> Any:
        return _combined(self, other, lambda a, b: b - a)

    def __mul__(self, other: Any) -> Any:
        return _combined(self, other, lambda a, b: a * b)

    def __rmul__(self, other: Any) -> Any:
        return _combined(self, other, lambda a, b: b * a)

    def __truediv__(self, other: Any) -> Any:
        return _combined(self, other, _divided)

    def __rtruediv__(self, other: Any) -> Any:
        return _combined(self, other, lambda a, b: _divided(b, a))

    def __pow__(self, other: Any) -> Any:
        return _combined(self, other, lambda a, b: Guarded().power(a, b, _NOWHERE))

    def __rpow__(self, other: Any) -> Any:
        return _combined(self, other, lambda a, b: Guarded().power(b, a, _NOWHERE))

    def __neg__(self) -> TracedFormula:
        return TracedFormula(-self.expr, self.weight + 1)

    def __pos__(self) -> TracedFormula:
        return self

    def __abs__(self) -> TracedFormula:
        return TracedFormula(sp.Abs(self.expr), self.weight + 1)

    def __xor__(self, other: Any) -> Any:
        raise TypeError(
            "ufunc 'bitwise_xor' not supported for the input types, and the inputs could not be safely coerced to any "
            "supported types according to the casting rule ''safe''"
        )

    __rxor__ = __xor__

    def __lt__(self, other: Any) -> Any:
        return Condition(sp.StrictLessThan(self.expr, _expr(other)))

    def __le__(self, other: Any) -> Any:
        return Condition(sp.LessThan(self.expr, _expr(other)))

    def __gt__(self, other: Any) -> Any:
        return Condition(sp.StrictGreaterThan(self.expr, _expr(other)))

    def __ge__(self, other: Any) -> Any:
        return Condition(sp.GreaterThan(self.expr, _expr(other)))

    def __eq__(self, other: object) -> Any:
        return Condition(sp.Eq(self.expr, _expr(other))) if _comparable(other) else False

    def __ne__(self, other: object) -> Any:
        return Condition(sp.Ne(self.expr, _expr(other))) if _comparable(other) else True

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return holds(sp.Ne(self.expr, 0))

    def __float__(self) -> float:
        raise NotImplementedError("a variable made a plain number is not understood here")

    def __repr__(self) -> str:
        return str(sp.sstr(self.expr))


class Condition:
    """A comparison of formulas."""

    __slots__ = ("expr",)

    def __init__(self, expr: Any) -> None:
        self.expr = expr

    def __bool__(self) -> bool:
        return holds(self.expr)

    def __and__(self, other: Any) -> Any:
        return Condition(sp.And(self.expr, _truth(other)))

    def __or__(self, other: Any) -> Any:
        return Condition(sp.Or(self.expr, _truth(other)))

    def __invert__(self) -> Any:
        return Condition(sp.Not(self.expr))

    __rand__, __ror__ = __and__, __or__

    def __mul__(self, other: Any) -> Any:
        return self.number() * other

    def __add__(self, other: Any) -> Any:
        return self.number() + other

    __rmul__, __radd__ = __mul__, __add__

    def number(self) -> TracedFormula:
        """1 where it holds, 0 elsewhere."""
        return where(self, 1, 0)  # type: ignore[no-any-return]


def _truth(value: Any) -> Any:
    return value.expr if isinstance(value, Condition) else sp.true if value else sp.false


def _comparable(value: Any) -> bool:
    return isinstance(value, (TracedFormula, int, float, np.number, np.bool_))


def _expr(value: Any) -> sp.Expr:
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, Condition):
        return value.number().expr
    return value.expr if isinstance(value, TracedFormula) else exact(value)


def _divided(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    if b.is_zero:
        raise ZeroDivisionError("division by zero")
    return a / b


def _combined(a: TracedFormula, b: Any, make: Callable[[sp.Expr, sp.Expr], sp.Expr]) -> Any:
    if isinstance(b, np.ndarray) and b.ndim == 0:
        b = b.item()
    if isinstance(b, np.ndarray):  # NumPy's own operation asks for each element
        return NotImplemented
    if isinstance(b, TracedFormula):
        return TracedFormula(make(a.expr, b.expr), a.weight + b.weight + 1)
    if isinstance(b, (bool, int, float, np.number, np.bool_)):
        return TracedFormula(make(a.expr, exact(b)), a.weight + 2)
    return NotImplemented


def is_symbolic(value: Any) -> bool:
    """Whether a value holds formulas."""
    if isinstance(value, TracedFormula):
        return True
    if isinstance(value, np.ndarray):
        return bool(value.dtype == object)
    return isinstance(value, (list, tuple)) and any(is_symbolic(item) for item in value)


def applied(name: str, *values: Any) -> Any:
    """A function by NumPy's name on formulas, or element by element on arrays of them.

    Raises:
        NotImplementedError: the function is not known for formulas.
    """
    known = function_of(name, module="np")
    if name in ("maximum", "minimum"):
        return _each(sp.Max if name == "maximum" else sp.Min, values) if len(values) != 2 else _larger(name, *values)
    if known is None:
        raise NotImplementedError(f"the function {name} on the variables is not understood here")
    return _each(lambda *a: Guarded().function(known, list(a), _NOWHERE), values)


def _larger(name: str, a: Any, b: Any) -> Any:
    """The larger or smaller of two as cases, the first where they are equal: so a program has a slope there too."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.frompyfunc(lambda x, y: _larger(name, x, y), 2, 1)(a, b)
    if not isinstance(a, TracedFormula) and not isinstance(b, TracedFormula):
        return max(a, b) if name == "maximum" else min(a, b)
    first, second = _expr(a), _expr(b)
    return where(Condition(first >= second if name == "maximum" else first <= second), a, b)


def where(condition: Any, a: Any, b: Any) -> Any:
    """`np.where` with a condition on formulas."""
    if isinstance(condition, Condition):
        if not isinstance(a, np.ndarray) and not isinstance(b, np.ndarray):
            return cases_of([(a, condition.expr), (b, sp.true)])
        condition = np.asarray(condition, dtype=object)
    if not isinstance(condition, np.ndarray):
        return a if condition else b
    arrays = np.broadcast_arrays(np.asarray(condition, dtype=object), a, b)
    return np.frompyfunc(where, 3, 1)(*arrays)


def _each(make: Callable[..., sp.Expr], values: tuple[Any, ...]) -> Any:
    def one(*items: Any) -> TracedFormula:
        weight = 1 + sum(item.weight if isinstance(item, TracedFormula) else 1 for item in items)
        return TracedFormula(make(*map(_expr, items)), weight)

    if any(isinstance(v, (np.ndarray, list, tuple)) for v in values):
        arrays = [np.array(v, dtype=object) if isinstance(v, (list, tuple)) else v for v in values]
        return np.frompyfunc(one, len(values), 1)(*arrays)
    return one(*values)


def cases_of(cases: list[tuple[Any, Any]]) -> Any:
    """Values that hold each where its condition does, and no earlier one, as one value: entry by entry of arrays and
    tuples; the first of other kinds where the kinds differ, for its reader to refuse.
    """
    values = [value for value, _ in cases]
    if any(isinstance(value, _SCALARS) for value in values):
        values = [value.item() if isinstance(value, np.ndarray) and value.size == 1 else value for value in values]
    first = values[0]
    if all(value is first for value in values):
        return first
    other = next((value for value in values if not isinstance(value, _SCALARS)), None)
    if other is None:
        weight = sum(value.weight if isinstance(value, TracedFormula) else 1 for value in values) + len(values)
        pieces = [(value.expr if isinstance(value, TracedFormula) else number(value), condition)
                  for value, (_, condition) in zip(values, cases, strict=True)]  # fmt: skip
        return TracedFormula(_piecewise(pieces), weight)
    sizes = {np.shape(value)[:1] if isinstance(value, (np.ndarray, list, tuple)) else None for value in values}
    if None in sizes or len(sizes) > 1:
        return None if any(value is None for value in values) else other
    rows = [cases_of([(value[i], condition) for value, (_, condition) in zip(values, cases, strict=True)])
            for i in range(len(first))]  # fmt: skip
    if isinstance(first, np.ndarray):
        made = np.empty(first.shape, dtype=object)
        made[:] = rows
        return made
    return tuple(rows) if isinstance(first, tuple) else rows


def _piecewise(pieces: list[tuple[sp.Expr, Any]]) -> sp.Expr:
    """The cases as one expression, the terms that all of them have written once: sums in loops stay short."""
    parts = [Counter(sp.Add.make_args(value)) for value, _ in pieces]
    common = parts[0].copy()
    for part in parts[1:]:
        common &= part
    shared = sp.Add(*common.elements())
    rest = [(sp.Add(*(part - common).elements()), when) for part, (_, when) in zip(parts, pieces, strict=True)]
    same = all(value == rest[0][0] for value, _ in rest)
    return shared + (rest[0][0] if same else sp.Piecewise(*rest, evaluate=False))


_SCALARS = (TracedFormula, bool, int, float, np.number, np.bool_)
