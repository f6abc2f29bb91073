"""What is asked of a descent, or of the steps of a method, and was answered as another question."""

from __future__ import annotations

import pytest

import nabla


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("bisection for x^3 - x - 2 on [1, 2], how many steps for an error of 1e-6?", 20),
        ("How many bisection steps to get the root of x^2-3 in [1,2] within 10^-3?", 10),
        ("How many iterations of bisection are needed on [0, 4] for x^3 - x - 2 for accuracy 0.5?", 3),
    ],
)
def test_halvings_until_an_accuracy(text: str, count: int) -> None:
    """The least n with (b - a)/2^n at most the accuracy."""
    document = nabla.ask(text)
    assert document.answer is not None and document.answer.text.startswith(f"{count} halvings are needed")
    assert document.values["iterates"][-1]["step"] == count


def test_a_step_of_newton_that_is_told_is_taken_as_it_is() -> None:
    text = "Newton iteration for sqrt(2): x = x - (x**2-2)/(2*x) from 1. After 3 iterations I get 1.41422"
    values = nabla.ask(text).values
    assert values["iterates"][1]["x"] == [1.5] and values["claim"]["verdict"] == "right"


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("least squares: argmin ||Ax-b|| with A=[[1,1],[1,2],[1,3]], b=[1,2,2]", (2 / 3, 1 / 2)),
        ("minimise ‖Ax − b‖² where A = [[2,0],[0,1],[1,1]] and b = [1,1,0]", (1 / 3, 1 / 3)),
    ],
)
def test_least_squares_take_the_matrix_that_is_told(text: str, x: tuple[float, ...]) -> None:
    """By the normal equations A^T A x = A^T b."""
    best = min(nabla.ask(text).values["runs"], key=lambda run: run["f"])
    assert best["x"] == pytest.approx(x, abs=1e-5)


def test_a_function_with_steps_is_answered() -> None:
    text = (
        "from scipy.optimize import minimize\nimport numpy as np\n"
        "def f(x):\n    return (x[0]-1)**2 + np.floor(x[1])**2\n"
        "r = minimize(f, [3.2, 2.5])\nprint(r.x)\n\nx[1] never changes. Why?"
    )
    assert nabla.ask(text).lab == "descend"
