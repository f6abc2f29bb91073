"""What prints show of derivatives is told for each of them; claims are judged beside all of them."""

import pytest

import nabla
from nabla.errors import UserError
from nabla.labs.backprop.run import run

TWICE = """import torch
w = torch.tensor([1.0, -2.0], requires_grad=True)
loss = (w * torch.tensor([3.0, 0.5])).sum() ** 2
loss.backward(retain_graph=True)
print(w.grad)
loss.backward()
print({show})
"""
NORMS = """import torch
v = torch.zeros(2, requires_grad=True)
v.norm().backward()
print(v.grad)
u = torch.zeros(2, requires_grad=True)
torch.sqrt((u ** 2).sum()).backward()
print("and", u.grad)
"""
GUARDED = """import jax.numpy as jnp
from jax import grad
def bad(x):
    return jnp.where(x > 0, jnp.sqrt(x), 0.0)
def good(x):
    return jnp.sqrt(jnp.where(x > 0, x, 1.0))
print(grad(bad)(0.0))
print(grad(good)(0.0))
"""
LAYERS = """import torch
torch.manual_seed(0)
m = torch.nn.Linear(2, 1)
x = torch.tensor([[1.0, 2.0]], requires_grad=True)
m(x).sum().backward()
print(x.grad, m.weight.grad)
"""


def answer(code: str, claim: str = "") -> str:
    document = nabla.backprop(code, claim) if claim else nabla.backprop(code)
    assert document.answer is not None
    return document.answer.text


@pytest.mark.parametrize(
    "show", ["w.grad", 'f"{w.grad}"', '"%s" % w.grad', "w.grad.detach()", "w.grad.numpy()", '"{}".format(w.grad.data)']
)
def test_each_print_is_told_with_the_passes_that_it_is_the_sum_of(show: str) -> None:
    text = answer(TWICE.format(show=show))
    assert "Line 5 prints w.grad = [12, 2]" in text
    assert "line 7 prints w.grad = [24, 4] = [12, 2] + [12, 2], the sum of 2 passes" in text


def test_a_gradient_that_is_printed_once_is_told_as_before() -> None:
    assert answer("import torch\nw = torch.tensor(3., requires_grad=True)\n(w * w).backward()\nprint(w.grad)") == (
        "∂L/∂w = 6."
    )


def test_a_nan_of_a_pass_that_is_not_the_last_is_explained() -> None:
    document = nabla.backprop(GUARDED)
    found = [(one["kind"], one["line"]) for one in document.values["findings"]]
    assert found == [("not-finite", 4)]
    assert document.answer is not None
    assert "line 7 prints ∂L/∂x = nan" in document.answer.text.replace("Line", "line")
    assert "line 8 prints ∂L/∂x = 0" in document.answer.text


def test_passes_of_several_results_are_told_apart() -> None:
    text = answer(NORMS)
    assert "prints v.grad = [0, 0]" in text
    assert "line 7 prints u.grad = [nan, nan]" in text
    assert "sqrt has no finite slope at 0" in text


def test_a_jacobian_that_is_only_kept_is_told() -> None:
    text = answer(
        "import jax\nimport jax.numpy as jnp\nr = jax.jacobian(lambda a: a * jnp.log(a))(jnp.array([1., -1.]))"
    )
    assert "r is the Jacobian" in text
    assert "log of -1 is no number" in text


@pytest.mark.parametrize(
    ("code", "claim", "verdict", "said"),
    [
        (TWICE.format(show="w.grad"), "[12, 2]", "right", "as line 5 prints it"),
        (TWICE.format(show="w.grad"), "w.grad = [24, 4]", "right", "as line 7 prints it"),
        (NORMS, "[0, 0]", "right", "as line 4 prints it"),
        (TWICE.format(show="w.grad"), "5", "wrong", "none of its numbers"),
        (TWICE.format(show="w.grad"), "2", "right", "as an element of what line 5 prints"),
        (LAYERS, "x.grad = 100", "wrong", "is not the gradient"),
        (LAYERS, "[[1, 2]]", "right", "is right"),  # of the weight
        (LAYERS, "2", "right", "as one of its elements"),
        (LAYERS, "77", "undecided", "could not be decided"),
    ],
)
def test_a_claim_is_judged_beside_all_that_is_computed(code: str, claim: str, verdict: str, said: str) -> None:
    document = nabla.backprop(code, claim)
    assert document.values["claim"]["verdict"] == verdict
    assert document.answer is not None
    assert said in document.answer.text


def test_a_value_that_overflows_is_named_where_nan_comes_of_it() -> None:
    code = "import numpy as np\nz = np.array([1000.0, 0.0])\np = np.exp(z) / np.sum(np.exp(z))\nloss = -np.log(p[1])"
    (found,) = nabla.backprop(code).values["findings"]
    assert (found["line"], found["cause"]) == (3, "`exp` of 1000 in line 3 is infinite, more than a float holds")


def test_what_was_cut_off_is_named_where_a_gradient_is_none() -> None:
    code = """import torch
a = torch.tensor(2., requires_grad=True)
b = torch.tensor(3., requires_grad=True)
c = (a * b).detach()
(c * a).backward()
print(a.grad, b.grad)
"""
    (found,) = nabla.backprop(code).values["findings"]
    assert (found["kind"], found["line"]) == ("detached", 4)
    assert "`c`" in found["cause"]


def test_an_error_of_a_backward_of_ones_own_is_the_programs() -> None:
    code = """import torch
class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.k = k
        return x * k
    @staticmethod
    def backward(ctx, g):
        return g * ctx.k
x = torch.ones(2, requires_grad=True)
Scale.apply(x, 3.0).sum().backward()
"""
    raised = nabla.backprop(code).values["raises"]
    assert raised["message"].startswith("function ScaleBackward returned an incorrect number of gradients")


@pytest.mark.parametrize("body", ["y = x * 1j", "y = x + np.array([1j, 2])"])
def test_an_operator_that_is_missing_here_is_no_error_of_the_program(body: str) -> None:
    with pytest.raises(UserError) as caught:
        run("import torch\nimport numpy as np\nx = torch.ones(2)\n" + body)
    assert caught.value.code == "not-covered"


CUBE = """import torch
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return {forward}
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return {backward}
x = torch.tensor([2.0, -1.0], requires_grad=True)
Cube.apply(x).sum().backward()
print(x.grad)
"""


@pytest.mark.parametrize(
    ("forward", "backward", "kind"),
    [
        ("x ** 3", "3 * x ** 2 * g", ""),
        ("x ** 3", "-3 * x ** 2 * g", "sign"),
        ("x ** 3", "x ** 2 * g", "missing-factor"),
        ("x ** 3", "3 * x * g", "unnamed"),
        ("x.clamp(min=0)", "g * (x > 0)", ""),
        ("torch.exp(x)", "g", "unnamed"),
        ("torch.round(x + 0.2)", "g", "missing-factor"),  # straight through, and said to be
    ],
)
def test_a_backward_of_ones_own_is_judged_beside_its_forward(forward: str, backward: str, kind: str) -> None:
    document = nabla.backprop(CUBE.format(forward=forward, backward=backward))
    found = [(one["kind"], one["line"]) for one in document.values.get("findings", [])]
    assert found == ([(kind, 10)] if kind else [])
    assert document.answer is not None
    assert ("its forward has the derivative" in document.answer.text) == bool(kind)


def test_who_expects_the_derivative_of_the_forward_is_right() -> None:
    code = CUBE.format(forward="x ** 3", backward="3 * x * g")
    document = nabla.backprop(code, "x.grad = [12, 3]")
    assert document.values["claim"]["verdict"] == "right"
    assert nabla.backprop(code, "x.grad = [4, 1]").values["claim"]["verdict"] == "wrong"


def test_a_row_that_gets_no_gradient_is_no_failed_check() -> None:
    code = """import torch
torch.manual_seed(0)
emb = torch.nn.Embedding(5, 2, padding_idx=0)
emb(torch.tensor([1, 3, 3, 0])).sum().backward()
print(emb.weight.grad)
"""
    document = nabla.backprop(code)
    assert {check.verdict for check in document.checks} == {"passed"}
    assert document.values["grads"]["emb.weight"][0] == [0.0, 0.0]


def test_what_was_asked_for_too_late_is_named() -> None:
    code = "import torch\nx = torch.tensor([1., 2.])\ny = x ** 2\nx.requires_grad_(True)\ny.sum().backward()\n"
    (found,) = nabla.backprop(code).values["findings"]
    assert found["cause"] == "`x` is followed only since line 4, after line 3 made `y` of it."


def test_a_function_that_nobody_calls_is_named() -> None:
    document = nabla.backprop(
        "import torch\ndef main():\n    x = torch.ones(2, requires_grad=True)\n    x.sum().backward()\n"
    )
    assert document.answer is not None
    assert document.answer.text.startswith("main is never called")


def test_an_answer_that_cannot_be_placed_does_not_stop_a_question() -> None:
    code = "import torch\nx = torch.ones(2, requires_grad=True)\ny = (x * x).sum()\ny.backward()\nprint(x.grad)\n"
    document = nabla.ask(f"Why is u.grad = 4? I see this\n\n```python\n{code}```\n")
    assert document.values["grads"]["x"] == [2.0, 2.0]
    assert any(warning.code == "not-used" for warning in document.warnings)


def test_a_number_without_a_name_is_one_of_what_is_printed() -> None:
    code = "import torch\nw = torch.tensor(2., requires_grad=True)\nb = torch.tensor(1., requires_grad=True)\n"
    code += "((w * 3 + b - 5) ** 2).backward()\nprint(w.grad)\n"
    assert nabla.backprop(code, "4").values["claim"]["verdict"] == "wrong"  # it is that of b
    assert nabla.backprop(code, "12").values["claim"]["verdict"] == "right"
    assert nabla.backprop(code.replace("w.grad", "w.grad, b.grad"), "4").values["claim"]["verdict"] == "right"
