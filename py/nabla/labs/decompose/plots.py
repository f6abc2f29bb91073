"""The pictures of a decomposition: fields as arrows on a map of their size, divergence and curl, slices in space."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from nabla.answer.document import Plot
from nabla.answer.marks import Axis, Frame, Mark, Placing, Raster, Timeline, Vectors
from nabla.helmholtz.answer import Decomposition
from nabla.helmholtz.grid import Box, Floats, norm
from nabla.labs.decompose.blocks import QUESTIONS
from nabla.labs.decompose.streams import streamlines

PIXELS = {2: 64, 3: 32}  # of a map along an axis
ARROWS = {2: 18, 3: 10}
FRAMES = 16  # slices at most
NOTHING = 1e-9  # of |V|: a part smaller than that has no picture


def pictures(answers: Sequence[Decomposition], V: Floats, box: Box, names: Sequence[str]) -> list[Plot]:
    """V, and of every answer S, H and the rest, all on one scale."""
    top = float(np.sqrt(np.nanmax((V**2).sum(axis=0)))) or 1.0
    made = [_field(V, "V", "The field", box, names, top)]
    titles = {"S": "solenoidal part S", "H": "irrotational part H", "harmonic": "harmonic rest"}
    for answer in answers:
        name = QUESTIONS[answer.boundary][0]
        for part, field in answer.fields().items():
            if norm(field) > NOTHING * norm(V):
                label = "h" if part == "harmonic" else part
                made.append(_field(field, label, f"{name}: {titles[part]}", box, names, top))
    return made


def sources(source: Floats, swirl: Floats, box: Box, names: Sequence[str]) -> list[Plot]:
    """Divergence and curl of V, what H and S come from, on one scale."""
    of_h, of_s = "Divergence of V, the source of H", "Curl of V, the source of S"
    sizes = [np.abs(source), np.sqrt((swirl**2).sum(axis=0))]
    top = max(float(np.max(each, initial=0.0, where=np.isfinite(each))) for each in sizes) or 1.0
    if box.dimension == 3:
        made = [_divergence(source, of_h, box, names, top)]
        return [*made, _slices(swirl, "curl V", of_s, box, names, top)] if norm(swirl) else made
    made = []
    for values, label, title in ((source, "div V", of_h), (swirl[0], "curl V", of_s)):
        marks: list[Mark] = [Raster(*_map(values, box), label=label, diverging=True, range=(-top, top))]
        made.append(Plot(marks, f"{title}, {_span(values)}.", *_axes(box, names), title=title, equal=_alike(box)))
    return made


def _span(values: Floats) -> str:
    finite = values[np.isfinite(values)]
    return f"from {finite.min():.3g} to {finite.max():.3g}" if finite.size else "nowhere known"


def _axes(box: Box, names: Sequence[str]) -> tuple[Axis, Axis]:
    across, along = ((box.low[i], box.high[i]) for i in (0, box.dimension - 1))
    return Axis(f"${names[0]}$", domain=across), Axis(f"${names[-1]}$", domain=along)


def _alike(box: Box) -> bool:
    """Whether both axes can have one scale."""
    width, height = (box.high[i] - box.low[i] for i in (0, box.dimension - 1))
    return 0.25 < width / height < 4


def _field(field: Floats, label: str, title: str, box: Box, names: Sequence[str], top: float) -> Plot:
    if box.dimension == 3:
        return _slices(field, label, title, box, names, top)
    size = np.sqrt((field**2).sum(axis=0))
    x, y, z = _map(size, box)
    raster = Raster(x, y, z, label=f"|{label}|", range=(0.0, top))
    marks: list[Mark] = [raster, streamlines(field, box), _arrows(field, box, label, top)]
    summary = f"{title}: arrows and streamlines on a map of its size, at most {float(np.nanmax(size)):.3g}."
    placing = Placing("at", "{x}, {y}", "Report V and its parts here")
    return Plot(marks, summary, *_axes(box, names), title=title, equal=_alike(box), placing=placing)


def _slices(field: Floats, label: str, title: str, box: Box, names: Sequence[str], top: float) -> Plot:
    def drawn(sheet: Floats, flat: Box) -> list[Mark]:
        raster = Raster(*_map(np.sqrt((sheet**2).sum(axis=0)), flat, PIXELS[3]), label=f"|{label}|", range=(0.0, top))
        return [raster, _arrows(sheet[[0, 2]], flat, label, top, ARROWS[3])]

    summary = f"{title} in slices across {names[1]}: arrows of its part in the slice on a map of its size."
    return _sliced(field, title, summary, box, names, drawn)


def _divergence(source: Floats, title: str, box: Box, names: Sequence[str], top: float) -> Plot:
    def drawn(sheet: Floats, flat: Box) -> list[Mark]:
        return [Raster(*_map(sheet, flat, PIXELS[3]), label="div V", diverging=True, range=(-top, top))]

    return _sliced(source, title, f"{title}, in slices across {names[1]}, {_span(source)}.", box, names, drawn)


def _sliced(
    values: Floats, title: str, summary: str, box: Box, names: Sequence[str], drawn: Callable[[Floats, Box], list[Mark]]
) -> Plot:
    """Slices across the second coordinate, one a frame, under one control for all plots."""
    y = box.centres(1)
    frames = []
    flat = Box((box.low[0], box.low[2]), (box.high[0], box.high[2]), (box.n[0], box.n[2]))
    for place in np.unique(np.linspace(0, box.n[1] - 1, min(FRAMES, box.n[1])).astype(int)):
        marks = drawn(np.take(values, place, axis=-2), flat)
        frames.append(Frame(float(y[place]), marks, f"{names[1]} = {y[place]:.4g}"))
    middle = frames[len(frames) // 2].at
    line = Timeline("slice", names[1], frames[0].at, frames[-1].at, at=middle, play=False)
    return Plot([], summary, *_axes(box, names), title=title, equal=_alike(box), timeline=line, frames=frames)


def _steps(box: Box, axis: int, most: int) -> Floats:
    """Coordinates of at most so many points, evenly spread over the cells of an axis."""
    n = box.n[axis]
    if n <= most:
        return box.centres(axis)
    width = (box.high[axis] - box.low[axis]) / most
    return np.asarray(box.low[axis] + width * (np.arange(most) + 0.5), dtype=float)


def _at(values: Floats, box: Box, most: int) -> tuple[Floats, Floats, Floats]:
    """Values of shape (..., nx, ny) at no more points than `most` along an axis: x, y, (..., len(x), len(y))."""
    lead = values.ndim - 2
    x, y = _steps(box, 0, most), _steps(box, 1, most)
    for axis, to in ((0, x), (1, y)):
        if to.size < box.n[axis]:
            place = (to - box.low[axis]) / box.spacing[axis] - 0.5
            nearest = np.clip(np.rint(place).astype(int), 0, box.n[axis] - 1)
            values = np.take(values, nearest, axis=lead + axis)
    return x, y, values


def _map(values: Floats, box: Box, most: int = PIXELS[2]) -> tuple[Floats, Floats, Floats]:
    """Coordinates and values of a map; z has a row for each y."""
    x, y, z = _at(values, box, most)
    return x, y, np.ascontiguousarray(z.T)


def _arrows(field: Floats, box: Box, label: str, top: float, most: int = ARROWS[2]) -> Vectors:
    x, y, values = _at(field, box, most)
    across, along = np.meshgrid(x, y, indexing="ij")
    known = np.isfinite(values).all(axis=0)
    return Vectors(across[known], along[known], values[0][known], values[1][known], label=label, longest=top)


def unlike(answers: Sequence[Decomposition], box: Box, names: Sequence[str]) -> list[Plot]:
    """Where the solenoidal parts of two answers differ, on one scale; in the plane only."""
    if box.dimension == 3 or len(answers) < 2:
        return []
    sizes = {
        (a.boundary, b.boundary): np.sqrt(((a.parts.S - b.parts.S) ** 2).sum(axis=0))
        for a, b in combinations(answers, 2)
    }
    top = max(float(np.nanmax(each)) for each in sizes.values())
    made = []
    for (a, b), values in sizes.items():
        x, y, z = _map(values, box, PIXELS[3])
        title = f"S, {QUESTIONS[a][0].lower()} against {QUESTIONS[b][0].lower()}"
        summary = f"The size of the difference of S, at most {float(np.nanmax(values)):.3g}."
        marks: list[Mark] = [Raster(x, y, z, label="|S − S'|", range=(0.0, top))]
        made.append(Plot(marks, summary, *_axes(box, names), title=title, equal=_alike(box)))
    return made
