"""Noise with a memory, rounded values and single outliers: what is no tone is not counted, and tones are found."""

import numpy as np
import pytest

from nabla.sinusoid.fit import Task, fit
from nabla.sinusoid.red import RedNoise
from nabla.sinusoid.rounding import resolution
from nabla.sinusoid.times import classify


def red(rng: np.random.Generator, x: np.ndarray, ar1: float) -> np.ndarray:
    """Noise of variance 1 whose correlation is ar1 ** |dx|."""
    y = np.empty(x.size)
    y[0] = rng.normal()
    for i, rho in enumerate(ar1 ** np.diff(x), 1):
        y[i] = rho * y[i - 1] + np.sqrt(1 - rho * rho) * rng.normal()
    return y


EVEN = np.arange(128.0)


@pytest.mark.parametrize("ar1", [0.5, 0.7, 0.9])
def test_red_noise_has_no_tones(ar1: float) -> None:
    found = [fit(classify(EVEN), red(np.random.default_rng(seed), EVEN, ar1)) for seed in range(10)]
    assert sum(len(each.tones) for each in found) == 0
    assert np.mean([each.ar1 for each in found]) == pytest.approx(ar1, abs=0.1)


@pytest.mark.parametrize("ar1", [0.5, 0.9])
def test_a_tone_that_stands_out_of_red_noise_is_found(ar1: float) -> None:
    right = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        y = red(rng, EVEN, ar1) + 0.9 * np.cos(2 * np.pi * 0.137 * EVEN + rng.uniform(0, 6))
        tones = fit(classify(EVEN), y).tones
        right += len(tones) == 1 and abs(tones[0].frequency - 0.137) < 0.004
    assert right >= 8


def test_white_noise_has_no_memory() -> None:
    tones = [fit(classify(EVEN), np.random.default_rng(s).normal(size=128)) for s in range(10)]
    assert all(each.ar1 == 0 for each in tones)


def test_red_noise_at_uneven_times() -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        x = np.sort(rng.uniform(0, 120, 100))
        assert not fit(classify(x), red(rng, x, 0.8)).tones


def test_the_likelihood_is_that_of_the_correlation_matrix() -> None:
    # Against the dense matrix of the definition, at uneven times.
    rng = np.random.default_rng(4)
    x = np.cumsum(rng.choice([1.0, 2.0, 5.0], 40))
    y = red(rng, x, 0.7)
    times = classify(x)
    point = RedNoise(times, y, 1).at(np.array([3.3]))
    correlation = point.ar1 ** (np.abs(x[:, None] - x) / times.step)
    inverse = np.linalg.inv(correlation)
    angle = 2 * np.pi * 3.3 * times.t
    columns = np.column_stack([np.ones(40), np.cos(angle), np.sin(angle)])
    linear = np.linalg.solve(columns.T @ inverse @ columns, columns.T @ inverse @ y)
    left = y - columns @ linear
    assert point.linear == pytest.approx(linear, rel=1e-8)
    assert point.effective == pytest.approx(
        left @ inverse @ left * np.exp(np.linalg.slogdet(correlation)[1] / 40), rel=1e-8
    )


def test_the_rounding_of_a_record_is_no_tone() -> None:
    x = np.arange(60) * 0.1
    for decimals in (1, 2, 3):
        y = np.round(3 * np.sin(2 * np.pi * 0.37 * x) + 5, decimals)
        found = fit(classify(x), y)
        assert [round(tone.frequency, 2) for tone in found.tones] == [0.37]
        assert found.tones[0].se_amplitude > 0.1 * 10.0**-decimals / 60**0.5


def test_the_last_decimal() -> None:
    y = np.linspace(0, 3, 31) ** 2
    assert resolution(np.round(y, 2)) == 0.01
    assert resolution(100 * np.round(y, 2) * np.pi) == 0
    assert resolution(np.tile([0.0, 1.0], 20)) == 0


def test_a_single_outlier_is_held_back() -> None:
    x = np.arange(40) * 0.5
    y = 10 + 3 * np.cos(2 * np.pi * 0.2326 * x) + 0.2 * np.random.default_rng(0).normal(size=40)
    y[23] = 910
    (tone,) = fit(classify(x), y, Task(robust=None)).tones
    assert tone.frequency == pytest.approx(0.2326, rel=0.01) and tone.amplitude == pytest.approx(3, rel=0.05)
