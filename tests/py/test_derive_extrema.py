"""Stationary points: where they are, what they are, and that the tests of them can fail."""

import pytest
import sympy as sp

import nabla
from nabla.calculus.domain import EVERYWHERE
from nabla.calculus.extrema import Extrema, ExtremePoint, around, missed, stationary
from nabla.calculus.stationary_points import around_point, kind_of

X, Y = sp.symbols("x y", real=True)


def extrema(f: str, **more: str) -> list[tuple[str, ...]]:
    document = nabla.run("derive", {"f": f, "what": "extrema", **more})
    assert document.answer
    assert {check.verdict for check in document.checks} == {"passed"}
    return [(*place["at"].values(), place["value"], place["kind"]) for place in document.values["extrema"]]


@pytest.mark.parametrize(
    ("f", "truth"),
    [
        ("x^3 - 6x^2 + 9x + 2", [("1", "6", "maximum"), ("3", "2", "minimum")]),
        ("x^4 - 4x^3", [("0", "0", "inflection"), ("3", "-27", "minimum")]),
        ("x + 1/x", [("-1", "-2", "maximum"), ("1", "2", "minimum")]),
        ("x^4", [("0", "0", "minimum")]),
        ("|x^2 - 1|", [("-1", "0", "minimum"), ("0", "1", "maximum"), ("1", "0", "minimum")]),
        ("x^2 ln x", [("exp(-1/2)", "-exp(-1)/2", "minimum")]),
        ("sin x", [("pi/2", "1", "maximum"), ("3*pi/2", "-1", "minimum")]),
        ("e^x", []),
        ("x^2 + y^2 - 2x", [("1", "0", "-1", "minimum")]),
        ("x^3 + y^3 - 3x y", [("0", "0", "0", "saddle"), ("1", "1", "-1", "minimum")]),
        ("x y", [("0", "0", "0", "saddle")]),
        ("x^2 + 2y^2 + 3z^2 - 2x", [("1", "0", "0", "-1", "minimum")]),
    ],
)
def test_extrema(f: str, truth: list[tuple[str, ...]]) -> None:
    assert extrema(f) == truth


def test_on_a_closed_interval() -> None:
    document = nabla.run("derive", {"f": "x e^(-x)", "what": "extrema", "domain": "0 <= x <= 2"})
    assert document.values["absolute"]["maximum"]["at"] == {"x": "1"}
    assert document.values["absolute"]["minimum"]["at"] == {"x": "0"}


@pytest.mark.parametrize("seed", range(6))
def test_made_up_polynomials_with_known_stationary_points(seed: int) -> None:
    places = sorted({(seed * 7 + 3 * k) % 11 - 5 for k in range(3)})
    slope = sp.Mul(*(X - place for place in places))
    f = sp.integrate(sp.expand(slope), X)
    found = stationary(f, sp.expand(slope), X, EVERYWHERE)
    assert [place.at for place in found.places] == places
    for place in found.places:
        assert place.kind == around(f, X, place.at)
    assert missed(f, X, found) == 0
    fewer = Extrema(found.places[:-1], found.low, found.high)
    assert missed(f, X, fewer)


def test_values_around_a_place_tell_a_wrong_kind() -> None:
    assert around(X**3, X, sp.S.Zero) == "inflection"
    assert around(-(X**4), X, sp.S.Zero) == "maximum"
    assert around_point(X**2 - Y**2, {X: sp.S.Zero, Y: sp.S.Zero}) == "saddle"
    assert around_point(X**4 + Y**4, {X: sp.S.Zero, Y: sp.S.Zero}) == "minimum"
    assert kind_of(sp.Matrix([[2, 0], [0, 0]])) == "undecided"
    assert ExtremePoint(sp.S.Zero, sp.S.Zero, "minimum").smooth


def test_a_power_that_may_be_a_real_root_is_said() -> None:
    document = nabla.run("derive", {"f": "x^(2/3) (x - 5)", "what": "extrema"})
    assert "unsure" in {warning.code for warning in document.warnings}


def test_asked_in_words() -> None:
    document = nabla.ask("absolute maximum and minimum of x e^(-x) on [0, 2]")
    assert document.values["absolute"]["maximum"]["value"] == "exp(-1)"
    assert not document.warnings
