"""Curves on arrays: real values, gaps at poles and outside the domain, ranges that show something."""

import math

import numpy as np
import pytest
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.curves import curve, visible_range, window
from tests.py.derivative_table import expression

x, y = sp.symbols("x y", real=True)

EVERYTHING = [
    sp.exp(x), sp.log(x), sp.sin(x), sp.cos(x), sp.tan(x), sp.cot(x), sp.sec(x), sp.csc(x), sp.asin(x), sp.acos(x),
    sp.atan(x), sp.acot(x), sp.asec(x + 2), sp.acsc(x + 2), sp.sinh(x), sp.cosh(x), sp.tanh(x), sp.coth(x), sp.sech(x),
    sp.csch(x), sp.asinh(x), sp.acosh(x + 1), sp.atanh(x), sp.acoth(x + 1), sp.asech(x), sp.acsch(x), sp.Abs(x - 1),
    sp.sign(x), sp.floor(5 * x), sp.ceiling(5 * x), sp.sinc(x), sp.Heaviside(x), sp.Max(x, y, 1), sp.Min(x, y),
    sp.erf(x), sp.erfc(x), sp.gamma(x), sp.loggamma(x), sp.atan2(y, x), sp.besselj(1, x), sp.LambertW(x),
    sp.polygamma(0, x), x**y, x**-3,
    sp.sqrt(x), 1 / sp.sqrt(x), x**sp.Rational(2, 3), sp.pi * x + sp.E, sp.Piecewise((x, x > y), (y**2, True)),
    sp.Piecewise((x, (x > 0) & (y < 0)), (y, sp.Ne(x, y) | (x >= 1)), (0, True)),
]  # fmt: skip


@pytest.mark.parametrize("expr", EVERYTHING, ids=str)
def test_values_are_sympys(expr: sp.Expr) -> None:
    points = [(0.3, 0.7), (0.83, -0.4), (0.55, 1.9)]
    at = {x: np.array([p[0] for p in points]), y: np.array([p[1] for p in points])}
    expected = [float(expr.subs({x: sp.Float(a, 30), y: sp.Float(b, 30)}).evalf(20)) for a, b in points]
    np.testing.assert_allclose(evaluate(expr, at) * np.ones(3), expected, rtol=1e-12)


def test_no_real_value_is_nan() -> None:
    assert np.isnan(evaluate(sp.sqrt(x), {x: np.array([-1.0])})).all()
    assert np.isnan(evaluate(sp.gamma(x), {x: np.array([-2.0])})).all()


def test_what_has_no_values_says_so() -> None:
    assert has_values(sp.sin(x))
    assert not has_values(sp.Function("g")(x))
    assert not has_values(sp.Derivative(sp.Function("g")(x), x))
    with pytest.raises(KeyError):
        evaluate(x + y, {x: 1.0})


@pytest.mark.parametrize(
    ("expr", "gaps"),
    [(1 / x, 1), (sp.tan(x), 2), (sp.floor(x), 8), (x**2, 0), (sp.sin(20 * x), 0), (sp.sqrt(x**2), 0), (sp.exp(x), 0)],
    ids=str,
)
def test_the_pen_is_lifted_at_poles_and_steps_only(expr: sp.Expr, gaps: int) -> None:
    _, values = curve(expr, x, {}, -4.0, 4.0)
    assert np.isnan(values).sum() == gaps


def test_a_domains_end_is_placed_sharply() -> None:
    abscissae, values = curve(sp.sqrt(x - 1), x, {}, -4.0, 4.0)
    assert 0 <= abscissae[np.isfinite(values)][0] - 1 < 8 / 600 / 4


def test_a_pole_does_not_flatten_the_rest() -> None:
    low, high = visible_range([curve(1 / x, x, {}, -4.0, 4.0)]) or (0, 0)
    assert -20 < low < -1 and 1 < high < 20


def test_points_are_always_in_view() -> None:
    low, high = visible_range([curve(sp.sin(x), x, {}, -4.0, 4.0)], [50.0]) or (0, 0)
    assert low < -1 and high > 50


def test_nothing_finite_has_no_range() -> None:
    assert visible_range([curve(sp.sqrt(-1 - x**2), x, {}, -4.0, 4.0)]) is None


@pytest.mark.parametrize("expr", [sp.log(x), sp.acosh(x), sp.sqrt(-x - 2), sp.asin(3 * x)], ids=str)
def test_the_window_shows_where_the_function_lives(expr: sp.Expr) -> None:
    low, high = window(expr, x, {}, None)
    values = evaluate(expr, {x: np.linspace(low, high, 100)})
    assert np.isfinite(values).mean() > 0.3 and math.isfinite(low)


def test_the_window_is_around_the_point() -> None:
    assert window(x**2, x, {}, 100.0) == (-25.0, 225.0)


@pytest.mark.parametrize(
    "text",
    "besselj(1, x); bessely(0, x); besselk(1, sqrt(x)); digamma(x); LambertW(x); Si(x); Ei(x); zeta(x); li(x)"
    "; fresnels(x); fresnelc(x); airyai(x); erfi(x); polygamma(1, x); beta(x, 2); lowergamma(2, x)".split("; "),
)
def test_special_functions_on_arrays_are_those_of_sympy(text: str) -> None:
    expr = expression(text)
    places = [-1.5, 0.3, 2.0, 7.0, 23.5]
    expected = [complex(expr.subs(x, sp.Float(place)).evalf()) for place in places]
    real = [value.real if value.imag == 0 else np.nan for value in expected]
    assert evaluate(expr, {x: np.array(places)}) == pytest.approx(real, rel=1e-12, nan_ok=True)
