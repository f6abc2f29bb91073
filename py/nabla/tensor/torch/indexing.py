"""PyTorch's functions that pick, scatter and combine by position, and pointwise ones of several tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations import shapes
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.tape import Tensor
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.tensor import leaf

Function = Callable[..., Any]


def _labelled(result: Any, label: str) -> Any:
    if result.vertex.op is not None:
        result.vertex.label = label
    return result


def _grid(at: Any, dim: int) -> tuple[Any, ...]:
    """The places that an index along one dimension means, as NumPy's index of all dimensions."""
    return tuple(at if d == dim else np.indices(at.shape, sparse=True)[d] for d in range(at.ndim))


def _cut(x: Any, shape: tuple[int, ...], but: int = -1) -> Any:
    """The first elements along every dimension but one."""
    place = tuple(slice(None) if d == but else slice(0, n) for d, n in enumerate(shape))
    fits = all(d == but or n == m for d, (n, m) in enumerate(zip(shape, x.shape, strict=True)))
    return x if fits else shapes.index(x, place=place)


def gather(x: Any, dim: int, index: Any) -> Any:
    """`torch.gather`.

    Raises:
        RuntimeError: the index is of another type, or has another number of dimensions.
    """
    dim = shapes.wrapped(dim, x.ndim)
    if index.dtype.kind != "i":
        raise RuntimeError("gather(): Expected dtype int32/int64 for index")
    if index.ndim != x.ndim and x.ndim and index.ndim:
        raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
    return _labelled(shapes.gather(_cut(x, index.shape, dim), dim=dim, at=index.array), "GatherBackward0")


def scatter(x: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: str | None = None) -> Any:
    """`torch.scatter`: elements of `src`, or one value, at the places of the index.

    Raises:
        NotImplementedError: `reduce`, which has no derivative.
    """
    if reduce is not None:
        raise NotImplementedError("scatter(reduce=)")
    dim = shapes.wrapped(dim, x.ndim)
    src = value if src is None else src
    several = isinstance(src, Tensor) and src.ndim > 0
    part = _cut(src, index.shape) if several else src.item() if isinstance(src, Tensor) else src
    made = shapes.put(x, part, place=_grid(index.array, dim))
    return _labelled(made, "ScatterBackward0" if several else "ScatterBackward1")


def scatter_add(x: Any, dim: int, index: Any, src: Any) -> Any:
    """`torch.scatter_add`."""
    dim = shapes.wrapped(dim, x.ndim)
    made = x + shapes.put_zeros(_cut(src, index.shape), place=_grid(index.array, dim), shape=x.shape)
    return _labelled(made, "ScatterAddBackward0")


def index_put(x: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """`x.index_put`."""
    place = tuple(at.array for at in indices)
    if not accumulate:
        return _labelled(shapes.put(x, values, place=place), "IndexPutBackward0")
    values = f.expand(values, np.shape(np.empty(x.shape, bool)[place]))
    return _labelled(x + shapes.put_zeros(values, place=place, shape=x.shape), "IndexPutBackward0")


def _along(x: Any, dim: int, index: Any) -> tuple[Any, ...]:
    return (*[slice(None)] * shapes.wrapped(dim, x.ndim), index.array)


def index_fill(x: Any, dim: int, index: Any, value: float) -> Any:
    """`x.index_fill`."""
    return _labelled(shapes.put(x, value, place=_along(x, dim, index)), "IndexFillBackward0")


def index_copy(x: Any, dim: int, index: Any, source: Any) -> Any:
    """`x.index_copy`."""
    return _labelled(shapes.put(x, source, place=_along(x, dim, index)), "IndexCopyBackward0")


def take(x: Any, index: Any) -> Any:
    """`torch.take`: of the elements one after the other."""
    return _labelled(shapes.index(shapes.reshape(x, shape=(-1,)), place=index.array), "TakeBackward0")


def select(x: Any, dim: int, index: int) -> Any:
    """`torch.select`."""
    return shapes.index(x, place=(*[slice(None)] * shapes.wrapped(dim, x.ndim), index))


def narrow(x: Any, dim: int, start: int, length: int) -> Any:
    """`torch.narrow`."""
    return shapes.index(x, place=(*[slice(None)] * shapes.wrapped(dim, x.ndim), slice(start, start + length)))


def movedim(x: Any, source: int, destination: int) -> Any:
    """`torch.movedim` of one dimension."""
    order = [d for d in range(x.ndim) if d != shapes.wrapped(source, x.ndim)]
    order.insert(shapes.wrapped(destination, x.ndim), shapes.wrapped(source, x.ndim))
    return shapes.permute(x, dims=tuple(order))


def tile(x: Any, *times: Any) -> Any:
    """`torch.tile`."""
    counts = list(times[0]) if len(times) == 1 and isinstance(times[0], (list, tuple)) else list(times)
    return f.repeat(x, *[1] * (x.ndim - len(counts)), *counts)


def nonzero(x: Any, *, as_tuple: bool = False) -> Any:
    """`torch.nonzero`."""
    places = np.nonzero(x.array)
    return tuple(leaf(p) for p in places) if as_tuple else leaf(np.stack(places, 1))


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Any, ...]:
    """`torch.meshgrid`."""
    listed = list(tensors[0]) if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)) else list(tensors)
    if indexing == "xy":
        return tuple(shapes.transpose(g, 0, 1) for g in meshgrid(*listed[1::-1], *listed[2:]))[1::-1]
    full = tuple(t.shape[0] for t in listed)
    ones = [[1] * i + [t.shape[0]] + [1] * (len(listed) - i - 1) for i, t in enumerate(listed)]
    return tuple(f.expand(shapes.reshape(t, shape=tuple(o)), full) for t, o in zip(listed, ones, strict=True))


# Pointwise -----------------------------------------------------------------------------------------------------------


def isclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    """`torch.isclose`."""
    return leaf(np.isclose(a.array, b.array, rtol, atol, equal_nan))


def lerp(a: Any, b: Any, weight: Any) -> Any:
    """`torch.lerp`."""
    return _labelled(a + weight * (b - a), "LerpBackward1" if isinstance(weight, Tensor) else "LerpBackward0")


def addcmul(x: Any, a: Any, b: Any, *, value: float = 1) -> Any:
    """`torch.addcmul`."""
    return _labelled(x + value * a * b, "AddcmulBackward0")


def addcdiv(x: Any, a: Any, b: Any, *, value: float = 1) -> Any:
    """`torch.addcdiv`."""
    return _labelled(x + value * (a / b), "AddcdivBackward0")


def logaddexp(a: Any, b: Any) -> Any:
    """`torch.logaddexp`, without overflow."""
    top = f.converted(e.maximum(a, b)).array
    return _labelled(e.log(e.exp(a - leaf(top)) + e.exp(b - leaf(top))) + leaf(top), "LogaddexpBackward0")


def cross(a: Any, b: Any, dim: int = -1) -> Any:
    """`torch.cross` and `torch.linalg.cross`."""
    (a1, b1), (a2, b2) = ([shapes.roll(x, shifts=-n, dims=dim) for x in (a, b)] for n in (1, 2))
    return _labelled(a1 * b2 - a2 * b1, "LinalgCrossBackward0")


def dist(a: Any, b: Any, p: Any = 2) -> Any:
    """`torch.dist`."""
    return _labelled(r.norm(a - b, p), "DistBackward0")


def tensordot(a: Any, b: Any, dims: Any = 2) -> Any:
    """`torch.tensordot`."""
    if isinstance(dims, int):
        left, right = list(range(a.ndim - dims, a.ndim)), list(range(dims))
    else:
        left, right = (list(d) if isinstance(d, (list, tuple)) else [d] for d in dims)
    names = "abcdefghijklmnopqrstuvwxyz"
    one = list(names[: a.ndim])
    other = list(names[a.ndim : a.ndim + b.ndim])
    for i, j in zip(left, right, strict=True):
        other[j % b.ndim] = one[i % a.ndim]
    kept = [c for c in one if c not in other] + [c for c in other if c not in one]
    return f.einsum(f"{''.join(one)},{''.join(other)}->{''.join(kept)}", a, b)


def repeat_interleave(x: Any, repeats: Any, dim: int | None = None) -> Any:
    """`x.repeat_interleave`."""
    x = x if dim is not None else f.flatten(x)
    axis = (dim or 0) % x.ndim
    counts = np.broadcast_to(repeats.array if isinstance(repeats, Tensor) else repeats, (x.shape[axis],))
    result = shapes.index(x, place=(*[slice(None)] * axis, np.repeat(np.arange(x.shape[axis]), counts)))
    label = "IndexSelectBackward0" if isinstance(repeats, Tensor) else "ViewBackward0"
    return _within(result, (x,), "repeat_interleave", label)


def diff(x: Any, n: int = 1, dim: int = -1) -> Any:
    """`torch.diff`."""
    before = [slice(None)] * (dim % x.ndim)
    for _ in range(n):
        x = shapes.index(x, place=(*before, slice(1, None))) - shapes.index(x, place=(*before, slice(None, -1)))
    return x


def trapezoid(y: Any, x: Any = None, *, dx: float = 1.0, dim: int = -1) -> Any:
    """`torch.trapezoid`."""
    before = [slice(None)] * (dim % y.ndim)
    ends = shapes.index(y, place=(*before, slice(1, None))) + shapes.index(y, place=(*before, slice(None, -1)))
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
        whole = shapes.put(whole, part, place=(slice(top, top + n), slice(left, left + m)))
        top, left = top + n, left + m
    return whole


def _triangle(of: Callable[..., Any]) -> Callable[..., Any]:
    return lambda row, col, offset=0: leaf(np.array(of(row, offset, col), np.int64))


def cdist(a: Any, b: Any, p: float = 2.0) -> Any:
    """`torch.cdist`: the distances of rows, whose gradient is 0 where they coincide.

    Raises:
        NotImplementedError: another norm than the Euclidean.
    """
    if p != 2:
        raise NotImplementedError("`torch.cdist` with another norm than the Euclidean")
    gap = f.unsqueeze(a, -2) - f.unsqueeze(b, -3)
    return _within(r.norm(gap, 2, -1), (a, b), "cdist", "CdistBackward0")


def pdist(x: Any, p: float = 2.0) -> Any:
    """`F.pdist`: the distances of all pairs of rows."""
    one, other = np.triu_indices(x.shape[0], 1)
    return _within(
        r.norm(shapes.index(x, place=one) - shapes.index(x, place=other), p, -1), (x,), "pdist", "PdistBackward0"
    )


FUNCTIONS: dict[str, Function] = {
    "gather": gather, "scatter": scatter, "scatter_add": scatter_add, "index_put": index_put, "index_fill": index_fill,
    "index_copy": index_copy, "take": take, "take_along_dim": lambda x, i, dim: gather(x, dim, i), "select": select,
    "narrow": narrow, "movedim": movedim, "moveaxis": movedim, "tile": tile, "nonzero": nonzero, "isclose": isclose,
    "lerp": lerp, "addcmul": addcmul, "addcdiv": addcdiv, "logaddexp": logaddexp, "cross": cross, "dist": dist,
    "tensordot": tensordot, "clamp_min": lambda x, min: _labelled(f.clamp(x, min), "ClampMinBackward0"),
    "clamp_max": lambda x, max: _labelled(f.clamp(x, None, max), "ClampMaxBackward0"),
    "count_nonzero": lambda x, dim=None: leaf(np.asarray(np.count_nonzero(x.array, axis=dim))),
    "broadcast_to": lambda x, shape: f.expand(x, shape), "kron": lambda a, b: _kron(a, b),
    "addmv": lambda x, a, v: _labelled(x + OPERATIONS["matmul"](a, v), "AddmvBackward0"),
    "baddbmm": lambda x, a, b: _labelled(x + OPERATIONS["matmul"](a, b), "BaddbmmBackward0"),
    "meshgrid": meshgrid, "std_mean": lambda x, *a, **k: (r.std(x, *a, **k), r.mean(x, *a)),
    "var_mean": lambda x, *a, **k: (
    r.var(x, *a, **k), r.mean(x, *a)), "frac": lambda x: x - e.trunc(x), "positive": lambda x: x,
    "bincount": lambda x: leaf(np.bincount(x.array)), "repeat_interleave": repeat_interleave, "diff": diff,
}  # fmt: skip
# What is no method of tensors.
OF_TORCH: dict[str, Function] = {
    "cdist": cdist, "pdist": pdist, "trapezoid": trapezoid, "trapz": trapezoid, "diag_embed": diag_embed,
    "block_diag": block_diag, "tril_indices": _triangle(np.tril_indices), "triu_indices": _triangle(np.triu_indices),
}  # fmt: skip


def _kron(a: Any, b: Any) -> Any:
    shape = tuple(n * m for n, m in zip(a.shape, b.shape, strict=True))
    one = shapes.reshape(a, shape=tuple(k for n in a.shape for k in (n, 1)))
    other = shapes.reshape(b, shape=tuple(k for n in b.shape for k in (1, n)))
    return shapes.reshape(one * other, shape=shape)


IN_PLACE = (
    "scatter scatter_add index_put index_fill index_copy lerp addcmul addcdiv clamp_min clamp_max index_add"
).split()
