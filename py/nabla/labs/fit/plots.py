"""The plots of a fit: the data with the curve, the spectrum with its significance lines, the residuals."""

from __future__ import annotations

from math import sqrt

import numpy as np

from nabla.answer.document import Plot
from nabla.answer.marks import Axis, Band, Dots, Line, Mark, Rule
from nabla.labs.fit.blocks import cycles
from nabla.labs.fit.programs import CurveFormula
from nabla.read.data import Data
from nabla.sinusoid.count import LEVEL, least_fall, level
from nabla.sinusoid.fit import Fit
from nabla.sinusoid.spectrum import Trials
from nabla.sinusoid.times import Floats

POINTS = 3000  # dots drawn one by one
PIECES = 1000  # of a longer record, each drawn as the range of its values
ZOOM = 300  # samples of a longer record shown with the curve
PER_CYCLE = 24  # points of the curve
CURVE = 6000  # points of the curve at most
STRICT = 1e-3  # false-alarm probability of the second line


def plots(found: Fit, formula: CurveFormula, data: Data) -> list[Plot]:
    """Data and curve, spectrum, residuals."""
    return [*_curve(found, data), _spectrum(found, data), _residuals(found, data)]


def _axes(data: Data, y: str = "") -> tuple[Axis, Axis]:
    return Axis(data.x_name, data.x_unit), Axis(y or data.y_name, data.y_unit)


def _dots(x: Floats, y: Floats, label: str, color: int) -> Mark:
    """The points, or for a long record the range of each of its pieces."""
    if x.size <= POINTS:
        return Dots(x, y, label=label, color=color)
    starts = np.linspace(0, x.size, PIECES, endpoint=False).astype(int)
    return Band(x[starts], np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts), label=label, color=color)


def _curve(found: Fit, data: Data) -> list[Plot]:
    x, y = found.times.x, found.y
    axis_x, axis_y = _axes(data)
    count = len(found.tones)
    fitted = {0: "trend", 1: "sinusoid"}.get(count, f"sum of {count} sinusoids")
    told = f"{x.size:,} samples of {data.y_name} and the fitted {fitted}"
    if x.size <= POINTS:
        return [
            Plot([_dots(x, y, "data", 0), *_line(found, x[0], x[-1])], f"{told}.", axis_x, axis_y, title="Data and fit")
        ]
    start = (x.size - ZOOM) // 2
    part = slice(start, start + ZOOM)
    zoomed: list[Mark] = [Dots(x[part], y[part], label="data"), *_line(found, x[part][0], x[part][-1])]
    return [
        Plot([_dots(x, y, "range of the data", 0)], f"The range of {x.size:,} samples.", axis_x, axis_y, title="Data"),
        Plot(zoomed, f"{told}, {ZOOM} samples in the middle.", axis_x, axis_y, title="Data and fit, in the middle"),
    ]


def _line(found: Fit, low: float, high: float) -> list[Mark]:
    """The fitted curve between two x, when its cycles can be drawn."""
    share = (high - low) / found.times.length
    needed = int(PER_CYCLE * share * max(found.point.f.max(initial=1.0), 4.0))
    if needed > CURVE:
        inside = (found.times.x >= low) & (found.times.x <= high)
        return [Dots(found.times.x[inside], (found.y - found.residual)[inside], label="fit at the samples", color=1)]
    x: Floats = np.linspace(low, high, max(needed, 200), dtype=np.float64)
    t = (x - found.times.centre) / found.times.length
    y = np.asarray(np.polynomial.polynomial.polyval(2 * t, found.coefficients if found.trend else [0.0]))
    for tone in found.tones:
        y = y + tone.amplitude * np.cos(2 * np.pi * tone.frequency * x + tone.phase)
    return [Line(x, np.asarray(y, dtype=np.float64), label="fit", color=1)]


def _spectrum(found: Fit, data: Data) -> Plot:
    """Amplitude spectra of the data without trend and of the residual, the tones, and what would be significant."""
    times = found.times
    trials = Trials(times, found.highest, 4 if times.n <= POINTS else 1)
    t = 2 * times.t
    without = found.y - np.polynomial.polynomial.polyval(t, found.coefficients if found.trend else [0.0])
    g = trials.g / times.length
    frequency, size = _highest(g, np.abs(trials.sums(without / found.unit)) * (2 * found.unit / times.n))
    _, left = _highest(g, np.abs(trials.sums(found.residual / found.unit)) * (2 * found.unit / times.n))
    marks: list[Mark] = [
        Line(frequency, size, label="data without trend", color=0),
        Line(frequency, left, label="residual", color=2),
    ]
    if found.tones:
        at = np.array([(tone.frequency, tone.amplitude) for tone in found.tones])
        marks.append(Dots(at[:, 0], at[:, 1], label="fitted sinusoids", color=1))
    rss = float(np.sum((found.residual / found.unit) ** 2))
    for alarm in (LEVEL, STRICT):
        fall = rss * least_fall(alarm, times.n, found.point.parameters, found.highest, float(times.t.var()))
        if np.isfinite(fall):
            rule = Rule(y=[found.unit * sqrt(2 * fall / times.n)], label=f"{100 * alarm:g} % false alarm", color=3)
            marks.append(rule)
    strongest = max(found.tones, key=lambda tone: tone.amplitude, default=None)
    told = f"Amplitude spectrum, highest at {strongest.frequency:.4g}" if strongest else "Amplitude spectrum"
    below = "Without the fitted sinusoids the residual's spectrum stays below the significance lines."
    summary = f"{told}. {below if (found.next_alarm or 0.0) > level(found.searched) else ''}".strip()
    axis = Axis("Frequency", cycles(data))
    return Plot(marks, summary, axis, Axis("Amplitude", data.y_unit), title="Spectrum")


def _highest(g: Floats, size: Floats) -> tuple[Floats, Floats]:
    """A spectrum with no more points than can be seen: of every piece the largest value where it stands."""
    if g.size <= 2 * PIECES:
        return g, size
    width = -(-g.size // PIECES)
    padded = np.full(width * -(-g.size // width), -1.0)
    padded[: size.size] = size
    best = padded.reshape(-1, width).argmax(axis=1) + width * np.arange(padded.size // width)
    return g[best], size[best]


def _residuals(found: Fit, data: Data) -> Plot:
    axis_x, axis_y = _axes(data, "Residual")
    summary = f"What the fit leaves, with a root mean square of {found.rms:.3g}."
    marks: list[Mark] = [_dots(found.times.x, found.residual, "residual", 2), Rule(y=[0.0])]
    return Plot(marks, summary, axis_x, axis_y, title="Residuals")
