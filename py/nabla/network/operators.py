"""Operators and calls of known functions as fast closures: a training step consists of nothing else."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

Frame = dict[str, Any]
Closure = Callable[[Frame], Any]
_ARRAY = np.ndarray
DIRECT: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Sub: operator.sub, ast.Div: operator.truediv, ast.MatMult: operator.matmul, ast.FloorDiv: operator.floordiv,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip
GUARDED: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Mult: operator.mul, ast.Pow: operator.pow, ast.Mod: operator.mod,
}  # fmt: skip
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Not: operator.not_, ast.Invert: operator.invert,
}  # fmt: skip
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip


def joined(
    raw: Callable[[Any, Any], Any], careful: Callable[[Any, Any], Any], a: tuple[str, Any], b: tuple[str, Any],
    names: dict[str, Any],
) -> Closure:  # fmt: skip
    """`a op b`, arrays straight to NumPy; one closure for each kind of operands, since calls are what a step costs."""
    left, right = a[1], b[1]

    def name_name(f: Frame) -> Any:
        x, y = names[left], names[right]
        return raw(x, y) if type(x) is _ARRAY or type(y) is _ARRAY else careful(x, y)

    def name_any(f: Frame) -> Any:
        x, y = names[left], right(f)
        return raw(x, y) if type(x) is _ARRAY or type(y) is _ARRAY else careful(x, y)

    def any_name(f: Frame) -> Any:
        x, y = left(f), names[right]
        return raw(x, y) if type(x) is _ARRAY or type(y) is _ARRAY else careful(x, y)

    def constant_name(f: Frame) -> Any:
        y = names[right]
        return raw(left, y) if type(y) is _ARRAY else careful(left, y)

    def constant_any(f: Frame) -> Any:
        y = right(f)
        return raw(left, y) if type(y) is _ARRAY else careful(left, y)

    def name_constant(f: Frame) -> Any:
        x = names[left]
        return raw(x, right) if type(x) is _ARRAY else careful(x, right)

    def any_constant(f: Frame) -> Any:
        x = left(f)
        return raw(x, right) if type(x) is _ARRAY else careful(x, right)

    def any_any(f: Frame) -> Any:
        x, y = left(f), right(f)
        return raw(x, y) if type(x) is _ARRAY or type(y) is _ARRAY else careful(x, y)

    made: dict[tuple[str, str], Closure] = {
        ("name", "name"): name_name, ("name", "closure"): name_any, ("closure", "name"): any_name,
        ("constant", "name"): constant_name, ("constant", "closure"): constant_any,
        ("name", "constant"): name_constant, ("closure", "constant"): any_constant, ("closure", "closure"): any_any,
        ("constant", "constant"): lambda f: careful(left, right),
    }  # fmt: skip
    return made[a[0], b[0]]


def applied(function: Callable[..., Any], args: list[Closure], named: dict[str, Closure]) -> Closure:
    """A call of a known function."""
    if named:
        return lambda f: function(*[a(f) for a in args], **{k: v(f) for k, v in named.items()})
    if len(args) == 1:
        only = args[0]
        return lambda f: function(only(f))
    if len(args) == 2:
        first, second = args
        return lambda f: function(first(f), second(f))
    return lambda f: function(*[a(f) for a in args])
