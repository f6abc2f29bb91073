"""Inputs of all labs made by chance: ordinary ones, to compare two worlds with, and hostile ones, to survive.

The same seed gives the same inputs on every machine and under every version of Python.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

from nabla.gallery.examples import EXAMPLES
from nabla.lab import LABS

Inputs = dict[str, str]


SHAPES = [
    "{a} + {b}", "{a} - {b}", "({a})*({b})", "({a})/(2 + ({b})^2)", "({a})^2", "({a})^3", "sin({a})", "cos({a})",
    "exp(-({a})^2)", "sqrt(1 + ({a})^2)", "log(1 + ({a})^2)", "atan({a})", "tanh({a})", "abs({a})", "max({a}, {b})",
]  # fmt: skip
TENSORS = ["torch.sin(y)", "y * x", "torch.tanh(y) + x", "torch.relu(y)", "y ** 2", "2 * y - x"]


def ordinary(count: int, seed: int) -> Iterator[tuple[str, Inputs]]:
    """So many inputs, the labs in turn."""
    chance = random.Random(seed)
    makers = list(_MAKERS.items())
    for turn in range(count):
        lab, make = makers[turn % len(makers)]
        yield lab, make(chance)


def _formula(chance: random.Random, names: str, depth: int) -> str:
    if depth == 0 or chance.random() < 0.15:
        return chance.choice([*names, *names, *names, "2", "3", "1/2", "0.7", "pi"])
    one, other = (_formula(chance, names, depth - 1) for _ in range(2))
    shape = chance.choice(SHAPES)
    return str(shape.format(a=one, b=other))


def _number(chance: random.Random) -> str:
    return f"{chance.uniform(-2, 2):.3g}"


def _derive(chance: random.Random) -> Inputs:
    names = chance.choice(["x", "x", "xy", "xyz"])
    given = {"f": _formula(chance, names, 3), "wrt": names[0]}
    if chance.random() < 0.7:
        given["at"] = ",".join(f"{name}={_number(chance)}" for name in names)
    if chance.random() < 0.2:
        given["claim"] = _formula(chance, names, 2)
    return given


def _fit(chance: random.Random) -> Inputs:
    count = chance.randint(12, 60)
    tones = [(chance.uniform(0.02, 0.45), chance.uniform(0.3, 3)) for _ in range(chance.randint(1, 2))]
    rows = []
    for i in range(count):
        value = sum(size * math.cos(2 * math.pi * f * i) for f, size in tones) + chance.gauss(0, 0.05)
        rows.append(f"{i}, {value:.6f}")
    return {"data": "\n".join(rows)}


def _descend(chance: random.Random) -> Inputs:
    a, b = chance.randint(1, 5), chance.randint(1, 9)
    f = chance.choice([f"{a}x^2 + {b}y^2 - xy", f"(x - {a})^2 + {b}(y - x^2)^2", f"x^4 + {a}y^2 + sin({b}x)"])
    return {"f": f, "start": f"x={_number(chance)},y={_number(chance)}"}


def _decompose(chance: random.Random) -> Inputs:
    parts = ["x*y", "y^2", "x^2 - y^2", "sin(x)", "cos(y)", "-y", "x", "exp(-x^2-y^2)", "1", "x*y^2"]
    field = "; ".join(" + ".join(chance.sample(parts, chance.randint(1, 2))) for _ in range(2))
    return {"V": field, "n": chance.choice(["8", "12", "16"]), "boundary": chance.choice(["periodic", "wall", "open"])}


def _backprop(chance: random.Random) -> Inputs:
    rows, columns = chance.randint(1, 3), chance.randint(1, 3)
    values = [[round(chance.uniform(-2, 2), 2) for _ in range(columns)] for _ in range(rows)]
    lines = ["import torch", f"x = torch.tensor({values}, requires_grad=True)", "y = x"]
    lines += [f"y = {chance.choice(TENSORS)}" for _ in range(chance.randint(1, 4))]
    lines += [f"loss = y.{chance.choice(['sum', 'mean'])}()", "loss.backward()", "print(x.grad)"]
    return {"code": "\n".join(lines)}


def _train(chance: random.Random) -> Inputs:
    rows = [[chance.randint(0, 1) for _ in range(2)] for _ in range(4)]
    targets = [chance.randint(0, 1) for _ in range(4)]
    return {
        "X": "; ".join(", ".join(map(str, row)) for row in rows),
        "y": "; ".join(map(str, targets)),
        "hidden": str(chance.randint(1, 4)),
        "steps": "20",
    }


_MAKERS: dict[str, Callable[[random.Random], Inputs]] = {
    "derive": _derive, "backprop": _backprop, "fit": _fit, "descend": _descend, "train": _train,
    "decompose": _decompose,
}  # fmt: skip

FRAGMENTS = [
    "", " ", "\x00", "\ud7ff", "\u202e", "\ufeff", "'", '"', "`", "\\", "$", "$$", "%", "&", "#", "{", "}", "[", "]",
    "(",
    ")" * 50, "(" * 500, "[" * 5000, "{" * 90, "-" * 400, "!" * 60, "^" * 9, "x^" * 40 + "x", "9" * 5000, "9**9**9**9",
    "1e400", "-1e-400", "nan", "inf", "None", "True", "x" * 70_000, "a=" * 300, "sin " * 300, "\\frac{" * 200,
    "\\left(" * 90, "\\begin{cases}" * 40, "\\def\\a{\\a\\a}\\a", "<script>alert(1)</script>", "[a](javascript:0)",
    "\\href{javascript:0}{x}", "=cmd|' /C calc'!A0", "../../etc/passwd", "@/etc/passwd", "{{7*7}}", "%s%s%n",
    "__import__",
    "().__class__.__bases__[0].__subclasses__()", "import os\nos.system('a')", "while True: pass", "x = [0]*10**10",
    "x = 0.5 in range(10**12)", "x = round(10**1000, -10**9)", "def f(): return f()\nf()", "x = 3\n" + "x = x*x\n" * 40,
    "l=[]\nfor i in range(10**7):\n    l.append('a'*10**5)", "import numpy as np\nnp.zeros((10**5, 10**5))",
    "import torch\ntorch.ones(10**9)", "1,2\n" * 5000, "1;2;3\n4;5\n", "x,y\n" + "1e308,1e308\n" * 20, "0, 0\n" * 30,
    "0" * 300 + ".5", "½⅓²³⁴", "∂∇∫∑∏", "한국어", "🙂" * 100, "a\nb\r\nc\rd", "\t" * 100, "max(" * 30 + "x" + ")" * 30,
    "abs(" * 60 + "x" + ")" * 60, "/".join("x" * 200), "gamma(gamma(gamma(99)))", "factorial(10^9)", "x^(10^9)",
    "tan(10^30 x)", "1/(x-x)", "log(0)", "0^0", "x=y=z", "d/dx d/dx d/dx", ";" * 200, "," * 300, "=" * 20,
]  # fmt: skip


def hostile(count: int, seed: int) -> Iterator[tuple[str, Inputs]]:
    """So many inputs: those of the examples, damaged, or with what nobody should write into a field."""
    chance = random.Random(seed)
    examples = [(example.lab, dict(example.inputs)) for example in EXAMPLES]
    for turn in range(count):
        lab, inputs = chance.choice(examples)
        inputs = dict(inputs)
        name = chance.choice([*inputs, *(field.name for field in LABS[lab].fields)])
        inputs[name] = _damaged(chance, inputs.get(name, ""), FRAGMENTS[turn % len(FRAGMENTS)])
        yield lab, inputs


def _damaged(chance: random.Random, text: str, fragment: str) -> str:
    start = chance.randint(0, len(text))
    end = min(len(text), start + chance.randint(0, 12))
    before, after = text[:start], text[start:]
    damages = [fragment, before + fragment + after, before + fragment + text[end:], before + text[end:]]
    return chance.choice([*damages, text + text[start:end] * 40, fragment + text])
