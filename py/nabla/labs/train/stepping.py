"""The optimiser of PyTorch that takes a program's steps: kind and options fitted to the first of them, and tried."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import numpy as np

from nabla.labs.train.analysis import Analysis
from nabla.labs.train.programs import TrainedEnd, number
from nabla.labs.train.training import Training
from nabla.network.counterfactual import affordable, descended
from nabla.network.model import Array, Layers, gradients

FIRST = 3  # steps that options are fitted to
CLOSE = 1e-7  # of a step, beside the largest of its numbers
END = 1e-5  # of all steps together, likewise
TRIED = 2_000  # steps

Slope = Callable[[Array], Array]


@dataclass(frozen=True)
class SteppingRule:
    """An optimiser: its name and options in PyTorch, and the step up to which it was run beside the program."""

    name: str
    options: dict[str, Any]
    end: int = 0

    @property
    def text(self) -> str:
        """The call that makes it."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        return f"torch.optim.{self.name}(network.parameters(), {told})"

    def walk(self, start: Array, slope: Slope, steps: int) -> Iterator[Array]:
        """The weights after each step, as PyTorch takes them."""
        w, o = start.copy(), self.options
        first, second = np.zeros_like(w), np.zeros_like(w)
        for t in range(1, steps + 1):
            g = slope(w)
            if self.name == "SGD":
                first = o.get("momentum", 0.0) * first + g + o.get("weight_decay", 0.0) * w
                w = w - o["lr"] * first
            elif self.name == "Adam":
                b1, b2 = o["betas"]
                first, second = b1 * first + (1 - b1) * g, b2 * second + (1 - b2) * g * g
                w = w - o["lr"] * (first / (1 - b1**t)) / (np.sqrt(second / (1 - b2**t)) + o["eps"])
            else:
                kept = o.get("alpha", 1.0)  # Adagrad keeps all
                second = kept * second + (1 - kept if self.name == "RMSprop" else 1.0) * g * g
                w = w - o["lr"] * g / (np.sqrt(second) + o["eps"])
            yield w


def as_run(found: Analysis, training: Training, text: str) -> TrainedEnd | None:
    """What takes a program's own steps, and its own outputs; None where no optimiser of PyTorch does."""
    rule = stepping(found, training, text) if not training.ended else None
    if rule is None:
        return None
    return TrainedEnd(rule.text, training.outputs, 1e-6 if rule.end == training.done else 1e-3)


def put_right(found: Analysis, training: Training, rate: float, steps: int) -> TrainedEnd | None:
    """Plain steps along the gradient, for a program whose own are not; None where they are too many to take here."""
    loss = found.verdict.loss if found.verdict else "squares"
    if affordable(found.layers, training.X, steps) < steps:
        return None
    end = descended(found.layers, training.X, training.y, loss, rate, steps)
    outputs = end.forward(training.X)[1][-1]
    optimiser = f"torch.optim.SGD(network.parameters(), lr={number(rate)})"
    return TrainedEnd(optimiser, outputs, 1e-6) if np.isfinite(outputs).all() else None


def stepping(found: Analysis, training: Training, text: str) -> SteppingRule | None:
    """What takes the program's steps; None where no optimiser known here does.

    Args:
        found: the network.
        training: its training, with the weights of its first moments.
        text: of the program, whose numbers may be options.
    """
    network = training.network
    known = {moment.step: moment.arrays for moment in training.moments if moment.arrays is not None}
    whole = found.network.samples == training.X.shape[0]
    if network is None or not whole or not all(k in known for k in range(FIRST + 1)):
        return None
    layers = {step: network.layers(arrays) for step, arrays in known.items()}
    start, loss = layers[0], found.verdict.loss if found.verdict else "squares"

    def slope(w: Array) -> Array:
        by_weights, by_biases, _ = gradients(_layers(start, w), training.X, training.y, loss)
        pairs = zip(by_biases, start.biases, strict=True)
        return _vector(by_weights, [b if own is not None else None for b, own in pairs])

    path = [_vector(layers[k].weights, layers[k].biases) for k in range(FIRST + 1)]
    last = max(step for step in layers if step <= min(TRIED, affordable(start, training.X, TRIED)))
    end = _vector(layers[last].weights, layers[last].biases)
    with np.errstate(all="ignore"):
        for rule in _rules(path, slope, text):
            if _follows(rule.walk(path[0], slope, FIRST), path):
                *_, there = rule.walk(path[0], slope, last)
                if float(np.abs(there - end).max()) <= END * float(np.abs(end - path[0]).max()):
                    return SteppingRule(rule.name, rule.options, last)
    return None


def _vector(weights: Sequence[Array], biases: Sequence[Array | None]) -> Array:
    return np.concatenate([np.ravel(part) for part in [*weights, *(b for b in biases if b is not None)]])


def _layers(like: Layers, w: Array) -> Layers:
    """Layers of the numbers of a vector."""
    place, parts = 0, []
    for part in [*like.weights, *(b for b in like.biases if b is not None)]:
        parts.append(w[place : place + part.size].reshape(part.shape))
        place += part.size
    rest = iter(parts[len(like.weights) :])
    return Layers(
        like.activations, parts[: len(like.weights)], [None if b is None else next(rest) for b in like.biases]
    )


def _follows(walk: Iterator[Array], path: list[Array]) -> bool:
    return all(
        float(np.abs(there - own).max()) <= CLOSE * float(np.abs(own - before).max())
        for there, (before, own) in zip(walk, pairwise(path), strict=True)
    )


def _rules(path: list[Array], slope: Slope, text: str) -> Iterator[SteppingRule]:
    """Optimisers whose options are those of the first steps, or numbers of the program."""
    steps = [a - b for a, b in pairwise(path)]
    slopes = [slope(w) for w in path[:2]]
    for decays in (False, True):
        parts = [slopes[0], path[0]] if decays else [slopes[0]]
        lr, *more = np.linalg.lstsq(np.stack(parts, axis=1), steps[0], rcond=None)[0]
        decay = float(more[0] / lr) if more and lr else 0.0
        rest = steps[1] - lr * (slopes[1] + decay * path[1])
        momentum = float(rest @ steps[0]) / max(float(steps[0] @ steps[0]), 1e-300)
        options = {"lr": _short(lr), "momentum": _short(momentum), "weight_decay": _short(decay)}
        yield SteppingRule("SGD", {name: value for name, value in options.items() if value or name == "lr"})
    numbers = {float(n) for n in (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
               if isinstance(n, (int, float))}  # fmt: skip
    shares = sorted(
        {0.9, 0.999} | {n for n in numbers if 0.3 < n < 1} | {_short(1 - n) for n in numbers if 0 < n < 0.7}
    )
    at = int(np.abs(slopes[0]).argmax())
    g, s = float(slopes[0][at]), float(steps[0][at])
    for eps in sorted({1e-8} | {n for n in numbers if 0 < n < 1e-3})[:4] if g else ():
        rate = _short(s / g * (abs(g) + eps))
        yield SteppingRule("Adagrad", {"lr": rate, "eps": eps})
        for share in shares:
            lr = _short(s / g * (float(np.sqrt(1 - share)) * abs(g) + eps))
            yield SteppingRule("RMSprop", {"lr": lr, "alpha": share, "eps": eps})
        for betas in product(shares, shares):
            yield SteppingRule("Adam", {"lr": rate, "betas": betas, "eps": eps})


def _short(value: float) -> float:
    """A number without the noise of its last digits."""
    return float(f"{float(value):.6g}") if abs(value) > 1e-9 else 0.0
