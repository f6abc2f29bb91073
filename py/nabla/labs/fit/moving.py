"""A frequency that moves: the strongest sinusoid of each piece of a record, and the spectrogram it is seen in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabla.answer.document import Block, Document, Heading, Plot
from nabla.answer.marks import Axis, Line, Mark, Raster
from nabla.labs.fit.blocks import cycles
from nabla.read.data import Data
from nabla.sinusoid.fit import Fit, Task, fit
from nabla.sinusoid.times import Floats, classify
from nabla.write.notation import decimals

LEAST, MOST = 96, 20_000  # samples
PIECES = 13  # each overlaps half of the next
SHARE = 7  # pieces without overlap
SURE = 0.01  # false-alarm probability of a piece's sinusoid
SEEN = 0.7  # of the pieces that must have one
POOR = 0.2  # of the variance left by steady sinusoids, or
MANY = 4  # sinusoids: a frequency that moves takes many
FAR = 6.0  # standard errors by which the frequencies of pieces must scatter
APART = 0.05  # of the frequency, by which they must differ
SMOOTH = 0.5  # of the scatter: steps between neighbours, larger for frequencies that only jump
ROWS = 96  # frequencies of the spectrogram


@dataclass(frozen=True, slots=True)
class Track:
    """The frequency of each piece with its error, and the middle of the piece, shape (k,) each."""

    x: Floats
    frequency: Floats
    se: Floats


def track(found: Fit, data: Data) -> Track | None:
    """The frequency in pieces of the record, where it moves on from one to the next; None where it stays.

    Tested are the scatter of the pieces' frequencies against their errors, and that it is no jumping between two.
    """
    n, scaled = data.x.size, found.y / found.unit
    left = float(np.mean((found.residual / found.unit) ** 2)) / (float(np.var(scaled)) or 1.0)
    if not LEAST <= n <= MOST or (left < POOR and len(found.tones) < MANY):
        return None
    size = n // SHARE
    rows: list[tuple[float, float, float]] = []
    for start in np.linspace(0, n - size, PIECES).astype(int):
        x, y = data.x[start : start + size], scaled[start : start + size]
        if np.ptp(y) == 0 or np.ptp(x) <= 0:
            continue
        piece = fit(classify(x), y, Task(count=1))
        if piece.tones and piece.path.alarms and (piece.path.alarms[0] or 0.0) < SURE:
            rows.append((float(x.mean()), piece.tones[0].frequency, piece.tones[0].se_frequency))
    if len(rows) < SEEN * PIECES:
        return None
    made = Track(*(np.array(column) for column in zip(*rows, strict=True)))
    f, se = made.frequency, np.maximum(made.se, 1e-9 * made.frequency)
    centre = float(np.sum(f / se**2) / np.sum(1 / se**2))
    scatter = float(np.sqrt(np.mean(((f - centre) / se) ** 2)))
    steps = float(np.mean(np.diff(f) ** 2)) / (float(np.var(f)) or 1.0)
    far = float(np.ptp(f)) > APART * float(np.median(f))
    return made if scatter > FAR and far and steps < SMOOTH else None


def moves(document: Document, found: Fit, data: Data) -> tuple[str, list[Block]]:
    """The beginning of the answer where the frequency moves, and the spectrogram; "" and nothing where it stays."""
    made = track(found, data)
    if made is None:
        return "", []
    document.values["moving"] = {"x": made.x.tolist(), "frequency": made.frequency.tolist(), "se": made.se.tolist()}
    unit = cycles(data)
    first, last = (decimals(float(made.frequency[i]), 4) for i in (0, -1))
    text = (
        f"The frequency moves, from ${first}$ near {data.x_name} = ${decimals(float(made.x[0]), 4)}$ to ${last}$ near "
        f"${decimals(float(made.x[-1]), 4)}$ {unit}. No steady sinusoid describes that"
    )
    document.warn("moving-frequency", f"{text}; those below only add up to it.")
    x, g, z = _spectrogram(found, data)
    marks: list[Mark] = [
        Raster(x, g, z, label="amplitude"),
        Line(made.x, made.frequency, label="strongest sinusoid", color=1),
    ]
    told = "The amplitude spectrum of pieces of the record, one beside the other, and the strongest sinusoid of each."
    axes = Axis(data.x_name, data.x_unit), Axis("Frequency", unit)
    return f"{text}. ", [Heading("Where the frequency is"), Plot(marks, told, *axes, title="Spectrogram")]


def _spectrogram(found: Fit, data: Data) -> tuple[Floats, Floats, Floats]:
    """The middles of overlapping pieces (k,), frequencies (m,) up to the highest, and amplitudes (m, k)."""
    n = data.x.size
    size = n // SHARE
    g = np.linspace(0, found.highest / found.times.length, ROWS)
    middles, columns = [], []
    for start in np.linspace(0, n - size, 3 * PIECES).astype(int):
        x, y = data.x[start : start + size], found.y[start : start + size]
        taper = np.hanning(size + 2)[1:-1]
        waves = np.exp(-2j * np.pi * np.multiply.outer(g, x - x[0]))
        columns.append(2 * np.abs(waves @ (taper * (y - y.mean()))) / taper.sum())
        middles.append(float(x.mean()))
    return np.array(middles), np.asarray(g, dtype=np.float64), np.column_stack(columns)
