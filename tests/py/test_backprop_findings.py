"""What backprop finds in a program beside its gradients."""

import pytest

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


LOOP = """import torch
w = torch.tensor(2.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for i in range({turns}):
    {clear}
    loss = (w - 3) ** 2
    loss.backward()
    opt.step()
"""


@pytest.mark.parametrize("turns", [2, 3, 9])
def test_gradients_that_nothing_clears_are_found_with_their_line(turns: int) -> None:
    document = nabla.backprop(LOOP.format(turns=turns, clear="pass"))
    assert [(f["kind"], f["line"]) for f in document.values["findings"]] == [("missing-zero-grad", 7)]
    assert "findings" not in nabla.backprop(LOOP.format(turns=turns, clear="opt.zero_grad()")).values
    if turns == 3:
        assert document.answer.text.startswith("w.grad holds -4.48 = (-2) + (-1.6) + (-0.88), the sum of 3 passes")


@pytest.mark.parametrize(
    ("lines", "kind", "line"),
    [
        ("b = a * 2\nb.sum().backward()\nprint(a.grad, b.grad)", "non-leaf", 3),
        ("b = torch.ones(2)\n(a * b).sum().backward()\nprint(b.grad)", "detached", 3),
        ("c = a.detach().requires_grad_()\n(a * 2).sum().backward()\nprint(c.grad)", "detached", 3),
        ("b = a * 2\nb.retain_grad()\nb.sum().backward()\nprint(b.grad)", None, 0),
    ],
)
def test_a_gradient_that_is_none_where_it_is_printed_has_its_reason(lines: str, kind: str | None, line: int) -> None:
    values = nabla.backprop("import torch\na = torch.tensor([2.0, 3.0], requires_grad=True)\n" + lines).values
    assert [(f["kind"], f["line"]) for f in values.get("findings", [])] == ([(kind, line)] if kind else [])


def test_the_step_at_which_a_gradient_becomes_nan_is_named() -> None:
    code = "import torch\nx = torch.tensor([1.0, 0.0], requires_grad=True)\n"
    code += "y = torch.where(x > 0, torch.sqrt(x), torch.zeros(2))\ny.sum().backward()\n"
    document = nabla.backprop(code)
    (found,) = document.values["findings"]
    assert (found["kind"], found["line"]) == ("not-finite", 3) and "where" in found["cure"]
    assert "`sqrt` has no finite slope at 0" in found["cause"]


def test_what_a_library_takes_at_a_corner_is_in_the_sentence() -> None:
    code = "import jax\nimport jax.numpy as jnp\nprint(jax.grad(lambda x: jnp.sum(jnp.abs(x)))(jnp.array([1.0, 0.0])))"
    assert "abs in line 3 is at its corner" in nabla.backprop(code).answer.text
    assert "takes 1" in nabla.backprop(code).answer.text


@pytest.mark.parametrize(
    ("code", "dialect", "shown"),
    [
        ("f = lambda x: np.sum((x - 1) ** 2)\nprint(grad(f)(np.zeros(2)))", "autograd", "[-2. -2.]"),
        ("f = lambda x: jnp.sin(x)\nprint(grad(f)(0.0))", "jax", "1.0"),
        ("x = torch.tensor(2.0, requires_grad=True)\nprint(grad(x ** 2, x))", "torch", "(tensor(4.),)"),
        ("grad = 3\nprint(grad)", "numpy", "3"),
    ],
)
def test_grad_without_its_import_is_that_of_the_dialect(code: str, dialect: str, shown: str) -> None:
    values = nabla.backprop(code).values
    assert (values["dialect"], values["printed"][0]["text"]) == (dialect, shown)


def test_gradients_that_are_gathered_on_purpose_are_no_finding() -> None:
    code = LOOP.format(turns=10, clear="pass").replace("    opt.step()\n", "")
    code += "    if i % 4 == 3:\n        opt.step()\n        opt.zero_grad()\n"
    assert "findings" not in nabla.backprop(code).values


@pytest.mark.parametrize(
    ("lines", "kind", "cause"),
    [
        ("b = a.detach()\n(b * 3).sum().backward()", "detached", "Line 3 cuts `b` off"),
        ("with torch.no_grad():\n    b = a * 2\nb.sum().backward()", "detached", "by `no_grad()`"),
        ("b = a.exp()\nb += 1\nb.sum().backward()", "in-place", "line 4 changed it in place"),
        ("b = (a * a).sum()\nb.backward()\nb.backward()", "second-backward", ""),
        ("a += 1", "in-place", ""),
    ],
)
def test_errors_of_pytorch_have_their_kind_and_what_led_to_them(lines: str, kind: str, cause: str) -> None:
    values = nabla.backprop("import torch\na = torch.tensor([2.0, 3.0], requires_grad=True)\n" + lines).values
    (found,) = values["findings"]
    assert found["kind"] == kind and cause in found["cause"] and found["cure"]


def test_a_gradient_that_was_none_in_the_middle_has_its_reason_though_its_name_is_another_tensor_now() -> None:
    program = (
        "import torch\na = torch.ones(3, requires_grad=True)\na = a.view(3, 1)\na.sum().backward()\nprint(a.grad)\n"
        "a = torch.ones(3, requires_grad=True)\na.sum().backward()\nprint(a.grad)\n"
    )
    document = nabla.backprop(program)
    assert [(item["kind"], item["line"]) for item in document.values["findings"]] == [("non-leaf", 3)]
    assert document.answer is not None and "in line 5 is None" in document.answer.text
