"""fit with data as sentences tell them: months, days, two units, points with letters, ranges; and forms of ours."""

from typing import Any

import numpy as np
import pytest

import nabla

X = np.array([1.0, 2, 3, 4, 5])
Y = np.array([2.0, 3.5, 5.2, 6.4, 8.1])
SLOPE = np.polyfit(X, Y, 1)[0]


def values(text: str) -> dict[str, Any]:
    document = nabla.ask(text)
    assert document.lab == "fit"
    return document.values


@pytest.mark.parametrize(
    "told",
    [
        "points A(1|2), B(2|3.5), C(3|5.2), D(4|6.4), E(5|8.1)",
        "loads 1 N, 2 N, 3 N, 4 N, 5 N give extensions 2.0 cm, 3.5 cm, 5.2 cm, 6.4 cm, 8.1 cm",
        "readings day 1: 2.0 m, day 2: 3.5 m, day 3: 5.2 m, day 4: 6.4 m, day 5: 8.1 m",
        "data x = 1:5; y = [2.0 3.5 5.2 6.4 8.1]",
        "heights Jan 2.0, Feb 3.5, Mar 5.2, Apr 6.4, May 8.1",
    ],
)
def test_a_line_is_fitted_to_data_in_a_sentence(told: str) -> None:
    assert values(f"Fit a line, what is its slope? My {told}.")["quantities"]["slope"]["value"] == pytest.approx(SLOPE)


@pytest.mark.parametrize("axis", ["a", "k", "c", "x", "dose"])
def test_forms_of_ours_keep_their_names_whatever_a_column_is_called(axis: str) -> None:
    t = np.arange(8.0)
    rows = "\n".join(f"{v:g} {4 * np.exp(-0.3 * v) + 1 + 0.01 * (-1) ** i:.4f}" for i, v in enumerate(t))
    found = values(f"Fit an exponential decay.\n{axis} y\n{rows}")["model"]["parameters"]
    assert found["k"] == pytest.approx(0.3, abs=0.02) and set(found) == {"a", "k", "c"}


def test_a_model_in_a_sentence_is_fitted_to_its_points_and_not_expanded() -> None:
    text = "Given the data [(0, 2.5), (1, 3.7), (2, 5.5), (3, 8.2), (4, 12.2)] and model y = c e^{kx}, find c and k."
    assert values(text)["model"]["parameters"]["k"] == pytest.approx(0.4, abs=0.01)


def test_a_call_of_r_takes_its_data_from_the_sentence_below() -> None:
    text = "lm(formula = dist ~ speed)\n\nwith\nspeed: 1 2 3 4 5\ndist: 2 3.5 5.2 6.4 8.1\nIs the intercept 0?"
    assert list(values(text)["model"]["parameters"].values())[1] == pytest.approx(SLOPE)


def test_a_step_response_is_no_decay_to_zero() -> None:
    t = np.arange(12)
    v = np.round(1 - np.exp(-t / 2), 3)
    text = f"t = {t.tolist()}\nv = {v.tolist()}\nstep response, what is the time constant of the first order system?"
    assert 1 / abs(values(text)["model"]["rate"]) == pytest.approx(2, abs=0.02)


@pytest.mark.parametrize(("claimed", "verdict"), [(6.28, "right"), (3.1, "wrong")])
def test_a_chi_square_is_judged(claimed: float, verdict: str) -> None:
    x, y = np.arange(1, 7), np.array([2.2, 3.8, 6.3, 7.9, 9.8, 12.2])
    rows = "\n".join(f"{a} {b} 0.2" for a, b in zip(x, y, strict=True))
    found = values(f"I get chi2 = {claimed} for a line with 4 dof. Right?\n\nx y dy\n{rows}")
    assert [claim["verdict"] for claim in found["claims"]] == [verdict]


def test_a_lag_of_an_autocorrelation_is_a_season() -> None:
    rng = np.random.default_rng(1)
    y = np.tile([10, 12, 8, 9, 15, 25, 28], 4) + rng.normal(size=28)
    found = values(f"Autocorrelation: is lag 7 significant in {', '.join(f'{v:.0f}' for v in y)}?")
    assert found["season"]["parts"] == 7


def test_half_an_hour_is_a_rate() -> None:
    t = np.arange(0, 24, 0.5)
    y = 2.1 + 1.4 * np.cos(2 * np.pi * (t - 3) / 12.42)
    found = values(f"tidal height every half hour [m]: {', '.join(f'{v:.2f}' for v in y)}. What is the period?")
    assert 1 / found["tones"][0]["frequency"] == pytest.approx(12.42, abs=0.05)


@pytest.mark.parametrize(
    "text",
    [
        "x = [1, 2, 3, 4, 5]; y = [2.0, 3.5, 5.2, 6.4, 8.1]. What is the slope of a line?",
        "Hooke's law: F (N) = 1, 2, 3, 4, 5 and d (cm) = 2.0, 3.5, 5.2, 6.4, 8.1. What is the slope in N/m?",
    ],
)
def test_no_list_of_a_sentence_is_lost_or_taken_for_a_form(text: str) -> None:
    assert values(text)["quantities"]["slope"]["value"] == pytest.approx(SLOPE)


def test_days_of_the_year_are_days() -> None:
    days = [1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335]
    hours = ", ".join(f"{12 - 4 * np.cos(2 * np.pi * (d + 10) / 365):.2f}" for d in days)
    document = nabla.ask(f"Sine for t = day of year {', '.join(map(str, days))}; hours {hours}")
    assert document.answer is not None and " d:" in document.answer.text


def test_a_dose_response_is_a_hill_curve() -> None:
    text = "Hill equation fit: dose 0.1 0.3 1 3 10 30 100; response 2 7 20 45 72 88 95. EC50?"
    assert values(text)["model"]["parameters"]["K"] == pytest.approx(3.6, abs=0.1)


def test_a_claimed_slope_of_four_points_is_judged() -> None:
    found = values("My slope is 2.0, ok? data (1,2.1),(2,4.0),(3,6.2),(4,7.9)")
    assert [claim["verdict"] for claim in found["claims"]] == ["right"]


def test_the_unit_of_time_in_a_sentence_is_that_of_the_first_column() -> None:
    rows = "\n".join(f"{v}\t{np.sin(2 * np.pi * v / 25):.3f}" for v in range(0, 100, 2))
    document = nabla.ask(f"Find the frequency (time in ms):\n{rows}")
    assert document.answer is not None and "kHz" in document.answer.text


def test_a_column_of_squares_has_its_name_and_unit() -> None:
    text = "pendulum: l (m): 0.2 0.4 0.6 0.8 1.0; T^2 (s^2): 0.81 1.61 2.43 3.20 4.04. What is the slope?"
    assert values(text)["quantities"]["slope"]["value"] == pytest.approx(4.025, abs=0.001)
