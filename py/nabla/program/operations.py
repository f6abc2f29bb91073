"""The operations of a trace as functions of their operands alone, by which a value can be computed again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class BoundMethod:
    """A method of an array, which knows its array."""

    __slots__ = ("function", "name", "value")

    def __init__(self, value: Any, name: str, function: Any) -> None:
        self.value, self.name, self.function = value, name, function

    def __call__(self, *args: Any, **named: Any) -> Any:
        """What the method gives."""
        return self.function(*args, **named)


def method_of(name: str) -> Callable[..., Any]:
    """The method of that name, of whatever value comes first."""

    def call(value: Any, *args: Any, **named: Any) -> Any:
        return getattr(value, name)(*args, **named)

    return call


def with_item(base: Any, index: Any, value: Any) -> Any:
    """A copy of an array in which `value` stands at the index."""
    made = base.copy()
    made[index] = value
    return made


def kept_in_type(pure: Callable[[Any, Any], Any], old: Any) -> Callable[[Any, Any], Any]:
    """An operation in place as one that gives a new value, of the old one's type."""
    if not isinstance(old, np.ndarray):
        return pure
    return lambda a, b: np.asarray(pure(a, b))


def item_of(function: Any, i: int) -> Any:
    """The function that gives item `i` of what `function` gives; None for None."""
    return None if function is None else lambda *args, **named: function(*args, **named)[i]


def replaced(result: Any, new: Any, in_place: bool) -> Any:
    """Other numbers in place of a result, in its own memory or in an array of its shape; a float for a float."""
    if not isinstance(result, np.ndarray):
        return float(new)
    if in_place:
        result[...] = new
        return result
    return np.array(new, dtype=np.float64).reshape(result.shape)
