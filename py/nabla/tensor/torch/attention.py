"""Attention: `F.scaled_dot_product_attention` and `nn.MultiheadAttention`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.products import matmul
from nabla.tensor.operations.shapes import index, reshape, transpose
from nabla.tensor.tape import Tensor
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.layers import GENERATOR, Layer, Linear, dropout, initialised, linear
from nabla.tensor.torch.tensor import TorchTensor, leaf


def scaled_dot_product_attention(
    query: Any, key: Any, value: Any, attn_mask: Any = None, dropout_p: float = 0.0, is_causal: bool = False,
    scale: float | None = None,
) -> Any:  # fmt: skip
    """`F.scaled_dot_product_attention`.

    Raises:
        NotImplementedError: with dropout.
    """
    if dropout_p:
        raise NotImplementedError("dropout in attention")
    scores = matmul(query, f.swap_last(key)) * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    if is_causal:
        attn_mask = leaf(np.tril(np.ones(scores.shape[-2:], bool)))
    if attn_mask is not None:
        scores = e.where(attn_mask, scores, -math.inf) if attn_mask.dtype.kind == "b" else scores + attn_mask
    return matmul(r.softmax(scores, -1), value)


class MultiheadAttention(Layer):
    """`nn.MultiheadAttention` of queries, keys and values of one width."""

    def __init__(
        self, embed_dim: int, num_heads: int, dropout: float = 0.0, bias: bool = True, *, batch_first: bool = False
    ) -> None:
        super().__init__()
        if embed_dim % num_heads:
            raise AssertionError("embed_dim must be divisible by num_heads")
        self.heads, self.batch_first, self.dropout = num_heads, batch_first, dropout
        out = Linear(embed_dim, embed_dim, bias)
        bound = math.sqrt(6 / (4 * embed_dim))
        self.set("in_proj_weight", initialised(GENERATOR.uniform((3 * embed_dim, embed_dim), -bound, bound)))
        if bias:
            self.set("in_proj_bias", initialised(np.zeros(3 * embed_dim, np.float32)))
            out.set("bias", initialised(np.zeros(embed_dim, np.float32)))
        self.set("out_proj", out)

    def forward(
        self, query: Any, key: Any, value: Any, key_padding_mask: Any = None, need_weights: bool = True,
        attn_mask: Any = None, average_attn_weights: bool = True,
    ) -> Any:  # fmt: skip
        """The values weighted, and the weights."""
        single = query.ndim == 2
        width = query.shape[-1]
        bias = self.parts.get("in_proj_bias")
        q, k, v = (
            self._heads(part, index(self.parts["in_proj_weight"], place=cut),
                        None if bias is None else index(bias, place=cut), single)
            for part, cut in zip((query, key, value), (slice(i * width, (i + 1) * width) for i in range(3)),
                                 strict=True)
        )  # fmt: skip
        scores = matmul(q, f.swap_last(k)) / math.sqrt(width // self.heads)
        scores = _masked(scores, attn_mask)
        if key_padding_mask is not None:
            mask = key_padding_mask.array
            scores = _masked(scores, TorchTensor.of(mask[None, None, None] if single else mask[:, None, None]))
        weights = r.softmax(scores, -1)
        weights = dropout(weights, self.dropout, self.training)
        joined = f.permute(matmul(weights, v), 0, 2, 1, 3)
        result = self.parts["out_proj"](reshape(joined, shape=(joined.shape[0], joined.shape[1], width)))
        if single:
            result, weights = index(result, place=0), index(weights, place=0)
        elif not self.batch_first:
            result = transpose(result, 0, 1)
        averaged = r.mean(weights, -3) if average_attn_weights else weights
        return result, averaged if need_weights else None

    def _heads(self, x: Any, weight: Any, bias: Any, single: bool) -> Any:
        """(N, heads, L, width of a head)."""
        x = f.unsqueeze(x, 0) if single else x if self.batch_first else transpose(x, 0, 1)
        made = linear(x, weight, bias)
        return f.permute(reshape(made, shape=(*made.shape[:2], self.heads, -1)), 0, 2, 1, 3)


def _masked(scores: Any, mask: Any) -> Any:
    if mask is None:
        return scores
    if isinstance(mask, Tensor) and mask.dtype.kind == "b":
        return f.masked_fill(scores, mask, -math.inf)
    return scores + mask


NN: dict[str, Any] = {"MultiheadAttention": MultiheadAttention}
FUNCTIONAL: dict[str, Any] = {"scaled_dot_product_attention": scaled_dot_product_attention}
