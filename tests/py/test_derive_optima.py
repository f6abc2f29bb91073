"""Optimisation: stories told in many ways against closed forms, equations with their letters, what is none."""

from __future__ import annotations

import pytest
import sympy as sp

import nabla
from nabla.question.optima import optimum_of
from nabla.question.roles import read
from tests.py.optima_stories import STORIES


@pytest.mark.parametrize(("text", "value", "letters"), STORIES, ids=[story[0][:40] for story in STORIES])
def test_stories(text: str, value: float, letters: dict[str, float]) -> None:
    """The model is written down with its letters, and the value is the one worked out; nothing is left over."""
    document = nabla.ask(text)
    assert document.values["value"] == pytest.approx(value, rel=1e-9)
    (found,) = document.values["extrema"]
    for name, number in letters.items():
        assert float(sp.sympify(found["at"][name])) == pytest.approx(number, rel=1e-9)
    assert document.warnings == []
    assert {check.verdict for check in document.checks} == {"passed"}


@pytest.mark.parametrize(
    "text",
    [
        "What is the largest volume that a pyramid can have with a surface of 100 m^2?",
        "A fence costs $10/ft at the road, $2/ft behind and $7/ft at the sides. Which field for $700 is largest?",
        "A cylinder is inscribed in a sphere of radius r. Find the largest possible volume.",
        "A rectangular field along a river needs a fence of 100 m and a gate of 3 m. What is the largest area?",
        "A box with a square base has a volume of 50 cm^3 and a surface of 90 cm^2. Find the smallest height.",
        "Two sheets of 20 cm and 30 cm are cut at the corners into squares of 3 cm. What is the maximum volume?",
    ],
)
def test_what_is_no_story_of_the_stock_is_not_guessed(text: str) -> None:
    """A quantity more than the shape has, a number that is a letter, a shape that is not there."""
    assert optimum_of(read(text)) is None


@pytest.mark.parametrize(
    ("inputs", "value", "kind"),
    [
        ({"f": "A = x y", "constraint": "2x + y = 100", "domain": "x >= 0, y >= 0"}, 1250, "maximum"),
        ({"f": "x + 4/x", "domain": "x > 0", "what": "least"}, 4, "minimum"),
        ({"f": "x^2 + y^2", "constraint": "x + y = 2", "what": "least"}, 2, "minimum"),
        ({"f": "x^3 - 3x", "domain": "0 <= x <= 3"}, 18, "maximum at an end"),
    ],
)
def test_equations(inputs: dict[str, str], value: float, kind: str) -> None:
    """The same with equations typed; an end of the interval may be the place."""
    document = nabla.run("derive", {"what": "greatest", **inputs})
    (found,) = document.values["extrema"]
    assert found["kind"] == kind
    assert document.values["value"] == pytest.approx(value)
    assert {check.verdict for check in document.checks} == {"passed"}


def test_a_quantity_without_an_end_has_no_greatest_value() -> None:
    """x + 4/x grows without end; that is said, and no value given."""
    document = nabla.run("derive", {"f": "x + 4/x", "domain": "x > 0", "what": "greatest"})
    assert document.values["extrema"] == []
    assert "value" not in document.values
    assert document.answer is not None
    assert "There is no greatest" in document.answer.text
