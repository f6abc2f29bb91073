"""The programs that are offered for download run and agree: NumPy here, PyTorch and JAX as text that holds the
figures.
"""

import pytest

import nabla
from nabla.answer.document import Code
from tests.truth.gradient_exports import assertions, programs, questions

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
    assert assertions(found["PyTorch"]) >= 3


def test_a_wrong_gradient_would_be_noticed() -> None:
    text = sources(PROGRAMS["scalars"])["NumPy, by hand"]
    assert "d_w, 16.0" in text
    with pytest.raises(AssertionError):
        exec(compile(text.replace("d_w, 16.0", "d_w, 8.0"), "wrong", "exec"), {})


def test_what_was_not_recorded_is_not_followed_in_jax_either() -> None:
    found = sources(
        "w = torch.tensor(2.0, requires_grad=True)\nwith torch.no_grad():\n    a = 3 * w\ny = w * a\ny.backward()\n"
    )
    assert "a = jax.lax.stop_gradient(3 * w)" in found["JAX"]


@pytest.mark.parametrize("y", ["torch.relu(x)", "x.abs()", "torch.sqrt(x)", "x ** 0.5"])
def test_at_a_corner_only_pytorch_is_asked_for_pytorchs_convention(y: str) -> None:
    assert list(sources(f"x = torch.tensor(0.0, requires_grad=True)\ny = {y}\ny.backward()\n")) == ["PyTorch"]


def test_a_program_without_its_import_is_given_it() -> None:
    block = [b for b in nabla.backprop("w = torch.tensor(2.0, requires_grad=True)\n(w ** 2).backward()\n").blocks
             if isinstance(b, Code)][-1]  # fmt: skip
    assert "import torch\n" in block.sources[0].text.partition("w = ")[0]


QUESTIONS = sorted(questions())


@pytest.mark.parametrize("name", QUESTIONS[:: max(1, len(QUESTIONS) // 25)])
def test_every_exported_program_asserts_what_is_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All of them were run in PyTorch and JAX by tests/truth/gradient_exports.py; here those in NumPy are."""
    for label, text in programs(questions()[name]).items():
        compile(text, label, "exec")
        assert assertions(text), label
        if label.startswith("NumPy"):
            exec(compile(text, name, "exec"), {})
            assert capsys.readouterr().out == "every gradient agrees\n"


def test_numbers_that_are_printed_or_not_finite_are_asserted_too() -> None:
    found = sources(
        "x = torch.tensor(100.0, requires_grad=True)\ny = torch.where(x <= 0, torch.exp(x), 1 + x)\n"
        "print('gradient', torch.autograd.grad(y, x))\n"
    )["PyTorch"]
    assert "agrees(_printed[0][1], [torch.nan])" in found
    assert "assert x.grad is None" in found
    assert "agrees(y, 101.0)" in found
