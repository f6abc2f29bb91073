"""What a trace keeps: values with the operations that made them, and turns of loops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np


@dataclass(eq=False, repr=False)
class TracedValue:
    """A value: how it was made, where, and what it was called. `function` makes it of `operands` once more.

    `operands` hold nodes in place of what earlier operations gave, also inside lists and tuples.
    """

    order: int
    op: str
    operands: tuple[Any, ...]
    value: Any
    line: int
    place: int = -1
    named: dict[str, Any] = field(default_factory=dict)
    function: Callable[..., Any] | None = None
    names: list[tuple[int, str]] = field(default_factory=list)

    @property
    def parents(self) -> list[TracedValue]:
        """The nodes among its operands."""
        return list(_nodes((self.operands, tuple(self.named.values()))))


def _nodes(value: Any) -> Iterator[TracedValue]:
    if isinstance(value, TracedValue):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _nodes(item)


class HasParents(Protocol):
    """What knows when it was made, and of what."""

    order: int

    @property
    def parents(self) -> Sequence[Any]:
        """What it was computed from at once."""


_Made = TypeVar("_Made", bound=HasParents)


def made_of(nodes: Iterable[_Made], first: int = 0) -> set[_Made]:
    """These values and all that they were computed from, of those that were made from `first` on."""
    found: set[_Made] = set()
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if node not in found and node.order >= first:
            found.add(node)
            stack += node.parents
    return found


@dataclass
class LoopTurn:
    """One turn of a loop: which, which turn, the nodes made before and when it ended, and what there was by name.

    `start` and `end` give the node and the value under each name that leads to an array or a number.
    """

    loop: int
    count: int
    first: int
    start: dict[str, Any]
    stop: int = -1
    end: dict[str, Any] = field(default_factory=dict)


def is_float(value: Any) -> bool:
    """Whether a value is an array of floats, or one number of that kind."""
    return type(value) is float or (isinstance(value, (np.ndarray, np.floating)) and value.dtype.kind == "f")
