"""Checks of gradients that could have failed: the whole program is run again, and only what can be told is told."""

from collections import Counter

import numpy as np
import pytest

import nabla
from nabla.labs.backprop import lab
from nabla.labs.backprop.run import Outcome
from nabla.tensor.differences import compare, slope
from nabla.tensor.operators import OPERATIONS

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
LEAF = "x = torch.tensor({}, requires_grad=True)\nloss = {}\nloss.backward()\n"


def verdicts(code: str) -> Counter[str]:
    """The verdicts of the checks by differences."""
    checks = nabla.backprop(HEAD + code).checks
    return Counter(check.verdict for check in checks if "differences" in check.method or "finite" in check.method)


# Right gradients whose differences cancel, or whose second derivative nearly vanishes along a direction.
RIGHT = {
    "layer_norm": ("[[0.3, -1.2, 0.5, 2.0], [1.0, 1.1, -0.4, 0.2]]", "F.layer_norm(x, (4,)).mean()"),
    "erf": ("[[-1.02, -0.97], [1.53, -0.13], [1.47, 0.19]]", "torch.erf(x).mean()"),
    "log_softmax": ("[1.0, 2.0, -1.0]", "F.log_softmax(x, 0).prod()"),
    "saturated": ("[[20.0, 1.0, 0.1]]", "F.cross_entropy(x, torch.tensor([0]))"),
    "saturated_two": ("[[10.0, -5.0]]", "F.cross_entropy(x, torch.tensor([0]))"),
    "large": ("[3e4, -2e4]", "(x ** 2).sum()"),
    "small": ("[3e-4, -2e-5]", "(x ** 3).sum()"),
    "near_a_pole": ("[1e-3]", "(1 / x).sum()"),
    "flat": ("[0.0, 0.0]", "(x ** 4).sum()"),
    "constants_of_the_pass": ("[3.0]", "(x.detach() * x + x.sum().item() * x).sum()"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_gradient_passes(name: str) -> None:
    assert verdicts(LEAF.format(*RIGHT[name])) == {"passed": 1}


@pytest.mark.parametrize("name", ["layer_norm", "erf", "log_softmax", "large"])
@pytest.mark.parametrize("wrong", [1.001, 0.5, -1.0])
def test_the_same_gradient_a_little_wrong_does_not(name: str, wrong: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every operation on the way bent in turn: layer_norm's mean has gradient 0 whatever the factor, so not there."""
    used = {"erf": "erf", "log_softmax": "log_softmax", "large": "pow", "layer_norm": "sqrt"}[name]
    right = OPERATIONS[used].vjps[0]  # type: ignore[attr-defined]
    monkeypatch.setattr(
        OPERATIONS[used], "vjps", (lambda g, y, *args, **how: right(g, y, *args, **how) * wrong,), raising=True
    )
    code = LEAF.format(*RIGHT[name])
    if name == "layer_norm":
        code = code.replace("(4,)).mean()", "(4,)).pow(3).mean()")
    assert verdicts(code)["failed"] == 1


@pytest.mark.parametrize(
    ("x", "loss"),
    [
        ("[1.0, 2.0, 2.0, 3.0, 2.0]", "x.median()"),
        ("1.0", "3 * x if x > 1 else x * x"),
        ("[0.0]", "x.abs().sum()"),
        ("[[1.0, 1.0]]", "x.max(dim=1)[0].sum()"),
        ("[0.0, 0.0]", "x.norm()"),
        ("[2.0]", "torch.floor(x).sum()"),
    ],
)
def test_nothing_is_called_checked_where_a_choice_changes(x: str, loss: str) -> None:
    assert verdicts(LEAF.format(x, loss)) == {"unchecked": 1}


@pytest.mark.parametrize("loss", ["torch.where(x <= 0, torch.exp(x), 1 + x)", "(x - x) / (x - x)", "(x - x).sqrt()"])
def test_a_nan_is_never_confirmed_by_a_number(loss: str) -> None:
    document = nabla.backprop(HEAD + LEAF.format("100.0", loss))
    assert np.isnan(document.values["grads"]["x"])
    assert {check.verdict for check in document.checks} == {"unchecked"}


def test_the_value_of_differences_stands_beside_a_nan() -> None:
    document = nabla.backprop(HEAD + LEAF.format("100.0", "torch.where(x <= 0, torch.exp(x), 1 + x)"))
    assert "differences of the program give 1" in document.checks[0].method


def test_slopes_are_found_and_corners_are_not_given_one() -> None:
    for f, expected in ((np.sin, 1.0), (lambda t: np.exp(30 * t), 30.0), (lambda t: 1e6 + t, 1.0)):
        found = slope(f, 1.0, 1.0)
        assert compare(expected, found, max(expected, 1.0)).verdict == "passed"
        assert compare(expected * 1.01, found, max(expected, 1.0)).verdict == "failed"
    for bend in (abs, lambda t: max(t, 0.0), lambda t: float(t > 0)):
        assert slope(bend, 1.0, 1.0).value is None
    assert compare(0.0, slope(lambda t: 1 / t if t else 0.0, 1.0, 1.0), 1.0).verdict == "unchecked"


def test_differences_that_cannot_tell_say_so() -> None:
    found = slope(lambda t: 1e12 + 1e-6 * t, 1e-6, 1.0)
    assert {compare(g, found, 1e-6).verdict for g in (1e-6, 2e-6, 0.0)} == {"unchecked"}


def test_a_gradient_of_numbers_changed_behind_the_tape_is_not_called_one() -> None:
    code = "x = torch.ones(2, requires_grad=True)\nout = x.sigmoid()\nout.data.zero_()\nout.sum().backward()\n"
    document = nabla.backprop(HEAD + code)
    assert document.values["grads"]["x"] == [0.0, 0.0]
    assert {check.verdict for check in document.checks} == {"unchecked"}
    assert any(warning.code == "changed-unnoticed" for warning in document.warnings)
    steps = (
        "w = torch.tensor(3.0, requires_grad=True)\nfor i in range(3):\n    loss = (w - 1) ** 2\n    w.grad = None\n"
    )
    document = nabla.backprop(HEAD + steps + "    loss.backward()\n    w.data -= 0.1 * w.grad\n")
    assert "failed" not in {check.verdict for check in document.checks}
    assert not any(warning.code == "changed-unnoticed" for warning in document.warnings)


@pytest.mark.parametrize("turns", [3, 60, 400])
def test_a_check_costs_a_bounded_multiple_of_the_run(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import torch\nw = torch.tensor([1.0, 2.0], requires_grad=True)\nb = torch.tensor(0.5, requires_grad=True)\n"
        f"x = torch.tensor([0.3, -0.2])\ns = torch.zeros(())\nfor i in range({turns}):\n"
        "    s = s + torch.sin(w * x * i).sum() * b\n    s = torch.tanh(s)\ns.backward()\nprint(w.grad)\n"
    )
    runs = 0
    original = lab.run

    def counted(text: str) -> Outcome:
        nonlocal runs
        runs += 1
        return original(text)

    monkeypatch.setattr(lab, "run", counted)
    document = nabla.backprop(code)
    steps = original(code).steps
    assert runs * steps <= max(15 * steps, 40_000)  # steps of all runs: a few runs, or few steps
    assert all(check.verdict == "passed" for check in document.checks)
    if steps > 1_000:
        assert any("one direction" in check.claim for check in document.checks)
