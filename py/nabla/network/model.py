"""Layered networks: activations with their derivatives, the forward pass, the loss and its exact gradient.

Arrays have one sample a row: X is samples × inputs, a weight is units before × units after, a bias is one row.
Layer k is a_k = f_k(z_k) with z_k = a_{k-1} W_k + b_k, and a_0 = X; its weights are `weights[k - 1]`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Loss = Literal["squares", "cross-entropy"]


@dataclass(frozen=True)
class Activation:
    """An activation: its value, its derivative by z (elementwise; the softmax's diagonal), and LaTeX.

    `by_value` is the derivative written through a = f(z), None where that is not possible; `within` is its range.
    """

    name: str
    value: Callable[[Array], Any]
    slope: Callable[[Array], Any]
    by_value: Callable[[Array], Any] | None
    tex: str
    slope_tex: str
    within: tuple[float, float] = (-np.inf, np.inf)


def _sigmoid(z: Array) -> Array:
    return np.asarray(
        np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z)))), dtype=np.float64
    )


def _softmax(z: Array) -> Array:
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


SIGMOID = Activation(
    "sigmoid", _sigmoid, lambda z: _sigmoid(z) * (1 - _sigmoid(z)), lambda a: a * (1 - a),
    r"\sigma", r"{a} \odot (1 - {a})", (0.0, 1.0),
)  # fmt: skip
TANH = Activation(
    "tanh", np.tanh, lambda z: 1 - np.tanh(z) ** 2, lambda a: 1 - a * a, r"\tanh", r"(1 - {a}^2)", (-1, 1)
)
RELU = Activation(
    "relu", lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0, lambda a: (a > 0) * 1.0, r"\operatorname{relu}",
    r"[{z} > 0]", (0.0, np.inf),
)  # fmt: skip
LINEAR = Activation("linear", lambda z: z, lambda z: np.ones_like(z), lambda a: np.ones_like(a), "", "1")
SOFTMAX = Activation(
    "softmax", _softmax, lambda z: _softmax(z) * (1 - _softmax(z)), lambda a: a * (1 - a),
    r"\operatorname{softmax}", r"{a} \odot (1 - {a})", (0.0, 1.0),
)  # fmt: skip
SOFTPLUS = Activation(
    "softplus", lambda z: np.logaddexp(0, z), _sigmoid, lambda a: 1 - np.exp(-a), r"\operatorname{softplus}",
    r"\sigma({z})", (0.0, np.inf),
)  # fmt: skip


def leaky(slope: float) -> Activation:
    """The leaky relu with that slope for negative z."""
    return Activation(
        "leaky relu", lambda z: np.where(z > 0, z, slope * z), lambda z: np.where(z > 0, 1.0, slope),
        lambda a: np.where(a > 0, 1.0, slope), r"\operatorname{leaky}", r"\operatorname{leaky}'({z})",
    )  # fmt: skip


ACTIVATIONS = {a.name: a for a in (SIGMOID, TANH, RELU, SOFTMAX, LINEAR, SOFTPLUS)}
_CLOSE = 1e-9


def identified(z: Array, a: Array) -> Activation | None:
    """The activation that makes a of z, None when none does; identity only where a is z."""
    if z.shape != a.shape or not np.isfinite(a).all():
        return None
    for activation in ACTIVATIONS.values():
        if activation is SOFTMAX and z.shape[1] < 2:
            continue
        if np.allclose(activation.value(z), a, rtol=_CLOSE, atol=_CLOSE):
            return activation
    below = z < 0
    if below.any() and np.allclose(np.where(below, z, a), z, rtol=_CLOSE, atol=_CLOSE):
        slopes = a[below] / z[below]
        if np.ptp(slopes) < _CLOSE and 0 < slopes.mean() < 1:
            return leaky(float(slopes.mean()))
    return None


@dataclass(frozen=True)
class Layers:
    """Activations, weights and biases (None where there is none), from the input on."""

    activations: Sequence[Activation]
    weights: Sequence[Array]
    biases: Sequence[Array | None]

    def forward(self, X: Array) -> tuple[list[Array], list[Array]]:
        """z of every layer (the first is X itself) and a of every layer, from a_0 = X on."""
        z, a = [X], [X]
        with np.errstate(all="ignore"):
            for activation, weight, bias in zip(self.activations, self.weights, self.biases, strict=True):
                z.append(a[-1] @ weight + (0.0 if bias is None else bias))
                a.append(activation.value(z[-1]))
        return z, a


def loss_of(kind: Loss, a: Array, y: Array, activation: Activation) -> float:
    """1/2 Σ (a - y)², or -Σ y ln a, for one sigmoid a unit -Σ y ln a + (1 - y) ln(1 - a)."""
    with np.errstate(all="ignore"):
        if kind == "squares":
            return 0.5 * float(np.sum((a - y) ** 2))
        if activation.name == "softmax":
            return -float(np.sum(np.where(y == 0, 0.0, y * np.log(a))))
        return -float(np.sum(np.where(y == 0, 0.0, y * np.log(a)) + np.where(y == 1, 0.0, (1 - y) * np.log1p(-a))))


def output_delta(kind: Loss, activation: Activation, z: Array, a: Array, y: Array) -> Array:
    """The derivative of the loss by the last z."""
    if kind == "cross-entropy":
        return np.asarray(a - y)
    error = a - y
    if activation.name == "softmax":
        return np.asarray(a * (error - np.sum(error * a, axis=1, keepdims=True)))
    return np.asarray(error * activation.slope(z))


def gradients(layers: Layers, X: Array, y: Array, kind: Loss) -> tuple[list[Array], list[Array], list[Array]]:
    """The gradient of the loss by every weight and bias, and delta of every layer from the first hidden one on.

    Reverse mode: delta_L from the loss, delta_k = (delta_{k+1} W_{k+1}^T) f'(z_k), dL/dW_k = a_{k-1}^T delta_k.
    """
    z, a = layers.forward(X)
    last = len(layers.weights)
    deltas = [output_delta(kind, layers.activations[-1], z[-1], a[-1], y)]
    for k in range(last - 1, 0, -1):
        back = deltas[0] @ layers.weights[k].T
        activation = layers.activations[k - 1]
        if activation.name == "softmax":
            deltas.insert(0, a[k] * (back - np.sum(back * a[k], axis=1, keepdims=True)))
        else:
            deltas.insert(0, back * activation.slope(z[k]))
    return (
        [a[k].T @ deltas[k] for k in range(last)],
        [deltas[k].sum(axis=0, keepdims=True) for k in range(last)],
        deltas,
    )


def cosine(a: Sequence[Array], b: Sequence[Array]) -> float:
    """The cosine of the angle between two lists of arrays taken as one vector; NaN when one is nothing."""
    left, right = (np.concatenate([np.ravel(part) for part in parts]) for parts in (a, b))
    size = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / size if size else float("nan")


def classified(outputs: Array, targets: Array) -> bool:
    """Whether every sample, a row, is on its side of the middle of the targets, or is largest where they are."""
    if outputs.shape[1] > 1:
        return bool(np.array_equal(outputs.argmax(axis=1), targets.argmax(axis=1)))
    middle = (float(targets.max()) + float(targets.min())) / 2
    return bool(np.array_equal(outputs > middle, targets > middle))
