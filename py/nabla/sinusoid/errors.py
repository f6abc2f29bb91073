"""Standard errors: the inverse of the full Fisher matrix, mapped to frequency, amplitude and phase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, hypot, inf, isqrt, pi, sqrt

import numpy as np

from nabla.sinusoid.chance import f_test, student
from nabla.sinusoid.refine import Point, inverse
from nabla.sinusoid.spectrum import Trials
from nabla.sinusoid.times import Floats, Times

WHITE = 2.576  # standard deviations of the lag-1 autocorrelation: 1 % of white records lie outside
AROUND = 50  # bins to either side at most, from which the noise at a tone is taken


@dataclass(frozen=True, slots=True)
class FittedTone:
    """amplitude * cos(2 pi frequency x + phase), frequency in cycles per unit of x, with standard errors.

    `a` and `b` are the same as a cos(2 pi frequency x) + b sin(2 pi frequency x). `false_alarm` is the probability that
    noise alone would have given a tone as strong where this one was found.
    """

    frequency: float
    amplitude: float
    phase: float
    se_frequency: float
    se_amplitude: float
    se_phase: float
    false_alarm: float

    @property
    def a(self) -> float:
        """The coefficient of the cosine."""
        return self.amplitude * float(np.cos(self.phase))

    @property
    def b(self) -> float:
        """The coefficient of the sine."""
        return -self.amplitude * float(np.sin(self.phase))


@dataclass(frozen=True, slots=True)
class Errors:
    """The covariance of all parameters at a fit with tones of free phase, in scaled units.

    The order is that of `Point.gram`: trend, cosines, sines, then the free frequencies. `sigma` is the standard
    deviation of the noise in units of y, `freedom` its degrees of freedom, `lag` the residual's lag-1 autocorrelation,
    `coloured` whether that is significant and the noise has been taken from around each tone.
    """

    covariance: Floats
    sigma: float
    freedom: int
    lag: float
    coloured: bool

    @property
    def t95(self) -> float:
        """How many standard errors to either side make a 95 % interval."""
        return student(0.95, self.freedom)


def errors(
    times: Times, point: Point, free: Sequence[bool], trend: int, residual: Floats, variance: float | None = None
) -> Errors:
    """The errors of `point`, with the noise variance from the residual, shape (n,), or as given."""
    freedom = max(times.n - point.parameters, 1)
    square = float(residual @ residual)
    noise = square / freedom if variance is None else variance
    covariance = inverse(point.gram) * noise
    lag = float(residual[1:] @ residual[:-1]) / square if square > 0 else 0.0
    coloured = abs(lag) * sqrt(times.n) > WHITE
    if coloured:
        around = np.sqrt(_around(times, point.f, residual) / (square / times.n))
        tones = around[1:]
        each = np.concatenate([np.full(trend, around[0]), tones, tones, tones[np.flatnonzero(free)]])
        covariance = covariance * each * each[:, None]
    return Errors(covariance, sqrt(noise), freedom, lag, coloured)


def _around(times: Times, f: Floats, residual: Floats) -> Floats:
    """The power density of the residual near frequency 0 and near each of f, 1 being that of white noise of variance 1.

    What counts for the error of a tone is the noise at its own frequency.
    """
    trials = Trials(times, times.nyquist, 1)
    density = np.abs(trials.sums(residual)) ** 2 / times.n
    reach = min(AROUND, 2 + isqrt(times.n) // 2)
    found = []
    for centre in [0.0, *f]:
        apart = np.abs(trials.g - centre)
        near = (apart >= 1) & (apart <= reach) & (trials.g > 0)
        found.append(float(density[near].mean()) if near.any() else float(residual @ residual) / times.n)
    return np.array(found)


def tones(
    times: Times,
    point: Point,
    free: Sequence[bool],
    trend: int,
    told: Errors,
    alarms: Sequence[float | None],
    unit: float,
) -> list[FittedTone]:
    """Each tone with its standard errors; amplitudes are multiplied by `unit`.

    `alarms` are the false-alarm probabilities of the tones; None for one at a given frequency, which gets the F test of
    its amplitudes.
    """
    k = point.f.size
    origin = times.centre / times.length
    found = []
    place = trend + 2 * k
    for i in range(k):
        a, b = point.wave[trend + i], point.wave[trend + k + i]
        amplitude = hypot(a, b)
        rows = [trend + i, trend + k + i]
        along = np.array([a, b]) / (amplitude or 1.0)
        across = np.array([b, -a]) / (amplitude or 1.0) ** 2
        jacobian = np.array([along, across])
        if free[i]:
            rows.append(place)
            place += 1
            jacobian = np.column_stack([jacobian, [0.0, -2 * pi * origin]])
            jacobian = np.vstack([jacobian, [0.0, 0.0, 1.0]])
        covariance = told.covariance[np.ix_(rows, rows)]
        variances = np.diag(jacobian @ covariance @ jacobian.T)
        se = [sqrt(max(v, 0.0)) for v in variances]
        alarm = alarms[i]
        if alarm is None:
            alarm = _present(np.array([a, b]), covariance[:2, :2], told.freedom)
        found.append(
            FittedTone(
                frequency=float(point.f[i] / times.length),
                amplitude=amplitude * unit,
                phase=_wrapped(-atan2(b, a) - 2 * pi * float(point.f[i]) * origin),
                se_frequency=se[2] / times.length if free[i] else 0.0,
                se_amplitude=se[0] * unit,
                se_phase=se[1],
                false_alarm=alarm,
            )
        )
    return found


def _present(amplitudes: Floats, covariance: Floats, freedom: int) -> float:
    """The probability of amplitudes as large by chance, at a frequency given beforehand."""
    if not np.any(covariance):
        return 0.0
    ratio = float(amplitudes @ np.linalg.solve(covariance, amplitudes)) / 2
    return f_test(ratio if ratio < inf else 1e300, 2, freedom)


def _wrapped(angle: float) -> float:
    """The angle from -pi (excluded) to pi."""
    return pi - (pi - angle) % (2 * pi)
