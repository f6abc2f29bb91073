"""Integrals and limits as in the tables of Abramowitz and Stegun, chapters 3 and 4, with numbers for letters; pieces.

The truth of an integral is mpmath's quadrature of the same integrand, that of a limit its value in the tables, that of
pieces the two equations worked out by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import pytest
import sympy as sp

import nabla
from nabla.answer.document import Check, Document

X = sp.Symbol("x", real=True)
Integrand = Callable[[Any], Any]


def asked(text: str) -> Document:
    document = nabla.ask(text)
    assert not [block for block in document.blocks if isinstance(block, Check) and block.verdict == "failed"]
    return document


INTEGRALS: list[tuple[str, Integrand]] = [
    ("1/(4 + x^2)", lambda x: 1 / (4 + x**2)),
    ("1/(9 - x^2)", lambda x: 1 / (9 - x**2)),
    ("1/sqrt(4 - x^2)", lambda x: 1 / mp.sqrt(4 - x**2)),
    ("1/sqrt(x^2 + 1)", lambda x: 1 / mp.sqrt(x**2 + 1)),
    ("x/(2x + 3)", lambda x: x / (2 * x + 3)),
    ("1/(x (x + 2))", lambda x: 1 / (x * (x + 2))),
    ("ln(x)", mp.log),
    ("x^3 ln(x)", lambda x: x**3 * mp.log(x)),
    ("ln(x)^2", lambda x: mp.log(x) ** 2),
    ("1/(x^2 + 2x + 5)", lambda x: 1 / (x**2 + 2 * x + 5)),
    ("x^2 e^(3x)", lambda x: x**2 * mp.exp(3 * x)),
    ("e^(2x) sin(3x)", lambda x: mp.exp(2 * x) * mp.sin(3 * x)),
    ("e^(2x) cos(3x)", lambda x: mp.exp(2 * x) * mp.cos(3 * x)),
    ("tan(x)", mp.tan),
    ("cot(x)", mp.cot),
    ("sec(x)", mp.sec),
    ("csc(x)", mp.csc),
    ("x sin(x)", lambda x: x * mp.sin(x)),
    ("x^2 cos(x)", lambda x: x**2 * mp.cos(x)),
    ("sin(x)^2", lambda x: mp.sin(x) ** 2),
    ("tan(x)^2", lambda x: mp.tan(x) ** 2),
    ("arcsin(x)", mp.asin),
    ("arctan(x)", mp.atan),
    ("x arctan(x)", lambda x: x * mp.atan(x)),
    ("sinh(x)", mp.sinh),
    ("tanh(x)", mp.tanh),
]
LOW, HIGH = 0.25, 0.75


@pytest.mark.parametrize(("text", "integrand"), INTEGRALS)
def test_an_antiderivative_has_the_differences_of_quadrature(text: str, integrand: Integrand) -> None:
    found = sp.sympify(asked(f"Find the integral of {text} dx").values["integral"], locals={"x": X})
    gap = (found.subs(X, HIGH) - found.subs(X, LOW)).evalf(20)
    assert float(gap) == pytest.approx(float(mp.quad(integrand, [LOW, HIGH])), rel=1e-10)


LIMITS = [
    ("sin(x)/x as x -> 0", 1),
    ("tan(x)/x as x -> 0", 1),
    ("x^2 ln(x) as x -> 0+", 0),
    ("ln(x)/x^(1/2) as x -> infinity", 0),
    ("x^3 e^(-x) as x -> infinity", 0),
    ("(1 + 2/x)^x as x -> infinity", sp.exp(2)),
]


@pytest.mark.parametrize(("text", "truth"), LIMITS)
def test_a_limit_is_that_of_the_tables(text: str, truth: sp.Expr) -> None:
    assert sp.sympify(asked(f"Find the limit of {text}").values["limit"]) == truth


# Two pieces that meet at a place, with a and b so that there is one tangent: worked out by hand.
JOINED = [
    ("x^2 if x < 1 else a x + b", {"a": 2, "b": -1}),
    ("x^3 if x < 2 else a x + b", {"a": 12, "b": -16}),
    ("a x + b if x < 0 else e^x", {"a": 1, "b": 1}),
    ("a x + b if x < 0 else sin(x)", {"a": 1, "b": 0}),
    ("a x + b if x < 0 else cos(x)", {"a": 0, "b": 1}),
    ("ln(x) if x >= 1 else a x + b", {"a": 1, "b": -1}),
    ("a x^2 + b if x < 1 else 1/x", {"a": sp.Rational(-1, 2), "b": sp.Rational(3, 2)}),
    ("a x^2 + b x if x < 2 else 4", {"a": -1, "b": 4}),
    ("a x^2 + b if x <= 3 else 6 x", {"a": 1, "b": 9}),
    ("sqrt(x) if x > 4 else a x + b", {"a": sp.Rational(1, 4), "b": 1}),
    ("x^2 - 1 if x < -1 else a x + b", {"a": -2, "b": -2}),
    ("a e^x + b if x < 0 else x^2 + x", {"a": 1, "b": -1}),
    ("a sin(x) + b if x < 0 else 3 x + 2", {"a": 3, "b": 2}),
    ("1/(x + 1) if x > 0 else a x + b", {"a": -1, "b": 1}),
    ("a x^3 + b if x < 1 else 3 x", {"a": 1, "b": 2}),
    ("a (x - 2)^2 + b if x < 1 else 2 - 2 x", {"a": 1, "b": -1}),
    ("e^(2x) if x < 0 else a x + b", {"a": 2, "b": 1}),
]


@pytest.mark.parametrize(("pieces", "truth"), JOINED)
def test_pieces_meet_without_a_corner_for_these_parameters(pieces: str, truth: dict[str, Any]) -> None:
    document = nabla.run("derive", {"f": pieces, "what": "parameters"})
    assert all(check.verdict == "passed" for check in document.checks)
    assert document.values["parameters"] == [{name: sp.sstr(sp.sympify(value)) for name, value in truth.items()}]
