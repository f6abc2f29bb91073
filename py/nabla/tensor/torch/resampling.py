"""What moves between grids: padding by what is there, interpolation, patches and their sums, pooling undone."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations import shapes
from nabla.tensor.operations.products import matmul
from nabla.tensor.tape import Array
from nabla.tensor.torch import functions as f
from nabla.tensor.torch.layers import Layer, of_function
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.tensor import leaf
from nabla.tensor.torch.windows import POOLS, _each, _windows

Table = dict[str, Any]

# Padding --------------------------------------------------------------------------------------------------------------

_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def pad(x: Any, pad: Any, mode: str = "constant", value: float | None = None) -> Any:
    """`F.pad`: pairs of widths, the last axis first; with a constant, or with what is there.

    Raises:
        NotImplementedError: an unknown mode.
    """
    sides = tuple(zip(pad[0::2], pad[1::2], strict=True))[::-1]
    if mode != "constant":
        if mode not in _MODES:
            raise NotImplementedError(f"`F.pad` in the mode {mode}")
        before = x.ndim - len(sides)
        for axis, (low, high) in enumerate(sides):
            n = x.shape[before + axis]
            if mode == "reflect" and max(low, high) >= n:
                raise RuntimeError(
                    f"Argument #4: Padding size should be less than the corresponding input dimension, but got: "
                    f"padding ({low}, {high}) at dimension {before + axis} of input {list(x.shape)}"
                )
            at = np.pad(np.arange(n), (low, high), _MODES[mode])  # type: ignore[call-overload]
            x = shapes.index(x, place=(*[slice(None)] * (before + axis), at))
        x.vertex.label = f"{'Reflection' if mode == 'reflect' else 'Replication'}Pad{len(sides)}DBackward0"
        return x
    cut = tuple(slice(max(-a, 0), n - max(-b, 0)) for (a, b), n in zip(sides, x.shape[-len(sides) :], strict=True))
    if any(min(pair) < 0 for pair in sides):
        x = shapes.index(x, place=(Ellipsis, *cut))
    wide = tuple((max(a, 0), max(b, 0)) for a, b in sides)
    result = shapes.pad(x, widths=((0, 0),) * (x.ndim - len(sides)) + wide, value=value or 0.0)
    result.vertex.label = "ConstantPadNdBackward0"
    return result


class _Padding(Layer):
    mode = "constant"
    dims = 2
    usual: float | None = None  # the constant that need not be given

    def __init__(self, padding: Any, value: float = 0.0) -> None:
        super().__init__()
        self.padding = (padding,) * (2 * self.dims) if isinstance(padding, int) else tuple(padding)
        self.value = value

    def forward(self, x: Any) -> Any:
        """x with more around it."""
        return pad(x, self.padding, self.mode, self.value)

    def describe(self) -> str:
        """As PyTorch prints it."""
        told = self.mode == "constant" and self.usual is None
        return f"padding={self.padding}, value={self.value}" if told else str(self.padding)


def _padding(name: str, mode: str, dims: int) -> type[Layer]:
    usual = 0.0 if name.startswith("Zero") else None
    return type(name, (_Padding,), {"mode": mode, "dims": dims, "usual": usual, "__doc__": f"`nn.{name}`."})


_PADDINGS = {"ConstantPad": "constant", "ZeroPad": "constant", "ReflectionPad": "reflect",
             "ReplicationPad": "replicate", "CircularPad": "circular"}  # fmt: skip

# Interpolation --------------------------------------------------------------------------------------------------------


def _cubic(t: Array) -> Array:
    """The four weights of cubic convolution with a = -0.75, at the distance t behind the second of four points."""
    a = -0.75

    def near(x: Array) -> Array:
        return ((a + 2) * x - (a + 3)) * x * x + 1

    def far(x: Array) -> Array:
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    return np.stack([far(t + 1), near(t), near(1 - t), far(2 - t)])


def _weights(size: int, wanted: int, scale: float, how: str, corners: bool) -> Array:
    """(wanted, size): what each new point takes of the old ones along an axis."""
    points = np.arange(wanted, dtype=np.float64)
    made = np.zeros((wanted, size))
    rows = np.arange(wanted)
    if how in ("nearest", "nearest-exact"):
        at = np.floor((points + (0.5 if how == "nearest-exact" else 0.0)) * scale)
        made[rows, np.minimum(at.astype(int), size - 1)] = 1
        return made
    at = points * ((size - 1) / (wanted - 1) if wanted > 1 else 0.0) if corners else (points + 0.5) * scale - 0.5
    if how == "bicubic":
        low = np.floor(at)
        for k, weight in enumerate(_cubic(at - low)):
            np.add.at(made, (rows, np.clip(low.astype(int) - 1 + k, 0, size - 1)), weight)
        return made
    at = np.maximum(at, 0.0)
    low = np.minimum(np.floor(at).astype(int), size - 1)
    np.add.at(made, (rows, low), 1 - (at - low))
    np.add.at(made, (rows, np.minimum(low + 1, size - 1)), at - low)
    return made


_LABELS = {"nearest": "UpsampleNearest{}DBackward0", "nearest-exact": "UpsampleNearestExact{}DBackward0",
           "linear": "UpsampleLinear1DBackward0", "bilinear": "UpsampleBilinear2DBackward0",
           "trilinear": "UpsampleTrilinear3DBackward0", "bicubic": "UpsampleBicubic2DBackward0"}  # fmt: skip


def interpolate(
    input: Any, size: Any = None, scale_factor: Any = None, mode: str = "nearest", align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None, antialias: bool = False,
) -> Any:  # fmt: skip
    """`F.interpolate`.

    Raises:
        NotImplementedError: another mode, or with antialiasing.
    """
    space = input.shape[2:]
    if antialias or (mode not in _LABELS and mode != "area"):
        raise NotImplementedError(f"interpolation in the mode {mode}{' with antialiasing' if antialias else ''}")
    if size is not None:
        wanted = tuple(size) if isinstance(size, (list, tuple)) else (size,) * len(space)
        scales = [n / m for n, m in zip(space, wanted, strict=True)]
    else:
        factors = list(scale_factor) if isinstance(scale_factor, (list, tuple)) else [scale_factor] * len(space)
        wanted = tuple(math.floor(n * factor) for n, factor in zip(space, factors, strict=True))
        again = bool(recompute_scale_factor)
        scales = [n / m if again else 1 / k for n, m, k in zip(space, wanted, factors, strict=True)]
    if mode == "area":
        return POOLS[f"adaptive_avg_pool{len(space)}d"](input, wanted)
    result = input
    for axis, (n, m, scale) in enumerate(zip(space, wanted, scales, strict=True)):
        if n == m and mode.startswith("nearest"):
            continue
        moved = f.transpose(result, 2 + axis, -1)
        table = leaf(_weights(n, m, scale, mode, bool(align_corners)).T.astype(input.dtype))
        result = f.transpose(matmul(moved, table), 2 + axis, -1)
    return _within(result, (input,), "interpolate", _LABELS[mode].format(len(space)))


class Upsample(Layer):
    """`nn.Upsample`."""

    usual: tuple[str, bool | None] = ("nearest", None)

    def __init__(
        self, size: Any = None, scale_factor: Any = None, mode: str | None = None, align_corners: bool | None = None
    ) -> None:
        super().__init__()
        factor = scale_factor
        self.size = size
        self.factor = tuple(map(float, factor)) if isinstance(factor, tuple) else float(factor) if factor else None
        self.mode = mode or self.usual[0]
        self.corners = self.usual[1] if align_corners is None else align_corners

    def forward(self, x: Any) -> Any:
        """x on another grid."""
        return interpolate(x, self.size, self.factor, self.mode, self.corners)

    def describe(self) -> str:
        """As PyTorch prints it."""
        told = f"scale_factor={self.factor}" if self.factor is not None else f"size={self.size}"
        return f"{told}, mode='{self.mode}'"


class UpsamplingNearest2d(Upsample):
    """`nn.UpsamplingNearest2d`."""


class UpsamplingBilinear2d(Upsample):
    """`nn.UpsamplingBilinear2d`."""

    usual = ("bilinear", True)


# Patches --------------------------------------------------------------------------------------------------------------


def unfold(input: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """`F.unfold`: (N, C kernel, places)."""
    kernel, gaps, wide, steps = (_each(v, 2) for v in (kernel_size, dilation, padding, stride))
    single = input.ndim == 3
    x = shapes.unsqueeze(input, 0) if single else input
    x = shapes.pad(x, widths=((0, 0), (0, 0), *((p, p) for p in wide)))
    patches = f.permute(_windows(x, kernel, steps, gaps), 0, 1, 4, 5, 2, 3)
    n, c, kh, kw, h, w = patches.shape
    result = shapes.reshape(patches, shape=(n, c * kh * kw, h * w))
    result = shapes.index(result, place=0) if single else result
    return _within(result, (input,), "unfold", "Im2ColBackward0")


def fold(input: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """`F.fold`: patches put back, and summed where they overlap."""
    size, kernel, gaps, wide, steps = (_each(v, 2) for v in (output_size, kernel_size, dilation, padding, stride))
    single = input.ndim == 2
    x = shapes.unsqueeze(input, 0) if single else input
    full = [n + 2 * p for n, p in zip(size, wide, strict=True)]
    counts = [(n - g * (k - 1) - 1) // s + 1 for n, k, g, s in zip(full, kernel, gaps, steps, strict=True)]
    n, c = x.shape[0], x.shape[1] // math.prod(kernel)
    patches = f.permute(shapes.reshape(x, shape=(n, c, *kernel, *counts)), 0, 1, 4, 5, 2, 3)
    rows, columns = (np.arange(m)[:, None] * s + np.arange(k) * g
                     for m, s, k, g in zip(counts, steps, kernel, gaps, strict=True))  # fmt: skip
    place = (Ellipsis, rows[:, None, :, None], columns[None, :, None, :])
    whole = shapes.put_zeros(patches, place=place, shape=(n, c, *full))
    cut = tuple(slice(p, p + m) for p, m in zip(wide, size, strict=True))
    result = shapes.index(whole, place=(Ellipsis, *cut))
    result = shapes.index(result, place=0) if single else result
    return _within(result, (input,), "fold", "Col2ImBackward0")


def _unpooling(dims: int) -> Callable[..., Any]:
    def unpool(
        input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
    ) -> Any:
        """The elements at the places they were pooled from, zeros elsewhere."""
        kernel, wide = _each(kernel_size, dims), _each(padding, dims)
        steps = kernel if stride is None else _each(stride, dims)
        usual = [(n - 1) * s - 2 * p + k
                 for n, s, p, k in zip(input.shape[-dims:], steps, wide, kernel, strict=True)]  # fmt: skip
        size = usual if output_size is None else list(output_size)[-dims:]
        lead = input.shape[:-dims]
        flat = shapes.reshape(input, shape=(*lead, -1))
        at = indices.array.reshape(flat.shape)
        spread = shapes.scatter_add(flat, dim=len(lead), at=at, shape=(*lead, math.prod(size)))
        return _within(
            shapes.reshape(spread, shape=(*lead, *size)), (input,), f"max_unpool{dims}d", f"MaxUnpool{dims}DBackward0"
        )

    return unpool


def channel_shuffle(input: Any, groups: int) -> Any:
    """`F.channel_shuffle`."""
    n, c, *space = input.shape
    parts = f.transpose(shapes.reshape(input, shape=(n, groups, c // groups, *space)), 1, 2)
    return shapes.reshape(parts, shape=input.shape)


_NAMED = ("kernel_size", "stride", "padding")
FUNCTIONAL: Table = {
    "pad": pad, "interpolate": interpolate, "upsample": interpolate, "unfold": unfold, "fold": fold,
    "upsample_nearest": interpolate, "upsample_bilinear": lambda x, size=None, scale_factor=None: interpolate(
        x, size, scale_factor, "bilinear", True), "channel_shuffle": channel_shuffle,
    "native_channel_shuffle": channel_shuffle,
    **{f"max_unpool{d}d": _unpooling(d) for d in (1, 2, 3)},
}  # fmt: skip
NN: Table = {
    **{f"{name}{d}d": _padding(f"{name}{d}d", mode, d) for name, mode in _PADDINGS.items() for d in (1, 2, 3)},
    **{kind.__name__: kind for kind in (Upsample, UpsamplingNearest2d, UpsamplingBilinear2d)},
    "Unfold": of_function("Unfold", unfold, ("kernel_size", "dilation", "padding", "stride")),
    "Fold": of_function("Fold", fold, ("output_size", "kernel_size", "dilation", "padding", "stride")),
    "ChannelShuffle": of_function("ChannelShuffle", channel_shuffle, ("groups",)),
    **{f"MaxUnpool{d}d": of_function(f"MaxUnpool{d}d", _unpooling(d), _NAMED) for d in (1, 2, 3)},
}  # fmt: skip
