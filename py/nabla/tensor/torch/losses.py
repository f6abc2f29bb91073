"""PyTorch's losses, built of the operations of the tape, so that every factor of a mean is a node of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.shapes import gather, index, reshape
from nabla.tensor.tape import STATE, Tensor, Vertex
from nabla.tensor.torch import reductions as r


def _within(result: Any, operands: tuple[Any, ...], name: str, label: str = "") -> Any:
    """Mark what a function made: the vertices between its operands and its result, and the step PyTorch prints."""
    stack: list[Vertex] = [result.vertex]
    stop = {x.vertex for x in operands if isinstance(x, Tensor)}
    while stack:
        vertex = stack.pop()
        if vertex in stop or vertex.op is None or vertex.within:
            continue
        vertex.within, vertex.unit = name, result.vertex.order
        stack.extend(vertex.parents)
    if label and result.vertex.op is not None:
        result.vertex.label = label
    return result


def reduced(each: Any, reduction: str) -> Any:
    """The mean, the sum, or each element.

    Raises:
        ValueError: another word.
    """
    if reduction == "mean":
        return r.mean(each)
    if reduction == "sum":
        return r.total(each)
    if reduction == "none":
        return each
    raise ValueError(f"{reduction} is not a valid value for reduction")


Loss = Callable[..., Any]


def _pairwise(name: str, label: str, each: Callable[..., Any]) -> Loss:
    """A loss of the elements of an input and a target that are broadcast against each other."""

    def loss(input: Any, target: Any, *, reduction: str = "mean", **how: Any) -> Any:
        if tuple(input.shape) != tuple(target.shape):
            STATE.note("spread", (tuple(input.shape), tuple(target.shape)))
        result = reduced(each(input, target, **how), reduction)
        return _within(result, (input, target), name, label)

    return loss


def _huber(input: Any, target: Any, delta: float = 1.0) -> Any:
    error = input - target
    size = e.absolute(error)
    return e.where(size < delta, 0.5 * error * error, delta * (size - 0.5 * delta))


def _smooth_l1(input: Any, target: Any, beta: float = 1.0) -> Any:
    error = input - target
    size = e.absolute(error)
    return e.where(size < beta, 0.5 * error * error / beta, size - 0.5 * beta) if beta else size


def _bce(input: Any, target: Any, weight: Any = None) -> Any:
    if input.shape != target.shape:
        raise ValueError(
            f"Using a target size ({_size(target)}) that is different to the input size ({_size(input)}) is "
            f"deprecated. "
            "Please ensure they have the same size."
        )
    if ((input.array < 0) | (input.array > 1)).any():
        raise RuntimeError("all elements of input should be between 0 and 1")
    each = e.bce(input, target)
    return each if weight is None else each * weight


def _size(x: Any) -> str:
    return f"torch.Size({list(x.shape)})"


def _bce_logits(input: Any, target: Any, weight: Any = None, pos_weight: Any = None) -> Any:
    if input.shape != target.shape:
        raise ValueError(f"Target size ({_size(target)}) must be the same as input size ({_size(input)})")
    if pos_weight is None:
        each = e.bce_logits(input, target)
    else:
        each = (1 - target) * input - (1 + (pos_weight - 1) * target) * e.logsigmoid(input)
    return each if weight is None else each * weight


def _divergence(input: Any, target: Any, log_target: bool = False) -> Any:
    if log_target:
        return e.exp(target) * (target - input)
    mine = e.where(target == 0, 1.0, target)
    return e.where(target == 0, 0.0, target * (e.log(mine) - input))


mse_loss = _pairwise("mse_loss", "MseLossBackward0", lambda a, b: (a - b) ** 2)
l1_loss = _pairwise("l1_loss", "MeanBackward0", lambda a, b: e.absolute(a - b))
smooth_l1_loss = _pairwise("smooth_l1_loss", "SmoothL1LossBackward0", _smooth_l1)
huber_loss = _pairwise("huber_loss", "HuberLossBackward0", _huber)
binary_cross_entropy = _pairwise("binary_cross_entropy", "BinaryCrossEntropyBackward0", _bce)
binary_cross_entropy_with_logits = _pairwise(
    "binary_cross_entropy_with_logits", "BinaryCrossEntropyWithLogitsBackward0", _bce_logits
)
soft_margin_loss = _pairwise("soft_margin_loss", "SoftMarginLossBackward0", lambda a, b: e.log1p(e.exp(-b * a)))
_kl = _pairwise("kl_div", "MeanBackward0", _divergence)


def kl_div(input: Any, target: Any, *, reduction: str = "mean", **how: Any) -> Any:
    """`F.kl_div`, with its "batchmean"."""
    if reduction == "batchmean":
        return _kl(input, target, reduction="sum", **how) / input.shape[0]
    return _kl(input, target, reduction=reduction, **how)


def nll_loss(input: Any, target: Any, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean") -> Any:
    """`F.nll_loss` for classes in dimension 1 (or the only one).

    Raises:
        IndexError: a class that is not there.
    """
    single = input.ndim == 1
    scores = reshape(input, shape=(1, *input.shape)) if single else input
    classes = np.atleast_1d(target.array)
    n = scores.shape[1]
    kept = classes != ignore_index
    outside = classes[kept & ((classes < 0) | (classes >= n))]
    if outside.size:
        raise IndexError(f"Target {int(outside[0])} is out of bounds.")
    at = np.expand_dims(np.where(kept, classes, 0), 1)
    picked = -index(gather(scores, dim=1, at=at), place=(slice(None), 0))
    factors = np.ones(classes.shape, scores.dtype) if weight is None else weight.array[at[:, 0]]
    factors = np.where(kept, factors, 0).astype(scores.dtype)
    plain = weight is None and kept.all()
    each = picked if plain else picked * factors
    if reduction == "mean":
        result = r.mean(each) if plain else r.total(each) / float(factors.sum())
    elif reduction == "none":
        result = index(each, place=0) if single else each
    else:
        result = reduced(each, reduction)
    return _within(result, (input,), "nll_loss", "NllLossBackward0")


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """`F.cross_entropy`: of logits, with classes or with probabilities as the target."""
    logs = r.log_softmax(input, 0 if input.ndim == 1 else 1)
    n = logs.shape[0 if input.ndim == 1 else 1]
    if target.dtype.kind == "f" or label_smoothing:
        if target.dtype.kind != "f":
            eye = np.eye(n, dtype=input.dtype)[target.array]
            target = input.result.of(eye * (1 - label_smoothing) + label_smoothing / n)
        each = -r.total(target * logs, 0 if input.ndim == 1 else 1)
        result = each if input.ndim == 1 and reduction == "mean" else reduced(each, reduction)
        return _within(result, (input, target), "cross_entropy", "DivBackward1")
    result = nll_loss(logs, target, weight, ignore_index=ignore_index, reduction=reduction)
    return _within(result, (input,), "cross_entropy", "NllLossBackward0")


def hinge_embedding_loss(input: Any, target: Any, margin: float = 1.0, *, reduction: str = "mean") -> Any:
    """`F.hinge_embedding_loss`."""
    each = e.where(target == 1, input, e.relu(margin - input))
    return _within(reduced(each, reduction), (input, target), "hinge_embedding_loss", "MeanBackward0")


def gaussian_nll_loss(
    input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6, *, reduction: str = "mean"
) -> Any:
    """`F.gaussian_nll_loss`."""
    var = e.clamp(var, low=eps)
    each = 0.5 * (e.log(var) + (input - target) ** 2 / var)
    return reduced(each + 0.5 * math.log(2 * math.pi) if full else each, reduction)


def cosine_similarity(a: Any, b: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """`F.cosine_similarity`."""
    lengths = e.maximum(r.norm(a, 2, dim), eps) * e.maximum(r.norm(b, 2, dim), eps)
    return r.total(a * b, dim) / lengths


def normalize(x: Any, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Any:
    """`F.normalize`."""
    return x / e.clamp(r.norm(x, p, dim, True), low=eps)
