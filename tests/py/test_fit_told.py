"""What a text tells beside its numbers: the axis, the form by its name, what stays fixed, and what is wanted of it."""

from __future__ import annotations

from typing import Any

import pytest

import nabla

PAIRS = "(1,2),(2,3),(3,5),(4,4),(5,6)"


def quantity(text: str, name: str) -> Any:
    return nabla.ask(text).values["quantities"][name]["value"]


def parameters(text: str) -> dict[str, float]:
    return dict(nabla.ask(text).values["model"]["parameters"])


def test_an_axis_that_counts_stands_in_front_of_values_and_errors() -> None:
    """By weighted least squares: weights 1/errors², slope 1.9642, intercept 0.0767."""
    found = parameters("y = [2.1, 3.9, 6.2, 7.8, 10.1], x = 1..5, errors 0.1 0.1 0.2 0.2 0.3. slope with error?")
    assert found["a"] == pytest.approx(1.9642, abs=1e-3) and found["c"] == pytest.approx(0.0767, abs=1e-3)


def test_a_peak_by_its_name_is_no_sinusoid() -> None:
    text = (
        "resonance: f (Hz) 90 92 94 96 98 100 102 104 106 108 110; amplitude 0.12 0.17 0.26 0.45 0.85 1.18 0.82 0.44 "
        "0.27 0.17 0.12. Lorentzian: center, width (FWHM), Q?"
    )
    values = nabla.ask(text).values
    assert values["model"]["parameters"]["m"] == pytest.approx(99.95, abs=0.05)
    assert {"FWHM", "Q", "peak"} <= set(values["quantities"])


def test_a_place_that_is_zero_is_determined() -> None:
    """exp(-x²/2): the centre is 0, the full width 2 sqrt(2 ln 2)."""
    text = "gaussian fit: x -3 -2 -1 0 1 2 3, y 0.05 0.54 2.42 3.99 2.42 0.54 0.05. mu, sigma, FWHM"
    document = nabla.ask(text)
    assert document.answer is not None and "do not determine" not in document.answer.text
    assert document.values["quantities"]["FWHM"]["value"] == pytest.approx(2.355, abs=0.01)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (f"R² of the line through {PAIRS}?", "R2", 0.81),
        (f"correlation between the numbers of the line through {PAIRS}?", "correlation", 0.9),
        ("force 0.5, 1.0, 1.5, 2.0, 2.5 N gives extension 2.1, 3.9, 6.0, 8.1, 9.9 cm. Spring constant?",
         "spring constant", 1 / 3.96),
    ],
)  # fmt: skip
def test_quantities_of_a_line(text: str, name: str, value: float) -> None:
    assert quantity(text, name) == pytest.approx(value, rel=1e-3)


def test_the_period_of_a_pendulum_over_its_length_gives_g() -> None:
    text = "pendulum lengths L = 0.2, 0.4, 0.6, 0.8, 1.0 m periods T = 0.90, 1.27, 1.55, 1.80, 2.01 s. g?"
    assert parameters(text)["g"] == pytest.approx(9.78, abs=0.05)


def test_coffee_cools_to_the_room_that_is_told() -> None:
    text = "cooling coffee: minutes 0 5 10 15 20 25 30; temp 90 74.2 62.1 53 46 40.8 36.8; room 22. cooling constant?"
    found = parameters(text)
    assert set(found) == {"a", "k"} and found["k"] == pytest.approx(0.0517, abs=1e-3)


def test_an_unknown_is_read_back_from_a_calibration() -> None:
    text = (
        "calibration: conc 0 2 4 6 8 10 ppm; absorbance 0.01 0.21 0.40 0.62 0.79 1.01. "
        "unknown sample reads 0.50, concentration?"
    )
    assert nabla.ask(text).inputs["asked"] == "reach 0.50"


def test_a_preposition_is_no_name_of_a_column() -> None:
    document = nabla.ask("half-life: activity 800, 640, 512, 410, 328 at 0, 2, 4, 6, 8 h")
    assert document.answer is not None and "e^(- k t)" in document.answer.text


def test_the_same_form_with_a_constant_is_told_apart_from_the_one_asked_for() -> None:
    text = (
        "Logistic growth: day 0: 10, day 2: 22, day 4: 45, day 6: 83, day 8: 128, day 10: 165, day 12: 186, day 14: 195"
    )
    warnings = [warning.message for warning in nabla.ask(text).warnings if warning.code == "model-misfit"]
    assert warnings and all("with a constant added" in message for message in warnings)


def test_how_fast_something_doubles_is_answered_by_its_data() -> None:
    document = nabla.ask("Time (h): 0 1 2 3 4 5 6\nBacteria: 120 168 236 330 462 645 905\nHow fast do they double?")
    assert not [warning for warning in document.warnings if warning.code == "not-covered"]
