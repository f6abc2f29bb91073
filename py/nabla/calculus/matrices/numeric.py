"""Values of expressions with matrices at random points, and their difference quotients: nothing here knows a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nabla.calculus.matrices.nodes import M, Shape, Size

Array = NDArray[np.float64]
STEP = 1e-5
# Sizes for letters: all different, so that a product in the wrong order does not fit.
SIZES = (3, 4, 2, 5, 6, 7, 8)
LARGEST = 5


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


MAPS: dict[str, Callable[[Array], Array]] = {
    "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sqrt": np.sqrt, "abs": np.abs,
    "sigmoid": _sigmoid, "relu": lambda z: np.maximum(z, 0), "step": lambda z: np.asarray(z > 0, float),
    "sign": np.sign, "square": np.square, "reciprocal": lambda z: 1 / z, "softplus": lambda z: np.log1p(np.exp(z)),
}  # fmt: skip


def sizes_of(nodes: list[M]) -> dict[Size, int]:
    """A size for each letter, and for each number that is too large to be tried; equal sizes stay equal."""
    found = list(dict.fromkeys(size for node in nodes for part in node.walk() for size in part.shape))
    kept: dict[Size, int] = {size: size for size in found if isinstance(size, int) and size <= LARGEST}
    free = iter([size for size in SIZES if size not in kept.values()] + list(SIZES) * 4)
    return {**kept, **{size: next(free) for size in found if size not in kept}}


def random_values(symbols: list[M], sizes: Mapping[Size, int], seed: int, positive: bool = False) -> dict[str, Array]:
    """Arrays for letters, of both signs or all positive; square ones with a heavy diagonal, so that they invert."""
    rng = np.random.default_rng(seed)
    values: dict[str, Array] = {}
    for node in symbols:
        shape = tuple(sizes[size] for size in node.shape)
        value = rng.uniform(0.4, 1.6, shape) if positive else rng.uniform(-1.2, 1.6, shape)
        if shape[0] == shape[1] and shape[0] > 1:
            value = value + (2.0 + shape[0]) * np.eye(shape[0])
        values[node.name] = (value + value.T) / 2 if node.symmetric else value
    return values


def evaluate(node: M, values: Mapping[str, Array], sizes: Mapping[Size, int]) -> Array:
    """The value of an expression without differentials, as a matrix; a number is 1 × 1."""
    args = [evaluate(arg, values, sizes) for arg in node.args]
    first = args[0] if args else np.zeros((1, 1))
    match node.op:
        case "symbol":
            return values[node.name]
        case "number":
            return _number(float(node.value))
        case "zero" | "ones":
            return np.full(_shape(node.shape, sizes), float(node.op == "ones"))
        case "eye":
            return np.asarray(np.eye(sizes[node.shape[0]]), float)
        case "sum":
            return np.asarray(sum(args[1:], first))
        case "product":
            return _product(args)
        case "entries":
            return np.asarray(np.prod(np.broadcast_arrays(*args), axis=0))
        case "kron":
            return np.asarray(np.kron(first, args[1]), float)
        case "transpose":
            return first.T
        case "inverse":
            return np.asarray(np.linalg.inv(first), float)
        case "trace":
            return _number(np.trace(first))
        case "det":
            return _number(np.linalg.det(first))
        case "total":
            return _number(np.sum(first))
        case "norm":
            return _number(np.linalg.norm(first))
        case "diag":
            return np.diag(first[:, 0])
        case "diagonal":
            return np.diag(first)[:, None].copy()
        case "softmax":
            raised = np.exp(first - first.max())
            return np.asarray(raised / raised.sum())
        case "logsumexp":
            return _number(np.log(np.sum(np.exp(first))))
        case "power":
            if node.scalar:
                return np.asarray(first ** float(node.value))
            return np.asarray(np.linalg.matrix_power(first, int(node.value)), float)
        case "map":
            return np.asarray(MAPS[node.name](first), float)
    raise ValueError(node.op)


def _number(value: float | np.floating[Any]) -> Array:
    return np.asarray([[value]], float)


def _shape(shape: Shape, sizes: Mapping[Size, int]) -> tuple[int, int]:
    return sizes[shape[0]], sizes[shape[1]]


def _product(args: list[Array]) -> Array:
    found = np.ones((1, 1))
    for arg in args:
        found = found * arg if found.size == 1 or arg.size == 1 else found @ arg
    return found


def quotients(f: M, x: M, values: Mapping[str, Array], sizes: Mapping[Size, int]) -> Array:
    """Central differences of every entry of f by every entry of x: shape (f rows, f columns, x rows, x columns)."""
    base = values[x.name]
    whole = []
    for place in np.ndindex(base.shape):
        sides = []
        for sign in (1, -1):
            moved = base.copy()
            moved[place] += sign * STEP
            sides.append(evaluate(f, {**values, x.name: moved}, sizes))
        whole.append((sides[0] - sides[1]) / (2 * STEP))
    return np.stack(whole, axis=-1).reshape(*whole[0].shape, *base.shape)


def directional(f: M, x: M, values: Mapping[str, Array], sizes: Mapping[Size, int], direction: Array) -> Array:
    """The central difference of f along a direction of x."""
    sides = [evaluate(f, {**values, x.name: values[x.name] + sign * STEP * direction}, sizes) for sign in (1, -1)]
    return np.asarray((sides[0] - sides[1]) / (2 * STEP))


def apart(a: Array, b: Array) -> float:
    """How far two arrays are from each other, over their size; infinite where shapes or values do not fit."""
    if a.shape != b.shape or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    scale = max(1.0, float(np.max(np.abs(a), initial=0)), float(np.max(np.abs(b), initial=0)))
    return float(np.max(np.abs(a - b), initial=0)) / scale
