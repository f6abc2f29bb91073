"""fit with real series: their periods, and the curves that are published of them; no cycle where there is none."""

import math
from typing import Any

import numpy as np
import pytest

import nabla
from tests.truth.known_periods import KNOWN, MEASURED, NO_CYCLE, PERIODS, SERIES

# The parameters that are published, and how near they have to be.
CURVES: dict[str, tuple[dict[str, float], float]] = {
    "wtloss": ({"c": 81.374, "a": 102.684, "k": math.log(2) / 141.91}, 1e-3),
    "nhtemp": ({"a": 0.03692}, 0.01),
}


def answer(name: str) -> dict[str, Any]:
    x, y = SERIES[name]
    return nabla.fit(x, y).values


@pytest.mark.parametrize("name", PERIODS)
def test_the_period_is_found(name: str) -> None:
    low, high = PERIODS[name]
    tones = [tone for tone in answer(name)["tones"] if tone["false_alarm"] < 0.01]
    assert any(low < 1 / tone["frequency"] < high for tone in tones)


@pytest.mark.parametrize("name", NO_CYCLE)
def test_there_is_no_cycle_where_none_is_known(name: str) -> None:
    assert not [tone for tone in answer(name)["tones"] if tone["false_alarm"] < 0.01]


@pytest.mark.parametrize("name", CURVES)
def test_published_parameters_are_found(name: str) -> None:
    expected, near = CURVES[name]
    found = answer(name)["model"]["parameters"]
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=near)


def test_the_nile_fell_in_1898() -> None:
    parameters = answer("Nile")["model"]["parameters"]
    assert 1897 < parameters["m"] < 1900


QUIET = ("sunspots from 1750",)  # a minimum of 30 years: nothing is claimed


@pytest.mark.parametrize("name", KNOWN)
def test_what_was_measured_has_its_known_period(name: str) -> None:
    """The cycle whose harmonics are found, or the strongest sinusoid of one cycle or more, has the period."""
    x, y = MEASURED[name]
    values = nabla.fit(x, y).values
    tones = [t for t in values["tones"] if t["false_alarm"] < 0.01 and t["frequency"] * (x[-1] - x[0]) >= 1]
    if name in QUIET:
        assert not tones
        return
    strongest = max(tones, key=lambda tone: tone["amplitude"])
    frequency = values.get("fundamental", strongest)["frequency"]
    low, high = KNOWN[name]
    assert low < 1 / frequency < high
    assert all(tone["amplitude"] <= 1.5 * (max(y) - min(y)) for tone in values["tones"])


# Speeds of the constituents in degrees an hour (A. Doodson, 1921), amplitudes in metres about as at San Francisco.
TIDES = {"M2": (28.9841042, 0.577), "S2": (30.0, 0.137), "N2": (28.4397295, 0.123), "K1": (15.0410686, 0.368),
         "O1": (13.9430356, 0.230)}  # fmt: skip


def test_the_constituents_of_a_tide_are_within_their_errors() -> None:
    """Two months of hourly heights: five periods and amplitudes, and no sixth."""
    rng = np.random.default_rng(3)
    t = np.arange(0.0, 60 * 24)
    height = 0.95 + 0.03 * rng.normal(size=t.size)
    for i, (speed, amplitude) in enumerate(TIDES.values()):
        height += amplitude * np.cos(np.radians(speed * t + 40 * i))
    document = nabla.ask("hour,height_m\n" + "\n".join(f"{a:.0f},{b:.3f}" for a, b in zip(t, height, strict=True)))
    tones = document.values["tones"]
    assert len(tones) == len(TIDES)
    for tone, (speed, amplitude) in zip(tones, sorted(TIDES.values()), strict=True):
        assert abs(tone["frequency"] - speed / 360) < 4 * tone["se_frequency"]
        assert abs(tone["amplitude"] - amplitude) < 4 * tone["se_amplitude"]
