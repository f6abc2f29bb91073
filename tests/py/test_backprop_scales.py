"""What layers and steps make of a right gradient is told where it shows, and not where it does not hold."""

import pytest

import nabla
from nabla.errors import UserError

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\ntorch.manual_seed(0)\n"
BATCH = "x = torch.tensor([[1., 2.], [3., 5.], [5., 1.]], requires_grad=True)\n"
WEIGHT = "w = torch.tensor([1.0, -2.0], requires_grad=True)\n"
STEP = "(3 * w[0] + 0.5 * w[1]).backward()\nopt.step()\nprint(w)\n"


def said(code: str) -> str:
    answer = nabla.backprop(HEAD + code).answer
    assert answer is not None
    return answer.text


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (BATCH + "F.dropout(x, 0.2).sum().backward()", "line 6 multiplies what it keeps by 1/(1 - 0.2) = 1.25"),
        (BATCH + "nn.BatchNorm1d(2)(x).sum().backward()", "add up to the same whatever it is given"),
        (BATCH + "F.layer_norm(x, (2,)).mean().backward()", "add up to the same whatever it is given"),
        (BATCH + "F.cross_entropy(x, torch.tensor([0, 1, 1])).backward()", "(softmax(x) - one-hot)/3"),
        (WEIGHT + "opt = torch.optim.Adam([w], lr=0.1)\n" + STEP, "by the rate, 0.1, however large"),
        (WEIGHT + "opt = torch.optim.SGD([w], lr=0.1, weight_decay=0.5)\n" + STEP, "adds 0.5 times the weight"),
        (WEIGHT + "opt = torch.optim.AdamW([w], lr=0.1)\n" + STEP, "multiplies weights by 1 - 0.1·0.01"),
    ],
)
def test_what_a_layer_or_a_step_does_is_told(code: str, told: str) -> None:
    assert told in said(code)


@pytest.mark.parametrize(
    ("code", "not_told"),
    [
        (BATCH + "F.dropout(x, 0.2, training=False).sum().backward()", "multiplies what it keeps"),
        (BATCH + "(nn.BatchNorm1d(2)(x) * torch.tensor([[1.], [2.], [0.]])).sum().backward()", "add up to the same"),
        (BATCH + "nn.BatchNorm1d(2).eval()(x).sum().backward()", "add up to the same"),
        (BATCH + "F.cross_entropy(x, torch.tensor([0, 1, 1]), reduction='sum').backward()", "one-hot"),
        (BATCH + "F.cross_entropy(x, torch.tensor([0, 1, 1]), weight=torch.tensor([1., 3.])).backward()", "one-hot"),
        (WEIGHT + "opt = torch.optim.Adam([w], lr=0.1)\n" + STEP.replace("0.5 *", "1e-8 *"), "by the rate"),
        (WEIGHT + "opt = torch.optim.SGD([w], lr=0.1)\n" + STEP, "adds"),
    ],
)
def test_nothing_is_told_where_it_does_not_hold(code: str, not_told: str) -> None:
    assert not_told not in said(code)


def test_the_first_step_of_adam_is_the_rate() -> None:
    """As PyTorch 2: [0.9, -2.1], for gradients of 3 and 0.5."""
    document = nabla.backprop(HEAD + WEIGHT + "opt = torch.optim.Adam([w], lr=0.1)\n" + STEP)
    assert document.values["forward"]["w"] == pytest.approx([0.9, -2.1], abs=1e-6)


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("z = torch.tensor([1 + 2j], requires_grad=True)", "two tensors"),
        ("import jax\njax.grad(lambda z: abs(z) ** 2)(1 + 2j)", "two tensors"),
        ("import tensorflow as tf\nx = tf.Variable(3.0)", "PyTorch"),
    ],
)
def test_what_is_not_run_names_what_is(code: str, hint: str) -> None:
    with pytest.raises(UserError) as refused:
        nabla.backprop(HEAD + code)
    assert hint in refused.value.hint
