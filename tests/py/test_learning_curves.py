"""Losses and accuracies that are told as numbers: what their levels are, and what their course says."""

import math
from typing import Any

import numpy as np
import pytest

import nabla
from nabla.question.learning_curves import learning_curves
from nabla.question.roles import read

KERAS = """Epoch {}/3
100/100 [==============================] - 1s 3ms/step - loss: {:.4f} - accuracy: 0.51 - val_loss: {:.4f}
"""


def finding(text: str) -> tuple[str, str, dict[str, Any]]:
    document = nabla.ask(text)
    assert document.lab == "train"
    assert document.answer is not None
    assert not [warning for warning in document.warnings if warning.code in ("not-used", "not-covered")]
    assert all(check.verdict != "failed" for check in document.checks)
    return document.values["findings"][0]["kind"], document.answer.text, document.values["curve"]


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max())
    return np.asarray(e / e.sum())


@pytest.mark.parametrize("classes", [2, 3, 7, 10, 100])
def test_the_level_of_a_guess_is_the_log_of_the_number_of_classes(classes: int) -> None:
    level = -math.log(softmax(np.zeros(classes))[0])
    kind, said, _ = finding(f"My loss goes {level:.3f}, {level + 1e-3:.3f}, {level:.3f} with {classes} classes. Why?")
    assert kind == "flat"
    assert f"ln {classes}" in said


@pytest.mark.parametrize("classes", [3, 7, 10, 100])
def test_the_bound_of_a_softmax_that_is_applied_twice(classes: int) -> None:
    certain = np.eye(classes)[0]  # what the first softmax gives at best
    level = -math.log(softmax(certain)[0])
    kind, said, _ = finding(f"The loss is stuck at {level:.3f}, never lower, {classes} classes")
    assert kind == "softmax-twice"
    assert "applied twice" in said


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Epoch 1 loss 1.2, Epoch 2 loss 4.8, Epoch 3 loss 77.1, Epoch 4 loss nan. What is wrong?", "rate-too-large"),
        ("my loss:\n0 1.93\n1 9.5\n2 147.2\n3 24113.0\n4 nan\nwhat is wrong?", "rate-too-large"),
        ("step 0, loss 4.2\nstep 100, loss 1.1\nstep 200, loss 0.9\nstep 300: loss nan", "not-finite"),
        ("train loss 0.9 0.5 0.3 0.1 0.03\nval loss 0.95 0.7 0.62 0.66 0.8\nwhat happens?", "stopped-late"),
        ("epoch 1: loss 2.1, val_loss 2.2\n2: loss 1.7, val_loss 1.8\n3: loss 1.4, val_loss 1.5", "too-few-steps"),
        ("loss: -0.2 -0.7 -0.95 -0.99, how can NLLLoss be negative?", "missing-log"),
        ("loss: 5.1, 2.2, 4.9, 2.1, 5.0, 2.3 every epoch. A smaller learning rate?", "rate-too-large"),
        ("MSE does not go below 0.25 for XOR", "flat"),
        ("accuracy is always 0.1, 0.1, 0.1 on MNIST", "flat"),
        ("BCE loss stuck at 0.503, 0.503, 0.503, balanced binary classes", "softmax-twice"),
    ],
)  # fmt: skip
def test_what_a_course_says(text: str, kind: str) -> None:
    assert finding(text)[0] == kind


def test_the_log_of_keras_is_read_whole() -> None:
    log = "".join(KERAS.format(i + 1, 0.6931, 0.6932) for i in range(3))
    kind, said, curve = finding(f"{log}Why does it not learn?")
    assert kind == "flat"
    assert "ln 2" in said
    assert curve["losses"] == [0.6931] * 3
    assert curve["validation"] == [0.6932] * 3


def test_a_pace_tells_how_many_entries_are_left() -> None:
    losses = [10 * 0.8**k for k in range(6)]
    told = ", ".join(f"{loss:.4f}" for loss in losses)
    _, said, _ = finding(f"loss per epoch {told} - how long until it is below 0.1?")
    more = math.ceil(math.log(losses[-1] / 0.1) / -math.log(0.8))
    assert f"below 0.1 in {more} more" in said


@pytest.mark.parametrize(
    "text",
    [
        "The error is 0.1, 0.2, 0.3 for y = 2x; fit a line to (1, 2), (2, 4), (3, 6)",
        "loss = 0.5*(y-t)^2 with y = 1 and t = 3. derivative?",
        "Minimise the cost 3x^2 - 4x for x = 1, 2, 3",
    ],
)
def test_other_numbers_are_no_learning_curve(text: str) -> None:
    assert learning_curves(read(text)) is None


def test_numbers_that_a_function_is_called_with_are_no_course() -> None:
    """A program told in a sentence has numbers and a loss, and no training."""
    text = "loss = F.cross_entropy(z, t), z = torch.tensor([[2., 1., 0.1]]). z.grad = [[-0.34, 0.24, 0.10]]. Why?"
    assert learning_curves(read(text)) is None
    assert learning_curves(read("The training loss of my network: (2.0, 1.0, 0.5). Is that good?")) is not None
