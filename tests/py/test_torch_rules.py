"""Rules of PyTorch that its own words confirm: what has no derivative, hooks of several roots, states of layers."""

import json
from pathlib import Path

import numpy as np
import pytest

import nabla
from nabla.labs.backprop.run import run
from nabla.tensor.torch.names import MODULES

TORCH = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


def printed(code: str) -> list[str]:
    return [entry["text"] for entry in run(TORCH + code).printed]


def test_floor_division_has_no_derivative_in_pytorch_and_none_that_matters_in_numpy() -> None:
    document = nabla.backprop(
        TORCH + "x = torch.tensor([7.0, 2.0], requires_grad=True)\nloss = (x // 2).sum()\nloss.backward()"
    )
    assert document.values["raises"] == {
        "type": "RuntimeError", "message": "derivative for aten::floor_divide is not implemented", "line": 6,
    }  # fmt: skip
    found = nabla.backprop("import numpy as np\nx = np.array([7.0, 2.5])\nloss = np.sum(x * 3 + x // 2)")
    assert found.values["grads"]["x"] == [3.0, 3.0]


def test_a_hook_is_run_once_whatever_the_number_of_roots() -> None:
    head = "x = torch.tensor(2.0, requires_grad=True)\ny = x * 2\ny.register_hook(lambda g: print('hook', g))\n"
    assert printed(head + "print(torch.autograd.grad([y * 3, y ** 2], [x]))") == [
        "hook tensor(11.)", "(tensor(22.),)"
    ]  # fmt: skip
    assert printed(head + "torch.autograd.backward([y * 3, y ** 2])\nprint(x.grad)") == [
        "hook tensor(11.)", "tensor(22.)"
    ]  # fmt: skip


def test_the_cross_entropy_of_logits_is_flat_where_the_sigmoid_rounds_to_the_target() -> None:
    code = "x = torch.tensor([18.0, -3.0], requires_grad=True)\n"
    code += "F.binary_cross_entropy_with_logits(x, torch.tensor([1.0, 0.0])).backward()\n"
    grads = nabla.backprop(TORCH + code).values["grads"]["x"]
    assert grads[0] == 0.0 and grads[1] == pytest.approx(0.5 / (1 + np.exp(3)), rel=1e-6)


def test_a_state_goes_from_one_layer_to_another() -> None:
    net = "def made():\n    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))\na, b = made(), made()\n"
    code = net + "a(torch.rand(4, 2))\nb.load_state_dict(a.state_dict())\n"
    code += "print(all(torch.equal(p, q) for p, q in zip(a.state_dict().values(), b.state_dict().values())))\n"
    assert printed(code) == ["True"]
    assert printed("print(nn.Linear(1, 1).state_dict())")[0].startswith("OrderedDict(")
    done = run(TORCH + "len(nn.Linear(1, 1).parameters())")
    assert done.raised is not None and done.raised.message == "object of type 'generator' has no len()"
    done = run(TORCH + "nn.Linear(2, 3).load_state_dict(nn.Linear(2, 4).state_dict())")
    assert done.raised is not None and "size mismatch for weight" in done.raised.message


@pytest.mark.parametrize("body", ["nn.init.orthogonal_(torch.ones(2, 2))", "torch.tensor(1 + 2j)"])
def test_what_is_not_there_is_a_gap_and_no_error_of_pytorch(body: str) -> None:
    with pytest.raises(nabla.errors.UserError) as found:
        run(TORCH + body)
    assert found.value.code == "not-covered"


def test_zeros_that_are_not_materialized_are_not_given() -> None:
    """PyTorch gives None for a result that is not used; with both used there is nothing to choose."""
    step = "class Two(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
    step += "        ctx.set_materialize_grads(False)\n        return x * 2, x * 3\n    @staticmethod\n"
    step += "    def backward(ctx, g, h):\n        return 2 * g + 3 * h\n"
    step += "x = torch.tensor([1., 2.], requires_grad=True)\na, b = Two.apply(x)\n"
    assert printed(step + "(a + b).sum().backward()\nprint(x.grad)") == ["tensor([5., 5.])"]
    with pytest.raises(nabla.errors.UserError) as found:
        run(TORCH + step + "a.sum().backward()")
    assert found.value.code == "not-covered"


def test_jax_runs_its_own_rules_loops_and_trees() -> None:
    code = (
        "import jax\nimport jax.numpy as jnp\n"
        "@jax.custom_vjp\ndef f(x):\n    return x ** 2\n"
        "f.defvjp(lambda x: (f(x), x), lambda x, g: (10 * x * g,))\n"
        "print(jax.grad(f)(3.0), f(3.0))\n"
        "print(jax.grad(lambda x: jax.lax.fori_loop(0, 3, lambda i, v: v * x, 1.0))(2.0))\n"
        "print(jax.tree_util.tree_map(lambda v: v * 2, {'b': 1, 'a': [2, 3]}))\n"
    )
    assert [entry["text"] for entry in run(code).printed] == ["30.0 9.0", "12.0", "{'a': [4, 6], 'b': 2}"]


def test_check_grads_finds_a_wrong_rule() -> None:
    code = (
        "import autograd.numpy as np\nfrom autograd.extend import primitive, defvjp\n"
        "from autograd.test_util import check_grads\n"
        "@primitive\ndef f(x):\n    return x ** 3\n"
        "defvjp(f, lambda ans, x: lambda g: g * {slope})\n"
        "check_grads(f, modes=['rev'], order={order})(np.array([0.7, -0.4]))\nprint('agrees')"
    )
    assert run(code.format(slope="3 * x ** 2", order=2)).printed[0]["text"] == "agrees"
    done = run(code.format(slope="3 * x", order=1))
    assert done.raised is not None and done.raised.kind == "AssertionError"
    assert done.raised.message.startswith("Derivative (VJP) check of f failed")


def test_a_pass_inside_of_a_backward_is_none_of_the_program() -> None:
    code = (
        "class Sum(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        ctx.save_for_backward(x)\n        return (x * 3).sum()\n    @staticmethod\n    def backward(ctx, g):\n"
        "        x = ctx.saved_tensors[0].detach().requires_grad_()\n        with torch.enable_grad():\n"
        "            y = (x * 3).sum()\n        return torch.autograd.grad(y, x, g)[0]\n"
        "x = torch.ones(2, requires_grad=True)\nloss = Sum.apply(x)\nloss.backward()\n"
    )
    document = nabla.backprop(TORCH + code)
    assert "loss" in document.title and document.values["grads"]["x"] == [3.0, 3.0]
    assert document.answer.text.startswith("∂loss/∂x = [3, 3]")


def test_gradients_that_were_cleared_are_said_to_be() -> None:
    code = "w = torch.tensor(2.0, requires_grad=True)\nloss = w ** 2\nloss.backward()\nw.grad.zero_()\n"
    assert nabla.backprop(TORCH + code).answer.text == "∂loss/∂w = 4 in the last pass, then cleared."


@pytest.mark.parametrize("module", ["nn", "functional", "optim", "linalg"])
def test_most_names_of_pytorch_are_there(module: str) -> None:
    listed = json.loads((Path(__file__).parents[1] / "truth" / "names.json").read_text(encoding="utf-8"))[module]
    tables = {"nn": MODULES["torch.nn"], "functional": MODULES["torch.nn.functional"],
              "optim": MODULES["torch.optim"], "linalg": MODULES["torch.linalg"]}  # fmt: skip
    assert sum(name in tables[module] for name in listed) >= 0.75 * len(listed)


RULES = {
    "jax.custom_vjp": "@jax.custom_vjp\ndef f(x):\n    return jnp.sin(x) * x\ndef fwd(x):\n    return f(x), x\n"
    "def bwd(x, g):\n    return (g * {slope},)\nf.defvjp(fwd, bwd)\n",
    "jax.custom_jvp": "@jax.custom_jvp\ndef f(x):\n    return jnp.sin(x) * x\n@f.defjvp\ndef rule(primals, tangents):\n"
    "    x, = primals\n    return f(x), tangents[0] * {slope}\n",
}


@pytest.mark.parametrize("kind", RULES)
def test_a_wrong_rule_of_jax_is_named_with_its_line(kind: str) -> None:
    head, tail = "import jax\nimport jax.numpy as jnp\n", "print(jax.grad(f)(2.0))\n"
    right = nabla.backprop(head + RULES[kind].format(slope="(jnp.cos(x) * x + jnp.sin(x))") + tail)
    assert not right.values.get("findings")
    wrong = nabla.backprop(head + RULES[kind].format(slope="jnp.cos(x) * x") + tail)
    assert wrong.answer is not None and "its forward has the derivative 0.0770" in wrong.answer.text
    assert wrong.values["findings"][0]["line"] == {"jax.custom_vjp": 9, "jax.custom_jvp": 9}[kind]


def test_derivatives_by_complex_numbers_of_jax_are_refused_by_name() -> None:
    with pytest.raises(nabla.errors.UserError) as found:
        run("import jax\nimport jax.numpy as jnp\nprint(jax.grad(lambda z: jnp.abs(z) ** 2)(3.0 + 4.0j))")
    assert found.value.code == "not-covered" and "complex" in found.value.message


def test_draws_around_a_followed_mean_have_gradients_of_0() -> None:
    code = "mu = torch.tensor([0.5, 1.0], requires_grad=True)\nz = torch.normal(mu, torch.tensor(2.0))\n"
    assert printed(code + "(z ** 2).sum().backward()\nprint(z.shape, mu.grad)") == ["torch.Size([2]) tensor([0., 0.])"]


def test_a_rule_that_gives_an_array_of_followed_numbers_is_told() -> None:
    code = (
        "import autograd.numpy as np\nfrom autograd import grad\nfrom autograd.extend import primitive, defvjp\n"
        "@primitive\ndef lse(x):\n    return np.log(np.sum(np.exp(x)))\n"
        "defvjp(lse, lambda ans, x: lambda g: np.full(x.shape, g) * np.exp(x) / ans)\n"
        "print(grad(lse)(np.array([1.0, 2.0])))"
    )
    document = nabla.backprop(code)
    assert (
        document.answer is not None and "but its forward has the derivative [0.26894, 0.73106]" in document.answer.text
    )


def test_numbers_changed_unnoticed_are_explained_by_no_mistake() -> None:
    code = "w = torch.tensor(2.0, requires_grad=True)\ny = w ** 2\nw.data.clamp_(max=1.0)\ny.backward()\nprint(w.grad)"
    assert nabla.backprop(TORCH + code, claim="4").values["claim"]["mistakes"] == []
