"""By which letters a text differentiates, and which letters it leaves open as functions, as whole texts.

The truth is SymPy's own calculus on the same functions.
"""

from __future__ import annotations

from itertools import product

import pytest
import sympy as sp
from sympy.parsing.sympy_parser import convert_xor, implicit_multiplication, parse_expr, standard_transformations

import nabla
from nabla.answer.document import Check, Document

RULES = (*standard_transformations, implicit_multiplication, convert_xor)
NAMES = {name: sp.Symbol(name, real=True) for name in "a b c k x y z t r h D".split()}


def asked(text: str) -> Document:
    document = nabla.ask(text)
    failed = [block for block in document.blocks if isinstance(block, Check) and block.verdict == "failed"]
    assert not failed, failed
    return document


def value(text: str, open_letters: str = "") -> sp.Expr:
    functions = {name: sp.Function(name) for name in open_letters}
    return parse_expr(text, local_dict={**NAMES, **functions}, transformations=RULES)


MODELS = ["a x^2 + b x + c", "a exp(b x) + c", "c sin(a x) + b"]
LISTS = [
    ("with respect to {}, {} and {}", "abc"),
    ("wrt {}, {}, {}", "cba"),
    ("with respect to each parameter{0:.0}{1:.0}{2:.0}", "abc"),
    ("with respect to {}, {} and {} at x = 1", "bca"),
]


@pytest.mark.parametrize(("model", "words"), list(product(MODELS, LISTS)))
def test_a_list_of_letters_asks_for_the_derivative_by_each(model: str, words: tuple[str, str]) -> None:
    how, letters = words
    document = asked(f"Let f(x) = {model}. Find the derivative of f {how.format(*letters)}.")
    partials = document.values["partials"]
    assert set(partials) == set("abc")
    for letter in "abc":
        truth = sp.diff(value(model), NAMES[letter])
        assert sp.simplify(value(partials[letter]) - truth) == 0, letter


def test_what_stands_behind_a_list_of_letters_is_no_part_of_it() -> None:
    assert asked("partial derivative of x^2 y^3 with respect to x and y at (1,2)").values["value"] == [16, 12]
    held = asked("derivative of k^2 exp(-k t) with respect to k, t is fixed")
    assert sp.simplify(value(held.values["derivative"]) - sp.diff(value("k^2 exp(-k t)"), NAMES["k"])) == 0


@pytest.mark.parametrize("words", ["with respect to x and then y", "with respect to x and y, the mixed derivative"])
def test_a_mixed_derivative_is_one_that_is_called_so(words: str) -> None:
    document = asked(f"Differentiate x^2 y^3 {words}")
    assert sp.simplify(value(document.values["derivative"]) - value("6 x y^2")) == 0


OPEN = [
    ("(uv)'", "u v", "u(x) v(x)", "x"),
    ("d/dx (f/g)", "f g", "f(x)/g(x)", "x"),
    ("(u/v)''", "u v", "u(x)/v(x)", "x x"),
    ("derivative of ln(u) where u is a function of x", "u", "log(u(x))", "x"),
    ("y = u^2 v, u and v depend on x, find dy/dx", "u v", "u(x)^2 v(x)", "x"),
    ("d/dt (x^2 + y^2) where x and y are functions of t", "x y", "x(t)^2 + y(t)^2", "t"),
    ("V = pi r^2 h, r and h are functions of t. Find dV/dt.", "r h", "pi r(t)^2 h(t)", "t"),
    ("Differentiate x^2 y^3 with respect to t, x and y both functions of t", "x y", "x(t)^2 y(t)^3", "t"),
    ("(x^2 v)' where v is a differentiable function of x", "v", "x^2 v(x)", "x"),
]


@pytest.mark.parametrize(("text", "letters", "function", "by"), OPEN)
def test_letters_that_are_functions_are_differentiated_as_such(text: str, letters: str, function: str, by: str) -> None:
    document = asked(text)
    truth = sp.diff(value(function, letters.replace(" ", "")), *(NAMES[name] for name in by.split()))
    found = value(document.values["derivative"], letters.replace(" ", ""))
    assert sp.simplify(found.doit() - truth) == 0
    assert not [warning.message for warning in document.warnings]


FUNCTIONS = ["ln(x)/x^3", "x^2 sin(x)", "x^3", "exp(x)/x"]


@pytest.mark.parametrize(
    ("sign", "f"), list(product(["D({})", "Compute D[{}]", "D_x ({})", "What is D({})?"], FUNCTIONS))
)
def test_a_d_before_the_only_bracket_is_the_sign_of_a_derivative(sign: str, f: str) -> None:
    document = asked(sign.format(f))
    assert sp.simplify(value(document.values["derivative"]) - sp.diff(value(f), NAMES["x"])) == 0


@pytest.mark.parametrize("text", ["J = D(c^2 - 1), dJ/dc", "D(c^2 - 1)/c derivative by c", "2 D(c^2 - 1), d/dc of it"])
def test_a_d_that_is_a_factor_stays_one(text: str) -> None:
    assert "D" in asked(text).values["derivative"]


@pytest.mark.parametrize("words", ["instead of", "and not", "rather than"])
@pytest.mark.parametrize("why", ["Why is", "why", "Can someone explain why"])
def test_what_a_text_wonders_at_is_not_the_askers_answer(why: str, words: str) -> None:
    document = asked(f"{why} d/dx ln(5x) = 1/x {words} 1/(5x)?")
    assert [(claim["whose"], claim["verdict"]) for claim in document.values["claims"]] == [
        ("rival", "right"),
        ("asker", "wrong"),
    ]
    assert document.answer is not None
    assert "1/(5 x) lacks the factor 5" in document.answer.text


def test_a_derivative_that_is_called_wrong_stays_the_askers() -> None:
    assert asked("Why is d/dx x^2 = 3x wrong?").values["claims"][0]["whose"] == "asker"


# Integrals over the whole line.

WHOLE = [
    (r"\int_{\mathbb{R}} e^{-x^2} dx", sp.sqrt(sp.pi)),
    ("∫_ℝ e^(-x^2) dx", sp.sqrt(sp.pi)),
    ("integrate 1/(1+x^2) over the real line", sp.pi),
    ("∫ x^2 e^(-x^2) dx over all real numbers", sp.sqrt(sp.pi) / 2),
    ("∫ e^x dx from -infinity to 0", 1),
    ("integral of sin x over R", None),
    ("∫ cos(x) dx from 0 to infinity", None),
    ("integral of x sin(x) from 0 to infinity", None),
    ("∫ sin x dx from -infinity to 0", None),
]


@pytest.mark.parametrize(("text", "truth"), WHOLE)
def test_an_integral_over_the_whole_line_has_its_ends(text: str, truth: sp.Expr | None) -> None:
    document = asked(text)
    if truth is None:
        assert document.values["integral"] == "diverges"
    else:
        assert document.values["value"] == pytest.approx(float(truth), rel=1e-12)


@pytest.mark.parametrize("f", ["x^2 + x", "1/x", "sqrt(x)", "x^3 - 2 x"])
@pytest.mark.parametrize("words", ["Find f'(3) for f(x) = {} with the definition of the derivative", "By the limit "
                         "definition find the derivative of f(x) = {} at x = 3"])  # fmt: skip
def test_the_definition_gives_the_value_at_the_place_that_is_asked_for(words: str, f: str) -> None:
    truth = sp.diff(value(f), NAMES["x"]).subs(NAMES["x"], 3)
    assert asked(words.format(f)).values["value"] == pytest.approx(float(truth), rel=1e-12)
