"""Derivatives along directions: the products of a gradient with a few vectors, by central differences."""

from __future__ import annotations

from typing import Any

import numpy as np

from nabla.labs.train.losses import Descended
from nabla.program.made import TracedValue
from nabla.program.replay import Replay

CLOSE = 2e-6  # of two products with directions, beside the largest
FLAT = 1e-11
_STEP = 2.0**-13


def directions_of(shape: tuple[int, ...], seed: int, count: int) -> Any:
    """Directions, one a row: the axes where those are no more, else random ones."""
    size = int(np.prod(shape)) if shape else 1
    if size <= count:
        return np.eye(size).reshape(size, *shape)
    random = np.random.RandomState(seed)
    return random.standard_normal((count, *shape)) / np.sqrt(size)


def slope_along(replay: Replay, loss: Descended, node: TracedValue, along: Any) -> float:
    """Central differences, extrapolated; nan where they do not settle."""
    scale = max(1.0, float(np.max(np.abs(node.value), initial=0.0)))

    def central(h: float) -> float:
        ends = []
        for sign in (1, -1):
            moved = np.asarray(node.value, dtype=np.float64) + sign * h * along
            given = moved if isinstance(node.value, np.ndarray) else float(moved)
            ends.append(float(loss.value(*replay({node: given}))))
        return (ends[0] - ends[1]) / (2 * h)

    try:
        wide, near, fine = (central(_STEP * scale / 2**k) for k in range(3))
    except (ArithmeticError, ValueError, IndexError):
        return float("nan")
    first, second = (4 * near - wide) / 3, (4 * fine - near) / 3
    settled = abs(first - second) <= 1e-7 * max(abs(second), 1e-5)
    return (16 * second - first) / 15 if settled and np.isfinite(second) else float("nan")


def products(directions: Any, value: Any) -> Any:
    """A value's products with directions."""
    flat = np.asarray(value, dtype=np.float64).reshape(-1)
    return directions.reshape(len(directions), -1) @ flat


def is_plain(factor: float) -> bool:
    """Whether a factor beside the rate is one that a loss of squares or a mean brings along: 1, 2, 1/n, 2/n."""
    return factor > 0 and any(abs(n - round(n)) < 1e-6 * n for n in (factor, 1 / factor, 2 / factor))


def factor_of(given: Any, exact: Any) -> float | None:
    """The factor by which products are those of the gradient; None where they are not, or nothing is known."""
    kept = np.isfinite(exact)
    if not kept.any():
        return None
    a, b = given[kept], exact[kept]
    size = float(b @ b)
    if size < FLAT**2:
        return 0.0 if float(np.abs(a).max()) < 1e-9 else None
    factor = float(a @ b) / size
    rest = float(np.abs(a - factor * b).max())
    return factor if rest <= CLOSE * max(float(np.abs(a).max()), 1e-300) and factor else None
