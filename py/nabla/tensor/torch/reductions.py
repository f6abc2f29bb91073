"""PyTorch's functions that reduce: sums, means, extremes with their places, norms, sorting, softmax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations import reductions, shapes
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.promotion import long
from nabla.tensor.tape import Array, Tensor
from nabla.tensor.torch.tensor import DType, leaf

Reduced = Callable[..., Any]


class Pair(tuple[Any, ...]):
    """`torch.return_types`: values and indices, and the name of what gave them."""

    name = "max"

    @property
    def values(self) -> Any:
        """The first part."""
        return self[0]

    @property
    def indices(self) -> Any:
        """The second part."""
        return self[1]

    def __repr__(self) -> str:
        return f"torch.return_types.{self.name}(\nvalues={self[0]!r},\nindices={self[1]!r})"


def _reduction(name: str, needs_float: bool = False) -> Reduced:
    operation = OPERATIONS[name]

    def reduce(
        x: Any, dim: Any = None, keepdim: bool = False, *, axis: Any = None, dtype: DType | None = None, **how: Any
    ) -> Any:
        dim = axis if dim is None else dim
        if dtype:
            x = e.cast_to(x, dtype=dtype.numpy)
        if needs_float and x.dtype.kind != "f":
            kind = {"int64": "Long", "bool": "Bool", "int32": "Int"}.get(x.dtype.name, x.dtype.name)
            raise RuntimeError(f"{name}(): could not infer output dtype. Input dtype must be either a floating point "
                               f"or "
                               f"complex dtype. Got: {kind}")  # fmt: skip
        result = operation(x, dims=shapes.dims_of(dim, x.ndim), keepdim=keepdim, **how)
        if dim is not None and result.vertex.op is operation and name in ("sum", "mean", "prod"):
            result.vertex.label = f"{name.capitalize()}Backward1"
        return result

    return reduce


total = _reduction("sum")
mean = _reduction("mean", True)
prod = _reduction("prod")
amax = _reduction("amax")
amin = _reduction("amin")
logsumexp = _reduction("logsumexp")


def _deviation(name: str) -> Reduced:
    reduce = _reduction(name, True)

    def deviation(
        x: Any,
        dim: Any = None,
        unbiased: bool | None = None,
        keepdim: bool = False,
        *,
        correction: float = 1,
        **how: Any,
    ) -> Any:
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        return reduce(x, dim, keepdim, correction=int(unbiased) if unbiased is not None else correction, **how)

    return deviation


var, std = _deviation("var"), _deviation("std")


def _extreme(largest: bool) -> Callable[..., Any]:
    name = "max" if largest else "min"

    def extreme(x: Any, other: Any = None, keepdim: bool = False, *, dim: int | None = None) -> Any:
        if isinstance(other, Tensor):
            return (e.maximum if largest else e.minimum)(x, other)
        dim = other if dim is None else dim
        if dim is None:
            result = (reductions.amax if largest else reductions.amin)(x, dims=tuple(range(x.ndim)))
            result.vertex.label = f"{name.capitalize()}Backward1"
            return result
        values, at = reductions.extreme(x, shapes.wrapped(dim, x.ndim), keepdim, largest)
        values.vertex.label = f"{name.capitalize()}Backward0"
        return pair(values, at, name)

    return extreme


maximum, minimum = _extreme(True), _extreme(False)


def _place_of(function: Callable[..., Any]) -> Callable[..., Any]:
    def place(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
        return leaf(long(function(x.array, axis=dim, keepdims=keepdim)))

    return place


argmax, argmin = _place_of(np.argmax), _place_of(np.argmin)


def norm(x: Any, p: Any = 2, dim: Any = None, keepdim: bool = False, **_: Any) -> Any:
    """`torch.norm` and `x.norm`."""
    return OPERATIONS["norm"](x, p=2 if p == "fro" else p, dims=shapes.dims_of(dim, x.ndim), keepdim=keepdim)


def _sorted(x: Any, dim: int, descending: bool) -> Array:
    order = np.argsort(-x.array if descending else x.array, axis=dim, kind="stable")
    return long(order)


def sort(x: Any, dim: int = -1, descending: bool = False) -> Any:
    """`torch.sort`: values and where they were."""
    at = _sorted(x, dim, descending)
    return _picked(x, dim, at, "sort")


def topk(x: Any, k: int, dim: int = -1, largest: bool = True) -> Any:
    """`torch.topk`."""
    at = np.take(_sorted(x, dim, largest), np.arange(k), axis=dim)
    return _picked(x, dim, at, "topk")


def pair(values: Any, at: Array, name: str) -> Pair:
    """Values and where they were, as `torch.return_types` of that name."""
    made = Pair((values, leaf(at)))
    made.name = name
    return made


def _picked(x: Any, dim: int, at: Array, name: str) -> Any:
    values = shapes.gather(x, dim=shapes.wrapped(dim, x.ndim), at=at)
    values.vertex.label = f"{name.capitalize()}Backward0"
    return pair(values, at, name)


def median(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """`torch.median`: the lower of the two in the middle; along a dimension with its place."""
    if dim is None:
        return reductions.median(x, dims=tuple(range(x.ndim)))
    dim = shapes.wrapped(dim, x.ndim)
    at = np.take(_sorted(x, dim, False), [(x.shape[dim] - 1) // 2], axis=dim)
    values, places = _picked(x, dim, at, "median")
    return (
        pair(values, places.array, "median")
        if keepdim
        else pair(shapes.reshape(values, shape=np.squeeze(at, dim).shape), np.squeeze(at, dim), "median")
    )


def cumsum(x: Any, dim: int) -> Any:
    """`torch.cumsum`."""
    return OPERATIONS["cumsum"](x, dim=shapes.wrapped(dim, x.ndim))


def softmax(x: Any, dim: int | None = None, **_: Any) -> Any:
    """`torch.softmax`."""
    return OPERATIONS["softmax"](x, dim=shapes.wrapped(-1 if dim is None else dim, x.ndim))


def log_softmax(x: Any, dim: int | None = None, **_: Any) -> Any:
    """`torch.log_softmax`."""
    return OPERATIONS["log_softmax"](x, dim=shapes.wrapped(-1 if dim is None else dim, x.ndim))
