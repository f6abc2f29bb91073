"""Divergence and curl of a field given on a grid, by differences; on the sphere for longitudes and latitudes.

On a sphere of radius R, with u eastward and v northward: div = (du/dlon + d(v cos lat)/dlat) / (R cos lat) and
curl = (dv/dlon - d(u cos lat)/dlat) / (R cos lat); J. R. Holton, An Introduction to Dynamic Meteorology, chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.answer.document import Block, Cell, Column, Document, Heading, Table
from nabla.helmholtz import grid
from nabla.helmholtz.grid import Box, Floats
from nabla.write.notation import decimals

RADIUS = 6.371e6  # of the Earth in metres: its mean
ROUNDING = 1e-12  # of the largest change that a cell could hold


@dataclass(frozen=True)
class Globe:
    """Points in degrees of longitude and latitude; the plane that touches the globe in the middle latitude."""

    middle: float
    scales: tuple[float, float]  # metres of a degree along each axis, in that latitude
    stretch: float  # by how much a degree of longitude is shorter at the highest latitude than at the lowest

    def flat(self, box: Box) -> Box:
        """The box in metres."""
        ends = [tuple(c * scale for c, scale in zip(end, self.scales, strict=True)) for end in (box.low, box.high)]
        return Box(ends[0], ends[1], box.n)


def globe_of(names: Sequence[str], axes: Sequence[Floats]) -> Globe | None:
    """The globe that coordinates named as longitude and latitude lie on."""
    told = [name.strip().lower()[:3] for name in names]
    if told != ["lon", "lat"] or max(float(np.abs(axes[1]).max()), float(np.abs(axes[0]).max()) / 4) >= 90:
        return None
    low, high = (float(np.cos(np.radians(latitude))) for latitude in (axes[1].min(), axes[1].max()))
    middle = float(axes[1].mean())
    degree = RADIUS * np.pi / 180
    return Globe(middle, (degree * float(np.cos(np.radians(middle))), degree), 1 - min(low, high) / max(low, high))


def slopes(V: Floats, box: Box, globe: Globe | None) -> tuple[Floats, Floats]:
    """Divergence, shape n, and curl, shape (1, *n) or (3, *n), of a field of shape (d, *n); box in its coordinates."""
    if globe is None:
        return grid.divergence(V, box), grid.curl(V, box)
    width = np.cos(np.radians(box.mesh()[1]))
    degree = RADIUS * np.pi / 180

    def by(values: Floats, axis: int) -> Floats:
        return grid.derivative(values, axis, box.spacing[axis] * degree)

    div = (by(V[0], 0) + by(V[1] * width, 1)) / width
    return div, ((by(V[1], 0) - by(V[0] * width, 1)) / width)[None]


def measure(document: Document, V: Floats, box: Box, globe: Globe | None, names: Sequence[str]) -> list[Block]:
    """Set `values["measured"]`: root mean square, largest value and its place; the blocks that show them."""
    div, curl = slopes(V, box, globe)
    axes = [""] if len(curl) == 1 else [f", {name}" for name in names]
    rows = [("divergence", "", div), *(("curl", axis, part) for axis, part in zip(axes, curl, strict=True))]
    told: dict[str, dict[str, Any]] = {}
    table: list[list[Cell]] = []
    steps = box.spacing if globe is None else globe.flat(box).spacing
    least = ROUNDING * float(np.nanmax(np.abs(V))) / min(steps)
    for name, axis, part in rows:
        if not np.isfinite(part).any():
            continue
        values = np.where(np.abs(part) < least, 0.0, part)
        place = np.unravel_index(int(np.nanargmax(np.abs(values))), values.shape)
        point = [float(box.centres(i)[j]) for i, j in enumerate(place)]
        rms, top = float(np.sqrt(np.nanmean(values**2))), float(values[place])
        told[name + axis.removeprefix(", ")] = {"rms": rms, "largest": top, "at": point}
        where = ", ".join(f"{n} = {c:.4g}" for n, c in zip(names, point, strict=True))
        table.append([f"{name}{axis}", f"${decimals(rms, 4)}$", f"${decimals(top, 4)}$", where])
    document.values["measured"] = told
    columns = [Column("By differences"), Column("Root mean square", "", "right"), Column("Largest", "", "right"),
               Column("at")]  # fmt: skip
    return [Heading("Divergence and curl"), Table(columns, table)] if table else []


def in_words(document: Document) -> str:
    """What was measured, as a sentence."""
    told = [
        f"{name} has the root mean square ${decimals(row['rms'], 4)}$ and reaches ${decimals(row['largest'], 4)}$"
        for name, row in document.values["measured"].items()
    ]
    return f"By differences, {'; '.join(told)}."
