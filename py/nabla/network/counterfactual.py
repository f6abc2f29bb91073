"""What would have come of a training: with more steps, another rate, or a constant term in every layer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nabla.network.model import Array, Layers, Loss, gradients, loss_of

WORK = 4e8  # elements that one descent may go through


def with_biases(layers: Layers) -> Layers:
    """The same layers with biases of 0 where there are none."""
    zeros = [np.zeros((1, weight.shape[1])) for weight in layers.weights]
    biases = [zero if bias is None else bias for zero, bias in zip(zeros, layers.biases, strict=True)]
    return replace(layers, biases=biases)


def affordable(layers: Layers, X: Array, steps: int) -> int:
    """So many of the steps as are done in about two seconds."""
    work = X.shape[0] * sum(weight.size + 60 * weight.shape[1] for weight in layers.weights) + 4_000
    return max(1, min(steps, int(WORK / work), 60_000))


@np.errstate(all="ignore")
def descended(layers: Layers, X: Array, y: Array, loss: Loss, rate: float, steps: int) -> Layers:
    """Plain gradient descent on all samples, so many steps; it ends where numbers stop being finite."""
    weights = [weight.copy() for weight in layers.weights]
    biases = [None if bias is None else bias.copy() for bias in layers.biases]
    moved = Layers(layers.activations, weights, biases)
    for step in range(steps):
        by_weights, by_biases, _ = gradients(moved, X, y, loss)
        for weight, bias, dw, db in zip(weights, biases, by_weights, by_biases, strict=True):
            weight -= rate * dw
            if bias is not None:
                bias -= rate * db
        if step % 64 == 0 and not np.isfinite(weights[0]).all():
            break
    return moved


@np.errstate(all="ignore")
def loss_at(layers: Layers, X: Array, y: Array, loss: Loss) -> float:
    """The loss on all samples."""
    return loss_of(loss, layers.forward(X)[1][-1], y, layers.activations[-1])


def has_constant(X: Array) -> bool:
    """Whether a column is the same in every sample and not 0: a constant term in disguise."""
    return bool(((np.ptp(X, axis=0) == 0) & (X[0] != 0)).any())


def largest_rate(X: Array, constant: bool) -> float:
    """2 / λ of the largest eigenvalue of X^T X: no longer steps settle on ½ Σ (X w - y)²."""
    if constant:
        X = np.column_stack([X, np.ones(X.shape[0])])
    return 2.0 / float(np.linalg.eigvalsh(X.T @ X)[-1])
