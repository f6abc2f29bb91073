"""Layers that move a window: convolutions, transposed ones, and pooling."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations.products import matmul
from nabla.tensor.operations.shapes import cat, flip, index, pad, put_zeros, reshape, unsqueeze
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.layers import Layer, of_function, uniform
from nabla.tensor.torch.losses import _within


def _each(value: Any, dims: int) -> tuple[int, ...]:
    return tuple(value) * (dims // len(value)) if isinstance(value, (list, tuple)) else (value,) * dims


def _windows(data: Any, kernel: tuple[int, ...], steps: tuple[int, ...], gaps: tuple[int, ...]) -> Any:
    """(N, C, *out, *kernel) of (N, C, *size)."""
    dims, places = len(kernel), []
    for d, (n, k, s, g) in enumerate(zip(data.shape[-dims:], kernel, steps, gaps, strict=True)):
        count = (n - g * (k - 1) - 1) // s + 1
        grid = np.arange(count)[:, None] * s + np.arange(k)[None, :] * g
        shape = [1] * (2 * dims)
        shape[d], shape[dims + d] = count, k
        places.append(grid.reshape(shape))
    return index(data, place=(Ellipsis, *places))


def _conv(x: Any, weight: Any, bias: Any, how: tuple[Any, Any, Any, int], dims: int) -> Any:
    """A convolution as products of windows with the weight, summed: windows are picked by index.

    Shapes: x (N, C, *size) or (C, *size), weight (O, C / groups, *kernel), result (N, O, *steps).
    """
    stride, padding, dilation, groups = how
    single = x.ndim == dims + 1
    data = unsqueeze(x, 0) if single else x
    kernel, steps, gaps = weight.shape[2:], _each(stride, dims), _each(dilation, dims)
    if padding in ("same", "valid"):
        spans = [g * (k - 1) if padding == "same" else 0 for k, g in zip(kernel, gaps, strict=True)]
        wide = [(n // 2, n - n // 2) for n in spans]
    else:
        wide = [(p, p) for p in _each(padding, dims)]
    channels = weight.shape[1] * groups
    if data.shape[1] != channels:
        raise RuntimeError(
            f"Given groups={groups}, weight of size {list(weight.shape)}, expected input{list(x.shape)} to have "
            f"{channels} channels, but got {data.shape[1]} channels instead"
        )
    data = pad(data, widths=((0, 0), (0, 0), *wide)) if any(map(any, wide)) else data
    _fits(data.shape[2:], kernel, gaps)
    parts = [
        _product(index(data, place=(slice(None), slice(g * weight.shape[1], (g + 1) * weight.shape[1])))
                 if groups > 1 else data,
                 index(weight, place=slice(g * weight.shape[0] // groups, (g + 1) * weight.shape[0] // groups))
                 if groups > 1 else weight, steps, gaps)
        for g in range(groups)
    ]  # fmt: skip
    result = cat(*parts, dim=1) if groups > 1 else parts[0]
    if bias is not None:
        result = result + reshape(bias, shape=(1, -1, *[1] * dims))
    result = index(result, place=0) if single else result
    return _within(result, (x, weight, bias), f"conv{dims}d", "ConvolutionBackward0")


def _fits(size: tuple[int, ...], kernel: tuple[int, ...], gaps: tuple[int, ...]) -> None:
    spans = [g * (k - 1) + 1 for k, g in zip(kernel, gaps, strict=True)]
    if any(n < k for n, k in zip(size, spans, strict=True)):
        padded, window = (" x ".join(map(str, part)) for part in (size, spans))
        raise RuntimeError(
            f"Calculated padded input size per channel: ({padded}). Kernel size: ({window}). "
            "Kernel size can't be greater than actual input size"
        )


def _product(data: Any, weight: Any, steps: tuple[int, ...], gaps: tuple[int, ...]) -> Any:
    dims = len(steps)
    windows = _windows(data, weight.shape[2:], steps, gaps)
    out = windows.shape[2 : 2 + dims]
    order = (0, *range(2, 2 + dims), 1, *range(2 + dims, 2 + 2 * dims))
    columns = reshape(f.permute(windows, order), shape=(data.shape[0], int(np.prod(out)), -1))
    rows = reshape(weight, shape=(weight.shape[0], -1))
    product = f.swap_last(matmul(columns, f.swap_last(rows)))
    return reshape(product, shape=(data.shape[0], weight.shape[0], *out))


def _convolution(dims: int) -> Callable[..., Any]:
    def conv(
        input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
        groups: int = 1,
    ) -> Any:  # fmt: skip
        return _conv(input, weight, bias, (stride, padding, dilation, groups), dims)

    return conv


def _transposed(dims: int) -> Callable[..., Any]:
    def conv_transpose(
        input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
        groups: int = 1, dilation: Any = 1,
    ) -> Any:  # fmt: skip
        """The input spread out by the stride, and convolved with the turned weight."""
        single = input.ndim == dims + 1
        data = unsqueeze(input, 0) if single else input
        kernel, gaps, cut = weight.shape[2:], _each(dilation, dims), _each(padding, dims)
        steps, more = _each(stride, dims), _each(output_padding, dims)
        spread = tuple((n - 1) * s + 1 for n, s in zip(data.shape[2:], steps, strict=True))
        place = (slice(None), slice(None), *(slice(None, None, s) for s in steps))
        data = put_zeros(data, place=place, shape=(*data.shape[:2], *spread))
        edges = [g * (k - 1) - p for k, g, p in zip(kernel, gaps, cut, strict=True)]
        wide = tuple((n, n + m) for n, m in zip(edges, more, strict=True))
        data = pad(data, widths=((0, 0), (0, 0), *((max(a, 0), max(b, 0)) for a, b in wide)))
        trim = tuple(slice(max(-a, 0), n + max(a, 0) + max(b, 0) - max(-b, 0) if b < 0 else None)
                     for (a, b), n in zip(wide, spread, strict=True))  # fmt: skip
        data = index(data, place=(slice(None), slice(None), *trim)) if any(min(pair) < 0 for pair in wide) else data
        turned = flip(weight, dims=tuple(range(2, 2 + dims)))
        size = weight.shape[0] // groups
        parts = [f.transpose(index(turned, place=slice(g * size, (g + 1) * size)), 0, 1) for g in range(groups)]
        result = _conv(data, cat(*parts, dim=0) if groups > 1 else parts[0], bias, (1, 0, gaps, groups), dims)
        result = index(result, place=0) if single else result
        return _within(result, (input, weight, bias), f"conv_transpose{dims}d", "ConvolutionBackward0")

    return conv_transpose


class _Conv(Layer):
    dims = 1
    transposed = False

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0, *more: Any,
        bias: bool = True, **how: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        names = ("output_padding", "groups", "bias", "dilation") if self.transposed else ("dilation", "groups", "bias")
        options = {"stride": stride, "padding": padding, **dict(zip(names, more, strict=False)), **how}
        bias = options.pop("bias", bias)
        groups = options.get("groups", 1)
        kernel = _each(kernel_size, self.dims)
        self.options = options
        self.sizes = in_channels, out_channels, kernel
        first, second = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        bound = 1 / math.sqrt(second // groups * int(np.prod(kernel)))
        self.set("weight", uniform((first, second // groups, *kernel), bound))
        if bias:
            self.set("bias", uniform((out_channels,), bound))

    def forward(self, x: Any) -> Any:
        """The convolution."""
        function = (_transposed if self.transposed else _convolution)(self.dims)
        return function(x, self.parts["weight"], self.parts.get("bias"), **self.options)

    def describe(self) -> str:
        """As PyTorch prints it."""
        inputs, outputs, kernel = self.sizes
        how = {name: value if isinstance(value, str) else _each(value, self.dims) if name != "groups" else value
               for name, value in self.options.items()}  # fmt: skip
        usual: dict[str, Any] = {"padding": 0, "dilation": 1, "output_padding": 0}
        told = [f"{inputs}, {outputs}, kernel_size={kernel}, stride={how['stride']}"]
        for name in ("padding", "dilation", "output_padding"):
            if name in how and how[name] != _each(usual[name], self.dims):
                told.append(f"{name}={how[name]}")
        told += [f"groups={how['groups']}"] if how.get("groups", 1) != 1 else []
        return ", ".join([*told, *(["bias=False"] if "bias" not in self.parts else [])])


def _layer(name: str, dims: int, transposed: bool) -> type[Layer]:
    return type(name, (_Conv,), {"dims": dims, "transposed": transposed, "__doc__": f"`nn.{name}`."})


# Pooling -------------------------------------------------------------------------------------------------------------


def _pooling(dims: int, largest: bool) -> Callable[..., Any]:
    name = f"{'max' if largest else 'avg'}_pool{dims}d"

    def pool(input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, **more: Any) -> Any:
        if any(more.values()):
            raise NotImplementedError(f"{name}({next(key for key, value in more.items() if value)}=)")
        kernel, wide = _each(kernel_size, dims), [(p, p) for p in _each(padding, dims)]
        steps = kernel if stride is None else _each(stride, dims)
        around = ((0, 0),) * (input.ndim - dims)
        empty = -math.inf if largest else 0.0
        data = pad(input, widths=(*around, *wide), value=empty) if any(map(any, wide)) else input
        windows = _windows(data, kernel, steps, (1,) * dims)
        flat = reshape(windows, shape=(*windows.shape[:-dims], -1))
        result = r.maximum(flat, -1)[0] if largest else r.mean(flat, -1)
        label = f"{'Max' if largest else 'Avg'}Pool{dims}DWithIndicesBackward0" if largest else "AvgPool2DBackward0"
        return _within(result, (input,), name, label if dims == 2 else "SqueezeBackward1")

    return pool


def _adaptive(dims: int, largest: bool) -> Callable[..., Any]:
    def pool(input: Any, output_size: Any) -> Any:
        """Each part of the input, as even as they can be, in one number."""
        result = input
        for d, n in zip(range(-dims, 0), _each(output_size, dims), strict=True):
            size = input.shape[d]
            parts = []
            for i in range(size if n is None else n):
                cut = slice(i * size // n, -(-(i + 1) * size // n))
                part = index(result, place=(Ellipsis, cut, *[slice(None)] * (-1 - d)))
                parts.append(r.maximum(part, d)[0] if largest else r.mean(part, d))
            result = f.stack(parts, d)
        return _within(result, (input,), f"adaptive_pool{dims}d", "MeanBackward1" if not largest else "")

    return pool


POOLS: dict[str, Callable[..., Any]] = {
    **{f"{'max' if m else 'avg'}_pool{d}d": _pooling(d, m) for d in (1, 2) for m in (True, False)},
    **{f"adaptive_{'max' if m else 'avg'}_pool{d}d": _adaptive(d, m) for d in (1, 2) for m in (True, False)},
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **POOLS, **{f"conv{d}d": _convolution(d) for d in (1, 2, 3)},
    **{f"conv_transpose{d}d": _transposed(d) for d in (1, 2)},
}  # fmt: skip
_NAMES = {name: name.replace("_", " ").title().replace(" ", "").replace("1D", "1d").replace("2D", "2d")
          for name in POOLS}  # fmt: skip
LAYERS: dict[str, Any] = {
    **{f"Conv{d}d": _layer(f"Conv{d}d", d, False) for d in (1, 2, 3)},
    **{f"ConvTranspose{d}d": _layer(f"ConvTranspose{d}d", d, True) for d in (1, 2)},
    **{_NAMES[n]: of_function(_NAMES[n], p, ("output_size",) if n.startswith("ad") else ("kernel_size", "stride",
       "padding")) for n, p in POOLS.items()},
}  # fmt: skip
