"""Functions of a complex variable: analytic or not, and their derivatives.

The truth is Python's complex arithmetic: values and difference quotients of the same function, written in `cmath`.
"""

from __future__ import annotations

import cmath
import random
from collections.abc import Callable

import pytest
import sympy as sp

import nabla
from nabla.answer.document import Check, Document
from nabla.read.complex import read_complex

Z = sp.Symbol("z")
PLACES = (0.3 + 0.8j, -1.2 + 0.5j, 0.9 - 0.7j)
Function = Callable[[complex], complex]

# The text of a function, the same in Python, and where it has a derivative: everywhere, nowhere or at the places told.
FUNCTIONS: list[tuple[str, Function, str]] = [
    ("z^3 - 2 i z", lambda z: z**3 - 2j * z, "everywhere"),
    ("z^2 e^(i z)", lambda z: z**2 * cmath.exp(1j * z), "everywhere"),
    ("1/(z^2 + 1)", lambda z: 1 / (z**2 + 1), "everywhere"),
    ("(z + i)/(z - i)", lambda z: (z + 1j) / (z - 1j), "everywhere"),
    ("sin(z)", cmath.sin, "everywhere"),
    ("ln(z)", cmath.log, "off its branch cut"),
    ("sqrt(z)", cmath.sqrt, "off its branch cut"),
    ("|z|^2", lambda z: abs(z) ** 2, "only where z = 0"),
    ("conj(z)", lambda z: z.conjugate(), "nowhere"),
    ("Re(z)", lambda z: z.real, "nowhere"),
    ("|z|", abs, "nowhere"),
    ("z Re(z)", lambda z: z * z.real, "only where z = 0"),
    ("zbar^2", lambda z: z.conjugate() ** 2, "only where z = 0"),
    ("z zbar^2", lambda z: z * z.conjugate() ** 2, "only where z = 0"),
    ("Im(z)^2", lambda z: z.imag**2, "only where y = 0"),
]


def asked(text: str) -> Document:
    document = nabla.ask(text)
    assert not [block for block in document.blocks if isinstance(block, Check) and block.verdict == "failed"]
    assert document.answer is not None
    return document


def value(text: str, place: complex) -> complex:
    return complex(sp.sympify(text, locals={"z": Z}).subs(Z, place))


def wirtinger(f: Function, place: complex) -> tuple[complex, complex]:
    """Both derivatives by central differences along x and y."""
    step = 1e-6
    by_x, by_y = ((f(place + step * d) - f(place - step * d)) / (2 * step) for d in (1, 1j))
    return (by_x - 1j * by_y) / 2, (by_x + 1j * by_y) / 2


@pytest.mark.parametrize(("text", "f", "where"), FUNCTIONS)
def test_a_function_is_analytic_where_its_difference_quotients_are_one(text: str, f: Function, where: str) -> None:
    document = asked(f"Is f(z) = {text} analytic?")
    for place in PLACES:
        by_z, by_bar = wirtinger(f, place)
        assert value(document.values["by_z"], place) == pytest.approx(by_z, rel=1e-7, abs=1e-7)
        assert value(document.values["by_conjugate"], place) == pytest.approx(by_bar, rel=1e-7, abs=1e-7)
    told = where in ("everywhere", "off its branch cut")
    assert document.values["analytic"] is told
    assert ("wherever it is defined" if where == "everywhere" else where) in document.answer.text


@pytest.mark.parametrize("seed", range(6))
def test_a_polynomial_of_z_and_its_conjugate_is_analytic_without_the_conjugate_alone(seed: int) -> None:
    draw = random.Random(seed)
    terms = [(draw.randint(1, 3), draw.randint(0, 2) + (i == 0), draw.choice([0, 0, 1])) for i in range(2)]
    text = " + ".join(f"{a} z^{n} zbar^{m}" for a, n, m in terms)
    document = asked(f"Find d/dz of f(z) = {text}, z complex")
    assert document.values["analytic"] is not any(m for _, _, m in terms)
    for place in PLACES:
        by_z, _ = wirtinger(lambda z: sum(a * z**n * z.conjugate() ** m for a, n, m in terms), place)
        assert value(document.values["by_z"], place) == pytest.approx(by_z, rel=1e-7, abs=1e-7)


PARTS = [
    ("x^2 - y^2", "2xy", True),
    ("x^3 - 3xy^2", "3x^2y - y^3", True),
    ("e^x cos(y)", "e^x sin(y)", True),
    ("x^2 + y^2", "2xy", False),
    ("2xy", "x^2 - y^2", False),
    ("x", "-y", False),
]


WORDS = [
    "Check the Cauchy-Riemann equations for u = {u}, v = {v}",
    "f = u + iv with u = {u} and v = {v}. Is f holomorphic?",
]


@pytest.mark.parametrize(("u", "v", "analytic", "words"), [(*part, WORDS[i % 2]) for i, part in enumerate(PARTS)])
def test_the_two_equations_decide_about_parts(u: str, v: str, analytic: bool, words: str) -> None:
    assert asked(words.format(u=u, v=v)).values["analytic"] is analytic


def test_the_imaginary_unit_in_a_product_of_letters_is_read() -> None:
    assert asked("f(z) = x^2 - y^2 + 2ixy, is it analytic?").values["analytic"] is True
    assert asked("f(z) = x^2 + y^2 + 2ixy, is it analytic?").values["analytic"] is False


@pytest.mark.parametrize(
    ("answer", "verdict"), [("-2i/(z-i)^2", "right"), ("2i/(z-i)^2", "wrong"), ("-2/(z-i)^2", "wrong")]
)
def test_an_answer_is_judged_at_complex_places(answer: str, verdict: str) -> None:
    document = asked(f"Find f'(z) for the complex function f(z) = (z+i)/(z-i). I got {answer}")
    assert [claim["verdict"] for claim in document.values["claims"]] == [verdict]


def test_the_value_at_a_complex_place() -> None:
    document = asked("Let z be complex. Find the derivative of 1/(z^2+1) at z = i/2")
    z = 0.5j
    assert complex(sp.sympify(document.values["value"])) == pytest.approx(-2 * z / (z**2 + 1) ** 2)


def test_one_part_alone_is_named_as_not_covered() -> None:
    document = asked("u = x^2 - y^2, is it the real part of an analytic function?")
    assert "not-covered" in [warning.code for warning in document.warnings]


@pytest.mark.parametrize("text", ["conj(z) + 1", r"\bar{z} + 1", r"\overline{z} + 1", "zbar + 1", "z_bar + 1"])
def test_the_ways_of_writing_a_conjugate(text: str) -> None:
    assert read_complex(text).expr == sp.conjugate(Z) + 1
