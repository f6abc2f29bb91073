"""A descent by hand beside the function that the text tells: its gradient, its rate, and what the mended one does."""

import numpy as np
import pytest

import nabla

PROGRAM = """gradient descent for f(x, y) = {a}x^2 + {b}y^2 + {c}x*y, is it right?

x, y = 4.0, 1.0
for i in range({steps}):
    x, y = x - {rate}*({gx}), y - {rate}*({gy})
    print(x, y)
"""


def asked(rate: float, *, gy: str = "", steps: int = 20, a: int = 1, b: int = 25, c: int = 1) -> nabla.Document:
    """The answer to a descent of a quadratic function, with another derivative by y where one is given."""
    gx = f"2*{a}*x + {c}*y"
    return nabla.ask(PROGRAM.format(a=a, b=b, c=c, gx=gx, gy=gy or f"2*{b}*y + {c}*x", rate=rate, steps=steps))


def kinds(document: nabla.Document) -> list[str]:
    return [each["kind"] for each in document.values["findings"]]


@pytest.mark.parametrize(("a", "b", "c"), [(1, 25, 0), (2, 9, 3), (1, 4, 1)])
def test_a_descent_that_has_only_begun_to_grow_has_too_large_a_rate(a: int, b: int, c: int) -> None:
    bound = 2 / np.linalg.eigvalsh([[2.0 * a, c], [c, 2.0 * b]])[-1]
    values = asked(round(1.2 * bound, 4), a=a, b=b, c=c).values
    assert values["findings"][0]["kind"] == "rate-too-large"
    assert values["rate"]["largest"] == pytest.approx(bound, rel=1e-4)
    ended = np.abs(list(values["corrected"]["parameters"].values()))
    assert ended.max() < 4  # both rates of the line were changed
    assert "rate-too-large" not in kinds(asked(round(0.8 * bound, 4), a=a, b=b, c=c))


@pytest.mark.parametrize(
    ("gy", "kind"), [("50*y", "missing-term"), ("25*y + x", "missing-term"), ("-50*y - x", "sign")]
)
def test_the_steps_are_held_beside_the_function_of_the_text(gy: str, kind: str) -> None:
    document = asked(0.01, gy=gy)
    assert kinds(document)[0] == kind
    assert "is `x + 50*y`" in document.values["findings"][0]["text"]
    assert not document.values["question"]["unused"]


def test_another_function_than_the_program_has_is_told() -> None:
    text = "minimise f(x) = x^2 - 6x\n\ndef f(x):\n    return x**2 - {}*x\nx = 9.0\nfor i in range(100):\n    x = x - 0.1*(2*x - {})\n"  # noqa: E501
    assert not nabla.ask(text.format(6, 6)).warnings
    assert [w.code for w in nabla.ask(text.format(4, 4)).warnings] == ["not-used"]
