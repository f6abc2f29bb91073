"""`nn.Transformer` and its parts: attention and a small network, each added to what goes in and normalised."""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from nabla.tensor.tape import Vertex
from nabla.tensor.torch import activations
from nabla.tensor.torch.attention import MultiheadAttention
from nabla.tensor.torch.layers import Dropout, Layer, LayerNorm, Linear, ModuleList
from nabla.tensor.torch.modules import INIT
from nabla.tensor.torch.tensor import leaf

_ACTIVATIONS: dict[str, Callable[..., Any]] = {"relu": activations.relu, "gelu": activations.gelu}


def copy_of(layer: Layer) -> Any:
    """A layer with the same numbers of its own."""
    return deepcopy(layer, {id(p): _copied(p) for p in layer.parameters()})


def _copied(p: Any) -> Any:
    made = type(p)(Vertex(np.array(p.array), p.requires_grad))
    made.vertex.holder = made
    return made


class _Block(Layer):
    """What both kinds of layers share: attentions, a network of two layers, a norm and a dropout for each."""

    attentions: tuple[str, ...] = ("self_attn",)

    def __init__(
        self, d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: float = 0.1, activation: Any = "relu",
        layer_norm_eps: float = 1e-5, batch_first: bool = False, norm_first: bool = False, bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        for name in self.attentions:
            self.set(name, MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first))
        self.set("linear1", Linear(d_model, dim_feedforward, bias))
        self.set("dropout", Dropout(dropout))
        self.set("linear2", Linear(dim_feedforward, d_model, bias))
        count = len(self.attentions) + 1
        for n in range(1, count + 1):
            self.set(f"norm{n}", LayerNorm(d_model, layer_norm_eps))
        for n in range(1, count + 1):
            self.set(f"dropout{n}", Dropout(dropout))
        self.norm_first = norm_first
        self.activation = _ACTIVATIONS[activation] if isinstance(activation, str) else activation

    def through(self, x: Any, n: int, part: Callable[[Any], Any]) -> Any:
        """x with a part added to it, normalised before the part or after the sum."""
        norm, dropout = self.parts[f"norm{n}"], self.parts[f"dropout{n}"]
        return x + dropout(part(norm(x))) if self.norm_first else norm(x + dropout(part(x)))

    def attend(self, name: str, x: Any, to: Any, mask: Any, padding: Any, causal: bool) -> Any:
        """The attention of a name, without its weights."""
        if causal and mask is None:
            mask = square_subsequent_mask(x.shape[1 if self.parts[name].batch_first else 0])
        return self.parts[name](x, to, to, key_padding_mask=padding, need_weights=False, attn_mask=mask)[0]

    def network(self, x: Any) -> Any:
        """The network of two layers."""
        return self.parts["linear2"](self.parts["dropout"](self.activation(self.parts["linear1"](x))))


class TransformerEncoderLayer(_Block):
    """`nn.TransformerEncoderLayer`."""

    def forward(self, src: Any, src_mask: Any = None, src_key_padding_mask: Any = None, is_causal: bool = False) -> Any:
        """Attention to itself, then the network."""
        x = self.through(src, 1, lambda x: self.attend("self_attn", x, x, src_mask, src_key_padding_mask, is_causal))
        return self.through(x, 2, self.network)


class TransformerDecoderLayer(_Block):
    """`nn.TransformerDecoderLayer`."""

    attentions = ("self_attn", "multihead_attn")

    def forward(
        self, tgt: Any, memory: Any, tgt_mask: Any = None, memory_mask: Any = None,
        tgt_key_padding_mask: Any = None, memory_key_padding_mask: Any = None, tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Any:  # fmt: skip
        """Attention to itself, to the memory, then the network."""
        x = self.through(
            tgt, 1, lambda x: self.attend("self_attn", x, x, tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        )
        x = self.through(
            x, 2, lambda x: self.attend("multihead_attn", x, memory, memory_mask, memory_key_padding_mask, False)
        )
        return self.through(x, 3, self.network)


class _Stack(Layer):
    def __init__(self, layer: Layer, num_layers: int, norm: Any = None, *_: Any, **__: Any) -> None:
        super().__init__()
        self.set("layers", ModuleList([copy_of(layer) for _ in range(num_layers)]))
        self.set("norm", norm)
        self.num_layers = num_layers

    def _ended(self, x: Any) -> Any:
        return self.parts["norm"](x) if "norm" in self.parts else x


class TransformerEncoder(_Stack):
    """`nn.TransformerEncoder`."""

    def forward(self, src: Any, mask: Any = None, src_key_padding_mask: Any = None, is_causal: Any = None) -> Any:
        """One layer after the other."""
        for layer in self.parts["layers"]:
            src = layer(src, mask, src_key_padding_mask, bool(is_causal))
        return self._ended(src)


class TransformerDecoder(_Stack):
    """`nn.TransformerDecoder`."""

    def forward(self, *args: Any, **named: Any) -> Any:
        """One layer after the other, all with the same memory."""
        given = dict(zip(("tgt", "memory"), args, strict=False)) | named
        tgt, memory = given.pop("tgt"), given.pop("memory")
        for layer in self.parts["layers"]:
            tgt = layer(tgt, memory, *args[2:], **given)
        return self._ended(tgt)


class Transformer(Layer):
    """`nn.Transformer`."""

    def __init__(
        self, d_model: int = 512, nhead: int = 8, num_encoder_layers: int = 6, num_decoder_layers: int = 6,
        dim_feedforward: int = 2048, dropout: float = 0.1, activation: Any = "relu", custom_encoder: Any = None,
        custom_decoder: Any = None, layer_norm_eps: float = 1e-5, batch_first: bool = False, norm_first: bool = False,
        bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        how = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias)
        encoder = custom_encoder or TransformerEncoder(
            TransformerEncoderLayer(*how), num_encoder_layers, LayerNorm(d_model, layer_norm_eps)
        )
        self.set("encoder", encoder)
        decoder = custom_decoder or TransformerDecoder(
            TransformerDecoderLayer(*how), num_decoder_layers, LayerNorm(d_model, layer_norm_eps)
        )
        self.set("decoder", decoder)
        for p in self.parameters():
            if p.ndim > 1:
                INIT["xavier_uniform_"](p)
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first

    def forward(
        self, src: Any, tgt: Any, src_mask: Any = None, tgt_mask: Any = None, memory_mask: Any = None,
        src_key_padding_mask: Any = None, tgt_key_padding_mask: Any = None, memory_key_padding_mask: Any = None,
    ) -> Any:  # fmt: skip
        """The target, with attention to the encoded source."""
        memory = self.parts["encoder"](src, src_mask, src_key_padding_mask)
        return self.parts["decoder"](
            tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask
        )  # fmt: skip

    @staticmethod
    def generate_square_subsequent_mask(sz: int, device: Any = None, dtype: Any = None) -> Any:
        """The mask in which nothing attends to what comes later."""
        return square_subsequent_mask(sz)


def square_subsequent_mask(n: int) -> Any:
    """(n, n): 0 where a row may look, -inf behind it."""
    return leaf(np.triu(np.full((n, n), -math.inf, np.float32), 1))


TRANSFORMERS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        TransformerEncoderLayer, TransformerDecoderLayer, TransformerEncoder, TransformerDecoder, Transformer
    )
}  # fmt: skip
