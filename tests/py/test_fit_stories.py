"""fit with growth and decay that are told in words: two states or a rule, and what is asked of the curve."""

from math import exp, log

import numpy as np
import pytest

import nabla


def quantities(text: str) -> dict[str, float]:
    document = nabla.ask(text)
    assert document.lab == "fit"
    return {name: told["value"] for name, told in document.values.get("quantities", {}).items()}


@pytest.mark.parametrize("seed", range(12))
def test_two_states_tell_the_curve(seed: int) -> None:
    """First and last amount, the time between them, and a third amount or time: against the closed form."""
    rng = np.random.default_rng(seed)
    first, last, length = (round(float(v), 1) for v in (rng.uniform(20, 90), rng.uniform(100, 900), rng.uniform(2, 9)))
    unit = str(rng.choice(["h", "hours", "days", "minutes", "years"]))
    rate = log(last / first) / length
    wanted, later = round(last * float(rng.uniform(1.2, 4)), 0), round(length * float(rng.uniform(1.5, 3)), 1)
    asked = f"When does it reach {wanted:.0f}?", f"How much is there after {later} {unit}?"
    stories = (
        f"It grows exponentially: {first} at 0 {unit} and {last} at {length} {unit}.",
        f"Exponential growth. At 0 {unit} there are {first}, at {length} {unit} {last}.",
        f"The culture grows exponentially from {first} to {last} in {length} {unit}.",
        f"Bacteria: {first} initially, {last} after {length} {unit}, exponential growth.",
    )
    story = stories[seed % len(stories)]
    assert quantities(f"{story} {asked[0]}")[f"reach {wanted:g}"] == pytest.approx(log(wanted / first) / rate, rel=1e-6)
    assert quantities(f"{story} {asked[1]}")[f"at {later:g}"] == pytest.approx(first * exp(rate * later), rel=1e-6)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("A sample decays from 200 g to 50 g in 12 days. Find the half-life.", "half-life", 6.0),
        ("Carbon-14 has a half-life of 5730 years. A bone has 30 % of its C-14 left. How old is it?", "reach 30",
         5730 * log(1 / 0.3) / log(2)),
        ("Bacteria double every 3 hours. Starting with 500, how many are there after 10 hours?", "at 10",
         500 * 2 ** (10 / 3)),
        ("Yeast doubles every 90 minutes. How long until 1000 cells have become 64000?", "reach 64000", 540.0),
        ("Coffee at 90 °C stands in a room at 20 °C and cools. After 10 minutes it is at 70 °C. When is it at 40 °C?",
         "reach 40", 10 * log(70 / 20) / log(70 / 50)),
        ("Population was 2.5 million in 1990 and 3.1 million in 2000. With exponential growth, how many in 2020?",
         "at 2020", 2.5e6 * (3.1 / 2.5) ** 3),
        ("A town of 200,000 people grows by 3 % a year. When will it have 300,000?", "reach 300000",
         log(1.5) / log(1.03)),
        ("How long does it take 1000 to double at 5 % interest, compounded continuously?", "reach 2000",
         log(2) / 0.05),
        ("A car loses 15 % every year. It cost 24000 when new. What is it worth after 5 years?", "at 5",
         24000 * 0.85**5),
    ],
)  # fmt: skip
def test_rules_and_surroundings(text: str, name: str, value: float) -> None:
    found = quantities(text)
    if name in LENGTHS:  # told of every decay
        found[name] = log(2) / abs(nabla.ask(text).values["model"]["rate"])
    assert found[name] == pytest.approx(value, rel=1e-6)


LENGTHS = ("half-life", "doubling time")


@pytest.mark.parametrize(
    "text",
    [
        "The temperature of a bar cools exponentially; differentiate T = 20 + 70e^{-0.1t}",
        "The population doubles. What is the derivative of 3x^2?",
        "It grows linearly from 100 to 400 in 3 hours. When is it 1600?",
    ],
)
def test_other_questions_are_no_stories_of_growth(text: str) -> None:
    try:
        document = nabla.ask(text)
    except nabla.UserError:
        return
    assert document.lab != "fit"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("The half-life of caffeine is 5 h. I drank 200 mg at 8:00. How much is left at 22:00?", "at 22",
         200 * 0.5 ** (14 / 5)),
        ("Radioactive decay: 25 % of it is left after 36 days. When is 10 % left?", "reach 10", 36 * log(10) / log(4)),
    ],
)  # fmt: skip
def test_clock_times_and_shares_are_read(text: str, name: str, value: float) -> None:
    assert quantities(text)[name] == pytest.approx(value, rel=1e-6)
