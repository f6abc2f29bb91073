"""The gallery: its questions, and that their answers say what the documents say."""

import re
from functools import cache

import pytest

import nabla
from nabla.gallery.examples import EXAMPLES, Example
from nabla.page.link import link

# The six questions that Nabla was made for come first.
FIRST = ["backprop", "decompose", "fit", "train", "backprop", "descend"]


@cache
def values(name: str) -> dict[str, object]:
    """The values of an example's document."""
    example = next(example for example in EXAMPLES if example.name == name)
    return nabla.run(example.lab, example.inputs).values


def test_names_and_questions_are_of_their_own() -> None:
    assert len(EXAMPLES) >= 30
    assert len({e.name for e in EXAMPLES}) == len({e.question for e in EXAMPLES}) == len(EXAMPLES)
    assert [e.lab for e in EXAMPLES[:6]] == FIRST
    assert {e.lab for e in EXAMPLES} == {"derive", "backprop", "fit", "descend", "train", "decompose"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_a_question_can_be_a_title_and_an_address(example: Example) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", example.name)
    assert example.question.endswith("?")
    assert len(example.question) <= 90
    assert example.answer.endswith((".", "$"))
    assert example.answer.count("$") % 2 == 0


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("gradient-16-not-8", ("grads", "w"), 16),
        ("gradient-of-a-mean", ("grads", "x", 0, 0), 4.5),
        ("gradient-of-a-broadcast-bias", ("grads", "b", 0), 3),
        ("gradients-add-up", ("grads", "w"), 12),
        ("relu-at-zero", ("grads", "x", 1), 0),
        ("quotient-rule", ("value",), -0.5),
        ("slope-of-a-circle", ("value",), -0.75),
        ("slope-of-a-curve", ("value",), 3),
        ("derivative-of-a-square", ("value",), 16),
        ("hessian-of-rosenbrock", ("value", 0, 0), 802),
        ("frequency-seen-through-sampling", ("tones", 0, "frequency"), 30),
        ("two-close-frequencies", ("tones", 1, "frequency"), 5.35),
        ("decaying-oscillation", ("tones", 0, "decay"), 2.5),
        ("uneven-sampling", ("tones", 0, "frequency"), 1 / 3.2),
        ("trend-and-season", ("trend", "coefficients", 1), 2.28 / 365.25),
    ],
)
def test_numbers_in_the_answers_are_those_of_the_documents(name: str, key: tuple[str | int, ...], value: float) -> None:
    found: object = values(name)
    for part in key:
        found = found[part]  # type: ignore[index]
    assert found == pytest.approx(value, rel=0.01)


def test_verdicts_in_the_answers_are_those_of_the_documents() -> None:
    def kinds(name: str) -> list[str]:
        check = values(name)["jacobian_check"]
        return [finding["kind"] for finding in check["findings"]]  # type: ignore[index]

    assert kinds("wrong-sign-in-my-gradient") == ["sign"]
    assert kinds("newton-cg-index-error") == ["zero-d"]
    assert values("is-it-only-noise")["tones"] == []
    assert values("forgotten-slope-of-the-sigmoid")["gradient_check"]["loss"] == "cross-entropy"  # type: ignore[index]
    assert values("sinusoids-instead-of-descent")["formula"] == "-5*sin(2*pi*10*x) + 4*cos(2*pi*5*x) + 2*sin(2*pi*3*x)"


def test_a_link_is_as_a_person_would_type_it() -> None:
    inputs = {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2", "detail": "normal"}
    assert link("derive", inputs) == "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2"
    assert link("derive", {"f": "sin(x)"}) == "#/derive?f=sin%28x%29"
