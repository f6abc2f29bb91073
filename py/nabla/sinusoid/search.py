"""The path from no tone to many: each time the tone that explains most, then all of them refined together.

Orthogonal least squares with cyclic refinement, as in B. Mamandipoor, D. Ramasamy and U. Madhow, "Newtonized
orthogonal matching pursuit", IEEE Trans. Signal Process. 64 (2016), 5066; here with a joint step for all tones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabla.sinusoid.count import count, false_alarm, level
from nabla.sinusoid.refine import LONG, ROUGH, Point, Shape, evaluate, refine, solve
from nabla.sinusoid.spectrum import Trials, bend
from nabla.sinusoid.sums import ROWS, Sums
from nabla.sinusoid.times import Floats, Times

AT_LEAST = 5  # tones of the path whatever the tests say
AHEAD = 3  # tones beyond the last significant one
AT_MOST = 20  # tones found without being asked for
EXPLAINED = 1e-22  # of the sum of squares: the rest is rounding
SPLIT = 0.2  # bins from another tone at which a new one starts at least
LOBES = 8  # bins from a stronger tone within which a peak may be its side lobe
NOTHING = np.empty(0)
STRETCHES = 4000  # into which a spectrum is cut, each with one top
CANDIDATES = 200  # tops among which peaks are looked for
MISSED = 1.05  # by how much a tone may explain more than is seen before it is refined
BATCH = 8  # tones taken from one spectrum of a long record


@dataclass(frozen=True, slots=True)
class SearchPath:
    """Frequencies in bins after each number of tones, and the false-alarm probability of each step.

    `steps[k]` holds the fixed frequencies and k more. `points` are the fits of some of the steps, by their number of
    frequencies.
    """

    steps: list[Floats]
    alarms: list[float]
    points: dict[int, Point]

    @property
    def count(self) -> int:
        """The number of tones that the false-alarm probabilities call for."""
        return count(self.alarms) if self.alarms else 0


def path(
    times: Times,
    problem: Sums,
    highest: float,
    wanted: int | None = None,
    fixed: Floats = NOTHING,
    floor: float = 0.0,
) -> SearchPath:
    """Follow the path up to `wanted` tones, or as far as tests need, until the sum of squares is down to `floor`.

    Frequencies are searched up to `highest` bins; tones at the `fixed` ones are there from the start and not counted.
    There may be fewer tones than wanted: when there are too few samples, or when the rest is rounding.
    """
    limit = min(wanted if wanted is not None else AT_MOST, (times.n - problem.trend - 2 * fixed.size - 1) // 3)
    follow = _short if times.n <= ROWS else _long
    floor = max(floor, EXPLAINED * float(problem.y @ problem.y))
    return follow(times, problem, highest, limit, wanted is None, fixed, floor)


def _alarm(times: Times, before: Point, rss: float, highest: float, variance: float) -> float:
    return false_alarm(before.rss, rss, times.n, before.parameters, highest, variance)


def _short(
    times: Times, problem: Sums, highest: float, limit: int, automatic: bool, fixed: Floats, floor: float
) -> SearchPath:
    trials = Trials(times, highest, 4)
    t = times.t
    variance = float(t.var())
    point = evaluate(problem, fixed, Shape.tones(fixed.size, fixed.size))
    found = SearchPath([point.f], [], {point.f.size: point})
    significant = 0
    while len(found.alarms) < limit and point.rss > floor:
        if automatic and len(found.alarms) >= max(AT_LEAST, significant + AHEAD):
            break
        waves = np.exp(2j * np.pi * np.multiply.outer(t, point.f))
        columns = [np.multiply.outer(2 * t, np.ones(problem.trend)) ** np.arange(problem.trend), waves.real, waves.imag]
        basis = np.linalg.qr(np.concatenate(columns, axis=1))[0]
        gain = trials.gain(problem.y - problem.model(point.f, point.wave), basis)
        best = int(np.argmax(gain))
        if gain[best] <= 0:
            break
        f = np.append(point.f, _aside(trials.step * (best + bend(gain, best)), point.f))
        trial = refine(problem, f, highest, Shape.tones(f.size, fixed.size), ROUGH)
        found.alarms.append(_alarm(times, point, trial.rss, highest, variance))
        found.steps.append(trial.f)
        found.points[trial.f.size] = trial
        significant = len(found.alarms) if found.alarms[-1] < level(significant) else significant
        point = trial
    return found


def _aside(start: float, f: Floats) -> float:
    """`start`, moved away from a tone that it nearly coincides with: from there no step could tell the two apart."""
    nearest = f[np.argmin(np.abs(f - start))] if f.size else np.inf
    if abs(start - nearest) >= SPLIT:
        return start
    return float(nearest + (SPLIT if start >= nearest else -SPLIT))


def _long(
    times: Times, problem: Sums, highest: float, limit: int, automatic: bool, fixed: Floats, floor: float
) -> SearchPath:
    """The path of a long record: peaks that cannot be side lobes of one another are taken from one spectrum."""
    trials = Trials(times, highest, 1 if times.place is not None else 4)
    variance = 1 / 12 if times.place is not None else float(times.t.var())
    point = evaluate(problem, fixed, Shape.tones(fixed.size, fixed.size))
    found = SearchPath([point.f], [], {point.f.size: point})
    while len(found.alarms) < limit:
        residual = problem.y - problem.model(point.f, point.wave)
        rss = float(residual @ residual)
        if rss <= floor:
            break
        spectrum, power = trials.power(residual)
        peaks = [trials.top(spectrum, times.n, i) for i in _peaks(power)[: limit - len(found.alarms)]]
        if automatic:
            fitted = point.parameters
            predicted = [false_alarm(rss, rss - MISSED * p, times.n, fitted, highest, variance) for _, p in peaks]
            least = level(len(found.alarms))
            if predicted[0] > least:
                found.alarms.append(predicted[0])
                found.steps.append(np.append(point.f, peaks[0][0]))
                break
            peaks = [peak for peak, alarm in zip(peaks, predicted, strict=True) if alarm <= least]
        before = point.f.size
        f = np.append(point.f, [start for start, _ in peaks])
        point = refine(problem, f, highest, Shape.tones(f.size, fixed.size), LONG)
        found.points[point.f.size] = point
        alarms = _in_turn(times, problem.trend, point, before, fixed.size, highest, variance)
        found.alarms.extend(alarms)
        found.steps.extend(point.f[: before + 1 + i] for i in range(len(alarms)))
        if automatic and min(alarms) > level(len(found.alarms)):
            break
    return found


def _peaks(power: Floats) -> list[int]:
    """Peaks, strongest first, each well above the side lobes of the stronger ones and away from them."""
    width = max(LOBES, power.size // STRETCHES)
    whole = power[: power.size // width * width].reshape(-1, width)
    many = min(CANDIDATES, len(whole))
    stretches = np.argpartition(whole.max(axis=1), len(whole) - many)[-many:]
    best = width * stretches + whole[stretches].argmax(axis=1)
    chosen: list[int] = []
    for i in best[np.argsort(-power[best])]:
        apart = np.abs(np.array(chosen) - i)
        if np.all(apart > LOBES) and power[i] > (3 * np.sum(np.sqrt(power[chosen]) / (np.pi * apart))) ** 2:
            chosen.append(int(i))
        if len(chosen) == BATCH:
            break
    return chosen


def _in_turn(
    times: Times, p: int, point: Point, before: int, fixed: int, highest: float, variance: float
) -> list[float]:
    """The false-alarm probability of each tone after the first `before`, taken one after the other.

    The tones are so far apart that leaving one out hardly moves the others: the sums of squares in between are those of
    the linear fits with the first tones only.
    """
    k, gram = point.f.size, point.normal
    right = gram @ point.linear
    explained = []
    for tones in range(before, k + 1):
        keep = np.r_[0:p, p : p + tones, p + k : p + k + tones]
        explained.append(float(right[keep] @ solve(gram[np.ix_(keep, keep)], right[keep])) if keep.size else 0.0)
    left = [point.rss + explained[-1] - part for part in explained]
    return [
        false_alarm(left[i], left[i + 1], times.n, p + 3 * (before + i) - fixed, highest, variance)
        for i in range(k - before)
    ]
