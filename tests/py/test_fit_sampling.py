"""fit with questions on sampling that have no data, and with what else is asked in passing."""

from typing import Any

import numpy as np
import pytest

import nabla
from nabla.read.data.rate import read_sampling


@pytest.mark.parametrize("seed", range(8))
def test_an_alias_is_where_a_transform_finds_it(seed: int) -> None:
    """Against the largest bin of a whole number of cycles."""
    rng = np.random.default_rng(seed)
    rate, frequency = int(rng.integers(20, 400)), int(rng.integers(1, 900))
    samples = np.cos(2 * np.pi * frequency * np.arange(rate) / rate)
    found = int(np.argmax(np.abs(np.fft.rfft(samples))))
    wordings = (
        f"I sample a {frequency} Hz signal at {rate} samples per second. What frequency will I see?",
        f"A tone of {frequency} Hz is sampled at {rate} Hz. Where does its alias appear?",
    )
    document = nabla.ask(wordings[seed % 2])
    assert document.lab == "fit" and document.values["sampling"]["kind"] == "alias"
    assert document.values["sampling"]["value"] == pytest.approx(found, abs=1e-9)
    assert [check.verdict for check in document.checks if check.test == "points"] == ["passed"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("What sampling rate do I need to record 440 Hz and its first three harmonics?", "rate", 2 * 4 * 440),
        ("Nyquist rate for components at 300 Hz, 1.2 kHz and 950 Hz?", "rate", 2400),
        ("What is the highest frequency I can measure with a sampling rate of 44.1 kHz?", "highest", 22050),
        ("What's the frequency resolution of a 1024-point FFT at 500 Hz sampling?", "resolution", 500 / 1024),
        ("How long must I record to tell 50 Hz and 50.5 Hz apart?", "apart", 2),
        ("My ADC takes a reading every 5 ms. At what frequency does 130 Hz hum show up?", "alias", 70),
    ],
)
def test_rates_and_resolutions_are_told(text: str, kind: str, value: float) -> None:
    values = nabla.ask(text).values
    assert values["sampling"] == {"kind": kind, "value": pytest.approx(value)}


def ask(text: str) -> Any:
    document = nabla.ask(text)
    assert document.lab == "fit"
    return document


def test_the_next_values_are_told() -> None:
    told = ask("Forecast the next 3 values: 3, 5, 7.2, 8.9, 11.1, 13, 15.1, 16.8").values["quantities"]
    line = np.polyfit(np.arange(8), [3, 5, 7.2, 8.9, 11.1, 13, 15.1, 16.8], 1)
    for x in (8, 9, 10):
        assert told[f"at {x}"]["value"] == pytest.approx(np.polyval(line, x))


def test_a_unit_behind_a_list_is_that_of_its_column() -> None:
    volts, times = "5.0, 3.35, 2.24, 1.50, 1.01, 0.68", "0, 2, 4, 6, 8, 10"
    document = ask(f"RC discharge: V = {volts} V at t = {times} ms. What is the time constant?")
    assert document.values["model"]["rate"] == pytest.approx(-0.2, abs=0.002)
    assert "ms" in document.answer.text


def test_the_outlier_is_named_in_the_sentence() -> None:
    document = ask("Which is the outlier? x: 1,2,3,4,5,6,7,8 y: 2.1,4.0,6.1,8.2,14.9,12.1,13.8,16.0")
    assert "14.9 at x = 5" in document.answer.text
    assert not [warning for warning in document.warnings if warning.code == "not-covered"]


def test_one_exponential_or_two_are_compared() -> None:
    rng = np.random.default_rng(1)
    t = np.arange(20.0)
    y = 800 * np.exp(-t / 1.8) + 150 * np.exp(-t / 9) + 3 * rng.normal(size=20)
    document = ask(f"Two exponentials or one? t: {', '.join(map(str, t))}; counts: {', '.join(f'{v:.0f}' for v in y)}")
    assert document.values["compared"][0]["form"].count("exp") == 2


@pytest.mark.parametrize("shape", ["Gaussian", "Lorentzian"])
def test_a_peak_on_a_line_has_its_width(shape: str) -> None:
    rng = np.random.default_rng(2)
    x = np.linspace(0, 10, 60)
    width = 0.6
    peak = np.exp(-((x - 4.2) ** 2) / (2 * width**2)) if shape == "Gaussian" else 1 / (1 + ((x - 4.2) / width) ** 2)
    y = 2 + 0.3 * x + 5 * peak + 0.02 * rng.normal(size=60)
    rows = "\n".join(f"{a:.3f}\t{b:.3f}" for a, b in zip(x, y, strict=True))
    full = width * (2 * np.sqrt(2 * np.log(2)) if shape == "Gaussian" else 2)
    told = ask(f"{shape} peak with a linear background, what is its FWHM?\n{rows}").values["quantities"]["FWHM"]
    assert told["value"] == pytest.approx(full, rel=0.03)


def test_values_on_a_coarse_grid_are_not_read_as_sinusoids() -> None:
    """A falling ball filmed at 30 frames a second, heights to 5 mm: a parabola with half of g."""
    t = np.arange(12) / 30
    heights = np.round((2 - 9.81 * t**2 / 2) / 0.005) * 0.005
    document = ask(f"A ball filmed at 30 fps. heights in m: {', '.join(f'{h:.3f}' for h in heights)}. What is g?")
    assert document.values["model"]["parameters"]["a"] == pytest.approx(-9.81 / 2, abs=0.15)


def test_a_period_that_is_asked_about_is_tested_where_none_is_found() -> None:
    rng = np.random.default_rng(3)
    rows = ", ".join(f"{v:.0f}" for v in 200 + 20 * rng.normal(size=90))
    document = ask(f"Is there a 29.5 day period in my daily sales?\n{rows}")
    assert "With the period of 29.5 day given" in document.answer.text


def test_where_a_sinusoid_is_highest_is_told() -> None:
    t = np.arange(0, 10, 0.25)
    rows = "\n".join(f"{a:g} {7 + 3 * np.cos(2 * np.pi * (a - 1.3) / 12):.3f}" for a in t)
    told = ask(f"When was it hottest? Fit a sine to hour and temperature.\nhour temp\n{rows}").values["quantities"]
    assert told["maximum"]["value"] == pytest.approx(1.3, abs=0.02)


def test_a_circle_is_refused_by_name() -> None:
    with pytest.raises(nabla.UserError, match="circle"):
        nabla.ask("Fit a circle through these points: (1,0), (0,1), (-1,0), (0,-1), (0.7,0.72)")


SIGNAL = "import numpy as np\nimport matplotlib.pyplot as plt\nfs = 200\nt = np.arange(0, 1, 1/fs)\n"
SIGNAL += "y = 0.8*np.sin(2*np.pi*40*t)\nY = np.fft.fft(y)\n"


@pytest.mark.parametrize(
    ("shown", "fault"),
    [
        ("plt.plot(np.linspace(0, fs, len(y), endpoint=False), 2/len(y)*np.abs(Y))", True),
        ("plt.plot(np.arange(100), 2/len(y)*np.abs(Y[:len(y)//2]))", False),
    ],
)
def test_a_drawn_mirror_image_is_named(shown: str, fault: bool) -> None:
    kinds = {finding["kind"] for finding in ask(SIGNAL + shown).values.get("findings", [])}
    assert ("both-halves" in kinds) is fault


@pytest.mark.parametrize(("read", "fault"), [("w[np.argmax(p)]", True), ("w[np.argmax(p)]/(2*np.pi)", False)])
def test_the_angular_axis_of_lombscargle_is_named(read: str, fault: bool) -> None:
    rng = np.random.default_rng(4)
    t = np.sort(rng.uniform(0, 10, 60)).round(3)
    program = (
        f"import numpy as np\nfrom scipy.signal import lombscargle\nt = np.array({t.tolist()})\ny = np.sin(2*np.pi*t)\n"
        f"w = np.linspace(0.1, 20, 2000)\np = lombscargle(t, y, w)\nprint({read})"
    )
    kinds = {finding["kind"] for finding in ask(program).values.get("findings", [])}
    assert ("two-pi" in kinds) is fault


INTERVALS = {
    "sampling interval 25 milliseconds": 0.025,
    "the time step was 0.1 s": 0.1,
    "readings 0.1 s apart": 0.1,
    "at intervals of 5 minutes": 5.0,
    "sample period = 2 ms": 0.002,
}


@pytest.mark.parametrize("words", INTERVALS)
def test_an_interval_between_samples_is_read(words: str) -> None:
    sampling = read_sampling(f"The signal was recorded, {words}")
    assert sampling is not None
    assert sampling.step == pytest.approx(INTERVALS[words])


@pytest.mark.parametrize("axis", ["every 0.1 s", "t = 0, 0.1, ..., 7.9"])
def test_the_times_that_are_told_hold_for_a_template_too(axis: str) -> None:
    t = np.arange(80) / 10
    y = 3 * np.exp(-0.4 * t) * np.sin(2 * np.pi * 1.25 * t + 0.5)
    rows = ",\n ".join(", ".join(f"{value:.5f}" for value in y[k : k + 10]) for k in range(0, 80, 10))
    text = f"I recorded an angle, {axis}. Fit A*exp(-g*t)*sin(2*pi*f*t+p) to it.\n\ntheta = [{rows}]"
    found = nabla.ask(text).values["model"]["parameters"]
    assert abs(found["g"]) == pytest.approx(0.4, rel=1e-3)
    assert abs(found["f"]) == pytest.approx(1.25, rel=1e-3)
