"""The order of convergence of steps by hand, beside theory and distances of steps that are taken here."""

import math

import pytest

import nabla


def asked(text: str) -> tuple[dict[str, float], str]:
    document = nabla.ask(text)
    assert document.lab == "descend"
    assert document.answer is not None
    assert not [check for check in document.checks if check.verdict == "failed"]
    return document.values["order"], document.answer.text


@pytest.mark.parametrize("m", [2, 3, 4])
def test_at_a_root_of_multiplicity_m_newton_is_linear(m: int) -> None:
    found, said = asked(f"Why does Newton's method converge so slowly for f(x) = (x-1)^{m} (x+2) from x0 = 2?")
    assert found["exact"] == 1
    assert found["factor"] == pytest.approx(1 - 1 / m, rel=1e-3)
    assert f"multiplicity {m}" in said


@pytest.mark.parametrize(
    ("text", "order", "factor"),
    [
        ("Newton's method for f(x) = x^2 - 2 starting at x0 = 1", 2, 1 / (2 * math.sqrt(2))),
        ("Newton's method for f(x) = sin(x) starting at x0 = 3", 3, 1 / 3),
        ("fixed point iteration x_{n+1} = cos(x_n), x0 = 1", 1, math.sin(0.7390851332)),
        ("secant method on x^2 - 2 with x0 = 1, x1 = 2", (1 + math.sqrt(5)) / 2, None),
        ("bisection for x^3 - x - 2 on [1, 2]", 1, 0.5),
        ("Newton's method for minimizing f(x) = x^4 from x0 = 1", 1, 2 / 3),
    ],
)
def test_the_order_and_its_factor_are_those_of_theory(text: str, order: float, factor: float | None) -> None:
    found, _ = asked(f"{text}. What is the order of convergence?")
    assert found["exact"] == pytest.approx(order)
    if factor is not None:
        assert found["factor"] == pytest.approx(factor, rel=1e-3)


def test_where_it_converges_to_is_no_start() -> None:
    found, said = asked(
        "Show that Newton's method for f(x) = x^3 - 3x + 2 converges only linearly to x = 1 when started at x0 = 1.2"
    )
    assert found["exact"] == 1
    assert "x_1 = 1.10303" in said
