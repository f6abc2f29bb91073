"""Code that wants out, or wants everything: refused with its line, or stopped, and soon."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import nabla
from nabla.errors import UserError
from nabla.labs.backprop import run as backprop_run
from nabla.program import run as program_run
from nabla.program.limits import Budget
from nabla.tensor import tape

TURNS, MADE = 100_000, 20_000  # the budgets of these tests
BYTES = 250_000_000  # allocated at most at any time: a few tensors of the largest size

REFUSED = [
    "x = (1).__class__.__bases__[0].__subclasses__()", "print.__globals__", "x = __import__('os')", "__builtins__",
    "import numpy as np\nnp.random.__self__", "async def f():\n    pass", "try:\n    1\nexcept* ValueError:\n    pass",
    "import __main__", "x = 1\nx.__reduce__", "def __build_class__():\n    pass",
]  # fmt: skip
RAISED = [
    "with open('x') as f:\n    pass", "eval('1')",
    "exec('x = 1')", "open('/etc/passwd')", "compile('1', '', 'eval')", "globals()", "vars()", "dir()",
    "import os\nos.system('x')", "import torch\ntorch.load('x')", "import torch\ntorch.hub.load('a', 'b')",
        "x = 'a'.mro", "x = '%1000000000d' % 3",
    "x = f'{1:1000000000}'", "x = '{:>999999999}'.format(1)",
    "x = 10 ** 10 ** 10", "x = 2 ** 100000", "x = [0] * 10 ** 9", "x = 'a' * 10 ** 9", "x = (1,) * 10 ** 9",
    "x = list(range(10 ** 9))",
    "x = sum(range(10 ** 12))", "x = sorted(range(10 ** 9))", "x = range(10 ** 9)\nprint(*x)",
    "import torch\ntorch.ones(10 ** 9)", "import torch\ntorch.zeros(10 ** 5, 10 ** 5)",
    "import torch\ntorch.arange(10 ** 10)", "import torch\nx = torch.ones(1).expand(10 ** 9)",
    "import torch\ntorch.eye(10 ** 6)", "import torch\ntorch.randn(10 ** 9)",
    "import torch\nx = torch.ones(3000, 1)\ny = x * x.t()", "import numpy as np\nnp.zeros((10 ** 5, 10 ** 5))",
    "import numpy as np\nnp.eye(10 ** 6)",
    "import numpy as np\nnp.arange(10 ** 12)", "import numpy as np\nnp.linspace(0, 1, 10 ** 10)",
    "import numpy as np\nnp.random.rand(10 ** 9)", "x = int('9' * 100000)",
    "import torch\nx = torch.ones(1).repeat(10 ** 9)", "import torch\ntorch.full((10 ** 9,), 1.0)",
    "import torch\ntorch.linspace(0, 1, 10 ** 9)",
    "a = [0] * 1000\nb = [a] * 1000\nc = [b] * 1000\nprint(c)", "x = 'a'\nx.join(['b'] * 10 ** 9)",
    "import torch\nF = torch.nn.functional\nF.pad(torch.ones(2), (10 ** 9, 0))",
    "import torch\nF = torch.nn.functional\nF.one_hot(torch.tensor([10 ** 9]))",
    "import torch\ntorch.nn.Linear(10 ** 6, 10 ** 6)", "import torch\ntorch.nn.Embedding(10 ** 6, 10 ** 4)",
    "import torch\ntorch.diag(torch.ones(10 ** 5))",
    "import numpy as np\nnp.diag(np.ones(10 ** 5))", "import numpy as np\nnp.full((10 ** 9,), 1)",
    "import torch\ntorch.randperm(10 ** 9)", "import torch\ntorch.outer(torch.ones(10**5), torch.ones(10**5))",
    "import math\nmath.factorial(10 ** 9)", "x = round(1, 10 ** 9) + nothing",
    "import torch\ntorch.tensor([1.0]).flip(10 ** 9)",
    "import numpy as np\nnp.random.normal(0, 1, 10 ** 9)", "import numpy as np\nnp.random.randint(0, 5, 10 ** 9)",
    "import torch\ntorch.randint(0, 5, (10 ** 9,))",
    "import torch\ntorch.ones(2, 3).expand(10 ** 6, 10 ** 6, 2, 3)",
    "import numpy as np\nnp.broadcast_to(np.ones(1), (10 ** 10,))",
    "import torch\ntorch.cat([torch.ones(10 ** 6)] * 1000)", "import torch\ntorch.stack([torch.ones(10 ** 6)] * 1000)",
    "import numpy as np\nnp.concatenate([np.ones(10 ** 6)] * 1000)",
]  # fmt: skip
ENDLESS = [
    "while True:\n    pass", "x = 0\nfor i in range(10 ** 9):\n    x = x + 1", "x = [i for i in range(10 ** 9)]",
    "x = [[j for j in range(10 ** 6)] for i in range(10 ** 6)]",
    "def f(n):\n    return f(n + 1)\nf(0)", "f = lambda n: f(n) + f(n)\nf(1)", "x = {i: i for i in range(10 ** 9)}",
    "a, b = range(10 ** 12)", "x = []\nfor y in [1]:\n    while 1:\n        x.append(x)",
    "import torch\nx = torch.ones(1000, 1000)\nwhile True:\n    x = x + 1",
    "import torch\nfor i in range(10 ** 9):\n    torch.ones(1)",
]  # fmt: skip
DEEP = ["(" * 5000 + "1" + ")" * 5000, "-" * 10_000 + "1", "not " * 4000 + "1", "1" + "+1" * 9000, "x" + ".a" * 5000,
    "x" + "[0]" * 4000, "lambda: " * 2000 + "1",
        "1 if 1 else " * 1000 + "1", "2" + "**2" * 3000, "f" + "()" * 4000, "[" * 3000,
        "x = " + "[1, " * 39 + "1" + "]" * 39 + "\nprint(x" + "[0]" * 200 + ")", "a = " * 2000 + "1",
        "x = 1\n" * 5000, "x" * 30_000, "{" * 100, "f'{" * 50,
        "if 1:\n" + "\n".join(" " * i + "if 1:" for i in range(1, 100)), "1 < " * 2000 + "1",
        "a @ " * 900 + "a"]  # fmt: skip


class Spent:
    """What the runs of a test took at most: vertices and numbers."""

    made = elements = 0


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch) -> Spent:
    """Watch the runs. Their work is counted, never timed: the budgets are small enough for a second."""
    seen = Spent()

    @contextmanager
    def watched() -> Iterator[tape.State]:
        with tape.new_run() as state:
            try:
                yield state
            finally:
                seen.made, seen.elements = max(seen.made, state.made), max(seen.elements, state.elements)

    monkeypatch.setattr(backprop_run, "new_run", watched)
    monkeypatch.setattr(program_run, "Budget", lambda: Budget(turns=TURNS))
    monkeypatch.setattr(tape, "VERTICES", MADE)
    monkeypatch.setattr(tape, "ELEMENTS", 10 * tape.ONE)
    return seen


def cheaply(code: str, spent: Spent) -> nabla.Document:
    """The answer, within the budgets whatever the code is."""
    try:
        return nabla.backprop(code)
    finally:
        assert spent.made <= MADE + 1
        assert spent.elements <= tape.ELEMENTS + tape.ONE


@pytest.mark.parametrize("code", REFUSED)
def test_refused_with_its_line_before_anything_is_made(code: str, spent: Spent) -> None:
    with pytest.raises(UserError) as caught:
        cheaply(code, spent)
    assert spent.made <= 1
    assert caught.value.span is not None
    assert caught.value.field == "code"
    assert "ine " in caught.value.message


def outcome(code: str, spent: Spent) -> tuple[str, str]:
    """How it ended: the code of a refusal and its message, or the type of what was raised and its line."""
    try:
        raised = cheaply(code, spent).values["raises"]
    except UserError as error:
        return error.code, error.message
    return ("", "") if raised is None else (raised["type"], f"line {raised['line']}")


@pytest.mark.parametrize("code", RAISED)
def test_raises_or_is_refused_and_takes_no_memory(code: str, spent: Spent) -> None:
    tracemalloc.start()
    try:
        assert "ine " in outcome(code, spent)[1]
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("code", ENDLESS)
def test_stopped_where_the_budget_ends(code: str, spent: Spent) -> None:
    assert outcome(code, spent)[0] in ("timeout", "too-deep", "too-big")


@pytest.mark.parametrize("code", DEEP)
def test_too_deep_or_too_long_is_told(code: str, spent: Spent) -> None:
    assert outcome(code, spent)[0] in ("too-deep", "too-long", "syntax", "empty", "NameError", "TypeError")
