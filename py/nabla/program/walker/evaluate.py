"""Operators of the allow-listed Python, bounded in what they may make."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from nabla.program.walker import limits
from nabla.program.walker.formats import percent

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.MatMult: operator.matmul,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip
_SEQUENCES = (str, list, tuple)


def binary(op: type[ast.operator], a: Any, b: Any) -> Any:
    """`a op b`, with bounds on what whole numbers and sequences may grow to.

    Raises:
        OverflowError, MemoryError: beyond the bounds.
    """
    if isinstance(a, int) and isinstance(b, int):
        if op is ast.Pow and a.bit_length() * abs(b) > limits.BITS:
            raise OverflowError("the power is too large")
        if op is ast.Mult and a.bit_length() + b.bit_length() > limits.BITS:
            raise OverflowError("the product is too large")
    elif isinstance(a, str) and op is ast.Mod:
        return percent(a, b)
    elif isinstance(a, _SEQUENCES) or isinstance(b, _SEQUENCES):
        size = 0
        if op is ast.Mult and isinstance(a, _SEQUENCES) and isinstance(b, int):
            size = len(a) * b
        elif op is ast.Mult and isinstance(b, _SEQUENCES) and isinstance(a, int):
            size = len(b) * a
        elif op is ast.Add and isinstance(a, _SEQUENCES) and isinstance(b, _SEQUENCES):
            size = len(a) + len(b)
        if size > limits.ITEMS:
            raise MemoryError("a sequence of more than 100,000 items")
    return _BINARY[op](a, b)
