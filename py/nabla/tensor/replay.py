"""What a tape computed, computed again in float64 with other numbers in its leaves: the proof of its gradients.

The derivatives that are checked come from the vector-Jacobian products; the differences come from the forward
operations alone, so an error in a product shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.tensor.sweep import sweep
from nabla.tensor.tape import STATE, Array, Vertex

STEP = 6e-6  # near the cube root of float64's precision: the error of a central difference is least there
CORNER = 1e-3  # one-sided differences further apart than this, relatively, are those of a corner


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
        elif vertex.op is None:
            array = wide(vertex.array)
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


@dataclass(frozen=True)
class Proof:
    """What came of checking one gradient.

    Attributes:
        error: the largest difference from central differences, relative to the largest element; None when a corner or
            an infinity left nothing to compare.
        elements: how many elements were compared.
        order: at which power of the step the Taylor remainder falls along a random direction; None when the remainder
            is too small to be measured (a function linear in this leaf) or not finite.
        corner: an element at which the function has no derivative.
    """

    error: float | None
    elements: int
    order: float | None
    corner: bool


def prove(root: Vertex, leaf: Vertex, gradient: Array, seed: Array, most: int = 12) -> Proof:
    """Compare `gradient` of `leaf` with central differences, and measure the order of the Taylor remainder."""
    order = ancestors(root)
    touched = {leaf}
    later = []
    for vertex in order:
        if vertex.op is not None and vertex.op.name != "detach" and any(parent in touched for parent in vertex.parents):
            if vertex.needs:
                touched.add(vertex)
                later.append(vertex)
    base = {vertex: wide(vertex.array) for vertex in order}
    for vertex in later:
        base[vertex] = recomputed(vertex, base)
    weight = wide(np.asarray(seed))

    def value(array: Array) -> float:
        values = dict(base)
        values[leaf] = array
        for vertex in later:
            values[vertex] = recomputed(vertex, values)
        return float((values[root] * weight).sum())

    x = base[leaf].astype(np.float64)
    g = np.asarray(gradient, np.float64)
    if root not in touched:
        return Proof(float(np.abs(g).max(initial=0.0)), x.size, None, False)
    here = value(x)
    places = _places(x.size, most)
    scale = max(float(np.abs(g[np.isfinite(g)]).max(initial=0.0)), 1e-3 * abs(here), 1e-12) if g.size else 1.0
    worst, compared, corner = 0.0, 0, False
    for place in places:
        h = STEP * max(1.0, abs(float(x.flat[place])))
        ahead, behind = (_moved(x, place, step) for step in (h, -h))
        up, down = value(ahead), value(behind)
        if not np.isfinite([up, down, here, g.flat[place]]).all():
            corner = True
            continue
        right, left = (up - here) / h, (here - down) / h
        if abs(right - left) > CORNER * max(abs(right), abs(left), scale):
            corner = True
            continue
        compared += 1
        worst = max(worst, abs((up - down) / (2 * h) - float(g.flat[place])) / scale)
    taylor = None if corner else _order(value, x, g, here)
    return Proof(worst if compared else None, compared, taylor, corner)


def _places(size: int, most: int) -> list[int]:
    """All elements, or some spread evenly when there are too many."""
    return list(range(size)) if size <= most else [round(i * (size - 1) / (most - 1)) for i in range(most)]


def _moved(x: Array, place: int, step: float) -> Array:
    moved = x.copy()
    moved.flat[place] += step
    return moved


def _order(value: Any, x: Array, g: Array, here: float) -> float | None:
    """The slope of log |f(x + h d) - f(x) - h g·d| over log h: 2 when g is the gradient, 1 when it is not."""
    direction = np.random.default_rng(0).choice([-1.0, 1.0], x.shape) * np.maximum(1.0, np.abs(x))
    slope = float((g * direction).sum())
    steps = np.array([1e-2, 1e-3])
    remainders = [abs(value(x + h * direction) - here - h * slope) for h in steps]
    noise = 1e-11 * max(abs(here), abs(slope), 1e-300)
    if not np.isfinite(remainders).all() or min(remainders) <= noise:
        return None
    return float(np.log10(remainders[0] / remainders[1]))
