"""fit with real series: their periods, and the curves that are published of them; no cycle where there is none."""

import json
import math
from typing import Any

import pytest

import nabla
from tests.truth.real_series import STORED

SERIES = json.loads(STORED.read_text("utf-8"))
YEAR = (0.985, 1.015)
PERIODS = {
    "AirPassengers": YEAR,
    "nottem": YEAR,
    "co2": YEAR,
    "UKgas": YEAR,
    "USAccDeaths": YEAR,
    "UKDriverDeaths": YEAR,
    "lynx": (9.4, 10.0),
    "sunspot.year": (10.6, 11.4),
}
NO_CYCLE = (
    "LakeHuron Nile discoveries nhtemp airmiles uspop presidents BJsales WWWusage women wtloss trees pressure BOD cars "
    "Puromycin"
).split()
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
