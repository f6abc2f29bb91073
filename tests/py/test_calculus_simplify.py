"""Simplification writes as a textbook would, always in the same way, and stays bounded."""

import pytest
import sympy as sp

from nabla.calculus.equality import equal
from nabla.calculus.rules import differentiate
from nabla.calculus.simplify import simplification, simplified, weight
from nabla.calculus.value import value_at
from tests.py.derivative_table import expression

x, y = sp.symbols("x y", real=True)

DERIVATIVES = {
    "x**2 + 3*x + 7": "2*x + 3",
    "(1 - x**3)**4": "-12*x**2*(1 - x**3)**3",
    "x*exp(-x)": "(1 - x)*exp(-x)",
    "x**2*exp(x)": "x*(x + 2)*exp(x)",
    "x**2*sin(x)": "2*x*sin(x) + x**2*cos(x)",
    "sin(x)/(1 + cos(x))": "1/(1 + cos(x))",
    "x/sqrt(x**2 + 1)": "(x**2 + 1)**Rational(-3, 2)",
    "x*sqrt(x + 1)": "(3*x + 2)/(2*sqrt(x + 1))",
    "log(x)/x": "(1 - log(x))/x**2",
    "(x**2 + 3*x)*(x**3 - 2)": "5*x**4 + 12*x**3 - 4*x - 6",
    "(x + 3)**20*(x - 1)**15": "5*(x - 1)**14*(x + 3)**19*(7*x + 5)",
    "x/(x + 1)": "(x + 1)**-2",
    "cos(x)/(1 - sin(x))": "1/(1 - sin(x))",
    "(exp(x) - exp(-x))/(exp(x) + exp(-x))": "4/(exp(x) + exp(-x))**2",
    "1/(1 + exp(-x))": "exp(-x)/(1 + exp(-x))**2",
    "log(Abs(x))": "1/x",
    "x*Abs(x)": "2*Abs(x)",
    "Abs(x)**3": "3*x*Abs(x)",
    "tan(x) - x": "tan(x)**2",
    "x + 1/x": "1 - 1/x**2",
    "x**x": "x**x*(log(x) + 1)",
    "sin(x)*cos(x)": "cos(x)**2 - sin(x)**2",
    "Max(0, x)**2": "Piecewise((2*x, x > 0), (0, x < 0))",
    "Min(Max(x, -1), 1)": "Piecewise((1, (x > -1) & (x < 1)), (0, (x < -1) | (x > 1)))",
    "Max(x, 1 - x, 0)": "Piecewise((-1, x < Rational(1, 2)), (1, x > Rational(1, 2)))",
    "x*log(x)": "log(x) + 1",
    "sqrt(x)*log(x)": "(log(x) + 2)/(2*sqrt(x))",
    "log(x + sqrt(x**2 + 1))": "1/sqrt(x**2 + 1)",
    "exp(a*x)*sin(b*x)": "(a*sin(b*x) + b*cos(b*x))*exp(a*x)",
}


@pytest.mark.parametrize("text", DERIVATIVES)
def test_derivatives_come_out_as_in_a_textbook(text: str) -> None:
    found = simplified(differentiate(expression(text), x).result)
    if isinstance(found, sp.Piecewise):
        assert equal(found, expression(DERIVATIVES[text])).equal
        assert all(not branch.has(sp.Piecewise, sp.Max, sp.Min) for branch, _ in found.args)
    else:
        assert found == expression(DERIVATIVES[text])


@pytest.mark.parametrize(
    ("expr", "done"),
    [
        (sp.sign(x) * sp.Abs(x), ("signs",)),
        (x * sp.exp(x) + sp.exp(x), ("common-factor",)),
        (sp.sin(x) ** 2 + sp.cos(x) ** 2, ("squares",)),
        (x + 1, ()),
    ],
)
def test_what_was_done_is_named(expr: sp.Expr, done: tuple[str, ...]) -> None:
    assert simplification(expr)[1] == done


@pytest.mark.parametrize(
    "expr",
    [
        (x**50 + 1) ** 50 / (x + 1) ** 30 + x**77,
        sp.Add(*(sp.sin(k * x) ** 2 * y**k for k in range(1, 30))),
        sp.prod(x + k for k in range(30)) ** 3 + sp.prod(y + k for k in range(30)),
        sp.Add(*((x + k * y) ** -k for k in range(1, 25))),
        (x + y + 1) ** 40 - (x + y) ** 40,
    ],
)
def test_what_would_explode_is_left_as_it_is(expr: sp.Expr) -> None:
    found = simplified(expr)
    assert equal(found, expr, count=3).equal
    assert weight(found) <= weight(expr)


def test_a_value_is_exact_where_that_is_short() -> None:
    derivative = differentiate(expression("sin(x)*x**2"), x).result
    found = value_at(derivative, {x: sp.pi / 2}, expression("sin(x)*x**2"))
    assert (found.exact, found.state) == (sp.pi, None)
    assert found.number == pytest.approx(float(sp.pi))
    long = value_at(sp.exp(x) ** 50, {x: sp.Integer(3)}, x)
    assert long.exact is not None
    assert long.number == pytest.approx(float(sp.exp(150)))


@pytest.mark.parametrize(
    ("f", "at", "state"),
    [
        ("Abs(x)", "0", "corner"),
        ("Abs(sin(x))", "pi", "corner"),
        ("Max(0, x)", "0", "corner"),
        ("floor(x)", "3", "corner"),
        ("Piecewise((x, x < 1), (x + 1, True))", "1", "corner"),
        ("sign(x)", "0", "corner"),
        ("1/x", "0", "infinite"),
        ("tan(x)", "pi/2", "infinite"),
        ("sqrt(x)", "0", "infinite"),
        ("sqrt(x)", "-1", "nonreal"),
        ("log(x)", "-1", "nonreal"),
        ("exp(exp(x))", "10**6", "too-big"),
        ("x**x", "10**9", "too-big"),
    ],
)
def test_a_missing_value_is_data_with_its_reason(f: str, at: str, state: str) -> None:
    expr = expression(f)
    found = value_at(simplified(differentiate(expr, x).result), {x: expression(at)}, expr)
    assert (found.exact, found.number, found.state) == (None, None, state)
    assert found.reason


@pytest.mark.parametrize(
    ("f", "at", "value"),
    [
        ("x*Abs(x)", "0", 0),
        ("Max(0, x)**2", "1", 2),
        ("Piecewise((x**2, x > 0), (0, True))", "0", 0),
        ("Piecewise((x**2, x < 1), (2*x - 1, True))", "1", 2),
        ("Abs(x)", "-2", -1),
        ("floor(x)", "1/2", 0),
    ],
)
def test_a_joint_that_is_no_corner_has_a_value(f: str, at: str, value: int) -> None:
    expr = expression(f)
    found = value_at(simplified(differentiate(expr, x).result), {x: sp.Rational(at)}, expr)
    assert found.exact == value
