"""Errors as weights, other columns beside the first, rates of exponentials, the steps of nls: by properties."""

import math

import numpy as np
import pytest

import nabla
from nabla.labs.fit.model import curve_of, read_model
from nabla.sinusoid.gauss_newton import gauss_newton

RNG = np.random.default_rng(8)
X = np.arange(40) * 0.25
Y = 3 * np.sin(4.2 * X + 0.5) + 7 + 0.2 * RNG.normal(size=X.size)
TIMES = RNG.integers(1, 5, X.size)  # how often each sample counts


def table(**columns: np.ndarray) -> str:
    rows = np.column_stack(list(columns.values())).tolist()
    return "\n".join([",".join(columns), *(",".join(map(repr, row)) for row in rows)])


def fitted(sigma: str = "") -> dict:
    """The model that a program fits, with the errors 1/sqrt(k) where `sigma` is given."""
    code = (
        "import numpy as np\nfrom scipy.optimize import curve_fit\n"
        f"x = np.array({X.tolist()})\ny = np.array({Y.tolist()})\ns = 1/np.sqrt({TIMES.tolist()})\n"
        "def f(x, a, w, p, c):\n    return a*np.sin(w*x + p) + c\n"
        f"popt, pcov = curve_fit(f, x, y, p0=[3, 4, 0, 7]{sigma})\n"
    )
    return nabla.run("fit", {"code": code}).values["model"]


def test_weights_are_repetitions() -> None:
    """A sample of error s/sqrt(k) counts as much as k samples of error s: the parameters are the same."""
    form = "a*exp(-k*x) + c"
    y = 4 * np.exp(-0.5 * X) + 1 + 0.1 * RNG.normal(size=X.size)
    weighed = nabla.run("fit", {"data": table(x=X, y=y, y_err=1 / np.sqrt(TIMES)), "form": form})
    again = nabla.run("fit", {"data": table(x=np.repeat(X, TIMES), y=np.repeat(y, TIMES)), "form": form})
    assert weighed.values["model"]["parameters"] == pytest.approx(again.values["model"]["parameters"], rel=1e-6)
    plain = nabla.run("fit", {"data": table(x=X, y=y), "form": form})
    assert plain.values["model"]["parameters"] != pytest.approx(weighed.values["model"]["parameters"], rel=1e-4)


def test_sinusoids_are_weighed_as_a_program_with_sigma() -> None:
    formula = fitted(", sigma=s")
    assert formula["parameters"] != pytest.approx(fitted()["parameters"], rel=1e-4)
    found = nabla.run("fit", {"data": table(x=X, y=Y, y_err=1 / np.sqrt(TIMES))}).values["weighted"]
    assert found["tones"][0]["amplitude"] == pytest.approx(formula["parameters"]["a"], rel=1e-6)
    assert 2 * math.pi * found["tones"][0]["frequency"] == pytest.approx(formula["parameters"]["w"], rel=1e-7)
    assert 2 * math.pi * found["tones"][0]["se_frequency"] == pytest.approx(formula["se"]["w"], rel=1e-4)
    assert found["chi_square"] == pytest.approx(formula["chi_square"], rel=1e-6)


@pytest.mark.parametrize("lag", [0.3, -0.2])
def test_another_column_lags(lag: float) -> None:
    other = 1.5 * np.sin(4.2 * (X - lag) + 0.5) + 2 + 0.02 * RNG.normal(size=X.size)
    document = nabla.run("fit", {"data": table(time=X, drive=Y, reply=other)})
    (series,) = document.values["series"]
    assert series["name"] == "reply" and series["lag"] == pytest.approx(lag, abs=0.03)
    assert series["amplitude"] == pytest.approx(1.5, abs=0.03)
    assert ("lags behind" in document.answer.text) == (lag > 0)


@pytest.mark.parametrize(
    ("form", "y", "half"),
    [
        ("a*exp(-k*x) + c", 5 * np.exp(-0.4 * X) + 1, math.log(2) / 0.4),
        ("a*2^(x/T)", 2 ** (X / 3), 3.0),
        ("a*r^x", 4 * 0.8**X, math.log(2) / -math.log(0.8)),
    ],
)
def test_half_life_and_doubling_time(form: str, y: np.ndarray, half: float) -> None:
    document = nabla.run("fit", {"data": table(x=X, y=y), "form": form})
    assert document.values["model"]["half_life"] == pytest.approx(half, rel=1e-6)
    assert ("half-life" if y[0] > y[-1] else "doubling time") in document.answer.text


def test_the_steps_of_nls_end_as_they_must() -> None:
    decay = 6 * np.exp(-0.9 * X) + 2 + 0.01 * RNG.normal(size=X.size)
    curve = curve_of(read_model("f(x, a, k, c) = a*exp(-k*x) + c"))
    good = gauss_newton(curve, X, decay, np.array([5.0, 1.0, 1.0]))
    assert good.how == "converged" and good.parameters == pytest.approx([6, 0.9, 2], abs=0.05)
    slope = curve.jacobian(X, good.parameters).T @ (decay - curve.value(X, good.parameters))
    assert np.abs(slope).max() < 1e-3
    assert gauss_newton(curve, X, decay, np.array([1.0, 80.0, 0.0])).how == "step factor"
    twice = curve_of(read_model("f(x, a, k, b) = a*exp(-k*(x - b))"))
    assert gauss_newton(twice, X, decay, np.array([5.0, 1.0, 0.5])).how == "singular"
