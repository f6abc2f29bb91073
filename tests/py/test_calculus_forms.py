"""Other forms of a result: equal, different from it, and quickly made."""

import pytest
import sympy as sp

import nabla
from nabla.answer.document import Table
from nabla.calculus.forms import common_parts, forms
from nabla.calculus.rules import differentiate, simplified
from tests.py.derivative_table import entries, expression

x, y = sp.symbols("x y", real=True)


@pytest.mark.parametrize("entry", entries()[::4], ids=str)
def test_every_form_is_the_result_written_otherwise(entry: tuple[str, str, str]) -> None:
    _, text, variable = entry
    result = simplified(differentiate(expression(text), expression(variable)).result)
    found = forms(result)
    assert all(form.verdict.equal for form in found)
    assert len({result, *(form.expr for form in found)}) == 1 + len(found)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (x**2, {}),
        (x**2 - 1, {"factored": "(x - 1)*(x + 1)"}),
        ((1 - x) * sp.exp(-x), {"expanded": "-x*exp(-x) + exp(-x)"}),
        ((x + 1) / (x**2 + 1) ** 2, {}),
        (2 * x * (x * y - 1), {"expanded": "2*x**2*y - 2*x"}),
        (sp.Piecewise((x**2 - 1, x > 0), (x, True)), {}),
    ],
    ids=str,
)
def test_the_forms_of_textbooks(result: sp.Expr, expected: dict[str, str]) -> None:
    assert {form.name: sp.sstr(form.expr) for form in forms(result) if form.name != "parts"} == expected


def test_common_parts_are_named_once_and_in_order() -> None:
    result = sp.exp(x**2) * (sp.sin(sp.exp(x**2)) + sp.cos(sp.exp(x**2)))
    named = common_parts([result])
    assert named is not None
    parts, (short,) = named
    assert [str(name) for name, _ in parts] == ["c_1"]
    assert short.subs(dict(parts)) == result
    assert common_parts([x**2 + 1]) is None
    assert common_parts([sp.Symbol("c", real=True) * result])[0][0][0].name == "k_1"  # type: ignore[index]


def test_a_power_too_high_to_multiply_out_is_left_alone() -> None:
    assert forms((x + 1) ** 300 * (x - 2)) == []


def test_the_lab_shows_them_and_checks_them() -> None:
    document = nabla.derive("x exp(-x)")
    assert document.values["forms"] == {"expanded": "-x*exp(-x) + exp(-x)"}
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert "Multiplied out" in str(table.rows)
    assert any("multiplied out" in check.claim and check.verdict == "passed" for check in document.checks)
