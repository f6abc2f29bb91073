"""Related rates: equations with rates, and stories of the stock told in many ways, against worked-out values."""

from __future__ import annotations

import math

import pytest

import nabla
from nabla.question.stories import story_of

# Stories in our own words after the kinds of the usual textbooks, with the value worked out by hand.
STORIES = [
    ("A ladder 25 ft long leans on a house. Its foot slips away from the wall at 2 ft/s. How fast does the top come "
     "down when the foot is 7 ft from the wall?", -7 / 12),
    ("A 5 m ladder stands against a vertical wall. The top slides down at 0.3 m/s. How fast is the foot moving away "
     "from the wall when the top is 3 m above the ground?", 0.3 * 3 / 4),
    ("The bottom of a 13-foot ladder is pushed towards the wall at 1.2 ft per second. How fast does the top rise "
     "when the bottom is 5 ft from the wall?", 1.2 * 5 / 12),
    ("Air is pumped into a spherical balloon at 30 cm^3/s. How fast is the radius growing when the radius is 6 cm?",
     30 / (4 * math.pi * 36)),
    ("A spherical balloon loses air at 12 cubic inches per minute. How fast does the diameter shrink when the radius "
     "is 3 inches?", -2 * 12 / (4 * math.pi * 9)),
    ("A snowball melts; its volume decreases at 2 cm³/min. How fast is the surface area decreasing when the radius is "
     "4 cm?", -2 * 2 / 4),
    ("The radius of a circular oil spill grows at 3 m/min. How fast does its area grow when the radius is 40 m?",
     2 * math.pi * 40 * 3),
    ("Ripples run over a pond: the radius of the outer circle increases at 0.5 m/s. At what rate does the "
     "circumference increase?", math.pi),
    ("The area of a circular puddle shrinks at 8 cm^2/min. How fast is the radius changing when it is 5 cm?",
     -8 / (10 * math.pi)),
    ("A street lamp hangs 6 m above the ground. A child 1.2 m tall walks away from the lamp at 1.5 m/s. How fast does "
     "its shadow grow?", 1.5 * 1.2 / 4.8),
    ("Water runs into a conical tank, 10 ft high and with a radius of 4 ft at its top, at 5 ft^3/min. How fast does "
     "the water level rise when the water is 6 ft deep?", 5 / (math.pi * (0.4 * 6) ** 2)),
    ("A conical cup of height 12 cm and radius 5 cm leaks at 3 cm^3/s. How fast is the level falling when the depth "
     "is 4 cm?", -3 / (math.pi * (5 * 4 / 12) ** 2)),
    ("Water runs out of a conical tank of radius 2 m and height 5 m. How fast does the water level change when the "
     "flow-out is 3 m^3/min and the depth is 4 m?", -75 / (64 * math.pi)),
    ("Sand falls at 9 ft³/min onto a conical pile whose base diameter and height stay equal. How fast does the "
     "height grow when the pile is 6 ft high?", 9 / (math.pi * 9)),
    ("A cylindrical tank of radius 2 m is drained at 0.4 m^3/min. How fast does the water level fall?",
     -0.4 / (4 * math.pi)),
    ("The edge of a cube shrinks at 2 mm/s. How fast does its volume change when the edge is 30 mm?", -2 * 3 * 900),
    ("The length of a rectangle grows at 3 cm/s while its width shrinks at 2 cm/s. How fast does the area change when "
     "the length is 12 cm and the width is 8 cm?", 3 * 8 - 2 * 12),
    ("A plane flies horizontally at an altitude of 3 km with a speed of 600 km/h over a radar station. How fast is "
     "the distance to the station growing when it is 5 km away?", 600 * 4 / 5),
    ("Two cars leave a crossing at the same time, one north at 60 mph, the other east at 80 mph. How fast does the "
     "distance between them grow after 2 hours?", 100),
    ("From the same port one ship sails south at 12 km/h and another west at 5 km/h. How fast are they moving apart "
     "after 90 minutes?", 13),
    ("A ladder of 5 m stands at a wall. Its foot is pulled away at 20 cm/s. How fast does the top slide down when the "
     "foot is 3 m from the wall?", -20 / 100 * 3 / 4),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rate"), STORIES, ids=lambda value: str(value)[:30])
def test_stories(text: str, rate: float) -> None:
    """The model is written down, each letter named, and the rate follows; nothing of the text is left over."""
    document = nabla.ask(text)
    assert document.values["value"] == pytest.approx(rate)
    assert document.warnings == []
    assert {check.verdict for check in document.checks} == {"passed"}


@pytest.mark.parametrize(
    ("inputs", "rate"),
    [
        ({"f": "x^2 + y^2 = 100", "at": "x=6, y=8", "rates": "dy/dt = 2, dx/dt = ?"}, -8 / 3),
        ({"f": "P V = 24", "at": "V=6", "rates": "V' = -2, P' = ?"}, 4 / 3),
        ({"f": "tan(theta) = h/500", "at": "h=500", "rates": "h' = 140, theta' = ?"}, 0.14),
    ],
)
def test_equations_with_rates(inputs: dict[str, str], rate: float) -> None:
    """Values that the equations give are found; angles are small positive ones."""
    values = nabla.run("derive", {**inputs, "what": "rate"}).values
    assert values["value"] == pytest.approx(rate)


@pytest.mark.parametrize(
    "text",
    [
        "A ladder leans against a wall. How fast does the top come down?",
        "A ladder of 5 m and a rope of 3 m hang on a wall at 2 m/s. How fast is the foot moving when it is 4 m high?",
        "Differentiate x^2.",
        "How fast does gradient descent converge?",
    ],
)
def test_what_does_not_tell_all_is_no_story(text: str) -> None:
    """A number missing, or one that belongs to no letter: no model is guessed."""
    assert story_of(text) is None


def test_rates_that_do_not_follow_are_refused() -> None:
    """One equation with two unknown rates."""
    with pytest.raises(nabla.UserError):
        nabla.run("derive", {"f": "V = pi r^2 h", "what": "rate", "at": "r=1, h=2", "rates": "r' = 1, V' = ?"})
