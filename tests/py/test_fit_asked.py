"""fit, asked for more than the curve: quantities of it, places on it, several forms, the asker's own curve."""

import math
import re
from typing import Any

import numpy as np
import pytest

import nabla
from nabla.answer.document import Document
from nabla.labs.fit.asked_quantities import AskedQuantities, FittedModel
from nabla.labs.fit.model import curve_of, read_model
from nabla.labs.fit.quantities import told_of_model
from nabla.read.data import Data
from nabla.read.fields.named_forms import form_called, named_form
from nabla.sinusoid.curve import fit_curve
from nabla.sinusoid.robust import odd_one

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


ROWS = "1 2 3 4 5 6", "2.0 4.1 5.9 8.0 10.1 11.9"
KINDS: dict[str, tuple[str, dict[str, float]]] = {
    "both sides of a formula name columns": (
        "Hick's law says RT = a + b log2(n). n = 1, 2, 4, 8, 16; RT (ms) = 210, 265, 330, 385, 450. Find a and b.",
        {"a": 208, "b": 60},
    ),
    "a law with pi and a root": (
        "m (kg) 0.1 0.2 0.3 0.4 0.5, T (s) 0.63 0.89 1.09 1.26 1.40. Find the spring constant from T = 2 pi sqrt(m/k).",
        {"k": 10},
    ),
    "capital and small letter are one name": (
        "Newton's law of cooling: T(t) = Ta + (T0 - Ta) e^{-kt}. t(min): 0 5 10 15 20 25 30; "
        "T(°C): 90 70.5 56.9 47.5 41.0 36.4 33.3. Find k and Ta.",
        {"Ta": 26.1, "k": 0.073},
    ),
    "orders of a reaction": (
        "Is this first or second order? t = 0,10,20,30,40,50 s; A = 1.00, 0.667, 0.500, 0.400, 0.333, 0.286 M",
        {"a": 1, "k": 0.05},
    ),
    "a line through the origin": (
        "Fit a line through the origin: x = 1 2 3 4 5, y = 2.1 3.9 6.2 7.8 10.1",
        {"a": 2.004},
    ),
    "activation energy": (
        "T/K k\n300 1.2e-3\n310 2.9e-3\n320 6.6e-3\n330 1.43e-2\n340 2.97e-2\n\nArrhenius: what is Ea?",
        {"Ea": 68_000},
    ),
    "a session of R with lm": (
        "> year <- 0:5\n> co2 <- c(2.0,4.1,5.9,8.0,10.1,11.9)\n> summary(lm(co2 ~ year))\n\nIncrease per year?",
        {"b0": 2.03, "b1": 1.99},
    ),
    "linregress": (
        "from scipy import stats\nx = [1,2,3,4,5,6]\ny = [2.0,4.1,5.9,8.0,10.1,11.9]\nprint(stats.linregress(x, y))\n",
        {"slope": 1.99, "intercept": 0.05},
    ),
    "a logistic curve rises": (
        "log dose -9 -8.5 -8 -7.5 -7 -6.5 -6 -5.5 -5, response 2 4 11 27 52 76 90 96 99. Sigmoid, EC50?",
        {"m": -7.037, "k": 2.15},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_of_what_people_fit(kind: str) -> None:
    text, expected = KINDS[kind]
    found = nabla.ask(text).values["model"]["parameters"]
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=0.03, abs=0.04)


def test_a_parabola_tells_its_vertex() -> None:
    data = "price 10 12 14 16 18 20, profit 120 168 198 209 201 176"
    told = nabla.ask(f"{data}. Fit a quadratic; which price gives the maximum profit?").values["quantities"]["maximum"]
    assert told["value"] == pytest.approx(74.811 / (2 * 2.3080), rel=1e-3)


def test_a_polyfit_in_a_sentence_is_judged() -> None:
    text = "np.polyfit(x,y,2) gave [0.5 -2 {}]: is that right? x=[0,1,2,3,4,5] y=[3.0,1.5,1.0,1.5,3.0,5.5]"
    for last, verdict in (("3", "right"), ("4", "wrong")):
        values = nabla.ask(text.format(last)).values
        assert [claim["verdict"] for claim in values["claims"]] == ["right", "right", verdict]


FAULTS = {
    "missing-root": "popt, pcov = curve_fit(lambda x, a, b: a*x + b, x, y)\nprint(np.diag(pcov))",
    "ill-conditioned": "p = np.polyfit(x + 2014, y, 5)",
}


@pytest.mark.parametrize("kind", FAULTS)
def test_faults_of_lines_and_polynomials(kind: str) -> None:
    x, y = (", ".join(row.split()) for row in ROWS)
    data = f"x = np.array([{x}])\ny = np.array([{y}])\n"
    code = f"import numpy as np\nfrom scipy.optimize import curve_fit\n{data}{FAULTS[kind]}"
    document = nabla.run("fit", {"code": code})
    assert [finding["kind"] for finding in document.values["findings"]] == [kind]


def test_a_phase_is_judged_in_degrees_of_a_sine_or_a_cosine() -> None:
    for claim, verdict in (("0.4 rad", "right"), ("22.9 deg", "right"), ("112.9 deg", "right"), ("60 deg", "wrong")):
        document = pasted("wave", f"I get a phase of {claim}. Right?")
        assert document.values["claim"]["verdict"] == verdict, claim


@pytest.mark.parametrize("text", ["Is there a weekly pattern in visits per day?", "Is there a yearly cycle here?"])
def test_the_name_of_a_cycle_is_no_sampling(text: str) -> None:
    numbers = ", ".join(f"{100 + 15 * math.cos(2 * math.pi * i / 7):.0f}" for i in range(56))
    document = nabla.ask(f"{text}\n{numbers}")
    assert document.values["read"]["step"] == 1
    assert document.answer is not None and not re.search("week|a:", document.answer.text)


def test_spikes_of_a_heart_are_no_outliers() -> None:
    beats = np.arange(250) % 50
    y = np.round(np.exp(-(((beats - 20) / 1.5) ** 2)), 2)
    values = nabla.ask("ECG sampled at 50 Hz, heart rate?\n" + " ".join(map(str, y))).values
    assert values["fundamental"]["frequency"] == pytest.approx(1.0, rel=1e-3)


def test_the_one_point_that_is_off_is_left_out() -> None:
    text = "x 1 2 3 4 5 6 7 8 9 10; y 3.1 5.0 7.2 8.9 11.1 {} 15.0 17.1 18.9 21.0. What is the slope of the line?"
    for value, codes in (("45", ["outliers"]), ("13.1", [])):
        document = nabla.ask(text.format(value))
        assert [warning.code for warning in document.warnings] == codes
        assert document.values["quantities"]["slope"]["value"] == pytest.approx(1.99, abs=0.02)


def test_few_records_of_noise_have_a_point_that_is_off() -> None:
    table = np.column_stack([X, np.ones(X.size)])
    found = 0
    for seed in range(400):
        y = np.random.default_rng(seed).normal(size=X.size)
        found += bool(odd_one(y - table @ np.linalg.lstsq(table, y, rcond=None)[0], table).any())
    assert found <= 1


@pytest.mark.parametrize("curve", ["2*exp(-0.3*x + 1)", "2*exp(1 - 0.3*x)", "5.44*exp(-0.3*(x - 0))"])
def test_numbers_that_do_the_same_are_judged_as_one_curve(curve: str) -> None:
    """exp(b x + c) has its factor twice: the asker's curve is judged all the same, and no parameter of ours is told."""
    y = 2 * np.exp(1 - 0.3 * X) + 0.01 * np.random.default_rng(5).normal(size=X.size)
    document = nabla.fit(X.tolist(), y.tolist(), form=curve)
    assert document.values["claim"]["verdict"] == "right"
    assert "findings" not in document.values


def test_what_needs_a_decay_is_not_told_without_one() -> None:
    x = np.arange(200) / 100
    document = nabla.fit(x.tolist(), np.sin(6 * math.pi * x).tolist(), damped="on", asked="rate, Q, half-life")
    assert list(document.values["quantities"]) == ["rate"]
    assert [warning.code for warning in document.warnings].count("not-covered") == 2
