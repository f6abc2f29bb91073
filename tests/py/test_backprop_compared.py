"""Two programs in one question: the step at which they part is named, and no step where they do not."""

import random

import pytest

import nabla

BASE = """import torch
w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([3.0, 4.0])
h = w * x
s = torch.tanh(h / 10)
y = s.sum()
loss = (y - 1) ** 2
loss.backward()
print(w.grad)
"""


@pytest.mark.parametrize(
    ("before", "after", "name", "line"),
    [
        ("h = w * x", "h = w + x", "h", 4),
        ("s = torch.tanh(h / 10)", "s = torch.sigmoid(h / 10)", "s", 5),
        ("y = s.sum()", "y = s.mean()", "y", 6),
        ("(y - 1) ** 2", "(y - 1) ** 4", "loss", 7),
        ("y = s.sum()", "y = s[0] + s[1].detach()", "s", 5),  # forward the same: an adjoint is another
        ("[3.0, 4.0]", "[3.0, 5.0]", "x", 3),
    ],
)
def test_the_step_at_which_two_programs_part_is_named(before: str, after: str, name: str, line: int) -> None:
    values = nabla.backprop(BASE, other=BASE.replace(before, after)).values["compared"]
    assert (values["same"], values["name"], values["lines"][0]) == (False, name, line)


@pytest.mark.parametrize("seed", range(6))
def test_programs_that_are_written_otherwise_and_compute_the_same_do_not_part(seed: int) -> None:
    rng = random.Random(seed)
    ways = [
        ("h = w * x", ["h = x * w", "h = torch.mul(w, x)", "h = w * x + 0"]),
        ("s = torch.tanh(h / 10)", ["s = (h * 0.1).tanh()", "s = 1 - 2 / (torch.exp(h / 5) + 1)"]),
        ("y = s.sum()", ["y = s[0] + s[1]", "y = s.mean() * 2", "y = torch.ones(2) @ s"]),
        ("loss = (y - 1) ** 2", ["loss = (y - 1) * (y - 1)", "loss = y ** 2 - 2 * y + 1", "loss = (1 - y).pow(2)"]),
    ]
    other = BASE
    for old, new in ways:
        other = other.replace(old, rng.choice(new))
    document = nabla.backprop(BASE, other=other)
    assert document.values["compared"]["same"]
    assert document.answer is not None
    assert "compute the same numbers" in document.answer.text


def test_by_hand_beside_a_library() -> None:
    hand = """import numpy as np
w = np.array([1.0, 2.0])
x = np.array([3.0, 4.0])
h = w * x
s = np.tanh(h / 10)
y = s.sum()
loss = (y - 1) ** 2
dw = 2 * (y - 1) * (1 - s ** 2) / 10 * x
"""
    assert nabla.backprop(BASE, other=hand).values["compared"]["same"]
    values = nabla.backprop(BASE, other=hand.replace("s.sum()", "s.mean()")).values["compared"]
    assert values["name"] == "y"


def test_one_of_two_raises() -> None:
    other = BASE.replace("y = s.sum()", "s += 1\ny = s.sum()")
    document = nabla.backprop(BASE, other=other)
    assert document.answer is not None
    assert "the other program raises a RuntimeError in line 9" in document.answer.text.replace(
        "This one ends well, ", ""
    )
    assert document.values["raises"] is None


def test_two_blocks_of_a_question_are_compared() -> None:
    blocks = [f"```python\n{code}```" for code in (BASE, BASE.replace("s.sum()", "s.mean()"))]
    document = nabla.ask(f"Before:\n\n{blocks[0]}\n\nAfter my change:\n\n{blocks[1]}\n\nWhy is the gradient smaller?")
    assert document.values["compared"]["name"] == "y"
    assert document.values["further"][0]["grads"]["w"] is not None
