"""Limits, integrals and functions by pieces: formulas and values of the usual lists.

Limits and integrals are those that calculus textbooks set (Stewart, chapters 2, 4 and 7; Abramowitz & Stegun, chapters
3, 4 and 7); each value is the book's. Pieces are the kinds of Stewart 2.8 and Spivak, chapters 9 to 11.
"""

from __future__ import annotations

import pytest
import sympy as sp

import nabla

X = sp.Symbol("x", real=True)
LIMITS = [
    ("lim_{x->2} (x^2 - 4)/(x - 2)", "4"),
    ("lim_{x->1} (x^3 - 1)/(x^2 - 1)", "3/2"),
    ("lim_{x->4} (sqrt(x) - 2)/(x - 4)", "1/4"),
    ("lim_{x->0} (sqrt(1 + x) - 1)/x", "1/2"),
    ("lim_{x->0} sin(x)/x", "1"),
    ("lim_{x->0} sin(3x)/sin(5x)", "3/5"),
    ("lim_{x->0} tan(x)/x", "1"),
    ("lim_{x->0} (1 - cos(x))/x^2", "1/2"),
    ("lim_{x->0} (x - sin(x))/x^3", "1/6"),
    ("lim_{x->0} (tan(x) - sin(x))/x^3", "1/2"),
    ("lim_{x->0} (e^x - 1)/x", "1"),
    ("lim_{x->0} (e^x - 1 - x)/x^2", "1/2"),
    ("lim_{x->0} (2^x - 1)/x", "log(2)"),
    ("lim_{x->0} ln(1 + x)/x", "1"),
    ("lim_{x->1} ln(x)/(x - 1)", "1"),
    ("lim_{x->0} arctan(x)/x", "1"),
    ("lim_{x->0} (1 + x)^(1/x)", "E"),
    ("lim_{x->0^+} x ln(x)", "0"),
    ("lim_{x->0^+} x^x", "1"),
    ("lim_{x->oo} (1 + 3/x)^x", "exp(3)"),
    ("lim_{x->oo} ln(x)/x", "0"),
    ("lim_{x->oo} x^3 e^(-x)", "0"),
    ("lim_{x->oo} (3x^2 - x)/(5x^2 + 4)", "3/5"),
    ("lim_{x->oo} (sqrt(x^2 + x) - x)", "1/2"),
    ("lim_{x->oo} x sin(1/x)", "1"),
    ("lim_{x->oo} arctan(x)", "pi/2"),
    ("lim_{x->pi} sin(x)/(x - pi)", "-1"),
    ("lim_{h->0} ((x + h)^2 - x^2)/h", "2*x"),
    ("lim_{h->0} (sin(x + h) - sin(x))/h", "cos(x)"),
    ("lim_{x->0} (1/x - 1/sin(x))", "0"),
]
INTEGRALS = [
    ("∫_0^1 x^3 dx", "1/4"),
    ("∫_1^e 1/x dx", "1"),
    ("∫_0^{pi} sin(x) dx", "2"),
    ("∫_0^{pi} sin(x)^2 dx", "pi/2"),
    ("∫_0^1 1/(1 + x^2) dx", "pi/4"),
    ("∫_0^1 sqrt(1 - x^2) dx", "pi/4"),
    ("∫_0^1 x e^x dx", "1"),
    ("∫_1^e ln(x) dx", "1"),
    ("∫_0^{oo} e^(-x) dx", "1"),
    ("∫_0^{oo} x e^(-x) dx", "1"),
    ("∫_{-oo}^{oo} e^(-x^2) dx", "sqrt(pi)"),
    ("∫_0^1 x^2 e^x dx", "E - 2"),
    ("∫_0^{pi/2} cos(x)^3 dx", "2/3"),
    ("∫_0^{pi/4} tan(x) dx", "log(2)/2"),
    ("∫_0^2 |x - 1| dx", "1"),
    ("∫_{-1}^{1} x cos(x) dx", "0"),
]
ANTIDERIVATIVES = [
    "x^5 - 3x", "1/sqrt(x)", "x e^(-x)", "x^2 ln(x)", "e^x sin(x)", "sin(x)^3", "1/(x^2 - 1)", "x/(x^2 + 1)",
    "1/(x^2 + 4)", "arctan(x)", "x cos(2x)", "ln(x)^2", "1/(x ln(x))", "sqrt(4 - x^2)",
]  # fmt: skip
# A function by pieces, a place, and its slope there; None where it has none.
PIECES = [
    ("|x|", "0", None), ("|x|", "2", 1), ("|x|", "-3", -1), ("x|x|", "0", 0), ("|x - 1| + |x + 1|", "0", 0),
    ("|x - 1| + |x + 1|", "1", None), ("|x^2 - 4|", "2", None), ("|x^2 - 4|", "1", -2), ("|x^3|", "0", 0),
    ("|sin(x)|", "0", None), ("max(x, 0)", "0", None), ("max(x, 0)", "1", 1), ("max(0, x)^2", "0", 0),
    ("min(x, x^2)", "1", None), ("min(x, x^2)", "1/2", 1), ("max(x^2, 2x - 1)", "1", 2),
    ("x^2 if x < 1 else 2x - 1", "1", 2),
    ("x^2 if x < 1 else 2x", "1", None), ("x^2 if x < 1 else x", "1", None), ("x^3 if x < 0 else x^2", "0", 0),
    ("sin(x) if x < 0 else x", "0", 1), ("cos(x) if x < 0 else 1 - x^2/2", "0", 0), ("e^x if x < 0 else 1 + x", "0", 1),
    ("e^x if x < 0 else 1 + 2x", "0", None), ("x^2 sin(1/x) if x != 0 else 0", "0", 0),
    ("x sin(1/x) if x != 0 else 0", "0", None), ("e^(-1/x^2) if x != 0 else 0", "0", 0),
    ("sin(x)/x if x != 0 else 1", "0", 0), ("(1 - cos(x))/x if x != 0 else 0", "0", 0.5),
    ("2x + 1 if x <= 3 else 10 - x", "3", None), ("2x + 1 if x <= 3 else x^2/3 + 4", "3", 2),
    ("sqrt(x) if x > 1 else (x + 1)/2", "1", 0.5), ("ln(x) if x > 1 else x - 1", "1", 1),
    ("1/x if x > 1 else 2 - x", "1", -1), ("1/x if x > 1 else x", "1", None), ("relu(2x - 4)", "2", None),
    ("relu(2x - 4)", "3", 2), ("sign(x) x^2", "0", 0), ("|x|^(3/2)", "0", 0), ("|x - 2|(x - 2)^2", "2", 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), LIMITS, ids=[text for text, _ in LIMITS])
def test_limits(text: str, value: str) -> None:
    """The value, with no check that failed."""
    document = nabla.run("derive", {"f": text})
    found = sp.sympify(document.values["limit"], {"x": X})
    assert sp.simplify(found - sp.sympify(value, {"x": X})) == 0
    assert "failed" not in {check.verdict for check in document.checks}


@pytest.mark.parametrize(("text", "value"), INTEGRALS, ids=[text for text, _ in INTEGRALS])
def test_definite_integrals(text: str, value: str) -> None:
    """In closed form, and by quadrature."""
    document = nabla.run("derive", {"f": text})
    assert abs(sp.N(sp.sympify(document.values["integral"]) - sp.sympify(value), 30)) < 1e-20
    assert "failed" not in {check.verdict for check in document.checks}


@pytest.mark.parametrize("f", ANTIDERIVATIVES)
def test_antiderivatives(f: str) -> None:
    """Proven by differentiating them."""
    document = nabla.run("derive", {"f": f"∫ {f} dx"})
    assert document.values["integral"]
    assert {check.verdict for check in document.checks} == {"passed"}


@pytest.mark.parametrize(("f", "at", "slope"), PIECES, ids=[f"{f} at {at}" for f, at, _ in PIECES])
def test_pieces(f: str, at: str, slope: float | None) -> None:
    """The slope where pieces meet, or that there is none."""
    value = nabla.run("derive", {"f": f, "at": f"x={at}"}).values["value"]
    assert value is None if slope is None else value == pytest.approx(slope, abs=1e-9)
