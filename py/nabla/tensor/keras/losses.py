"""Keras's losses, metrics and optimisers, with Keras's own constants and formulas (version 3)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.shapes import reshape
from nabla.tensor.tape import STATE, Array
from nabla.tensor.torch import losses
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.optim import Optimizer

EPSILON = 1e-7  # probabilities are kept away from 0 and 1 by so much


def _same(target: Any, output: Any) -> tuple[Any, Any]:
    """Target and output of the same number of dimensions, as Keras makes them."""
    if target.ndim == output.ndim - 1 and output.shape[-1] == 1:
        target = reshape(target, shape=(*target.shape, 1))
    return target, output


def _check(target: Any, output: Any) -> None:
    if tuple(target.shape) != tuple(output.shape):
        raise ValueError(
            f"Arguments `target` and `output` must have the same shape. Received: target.shape={tuple(target.shape)}, "
            f"output.shape={tuple(output.shape)}"
        )


def _squares(target: Any, output: Any) -> Any:
    target, output = _same(target, output)
    return losses.mse_loss(output, target)


def _absolute(target: Any, output: Any) -> Any:
    target, output = _same(target, output)
    return losses.l1_loss(output, target)


def _binary(target: Any, output: Any, from_logits: bool = False) -> Any:
    target, output = _same(target, output)
    _check(target, output)
    if from_logits:
        return losses.binary_cross_entropy_with_logits(output, target)
    kept = e.clamp(output, low=EPSILON, high=1 - EPSILON)
    each = -(target * e.log(kept) + (1 - target) * e.log(1 - kept))
    return _within(r.mean(each), (output, target), "binary_crossentropy")


def _classes(target: Any, output: Any, from_logits: bool = False) -> Any:
    _check(target, output)
    if from_logits:
        return losses.cross_entropy(output, target)
    shares = output / r.total(output, -1, True)
    kept = e.clamp(shares, low=EPSILON, high=1 - EPSILON)
    return _within(r.mean(-r.total(target * e.log(kept), -1)), (output, target), "categorical_crossentropy")


def _numbers(target: Any, output: Any, from_logits: bool = False) -> Any:
    at = np.asarray(target.array).reshape(-1).astype(np.int64)
    if at.size and (at.min() < 0 or at.max() >= output.shape[-1]):
        raise ValueError(
            f"Received a label value of {int(at.max())} which is outside the valid range of [0, {output.shape[-1]})."
        )
    return _classes(output.result.of(np.eye(output.shape[-1], dtype=np.float32)[at]), output, from_logits)


LOSSES: dict[str, Callable[..., Any]] = {
    "mse": _squares, "mean_squared_error": _squares, "mae": _absolute, "mean_absolute_error": _absolute,
    "binary_crossentropy": _binary, "categorical_crossentropy": _classes, "sparse_categorical_crossentropy": _numbers,
    "huber": lambda target, output: losses.huber_loss(output, _same(target, output)[0]),
}  # fmt: skip
CLASSES = {
    "MeanSquaredError": "mse", "MeanAbsoluteError": "mae", "BinaryCrossentropy": "binary_crossentropy",
    "CategoricalCrossentropy": "categorical_crossentropy", "Huber": "huber",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
}  # fmt: skip


def loss_class(name: str) -> Callable[..., Callable[[Any, Any], Any]]:
    """A loss as a class: its options first, then target and output."""

    def made(from_logits: bool = False, name: str = "") -> Callable[[Any, Any], Any]:
        return functools.partial(loss, from_logits=True) if from_logits else loss

    loss = LOSSES[name]
    return made


def accuracy(target: Array, output: Array) -> float:
    """`accuracy` as Keras chooses it: by the largest of several outputs, or by one half."""
    if output.shape[-1] > 1:
        truth = target.argmax(-1) if target.ndim == output.ndim and target.shape[-1] > 1 else target.reshape(-1)
        return float(np.mean(output.argmax(-1).reshape(-1) == truth.reshape(-1)))
    return float(np.mean((output.reshape(-1) > 0.5) == (target.reshape(-1) > 0.5)))


# Optimisers -----------------------------------------------------------------------------------------------------------


class KerasOptimizer(Optimizer):
    """An optimiser that is given its weights when it takes its first step."""

    usual: ClassVar[dict[str, Any]] = {}

    def __init__(self, learning_rate: float | None = None, **how: Any) -> None:
        lr = how.pop("lr", None)
        if unknown := set(how) - {*self.usual, "name"}:
            raise ValueError(f"Argument(s) not recognized: {{{', '.join(map(repr, sorted(unknown)))}}}")
        self.made = STATE.line
        rate = learning_rate if learning_rate is not None else lr
        self.how = {**self.usual, **how, "weight_decay": 0}
        self.how["lr"] = self.usual["lr"] if rate is None else float(rate)

    def attach(self, weights: list[Any]) -> None:
        """Take the weights that it moves."""
        super().__init__(weights, self.how)
        STATE.events[-1:] = [(what, self.made, detail) for what, _, detail in STATE.events[-1:]]


class KerasSGD(KerasOptimizer):
    """`SGD`."""

    usual: ClassVar[dict[str, Any]] = {"lr": 0.01, "momentum": 0.0, "nesterov": False}

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x + v, v = momentum v - lr g."""
        if not how["momentum"]:
            return x - how["lr"] * g
        v = memory["velocity"] = how["momentum"] * memory.get("velocity", 0.0) - how["lr"] * g
        return x + (how["momentum"] * v - how["lr"] * g if how["nesterov"] else v)


class KerasAdam(KerasOptimizer):
    """`Adam`."""

    usual: ClassVar[dict[str, Any]] = {"lr": 1e-3, "beta_1": 0.9, "beta_2": 0.999, "epsilon": EPSILON}

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x minus the running mean over the root of the running mean of squares; epsilon beside the biased root."""
        memory["t"] += 1
        b1, b2 = how["beta_1"], how["beta_2"]
        m = memory["m"] = memory.get("m", 0.0) + (1 - b1) * (g - memory.get("m", 0.0))
        v = memory["v"] = memory.get("v", 0.0) + (1 - b2) * (g * g - memory.get("v", 0.0))
        rate = how["lr"] * np.sqrt(1 - b2 ** memory["t"]) / (1 - b1 ** memory["t"])
        return x - rate * m / (np.sqrt(v) + how["epsilon"])


class KerasRMSprop(KerasOptimizer):
    """`RMSprop`."""

    usual: ClassVar[dict[str, Any]] = {"lr": 1e-3, "rho": 0.9, "momentum": 0.0, "epsilon": EPSILON}

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x minus the gradient over the root of its mean square and epsilon."""
        v = memory["v"] = how["rho"] * memory.get("v", 0.0) + (1 - how["rho"]) * g * g
        step = how["lr"] * g / np.sqrt(v + how["epsilon"])
        if how["momentum"]:
            step = memory["velocity"] = how["momentum"] * memory.get("velocity", 0.0) + step
        return x - step


class KerasAdagrad(KerasOptimizer):
    """`Adagrad`."""

    usual: ClassVar[dict[str, Any]] = {"lr": 1e-3, "initial_accumulator_value": 0.1, "epsilon": EPSILON}

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x minus the gradient over the root of the sum of its squares and epsilon."""
        total = memory["total"] = memory.get("total", how["initial_accumulator_value"]) + g * g
        return x - how["lr"] * g / np.sqrt(total + how["epsilon"])


OPTIMIZERS: dict[str, type[KerasOptimizer]] = {
    "SGD": KerasSGD,
    "Adam": KerasAdam,
    "RMSprop": KerasRMSprop,
    "Adagrad": KerasAdagrad,
}
