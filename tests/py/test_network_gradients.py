"""Programs of networks: what is recognised in them, whether their gradients are right, and what is wrong with those."""

import numpy as np
import pytest

from nabla.errors import UserError
from nabla.labs.train.analysis import Analysis, analyse, prove_all
from nabla.network.model import SIGMOID, SOFTMAX, TANH, Layers, gradients, loss_of
from nabla.network.proof import prove
from nabla.network.wrong import SLIPS
from nabla.program.errors import Raised
from tests.py.network_programs import RIGHT, SIGMOID_11, WRONG, wrong

STRUCTURE = {
    "dict": (["tanh", "sigmoid"], [True, False], "cross-entropy"),
    "numbers": (["tanh", "linear"], [True, True], "squares"),
    "one-layer": (["sigmoid"], [False], "squares"),
    "adam": (["tanh", "sigmoid"], [False, False], None),
    "sigmoid-11": (["sigmoid", "sigmoid"], [False, False], "squares"),
    "nonlin": (["sigmoid", "sigmoid"], [False, False], "squares"),
    "tanh-bias": (["tanh", "tanh"], [True, True], "squares"),
    "columns": (["tanh", "sigmoid"], [True, True], "cross-entropy"),
    "relu-two": (["relu", "relu", "linear"], [False] * 3, "squares"),
    "softmax": (["relu", "softmax"], [True, True], "cross-entropy"),
    "batches": (["sigmoid", "sigmoid"], [False, False], "squares"),
    "samples": (["relu", "linear"], [False, False], "squares"),
}


def analysis(text: str) -> Analysis:
    return analyse(text, 1)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_is_recognised_and_never_accused(name: str) -> None:
    found = analysis(RIGHT[name])
    activations, biases, loss = STRUCTURE[name]
    assert [place.activation.name for place in found.network.places] == activations
    assert [place.bias is not None for place in found.network.places] == biases
    assert found.verdict is not None
    assert (found.verdict.kind, found.verdict.findings, found.verdict.loss) == ("right", [], loss or found.verdict.loss)


@pytest.mark.parametrize("name", sorted(set(RIGHT) - {"adam"}))
def test_a_right_gradient_passes_its_check_to_1e_minus_8(name: str) -> None:
    found = analysis(RIGHT[name])
    prove_all(found)
    assert set(found.proofs) == {place.weight for place in found.network.places}
    for proof in found.proofs.values():
        assert proof.error is not None and proof.error < 1e-8
        assert proof.order is None or proof.order > 1.9


def test_weight_decay_is_told_apart_from_the_gradient() -> None:
    found = analysis(RIGHT["softmax"])
    assert found.verdict is not None
    assert found.verdict.decay == pytest.approx(0.5 * 1e-3)
    assert found.verdict.factor == pytest.approx(1 / 30)


@pytest.mark.parametrize(("slip", "name", "edits"), WRONG)
def test_a_wrong_pass_is_named(slip: str, name: str, edits: list[tuple[str, str]]) -> None:
    found = analysis(wrong(name, edits))
    assert found.verdict is not None
    assert found.verdict.kind in ("wrong", "scaled")
    assert [finding.slip for finding in found.verdict.findings] == [slip]


def test_every_slip_of_the_issue_is_named_in_three_networks() -> None:
    asked = "asker no-derivative derivative-of-output derivative-at-z missing-transpose error-for-delta sign"
    for slip in [*asked.split(), "update-before-use", "frozen", "missing-mean"]:
        assert slip in SLIPS
        assert len({name for named, name, _ in WRONG if named == slip}) >= 3, slip


@pytest.mark.parametrize("slip", ["asker", "no-derivative", "error-for-delta", "derivative-of-output"])
def test_the_check_of_a_wrong_pass_fails(slip: str) -> None:
    edits = next(edits for named, name, edits in WRONG if named == slip and name == "sigmoid-11")
    found = analysis(wrong("sigmoid-11", edits))
    prove_all(found)
    first, second = found.proofs["W_in"], found.proofs["W_out"]
    assert first.error is not None and first.error > 0.5
    assert first.order is not None and abs(first.order - 1) < 0.1
    assert second.error is not None and second.error < 1e-8


def test_two_slips_in_two_layers_are_both_named() -> None:
    text = RIGHT["relu-two"].replace("d3.dot(w.T) * relu_slope(q)", "d3.dot(w.T)")
    text = text.replace("d2.dot(v.T) * relu_slope(p)", "e.dot(w.T).dot(v.T)")
    found = analysis(text)
    assert found.verdict is not None
    assert {(finding.slip, finding.layer) for finding in found.verdict.findings} >= {("no-derivative", 2)}


def test_an_unknown_wrong_pass_is_wrong_without_a_name() -> None:
    found = analysis(SIGMOID_11.replace("back_2.dot(W_out.T)", "back_2.dot(W_out.T ** 3)"))
    assert found.verdict is not None
    assert [finding.slip for finding in found.verdict.findings] == ["unnamed"]


def test_hidden_5_makes_the_asked_line_raise_as_in_numpy() -> None:
    text = SIGMOID_11.replace("back_2.dot(W_out.T)", "act_1.T.dot(back_2)").replace("0.5, 4", "0.5, 5")
    found = analysis(text)
    assert isinstance(found.step.raised, Raised)
    assert found.step.raised.kind == "ValueError"
    assert found.step.raised.message.strip() == "operands could not be broadcast together with shapes (5,1) (4,5)"
    assert found.step.raised.line == 12
    assert found.verdict is None


def test_a_loss_that_hardly_bends_one_way_does_not_fail_its_gradient() -> None:
    """The order of the remainder along one direction is that of a cancellation; the median of several is not."""
    weight, other = np.array([[1.0, -2.0], [0.5, 0.25]]), np.array([[1.0, 2.0], [3.0, -1.0]])

    def loss(w: np.ndarray) -> float:
        moved = w - weight
        return float(np.sum(other * moved) + moved[0, 0] * moved[1, 1] + 40 * moved[0, 1] ** 3)

    orders = [prove(loss, weight, other, seed).order for seed in range(30)]
    assert all(order is None or order > 1.7 for order in orders)
    wrong = [prove(loss, weight, other + 1, seed).order for seed in range(30)]
    assert all(order is not None and order < 1.5 for order in wrong)


@pytest.mark.parametrize("loss", ["squares", "cross-entropy"])
@pytest.mark.parametrize("last", [SIGMOID, SOFTMAX, TANH])
def test_the_exact_gradient_is_that_of_complex_steps(loss: str, last: object) -> None:
    if loss == "cross-entropy" and last is TANH:
        loss = "squares"
    random = np.random.RandomState(3)
    X, y = random.randn(7, 3), np.eye(2)[random.randint(0, 2, 7)]
    weights = [random.randn(3, 4), random.randn(4, 2)]
    biases = [random.randn(1, 4), random.randn(1, 2)]
    layers = Layers([TANH, last], weights, biases)  # type: ignore[list-item]
    found, found_biases, _ = gradients(layers, X, y, loss)  # type: ignore[arg-type]
    h = 1e-6
    for k in range(2):
        for values, got in ((weights[k], found[k]), (biases[k], found_biases[k])):
            for place in np.ndindex(values.shape):
                old, ends = values[place], []
                for sign in (1, -1):
                    values[place] = old + sign * h
                    ends.append(loss_of(loss, layers.forward(X)[1][-1], y, last))  # type: ignore[arg-type]
                values[place] = old
                assert got[place] == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("import numpy as np\nx = np.zeros(3)\n", "value"),
        ("import numpy as np\nclass Net:\n    pass\nfor i in range(3):\n    a = np.dot(x, w)\n", "value"),
        ("import numpy as np\nX = np.fromfile('a')\nfor i in range(3):\n    a = np.dot(X, X)\n", "needs-file"),
        ("import torchvision\nfor i in range(3):\n    a = np.dot(X, X)\n", "value"),
        ("import numpy as np\nX = np.ones((4, 2))\nW = np.ones((2, 2))\nfor i in range(0):\n    W -= X.T.dot(X)\n",
         "value"),
        ("import numpy as np\nX = np.ones((4, 2))\nW = np.random.rand(2, 2)\nfor i in range(9):\n"
         "    h = np.sin(X.dot(W)) ** 2\n    d = h - X\n    W -= X.T.dot(d)\n    W -= W.dot(h.T).dot(h)\n", "value"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_a_problem(text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        analysis(text)
    assert caught.value.code == code
