"""Points, lists of variables, and the preview of fields."""

import json

import pytest
import sympy as sp

from nabla.errors import UserError
from nabla.read.fields.assignments import read_assignments, read_variables
from nabla.read.fields.preview import preview
from nabla.read.formula import symbol


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("w=3, x=2, y=2", {"w": 3, "x": 2, "y": 2}),
        ("x=pi/2", {"x": sp.pi / 2}),
        ("x = 2; y = 3", {"x": 2, "y": 3}),
        ("x=2 y=3\nz=-1", {"x": 2, "y": 3, "z": -1}),
        ("x=2 and y=3", {"x": 2, "y": 3}),
        ("x=2,", {"x": 2}),
        ("x==2", {"x": 2}),
        ("x=sqrt(2)/2, y=e^2", {"x": sp.sqrt(2) / 2, "y": sp.exp(2)}),
        ("x=0.1", {"x": sp.Rational(1, 10)}),
        ("x=1e-3", {"x": sp.Rational(1, 1000)}),
        ("x=max(1, 2)", {"x": 2}),
        ("e=2, i=1, lambda=3", {"e": 2, "i": 1, "lambda": 3}),
        ("β=0.5, x_1=1", {"beta": sp.Rational(1, 2), "x_1": 1}),
        (r"\theta = 1, x_{1} = 2", {"theta": 1, "x_1": 2}),
        ("loss=1, wx=2", {"loss": 1, "wx": 2}),
        ("S=1 N=2", {"S": 1, "N": 2}),
        ("", {}),
        ("  ", {}),
    ],
)
def test_points(text: str, values: dict[str, object]) -> None:
    assert read_assignments(text) == {symbol(name): value for name, value in values.items()}


def test_names_are_those_of_the_other_fields() -> None:
    assert read_assignments("x_1=2", known=["x1"]) == {symbol("x1"): 2}
    assert read_assignments("3", known=["x"]) == {symbol("x"): 3}
    assert read_assignments("(1, pi/2)", known=["x", "y"]) == {symbol("x"): 1, symbol("y"): sp.pi / 2}
    assert read_assignments("1; 2,", known=["x", "y"]) == {symbol("x"): 1, symbol("y"): 2}
    with pytest.raises(UserError, match="2 values for 3 variables: x, y, z"):
        read_assignments("1, 2", known=["x", "y", "z"])


@pytest.mark.parametrize(
    ("text", "code", "under", "part"),
    [
        ("x=", "value", "x=", "x has no value"),
        ("x", "value", "x", "x has no value"),
        ("x=2, y=", "value", "y=", "y has no value"),
        ("x=2, y", "value", ", y", "belongs to no name"),
        ("x=0,5", "value", ",5", "write a point"),
        ("x=1, x=2", "value", "x", "given twice"),
        ("x1=1, x_1=2", "value", "x_1", "given twice"),
        ("x=y", "value", "y", "must be a number, without y"),
        ("x=2+y^2", "value", "y", "without y"),
        ("2=x", "value", "2", "not the name of a variable"),
        ("=2", "value", "=", "not the name of a variable"),
        ("pi=3", "value", "pi", "not the name of a variable"),
        ("(x)=2", "value", "(x)", "not the name of a variable"),
        ("sin=2", "value", "sin", "not the name of a variable"),
        ("3", "value", "3", "names of their variables"),
        ("x=f(2)", "value", "f(2)", "finite number"),
        ("x=oo", "value", "oo", "finite number"),
        ("x=1/0", "undefined", "0", "divides by zero"),
        ("x=sqrt(-1)", "undefined", "sqrt(-1)", "not a real number"),
        ("x=9**9**9", "too-big", "9**9**9", "too large"),
        ("x=2 3", "syntax", "3", "side by side"),
        ("x=(2", "unbalanced", "(", "never closed"),
        ("x=__import__('os')", "forbidden", "__import__", "underscore"),
    ],
)
def test_points_that_are_refused(text: str, code: str, under: str, part: str) -> None:
    with pytest.raises(UserError) as caught:
        read_assignments(text)
    error = caught.value
    assert error.code == code
    assert error.span is not None
    assert text[error.span.start : error.span.end] == under
    assert part in f"{error.message} {error.hint}"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x", "x"),
        ("x, y", "x y"),
        ("x,x", "x x"),
        ("x x y", "x x y"),
        ("x; y", "x y"),
        ("x^2", "x x"),
        ("x**3", "x x x"),
        ("x²", "x x"),
        ("x, 2", "x x"),
        ("x, 2, y", "x x y"),
        ("xy", "x y"),
        ("d/dx", "x"),
        ("df/dx", "x"),
        ("dx", "x"),
        ("∂/∂x", "x"),
        ("e", "e"),
        ("i, I", "i I"),
        ("gamma beta lambda", "gamma beta lambda"),
        ("β", "beta"),
        ("x_1, x_2", "x_1 x_2"),
        (r"\theta", "theta"),
        ("loss", "loss"),
        ("", ""),
    ],
)
def test_variables(text: str, names: str) -> None:
    assert read_variables(text) == [symbol(name) for name in names.split()]


def test_variables_of_other_fields() -> None:
    assert read_variables("xy", known=["xy"]) == [symbol("xy")]
    assert read_variables("x_1", known=["x1"]) == [symbol("x1")]


@pytest.mark.parametrize(
    ("text", "code", "under", "part"),
    [
        ("2", "unknown-name", "2", "not a variable"),
        ("x + y", "unknown-name", "+", "not a variable"),
        ("x, sin", "unknown-name", "sin", "is a function"),
        ("pi", "unknown-name", "pi", "is a constant"),
        ("x^99", "too-big", "99", "tenth order"),
        ("x, 0", "too-big", "0", "tenth order"),
        (",", "empty", ",", "No variable"),
    ],
)
def test_variables_that_are_refused(text: str, code: str, under: str, part: str) -> None:
    with pytest.raises(UserError) as caught:
        read_variables(text)
    error = caught.value
    assert (error.code, text[error.span.start : error.span.end] if error.span else None) == (code, under)
    assert part in error.message


def test_preview_of_a_formula() -> None:
    shown = preview("formula", "sin x^2")
    assert shown["tex"] == r"\sin\left(x^{2}\right)"
    assert shown["error"] is None
    (remark,) = shown["remarks"]
    assert remark == {
        "code": "argument",
        "message": "All of x^2 is read as the argument.",
        "span": [0, 7],
        "alternative": "sin (x)^2",
    }
    json.dumps(shown)


def test_preview_of_other_fields() -> None:
    assert preview("formulas", "x^2; y")["tex"] == r"x^{2},\quad y"
    assert preview("assignments", "x=pi/2, y_1=0.50")["tex"] == r"x = \frac{\pi}{2},\; y_{1} = 0.50"
    assert preview("formula", "wx", ["w", "x"])["tex"] == "w x"
    nothing = {"tex": "", "remarks": [], "error": None}
    assert preview("text", "whatever (") == preview("formula", " ") == nothing


def test_preview_of_a_mistake() -> None:
    shown = preview("formula", "2 + (x")
    assert shown["tex"] == ""
    assert shown["error"]["code"] == "unbalanced"
    assert shown["error"]["span"] == [4, 5]
