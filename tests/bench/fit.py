"""The fit against the Cramér-Rao bound, by simulation, and against what people use instead, in accuracy and time.

Draws are enough to mean it: a ratio of 2,000 has a standard error of 1.6 %. `--draws 0.1` takes a tenth of them. The
peers (SciPy, astropy, lmfit) come into an environment of their own below .cache.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

import nabla
from nabla.sinusoid.fit import Fit, Task, fit
from nabla.sinusoid.forms import ModelForm, whole_numbers
from nabla.sinusoid.times import Times, classify
from tests.bench._figures import Figure, report
from tests.bench._peers import run_beside

ROOT = Path(__file__).parents[2]
PEERS = ("numpy==2.4.3", "sympy==1.14.0", "scipy==1.17.1", "astropy==8.0.2", "lmfit==1.3.4")
X = np.arange(100) / 100
EVEN = classify(X)
ONE = Task(1, "constant")
Tones = list[tuple[float, float, float]]  # frequency, amplitude, phase


def peers(page: bool) -> None:
    """Run this benchmark again where the peers are, unless they are here; what needs a browser is measured before."""
    if importlib.util.find_spec("astropy") and importlib.util.find_spec("lmfit"):
        return
    figures = "[]"
    if page:
        from tests.bench import fit_page

        figures = json.dumps(fit_page.main())
    sys.exit(run_beside(PEERS, "fit", [*sys.argv[1:], "--page", figures]))


def drawn(rng: np.random.Generator, x: np.ndarray, tones: Tones, decibels: float) -> tuple[np.ndarray, float]:
    """A record of the tones in white noise, so many decibels above it; and the noise's standard deviation."""
    sigma = tones[0][1] / np.sqrt(2) * 10 ** (-decibels / 20)
    y = sum(a * np.cos(2 * np.pi * f * x + phase) for f, a, phase in tones)
    return y + sigma * rng.normal(size=x.size), sigma


def bound(x: np.ndarray, tones: Tones, sigma: float) -> np.ndarray:
    """The Cramér-Rao bound of each frequency, from the Fisher matrix of all parameters and a constant."""
    columns = [np.ones(x.size)]
    for f, a, phase in tones:
        angle = 2 * np.pi * f * x + phase
        columns += [np.cos(angle), -a * np.sin(angle), -2 * np.pi * (x - x.mean()) * a * np.sin(angle)]
    fisher = np.array(columns) @ np.array(columns).T / sigma**2
    return np.sqrt(np.diag(np.linalg.inv(fisher)))[3::3]


def by_frequency(found: Fit) -> list:
    """The tones of a fit in ascending order."""
    return sorted(found.tones, key=lambda tone: tone.frequency)


def apart(rng: np.random.Generator, count: int, low: float, high: float, distance: float) -> list[float]:
    """So many frequencies, no two nearer than `distance`."""
    while True:
        f = np.sort(rng.uniform(low, high, count))
        if count == 1 or np.diff(f).min() > distance:
            return [float(v) for v in f]


def normalised(found: Fit, x: np.ndarray, tones: Tones, sigma: float) -> np.ndarray:
    """Errors of the frequencies over their bounds."""
    got = np.array([tone.frequency for tone in by_frequency(found)])
    return (got - np.array([f for f, _, _ in tones])) / bound(x, tones, sigma)


def rms(errors: list[np.ndarray]) -> float:
    """The root mean square of everything listed."""
    return float(np.sqrt(np.mean(np.concatenate(errors) ** 2)))


def phases(rng: np.random.Generator, f: list[float], amplitudes: list[float] | None = None) -> Tones:
    """Tones at f with random phases."""
    return [(v, (amplitudes or [1.0] * len(f))[i], float(rng.uniform(-np.pi, np.pi))) for i, v in enumerate(f)]


def single(draws: int) -> list[Figure]:
    """One tone, anywhere from 5 to 45 cycles."""
    rng = np.random.default_rng(1)
    figures = []
    for decibels in (0, 10, 20, 40, 60):
        errors = []
        for _ in range(draws):
            tones = phases(rng, [rng.uniform(5, 45)])
            y, sigma = drawn(rng, X, tones, decibels)
            errors.append(normalised(fit(EVEN, y, ONE), X, tones, sigma))
        figures.append(Figure(f"one tone, {decibels} dB", "RMSE / bound", rms(errors), 1.0, 1.05))
    return figures


def several(draws: int) -> list[Figure]:
    """Pairs closer than two bins, and three tones of different strength."""
    rng = np.random.default_rng(2)
    figures = []
    for separation in (0.5, 0.8, 1.0, 1.5, 2.0):
        errors, missed = [], 0
        for decibels in (20, 40, 60):
            for _ in range(draws):
                f = rng.uniform(10, 40)
                tones = phases(rng, [f, f + separation])
                y, sigma = drawn(rng, X, tones, decibels)
                error = normalised(fit(EVEN, y, Task(2, "constant")), X, tones, sigma)
                errors.append(error)
                missed += bool(np.any(np.abs(error * bound(X, tones, sigma)) > separation / 2))
        name = f"two tones {separation} bins apart, 20 to 60 dB"
        figures += [Figure(name, "RMSE / bound", rms(errors), 1.0, 1.10), Figure(name, "unresolved", missed, 1, 0)]
    errors = []
    for _ in range(draws):
        tones = phases(rng, apart(rng, 3, 3, 47, 1.5), [float(a) for a in rng.uniform(1, 5, 3)])
        y, sigma = drawn(rng, X, tones, float(rng.choice([20, 40, 60])))
        errors.append(normalised(fit(EVEN, y, Task(3, "constant")), X, tones, sigma))
    return [*figures, Figure("three tones, 20 to 60 dB", "RMSE / bound", rms(errors), 1.0, 1.10)]


def optimum(draws: int) -> list[Figure]:
    """The distance to where SciPy's least_squares ends when it starts at the truth."""
    from scipy.optimize import least_squares

    rng = np.random.default_rng(3)
    worst = 0.0
    for i in range(draws):
        tones = phases(rng, apart(rng, 1 + i % 3, 5, 45, 0.6))
        y = drawn(rng, X, tones, float(rng.choice([10, 20, 40])))[0]

        def residual(p: np.ndarray, y: np.ndarray = y) -> np.ndarray:
            a, b, f = p[1:].reshape(3, -1)
            angle = 2 * np.pi * np.multiply.outer(X, f)
            return p[0] + np.cos(angle) @ a + np.sin(angle) @ b - y

        start = [
            0,
            *(a * np.cos(q) for _, a, q in tones),
            *(-a * np.sin(q) for _, a, q in tones),
            *(f for f, _, _ in tones),
        ]
        best = least_squares(residual, start, xtol=1e-15, ftol=1e-15, gtol=1e-15, x_scale="jac")
        ours = by_frequency(fit(EVEN, y, Task(len(tones), "constant")))
        theirs = np.sort(best.x[1 + 2 * len(tones) :])
        # Two tones that noise has merged have no least squares: there, and on another minimum, SciPy is no reference.
        if best.success and 2 * best.cost <= sum_of_squares(ours, X, y) * (1 + 1e-6):
            distance = [abs(t.frequency - f) / t.se_frequency for t, f in zip(ours, theirs, strict=True)]
            worst = max(worst, *distance)
    return [Figure("to the least-squares optimum, worst", "standard errors", worst, 1e-3, 1.0)]


def sum_of_squares(tones: list, x: np.ndarray, y: np.ndarray) -> float:
    """What the tones and the best constant leave."""
    left = y - sum(t.amplitude * np.cos(2 * np.pi * t.frequency * x + t.phase) for t in tones)
    return float(np.sum((left - left.mean()) ** 2))


def counts(draws: int) -> list[Figure]:
    """The share of records whose number of tones is not found, and of noise records in which one is."""
    rng = np.random.default_rng(4)
    wrong, seen = 0, 0
    for k in (1, 2, 3):
        for decibels in (5, 10, 20):
            for _ in range(draws // 3):
                tones = phases(rng, apart(rng, k, 3, 47, 1.5))
                wrong += len(fit(EVEN, drawn(rng, X, tones, decibels)[0]).tones) != k
                seen += 1
    figures = [Figure("count wrong, N = 100, 5 dB and up", "%", 100 * wrong / seen, 1.0, 1.0)]
    for n in (32, 100):
        times = classify(np.arange(n) / n)
        share = 100 * np.mean([bool(fit(times, rng.normal(size=n)).tones) for _ in range(3 * draws)])
        figures.append(Figure(f"false alarms, N = {n}", "% of at most 1.5", share, 1.5, 1.0))
        figures.append(Figure(f"false alarms, N = {n}", "at least 0.5 % of", 0.5, share, 1.0))
    return figures


def coverage(draws: int) -> list[Figure]:
    """The share of 95 % intervals that hold the truth."""
    rng = np.random.default_rng(5)
    figures = []
    for n, k, decibels in ((24, 1, 10), (100, 1, 10), (100, 3, 20)):
        x = np.arange(n) / n
        times, hits = classify(x), []
        for _ in range(draws):
            tones = phases(rng, apart(rng, k, 2, n / 2 - 2, 1.5))
            found = fit(times, drawn(rng, x, tones, decibels)[0], Task(k, "constant"))
            for tone, (f, a, phase) in zip(by_frequency(found), tones, strict=True):
                turned = (tone.phase - phase + np.pi) % (2 * np.pi) - np.pi
                errors = np.array([tone.frequency - f, tone.amplitude - a, turned])
                hits.append(
                    np.abs(errors) < found.errors.t95 * np.array([tone.se_frequency, tone.se_amplitude, tone.se_phase])
                )
        for name, share in zip(("frequency", "amplitude", "phase"), 100 * np.mean(hits, axis=0), strict=True):
            title = f"95 % intervals, {name}, N = {n}, K = {k}"
            figures += [
                Figure(title, "% cover, at most 96", share, 96.0, 1.0),
                Figure(title, "93 % of", 93.0, share, 1.0),
            ]
    return figures


def forms(draws: int) -> list[Figure]:
    """Whole-number forms with a frequency or an amplitude that is not the truth's."""
    rng = np.random.default_rng(6)
    wrong, whole = 0, 0
    for i in range(draws):
        x = np.arange(100) * (0.01, 0.0073)[i % 2]
        f = rng.choice(np.arange(1, 21), 3, replace=False)
        a = rng.integers(1, 6, 3) * rng.choice([-1, 1], 3)
        fn = [str(name) for name in rng.choice(["sin", "cos"], 3)]
        y = sum(a[k] * getattr(np, fn[k])(2 * np.pi * f[k] * x) for k in range(3))
        found = fit(classify(x), y + (0, 0.1, 0.5, 1, 2)[i // 2 % 5] * rng.normal(size=100))
        form = whole_numbers(found, asked=True)
        if isinstance(form, ModelForm):
            truth = {(fn[k], float(a[k]), float(f[k])) for k in range(3)}
            whole += form.whole[1]
            said = {(t.fn, t.amplitude, t.frequency) for t in form.terms}
            wrong += said != truth if form.whole[1] else not {t.frequency for t in form.terms} <= set(map(float, f))
    return [Figure(f"wrong whole-number forms in {draws} ({whole} all whole)", "", wrong, 1.0, 0.0)]


def elsewhere(draws: int) -> list[Figure]:
    """Uneven times and outliers."""
    rng = np.random.default_rng(7)
    errors = []
    for i in range(draws):
        x = np.sort(rng.uniform(0, 1, 150))
        tones = phases(rng, [rng.uniform(5, 300)])
        y, sigma = drawn(rng, x, tones, (0, 10, 40)[i % 3])
        errors.append(normalised(fit(classify(x), y, ONE), x, tones, sigma))
    figures = [Figure("150 uneven times, 0 to 40 dB", "RMSE / bound", rms(errors), 1.0, 1.07)]
    for share in (0.05, 0.15):
        errors = []
        for _ in range(draws):
            tones = phases(rng, [rng.uniform(5, 45)])
            y, sigma = drawn(rng, X, tones, 20)
            far = rng.random(100) < share
            y[far] += 5 * rng.normal(size=far.sum())
            errors.append(normalised(fit(EVEN, y, Task(1, "constant", robust=True)), X, tones, sigma))
        figures.append(Figure(f"{100 * share:.0f} % outliers, robust", "RMSE / clean bound", rms(errors), 1.0, 1.10))
    return figures


def seconds(work: Callable[[], object], least: float = 0.5) -> float:
    """The shortest of several runs."""
    best, end = np.inf, time.perf_counter() + least
    while True:
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
        if time.perf_counter() > end:
            return best


def alternating(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The median time of each, taken in turns."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [float(np.median(taken)) for taken in times]


def million(_: int) -> list[Figure]:
    """A million even samples against one real Fourier transform of them."""
    rng = np.random.default_rng(8)
    x = np.arange(10**6) * 1e-3
    y, _sigma = drawn(rng, x, [(12.3456, 3.0, 0.3), (50.0, 1.0, 1.0), (222.0, 0.1, 2.0)], 6)
    works = (
        lambda: np.fft.rfft(y),
        lambda: fit(classify(x), y, Task(3, "constant")),
        lambda: fit(classify(x), y),
    )
    transform, known, counted = (1e3 * v for v in alternating(works, 15))
    assert len(fit(classify(x), y).tones) == 3
    return [
        Figure("1e6 samples, K = 3 known, against one rfft", "ms", known, transform, 3.0),
        Figure("1e6 samples, K counted, against one rfft", "ms", counted, transform, 6.0),
    ]


def against(draws: int) -> list[Figure]:
    """One tone at 20 dB: error and time of lmfit, astropy and curve_fit from a Fourier start, over ours."""
    figures = []
    for n in (100, 10_000):
        rng = np.random.default_rng(9)
        x = np.arange(n) / n
        times = classify(x)
        records = []
        for _ in range(min(draws, 200) if n == 100 else 10):
            tones = phases(rng, [rng.uniform(5, 45)])
            y, sigma = drawn(rng, x, tones, 20)
            records.append((y, tones[0][0], bound(x, tones, sigma)[0]))
        ours = _judged(lambda x, y, times=times: fit(times, y, ONE).tones[0].frequency, x, records)
        for name, peer in (("lmfit", _lmfit), ("astropy", _astropy), ("curve_fit", _curve_fit)):
            theirs = _judged(peer, x, records)
            title = f"{name}, N = {n:,}"
            figures.append(Figure(title, "ms", 1e3 * ours[1], 1e3 * theirs[1], 1.0))
            # Both end at the same least squares; ours stops within 1e-3 standard errors of it.
            figures.append(Figure(title, "RMSE / bound", ours[0], theirs[0], 1.001))
    return figures


def _judged(peer: Callable[..., float], x: np.ndarray, records: list) -> tuple[float, float]:
    errors = [(peer(x, y) - f) / limit for y, f, limit in records]
    times = [seconds(partial(peer, x, y), 0.02) for y, _, _ in records[:10]]
    return float(np.sqrt(np.mean(np.square(errors)))), min(times)


def _lmfit(x: np.ndarray, y: np.ndarray) -> float:
    from lmfit.models import ConstantModel, SineModel

    wave = SineModel()
    result = (wave + ConstantModel()).fit(y, wave.guess(y, x=x) + ConstantModel().guess(y, x=x), x=x)
    return abs(result.params["frequency"].value) / (2 * np.pi)


def _astropy(x: np.ndarray, y: np.ndarray) -> float:
    from astropy.timeseries import LombScargle

    frequency, power = LombScargle(x, y).autopower(nyquist_factor=1)
    return float(frequency[np.argmax(power)])


def _curve_fit(x: np.ndarray, y: np.ndarray) -> float:
    from scipy.optimize import curve_fit

    start = np.fft.rfftfreq(x.size, x[1] - x[0])[np.argmax(np.abs(np.fft.rfft(y - y.mean())[1:])) + 1]

    def wave(x: np.ndarray, a: float, f: float, phase: float, c: float) -> np.ndarray:
        return a * np.sin(2 * np.pi * f * x + phase) + c

    return abs(curve_fit(wave, x, y, p0=[y.std() * np.sqrt(2), start, 0, y.mean()], maxfev=10_000)[0][1])


def whole(_: int) -> list[Figure]:
    """The whole answer, from numbers to plots, checks and programs, over lmfit's fit of the one tone."""
    figures = []
    rng = np.random.default_rng(10)
    for n, least in ((100, 5.0), (1_000, 10.0), (10_000, 2.0), (100_000, 1.0)):
        x = np.arange(n) / n
        y, _sigma = drawn(rng, x, [(17.3, 1.5, 1.0)], 20)
        ours, theirs = (1e3 * v for v in alternating((partial(nabla.fit, x, y), partial(_lmfit, x, y)), 15))
        figures.append(Figure(f"whole answer, N = {n:,}, over lmfit's one tone", "ms", ours, theirs, least))
    return figures


def enso(_: int) -> list[Figure]:
    """NIST's ENSO: the year found unaided, all three cycles where so many are asked for; certified values.

    Against noise with a memory the cycles of 27 and 44 months are not certain.
    """
    y = np.loadtxt(ROOT / "tests" / "py" / "enso.txt")
    times: Times = classify(np.arange(1.0, 169))
    unaided = {round(1 / tone.frequency) for tone in fit(times, y).tones}
    periods = {round(1 / tone.frequency) for tone in fit(times, y, Task(3, "constant")).tones}
    found = fit(times, y, Task(2, "constant", fixed=(14.0,)))
    certified = np.array([44.311088700, 26.887614440])
    got = np.array(sorted((1 / tone.frequency for tone in found.tones if tone.se_frequency), reverse=True))
    return [
        Figure("ENSO, the year not found unaided", "", len({12} - unaided), 1.0, 0.0),
        Figure("ENSO, cycles of 12, 27 and 44 months not among three", "", len({12, 27, 44} - periods), 1.0, 0.0),
        Figure(
            "ENSO, certified periods",
            "relative error / 1e-7",
            float(np.abs(got / certified - 1).max() / 1e-7),
            1.0,
            1.0,
        ),
    ]


def real(_: int) -> list[Figure]:
    """Thirty measured series with the periods that are known of them, and sixteen that have no cycle.

    The tables and their sources stand in `tests/truth`.
    """
    from tests.truth import known_periods as table

    measured = [(table.SERIES[name], within) for name, within in table.PERIODS.items()]
    measured += [(table.MEASURED[name], within) for name, within in table.KNOWN.items()]
    found = [_period(*series) for series, _ in measured]
    right = sum(p is not None and low < p < high for p, (_, (low, high)) in zip(found, measured, strict=True))
    false = sum(p is not None and not low < p < high for p, (_, (low, high)) in zip(found, measured, strict=True))
    false += sum(_period(*table.SERIES[name]) is not None for name in table.NO_CYCLE)
    return [
        Figure(f"real series of {len(measured)} whose period is not found", "", len(measured) - right, 1.0, 3.0),
        Figure(f"false periods in {len(measured) + len(table.NO_CYCLE)} real series", "", false, 1.0, 0.0),
    ]


def _period(x: Sequence[float], y: Sequence[float]) -> float | None:
    """The period of the cycle, or of the strongest sinusoid that is seen for one cycle and sure; None without one."""
    values = nabla.fit(x, y).values
    sure = [t for t in values["tones"] if t.get("false_alarm", 1.0) < 0.01 and t["frequency"] * (x[-1] - x[0]) >= 1]
    strongest = max(sure, key=lambda tone: tone["amplitude"], default=None)
    return 1 / values.get("fundamental", strongest)["frequency"] if strongest else None


GROUPS = {
    "single": (single, 2000),
    "several": (several, 400),
    "optimum": (optimum, 300),
    "counts": (counts, 900),
    "coverage": (coverage, 2000),
    "forms": (forms, 1500),
    "elsewhere": (elsewhere, 1200),
    "million": (million, 1),
    "against": (against, 200),
    "whole": (whole, 1),
    "real": (real, 1),
    "enso": (enso, 1),
}


def main() -> int:
    """Print the table of all figures; 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="group", help=", ".join([*GROUPS, "page"]))
    parser.add_argument("--draws", type=float, default=1.0, help="the share of the draws to take")
    parser.add_argument("--page", help=argparse.SUPPRESS)
    options = parser.parse_args()
    groups = options.groups or [*GROUPS, "page"]
    peers("page" in groups)
    figures = [Figure(*figure) for figure in json.loads(options.page or "[]")]
    for name in [name for name in groups if name != "page"]:
        group, draws = GROUPS[name]
        start = time.perf_counter()
        figures += group(max(1, int(draws * options.draws)))
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
    return report("Fit", "bound", figures)


if __name__ == "__main__":
    sys.exit(main())
