"""Where elementwise functions have a corner, a jump or an unbounded slope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.entry import CornerConvention
from nabla.tensor.operation import given
from nabla.tensor.tape import Vertex

Where = Callable[[Vertex], Any]

AT_CORNER = "is at its corner, where it has no derivative"
STEEP = "is where its slope is unbounded"
AT_JUMP = "is at a jump"
TIE = "meets equal values, where it has no derivative"
USUAL = (0.0, 0.5, 1.0)  # slopes that people and libraries take at a corner between 0 and 1


def at(*values: float) -> Where:
    """Where the first argument is one of these."""
    return lambda vertex: np.isin(given(vertex)[0], values)


def at_bounds(low: str, high: str, usual: tuple[float | None, float | None] = (None, None)) -> Where:
    """Where the first argument is on one of the bounds that the parameters of these names give."""

    def where(vertex: Vertex) -> Any:
        ends = [vertex.params.get(low, usual[0]), vertex.params.get(high, usual[1])]
        return np.isin(given(vertex)[0], [end for end in ends if end is not None])

    return where


def tied(vertex: Vertex) -> Any:
    """Where two arguments are equal."""
    a, b = given(vertex)
    return np.asarray(a == b)


def on_a_step(vertex: Vertex) -> Any:
    """Where a staircase jumps: at whole numbers."""
    return np.asarray(given(vertex)[0] == vertex.array)


def corner(takes: str, where: Where, slopes: tuple[float, ...] = USUAL) -> CornerConvention:
    """A corner between the slopes 0 and 1, say."""
    return CornerConvention(AT_CORNER, takes, where, slopes)


def steep(takes: str, where: Where) -> CornerConvention:
    """A slope without bound."""
    return CornerConvention(STEEP, takes, where)


def jump(where: Where) -> CornerConvention:
    """A step of a staircase."""
    return CornerConvention(AT_JUMP, "0, as everywhere else on a staircase", where)
