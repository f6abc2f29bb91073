"""Layers that move a window: convolutions, transposed ones, and pooling."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.products import matmul
from nabla.tensor.operations.shapes import cat, flip, index, pad, put_zeros, reshape, unsqueeze
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.layers import Layer, of_function, uniform
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.tensor import leaf


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


def _wide(size: Any, kernel: Any, steps: Any, padding: Any, gaps: Any, ceil: bool) -> list[tuple[int, int]]:
    """How much is put around each dimension; with `ceil` the last window may reach over the end."""
    found = []
    for n, k, s, p, g in zip(size, kernel, steps, padding, gaps, strict=True):
        span = g * (k - 1) + 1
        count = (n + 2 * p - span + (s - 1 if ceil else 0)) // s + 1
        count -= ceil and (count - 1) * s >= n + p
        found.append((p, p + max(0, (count - 1) * s + span - n - 2 * p)))
    return found


def _flat_windows(input: Any, wide: list[tuple[int, int]], how: tuple[Any, Any, Any], empty: float) -> Any:
    """Windows of what is padded, each in one row."""
    kernel, steps, gaps = how
    around = ((0, 0),) * (input.ndim - len(kernel))
    data = pad(input, widths=(*around, *wide), value=empty) if any(map(any, wide)) else input
    windows = _windows(data, kernel, steps, gaps)
    return reshape(windows, shape=(*windows.shape[: -len(kernel)], -1))


def _max_pooling(dims: int, indices: bool = False) -> Callable[..., Any]:
    name = f"max_pool{dims}d"
    label = f"MaxPool{dims}DWithIndicesBackward0" if dims > 1 else "SqueezeBackward1"

    def pool(
        input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
        return_indices: bool = indices,
    ) -> Any:  # fmt: skip
        kernel, gaps = _each(kernel_size, dims), _each(dilation, dims)
        steps = kernel if stride is None else _each(stride, dims)
        size = input.shape[-dims:]
        wide = _wide(size, kernel, steps, _each(padding, dims), gaps, ceil_mode)
        flat = _flat_windows(input, wide, (kernel, steps, gaps), -math.inf)
        result, at = r.maximum(flat, -1)
        result = _within(result, (input,), name, label)
        if not return_indices:
            return result
        places = np.pad(np.arange(math.prod(size)).reshape(size), wide, constant_values=-1)
        listed = _flat_windows(leaf(places), [(0, 0)] * dims, (kernel, steps, gaps), 0.0).array
        picked = np.take_along_axis(np.broadcast_to(listed, flat.shape), at.array[..., None], -1)
        return result, leaf(picked[..., 0].astype(np.int64))

    return pool


def _avg_pooling(dims: int) -> Callable[..., Any]:
    name = f"avg_pool{dims}d"

    def pool(
        input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
        count_include_pad: bool = True, divisor_override: int | None = None,
    ) -> Any:  # fmt: skip
        kernel, ones, around = _each(kernel_size, dims), (1,) * dims, _each(padding, dims)
        steps = kernel if stride is None else _each(stride, dims)
        size = input.shape[-dims:]
        wide = _wide(size, kernel, steps, around, ones, ceil_mode)
        flat = _flat_windows(input, wide, (kernel, steps, ones), 0.0)
        whole = all(high == p for (_, high), p in zip(wide, around, strict=True))
        if divisor_override is None and whole and (count_include_pad or not any(around)):
            result = r.mean(flat, -1)
        else:
            inner = np.ones([n + 2 * p * count_include_pad for n, p in zip(size, around, strict=True)], input.dtype)
            edges = [(low - p * count_include_pad, high - p * count_include_pad)
                     for (low, high), p in zip(wide, around, strict=True)]  # fmt: skip
            counts = _flat_windows(leaf(np.pad(inner, edges)), [(0, 0)] * dims, (kernel, steps, ones), 0.0)
            by = divisor_override or leaf(counts.array.sum(-1))
            result = r.total(flat, -1) / by
        return _within(result, (input,), name, f"AvgPool{dims}DBackward0" if dims > 1 else "SqueezeBackward1")

    return pool


def _lp_pooling(dims: int) -> Callable[..., Any]:
    average = _avg_pooling(dims)

    def pool(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
        """The p-th root of the sum of p-th powers in each window."""
        mean = average(input**norm_type, kernel_size, stride, 0, ceil_mode)
        total = e.sign(mean) * e.relu(e.absolute(mean)) * math.prod(_each(kernel_size, dims))
        return total ** (1.0 / norm_type)

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


def _adaptive_indices(dims: int) -> Callable[..., Any]:
    pool = _adaptive(dims, True)

    def with_indices(input: Any, output_size: Any) -> Any:
        result = pool(input, output_size)
        space = input.shape[-dims:]
        wanted = [n if k is None else k for n, k in zip(space, _each(output_size, dims), strict=True)]
        at = np.zeros(result.shape, np.int64)
        numbers = np.arange(math.prod(space)).reshape(space)
        for place in np.ndindex(*wanted):
            cut = tuple(slice(i * n // k, -(-(i + 1) * n // k)) for i, n, k in zip(place, space, wanted, strict=True))
            part = input.array[(Ellipsis, *cut)].reshape(*input.shape[:-dims], -1)
            at[(Ellipsis, *place)] = numbers[cut].ravel()[part.argmax(-1)]
        return result, leaf(at)

    return with_indices


POOLS: dict[str, Callable[..., Any]] = {
    **{f"max_pool{d}d": _max_pooling(d) for d in (1, 2, 3)}, **{f"avg_pool{d}d": _avg_pooling(d) for d in (1, 2, 3)},
    **{f"adaptive_{'max' if m else 'avg'}_pool{d}d": _adaptive(d, m) for d in (1, 2, 3) for m in (True, False)},
}  # fmt: skip
_LP = {f"lp_pool{d}d": _lp_pooling(d) for d in (1, 2, 3)}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **POOLS, **_LP, **{f"max_pool{d}d_with_indices": _max_pooling(d, True) for d in (1, 2, 3)},
    **{f"adaptive_max_pool{d}d_with_indices": _adaptive_indices(d) for d in (1, 2, 3)},
    **{f"conv{d}d": _convolution(d) for d in (1, 2, 3)}, **{f"conv_transpose{d}d": _transposed(d) for d in (1, 2, 3)},
}  # fmt: skip
_FIRST = {
    "max": ("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"),
    "avg": ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"),
    "lp": ("norm_type", "kernel_size", "stride", "ceil_mode"), "adaptive": ("output_size",),
}  # fmt: skip


def _title(name: str) -> str:
    words = name.replace("lp_", "LP_").split("_")
    return "".join(word if word[0].isupper() else word[0].upper() + word[1:] for word in words)


LAYERS: dict[str, Any] = {
    **{f"Conv{d}d": _layer(f"Conv{d}d", d, False) for d in (1, 2, 3)},
    **{f"ConvTranspose{d}d": _layer(f"ConvTranspose{d}d", d, True) for d in (1, 2, 3)},
    **{_title(n): of_function(_title(n), p, _FIRST[n.partition("_")[0]]) for n, p in (POOLS | _LP).items()},
}  # fmt: skip
