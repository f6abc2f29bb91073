"""The cycle of a record drawn: folded at its period, the window of its sampling, its aliases, what follows."""

from __future__ import annotations

from math import pi

import numpy as np

from nabla.answer.document import Block, Cell, Column, Heading, Plot, Prose, Table
from nabla.answer.marks import Axis, Band, Dots, Line, Mark, Rule
from nabla.labs.fit.blocks import cycles
from nabla.labs.fit.harmonics import Harmonics
from nabla.read.data import Data
from nabla.sinusoid.errors import FittedTone
from nabla.sinusoid.fit import Fit
from nabla.sinusoid.spectrum import Trials
from nabla.sinusoid.times import Floats
from nabla.write.notation import decimals, percent

SAMPLES = 3000  # of a record that is folded
TIMES = 3.0  # cycles in the record, fewer of which show nothing when folded
CURVE = 200  # points of a drawn cycle
RIVALS = 5  # other frequencies that are listed
WORTH = 0.2  # of the fall of the sum of squares, below which a frequency is no rival
WINDOWS = 4  # peaks of the window that explain them
SEEN = 0.8  # of the window: where it is larger the samples hardly tell a sinusoid from a constant
LOBE = 1.5  # bins around the frequency and around 0 that belong to it
AHEAD = 0.25  # of the record, by which the curve is continued


def cycle(found: Fit, group: Harmonics | None) -> tuple[float, list[FittedTone]]:
    """The frequency of the cycle and its sinusoids: the harmonics of one, or the strongest alone."""
    strongest = max(found.tones, key=lambda tone: tone.amplitude)
    if group and any(tone is strongest for _, tone in group.members):
        return group.frequency, [tone for _, tone in group.members]
    return strongest.frequency, [strongest]


def folded(found: Fit, data: Data, group: Harmonics | None) -> list[Plot]:
    """The samples over the phase of the cycle, twice, without the trend and the other sinusoids."""
    if not found.tones or found.times.n > SAMPLES:
        return []
    frequency, own = cycle(found, group)
    if frequency * float(np.ptp(found.times.x)) < TIMES:
        return []
    x = found.times.x
    wave = _waves(own, x)
    shown = found.residual + wave
    phase = (frequency * (x - x[0])) % 1
    grid: Floats = np.linspace(0, 2, CURVE, dtype=np.float64)
    marks: list[Mark] = [
        Dots(np.concatenate([phase, phase + 1]), np.concatenate([shown, shown]), label="data"),
        Line(grid, _waves(own, x[0] + grid / frequency), label="fit", color=1),
    ]
    unit = f" {data.x_unit}" if data.x_unit else ""
    period = decimals(1 / frequency, 6)
    told = f"All {found.times.n:,} samples over the phase of a cycle of {period}{unit}, drawn twice."
    return [Plot(marks, told, Axis("Phase"), Axis(data.y_name, data.y_unit), title=f"Folded at {period}{unit}")]


def _waves(tones: list[FittedTone], x: Floats) -> Floats:
    total = np.zeros(x.size)
    for tone in tones:
        total += tone.amplitude * np.cos(2 * pi * tone.frequency * x + tone.phase)
    return total


def window(found: Fit, data: Data) -> list[Block]:
    """The spectrum of the sampling itself, at uneven times, and the frequencies that it makes look alike."""
    times = found.times
    if times.place is not None or not found.tones:
        return []
    trials = Trials(times, found.highest, 4)
    g = trials.g / times.length
    size = np.abs(trials.sums(np.ones(times.n))) / times.n
    strongest = max(found.tones, key=lambda tone: tone.amplitude)
    rows = _rivals(found, data, strongest, trials, size)
    axis = Axis("Frequency", cycles(data))
    marks: list[Mark] = [Line(g, size, label="window"), Rule(y=[0.5], color=3, label="half")]
    told = (
        "The spectrum of the sampling: a peak at a distance makes a sinusoid show at that distance from itself as well."
    )
    plot = Plot(marks, told, axis, Axis("Window"), title="Window of the sampling")
    if not rows:
        return [plot, Prose("No other frequency explains the record nearly as well: the sampling leaves no doubt.")]
    columns = [
        Column("Frequency", cycles(data), "right"),
        Column("Period", data.x_unit, "right"),
        Column("Explains, of the best", "", "right"),
        Column("From"),
    ]
    caption = "Frequencies that the sampling makes look like the strongest sinusoid, by how much each would explain."
    return [plot, Heading("Aliases"), Table(columns, rows, caption)]


def _rivals(found: Fit, data: Data, tone: FittedTone, trials: Trials, size: Floats) -> list[list[Cell]]:
    """The other peaks of the spectrum of this sinusoid and the noise, and the window's peak behind each."""
    times, g = found.times, trials.g
    alone = (found.residual + _waves([tone], times.x)) / found.unit
    gain = trials.gain(alone, np.full((times.n, 1), times.n**-0.5))
    at = tone.frequency * times.length
    best = float(gain[np.abs(g - at) < 1].max(initial=0.0)) or 1.0
    maxima = np.flatnonzero((gain[1:-1] >= gain[:-2]) & (gain[1:-1] > gain[2:])) + 1
    peaks = [i for i in maxima[np.argsort(-gain[maxima])] if abs(g[i] - at) > LOBE and size[i] < SEEN]
    peaks = [i for i in peaks if gain[i] > WORTH * best]
    heights = np.flatnonzero((size[1:-1] >= size[:-2]) & (size[1:-1] > size[2:])) + 1
    steps = [g[i] for i in heights[np.argsort(-size[heights])] if g[i] > LOBE][:WINDOWS]
    rows: list[list[Cell]] = []
    for i in peaks[:RIVALS]:
        f = g[i] / times.length
        told = ""
        for step in steps:
            signs = (("f + ", g[i] - at - step), ("f - ", at - step - g[i]), ("-f + ", step - at - g[i]))
            told = next((f"{sign}{decimals(step / times.length, 4)}" for sign, off in signs if abs(off) < LOBE), told)
            if told:
                break
        rows.append([f"${decimals(f, 5)}$", f"${decimals(1 / f, 5)}$", f"{percent(float(gain[i]) / best)} %", told])
    return rows


def ahead(found: Fit, data: Data) -> list[Plot]:
    """The curve continued behind the record, with the band in which 95 % of new samples lie if it goes on like that."""
    times = found.times
    free = [i for i, is_free in enumerate(found.shape.free) if is_free]
    if not found.tones or found.errors.covariance.shape[0] != found.trend + 2 * len(found.tones) + len(free):
        return []
    length = float(np.ptp(times.x))
    slowest = min(tone.frequency for tone in found.tones)
    reach = min(AHEAD * length, 3 / slowest)
    x: Floats = np.linspace(times.x[-1], times.x[-1] + reach, 2 * CURVE, dtype=np.float64)
    t = (x - times.centre) / times.length
    turns = 2 * pi * np.multiply.outer(t, found.point.f)
    k = found.point.f.size
    a, b = found.point.wave[found.trend : found.trend + k], found.point.wave[found.trend + k :]
    powers = (2 * t)[:, None] ** np.arange(found.trend)
    moved = 2 * pi * t[:, None] * (b * np.cos(turns) - a * np.sin(turns))
    jacobian = np.hstack([powers, np.cos(turns), np.sin(turns), moved[:, free]])
    spread = np.einsum("ij,jk,ik->i", jacobian, found.errors.covariance, jacobian) + found.errors.sigma**2
    wide = found.errors.t95 * np.sqrt(np.maximum(spread, 0.0)) * found.unit
    y = np.polynomial.polynomial.polyval(2 * t, found.coefficients if found.trend else [0.0]) + _waves(found.tones, x)
    recent = times.x >= times.x[-1] - reach
    marks: list[Mark] = [
        Band(x, y - wide, y + wide, label="95 % of new samples", color=1),
        Dots(times.x[recent], found.y[recent], label="data"),
        Line(x, y, label="fit, continued", color=1, dash=True),
    ]
    told = "What the fit foretells, as long as nothing changes in what it has found."
    return [
        Plot(marks, told, Axis(data.x_name, data.x_unit), Axis(data.y_name, data.y_unit), title="What would follow")
    ]
