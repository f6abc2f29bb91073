"""Softmax, its logarithm, and the logarithm of a sum of exponentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nabla.tensor.entry import GradientProduct, Names, Rule
from nabla.tensor.notation import call
from nabla.tensor.operation import Operation
from nabla.tensor.operations.elementwise import exp
from nabla.tensor.operations.reductions import spread, total
from nabla.tensor.operations.shapes import Dims
from nabla.tensor.tape import Array

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
    mixing=True,
    back=lambda i, names: GradientProduct(
        rf"{names.bar}\,\operatorname{{softmax}}\left({names.args[0]}\right)",
        "",
        "The derivative of log-sum-exp is softmax.",
    ),
)


def _index_form(names: Names, form: str) -> str:
    return form if len(names.shapes[0]) == 1 else ""


def _softmax_back(i: int, names: Names) -> GradientProduct:
    y, bar = names.y, names.bar
    return GradientProduct(
        rf"{y} \odot \left({bar} - \textstyle\sum_j {bar}_j {{{y}}}_j\right)",
        _index_form(names, rf"\sum_j {bar}_j\, {{{y}}}_j \left(\delta_{{ij}} - {{{y}}}_i\right)"),
        "Every probability depends on every input, through the sum they are divided by.",
    )


def _softmax_slips(i: int, args: Sequence[Any], y: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
    yield "off-diagonal-ignored", lambda g: g * y * (1 - y)


softmax: Operation = Operation(
    "softmax",
    _softmax,
    lambda g, y, a, dim: y * (g - total(g * y, dims=(dim,), keepdim=True)),
    saves="y",
    casts="float",
    mixing=True,
    tex=call("softmax"),
    back=_softmax_back,
    slips=_softmax_slips,
    code=(
        "{np}.exp({a}) / {np}.sum({np}.exp({a}), axis={dim}, keepdims=True)",
        "{y} * ({g} - {np}.sum({g} * {y}, axis={dim}, keepdims=True))",
    ),
)


def _log_softmax_back(i: int, names: Names) -> GradientProduct:
    y, bar = names.y, names.bar
    return GradientProduct(
        rf"{bar} - e^{{{y}}} \textstyle\sum_j {bar}_j",
        _index_form(names, rf"\sum_j {bar}_j \left(\delta_{{ij}} - e^{{{{{y}}}_i}}\right)"),
        "Every output depends on every input, through the logarithm of the sum; with one target class this leaves the "
        "probabilities minus 1 at the target.",
    )


def _log_softmax_slips(i: int, args: Sequence[Any], y: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
    yield "off-diagonal-ignored", lambda g: g * (1 - np.exp(y))
    yield "target-forgotten", lambda g: -np.exp(y) * g.sum(axis=params["dim"], keepdims=True)


log_softmax: Operation = Operation(
    "log_softmax",
    _log_softmax,
    lambda g, y, a, dim: g - exp(y) * total(g, dims=(dim,), keepdim=True),
    saves="y",
    casts="float",
    mixing=True,
    back=_log_softmax_back,
    slips=_log_softmax_slips,
    step="LogSoftmaxBackward0",
    code=(
        "{a} - {np}.log({np}.sum({np}.exp({a}), axis={dim}, keepdims=True))",
        "{g} - {np}.exp({y}) * {np}.sum({g}, axis={dim}, keepdims=True)",
    ),
)
