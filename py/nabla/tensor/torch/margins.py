"""Losses of PyTorch: by margins, of counts, of several labels."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.shapes import gather, index, pad, put, reshape, stack, unsqueeze
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.losses import _within, cosine_similarity, reduced
from nabla.tensor.torch.tensor import leaf


def poisson_nll_loss(
    input: Any, target: Any, log_input: bool = True, full: bool = False, eps: float = 1e-8, reduction: str = "mean"
) -> Any:
    """`F.poisson_nll_loss`."""
    each = e.exp(input) - target * input if log_input else input - target * e.log(input + eps)
    if full:
        large = e.where(target > 1, target, 2.0)
        each = each + e.where(target > 1, large * e.log(large) - large + 0.5 * e.log(2 * math.pi * large), 0.0)
    return _within(reduced(each, reduction), (input, target), "poisson_nll_loss")


def margin_ranking_loss(one: Any, other: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    """`F.margin_ranking_loss`."""
    each = e.relu(-target * (one - other) + margin)
    return _within(reduced(each, reduction), (one, other, target), "margin_ranking_loss")


def pairwise_distance(a: Any, b: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    """`F.pairwise_distance`."""
    return r.norm(a - b + eps, p, -1, keepdim)


def triplet_margin_loss(
    anchor: Any, positive: Any, negative: Any, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6,
    swap: bool = False, reduction: str = "mean",
) -> Any:  # fmt: skip
    """`F.triplet_margin_loss`."""
    near, far = pairwise_distance(anchor, positive, p, eps), pairwise_distance(anchor, negative, p, eps)
    far = e.minimum(far, pairwise_distance(positive, negative, p, eps)) if swap else far
    each = e.relu(margin + near - far)
    return _within(reduced(each, reduction), (anchor, positive, negative), "triplet_margin_loss")


def cosine_embedding_loss(a: Any, b: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    """`F.cosine_embedding_loss`."""
    likeness = cosine_similarity(a, b, a.ndim - 1)
    each = e.where(target == 1, 1 - likeness, e.relu(likeness - margin))
    return _within(reduced(each, reduction), (a, b), "cosine_embedding_loss")


def multi_margin_loss(
    input: Any, target: Any, p: int = 1, margin: float = 1.0, weight: Any = None, reduction: str = "mean"
) -> Any:
    """`F.multi_margin_loss`."""
    at = target.array[:, None]
    over = e.relu(margin - gather(input, dim=1, at=at) + input)
    over = put(over, 0.0, place=(np.arange(len(at)), target.array))
    over = over if p == 1 else over**p
    over = over if weight is None else over * weight.array[at]
    each = r.total(over, 1) / input.shape[1]
    return _within(reduced(each, reduction), (input,), "multi_margin_loss", "MultiMarginLossBackward0")


def triplet_margin_with_distance_loss(
    anchor: Any, positive: Any, negative: Any, *, distance_function: Any = None, margin: float = 1.0,
    swap: bool = False, reduction: str = "mean",
) -> Any:  # fmt: skip
    """`F.triplet_margin_with_distance_loss`."""
    distance = distance_function or pairwise_distance
    near, far = distance(anchor, positive), distance(anchor, negative)
    far = e.minimum(far, distance(positive, negative)) if swap else far
    return reduced(e.relu(margin + near - far), reduction)


def multilabel_margin_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """`F.multilabel_margin_loss`: the classes of a row stand before its first -1."""
    single = input.ndim == 1
    scores = reshape(input, shape=(1, -1)) if single else input
    classes = target.array.reshape(scores.shape)
    rows = []
    for i, row in enumerate(classes):
        right = row[: int(np.argmax(row < 0))] if (row < 0).any() else row
        wrong = np.setdiff1d(np.arange(scores.shape[1]), right)
        gaps = reshape(index(scores, place=(i, right)), shape=(-1, 1)) - index(scores, place=(i, wrong))
        rows.append(r.total(e.relu(1.0 - gaps)) / scores.shape[1])
    each = stack(*rows, dim=0)
    each = index(each, place=0) if single else each
    return _within(reduced(each, reduction), (input,), "multilabel_margin_loss", "MultilabelMarginLossBackward0")


def ctc_loss(
    log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any, blank: int = 0, reduction: str = "mean",
    zero_infinity: bool = False,
) -> Any:  # fmt: skip
    """`F.ctc_loss`: the forward recursion of Graves et al. (2006) over all alignments.

    Shapes: log_probs (T, N, C), or (T, C) without a batch; targets (N, S), or all of them one after the other.
    """
    single = log_probs.ndim == 2
    logs = unsqueeze(log_probs, 1) if single else log_probs
    lengths, sizes = (np.atleast_1d(getattr(x, "array", x)).astype(int) for x in (input_lengths, target_lengths))
    flat = targets.array.ndim == 1 and not single
    ends = np.cumsum(sizes)
    losses = []
    for n, (steps, size) in enumerate(zip(lengths, sizes, strict=True)):
        labels = targets.array[ends[n] - size : ends[n]] if flat else np.atleast_2d(targets.array)[n, :size]
        losses.append(_alignments(index(logs, place=(slice(0, steps), n)), labels, blank))
    each = stack(*losses, dim=0)
    if zero_infinity:
        each = e.where(leaf(np.isinf(each.array)), 0.0, each)
    if reduction == "mean":
        result = r.mean(each / leaf(np.maximum(sizes, 1).astype(each.dtype)))
    else:
        result = reduced(index(each, place=0) if single and reduction == "none" else each, reduction)
    return _within(result, (log_probs,), "ctc_loss", "CtcLossBackward0" if reduction == "none" else "MeanBackward0")


def _alignments(logs: Any, labels: Any, blank: int) -> Any:
    """Minus the logarithm of the probability of all alignments of the labels."""
    path = np.full(2 * len(labels) + 1, blank)
    path[1::2] = labels
    n, low = len(path), -1e30
    skips = np.r_[False, False, (path[2:] != blank) & (path[2:] != path[:-2])]
    emitted = index(logs, place=(slice(None), path))
    start = leaf(np.where(np.arange(n) < 2, 0.0, low).astype(logs.dtype))
    forward = index(emitted, place=0) + start
    for t in range(1, logs.shape[0]):
        one = index(pad(forward, widths=((1, 0),), value=low), place=slice(0, n))
        two = index(pad(forward, widths=((2, 0),), value=low), place=slice(0, n))
        two = two + leaf(np.where(skips, 0.0, low).astype(logs.dtype))
        forward = r.logsumexp(stack(forward, one, two, dim=0), 0) + index(emitted, place=t)
    return -r.logsumexp(index(forward, place=slice(max(n - 2, 0), n)), 0)


def multilabel_soft_margin_loss(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    """`F.multilabel_soft_margin_loss`."""
    each = -(target * e.logsigmoid(input) + (1 - target) * e.logsigmoid(-input))
    each = each if weight is None else each * weight
    return _within(reduced(r.mean(each, -1), reduction), (input,), "multilabel_soft_margin_loss")


LOSSES: dict[str, Callable[..., Any]] = {
    function.__name__: function for function in (
        poisson_nll_loss, margin_ranking_loss, pairwise_distance, triplet_margin_loss, cosine_embedding_loss,
        multi_margin_loss, multilabel_soft_margin_loss, multilabel_margin_loss, triplet_margin_with_distance_loss,
        ctc_loss,
    )
}  # fmt: skip
LAYERS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "PoissonNLLLoss": (poisson_nll_loss, ("log_input", "full")), "MarginRankingLoss": (margin_ranking_loss, (
        "margin",)), "TripletMarginLoss": (triplet_margin_loss, ("margin", "p")),
    "CosineEmbeddingLoss": (cosine_embedding_loss, ("margin",)),
    "MultiMarginLoss": (multi_margin_loss, ("p", "margin")),
    "MultiLabelSoftMarginLoss": (multilabel_soft_margin_loss, ("weight",)),
    "MultiLabelMarginLoss": (multilabel_margin_loss, ()), "CTCLoss": (ctc_loss, ("blank",)),
    "TripletMarginWithDistanceLoss": (triplet_margin_with_distance_loss, ()),
    "PairwiseDistance": (pairwise_distance, ("p", "eps", "keepdim")),
}  # fmt: skip
