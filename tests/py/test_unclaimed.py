"""Formulas that no words call an answer: what proves to be the derivative is one, what does not is named as unread."""

from __future__ import annotations

import pytest

import nabla

FORMS = {
    "x^2 sin x": ("2x sin x + x^2 cos x", "2x cos x"),
    "ln(1+x^2)": ("2x/(1+x^2)", "1/(1+x^2)"),
    "sin(3x)": ("3cos(3x)", "cos(3x)"),
    "1/(1+x)": ("-1/(1+x)^2", "1/(1+x)^2"),
}
FRAMES = [
    "Differentiate {f}. Source one: {g}",
    "Find the derivative of {f}\n\n{g}\n\nThank you",
    "derivative of {f} and {g}",
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("f", FORMS)
def test_what_is_the_derivative_is_an_answer_whatever_is_said_of_it(frame: str, f: str) -> None:
    document = nabla.ask(frame.format(f=f, g=FORMS[f][0]))
    assert [claim["verdict"] for claim in document.values["claims"]] == ["right"]
    assert document.values["question"]["unused"] == [] and "is right" in document.answer.text


@pytest.mark.parametrize("frame", FRAMES[:2])
@pytest.mark.parametrize("f", FORMS)
def test_a_known_mistake_in_its_own_line_is_an_answer(frame: str, f: str) -> None:
    document = nabla.ask(frame.format(f=f, g=FORMS[f][1]))
    assert [claim["verdict"] for claim in document.values["claims"]] == ["wrong"]


@pytest.mark.parametrize("other", ["x^5 - 7", "cos(x)^3", "b x^2 + 1"])
@pytest.mark.parametrize("frame", FRAMES)
def test_what_nothing_explains_is_no_answer(frame: str, other: str) -> None:
    document = nabla.ask(frame.format(f="x^2 sin x", g=other))
    assert "claims" not in document.values
    assert other in "".join(part["text"] for part in document.values["question"]["unused"])


def test_answers_to_further_questions_are_in_the_sentence() -> None:
    text = nabla.ask("Let y = ln(x)/x. Find dy/dx and show that y'' = (2ln(x) - 3)/x^3").answer.text
    assert "Your y'' = (2 ln(x) - 3)/x³ is right." in text
