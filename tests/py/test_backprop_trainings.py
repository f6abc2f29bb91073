"""Trainings of PyTorch: right ones of every style are left alone, one fault is found with its line."""

import random

import pytest

import nabla
from nabla.labs.backprop.loops import found_in
from nabla.labs.backprop.run import run
from nabla.labs.backprop.why import added_up
from tests.py.torch_trainings import FAULTS, drawn, written

HEAD = """import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
torch.manual_seed(1)
"""
LOOP = """for i in range(20):
    opt.zero_grad()
    loss = F.mse_loss(net(X), y)
    loss.backward()
    opt.step()
"""
DATA = "X = torch.randn(30, 3)\ny = X[:, :1]\n"
GAN = """G = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
D = nn.Sequential(nn.Linear(1, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1), nn.Sigmoid())
g_opt, d_opt = optim.Adam(G.parameters(), lr=1e-3), optim.Adam(D.parameters(), lr=1e-3)
for epoch in range(20):
    real, fake = torch.randn(16, 1) * 0.5 + 2, G(torch.randn(16, 2))
    d_opt.zero_grad()
    a = F.binary_cross_entropy(D(real), torch.ones(16, 1))
    b = F.binary_cross_entropy(D(fake.detach()), torch.zeros(16, 1))
    (a + b).backward()
    d_opt.step()
    g_opt.zero_grad()
    F.binary_cross_entropy(D(fake), torch.ones(16, 1)).backward()
    g_opt.step()
"""
FROZEN = """backbone = nn.Sequential(nn.Linear(3, 8), nn.ReLU())
for p in backbone.parameters():
    p.requires_grad = False
net = nn.Sequential(backbone, nn.Linear(8, 1))
opt = optim.SGD(filter(lambda p: p.requires_grad, net.parameters()), lr=0.1)
"""
SUMMED = """net = nn.Linear(3, 1)
opt = optim.SGD(net.parameters(), lr=0.1)
opt.zero_grad()
for i in range(32):
    (F.mse_loss(net(X[i % 30:][:4]), y[i % 30:][:4]) / 4).backward()
    if i % 4 == 3:
        opt.step()
        opt.zero_grad()
"""
FOLDS = """for fold in range(3):
    net = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 1))
    opt = optim.Adam(net.parameters(), lr=0.02)
    for e in range(10):
        opt.zero_grad()
        F.mse_loss(net(X), y).backward()
        opt.step()
"""
REWARD = """policy = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2))
opt = optim.Adam(policy.parameters(), lr=0.01)
for e in range(10):
    chosen = F.log_softmax(policy(X), dim=1)[torch.arange(30), (X[:, 0] > 0).long()]
    loss = -(chosen * torch.ones(30)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
"""
UPHILL = """x = torch.tensor(0.5, requires_grad=True)
opt = optim.SGD([x], lr=0.1)
for i in range(20):
    opt.zero_grad()
    (-(3 - (x - 2) ** 2)).backward()
    opt.step()
"""
VALID = """net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))
opt = optim.Adam(net.parameters(), lr=0.01)
for epoch in range(10):
    net.train()
    opt.zero_grad()
    F.mse_loss(net(X), y).backward()
    opt.step()
    net.eval()
    with torch.no_grad():
        print(F.mse_loss(net(X[:5]), y[:5]))
"""
NET = "net = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 1))\nopt = optim.SGD(net.parameters(), lr=0.1)\n"
ADAM = NET.replace("SGD", "Adam")
CLASS = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = [nn.Linear(3, 8), nn.Linear(8, 8)]
        self.out = nn.Linear(8, 1)
    def forward(self, x):
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)
net = Net()
opt = optim.SGD(net.parameters(), lr=0.05)
"""
ANEW = LOOP.replace(
    "    opt.zero", "    net = nn.Linear(3, 1)\n    opt = optim.SGD(net.parameters(), lr=0.1)\n    opt.zero"
)
SORTED = """from torch.utils.data import TensorDataset, DataLoader
X = torch.cat([torch.randn(16, 2) - 2, torch.randn(16, 2) + 2])
y = torch.cat([torch.zeros(16), torch.ones(16)]).long()
loader = DataLoader(TensorDataset(X, y), batch_size=8)
net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
opt = optim.SGD(net.parameters(), lr=0.1)
for e in range(2):
    for xb, yb in loader:
        opt.zero_grad()
        F.cross_entropy(net(xb), yb).backward()
        opt.step()
"""
BY_HAND = """w = torch.tensor([1.0, -1.0], requires_grad=True)
A = torch.randn(20, 2)
t = A @ torch.tensor([2.0, 0.5])
for i in range(30):
    loss = ((A @ w - t) ** 2).mean()
    loss.backward()
    w.data += 0.05 * w.grad
    w.grad.zero_()
"""
HOUSES = """area = torch.tensor([[1400.0], [1600.0], [1700.0], [1875.0], [1100.0]])
net = nn.Linear(1, 1)
opt = optim.SGD(net.parameters(), lr=0.01)
for e in range(30):
    opt.zero_grad()
    loss = F.mse_loss(net(area), torch.tensor([[245.0], [312.0], [279.0], [308.0], [199.0]]))
    loss.backward()
    opt.step()
"""


def findings(code: str) -> list[tuple[str, int]]:
    outcome = run(code)
    found = [*found_in(outcome), *added_up(outcome)]
    return [(item["kind"], item["line"]) for item in found]


def line_of(code: str, text: str) -> int:
    return next(i for i, line in enumerate(code.split("\n"), 1) if text in line)


@pytest.mark.parametrize(
    "body", [GAN, FROZEN + LOOP, SUMMED, FOLDS, REWARD, UPHILL, VALID, NET + LOOP],
    ids=["gan", "frozen", "summed", "folds", "reward", "uphill", "validated", "plain"],
)  # fmt: skip
def test_right_trainings_of_other_kinds_are_left_alone(body: str) -> None:
    assert findings(HEAD + DATA + body) == []


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (CLASS + LOOP, "not-in-optimizer", "opt = optim"),
        (NET + LOOP.replace("F.mse_loss(net(X), y)", "torch.tensor(F.mse_loss(net(X), y).item(), requires_grad=True)"),
         "detached", "torch.tensor(F"),
        (NET + LOOP.replace("net(X)", "torch.round(net(X))"), "zero-slope", "torch.round"),
        (ANEW, "state-overwritten", "net = nn"),
        (NET.replace("nn.Linear(6, 1)", "nn.Linear(6, 1), nn.ReLU()") + LOOP, "target-range", "net = nn"),
        (NET + LOOP.replace("net(X), y", "net(X), y[:, 0]"), "shape-broadcast", "F.mse_loss"),
        (NET + LOOP.replace("F.mse_loss(net(X), y)", "((net(X) - y[:, 0]) ** 2).mean()"), "shape-broadcast", "(net(X)"),
        (VALID.replace("    net.train()\n", ""), "eval-mode", "net.eval"),
        (VALID.replace("    net.eval()\n", ""), "train-mode", "y[:5]"),
        (SORTED, "not-shuffled", "for xb"),
        (BY_HAND, "sign", "w.data +="),
        (HOUSES, "rate-too-large", "opt = optim"),
        (HOUSES, "unscaled-features", "net(area)"),
        (ADAM + LOOP.replace("net(X), y", "net(X), 5000 + 3000 * y"), "target-scale", "F.mse_loss"),
    ],
)  # fmt: skip
def test_what_spoils_a_training_is_named_with_its_line(body: str, kind: str, text: str) -> None:
    code = HEAD + DATA + body
    assert (kind, line_of(code, text)) in findings(code)


def test_right_programs_of_every_style_of_pytorch_are_left_alone() -> None:
    rng = random.Random(40)
    for _ in range(25):
        made = written(drawn(rng))
        assert made is not None
        assert findings(made[0]) == [], made[0]


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_found_with_its_line(fault: str) -> None:
    rng = random.Random(41)
    programs = [made for made in (written(drawn(rng), fault) for _ in range(120)) if made is not None][:3]
    assert len(programs) == 3
    for code, lines in programs:
        assert any(kind == fault and line in lines for kind, line in findings(code)), code


def test_the_answer_begins_with_the_fault_and_tells_how_the_loss_goes() -> None:
    document = nabla.run("backprop", {"code": HEAD + DATA + HOUSES})
    assert document.answer is not None
    assert document.answer.text.startswith("The rate 0.01 is too large: the loss goes from")
    assert "in 30 passes the loss goes from" in document.answer.text
    assert any(block.kind == "plot" and block.title == "The loss" for block in document.blocks)
