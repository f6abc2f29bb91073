"""The picture of a program and its backward pass in steps: what is drawn, how it folds, what each step says."""

import re

import pytest

import nabla
from nabla.answer.document import Graph, Node, Steps
from nabla.labs.backprop import graph as backprop_graph
from nabla.tensor.operation import Operation
from nabla.tensor.operations import decompositions
from nabla.tensor.operators import OPERATIONS
from tests.py.test_backprop import SCALARS

NET = """import torch
import torch.nn.functional as F
torch.manual_seed(0)
X = torch.randn(8, 2)
y = X.sum(1, keepdim=True)
net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
total = 0
for step in range({turns}):
    loss = F.mse_loss(net(X), y)
    total = total + loss
total.backward()
"""


def picture(code: str) -> Graph:
    document = nabla.backprop(code)
    (graph,) = [block for block in document.blocks if isinstance(block, Graph)]
    ids = [node.id for node in graph.nodes]
    groups = {group.id for group in graph.groups}
    assert sorted(graph.order) == sorted(ids)
    assert len(ids) == len(set(ids)) <= backprop_graph.MOST
    assert {edge.source for edge in graph.edges} | {edge.target for edge in graph.edges} <= set(ids)
    assert {node.group for node in graph.nodes} | {group.parent for group in graph.groups} <= groups | {""}
    place = {node: i for i, node in enumerate(graph.order)}
    assert all(place[edge.source] < place[edge.target] for edge in graph.edges)
    return graph


def steps(code: str) -> dict[str, str]:
    (block, *_) = [block for block in nabla.backprop(code).blocks if isinstance(block, Steps)]
    return {step.title: step.tex for step in block.steps}


def test_nodes_have_formulas_values_and_adjoints_in_order() -> None:
    nodes = {node.tex: node for node in picture(SCALARS).nodes}
    assert [(node.value, node.adjoint) for node in nodes.values()] == [
        ("2", ""), ("2", ""), ("3", "16"), ("6", "8"), ("4", "8"), ("16", "1")
    ]  # fmt: skip
    assert list(nodes)[-1] == r"\mathrm{loss} = {s}^{2}"
    assert nodes["w"].label == "leaf"
    assert nodes["x"].label == "constant"


def test_a_small_graph_is_open_and_a_large_one_folded() -> None:
    few, many = picture(NET.format(turns=1)), picture(NET.format(turns=6))
    assert few.groups
    assert not any(group.folded for group in few.groups)
    assert all(group.folded for group in many.groups)
    labels = {group.id: group.label for group in many.groups}
    parents = {group.label: labels.get(group.parent) for group in many.groups}
    assert parents["turn 6 of the loop in line 8"] is None
    assert parents["`linear` net.0"] == "turn 6 of the loop in line 8"


def test_the_turns_in_the_middle_of_a_long_loop_are_one_node() -> None:
    graph = picture(NET.format(turns=1000))
    turns = [group.label for group in graph.groups if group.label.startswith("turn")]
    assert turns == [f"turn {n} of the loop in line 8" for n in ("1", "2", "1,000")]
    (middle,) = [node for node in graph.nodes if node.label == "turns 3 to 999"]
    assert middle.detail == ["10,967 steps in one node"]
    outside = {node.tex for node in graph.nodes if not node.group}
    assert r"\mathrm{net.0.weight}" in outside
    assert "third" not in graph.summary
    assert "the turns of a loop" in graph.summary


def test_a_training_loop_shows_its_last_turn() -> None:
    code = (
        "import torch\nw = torch.tensor(1.0, requires_grad=True)\nfor i in range(100):\n    loss = (w - 3) ** 2\n"
        "    loss.backward()\n    w.data -= 0.1 * w.grad\n    w.grad = None\n"
    )
    graph = picture(code)
    assert [node.tex for node in graph.nodes] == ["w", "v_{1} = w - 3", r"\mathrm{loss} = {v_{1}}^{2}"]
    assert graph.groups == []
    assert "turn 100 of the loop in line 3" in graph.summary


def test_loops_in_loops_and_programs_without_loops_stay_small() -> None:
    inner = (
        "import torch\nw = torch.tensor(0.5, requires_grad=True)\nh = w * 1\nfor i in range(30):\n"
        "    for j in range(20):\n        h = torch.tanh(w * h)\nh.backward()\n"
    )
    graph = picture(inner)
    assert len(graph.nodes) < 150
    assert {group.label.partition(",")[0] for group in graph.groups} >= {
        "loop in line 5",
        "turn 30",
    }
    flat = "import torch\nw = torch.tensor(0.5, requires_grad=True)\nh = w\n" + "h = torch.tanh(w * h)\n" * 200
    graph = picture(flat + "h.backward()\n")
    assert len(graph.nodes) <= 150
    assert "nothing is drawn" in graph.summary or "one node" in graph.summary


def test_names_given_again_are_numbered() -> None:
    code = (
        "import torch\nw = torch.tensor(0.5, requires_grad=True)\nh = torch.tensor(1.0)\n"
        "for i in range(3):\n    h = w * h\nh.backward()\n"
    )
    told = steps(code)
    assert "Start at $h$" in told  # the last one keeps its plain name
    assert r"Adjoint of ${h^{(1)}}$" in told
    assert not re.search(r"[^}]\^\{\(\d\)\}\^", "".join(told.values()))


@pytest.mark.parametrize(
    ("lines", "title", "holds"),
    [
        (["W = torch.ones(2, 3, requires_grad=True)", "X = torch.ones(4, 2)", "y = (X @ W).sum()"],
         "W", [r"{X}^{\top}\,\bar{v_{1}}", r"\begin{pmatrix}4 & 4 & 4 \\ 4 & 4 & 4\end{pmatrix}"]),
        (["b = torch.zeros(2, requires_grad=True)", "X = torch.ones(3, 2)", "z = X + b", "y = (z ** 2).sum()"],
         "b", [r"\textstyle\sum_{i} \bar{z}", r"\begin{pmatrix}6 & 6\end{pmatrix}"]),
        (["x = torch.tensor([1.0, 2.0], requires_grad=True)", "y = (x * x).sum()"],
         "x", [r"\bar{v_{1}} \odot x + \bar{v_{1}} \odot x", r"\begin{pmatrix}1 & 2\end{pmatrix} +"]),
        (["x = torch.tensor([1.0, 3.0], requires_grad=True)", "y = x.mean()"],
         "x", [r"\tfrac{1}{2}\,\bar{y}\,\mathbf{1}", r"\begin{pmatrix}0.5 & 0.5\end{pmatrix}"]),
        (["x = torch.tensor([3.0, 4.0], requires_grad=True)", "y = x.norm()"], "x", [r"\frac{x}{y}", "0.6 & 0.8"]),
        (["x = torch.tensor(2.0, requires_grad=True)", "y = x * torch.exp(x) + x"],
         "x", [r"2 \cdot {v_{1}} + 1 \cdot v_{1} + 1 \cdot 1", r"2 \cdot 7.3891 + 1 \cdot 7.3891 + 1 \cdot 1"]),
    ],
)  # fmt: skip
def test_three_stages(lines: list[str], title: str, holds: list[str]) -> None:
    told = steps("import torch\n" + "\n".join([*lines, "y.backward()"]) + "\n")
    for part in holds:
        assert part in told[f"Adjoint of ${title}$"]


def test_why_a_transpose_and_a_sum_over_the_batch_appear() -> None:
    code = (
        "import torch\nX = torch.ones(5, 2)\nW = torch.ones(2, 3, requires_grad=True)\n"
        "b = torch.ones(3, requires_grad=True)\ny = (X @ W + b).sum()\ny.backward()\n"
    )
    (block,) = [block for block in nabla.backprop(code).blocks if isinstance(block, Steps)]
    why = {step.title: step.why for step in block.steps}
    assert "every sample of a batch" in why["Adjoint of $W$"]
    assert "transpose" in why["Adjoint of $W$"]
    assert "one for every sample" in why["Adjoint of $b$"]
    where = {step.title: " ".join(step.where) for step in block.steps}
    assert r"\sum_n {X}_{ni}\, \bar{v_{1}}_{nj}" in where["Adjoint of $W$"]


def test_every_elementwise_operation_has_its_local_derivative_in_symbols() -> None:
    missing = {
        name
        for name, operation in OPERATIONS.items()
        if getattr(operation, "casts", "") in ("same", "float") and operation.vjps and not operation.local  # type: ignore[attr-defined]
    }
    whole = {"norm", "softmax", "log_softmax", "logsumexp", "inverse", "det", "logdet", "fmod"}
    of_matrices = {operation.name for operation in vars(decompositions).values() if isinstance(operation, Operation)}
    assert missing - of_matrices <= whole


def test_a_node_says_large_values_in_words() -> None:
    graph = picture("import torch\nx = torch.ones(20, 30, requires_grad=True)\ny = x.sum()\ny.backward()\n")
    assert graph.nodes[0] == Node(
        "n0", "x", "20 × 30, leaf", ["value 20 × 30, 1 to 1", "adjoint 20 × 30, 1 to 1"], "", r"20 \times 30",
        r"20 \times 30"
    )  # fmt: skip
