"""Other columns of a table beside the one that was fitted: their own sinusoids, and how far they lag behind it."""

from __future__ import annotations

from math import degrees, hypot, pi, sqrt

import numpy as np

from nabla.answer.document import Cell, Column, Document, Heading, Table
from nabla.labs.fit.programs import with_error
from nabla.read.data import Data
from nabla.sinusoid.chance import f_test
from nabla.sinusoid.fit import Fit, Task, fit
from nabla.sinusoid.times import Floats, classify
from nabla.write.notation import decimals

MOST = 6  # columns
LEAST = 8  # samples of one
STANDS_OUT = 5.0  # standard errors of an amplitude at the frequency of the first column


def beside(document: Document, found: Fit, data: Data) -> tuple[str, list[Heading | Table]]:
    """The table of the other columns, and the sentence of their lags, "" where none has the same frequency."""
    if not found.tones or not data.series:
        return "", []
    first = max(found.tones, key=lambda tone: tone.amplitude)
    rows: list[list[Cell]] = []
    told: list[str] = []
    listed = []
    for name, unit, values in data.series[:MOST]:
        good = np.isfinite(values)
        if np.count_nonzero(good) < LEAST or np.ptp(values[good]) == 0:
            continue
        x, y = data.x[good], np.asarray(values[good], dtype=np.float64)
        own = fit(classify(x), y, Task())
        strongest = max(own.tones, key=lambda tone: tone.amplitude, default=None)
        amplitude, phase, se = _at(x, y, first.frequency, own.trend)
        same = amplitude > STANDS_OUT * se
        ahead = (phase - first.phase + pi) % (2 * pi) - pi
        lag = -ahead / (2 * pi * first.frequency)
        error = hypot(se / amplitude, first.se_phase) if same else 0.0
        frequency = f"${with_error(strongest.frequency, strongest.se_frequency)}$" if strongest else "none"
        size = f"${with_error(amplitude, se)}${f' {unit}' if unit else ''}"
        shift = f"${with_error(lag, error / (2 * pi * first.frequency))}$" if same else ""
        turn = f"${with_error(degrees(-ahead), degrees(error))}°$" if same else ""
        rows.append([name, frequency, size, shift, turn])
        listed.append({"name": name, "frequency": strongest.frequency if strongest else None, "amplitude": amplitude})
        if same:
            listed[-1] |= {"phase": phase, "lag": lag, "phase_difference": ahead}
            told.append(_words(name, data, lag, ahead, amplitude / first.amplitude))
    if not rows:
        return "", []
    document.values["series"] = listed
    columns = [
        Column("Column"),
        Column("Its own frequency", "", "right"),
        Column(f"Amplitude at ${decimals(first.frequency, 5)}$", "", "right"),
        Column("Lag", data.x_unit, "right"),
        Column("Phase behind", "", "right"),
    ]
    caption = f"Lags are behind {data.y_name}, where the column swings at its frequency; less than half a cycle."
    return " ".join(told), [Heading("The other columns"), Table(columns, rows, caption)]


def _words(name: str, data: Data, lag: float, ahead: float, gain: float) -> str:
    """How one column stands to the first, in a sentence."""
    unit = f" {data.x_unit}" if data.x_unit else ""
    order = "lags behind" if lag > 0 else "is ahead of"
    size = f"${decimals(abs(lag), 3)}${unit}, ${decimals(abs(ahead), 3)}$ rad or ${decimals(abs(degrees(ahead)), 3)}°$"
    return f"`{name}` {order} `{data.y_name}` by {size}; its amplitude there is ${decimals(gain, 4)}$ times as large."


def at_frequency(x: Floats, y: Floats, frequency: float, trend: int) -> tuple[float, float, float]:
    """The amplitude of a sinusoid of that frequency, its error, and how often white noise gives as much: an F test."""
    amplitude, _, se = _at(x, y, frequency, trend)
    freedom = y.size - 2 - max(trend, 1)
    return amplitude, se, f_test((amplitude / se) ** 2 / 2, 2, freedom) if se > 0 and freedom > 0 else 0.0


def _at(x: Floats, y: Floats, frequency: float, trend: int) -> tuple[float, float, float]:
    """Amplitude and phase at x = 0 of a sinusoid of that frequency by least squares, and the amplitude's error."""
    angle = 2 * pi * frequency * x
    centred = (x - x.mean()) / (np.ptp(x) or 1.0)
    columns = np.column_stack([np.cos(angle), np.sin(angle), *(centred**i for i in range(max(trend, 1)))])
    best, *_ = np.linalg.lstsq(columns, y, rcond=None)
    left = y - columns @ best
    sigma = sqrt(float(left @ left) / max(y.size - columns.shape[1], 1))
    return hypot(best[0], best[1]), float(np.arctan2(-best[1], best[0])), sigma * sqrt(2 / y.size)
