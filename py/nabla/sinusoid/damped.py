"""Damped sinusoids: whether a residual asks for them, and their joint least-squares fit.

y = trend + sum of exp(-d s) (a cos 2 pi f t + b sin 2 pi f t), s = t + 1/2 running from the start of the record, so
that amplitudes are those at its start. Variable projection as in `refine`, over frequencies and decays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nabla.sinusoid.chance import f_test
from nabla.sinusoid.count import false_alarm, level
from nabla.sinusoid.fit import Fit
from nabla.sinusoid.refine import LOWEST, inverse, solve
from nabla.sinusoid.spectrum import Trials, bend
from nabla.sinusoid.sums import sums
from nabla.sinusoid.times import Floats, Times

SAMPLES = 20_000  # fitted at most: tables of exponentials are built
MOST = 8  # damped sinusoids counted
START = (0.0, 1.0, 3.0, 8.0, 20.0, 60.0)  # decays tried for a new one, e-foldings over the record
STEEPEST = 400.0
ASKED = 1e-4  # of the test that asks for decay
NEAR = 2.5  # bins between two undamped sinusoids that may stand for one that decays
STEPS = 60
FALL = 1e-13  # relative fall of the sum of squares at which to stop
EXACT = 1e-24  # of the sum of squares: the rest is rounding
ROUNDED = 1e-18  # and what is left of data written with nine digits


@dataclass(frozen=True, slots=True)
class DampedTone:
    """amplitude * exp(-decay (x - x0)) * cos(2 pi frequency x + phase), x0 the first x; with standard errors.

    `false_alarm` is the probability that noise alone would lower the sum of squares as much.
    """

    frequency: float
    decay: float
    amplitude: float
    phase: float
    se_frequency: float
    se_decay: float
    se_amplitude: float
    se_phase: float
    false_alarm: float


@dataclass(frozen=True, slots=True)
class DampedFit:
    """The tones, the coefficients of the powers of 2t and the residual, shape (n,), in units of y.

    `remaining` is what one more Gauss-Newton step would change, in standard errors; `rejected` the false-alarm
    probability of one tone more, None where none was tried.
    """

    tones: list[DampedTone]
    coefficients: Floats
    residual: Floats
    sigma: float
    freedom: int
    remaining: float
    rejected: float | None


@dataclass(frozen=True, slots=True)
class _DampedPoint:
    f: Floats
    d: Floats
    linear: Floats
    table: Floats
    slope: Floats  # the derivative of the model in all f, then in all d, shape (n, 2K)
    residual: Floats

    @property
    def rss(self) -> float:
        return float(self.residual @ self.residual)


def asked(found: Fit) -> bool:
    """Whether letting the tones decay would explain more than chance, to first order, or two lie where one may decay.

    The derivative of a tone in its decay is one of the columns that the normal equations have anyway.
    """
    k, p = found.point.f.size, found.trend
    square = float(np.sum((found.y / found.unit) ** 2))
    if not k or found.point.rss <= ROUNDED * square:
        return False
    if k > 1 and np.diff(np.sort(found.point.f)).min() < NEAR:
        return True
    scaled = found.y / found.unit
    problem = sums(found.times, scaled - (scaled.mean() if p else 0.0), p)
    gram, right = problem.normal(found.point.f)
    a, b = found.point.wave[p : p + k], found.point.wave[p + k : p + 2 * k]
    tone = np.arange(k)
    known = np.zeros((p + 4 * k, p + 3 * k))
    known[: p + 2 * k, : p + 2 * k] = np.eye(p + 2 * k)
    known[p + 2 * k + tone, p + 2 * k + tone], known[p + 3 * k + tone, p + 2 * k + tone] = b, -a
    decay = np.zeros((p + 4 * k, k))
    decay[p + 2 * k + tone, tone], decay[p + 3 * k + tone, tone] = -a, -b
    both = known.T @ gram @ decay
    left = decay.T @ gram @ decay - both.T @ solve(known.T @ gram @ known, both)
    linear = np.concatenate([found.point.wave, np.zeros(2 * k)])
    slope = decay.T @ (right - gram @ linear)
    fall = float(slope @ solve(left, slope))
    freedom = found.times.n - found.point.parameters - k
    if freedom < 1 or fall <= 0:
        return False
    noise = max(found.point.rss - fall, EXACT * square) / freedom
    return f_test(fall / k / noise, k, freedom) < ASKED


def fit_damped(times: Times, y: Floats, count: int | None, trend: int, highest: float) -> DampedFit:
    """Fit `count` damped sinusoids, or as many as are significant, on `trend` powers of t, to y, shape (n,)."""
    unit = float(np.abs(y).max())
    scaled = y / unit
    trials = Trials(times, highest, 4)
    variance = float(times.t.var())
    point = _at(times, scaled, trend, np.empty(0), np.empty(0))
    square = float(scaled @ scaled)
    alarms: list[float] = []
    rejected = None
    most = min(MOST if count is None else count, (times.n - trend - 1) // 4)
    while len(alarms) < most and point.rss > EXACT * square:
        trial = _refined(times, scaled, trend, _with_one_more(times, scaled, trend, point, trials), highest)
        # Each decay that was tried is a search of its own.
        alarm = false_alarm(point.rss, trial.rss, times.n, trend + 4 * len(alarms), highest, variance)
        alarm = min(1.0, alarm * len(START))
        if count is None and alarm > level(len(alarms)):
            rejected = alarm
            break
        alarms.append(alarm)
        point = trial
    return _told(times, trend, point, alarms, unit, rejected)


def _at(times: Times, y: Floats, trend: int, f: Floats, d: Floats) -> _DampedPoint:
    t = times.t[:, None]
    fall = np.exp(-d * (t + 0.5))
    cos, sin = fall * np.cos(2 * np.pi * f * t), fall * np.sin(2 * np.pi * f * t)
    table = np.concatenate([(2 * t) ** np.arange(trend), cos, sin], axis=1)
    q, r = np.linalg.qr(table)
    linear = solve(r.T @ r, r.T @ (q.T @ y))
    a, b = linear[trend : trend + f.size], linear[trend + f.size :]
    slope = np.concatenate([2 * np.pi * t * (b * cos - a * sin), -(t + 0.5) * (a * cos + b * sin)], axis=1)
    return _DampedPoint(f, d, linear, table, slope, y - table @ linear)


def _with_one_more(times: Times, y: Floats, trend: int, point: _DampedPoint, trials: Trials) -> _DampedPoint:
    """The point with the tone that, decaying at one of the rates tried, explains most of the residual."""
    s = times.t + 0.5
    starts = []
    for decay in START:
        weight = np.exp(-decay * s)
        power = np.abs(trials.sums(point.residual * weight)) ** 2 / float(weight @ weight)
        power[trials.g < 0.4] = 0.0
        best = int(np.argmax(power))
        starts.append((float(power[best]), trials.step * (best + bend(power, best)), decay))
    candidates = [
        _at(times, y, trend, np.append(point.f, max(f, LOWEST)), np.append(point.d, decay))
        for _, f, decay in sorted(starts, reverse=True)[:2]
    ]
    return min(candidates, key=lambda candidate: candidate.rss)


def _refined(times: Times, y: Floats, trend: int, point: _DampedPoint, highest: float) -> _DampedPoint:
    """Levenberg-Marquardt on frequencies and decays; a step is taken only if the sum of squares falls."""
    damping, k = 0.0, point.f.size
    for _ in range(STEPS):
        step = _step(point, damping)
        step[:k] = np.clip(step[:k], -0.5, 0.5)
        step[k:] = np.clip(step[k:], -0.5 * (1 + point.d), 0.5 * (1 + point.d))
        f, d = np.clip(point.f + step[:k], LOWEST, highest), np.clip(point.d + step[k:], 0.0, STEEPEST)
        trial = _at(times, y, trend, f, d)
        if trial.rss < point.rss:
            done = point.rss - trial.rss <= FALL * point.rss
            point, damping = trial, damping / 10 if damping > 1e-3 else 0.0
            if done:
                break
        elif damping > 1e6:
            break
        else:
            damping = max(10 * damping, 1e-3)
    return point


def _step(point: _DampedPoint, damping: float) -> Floats:
    q = np.linalg.qr(point.table)[0]
    apart = point.slope - q @ (q.T @ point.slope)
    return solve(apart.T @ apart, apart.T @ point.residual, damping)


def _told(
    times: Times, trend: int, point: _DampedPoint, alarms: Sequence[float], unit: float, rejected: float | None
) -> DampedFit:
    """The tones in units of x and y with the errors of the full covariance."""
    k = point.f.size
    jacobian = np.concatenate([point.table, point.slope], axis=1)
    freedom = max(times.n - jacobian.shape[1], 1)
    sigma = float(np.sqrt(point.rss / freedom))
    covariance = inverse(jacobian.T @ jacobian) * sigma**2
    step = _step(point, 0.0)
    errors = np.sqrt(np.maximum(np.diag(covariance)[-2 * k :], 0.0)) if k else np.empty(0)
    remaining = float(np.max(np.abs(step) / np.where(errors > 0, errors, np.inf), initial=0.0))
    origin = times.centre / times.length
    # The scaled time runs half a step off the ends of the record, and amplitudes are wanted at its first sample.
    late = float(times.t[0]) + 0.5
    tones = []
    for i in range(k):
        rows = [trend + i, trend + k + i, trend + 2 * k + i, trend + 3 * k + i]
        a, b = point.linear[trend + i], point.linear[trend + k + i]
        size = float(np.hypot(a, b)) or 1.0
        first = float(np.exp(-point.d[i] * late))
        mapped = np.array(
            [
                [a / size * first, b / size * first, 0, -late * size * first],
                [b / size**2, -a / size**2, -2 * np.pi * origin, 0],
                [0, 0, 1, 0],
                [0, 0, 0, 1],
            ]
        )
        amplitude, phase, frequency, decay = np.sqrt(
            np.maximum(np.diag(mapped @ covariance[np.ix_(rows, rows)] @ mapped.T), 0.0)
        )
        tones.append(
            DampedTone(
                frequency=float(point.f[i] / times.length),
                decay=float(point.d[i] / times.length),
                amplitude=size * first * unit,
                phase=_wrapped(float(-np.arctan2(b, a) - 2 * np.pi * point.f[i] * origin)),
                se_frequency=float(frequency / times.length),
                se_decay=float(decay / times.length),
                se_amplitude=float(amplitude * unit),
                se_phase=float(phase),
                false_alarm=alarms[i],
            )
        )
    return DampedFit(
        tones, point.linear[:trend] * unit, point.residual * unit, sigma * unit, freedom, remaining, rejected
    )


def _wrapped(angle: float) -> float:
    return float(np.pi - (np.pi - angle) % (2 * np.pi))
