"""`torch.linalg`: products, solutions and decompositions of matrices."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations import decompositions as d
from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations import products, shapes
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import indexing, transforms
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.tensor import leaf

Function = Callable[..., Any]


class ReturnTypes(tuple[Any, ...]):
    """`torch.return_types.linalg_...`: several results with names."""

    name = ""
    fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, **parts: Any) -> ReturnTypes:
        """The results under their names, in their order."""
        made = cls(parts.values())
        made.name, made.fields = name, tuple(parts)
        return made

    def part(self, name: str) -> Any:
        """The result of a name.

        Raises:
            AttributeError: there is none.
        """
        if name not in self.fields:
            raise AttributeError(f"'torch.return_types.{self.name}' object has no attribute '{name}'")
        return self[self.fields.index(name)]

    def __repr__(self) -> str:
        told = ",\n".join(f"{name}={part!r}" for name, part in zip(self.fields, self, strict=True))
        return f"torch.return_types.{self.name}(\n{told})"


_FIELDS = ("eigenvalues eigenvectors U S V Vh Q R sign logabsdet solution residuals rank singular_values inverse info "
           "L result").split()  # fmt: skip


def _reading(name: str) -> Callable[[Any], Any]:
    return lambda named: named.part(name)


READ: dict[type, dict[str, Callable[[Any], Any]]] = {ReturnTypes: {name: _reading(name) for name in _FIELDS}}


def eigh(a: Any, UPLO: str = "L") -> ReturnTypes:
    """`torch.linalg.eigh`."""
    return ReturnTypes.of("linalg_eigh", eigenvalues=d.eigenvalues(a), eigenvectors=d.eigenvectors(a))


def qr(a: Any, mode: str = "reduced", name: str = "linalg_qr") -> ReturnTypes:
    """`torch.linalg.qr`.

    Raises:
        NotImplementedError: another mode, or more columns than rows.
    """
    if mode != "reduced" or a.shape[-1] > a.shape[-2]:
        raise NotImplementedError("`torch.linalg.qr` but of the reduced form of a tall matrix")
    return ReturnTypes.of(name, Q=d.orthogonal_factor(a), R=d.triangular_factor(a))


def svd(a: Any, full_matrices: bool = True) -> ReturnTypes:
    """`torch.linalg.svd`: its singular values have a derivative here, the vectors have none."""
    u, v = (d.singular_vectors(a, right=right, whole=full_matrices) for right in (False, True))
    return ReturnTypes.of("linalg_svd", U=u, S=d.singular_values(a), Vh=v)


def _thin_svd(a: Any, some: bool = True, compute_uv: bool = True) -> ReturnTypes:
    """`torch.svd`, which gives V and not its transpose."""
    u, s, v = svd(a, not some)
    return ReturnTypes.of("svd", U=u, S=s, V=f.swap_last(v))


def slogdet(a: Any, name: str = "linalg_slogdet") -> ReturnTypes:
    """`torch.linalg.slogdet`."""
    signs, _ = np.linalg.slogdet(a.array)
    size = _within(e.log(e.absolute(products.det(a))), (a,), "slogdet", "LinalgSlogdetBackward0")
    return ReturnTypes.of(name, sign=leaf(np.asarray(signs, a.dtype)), logabsdet=size)


def matrix_norm(a: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False) -> Any:
    """`torch.linalg.matrix_norm`."""
    if ord == "fro":
        return r.norm(a, 2, dim, keepdim)
    if tuple(dim) != (-2, -1) or keepdim:
        raise NotImplementedError("a norm of matrices along other dimensions")
    if ord == "nuc":
        return r.total(d.singular_values(a), -1)
    if ord in (2, -2):
        return (r.amax if ord == 2 else r.amin)(d.singular_values(a), -1)
    sums = r.total(e.absolute(a), -2 if abs(ord) == 1 else -1)
    return (r.amax if ord > 0 else r.amin)(sums, -1)


def norm(a: Any, ord: Any = None, dim: Any = None, keepdim: bool = False) -> Any:
    """`torch.linalg.norm`: of a matrix where `ord` is given for two dimensions."""
    dims = dim if dim is not None else tuple(range(a.ndim))
    if ord is not None and isinstance(dims, (list, tuple)) and len(dims) == 2:
        return matrix_norm(a, ord, (-2, -1) if dim is None else dim, keepdim)
    return f.vector_norm(a, ord, dim, keepdim)


def cond(a: Any, p: Any = None) -> Any:
    """`torch.linalg.cond`."""
    if p in (None, 2):
        values = d.singular_values(a)
        return r.amax(values, -1) / r.amin(values, -1)
    return matrix_norm(a, p) * matrix_norm(products.inverse(a), p)


def matrix_power(a: Any, n: int) -> Any:
    """`torch.linalg.matrix_power`."""
    if n < 0:
        return matrix_power(products.inverse(a), -n)
    result = leaf(np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape).copy()) if not n else a
    for _ in range(n - 1):
        result = products.matmul(result, a)
    return result


def pinv(a: Any, **_: Any) -> Any:
    """`torch.linalg.pinv` of a matrix of full rank: by the normal equations of its shorter side."""
    turned = f.swap_last(a)
    if a.shape[-2] >= a.shape[-1]:
        result = products.matmul(products.inverse(products.matmul(turned, a)), turned)
    else:
        result = products.matmul(turned, products.inverse(products.matmul(a, turned)))
    return _within(result, (a,), "pinv", "LinalgPinvBackward0")


def lstsq(a: Any, b: Any, **_: Any) -> ReturnTypes:
    """`torch.linalg.lstsq` of a matrix of full rank."""
    solution = products.matmul(pinv(a), b)
    gap = b - products.matmul(a, solution)
    tall = a.shape[-2] > a.shape[-1]
    residuals = r.total(gap * gap, -2) if tall and b.ndim > 1 else leaf(np.zeros(0, a.dtype))
    rank = leaf(np.asarray(np.linalg.matrix_rank(a.array), np.int64))
    return ReturnTypes.of(
        "linalg_lstsq", solution=solution, residuals=residuals, rank=rank, singular_values=leaf(np.zeros(0, a.dtype))
    )


def solve_triangular(a: Any, b: Any, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Any:
    """`torch.linalg.solve_triangular`."""
    part = shapes.triu(a) if upper else shapes.tril(a)
    if unitriangular:
        eye = np.eye(a.shape[-1], dtype=a.dtype)
        part = part * leaf(1 - eye) + leaf(eye)
    back = products.inverse(part)
    result = products.matmul(back, b) if left else products.matmul(b, back)
    return _within(result, (a, b), "solve_triangular", "LinalgSolveTriangularBackward0")


def multi_dot(tensors: Any) -> Any:
    """`torch.linalg.multi_dot`."""
    result = tensors[0]
    for factor in tensors[1:]:
        result = products.matmul(result, factor)
    return result


def vander(x: Any, N: int | None = None) -> Any:
    """`torch.linalg.vander`: powers from 0 up."""
    n = x.shape[-1] if N is None else N
    ones = x * 0.0 + 1.0
    powers = [ones]
    for _ in range(n - 1):
        powers.append(powers[-1] * x)
    return f.stack(powers, -1)


def tensorsolve(a: Any, b: Any) -> Any:
    """`torch.linalg.tensorsolve`."""
    n = math.prod(b.shape)
    shape = a.shape[b.ndim :]
    flat = f.solve(shapes.reshape(a, shape=(n, n)), shapes.reshape(b, shape=(n,)))
    return shapes.reshape(flat, shape=shape)


def tensorinv(a: Any, ind: int = 2) -> Any:
    """`torch.linalg.tensorinv`."""
    n = math.prod(a.shape[:ind])
    back = products.inverse(shapes.reshape(a, shape=(n, n)))
    return shapes.reshape(back, shape=(*a.shape[ind:], *a.shape[:ind]))


def householder_product(a: Any, tau: Any) -> Any:
    """`torch.linalg.householder_product` of one matrix: reflections one after the other."""
    m, n = a.shape
    result = leaf(np.eye(m, dtype=a.dtype))
    lower = shapes.tril(a, k=-1) + leaf(np.eye(m, n, dtype=a.dtype))
    for i in range(tau.shape[0]):
        v = shapes.index(lower, place=(slice(None), i))
        result = result - shapes.index(tau, place=i) * products.outer(products.matmul(result, v), v)
    return shapes.index(result, place=(slice(None), slice(0, n)))


def _checked(name: str, function: Function, field: str) -> Function:
    """The form with `_ex`, which also tells that it went well."""
    return lambda a, *args, **how: ReturnTypes.of(
        f"linalg_{name}_ex", **{field: function(a, *args)}, info=leaf(np.asarray(0, np.int32))
    )


def vecdot(a: Any, b: Any, *, dim: int = -1) -> Any:
    """`torch.linalg.vecdot`."""
    return r.total(a * b, dim)


LINALG: dict[str, Function] = {
    **transforms.LINALG, "norm": norm, "vector_norm": f.vector_norm, "matrix_norm": matrix_norm,
    "inv": products.inverse, "det": products.det, "solve": f.solve, "eigh": eigh,
    "eigvalsh": lambda a, UPLO="L": d.eigenvalues(a), "svd": svd, "svdvals": d.singular_values, "qr": qr,
    "cholesky": d.cholesky, "slogdet": slogdet, "cond": cond, "matrix_power": matrix_power, "pinv": pinv,
    "lstsq": lstsq, "solve_triangular": solve_triangular, "multi_dot": multi_dot, "vander": vander,
    "tensorsolve": tensorsolve, "tensorinv": tensorinv, "householder_product": householder_product,
    "matrix_exp": d.exponential, "cross": indexing.cross, "matmul": products.matmul, "vecdot": vecdot,
    "diagonal": lambda a, *, offset=0: shapes.diagonal(a, k=offset),
    "inv_ex": _checked("inv", products.inverse, "inverse"), "solve_ex": _checked("solve", f.solve, "result"),
    "cholesky_ex": _checked("cholesky", d.cholesky, "L"),
}  # fmt: skip
# Of these, what `torch` and a tensor have under the same name.
SHARED: dict[str, Function] = {
    "slogdet": lambda a: slogdet(a, "slogdet"), "matrix_exp": d.exponential, "matrix_power": matrix_power,
    "pinverse": pinv, "cholesky": d.cholesky, "vdot": products.matmul, "svd": _thin_svd,
    "qr": lambda a, some=True: qr(a, name="qr"),
}  # fmt: skip
