r"""Differentiability in the plane, pieces around a point, determinants and derivative signs inside formulas.

The truth is known of each function by hand: the textbooks' examples and counterexamples.
"""

from __future__ import annotations

import pytest
import sympy as sp

import nabla
from nabla.answer.document import Check, Document
from nabla.errors import UserError
from nabla.read.formula import read_formula

X = sp.Symbol("x", real=True)


def asked(text: str) -> Document:
    document = nabla.ask(text)
    assert not [block for block in document.blocks if isinstance(block, Check) and block.verdict == "failed"]
    return document


# The function, whether it is differentiable at the origin, and a word of the reason.
PLANE = [
    ("|xy|", True, "goes to 0"),
    ("|x| y", True, "goes to 0"),
    ("x^2 + 3 x y", True, "goes to 0"),
    ("x^2 y^2/(x^2 + y^2), f(0,0) = 0", True, "goes to 0"),
    ("x y^2/sqrt(x^2 + y^2), f(0,0) = 0", True, "goes to 0"),
    ("sqrt(x^2 + y^2)", False, "it has no"),
    ("|x| + y", False, "it has no"),
    ("x y/sqrt(x^2 + y^2), f(0,0) = 0", False, "goes to 0.5"),
    ("sqrt(|x y|)", False, "goes to 0.7071"),
    ("(x^3 + y^3)/(x^2 + y^2), f(0,0) = 0", False, "goes to 0.7071"),
    ("x^2 y/(x^2 + y^2), f(0,0) = 0", False, "goes to 0.3"),
    ("x y/(x^2 + y^2), f(0,0) = 0", False, "grows without bound"),
    ("x^2 y/(x^4 + y^2), f(0,0) = 0", False, "grows without bound"),
]


@pytest.mark.parametrize(("function", "truth", "reason"), PLANE)
def test_yes_or_no_and_why(function: str, truth: bool, reason: str) -> None:
    document = asked(f"f(x,y) = {function}. Is f differentiable at (0,0)?")
    assert document.values["differentiable"] is truth
    assert document.answer is not None
    assert reason in document.answer.text


def test_the_origin_may_be_named_in_words() -> None:
    assert asked("Is |xy| differentiable at the origin?").values["differentiable"] is True


PIECES = [
    (r"x \neq 0 \text{ or } y \neq 0", r"x = y = 0"),
    ("x != 0 or y != 0", "x = y = 0"),
    (r"(x,y) \neq (0,0)", "(x,y) = (0,0)"),
    (r"(x,y) \ne (0,0)", r"\text{otherwise}"),
]


@pytest.mark.parametrize(("elsewhere", "there"), PIECES)
def test_the_ways_of_telling_a_piece_around_a_point(elsewhere: str, there: str) -> None:
    read = read_formula(rf"\begin{{cases}} \frac{{x y^3}}{{x^2+y^2}} & {elsewhere} \\ 7 & {there} \end{{cases}}").expr
    values = {s.name: s for s in read.free_symbols}
    assert read.subs({values["x"]: 1, values["y"]: 1}) == sp.Rational(1, 2)
    assert read.subs({values["x"]: 0, values["y"]: 1}) == 0
    assert read.subs({values["x"]: 0, values["y"]: 0}) == 7


MATRICES = [
    (r"\begin{vmatrix} x & 1 \\ 2 & x \end{vmatrix}", [["x", 1], [2, "x"]]),
    (r"\det\begin{pmatrix} \sin x & \cos x \\ x & 1 \end{pmatrix}", [["sin(x)", "cos(x)"], ["x", 1]]),
    (r"\begin{vmatrix} x & x^2 & x^3 \\ 1 & 2x & 3x^2 \\ 0 & 2 & 6x \end{vmatrix}",
     [["x", "x**2", "x**3"], [1, "2*x", "3*x**2"], [0, 2, "6*x"]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), MATRICES)
def test_a_determinant_is_written_out(text: str, rows: list[list[object]]) -> None:
    truth = sp.diff(sp.Matrix([[sp.sympify(entry, locals={"x": X}) for entry in row] for row in rows]).det(), X)
    found = sp.sympify(asked(f"Differentiate $f(x) = {text}$").values["derivative"], locals={"x": X})
    assert sp.simplify(found - truth) == 0


@pytest.mark.parametrize(
    "text",
    [
        "derivative of the determinant |x 1; 2 x|",
        "softmax of a matrix product X W, gradient with respect to W",
        "pv=nrt dP/dV",
        "x dy/dx + y",
    ],
)
def test_what_cannot_be_read_as_it_is_meant_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        nabla.ask(text)


def test_a_product_with_a_derivative_sign_is_no_function_of_letters() -> None:
    document = asked("elasticity: Q = 100 P^(-1.5), dQ/dP * P/Q")
    assert document.values["elasticity"] == "-3/2"


def test_the_average_cost_is_of_a_positive_amount() -> None:
    document = asked("C(x) = 100 + 5x + 0.01 x^2. At which x is the average cost minimal?")
    assert [(place["at"], float(sp.sympify(place["value"]))) for place in document.values["extrema"]] == [
        ({"x": "100"}, 7)
    ]


def test_a_capital_letter_that_had_to_be_a_column_is_named() -> None:
    document = asked("What is the derivative of softmax(XW) with respect to W?")
    assert any("W is taken for a column" in warning.message for warning in document.warnings)
    assert not asked("derivative of softmax(W x) with respect to x").warnings
