"""Functions of `jax.numpy` and `autograd.numpy`, made of operations of the tape."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from nabla.tensor.arrays import Plain
from nabla.tensor.arrays.names import FUNCTIONS, as_tensor
from nabla.tensor.operations import decompositions as d
from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations import products, shapes
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import indexing, linalg, pointwise

Function = Callable[..., Any]
Table = dict[str, Any]


def _on(function: Function) -> Function:
    """A function of tensors, of whatever NumPy would make an array of."""
    return lambda x, *args, **named: function(as_tensor(x), *args, **named)


def _along(x: Any, axis: int, place: Any) -> Any:
    return shapes.index(x, place=(*[slice(None)] * (axis % x.ndim), place))


def append(x: Any, values: Any, axis: int | None = None) -> Any:
    """`np.append`."""
    parts = [as_tensor(x), as_tensor(values)]
    if parts[0].dtype.kind == "f" and parts[1].dtype != parts[0].dtype and parts[0].dialect == "jax":
        parts[1] = OPERATIONS["cast_to"](parts[1], dtype=parts[0].dtype)
    if axis is None:
        parts = [shapes.reshape(part, shape=(-1,)) for part in parts]
    return OPERATIONS["cat"](*parts, dim=axis or 0)


def tile(x: Any, reps: Any) -> Any:
    """`np.tile`."""
    counts = list(reps) if isinstance(reps, (list, tuple)) else [reps]
    return f.repeat(x, *[1] * (x.ndim - len(counts)), *counts)


def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """`np.repeat`."""
    x, axis = (shapes.reshape(x, shape=(-1,)), 0) if axis is None else (x, axis)
    return _along(x, axis, np.repeat(np.arange(x.shape[axis]), repeats))


def split(x: Any, sections: Any, axis: int = 0) -> list[Any]:
    """`np.split`: equal parts, or at places."""
    n = x.shape[axis]
    if isinstance(sections, int) and n % sections:
        raise ValueError("array split does not result in an equal division")
    cuts = range(0, n, n // sections)[1:] if isinstance(sections, int) else sections
    return [_along(x, axis, slice(a, b)) for a, b in pairwise([0, *cuts, n])]


def take(x: Any, indices: Any, axis: int | None = None, **_: Any) -> Any:
    """`np.take`."""
    at = np.asarray(getattr(indices, "array", indices))
    return shapes.index(shapes.reshape(x, shape=(-1,)), place=at) if axis is None else _along(x, axis, at)


def pad(x: Any, pad_width: Any, mode: str = "constant", constant_values: float = 0.0) -> Any:
    """`np.pad` with a constant.

    Raises:
        NotImplementedError: another mode.
    """
    if mode != "constant":
        raise NotImplementedError(f"`np.pad` in the mode {mode}")
    wide = np.broadcast_to(np.asarray(pad_width), (x.ndim, 2))
    return shapes.pad(x, widths=tuple((int(a), int(b)) for a, b in wide), value=float(constant_values))


def logaddexp(a: Any, b: Any) -> Any:
    """`np.logaddexp`."""
    a, b = as_tensor(a), as_tensor(b)
    return b + e.softplus(a - b, threshold=math.inf)


def polyval(p: Any, x: Any) -> Any:
    """`np.polyval`: the highest power first."""
    p = as_tensor(p)
    result = as_tensor(x) * 0.0 + p[0]
    for i in range(1, p.shape[0]):
        result = result * x + p[i]
    return result


def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    """`np.trapezoid`."""
    return indexing.trapezoid(y, None if x is None else as_tensor(x), dx=dx, dim=axis)


def meshgrid(*xs: Any, indexing: str = "xy") -> list[Any]:
    """`np.meshgrid`."""
    return list(_meshgrid(*map(as_tensor, xs), indexing=indexing))


_meshgrid = indexing.meshgrid


def slogdet(a: Any) -> tuple[Any, Any]:
    """`np.linalg.slogdet`."""
    signs, _ = np.linalg.slogdet(a.array)
    return Plain.of(np.asarray(signs, a.dtype), False), e.log(e.absolute(products.det(a)))


def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """`np.linalg.svd`."""
    values = d.singular_values(a)
    if not compute_uv:
        return values
    u, v = (d.singular_vectors(a, right=right, whole=full_matrices) for right in (False, True))
    return u, values, v


_LINALG: Table = {
    "slogdet": _on(slogdet), "cholesky": _on(d.cholesky), "svd": _on(svd), "eigvalsh": _on(d.eigenvalues),
    "eigh": _on(lambda a: (d.eigenvalues(a), d.eigenvectors(a))), "pinv": _on(linalg.pinv),
    "qr": _on(lambda a: (d.orthogonal_factor(a), d.triangular_factor(a))),
    "matrix_power": _on(lambda a, n: linalg.matrix_power(a, n)),
}  # fmt: skip
NOT_IN_HIPS = frozenset(["take", "meshgrid"])  # HIPS autograd has no derivative of them
NUMPY: Table = {
    **FUNCTIONS, "append": append, "tile": _on(tile), "repeat": _on(repeat), "split": _on(split), "take": _on(take),
    "pad": _on(pad), "logaddexp": logaddexp, "polyval": polyval, "trapezoid": _on(trapezoid), "trapz": _on(trapezoid),
    "meshgrid": meshgrid, "swapaxes": _on(shapes.transpose), "moveaxis": _on(indexing.movedim),
    "roll": _on(lambda x, shift, axis=None: shapes.roll(x, shifts=shift, dims=axis)),
    "diff": _on(lambda x, n=1, axis=-1: indexing.diff(x, n, axis)), "sinc": _on(pointwise.sinc),
    "cross": lambda a, b, axis=-1: indexing.cross(as_tensor(a), as_tensor(b), axis),
    "tensordot": lambda a, b, axes=2: indexing.tensordot(as_tensor(a), as_tensor(b), axes),
    "cumprod": _on(
        lambda x, axis=None: f.cumprod(x if axis is not None else shapes.reshape(x, shape=(-1,)), axis or 0)
    ),
    "quantile": _on(lambda x, q, axis=None: pointwise.quantile(x, q, axis)),
    "percentile": _on(lambda x, q, axis=None: pointwise.quantile(x, np.asarray(q) / 100, axis)),
    "degrees": _on(lambda x: x * (180 / math.pi)), "rad2deg": _on(lambda x: x * (180 / math.pi)),
    "radians": _on(lambda x: x * (math.pi / 180)), "ptp": _on(lambda x, axis=None: FUNCTIONS["max"](x, axis)
                                                             - FUNCTIONS["min"](x, axis)),
    "fmax": FUNCTIONS["maximum"], "fmin": FUNCTIONS["minimum"], "identity": FUNCTIONS["eye"],
    "column_stack": lambda parts: OPERATIONS["cat"](*[
        p if p.ndim > 1 else shapes.reshape(p, shape=(-1, 1)) for p in map(as_tensor, parts)], dim=1),
    "atleast_1d": _on(pointwise.FUNCTIONS["atleast_1d"]),
    "atleast_2d": _on(pointwise.FUNCTIONS["atleast_2d"]),
    "linalg": {**FUNCTIONS["linalg"], **_LINALG},
}  # fmt: skip
