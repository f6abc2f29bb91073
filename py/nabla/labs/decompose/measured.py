"""Divergence and curl of a field given on a grid, by differences; on the sphere for longitudes and latitudes.

On a sphere of radius R, with u eastward and v northward: div = (du/dlon + d(v cos lat)/dlat) / (R cos lat) and
curl = (dv/dlon - d(u cos lat)/dlat) / (R cos lat); J. R. Holton, An Introduction to Dynamic Meteorology, chapter 4.
In polar coordinates div = d(r u)/dr / r + dv/dangle / r, curl = d(r v)/dr / r - du/dangle / r.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Cell, Check, Column, Document, Heading, Table
from nabla.helmholtz import grid
from nabla.helmholtz.grid import Box, Floats
from nabla.write.notation import decimals

RADIUS = 6.371e6  # of the Earth in metres: its mean
COARSE = 0.1  # of the derivatives: how far differences of the second and the sixth order may be apart
ROUNDING = 1e-12  # of the largest change that a cell could hold


@dataclass(frozen=True)
class Globe:
    """Points in degrees of longitude and latitude; the plane that touches the globe in the middle latitude."""

    middle: float
    scales: tuple[float, float]  # metres of a degree along each axis, in that latitude
    stretch: float  # by how much the shortest degree of longitude is shorter than the longest

    def flat(self, box: Box) -> Box:
        """The box in metres."""
        ends = [tuple(c * scale for c, scale in zip(end, self.scales, strict=True)) for end in (box.low, box.high)]
        return Box(ends[0], ends[1], box.n)


def globe_of(names: Sequence[str], axes: Sequence[Floats]) -> Globe | None:
    """The globe that coordinates named as longitude and latitude lie on."""
    told = [name.strip().lower()[:3] for name in names]
    if told != ["lon", "lat"] or max(float(np.abs(axes[1]).max()), float(np.abs(axes[0]).max()) / 4) >= 90:
        return None
    widths = np.cos(np.radians(axes[1]))
    middle = float(axes[1].mean())
    degree = RADIUS * np.pi / 180
    return Globe(middle, (degree * float(np.cos(np.radians(middle))), degree), 1 - float(widths.min() / widths.max()))


Scales = tuple[Floats | float, ...]  # the length of a unit step along each coordinate, at every point
Differences = Callable[[Floats, int, float], Floats]  # of values along an axis, with its step


def scales_of(box: Box, globe: Globe | None, polar: bool) -> Scales:
    """The lengths of unit steps of the coordinates: degrees on the globe, distance and radians around a pole, or 1."""
    if globe is not None:
        degree = RADIUS * np.pi / 180
        return degree * np.cos(np.radians(box.mesh()[1])), degree
    return (1.0, box.mesh()[0]) if polar else (1.0,) * box.dimension


def slopes(V: Floats, box: Box, scales: Scales, by: Differences = grid.derivative) -> tuple[Floats, Floats]:
    """Divergence, shape n, and curl, shape (1, *n) or (3, *n), of a field of shape (d, *n); box in its coordinates."""

    def d(values: Floats, axis: int) -> Floats:
        return by(values, axis, box.spacing[axis])

    if box.dimension == 3:
        turns = [d(V[2], 1) - d(V[1], 2), d(V[0], 2) - d(V[2], 0), d(V[1], 0) - d(V[0], 1)]
        return sum((d(V[i], i) for i in range(3)), np.zeros(box.n)), np.stack(turns)
    h, k = scales
    return (d(k * V[0], 0) + d(h * V[1], 1)) / (h * k), ((d(k * V[1], 0) - d(h * V[0], 1)) / (h * k))[None]


@dataclass(frozen=True)
class GridSlopes:
    """What differences find on a grid: divergence, shape n, curl, shape (1, *n) or (3, *n), and their size.

    `least` is what rounding of the values may leave, `terms` the root mean square of the derivatives that they are made
    of; `box` is in the coordinates of the data, `names` those of the coordinates.
    """

    divergence: Floats
    curl: Floats
    least: float
    terms: float
    box: Box
    names: Sequence[str]

    def rows(self) -> list[tuple[str, str, Floats]]:
        """Divergence and each component of the curl: the word, its index, the values."""
        axes = [""] if len(self.curl) == 1 else list(self.names)
        return [("divergence", "", self.divergence), *(("curl", a, c) for a, c in zip(axes, self.curl, strict=True))]


def measure(V: Floats, box: Box, scales: Scales, names: Sequence[str]) -> GridSlopes:
    """Divergence and curl of a field of shape (d, *n) by differences, none beside a hole."""
    least = (
        ROUNDING
        * float(np.nanmax(np.abs(V)))
        / min(step * float(np.min(scale)) for step, scale in zip(box.spacing, scales, strict=True))
    )
    parts = [grid.derivative(part, axis, box.spacing[axis]) / scales[axis] for part in V for axis in range(len(scales))]
    terms = float(np.sqrt(sum(float(np.nanmean(part**2)) for part in parts if np.isfinite(part).any())))
    div, curl = (np.where(np.abs(each) < least, 0.0, each) for each in slopes(V, box, scales))
    return GridSlopes(div, curl, least, terms, box, names)


def compared(V: Floats, measured: GridSlopes, scales: Scales) -> Check:
    """Divergence and curl beside those by differences of neighbours, which a grid that is too coarse sets apart."""

    def neighbours(values: Floats, axis: int, step: float) -> Floats:
        return np.gradient(values, step, axis=axis, edge_order=2)

    found = slopes(V, measured.box, scales, neighbours)
    gaps = [a - b for a, b in zip(found, (measured.divergence, measured.curl), strict=True)]
    squares = [float(np.nanmean(gap**2)) for gap in gaps if np.isfinite(gap).any()]
    figure = float(np.sqrt(sum(squares))) / (measured.terms or 1.0)
    verdict: Verdict = "passed" if figure <= COARSE else "unchecked"
    how = "by differences of neighbours, in units of the derivatives of the components"
    return Check("The grid is fine enough for divergence and curl", how, verdict, figure, COARSE, test="surroundings")


def slopes_table(document: Document, measured: GridSlopes) -> list[Block]:
    """Set `values["measured"]`: root mean square, largest value and its place; the blocks that show them."""
    told: dict[str, dict[str, Any]] = {}
    rows: list[list[Cell]] = []
    for name, axis, values in measured.rows():
        if not np.isfinite(values).any():
            continue
        place = np.unravel_index(int(np.nanargmax(np.abs(values))), values.shape)
        point = [float(measured.box.centres(i)[j]) for i, j in enumerate(place)]
        rms, top = float(np.sqrt(np.nanmean(values**2))), float(values[place])
        told[name + axis] = {"rms": rms, "largest": top, "at": point}
        where = ", ".join(f"{n} = {c:.4g}" for n, c in zip(measured.names, point, strict=True))
        label = f"{name}, {axis}" if axis else name
        rows.append([label, f"${decimals(rms, 4)}$", f"${decimals(top, 4)}$", where])
    document.values["measured"] = told
    columns = [Column("By differences"), Column("Root mean square", "", "right"), Column("Largest", "", "right"),
               Column("at")]  # fmt: skip
    return [Heading("Divergence and curl"), Table(columns, rows)] if rows else []
