"""Variance, standard deviation and norms: how far numbers are from their mean, or from 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nabla.tensor.entry import Back, CornerConvention, GradientProduct, Names, Rule
from nabla.tensor.operation import Operation
from nabla.tensor.operations.elementwise import absolute, sign, where
from nabla.tensor.operations.reductions import count, mean, spread, spread_array
from nabla.tensor.operations.shapes import Dims
from nabla.tensor.tape import Array, Tensor, Vertex

# var and std: over n minus `correction`
# --------------------------------------------------------------------------------


def _degrees(a: Any, dims: Dims, correction: float) -> float:
    return max(count(a, dims) - correction, 0)


def _centred(a: Any, dims: Dims) -> Any:
    return a - mean(a, dims=dims, keepdim=True)


def _var(a: Array, dims: Dims, keepdim: bool = False, correction: float = 1) -> Any:
    square = _centred(a, dims) ** 2
    free = _degrees(a, dims, correction)
    return square.sum(axis=dims, keepdims=keepdim) / a.dtype.type(free)


def _var_vjp(g: Any, y: Any, a: Any, dims: Dims, keepdim: bool = False, correction: float = 1) -> Any:
    return spread(g, a, dims, keepdim) * (2 / (_degrees(a, dims, correction) or float("nan"))) * _centred(a, dims)


def _deviation_back(head: Any) -> Back:
    why = "That the mean moves too changes nothing: the deviations add up to 0."

    def back(i: int, names: Names) -> GradientProduct:
        n = int(np.prod([names.shapes[0][d] for d in names.params["dims"]], dtype=np.int64))
        x, first = names.args[0], head(f"{n - names.params.get('correction', 1):g}", names.y)
        return GradientProduct(rf"{first}\,{names.bar}\,\left({x} - \operatorname{{mean}} {x}\right)", "", why)

    return back


def _std_vjp(g: Any, y: Any, a: Any, dims: Dims, keepdim: bool = False, correction: float = 1) -> Any:
    wide = spread(y, a, dims, keepdim)
    flat = wide == 0  # equal values: PyTorch gives 0 there
    free = _degrees(a, dims, correction) or float("nan")
    return where(flat, 0.0, spread(g, a, dims, keepdim) * _centred(a, dims) / (where(flat, 1.0, wide) * free))


def _steep_std(g: Any, y: Any, a: Any, dims: Dims, keepdim: bool = False, correction: float = 1) -> Any:
    """By the root of the variance: 0 times infinity where all values are equal."""
    free = _degrees(a, dims, correction) or float("nan")
    return spread(g, a, dims, keepdim) * _centred(a, dims) / (spread(y, a, dims, keepdim) * free)


def _zero_result(vertex: Vertex) -> Any:
    return np.asarray(vertex.array) == 0


_EQUAL = "is the deviation of equal values, which has no derivative"
var: Operation = Operation(
    "var", _var, _var_vjp, saves="0", mixing=True, back=_deviation_back(lambda free, y: rf"\tfrac{{2}}{{{free}}}")
)
std: Operation = Operation(
    "std",
    lambda a, **how: np.sqrt(_var(a, **how)),
    _std_vjp,
    saves="0y",
    mixing=True,
    back=_deviation_back(lambda free, y: rf"\tfrac{{1}}{{{free}\,{y}}}"),
    corner=CornerConvention(_EQUAL, "0", _zero_result),
)
for _dialect in ("jax", "autograd"):
    std.variant(_dialect, _steep_std, corner=CornerConvention(_EQUAL, "nan", _zero_result))


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


def _steep_norm(g: Any, y: Any, a: Any, p: float, dims: Dims, keepdim: bool = False) -> Any:
    """By the root of the sum of squares: 0 times infinity at the origin."""
    if p != 2:
        return _norm_vjp(g, y, a, p, dims, keepdim)
    return spread(g, a, dims, keepdim) * a / spread(y, a, dims, keepdim)


def _norm_back(i: int, names: Names) -> GradientProduct:
    x, p = names.args[0], names.params["p"]
    if p != 2:
        return GradientProduct(rf"{names.bar}\,\nabla \lVert {x} \rVert_{{{p:g}}}")
    why = "The norm grows in the direction of the vector itself, divided by its length."
    return GradientProduct(rf"{names.bar}\,\frac{{{x}}}{{{names.y}}}", "", why)


def _norm_slips(i: int, args: Sequence[Any], y: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
    x = args[0]
    yield "norm-not-normalised", lambda g: spread_array(g, x, params) * x
    yield "norm-squared", lambda g: spread_array(g, x, params) * 2 * x


def _zero_norm(vertex: Vertex) -> Any:
    return (np.asarray(vertex.array) == 0) & (vertex.params["p"] != 0)


def _zero_length(vertex: Vertex) -> Any:
    return (np.asarray(vertex.array) == 0) & (vertex.params["p"] == 2)


_ZEROS = "is the norm of zeros, which has no derivative"
norm: Operation = Operation(
    "norm", _norm, _norm_vjp, saves="0y", casts="float", mixing=True, step="LinalgVectorNormBackward0",
    tex=lambda a, p: rf"\left\lVert {a[0]} \right\rVert", back=_norm_back, slips=_norm_slips,
    corner=CornerConvention(_ZEROS, "0", _zero_norm),
)  # fmt: skip
for _dialect in ("jax", "autograd"):
    norm.variant(_dialect, _steep_norm, corner=CornerConvention(_ZEROS, "nan", _zero_length))
