"""The ladder of equality, the points it stands on, and the numbers at them."""

import numpy as np
import pytest
import sympy as sp

from nabla.calculus.contexts import precise
from nabla.calculus.equality import equal
from nabla.calculus.numeric import D, Evaluator, NoValue
from nabla.calculus.points import sample_points
from tests.py.derivative_table import expression

x, y = sp.symbols("x y", real=True)
n = sp.Symbol("n", integer=True)
p = sp.Symbol("p", positive=True)

EQUAL = [
    ("2*x*(w*x - y)", "2*w*x**2 - 2*x*y", "algebra"),
    ("sin(x)**2 + cos(x)**2", "1", "algebra"),
    ("1/cos(x)**2", "1 + (sin(x)/cos(x))**2", "algebra"),
    ("(x + 1)**2", "(1 + x)**2", "structure"),
    ("sec(x)**2", "1 + tan(x)**2", "algebra"),
    ("cosh(x)**2", "(1 + cosh(2*x))/2", "points"),
    ("2*sin(x)*cos(x)", "sin(2*x)", "points"),
    ("tanh(x)", "(exp(2*x) - 1)/(exp(2*x) + 1)", "points"),
    ("log(x**2)", "2*log(x)", "points"),
    ("sqrt(x**2)", "x*sign(x)", "algebra"),
    ("atan(x) + atan(1/x)", "pi*sign(x)/2", "points"),
    ("sqrt(a**2 - x**2) - x**2/sqrt(a**2 - x**2) + a/sqrt(1 - x**2/a**2)*Abs(a)/a", "2*sqrt(a**2 - x**2)", "points"),
    ("x**a/x", "x**(a - 1)", "points"),
    ("Max(x, 0)", "(x + Abs(x))/2", "algebra"),
    ("gamma(x + 1)", "x*gamma(x)", "points"),
    ("f(x) + 0", "f(x)", "structure"),
    ("exp(100*x)*exp(-100*x) - 1", "0", "structure"),
]

DIFFERENT = [
    ("2*(w*x - y)", "2*x*(w*x - y)"),
    ("x", "Abs(x)"),
    ("sqrt(x**2)", "x"),
    ("x**2", "x**2 + Rational(1, 10**25)"),
    ("f(x)", "g(x)"),
    ("exp(x)", "1 + x + x**2/2"),
    ("Max(x, 3)", "3"),
    ("log(Abs(x))", "log(Abs(x)) + pi"),
    ("1", "2"),
]


@pytest.mark.parametrize(("a", "b", "stage"), EQUAL)
def test_equal_forms_are_equal_and_the_stage_is_said(a: str, b: str, stage: str) -> None:
    verdict = equal(expression(a), expression(b))
    assert (verdict.equal, verdict.decided_by) == (True, stage)
    assert verdict.decided_by != "points" or (
        verdict.figure is not None and verdict.figure < 1e-30 and verdict.points >= 3
    )


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_different_ones_differ_at_a_point_that_is_given(a: str, b: str) -> None:
    left, right = expression(a), expression(b)
    verdict = equal(left, right)
    assert verdict.equal is False
    assert verdict.values is not None
    if not left.has(sp.Function("f")) and "10**25" not in b:
        assert [float(side.subs(verdict.differ_at)) for side in (left, right)] == pytest.approx(verdict.values)
        assert verdict.values[0] != verdict.values[1]


def test_a_difference_is_none_for_being_small_beside_large_values() -> None:
    parallel = equal(10 * x - 14, 10 * x - 16)
    assert parallel.equal is False and parallel.agree_at == {}
    assert equal(sp.Abs(x), x).agree_at


def test_nothing_is_decided_without_a_common_domain() -> None:
    assert equal(sp.log(x - 1), sp.sqrt(-x)).equal is None
    assert equal(sp.sqrt(-1 - x**2), sp.sqrt(-2 - x**2)).equal is None


def test_decimals_are_compared_in_as_many_digits_as_they_have() -> None:
    assert equal(sp.Float(0.1) * 3 * x, sp.Float(0.3) * x).equal
    assert equal(sp.Float(0.1) * 3 * x, sp.Float(0.30001) * x).equal is False


def test_points_have_both_signs_and_lie_in_the_domain() -> None:
    points = sample_points([x**2], [x])
    assert {sp.sign(point[x]) for point in points} == {1, -1}
    assert all(point[x] > 1 for point in sample_points([sp.log(sp.log(x))], [x]))
    assert all(abs(point[x]) < 1 for point in sample_points([sp.acos(x)], [x]))
    assert all(point[x] > point[y] for point in sample_points([sp.sqrt(x - y)], [x, y]))
    assert all(point[n].is_Integer and point[p] > 0 for point in sample_points([n * p], [n, p]))


def test_points_lie_close_to_both_sides_of_a_corner() -> None:
    points = [point[x] for point in sample_points([sp.Abs(x - sp.Rational(7, 10))], [x])]
    assert min(value - 0.7 for value in points if value > 0.7) < 0.02
    assert min(0.7 - value for value in points if value < 0.7) < 0.02


def test_points_are_the_same_each_time_and_may_be_wished_for() -> None:
    wish = {x: sp.Rational(3), y: sp.Rational(1)}
    points = sample_points([x / y], [x, y], near=[wish, {x: sp.Rational(1), y: sp.Rational(0)}])
    assert points[0] == wish
    assert points == sample_points([x / y], [y, x], near=[wish])
    assert sample_points([sp.sqrt(-1 - x**2)], [x]) == []


VALUES = {
    "sin(x)": "sin(2)",
    "x**-3": "Rational(1, 8)",
    "2**x": "4",
    "exp(-x)": "exp(-2)",
    "log(x)/x": "log(2)/2",
    "sqrt(x)": "sqrt(2)",
    "acot(x)": "acot(2)",
    "asec(x)": "asec(2)",
    "acsch(x)": "acsch(2)",
    "asech(1/x)": "asech(Rational(1, 2))",
    "acoth(x)": "acoth(2)",
    "sinc(x)": "sin(2)/2",
    "erfc(x)": "erfc(2)",
    "gamma(x)": "1",
    "digamma(x)": "1 - EulerGamma",
    "LambertW(x)": "LambertW(2)",
    "besselj(1, x)": "besselj(1, 2)",
    "besselk(0, x)": "besselk(0, 2)",
    "atan2(x, -1)": "atan2(2, -1)",
    "Mod(x, 3)": "2",
    "floor(-x/3)": "-1",
    "frac(-x/3)": "Rational(1, 3)",
    "Heaviside(x)": "1",
    "Max(x, 1, 7)": "7",
    "sign(-x)": "-1",
    "binomial(5, x)": "10",
    "Piecewise((1, x < 2), (5, x <= 2), (7, True))": "5",
    "Si(x)": "Si(2)",
    "GoldenRatio*x": "1 + sqrt(5)",
    "E**x": "exp(2)",
    "expint(1, x)": "expint(1, 2)",
    "zeta(x)": "pi**2/6",
    "Piecewise((1, (x > 3) | Eq(x, 2)), (0, True))": "1",
}


@pytest.mark.parametrize("text", VALUES)
def test_values_agree_with_those_of_sympy(text: str) -> None:
    value = Evaluator(precise(), {x: 2})(expression(text))
    expected = expression(VALUES[text]).evalf(60)
    assert sp.Abs(sp.Float(str(value), 60) - expected) < sp.Float("1e-50")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("1/(x - 2)", "infinite"),
        ("log(x - 2)", "infinite"),
        ("log(-x)", "nonreal"),
        ("sqrt(1 - x)", "nonreal"),
        ("gamma(x - 2)", "undefined"),
        ("exp(exp(exp(exp(x))))", "too-big"),
        ("y", "undefined"),
        ("Piecewise((1, x > 3))", "undefined"),
        ("(x - 2)**(x - 2)", "undefined"),
        ("(-x)**Rational(1, 3)", "nonreal"),
    ],
)
def test_where_there_is_no_value_its_kind_is_said(text: str, state: str) -> None:
    with pytest.raises(NoValue) as caught:
        Evaluator(precise(), {x: 2})(expression(text))
    assert caught.value.state == state


def test_the_difference_quotient_knows_no_rules_and_has_40_digits() -> None:
    evaluator = Evaluator(precise(), {x: sp.Rational(13, 10)})
    error = evaluator(D(sp.sin(x) * sp.exp(x), x)) / evaluator((sp.sin(x) + sp.cos(x)) * sp.exp(x)) - 1
    assert abs(error) < 1e-38


def test_functions_left_open_have_consistent_derivatives() -> None:
    f = sp.Function("f")
    evaluator = Evaluator(precise(), {x: sp.Rational(1, 3), y: 2})
    for expr, primed in (
        (f(x), sp.Derivative(f(x), x)),
        (f(x, y), sp.Derivative(f(x, y), x)),
        (sp.Derivative(f(x, y), y), sp.Derivative(f(x, y), x, y)),
    ):
        assert abs(evaluator(D(expr, x)) - evaluator(primed)) < 1e-35


CORNERS = [
    # with a corner at c: a function, what it is to the left and to the right of c
    (lambda c: sp.Abs(x - c), lambda c: c - x, lambda c: x - c),
    (lambda c: sp.Max(x, c), lambda c: c, lambda c: x),
    (lambda c: sp.Min(sp.atan(x), sp.atan(c)), lambda c: sp.atan(x), lambda c: sp.atan(c)),
    (lambda c: sp.Piecewise((sp.sin(x), x < c), (x, True)), lambda c: sp.sin(x), lambda c: x),
    (lambda c: sp.sign(x - c) * sp.atan(x), lambda c: -sp.atan(x), lambda c: sp.atan(x)),
    (lambda c: sp.sqrt(sp.expand((x - c) ** 2)), lambda c: c - x, lambda c: x - c),
    (lambda c: sp.Abs(sp.sinh(x) - sp.sinh(c / 10**4)), lambda c: sp.sinh(c / 10**4) - sp.sinh(x), lambda c: None),
]


@pytest.mark.parametrize("number", range(70))
def test_what_agrees_on_one_side_of_a_corner_only_is_not_equal(number: int) -> None:
    """At any distance from 0: the corner lies at ±10^u with u between -3 and 6."""
    random = np.random.default_rng(number)
    size = sp.Rational(f"{10 ** random.uniform(-3, 6):.4g}")
    make, left, right = CORNERS[number % len(CORNERS)]
    for c in (size, -size):
        f = make(c)
        for side in (left(c), right(c)):
            if side is not None:
                assert equal(f, side).equal is False
        assert equal(f, f + sp.Abs(x - c) ** 3 - (x - c) ** 2 * sp.sqrt(sp.expand((x - c) ** 2))).equal is True


def test_what_is_proven_between_corners_is_said() -> None:
    a, b = sp.Abs(x - 3) + sp.Abs(x + 3), sp.Max(6, sp.Max(2 * x, -2 * x))
    verdict = equal(a, b)
    assert (verdict.equal, verdict.decided_by) == (True, "algebra")
    assert "pieces" in verdict.method
    assert "not proven" in equal(sp.gamma(x + 1), x * sp.gamma(x)).method


def test_a_difference_far_below_the_digits_is_a_difference() -> None:
    assert equal(x**2, x**2 + sp.Rational(1, 10**200)).equal is False


def test_a_domain_far_from_zero_is_found() -> None:
    assert equal(sp.log(x - 5000) + sp.sqrt(5001 - x), sp.log(x - 5000)).equal is False
    assert equal(sp.log(x - 5000) + sp.sqrt(5001 - x), sp.sqrt(5001 - x) + sp.log((x - 5000) ** 2) / 2).equal is True


def test_the_same_in_another_order_is_equal() -> None:
    slope = 1 / sp.sqrt(1 - x**2)
    assert equal(-slope - sp.sin(sp.pi * x**2), -(slope + sp.sin(sp.pi * x**2)).together()).equal is True
    assert equal(-slope - 1, sp.Mul(-1, slope + 1, evaluate=False)).equal is True
