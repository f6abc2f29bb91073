"""Further losses of PyTorch: by margins, of counts, of several labels."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.shapes import gather, put
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.losses import _within, cosine_similarity, reduced


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


def multilabel_soft_margin_loss(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    """`F.multilabel_soft_margin_loss`."""
    each = -(target * e.logsigmoid(input) + (1 - target) * e.logsigmoid(-input))
    each = each if weight is None else each * weight
    return _within(reduced(r.mean(each, -1), reduction), (input,), "multilabel_soft_margin_loss")


LOSSES: dict[str, Callable[..., Any]] = {
    function.__name__: function for function in (
        poisson_nll_loss, margin_ranking_loss, pairwise_distance, triplet_margin_loss, cosine_embedding_loss,
        multi_margin_loss, multilabel_soft_margin_loss,
    )
}  # fmt: skip
LAYERS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "PoissonNLLLoss": (poisson_nll_loss, ("log_input", "full")), "MarginRankingLoss": (margin_ranking_loss, (
        "margin",)), "TripletMarginLoss": (triplet_margin_loss, ("margin", "p")),
    "CosineEmbeddingLoss": (cosine_embedding_loss, ("margin",)),
    "MultiMarginLoss": (multi_margin_loss, ("p", "margin")),
    "MultiLabelSoftMarginLoss": (multilabel_soft_margin_loss, ("weight",)),
    "PairwiseDistance": (pairwise_distance, ("p", "eps", "keepdim")),
}  # fmt: skip
