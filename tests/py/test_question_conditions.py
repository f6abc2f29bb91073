"""Texts that tell equations about a function, places, errors and tables: what is asked for is answered."""

from __future__ import annotations

from typing import Any

import pytest

import nabla

# The text, a name of the values, and what it is; no warning stands beside it.
ANSWERED: list[tuple[str, str, Any]] = [
    ("Find a and b such that f(x) = a x^2 + b x has f(1) = 4 and f'(1) = 3.", "parameters", [{"a": "-1", "b": "5"}]),
    ("Find k such that f(x) = x^3 + k x^2 - 9x has a local maximum at x = -3.", "parameters", [{"k": "3"}]),
    ("For what value of c does f(x) = x^2 - c/x have an inflection point at x = 1?", "parameters", [{"c": "1"}]),
    ("If f(x) = x^2 + ax + b has a tangent y = 3x - 1 at x=1, find a and b.", "parameters", [{"a": "1", "b": "0"}]),
    ("The line y = 4x - 3 is tangent to y = x^2 + bx + c at x = 1. Find b and c.", "parameters",
     [{"b": "2", "c": "-2"}]),
    ("For which values of r does y = e^{rx} satisfy y'' + 5y' + 6y = 0?", "parameters", [{"r": "-3"}, {"r": "-2"}]),
    ("Verify that y = e^{2x} + 3e^{-x} solves y'' - y' - 2y = 0.", "solves", [True]),
    ("Is y = sin(2x) a solution to y'' - 4y = 0?", "solves", [False]),
    ("x(t) = A cos(ωt + φ). Show that x'' = -ω² x.", "solves", [True]),
    ("If z = f(x - y, y - x), show that z_x + z_y = 0", "solves", [True]),
    ("Let g(x) = x f(x), f(3) = 4 and f'(3) = -2. Find g'(3).", "value", -2.0),
    ("Suppose f(2)=3, f'(2)=-1, g(2)=5, g'(2)=4. Find (fg)'(2).", "value", 7.0),
    ("h(x) = f(x^2), f'(4) = 7. What is h'(2)?", "value", 28.0),
    ("| x | f(x) | f'(x) | g(x) | g'(x) |\n|---|---|---|---|---|\n| 1 | 3 | 4 | 2 | 5 |\n| 2 | 1 | -2 | 1 | 6 |\n"
     "Find (f∘g)'(1)", "value", -10.0),
    ("If f(x) = x^3 + x + 1, find (f^{-1})'(3).", "value", 0.25),
    ("Let g be the inverse of f(x) = x^3 + 2x + 1. Find g'(4).", "value", 0.2),
    ("Find the point(s) on y = x^3 - 3x + 1 where the tangent is horizontal.", "places",
     [{"at": {"x": "-1"}, "value": "3"}, {"at": {"x": "1"}, "value": "-1"}]),
    ("At what points on the curve y = x^3 - 3x^2 is the tangent parallel to y = 9x + 7?", "places",
     [{"at": {"x": "-1"}, "value": "-4"}, {"at": {"x": "3"}, "value": "0"}]),
    ("velocity v(t) = 3t^2 - 12t + 9. When is the acceleration zero?", "places", [{"at": {"t": "2"}, "value": "-3"}]),
    ("Solve x^2 - 5x + 6 = 0 for x.", "places", [{"at": {"x": "2"}, "value": "0"}, {"at": {"x": "3"}, "value": "0"}]),
    ("Log-likelihood l(λ) = n ln λ - λ S. Find the MLE of λ.", "places",
     [{"at": {"lambda": "n/S"}, "value": "n*(log(n/S) - 1)"}]),
    ("Is the matrix [[2, -1],[-1, 2]] positive definite?", "definiteness", "positive definite"),
    ("Find the curvature of y = x^2 at x = 0.", "value", 2.0),
    ("demand q = 500 - 4p. find the price elasticity at p = 50", "value", -2 / 3),
    ("F = ⟨f_x, f_y⟩ with f(x,y) = x^2 y + y^3. Find F.", "derivative", ["2*x*y", "x**2 + 3*y**2"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "value"), ANSWERED)
def test_what_is_told_of_a_function_is_used(text: str, name: str, value: Any) -> None:
    document = nabla.ask(text)
    found = document.values[name]
    assert found == (pytest.approx(value) if isinstance(value, float) else value)
    assert not document.warnings
    assert "failed" not in {check.verdict for check in document.checks}


NUMBERS = [
    ("Use linear approximation to estimate √4.1.", "estimate", 2.025),
    ("Approximate cos 61° using a linear approximation.", "estimate", 0.4848850053),
    ("Let f(x)=√x. Use the tangent line approximation at x=9 to estimate f(9.2)", "estimate", 3 + 0.2 / 6),
    ("Let y = sqrt(x). Find dy when x = 4 and dx = 0.1", "change", 0.025),
    ("The radius of a sphere is measured as 5 cm ± 0.1 cm. Estimate the error in the volume V = 4/3 pi r^3.", "error",
     31.41592653589793),
    ("z = x^2 y where x = 3 ± 0.1 and y = 2 ± 0.05. What is the uncertainty of z?", "error", 1.65),
    ("The edge of a cube is 10 cm with a possible error of 0.05 cm. Use differentials to estimate the maximum error "
     "in V = x^3.", "error", 15.0),
    ("Taylor polynomial of degree 4 for cos x at 0; bound on error for |x| ≤ 0.3", "remainder_bound",
     0.29552020666 * 0.3**5 / 120),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "value"), NUMBERS)
def test_errors_and_numbers_beside_round_ones(text: str, name: str, value: float) -> None:
    document = nabla.ask(text)
    assert document.values[name] == pytest.approx(value, rel=1e-8)
    assert not document.warnings


@pytest.mark.parametrize(
    "text",
    [
        "Find the error in my work: d/dx x^2 sin x = 2x cos x",
        "The mean squared error is L = (w - 3)^2. Find dL/dw.",
        "Find dy/dx if x e^y = x - y",
        "Find f_x and f_y for f(x,y) = x^2 y.",
        "Does f(x) = x^2 - 4 have a derivative at x = 1?",
    ],
)
def test_words_beside_a_plain_derivative_do_not_turn_it_into_another_question(text: str) -> None:
    inputs = nabla.ask(text).inputs
    assert inputs.get("what", "") in ("", "derivative", "gradient")
    assert not inputs.get("changes")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Find the Laplace transform of t^2.", "an integral transform"),
        ("Evaluate the double integral of x*y over the unit square.", "an integral over a region"),
        ("s(t) = 2t^3 - 15t^2 + 24t. When is the particle slowing down?", "when the speed grows or falls"),
        ("Factor x^2 - 1.", "Factor x^2 - 1"),
    ],
)
def test_what_no_lab_answers_is_named(text: str, named: str) -> None:
    warnings = [warning.message for warning in nabla.ask(text).warnings if warning.code == "not-covered"]
    assert any(named in message for message in warnings)


@pytest.mark.parametrize(("sign", "ends"), [("<", 0), ("<=", 2), ("≤", 2)])
def test_an_open_interval_around_zero_has_no_ends(sign: str, ends: int) -> None:
    values = nabla.ask(f"Find the extrema of f(x) = x^2 for |x| {sign} 1.").values
    assert [entry["kind"] for entry in values["extrema"]].count("maximum at an end") == ends
