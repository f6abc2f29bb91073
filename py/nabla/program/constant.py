"""Numbers as people type them, `9/8` or `[1, -2.5e3]`, read from a syntax tree without running anything."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def constant(node: ast.expr) -> Any:
    """The number, or nested lists of numbers, that an expression of constants has.

    Raises:
        ValueError: it is something else.
        ArithmeticError: it has no value, or too large a one.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, (ast.List, ast.Tuple)):
        return [constant(item) for item in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        return -_number(node.operand) if isinstance(node.op, ast.USub) else _number(node.operand)
    if isinstance(node, ast.BinOp):
        left, right = _number(node.left), _number(node.right)
        if isinstance(node.op, ast.Pow):
            return math.pow(left, right)
        if type(node.op) in _OPERATORS:
            return _OPERATORS[type(node.op)](left, right)
    raise ValueError("not a number")


def _number(node: ast.expr) -> float:
    value = constant(node)
    if isinstance(value, list):
        raise ValueError("a list where a number is needed")  # noqa: TRY004 - one kind of error for all that is no number
    return float(value)
