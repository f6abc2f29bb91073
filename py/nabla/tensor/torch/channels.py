"""Layers of images and sequences beside convolutions: channels dropped, padded, moved into space and back, enlarged."""

from __future__ import annotations

from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.layers import GENERATOR, Layer, initialised
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.tensor import leaf

Table = dict[str, Any]


def dropout_of_channels(x: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """`F.dropout2d` and its kin: whole channels dropped."""
    if not training or not p:
        return x
    noise = (GENERATOR.uniform64((*x.shape[:2], *[1] * (x.ndim - 2))) < 1 - p) / (1 - p)
    return x * leaf(noise.astype(x.dtype))


class ChannelDropout(Layer):
    """`nn.Dropout1d`, `nn.Dropout2d` and `nn.Dropout3d`."""

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        self.p, self.inplace = p, inplace

    def forward(self, x: Any) -> Any:
        """x with some channels dropped, while it trains."""
        return dropout_of_channels(x, self.p, self.training)

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"p={self.p}, inplace={self.inplace}"


def rms_norm(x: Any, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Any:
    """`F.rms_norm`: divided by the root of the mean square."""
    count = len(normalized_shape) if isinstance(normalized_shape, (list, tuple)) else 1
    dims = tuple(range(x.ndim - count, x.ndim))
    least = float(np.finfo(x.dtype).eps) if eps is None else eps
    result = x * e.rsqrt(r.mean(x**2, dims, True) + least)
    given = (x,) if weight is None else (x, weight)
    return _within(result if weight is None else result * weight, given, "rms_norm", "MulBackward0")


class RMSNorm(Layer):
    """`nn.RMSNorm`."""

    def __init__(self, normalized_shape: Any, eps: float | None = None, **_: Any) -> None:
        super().__init__()
        self.shape = tuple(normalized_shape) if isinstance(normalized_shape, (list, tuple)) else (normalized_shape,)
        self.eps = eps
        self.set("weight", initialised(np.ones(self.shape, np.float32)))

    def forward(self, x: Any) -> Any:
        """Normalised over the last dimensions."""
        return rms_norm(x, self.shape, self.parts["weight"], self.eps)

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"{self.shape}, eps={self.eps}, elementwise_affine=True"


def pixel_shuffle(x: Any, upscale_factor: int) -> Any:
    """`F.pixel_shuffle`: (N, C r², H, W) to (N, C, H r, W r)."""
    n, k = x.shape[0], upscale_factor
    c, h, w = x.shape[1] // k**2, x.shape[2], x.shape[3]
    parts = f.permute(f.reshape(x, (n, c, k, k, h, w)), (0, 1, 4, 2, 5, 3))
    return _within(f.reshape(parts, (n, c, h * k, w * k)), (x,), "pixel_shuffle", "PixelShuffleBackward0")


def pixel_unshuffle(x: Any, downscale_factor: int) -> Any:
    """`F.pixel_unshuffle`: the reverse."""
    n, c, k = x.shape[0], x.shape[1], downscale_factor
    h, w = x.shape[2] // k, x.shape[3] // k
    parts = f.permute(f.reshape(x, (n, c, h, k, w, k)), (0, 1, 3, 5, 2, 4))
    return _within(f.reshape(parts, (n, c * k**2, h, w)), (x,), "pixel_unshuffle", "PixelUnshuffleBackward0")


class _Weightless(Layer):
    """A layer without weights, by the function that it calls and what it calls it with."""

    function: Any = None
    named: tuple[str, ...] = ()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__()
        self.given = {**dict(zip(self.named, given, strict=False)), **named}

    def forward(self, x: Any) -> Any:
        """The function of x."""
        return type(self).function(x, **self.given)

    def describe(self) -> str:
        """As PyTorch prints it."""
        return ", ".join(f"{name}={value}" for name, value in self.given.items())


class PixelShuffle(_Weightless):
    """`nn.PixelShuffle`."""

    function = staticmethod(pixel_shuffle)
    named = ("upscale_factor",)


class PixelUnshuffle(_Weightless):
    """`nn.PixelUnshuffle`."""

    function = staticmethod(pixel_unshuffle)
    named = ("downscale_factor",)


class Dropout1d(ChannelDropout):
    """`nn.Dropout1d`."""


class Dropout2d(ChannelDropout):
    """`nn.Dropout2d`."""


class Dropout3d(ChannelDropout):
    """`nn.Dropout3d`."""


def gumbel_softmax(logits: Any, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Any:
    """`F.gumbel_softmax`: a softmax of logits with the logarithms of exponential draws taken away."""
    noise = leaf(GENERATOR.exponential(logits.shape).astype(logits.dtype))
    soft = r.softmax((logits + -e.log(noise)) / tau, dim)
    if not hard:
        return soft
    best = soft.array.argmax(axis=dim)
    return leaf(np.moveaxis(np.eye(soft.shape[dim], dtype=soft.dtype)[best], -1, dim)) - leaf(soft.array) + soft


NN: Table = {kind.__name__: kind for kind in (
    RMSNorm, PixelShuffle, PixelUnshuffle, Dropout1d, Dropout2d, Dropout3d,
)}  # fmt: skip
FUNCTIONAL: Table = {
    "rms_norm": rms_norm, "pixel_shuffle": pixel_shuffle, "pixel_unshuffle": pixel_unshuffle,
    "dropout1d": dropout_of_channels, "dropout2d": dropout_of_channels,
    "dropout3d": dropout_of_channels, "gumbel_softmax": gumbel_softmax,
}  # fmt: skip
