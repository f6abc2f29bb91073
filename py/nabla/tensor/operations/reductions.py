"""Operations that sum over dimensions, or pick out of them: totals, means, norms, maxima, softmax, scans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nabla.tensor.entry import CornerConvention, GradientProduct, Names, Rule
from nabla.tensor.notation import dims, over
from nabla.tensor.operation import Operation, given
from nabla.tensor.operations.elementwise import where
from nabla.tensor.operations.shapes import Dims, dims_of, expand, flip, gather, permute, reshape, shape_of
from nabla.tensor.tape import Array, Tensor, Vertex


def spread(g: Any, a: Any, dims: Dims, keepdim: bool) -> Any:
    """What was reduced over `dims`, back in the shape of `a`, every element the same along them."""
    shape = shape_of(a)
    if not keepdim:
        g = reshape(g, shape=tuple(1 if i in dims else n for i, n in enumerate(shape)))
    return expand(g, shape=shape)


def count(a: Any, dims: Dims) -> int:
    """How many elements of `a` are reduced to one."""
    return int(np.prod([shape_of(a)[d] for d in dims], dtype=np.int64))


def _sum(a: Array, dims: Dims, keepdim: bool = False) -> Any:
    return a.sum(axis=dims, keepdims=keepdim)


def _mean(a: Array, dims: Dims, keepdim: bool = False) -> Any:
    return a.mean(axis=dims, keepdims=keepdim, dtype=a.dtype if a.dtype.kind == "f" else None)


def _there(names: Names) -> str:
    """The element of the adjoint that the element i, j, k of the argument went into."""
    shape, over_dims = names.shapes[0], names.params["dims"]
    kept = ",".join("ijklmn"[d] for d in range(min(len(shape), 6)) if d not in over_dims)
    return names.bar if len(over_dims) == len(shape) else f"{names.bar}_{{{kept}}}"


def _sum_back(i: int, names: Names) -> GradientProduct:
    why = "Each element is added once: the adjoint of the sum goes to every one of them unchanged."
    return GradientProduct(rf"{names.bar}\,\mathbf{{1}}", _there(names), why)


def _mean_back(i: int, names: Names) -> GradientProduct:
    n = int(np.prod([names.shapes[0][d] for d in names.params["dims"]], dtype=np.int64))
    part = rf"\tfrac{{1}}{{{n}}}\," if n != 1 else ""
    why = f"The mean divides by {n}: each element gets that part of the adjoint."
    return GradientProduct(rf"{part}{names.bar}\,\mathbf{{1}}", f"{part} {_there(names)}".strip(), why)


def _step(name: str) -> Any:
    """PyTorch numbers the steps of a reduction of everything 0, of one along dimensions 1."""

    def step(args: Sequence[Any], params: Mapping[str, Any]) -> str:
        ndim = args[0].ndim if isinstance(args[0], Vertex) else np.ndim(args[0])
        return f"{name}Backward{int(len(params['dims']) != ndim)}"

    return step


def spread_array(g: Any, x: Any, params: Mapping[str, Any]) -> Any:
    """The adjoint of a reduction, unchanged, for every element that was reduced."""
    return np.array(spread(np.asarray(g), x, params["dims"], params.get("keepdim", False)))


def _sum_slips(i: int, args: Sequence[Any], y: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
    x = args[0]
    if params["dims"]:
        yield "mean-imagined", lambda g: spread_array(g, x, params) / count(x, params["dims"])


def _mean_slips(i: int, args: Sequence[Any], y: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
    x = args[0]
    yield "mean-forgotten", lambda g: spread_array(g, x, params)
    yield "mean-twice", lambda g: spread_array(g, x, params) / count(x, params["dims"]) ** 2


total: Operation = Operation(
    "sum", _sum, lambda g, y, a, dims, keepdim=False: spread(g, a, dims, keepdim),
    linear=True, tex=lambda a, p: rf"\sum{dims(p)} {a[0]}", back=_sum_back, step=_step("Sum"), slips=_sum_slips,
    code=("{np}.sum({a}, axis={dims}, keepdims={keepdim})", "{np}.broadcast_to({wide}, {a_shape})"),
)  # fmt: skip
mean: Operation = Operation(
    "mean", _mean, lambda g, y, a, dims, keepdim=False: spread(g, a, dims, keepdim) / count(a, dims),
    linear=True, tex=over("mean"), back=_mean_back, step=_step("Mean"), slips=_mean_slips,
    code=("{np}.mean({a}, axis={dims}, keepdims={keepdim})", "{np}.broadcast_to({wide}, {a_shape}) / {count}"),
)  # fmt: skip


# Products ------------------------------------------------------------------------------------------------------------


def _others(a: Any, dims: Dims) -> Any:
    """For each element the product of the others, exact also when some are zero."""
    shape = shape_of(a)
    rest = [d for d in range(len(shape)) if d not in dims]
    n = count(a, dims)
    order = (*rest, *dims)
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
    tex=lambda a, p: rf"\prod{dims(p)} {a[0]}",
    step=_step("Prod"),
    back=lambda i, names: GradientProduct(
        rf"{names.bar}\,\textstyle\prod_{{k \ne i}} {{{names.args[0]}}}_k",
        "",
        "Each element is multiplied by all the others.",
    ),
)


def _has_zero(vertex: Vertex) -> Any:
    return np.asarray(given(vertex)[0] == 0)


# The product divided by each element: nan where that is 0.
prod.variant(
    "autograd",
    lambda g, y, a, dims, keepdim=False: spread(g, a, dims, keepdim) * spread(y, a, dims, keepdim) / a,
    corner=CornerConvention("has a zero among its factors, by which the product is divided", "nan", _has_zero),
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


def _ties_along(vertex: Vertex) -> Any:
    a, over_dims = np.asarray(given(vertex)[0]), vertex.params["dims"]
    y = vertex.array if vertex.params.get("keepdim") else np.expand_dims(vertex.array, over_dims)
    mine = a == y
    return mine & (mine.sum(axis=over_dims, keepdims=True) > 1)


def _picked_back(i: int, names: Names) -> GradientProduct:
    why = "Only the element that is picked gets the adjoint; equal ones share it."
    return GradientProduct(rf"{names.bar}\,\left[{names.args[0]} = {names.y}\right]", "", why)


def _extreme(name: str, forward: Any, sign: str) -> Operation:
    takes = CornerConvention(
        "meets equal values, where it has no derivative", "an equal part for each of them", _ties_along
    )
    return Operation(
        name, forward, _shared, saves="0y", mixing=True,
        tex=lambda a, p: rf"{sign}{dims(p)} {a[0]}", back=_picked_back, corner=takes,
    )  # fmt: skip


amax: Operation = _extreme("amax", lambda a, dims, keepdim=False: a.max(axis=dims, keepdims=keepdim), r"\max")
amin: Operation = _extreme("amin", lambda a, dims, keepdim=False: a.min(axis=dims, keepdims=keepdim), r"\min")


def _median(a: Array, dims: Dims, keepdim: bool = False) -> Any:
    """The middle one of all elements, the lower of two; nan when there is one among them."""
    flat = np.sort(a, axis=None)
    middle = flat[-1] if np.isnan(flat[-1:]).any() else flat[(flat.size - 1) // 2]
    return np.reshape(middle, (1,) * a.ndim) if keepdim else middle


# Of all elements; PyTorch's `median` along a dimension picks one place, as `max` along a dimension does.
median: Operation = _extreme("median", _median, r"\operatorname{median}")


def extreme(a: Tensor, dim: int, keepdim: bool, largest: bool) -> tuple[Any, Array]:
    """The largest (smallest) along a dimension and where it is first; the adjoint goes there."""
    place = np.asarray(a.array.argmax(axis=dim) if largest else a.array.argmin(axis=dim))
    values = gather(a, dim=dim, at=np.expand_dims(place, dim))
    values.vertex.within = "max" if largest else "min"
    if keepdim:
        return values, np.expand_dims(place, dim)
    return reshape(values, shape=place.shape), place


# Running totals
# --------------------------------------------------------------------------------------------------------

cumsum: Operation = Operation(
    "cumsum",
    lambda a, dim: np.cumsum(a, axis=dim, dtype=a.dtype if a.dtype.kind == "f" else None),
    lambda g, y, a, dim: flip(cumsum(flip(g, dims=(dim,)), dim=dim), dims=(dim,)),
    linear=True,
    slips=lambda i, args, y, params: iter([("running-direction", lambda g: np.cumsum(g, axis=params["dim"]))]),
    back=lambda i, names: GradientProduct(
        rf"\textstyle\sum_{{k \ge i}} {names.bar}_k",
        "",
        "Element i is in every running total from the i-th on, so it collects all of their adjoints.",
    ),
)


def counted(a: Any, dim: Any) -> Dims:
    """The dimensions of a reduction of `a`."""
    return dims_of(dim, len(shape_of(a)))
