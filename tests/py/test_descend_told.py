"""What a text tells beside the call of a solver: constraints and the goal, held beside the program."""

from __future__ import annotations

import pytest

import nabla
from nabla.program.modules import scipy

pytestmark = pytest.mark.skipif(not scipy.is_here(), reason="SciPy is not installed")

PROGRAM = """from scipy.optimize import minimize
f = lambda v: (v[0] - 2)**2 + (v[1] - 2)**2
cons = {{'type': 'ineq', 'fun': lambda v: {slack}}}
res = minimize(f, [0, 0], method='SLSQP', constraints=cons)
print(res.x)
"""
LINEAR = """from scipy.optimize import linprog
res = linprog({c}, A_ub={rows}, b_ub=[4, 6])
print(res.x, res.fun)
"""
# An inequality in words, its slack, and the same with the other sign.
TOLD = [
    ("x + y <= 1", "1 - v[0] - v[1]", "v[0] + v[1] - 1"),
    ("1 >= x + y", "2 - 2*v[0] - 2*v[1]", "v[0] + v[1] - 1"),
    ("x - y >= 3", "v[0] - v[1] - 3", "3 - v[0] + v[1]"),
    ("x*y ≤ 1", "1 - v[0]*v[1]", "v[0]*v[1] - 1"),
]


@pytest.mark.parametrize(("told", "right", "wrong"), TOLD)
def test_an_inequality_is_held_beside_that_of_the_program(told: str, right: str, wrong: str) -> None:
    said = f"I want the minimum of (x-2)^2 + (y-2)^2 where {told} and get something odd.\n\n"
    kinds = {}
    for name, slack in (("right", right), ("wrong", wrong)):
        document = nabla.ask(said + PROGRAM.format(slack=slack))
        kinds[name] = [finding["kind"] for finding in document.values["findings"]]
        assert document.values["question"]["unused"] == []
        if name == "wrong":
            assert document.answer.text.startswith(f"The text says {told}")
    assert "sign" not in kinds["right"] and "sign" in kinds["wrong"]


def test_with_the_sign_turned_the_end_is_told() -> None:
    document = nabla.run("descend", {"f": PROGRAM.format(slack="v[0] + v[1] - 1"), "told": "x + y <= 1; result (2, 2)"})
    assert "ends at (0.5, 0.5), where the function is 4.5" in document.answer.text
    assert "not-used" not in [warning.code for warning in document.warnings]


def test_an_inequality_that_the_program_does_not_have_is_named() -> None:
    document = nabla.run("descend", {"f": PROGRAM.format(slack="1 - v[0]"), "told": "x + y <= 1; result (1, 7)"})
    messages = [warning.message for warning in document.warnings if warning.code == "not-used"]
    assert any("x + y <= 1" in message for message in messages)
    assert document.answer is not None
    assert document.answer.text.startswith(("At your (1, 7) the function is", "Your (1, 7) breaks"))


@pytest.mark.parametrize(("c", "wrong"), [("[3, 2]", True), ("[-3, -2]", False)])
def test_a_largest_value_is_asked_of_linprog_by_the_negative(c: str, wrong: bool) -> None:
    said = "I maximise 3x+2y with x+y<=4, x+3y<=6 and x >= 0. Is that right?\n\n"
    document = nabla.ask(said + LINEAR.format(c=c, rows="[[1, 1], [1, 3]]"))
    assert ("sign" in [finding["kind"] for finding in document.values["findings"]]) is wrong
    assert ("the value is 12" in document.answer.text) is wrong
    assert not [warning for warning in document.warnings if warning.code == "not-used"]


def test_the_value_with_the_other_cost_is_that_of_the_text() -> None:
    text = LINEAR.replace("b_ub=[4, 6]", "b_ub=[-4, -6]").format(c="[-3, -2]", rows="[[-1, -1], [-1, -3]]")
    document = nabla.run("descend", {"f": text, "told": "minimise 3*x + 2*y"})
    assert "With -c it ends at (0, 4), where the value is 8." in document.answer.text


def test_the_sign_of_a_row_is_told() -> None:
    said = "Minimise 3x+2y with x+y>=4, x+3y>=6.\n\n"
    document = nabla.ask(said + LINEAR.format(c="[3, 2]", rows="[[1, 1], [1, 3]]"))
    assert [finding["kind"] for finding in document.values["findings"]].count("sign") == 2
    assert "A_ub x <= b_ub" in document.answer.text


def test_every_call_is_in_the_sentence_where_they_end_differently() -> None:
    text = """from scipy.optimize import fsolve
f = lambda x: x**2 + 0.1 if x < 0 else x - 1
a = fsolve(f, 3.0)
b = fsolve(f, -2.0)
"""
    document = nabla.run("descend", {"f": text})
    assert "line 3 ended at (1), a root" in document.answer.text


def test_an_equation_that_is_told_is_that_of_the_program() -> None:
    text = PROGRAM.format(slack="v[0]*v[1] - 1").replace("'ineq'", "'eq'")
    document = nabla.run("descend", {"f": text, "told": "x*y = 1"})
    assert not [warning for warning in document.warnings if warning.code == "not-used"]
    document = nabla.run("descend", {"f": text, "told": "x*y = 2"})
    assert [warning.code for warning in document.warnings].count("not-used") == 1
