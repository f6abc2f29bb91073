"""fit as strangers put it: points in a line, lists with units, printed numbers, the asker's curve and its R²."""

from typing import Any

import numpy as np
import pytest

import nabla

X = np.arange(6.0)
Y = np.array([3.1, 4.9, 7.0, 8.9, 11.1, 12.8])
SLOPE, INTERCEPT = np.polyfit(X, Y, 1)
R2 = float(np.corrcoef(X, Y)[0, 1] ** 2)
POINTS = [f"({a:g}, {b:g})" for a, b in zip(X, Y, strict=True)]
LAYOUTS = (
    " ".join(POINTS),
    ", ".join(POINTS),
    f"{', '.join(POINTS[:-1])} and {POINTS[-1]}",
    "; ".join(f"[{a:g}; {b:g}]" for a, b in zip(X, Y, strict=True)),
    f"time (s): {', '.join(f'{a:g}' for a in X)}\nheight (m): {', '.join(f'{b:g}' for b in Y)}",
    "\n".join(["\t".join(["t [s]", *map(str, X)]), "\t".join(["h [m]", *map(str, Y)])]),
    f"x = {[np.float64(a) for a in X]}\ny = {[float(b) for b in Y]}",
    f"Temperature: {', '.join(f'{a:g}' for a in X)}\nResistance: {', '.join(f'{b:g}' for b in Y)}",
    f"[S] (mM): {', '.join(f'{a:g}' for a in X)}\nv: {', '.join(f'{b:g}' for b in Y)}",
)


def values(text: str) -> dict[str, Any]:
    document = nabla.ask(text)
    assert document.lab == "fit"
    return document.values


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_layout_loses_a_number_or_swaps_the_columns(layout: str) -> None:
    found = values(f"Fit a straight line. What are the slope and the intercept?\n\n{layout}\n")
    assert found["n"] == X.size
    assert found["quantities"]["slope"]["value"] == pytest.approx(SLOPE)
    assert found["quantities"]["intercept"]["value"] == pytest.approx(INTERCEPT)


@pytest.mark.parametrize(("claimed", "verdict"), [(f"{R2:.4f}", "right"), ("0.9914", "wrong")])
def test_a_curve_and_its_r2_are_judged_and_no_coefficient_is_a_place(claimed: str, verdict: str) -> None:
    text = f"Excel says y = {SLOPE:.4f}x + {INTERCEPT:.4f} with R² = {claimed}. Is that right?\n{LAYOUTS[0]}"
    found = values(text)
    assert [claim["verdict"] for claim in found["claims"]] == ["right", verdict]
    assert not any(name.startswith(("at", "reach")) for name in found.get("quantities", {}))


def test_all_parameters_of_a_named_form_are_judged() -> None:
    s = np.array([0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    v = ", ".join(f"{10 * a / (4 + a):.3f}" for a in s)
    text = f"Michaelis-Menten: I get Vmax = 10.0 and Km = 5.1, ok?\n[S] (mM): {', '.join(map(str, s))}\nv: {v}"
    assert [claim["verdict"] for claim in values(text)["claims"]] == ["right", "wrong"]


@pytest.mark.parametrize(
    ("rate", "step"), [("50 samples/s", 0.02), ("every 20 ms", 0.02), ("50 readings per second", 0.02)]
)
def test_a_pulse_is_told_in_beats_a_minute(rate: str, step: float) -> None:
    """A beat of harmonics: its rate is that of the cycle, however strong the harmonics are."""
    rng = np.random.default_rng(2)
    turns = np.arange(0, 8, step) * 1.23
    signal = np.exp(-(((turns % 1) - 0.4) ** 2) / 8e-4) + 0.02 * rng.normal(size=turns.size)
    text = f"Pulse, {rate}. What is the heart rate in bpm?\n\n{', '.join(f'{v:.3f}' for v in signal)}"
    assert values(text)["quantities"]["per minute"]["value"] == pytest.approx(73.8, abs=0.1)


def test_how_far_one_column_lags_is_told_and_nothing_is_said_to_be_missing() -> None:
    t = np.arange(0, 60, 0.75)
    outside, inside = 15 + 6 * np.cos(2 * np.pi * (t - 15) / 24), 18 + 1.5 * np.cos(2 * np.pi * (t - 21) / 24)
    rows = "\n".join(f"{a:.2f} {b:.3f} {c:.3f}" for a, b, c in zip(t, outside, inside, strict=True))
    document = nabla.ask(f"How far does the inside lag behind the outside?\n\nhour outside inside\n{rows}")
    assert document.values["series"][0]["lag"] == pytest.approx(6, abs=0.01)
    assert not [warning for warning in document.warnings if warning.code == "not-covered"]


@pytest.mark.parametrize(("period", "verdict"), [(24, "right"), (18, "wrong")])
def test_a_period_that_a_question_names_is_judged(period: int, verdict: str) -> None:
    rng = np.random.default_rng(4)
    t = np.arange(72.0)
    rows = ", ".join(f"{v:.0f}" for v in 120 + 8 * np.cos(2 * np.pi * t / 24) + 3 * rng.normal(size=t.size))
    found = values(f"Blood pressure every hour. Is there a {period}-hour rhythm?\n{rows}")
    assert [claim["verdict"] for claim in found["claims"]] == [verdict]


def test_the_phase_is_told_in_degrees_of_cosine_and_sine() -> None:
    t = np.arange(0, 3, 0.1)
    rows = "\n".join(f"{a:.1f},{2 * np.cos(2 * np.pi * a + np.radians(40)):.3f}" for a in t)
    document = nabla.ask(f"What is the phase in degrees?\nt,u\n{rows}")
    assert document.answer is not None
    assert "or 39.996" in document.answer.text and "129.996" in document.answer.text


def test_a_long_record_is_the_same_as_an_archive_and_as_a_list() -> None:
    rng = np.random.default_rng(5)
    x = np.arange(2500) / 500
    y = 0.4 + 2 * np.sin(2 * np.pi * 31.3 * x) + 0.3 * rng.normal(size=x.size)
    listed = nabla.run("fit", {"data": f"x = {x.tolist()}\ny = {y.tolist()}"})
    carried = nabla.fit(x, y)
    assert carried.values["tones"] == listed.values["tones"] and carried.values["read"] == listed.values["read"]
