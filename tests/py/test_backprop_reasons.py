"""The step at which a gradient becomes another than one expects: told with its line, and nothing untrue beside it."""

import pytest

import nabla

X = "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\n"
REASONS: list[tuple[str, str, str, int]] = [
    # program, words of the sentence, kind of the finding, its line
    (X + "y = x.clone()\ny[0] = 5.0\n(y * y).sum().backward()\nprint(x.grad)", "element 0 gets the gradient 0",
     "overwritten", 4),
    (X + "y = x[torch.tensor([1, 1, 0])]\ny.sum().backward()\nprint(x.grad)", "index 1 is picked 2 times in line 3",
     "picked-several-times", 3),
    (X + "g, = torch.autograd.grad((x ** 3).sum(), x)\nprint(torch.autograd.grad(g.sum(), x))",
     "is a constant: give create_graph=True", "detached", 4),
    (X + "y = torch.tensor(x.sum().item() * 2, requires_grad=True)\nprint(torch.autograd.grad(y ** 2, x))",
     "appears to not have been used", "raises", 4),
    (X + "y = torch.tensor(x[0].item(), requires_grad=True)\n(y + x.detach()).sum().backward()\nprint(x.grad)",
     "x.grad is None", "detached", 4),
    (X + "y = torch.relu(x - 5)\n((y - 1) ** 2).sum().backward()\nprint(x.grad)", "relu in line 3 lets no gradient",
     "dead-relu", 3),
    (X + "y = torch.sigmoid(x * 40)\ny.sum().backward()\nprint(x.grad)", "saturated", "saturated", 3),
    (X + "y = torch.log(torch.exp(x * 500).sum())\ny.backward()\nprint(x.grad)", "is more than a float32 holds",
     "not-finite", 3),
    ("import torch\nw = torch.tensor(3.0, requires_grad=True)\nopt = torch.optim.SGD([w], lr=0.1)\nfor _ in range(3):\n"
     "    loss = w ** 2\n    w = w * 1.0\n    opt.zero_grad()\n    loss.backward()\n    opt.step()",
     "makes w the name of another tensor", "rebound", 6),
]  # fmt: skip


@pytest.mark.parametrize(("program", "words", "kind", "line"), REASONS)
def test_the_line_is_named_and_why(program: str, words: str, kind: str, line: int) -> None:
    document = nabla.backprop(program)
    assert document.answer is not None and words in document.answer.text
    assert (kind, line) in [(found["kind"], found["line"]) for found in document.values["findings"]]


def test_a_hook_is_told_beside_the_derivative() -> None:
    document = nabla.backprop(X + "x.register_hook(lambda g: g * 2)\n(x ** 2).sum().backward()\nprint(x.grad)")
    assert document.answer is not None
    assert "[2, 4], and the hook of line 3 makes [4, 8] of it in x.grad" in document.answer.text


def test_what_was_changed_after_the_pass_is_no_sum_of_passes() -> None:
    code = X + "(x * torch.tensor([3.0, 4.0])).sum().backward()\ntorch.nn.utils.clip_grad_norm_([x], 1.0)"
    text = nabla.backprop(code).answer.text  # type: ignore[union-attr]
    assert "0.2 times what the backward pass gave, [3, 4]" in text and "passes" not in text


def test_a_gradient_that_was_set_to_none_starts_anew() -> None:
    document = nabla.backprop(X + "(x ** 2).sum().backward()\nx.grad = None\n(x ** 3).sum().backward()\nprint(x.grad)")
    told = " ".join(getattr(block, "text", "") for block in document.blocks if block.kind == "prose")
    assert "added up" not in told and document.values["grads"]["x"] == [3.0, 12.0]


def test_the_vector_that_backward_is_given_is_told() -> None:
    document = nabla.backprop(X + "y = x * 2\ny.backward(torch.tensor([0.1, 1.0]))\nprint(x.grad)")
    assert document.answer is not None and "the vector that line 4 gives, [0.1, 1]" in document.answer.text


def test_values_and_tuples_are_judged_by_what_is_printed() -> None:
    code = "import torch\ndef f(x, y):\n    return x ** 2 * y\n"
    code += "print(torch.autograd.functional.hessian(f, (torch.tensor(1.0), torch.tensor(2.0))))"
    assert nabla.backprop(code, claim="[[4, 2], [2, 0]]").values["claim"]["verdict"] == "right"
    steps = "import torch\nw = torch.tensor([1.0], requires_grad=True)\nopt = torch.optim.SGD([w], 0.1, momentum=0.9)\n"
    steps += (
        "for _ in range(2):\n    opt.zero_grad()\n    (w ** 2).sum().backward()\n    opt.step()\n    print(w.item())"
    )
    assert nabla.backprop(steps, claim="printed w = [0.8, 0.46]").values["claim"]["verdict"] == "right"
    assert nabla.backprop(steps, claim="printed w = [0.8, 0.64]").values["claim"]["verdict"] == "undecided"


def test_a_batch_of_one_may_be_left_out_of_a_claim() -> None:
    code = "import torch\nz = torch.tensor([[1.0, 2.0]], requires_grad=True)\n(z ** 2).sum().backward()"
    assert nabla.backprop(code, claim="[2, 4]").values["claim"]["verdict"] == "right"
    assert nabla.backprop(code, claim="[2, 5]").values["claim"]["verdict"] == "wrong"


def test_a_running_sum_taken_forward_again_is_a_mistake_that_is_known() -> None:
    code = X + "(x.cumsum(0) * torch.tensor([1.0, 10.0])).sum().backward()"
    claim = nabla.backprop(code, claim="[1, 11]").values["claim"]
    assert claim["verdict"] == "wrong" and claim["mistakes"][0]["id"] == "running-direction"


def test_gradients_of_several_samples_are_judged_as_they_are_printed() -> None:
    code = "import torch\nfrom torch.func import grad, vmap\nw = torch.tensor([1.0, 2.0])\nX = torch.eye(2)\n"
    code += "print(vmap(grad(lambda w, x: (w @ x) ** 2), in_dims=(None, 0))(w, X))"
    assert nabla.backprop(code, claim="[[2, 0], [0, 4]]").values["claim"]["verdict"] == "right"
    forward = X + "p = torch.softmax(x, 0)\nprint(p)\n(-p.log()[0]).backward()\nprint(x.grad)"
    claim = nabla.backprop(forward, claim="[0.26894, 0.73106]").values["claim"]
    assert claim["verdict"] == "wrong"


def test_places_and_truths_are_arrays_in_jax() -> None:
    code = "import jax\nimport jax.numpy as jnp\nx = jnp.array([1.0, 3.0, 2.0])\n"
    assert (
        nabla.backprop(code + "print(jnp.argmax(x).astype(float), x.argmax().astype(float))").values["raises"] is None
    )
    found = nabla.backprop(code + "f = jax.jit(lambda x: x if x.any() else -x)\nprint(f(x))").values["raises"]
    assert found is not None and found["type"] == "TracerBoolConversionError"


def test_a_print_under_jit_has_no_numbers_yet() -> None:
    code = "import jax\n@jax.jit\ndef f(x):\n    print(x)\n    return x * 2\nprint(f(3.0))"
    document = nabla.backprop(code)
    assert document.values["findings"][0]["kind"] == "no-numbers-yet"
    assert document.answer is not None and "asks for no gradient" not in document.answer.text


def test_a_derivative_in_a_direction_is_told_as_it_is_printed() -> None:
    code = X + "print(torch.func.jvp(lambda x: x.pow(2).sum(), (x,), (torch.tensor([1.0, 1.0]),)))"
    document = nabla.backprop(code)
    assert document.answer is not None and "the derivative in that direction by x = 6" in document.answer.text


def test_a_weight_after_its_step_is_no_gradient_and_is_right() -> None:
    code = "import torch\nw = torch.tensor([1.0], requires_grad=True)\n"
    code += "opt = torch.optim.SGD([w], lr=0.1, weight_decay=0.1)\n(w ** 2).sum().backward()\nopt.step()\nprint(w)"
    assert nabla.backprop(code, claim="0.79").values["claim"]["verdict"] == "right"
    assert nabla.backprop(code, claim="0.77").values["claim"]["verdict"] == "wrong"
