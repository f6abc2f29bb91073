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

STEPS = (1e-3, 1e-5)  # of the differences, relative to the input; the smaller one where the larger does not settle
SETTLED = 1e-5  # how near the differences with a step and with half of it must be


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
    """The result of checking one gradient.

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


def prove(tape: Shadow, leaf: Vertex, gradient: Array, seed: Array, most: int = 12) -> Proof:
    """Compare `gradient` of a leaf of the tape with central differences, and measure the order of the Taylor
    remainder.
    """
    order = ancestors(tape.root)
    root, touched, later = tape.root, {leaf}, []
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
        found = _slope(value, x, place, here, scale)
        if found is None or not np.isfinite(g.flat[place]):
            corner = True
            continue
        compared += 1
        worst = max(worst, abs(found - float(g.flat[place])) / scale)
    taylor = None if corner else _order(value, x, g, here)
    return Proof(worst if compared else None, compared, taylor, corner)


def _places(size: int, most: int) -> list[int]:
    """All elements, or some spread evenly when there are too many."""
    return list(range(size)) if size <= most else [round(i * (size - 1) / (most - 1)) for i in range(most)]


def _slope(value: Any, x: Array, place: int, here: float, scale: float) -> float | None:
    """The derivative along one element by central differences, extrapolated from a step and its half.

    None at a jump, at a corner, where the slopes on the two sides stay apart however small the step, and where nothing
    is finite.
    """
    for relative in STEPS:
        h = relative * max(1.0, abs(float(x.flat[place])))
        ends = [value(_moved(x, place, step)) for step in (h, -h, h / 2, -h / 2)]
        if not np.isfinite([*ends, here]).all():
            continue
        wide_gap, gap = abs(ends[0] + ends[1] - 2 * here) / h, abs(ends[2] + ends[3] - 2 * here) / (h / 2)
        coarse, fine = (ends[0] - ends[1]) / (2 * h), (ends[2] - ends[3]) / h
        if gap > 0.7 * wide_gap and gap > 1e-4 * scale:
            continue
        if abs(fine - 2 * coarse) <= 1e-3 * abs(fine) and abs(fine * h) > 1e-3 * abs(here) + 1e-9:
            continue  # half the step, twice the slope: a jump
        if abs(coarse - fine) <= SETTLED * max(abs(fine), scale) or relative == STEPS[-1]:
            return float((4 * fine - coarse) / 3)
    return None


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
