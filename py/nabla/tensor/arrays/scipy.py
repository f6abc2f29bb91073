"""`scipy.special` and `scipy.stats` as JAX and HIPS autograd differentiate them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nabla.tensor.arrays import Plain
from nabla.tensor.arrays.names import FUNCTIONS, Table, as_tensor, on, softmax
from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations import products, shapes
from nabla.tensor.operators import OPERATIONS

_LOG_2_PI = math.log(2 * math.pi)
_LOWEST = -20.0  # below it the tail of the normal distribution is left out


def logsumexp(x: Any, axis: Any = None, b: Any = None, keepdims: bool = False) -> Any:
    """`logsumexp`.

    Raises:
        NotImplementedError: with weights, or with axes kept.
    """
    if b is not None or keepdims:
        raise NotImplementedError("logsumexp with weights or kept axes")
    return OPERATIONS["logsumexp"](as_tensor(x), dims=shapes.dims_of(axis, as_tensor(x).ndim))


def _logit(x: Any) -> Any:
    return e.log(as_tensor(x)) - e.log1p(-as_tensor(x))


def _xlogy(x: Any, y: Any) -> Any:
    return as_tensor(x) * e.log(as_tensor(y))


SPECIAL: Table = {
    "expit": on("sigmoid"), "erf": on("erf"), "erfc": on("erfc"), "logit": _logit, "softmax": softmax,
    "logsumexp": logsumexp, "xlogy": _xlogy,
}  # fmt: skip


# The normal distribution ----------------------------------------------------------------------------------------------


def _standard(x: Any, loc: Any, scale: Any) -> Any:
    return (as_tensor(x) - loc) / scale


def _logpdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    return -0.5 * _standard(x, loc, scale) ** 2 - e.log(as_tensor(scale)) - 0.5 * _LOG_2_PI


def _cdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    return 0.5 * e.erfc(-_standard(x, loc, scale) / math.sqrt(2))


def _logcdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    if np.any(_standard(x, loc, scale).array < _LOWEST):
        raise NotImplementedError("the far tail of the normal distribution")
    return e.log(_cdf(x, loc, scale))


NORM: Table = {
    "pdf": lambda x, loc=0.0, scale=1.0: e.exp(_logpdf(x, loc, scale)), "logpdf": _logpdf, "cdf": _cdf,
    "logcdf": _logcdf, "sf": lambda x, loc=0.0, scale=1.0: 0.5 * e.erfc(_standard(x, loc, scale) / math.sqrt(2)),
}  # fmt: skip


def _normal_of_several(x: Any, mean: Any, cov: Any) -> Any:
    """`multivariate_normal.logpdf` at one point, or at the rows of a matrix."""
    mean, cov = as_tensor(mean), as_tensor(cov)
    cov = cov if cov.ndim == 2 else cov * Plain.of(np.eye(mean.shape[0]))
    gap = as_tensor(x) - mean
    solved = OPERATIONS["matmul"](gap, products.inverse(cov))
    squares = OPERATIONS["sum"](solved * gap, dims=(gap.ndim - 1,))
    return -0.5 * (squares + products.logdet(cov) + mean.shape[0] * _LOG_2_PI)


MULTIVARIATE: Table = {
    "logpdf": _normal_of_several, "pdf": lambda x, mean, cov: e.exp(_normal_of_several(x, mean, cov)),
}  # fmt: skip
STATS: Table = {"norm": NORM, "multivariate_normal": MULTIVARIATE}


def modules(root: str, wrap: Any) -> dict[str, Table]:
    """The modules of SciPy below `root`, "autograd.scipy" say, each table passed through `wrap`."""
    special, stats = wrap(SPECIAL), wrap(STATS)
    return {
        root: {"special": special, "stats": stats, "linalg": wrap(FUNCTIONS["linalg"])},
        f"{root}.special": special, f"{root}.stats": stats,
        **{f"{root}.stats.{name}": table for name, table in stats.items()},
    }  # fmt: skip
