"""The box on which fields are sampled, the parts of a decomposition, operators that are independent of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

POINTS = 6  # of a local interpolation, so that polynomials of the fifth degree are reproduced
_CENTRAL = ((1, 45 / 60), (2, -9 / 60), (3, 1 / 60))
SEVEN = 7  # points that such a difference takes
LEAST = 3  # points along an axis
HALVES = 8  # cells along an axis that half as many tell something of the error of


@dataclass(frozen=True)
class Box:
    """A box cut into cells, `n[i]` along axis i; fields are sampled at the centres of the cells.

    Raises:
        ValueError: for a box without width or too few cells.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    n: tuple[int, ...]

    def __post_init__(self) -> None:
        if not all(a < b for a, b in zip(self.low, self.high, strict=True)) or min(self.n) < LEAST:
            raise ValueError("a box needs a positive width and at least 3 cells along each axis")

    @property
    def dimension(self) -> int:
        """Number of axes, 2 or 3."""
        return len(self.n)

    @cached_property
    def spacing(self) -> tuple[float, ...]:
        """Width of a cell along each axis."""
        return tuple((b - a) / n for a, b, n in zip(self.low, self.high, self.n, strict=True))

    def centres(self, axis: int) -> Floats:
        """Coordinates of the centres along an axis, shape (n,)."""
        return np.asarray(self.low[axis] + self.spacing[axis] * (np.arange(self.n[axis]) + 0.5), dtype=float)

    def faces(self, axis: int) -> Floats:
        """Coordinates of the faces along an axis, both walls included, shape (n + 1,)."""
        return self.low[axis] + self.spacing[axis] * np.arange(self.n[axis] + 1.0)

    def mesh(self) -> list[Floats]:
        """The coordinates of all centres, one array of shape n for each axis."""
        return list(np.meshgrid(*(self.centres(i) for i in range(self.dimension)), indexing="ij"))

    def face_mesh(self, normal: int) -> list[Floats]:
        """The coordinates of the centres of all faces across axis `normal`; n + 1 of them along that axis."""
        along = [self.faces(i) if i == normal else self.centres(i) for i in range(self.dimension)]
        return list(np.meshgrid(*along, indexing="ij"))

    def coarser(self) -> Box:
        """The same box with half as many cells along each axis."""
        return Box(self.low, self.high, tuple(max(HALVES, n // 2) for n in self.n))


@dataclass
class Parts:
    """V = S + H + harmonic at the centres of the cells, each of shape (d, *n).

    S has no divergence, H no curl, `harmonic` neither. `div_S` and `curl_H` are what the method's own operators leave
    of them, times the cell's width and over max|V|; `method` says by which operators.
    """

    S: Floats
    H: Floats
    harmonic: Floats
    div_S: float
    curl_H: float
    method: str
    extra: dict[str, float] = field(default_factory=dict)


def stencil(low: float, step: float, n: int, to: Floats, points: int = POINTS) -> tuple[NDArray[np.intp], Floats]:
    """Local Lagrange interpolation from the points low + step i to the points `to`.

    Returns the first of the points that each value of `to` is taken from, shape (m,), and their weights, (m, points).
    """
    place = (np.asarray(to, dtype=float) - low) / step
    count = min(points, n)
    first = np.clip(np.floor(place).astype(int) - count // 2 + 1, 0, n - count)
    t = place - first
    weights = np.ones((t.size, count))
    for k in range(count):
        for m in range(count):
            if m != k:
                weights[:, k] *= (t - m) / (k - m)
    return first, weights


def interpolated(values: Floats, axis: int, low: float, step: float, to: Floats, points: int = POINTS) -> Floats:
    """`values`, given at low + step i along `axis`, at the points `to` along it, from so many of those around each."""
    first, weights = stencil(low, step, values.shape[axis], to, points)
    shape = [1] * values.ndim
    shape[axis] = -1
    result: Floats = np.zeros(1)
    for k in range(weights.shape[1]):
        result = result + np.take(values, first + k, axis=axis) * weights[:, k].reshape(shape)
    return result


def resampled(values: Floats, box: Box, to: Box) -> Floats:
    """A field of shape (..., *n) on the centres of `box`, at the centres of `to`."""
    lead = values.ndim - box.dimension
    for axis in range(box.dimension):
        start = float(box.centres(axis)[0])
        values = interpolated(values, lead + axis, start, box.spacing[axis], to.centres(axis))
    return values


def at_point(values: Floats, box: Box, point: tuple[float, ...]) -> Floats:
    """A field of shape (d, *n) at one point of the box, shape (d,)."""
    for axis in range(box.dimension - 1, -1, -1):
        start = float(box.centres(axis)[0])
        values = interpolated(values, 1 + axis, start, box.spacing[axis], np.array([point[axis]]))[..., 0]
    return values


def derivative(values: Floats, axis: int, step: float) -> Floats:
    """The derivative along an axis by differences of the sixth order, one-sided at the edges; of less than 7 points
    that of the polynomial through all of them.
    """
    f = np.moveaxis(values, axis, -1)
    n = f.shape[-1]
    if n < SEVEN:
        return np.moveaxis(f @ np.stack([_one_sided(place, n) for place in range(n)], axis=1) / step, -1, axis)
    result = np.empty_like(f)
    inner = result[..., 3 : n - 3]
    inner[...] = 0.0
    for offset, weight in _CENTRAL:
        inner += weight * (f[..., 3 + offset : n - 3 + offset] - f[..., 3 - offset : n - 3 - offset])
    for place in range(3):
        weights = _one_sided(place)
        result[..., place] = f[..., : weights.size] @ weights
        result[..., n - 1 - place] = -(f[..., ::-1][..., : weights.size] @ weights)
    return np.moveaxis(result / step, -1, axis)


def _one_sided(place: int, count: int = SEVEN) -> Floats:
    """Weights of the first points for the derivative at one of them."""
    powers = np.arange(float(count)) - place
    right = np.zeros(count)
    right[1] = 1.0
    return np.linalg.solve(np.vander(powers, increasing=True).T, right)


def divergence(field_: Floats, box: Box) -> Floats:
    """The divergence of a field of shape (d, *n), by differences of the sixth order."""
    return sum((derivative(field_[i], i, box.spacing[i]) for i in range(box.dimension)), np.zeros(box.n))


def curl(field_: Floats, box: Box) -> Floats:
    """The curl by differences of the sixth order: shape (1, *n) in two dimensions, (3, *n) in three."""
    if box.dimension == 2:
        return np.stack([derivative(field_[1], 0, box.spacing[0]) - derivative(field_[0], 1, box.spacing[1])])

    def d(component: int, axis: int) -> Floats:
        return derivative(field_[component], axis, box.spacing[axis])

    return np.stack([d(2, 1) - d(1, 2), d(0, 2) - d(2, 0), d(1, 0) - d(0, 1)])


def norm(field_: Floats) -> float:
    """The root mean square of |field| over the cells; field of shape (d, *n)."""
    finite = field_[np.isfinite(field_)]
    return float(np.sqrt(np.sum(finite**2) / (field_.size / field_.shape[0])))


def scaled(residual: Floats, field_: Floats, box: Box) -> float:
    """max|residual| times the smallest width of a cell, over max|field|: how much of the field's change is wrong."""
    top = float(np.nanmax(np.abs(field_)))
    return float(np.nanmax(np.abs(residual))) * min(box.spacing) / top if top and residual.size else 0.0
