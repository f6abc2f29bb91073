"""What a tape computed, computed again in float64 with other numbers in its leaves.

Vector-Jacobian products are no part of it, so an error in one of them shows; the branches that the program took, and
the places it picked, are those of the run. `rerun` chooses anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.tensor.sweep import sweep
from nabla.tensor.tape import STATE, Array, Vertex


def ancestors(root: Vertex) -> list[Vertex]:
    """Everything that `root` was computed from, differentiated or not, in the order of its making."""
    seen = {root}
    stack = [root]
    while stack:
        for parent in stack.pop().parents:
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return sorted(seen, key=lambda vertex: vertex.order)


def wide(array: Array) -> Array:
    """Floats in 64 bits, anything else as it is."""
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def recomputed(vertex: Vertex, values: Mapping[Vertex, Array]) -> Array:
    """The vertex's operation on other values of its arguments."""
    assert vertex.op is not None
    params = vertex.params
    if vertex.op.name == "cast_to" and params["dtype"].kind == "f":
        params = {"dtype": np.dtype(np.float64)}
    args = [
        values[arg] if isinstance(arg, Vertex) else wide(arg) if isinstance(arg, np.ndarray) else arg
        for arg in vertex.args
    ]
    return np.asarray(vertex.op.forward(*args, **params))


@dataclass
class Shadow:
    """A tape in float64: its root, and for every vertex of the original its copy."""

    root: Vertex
    copies: dict[Vertex, Vertex]

    def adjoints(self, seed: Array) -> dict[Vertex, Any]:
        """The adjoints of the copies."""
        return sweep(self.root, wide(np.asarray(seed)))


def shadow(root: Vertex, given: Mapping[Vertex, Array] | None = None, *, through_detach: bool = False) -> Shadow:
    """The tape behind `root` in float64, with the arrays of `given` in its leaves.

    Args:
        root: the last vertex.
        given: other numbers for leaves.
        through_detach: differentiate as if `detach()` and `no_grad()` had not been there.
    """
    made = STATE.made
    values: dict[Vertex, Array] = {}
    copies: dict[Vertex, Vertex] = {}
    for vertex in ancestors(root):
        if given and vertex in given:
            array = wide(np.asarray(given[vertex]))
        elif vertex.op is None or (given is None and vertex.array.dtype.kind != "f"):
            array = wide(vertex.array)  # of a comparison what the run found, which is close by in float32
        else:
            array = recomputed(vertex, values)
        values[vertex] = array
        args = tuple(copies[arg] if isinstance(arg, Vertex) else arg for arg in vertex.args)
        needs = vertex.needs
        if through_detach and not needs and vertex.op is not None and (vertex.op.vjps or vertex.op.name == "detach"):
            needs = any(isinstance(arg, Vertex) and arg.needs for arg in args) and array.dtype.kind == "f"
        copy = Vertex(array, needs, vertex.op, args, vertex.params)
        copy.name, copy.line, copy.within, copy.label = vertex.name, vertex.line, vertex.within, vertex.label
        copies[vertex] = copy
    STATE.made = made
    return Shadow(copies[root], copies)


def along(tape: Shadow, leaf: Vertex, seed: Array) -> Callable[[Array], float]:
    """The weighted sum of the root's elements as a function of a leaf's array, with the branches and places that the
    run chose.
    """
    touched, later = {leaf}, []
    order = ancestors(tape.root)
    for vertex in order:
        if vertex.needs and any(parent in touched for parent in vertex.parents):
            touched.add(vertex)
            later.append(vertex)
    base = {vertex: vertex.array for vertex in order}
    weight = wide(np.asarray(seed))

    def value(array: Array) -> float:
        values = dict(base)
        values[leaf] = array
        for vertex in later:
            values[vertex] = recomputed(vertex, values)
        return float((values[tape.root] * weight).sum())

    return value
