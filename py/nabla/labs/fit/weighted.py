"""The sinusoids of a record with a column of errors: the same fit with each sample weighed by 1/error."""

from __future__ import annotations

from math import atan2, hypot, pi, sqrt

import numpy as np

from nabla.answer.document import Cell, Column, Document, Heading, Prose, Table
from nabla.labs.fit.blocks import cycles
from nabla.labs.fit.programs import with_error
from nabla.read.data import Data
from nabla.sinusoid.curve import Curve, CurveFit, fit_curve
from nabla.sinusoid.fit import Fit
from nabla.sinusoid.times import Floats
from nabla.write.notation import decimals

MOST = 20_000  # samples


def with_weights(document: Document, found: Fit, data: Data) -> tuple[str, list[Heading | Table | Prose]]:
    """The weighted fit beside the other, into the document's values; the sentence on its strongest sinusoid."""
    if data.error is None or not found.tones or data.x.size > MOST:
        return "", []
    curve = _curve(found)
    ranges = [np.array([tone.frequency]) for tone in found.tones]
    made = fit_curve(curve, data.x, data.y, ranges, weights=1 / data.error)
    count, trend = len(found.tones), max(found.trend, 1)
    reduced = made.rss / max(made.freedom, 1)
    tones = [_tone(made, count, i) for i in range(count)]
    document.values["weighted"] = {
        "by": data.error_name,
        "tones": tones,
        "offset": float(made.parameters[3 * count]),
        "chi_square": made.rss,
        "freedom": made.freedom,
        "trend": [float(v) for v in made.parameters[3 * count : 3 * count + trend]],
    }
    rows: list[list[Cell]] = []
    for tone, own in zip(found.tones, tones, strict=True):
        rows.append(
            [
                f"${with_error(own['frequency'], own['se_frequency'])}$",
                f"${with_error(1 / own['frequency'], own['se_frequency'] / own['frequency'] ** 2)}$",
                f"${with_error(own['amplitude'], own['se_amplitude'])}$",
                f"${with_error(tone.amplitude, tone.se_amplitude)}$",
            ]
        )
    columns = [
        Column("Frequency", cycles(data), "right"),
        Column("Period", data.x_unit, "right"),
        Column("Amplitude", data.y_unit, "right"),
        Column("Amplitude without weights", data.y_unit, "right"),
    ]
    size = "as large as" if 0.5 < reduced < 2 else "larger than" if reduced >= 2 else "smaller than"
    judged = (
        f"The sum of the squares of residual over error is ${decimals(made.rss, 4)}$ for {made.freedom} degrees of "
        f"freedom: what is left is {size} the errors say. The errors here are scaled by it."
    )
    best = max(range(count), key=lambda i: found.tones[i].amplitude)
    frequency, se = tones[best]["frequency"], tones[best]["se_frequency"]
    length = with_error(1 / frequency, se / frequency**2)
    unit = f" {data.x_unit}" if data.x_unit else ""
    text = f"Weighted by `{data.error_name}` the period is ${length}${unit}."
    return text, [Heading(f"Weighted by {data.error_name}"), Table(columns, rows), Prose(judged)]


def _curve(found: Fit) -> Curve:
    """The sinusoids as a curve: cosines, sines, frequencies, and the trend in powers of x from its middle."""
    count, trend = len(found.tones), max(found.trend, 1)
    centre = found.times.centre

    def value(x: Floats, p: Floats) -> Floats:
        a, b, f = p[:count], p[count : 2 * count], p[2 * count : 3 * count]
        turns = 2 * pi * np.multiply.outer(x - centre, f)
        powers = (x - centre)[:, None] ** np.arange(trend)
        return np.asarray(np.cos(turns) @ a + np.sin(turns) @ b + powers @ p[3 * count :], dtype=np.float64)

    def jacobian(x: Floats, p: Floats) -> Floats:
        a, b, f = p[:count], p[count : 2 * count], p[2 * count : 3 * count]
        turns = 2 * pi * np.multiply.outer(x - centre, f)
        moved = 2 * pi * (x - centre)[:, None] * (b * np.cos(turns) - a * np.sin(turns))
        return np.hstack([np.cos(turns), np.sin(turns), moved, (x - centre)[:, None] ** np.arange(trend)])

    linear = (*range(2 * count), *range(3 * count, 3 * count + trend))
    return Curve(tuple(f"p{i}" for i in range(3 * count + trend)), value, jacobian, linear)


def _tone(made: CurveFit, count: int, i: int) -> dict[str, float]:
    """Frequency and amplitude of a sinusoid with their errors."""
    a, b, f = (float(made.parameters[i + k * count]) for k in range(3))
    amplitude = hypot(a, b)
    along = np.array([a, b]) / (amplitude or 1.0)
    block = made.covariance[np.ix_([i, i + count], [i, i + count])]
    return {
        "frequency": f,
        "se_frequency": float(made.se[i + 2 * count]),
        "amplitude": amplitude,
        "se_amplitude": sqrt(max(float(along @ block @ along), 0.0)),
        "phase_at_the_middle": atan2(-b, a),
    }
