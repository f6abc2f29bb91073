"""Answers of derive against mpmath's own numerical differentiation, where they were once a crash or no answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import pytest

import nabla
from nabla.answer.document import Document


def answer(**inputs: str) -> Document:
    return nabla.run("derive", inputs)


def nothing_failed(document: Document) -> bool:
    return all(check.verdict != "failed" for check in document.checks)


def slope(f: Callable[[Any], Any], at: Any) -> float:
    """mpmath's difference quotient with 40 digits."""
    with mp.workdps(40):
        return float(mp.diff(f, mp.mpf(at)))


@pytest.mark.parametrize(
    ("f", "at", "by_mpmath"),
    [
        ("1/(x^2-pi)", 1, lambda x: 1 / (x**2 - mp.pi)),
        ("abs(x^2-pi)", 1, lambda x: abs(x**2 - mp.pi)),
        ("abs(x^2-e^2)", 2, lambda x: abs(x**2 - mp.e**2)),
        ("max(pi*x, x*x)", 2, lambda x: max(mp.pi * x, x * x)),
        ("max(pi*x, x*x)", -2, lambda x: max(mp.pi * x, x * x)),
        ("max(x^2, 2^pi)", 3, lambda x: max(x**2, 2**mp.pi)),
        ("relu(x^2-2^pi)", 2, lambda x: max(0, x**2 - 2**mp.pi)),
        ("abs(x^3-2^pi)", 2, lambda x: abs(x**3 - 2**mp.pi)),
        ("abs(x^2-2^(1/3))", 1, lambda x: abs(x**2 - mp.cbrt(2))),
        ("sign(x^2-2^e)", 1, lambda x: mp.sign(x**2 - 2**mp.e)),
        ("sign(sign(x*x)**(-1))", 2, lambda x: mp.sign(1 / mp.sign(x * x))),
        ("max(pi*x, x*x)^(5+x-x*x)", 2, lambda x: max(mp.pi * x, x * x) ** (5 + x - x * x)),
        (
            "max((sqrt(x)/4.84 if x > 2 else (x if x > 0 else 5)**3), erf(min(5*x, x + x)))",
            1.3,
            lambda x: max(mp.sqrt(x) / mp.mpf("4.84") if x > 2 else x**3, mp.erf(min(5 * x, 2 * x))),
        ),
    ],
)
def test_the_value_is_that_of_mpmath(f: str, at: float, by_mpmath: Callable[[Any], Any]) -> None:
    document = answer(f=f, wrt="x", at=f"x={at}")
    assert document.values["value"] == pytest.approx(slope(by_mpmath, at), rel=1e-12, abs=1e-12)
    assert nothing_failed(document)


def test_a_claim_is_compared_at_a_point_that_is_no_fraction() -> None:
    document = answer(f="sin(x)", wrt="x", at="x=pi/4", claim="1")
    assert document.values["claim"]["verdict"] == "wrong"
    assert answer(f="sin(x)", wrt="x", at="x=pi/4", claim="sqrt(2)/2").values["claim"]["verdict"] == "right"
    jacobian = answer(f="r cos(phi); r sin(phi)", what="jacobian", wrt="r,phi", at="r=2,phi=pi/6", claim="-1")
    assert jacobian.values["claim"]["verdict"] == "wrong"


def test_a_pole_is_no_jump() -> None:
    notes = str(answer(f="1/(x^2-pi)", wrt="x").to_dict())
    assert "jumps" not in notes


# The claim is the derivative on one side of a corner only.
BEYOND_A_CORNER = [
    ("|x+5|", "1"),
    ("|x+4|", "1"),
    ("|x+10|", "1"),
    ("|x-100|", "-1"),
    ("relu(x+6)", "1"),
    ("max(x,-8)", "1"),
    ("sqrt((x+7)^2)", "1"),
    ("sqrt(x^2+10x+25)", "1"),
    ("x*|x+20|", "2x+20"),
    ("|x+9|^3", "3(x+9)^2"),
    ("x*sign(x+50)", "1"),
    ("|x^3+1000|", "3x^2"),
    ("x^2 if x > -50 else x", "2x"),
    ("|x+123456|", "1"),
    ("|e^x - 5000|", "e^x"),
    ("sqrt(e^(2x)-400e^x+40000)", "e^x"),
    ("|sqrt(x) - 300|", "1/(2sqrt(x))"),
    ("|ln(x)-9|", "1/x"),
    ("min(x, 10^5)^2", "2x"),
]


@pytest.mark.parametrize(("f", "claim"), BEYOND_A_CORNER)
def test_a_claim_that_is_right_on_one_side_of_a_corner_only_is_wrong(f: str, claim: str) -> None:
    judged = answer(f=f, wrt="x", claim=claim).values["claim"]
    assert judged["verdict"] == "wrong"


@pytest.mark.parametrize(
    ("f", "claim", "rule"),
    [
        ("|x^2-4|", "2x", "M39"),  # -2x sign(x^2 - 4)
        ("sqrt(x^2-2x+1)", "1", "M39"),
        ("|x-3|+|x+3|", "0", "M05"),  # sign(x - 3) + 1
    ],
)
def test_a_mistake_that_gives_the_claim_in_places_only_is_not_named(f: str, claim: str, rule: str) -> None:
    judged = answer(f=f, wrt="x", claim=claim).values["claim"]
    assert judged["verdict"] == "wrong"
    assert rule not in [mistake["rule"] for mistake in judged["mistakes"]]


def test_a_lower_derivative_is_called_that() -> None:
    document = str(answer(f="x^2 ln(x)", wrt="x,x,x,x", claim="2x ln x + x").to_dict())
    assert "lower order" in document
    assert "before the last one" not in document


@pytest.mark.parametrize("f", ["tan(10^30 x)", "sin(10^25 x)*x", "exp(sin(10^18 x))", "cos(10^40/x)", "atan(10^50 x)"])
def test_the_checks_take_as_many_digits_as_they_need(f: str) -> None:
    assert nothing_failed(answer(f=f, wrt="x", at="x=1"))


@pytest.mark.parametrize(
    ("f", "at", "value"),
    [
        ("cbrt(x)", "-8", 1 / 12),
        (r"\sqrt[3]{x}", "-8", 1 / 12),
        ("np.cbrt(x)", "-8", 1 / 12),
        (r"\sqrt[5]{x}", "-32", 1 / 80),
        (r"x*\sqrt[3]{x-1}", "-7", -2 - 7 / 12),
        (r"\sqrt[3]{x^2+1}", "-8", -16 / 3 / 65 ** (2 / 3)),
        ("root(x^3-9, 3)", "1", 1 / 4),
    ],
)
def test_odd_roots_are_real_below_zero(f: str, at: str, value: float) -> None:
    document = answer(f=f, wrt="x", at=f"x={at}")
    assert document.values["value"] == pytest.approx(value, rel=1e-12)
    assert all(check.verdict == "passed" for check in document.checks)


def test_a_power_below_zero_says_both_readings() -> None:
    document = answer(f="x^(1/3)", wrt="x", at="x=-8")
    assert document.values["value"] is None
    assert r"\frac{1}{12}" in str(document.to_dict())
    assert r"\sqrt[3]{x - 1}" in str(answer(f="cbrt(x-1)", wrt="x").to_dict())


def test_a_slope_without_bound_is_no_number() -> None:
    for f in ("|x-1|^(2/3)", "cbrt(x-1)", r"\sqrt[3]{(x-1)^2}"):
        text = str(answer(f=f, wrt="x").to_dict())
        assert "without bound" in text
        assert "e+06" not in text


@pytest.mark.parametrize("f", ["ln(x+sqrt(x^2+1))", "ln(sqrt(x^2+4)-x)", "ln(1-1/(e^x+1))", "sqrt(1-tanh(x)^2+1)"])
def test_what_always_holds_is_no_condition(f: str) -> None:
    assert answer(f=f, wrt="x").values["caveats"] == []
