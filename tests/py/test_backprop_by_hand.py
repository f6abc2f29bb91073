"""Backward passes written by hand in NumPy: each gradient beside the tape's, and the mistake that gives a wrong one."""

import numpy as np
import pytest

import nabla

PASS = """import numpy as np

def sigmoid(a):
    return 1 / (1 + np.exp(-a))

np.random.seed(3)
X = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
t = np.array([[0.0], [1.0], [1.0], [0.0]])
W0 = 2 * np.random.random((3, 4)) - 1
W1 = 2 * np.random.random((4, 1)) - 1
z = X @ W0
h = sigmoid(z)
out = sigmoid(h @ W1)
loss = 0.5 * np.sum((out - t) ** 2)
delta = (out - t) * out * (1 - out)
dh = {dh}
dW0 = X.T @ dh
dW1 = {dW1}
total = np.sum(dW1)
"""
RIGHT = {"dh": "delta @ W1.T * h * (1 - h)", "dW1": "h.T @ delta"}


def by_hand(**lines: str) -> dict[str, dict]:
    return nabla.backprop(PASS.format(**(RIGHT | lines))).values["by_hand"]


def test_right_gradients_are_said_to_be_right_and_the_loss_is_what_is_called_so() -> None:
    document = nabla.backprop(PASS.format(**RIGHT))
    assert {name: item["verdict"] for name, item in document.values["by_hand"].items()} == {
        "dW0": "right",
        "dW1": "right",
    }
    assert "loss" in document.title
    assert {check.verdict for check in document.checks} == {"passed"}


@pytest.mark.parametrize(
    ("name", "line", "rule", "where"),
    [
        ("dh", "delta @ W1.T", "A01", "h (line 4)"),
        ("dh", "delta @ W1.T * h", "A05", "h (line 4)"),
        ("dh", "delta @ W1.T * z * (1 - z)", "A04", "h (line 4)"),
        ("dh", "delta @ W1.T * (1 - h)", "A01", "h (line 4)"),
        ("dh", "-delta @ W1.T * h * (1 - h)", "A21", ""),
        ("dW1", "-h.T @ delta", "A21", ""),
        ("dW1", "h.T @ (out - t)", "A01", "out (line 4)"),
        ("dW1", "h.T @ delta / 4", "A03", "sum (line 14)"),
        ("dW1", "2 * h.T @ delta", "A01", "loss (line 14)"),
    ],
)
def test_the_mistake_in_a_wrong_one_is_named(name: str, line: str, rule: str, where: str) -> None:
    values = by_hand(**{name: line})["dW0" if name == "dh" else name]
    assert values["verdict"] == "wrong"
    found = [(mistake["rule"], mistake["where"]) for mistake in values["mistakes"]]
    assert (rule, where) in found


def test_names_that_mean_something_else_are_left_alone() -> None:
    code = "import numpy as np\nw = np.array([1.0, 2.0])\nd = w * 2\ndata = w + 1\nloss = np.sum(d * data)\n"
    assert "by_hand" not in nabla.backprop(code).values


BESIDE = """import numpy as np
import torch

X = np.array([[0.4, -1.1], [1.3, 0.2]])
t = np.array([[1.0], [0.0]])
W1 = np.array([[0.3, -0.2, 0.6], [0.1, 0.5, -0.4]])
W2 = np.array([[0.7], [-0.3], [0.2]])
h = np.tanh(X @ W1)
loss = np.mean((h @ W2 - t) ** 2)
dout = 2 * (h @ W2 - t) / len(X)
dW2 = h.T @ dout
dW1 = X.T @ (dout @ W2.T * {slope})
w1 = torch.tensor(W1, requires_grad=True)
w2 = torch.tensor(W2, requires_grad=True)
((torch.tanh(torch.tensor(X) @ w1) @ w2 - torch.tensor(t)) ** 2).mean().backward()
print(w1.grad)
"""


def test_a_pass_by_hand_beside_autograd_is_judged_as_well() -> None:
    values = nabla.backprop(BESIDE.format(slope="(1 - h)")).values
    assert values["by_hand"]["dW2"]["verdict"] == "right"
    assert values["gradient_check"] == {
        "verdict": "wrong",
        "findings": [{"kind": "missing-square", "line": 12, "component": "dW1"}],
    }
    assert np.allclose(values["by_hand"]["dW1"]["right"], values["grads"]["w1"])
    assert nabla.backprop(BESIDE.format(slope="(1 - h**2)")).values["gradient_check"]["verdict"] == "right"


def test_what_cannot_be_followed_in_numpy_is_not_judged_and_spoils_nothing() -> None:
    code = (
        "import numpy as np\nimport torch\nW = np.array([[2.0, 1.0], [0.0, 3.0]])\n"
        "dW = np.linalg.matrix_power(W, 2) + np.interp(W, [0, 1], [0, 1])\n"
        "w = torch.tensor(W, requires_grad=True)\n(w ** 2).sum().backward()\n"
    )
    values = nabla.backprop(code).values
    assert values["grads"]["w"] == [[4.0, 2.0], [0.0, 6.0]] and "by_hand" not in values


FORMULA = """import torch
import torch.nn.functional as F
z = torch.tensor([[1.0, 2.0, 0.5], [0.1, -1.0, 3.0]], requires_grad=True)
t = torch.tensor([1, 2])
loss = F.cross_entropy(z, t)
loss.backward()
p = torch.softmax(z.detach(), dim=1)
{name} = {formula}
print(z.grad)
print({name})
"""


@pytest.mark.parametrize(
    ("name", "formula", "verdict"),
    [
        ("manual", "(p - F.one_hot(t, 3).float()) / 2", "right"),
        ("manual", "p - F.one_hot(t, 3).float()", "wrong"),
        ("grad_z", "p - F.one_hot(t, 3).float()", "wrong"),
        ("my_grad", "(p - F.one_hot(t, 3)) / 2", "right"),
        ("grad_scaled", "z.grad * 0.5", ""),  # made of the gradient: nobody says that it is one
        ("probabilities", "p * 1", ""),
    ],
)
def test_a_formula_by_hand_beside_pytorch_is_judged(name: str, formula: str, verdict: str) -> None:
    values = nabla.backprop(FORMULA.format(name=name, formula=formula)).values
    assert values.get("gradient_check", {}).get("verdict", "") == verdict
    if verdict == "wrong":
        assert values["gradient_check"]["findings"] == [{"kind": "missing-mean", "line": 8, "component": name}]


NORM = """import numpy as np
np.random.seed(0)
x = np.random.randn(4, 3); gamma = np.array([1.0, 2.0, 0.5]); beta = np.zeros(3); eps = 1e-5
mu = x.mean(0); var = x.var(0)
xhat = (x - mu) / np.sqrt(var + eps)
out = gamma * xhat + beta
dout = np.random.randn(4, 3)
dgamma = (dout * xhat).sum(0)
dbeta = dout.sum(0)
dxhat = dout * gamma
dx = ({inner}) / np.sqrt(var + eps)
"""


@pytest.mark.parametrize(("inner", "verdict"), [
    ("dxhat - dxhat.mean(0) - xhat * (dxhat * xhat).mean(0)", "right"),
    ("dxhat - dxhat.mean(0)", "wrong"),
    ("dxhat", "wrong"),
])  # fmt: skip
def test_a_layer_whose_adjoint_is_given_and_that_has_no_loss(inner: str, verdict: str) -> None:
    document = nabla.ask(f"My batch norm. The loss is sum(dout * out).\n\n```\n{NORM.format(inner=inner)}```")
    verdicts = {name: found["verdict"] for name, found in document.values["by_hand"].items()}
    assert verdicts == {"dgamma": "right", "dbeta": "right", "dx": verdict}
    assert not document.values["question"]["unused"]
    if inner == "dxhat - dxhat.mean(0)":
        assert document.answer is not None and "the one through var is left out" in document.answer.text


def test_a_pass_back_through_time_without_a_step_is_no_training() -> None:
    program = """import numpy as np
np.random.seed(0)
xs = [np.random.randn(2) for _ in range(3)]
Wx = np.random.randn(3, 2) * 0.5; Wh = np.random.randn(3, 3) * 0.5
h = np.zeros(3); hs = [h]
for x in xs:
    h = np.tanh(Wx @ x + Wh @ h); hs.append(h)
loss = 0.5 * np.sum(h ** 2)
dh = hs[-1]
dWx = np.zeros_like(Wx); dWh = np.zeros_like(Wh)
for t in reversed(range(3)):
    dz = dh * (1 - hs[t+1] ** 2)
    dWx += np.outer(dz, xs[t])
    dWh += np.outer(dz, hs[t+1])
    dh = Wh.T @ dz
"""
    document = nabla.ask(f"BPTT by hand: is my dWh right?\n\n```python\n{program}```")
    assert document.lab == "backprop"
    assert {name: found["verdict"] for name, found in document.values["by_hand"].items()} == {
        "dWh": "wrong", "dWx": "right"
    }  # fmt: skip
    right = nabla.ask(f"BPTT\n\n```python\n{program.replace('(dz, hs[t+1])', '(dz, hs[t])')}```")
    assert right.values["gradient_check"]["verdict"] == "right"


def test_adjoints_of_plain_numbers_are_those_of_the_result_and_not_of_each_other() -> None:
    code = (
        "import numpy as np\na, b, c = 2., 3., 4.\np = a*b; q = p + c; r = a - b; y = q*r\ndy = 1\n"
        "dq = dy*r; dr = dy*q\ndp = dq; dc = dq\nda = dp*b{a}; db = dp*a{b}\n"
    )
    judged = nabla.backprop(code.format(a="", b="")).values["by_hand"]
    assert {name: found["right"] for name, found in judged.items()} == {"da": 7.0, "db": -12.0, "dc": -1.0}
    assert [found["verdict"] for found in judged.values()].count("wrong") == 2
    right = nabla.backprop(code.format(a=" + dr", b=" - dr")).values["by_hand"]
    assert all(found["verdict"] == "right" for found in right.values())


def test_a_number_of_numpy_is_rounded_and_a_tensor_is_made_of_its_sizes() -> None:
    code = "import numpy as np\nz = np.array([0.5, 1.5]) @ np.array([1.0, 2.0])\nprint(round(z, 1), round(z))"
    assert nabla.backprop(code).values["printed"][0]["text"] == "3.5 4"
    code = "import torch\nt = torch.Tensor(2, 3).fill_(1.0)\nprint(t.shape, torch.Tensor([1, 2]))"
    assert nabla.backprop(code).values["printed"][0]["text"] == "torch.Size([2, 3]) tensor([1., 2.])"
