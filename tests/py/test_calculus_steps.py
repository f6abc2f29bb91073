"""The derivation in words: the seed example as it must read, and what holds for all of the table."""

import pytest

from nabla.answer.document import Step
from nabla.calculus.equality import check_derivation
from nabla.calculus.rules import differentiate
from nabla.calculus.simplify import simplified
from nabla.write.derivation import steps
from tests.py.derivative_table import entries, expression

LEVELS = ("expert", "normal", "novice")


def written(text: str, variable: str = "x") -> list[Step]:
    derivation = differentiate(expression(text), expression(variable))
    return steps(derivation, check_derivation(derivation), simplified(derivation.result))


def flat(shown: list[Step]) -> list[Step]:
    return [one for step in shown for one in (step, *flat(step.steps))]


def visible(shown: list[Step], level: str) -> int:
    return sum(LEVELS.index(step.detail) <= LEVELS.index(level) for step in flat(shown))


def test_the_seed_example_reads_as_in_a_book() -> None:
    chain, together = written("(w*x - y)**2", "w")
    d = r"\frac{\partial}{\partial w}"
    square, inner = r"\left(w x - y\right)^{2}", r"\left(w x - y\right)"
    assert chain.title == "Chain rule"
    assert chain.tex == rf"{d} {square} = 2 {inner} \cdot {d} {inner}"
    assert chain.where == ["u = w x - y"]
    assert chain.why.startswith("The outer function is $u^{2}$, the inner one is $u = w x - y$.")
    assert [(step.title, step.tex, step.detail) for step in chain.steps] == [
        ("Power rule", r"\frac{\mathrm{d}}{\mathrm{d} u} u^{2} = 2 u", "normal"),
        ("Sum rule", rf"{d} {inner} = {d} \left(w x\right) - {d} y = x", "normal"),
    ]
    assert together.tex == rf"{d} {square} = 2 {inner} \cdot x = 2 x {inner}"
    assert [visible([chain, together], level) for level in LEVELS] == [2, 4, 7]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (
            "x*exp(-x)",
            r"e^{- x} \cdot \frac{\mathrm{d}}{\mathrm{d} x} x + x \cdot \frac{\mathrm{d}}{\mathrm{d} x} e^{- x}",
        ),
        (
            "(2*x + 1)/(x**2 + 1)",
            r"\frac{\left(x^{2} + 1\right) \cdot \frac{\mathrm{d}}{\mathrm{d} x} \left(2 x + 1\right)"
            r" - \left(2 x + 1\right) \cdot \frac{\mathrm{d}}{\mathrm{d} x} \left(x^{2} + 1\right)}"
            r"{\left(x^{2} + 1\right)^{2}}",
        ),
        ("x**x", r"x^{x} \cdot \frac{\mathrm{d}}{\mathrm{d} x} \left(x \ln{\left(x \right)}\right)"),
        ("x**2 - 3*x", r"\frac{\mathrm{d}}{\mathrm{d} x} x^{2} - \frac{\mathrm{d}}{\mathrm{d} x} \left(3 x\right)"),
        (
            "Max(0, x**2)*1 + Max(0, x)",
            r"\frac{\mathrm{d}}{\mathrm{d} x} x^{2} + \frac{\mathrm{d}}{\mathrm{d} x} \max\left(0, x\right)",
        ),
        (
            "Max(0, x)",
            r"\begin{cases} \frac{\mathrm{d}}{\mathrm{d} x} x & \text{for}\: x > 0 \\ "
            r"\frac{\mathrm{d}}{\mathrm{d} x} 0 & \text{for}\: x < 0 \end{cases}",
        ),
    ],
)
def test_the_first_step_is_an_equality_with_open_derivatives(text: str, tex: str) -> None:
    assert written(text)[0].tex.partition(" = ")[2] == tex


def test_one_variable_has_an_upright_d_and_several_a_partial() -> None:
    assert r"\partial" not in written("sin(x)**2")[0].tex
    assert r"\mathrm{d}" not in written("sin(a*x)")[0].tex


def test_a_part_that_occurs_again_is_not_explained_again() -> None:
    texts = [step.why for step in flat(written("x*sin(x**2) + cos(sin(x**2))"))]
    assert texts.count("As found above.") == 1


def test_a_condition_is_said_where_it_arises() -> None:
    (step,) = written("log(x)")
    assert step.why.endswith("This holds where $x > 0$.")


def test_simplification_is_a_step_of_its_own() -> None:
    last = written("x*exp(-x)")[-1]
    assert (last.title, last.why) == ("Simplify", "Common factors are taken out.")
    assert last.tex == r"e^{- x} - x e^{- x} = \left(1 - x\right) e^{- x}"


@pytest.mark.parametrize(("group", "text", "variable"), entries())
def test_every_derivation_of_the_table_is_short_and_proven(group: str, text: str, variable: str) -> None:
    shown = written(text, variable)
    assert shown[0].detail == "expert"
    assert visible(shown, "expert") <= visible(shown, "normal") <= 12
    for step in flat(shown):
        assert " = " in step.tex
        assert step.check is not None
        assert step.check.verdict == "passed"
        assert step.title
        assert step.tex.count("{") == step.tex.count("}")
        assert "D{" not in step.tex
