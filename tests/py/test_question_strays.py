"""A stray term, factor, prime, factorial or constant in a text: what is answered changes, or the stray is named."""

import random

import pytest

import nabla
from nabla.errors import UserError
from nabla.question.understand import understand

# Frames of questions and the delimiters of their formulas; @ stands for the formula, its whole.
FRAMES = [
    "Differentiate @", "What is the derivative of @ with respect to x?", "Find f'(x) for f(x) = @.", "d/dx of @",
    "I need dy/dx when y = @, at x = 2.", "@ at x = 3", "I got 2x for the derivative of @. Is that right?",
    "derivative of @ wrt x\n\nThanks in advance", "Let f(x) = @. Compute f''(x).", "find the tangent of y = @ at x = 1",
]  # fmt: skip
FORMULAS = [
    "x^2 + 3x", "sin(2x)", "x e^{2x}", "(2x + 1)^5", "\\frac{x}{x^2 + 1}", "3x^2 - 2x + 1", "\\ln(x^2 + 1)",
    "x^3/(x + 2)", "sqrt(1 + x^2)", "5x sin(x)", "e^{-x^2}", "cos(x)^2",
]  # fmt: skip
MARKS = [("", ""), ("$", "$"), ("\\(", "\\)"), ("$$", "$$"), ("`", "`"), ("[math]", "[/math]")]
# What is added right behind the formula; inside of its delimiters, or outside.
BEHIND = [" + 7", " - 3x", " + 5k", "/3", "^3", " + c", " + sin(x)", " * 4", "'", "!"]
BEFORE = ["7*", "9 ", "13*", "-", "sin "]


def understood(text: str) -> object:
    """All that the answer rests on, and all that it names as left over."""
    try:
        question = understand(text)
    except UserError as error:
        return error.code, error.message
    unused = [text[a:b] for a, b in question.unused]
    further = [sorted(filled.inputs.items()) for filled in question.routed.further]
    claims = [claim.text for claim in question.claims]
    return question.routed.lab, question.routed.inputs, claims, unused, question.routed.doubts, further


def drawn(draw: random.Random) -> tuple[str, str]:
    """A text, and the same with one stray in it."""
    frame, formula, (opened, closed) = draw.choice(FRAMES), draw.choice(FORMULAS), draw.choice(MARKS)
    inside, before = draw.random() < 0.7 or frame[0] == "@", draw.random() < 0.3  # 9 $x^2$ may be the ninth exercise
    stray = draw.choice(BEFORE if before else BEHIND)
    if not inside and stray in ("!", "/3", "^3", "-"):
        inside = True  # outside, a mark of the sentence
    if before and opened == "" and stray == "-":
        stray = "7*"
    if inside:
        changed = opened + (stray + formula if before else formula + stray) + closed
    else:
        changed = stray + opened + formula + closed if before else opened + formula + closed + stray
    return frame.replace("@", opened + formula + closed), frame.replace("@", changed)


@pytest.mark.parametrize("seed", range(10))
def test_no_stray_is_silently_left_out(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(50):
        text, changed = drawn(draw)
        assert understood(text) != understood(changed), changed


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("derivative of 5$x^2$", "5"),
        ("derivative of sin $x^2$", "sin"),
        ("differentiate $x^2$ + 7.", "+ 7"),
        ("derivative of `x^2` / 5", "/ 5"),
        ("derivative of -$x^2$", "-"),
        ("$f(x)=x^2$'", "'"),
        ("Is F = (x, y) conservative? Check ∂P/∂y = ∂Q/∂x + 7.", "∂P/∂y = ∂Q/∂x + 7"),
        ("The stream function is ψ = 3x - 2y (u = ∂ψ/∂y + 5k). Is it irrotational?", "u = ∂ψ/∂y + 5k"),
    ],
)
def test_what_stands_against_a_formula_is_named(text: str, named: str) -> None:
    question = understand(text)
    assert named in [text[a:b] for a, b in question.unused]


@pytest.mark.parametrize(
    "text",
    [
        "Find the derivative of $x^2$ - it should be easy.",
        "Find f'(x) for f(x) = $x^2$",
        "Is F = (x, y) conservative? Check ∂P/∂y = ∂Q/∂x.",
        "differentiate $x^2$, then stop",
        "f(x) = sin(x)/x for x ≠ 0, find f'(x)",
    ],
)
def test_words_and_marks_of_a_sentence_are_no_strays(text: str) -> None:
    assert not understand(text).unused


def test_orders_above_and_below_the_line_must_agree() -> None:
    for text in ("d(x^2)/dx^3", "d(sin x)/dx^2"):
        with pytest.raises(UserError):
            nabla.ask(text)


@pytest.mark.parametrize(("text", "lost"), [("x^2 +* 3", "+* 3"), ("x^2 +", "+"), ("derivative of x^3 - * x", "- * x")])
def test_an_operator_without_its_operand_is_named(text: str, lost: str) -> None:
    assert lost in {text[a:b] for a, b in understand(text).unused}
