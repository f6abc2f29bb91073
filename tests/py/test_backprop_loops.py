"""Training loops of PyTorch: what is forgotten in them, with its line; right loops are left alone."""

import pytest

import nabla

LOOP = """import torch
import torch.nn as nn
torch.manual_seed(0)
x = torch.linspace(-1, 1, 8).reshape(-1, 1)
y = 3 * x + 0.5
model = nn.Sequential(nn.Linear(1, 3), nn.Tanh(), nn.Linear(3, 1))
head = nn.Linear(1, 1)
optimizer = torch.optim.SGD([*model.parameters(), *head.parameters()], lr=0.1)
loss_fn = nn.MSELoss()
for epoch in range(4):
    optimizer.zero_grad()
    loss = loss_fn(head(model(x)), y)
    loss.backward()
    optimizer.step()
"""
BY_HAND = """import torch
x = torch.linspace(-1, 1, 8)
w = torch.tensor(0.5, requires_grad=True)
for i in range(4):
    loss = ((w * x - 2 * x) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w.grad.zero_()
"""
SUMMED = """import torch
w = torch.tensor(0.5, requires_grad=True)
optimizer = torch.optim.Adam([w], lr=0.1)
for i in range(3):
    optimizer.zero_grad()
    for x in (1.0, 2.0):
        ((w * x - 2) ** 2).backward()
    optimizer.step()
"""


def findings(code: str) -> list[tuple[str, int]]:
    document = nabla.run("backprop", {"code": code})
    return [(item["kind"], item["line"]) for item in document.values.get("findings", [])]


@pytest.mark.parametrize("code", [LOOP, BY_HAND, SUMMED])
def test_right_loops_are_left_alone(code: str) -> None:
    assert findings(code) == []


@pytest.mark.parametrize(
    ("code", "old", "new", "found"),
    [
        (LOOP, "    optimizer.zero_grad()\n", "", [("missing-zero-grad", 12)]),
        (BY_HAND, "        w.grad.zero_()\n", "", [("missing-zero-grad", 6)]),
        (LOOP, "    optimizer.step()\n", "", [("missing-step", 13)]),
        (
            LOOP,
            "    optimizer.step()\n",
            "    optimizer.zero_grad()\n    optimizer.step()\n",
            [("zero-grad-order", 14)],
        ),
        (LOOP, "[*model.parameters(), *head.parameters()]", "model.parameters()", [("not-in-optimizer", 8)]),
        (LOOP, "y = 3 * x + 0.5", "y = (3 * x + 0.5).flatten()", [("shape-broadcast", 12)]),
    ],
)
def test_what_is_forgotten_is_named_with_its_line(code: str, old: str, new: str, found: list[tuple[str, int]]) -> None:
    assert old in code
    assert findings(code.replace(old, new)) == found


def test_a_sigmoid_before_a_loss_that_takes_one_is_named() -> None:
    code = LOOP.replace("nn.MSELoss()", "nn.BCEWithLogitsLoss()").replace("y = 3 * x + 0.5", "y = (x > 0).float()")
    assert findings(code) == []
    assert findings(code.replace("head(model(x))", "torch.sigmoid(head(model(x)))")) == [("softmax-twice", 12)]


def test_the_sentence_names_what_is_forgotten() -> None:
    document = nabla.run("backprop", {"code": LOOP.replace("    optimizer.step()\n", "")})
    assert document.answer is not None
    assert document.answer.text.startswith("The optimizer of line 8 never takes a step")


def test_lbfgs_takes_its_steps_by_a_closure() -> None:
    code = """
import torch
p = torch.tensor([1.0, -2.0], requires_grad=True)
opt = torch.optim.LBFGS([p], lr=1)
def closure():
    opt.zero_grad()
    loss = (p**2).sum() + p[0]*p[1]
    loss.backward()
    return loss
for _ in range(3):
    opt.step(closure)
print(p)
"""
    assert not nabla.run("backprop", {"code": code}).values.get("findings")
