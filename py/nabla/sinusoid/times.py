"""Sampling times: even, even with holes, or uneven; and the unit of frequency that belongs to them.

Inside this package a frequency is counted in bins, cycles over the whole record, and a time runs from -1/2 to 1/2, so
that every number is of moderate size whatever the unit of x.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int_]
Complexes = NDArray[np.complex128]

EVEN = 0.005  # largest deviation from a grid, in steps, that still counts as even
JITTERED = 0.25  # root-mean-square deviation below which uneven times alias like even ones
UNEVEN_LIMIT = 5  # times the mean Nyquist frequency: how far uneven data are searched
GRID_SIZE = 20  # largest grid, as a multiple of the number of samples


@dataclass(frozen=True, slots=True)
class Times:
    """Times x, shape (n,), ascending: x = centre + length * t with t about from -1/2 to 1/2.

    `place` are the places of the samples on the grid of `size` steps, None when the times are uneven; `length` is
    `size * step`, so that one bin is the spacing of an unpadded discrete Fourier transform. `deviation` is the largest
    distance from the grid, in steps. `limit` is the highest frequency searched by default, in bins.
    """

    x: Floats
    kind: Literal["even", "holes", "uneven"]
    step: float
    size: int
    centre: float
    length: float
    deviation: float
    limit: float
    place: Integers | None

    @property
    def n(self) -> int:
        """The number of samples."""
        return self.x.size

    @property
    def t(self) -> Floats:
        """The scaled times, shape (n,)."""
        return (self.x - self.centre) / self.length

    @property
    def nyquist(self) -> float:
        """Half the (mean) sampling rate, in bins."""
        return self.size / 2

    @property
    def holes(self) -> int:
        """How many places of the grid have no sample."""
        return self.size - self.n


def classify(x: Floats) -> Times:
    """The kind of sampling of `x`, shape (n,), n >= 2, ascending, not all equal."""
    n = x.size
    on_grid = _grid(x)
    if on_grid is None:
        span = float(x[-1] - x[0])
        step = span / (n - 1)
        line = x - (x[0] + step * np.arange(n))
        distinct = x[np.append(True, np.diff(x) > 0)]
        under = _grid(distinct) if 2 < distinct.size < n else None  # repeated times on a grid alias as the grid does
        limit = (
            step * n / (2 * under[2])
            if under
            else n / 2 * (1 if np.sqrt(np.mean((line - line.mean()) ** 2)) < JITTERED * step else UNEVEN_LIMIT)
        )
        return Times(x, "uneven", step, n, float(x[0] + span / 2), step * n, float("inf"), limit, None)
    place, start, step, deviation = on_grid
    size = int(place[-1]) + 1
    centre = start + step * (size - 1) / 2
    kind: Literal["even", "holes"] = "even" if size == n else "holes"
    return Times(x, kind, step, size, centre, step * size, deviation, size / 2, place)


def _grid(x: Floats) -> tuple[Integers, float, float, float] | None:
    """Places, start, step and largest deviation of the grid on which x lies, or None.

    The line through the first and the last sample is tried first. Else differences are counted in multiples of the
    commonest small one, so a drift of rounding cannot add up, and the grid is the least-squares line through them.
    """
    n = x.size
    step = float(x[-1] - x[0]) / (n - 1)
    line = np.arange(n, dtype=float)
    line *= step
    line += x[0]
    line -= x
    deviation = float(max(line.max(), -line.min())) / step
    if deviation <= EVEN:
        return np.arange(n), float(x[0]), step, deviation
    gaps = np.diff(x)
    smallest = gaps.min()
    if smallest <= 0:
        return None
    step = float(np.median(gaps[gaps < 1.5 * smallest]))
    multiples = np.rint(gaps / step)
    if np.any(np.abs(gaps - multiples * step) > 4 * EVEN * step * multiples) or multiples.sum() > GRID_SIZE * x.size:
        return None
    place = np.concatenate([[0], np.cumsum(multiples)]).astype(int)
    centred = place - place.mean()
    middle = x.mean()
    step = float(centred @ (x - middle) / (centred @ centred))
    deviation = float(np.max(np.abs(x - middle - step * centred)) / step)
    return (place, float(middle - step * place.mean()), step, deviation) if deviation <= EVEN else None
