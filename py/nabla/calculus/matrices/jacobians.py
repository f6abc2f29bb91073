"""Derivatives of columns and matrices: everything but dx is carried to its left (df = J dx), or vec(dX) is."""

from __future__ import annotations

from nabla.calculus.matrices.forms import tidy
from nabla.calculus.matrices.nodes import (
    M,
    add,
    differential,
    entries,
    eye,
    is_zero,
    kron,
    number,
    ones,
    times,
    transpose,
    unary,
    zero,
)
from nabla.calculus.matrices.rules import NoForm, carry, full_differential, gradient, place_of, rule, substituted


def jacobian(f: M, x: M) -> M:
    """J with df = J dx, for columns or numbers f and x: its rows are those of f, its columns those of x.

    Raises:
        NoForm: where there is none in these operations.
    """
    return tidy(_forward(f, x))


def _forward(node: M, x: M) -> M:
    if node == x:
        return eye(x.shape[0])
    if not node.has(x):
        return zero((node.shape[0], x.shape[0]))
    if node.scalar:
        return transpose(gradient(node, x))
    return _push(rule(node, x)[1], x)


def _push(linear: M, x: M) -> M:
    """The Jacobian of a differential that is a column."""
    if is_zero(linear):
        return zero((linear.shape[0], x.shape[0]))
    args = linear.args
    match linear.op:
        case "d":
            return _forward(args[0], x)
        case "sum":
            return add(*(_push(arg, x) for arg in args))
        case "entries":
            place = place_of(args)
            rest = entries(*args[:place], *args[place + 1 :]) if len(args) > 2 else args[1 - place]
            return times(unary("diag", rest), _push(args[place], x))
        case "product":
            return _push_product(args, x)
    raise NoForm(f"the Jacobian of {linear.op}")


def _push_product(args: tuple[M, ...], x: M) -> M:
    place = place_of(args)
    inner, rest = args[place], [*args[:place], *args[place + 1 :]]
    scalars = [part for part in rest if part.scalar]
    before = [part for part in args[:place] if not part.scalar]
    behind = [part for part in args[place + 1 :] if not part.scalar]
    if inner.scalar:
        row = transpose(_gradient_of(inner, x))
        return times(*scalars, times(*before, *behind), row) if before or behind else times(*scalars, row)
    column = times(*behind) if behind else number(1)
    if column.scalar:
        return times(*scalars, column, *before, _push(inner, x))
    if inner.shape[0] == 1 and column.shape[1] == 1:  # a row times a column is the column's transpose times the row's
        return times(*scalars, *before, transpose(column), _push(_turned(inner), x))
    if inner.op == "d" and inner.args[0] != x and column.shape[1] == 1:
        # of a matrix that depends on x, times a column: the rule of the matrix first
        return times(*scalars, *before, _push(_times_column(rule(inner.args[0], x)[1], column), x))
    if inner.op == "diag" and column.shape[1] == 1:
        return times(*scalars, *before, unary("diag", column), _push(inner.args[0], x))
    raise NoForm("the Jacobian of this product")


def _times_column(linear: M, column: M) -> M:
    return add(*(times(part, column) for part in (linear.args if linear.op == "sum" else (linear,))))


def _turned(row: M) -> M:
    """The transpose of the differential of a row: the differential of the column."""
    return differential(transpose(row.args[0])) if row.op == "d" else transpose(row)


def _gradient_of(linear: M, x: M) -> M:
    found: list[M] = []
    carry(linear, number(1), x, found)
    return add(*found) if found else zero(x.shape)


def kronecker(f: M, x: M) -> M:
    """K with vec(df) = K vec(dx), for matrices, by vec(A dX B) = (Bᵀ ⊗ A) vec(dX).

    Raises:
        NoForm: where the differential has another form, as with a transposed dX.
    """
    found = []
    for args in _chains(full_differential(f, x)):
        place = place_of(args)
        scalars = [part for part in args if part.scalar]
        behind = [part for part in args[place + 1 :] if not part.scalar]
        before = [part for part in args[:place] if not part.scalar]
        if args[place] != differential(x):
            raise NoForm("a matrix by a matrix, with the differential in this form,")
        a = times(*before) if before else eye(x.shape[0])
        b = transpose(times(*behind)) if behind else eye(x.shape[1])
        found.append(times(*scalars, kron(b, a)))
    return tidy(add(*found))


def _chains(linear: M) -> list[tuple[M, ...]]:
    """The terms of a differential as products; a product of entries of columns as one with a diagonal matrix."""
    if is_zero(linear):
        return []
    if linear.op == "sum":
        return [chain for term in linear.args for chain in _chains(term)]
    if linear.op == "entries" and linear.shape[1] == 1:
        place = place_of(linear.args)
        rest = [part for other, part in enumerate(linear.args) if other != place]
        return _chains(times(unary("diag", entries(*rest, ones(linear.shape))), linear.args[place]))
    args = linear.args if linear.op == "product" else (linear,)
    place = place_of(args)
    if args[place].op in ("sum", "entries"):
        before, behind = args[:place], args[place + 1 :]
        return [chain for inner in _chains(args[place]) for chain in _chains(times(*before, *inner, *behind))]
    return [args]


def along(f: M, t: M) -> M:
    """The derivative by a number t: the differential with dt = 1."""
    return tidy(substituted(full_differential(f, t), lambda part: number(1)))
