"""Times, normal equations and transforms against sums written out."""

import numpy as np
import pytest

from nabla.sinusoid.chance import beta_tail, f_test, student
from nabla.sinusoid.spectrum import Trials, nufft, smooth
from nabla.sinusoid.sums import GridSums, TableSums
from nabla.sinusoid.times import classify


def test_even_times_whatever_their_rounding() -> None:
    for x in (np.arange(100) / 100, np.round(np.arange(1000) / 3, 3), 2020 + np.arange(50) / 12, np.arange(7) * 1e300):
        times = classify(x)
        assert times.kind == "even" and times.place is not None
        assert times.place.tolist() == list(range(x.size))
        assert times.length == pytest.approx(x.size * (x[-1] - x[0]) / (x.size - 1), rel=1e-4)


def test_holes_are_counted_on_the_grid_that_the_times_share() -> None:
    place = np.array([0, 1, 2, 5, 6, 9, 10, 11, 30])
    times = classify(3.0 + 0.1 * place)
    assert times.kind == "holes" and times.holes == 22
    assert times.place is not None and times.place.tolist() == place.tolist()
    assert times.step == pytest.approx(0.1, rel=1e-12)


def test_uneven_times() -> None:
    rng = np.random.default_rng(1)
    random = classify(np.sort(rng.uniform(0, 1, 100)))
    assert random.kind == "uneven" and random.limit == 5 * random.nyquist
    jittered = classify(np.arange(100) + rng.normal(size=100) * 0.05)
    assert jittered.kind == "uneven" and jittered.limit == jittered.nyquist
    assert classify(np.array([0.0, 1, 1, 2, 3, 4])).kind == "uneven"


@pytest.mark.parametrize("trend", [0, 1, 2, 3])
@pytest.mark.parametrize("missing", [[], [0], [5, 100, 101, 2000]])
def test_factorised_sums_are_those_of_the_rows(trend: int, missing: list[int]) -> None:
    rng = np.random.default_rng(2)
    x = np.delete(np.arange(4099) * 0.1, missing)
    times = classify(x)
    assert times.place is not None
    y, f = rng.normal(size=x.size), np.array([3.3, 477.1, 477.6, 2000.0])
    rows, grid = TableSums(times.t, y, trend), GridSums(y, trend, times.place, times.size)
    for ours, written_out in zip(grid.normal(f), rows.normal(f), strict=True):
        assert np.abs(ours - written_out).max() < 1e-8
    wave = rng.normal(size=trend + 8)
    assert np.abs(grid.model(f, wave) - rows.model(f, wave)).max() < 1e-9
    best = np.linalg.solve(rows.normal(f)[0][: trend + 8, : trend + 8], rows.normal(f)[1][: trend + 8])
    right = grid.normal(f)[1]
    assert grid.explained(f, best, right) == pytest.approx(rows.explained(f, best, right), rel=1e-9)


def test_nufft_is_the_sum_it_stands_for() -> None:
    rng = np.random.default_rng(3)
    t, y = rng.uniform(-0.5, 0.5, 500), rng.normal(size=500)
    written_out = np.exp(2j * np.pi * 0.25 * np.outer(np.arange(3000), t)) @ y
    assert np.abs(nufft(t, y, 0.25, 3000) - written_out).max() < 3e-6 * np.abs(y).sum()


@pytest.mark.parametrize("kind", ["even", "holes", "uneven"])
def test_the_gain_is_the_fall_of_the_sum_of_squares(kind: str) -> None:
    rng = np.random.default_rng(4)
    x = {"even": np.arange(60.0), "holes": np.delete(np.arange(70.0), range(20, 30)), "uneven": rng.uniform(0, 60, 60)}
    times = classify(np.sort(x[kind]))
    assert times.kind == kind
    y, t = rng.normal(size=60), times.t
    model = np.column_stack([np.ones(60), np.cos(2 * np.pi * 7.3 * t), np.sin(2 * np.pi * 7.3 * t)])
    basis = np.linalg.qr(model)[0]
    trials = Trials(times, times.nyquist, 4)
    gain = trials.gain(y - basis @ (basis.T @ y), basis)
    before = np.linalg.lstsq(model, y)[1][0]
    for i in (5, 20, 27, 33, 100):
        wave = 2 * np.pi * trials.g[i] * t
        after = np.linalg.lstsq(np.column_stack([model, np.cos(wave), np.sin(wave)]), y)[1][0]
        assert gain[i] == pytest.approx(before - after, rel=1e-6)


def test_smooth_lengths() -> None:
    for n in (1, 2, 7, 11, 97, 1021, 999_983):
        found = smooth(n)
        assert n <= found <= 2 * n
        for prime in (2, 3, 5):
            while found % prime == 0:
                found //= prime
        assert found == 1


def test_distributions_have_the_values_of_the_tables() -> None:
    # Abramowitz and Stegun, table 26.10 and 26.9, and NIST's e-Handbook 1.3.6.7.
    assert student(0.95, 1) == pytest.approx(12.706, abs=5e-4)
    assert student(0.95, 20) == pytest.approx(2.086, abs=5e-4)
    assert student(0.95, 1e6) == pytest.approx(1.95996, abs=1e-5)
    assert f_test(4.10, 2, 10) == pytest.approx(0.05, abs=1e-4)
    assert f_test(4.43, 5, 20) == pytest.approx(0.00705, abs=2e-4)
    assert f_test(0.0, 2, 10) == 1.0
    assert beta_tail(2, 3, 0.4) == pytest.approx(0.5248, rel=1e-12)
