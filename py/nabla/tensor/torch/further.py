"""Functions, methods and layers of PyTorch that are made of others: spreads, attention, norms of groups, containers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.products import matmul
from nabla.tensor.operations.shapes import index, put, reshape
from nabla.tensor.tape import Tensor
from nabla.tensor.torch import activations
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.layers import GENERATOR, Layer, initialised
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.random import Generator
from nabla.tensor.torch.tensor import DTYPES, DType, Parameter, leaf, sizes

Table = dict[str, Any]

# Functions and methods ------------------------------------------------------------------------------------------------


def _new(fill: float | None) -> Callable[..., Any]:
    def made(x: Any, *shape: Any, dtype: DType | None = None, requires_grad: bool = False, device: Any = None) -> Any:
        *lengths, value = shape if fill is None else (*shape, fill)
        return leaf(np.full(sizes(lengths), value, dtype.numpy if dtype else x.dtype), requires_grad)

    return made


def repeat_interleave(x: Any, repeats: Any, dim: int | None = None) -> Any:
    """`x.repeat_interleave`."""
    x = x if dim is not None else f.flatten(x)
    axis = (dim or 0) % x.ndim
    counts = np.broadcast_to(repeats.array if isinstance(repeats, Tensor) else repeats, (x.shape[axis],))
    result = index(x, place=(*[slice(None)] * axis, np.repeat(np.arange(x.shape[axis]), counts)))
    label = "IndexSelectBackward0" if isinstance(repeats, Tensor) else "ViewBackward0"
    return _within(result, (x,), "repeat_interleave", label)


def _without_nan(x: Any) -> tuple[Any, Any]:
    kept = ~np.isnan(x.array)
    return e.where(leaf(kept), x, 0.0), leaf(kept.astype(x.dtype))


def nansum(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """`torch.nansum`."""
    return _within(r.total(_without_nan(x)[0], dim, keepdim), (x,), "nansum", "NansumBackward0")


def nanmean(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """`torch.nanmean`."""
    values, kept = _without_nan(x)
    return r.total(values, dim, keepdim) / r.total(kept, dim, keepdim)


def diff(x: Any, n: int = 1, dim: int = -1) -> Any:
    """`torch.diff`."""
    before = [slice(None)] * (dim % x.ndim)
    for _ in range(n):
        x = index(x, place=(*before, slice(1, None))) - index(x, place=(*before, slice(None, -1)))
    return x


def logit(x: Any, eps: float | None = None) -> Any:
    """`torch.logit`."""
    x = x if eps is None else f.clamp(x, eps, 1 - eps)
    return _within(e.log(x / (1 - x)), (x,), "logit", "LogitBackward0")


def xlogy(x: Any, y: Any) -> Any:
    """`torch.xlogy`: 0 where x is."""
    nothing = x == 0
    return _within(e.where(nothing, 0.0, x * e.log(e.where(nothing, 1.0, y))), (x, y), "xlogy", "XlogyBackward0")


def cdist(a: Any, b: Any, p: float = 2.0) -> Any:
    """`torch.cdist`: the distances of rows, whose gradient is 0 where they coincide.

    Raises:
        NotImplementedError: another norm than the Euclidean.
    """
    if p != 2:
        raise NotImplementedError("`torch.cdist` with another norm than the Euclidean")
    gap = f.unsqueeze(a, -2) - f.unsqueeze(b, -3)
    return _within(r.norm(gap, 2, -1), (a, b), "cdist", "CdistBackward0")


def trapezoid(y: Any, x: Any = None, *, dx: float = 1.0, dim: int = -1) -> Any:
    """`torch.trapezoid`."""
    before = [slice(None)] * (dim % y.ndim)
    ends = index(y, place=(*before, slice(1, None))) + index(y, place=(*before, slice(None, -1)))
    steps = dx if x is None else diff(x)
    return _within(r.total(ends * steps, dim) / 2.0, (y,), "trapezoid", "MulBackward1")


def diag_embed(x: Any) -> Any:
    """`torch.diag_embed` of the last dimension."""
    return f.unsqueeze(x, -1) * leaf(np.eye(x.shape[-1], dtype=x.dtype))


def block_diag(*parts: Any) -> Any:
    """`torch.block_diag`."""
    rows, columns = (sum(part.shape[i] for part in parts) for i in (0, 1))
    whole, top, left = leaf(np.zeros((rows, columns), parts[0].dtype)), 0, 0
    for part in parts:
        n, m = part.shape
        whole = put(whole, part, place=(slice(top, top + n), slice(left, left + m)))
        top, left = top + n, left + m
    return whole


def _triangle(of: Callable[..., Any]) -> Callable[..., Any]:
    return lambda row, col, offset=0: leaf(np.array(of(row, offset, col), np.int64))


class Info:
    """`torch.finfo` and `torch.iinfo`."""

    def __init__(self, dtype: DType = DTYPES["float32"]) -> None:
        kind = dtype.numpy
        self.about: Any = np.finfo(kind) if kind.kind == "f" else np.iinfo(kind)


def _limit(name: str) -> Callable[[Any], Any]:
    return lambda info: float(getattr(info.about, name))


class Seeded:
    """`torch.Generator`: random numbers of its own."""

    def __init__(self, device: Any = None) -> None:
        self.numbers = Generator(67280421310721)

    def manual_seed(self, seed: int) -> Seeded:
        """Seed it."""
        self.numbers.seed(seed)
        return self


READ: dict[type, dict[str, Callable[[Any], Any]]] = {
    Info: {name: _limit(name) for name in ("eps", "tiny", "max", "min")},
    Seeded: {"manual_seed": lambda g: g.manual_seed},
}
METHODS: Table = {
    "new_zeros": _new(0), "new_ones": _new(1), "new_full": _new(None), "nansum": nansum, "nanmean": nanmean,
    "repeat_interleave": repeat_interleave, "diff": diff, "logit": logit, "xlogy": xlogy,
    "stride": lambda x: tuple(s // x.array.itemsize for s in np.zeros(x.shape, x.dtype).strides),
}  # fmt: skip
FUNCTIONS: Table = {
    "repeat_interleave": repeat_interleave, "nansum": nansum, "nanmean": nanmean, "diff": diff, "logit": logit,
    "xlogy": xlogy, "cdist": cdist, "trapezoid": trapezoid, "trapz": trapezoid, "diag_embed": diag_embed,
    "block_diag": block_diag, "tril_indices": _triangle(np.tril_indices), "triu_indices": _triangle(np.triu_indices),
    "logspace": lambda start, end, steps, base=10.0: leaf((base ** np.linspace(start, end, steps)).astype(np.float32)),
    "empty_like": lambda x, **_: leaf(np.zeros(x.shape, x.dtype)), "finfo": Info, "iinfo": Info,
    "is_floating_point": lambda x: x.dtype.kind == "f", "get_default_dtype": lambda: DTYPES["float32"],
}  # fmt: skip

# Layers ---------------------------------------------------------------------------------------------------------------


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


def group_norm(x: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """`F.group_norm`."""
    grouped = reshape(x, shape=(x.shape[0], num_groups, -1))
    centred = grouped - r.mean(grouped, 2, True)
    scaled = reshape(centred / e.sqrt(r.var(grouped, 2, keepdim=True, correction=0) + eps), shape=x.shape)
    shape = (1, -1, *[1] * (x.ndim - 2))
    scaled = scaled if weight is None else scaled * reshape(weight, shape=shape)
    scaled = scaled if bias is None else scaled + reshape(bias, shape=shape)
    return _within(scaled, (x, weight, bias), "group_norm", "NativeGroupNormBackward0")


class GroupNorm(Layer):
    """`nn.GroupNorm`."""

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True) -> None:
        super().__init__()
        self.about = num_groups, num_channels, eps, affine
        if affine:
            self.set("weight", initialised(np.ones(num_channels, np.float32)))
            self.set("bias", initialised(np.zeros(num_channels, np.float32)))

    def forward(self, x: Any) -> Any:
        """Normalised over the channels of each group."""
        return group_norm(x, self.about[0], self.parts.get("weight"), self.parts.get("bias"), self.about[2])

    def describe(self) -> str:
        """As PyTorch prints it."""
        return "{}, {}, eps={}, affine={}, bias={}".format(*self.about, self.about[3])


class PReLU(Layer):
    """`nn.PReLU`."""

    def __init__(self, num_parameters: int = 1, init: float = 0.25) -> None:
        super().__init__()
        self.count = num_parameters
        self.set("weight", initialised(np.full(num_parameters, init, np.float32)))

    def forward(self, x: Any) -> Any:
        """The slope for negative inputs is a parameter."""
        return activations.prelu(x, self.parts["weight"])

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"num_parameters={self.count}"


class RReLU(Layer):
    """`nn.RReLU`."""

    varies = True

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
        super().__init__()
        self.about = lower, upper, inplace

    def forward(self, x: Any) -> Any:
        """The slope for negative inputs is drawn in training, and the mean of its bounds in evaluation."""
        lower, upper, inplace = self.about
        return activations.rrelu(x, lower, upper, self.training, inplace)

    def describe(self) -> str:
        """As PyTorch prints it."""
        return "lower={}, upper={}".format(*self.about)


class Bilinear(Layer):
    """`nn.Bilinear`: x Aₖ y + b for each output k."""

    def __init__(self, in1_features: int, in2_features: int, out_features: int, bias: bool = True) -> None:
        super().__init__()
        self.about = in1_features, in2_features, out_features, bias
        bound = 1 / math.sqrt(in1_features)
        shape = (out_features, in1_features, in2_features)
        self.set("weight", initialised(GENERATOR.uniform(shape, -bound, bound)))
        if bias:
            self.set("bias", initialised(GENERATOR.uniform((out_features,), -bound, bound)))

    def forward(self, one: Any, other: Any) -> Any:
        """The result."""
        return bilinear(one, other, self.parts["weight"], self.parts.get("bias"))

    def describe(self) -> str:
        """As PyTorch prints it."""
        return "in1_features={}, in2_features={}, out_features={}, bias={}".format(*self.about)


def bilinear(one: Any, other: Any, weight: Any, bias: Any = None) -> Any:
    """`F.bilinear`."""
    result = f.einsum("...i,kij,...j->...k", one, weight, other)
    return result if bias is None else result + bias


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


def pdist(x: Any, p: float = 2.0) -> Any:
    """`F.pdist`: the distances of all pairs of rows."""
    one, other = np.triu_indices(x.shape[0], 1)
    return _within(r.norm(index(x, place=one) - index(x, place=other), p, -1), (x,), "pdist", "PdistBackward0")


class ModuleDict(Layer):
    """`nn.ModuleDict`."""

    def __init__(self, modules: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        for name, layer in (modules or {}).items():
            self.set(name, layer)

    def __getitem__(self, name: str) -> Any:
        return self.parts[name]

    def __setitem__(self, name: str, layer: Any) -> None:
        self.set(name, layer)

    def __len__(self) -> int:
        return len(self.parts)

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __contains__(self, name: str) -> bool:
        return name in self.parts


class ParameterList(Layer):
    """`nn.ParameterList`."""

    def __init__(self, values: Any = ()) -> None:
        super().__init__()
        for i, value in enumerate(values):
            self.set(str(i), value if isinstance(value, Parameter) else Parameter(value.vertex))

    def __getitem__(self, i: int) -> Any:
        return self.parts[str(i % len(self.parts))]

    def __len__(self) -> int:
        return len(self.parts)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.parts.values())


class Unflatten(Layer):
    """`nn.Unflatten`."""

    def __init__(self, dim: int, unflattened_size: Any) -> None:
        super().__init__()
        self.dim, self.into = dim, tuple(unflattened_size)

    def forward(self, x: Any) -> Any:
        """One dimension as several."""
        dim = self.dim % x.ndim
        return f.reshape(x, *x.shape[:dim], *self.into, *x.shape[dim + 1 :])

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"dim={self.dim}, unflattened_size={self.into}"


NN: Table = {"GroupNorm": GroupNorm, "PReLU": PReLU, "Bilinear": Bilinear, "ModuleDict": ModuleDict,
             "EmbeddingBag": EmbeddingBag, "RReLU": RReLU,
             "ParameterList": ParameterList, "Unflatten": Unflatten}  # fmt: skip
FUNCTIONAL: Table = {
    "scaled_dot_product_attention": scaled_dot_product_attention,
    "group_norm": group_norm,
    "bilinear": bilinear,
    "embedding_bag": embedding_bag,
    "pdist": pdist,
}
