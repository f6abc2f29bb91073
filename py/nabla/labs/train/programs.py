"""A layered network as programs: its training loop in NumPy, right or wrong in a chosen way, and in PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nabla.network.model import Array

# The backward passes that a program can be written with; all but the first are wrong.
BACKWARD = (
    "right", "asker", "no-derivative", "derivative-of-output", "derivative-at-z", "missing-transpose",
    "error-for-delta", "sign", "update-before-use", "frozen",
)  # fmt: skip
WRITTEN = ("sigmoid", "tanh", "relu", "linear", "softmax")
_VALUE = {
    "sigmoid": "1 / (1 + np.exp(-{z}))", "tanh": "np.tanh({z})", "relu": "np.maximum({z}, 0)", "linear": "{z}",
}  # fmt: skip
_SLOPE = {"sigmoid": "{a} * (1 - {a})", "tanh": "(1 - {a} ** 2)", "relu": "({z} > 0)", "linear": "1"}
# The slope as a function of z, for the slip of feeding it with a.
_SLOPE_OF_Z = {
    "sigmoid": "np.exp(-{z}) / (1 + np.exp(-{z})) ** 2", "tanh": "(1 - np.tanh({z}) ** 2)", "relu": "({z} > 0)",
    "linear": "1",
}  # fmt: skip
_TORCH = {"sigmoid": "nn.Sigmoid()", "tanh": "nn.Tanh()", "relu": "nn.ReLU()", "softmax": "nn.Softmax(dim=1)"}


@dataclass(frozen=True)
class Recipe:
    """What a program is written from. `units`: inputs, hidden, outputs; `activations`: one a layer."""

    X: Array
    y: Array
    units: Sequence[int]
    activations: Sequence[str]
    loss: str = "squares"
    bias: bool = False
    rate: float = 0.5
    steps: int = 1000
    seed: int = 1
    batch: int = 0
    backward: str = "right"


@dataclass(frozen=True)
class TrainedEnd:
    """The call that makes an optimiser, the outputs behind its last step, and by how much they may differ, beside 1."""

    optimiser: str
    outputs: Array
    close: float


def number(value: float) -> str:
    """A number as Python has it, whole ones without a point."""
    value = float(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def matrix(values: Array) -> str:
    """A matrix as a nested list."""
    return "[" + ", ".join("[" + ", ".join(number(v) for v in row) + "]" for row in values) + "]"


def numpy_program(recipe: Recipe) -> str:
    """The training loop in NumPy, a line a step of the derivation."""
    last = len(recipe.activations)
    softmax = recipe.activations[-1] == "softmax"
    lines = ["import numpy as np", "", f"X = np.array({matrix(recipe.X)})", f"y = np.array({matrix(recipe.y)})", ""]
    lines += [f"rate = {number(recipe.rate)}", f"np.random.seed({recipe.seed})"]
    for k in range(last):
        lines.append(f"W{k} = 2 * np.random.random(({recipe.units[k]}, {recipe.units[k + 1]})) - 1")
        if recipe.bias:
            lines.append(f"b{k} = np.zeros((1, {recipe.units[k + 1]}))")
    lines += ["", f"for step in range({recipe.steps}):"]
    x, t = "X", "y"
    body: list[str] = []
    if recipe.batch:
        body += [f"rows = np.random.permutation(len(X))[:{recipe.batch}]", "x, t = X[rows], y[rows]"]
        x, t = "x", "t"
    for k in range(last):
        before = x if k == 0 else f"a{k}"
        body.append(f"z{k + 1} = {before}.dot(W{k})" + (f" + b{k}" if recipe.bias else ""))
        if k == last - 1 and softmax:
            body += [
                f"powers = np.exp(z{last} - z{last}.max(axis=1, keepdims=True))",
                f"a{last} = powers / powers.sum(axis=1, keepdims=True)",
            ]
        else:
            body.append(f"a{k + 1} = " + _VALUE[recipe.activations[k]].format(z=f"z{k + 1}"))
    body += _backward(recipe, last, x, t)
    return "\n".join([*lines, *(f"    {line}" for line in body)]) + "\n"


def _backward(recipe: Recipe, last: int, x: str, t: str) -> list[str]:
    """The backward pass and the updates."""
    wrong = recipe.backward
    error = f"(a{last} - {t})"
    name = recipe.activations[-1]
    slope = _slope(name, last, "") if recipe.loss == "squares" else "1"
    body = [f"d{last} = a{last} - {t}" if slope == "1" else f"d{last} = {error} * {slope}"]
    updates = {}
    for k in range(last - 1, -1, -1):
        before = x if k == 0 else f"a{k}"
        sign = "+" if wrong == "sign" else "-"
        updates[k] = [f"W{k} {sign}= rate * {before}.T.dot(d{k + 1})"]
        if recipe.bias:
            updates[k].append(f"b{k} {sign}= rate * d{k + 1}.sum(axis=0, keepdims=True)")
    if wrong == "update-before-use":
        body += updates.pop(last - 1)
    for k in range(last - 1, 0, -1):
        first = k == last - 1
        delta = f"d{k + 1}"
        signal = f"{delta}.dot(W{k}.T)"
        if first and wrong == "asker":
            signal = f"a{k}.T.dot({delta})"
        elif first and wrong == "missing-transpose":
            signal = f"{delta}.dot(W{k})"
        elif first and wrong == "error-for-delta":
            signal = f"{error}.dot(W{k}.T)"
        slope = _slope(recipe.activations[k - 1], k, wrong if first else "")
        body.append(f"d{k} = {signal}" + (f" * {slope}" if slope != "1" else ""))
    for k, update in updates.items():
        if not (wrong == "frozen" and k == 0):
            body += update
    return body


def _slope(activation: str, k: int, wrong: str) -> str:
    z, a = f"z{k}", f"a{k}"
    if wrong == "no-derivative":
        return "1"
    if wrong == "derivative-of-output":
        return _SLOPE_OF_Z[activation].format(z=a)
    if wrong == "derivative-at-z":
        return _SLOPE[activation].format(z=z, a=z)
    return _SLOPE[activation].format(z=z, a=a)


def torch_program(recipe: Recipe, weights: Sequence[Array], biases: Sequence[Array | None], end: TrainedEnd) -> str:
    """The same network in PyTorch, in double precision, from the same weights, with autograd for the backward pass.

    Args:
        recipe: of the network.
        weights: that it starts from.
        biases: likewise, None for a layer without.
        end: the optimiser that takes the program's steps, and where they end: what the export asserts.
    """
    last = len(recipe.activations)
    short = sum(weight.size for weight in weights) <= 400
    lines = ["import torch", "from torch import nn", ""]
    lines += [f"X = torch.tensor({matrix(recipe.X)}, dtype=torch.float64)"]
    lines += [f"y = torch.tensor({matrix(recipe.y)}, dtype=torch.float64)", "", "", "class Network(nn.Module):"]
    lines += ["    def __init__(self):", "        super().__init__()", "        self.layers = nn.Sequential("]
    for k in range(last):
        bias = "" if biases[k] is not None else ", bias=False"
        lines.append(f"            nn.Linear({recipe.units[k]}, {recipe.units[k + 1]}{bias}),")
        if recipe.activations[k] in _TORCH:
            lines.append(f"            {_TORCH[recipe.activations[k]]},")
    lines += [
        "        )",
        "",
        "    def forward(self, x):",
        "        return self.layers(x)",
        "",
        "",
        "network = Network().double()",
    ]
    if short:
        lines.append("with torch.no_grad():")
        for k in range(last):
            lines.append(
                f"    network.layers[{2 * k}].weight.copy_(torch.tensor({matrix(weights[k])}, dtype=torch.float64).T)"
            )
            bias_k = biases[k]
            if bias_k is not None:
                lines.append(
                    f"    network.layers[{2 * k}].bias.copy_(torch.tensor({matrix(bias_k)}, dtype=torch.float64)[0])"
                )
    lines += ["", f"optimizer = {end.optimiser}"]
    lines += [f"for step in range({recipe.steps}):", "    output = network(X)"]
    if recipe.loss == "squares":
        lines.append("    loss = 0.5 * ((output - y) ** 2).sum()")
    elif recipe.activations[-1] == "softmax":
        lines.append("    loss = -(y * output.log()).sum()")
    else:
        lines.append("    loss = nn.functional.binary_cross_entropy(output, y, reduction='sum')")
    lines += ["    optimizer.zero_grad()", "    loss.backward()", "    optimizer.step()", "print(network(X))"]
    if short:
        own, close = f"torch.tensor({matrix(end.outputs)}, dtype=torch.float64)", end.close
        lines += [
            f"own = {own}  # of the program",
            f"assert torch.allclose(network(X), own, rtol={close}, atol={close})",
        ]
    return "\n".join(lines) + "\n"


def fits_text(X: Array, y: Array) -> bool:
    """Whether the data are few enough to stand in a program."""
    return len(matrix(X)) + len(matrix(y)) < 12_000 and bool(np.isfinite(X).all() and np.isfinite(y).all())
