"""Slopes where pieces meet, by the difference quotient of the function itself, and decimals that stay decimals."""

from __future__ import annotations

import math

import pytest
import sympy as sp

import nabla
from nabla.calculus.quotients import one_sided
from nabla.write.notation import decimals_kept, tex

X = sp.Symbol("x", real=True)


@pytest.mark.parametrize(
    ("f", "left", "right"),
    [
        (sp.Abs(X), -1, 1),
        (sp.Abs(X) ** sp.Rational(11, 10), 0, 0),
        (sp.Abs(X) ** sp.Rational(1, 2), -math.inf, math.inf),
        (sp.Piecewise((X * sp.log(sp.Abs(X)), sp.Ne(X, 0)), (0, True)), -math.inf, -math.inf),
        (sp.Piecewise((X**2 * sp.sin(1 / X), sp.Ne(X, 0)), (0, True)), 0, 0),
        (sp.Piecewise((3 * X + X**2 * sp.cos(1 / X), X > 0), (sp.sin(3 * X), True)), 3, 3),
        (sp.Piecewise((X * sp.sin(1 / X), sp.Ne(X, 0)), (0, True)), math.nan, math.nan),
    ],
)
def test_slopes_from_both_sides(f: sp.Expr, left: float, right: float) -> None:
    """Known limits of (f(h) - f(0))/h: settled, without bound, and none."""
    found = one_sided(f, X, {X: sp.S.Zero})
    assert found == pytest.approx((left, right), abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("at_zero", ["0", "1"])
def test_a_single_place_is_not_differentiated(at_zero: str) -> None:
    """The branch at one place alone says nothing of the slope: 1 there instead of 0 makes a jump, without a slope."""
    text = f"f(x) = 2x + x^3 cos(1/x) if x != 0 else {at_zero}"
    values = nabla.run("derive", {"f": text, "at": "x=0"}).values
    assert values["value"] == (2 if at_zero == "0" else None)


def test_decimals_stay_decimals() -> None:
    """A formula typed with decimals has them in its result; one typed with fractions keeps those."""
    typed = nabla.run("derive", {"f": "640/(4 + 21 exp(-0.35 t))"})
    result = next(block.tex for block in typed.blocks if getattr(block, "role", "") == "result")
    assert "0.35" in result
    assert "4704" in result
    other = nabla.run("derive", {"f": "7 x^2/40"})
    assert r"\frac{7 x}{20}" in next(block.tex for block in other.blocks if getattr(block, "role", "") == "result")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(sp.Rational(7, 20), "0.35"), (sp.Rational(1, 3), r"\frac{1}{3}"), (sp.sqrt(X), r"\sqrt{x}")],
)
def test_only_decimals_that_end(value: sp.Expr, shown: str) -> None:
    """Thirds have no decimals that end, and a root is no power of 0.5."""
    with decimals_kept():
        assert tex(value) == shown
