"""Products of matrices and what is solved with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nabla.tensor.entry import GradientProduct, Names, Rule
from nabla.tensor.notation import function
from nabla.tensor.operation import Operation
from nabla.tensor.operations.shapes import permute, reshape, shape_of, sum_to, transpose, unsqueeze
from nabla.tensor.tape import ONE, Array, Vertex, charge

MULTIPLICATIONS = 200  # of a product that count as one computed element


def _matmul(a: Array, b: Array) -> Any:
    """The product of matrices, batches of them, or vectors.

    Raises:
        RuntimeError: the inner sizes differ, told as PyTorch tells it.
    """
    if not a.ndim or not b.ndim:
        found = "0D" if not a.ndim and not b.ndim else f"{a.ndim}D and {b.ndim}D"
        raise RuntimeError(f"both arguments to matmul need to be at least 1D, but they are {found}")
    if a.shape[-1] != b.shape[-2 if b.ndim > 1 else 0]:
        raise RuntimeError(_mismatch(a, b))
    if a.shape[-1] == 1 and a.ndim > 1 and b.ndim > 1:
        return a * b  # one product an element: the sign of a zero stays
    multiplications = a.size * (b.shape[-1] if b.ndim > 1 else 1)
    if multiplications > ONE * MULTIPLICATIONS:
        raise MemoryError(f"a matrix product of {multiplications:,} multiplications")
    charge(multiplications // MULTIPLICATIONS)
    return np.matmul(a, b)


def _mismatch(a: Array, b: Array) -> str:
    if a.ndim == b.ndim == 1:
        n, m = len(a), len(b)
        return (f"inconsistent tensor size, expected tensor [{n}] and src [{m}] to have the same number of elements, "
                f"but got {n} and {m} elements respectively")  # fmt: skip
    if a.ndim == 2 and b.ndim == 1:
        return f"size mismatch, got input ({a.shape[0]}), mat ({a.shape[0]}x{a.shape[1]}), vec ({b.shape[0]})"
    rows = 1 if a.ndim == 1 else int(np.prod(a.shape[:-1]))
    m = b.shape[-2] if b.ndim > 1 else b.shape[0]
    return f"mat1 and mat2 shapes cannot be multiplied ({rows}x{a.shape[-1]} and {m}x{b.shape[-1]})"


def _left(g: Any, y: Any, a: Any, b: Any) -> Any:
    """The adjoint of a in a @ b: g @ b transposed, summed over the batch that a was broadcast along."""
    m, n = len(shape_of(a)), len(shape_of(b))
    if n == 1:
        return g * b if m == 1 else sum_to(unsqueeze(g, -1) * b, shape=shape_of(a))
    if m == 1:
        return sum_to(reshape(matmul(b, unsqueeze(g, -1)), shape=shape_of(b)[:-1]), shape=shape_of(a))
    full = matmul(g, transpose(b, -2, -1))
    return full if shape_of(full) == shape_of(a) else sum_to(full, shape=shape_of(a))


def _right(g: Any, y: Any, a: Any, b: Any) -> Any:
    """The adjoint of b in a @ b: a transposed @ g, summed over the batch."""
    m, n = len(shape_of(a)), len(shape_of(b))
    if m == 1:
        if n == 1:
            return g * a
        column = unsqueeze(a, -1)
        return sum_to(column * unsqueeze(g, -2), shape=shape_of(b))
    if n == 1:
        return sum_to(reshape(matmul(transpose(a, -2, -1), unsqueeze(g, -1)), shape=(*shape_of(a)[:-2],
            shape_of(a)[-1])),
                      shape=shape_of(b))  # fmt: skip
    full = matmul(transpose(a, -2, -1), g)
    return full if shape_of(full) == shape_of(b) else sum_to(full, shape=shape_of(b))


def _product_back(i: int, names: Names) -> GradientProduct:
    """`a b`, for vectors and matrices."""
    left, right = (f"{{{name}}}" for name in names.args[:2])
    bar, ranks = names.bar, [len(shape) for shape in names.shapes]
    if ranks[0] == ranks[1] == 2:
        if i == 0:
            return GradientProduct(
                rf"{bar}\,{right}^{{\top}}", rf"\sum_k {bar}_{{ik}}\, {right}_{{jk}}",
                "Element (i, j) of the left factor meets row j of the right one and reaches the whole row i of the "
                "result: the sum over its columns k has both indices of the right factor the other way round, which "
                "is its transpose.",
            )  # fmt: skip
        return GradientProduct(
            rf"{left}^{{\top}}\,{bar}", rf"\sum_n {left}_{{ni}}\, {bar}_{{nj}}",
            "Every row n of the left factor (every sample of a batch) meets the same right factor, so what comes back "
            "is summed over n: that sum is the product with the transpose.",
        )  # fmt: skip
    if ranks[0] == ranks[1] == 1:
        return GradientProduct(
            rf"{bar}\,{(right, left)[i]}",
            rf"{bar}\, {(right, left)[i]}_i",
            "Each element meets one of the other vector.",
        )
    if ranks[0] == 2 and ranks[1] == 1:
        if i == 0:
            return GradientProduct(rf"{bar}\,{right}^{{\top}}", rf"{bar}_i\, {right}_j",
                    "Row i of the matrix gives element i of the result alone: an outer product.")  # fmt: skip
        return GradientProduct(rf"{left}^{{\top}}\,{bar}", rf"\sum_n {left}_{{ni}}\, {bar}_n",
                "Element i of the vector reaches every row n of the result: the sum over the rows is the product with "
                "the transpose.")  # fmt: skip
    if ranks[0] == 1 and ranks[1] == 2:
        if i == 0:
            return GradientProduct(rf"{right}\,{bar}", rf"\sum_k {right}_{{ik}}\, {bar}_k",
                    "Element i of the vector reaches every column k of the result.")  # fmt: skip
        return GradientProduct(rf"{left}\,{bar}^{{\top}}", rf"{left}_i\, {bar}_j",
                "Column j of the matrix gives element j of the result alone: an outer product.")  # fmt: skip
    form = rf"{left}^{{\top}}\,{bar}" if i else rf"{bar}\,{right}^{{\top}}"
    return GradientProduct(
        form, "", "As for two matrices, for every one of the batch; a factor that the batch shares adds them up."
    )


def _product_step(args: Sequence[Any], params: Mapping[str, Any]) -> str:
    ranks: Any = tuple(arg.ndim if isinstance(arg, Vertex) else np.ndim(arg) for arg in args)
    known = {(1, 1): "DotBackward0", (2, 1): "MvBackward0", (2, 2): "MmBackward0", (1, 2): "SqueezeBackward4",
             (3, 3): "BmmBackward0"}  # fmt: skip
    return known.get(ranks, "UnsafeViewBackward0")


_CODE = {
    (2, 2): ("{a} @ {b}", "{g} @ {b}.T", "{a}.T @ {g}"),
    (2, 1): ("{a} @ {b}", "{np}.outer({g}, {b})", "{a}.T @ {g}"),
    (1, 2): ("{a} @ {b}", "{b} @ {g}", "{np}.outer({a}, {g})"),
    (1, 1): ("{a} @ {b}", "{g} * {b}", "{g} * {a}"),
}


def _product_slips(i: int, args: Sequence[Any], y: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
    """A transpose left out, where the shapes allow it, or elements multiplied where rows meet columns."""
    a, b = args
    if not np.ndim(a) == np.ndim(b) == 2:
        return
    orders: list[Rule] = [lambda g: np.matmul(g, b), lambda g: np.matmul(b, g)]
    if i:
        orders = [lambda g: np.matmul(a, g), lambda g: np.matmul(g, a)]
    for order in orders:
        yield "transpose-missing", lambda g, order=order: _same(order(g), args[i])  # type: ignore[misc]
    yield "elementwise-product", lambda g: g * args[1 - i]


def _same(g: Any, like: Any) -> Any:
    """A product that has the right shape.

    Raises:
        ValueError: it has another one.
    """
    if g.shape == like.shape:
        return g
    raise ValueError("another shape")


matmul: Operation = Operation(
    "matmul", _matmul, _left, _right, saves="10", mixing=True, tex="@a \\, @b", back=_product_back,
    code=lambda ranks: _CODE.get(tuple(ranks), ()), step=_product_step, slips=_product_slips,
)  # fmt: skip


def outer(a: Any, b: Any) -> Any:
    """The product of every element of a with every element of b."""
    return unsqueeze(a, -1) * unsqueeze(b, -2)


def _square(a: Array) -> None:
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise RuntimeError(
            f"A must be batches of square matrices, but they are {' by '.join(map(str, a.shape[-2:]))} matrices"
        )


def _inverse(a: Array) -> Array:
    _square(a)
    try:
        return np.linalg.inv(a)
    except np.linalg.LinAlgError:
        raise RuntimeError("linalg.inv: The diagonal element is zero, the inversion could not be completed because "
                           "the input matrix is singular.") from None  # fmt: skip


def _inverse_vjp(g: Any, y: Any, a: Any) -> Any:
    t = transpose(y, -2, -1)
    return -matmul(matmul(t, g), t)


_IDENTITY = "Because the inverse times the matrix stays the identity."
inverse: Operation = Operation(
    "inverse",
    _inverse,
    _inverse_vjp,
    saves="y",
    casts="float",
    mixing=True,
    tex="{@a}^{-1}",
    step="LinalgInvExBackward0",
    back=lambda i, names: GradientProduct(
        rf"-{{{names.y}}}^{{\top}}\,{names.bar}\,{{{names.y}}}^{{\top}}", "", _IDENTITY
    ),
)
_COFACTOR = "Each element is multiplied by its cofactor in the determinant."


def _det(a: Array) -> Any:
    _square(a)
    return np.linalg.det(a).astype(a.dtype)


det: Operation = Operation(
    "det",
    _det,
    lambda g, y, a: unsqueeze(unsqueeze(g * y, -1), -1) * transpose(inverse(a), -2, -1),
    saves="0y",
    casts="float",
    tex=function(r"\det"),
    back=lambda i, names: GradientProduct(rf"{names.bar}\,{names.y}\,{{{names.args[0]}}}^{{-\top}}", "", _COFACTOR),
    step="LinalgDetBackward0",
)


def _logdet(a: Array) -> Any:
    _square(a)
    signs, logs = np.linalg.slogdet(a)
    return np.where(signs > 0, logs, np.nan).astype(a.dtype)


logdet: Operation = Operation(
    "logdet",
    _logdet,
    lambda g, y, a: unsqueeze(unsqueeze(g, -1), -1) * transpose(inverse(a), -2, -1),
    saves="0",
    casts="float",
    back=lambda i, names: GradientProduct(rf"{names.bar}\,{{{names.args[0]}}}^{{-\top}}", "", _COFACTOR),
)


def solve(a: Any, b: Any) -> Any:
    """x with a x = b."""
    return matmul(inverse(a), b)


def einsum(spec: str, operands: tuple[Any, ...]) -> Any:
    """The sum over products that `spec` describes ("ij,jk->ik"), built of broadcast products and one sum.

    Raises:
        RuntimeError: the specification and the operands do not fit.
    """
    from nabla.tensor.operations.reductions import total
    from nabla.tensor.operations.shapes import diagonal

    before, arrow, after = spec.replace(" ", "").partition("->")
    inputs = before.split(",")
    letters = sorted({c for part in inputs for c in part})
    if not arrow:
        after = "".join(c for c in letters if before.count(c) == 1)
    if len(inputs) != len(operands) or not all(c.isalpha() for c in letters) or set(after) - set(letters):
        raise RuntimeError(f"einsum(): the equation {spec} does not fit {len(operands)} operands")
    order = [*after, *(c for c in letters if c not in after)]
    product: Any = None
    for part, operand in zip(inputs, operands, strict=True):
        if len(part) != len(shape_of(operand)):
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({len(part)}) does not match the number of "
                f"dimensions ({len(shape_of(operand))}) for an operand"
            )
        if len(set(part)) < len(part):
            if len(part) != 2:
                raise RuntimeError("einsum(): a subscript may be repeated within one operand only in a matrix")
            operand, part = diagonal(operand), part[0]
        here = [c for c in order if c in part]
        shape = shape_of(operand)
        moved = permute(operand, dims=tuple(part.index(c) for c in here)) if here != list(part) else operand
        placed = reshape(moved, shape=tuple(shape[part.index(c)] if c in part else 1 for c in order))
        product = placed if product is None else product * placed
    summed = tuple(range(len(after), len(order)))
    return total(product, dims=summed) if summed else product
