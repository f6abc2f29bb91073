"""The fit: exact where data are exact, at the bound where they are noisy, honest about what cannot be told apart."""

from pathlib import Path

import numpy as np
import pytest

from nabla.sinusoid.count import count, false_alarm, least_fall
from nabla.sinusoid.fit import Fit, Task, fit
from nabla.sinusoid.forms import ModelForm, Refusal, template, whole_numbers
from nabla.sinusoid.refine import Shape, evaluate, refine
from nabla.sinusoid.sums import sums
from nabla.sinusoid.times import classify

X = np.arange(100) / 100
SEED = -5 * np.sin(20 * np.pi * X) + 4 * np.cos(10 * np.pi * X) + 2 * np.sin(6 * np.pi * X)


def waves(x: np.ndarray, *tones: tuple[float, float, float]) -> np.ndarray:
    return sum(a * np.cos(2 * np.pi * f * x + phase) for f, a, phase in tones) + np.zeros(x.size)


def found(x: np.ndarray, y: np.ndarray, **task: object) -> Fit:
    return fit(classify(x), y, Task(**task))  # type: ignore[arg-type]


def bound(x: np.ndarray, tones: list[tuple[float, float, float]], sigma: float) -> np.ndarray:
    """The Cramer-Rao bound of the frequencies, from the Fisher matrix written out."""
    columns = [np.ones(x.size)]
    for f, a, phase in tones:
        angle = 2 * np.pi * f * x + phase
        columns += [np.cos(angle), -a * np.sin(angle), -2 * np.pi * x * a * np.sin(angle)]
    fisher = np.array(columns) @ np.array(columns).T / sigma**2
    return np.sqrt(np.diag(np.linalg.inv(fisher)))[3::3]


def test_exact_data_give_exact_values() -> None:
    tones = sorted(found(X, SEED).tones, key=lambda tone: tone.frequency)
    assert [t.frequency for t in tones] == pytest.approx([3, 5, 10], abs=1e-12)
    assert [t.amplitude for t in tones] == pytest.approx([2, 4, 5], abs=1e-12)
    assert [t.phase for t in tones] == pytest.approx([-np.pi / 2, 0, np.pi / 2], abs=1e-12)


@pytest.mark.parametrize("scale", [1e-300, 1, 1e300])
@pytest.mark.parametrize("shift", [0, 1e6])
def test_scale_and_shift_of_the_data_do_not_matter(scale: float, shift: float) -> None:
    tones = found(X, scale * (SEED + shift)).tones
    assert len(tones) == 3
    assert max(t.amplitude for t in tones) / scale == pytest.approx(5, abs=1e-7)


def test_the_sum_of_squares_is_the_lowest_around() -> None:
    rng = np.random.default_rng(1)
    y = waves(X, (12.3, 1, 0.4), (13.0, 1, 2)) + 0.1 * rng.normal(size=100)
    times = classify(X)
    problem = sums(times, y, 1)
    point = refine(problem, np.array([12.2, 13.2]), 50.0)
    for step in (1e-4, -1e-4):
        for i in (0, 1):
            moved = point.f + step * np.eye(2)[i]
            assert evaluate(problem, moved, Shape.tones(2)).rss > point.rss


def test_the_slope_is_the_derivative_of_the_sum_of_squares() -> None:
    rng = np.random.default_rng(2)
    y = rng.normal(size=100)
    problem = sums(classify(X + 0.3), y, 2)
    for kinds in (("both", "both"), ("sin", "cos"), ("cos", "both")):
        shape = Shape(kinds, (True, True), 0.8)  # type: ignore[arg-type]
        f, step = np.array([7.2, 9.9]), 1e-6
        point = evaluate(problem, f, shape)
        for i in (0, 1):
            ends = [evaluate(problem, f + sign * step * np.eye(2)[i], shape).rss for sign in (1, -1)]
            assert point.slope[i] == pytest.approx(-(ends[0] - ends[1]) / (4 * step), rel=1e-5)


@pytest.mark.parametrize(
    ("tones", "snr"), [([(20.3, 1, 0.5)], 0), ([(2.2, 1, 0.5)], 20), ([(20.0, 1, 0.3), (20.8, 1, 1.9)], 20)]
)
def test_errors_are_those_of_the_bound(tones: list[tuple[float, float, float]], snr: float) -> None:
    rng = np.random.default_rng(3)
    sigma = 10 ** (-snr / 20) / np.sqrt(2)
    limit = bound(X, tones, sigma)
    normalised, told = [], []
    for _ in range(200):
        result = found(X, waves(X, *tones) + sigma * rng.normal(size=100), count=len(tones), trend="constant")
        ours = sorted(result.tones, key=lambda tone: tone.frequency)
        normalised += [(t.frequency - f) / b for t, (f, _, _), b in zip(ours, tones, limit, strict=True)]
        told += [t.se_frequency / b for t, b in zip(ours, limit, strict=True)]
    assert 0.85 < np.sqrt(np.mean(np.square(normalised))) < 1.15
    assert 0.93 < np.mean(told) < 1.07


def test_pure_noise_has_no_tones_and_its_alarms_are_spread_evenly() -> None:
    rng = np.random.default_rng(4)
    alarms = [found(X, rng.normal(size=100), trend="constant").path.alarms[0] for _ in range(200)]
    assert np.mean(np.array(alarms) < 0.01) <= 0.03
    # Baluev's formula is an upper limit, sharp for small probabilities.
    assert 0.02 < np.mean(np.array(alarms) < 0.1) < 0.15


def test_count_reads_the_path_forwards_and_backwards() -> None:
    assert count([0.001, 0.002, 0.5, 0.7]) == 2
    assert count([0.5, 0.3, 1e-9, 0.7]) == 3
    assert count([0.5, 0.3, 0.0009, 0.7]) == 0
    assert count([0.009, 0.7]) == 1 and count([1e-9, 0.007, 0.7]) == 1
    fall = least_fall(0.01, 100, 1, 50, 1 / 12)
    assert false_alarm(1.0, 1 / (1 + fall), 100, 1, 50, 1 / 12) == pytest.approx(0.01, rel=1e-6)


@pytest.mark.parametrize("n", [32, 100])
def test_equal_tones_that_mask_one_another_are_all_counted(n: int) -> None:
    rng = np.random.default_rng(5)
    x = np.arange(n) / n
    y = waves(x, (4.1, 1, 0), (7.7, 1, 1), (11.5, 1, 2)) + 0.05 * rng.normal(size=n)
    assert len(found(x, y).tones) == 3


def test_a_trend_is_found_and_a_slow_tone_is_not_taken_for_one() -> None:
    rng = np.random.default_rng(6)
    noise = 0.1 * rng.normal(size=100)
    line = found(X, 5 * X + waves(X, (7.7, 3, 1)) + noise)
    assert (line.trend, len(line.tones)) == (2, 1)
    parabola = found(X, 20 * (X - 0.3) ** 2 + noise)
    assert (parabola.trend, len(parabola.tones)) == (3, 0)
    slow = found(X, waves(X, (0.7, 3, 1)) + noise)
    assert (slow.trend, len(slow.tones)) == (1, 1)
    assert slow.tones[0].frequency == pytest.approx(0.7, abs=0.02)


def test_long_records_take_the_factorised_way_to_the_same_place() -> None:
    rng = np.random.default_rng(7)
    x = np.arange(9001) * 0.01
    y = waves(x, (3.14159, 2, 1), (3.16, 1, 0), (40, 0.3, 2)) + rng.normal(size=x.size)
    long = fit(classify(x), y)
    assert len(long.tones) == 3
    rows = refine(sums(classify(x + np.where(np.arange(9001) % 2, 1e-3, 0)), y, 1), long.point.f, 4500.0)
    assert rows.f == pytest.approx(long.point.f, abs=0.05)
    short = fit(classify(x[:8000]), y[:8000])
    for tone in short.tones:
        nearest = min(long.tones, key=lambda other: abs(other.frequency - tone.frequency))
        assert abs(tone.frequency - nearest.frequency) < 5 * tone.se_frequency


def test_holes_and_uneven_times() -> None:
    rng = np.random.default_rng(8)
    place = np.sort(rng.choice(9900, 9000, replace=False))
    uneven = np.sort(rng.uniform(0, 100, 300))
    for x, f in ((place * 0.01, 33.3), (np.delete(X, range(30, 60)), 12.4), (uneven, 6.3)):
        (tone,) = found(x, waves(x, (f, 1, 1)) + 0.3 * rng.normal(size=x.size)).tones
        assert abs(tone.frequency - f) < 4 * tone.se_frequency


def test_fixed_frequencies_keep_their_place() -> None:
    rng = np.random.default_rng(9)
    y = waves(X, (10, 2, 1), (23.4, 1, 0)) + 0.1 * rng.normal(size=100)
    result = found(X, y, fixed=(10.0,))
    assert result.tones[0].frequency == 10 and result.tones[0].se_frequency == 0
    assert len(result.tones) == 2 and result.searched == 1
    assert result.tones[0].false_alarm < 1e-10


def test_outliers_are_held_back() -> None:
    rng = np.random.default_rng(10)
    y = waves(X, (12.3, 1, 0.4)) + 0.07 * rng.normal(size=100)
    far = rng.random(100) < 0.15
    y[far] += 5 * rng.normal(size=far.sum())
    held = found(X, y, robust=None)
    assert held.weights is not None and len(held.tones) == 1
    assert abs(held.tones[0].frequency - 12.3) < 4 * held.tones[0].se_frequency < 0.05
    assert found(X, waves(X, (12.3, 1, 0.4)) + 0.07 * rng.normal(size=100), robust=None).weights is None


def test_coloured_noise_widens_the_errors_where_it_is_strong() -> None:
    rng = np.random.default_rng(11)
    noise = np.zeros(2000)
    for i in range(1, 2000):
        noise[i] = 0.6 * noise[i - 1] + rng.normal()
    x = np.arange(2000.0)
    result = found(x, noise + waves(x, (0.01, 5, 0), (0.4, 5, 1)), count=2)
    slow, fast = sorted(result.tones, key=lambda tone: tone.frequency)
    assert result.errors.coloured
    assert slow.se_frequency > 1.5 * fast.se_frequency


def test_at_half_the_sampling_rate_there_is_one_amplitude() -> None:
    rng = np.random.default_rng(12)
    (tone,) = found(X, (-1.0) ** np.arange(100) + 0.01 * rng.normal(size=100)).tones
    assert tone.frequency == pytest.approx(50) and tone.amplitude == pytest.approx(1, abs=0.01)


def test_whole_numbers_are_taken_only_when_the_data_demand_them() -> None:
    rng = np.random.default_rng(13)
    exact = whole_numbers(found(X, SEED), asked=False)
    assert isinstance(exact, ModelForm) and exact.whole == (True, True)
    assert [(t.fn, t.amplitude, t.frequency) for t in exact.terms] == [("sin", -5, 10), ("cos", 4, 5), ("sin", 2, 3)]
    noisy = whole_numbers(found(X, SEED + 0.3 * rng.normal(size=100)), asked=True)
    assert isinstance(noisy, ModelForm) and [t.amplitude for t in noisy.terms] == [-5, 4, 2]
    apart = whole_numbers(found(X, waves(X, (12.3, 3, 0)) + 0.1 * rng.normal(size=100)), asked=True)
    assert isinstance(apart, Refusal) and apart.code == "apart"
    blurred = whole_numbers(found(X, waves(X, (12, 0.4, 0)) + rng.normal(size=100), count=1), asked=True)
    assert isinstance(blurred, Refusal) and blurred.code == "blurred"
    chance = whole_numbers(found(X, waves(X, (12, 3, 1)) + rng.normal(size=100)), asked=False)
    assert isinstance(chance, Refusal) and chance.code == "chance"
    none = whole_numbers(found(X, rng.normal(size=100)), asked=True)
    assert isinstance(none, Refusal) and none.code == "none"


def test_wrong_whole_numbers_are_not_printed() -> None:
    rng = np.random.default_rng(14)
    right = 0
    for i in range(60):
        x = np.arange(100) * (0.01 if i % 2 else 0.0073)
        f, a = rng.choice(np.arange(1, 21), 3, replace=False), rng.integers(1, 6, 3) * rng.choice([-1, 1], 3)
        fn = [str(name) for name in rng.choice(["sin", "cos"], 3)]
        y = sum(a[k] * getattr(np, fn[k])(2 * np.pi * f[k] * x) for k in range(3))
        form = whole_numbers(found(x, y + (0, 0.1, 0.5, 1, 2)[i % 5] * rng.normal(size=100)), asked=True)
        if isinstance(form, ModelForm) and form.whole[1]:
            truth = sorted(zip(fn, map(float, a), map(float, f), strict=True))
            assert sorted((t.fn, t.amplitude, t.frequency) for t in form.terms) == truth
            right += 1
    assert right > 20


def test_templates_give_each_term_its_tone() -> None:
    rng = np.random.default_rng(15)
    y = waves(X, (10.4, 3, np.pi / 2), (5.2, 2, 0)) + 0.01 * rng.normal(size=100)
    form = template(found(X, y), ["cos", "sin"], 0)
    assert [(t.fn, round(t.amplitude), round(t.frequency, 1)) for t in form.terms] == [
        ("cos", 2, 5.2),
        ("sin", -3, 10.4),
    ]
    assert form.agreement > 1e-3
    wrong = template(found(X, y), ["sin", "sin"], 0)
    assert wrong.agreement < 1e-6


def test_nist_enso_to_seven_digits() -> None:
    """NIST StRD nonlinear least squares, ENSO: the annual cycle and two longer ones, certified values."""
    y = np.loadtxt(Path(__file__).with_name("enso.txt"))
    x = np.arange(1.0, 169)
    result = fit(classify(x), y, Task(count=2, trend="constant", fixed=(168 / 12,)))
    by_period = {round(1 / tone.frequency): tone for tone in result.tones}
    assert sorted(by_period) == [12, 27, 44]
    assert 1 / by_period[44].frequency == pytest.approx(44.311088700, rel=1e-7)
    assert 1 / by_period[27].frequency == pytest.approx(26.887614440, rel=1e-7)
    assert result.coefficients[0] == pytest.approx(10.510749193, rel=1e-7)
    certified = {
        12: (3.0762128085, 0.53280138227),
        44: (-1.6231428586, 0.52554493756),
        27: (0.21232288488, 1.4966870418),
    }
    for period, (a, b) in certified.items():
        assert (by_period[period].a, by_period[period].b) == pytest.approx((a, b), rel=1e-7)
    assert float(result.residual @ result.residual) == pytest.approx(788.53978668, rel=1e-9)
    assert result.sigma == pytest.approx(2.2269642403, rel=1e-8)
    # Unaided, the year is certain; the slow cycles of El Niño do not stand out from noise with a memory.
    unaided = fit(classify(x), y)
    assert [round(1 / tone.frequency) for tone in unaided.tones] == [12] and unaided.ar1 > 0.3


def test_a_doubtful_tone_gets_no_whole_number() -> None:
    rng = np.random.default_rng(16)
    y = waves(X, (8, 5, 0)) + 0.5 * rng.normal(size=100)
    doubtful = found(X, y, count=2)
    assert doubtful.path.alarms[1] > 0.01
    form = whole_numbers(doubtful, asked=True)
    assert isinstance(form, Refusal) and form.code in ("doubtful", "blurred", "apart")
    assert isinstance(whole_numbers(found(X, y), asked=True), ModelForm)


def test_a_repeated_time_on_a_grid_does_not_open_the_aliases() -> None:
    """0.5 and 19.5 cycles look the same on a grid of 0.1; the lower one is meant, one doubled sample or not."""
    x = np.sort(np.append(np.arange(60) * 0.1, 0.1))
    result = fit(classify(x), 2 * np.sin(2 * np.pi * 0.5 * x + 0.3) + 0.01 * np.cos(37 * x**2))
    assert result.tones[0].frequency == pytest.approx(0.5, rel=1e-3)
    assert max(tone.frequency for tone in result.tones) <= 5.1
