"""The losses of `optax`, as version 0.2.8 has them."""

from __future__ import annotations

from typing import Any

import numpy as np

from nabla.tensor.arrays import JaxArray
from nabla.tensor.arrays.names import as_tensor
from nabla.tensor.operators import OPERATIONS


def _difference(predictions: Any, targets: Any) -> Any:
    return as_tensor(predictions) if targets is None else as_tensor(predictions) - targets


def squared_error(predictions: Any, targets: Any = None) -> Any:
    """`optax.squared_error`."""
    return OPERATIONS["square"](_difference(predictions, targets))


def huber_loss(predictions: Any, targets: Any = None, delta: float = 1.0) -> Any:
    """`optax.huber_loss`."""
    size = OPERATIONS["abs"](_difference(predictions, targets))
    inner = OPERATIONS["minimum"](size, delta)
    return 0.5 * OPERATIONS["square"](inner) + delta * (size - inner)


def _log_softmax(logits: Any) -> Any:
    return OPERATIONS["log_softmax"](as_tensor(logits), dim=as_tensor(logits).ndim - 1)


def softmax_cross_entropy(logits: Any, labels: Any) -> Any:
    """`optax.softmax_cross_entropy`: one number a row."""
    return -OPERATIONS["sum"](_log_softmax(logits) * labels, dims=(as_tensor(logits).ndim - 1,))


def softmax_cross_entropy_with_integer_labels(logits: Any, labels: Any) -> Any:
    """`optax.softmax_cross_entropy_with_integer_labels`: one number a row."""
    classes = as_tensor(logits).shape[-1]
    chosen = np.eye(classes, dtype=np.float32)[as_tensor(labels).array.astype(np.int64)]
    return softmax_cross_entropy(logits, JaxArray.of(chosen, False))


def sigmoid_binary_cross_entropy(logits: Any, labels: Any) -> Any:
    """`optax.sigmoid_binary_cross_entropy`."""
    log_sigmoid, x = OPERATIONS["logsigmoid"], as_tensor(logits)
    return -(labels * log_sigmoid(x)) - (1 - as_tensor(labels)) * log_sigmoid(-x)


TABLE: dict[str, Any] = {
    "l2_loss": lambda predictions, targets=None: 0.5 * squared_error(predictions, targets),
    "squared_error": squared_error, "huber_loss": huber_loss, "softmax_cross_entropy": softmax_cross_entropy,
    "softmax_cross_entropy_with_integer_labels": softmax_cross_entropy_with_integer_labels,
    "sigmoid_binary_cross_entropy": sigmoid_binary_cross_entropy,
}  # fmt: skip
