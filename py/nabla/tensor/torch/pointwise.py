"""Functions of `torch` that are also methods: of bits, pairs and places, and what comes of the shape alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations import shapes
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.tape import STATE, Tensor
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import indexing
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.tensor import leaf

Function = Callable[..., Any]


def _number(x: Any) -> Any:
    return x.array if isinstance(x, Tensor) else x


def _of_numbers(function: Function) -> Function:
    """A function without a derivative: of whole numbers, or into them."""
    return lambda *args: leaf(np.asarray(function(*map(_number, args))))


def quantile(x: Any, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear") -> Any:
    """`torch.quantile`.

    Raises:
        NotImplementedError: another way between two numbers than the linear one.
    """
    if interpolation != "linear":
        raise NotImplementedError(f"quantile(interpolation={interpolation!r})")
    x, axis = (shapes.reshape(x, shape=(-1,)), 0) if dim is None else (x, dim % x.ndim)
    ordered = r.sort(x, axis)[0]
    place = np.asarray(_number(q), np.float64) * (x.shape[axis] - 1)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, x.shape[axis] - 1)
    one, other = (shapes.index(ordered, place=(*[slice(None)] * axis, at)) for at in (low, high))
    part = (place - low).astype(x.dtype)
    part = part if part.ndim == 0 else leaf(part.reshape(-1, *[1] * (x.ndim - axis - 1)))
    result = one + (float(part) if not isinstance(part, Tensor) else part) * (other - one)
    result = _named("SqueezeBackward4", indexing.movedim(result, axis, 0) if place.ndim else result)
    return shapes.unsqueeze(result, axis) if keepdim and dim is not None and not place.ndim else result


def kthvalue(x: Any, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    """`torch.kthvalue`."""
    axis = dim % x.ndim
    values, at = r.sort(x, axis)
    place = (*[slice(None)] * axis, slice(k - 1, k) if keepdim else k - 1)
    return r.pair(_named("KthvalueBackward0", shapes.index(values, place=place)), at.array[place], "kthvalue")


def _running(largest: bool) -> Function:
    name = "cummax" if largest else "cummin"

    def running(x: Any, dim: int) -> Any:
        axis = dim % x.ndim
        reach = (np.maximum if largest else np.minimum).accumulate(x.array, axis=axis)
        steps = np.arange(x.shape[axis]).reshape(-1, *[1] * (x.ndim - axis - 1))
        at = np.maximum.accumulate(np.where(x.array == reach, steps, 0), axis=axis)
        values = shapes.gather(x, dim=axis, at=at)
        values.vertex.label = f"{name.capitalize()}Backward0"
        return r.pair(values, at.astype(np.int64), name)

    return running


def windows(x: Any, dimension: int, size: int, step: int) -> Any:
    """`x.unfold`: windows along a dimension, their elements last."""
    axis = dimension % x.ndim
    at = np.arange(0, x.shape[axis] - size + 1, step)[:, None] + np.arange(size)
    picked = shapes.index(x, place=(*[slice(None)] * axis, at))
    result = indexing.movedim(picked, axis + 1, -1)
    result.vertex.label = "UnfoldBackward0"
    return result


def unflatten(x: Any, dim: int, sizes: Any) -> Any:
    """`torch.unflatten`."""
    axis = dim % x.ndim
    return f.view(x, *x.shape[:axis], *sizes, *x.shape[axis + 1 :])


def unique(x: Any, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False) -> Any:
    """`torch.unique` of all elements."""
    _no_derivative(x, "torch.unique")
    values, inverse, counts = np.unique(x.array, return_inverse=True, return_counts=True)
    found = [leaf(values)] + [leaf(inverse.reshape(x.shape))] * return_inverse + [leaf(counts)] * return_counts
    return found[0] if len(found) == 1 else tuple(found)


def cov(x: Any, *, correction: int = 1) -> Any:
    """`torch.cov`: rows are variables."""
    rows = x if x.ndim > 1 else shapes.reshape(x, shape=(1, -1))
    centred = rows - r.mean(rows, 1, True)
    result = OPERATIONS["matmul"](centred, f.swap_last(centred)) / (rows.shape[1] - correction)
    return _named("SqueezeBackward0", result if x.ndim > 1 else shapes.reshape(result, shape=()))


def corrcoef(x: Any) -> Any:
    """`torch.corrcoef`."""
    spread = cov(x)
    scale = e.sqrt(shapes.diagonal(spread))
    return _named("ClampBackward1", spread / shapes.unsqueeze(scale, 1) / shapes.unsqueeze(scale, 0))


def sinc(x: Any) -> Any:
    """`torch.sinc`: 1 at 0, flat there."""
    zero = x == 0
    inner = e.where(zero, 1.0, x) * math.pi
    return _within(e.where(zero, 1.0, e.sin(inner) / inner), (x,), "sinc", "SincBackward0")


def _no_derivative(x: Any, name: str) -> None:
    if x.requires_grad and STATE.recording:
        raise NotImplementedError(f"the derivative of `{name}`")


def heaviside(x: Any, values: Any) -> Any:
    """`torch.heaviside`."""
    _no_derivative(x, "torch.heaviside")
    return leaf(np.heaviside(x.array, values.array))


def copysign(x: Any, other: Any) -> Any:
    """`torch.copysign`."""
    sign = leaf(np.copysign(np.ones((), x.dtype), _number(other)).astype(x.dtype))
    return _within(e.absolute(x) * sign, (x,), "copysign", "CopysignBackward0")


def rot90(x: Any, k: int = 1, dims: Any = (0, 1)) -> Any:
    """`torch.rot90`."""
    for _ in range(k % 4):
        x = f.flip(f.transpose(x, *dims), dims[0])
        x.vertex.label = "Rot90Backward0"
    return x


def aminmax(x: Any, *, dim: int | None = None, keepdim: bool = False) -> Any:
    """`torch.aminmax`."""
    found = r.amin(x, dim, keepdim), r.amax(x, dim, keepdim)
    for part in found:
        part.vertex.label = "AminmaxBackward0"
    return found


def masked_scatter(x: Any, mask: Any, source: Any) -> Any:
    """`x.masked_scatter`: the places of the mask filled in order."""
    chosen = np.broadcast_to(mask.array, x.shape)
    part = shapes.index(shapes.reshape(source, shape=(-1,)), place=slice(0, int(chosen.sum())))
    return _named("MaskedScatterBackward0", shapes.put(x, part, place=chosen))


def _named(label: str, result: Any) -> Any:
    if result.vertex.op is not None:
        result.vertex.label = label
    return result


def _real_only(x: Any) -> Any:
    return x


_NUMPY: dict[str, Function] = {
    "bitwise_and": np.bitwise_and,
    "bitwise_or": np.bitwise_or,
    "bitwise_xor": np.bitwise_xor,
    "bitwise_not": np.invert,
    "bitwise_left_shift": np.left_shift,
    "bitwise_right_shift": np.right_shift,
    "logical_xor": np.logical_xor,
    "gcd": np.gcd,
    "lcm": np.lcm,
    "signbit": np.signbit,
    "isposinf": np.isposinf,
    "isneginf": np.isneginf,
    "isin": np.isin,
    "searchsorted": np.searchsorted,
    "isreal": np.isreal,
}


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


def logit(x: Any, eps: float | None = None) -> Any:
    """`torch.logit`."""
    x = x if eps is None else f.clamp(x, eps, 1 - eps)
    return _within(e.log(x / (1 - x)), (x,), "logit", "LogitBackward0")


def xlogy(x: Any, y: Any) -> Any:
    """`torch.xlogy`: 0 where x is."""
    nothing = x == 0
    return _within(e.where(nothing, 0.0, x * e.log(e.where(nothing, 1.0, y))), (x, y), "xlogy", "XlogyBackward0")


FUNCTIONS: dict[str, Function] = {
    **{name: _of_numbers(function) for name, function in _NUMPY.items()},
    "quantile": quantile, "kthvalue": kthvalue, "cummax": _running(True), "cummin": _running(False),
    "unflatten": unflatten, "unique": unique, "cov": cov, "corrcoef": corrcoef, "sinc": sinc, "heaviside": heaviside,
    "copysign": copysign, "rot90": rot90, "aminmax": aminmax, "masked_scatter": masked_scatter,
    "fmax": lambda a, b: _named("FmaxBackward0", e.maximum(a, b)),
    "fmin": lambda a, b: _named("FminBackward0", e.minimum(a, b)), "fix": e.trunc,
    "rad2deg": lambda x: _named("Rad2DegBackward0", x * (180 / math.pi)),
    "ravel": lambda x: shapes.reshape(x, shape=(-1,)),
    "fliplr": lambda x: f.flip(x, 1), "flipud": lambda x: f.flip(x, 0), "swapdims": f.transpose,
    "argwhere": indexing.nonzero, "msort": lambda x: r.sort(x, 0)[0], "ldexp": lambda x, n: x * 2.0**n,
    "logaddexp2": lambda a, b: _named("Logaddexp2Backward0", indexing.logaddexp(
        a * math.log(2), b * math.log(2)) / math.log(2)), "addr": lambda x, a, b: _named(
        "AddrBackward0", x + shapes.unsqueeze(a, 1) * b),
    "real": _real_only, "conj": _real_only, "resolve_conj": _real_only, "adjoint": f.swap_last,
    "greater_equal": OPERATIONS["ge"], "less_equal": OPERATIONS["le"], "not_equal": OPERATIONS["ne"],
    "logcumsumexp": lambda x, dim: _logcumsumexp(x, dim), "diagflat": lambda x: f.diag(shapes.reshape(x, shape=(-1,))),
    "nansum": nansum, "nanmean": nanmean, "logit": logit, "xlogy": xlogy,
    "atleast_1d": lambda x: x if x.ndim else shapes.reshape(x, shape=(1,)),
    "atleast_2d": lambda x: x if x.ndim > 1 else shapes.reshape(x, shape=(1, -1)),
}  # fmt: skip
METHODS: dict[str, Function] = {
    "unfold": windows, "is_complex": lambda x: False, "ndimension": lambda x: x.ndim, "is_signed": lambda x: True,
    "type_as": lambda x, other: e.cast_to(x, dtype=other.dtype), "short": lambda x: leaf(x.array.astype(np.int16)),
    "is_nonzero": lambda x: bool(x.item()),
}  # fmt: skip
ONES: dict[str, Function] = {
    "column_stack": lambda parts: f.cat([p if p.ndim > 1 else shapes.reshape(p, shape=(-1, 1)) for p in parts], 1),
    "dstack": lambda parts: f.stack(parts, -1) if parts[0].ndim == 2 else f.cat(parts, 2),
    "row_stack": lambda parts: f.cat([t if t.ndim > 1 else f.unsqueeze(t, 0) for t in parts], 0),
    "broadcast_shapes": lambda *sizes: np.broadcast_shapes(*sizes),
    "bucketize": lambda x, bounds, right=False: leaf(np.searchsorted(
        bounds.array, x.array, "right" if right else "left")),
    "cartesian_prod": lambda *parts: f.stack([shapes.reshape(g, shape=(-1,)) for g in indexing.meshgrid(*parts)], 1),
    "combinations": lambda x, r=2: _combinations(x, r),
}  # fmt: skip


def _logcumsumexp(x: Any, dim: int) -> Any:
    top = x.array.max(axis=dim, keepdims=True)
    total = r.cumsum(e.exp(x - leaf(top)), dim)
    return _within(e.log(total) + leaf(top), (x,), "logcumsumexp", "LogcumsumexpBackward0")


def _combinations(x: Any, count: int) -> Any:
    at = np.array(list(combinations(range(x.shape[0]), count)), np.int64)
    return shapes.index(x, place=at)


# Of functions in `torch` and methods alike: those that have a form which changes the tensor, with an underscore.
IN_PLACE = (
    "add sub mul div pow exp log sqrt sin cos tanh sigmoid relu abs neg clamp reciprocal round floor square "
    "masked_fill scatter scatter_add index_put index_fill index_copy lerp addcmul addcdiv clamp_min clamp_max ceil "
    "trunc erf expm1 log1p rsqrt exp2 log2 log10 tan asin acos atan sinh cosh deg2rad frac fmod remainder atan2 hypot "
    "cumsum cumprod tril triu sgn sign negative absolute multiply subtract divide true_divide floor_divide erfc clip "
    "addmv baddbmm masked_scatter copysign sinc fix rad2deg logical_not bitwise_and bitwise_or bitwise_xor index_add"
).split()
# What `torch` has of the functions of layers.
OF_LAYERS = (
    "adaptive_avg_pool1d adaptive_max_pool1d avg_pool1d max_pool1d max_pool2d max_pool3d batch_norm bilinear "
    "binary_cross_entropy_with_logits celu channel_shuffle conv1d conv2d conv3d conv_transpose1d conv_transpose2d "
    "conv_transpose3d cosine_embedding_loss cosine_similarity ctc_loss dropout embedding embedding_bag group_norm "
    "hardshrink hinge_embedding_loss instance_norm kl_div layer_norm margin_ranking_loss pairwise_distance pdist "
    "pixel_shuffle pixel_unshuffle poisson_nll_loss prelu rms_norm rrelu selu threshold triplet_margin_loss"
).split()
