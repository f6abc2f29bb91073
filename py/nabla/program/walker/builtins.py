"""Some of Python's own functions, with limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nabla.program.walker import limits


def some(values: Iterable[Any]) -> list[Any]:
    """The items as a list.

    Raises:
        MemoryError: there are too many.
    """
    if isinstance(values, range) and len(values) > limits.ITEMS:
        raise MemoryError("a list of more than 100,000 items")
    if not hasattr(values, "__iter__"):
        raise TypeError(f"'{type(values).__name__}' object is not iterable")
    return list(values)


def whole(value: Any = 0) -> int:
    """`int`."""
    if isinstance(value, str) and len(value) > 400:
        raise ValueError("the number is too long")
    return int(value)


def power(a: Any, b: Any) -> Any:
    """`**`."""
    if isinstance(a, int) and isinstance(b, int) and a.bit_length() * abs(b) > limits.BITS:
        raise OverflowError("the power is too large")
    return a**b


def of_all(function: Any) -> Any:
    """`max` and `min`."""
    return lambda *values, **how: function(*(values if len(values) > 1 else [some(values[0])]), **how)
