"""A formula with matrices as read, made into an expression with the shapes that were found."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from nabla.calculus.matrices.nodes import (
    SCALAR,
    M,
    Shape,
    add,
    entries,
    eye,
    inverse,
    kron,
    negative,
    number,
    ones,
    power,
    times,
    transpose,
    unary,
)
from nabla.errors import UserError
from nabla.labs.derive.matrix.shapes import ELEMENTWISE, Meaning, fitted
from nabla.read.matrices import MatrixNode


def built(node: MatrixNode, meaning: Meaning, known: Mapping[str, M]) -> M:
    """The expression of a tree that fits.

    Raises:
        UserError: "not-covered" for an operation that has no derivative here.
    """
    if node.op == "name":
        return known[node.text] if node.text in known else eye(meaning.size_at(node))
    if node.op == "number":
        return number(node.value)
    if node.op == "ones":
        return ones((meaning.size_at(node), 1))
    if node.op == "sum" and len(node.args) > 1:
        return _sum(node, meaning, known)
    if node.op in ("norm", "bars"):
        return _bars(node, built(node.args[0], meaning, known))
    if node.op == "diag":
        inner = built(node.args[0], meaning, known)
        return unary("diag" if inner.shape[1] == 1 else "diagonal", inner)
    return _made(node, [built(arg, meaning, known) for arg in node.args])


def _sum(node: MatrixNode, meaning: Meaning, known: Mapping[str, M]) -> M:
    """Terms; a number among matrices stands for as many as there are entries."""
    shape = fitted(node, meaning)
    return add(*(_term(arg, shape, meaning, known) for arg in node.args))


def _term(node: MatrixNode, shape: Shape, meaning: Meaning, known: Mapping[str, M]) -> M:
    term = built(node, meaning, known)
    return times(term, ones(shape)) if term.scalar and shape != SCALAR else term


def _bars(node: MatrixNode, inner: M) -> M:
    if inner.scalar:
        return unary("map", inner, "abs")
    if node.op == "bars":
        return unary("det" if inner.shape[1] != 1 else "norm", inner)
    if node.text == "1" and inner.shape[1] == 1:
        return unary("total", unary("map", inner, "abs"))
    if node.text in ("", "2", "F") and not (node.text == "2" and 1 not in inner.shape):
        return unary("norm", inner)
    message = f"The norm with the index {node.text} is not covered; ‖x‖, ‖x‖₁ of vectors and ‖X‖_F are."
    raise UserError("not-covered", message, span=node.span)


def _is_softmax(top: M, bottom: M) -> bool:
    """Whether a quotient is exp(z)/sum(exp(z))."""
    return _is_exp(top) and bottom == unary("total", top)


def _is_exp(node: M) -> bool:
    return node.op == "map" and node.name == "exp" and node.shape[1] == 1


def _made(node: MatrixNode, args: list[M]) -> M:
    first = args[0]
    match node.op:
        case "negative":
            return negative(first)
        case "product":
            return times(first, args[1])
        case "entries":
            return entries(*args)
        case "kron":
            return kron(*args)
        case "over" if _is_softmax(first, args[1]):
            return unary("softmax", first.args[0])
        case "over" if args[1].scalar:
            return times(first, power(args[1], Fraction(-1)))
        case "over":
            return entries(first, unary("map", args[1], "reciprocal"))
        case "transpose":
            return transpose(first)
        case "inverse":
            return inverse(first)
        case "power":
            return power(first, Fraction(node.text))
        case "trace" | "det" | "softmax" | "logsumexp":
            return unary(node.op, first)
        case "sum":
            return unary("total", first)
        case "inner":
            whole = times(transpose(first), args[1])
            return whole if whole.scalar else unary("trace", whole)
        case "outer":
            return times(first, transpose(args[1]))
        case "sqrt" if first.scalar:
            return power(first, Fraction(1, 2))
        case "log" if first.op == "total" and _is_exp(first.args[0]):
            return unary("logsumexp", first.args[0].args[0])
        case "log" if first.op == "softmax":
            z = first.args[0]
            return add(z, negative(times(unary("logsumexp", z), ones(z.shape))))
        case "exp" | "log" | "sin" | "cos" | "tanh" | "sqrt" | "abs" | "sigmoid" | "relu" | "softplus":
            assert node.op in ELEMENTWISE
            return unary("map", first, node.op)
    raise UserError("not-covered", f"{node.op} is not covered in formulas with matrices.", span=node.span)
