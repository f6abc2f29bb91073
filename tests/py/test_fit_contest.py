"""fit of a bare column: which form it has is a contest, and no form at all is an answer."""

import numpy as np
import pytest

import nabla
from nabla.answer.document import Document, Table
from nabla.read.data import Data
from nabla.sinusoid.faults import faults
from nabla.sinusoid.shapes import SHAPES

X = np.linspace(0, 10, 60)
RNG = np.random.default_rng(0)
NOISE = RNG.normal(size=60)

CURVES = {
    "an exponential to 0": 5 * np.exp(-0.4 * X) + 0.05 * NOISE,
    "an exponential": 5 * np.exp(-0.7 * X) + 1 + 0.05 * NOISE,
    "a Gaussian peak": 4 * np.exp(-((X - 4) ** 2) / (2 * 0.7**2)) + 1 + 0.1 * NOISE,
    "a Lorentzian peak": 3 / (1 + ((X - 6) / 0.8) ** 2) + 0.05 * NOISE,
    "a logistic curve": 5 / (1 + np.exp(-2 * (X - 5))) + 0.1 * NOISE,
    "a line": 2 + 0.5 * X + 0.2 * NOISE,
    "a parabola": (X - 4) ** 2 + NOISE,
    "a cubic": (X - 2) * (X - 5) * (X - 9) + 2 * NOISE,
    "a power": 3 * X**1.7 + 0.5 * NOISE,
    "a saturation": 9 * X / (2 + X) + 0.1 * NOISE,
    "an exponential and a sinusoid": 5 * np.exp(-0.7 * X) + np.sin(6 * X) + 0.1 * NOISE,
}


def answer(y: np.ndarray, x: np.ndarray = X, **inputs: str) -> Document:
    return nabla.fit(x.tolist(), y.tolist(), **inputs)


def likely_forms(document: Document) -> list[str]:
    """The forms whose criterion is within 6 of the least."""
    table = next(b for b in document.blocks if isinstance(b, Table) and b.columns[0].label == "Form")
    return [str(row[0]) for row in table.rows if float(str(row[4])) < 6]


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_without_a_cycle_is_answered_by_its_own_form(name: str) -> None:
    document = answer(CURVES[name])
    assert document.values.get("model"), document.title
    assert name in [form.replace("exponential to 0 and", "exponential and") for form in likely_forms(document)]
    assert document.warnings == [] and {check.verdict for check in document.checks} == {"passed"}
    shape = next((shape for shape in SHAPES if shape.name == name), None)
    if shape:
        assert len(document.values["model"]["parameters"]) == shape.count


@pytest.mark.parametrize("cycles", [1.0, 1.4, 2.3, 7.7])
@pytest.mark.parametrize("noise", [0.02, 0.3])
def test_a_sinusoid_of_a_cycle_or_more_stays_one(cycles: float, noise: float) -> None:
    document = answer(3 * np.sin(2 * np.pi * cycles * X / 10 + 1) + noise * NOISE)
    assert "model" not in document.values and len(document.values["tones"]) == 1


def test_noise_is_no_curve() -> None:
    rng = np.random.default_rng(11)
    answers = [answer(rng.normal(size=60)) for _ in range(12)]
    assert all("model" not in a.values and not a.values["tones"] for a in answers)


def test_exact_data_and_dates_far_from_zero() -> None:
    y = np.round(5 * np.exp(-0.7 * X) + 1, 6)
    exact = answer(y).values["model"]["parameters"]
    assert [exact["a"], exact["k"], exact["c"]] == pytest.approx([5, 0.7, 1], rel=1e-6)
    years = answer(3 * np.exp(0.4 * X) + 0.1 * NOISE, 1950 + X)
    assert years.values["model"]["parameters"]["k"] == pytest.approx(-0.4, abs=0.01)
    assert "exp(0.4" in years.values["formula"].replace("0.399", "0.400") and "1950" in years.values["formula"]


@pytest.mark.parametrize("name", ["an exponential", "a line", "a Gaussian peak"])
def test_one_outlier_is_found_by_itself(name: str) -> None:
    y = CURVES[name].copy()
    clean = answer(y).values["model"]
    y[20] = 90.0
    document = answer(y)
    assert [w.code for w in document.warnings] == ["outliers"]
    found = document.values["model"]
    assert found["parameters"].keys() == clean["parameters"].keys()
    for key, value in clean["parameters"].items():
        assert abs(found["parameters"][key] - value) < clean["se"][key] + found["se"][key]
    assert "outliers" not in [w.code for w in answer(y, robust="off").warnings]


def test_none_of_these_is_an_answer() -> None:
    document = answer(np.exp(-0.9 * X) * np.sin(0.3 * X**2))
    assert "no-form" in [w.code for w in document.warnings]


def test_sinusoids_can_be_asked_for() -> None:
    document = answer(CURVES["an exponential"], models="sinusoids")
    assert "model" not in document.values and document.values["trend"]["degree"] == "quadratic"
    assert all(tone["amplitude"] < 1.5 * np.ptp(CURVES["an exponential"]) for tone in document.values["tones"])


def test_a_decay_is_tried_by_itself() -> None:
    y = 5 * np.exp(-0.3 * X) * np.cos(4 * X) + 0.1 * NOISE
    (tone,) = answer(y).values["tones"]
    assert tone["decay"] == pytest.approx(0.3, abs=4 * tone["se_decay"])
    (steady,) = answer(5 * np.cos(4 * X) + 0.1 * NOISE).values["tones"]
    assert "decay" not in steady


def test_faults_of_values() -> None:
    wave = np.sin(2 * X)
    kinds = {
        "many-zeros": np.where(NOISE > 0.5, NOISE.round(1), 0.0),
        "clipped": np.minimum(wave + 0.02 * NOISE, 0.7).round(3),
        "step-like": np.where((X // 3) % 2, 4.0, 1.0),
        "few-levels": np.round(2 * wave),
    }
    for code, y in kinds.items():
        assert [fault for fault, _ in faults(y)] == [code]
        assert answer(y).warnings[0].code == code
    for ordinary in (wave, wave.round(2), np.round(20 * wave), NOISE, CURVES["an exponential"].round(1)):
        assert faults(ordinary) == []


def test_every_shape_is_its_formula() -> None:
    """The fit in scaled x is the one that the formula gives in x."""
    x = np.linspace(0.5, 9, 40)
    rising = 2 * x**0.7 + 0.05 * RNG.normal(size=40)
    humped = 4 * np.exp(-((x - 5) ** 2)) + 0.05 * RNG.normal(size=40)
    for shape in SHAPES:
        y = humped if shape.peak else rising
        fitted = shape.fitted(x, y)
        assert fitted is not None
        document = nabla.fit(x.tolist(), y.tolist(), form=shape.text(x), robust="off")
        assert document.values["residual_rms"] <= np.sqrt(fitted.rss / x.size) * (1 + 1e-3)
    assert not any(shape.fitted(x, rising) for shape in SHAPES if shape.peak)  # a flank is no peak
    assert Data(x, rising, "x", "y").step == pytest.approx(8.5 / 39)
