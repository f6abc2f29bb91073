"""Equations, curves, paths and directions, and the corners of functions made of pieces."""

import math

import pytest
import sympy as sp

from nabla.calculus.corners import corners
from nabla.calculus.equality import check_derivation, equal
from nabla.calculus.mistakes import diagnose
from nabla.calculus.numeric import D, Root
from nabla.calculus.rules import differentiate
from nabla.calculus.several import (
    along,
    check_directional,
    directional,
    implicit,
    implicit_second,
    parametric,
    parametric_second,
)
from nabla.calculus.simplify import simplified
from nabla.write.derivation import steps
from tests.py.derivative_table import expression

x, y, z, t = (expression(name) for name in "xyzt")

EQUATIONS = {
    "x**2 + y**2 - 25": ("-x/y", "-25/y**3"),
    "x**3 + y**3 - 6*x*y": ("(x**2 - 2*y)/(2*x - y**2)", "16*x*y/(2*x - y**2)**3"),
    "sin(x*y) - x": ("(1 - y*cos(x*y))/(x*cos(x*y))", None),
    "y*exp(y) - x": ("exp(-y)/(1 + y)", "-exp(-2*y)*(y + 2)/(1 + y)**3"),
    "x**2 - x*y + y**2 - 7": ("(2*x - y)/(x - 2*y)", "42/(x - 2*y)**3"),
    "sqrt(x) + sqrt(y) - 3": ("-sqrt(y)/sqrt(x)", "3/(2*x**Rational(3, 2))"),
    "y**5 + y - x**2": ("2*x/(5*y**4 + 1)", None),
    "log(y) + x*y - 1": ("-y**2/(x*y + 1)", None),
}


@pytest.mark.parametrize("text", EQUATIONS)
def test_an_equation_is_derived_and_checked_on_its_curve(text: str) -> None:
    first = implicit(expression(text), x, y)
    checks = check_derivation(first)
    assert {check.verdict for check in checks.steps.values()} == {"passed"}
    assert checks.whole.verdict == "passed"
    slope, second = EQUATIONS[text]
    root = dict(first.bindings)
    assert equal(simplified(first.result).subs(root), expression(slope).subs(root)).equal
    tree, result = implicit_second(first)
    assert check_derivation(tree).whole.verdict == "passed"
    assert equal(D(first.result.subs(root), x), result.subs(root)).equal
    assert second is None or equal(result.subs(root), expression(second).subs(root)).equal


def test_the_equation_shortens_the_second_derivative() -> None:
    assert implicit_second(implicit(x**2 + y**2 - 25, x, y))[1] == -25 / y**3


def test_what_is_put_for_the_unknown_does_not_reach_into_its_equation() -> None:
    root = Root(x**2 + y**2 - 25, y)
    assert (y + root).subs(y, root) == 2 * root
    assert root.subs(x, z) == Root(z**2 + y**2 - 25, y)


def test_a_wrong_slope_of_an_equation_is_caught() -> None:
    first = implicit(x**2 + y**2 - 25, x, y)
    assert equal(first.left, (y / x).subs(dict(first.bindings))).equal is False


def test_an_equation_without_the_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match="does not occur"):
        implicit(x**2 - 4, x, y)


CURVES = [
    ("t**2", "t**3", "3*t/2", "3/(4*t)"),
    ("cos(t)", "sin(t)", "-cos(t)/sin(t)", "-1/sin(t)**3"),
    ("t - sin(t)", "1 - cos(t)", "sin(t)/(1 - cos(t))", "-1/(1 - cos(t))**2"),
    ("exp(t)", "t*exp(-t)", "(1 - t)*exp(-2*t)", "(2*t - 3)*exp(-3*t)"),
]


@pytest.mark.parametrize(("across", "up", "slope", "second"), CURVES)
def test_a_curve_is_derived_twice(across: str, up: str, slope: str, second: str) -> None:
    first = parametric(expression(across), expression(up), t, (x, y))
    twice = parametric_second(first)
    for derivation, expected in ((first, slope), (twice, second)):
        assert {check.verdict for check in check_derivation(derivation).steps.values()} == {"passed"}
        assert equal(simplified(derivation.result), expression(expected)).equal


def test_along_a_path_each_variable_contributes_and_time_itself_too() -> None:
    path = {x: sp.cos(t), y: sp.sin(t)}
    derivation = along(x**2 * y + t, path, t)
    assert derivation.rule == "several"
    assert len(derivation.parts) == 6
    assert check_derivation(derivation).whole.verdict == "passed"
    assert equal(derivation.result, sp.diff(sp.cos(t) ** 2 * sp.sin(t) + t, t)).equal


def test_a_direction_is_brought_to_length_one() -> None:
    f = x**2 * y + sp.sin(z)
    found = directional(f, [x, y, z], [sp.Integer(1), sp.Integer(2), sp.Integer(2)])
    assert found.result == 2 * x**2 / 3 + 2 * x * y / 3 + 2 * sp.cos(z) / 3
    assert check_directional(f, [x, y, z], found).equal
    with pytest.raises(ValueError, match="direction is 0"):
        directional(f, [x, y], [sp.S.Zero, sp.S.Zero])


def test_steps_name_what_is_derived() -> None:
    circle = implicit(x**2 + y**2 - 25, x, y)
    shown = steps(circle, check_derivation(circle), simplified(circle.result))
    assert shown[0].tex.startswith(r"\frac{\mathrm{d} y}{\mathrm{d} x} = -\frac{\frac{\partial}{\partial x}")
    assert r"\mathrm{d}}{\mathrm{d} x}" not in shown[0].steps[0].tex
    curve = parametric(t**2, t**3, t, (x, y))
    first = steps(curve, check_derivation(curve))[0]
    assert first.where == ["x = t^{2}", "y = t^{3}"]
    assert first.tex == (
        r"\frac{\mathrm{d} y}{\mathrm{d} x} = "
        r"\frac{\frac{\mathrm{d}}{\mathrm{d} t} t^{3}}{\frac{\mathrm{d}}{\mathrm{d} t} t^{2}}"
    )


@pytest.mark.parametrize(
    ("claim", "verdict", "rule"),
    [
        ("-x/y", "right", None),
        ("-x*y/(25 - x**2)", "right", None),
        ("2*x + 2*y", "wrong", "M49"),
        ("-y/x", "wrong", "M50"),
        ("x/y", "wrong", "M39"),
    ],
)
def test_mistakes_about_an_equation(claim: str, verdict: str, rule: str | None) -> None:
    found = diagnose(implicit(x**2 + y**2 - 25, x, y), expression(claim))
    assert found.verdict == verdict
    assert found.foreign == ()
    assert rule is None or rule in found.mistakes[0].rules


def test_mistakes_about_a_curve() -> None:
    first = parametric(t**2, t**3, t, (x, y))
    assert "M51" in {rule for mistake in diagnose(first, 3 * t**2).mistakes for rule in mistake.rules}
    assert "M50" in {rule for mistake in diagnose(first, 2 / (3 * t)).mistakes for rule in mistake.rules}
    second = diagnose(parametric_second(first), 3 * t, before=[first])
    assert "M51" in {rule for mistake in second.mistakes for rule in mistake.rules}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Abs(x)", [(0, "corner", -1, 1)]),
        ("x*Abs(x)", [(0, "smooth", 0, 0)]),
        ("Abs(x**2 - 4)", [(-2, "corner", -4, 4), (2, "corner", -4, 4)]),
        ("Max(x, 1 - x, 0)", [(0, "smooth", -1, -1), (0.5, "corner", -1, 1), (1, "smooth", 1, 1)]),
        ("Min(Max(x, -1), 1)", [(-1, "corner", 0, 1), (1, "corner", 1, 0)]),
        ("Piecewise((x**2, x < 1), (2*x - 1, True))", [(1, "smooth", 2, 2)]),
        ("Piecewise((x, x < 1), (x + 1, True))", [(1, "jump", None, None)]),
        ("sign(x - 2)", [(2, "jump", None, None)]),
        ("Abs(Abs(x) - 1)", [(-1, "corner", -1, 1), (0, "corner", 1, -1), (1, "corner", -1, 1)]),
        ("log(Abs(x))", []),
        ("1/(x - 1)", []),
        ("x**2", []),
    ],
)
def test_corners_are_found_and_looked_at(text: str, expected: list[tuple[float, str, float, float]]) -> None:
    found = corners(differentiate(expression(text), x))
    assert [(float(c.at), c.kind, c.left, c.right) for c in found] == expected


def test_a_cusp_is_a_corner_and_what_cannot_be_solved_is_said() -> None:
    (cusp,) = corners(differentiate(expression("sqrt(Abs(x))"), x))
    assert (cusp.kind, cusp.left, cusp.right) == ("corner", -math.inf, math.inf)
    (sine,) = corners(differentiate(expression("Abs(sin(x))"), x))
    assert (sine.at, sine.kind, sine.condition) == (None, "unknown", sp.Ne(sp.sin(x), 0))
