"""Functions that a text calls by a word, answers proposed behind a colon, numbers glued to functions."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

import nabla

x = sp.Symbol("x")
WORDS = ("loss", "cost", "Area", "sinc", "sigmoid", "erf", "swish", "J_cost", "profit")
BODIES = {"(x-3)^2": 2 * (x - 3), "sin(x)/x": sp.diff(sp.sin(x) / x, x), "x exp(-x)": (1 - x) * sp.exp(-x)}
ASKED = ("derivative of {}", "Let {}. Find the derivative.", "What is the derivative of {}?", "differentiate {}")


def asked(text: str) -> dict[str, Any]:
    return nabla.ask(text).values


def same(found: str, expected: sp.Expr) -> bool:
    local = {"x": x}
    difference = sp.sympify(found, locals=local) - expected
    return all(abs(complex(difference.subs(x, place).evalf(30))) < 1e-20 for place in (sp.Rational(7, 10), 2))


@pytest.mark.parametrize(("number", "word"), list(enumerate((*WORDS, "loss"))))
def test_a_function_may_be_called_by_a_word(number: int, word: str) -> None:
    how, body = ASKED[number % len(ASKED)], list(BODIES)[number % len(BODIES)]
    values = asked(how.format(f"{word}(x) = {body}"))
    assert values["question"]["unused"] == []
    assert same(values["derivative"], BODIES[body])


@pytest.mark.parametrize("name", [r"\operatorname{sinc}", r"\text{sinc}", r"\mathrm{sinc}"])
def test_a_word_in_latex_names_a_function_too(name: str) -> None:
    values = asked(rf"Differentiate ${name}(x) = \frac{{\sin x}}{{x}}$")
    assert same(values["derivative"], BODIES["sin(x)/x"])


def test_an_equation_in_a_known_function_stays_one() -> None:
    values = asked("Find dy/dx if sin(y) = x")
    assert "cos(y)" in values["derivative"]


@pytest.mark.parametrize(
    ("formula", "proposed", "verdict"),
    [("x^2 + 1", "2x", "right"), ("5^{\\sin x}", "5^{\\sin x} \\cos x", "wrong"), ("ln(cos x)", "-tan x", "right")],
)
@pytest.mark.parametrize("asking", ["derivative of {}: {}?", "d/dx of {} : {} ?"])
def test_a_formula_behind_a_colon_is_an_answer(formula: str, proposed: str, verdict: str, asking: str) -> None:
    (claim,) = asked(asking.format(formula, proposed))["claims"]
    assert claim["verdict"] == verdict


GLUED = {"ln": sp.log, "sqrt": sp.sqrt, "exp": sp.exp, "sin": sp.sin, "cos": sp.cos}


@pytest.mark.parametrize(("function", "number"), list(zip(GLUED, (3, 5, 12, 7, 2), strict=True)))
def test_a_number_glued_to_a_function_is_its_argument(function: str, number: int) -> None:
    value = GLUED[function](sp.Integer(number))
    assert same(asked(f"derivative of x^2 {function}{number}")["derivative"], 2 * x * value)
    assert same(asked(f"derivative of x^2/{function}{number}")["derivative"], 2 * x / value)


def test_a_logarithm_with_digits_has_them_for_its_base_before_an_argument() -> None:
    assert same(asked("derivative of log3 x")["derivative"], 1 / (x * sp.log(3)))
    assert same(asked("derivative of log3(x)")["derivative"], 1 / (x * sp.log(3)))
    assert same(asked("derivative of x log3")["derivative"], sp.log(3))


def test_a_claim_with_a_glued_logarithm_is_judged_as_it_was_meant() -> None:
    (claim,) = asked("what's the derivative of log_2(3x+1)? I say 3/((3x+1)ln2)")["claims"]
    assert claim["verdict"] == "right"


def test_a_method_named_beside_a_limit_does_not_take_its_place() -> None:
    values = asked("lim x->0 of (tan x - x)/x^3 ; l'hopital gives me 1/3, but taylor 2/3?")
    assert sp.sympify(values["limit"]) == sp.Rational(1, 3)


INVERSE = {"inverse sine": sp.asin, "inverse cosine": sp.acos, "inverse tangent": sp.atan, "arcsin": sp.asin}


@pytest.mark.parametrize(("name", "inner"), list(zip(INVERSE, ("x/3", "2x", "x^2", "x/2"), strict=True)))
def test_an_inverse_function_with_a_name_of_its_own_is_that_function(name: str, inner: str) -> None:
    expected = sp.diff(INVERSE[name](sp.sympify(inner.replace("^", "**").replace("2x", "2*x"))), x)
    found = sp.sympify(asked(f"Find the derivative of the {name} of {inner}.")["derivative"])
    assert abs(complex((found - expected).subs(x, sp.Rational(1, 5)).evalf(30))) < 1e-20


@pytest.mark.parametrize("kind", ["inverse trig functions", "inverse trigonometric functions", "the inverse sine"])
def test_the_derivative_of_a_kind_of_functions_is_not_that_of_an_inverse(kind: str) -> None:
    values = asked(f"How do I find the derivative of {kind} such as arcsin(2x)?")
    assert sp.simplify(sp.sympify(values["derivative"]).subs(x, 0)) == 2
