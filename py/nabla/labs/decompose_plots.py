"""The pictures of a decomposition: fields as arrows on a map of their size, divergence and curl, slices in space."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from nabla.document import Plot
from nabla.helmholtz.answer import Answer
from nabla.helmholtz.grid import Box, Floats, norm
from nabla.labs.decompose_blocks import QUESTIONS
from nabla.marks import Axis, Frame, Line, Mark, Placing, Raster, Timeline, Vectors

PIXELS = {2: 64, 3: 32}  # of a map along an axis
ARROWS = {2: 18, 3: 10}
STEPS, STEP = 12, 0.035  # of a streamline to either side, and their length over that of the box
TOO_SLOW = 1e-6  # of the fastest: no streamline runs there
FRAMES = 16  # slices at most
_CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
NOTHING = 1e-9  # of |V|: a part smaller than that has no picture


def pictures(answers: Sequence[Answer], V: Floats, box: Box, names: Sequence[str]) -> list[Plot]:
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
    """Divergence and curl of V, what H and S come from."""
    of_h, of_s = "Divergence of V, the source of H", "Curl of V, the source of S"
    if box.dimension == 3:
        top = float(np.sqrt(np.nanmax((swirl**2).sum(axis=0)))) or 1.0
        made = [_divergence(source, of_h, box, names)]
        return [*made, _slices(swirl, "curl V", of_s, box, names, top)] if norm(swirl) else made
    maps = ((source, "div V", of_h), (swirl[0], "curl V", of_s))
    made = []
    for values, label, title in maps:
        x, y, z = _map(values, box)
        summary = f"{title}, from {float(values.min()):.3g} to {float(values.max()):.3g}."
        marks: list[Mark] = [Raster(x, y, z, label=label, diverging=True)]
        made.append(Plot(marks, summary, *_axes(box, names), title=title, equal=_alike(box)))
    return made


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


def _divergence(source: Floats, title: str, box: Box, names: Sequence[str]) -> Plot:
    top = float(np.nanmax(np.abs(source))) or 1.0

    def drawn(sheet: Floats, flat: Box) -> list[Mark]:
        return [Raster(*_map(sheet, flat, PIXELS[3]), label="div V", diverging=True, range=(-top, top))]

    summary = f"{title}, in slices across {names[1]}, from {float(source.min()):.3g} to {float(source.max()):.3g}."
    return _sliced(source, title, summary, box, names, drawn)


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


def streamlines(field: Floats, box: Box) -> Line:
    """Twelve lines along a field in the plane, evenly begun, by the midpoint rule in steps of equal length."""
    low, width = np.array(box.low), np.array(box.high) - np.array(box.low)
    across, along = np.meshgrid((np.arange(4) + 0.5) / 4, (np.arange(3) + 0.5) / 3)
    starts = np.stack([across.ravel(), along.ravel()])
    scaled = field / width[:, None, None]
    least = TOO_SLOW * float(np.sqrt(np.nanmax((scaled**2).sum(axis=0))))

    def heading(place: Floats) -> Floats:
        """The direction at places within the unit square; NaN outside, in holes and where nothing moves."""
        cell = place * np.array(box.n)[:, None] - 0.5
        inside = ((place >= 0) & (place <= 1)).all(axis=0)
        most = np.array(box.n)[:, None] - 2
        first = np.clip(np.floor(np.where(inside, cell, 0)).astype(int), 0, most)
        t = np.where(inside, cell, 0) - first
        i, j = first
        corners = [
            (scaled[:, i + a, j + b], (t[0] if a else 1 - t[0]) * (t[1] if b else 1 - t[1])) for a, b in _CORNERS
        ]
        value = np.asarray(sum(v * w for v, w in corners))
        speed = np.sqrt((value**2).sum(axis=0))
        return np.where(inside & (speed > least), value / np.where(speed > 0, speed, 1), np.nan)

    halves = []
    for sign in (-1.0, 1.0):
        places = [starts]
        for _ in range(STEPS):
            middle = places[-1] + sign * STEP / 2 * heading(places[-1])
            places.append(places[-1] + sign * STEP * heading(middle))
        halves.append(np.stack(places))
    lines = np.concatenate([halves[0][:0:-1], halves[1]])  # steps, coordinates, lines
    lines = np.concatenate([lines, np.full((1, *lines.shape[1:]), np.nan)])
    x, y = (low[k] + width[k] * lines[:, k].T.ravel() for k in (0, 1))
    known = np.isfinite(x) | np.r_[False, np.isfinite(x[:-1])]  # one gap between lines is enough
    return Line(x[known], y[known], label="streamlines", color=2)


def unlike(answers: Sequence[Answer], box: Box, names: Sequence[str]) -> list[Plot]:
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
