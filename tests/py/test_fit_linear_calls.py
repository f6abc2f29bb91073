"""Programs that call a linear solver, take coefficients apart, or window their data, with one fault or none."""

from typing import Any

import numpy as np
import pytest

import nabla
from nabla.answer.codes import FINDINGS

RNG = np.random.default_rng(8)
X = np.arange(1.0, 9.0)
Y = np.round(10 + 2 * X + 0.1 * RNG.normal(size=X.size), 2)
SLOPE, INTERCEPT = np.polyfit(X, Y, 1)
GIVEN = f"import numpy as np\nx = np.array({X.tolist()})\ny = np.array({Y.tolist()})\n"
SM = "import statsmodels.api as sm\n"
TABLE = f"import pandas as pd\ndf = pd.DataFrame({{'x': {X.tolist()}, 'y': {Y.tolist()}}})\n"
ORIGIN = float(X @ Y / (X @ X))
P = "from numpy.polynomial import polynomial as P\n"

# program, its finding with its line, the slope that it computes
LINES: dict[str, tuple[str, tuple[str, int] | None, float]] = {
    "OLS": (f"{SM}{GIVEN}r = sm.OLS(y, sm.add_constant(x)).fit()", None, SLOPE),
    "OLS, constant by name": (f"{SM}{GIVEN}X = sm.add_constant(x)\nprint(sm.OLS(y, X).fit().params)", None, SLOPE),
    "OLS without a constant": (f"{SM}{GIVEN}r = sm.OLS(y, x).fit()", ("missing-intercept", 5), ORIGIN),
    "a formula": (f"import statsmodels.formula.api as smf\n{TABLE}m = smf.ols('y ~ x', data=df).fit()", None, SLOPE),
    "a formula without constant": (
        f"import statsmodels.formula.api as smf\n{TABLE}m = smf.ols('y ~ x - 1', df).fit()",
        ("missing-intercept", 4),
        ORIGIN,
    ),
    "LinearRegression": (
        f"from sklearn.linear_model import LinearRegression\n{GIVEN}m = LinearRegression().fit(x.reshape(-1, 1), y)",
        None,
        SLOPE,
    ),
    "LinearRegression without intercept": (
        f"from sklearn.linear_model import LinearRegression\n{GIVEN}m = LinearRegression(fit_intercept=False)\n"
        "m.fit(x[:, None], y)",
        ("missing-intercept", 6),
        ORIGIN,
    ),
    "lstsq": (
        f"{GIVEN}A = np.vstack([x, np.ones(len(x))]).T\nm, c = np.linalg.lstsq(A, y, rcond=None)[0]",
        None,
        SLOPE,
    ),
    "lstsq without ones": (
        f"{GIVEN}A = x.reshape(-1, 1)\nm = np.linalg.lstsq(A, y, rcond=None)[0]",
        ("missing-intercept", 5),
        ORIGIN,
    ),
    "polyfit": (f"{GIVEN}slope, intercept = np.polyfit(x, y, 1)", None, SLOPE),
    "polyfit, m and b": (f"{GIVEN}m, b = np.polyfit(x, y, 1)", None, SLOPE),
    "polyfit the other way round": (f"{GIVEN}intercept, slope = np.polyfit(x, y, 1)", ("coefficient-order", 4), SLOPE),
    "polyfit of the newer module": (f"{P}{GIVEN}b, m = P.polyfit(x, y, 1)", None, SLOPE),
    "the newer module read as the older": (f"{P}{GIVEN}m, b = P.polyfit(x, y, 1)", ("coefficient-order", 5), SLOPE),
}


def found(text: str) -> dict[str, Any]:
    document = nabla.ask(text)
    assert document.lab == "fit"
    findings = document.values.get("findings", [])
    assert {finding["kind"] for finding in findings} <= set(FINDINGS)
    return document.values


@pytest.mark.parametrize("name", LINES)
def test_a_line_of_a_solver_is_that_of_the_normal_equations(name: str) -> None:
    program, fault, slope = LINES[name]
    values = found(program)
    assert [(f["kind"], f["line"]) for f in values.get("findings", [])] == ([fault] if fault else [])
    assert any(value == pytest.approx(slope) for value in values["model"]["parameters"].values())
    if fault and fault[0] == "missing-intercept":
        repaired = values["with_constant"]["parameters"].values()
        assert list(repaired) == pytest.approx([SLOPE, INTERCEPT])


def test_weights_of_statsmodels_are_inverse_squares_of_errors() -> None:
    weights = np.array([1.0, 4, 4, 1, 1, 9, 1, 1])
    program = f"{SM}{GIVEN}w = np.array({weights.tolist()})\nr = sm.WLS(y, sm.add_constant(x), weights=w).fit()"
    slope = np.polyfit(X, Y, 1, w=np.sqrt(weights))[0]
    assert found(program)["model"]["parameters"]["slope"] == pytest.approx(slope)


def test_a_claim_is_judged_by_the_fit_with_the_constant_that_the_program_lacks() -> None:
    values = found(f"{SM}{GIVEN}r = sm.OLS(y, x).fit()\n\nExcel gives a slope of {SLOPE:.2f}. Who is wrong?")
    assert [claim["verdict"] for claim in values["claims"]] == ["right"]


N, FS, F, A = 200, 250.0, 31.3, 1.7
SIGNAL = np.round(0.4 + A * np.sin(2 * np.pi * F * np.arange(N) / FS + 0.3) + 0.01 * RNG.normal(size=N), 3)
RECORD = f"import numpy as np\nfs = {FS}\nx = np.array({SIGNAL.tolist()})\n"
WINDOWS = {
    "np.hanning(len(x))": "",
    "np.hamming(len(x))": "",
    "np.blackman(len(x))": "",
    "get_window('hann', len(x))": "from scipy.signal import get_window\n",
    "windows.flattop(len(x))": "from scipy.signal import windows\n",
}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("scale", "fault"), [("2*np.abs(X)/len(x)", True), ("2*np.abs(X)/w.sum()", False)])
def test_a_window_is_taken_out_of_the_data_and_its_gain_is_named(window: str, scale: str, fault: bool) -> None:
    program = (
        f"{WINDOWS[window]}{RECORD}w = {window}\nX = np.fft.rfft((x - x.mean())*w)\nA = {scale}\n"
        "f = np.fft.rfftfreq(len(x), d=1/fs)\nprint(f[A.argmax()], A.max())"
    )
    values = found(program)
    (tone,) = values["tones"]
    assert tone["frequency"] == pytest.approx(F, abs=0.01) and tone["amplitude"] == pytest.approx(A, abs=0.01)
    assert ("window-gain" in {finding["kind"] for finding in values.get("findings", [])}) is fault


@pytest.mark.parametrize(("said", "fault"), [("freq[np.argmax(power)]", True), ("1/freq[np.argmax(power)]", False)])
def test_a_frequency_that_is_called_a_period_is_named(said: str, fault: bool) -> None:
    t = np.sort(RNG.uniform(0, 30, 60)).round(3)
    y = (10 + np.sin(2 * np.pi * t / 3.7) + 0.1 * RNG.normal(size=60)).round(3)
    program = (
        f"from astropy.timeseries import LombScargle\nimport numpy as np\nt = np.array({t.tolist()})\n"
        f"y = np.array({y.tolist()})\nfreq, power = LombScargle(t, y).autopower()\nperiod = {said}\nprint(period)"
    )
    kinds = {finding["kind"] for finding in found(program).get("findings", [])}
    assert ("period-inverse" in kinds) is fault


@pytest.mark.parametrize(("width", "fault"), [("/2*s**2", True), ("/(2*s**2)", False), ("/2/s**2", False)])
def test_a_width_that_multiplies_is_named(width: str, fault: bool) -> None:
    x = np.linspace(-3, 3, 25).round(3)
    y = (2 * np.exp(-((x - 0.5) ** 2) / (2 * 0.8**2)) + 0.01 * RNG.normal(size=25)).round(3)
    program = (
        "from scipy.optimize import curve_fit\nimport numpy as np\ndef g(x, a, m, s):\n"
        f"    return a*np.exp(-(x - m)**2{width})\nx = np.array({x.tolist()})\ny = np.array({y.tolist()})\n"
        "popt, _ = curve_fit(g, x, y)"
    )
    kinds = {finding["kind"] for finding in found(program).get("findings", [])}
    assert ("precedence" in kinds) is fault


def test_what_exact_data_do_not_need_is_zero() -> None:
    rows = "\n".join(f"{v} {1 + v * v}" for v in range(6))
    values = nabla.ask(f"Fit a parabola.\nx y\n{rows}").values["model"]["parameters"]
    assert values == {"a": pytest.approx(1), "b": 0.0, "c": pytest.approx(1)}
