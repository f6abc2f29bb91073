"""Whether gradient descent converges, with which rates and in how many steps: beside descents that are run."""

from typing import Any

import numpy as np
import pytest

import nabla


def asked(text: str) -> tuple[dict[str, Any], str]:
    document = nabla.ask(text)
    assert document.lab == "descend"
    assert document.answer is not None
    assert all(check.verdict == "passed" for check in document.checks if check.claim.startswith("A step"))
    return document.values, document.answer.text


def left(matrix: np.ndarray, rate: float, steps: int) -> float:
    """The share of the error that descents leave in the direction that keeps most."""
    once = np.eye(len(matrix)) - rate * matrix
    return float(np.linalg.norm(np.linalg.matrix_power(once, steps), 2))


@pytest.mark.parametrize("seed", range(4))
def test_a_rate_is_judged_as_the_descent_goes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    root = rng.integers(-3, 4, (2, 2)) + np.diag([4, 5])
    matrix = (root @ root.T).astype(float)
    bound = 2 / np.linalg.eigvalsh(matrix)[-1]
    for rate in (0.8 * bound, 1.3 * bound):
        shown = f"{rate:.4f}"
        text = (
            f"f(x) = 1/2 x^T A x with A = {matrix.astype(int).tolist()}. Does gradient descent with rate {shown} "
            "converge?"
        )
        values, said = asked(text)
        assert said.startswith("Yes" if left(matrix, float(shown), 400) < 1e-3 else "No")
        assert values["rate"]["largest"] == pytest.approx(bound, rel=1e-9)


@pytest.mark.parametrize(("a", "b", "error"), [(1, 25, "10^-3"), (2, 3, "1e-6"), (1, 50, "0.01")])
def test_the_number_of_steps_is_the_first_that_is_enough(a: int, b: int, error: str) -> None:
    values, _ = asked(
        f"f(x,y) = {a}x^2 + {b}y^2. How many iterations does gradient descent with the best constant step need to "
        "reduce "
        f"the error by {error}?"
    )
    matrix, steps = np.diag([2.0 * a, 2.0 * b]), values["rate"]["steps"]
    wanted = float(error.replace("10^-", "1e-"))
    assert left(matrix, values["rate"]["best"], steps) <= wanted < left(matrix, values["rate"]["best"], steps - 1)


def test_a_bound_is_judged_as_a_bound_and_a_best_rate_as_the_best() -> None:
    values, said = asked(
        "What is the largest learning rate for which gradient descent on f(w) = 5(w-2)^2 converges? I think 0.1"
    )
    assert values["claims"][0]["verdict"] == "wrong"
    assert "which is 0.2: it is the best constant rate" in said
    values, _ = asked("What is the optimal step size of gradient descent on f(w) = 5(w-2)^2? I got 0.1")
    assert values["claims"][0]["verdict"] == "right"


def test_a_matrix_or_a_condition_number_alone_is_enough() -> None:
    _, said = asked(
        "The learning rate must be below 2/L, L the largest eigenvalue of [[10, 2],[2, 1]]. So 0.2 is ok, right?"
    )
    assert said.startswith("No: with the rate 0.2")
    values, _ = asked("condition number 100, how many steps of gradient descent for 1e-6?")
    assert values["rate"]["condition"] == pytest.approx(100)


def test_without_curvature_at_the_minimum_the_steps_are_taken() -> None:
    _, said = asked("gradient descent on f(x) = x^4 with rate 0.1 from x0 = 3: does it converge?")
    assert said.startswith("No: from (3) with the rate 0.1 it diverges: the first step leads to (-7.8)")


def test_why_it_diverges_from_a_start_is_answered_by_the_steps_from_there() -> None:
    text = "Minimise f(x) = x^4 - 3x^2 + x by gradient descent, rate {}, start 5. Why does it diverge?"
    _, said = asked(text.format(0.1))
    assert said.startswith("From (5) with the rate 0.1 it diverges: the first step leads to (-42.1)")
    assert "has to be below 2/294 = 0.0068" in said
    _, said = asked(text.format(0.005))
    assert said.startswith("It does not diverge: from (5) with the rate 0.005 it comes")
    _, said = asked("Gradient descent on f(x) = 4x^2 with rate 0.3: why does it diverge?")
    assert said.startswith("With the rate 0.3 a step multiplies the error by 1 - 0.3·8 = -1.4: it diverges")
