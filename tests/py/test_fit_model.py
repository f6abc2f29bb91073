"""fit with formulas of one's own: names are found, numbers stay, whatever the shape of the curve."""

import numpy as np
import pytest
import sympy as sp

import nabla
from nabla.answer.document import Check
from nabla.errors import UserError
from nabla.labs.fit.model import curve_of, read_model
from nabla.read.fields.template import is_template

X = np.arange(0, 12, 0.25)
NOISE = np.random.default_rng(7).normal(size=X.size)

# formula as typed, parameters, where each counts up to sign or period
MODELS = {
    "decay": ("a*exp(-b*x) + c", {"a": 4.0, "b": 0.6, "c": 1.5}),
    "decay by its time": ("a*exp(-x/tau) + c", {"a": 4.0, "tau": 1.7, "c": 1.5}),
    "head of a function": ("cool(x, a, b, c) = a * np.exp(-b * x) + c", {"a": 4.0, "b": 0.6, "c": 1.5}),
    "one name in both terms": ("A*sin(w*x) + B*cos(w*x) + C", {"A": 2.0, "B": 1.0, "C": 1.5, "w": 4.2}),
    "amplitude that stays": ("5*sin(w*x + p) + c", {"w": 1.3, "p": 0.4, "c": 2.0}),
    "damped": ("A*exp(-k*x)*cos(2*pi*f*x + p) + c", {"A": 5.0, "k": 0.3, "f": 1.1, "p": 0.5, "c": 0.5}),
    "peak": ("a*exp(-(x - b)^2/(2*s^2)) + c", {"a": 4.0, "b": 5.0, "s": 0.8, "c": 1.0}),
    "resonance": ("a/((x - b)^2 + g^2)", {"a": 3.0, "b": 4.0, "g": 0.5}),
    "logistic": ("L/(1 + exp(-k*(x - x0)))", {"L": 5.0, "k": 1.7, "x0": 6.0}),
    "saturation": ("Vmax*x/(Km + x)", {"Vmax": 10.0, "Km": 2.0}),
    "two decays": ("A*exp(-a*x) + B*exp(-b*x)", {"A": 3.0, "a": 2.0, "B": 2.0, "b": 0.2}),
    "line": ("m*x + b", {"m": 0.7, "b": -2.0}),
    "LaTeX": (r"a e^{-b x} + c", {"a": 4.0, "b": 0.6, "c": 1.5}),
}


def values(text: str, parameters: dict[str, float]) -> np.ndarray:
    model = read_model(text, "x")
    return curve_of(model).value(X, np.array([parameters[name] for name in model.names]))


@pytest.mark.parametrize(("text", "parameters"), MODELS.values(), ids=MODELS)
def test_the_curve_is_found_within_its_errors(text: str, parameters: dict[str, float]) -> None:
    true = values(text, parameters)
    document = nabla.fit(list(X), list(true + 0.03 * NOISE), form=text)
    model = document.values["model"]
    assert set(model["parameters"]) == set(parameters)
    fitted = values(text, model["parameters"])
    assert np.sqrt(np.mean((fitted - true) ** 2)) < 0.03
    # The pulls are of the order of 1, unless two sets of parameters give the same curve.
    if text != MODELS["two decays"][0]:
        turns = 2 * np.pi
        for name, value in parameters.items():
            off = model["parameters"][name] - value
            off = (off + turns / 2) % turns - turns / 2 if name == "p" else off
            assert (
                abs(off) < 5 * model["se"][name] or abs(abs(model["parameters"][name]) - value) < 5 * model["se"][name]
            )
    assert document.answer is not None and len(document.answer.numbers) == len(parameters)
    assert all(block.verdict != "failed" for block in document.blocks if isinstance(block, Check))


def test_errors_are_those_of_a_linear_fit_where_the_model_is_linear() -> None:
    y = 2 - 0.3 * X + 0.1 * NOISE
    model = nabla.fit(list(X), list(y), form="m*x + b").values["model"]
    columns = np.column_stack([X, np.ones(X.size)])
    best, rss = np.linalg.lstsq(columns, y, rcond=None)[:2]
    covariance = np.linalg.inv(columns.T @ columns) * rss[0] / (X.size - 2)
    assert [model["parameters"]["m"], model["parameters"]["b"]] == pytest.approx(best, rel=1e-9)
    assert [model["se"]["m"], model["se"]["b"]] == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-6)


def test_a_better_form_is_named() -> None:
    y = 3 * np.exp(-0.7 * X) + 1 + 0.01 * NOISE
    document = nabla.fit(list(X), list(y), form="m*x + b")
    assert [caution.code for caution in document.warnings] == ["model-misfit"]
    assert "exponential" in document.warnings[0].message


def test_the_sinusoids_of_a_formula_are_listed() -> None:
    text, parameters = MODELS["damped"]
    (tone,) = nabla.fit(list(X), list(values(text, parameters) + 0.01 * NOISE), form=text).values["tones"]
    assert tone["frequency"] == pytest.approx(1.1, abs=0.01) and tone["decay"] == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize(
    ("form", "word"), [("a*exp(-b*z)", "no x"), ("sqrt(x)", "nothing to find"), ("a*log(-x^2 - 1)", "no finite value")]
)
def test_formulas_that_cannot_be_fitted(form: str, word: str) -> None:
    with pytest.raises(UserError, match=word) as caught:
        nabla.fit(list(X), list(NOISE), form=form)
    assert caught.value.field == "form"


@pytest.mark.parametrize(
    "text", ["A sin(2πLx) + B cos(2πMx) + C", "y = A sin(w x + p) + c", "A cos(2π 12.34 x + p) + C"]
)
def test_sums_of_free_sinusoids_stay_templates(text: str) -> None:
    assert is_template(text)


@pytest.mark.parametrize(
    "text", ["A*sin(w*x)+B*cos(w*x)", "5*sin(w*x+p)", "A*sin(w*x) + 3", "a*exp(-b*x)", "a*sin(b*(x-c))"]
)
def test_bound_terms_and_other_curves_are_models(text: str) -> None:
    assert not is_template(text)


def test_the_jacobian_is_that_of_the_formula() -> None:
    model = read_model(MODELS["damped"][0], "x")
    curve = curve_of(model)
    p = np.array([5.0, 0.3, 1.1, 0.5, 0.5])
    step = 1e-6
    for i in range(5):
        shift = np.eye(5)[i] * step
        difference = (curve.value(X, p + shift) - curve.value(X, p - shift)) / (2 * step)
        assert curve.jacobian(X, p)[:, i] == pytest.approx(difference, abs=1e-6)
    assert sp.Symbol(str(model.axis)) == sp.Symbol("x")


def test_an_exponential_of_years_is_fitted_where_they_are() -> None:
    """Squares of exp(b x) at x = 2000 overflow beyond b = 0.18; the amplitude follows the rate in a narrow valley."""
    x = np.arange(2000, 2012)
    y = 3.1 * np.exp(0.21 * (x - 2000.0)) + np.array([0.1, -0.1] * 6)
    rows = "\n".join(f"{a},{b:.6f}" for a, b in zip(x, y, strict=True))
    with np.errstate(over="raise", invalid="raise"):
        document = nabla.run("fit", {"data": f"year,users\n{rows}", "form": "a*exp(b*x)"})
    found = document.values["model"]["parameters"]
    assert found["b"] == pytest.approx(0.21, abs=1e-3)
    assert found["a"] * np.exp(found["b"] * 2000) == pytest.approx(3.1, rel=2e-2)
