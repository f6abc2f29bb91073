"""fit, asked for more than the curve: quantities of it, places on it, several forms, the asker's own curve."""

import math
import re
from typing import Any

import numpy as np
import pytest

import nabla
from nabla.answer.document import Document
from nabla.labs.fit.model import curve_of, read_model
from nabla.labs.fit.quantities import AskedQuantities, FittedModel, told_of_model
from nabla.read.data import Data
from nabla.read.fields.named_forms import form_called, named_form
from nabla.sinusoid.curve import fit_curve

RNG = np.random.default_rng(11)
X = np.arange(1.0, 25.0)
LINE = 3.2 * X - 7 + 0.4 * RNG.normal(size=X.size)
DECAY = 80 * np.exp(-X / 6) + 0.05 * RNG.normal(size=X.size)
F = np.linspace(90, 110, 60)
PEAK = 5 / (1 + ((F - 101) / 1.5) ** 2) + 0.02 * RNG.normal(size=60)
T = np.arange(0, 8, 0.1)
WAVE = 3 * np.cos(2 * np.pi * 0.7 * T + 0.4) + 12 + 0.05 * RNG.normal(size=T.size)
DYING = 4 * np.exp(-0.3 * T) * np.cos(2 * np.pi * 1.3 * T) + 0.02 * RNG.normal(size=T.size)
DATA = {
    "line": ("dose,level", X, LINE),
    "decay": ("time (min),dpm", X, DECAY),
    "peak": ("freq_Hz,power", F, PEAK),
    "wave": ("t (s),volt", T, WAVE),
    "dying": ("t (s),angle", T, DYING),
}
# What is asked in words, of which data, its name in the values, its truth.
ASKED = [
    ("line", "What is the slope?", "slope", 3.2),
    ("line", "Fit a line. What is the y-intercept?", "intercept", -7),
    ("line", "Fit a straight line and predict the level for dose = 40.", "at 40", 121),
    ("line", "Fit a line, please. At what dose does it reach 50?", "reach 50", 57 / 3.2),
    ("line", "This is my calibration line. My unknown sample reads 30. What is its dose?", "reach 30", 37 / 3.2),
    ("decay", "What is the half-life and the decay rate?", "rate", 1 / 6),
    ("decay", "Fit an exponential. When will it drop to 0.5?", "reach 0.5", 6 * math.log(160)),
    ("peak", "What is the Q factor of this resonance?", "Q", 101 / 3),
    ("peak", "Fit a Lorentzian. What is the FWHM?", "FWHM", 3),
    ("peak", "Fit a Gaussian. Where is the peak?", "peak", 101),
    ("wave", "What is the amplitude?", "amplitude", 3),
    ("wave", "Find the angular frequency of this wave.", "angular frequency", 2 * math.pi * 0.7),
    ("wave", "What is the period, and what will the voltage be at t = 9?", "at 9",
     12 + 3 * math.cos(2 * math.pi * 6.3 + 0.4)),
    ("dying", "It is a damped oscillation; what is its Q factor?", "Q", math.pi * 1.3 / 0.3),
    ("dying", "What is the damping coefficient?", "rate", 0.3),
]  # fmt: skip


def pasted(name: str, question: str) -> Document:
    head, x, y = DATA[name]
    rows = "\n".join(f"{a:.6g},{b:.5f}" for a, b in zip(x, y, strict=True))
    return nabla.ask(f"{question}\n\n{head}\n{rows}\n")


@pytest.mark.parametrize(("name", "question", "key", "truth"), ASKED)
def test_a_quantity_that_is_asked_for_is_told(name: str, question: str, key: str, truth: float) -> None:
    document = pasted(name, question)
    told = document.values["quantities"][key]
    assert told["value"] == pytest.approx(truth, abs=max(4 * told["se"], 0.01 * abs(truth) * (not told["se"])))
    assert not document.warnings or key.startswith("peak") or [w.code for w in document.warnings] == ["model-misfit"]
    shown = {f"{told['value']:.3g}"[:3], f"{told['value']:.4f}"[:3]}
    assert document.answer is not None and any(digits in document.answer.text for digits in shown)


def test_measures_of_a_line_are_those_of_the_textbook() -> None:
    """Slope, its error, R² and the interval by sums, with the known quantile of Student's t."""
    document = pasted("line", "Fit a line. What are R², the p-value and the 95 % confidence interval of the slope?")
    told, n = document.values["quantities"], X.size
    dx, dy = X - X.mean(), LINE - LINE.mean()
    slope = float(dx @ dy / (dx @ dx))
    left = dy - slope * dx
    se = math.sqrt(float(left @ left) / (n - 2) / float(dx @ dx))
    t975 = 2.0738730679  # of 22 degrees of freedom (Abramowitz and Stegun, table 26.10, to more digits)
    assert told["R2"]["value"] == pytest.approx(1 - float(left @ left) / float(dy @ dy), abs=1e-8)
    assert told["interval a"]["low"] == pytest.approx(slope - t975 * se, rel=1e-4)
    assert told["interval a"]["high"] == pytest.approx(slope + t975 * se, rel=1e-4)
    assert 0 < told["p-value"]["value"] < 1e-20


def test_a_slope_of_noise_has_a_probability_that_is_even() -> None:
    """Under noise the p-value is uniform: its mean over 200 records is a half, to 3 standard errors."""
    model, found = read_model("a*x + c"), []
    curve = curve_of(model)
    for seed in range(200):
        y = np.random.default_rng(seed).normal(size=X.size)
        fitted = FittedModel(model, curve, fit_curve(curve, X, y, []), Data(X, y, "x", "y"))
        found.append(told_of_model(AskedQuantities(("p-value",)), fitted, set()).values["p-value"]["value"])
    assert abs(float(np.mean(found)) - 0.5) < 3 / math.sqrt(12 * len(found))


def test_what_a_curve_does_not_tell_is_warned_of() -> None:
    document = pasted("line", "Fit a line. What is chi^2?")
    assert [warning.code for warning in document.warnings] == ["not-covered"]
    assert "quantities" not in document.values


@pytest.mark.parametrize("text", ["half-life of it", "at", "R3", "reach"])
def test_words_that_are_no_quantity_are_refused(text: str) -> None:
    with pytest.raises(nabla.UserError):
        nabla.fit(X.tolist(), LINE.tolist(), form="line", asked=text)


FORMS = {
    "Which is better, a line or a parabola?": ["line", "parabola"],
    "Is it exponential or linear or logistic?": ["exponential", "line", "logistic curve"],
    "Which model fits better, y = a x or y = a x + b?": ["y = a x + b", "y = a x"],
}


@pytest.mark.parametrize("question", FORMS)
def test_several_forms_are_compared(question: str) -> None:
    document = pasted("line", question)
    compared = document.values["compared"]
    assert compared[0]["bic"] == 0 and len(compared) == len(FORMS[question])
    assert [item["bic"] for item in compared] == sorted(item["bic"] for item in compared)
    assert document.values["model"]["parameters"].keys() <= {"a", "b", "c"}
    assert document.answer is not None and "describes the data best" in document.answer.text


@pytest.mark.parametrize("off", [0.0, 1.0])
def test_the_askers_curve_is_judged(off: float) -> None:
    document = pasted("wave", f"I got volt = 3 cos(4.398 t + {0.4 + off}) + 12. Is this model right?")
    assert document.values["claim"]["verdict"] == ("wrong" if off else "right")
    found = document.values["model"]["parameters"]
    assert sorted(abs(v) for v in found.values()) == pytest.approx([0.4, 3, 4.398, 12], rel=0.05)


NUMBERS: dict[str, tuple[str, str, str]] = {
    "My slope is 3.2, right?": ("line", "right", ""),
    "I get a slope of -3.2. Is it right?": ("line", "wrong", "sign"),
    "I think the time constant is 4.16 min.": ("decay", "wrong", "missing-factor"),
    "I get 0.72 as half-life, my half-life is 6 min.": ("decay", "wrong", "missing-factor"),
    "I get a decay rate of 0.1667, correct?": ("decay", "right", ""),
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_of_curves_are_judged(text: str) -> None:
    name, verdict, rule = NUMBERS[text]
    document = pasted(name, f"Fit a{' line' if name == 'line' else 'n exponential'}. {text}")
    assert document.values["claim"]["verdict"] == verdict
    assert [mistake["id"] for mistake in document.values["claim"]["mistakes"]] == [rule] * bool(rule)


def test_formulas_call_columns_by_their_names() -> None:
    document = pasted("wave", "What is the period?")
    assert document.answer is not None and re.search(r"volt = 12.*cos\(2π · 0\.\d+ t", document.answer.text)
    document = pasted("line", "Fit a line.")
    assert document.answer is not None and "a dose + c" in document.answer.text
    hours = nabla.ask("Period?\n\nhour,temp\n" + "\n".join(f"{i},{20 + 5 * math.sin(i / 3):.3f}" for i in range(60)))
    assert hours.answer is not None and hours.answer.text.endswith("t in h.")


def told(values: Any) -> set[str]:
    return set(re.findall(r"[a-zA-Z]+", values))


@pytest.mark.parametrize(
    "words",
    [
        "fit a straight line",
        "an exponential decay",
        "two Gaussians",
        "Lorentzian peak",
        "power law",
        "Michaelis-Menten",
    ],
)
def test_named_forms_are_formulas_in_x(words: str) -> None:
    assert "x" in told(named_form(form_called(words)))
    assert not named_form(words.upper() + " and more")


LISTS = {
    "conc in mM: 1, 2, 3, 4, 5, 6. Rate in mol/h: 2, 4, 6, 8, 10, 12.": ("conc", "Rate"),
    "dose (mg) 1 2 3 4 5 6, level 2 4 6 8 10 12": ("dose", "level"),
    "Values 1 2; 2 4; 3 6; 4 8; 5 10; 6 12 were measured.": ("column 1", "column 2"),
    "Sales 2001-2006: 2 4 6 8 10 12": ("year", "y"),
}


@pytest.mark.parametrize("text", LISTS)
def test_lists_in_sentences_are_columns(text: str) -> None:
    document = nabla.ask(f"{text}\n\nFit a line, please. What is the slope?")
    read = document.values["read"]
    assert (read["x"], read["y"], read["rows"]) == (*LISTS[text], 6)
    assert document.values["quantities"]["slope"]["value"] == pytest.approx(2)


def test_exact_data_pass_their_checks() -> None:
    document = nabla.fit(X.tolist(), (2 * np.exp(-0.3 * X) + 1).tolist(), form="a*exp(-b*x) + c")
    assert {check.verdict for check in document.checks} <= {"passed", "unchecked"}


def test_a_session_of_r_is_read() -> None:
    rows = ", ".join(f"{v:.3f}" for v in DECAY)
    call = "> m <- nls(y ~ a*exp(-b*t), start=list(a=1,\n+   b=1))"
    values = nabla.ask(f"> t <- 1:24\n> y <- c({rows})\n{call}\n\nWhat is the half-life?").values
    assert values["model"]["parameters"]["b"] == pytest.approx(1 / 6, rel=0.01)
