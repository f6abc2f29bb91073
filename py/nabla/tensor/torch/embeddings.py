"""Rows picked from a table that is learned: `nn.Embedding`, and `nn.EmbeddingBag`, which reduces them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations.shapes import index, put, reshape
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.layers import GENERATOR, Layer, initialised
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.tensor import leaf


def embedding(at: Any, weight: Any, padding_idx: int | None = None) -> Any:
    """`F.embedding`: rows of a table; the one of `padding_idx` gets no gradient."""
    if padding_idx is not None:
        weight = put(weight, OPERATIONS["detach"](index(weight, place=padding_idx)), place=padding_idx)
        weight.vertex.within = "embedding"
    result = index(weight, place=at.array)
    result.vertex.label = "EmbeddingBackward0"
    return result


class Embedding(Layer):
    """`nn.Embedding`."""

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None) -> None:
        super().__init__()
        self.sizes = num_embeddings, embedding_dim
        self.padding_idx = padding_idx if padding_idx is None else padding_idx % num_embeddings
        table = GENERATOR.normal((num_embeddings, embedding_dim))
        if padding_idx is not None:
            table[padding_idx] = 0
        self.set("weight", initialised(table))

    def forward(self, at: Any) -> Any:
        """The rows."""
        return embedding(at, self.parts["weight"], self.padding_idx)

    def describe(self) -> str:
        """As PyTorch prints it."""
        told = "{}, {}".format(*self.sizes)
        return told if self.padding_idx is None else f"{told}, padding_idx={self.padding_idx}"


def _largest(x: Any, dim: int) -> Any:
    return r.maximum(x, dim)[0]


def embedding_bag(
    at: Any, weight: Any, offsets: Any = None, max_norm: Any = None, norm_type: float = 2, scale_grad_by_freq: bool =
    False, mode: str = "mean", sparse: bool = False, per_sample_weights: Any = None,
) -> Any:  # fmt: skip
    """`F.embedding_bag`: the sum, mean or largest of the rows of each bag.

    Raises:
        NotImplementedError: with a largest norm, or scaled by frequency.
    """
    if max_norm is not None or scale_grad_by_freq:
        raise NotImplementedError("`F.embedding_bag` with a largest norm, or scaled by frequency")
    rows, numbers = index(weight, place=at.array.ravel()), at.array.size
    if per_sample_weights is not None:
        rows = rows * reshape(per_sample_weights, shape=(-1, 1))
    starts = np.arange(0, numbers, at.shape[1]) if at.ndim == 2 else offsets.array
    reduce: Callable[..., Any] = {"sum": r.total, "mean": r.mean, "max": _largest}[mode]
    bags = [
        reduce(index(rows, place=slice(int(a), int(b))), 0) if b > a
        else leaf(np.zeros(weight.shape[1], weight.dtype))
        for a, b in zip(starts, [*starts[1:], numbers], strict=True)
    ]  # fmt: skip
    return _within(f.stack(bags, 0), (weight,), "embedding_bag", "EmbeddingBagBackward0")


class EmbeddingBag(Layer):
    """`nn.EmbeddingBag`."""

    def __init__(self, num_embeddings: int, embedding_dim: int, *, mode: str = "mean", **_: Any) -> None:
        super().__init__()
        self.about = float(num_embeddings), float(embedding_dim), mode
        self.mode = mode
        self.set("weight", initialised(GENERATOR.normal((num_embeddings, embedding_dim))))

    def forward(self, at: Any, offsets: Any = None, per_sample_weights: Any = None) -> Any:
        """One row for each bag."""
        weight = self.parts["weight"]
        return embedding_bag(at, weight, offsets, mode=self.mode, per_sample_weights=per_sample_weights)

    def describe(self) -> str:
        """As PyTorch prints it."""
        return "{}, {}, mode={!r}".format(*self.about)


NN: dict[str, Any] = {"Embedding": Embedding, "EmbeddingBag": EmbeddingBag}
FUNCTIONAL: dict[str, Any] = {"embedding": embedding, "embedding_bag": embedding_bag}
