"""Pasted questions of many kinds in our own words, each with its answer worked out: what is read, what is judged."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

import nabla


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        ("(d/dx)(x^3)", "3*x**2"),
        ("(d²/dx²) (x sin x) = ?", "2*cos(x) - x*sin(x)"),
        ("Differentiate sin(x°)", "pi*cos(pi*x/180)/180"),
        (r"What is the derivative of $\\cos(x^\\circ)$?".replace("\\\\", "\\"), "-pi*sin(pi*x/180)/180"),
        ("Let g(x) = 2x + 1 if x < 0, x^2 + 1 if 0 <= x < 2, and 5 otherwise. Find g'(x).", "2*x"),
        ("d/dx (∑_{n=1}^{3} x^n)", "1 + 2*x + 3*x**2"),
        ("derivative of ∏_{k=1}^3 (x-k)", "3*x**2 - 12*x + 11"),
        (r"Find $f'(x)$ for $f(x) = \sum_{n=1}^{3} \frac{\sin(nx)}{n} + x$.", "cos(x) + cos(2*x) + cos(3*x) + 1"),
        ("f(x) = x^3 for x < 0, f(x) = x^2 for x >= 0. What is f'(x)?", "2*x"),
    ],
)
def test_derivatives(text: str, derivative: str) -> None:
    """The derivative near x = 5/7, where the pieces that are tested hold."""
    values = nabla.ask(text).values
    found = sp.sympify(values["derivative"], {"x": sp.Symbol("x", real=True)})
    found = found.subs(sp.Symbol("x", real=True), sp.Rational(5, 7)) if found.has(sp.Piecewise) else found
    wanted = sp.sympify(derivative, {"x": sp.Symbol("x", real=True)})
    assert abs((found - wanted).subs(sp.Symbol("x", real=True), sp.Rational(5, 7)).evalf(30)) < 1e-20


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("Let f(x) = { x^2 + 1 if x <= 2; ax + b if x > 2 }. For which a and b is f differentiable at x = 2?",
         {"a": "4", "b": "-3"}),
        (r"If $$f(x)=\begin{cases} x^2+3x+a & x\le 1\\ bx+2 & x>1\end{cases}$$ is differentiable everywhere, then:",
         {"a": "3", "b": "5"}),
        ("For what value of c is f continuous? f(x) = cx^2 + 2x if x < 2, x^3 - cx if x >= 2", {"c": "2/3"}),
        (r"Find $a$, $b$ so that $$f(x)=\begin{cases} ax+3 & x<1\\ x^2+b & 1\le x\le 3 \\ 2x+1 & x>3\end{cases}$$ is "
         "continuous.", {"a": "-4", "b": "-2"}),
    ],
)  # fmt: skip
def test_parameters_of_pieces(text: str, parameters: dict[str, str]) -> None:
    """Differentiable or only continuous, as asked."""
    document = nabla.ask(text)
    assert document.values["parameters"] == [parameters]
    assert {check.verdict for check in document.checks} == {"passed"}


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("Find ∂/∂A of trace(A^T B A C)", "B @ A @ C + B.T @ A @ C.T"),
        (r"$f(X) := \mbox{tr}\left( (X^T X - A)^T (X^T X - A) \right)$ where $A$ is a matrix; what is "
         r"$\partial f/\partial X$?",
         "2 * X @ (X.T @ X - A) + 2 * X @ (X.T @ X - A.T)"),
        (r"What is the derivative of $F(R) = \|A-RY\|^2_F$ by R?", "-2 * (A - R @ Y) @ Y.T"),
        (r"All matrices are $n \times n$, $B$ and $C$ are given. Find the gradient of $f(A) = \|ABA^T - C\|_F^2$.",
         "2 * (A @ B @ A.T - C) @ A @ B.T + 2 * (A @ B.T @ A.T - C.T) @ A @ B"),
    ],
)  # fmt: skip
def test_matrices(text: str, formula: str) -> None:
    """Spellings of traces and norms, and sizes told for all letters at once."""
    assert nabla.ask(text).values["derivative"] == formula


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Find f'(x) for f(x) = sin(x)cos(x). I did f'(x) = cos(x)(-sin(x)) = -sin(x)cos(x). What did I do wrong?",
         "line 1 of yours is the first that does not follow: the derivatives of the factors were multiplied"),
        ("y = x^x. I took logs: y' = ln x + 1. Is that right?", "lacks the factor"),
    ],
)  # fmt: skip
def test_the_slip_is_in_the_sentence(text: str, said: str) -> None:
    """The first line that is wrong, with the mistake in it."""
    answer = nabla.ask(text).answer
    assert answer is not None
    assert said in answer.text


def test_logarithmic_differentiation_stopped_early() -> None:
    """y'/y given for y'."""
    claim: dict[str, Any] = nabla.run("derive", {"f": "x^x", "claim": "ln x + 1"}).values["claim"]
    assert [mistake["rule"] for mistake in claim["mistakes"]] == ["M57"]


def test_a_total_differential() -> None:
    """Each partial derivative times the change of its variable, at a point with numbers."""
    document = nabla.ask("Find the total differential of z = x^2 y^3 at (1, 2).")
    assert document.values["partials"] == {"x": "2*x*y**3", "y": "3*x**2*y**2"}
    assert document.values["value"] == [16.0, 12.0]
    assert document.warnings == []


def test_a_direction_in_unit_vectors() -> None:
    """3i - 4j is (3, -4)."""
    document = nabla.ask("Find the directional derivative of f(x,y) = x^2 y + y^3 at (1,2) in the direction 3i - 4j.")
    assert document.values["value"] == pytest.approx(-8)


def test_an_integral_with_open_functions_as_ends() -> None:
    """No number can be put in, so that check is open, and nothing breaks."""
    document = nabla.run("derive", {"f": r"\int_{g(t)}^{h(t)} f(x)\,dx", "wrt": "t"})
    assert document.values["derivative"] == "-f(g(t))*Derivative(g(t), t) + f(h(t))*Derivative(h(t), t)"


def test_critical_numbers_are_extrema() -> None:
    """Asked for beside the derivative."""
    values = nabla.ask("Given $f(x)=x^2(x-5)$ find $f'(x)$ and the critical numbers.").values
    assert [place["at"]["x"] for place in values["extrema"]] == ["0", "10/3"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Find d/dλ of λ^2 e^{-λ t}", {"derivative": "lambda*(-lambda*t + 2)*exp(-lambda*t)"}),
        ("In which direction does f(x,y) = x e^{-y} increase fastest at (2,0)?", {"value": [1.0, -2.0]}),
        ("tangent plane to z = x^2 + y^2 at (1,2,5)", {"tangent": "z = 2*x + 4*y - 5"}),
        ("I integrated 1/(x^2+4) and got arctan(x/2) + C. Is that correct?", {"integral": "atan(x/2)/2"}),
    ],
)
def test_what_was_asked(text: str, values: dict[str, Any]) -> None:
    """Greek letters as variables, the steepest way, a point of a surface, an integral that is only told."""
    document = nabla.ask(text)
    assert {name: document.values[name] for name in values} == values
    assert document.warnings == []


def test_a_slope_claimed_at_a_corner_is_wrong() -> None:
    """Both slopes are told; no number is the derivative there."""
    document = nabla.run("derive", {"f": "|2x-8|", "at": "x=4", "claim": "2"})
    assert document.values["claim"]["verdict"] == "wrong"
    assert document.answer is not None
    assert "the slope is -2 on the left and 2 on the right" in document.answer.text


def test_a_line_about_a_point_keeps_the_step() -> None:
    """2 + (x - 8)/12, not 2 + x/12 - 2/3."""
    answer = nabla.run("derive", {"f": "x^(1/3)", "at": "x=8", "what": "series", "order": "1"}).answer
    assert answer is not None
    assert "2 + (x - 8)/12" in answer.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("∂/∂X log det X = ?", "∇_X f = X^(-ᵀ)"),
        ("s(t) = 4.9t² m, velocity at t = 2.5 s", "9.8 t = 24.5 at t = 2.5"),
        ("Find the absolute maximum and minimum of f(x) = x^3 - 3x + 1 on [0, 3].",
         "the greatest value of x³ - 3 x + 1 is 19 at x = 3, an end, the least -1 at x = 1"),
        ("Evaluate lim x→0 (sin x - x)/x^3 using L'Hôpital's rule", "- 1/6"),
    ],
)  # fmt: skip
def test_sentences(text: str, said: str) -> None:
    """Words of matrices without LaTeX, units behind a formula of time, whole domains, the names of rules."""
    document = nabla.ask(text)
    assert document.answer is not None
    assert said in document.answer.text
    assert document.warnings == []


def test_several_places_are_all_answered() -> None:
    """Each place in the text has its value."""
    values = nabla.ask("Find the derivative of x^2 at x = 1, 2 and 3.").values
    assert [values["value"], *(other["value"] for other in values["further"])] == [2.0, 4.0, 6.0]


def test_u_and_v_of_work_are_judged_by_their_own_derivatives() -> None:
    text = "d/dx (3x-1)^5/x^2. I did:\nu = (3x-1)^5, u' = 5(3x-1)^4\nv = x^2, v' = 2x\n(5(3x-1)^4 x^2 - 2x(3x-1)^5)/x^4"
    values = nabla.ask(text).values
    assert [claim["verdict"] for claim in values["claims"]] == ["wrong", "right", "wrong"]
    assert not values["question"]["unused"]


def test_rows_of_an_alignment_that_lead_on_are_lines_of_work() -> None:
    text = "Differentiate $x^2 e^x$.\nMy solution:\n\\begin{align}\n"
    text += "f'(x) &= 2x e^x + x^2 e^x \\\\\n&= x e^x (2 + x^2)\n\\end{align}"
    values = nabla.ask(text).values
    assert [claim["verdict"] for claim in values["claims"]] == ["right", "wrong"]


def test_the_gradient_of_a_cross_entropy_by_weights_and_bias_is_put_together() -> None:
    text = "L = -[y log(p) + (1-y) log(1-p)], p = sigmoid(w^T x + b). dL/dw and dL/db please. I get (y - p) x."
    document = nabla.ask(text)
    assert document.values["claims"][0]["verdict"] == "wrong"
    assert document.answer is not None
    assert "df/db = -y + σ(wᵀ x + b)" in document.answer.text
    assert "1 × 1" not in document.answer.text  # the claim has the shape of w and says nothing of b
