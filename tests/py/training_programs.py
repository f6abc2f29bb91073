"""Training loops written by a generator: layers, activations, losses and styles of programs drawn at random, right or
with one slip. The right ones are the textbook's backward pass, whatever they are written like.
"""

import random
import re
from dataclasses import dataclass

VALUES = {"sigmoid": "1 / (1 + np.exp(-{z}))", "tanh": "np.tanh({z})", "relu": "np.maximum(0, {z})"}
SLOPES = {"sigmoid": "{a} * (1 - {a})", "tanh": "(1 - {a} ** 2)", "relu": "({z} > 0)"}
STYLES = ("plain", "function", "class", "dict", "list")
SLIPS = ("missing-derivative", "sign", "missing-axis", "missing-mean", "wrong-variable", "derivative-at-z",
         "wrong-power", "update-before-use", "missing-transpose", "error-sign")  # fmt: skip


@dataclass
class Drawn:
    """What a program is written from. `shape` are inputs, hidden units and outputs; `loss` squares, bce or softmax."""

    seed: int
    samples: int
    shape: list[int]
    hidden: list[str]
    loss: str
    bias: bool
    mean: bool
    style: str
    told: bool
    dot: str

    @property
    def output(self) -> str:
        return {"squares": "sigmoid", "bce": "sigmoid", "softmax": "softmax"}[self.loss]


def drawn(rng: random.Random) -> Drawn:
    """A network, a loss and a style."""
    loss = rng.choice(["squares", "squares", "bce", "softmax"])
    outputs = 3 if loss == "softmax" else rng.choice([1, 2])
    hidden = [rng.choice(sorted(VALUES)) for _ in range(rng.choice([1, 1, 2]))]
    shape = [rng.choice([2, 3]), *[rng.choice([4, 5]) for _ in hidden], outputs]
    bias, mean, told = (rng.random() < 0.7 for _ in range(3))
    style, dot = rng.choice(STYLES), rng.choice(["{} @ {}", "{}.dot({})", "np.dot({}, {})"])
    return Drawn(rng.randint(0, 999), rng.choice([6, 8]), shape, hidden, loss, bias, mean, style, told, dot)


def names(style: str, k: int) -> tuple[str, str]:
    """The weight and the bias of layer k as the style has them."""
    return {
        "class": (f"self.W{k}", f"self.b{k}"), "dict": (f"p['W{k}']", f"p['b{k}']"),
        "list": (f"W[{k - 1}]", f"b[{k - 1}]"),
    }.get(style, (f"W{k}", f"b{k}"))  # fmt: skip


def forward(d: Drawn) -> list[str]:
    """The forward pass; the loss where the program tells it."""
    lines, last = [], len(d.shape) - 1
    for k in range(1, last + 1):
        weight, bias = names(d.style, k)
        before = "X" if k == 1 else f"a{k - 1}"
        lines.append(f"z{k} = {d.dot.format(before, weight)}" + (f" + {bias}" if d.bias else ""))
        if k == last and d.output == "softmax":
            lines += [f"e{k} = np.exp(z{k} - z{k}.max(axis=1, keepdims=True))",
                      f"a{k} = e{k} / e{k}.sum(axis=1, keepdims=True)"]  # fmt: skip
        else:
            lines.append(f"a{k} = {VALUES[d.output if k == last else d.hidden[k - 1]].format(z=f'z{k}')}")
    return lines


def loss(d: Drawn, output: str) -> str:
    """The loss as a number."""
    each = {
        "squares": f"0.5 * np.sum(({output} - Y) ** 2)",
        "bce": f"-np.sum(Y * np.log({output}) + (1 - Y) * np.log(1 - {output}))",
        "softmax": f"-np.sum(Y * np.log({output}))",
    }[d.loss]
    return each + (" / len(X)" if d.mean else "")


def backward(d: Drawn) -> tuple[dict[str, str], dict[str, str]]:
    """The statements of the backward pass by what they give, and the updates."""
    last = len(d.shape) - 1
    error = f"(a{last} - Y)" + (" / len(X)" if d.mean else "")
    if d.loss == "squares":
        error += " * " + SLOPES["sigmoid"].format(a=f"a{last}")
    made, updates = {f"d{last}": error}, {}
    for k in range(last, 0, -1):
        weight, bias = names(d.style, k)
        before = "X" if k == 1 else f"a{k - 1}"
        made[f"dW{k}"] = d.dot.format(f"{before}.T", f"d{k}")
        updates[f"W{k}"] = f"{weight} -= 0.2 * dW{k}"
        if d.bias:
            made[f"db{k}"] = f"d{k}.sum(axis=0, keepdims=True)"
            updates[f"b{k}"] = f"{bias} -= 0.2 * db{k}"
        if k > 1:
            slope = SLOPES[d.hidden[k - 2]].format(a=f"a{k - 1}", z=f"z{k - 1}")
            made[f"d{k - 1}"] = f"({d.dot.format(f'd{k}', f'{weight}.T')}) * {slope}"
    return made, updates


def spoiled(d: Drawn, slip: str, made: dict[str, str], updates: dict[str, str], rng: random.Random) -> str | None:
    """Put a slip in; the name of what it spoils, None where it does not fit."""
    last = len(d.shape) - 1
    k = rng.randint(1, last - 1)
    delta, activation = f"d{k}", d.hidden[k - 1]
    slope = SLOPES[activation].format(a=f"a{k}", z=f"z{k}")
    weight = f"W{rng.randint(1, last)}"
    if slip == "missing-derivative":
        made[delta] = made[delta].replace(f" * {slope}", "")
        return delta
    if slip == "sign":
        updates[weight] = updates[weight].replace("-=", "+=")
        return weight
    if slip == "error-sign":
        made[f"d{last}"] = made[f"d{last}"].replace(f"(a{last} - Y)", f"(Y - a{last})")
        return f"d{last}"
    if slip == "missing-axis" and d.bias:
        made[f"db{k}"] = f"d{k}.sum()"
        return f"db{k}"
    if slip == "missing-mean" and d.mean:
        made[f"dW{k}"] = f"len(X) * ({made[f'dW{k}']})"
        return f"dW{k}"
    if slip == "wrong-variable":
        made[f"dW{k + 1}"] = made[f"dW{k + 1}"].replace(f"a{k}.T", f"z{k}.T")
        return f"dW{k + 1}"
    if slip == "derivative-at-z" and activation != "relu":
        made[delta] = made[delta].replace(slope, SLOPES[activation].format(a=f"z{k}"))
        return delta
    if slip == "wrong-power" and activation == "tanh":
        made[delta] = made[delta].replace(slope, f"(1 - a{k})")
        return delta
    if slip == "missing-transpose" and d.shape[k] == d.shape[k + 1]:
        made[delta] = made[delta].replace(".T", "", 1)
        return delta
    if slip == "update-before-use":
        moved = {f"W{last}": updates.pop(f"W{last}")}
        head = dict(list(made.items())[:2])
        rest = dict(list(made.items())[2:])
        made.clear()
        made.update({**head, **moved, **rest})
        return f"W{last}"
    return None


def written(d: Drawn, slip: str = "") -> tuple[str, int] | None:
    """The program, and the line of the slip in it (0 without one); None where the slip does not fit the network."""
    rng = random.Random(d.seed)
    made, updates = backward(d)
    spoils = spoiled(d, slip, made, updates, rng) if slip else ""
    if spoils is None:
        return None
    back = [text if " -= " in text else f"{name} = {text}" for name, text in made.items()]
    back += updates.values()
    at = {**made, **updates}[spoils] if spoils else ""
    lines = ["import numpy as np", f"np.random.seed({d.seed})", f"X = np.random.randn({d.samples}, {d.shape[0]})"]
    if d.loss == "softmax":
        lines.append(f"Y = np.eye(3)[np.random.randint(0, 3, {d.samples})]")
    else:
        lines.append(f"Y = (np.random.rand({d.samples}, {d.shape[-1]}) > 0.5) * 1.0")
    lines += _in_style(d, back)
    text = "\n".join(lines) + "\n"
    if not slip:
        return text, 0
    wanted = _attributes(at) if d.style == "class" else at
    return text, next(i for i, line in enumerate(text.split("\n"), 1) if line.strip().endswith(wanted))


def _attributes(line: str) -> str:
    return re.sub(r"\b([zade]\d|dW\d|db\d)\b", r"self.\1", line)


def _in_style(d: Drawn, back: list[str]) -> list[str]:
    last = len(d.shape) - 1
    starts = []
    for k in range(1, last + 1):
        weight, bias = names(d.style, k)
        starts.append(f"{weight} = 0.6 * np.random.randn({d.shape[k - 1]}, {d.shape[k]})")
        starts += [f"{bias} = np.zeros((1, {d.shape[k]}))"] if d.bias else []
    told = [f"loss = {loss(d, f'a{last}')}"] if d.told else []
    body = [*forward(d), *told, *back]
    if d.style == "class":
        inner = [f"        {line}" for line in (*map(_attributes, forward(d)), f"return self.a{last}")]
        after = [f"    loss = {loss(d, 'out')}"] if d.told else []
        return ["class Network:", "    def __init__(self):", *[f"        {line}" for line in starts],
                "    def forward(self, X):", *inner, "    def backward(self, X, Y):",
                *[f"        {_attributes(line)}" for line in back], "net = Network()", "for step in range(30):",
                "    out = net.forward(X)", *after, "    net.backward(X, Y)"]  # fmt: skip
    if d.style == "function":
        return ["def train(X, Y, steps):", *[f"    {line}" for line in starts], "    for i in range(steps):",
                *[f"        {line}" for line in body], "    return W1", "first = train(X, Y, 30)"]  # fmt: skip
    if d.style == "dict":
        starts = ["p = {}", *starts]
    if d.style == "list":
        starts = ["W, b = [None] * 3, [None] * 3", *starts]
    return [*starts, "for step in range(30):", *[f"    {line}" for line in body]]
