"""Tones in red noise: a path like that of white noise, each step fitted together with autoregressive noise of order 1.

Noise whose neighbours are alike has more power at low frequencies, where tests against white noise find tones that are
not there. Here noise at times x has the correlation r^|dx/step| (an Ornstein-Uhlenbeck process where times are uneven),
and its r is estimated anew with and without each tone: a tone counts when the likelihood of the tone and its noise is
beyond what noise alone, with its own r, would give. The test is Baluev's (see `count`) on the effective sum of squares
exp(-2 log L / n), as for white noise. K. Hasselmann, Tellus 28 (1976), 473, is the model of the noise;
M. Schulz and M. Mudelsee, Computers & Geosciences 28 (2002), 421, use it at uneven times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabla.sinusoid.count import count, false_alarm, level
from nabla.sinusoid.refine import LARGEST_STEP, LOWEST, solve
from nabla.sinusoid.spectrum import Trials
from nabla.sinusoid.times import Floats, Times

LONGEST = 5000  # samples up to which noise and tones are fitted together
AT_MOST = 10  # tones
AHEAD = 2  # tones beyond the last significant one
GROUPS = 64  # into which uneven gaps are gathered
STEPS = 6  # of Gauss and Newton for each candidate
NEAREST = 0.1  # steps: what is measured twice at a time still differs
CLOSEST = 0.3  # bins between a candidate and a tone that is there
_GRID = np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.87, 0.92, 0.95, 0.97, 0.985, 0.993, 0.998])


@dataclass(frozen=True, slots=True)
class RedPoint:
    """Tones at `f` (K,), in bins, and noise with the correlation `ar1` one step apart, by maximum likelihood.

    `effective` is the sum of squares that white noise of the same likelihood would leave.
    """

    f: Floats
    ar1: float
    effective: float
    linear: Floats


@dataclass(frozen=True, slots=True)
class RedPath:
    """The fits after each number of tones and the false-alarm probability of each step."""

    points: list[RedPoint]
    alarms: list[float]

    @property
    def chosen(self) -> RedPoint:
        """The fit with the number of tones that the probabilities call for."""
        return self.points[count(self.alarms) if self.alarms else 0]


class RedNoise:
    """The likelihood of records at these times in red noise; y has the shape (n,), its trend `trend` powers of t."""

    def __init__(self, times: Times, y: Floats, trend: int) -> None:
        self.times, self.y = times, y
        self.trend = np.multiply.outer(2 * times.t, np.ones(trend)) ** np.arange(trend)
        gaps = np.diff(times.x) / times.step if times.place is None else np.diff(times.place).astype(float)
        gaps = np.maximum(gaps, NEAREST)
        sizes = np.unique(gaps)
        if sizes.size > GROUPS:
            edges = np.quantile(gaps, np.linspace(0, 1, GROUPS + 1)[1:-1])
            groups = np.searchsorted(edges, gaps)
        else:
            groups = np.searchsorted(sizes, gaps)
        self.members = [np.flatnonzero(groups == g) for g in np.unique(groups)]
        self.gaps = np.array([gaps[m].mean() for m in self.members])
        self.counts = np.array([m.size for m in self.members])

    def columns(self, f: Floats) -> Floats:
        """Trend, cosines and sines, shape (n, p + 2K)."""
        waves = np.exp(2j * np.pi * np.multiply.outer(self.times.t, f))
        return np.concatenate([self.trend, waves.real, waves.imag], axis=1)

    def _products(self, columns: Floats) -> list[tuple[Floats, Floats, Floats]]:
        """For each group of gaps the products of later with later, earlier with earlier, later with earlier rows."""
        made = []
        for members in self.members:
            later, earlier = columns[members + 1], columns[members]
            mixed = later.T @ earlier
            made.append((later.T @ later, earlier.T @ earlier, mixed + mixed.T))
        return made

    def _gram(self, columns: Floats, products: list[tuple[Floats, Floats, Floats]], ar1: float) -> Floats:
        total = np.outer(columns[0], columns[0])
        for rho, (later, earlier, mixed) in zip(ar1**self.gaps, products, strict=True):
            total += (later + rho * rho * earlier - rho * mixed) / (1 - rho * rho)
        return total

    def _spread(self, ar1: float) -> float:
        """1/n of the logarithm of the determinant of the correlation matrix."""
        return float(self.counts @ np.log1p(-(ar1 ** (2 * self.gaps)))) / self.y.size

    def at(self, f: Floats) -> RedPoint:
        """The best noise and linear coefficients with tones at f."""
        columns = np.column_stack([self.columns(f), self.y])
        products = self._products(columns)

        def effective(ar1: float) -> tuple[float, Floats]:
            gram = self._gram(columns, products, ar1)
            linear = solve(gram[:-1, :-1], gram[:-1, -1]) if len(gram) > 1 else np.empty(0)
            rss = max(float(gram[-1, -1] - gram[:-1, -1] @ linear), 0.0)
            return rss * float(np.exp(self._spread(ar1))), linear

        values = [effective(r)[0] for r in _GRID]
        best = int(np.argmin(values))
        low, high = _GRID[max(best - 1, 0)], _GRID[min(best + 1, _GRID.size - 1)]
        for _ in range(14):
            left, right = low + 0.382 * (high - low), low + 0.618 * (high - low)
            low, high = (low, right) if effective(left)[0] <= effective(right)[0] else (left, high)
        ar1 = (low + high) / 2
        least, linear = effective(ar1)
        if values[0] <= least:  # white noise is at the border
            ar1, (least, linear) = 0.0, effective(0.0)
        return RedPoint(f, float(ar1), least, linear)

    def refined(self, start: Floats, highest: float) -> RedPoint:
        """The fit of greatest likelihood near the frequencies `start`, in bins."""
        point = self.at(start)
        for _ in range(STEPS):
            step = self._step(point)
            if not step.size or np.abs(step).max() < 1e-6:
                break
            step *= min(1.0, LARGEST_STEP / np.abs(step).max())
            trial = self.at(np.clip(point.f + step, LOWEST, highest))
            if trial.effective >= point.effective:
                break
            point = trial
        return point

    def _step(self, point: RedPoint) -> Floats:
        """The Gauss-Newton step of the frequencies at the noise of `point`."""
        k, p = point.f.size, self.trend.shape[1]
        columns = self.columns(point.f)
        a, b = point.linear[p : p + k], point.linear[p + k :]
        turned = 2 * np.pi * self.times.t[:, None] * (columns[:, p + k :] * -a + columns[:, p : p + k] * b)
        # The derivative of a cos + b sin by f; the sines stand behind the cosines.
        whole = np.column_stack([columns, turned, self.y])
        gram = self._gram(whole, self._products(whole), point.ar1)
        return np.asarray(solve(gram[:-1, :-1], gram[:-1, -1])[-k:] if k else np.empty(0), dtype=np.float64)

    def candidates(self, point: RedPoint, trials: Trials) -> list[float]:
        """Where one more tone would explain most, for the noise of `point` and for whiter noise."""
        residual = self.y - self.columns(point.f) @ point.linear
        found: list[float] = []
        for ar1 in (point.ar1, point.ar1 / 2, 0.0):
            gain = np.abs(trials.sums(self._weighted(residual, ar1))) ** 2 / self._power(trials.g, ar1)
            gain[trials.g < 0.4] = 0.0
            for _ in range(2 if ar1 == point.ar1 else 1):
                best = float(trials.g[int(np.argmax(gain))])
                gain[np.abs(trials.g - best) < 1] = 0.0
                if all(abs(best - other) > CLOSEST for other in (*found, *point.f)):
                    found.append(best)
        return found

    def _weighted(self, residual: Floats, ar1: float) -> Floats:
        """The residual times the inverse correlation matrix, which is tridiagonal."""
        rho = np.empty(residual.size - 1)
        for members, value in zip(self.members, ar1**self.gaps, strict=True):
            rho[members] = value
        change = (residual[1:] - rho * residual[:-1]) / (1 - rho * rho)
        weighted = np.zeros(residual.size)
        weighted[0] = residual[0]
        weighted[1:] += change
        weighted[:-1] -= rho * change
        return weighted

    def _power(self, g: Floats, ar1: float) -> Floats:
        """The sum of squares of a whitened tone of amplitude 1 at each of g, up to a factor."""
        rho = ar1**self.gaps
        bins = self.times.length / self.times.step  # steps in the record
        total = np.ones(g.size)
        for n, r, gap in zip(self.counts, rho, self.gaps, strict=True):
            total += n * (1 + r * r - 2 * r * np.cos(2 * np.pi * g * gap / bins)) / (1 - r * r)
        return total

    def path(self, highest: float) -> RedPath:
        """Tones one after another while the likelihood calls for them."""
        trials = Trials(self.times, highest, 4)
        n, variance = self.times.n, float(self.times.t.var())
        points = [self.at(np.empty(0))]
        alarms: list[float] = []
        significant = 0
        limit = min(AT_MOST, (n - self.trend.shape[1] - 2) // 3)
        while len(alarms) < min(limit, significant + AHEAD):
            before = points[-1]
            starts = [np.append(before.f, start) for start in self.candidates(before, trials)]
            if not starts or before.effective <= 0:
                break
            after = min((self.refined(start, highest) for start in starts), key=lambda point: point.effective)
            fitted = before.linear.size + before.f.size + 1
            alarms.append(false_alarm(before.effective, after.effective, n, fitted, highest, variance))
            points.append(after)
            significant = len(alarms) if alarms[-1] < level(significant) else significant
        return RedPath(points, alarms)


def prewhitened(times: Times, y: Floats, trend: int) -> tuple[Floats, float]:
    """A long record with the noise's memory taken out, z_i = y_i - r y_(i-1), and r, estimated without any tone.

    Tones stay tones. Where tones are strong, r takes some of them for noise, which only makes the test stricter.
    """
    noise = RedNoise(times, y, trend)
    ar1 = noise.at(np.empty(0)).ar1
    rho = np.empty(y.size - 1)
    for members, value in zip(noise.members, ar1**noise.gaps, strict=True):
        rho[members] = value
    z = y.copy()
    z[1:] = (y[1:] - rho * y[:-1]) / np.sqrt(1 - rho * rho)
    return z, ar1
