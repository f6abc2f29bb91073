"""How the samples of a list were taken, as sentences tell it, and what bins of a transform stand for."""

import numpy as np
import pytest

import nabla
from nabla.read.data.rate import read_sampling
from nabla.sinusoid.rounding import resolution

STEP = 0.25
X = np.arange(29) * STEP
WAVE = ", ".join(f"{v:.2f}" for v in 2 + 3 * np.cos(2 * np.pi * 0.6 * X + 1) + 0.05 * np.sin(40 * X))


@pytest.mark.parametrize(
    "told",
    [
        f"sampling interval 250 milliseconds. Which frequency in y = [{WAVE}]?",
        f"y = [{WAVE}]\n\nThe sampling period is 250 ms. What is the frequency?",
        f"time step of 0.25 s: {WAVE}. frequency?",
        f"y = [{WAVE}], x from 0 to 7 in steps of 0.25. What is the frequency of the sine?",
        f"Fit A*cos(2*pi*f*t + p) + c to [{WAVE}], t = 0, 0.25, ..., 7. frequency?",
        f"Measured every 0.25 s.\n\ny = [{WAVE.replace('4.', chr(10) + '   4.', 3)}]\n\nmodel: A*cos(2*pi*f*t + p) + c",
    ],
)
def test_the_step_of_a_list_is_taken_from_its_sentence(told: str) -> None:
    document = nabla.ask(told)
    assert document.lab == "fit"
    assert document.values["read"]["step"] == pytest.approx(STEP)
    assert document.values["tones"][0]["frequency"] == pytest.approx(0.6, rel=0.01)


def test_a_range_of_another_length_is_no_axis() -> None:
    document = nabla.ask(f"y = [{WAVE}], t = 0, 0.25, ..., 9. What is the frequency of the sine?")
    assert document.values["read"]["step"] == 1


def test_intervals_of_other_things_are_no_sampling() -> None:
    assert read_sampling("a 95 % confidence interval 0.3 s wide") is None
    assert read_sampling("in the interval 0 to 5 s") is None
    assert read_sampling("its period is 25 ms") is None


@pytest.mark.parametrize("seed", range(6))
def test_bins_are_where_a_transform_has_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rate, size = int(rng.integers(50, 2000)), int(rng.integers(16, 512))
    k = int(rng.integers(0, size))
    wordings = (
        f"sampling rate {rate} Hz, N = {size}, which frequency is bin {k}",
        f"A {size}-point FFT of data sampled at {rate} Hz: what is the frequency of index {k}?",
    )
    told = nabla.ask(wordings[seed % 2]).values["sampling"]
    away = (told["value"] - np.fft.fftfreq(size, 1 / rate)[k]) % rate  # of half the rate both signs are right
    assert told["kind"] == "bin" and min(away, rate - away) < 1e-9 * rate


def test_a_frequency_has_its_bin() -> None:
    told = nabla.ask("Which bin does 440 Hz fall in for a 4096 point FFT at 44.1 kHz sampling?").values["sampling"]
    assert told == {"kind": "place", "value": pytest.approx(440 * 4096 / 44100)}


def test_a_damped_wave_has_a_rate_of_decay() -> None:
    y = 3 * np.exp(-0.3 * X) * np.cos(2 * np.pi * 0.6 * X) + 0.01 * np.sin(50 * X)
    rows = "\n".join(f"{a:g}, {b:.4f}" for a, b in zip(X, y, strict=True))
    document = nabla.ask(f"t, y\n{rows}\n\nFit A*exp(-g*t)*cos(2*pi*f*t + p). What is the decay constant?")
    assert "rate of decay" in document.answer.text and "growth" not in document.answer.text


@pytest.mark.parametrize("step", [0.001, 0.05, 0.25, 3.0])
def test_the_rounding_of_long_records_is_that_of_all_values(step: float) -> None:
    y = np.round(np.random.default_rng(1).normal(size=5000) * 100) * step
    assert resolution(y) == pytest.approx(step)
    y[-1] += 0.1234567890123
    assert resolution(y) == 0


@pytest.mark.parametrize(("offset", "differs"), [(0.0, False), (1.5, True)])
def test_an_intercept_is_tested_against_0(offset: float, differs: bool) -> None:
    """Student's t of the intercept of 6 points, by the usual formulas."""
    x = np.arange(1.0, 7)
    y = offset + 2 * x + np.array([0.1, -0.2, 0.15, 0.05, -0.15, 0.1])
    listed = ", ".join(f"{v:.2f}" for v in y)
    document = nabla.ask(f"x = 1, 2, 3, 4, 5, 6; y = {listed}. Is the intercept significantly different from 0?")
    c, covariance = np.polyfit(x, y.round(2), 1, cov=True)
    assert f"t = {c[1] / np.sqrt(covariance[1, 1]):.3g}"[:6] in document.answer.text
    assert ("differs significantly" in document.answer.text) is differs


def test_ohms_are_no_angular_frequency() -> None:
    text = "t (s) = 0, 5, 10, 15, 20, 25; V (V) = 9.0, 6.6, 4.8, 3.5, 2.6, 1.9. With 47 kΩ, what is the time constant?"
    assert not [warning for warning in nabla.ask(text).warnings if warning.code == "not-covered"]


def test_five_numbers_are_data_behind_what_is_fitted_to_them() -> None:
    model = nabla.ask("quadratic fit of 1,4,9.2,15.8,25.1").values["model"]["parameters"]
    assert [model[name] for name in "abc"] == pytest.approx(np.polyfit(range(5), [1, 4, 9.2, 15.8, 25.1], 2))
    told = nabla.ask("What is the half-life from 100, 71, 50, 35, 25 measured every hour?")
    assert told.values["model"]["half_life"] == pytest.approx(2, rel=0.03) and " h" in told.answer.text


def test_pairs_may_have_the_unit_of_their_axis() -> None:
    told = "300 K: 0.0012, 310 K: 0.0026, 320 K: 0.0055, 330 K: 0.0110, 340 K: 0.0213"
    energy = nabla.ask(f"Rate constants: {told}. What is the activation energy?").values["model"]["parameters"]["Ea"]
    assert energy == pytest.approx(61_400, rel=0.01)  # the slope of ln k over 1/T times 8.314 is 61,000
    document = nabla.ask("0 s: 10.0, 1 s: 7.4, 2 s: 5.5, 3 s: 4.05, 4 s: 3.0. What is the half-life?")
    assert document.values["model"]["half_life"] == pytest.approx(2.31, abs=0.01) and " s" in document.answer.text
