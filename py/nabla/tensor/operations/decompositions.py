"""Decompositions of matrices, one operation for each factor: eigenvalues and vectors of symmetric matrices, singular
values, Cholesky, QR, and the exponential of a matrix.

The adjoints are those of Giles ("Collected matrix derivative results", 2008) and Walter and Lehmann ("Algorithmic
differentiation of linear algebra functions", 2012).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operation import Operation
from nabla.tensor.operations.elementwise import reciprocal
from nabla.tensor.operations.products import MULTIPLICATIONS, inverse, matmul
from nabla.tensor.operations.shapes import cat, index, permute, transpose, tril, unsqueeze
from nabla.tensor.tape import Array, work

PRODUCTS = 10  # of a matrix with itself that a decomposition costs


def _counted(forward: Callable[..., Array]) -> Callable[..., Array]:
    """The same with its work counted: the numbers that come out of a decomposition say nothing of it."""

    def decomposed(a: Array, *args: Any, **how: Any) -> Array:
        work(PRODUCTS * a.size * min(a.shape[-2:], default=0) // MULTIPLICATIONS)
        return forward(a, *args, **how)

    return decomposed


def _turned(a: Any) -> Any:
    return transpose(a, -2, -1)


def _scaled(columns: Any, by: Any) -> Any:
    return columns * unsqueeze(by, -2)


eigenvalues: Operation = Operation(
    "eigenvalues", _counted(lambda a: np.linalg.eigvalsh(a).astype(a.dtype)),
    lambda g, y, a: matmul(_scaled(eigenvectors(a), g), _turned(eigenvectors(a))),
    saves="0", casts="float", mixing=True, step="LinalgEighBackward0",
)  # fmt: skip


def _eigenvectors_vjp(g: Any, y: Any, a: Any) -> Any:
    values = eigenvalues(a)
    gaps = unsqueeze(values, -2) - unsqueeze(values, -1)
    n = np.shape(getattr(gaps, "array", gaps))[-1]
    inner = matmul(_turned(y), g) * reciprocal(gaps + np.eye(n)) * (1.0 - np.eye(n))
    whole = matmul(matmul(y, inner), _turned(y))
    return (whole + _turned(whole)) * 0.5


eigenvectors: Operation = Operation(
    "eigenvectors", _counted(lambda a: np.linalg.eigh(a)[1].astype(a.dtype)), _eigenvectors_vjp, saves="0y",
    casts="float", mixing=True, step="LinalgEighBackward0",
)  # fmt: skip


def _singular_vjp(g: Any, y: Any, a: Any) -> Any:
    u, _, v = np.linalg.svd(np.asarray(getattr(a, "array", a)), full_matrices=False)
    return matmul(_scaled(u, g), v)


singular_values: Operation = Operation(
    "singular_values", _counted(lambda a: np.linalg.svd(a, compute_uv=False).astype(a.dtype)), _singular_vjp, saves="0",
    casts="float", mixing=True, step="LinalgSvdBackward0",
)  # fmt: skip


def _no_vectors(g: Any, y: Any, a: Any, right: bool, whole: bool) -> Any:
    raise NotImplementedError("the derivative of singular vectors")


def _vectors(a: Array, right: bool, whole: bool) -> Array:
    u, _, v = np.linalg.svd(a, full_matrices=whole)
    return (v if right else u).astype(a.dtype)


singular_vectors: Operation = Operation(
    "singular_vectors", _counted(_vectors), _no_vectors, casts="float", mixing=True, step="LinalgSvdBackward0"
)


def _cholesky(a: Array) -> Array:
    try:
        return np.linalg.cholesky(a).astype(a.dtype)
    except np.linalg.LinAlgError:
        raise RuntimeError(
            "linalg.cholesky: The factorization could not be completed because the input is not positive-definite."
        ) from None


def _cholesky_vjp(g: Any, y: Any, a: Any) -> Any:
    lower = matmul(_turned(y), g)
    half = (tril(lower) + _turned(tril(lower, k=-1))) * 0.5
    back = inverse(y)
    return matmul(matmul(_turned(back), half), back)


cholesky: Operation = Operation(
    "cholesky", _counted(_cholesky), _cholesky_vjp, saves="y", casts="float", mixing=True,
    step="LinalgCholeskyExBackward0",
)  # fmt: skip


def _through_r(a: Any, mixed: Any, g: Any = None) -> Any:
    """The adjoint of a matrix from `mixed` = R Rbarᵀ - Qbarᵀ Q and the adjoint of Q."""
    symmetric = tril(mixed) + _turned(tril(mixed, k=-1))
    whole = matmul(orthogonal_factor(a), symmetric)
    whole = whole if g is None else whole + g
    return matmul(whole, _turned(inverse(triangular_factor(a))))


orthogonal_factor: Operation = Operation(
    "orthogonal_factor", _counted(lambda a: np.linalg.qr(a)[0].astype(a.dtype)),
    lambda g, y, a: _through_r(a, -matmul(_turned(g), y), g), saves="0y", casts="float", mixing=True,
    step="LinalgQrBackward0",
)  # fmt: skip
triangular_factor: Operation = Operation(
    "triangular_factor", _counted(lambda a: np.linalg.qr(a)[1].astype(a.dtype)),
    lambda g, y, a: _through_r(a, matmul(y, _turned(g))), saves="0y", casts="float", mixing=True,
    step="LinalgQrBackward0",
)  # fmt: skip

TERMS = 18  # of the series, after the matrix was halved until its norm is below 1


def _exponential(a: Array) -> Array:
    wide = a.astype(np.float64)
    size = float(np.abs(wide).sum(-1).max(initial=0.0))
    halvings = max(0, int(np.ceil(np.log2(size)))) if size > 1 and np.isfinite(size) else 0
    small = wide / 2.0**halvings
    total = term = np.broadcast_to(np.eye(a.shape[-1]), a.shape).copy()
    for n in range(1, TERMS):
        term = term @ small / n
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return total.astype(a.dtype)


def _exponential_vjp(g: Any, y: Any, a: Any) -> Any:
    """The upper right block of the exponential of (Aᵀ, G; 0, Aᵀ)."""
    turned = permute(_turned(a), dims=tuple(range(np.ndim(getattr(a, "array", a)))))
    n = np.shape(getattr(a, "array", a))[-1]
    whole = cat(cat(turned, g, dim=-1), cat(turned * 0.0, turned, dim=-1), dim=-2)
    return index(exponential(whole), place=(Ellipsis, slice(0, n), slice(n, 2 * n)))


exponential: Operation = Operation(
    "matrix_exponential", _counted(_exponential), _exponential_vjp, saves="0", casts="float", mixing=True,
    tex=r"e^{@a}", step="LinalgMatrixExpBackward0",
)  # fmt: skip
