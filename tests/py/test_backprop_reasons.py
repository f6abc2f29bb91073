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
    (X + "torch.softmax(x, 0).sum().backward()\nprint(x.grad)", "they add up to 1", "constant-sum", 3),
    ("import torch\nw = torch.tensor([1.0], requires_grad=True)\nopt = torch.optim.SGD([w], lr=0.1)\n"
     "(w * 3).sum().backward()\nw.requires_grad = False\nopt.step()\nprint(w)",
     "step() in line 6 moves w, which does not require grad", "frozen-moves", 6),
    (X + "w = torch.tensor(2.0, requires_grad=True)\n(x * w.detach()).sum().backward()\nprint(w.grad)\n"
     "(x * w).sum().backward()\nprint(w.grad)", "w.grad is None in line 5: line 4 cuts", "detached", 4),
    ("import torch\nw = torch.tensor(2.0, requires_grad=True)\nh = torch.tensor(1.0)\nfor _ in range(3):\n"
     "    h = torch.tanh(w * h)\n    h.backward()", "In an earlier turn of the loop line 5 made h".lower(),
     "second-backward", 6),
    ("import torch\nw = torch.tensor(2.0, requires_grad=True)\nh = w ** 2\nfor k in range(3):\n    (h * k).backward()",
     "once, before the loop, line 3 made h", "second-backward", 5),
    (X + "h = x ** 2\n(h * 2).sum().backward()\n(h * 3).sum().backward()", "line 3 made h, and two passes lead there",
     "second-backward", 5),
    (X + "b = x * 2\nb.sum().backward()\nb.retain_grad()\nb.grad", "retain_grad() is called after the pass",
     "non-leaf", 3),
    (X + "loss = (x > 1.5).float().sum()\nloss.backward()", "line 3 computes a value by gt", "detached", 4),
    (X + "loss = (x * 2).argmax().float()\nloss.backward()", "line 3 goes on with what argmax gives", "detached", 4),
    ("import torch\nw = torch.tensor(1.0, requires_grad=True)\nfor _ in range(2):\n    (w * 2).backward()\n"
     "    with torch.no_grad():\n        w = w - 0.1 * w.grad", "w is a new tensor from line 6 on", "detached", 4),
    ("import torch\nimport torch.nn as nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
     "        self.layers = [nn.Linear(2, 2)]\ntorch.optim.SGD(Net().parameters(), lr=0.1)",
     "line 6 keeps layers in a plain list", "raises", 7),
    ("import torch\nx = torch.tensor([1.0], requires_grad=True)\n"
     "print(torch.autograd.gradcheck(lambda x: x ** 3, (x,)))",
     "which float32 is too coarse for; give it inputs of dtype=torch.float64", "raises", 3),
    ("import torch\nw = torch.tensor(1.0, requires_grad=True)\nfor _ in range(60):\n    loss = w ** 4\n"
     "    loss.backward()\n    with torch.no_grad():\n        w -= 10 * w.grad\n    w.grad.zero_()",
     "w is nan where the pass begins", "not-finite", 4),
    ("import torch\nq = torch.tensor([[0.4, 0.6]], requires_grad=True)\n"
     "torch.nn.functional.kl_div(q, torch.tensor([[0.7, 0.3]]), reduction='batchmean').backward()",
     "expects logarithms of probabilities, and gets probabilities", "missing-log", 3),
    ("import torch\nimport torch.nn as nn\nemb = nn.Embedding(4, 2, padding_idx=0)\n"
     "emb(torch.tensor([1, 1, 0, 3])).sum().backward()", "index 1 is picked 2 times in line 4",
     "picked-several-times", 4),
    ("import torch\nx = torch.tensor(2.0, requires_grad=True)\ng, = torch.autograd.grad(3 * x, x, create_graph=True)\n"
     "torch.autograd.grad(g, x)", "is a constant, since what it was taken of is linear; its own", "detached", 4),
    ("import torch\nw = torch.ones(2, requires_grad=True)\nw.sum().backward()\nwith torch.no_grad():\n"
     "    w = w - 0.1 * w.grad\nw.grad.zero_()", "w is a new tensor from line 5 on", "raises", 6),
    (X + "x.reshape(1, 2).gather(1, torch.tensor([0]))", "give it a dimension more, index.unsqueeze(1)", "raises", 3),
    ("import torch\nW = torch.zeros(2, 2, requires_grad=True)\nV = torch.zeros(2, requires_grad=True)\n"
     "(torch.tanh(W @ torch.ones(2)) @ V).backward()", "V is 0 everywhere there", "zero-init", 4),
    ("import torch\nw = torch.tensor([9.0], requires_grad=True)\ntorch.nn.utils.clip_grad_norm_([w], 1.0)\n"
     "(w ** 2).sum().backward()\nprint(w.grad)", "line 3 clips nothing", "clip-order", 3),
    ("import jax\nkey = jax.random.PRNGKey(0)\nfor _ in range(2):\n    print(jax.random.normal(key, (2,)))",
     "Line 4 draws the same random numbers each time", "key-again", 4),
    ("import torch\ns = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)\n"
     "m = s.masked_fill(torch.tensor([[True, False], [True, True]]), float('-inf'))\n"
     "torch.softmax(m, -1).sum().backward()", "softmax of -inf is no number", "not-finite", 4),
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


def test_evaluation_is_no_training() -> None:
    program = (
        "import torch\nbn = torch.nn.BatchNorm1d(1)\nx = torch.tensor([[1.0], [2.0], [4.0]], requires_grad=True)\n"
        "bn.eval()\n(bn(x) ** 2).sum().backward()\nprint(x.grad)"
    )
    assert not nabla.backprop(program).values.get("findings")


def test_what_is_no_number_is_explained_by_no_mistake() -> None:
    program = "import jax\nimport jax.numpy as jnp\nprint(jax.grad(lambda x: jnp.where(x > 0, jnp.sqrt(x), 0.0))(0.0))"
    document = nabla.backprop(program, claim="0.0")
    assert document.values["claim"]["verdict"] == "wrong" and not document.values["claim"]["mistakes"]


def test_more_work_than_there_may_be_is_told_in_a_sentence() -> None:
    program = (
        "import torch\nlayer = torch.nn.TransformerEncoderLayer(d_model=512, nhead=8)\nx = torch.rand(4, 2, 512)\n"
        "layer(x).sum().backward()\nprint(layer.linear1.weight.grad.norm())"
    )
    document = nabla.backprop(program)
    assert not any(check.verdict == "failed" for check in document.checks)


@pytest.mark.parametrize("program", [
    X + "a = x ** 2\nb = 3 * x\na.sum().backward(); b.sum().backward()\nprint(x.grad)",  # twice in a line is no loop
    X + "y = x + (x.round() - x).detach()\n(y ** 2).sum().backward()\nprint(x.grad)",  # a straight-through estimator
    "import torch\nx = torch.ones(1, requires_grad=True)\nfor f in (torch.sin, torch.exp, torch.tanh):\n"
    "    x.grad = None\n    f(x).sum().backward()\n    print(x.grad)",  # gradients of several functions
])  # fmt: skip
def test_what_is_meant_is_not_accused(program: str) -> None:
    assert not nabla.backprop(program).values.get("findings")


@pytest.mark.parametrize(("program", "said"), [
    ("import torch\nfrom torch.func import grad, vmap\nf = lambda w, x: (w * x).sum() ** 2\n"
     "print(vmap(grad(f), (None, 0))(torch.ones(2), torch.tensor([[1., 2.], [0., 1.]])))",
     "Line 4 prints the gradient of each sample by w = [[6, 12], [0, 2]]"),
    ("import autograd.numpy as np\nfrom autograd import jacobian\n"
     "print(jacobian(lambda x: np.array([x[0] * x[1]]))(np.ones(2)).shape)", "Line 3 prints (1, 2)."),
    ("import torch\nx = torch.zeros(3)\nx[torch.tensor([0, 0, 2])] += 1\nprint(x)",
     "The program asks for no gradient; line 4 prints tensor([1., 0., 1.])."),
])  # fmt: skip
def test_what_is_printed_is_told(program: str, said: str) -> None:
    document = nabla.backprop(program)
    assert document.answer is not None and document.answer.text.startswith(said)


def test_whole_numbers_do_not_overflow() -> None:
    with pytest.raises(nabla.errors.UserError) as found:
        nabla.backprop("x = 3\nfor _ in range(12):\n    x = x * x\n")
    assert found.value.code == "not-covered" and "more than 64 bits" in found.value.message
