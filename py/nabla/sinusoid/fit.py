"""The fit of a record: trend, count, frequencies, amplitudes and phases with their standard errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log
from types import MappingProxyType
from typing import Literal

import numpy as np

from nabla.sinusoid import robust as outliers
from nabla.sinusoid.chance import f_test
from nabla.sinusoid.curve import aicc
from nabla.sinusoid.disguise import without_disguises
from nabla.sinusoid.errors import WHITE, Errors, FittedTone, errors, tones
from nabla.sinusoid.red import LONGEST, RedNoise, RedPath, prewhitened
from nabla.sinusoid.refine import FINAL, LONG, Point, Shape, evaluate, refine
from nabla.sinusoid.rounding import resolution
from nabla.sinusoid.search import SearchPath, path
from nabla.sinusoid.sums import ROWS, Sums, sums
from nabla.sinusoid.times import Floats, Times, classify

Trend = Literal["auto", "none", "constant", "linear", "quadratic"]

TRENDS: tuple[Trend, ...] = ("none", "constant", "linear", "quadratic")  # by their number of powers of t
TREND_WINS = 6  # by which the Bayesian information criterion must fall for a higher trend
TREND_LEVEL = 1e-3  # of the test that asks for a trend to be tried
PERHAPS_TREND = 1.5  # bins, below which a tone may be one
EDGE = 0.25  # bins below half the sampling rate
CHI_SQUARE = 12.0  # by which two parameters less may raise the sum of squares, in noise variances
TINY = 1e-300  # below which a reciprocal overflows
WITHIN = 2.0  # times the rounding of the values: a smaller sum of squares is the rounding itself
SURE, NEARLY = 2, 0.1  # tones at most that leave at most this part of the variance, and no memory
FIRST = 8  # tones of white noise that are tried before the rest, where a memory of the noise explains much
BEYOND = 4  # tones more than red noise has
WANDERING = 3.0  # cycles in the record, fewer of which are no tone in noise that correlates by LONG_MEMORY or more
LONG_MEMORY = 0.5
SHORTEST = 16  # samples from which noise is asked for its memory
EXACT = 1e-24  # of the sum of squares: a smaller residual is rounding


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a fit.

    `count` of the tones besides the fixed ones, None to count them; `trend` of what degree; `highest` frequency
    searched and `fixed` frequencies, in bins; `robust`: hold outliers back, None for only when there are many; how many
    steps `beyond` a given count the path is followed, to tell what else there may be. `floor` is the sum of squares
    that the rounding of the values leaves, which no tone explains; `fit` sets it.
    """

    count: int | None = None
    trend: Trend = "auto"
    highest: float | None = None
    fixed: tuple[float, ...] = ()
    robust: bool | None = False
    beyond: int = 0
    floor: float = 0.0


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found for the values `y`, shape (n,).

    `coefficients` are those of the powers of 2t, t the scaled time, and `residual` (n,) what is left, in units of y;
    `path` tells what other counts would give, and `searched` how many of its steps were taken. `shape` is that of
    `point`, which is in units of `unit`. Where outliers are held back, `weights` (n,) is 1 for a sample taken at its
    value and falls to 0. `ar1` is the correlation of the noise between neighbours a step apart, 0 for white noise;
    where it is not 0 the tones were tested against noise of that kind. `rounding` is the variance of the rounding
    of the values, over the square of `unit`.
    """

    times: Times
    y: Floats
    unit: float
    trend: int
    highest: float
    path: SearchPath
    searched: int
    shape: Shape
    point: Point
    tones: list[FittedTone]
    coefficients: Floats
    errors: Errors
    residual: Floats
    weights: Floats | None
    ar1: float = 0.0
    rounding: float = 0.0

    @property
    def next_alarm(self) -> float | None:
        """The false-alarm probability of one tone more, where that is known."""
        return self.path.alarms[self.searched] if self.searched < len(self.path.alarms) else None

    @property
    def rms(self) -> float:
        """The root mean square of the residual."""
        return self.unit * float(np.sqrt(np.mean((self.residual / self.unit) ** 2)))

    @property
    def sigma(self) -> float:
        """The standard deviation of the noise."""
        return self.errors.sigma * self.unit


def fit(times: Times, y: Floats, task: Task = Task()) -> Fit:
    """Fit `y`, shape (n,), finite and not all 0, at `times`."""
    highest = times.limit if task.highest is None else task.highest
    if times.place is not None:
        highest = min(highest, times.nyquist)
    unit = float(max(y.max(), -y.min()))
    scaled = y * (1 / unit) if unit > TINY else y / unit
    # The mean is taken off first, so that a large one costs no digits.
    mean = float(scaled.mean()) if task.trend != "none" else 0.0
    scaled -= mean
    rounding = (resolution(y) / unit) ** 2 / 12
    task = replace(task, floor=WITHIN * times.n * rounding)
    held = bool(task.robust)
    problem, found, point, ar1 = _automatic(times, outliers.winsorised(scaled) if held else scaled, task, highest)
    if task.robust is None:
        residual = scaled - problem.model(point.f, point.wave)
        apart = np.abs(residual) / (outliers.scale(residual) or 1.0)
        many = np.count_nonzero(apart > outliers.WIDE) >= max(2, times.n // 100)
        some = float(residual @ residual) > EXACT * float(scaled @ scaled)
        if (many or apart.max() > outliers.EXTREME) and some and np.ptp(scaled[apart <= outliers.WIDE]) > 0:
            held = True
            problem, found, point, ar1 = _automatic(times, outliers.winsorised(scaled), task, highest)
    if task.count is None and not task.fixed:
        data, quadratic = problem.y, replace(task, trend="quadratic")
        curved = (lambda: _found(times, data, quadratic, highest)) if task.trend == "auto" else None
        problem, found, point = without_disguises(times, problem, found, point, highest, curved)
    weights, variance = None, None
    if held:
        problem, found, point, weights, variance = _robust(times, scaled, task, highest, problem, found, point)
    trend = problem.trend
    point, shape = _at_nyquist(times, problem, point, Shape.tones(point.f.size, len(task.fixed)))
    model = problem.model(point.f, point.wave)
    # A long record's worth of fresh memory costs as much as the subtraction.
    residual = np.subtract(scaled, model, out=model if model.flags.writeable else None)
    if variance is None and float(residual @ residual) < rounding * max(times.n - point.parameters, 1):
        variance = rounding  # what is left cannot be less noisy than the last digit
    told = errors(times, point, shape.free, trend, residual, variance)
    coefficients = point.wave[:trend].copy()
    coefficients[:1] += mean
    alarms = [*[None] * len(task.fixed), *found.alarms, *[1.0] * point.f.size]
    listed = tones(times, point, shape.free, trend, told, alarms, unit)
    return Fit(
        times=times,
        y=y,
        unit=unit,
        trend=trend,
        highest=highest,
        path=found,
        searched=point.f.size - len(task.fixed),
        shape=shape,
        point=point,
        tones=listed,
        coefficients=coefficients * unit,
        errors=told,
        residual=np.multiply(residual, unit, out=residual),
        weights=weights,
        ar1=ar1,
        rounding=rounding,
    )


def _automatic(times: Times, y: Floats, task: Task, highest: float) -> tuple[Sums, SearchPath, Point, float]:
    """The fit in white noise, or in red noise where that explains the record better, and the noise's memory.

    Both are judged by the criterion of `_criterion`, the memory counting as one parameter. In a record of red noise the
    white path would go on and on: it is followed to the end only if its first tones are worth more than a memory.
    """
    counted = task.count is None and not task.fixed and times.n >= SHORTEST
    if not counted or times.n > LONGEST or not _remembers(y - y.mean()):
        white = _found(times, y, task, highest)
        left = white[2].rss > EXACT * float(y @ y) and _remembers(y - white[0].model(white[2].f, white[2].wave))
        if not counted or not left:
            return *white, 0.0
        return (
            _prewhitened(times, y, white, task, highest)
            if times.n > LONGEST
            else _redder(times, y, white, task, highest)
        )
    degree = TRENDS.index("constant" if task.trend == "auto" else task.trend)
    problem = sums(times, y, degree)
    if _plain(times, y, problem, highest, task):
        return *_found(times, y, task, highest), 0.0
    red = RedNoise(times, y, degree).path(highest)
    first = path(times, problem, highest, max(FIRST, red.chosen.f.size + BEYOND), floor=task.floor)
    least = min(_criterion(problem, first, point) for point in first.points.values())
    exact = min(point.rss for point in first.points.values()) <= max(EXACT * float(y @ y), task.floor)
    if red.chosen.ar1 > 0 and not exact and _red_criterion(times, red, degree) < least:
        if task.trend == "auto":
            return _with_trend(times, y, red, highest)
        return *_with_red(times, y, degree, red, highest), red.chosen.ar1
    return _redder(times, y, _found(times, y, task, highest), task, highest, {degree: red})


def _plain(times: Times, y: Floats, problem: Sums, highest: float, task: Task) -> bool:
    """Whether a tone or two are nearly all of a record, and leave white noise: its memory is theirs."""
    found = path(times, problem, highest, SURE + 1, floor=task.floor)
    if not 0 < found.count <= SURE:
        return False
    point = found.points.get(found.count) or refine(problem, found.steps[found.count], highest)
    around = float(np.sum((y - y.mean()) ** 2))
    return point.rss < NEARLY * around and not _remembers(y - problem.model(point.f, point.wave))


def _redder(
    times: Times,
    y: Floats,
    white: tuple[Sums, SearchPath, Point],
    task: Task,
    highest: float,
    known: Mapping[int, RedPath] = MappingProxyType({}),
) -> tuple[Sums, SearchPath, Point, float]:
    """The fit in white noise, or one in red noise with the same trend where its criterion is lower.

    `known` holds the paths in red noise that were followed before, by their trend.
    """
    problem, found, point = white
    if point.rss <= max(EXACT * float(y @ y), task.floor):
        return *white, 0.0
    red = known.get(problem.trend) or RedNoise(times, y, problem.trend).path(highest)
    if red.chosen.ar1 > 0 and _red_criterion(times, red, problem.trend) < _criterion(problem, found, point):
        return *_with_red(times, y, problem.trend, red, highest), red.chosen.ar1
    return *white, 0.0


def _with_trend(times: Times, y: Floats, red: RedPath, highest: float) -> tuple[Sums, SearchPath, Point, float]:
    """The fit in red noise on the lowest trend that is enough."""
    best, degree = red, 1
    for trend in (2, 3):
        noise = RedNoise(times, y, trend)
        alone = RedPath([noise.at(np.empty(0))], [])
        if _red_criterion(times, alone, trend) > _red_criterion(times, RedPath(red.points[:1], []), 1) - TREND_WINS:
            continue
        other = noise.path(highest)
        if _red_criterion(times, other, trend) < _red_criterion(times, best, degree) - TREND_WINS:
            best, degree = other, trend
    return *_with_red(times, y, degree, best, highest), best.chosen.ar1


def _red_criterion(times: Times, red: RedPath, trend: int) -> float:
    at = red.chosen
    return times.n * log(max(at.effective, TINY)) + (5 * at.f.size + trend + 1) * log(times.n)


def _with_red(times: Times, y: Floats, trend: int, red: RedPath, highest: float) -> tuple[Sums, SearchPath, Point]:
    """The tones of a path in red noise by least squares, which loses nothing for sinusoids in long records.

    U. Grenander and M. Rosenblatt, Statistical Analysis of Stationary Time Series (1957), chapter 7.
    """
    problem = sums(times, y, trend)
    red = _without_wandering(_remembering_longer(times, y, problem, red, highest))
    fits = {at.f.size: evaluate(problem, at.f, Shape.tones(at.f.size)) for at in red.points}
    steps = SearchPath([at.f for at in red.points], red.alarms, fits)
    return problem, steps, refine(problem, red.chosen.f, highest)


def _without_wandering(red: RedPath) -> RedPath:
    """The path without tones so slow that noise with a long memory wanders like them."""
    at = red.chosen
    kept = (at.f >= WANDERING) | (at.ar1 < LONG_MEMORY)
    if kept.all():
        return red
    f = at.f[kept]
    alarms = [alarm for alarm, stays in zip(red.alarms, kept, strict=False) if stays]
    return RedPath([replace(at, f=f[:i]) for i in range(f.size + 1)], alarms)


def _remembering_longer(times: Times, y: Floats, problem: Sums, red: RedPath, highest: float) -> RedPath:
    """The path of a record whose innovations still remember: noise of order 2, one of its factors filtered out first.

    The tones of noise of order 1 may be its slow wandering. Those stay that are found in y[i] - r y[i - 1] too, r being
    the correlation of the innovations; at even times only.
    """
    at = red.chosen
    if not at.f.size or times.kind != "even":
        return red
    start = evaluate(problem, at.f, Shape.tones(at.f.size))
    left = y - problem.model(start.f, start.wave)
    innovations = left[1:] - at.ar1 * left[:-1]
    if not _remembers(innovations):
        return red
    r = float(innovations[1:] @ innovations[:-1]) / float(innovations @ innovations)
    shorter = classify(times.x[1:])
    ratio = times.length / shorter.length
    found = RedNoise(shorter, y[1:] - r * y[:-1], problem.trend).path(highest / ratio)
    return RedPath([replace(point, f=point.f * ratio) for point in found.points], found.alarms)


def _remembers(residual: Floats) -> bool:
    """Whether neighbours in a residual are alike beyond chance."""
    square = float(residual @ residual)
    return square > 0 and float(residual[1:] @ residual[:-1]) / square * residual.size**0.5 > WHITE


def _prewhitened(
    times: Times, y: Floats, white: tuple[Sums, SearchPath, Point], task: Task, highest: float
) -> tuple[Sums, SearchPath, Point, float]:
    """A long record whose noise remembers: the tones that it has with the noise's memory taken out."""
    problem = white[0]
    z, ar1 = prewhitened(times, y, problem.trend)
    if times.place is None or not ar1:
        return *white, 0.0
    _, steps, start = _counted(times, sums(times, z, problem.trend), task, highest)
    return problem, SearchPath(steps.steps, steps.alarms, {}), refine(problem, start.f, highest, precision=LONG), ar1


def _at_nyquist(times: Times, problem: Sums, point: Point, shape: Shape) -> tuple[Point, Shape]:
    """A tone indistinguishable from one at half the sampling rate is put there.

    Just below, its amplitude would grow without limit while the samples see next to nothing of it.
    """
    near = np.array(shape.free, dtype=bool) & (point.f > times.nyquist - EDGE)
    if times.place is None or not near.any():
        return point, shape
    put = Shape(shape.kinds, tuple(bool(free and not at) for free, at in zip(shape.free, near, strict=True)))
    trial = refine(problem, np.where(near, times.nyquist, point.f), times.nyquist, put)
    square = float(problem.y @ problem.y)
    allowed = point.rss * (1 + CHI_SQUARE / max(times.n - point.parameters, 1)) + EXACT * square
    return (trial, put) if trial.rss <= allowed else (point, shape)


def _found(times: Times, y: Floats, task: Task, highest: float) -> tuple[Sums, SearchPath, Point]:
    """Normal equations with the right trend, path and fit of the chosen count."""
    if task.trend != "auto":
        return _counted(times, sums(times, y, TRENDS.index(task.trend)), task, highest)
    best = _counted(times, sums(times, y, 1), task, highest)
    if not _trend_asked(times, y, best[2]):
        return best
    criterion = _criterion(*best)
    for trend in (2, 3):
        other = _counted(times, sums(times, y, trend), task, highest)
        if _criterion(*other) < criterion - TREND_WINS and _corrected(*other) < _corrected(*best):
            best, criterion = other, _criterion(*other)
    return best


def _corrected(problem: Sums, _: SearchPath, point: Point) -> float:
    """Akaike's criterion for small samples, which a parabola and a sinusoid through eight points do not pass."""
    rss = max(point.rss, EXACT * float(problem.y @ problem.y))
    return aicc(rss, problem.y.size, 3 * point.f.size + problem.trend)


def _counted(times: Times, problem: Sums, task: Task, highest: float) -> tuple[Sums, SearchPath, Point]:
    wanted = None if task.count is None else task.count + task.beyond
    found = path(times, problem, highest, wanted, np.array(task.fixed), task.floor)
    chosen = found.count if task.count is None else min(task.count, len(found.steps) - 1)
    f = found.steps[chosen]
    precision = FINAL if times.n <= ROWS else LONG
    start = found.points.get(f.size, f)
    return problem, found, refine(problem, start, highest, Shape.tones(f.size, len(task.fixed)), precision)


def _trend_asked(times: Times, y: Floats, point: Point) -> bool:
    """Whether a line and a parabola would explain more than chance, or a slow tone may stand for one."""
    if point.f.size and point.f.min() < PERHAPS_TREND:
        return True
    freedom = times.n - point.parameters - 2
    if freedom < 1:
        return False
    fixed = Shape.tones(point.f.size, point.f.size)
    rss = max(evaluate(sums(times, y, 3), point.f, fixed).rss, EXACT * float(y @ y))
    return f_test((point.rss - rss) / 2 / (rss / freedom), 2, freedom) < TREND_LEVEL


def _criterion(problem: Sums, _: SearchPath, point: Point) -> float:
    """The Bayesian information criterion, a tone counting as five parameters.

    P. M. Djuric, "A model selection rule for sinusoids in white Gaussian noise", IEEE Trans. Signal Process. 44 (1996),
    1744: a frequency is known n times as sharply as an amplitude.
    """
    n = problem.y.size
    rss = max(point.rss, EXACT * float(problem.y @ problem.y))
    return n * log(rss) + (5 * point.f.size + problem.trend) * log(n)


def _robust(
    times: Times, y: Floats, task: Task, highest: float, problem: Sums, found: SearchPath, point: Point
) -> tuple[Sums, SearchPath, Point, Floats, float]:
    """The M-estimate from a clipped start; tones that the outliers hid are looked for once more on the way."""
    for again in (True, False):
        shape = Shape.tones(point.f.size, len(task.fixed))
        for _ in range(outliers.ROUNDS):
            model = problem.model(point.f, point.wave)
            problem.y = model + outliers.weights(y - model) * (y - model)
            before, point = point, refine(problem, point.f, highest, shape)
            if np.abs(point.wave - before.wave).max() < 1e-9 and np.abs(point.f - before.f).max(initial=0.0) < 1e-9:
                break
        if again:
            problem, found, point = _found(times, problem.y, task, highest)
    residual = y - problem.model(point.f, point.wave)
    variance = outliers.variance(residual, max(times.n - point.parameters, 1))
    return problem, found, point, outliers.weights(residual), variance
