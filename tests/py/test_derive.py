"""The derive lab: answers, values, warnings, and sentences for bad input."""

import math

import pytest

import nabla
from nabla.answer.document import Check, Code, Math, Note, Plot, Steps
from nabla.errors import UserError


def only(document: nabla.Document, kind: type) -> list:
    return [block for block in document.blocks if isinstance(block, kind)]


def test_the_question_of_the_first_page() -> None:
    document = nabla.derive("(w*x-y)^2", "w", at="w=3,x=2,y=2")
    assert document.values["reading"] == "(w*x - y)**2"
    assert document.values["derivative"] == "2*x*(w*x - y)"
    assert document.values["value"] == 16
    result = next(block for block in only(document, Math) if block.role == "result")
    assert result.tex == r"\frac{\partial f}{\partial w} = 2 x \left(w x - y\right)"
    value = next(block for block in only(document, Math) if block.role == "value")
    assert value.tex.endswith(r"= 2 \cdot 2 \cdot \left(3 \cdot 2 - 2\right) = 16")
    assert len(only(document, Plot)) == 1
    labels = [source.label for source in only(document, Code)[0].sources]
    assert labels == ["SymPy", "NumPy", "Python math", "PyTorch", "JAX", "SciPy", "C", "Julia", "MATLAB", "LaTeX"]
    assert {check.verdict for check in document.checks} == {"passed"}
    assert document.warnings == []


def test_the_chain_rule_is_told_with_its_inner_and_outer_function() -> None:
    (block,) = only(nabla.derive("(w*x-y)^2", "w"), Steps)
    first = block.steps[0]
    assert "hain" in first.title
    told = " ".join([first.why, *first.where])
    assert "u" in told
    assert any("w x - y" in where for where in first.where)
    assert first.check is not None
    assert first.check.verdict == "passed"


@pytest.mark.parametrize(
    ("f", "wrt", "at", "derivative", "value"),
    [
        ("x^2*y^3", "x,y", "x=2,y=1", "6*x*y**2", 12),
        ("exp(-x^2/2)", "x,x", "x=1", None, 0),
        ("sin(x)", "x,x,x,x", "x=pi/2", "sin(x)", 1),
        ("x^x", "x", "x=2", None, 4 * (1 + math.log(2))),
        ("ln(x)", "", "x=4", "1/x", 0.25),
        ("sqrt(t)", "", "t=9", None, 1 / 6),
        ("atan(a*x)", "a", "a=1,x=1", None, 0.5),
        ("gamma(x)", "x", "x=1", None, -0.5772156649015329),
        ("x^2 + beta*x", "x", "x=1,beta=3", "beta + 2*x", 5),
        ("0.5*x^2", "x", "x=3", "x", 3),
        ("x^2*y + y^3", "y", "(1, 2)", "x**2 + 3*y**2", 13),
        ("tan x", "2", "pi/4", "2*tan(x)*sec(x)**2", 4),
        ("y = ln(x^2+1)", "2", "3", None, -0.16),
        ("y = x^3 - 2x", "", "(1, -1)", "3*x**2 - 2", 1),
        ("x = t - sin t; y = 1 - cos t", "", "pi/2", "sin(t)/(1 - cos(t))", 1),
        ("d²/dx² (x sin x)", "", "0", "-x*sin(x) + 2*cos(x)", 2),
        (r"\frac{\partial^2}{\partial x \partial y} e^{xy}", "", "(0, 1)", None, 1),
    ],
)
def test_derivatives_and_values(f: str, wrt: str, at: str, derivative: str | None, value: float) -> None:
    document = nabla.derive(f, wrt, at=at)
    if derivative is not None:
        assert document.values["derivative"] == derivative
    assert document.values["value"] == pytest.approx(value, rel=1e-14, abs=1e-14)
    assert all(check.verdict == "passed" for check in document.checks)


def test_a_variable_that_does_not_occur_gives_0_and_says_so() -> None:
    document = nabla.derive("x^2", "z")
    assert document.values["derivative"] == "0"
    assert [warning.code for warning in document.warnings] == ["variable-absent"]


@pytest.mark.parametrize(("f", "at"), [("1/x", "x=0"), ("sqrt(x)", "x=-1"), ("ln(x)", "x=0"), ("tan(x)", "x=pi/2")])
def test_no_value_at_the_point_is_said_and_the_rest_stands(f: str, at: str) -> None:
    document = nabla.derive(f, "x", at=at)
    assert document.values["value"] is None
    assert [warning.code for warning in document.warnings] == ["undefined"]
    assert only(document, Steps)
    assert [block for block in only(document, Note) if block.tone == "warning"]


def test_a_corner_has_no_derivative() -> None:
    document = nabla.derive("|x|", "x", at="x=0")
    assert document.values["value"] is None


def test_a_missing_value_is_asked_for() -> None:
    document = nabla.derive("w^2*x", "w", at="x=1")
    assert [warning.code for warning in document.warnings] == ["value-missing"]
    assert "w needs a value" in document.warnings[0].message


def test_other_letters_may_stay_open_where_the_variable_has_a_value() -> None:
    document = nabla.derive("w^2*x", "w", at="w=3")
    assert not document.warnings
    assert document.values["value_formula"] == "6*x"


def test_detail_changes_what_is_shown_and_not_what_is_there() -> None:
    counts = {
        detail: nabla.derive("x^3 + 2x", "x", detail=detail).values["steps"]
        for detail in ("novice", "normal", "expert")
    }
    assert len(set(counts.values())) == 1


@pytest.mark.parametrize(
    ("inputs", "code", "field"),
    [
        ({"f": "((x+1)"}, "unbalanced", "f"),
        ({"f": "x+1)"}, "unbalanced", "f"),
        ({"f": "foo(x)"}, "unknown-function", "f"),
        ({"f": "2+"}, "syntax", "f"),
        ({"f": "   "}, "empty", "f"),
        ({"f": "x", "at": "x="}, None, "at"),
        ({"f": "x", "at": "x"}, None, "at"),
        ({"f": "(" * 10_000 + "x" + ")" * 10_000}, None, "f"),
        ({"f": "9**9**9"}, "too-big", "f"),
        ({"f": "__import__('os')"}, None, "f"),
        ({"f": "x", "wrt": "x+1"}, None, "wrt"),
        ({"f": "x", "wrt": ",".join("x" * 20)}, None, "wrt"),
        ({"f": "x", "detail": "some"}, "choice", "detail"),
    ],
)
def test_bad_input_is_one_sentence_at_its_field(inputs: dict[str, str], code: str | None, field: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.run("derive", inputs)
    error = caught.value
    assert error.field == field
    assert code in (None, error.code)
    assert error.span is not None
    assert error.message.endswith((".", "?"))


def test_every_check_says_how_it_was_tested() -> None:
    for block in nabla.derive("sin(x)/x", "x").blocks:
        if isinstance(block, Check):
            assert block.method
            assert block.verdict in ("passed", "failed", "unchecked")


def test_text_of_a_user_cannot_break_out_of_prose() -> None:
    document = nabla.derive("x_1", "y_2")
    assert "y_2" in document.warnings[0].message
