"""The backprop lab: answers, values, warnings, dialects, prints of another age, and what is said when it fails."""

import numpy as np
import pytest

import nabla
from nabla.answer.document import Code, Math, Note, Steps
from nabla.errors import UserError

SCALARS = """import torch
x = torch.tensor(2.0)
y = torch.tensor(2.0)
w = torch.tensor(3.0, requires_grad=True)
# forward
y_hat = w * x
s = y_hat - y
loss = s**2
# backward
loss.backward()
print(w.grad)
"""


def only(document: nabla.Document, kind: type) -> list:
    return [block for block in document.blocks if isinstance(block, kind)]


def test_the_question_of_the_scalars() -> None:
    document = nabla.backprop(SCALARS, "w.grad = 8")
    values = document.values
    assert values["forward"] == {"x": 2, "y": 2, "w": 3, "y_hat": 6, "s": 4, "loss": 16}
    assert values["shapes"]["loss"] == []
    assert values["grads"]["w"] == 16
    assert values["grads"]["s"] is None
    assert values["adjoints"] == {"y_hat": 8, "s": 8, "loss": 1}
    assert values["printed"] == [{"line": 11, "text": "tensor(16.)", "value": 16.0}]
    assert values["raises"] is None
    assert {check.verdict for check in document.checks} == {"passed"}


def test_a_node_is_explained_in_three_stages() -> None:
    document = nabla.backprop(SCALARS)
    explained = {step.title: step.tex for step in only(document, Steps)[0].steps}
    told = explained[r"Adjoint of $w$"]
    assert told.startswith(
        r"\frac{\partial \mathrm{loss}}{\partial w} = \frac{\partial \mathrm{loss}}{\partial \hat{y}} \,"
    )
    assert told.endswith(r"= 8 \cdot x = 8 \cdot 2 = 16")


def test_what_was_not_recorded_is_a_constant_of_the_formula() -> None:
    document = nabla.backprop(
        "x = torch.tensor(2.0, requires_grad=True)\nwith torch.no_grad():\n    y = x * 3\nz = x * y\nz.backward()"
    )
    assert document.values["grads"]["x"] == 6
    assert [block.text for block in only(document, Math) if block.role == "result"][-1] == "y"
    assert all(check.verdict == "passed" for check in document.checks)


def test_the_formula_and_the_tape_agree() -> None:
    document = nabla.backprop(SCALARS)
    derived = [block for block in only(document, Math) if block.role == "result"]
    assert derived[-1].text == "2*x*(w*x - y)"
    assert any("formula" in check.claim and check.verdict == "passed" for check in document.checks)


@pytest.mark.parametrize(
    "code",
    [
        SCALARS.replace("print(w.grad)", "print w.grad"),
        "".join(f">>> {line}\n" for line in SCALARS.splitlines()) + "tensor(16.)\n",
        "Here is my code:\n```python\n" + SCALARS + "```\nWhy?",
        "    " + SCALARS.replace("\n", "\n    "),
        SCALARS.replace("import torch\n", "import torch as t\n").replace("torch.", "t."),
        SCALARS.replace("import torch\n", "from torch import tensor\n").replace("torch.", ""),
        SCALARS.replace(" ", "\u00a0").replace("import\u00a0torch", "import torch"),
        SCALARS.replace("import torch\n", ""),
        SCALARS.replace("\n", "\r\n"),
        "def run():\nw = torch.tensor(3.0, requires_grad=True)\nloss = (w * 2.0 - 2.0) ** 2\n"
        "loss.backward()\nreturn w\n\nw = run()\nprint w.grad",
        "w = torch.tensor(3.0, requires_grad=True)\nfor i in xrange(1):\nloss = (w * 2.0 - 2.0) ** 2\n"
        "loss.backward()\n\nprint(w.grad)",
    ],
)  # fmt: skip
def test_programs_as_people_paste_them(code: str) -> None:
    values = nabla.backprop(code).values
    assert values["printed"][-1]["text"] == "tensor(16.)"
    assert values["grads"]["w"] == 16


WHOLE = """Why is the gradient sixteen here?

I work it out by hand and get 8 for dloss/dw.
This is what I run:
{code}
which prints:
dloss/dw = 16
dloss/dw = 2 * (w * x - y) = 8 by hand
Can anybody tell me what's wrong?
"""


def test_a_question_pasted_whole() -> None:
    document = nabla.backprop(WHOLE.format(code=SCALARS), "8")
    assert document.values["printed"] == [{"line": 15, "text": "tensor(16.)", "value": 16.0}]
    assert [m["rule"] for m in document.values["claim"]["mistakes"]] == ["A01", "A02"]
    assert [w.code for w in document.warnings if "lines 1, 3, 4, 17, 18, 19, 20." in w.message] == ["repaired"]


@pytest.mark.parametrize("line", ["loss = = 3", "w = torch.tensor(3.0", "2 x", "y hat = 3", "if w > 2", "x = 3y"])
def test_what_is_meant_as_code_is_never_left_out(line: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.backprop(SCALARS + line + "\n")
    assert caught.value.code == "syntax"


@pytest.mark.parametrize(
    ("code", "printed", "grads"),
    [
        ("x = 2\ny = 2\nw = 3\nloss = (w * x - y) ** 2\nprint(loss)", "16", {"w": 16.0, "x": 24.0, "y": -8.0}),
        ("import math\nx = 0.5\ny = math.exp(-x) * math.sin(x)\nprint(y)", "0.2907862882", {"x": 0.2414945}),
        ("import numpy as np\nw = np.array([1.0, 2.0])\nX = np.array([[1.0, 0.0], [3.0, 4.0]])\n"
         "loss = ((X @ w - 1) ** 2).mean()\nprint(loss)",
         "50.0", {"w": [30.0, 40.0]}),
        ("import numpy as np\nx = np.array([1.0, 2.0, 3.0])\n"
         "loss = np.sum(np.exp(x) / np.sum(np.exp(x)) * np.array([0, 0, 1.0]))\nprint(x.shape)",
         "(3,)", {"x": [-0.05989202, -0.16280340, 0.22269543]}),
        ("from jax import grad\nimport jax.numpy as jnp\nf = lambda w: jnp.sum(jnp.tanh(w) ** 2)\n"
         "print(grad(f)(jnp.array([1.0, 2.0])))",
         "[0.63970 0.13622]", {"w": [0.6397000, 0.1362187]}),
        ("import jax\nprint(jax.grad(jax.grad(lambda x: x ** 3))(2.0))", "12.0", {}),
        ("from jax import value_and_grad\nprint(value_and_grad(lambda x: x ** 2)(3.0)[1])", "6.0", {"x": 6.0}),
        ("import autograd.numpy as np\nfrom autograd import grad, jacobian\n"
         "print(grad(lambda x: np.sum(x ** 2 * np.sin(x)))(np.array([1.0, 2.0])))",
         "[2.22324428 1.97260236]", {}),
        ("import autograd.numpy as np\nfrom autograd import jacobian\n"
         "print(jacobian(lambda x: x ** 2)(np.array([1.0, 2.0])))", "[[2. 0.]\n [0. 4.]]", {}),
    ],
)  # fmt: skip
def test_dialects(code: str, printed: str, grads: dict[str, object]) -> None:
    document = nabla.backprop(code)
    text = document.values["printed"][0]["text"]
    if "." in printed and "\n" not in printed:
        ours, theirs = (np.fromstring(t.strip("[]"), sep=" ") for t in (text, printed))
        assert np.allclose(ours, theirs, rtol=1e-4)
    else:
        assert text == printed
    for name, expected in grads.items():
        assert np.allclose(document.values["grads"][name], expected, rtol=1e-5)
    assert "failed" not in {check.verdict for check in document.checks}


def test_what_raises_is_told_with_its_line_and_the_way_out() -> None:
    document = nabla.backprop(SCALARS + "loss.backward()\n")
    assert document.values["raises"]["type"] == "RuntimeError"
    assert document.values["raises"]["line"] == 12
    assert "raises" in [warning.code for warning in document.warnings]
    assert any("retain_graph=True" in note.text for note in only(document, Note))
    assert document.values["grads"]["w"] == 16


def test_a_value_changed_in_place_is_named_with_its_lines_and_the_gradient_is_shown_all_the_same() -> None:
    code = (
        "import torch\nw = torch.tensor([0.0, 1.0], requires_grad=True)\nh = torch.exp(w)\nh += 1\nh.sum().backward()\n"
    )
    document = nabla.backprop(code)
    (note,) = [note.text for note in only(document, Note) if "raises" in note.text]
    assert "`h` as it was computed in line 3" in note
    assert "line 4 changed it in place" in note
    assert "enable anomaly" not in note
    assert document.values["grads"]["w"] is None
    (result,) = [block.text for block in only(document, Math) if block.role == "result"]
    assert result == "d result / d w = [1, 2.7183]"
    assert {check.verdict for check in document.checks} == {"passed"}


def test_a_weight_that_is_no_leaf_any_more_is_named() -> None:
    code = (
        "import torch\nw = torch.tensor(1.0, requires_grad=True)\nfor step in range(3):\n    loss = (w - 2) ** 2\n"
        "    loss.backward()\n    w = w - 0.1 * w.grad\n"
    )
    document = nabla.backprop(code)
    assert document.values["raises"]["type"] == "TypeError"
    (note,) = [note.text for note in only(document, Note) if "raises" in note.text]
    assert "In line 6 `w` became the name of a computed tensor" in note
    assert "with torch.no_grad(): w -= ..." in note
    sources = [source.label for block in only(document, Code) for source in block.sources]
    assert "PyTorch" not in sources


def test_a_backward_pass_from_several_numbers_shows_the_gradient_of_their_sum() -> None:
    document = nabla.backprop(
        "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\ny = x ** 3\ny.backward()\n"
    )
    assert "implicitly created" in document.values["raises"]["message"]
    assert [block.text for block in only(document, Math)] == ["d y / d x = [3, 12]"]
    assert document.values["grads"]["x"] is None
    assert {check.verdict for check in document.checks} == {"passed"}


def test_weights_drawn_and_scaled_in_numpy_are_what_is_differentiated() -> None:
    code = (
        "import numpy as np\nnp.random.seed(1)\nX = np.ones((4, 3))\nW = 2 * np.random.random((3, 2)) - 1\n"
        "b = np.zeros(2) + 0.5\nh = X @ W + b\nloss = np.sum(h ** 2)\n"
    )
    document = nabla.backprop(code, "dloss/db = 1")
    values = document.values
    h = np.array(values["forward"]["h"])
    assert np.allclose(values["grads"]["W"], np.ones((3, 4)) @ (2 * h))
    assert np.allclose(values["grads"]["b"], (2 * h).sum(0))
    assert set(values["adjoints"]) == {"h", "loss"}
    assert values["claim"]["verdict"] == "wrong"


def test_jax_computes_in_64_bits_when_told_to() -> None:
    code = (
        "import jax\nimport jax.numpy as jnp\n{}print(jax.grad(lambda x: jnp.sum(x ** 3 / 7))(jnp.array([1.0, 2.0])))\n"
    )
    on = 'jax.config.update("jax_enable_x64", True)\n'
    wide, narrow = (nabla.backprop(code.format(line)).values["printed"][0]["text"] for line in (on, ""))
    assert (wide, narrow) == ("[0.42857143 1.71428571]", "[0.42857146 1.7142859 ]")


@pytest.mark.parametrize(
    ("code", "word"),
    [("import torch\ntorch.fft.fft(torch.ones(2))", "torch.fft"),
        ("import tensorflow as tf\ntf.constant(1)", "tensorflow"),
        ("import torch\nx = torch.ones(2).xyz()", "xyz"),
     ("def f(:\n    pass", "Line 1"), ("", "empty"), ("# only words", "no code"),
         ("async def f():\n    pass", "async")],
)  # fmt: skip
def test_what_is_not_understood_is_named(code: str, word: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.backprop(code)
    assert word in caught.value.message
    assert caught.value.field == "code"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("y = x[0]\ny += 1", [[2.0, 2.0], [1.0, 1.0]]),
        ("y = x.t()\ny.add_(1)", [[2.0, 2.0], [2.0, 2.0]]),
        ("for row in x:\n    row *= 2", [[2.0, 2.0], [2.0, 2.0]]),
        ("y = x.squeeze()\ny.zero_()", [[0.0, 0.0], [0.0, 0.0]]),
    ],
)
def test_a_view_shares_the_memory_of_what_it_is_a_view_of(change: str, expected: list[list[float]]) -> None:
    document = nabla.backprop(f"import torch\nx = torch.ones(2, 2)\n{change}\nprint(x)\n")
    assert document.values["printed"][0]["value"] == expected


def test_no_backward_is_said_and_shown_all_the_same() -> None:
    document = nabla.backprop("import torch\nw = torch.tensor(3.0, requires_grad=True)\nloss = w ** 2\n")
    assert document.values["grads"]["w"] is None
    assert "no-backward" in [warning.code for warning in document.warnings]
    assert document.values["adjoints"]["loss"] == 1


def test_corners_are_told_with_their_version() -> None:
    document = nabla.backprop(
        "import torch\nx = torch.tensor(0.0, requires_grad=True)\ny = torch.clamp(x, 0, 1)\ny.backward()\n"
    )
    (note,) = [note for note in only(document, Note) if "corner" in note.text]
    assert "2.13" in note.text
    assert {check.verdict for check in document.checks if "central" in check.method} == {"unchecked"}
