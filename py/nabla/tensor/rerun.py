"""A program run again in float64 with other numbers in its leaves: every choice it makes is made anew.

What automatic differentiation holds constant is held: leaves, and what `detach()`, `no_grad()` and `item()` cut off,
have the numbers of the first run. A comparison, the place of a maximum, an `if` are computed from the moved numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from nabla.tensor.sweep import reachable
from nabla.tensor.tape import WATCH, Array, Vertex

ELEMENTS = 1000  # that take as long to compute as a step itself

Program = Callable[[], Vertex | None]


class Rerun:
    """Runs of one program: the first is remembered, the others move its leaves.

    Args:
        program: runs it from the start and gives the vertex that is differentiated.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._constants: dict[int, Array] = {}
        self._numbers: list[Any] = []
        self._first, self._strayed = True, False
        self._moved: Mapping[int, Array] = {}
        self._told = 0
        self.work = 0  # steps of the first run, and the numbers that they compute
        before = WATCH.spent
        with self._watching():
            self.root = program()
        self.work += (WATCH.spent - before) // ELEMENTS
        self._first = False

    @property
    def leaves(self) -> list[Vertex]:
        """The leaves that the root depends on, in the order of their making."""
        if self.root is None:
            return []
        return sorted((v for v in reachable(self.root) if v.op is None), key=lambda v: v.order)

    def value(self, moves: Mapping[Vertex, Array], seed: Array) -> float:
        """The weighted sum of the root's elements with every leaf of `moves` moved by so much; nan where the program
        takes another way to another result.
        """
        assert self.root is not None
        self._moved = {leaf.order: move for leaf, move in moves.items()}
        self._strayed, self._told = False, 0
        with self._watching():
            root = self.program()
        if self._strayed or root is None or root.order != self.root.order or root.array.shape != self.root.array.shape:
            return float("nan")
        return float((root.array * seed).sum())

    @contextmanager
    def _watching(self) -> Iterator[None]:
        WATCH.made, WATCH.told = self._made, self._number
        try:
            yield
        finally:
            WATCH.made = WATCH.told = None

    def _made(self, vertex: Vertex) -> None:
        """Widen a new vertex, hold it at its first value when it is a constant of the backward pass, or move it."""
        array, move = vertex.array, self._moved.get(vertex.order)
        self.work += self._first
        if move is None and array.dtype.kind != "f":
            return
        if vertex.op is not None and vertex.op.name == "cast_to":
            array = np.asarray(vertex.parents[0].array)
        array = array.astype(np.float64)
        if vertex.op is None or (not vertex.needs and any(parent.needs for parent in vertex.parents)):
            if self._first:
                self._constants[vertex.order] = array
            before = self._constants.get(vertex.order, array if move is not None else None)
            if before is None or before.shape != array.shape:
                self._strayed = True
            else:
                array = before
        vertex.array = array if move is None else np.asarray(array + move)

    def _number(self, value: Any) -> Any:
        """A number that was taken out of a tensor: a constant from there on."""
        if self._first:
            self._numbers.append(value)
            return value
        self._told += 1
        if self._told > len(self._numbers):
            self._strayed = True
            return value
        return self._numbers[self._told - 1]


def matched(ours: Sequence[Vertex], theirs: Sequence[Vertex]) -> dict[Vertex, Vertex]:
    """Leaves of one run and the same leaves of another, in their order; empty when they are not the same."""
    alike = len(ours) == len(theirs) and all(
        (a.name, a.line, a.array.shape) == (b.name, b.line, b.array.shape) for a, b in zip(ours, theirs, strict=True)
    )
    return dict(zip(ours, theirs, strict=True)) if alike else {}
