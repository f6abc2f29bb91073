"""derive: work that would not come to an end is given up, and what stands of the answer is shown."""

import pytest
import sympy as sp

import nabla
from nabla.answer.document import Step
from nabla.calculus.budget import within
from nabla.calculus.equality import Checked, Checks, check_derivation
from nabla.calculus.rules import differentiate
from nabla.calculus.simplify import simplified
from nabla.errors import UserError
from nabla.write.derivation import steps
from nabla.write.text import visible_steps
from tests.py.derivative_table import entries, expression

x = expression("x")


def endless() -> str:
    number = 0
    while True:
        number = max(number, 1)


def test_work_beyond_its_budget_is_given_up_the_same_way_every_time() -> None:
    assert within(1000, lambda: "done", "given up") == "done"
    assert [within(1000, endless, "given up") for _ in range(3)] == ["given up"] * 3


def test_work_under_another_limit_is_left_to_that_one() -> None:
    assert within(1000, lambda: within(5, lambda: sum(map(abs, range(100))), -1), -2) == 4950


def test_fine_roots_are_not_taken_for_polynomials() -> None:
    f = expression("Rational(12, 10)*x**Rational(54321, 10000) + x*sin(x)")
    assert simplified(sp.diff(f, x)).has(x)


@pytest.mark.parametrize(
    "inputs",
    [
        {"f": "0.1234567*x^5.4321+exp(-0.001x^2)*sin(1234.567x)"},
        {"f": "(x+y+z+w+a+b)^12", "wrt": "x,y,z"},
        {"f": "123456789012345678901234567890*x^1000/(x^999+98765432109876543210)"},
        {"f": "x^x^x^x^x"},
        {"f": "abs(" * 12 + "x" + "-1)" * 12},
        {"f": "e^(x y)+x^5 y^7 - ln(x^2+y^4) = 3 + x y cos(x+y)"},
    ],
)
def test_unkind_formulas_are_answered_and_nothing_is_called_wrong(inputs: dict[str, str]) -> None:
    document = nabla.run("derive", inputs)
    assert document.checks
    assert not [check for check in document.checks if check.verdict == "failed"]


def test_a_product_of_hundreds_is_told_and_not_derived() -> None:
    document = nabla.derive("*".join(f"(x+{i})" for i in range(1, 200)), "x")
    assert [warning.code for warning in document.warnings] == ["too-long"]
    assert "199 factors" in document.warnings[0].message
    assert document.values["reading"]


def test_a_text_of_thousands_of_characters_is_told() -> None:
    with pytest.raises(UserError) as caught:
        nabla.derive("+".join(f"sin({i}x)" for i in range(1, 500)), "x")
    assert (caught.value.code, caught.value.field) == ("too-long", "f")


def test_a_long_derivation_is_shown_without_its_steps() -> None:
    document = nabla.derive("exp(sin(x^2))/(1+x^2)", "x,x,x,x")
    assert "too long to be shown" in str(document.to_dict())
    assert not [check for check in document.checks if check.verdict == "failed"]


def test_what_is_lost_in_rounding_is_no_failure() -> None:
    checks = check_derivation(differentiate(expression("x**999 + 98765432109876543210"), x))
    assert {check.verdict for check in checks.steps.values()} <= {"passed", "unchecked"}


def shown(found: list[Step]) -> int:
    return sum(1 + shown(step.steps) for step in found)


@pytest.mark.parametrize(("group", "f", "variable"), entries())
def test_at_most_twelve_steps_are_visible_at_normal(group: str, f: str, variable: str) -> None:
    derivation = differentiate(expression(f), expression(variable))
    blank = Checked("unchecked", None, 0, 1.0)
    checks = Checks(dict.fromkeys(derivation.walk(), blank), blank)
    assert 1 <= shown(visible_steps(steps(derivation, checks, simplified(derivation.result)), "normal")) <= 12


def test_a_tower_of_thirty_powers_is_answered() -> None:
    document = nabla.derive("^".join(["x"] * 30))
    assert document.values["derivative"]
    assert not [check for check in document.checks if check.verdict == "failed"]
