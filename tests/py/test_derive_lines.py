"""Tangents, normals and tangent planes: their equations, and that their checks can fail."""

import pytest
import sympy as sp

import nabla
from nabla.calculus.contact import contact
from nabla.errors import UserError

X, Y, H = sp.symbols("x y h", real=True)


def right_side(line: str) -> sp.Expr:
    return sp.sympify(line.split("=")[1], locals={"x": X, "y": Y})


@pytest.mark.parametrize(
    ("inputs", "tangent", "normal"),
    [
        ({"f": "x^3 - 2x^2 + 1", "at": "x=2"}, "4*x - 7", "3/2 - x/4"),
        ({"f": "e^(2x)", "at": "0"}, "2*x + 1", "1 - x/2"),
        ({"f": "x^2 + y^2 = 25", "at": "(3, 4)"}, "25/4 - 3*x/4", "4*x/3"),
        ({"f": "x^2 + x y + y^2 = 7", "at": "x=1, y=2"}, "14/5 - 4*x/5", "5*x/4 + 3/4"),
        ({"f": "x = t^2; y = t^3", "at": "t=1"}, "3*x/2 - 1/2", "5/3 - 2*x/3"),
        ({"f": "sqrt(x)", "at": "x=4"}, "x/4 + 1", "18 - 4*x"),
    ],
)
def test_lines(inputs: dict[str, str], tangent: str, normal: str) -> None:
    for what in ("tangent", "normal"):
        document = nabla.run("derive", {**inputs, "what": what})
        assert right_side(document.values["tangent"]) - sp.sympify(tangent, locals={"x": X}) == 0
        assert right_side(document.values["normal"]) - sp.sympify(normal, locals={"x": X}) == 0
        assert document.answer
        assert {check.verdict for check in document.checks} == {"passed"}


def test_lines_that_are_upright() -> None:
    document = nabla.run("derive", {"f": "x^2 + y^2 = 25", "at": "(5, 0)", "what": "tangent"})
    assert (document.values["tangent"], document.values["normal"]) == ("x = 5", "y = 0")
    document = nabla.run("derive", {"f": "x^2", "at": "0", "what": "normal"})
    assert (document.values["tangent"], document.values["normal"]) == ("y = 0", "x = 0")


def test_a_plane() -> None:
    document = nabla.run("derive", {"f": "x^2 y + y", "at": "x=1, y=2", "what": "tangent"})
    assert document.values["tangent"] == "z = 4*x + 2*y - 4"
    assert {check.verdict for check in document.checks} == {"passed"}


def test_a_line_of_parameters_is_checked() -> None:
    document = nabla.run("derive", {"f": "sin(a x)", "at": "x=0", "what": "tangent"})
    assert document.values["tangent"] == "y = a*x"
    assert {check.verdict for check in document.checks} == {"passed"}


@pytest.mark.parametrize("slope", [3, 4 + sp.Rational(1, 10**6), -4])
def test_a_wrong_slope_is_no_contact(slope: sp.Expr) -> None:
    f = X**3 - 2 * X**2 + 1
    gap = f.subs(X, 2 + H) - (1 + slope * H)
    figure = contact(gap, H, {})
    assert figure is not None
    assert figure > 1e-7


@pytest.mark.parametrize(
    "inputs",
    [
        {"f": "x^2"},
        {"f": "|x|", "at": "0"},
        {"f": "x^2", "at": "(1, 2)"},
        {"f": "x^2 + y^2 = 25", "at": "(3, 5)"},
        {"f": "x^2 = y^2", "at": "(0, 0)"},
        {"f": "x^(1/3)", "at": "0"},
    ],
)
def test_no_line_is_made_up(inputs: dict[str, str]) -> None:
    with pytest.raises(UserError):
        nabla.run("derive", {**inputs, "what": "tangent"})


def test_a_line_of_the_asker_is_judged() -> None:
    asked = "Equation of the tangent line to y = sqrt(x) at x = 4. I got y = x/2 + 1"
    assert nabla.ask(asked).values["claim"]["verdict"] == "wrong"
    assert nabla.ask(asked.replace("x/2", "x/4")).values["claim"]["verdict"] == "right"
