"""The programs that are offered for download run and agree: NumPy here, PyTorch and JAX as text that holds the
figures.
"""

import pytest

import nabla
from nabla.document import Code

PROGRAMS = {
    "scalars": "x = torch.tensor(2.0)\ny = torch.tensor(2.0)\nw = torch.tensor(3.0, requires_grad=True)\nloss = (w * "
               "x - y) ** 2\nloss.backward()\n",
    "mean": "x = torch.ones(2, 2, requires_grad=True)\ny = x + 2\nout = (y * y * 3).mean()\nout.backward()\n",
    "net": "torch.manual_seed(0)\nX = torch.randn(4, 3)\nW = torch.randn(3, 2, requires_grad=True)\nb = "
           "torch.zeros(2, requires_grad=True)\n"
    "h = torch.tanh(X @ W + b)\nloss = ((h - 1) ** 2).mean() + h.sum(dim=0).abs().sum()\nloss.backward()\n",
    "layers": "import torch.nn as nn\nm = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1), nn.Sigmoid())\n"
    "loss = ((m(torch.ones(4, 2)) - 0.2) ** 2).sum()\nloss.backward()\n",
    "detached": "w = torch.tensor(2.0, requires_grad=True)\ny = w * w.detach() - torch.exp(-w) / w\ny.backward()\n",
    "softmax": "z = torch.tensor([[1.0, -2.0, 0.5]], requires_grad=True)\ny = (torch.softmax(z, 1) * "
               "torch.log_softmax(z, 1)).sum()\ny.backward()\n",
    "seeded": "w = torch.tensor([1.0, -2.0], requires_grad=True)\ny = w ** 3\ny.backward(torch.tensor([1.0, 0.5]))\n",
}  # fmt: skip


def sources(code: str) -> dict[str, str]:
    (block,) = [
        b for b in nabla.backprop("import torch\n" + code).blocks if isinstance(b, Code) and "yourself" in b.title
    ]
    return {source.label: source.text for source in block.sources}


@pytest.mark.parametrize("name", PROGRAMS)
def test_numpy_by_hand_agrees(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = sources(PROGRAMS[name])
    assert list(found) == ["PyTorch", "NumPy, by hand", "JAX"]
    exec(compile(found["NumPy, by hand"], name, "exec"), {})
    assert capsys.readouterr().out == "every gradient agrees\n"
    compile(found["JAX"], name, "exec")
    assert "assert_close" in found["PyTorch"]


def test_a_wrong_gradient_would_be_noticed() -> None:
    text = sources(PROGRAMS["scalars"])["NumPy, by hand"]
    assert "d_w, 16.0" in text
    with pytest.raises(AssertionError):
        exec(compile(text.replace("d_w, 16.0", "d_w, 8.0"), "wrong", "exec"), {})
