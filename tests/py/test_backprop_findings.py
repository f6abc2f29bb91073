"""What backprop finds in a program beside its gradients."""

import nabla

SOFTMAX = """import torch
import torch.nn as nn
logits = torch.tensor([[20.0, 0.0, -5.0]], requires_grad=True)
scores = {scores}
loss = nn.CrossEntropyLoss()(scores, torch.tensor([0]))
loss.backward()
"""


def test_a_softmax_before_the_cross_entropy_is_found_with_its_line() -> None:
    found = nabla.backprop(SOFTMAX.format(scores="nn.Softmax(dim=1)(logits)")).values["findings"]
    assert [(item["kind"], item["line"]) for item in found] == [("softmax-twice", 5)]
    assert "findings" not in nabla.backprop(SOFTMAX.format(scores="logits * 1")).values


def test_an_exception_is_a_finding_with_line_and_cure() -> None:
    program = "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\ny.backward()\n"
    (found,) = nabla.backprop(program).values["findings"]
    assert found["line"] == 4
    assert ".sum()" in found["cure"]


def test_a_hook_that_replaces_an_adjoint_is_not_held_against_differences() -> None:
    program = (
        "import torch\nx = torch.tensor(2.0, requires_grad=True)\ny = x ** 2\n"
        "y.register_hook(lambda g: g * 10)\n(3 * y).backward()\n"
    )
    document = nabla.backprop(program)
    assert document.values["grads"]["x"] == 120
    assert {check.verdict for check in document.checks} == {"unchecked"}


def test_gradcheck_is_imported_by_its_name() -> None:
    program = (
        "import torch\nfrom torch.autograd import gradcheck\n"
        "x = torch.tensor([1.0, 2.0], dtype=torch.double, requires_grad=True)\nprint(gradcheck(torch.sin, (x,)))\n"
    )
    assert nabla.backprop(program).values["printed"][0]["text"] == "True"
