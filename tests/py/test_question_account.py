"""Nothing of the mathematics of a text is lost: what is added to a text changes its answer, or is named as unread."""

import random
from contextlib import suppress

import pytest

from nabla.errors import UserError
from nabla.question.roles import read
from nabla.question.understand import understand

TEXTS = (
    "Differentiate 4x^3 cos(5x).",
    "Find the derivative of f(x) = (2x^2 - 5x)^3 at x = 3.",
    "What is the derivative of x^2 sin(x) with respect to x?",
    "Find dy/dx for x^2 + 3xy + y^2 = 11 at x = 1, y = 2",
    r"Differentiate $P(t) = \dfrac{640}{4+21e^{-0.35t}}$ with respect to $t$.",
    "x = 3t - t^3, y = 3t^2. Find dy/dx.",
    "y = 5^(2x). I get dy/dx = 2x*5^(2x-1), the book says 2 ln(5) 5^(2x).",
    "d/dx (x sin x)",
    "gradient of x^2*y + sin(z) at x=1, y=2, z=0",
    "derivative of ln(x)/x. I got 1/x^2, is it right?",
    "If y = sin(u) and u = x^3 - 4x, find dy/dx",
    "Find the Hessian of x^4 + x*y^2",
    "minimize (1-x)^2 + 2(y-x^2)^2 starting at (3, 2)",
    "Helmholtz decomposition of V = (x y, y^2)",
    r"\frac{d^2}{dx^2} e^{-x^2}",
    "Find f_x and f_y where f(x,y) = x^2 y/(x + y^2).",
    "directional derivative of x^2 y at (1,2) in the direction (3,4)",
    r"[math]y = (5x^2+1)^4[/math], find [math]\frac{dy}{dx}[/math]",
)
SHAPES = {"formula", "function", "definition", "equation", "claim", "applied", "vector"}


def account(text: str) -> tuple[object, ...]:
    """What a text comes to: its lab and inputs, its claims, and how much of it is unread or in doubt."""
    try:
        question = understand(text)
    except UserError as error:
        return error.code, error.message
    claims = [(claim.lines, claim.inputs) for claim in question.claims]
    return question.routed.lab, question.routed.inputs, claims, len(question.unused), question.routed.doubts


def places(text: str) -> list[tuple[int, str]]:
    """The ends of the formulas of a text, each with what stands before."""
    sides = [
        formula.island.sides[-1]
        for formula in read(text).formulas
        if formula.shape in SHAPES and formula.role != "request"
    ]
    ends = [side.start + len(text[side.start : side.end].rstrip()) for side in sides]
    return [(end, text[:end]) for end in ends]


def strays(choose: random.Random, before: str) -> list[str]:
    name, number = choose.choice("xyztkab"), choose.randrange(2, 10)
    found = [
        f" + {number}{name}", f" {name}", f"*{number}", "!", " + c", " + C", f" sin {name}", f" - {name}^{number}",
        f"/{name}", f" times {number}", f" , {name}^{number} + 1,",
    ]  # fmt: skip
    if before[-1] == ")" or before[-1].isalpha():
        found += ["'", f"_{number}"] if before[-1].isalpha() else ["'"]
    return found


def test_an_equation_that_an_answer_uses_is_no_unread_part() -> None:
    question = understand("maximize f(x,y,z)=xyz subject to x+y+z=12")
    assert {part.read: part.role for part in question.parts}["x+y+z=12"] == "condition"
    assert question.unused == ()


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_stray_changes_the_answer_or_is_named(text: str) -> None:
    choose = random.Random(text)
    as_it_is = account(text)
    for end, before in places(text):
        for stray in strays(choose, before):
            changed = f"{before}{stray}{text[end:]}"
            assert account(changed) != as_it_is, changed


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000, "x^" * 3000, "$" * 3000, "d/dx " * 2000, "f'" * 3000, "a b " * 3000, "|x " * 3000, "<" * 3000,
        r"\frac{" * 2000,
        "x = " * 3000, "1, " * 3000, "\\left(" * 2000, "`x` " * 2000, "∂" * 3000, "(x" * 2000 + ")" * 2000,
        "I get " * 3000,
    ],
    ids=range(16),
)  # fmt: skip
def test_hostile_texts_are_read(text: str) -> None:
    with suppress(UserError):
        understand(text)
