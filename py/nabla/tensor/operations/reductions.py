"""Operations that sum over dimensions, or pick out of them: totals, means, norms, maxima, softmax, scans."""

from __future__ import annotations

from typing import Any

import numpy as np

from nabla.tensor.operations.elementwise import absolute, exp, sign, where
from nabla.tensor.operations.shapes import Dims, dims_of, expand, flip, gather, reshape, shape_of
from nabla.tensor.tape import Array, Operation, Tensor


def spread(g: Any, a: Any, dims: Dims, keepdim: bool) -> Any:
    """What was reduced over `dims`, back in the shape of `a`, every element the same along them."""
    shape = shape_of(a)
    if not keepdim:
        g = reshape(g, shape=tuple(1 if i in dims else n for i, n in enumerate(shape)))
    return expand(g, shape=shape)


def _count(a: Any, dims: Dims) -> int:
    return int(np.prod([shape_of(a)[d] for d in dims], dtype=np.int64))


def _sum(a: Array, dims: Dims, keepdim: bool = False) -> Any:
    return a.sum(axis=dims, keepdims=keepdim)


def _mean(a: Array, dims: Dims, keepdim: bool = False) -> Any:
    return a.mean(axis=dims, keepdims=keepdim, dtype=a.dtype if a.dtype.kind == "f" else None)


total: Operation = Operation("sum", _sum, lambda g, y, a, dims, keepdim=False: spread(g, a, dims, keepdim))
mean: Operation = Operation(
    "mean", _mean, lambda g, y, a, dims, keepdim=False: spread(g, a, dims, keepdim) / _count(a, dims)
)


# var and std: over n minus `correction`
# --------------------------------------------------------------------------------


def _degrees(a: Any, dims: Dims, correction: float) -> float:
    return max(_count(a, dims) - correction, 0)


def _centred(a: Any, dims: Dims) -> Any:
    return a - mean(a, dims=dims, keepdim=True)


def _var(a: Array, dims: Dims, keepdim: bool = False, correction: float = 1) -> Any:
    square = _centred(a, dims) ** 2
    free = _degrees(a, dims, correction)
    return square.sum(axis=dims, keepdims=keepdim) / a.dtype.type(free)


def _var_vjp(g: Any, y: Any, a: Any, dims: Dims, keepdim: bool = False, correction: float = 1) -> Any:
    return spread(g, a, dims, keepdim) * (2 / (_degrees(a, dims, correction) or float("nan"))) * _centred(a, dims)


def _std_vjp(g: Any, y: Any, a: Any, dims: Dims, keepdim: bool = False, correction: float = 1) -> Any:
    wide = spread(y, a, dims, keepdim)
    flat = wide == 0  # equal values: PyTorch gives 0 there
    free = _degrees(a, dims, correction) or float("nan")
    return where(flat, 0.0, spread(g, a, dims, keepdim) * _centred(a, dims) / (where(flat, 1.0, wide) * free))


var: Operation = Operation("var", _var, _var_vjp, saves="0")
std: Operation = Operation("std", lambda a, **how: np.sqrt(_var(a, **how)), _std_vjp, saves="0y")


# Products ------------------------------------------------------------------------------------------------------------


def _others(a: Any, dims: Dims) -> Any:
    """For each element the product of the others, exact also when some are zero."""
    shape = shape_of(a)
    rest = [d for d in range(len(shape)) if d not in dims]
    n = _count(a, dims)
    order = (*rest, *dims)
    from nabla.tensor.operations.shapes import permute

    flat = reshape(permute(a, dims=order), shape=(*[shape[d] for d in rest], 1, n))
    rows = where(np.eye(n, dtype=bool), 1.0, expand(flat, shape=(*[shape[d] for d in rest], n, n)))
    products = prod(rows, dims=(len(rest) + 1,))
    back = reshape(products, shape=tuple(shape[d] for d in order))
    return permute(back, dims=tuple(int(i) for i in np.argsort(order)))


prod: Operation = Operation(
    "prod",
    lambda a, dims, keepdim=False: a.prod(axis=dims, keepdims=keepdim),
    lambda g, y, a, dims, keepdim=False: spread(g, a, dims, keepdim) * _others(a, dims),
    saves="0y",
)


# Largest and smallest: ties share the adjoint evenly
# -------------------------------------------------------------------


def _shared(g: Any, y: Any, a: Any, dims: Dims, keepdim: bool = False) -> Any:
    mine = a == spread(y, a, dims, keepdim)
    array = mine.array if isinstance(mine, Tensor) else mine
    ties = array.sum(axis=dims, keepdims=True)
    return where(mine, spread(g, a, dims, keepdim) / np.broadcast_to(ties, array.shape).astype(shape_dtype(a)), 0.0)


def shape_dtype(a: Any) -> Any:
    """The type of an array's numbers."""
    return a.dtype


amax: Operation = Operation(
    "amax", lambda a, dims, keepdim=False: a.max(axis=dims, keepdims=keepdim), _shared, saves="0y"
)
amin: Operation = Operation(
    "amin", lambda a, dims, keepdim=False: a.min(axis=dims, keepdims=keepdim), _shared, saves="0y"
)


def extreme(a: Tensor, dim: int, keepdim: bool, largest: bool) -> tuple[Any, Array]:
    """The largest (smallest) along a dimension and where it is first; the adjoint goes there."""
    place = np.asarray(a.array.argmax(axis=dim) if largest else a.array.argmin(axis=dim))
    values = gather(a, dim=dim, at=np.expand_dims(place, dim))
    values.vertex.within = "max" if largest else "min"
    if keepdim:
        return values, np.expand_dims(place, dim)
    return reshape(values, shape=place.shape), place


# Norms ---------------------------------------------------------------------------------------------------------------


def _norm(a: Array, p: float, dims: Dims, keepdim: bool = False) -> Any:
    size = np.abs(a)
    if p == np.inf:
        return size.max(axis=dims, keepdims=keepdim)
    if p == 0:
        return (size != 0).sum(axis=dims, keepdims=keepdim).astype(a.dtype)
    if p == 2:
        return np.sqrt((a * a).sum(axis=dims, keepdims=keepdim))
    return (size**p).sum(axis=dims, keepdims=keepdim) ** (1 / p)


def _norm_vjp(g: Any, y: Any, a: Any, p: float, dims: Dims, keepdim: bool = False) -> Any:
    """The direction of a, times |a|^(p-2) / y^(p-1) when p is not 2; 0 at the origin, as PyTorch has it."""
    wide, g = spread(y, a, dims, keepdim), spread(g, a, dims, keepdim)
    if p == 0:
        return g * 0
    if p == 1:
        return g * sign(a)
    if p == np.inf:
        mine = absolute(a) == wide
        array = mine.array if isinstance(mine, Tensor) else mine
        ties = np.broadcast_to(array.sum(axis=dims, keepdims=True), array.shape).astype(a.dtype)
        return where(mine, g * sign(a) / ties, 0.0)
    flat = wide == 0
    safe = where(flat, 1.0, wide)
    if p == 2:
        return where(flat, 0.0, g * a / safe)
    return where(flat, 0.0, g * sign(a) * absolute(a) ** (p - 1) / safe ** (p - 1))


norm: Operation = Operation("norm", _norm, _norm_vjp, saves="0y", casts="float")


# Softmax and related functions
# ---------------------------------------------------------------------------------------------------


def _logsumexp(a: Array, dims: Dims, keepdim: bool = False) -> Any:
    top = a.max(axis=dims, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    out = np.log(np.exp(a - top).sum(axis=dims, keepdims=True)) + top
    return out if keepdim else out.reshape(tuple(n for i, n in enumerate(a.shape) if i not in dims))


def _log_softmax(a: Array, dim: int) -> Any:
    below = a - a.max(axis=dim, keepdims=True)
    return below - np.log(np.exp(below).sum(axis=dim, keepdims=True))


def _softmax(a: Array, dim: int) -> Array:
    e = np.exp(a - a.max(axis=dim, keepdims=True))
    return np.asarray(e / e.sum(axis=dim, keepdims=True))


logsumexp: Operation = Operation(
    "logsumexp",
    _logsumexp,
    lambda g, y, a, dims, keepdim=False: spread(g, a, dims, keepdim) * exp(a - spread(y, a, dims, keepdim)),
    saves="0y",
    casts="float",
)
softmax: Operation = Operation(
    "softmax",
    _softmax,
    lambda g, y, a, dim: y * (g - total(g * y, dims=(dim,), keepdim=True)),
    saves="y",
    casts="float",
)
log_softmax: Operation = Operation(
    "log_softmax",
    _log_softmax,
    lambda g, y, a, dim: g - exp(y) * total(g, dims=(dim,), keepdim=True),
    saves="y",
    casts="float",
)


# Running totals
# --------------------------------------------------------------------------------------------------------

cumsum: Operation = Operation(
    "cumsum",
    lambda a, dim: np.cumsum(a, axis=dim, dtype=a.dtype if a.dtype.kind == "f" else None),
    lambda g, y, a, dim: flip(cumsum(flip(g, dims=(dim,)), dim=dim), dims=(dim,)),
)


def counted(a: Any, dim: Any) -> Dims:
    """The dimensions of a reduction of `a`."""
    return dims_of(dim, len(shape_of(a)))
