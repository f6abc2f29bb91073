"""Programs with the one line changed that the answer blames: what they print then, as PyTorch 2 prints it."""

from __future__ import annotations

import pytest

import nabla

SECOND = """import torch
x = torch.tensor(0.7, requires_grad=True)
y = torch.sin(x) * x
dy, = torch.autograd.grad(y, x)
d2y, = torch.autograd.grad(dy, x)
print(d2y)
"""
LEAF = """import torch
theta = torch.tensor([3.0, -1.0], requires_grad=True)
for step in range(3):
    cost = ((theta - torch.tensor([1.0, 2.0]))**2).sum()
    cost.backward()
    theta -= 0.25 * theta.grad
    theta.grad.zero_()
print(theta)
"""
IN_PLACE = """import torch
h = torch.tensor([0.5], requires_grad=True)
s = torch.tanh(h)
s *= 2
s.sum().backward()
print(h.grad)
"""
ITEM = """import torch
w = torch.tensor(2.0, requires_grad=True)
total = 0
for x in (1.0, 3.0):
    total += ((w * x) ** 2).item()
loss = torch.tensor(total)
loss.backward()
print(w.grad)
"""
INTERMEDIATE = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
h = x ** 2
h.sum().backward()
print(h.grad)
"""
ADDED = """import torch
w = torch.tensor(1.0, requires_grad=True)
for turn in range(3):
    ((w * 2 - 2.5) ** 2 * 3).backward()
    print(w.grad)
"""
LOGITS = """import torch
import torch.nn as nn
logit = torch.tensor([1.2, -0.4], requires_grad=True)
loss = nn.BCEWithLogitsLoss()(torch.sigmoid(logit), torch.tensor([1.0, 0.0]))
loss.backward()
print(round(loss.item(), 4))
"""


@pytest.mark.parametrize(
    ("program", "line", "printed"),
    [
        (SECOND, 4, ["tensor(1.0787)"]),
        (LEAF, 6, ["tensor([1.2500, 1.6250], requires_grad=True)"]),
        (IN_PLACE, 4, ["tensor([1.5729])"]),
        (INTERMEDIATE, 3, ["tensor([1., 1.])"]),
        (ADDED, 4, ["tensor(-6.)", "tensor(-6.)", "tensor(-6.)"]),
        (LOGITS, 4, ["0.3881"]),
    ],
)
def test_the_changed_program_runs_to_its_end(program: str, line: int, printed: list[str]) -> None:
    cured = nabla.backprop(program).values["cured"]
    assert (cured["line"], cured["printed"]) == (line, printed)


def test_a_change_that_does_not_help_is_not_shown() -> None:
    """The numbers leave the graph once more, by torch.tensor."""
    values = nabla.backprop(ITEM).values
    assert values["raises"] and "cured" not in values


def test_a_claim_is_judged_beside_the_changed_program() -> None:
    document = nabla.backprop(SECOND, claim="1.0787")
    assert document.values["claim"]["verdict"] == "right"
    assert document.answer is not None and "once line 4 is changed" in document.answer.text
    assert nabla.backprop(SECOND, claim="1.2").values["claim"]["verdict"] == "wrong"


def test_a_gradient_by_hand_of_tensors_that_are_followed_is_held_beside_the_tape() -> None:
    program = """import torch
X = torch.tensor([[1., -2.], [0.5, 3.]])
W = torch.tensor([[1., -1., 0.5], [0.25, 0.5, -1.]], requires_grad=True)
Z = X @ W
H = torch.relu(Z)
L = (H**2).sum()
L.backward()
dW = X.T @ (2*H * (H > {}).float())
print(W.grad, dW.detach())
"""
    assert nabla.backprop(program.format(1)).values["by_hand"]["dW"]["verdict"] == "wrong"
    assert nabla.backprop(program.format(0)).values["by_hand"]["dW"]["verdict"] == "right"


@pytest.mark.parametrize(
    ("prose", "verdict", "word"),
    [
        ("I get 0.5 from pytorch and 2 by hand", "wrong", "1/N of the mean"),
        ("I calculated 2 + 0*x = 2 but pytorch says 0.5", "wrong", "1/N of the mean"),
        ("I computed loss = (2 + 4 + 6 + 8)/4 = 6, is that right?", "wrong", "it is 5"),
    ],
)
def test_what_is_worked_out_in_prose_is_judged(prose: str, verdict: str, word: str) -> None:
    program = """
import torch
x = torch.tensor([1., 2., 3., 4.], requires_grad=True)
loss = (x * 2).mean()
loss.backward()
print(x.grad)
"""
    document = nabla.ask(prose + "\n" + program)
    assert document.values["claim"]["verdict"] == verdict
    assert document.answer is not None and word in document.answer.text


def test_the_activation_of_another_layer_is_not_taken_away() -> None:
    """The sigmoid of the hidden layer stands first, that in front of the loss is the one too many."""
    program = """import torch
import torch.nn as nn
w = torch.tensor([1.0, -2.0], requires_grad=True)
h = torch.sigmoid(w)
loss = nn.BCEWithLogitsLoss()(torch.sigmoid(3 * h), torch.tensor([1.0, 0.0]))
loss.backward()
print(round(loss.item(), 4))
"""
    assert nabla.backprop(program).values["cured"]["line"] == 5
