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
