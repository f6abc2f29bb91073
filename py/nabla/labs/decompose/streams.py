"""Streamlines of a field in the plane, evenly spaced: where the arrows of a picture lead."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nabla.answer.marks import Line
from nabla.helmholtz.grid import Box, Floats

# Lengths are of the box's width and height, each taken as 1.
STEP, STEPS = 0.03, 36  # of a line to either side of where it begins
APART = 0.085  # between lines where they begin
NEAR = 0.04  # to another line, or to itself: it ends
SEEDS = 10  # places to begin along an axis
SHORT = 6  # points: a shorter line is not drawn
TOO_SLOW = 1e-6  # of the fastest: no line runs there
PIXELS, RIM = 64, 6  # of the map on which the ground that is taken is marked, and around it
_WIDE = PIXELS + 2 * RIM
_EARLIER = np.tri(STEPS + 1, k=-4, dtype=bool)  # points of a line that lie some steps before another

Complexes = NDArray[np.complex128]  # points and directions in the unit square
Mask = NDArray[np.bool_]


def streamlines(field: Floats, box: Box) -> Line:
    """Lines along a field of shape (2, nx, ny), no two of them close, with gaps between them.

    A line begins where no other is near and ends where it comes close to one, after B. Jobard, W. Lefer, Creating
    evenly-spaced streamlines of arbitrary density, Visualization in Scientific Computing '97, 43; here all candidates
    run at once, by the midpoint rule in steps of equal length, and what is near is looked up on a map.
    """
    low, width = box.low, [b - a for a, b in zip(box.low, box.high, strict=True)]
    lines = _candidates(field[0] / width[0] + 1j * field[1] / width[1])
    begun, ended = np.zeros((2, _WIDE**2), dtype=bool)
    apart, near = _disc(APART), _disc(NEAR)
    places = _places(np.nan_to_num(lines, nan=0))
    kept: list[Complexes] = []
    for i in _order():
        if begun[places[0, i]]:
            continue
        ahead = _until(lines[:, i], ended[places[:, i]])
        taken = ended.copy()
        _stamp(taken, ahead[3:], near)
        behind = _until(lines[:, SEEDS**2 + i], taken[places[:, SEEDS**2 + i]])
        line = np.concatenate([behind[:0:-1], ahead])
        if len(line) >= SHORT and max(np.ptp(line.real), np.ptp(line.imag)) > APART:
            _stamp(begun, line, apart)
            _stamp(ended, line, near)
            kept += [line, np.array([complex(np.nan, np.nan)])]
    points = np.concatenate(kept[:-1]) if kept else np.empty(0, complex)
    return Line(low[0] + width[0] * points.real, low[1] + width[1] * points.imag, label="streamlines", color=2)


def _order() -> list[int]:
    """The places to begin, one after another far apart."""
    return [int(i) for i in np.argsort(np.arange(SEEDS**2) * 0.6180339887498949 % 1.0, kind="stable")]


def _candidates(field: Complexes) -> Complexes:
    """The lines from all places to begin, along the field and then against it, of shape (STEPS + 1, 2 SEEDS^2).

    NaN after a line has left the box, or come to a hole or to where nothing moves.
    """
    nx, ny = field.shape
    least = TOO_SLOW * float(np.nanmax(np.abs(field)))
    signs = np.repeat([1.0, -1.0], SEEDS**2)
    flat = field.ravel()

    def heading(place: Complexes) -> Complexes:
        x, y = place.real, place.imag
        inside = (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)
        s, t = np.where(inside, x * nx - 0.5, 0.0), np.where(inside, y * ny - 0.5, 0.0)
        i, j = np.clip(s.astype(int), 0, nx - 2), np.clip(t.astype(int), 0, ny - 2)
        s, t, k = s - i, t - j, i * ny + j
        value = (flat[k] * (1 - t) + flat[k + 1] * t) * (1 - s) + (flat[k + ny] * (1 - t) + flat[k + ny + 1] * t) * s
        speed = np.abs(value)
        moving = inside & (speed > least)
        return np.where(moving, signs * value / np.where(moving, speed, 1.0), np.nan)

    along = (np.arange(SEEDS) + 0.5) / SEEDS
    starts = (along[:, None] + 1j * along).ravel()
    points = [np.concatenate([starts, starts])]
    for _ in range(STEPS):
        middle = points[-1] + STEP / 2 * heading(points[-1])
        points.append(points[-1] + STEP * heading(middle))
    return np.stack(points)


def _until(line: Complexes, taken: Mask) -> Complexes:
    """The points of a line before it leaves the box, meets ground that is taken, or itself."""
    out = ~((line.real >= 0) & (line.real <= 1) & (line.imag >= 0) & (line.imag <= 1))
    near = np.abs(np.subtract.outer(line, line)) < NEAR / 2
    met = taken | out | (near & _EARLIER).any(axis=1)
    return line[: int(np.argmax(met))] if met.any() else line


def _places(points: Complexes) -> NDArray[np.intp]:
    """Where points are on the map, as indices of its pixels in one row."""
    x, y = (np.clip(each * PIXELS, -1, PIXELS).astype(int) + RIM for each in (points.real, points.imag))
    return np.asarray(x * _WIDE + y, dtype=np.intp)


def _disc(reach: float) -> NDArray[np.intp]:
    """The pixels within reach of one, as steps from it."""
    r = round(reach * PIXELS)
    a, b = np.mgrid[-r : r + 1, -r : r + 1]
    return np.asarray((a * _WIDE + b)[a**2 + b**2 <= r**2], dtype=np.intp)


def _stamp(taken: Mask, line: Complexes, disc: NDArray[np.intp]) -> None:
    taken[np.add.outer(_places(line), disc)] = True
