"""Claims: for every rule at least three programs, each with the number that its mistake gives; the rule is found,
first or tied.
"""

import pytest

import nabla
from nabla.errors import UserError

SQUARED = (
    "x = torch.tensor({x})\ny = torch.tensor({y})\nw = torch.tensor({w}, requires_grad=True)\n"
    "s = w * x - y\nloss = s ** 2\nloss.backward()\n"
)
MEAN = "x = torch.ones({n}, requires_grad=True)\ny = x + {c}\nz = y * y * {k}\nout = z.mean()\nout.backward()\n"
NET = (
    "x = torch.tensor([[1.0, 2.0], [-1.0, 0.5]])\nW = torch.tensor([[0.3, -0.2], [0.5, 0.4]], requires_grad=True)\n"
    "z = x @ W\na = torch.{f}(z)\nloss = (a ** 2).sum()\nloss.backward()\n"
)
BROADCAST = (
    "X = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])\n"
    "b = torch.tensor([0.5, 1.0], requires_grad=True)\nloss = ({body}).sum()\nloss.backward()\n"
)
CE = "z = torch.tensor([{z}], requires_grad=True)\nloss = F.cross_entropy(z, torch.tensor([{t}]))\nloss.backward()\n"
# (rule, program, claim): numbers worked out by hand or by NumPy, apart from our code.
CASES: list[tuple[str, str, str]] = [
    ("A01", SQUARED.format(x="2.0", y="2.0", w="3.0"), "w.grad = 8"),
    ("A01", SQUARED.format(x="3.0", y="1.0", w="2.0"), "dloss/dw = 10"),
    ("A01", "x = torch.tensor(0.5, requires_grad=True)\ny = torch.sin(3 * x)\ny.backward()\n", "dy/dx = 0.0707372"),
    ("A01", "x = torch.tensor(1.5, requires_grad=True)\ny = torch.exp(x ** 2)\ny.backward()\n", "x.grad = 9.487736"),
    ("A02", SQUARED.format(x="3.0", y="1.0", w="2.0"), "w.grad = 15"),
    ("A02", SQUARED.format(x="5.0", y="1.0", w="2.0"), "w.grad = 45"),
    ("A02", "x = torch.tensor(2.0, requires_grad=True)\ny = x ** 5\ny.backward()\n", "x.grad = 16"),
    ("A02", "x = torch.tensor(3.0, requires_grad=True)\ny = x * x\ny.backward()\n", "x.grad = 3"),
    ("A03", MEAN.format(n="2, 2", c=2, k=3), "do/dx = 9/8"),
    ("A03", MEAN.format(n="2, 2", c=2, k=3), "x.grad = 18"),
    ("A03", MEAN.format(n="5", c=1, k=2), "x.grad = 8"),
    ("A03", MEAN.format(n="3", c=1, k=2), "x.grad = 0.888889"),
    ("A04", "x = torch.tensor(2.0, requires_grad=True)\ny = torch.tanh(x) * 3\ny.backward()\n", "x.grad = -9"),
    ("A04", "x = torch.tensor(0.5, requires_grad=True)\ny = torch.sigmoid(x)\ny.backward()\n", "x.grad = 0.25"),
    ("A04", "x = torch.tensor(0.7, requires_grad=True)\ny = torch.sigmoid(2 * x)\ny.backward()\n", "x.grad = -1.12"),
    ("A05", "x = torch.tensor(0.5, requires_grad=True)\ny = torch.sigmoid(x)\ny.backward()\n", "x.grad = 0.622459"),
    ("A05", "x = torch.tensor(-1.0, requires_grad=True)\ny = 4 * torch.sigmoid(x)\ny.backward()\n",
        "x.grad = 1.075766"),
    ("A05", "z = torch.tensor([0.0, 0.8472979], requires_grad=True)\ns = torch.sigmoid(z)\n"
     "loss = F.binary_cross_entropy(s, torch.tensor([1.0, 0.0]))\nloss.backward()\n", "z.grad = [0.125, 0.105]"),
    ("A06", "x = torch.tensor(3.0, requires_grad=True)\na = 4 * x\nb = x ** 2\ny = a * b\ny.backward()\n",
        "x.grad = 36"),
    ("A06", "x = torch.tensor(3.0, requires_grad=True)\na = 4 * x\nb = x ** 2\ny = a * b\ny.backward()\n",
        "x.grad = 72"),
    ("A06", "W = torch.tensor(0.5, requires_grad=True)\nh1 = W * 2.0\nh2 = W * h1 + 1.0\ny = h2 * 3.0\ny.backward()\n",
        "W.grad = 3"),
    ("A07", "x = torch.tensor([[1.0, 2.0], [3.0, 5.0]])\nW = torch.tensor([[1.0, 0.0], [2.0, 1.0]], "
            "requires_grad=True)\n"
     "y = x @ W\nloss = (y * torch.tensor([[1.0, 2.0], [3.0, 4.0]])).sum()\nloss.backward()\n",
     "W.grad = [[7, 10], [18, 26]]"),
    ("A07", "A = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\nB = torch.tensor([[1.0, 3.0], [0.0, "
            "2.0]])\n"
     "loss = (A @ B).sum()\nloss.backward()\n", "A.grad = [[1, 5], [1, 5]]"),
    ("A07", "x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\nW = torch.tensor([[2.0, 1.0], [0.0, "
            "1.0]])\n"
     "loss = (x @ W).sum()\nloss.backward()\n", "x.grad = [[2, 2], [2, 2]]"),
    ("A08", BROADCAST.format(body="(X + b) ** 2"), "b.grad = [[3, 6], [7, 10], [11, 14]]"),
    ("A08", BROADCAST.format(body="X * b"), "b.grad = [[1, 2], [3, 4], [5, 6]]"),
    ("A08", BROADCAST.format(body="X - b"), "b.grad = [[-1, -1], [-1, -1], [-1, -1]]"),
    ("A09", BROADCAST.format(body="(X + b) ** 2"), "b.grad = [7, 10]"),
    ("A09", BROADCAST.format(body="X * b"), "b.grad = [3, 4]"),
    ("A09", BROADCAST.format(body="X - 2 * b"), "b.grad = [-2, -2]"),
    ("A10", "w = torch.tensor(2.0, requires_grad=True)\nfor i in [1.0, 2.0]:\n    loss = (w * i) ** 2\n    "
            "loss.backward()\n", "w.grad = 16"),
    ("A10", "w = torch.tensor([1.0, 2.0], requires_grad=True)\n(w ** 2).sum().backward()\nloss = (3 * "
            "w).sum()\nloss.backward()\n", "w.grad = 3"),
    ("A10", "w = torch.tensor(3.0, requires_grad=True)\nloss = w ** 3\nloss.backward()\n", "w.grad = 54"),
    ("A11", "w = torch.tensor(2.0, requires_grad=True)\ny = w * w.detach() ** 2\ny.backward()\n", "w.grad = 12"),
    ("A11", "w = torch.tensor(2.0, requires_grad=True)\nwith torch.no_grad():\n    a = 3 * w\ny = w * "
            "a\ny.backward()\n", "w.grad = 12"),
    ("A11", "w = torch.tensor([1.0, 2.0], requires_grad=True)\ns = (w ** 2).sum().detach()\ny = (w * "
            "s).sum()\ny.backward()\n", "w.grad = [11, 17]"),
    ("A12", CE.format(z="[1.0, 2.0, 3.0]", t=2), "z.grad = [[0.0900306, 0.2447285, 0.6652410]]"),
    ("A12", CE.format(z="[0.0, 0.0]", t=0), "z.grad = [[0.5, 0.5]]"),
    ("A12", "z = torch.tensor([1.0, 2.0], requires_grad=True)\np = torch.softmax(z, 0)\np[0].backward()\n",
        "z.grad = [0.1966119, 0]"),
    ("A12", "z = torch.tensor([0.0, 1.0], requires_grad=True)\np = torch.softmax(z, 0)\ny = (p * torch.tensor([1.0, "
            "3.0])).sum()\ny.backward()\n",
     "z.grad = [0.1966119, 0.5898358]"),
    ("A13", "a = torch.tensor([1.0, 3.0], requires_grad=True)\nloss = F.mse_loss(a, "
            "torch.zeros(2))\nloss.backward()\n", "a.grad = [2, 6]"),
    ("A13", "a = torch.tensor([1.0, 3.0], requires_grad=True)\nloss = F.mse_loss(torch.zeros(2), "
            "a)\nloss.backward()\n", "a.grad = [-1, -3]"),
    ("A13", "a = torch.tensor([1.0, 3.0], requires_grad=True)\nloss = F.mse_loss(a, "
            "torch.zeros(2))\nloss.backward()\n", "a.grad = [0.5, 1.5]"),
    ("A13", "a = torch.tensor([2.0, 5.0], requires_grad=True)\nloss = F.mse_loss(a, torch.ones(2), "
            "reduction='sum')\nloss.backward()\n", "a.grad = [1, 4]"),
    ("A14", "A = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\nB = torch.tensor([[5.0, 6.0], [7.0, "
            "8.0]])\nloss = (A @ B).sum()\nloss.backward()\n",
     "A.grad = [[5, 6], [7, 8]]"),
    ("A14", "A = torch.tensor([[1.0, 2.0], [3.0, 4.0]])\nB = torch.tensor([[5.0, 6.0], [7.0, 8.0]], "
            "requires_grad=True)\nloss = 2 * (A @ B).sum()\nloss.backward()\n",
     "B.grad = [[2, 4], [6, 8]]"),
    ("A14", "A = torch.eye(2, requires_grad=True)\nB = torch.tensor([[2.0, 3.0], [4.0, 7.0]])\nloss = (A @ "
            "B).sum()\nloss.backward()\n", "A.grad = [[2, 3], [4, 7]]"),
    ("A15", "x = torch.tensor(0.0, requires_grad=True)\ny = torch.relu(x) * 3\ny.backward()\n", "x.grad = 3"),
    ("A15", "x = torch.tensor(0.0, requires_grad=True)\ny = torch.relu(x)\ny.backward()\n", "x.grad = 0.5"),
    ("A15", "x = torch.tensor(0.0, requires_grad=True)\ny = 2 * x.abs()\ny.backward()\n", "x.grad = -2"),
    ("A15", "x = torch.tensor(1.0, requires_grad=True)\ny = 2 * torch.clamp(x, 0, 1)\ny.backward()\n", "x.grad = 0"),
    ("A16", "x = torch.tensor([3.0, 4.0], requires_grad=True)\ny = x.norm()\ny.backward()\n", "x.grad = [3, 4]"),
    ("A16", "x = torch.tensor([3.0, 4.0], requires_grad=True)\ny = x.norm()\ny.backward()\n", "x.grad = [6, 8]"),
    ("A16", "x = torch.tensor([1.0, 2.0, 2.0], requires_grad=True)\ny = 2 * torch.linalg.norm(x)\ny.backward()\n",
        "x.grad = [2, 4, 4]"),
    ("A17", "A = torch.tensor([[2.0, 1.0], [0.0, 3.0]])\nx = torch.tensor([1.0, 2.0], requires_grad=True)\ny = x @ A "
            "@ x\ny.backward()\n", "x.grad = [8, 12]"),
    ("A17", "A = torch.tensor([[1.0, 4.0], [2.0, 3.0]])\nx = torch.tensor([1.0, -1.0], requires_grad=True)\ny = x @ "
            "A @ x\ny.backward()\n", "x.grad = [-6, -2]"),
    ("A17", "A = torch.tensor([[0.0, 1.0], [5.0, 2.0]])\nx = torch.tensor([2.0, 1.0], requires_grad=True)\ny = (x * "
            "(A @ x)).sum()\ny.backward()\n", "x.grad = [2, 24]"),
    ("A18", SQUARED.format(x="3.0", y="1.0", w="2.0"), "w.grad = 25"),
    ("A18", "x = torch.tensor(2.0, requires_grad=True)\ny = x ** 3 + 1\ny.backward()\n", "x.grad = 9"),
    ("A18", MEAN.format(n="2, 2", c=2, k=3), "do/dx = 27"),
    ("A19", "W = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\nloss = (W * torch.tensor([[1.0, 2.0], "
            "[3.0, 4.0]])).sum()\nloss.backward()\n",
     "W.grad = [[1, 3], [2, 4]]"),
    ("A19", "W = torch.ones(2, 3, requires_grad=True)\nx = torch.tensor([1.0, 2.0, 3.0])\nloss = (W @ x * "
            "torch.tensor([1.0, 10.0])).sum()\nloss.backward()\n",
     "W.grad = [[1, 10], [2, 20], [3, 30]]"),
    ("A19", "W = torch.tensor([[1.0, 2.0], [3.0, 5.0]], requires_grad=True)\nloss = (W ** 2).sum()\nloss.backward()\n",
        "W.grad = [[2, 6], [4, 10]]"),
    ("A20", "x = torch.tensor(3.0, requires_grad=True)\nc = torch.sin(x)\nc.backward()\n", "x.grad = -1.979985"),
    ("A20", "x = torch.tensor([1.0, 2.0, 0.0], requires_grad=True)\ny = torch.cos(x).sum()\ny.backward()\n",
        "x.grad = [-0.4207355, -0.4546487, 0]"),
    ("A20", "x = torch.tensor(1.0, requires_grad=True)\ny = torch.atan(x) + torch.log(x)\ny.backward()\n",
        "x.grad = 3"),
    ("A21", "x = torch.tensor(3.0, requires_grad=True)\nc = torch.sin(x)\nc.backward()\n", "x.grad = 0.989992"),
    ("A21", SQUARED.format(x="3.0", y="1.0", w="2.0"), "w.grad = -30"),
    ("A21", "x = torch.tensor([1.0, 2.0], requires_grad=True)\ny = -(x ** 3).sum()\ny.backward()\n",
        "x.grad = [3, 12]"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "code", "claim"), CASES)
def test_the_rule_is_among_those_found(rule: str, code: str, claim: str) -> None:
    values = nabla.backprop(code, claim).values["claim"]
    assert values["verdict"] == "wrong"
    rules = [mistake["rule"] for mistake in values["mistakes"]]
    assert rule in rules, rules


def test_every_rule_has_its_three_programs() -> None:
    counts = {f"A{n:02}": sum(rule == f"A{n:02}" for rule, _, _ in CASES) for n in range(1, 22)}
    assert {rule: n for rule, n in counts.items() if n < 3} == {}


def test_the_first_question_ties_two_mistakes_and_says_where_they_part() -> None:
    values = nabla.backprop(SQUARED.format(x="2.0", y="2.0", w="3.0"), "w.grad = 8").values["claim"]
    assert [mistake["rule"] for mistake in values["mistakes"]] == ["A01", "A02"]
    assert values["ask_at"] == {"x": 3, "y": 1, "w": 2}
    assert [mistake["there"] for mistake in values["mistakes"]] == [10, 15]


def test_the_same_number_for_value_and_gradient_is_right() -> None:
    assert (
        nabla.backprop(SQUARED.format(x="2.0", y="2.0", w="3.0"), "w.grad = 16").values["claim"]["verdict"] == "right"
    )


@pytest.mark.parametrize(
    ("code", "claim", "rule", "where"),
    [
        (SQUARED.format(x="3.0", y="1.0", w="2.0"), "w.grad = 5", "A01+A02", "mul (line 4) and loss (line 5)"),
        (SQUARED.format(x="2.0", y="2.0", w="3.0"), "w.grad = 4", "A01+A02", "mul (line 4) and loss (line 5)"),
        (MEAN.format(n="2, 2", c=2, k=3), "x.grad = 6", "A01+A03", "z (line 3) and out (line 4)"),
        ("x = torch.tensor(1.5, requires_grad=True)\ny = -torch.exp(x ** 2)\ny.backward()\n", "x.grad = 9.487736",
         "A01+A21", "pow (line 2) and y (line 2)"),
    ],
)  # fmt: skip
def test_two_mistakes_together_are_found_when_no_single_one_fits(code: str, claim: str, rule: str, where: str) -> None:
    values = nabla.backprop(code, claim).values["claim"]
    assert [(mistake["rule"], mistake["where"]) for mistake in values["mistakes"]] == [(rule, where)]


def test_single_mistakes_are_told_before_pairs_and_nonsense_is_no_mistake() -> None:
    tied = nabla.backprop(SQUARED.format(x="2.0", y="2.0", w="3.0"), "w.grad = 8").values["claim"]["mistakes"]
    assert all("+" not in mistake["rule"] for mistake in tied)
    document = nabla.backprop(MEAN.format(n="2, 2", c=2, k=3), "x.grad = 7.77")
    assert document.values["claim"]["mistakes"] == []
    assert any("no two of them together" in block.text for block in document.blocks if block.kind == "note")


def test_a_step_without_a_name_is_told_by_its_formula() -> None:
    document = nabla.backprop(SQUARED.format(x="3.0", y="1.0", w="2.0"), "w.grad = 10")
    assert any(r"$w \cdot x$ (line 4) by `w`" in block.text for block in document.blocks if block.kind == "note")


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [("4.5", "right"), ("x.grad = 9/2", "right"), ("do/dx = 4.5", "right"), ("dout/dx: 4.5", "right"),
        ("x.grad = [[4.5, 4.5], [4.5, 4.5]]", "right"),
     ("x.grad = tensor([[4.5, 4.5], [4.5, 4.5]])", "right"), ("y.grad = 4.5", "right"), ("dz/dy = 18", "right"),
         ("x.grad = 4.4", "wrong"),
     ("x.grad = [4.5, 4.5]", "wrong"), ("x.grad = 4.500", "right"), ("x.grad = 4.5; z.grad = 0.25", "right"),
         ("x.grad = 4.5; z.grad = 1", "wrong")],
)  # fmt: skip
def test_ways_to_write_a_claim(claim: str, verdict: str) -> None:
    assert nabla.backprop(MEAN.format(n="2, 2", c=2, k=3), claim).values["claim"]["verdict"] == verdict


@pytest.mark.parametrize(
    "claim",
    [
        "x.grad = many",
        "nothing.grad = 3",
        "x.grad =",
        "x.grad = __import__('os')",
        "= 3 3",
        "x.grad = [1, [2]]",
        "x.grad = 1/0",
    ],
)
def test_a_claim_that_says_nothing_is_told(claim: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.backprop(MEAN.format(n="2", c=2, k=3), claim)
    assert caught.value.field == "claim"


@pytest.mark.parametrize(
    ("form", "told"),
    [("x + x", "stands in"), ("x * x", "power"), ("torch.dot(x, x)", "power"), ("torch.maximum(x, x)", "stands in")],
)
def test_half_of_what_stands_twice_is_a_power_in_products_alone(form: str, told: str) -> None:
    code = f"x = torch.tensor([3.0], requires_grad=True)\ny = ({form}).sum()\ny.backward()\n"
    right = nabla.backprop(code).values["grads"]["x"][0]
    answer = nabla.backprop(code, claim=str(right / 2)).answer
    assert answer is not None and told in answer.text


def test_a_number_of_a_printed_tree_is_right() -> None:
    code = "import jax\nf = lambda p: p['a'] ** 2 * p['b']\nprint(jax.grad(f)({'a': 3.0, 'b': 2.0}))\n"
    assert nabla.backprop(code, claim="12").values["claim"]["verdict"] == "right"


def test_a_leaf_whose_data_was_replaced_has_one_gradient_of_one_pass() -> None:
    """12, as PyTorch 2: 2 by the x of line 3 and 5 · 2 by that of line 1; no second pass is told."""
    code = "x = torch.tensor(1.0, requires_grad=True)\ny = x * 2\nx.data = torch.tensor(5.0)\nz = y * x\nz.backward()\n"
    document = nabla.backprop(code)
    assert document.values["grads"]["x"] == 12
    assert document.answer is not None
    assert document.answer.text.count("holds 12") == 1 and "passes" not in document.answer.text
