"""Differentials of expressions with matrices, and the gradients that are read off them.

Each operation has one rule: its differential, linear in those of its parts. A gradient is what that rule gives when a
weight G, by which the result counts, is carried to the parts: df = tr(Gᵀ dX). The rules are those of Magnus and
Neudecker, "Matrix Differential Calculus", chapters 8 and 9.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from nabla.calculus.matrices.forms import tidy
from nabla.calculus.matrices.nodes import (
    M,
    add,
    differential,
    entries,
    eye,
    inverse,
    is_zero,
    kron,
    negative,
    number,
    ones,
    power,
    times,
    transpose,
    unary,
    zero,
)


class NoForm(ValueError):
    """There is no form of the derivative with these operations; the message says of what."""


def slope(name: str, z: M) -> M:
    """The derivative of the function of each entry, at z."""
    one = ones(z.shape)
    f = unary("map", z, name)
    match name:
        case "exp":
            return f
        case "log":
            return _map("reciprocal", z)
        case "sigmoid":
            return entries(f, add(one, negative(f)))
        case "tanh":
            return add(one, negative(entries(f, f)))
        case "sin":
            return _map("cos", z)
        case "cos":
            return negative(_map("sin", z))
        case "sqrt":
            return times(number(Fraction(1, 2)), _map("reciprocal", f))
        case "relu":
            return _map("step", z)
        case "abs":
            return _map("sign", z)
        case "softplus":
            return _map("sigmoid", z)
        case "square":
            return times(number(2), z)
        case "reciprocal":
            return negative(entries(f, f))
        case "step" | "sign":
            return zero(z.shape)
    raise NoForm(f"the derivative of {name}")


def _map(name: str, z: M) -> M:
    return power(z, Fraction(-1)) if name == "reciprocal" and z.scalar else unary("map", z, name)


def rule(node: M, x: M) -> tuple[str, M]:
    """The name of the rule for a node that holds x, and its differential in those of its parts."""
    d = {arg: differential(arg) if arg.has(x) else zero(arg.shape) for arg in node.args}
    first = node.args[0]
    match node.op:
        case "sum":
            return "sum", add(*(d[arg] for arg in node.args))
        case "product":
            return "product", add(*(_replaced(times, node.args, place, d[arg]) for place, arg in enumerate(node.args)))
        case "entries":
            terms = (_replaced(entries, node.args, place, d[arg]) for place, arg in enumerate(node.args))
            return "entries", add(*terms)
        case "kron":
            return "kron", add(*(_replaced(kron, node.args, place, d[arg]) for place, arg in enumerate(node.args)))
        case "transpose":
            return "transpose", transpose(d[first])
        case "inverse":
            return "inverse", negative(times(node, d[first], node))
        case "trace":
            return "trace", unary("trace", d[first])
        case "det":
            return "determinant", times(node, unary("trace", times(inverse(first), d[first])))
        case "map":
            return "function of each entry" if not first.scalar else "chain", entries(slope(node.name, first), d[first])
        case "total" | "diag" | "diagonal":
            return "linear", unary(node.op, d[first])
        case "norm":
            return "norm", times(power(node, Fraction(-1)), _inner(first, d[first]))
        case "softmax":
            return "softmax", times(add(unary("diag", node), negative(times(node, transpose(node)))), d[first])
        case "logsumexp":
            return "log-sum-exp", times(transpose(unary("softmax", first)), d[first])
        case "power":
            return _power_rule(node, first, d[first])
    raise NoForm(f"the differential of {node.op}")


def _replaced(make: Callable[..., M], args: tuple[M, ...], place: int, new: M) -> M:
    return make(*args[:place], new, *args[place + 1 :])


def _inner(a: M, b: M) -> M:
    """The inner product of two of the same shape: the sum of the products of their entries."""
    whole = times(transpose(a), b)
    return whole if whole.scalar else unary("trace", whole)


def _power_rule(node: M, base: M, d: M) -> tuple[str, M]:
    exponent = node.value
    if base.op == "norm" and exponent == 2:
        (inside,) = base.args
        return "square of a norm", times(number(2), _inner(inside, differential(inside)))
    if base.scalar:
        return "power", times(number(exponent), power(base, exponent - 1), d)
    count = int(exponent)
    if count > 6:
        raise NoForm("so high a power of a matrix")
    terms = (times(power(base, Fraction(i)), d, power(base, Fraction(count - 1 - i))) for i in range(count))
    return "power of a matrix", add(*terms)


def full_differential(node: M, x: M) -> M:
    """The differential with nothing left but dx."""
    if node == x:
        return differential(x)
    if not node.has(x):
        return zero(node.shape)
    return substituted(rule(node, x)[1], lambda part: full_differential(part, x))


def substituted(linear: M, change: Callable[[M], M]) -> M:
    """A differential with each d of a part replaced by `change(part)`."""
    if linear.op == "d":
        return change(linear.args[0])
    if not any(part.op == "d" for part in linear.walk()):
        return linear
    args = [substituted(arg, change) for arg in linear.args]
    match linear.op:
        case "sum":
            return add(*args)
        case "product":
            return times(*args)
        case "entries":
            return entries(*args)
        case "kron":
            return kron(*args)
        case "transpose":
            return transpose(args[0])
    return unary(linear.op, args[0])


# Gradients.


def gradient(f: M, x: M, weight: M | None = None) -> M:
    """G with df = tr(Gᵀ dx), of the shape of x; with a weight W of the shape of f, that of tr(Wᵀ f).

    Raises:
        NoForm: where f is no number and has no weight, or an operation has no gradient here.
    """
    if weight is None:
        if not f.scalar:
            raise NoForm("a gradient of what is no number")
        weight = number(1)
    found: list[M] = []
    _reverse(f, x, weight, found)
    return tidy(add(*found)) if found else zero(x.shape)


def _reverse(node: M, x: M, weight: M, found: list[M]) -> None:
    if node == x:
        found.append(weight)
    elif node.has(x):
        carry(rule(node, x)[1], weight, x, found)


def carry(linear: M, weight: M, x: M, found: list[M]) -> None:
    """Carry the weight of a differential to the parts whose d it holds."""
    if is_zero(linear):
        return
    args = linear.args
    match linear.op:
        case "d":
            _reverse(args[0], x, weight, found)
        case "sum":
            for arg in args:
                carry(arg, weight, x, found)
        case "product":
            place = place_of(args)
            _pull_product(args[:place], args[place], args[place + 1 :], weight, x, found)
        case "entries":
            place = place_of(args)
            carry(args[place], entries(weight, *args[:place], *args[place + 1 :]), x, found)
        case "transpose":
            carry(args[0], transpose(weight), x, found)
        case "trace":
            carry(args[0], times(weight, eye(args[0].shape[0])), x, found)
        case "total":
            carry(args[0], times(weight, ones(args[0].shape)), x, found)
        case "diag":
            carry(args[0], unary("diagonal", weight), x, found)
        case "diagonal":
            carry(args[0], unary("diag", weight), x, found)
        case _:
            raise NoForm(f"the gradient of {linear.op}")


def place_of(args: tuple[M, ...]) -> int:
    """Which factor of a differential holds the differential."""
    for place, arg in enumerate(args):
        if any(part.op == "d" for part in arg.walk()):
            return place
    raise NoForm("this differential")


def _pull_product(left: tuple[M, ...], inner: M, right: tuple[M, ...], weight: M, x: M, found: list[M]) -> None:
    scalars = [part for part in (*left, *right) if part.scalar]
    before = [part for part in left if not part.scalar]
    behind = [part for part in right if not part.scalar]
    if inner.scalar:
        rest = times(*before, *behind) if before or behind else number(1)
        carry(inner, times(*scalars, dot(weight, rest)), x, found)
        return
    carried = [transpose(times(*before))] if before else []
    carried.append(weight)
    carried += [transpose(times(*behind))] if behind else []
    carry(inner, times(*scalars, *carried), x, found)


def dot(a: M, b: M) -> M:
    """tr(aᵀ b), in its shortest form: of a trace of a chain that begins with a column the number that it is."""
    whole = times(transpose(a), b)
    if whole.scalar:
        return whole
    count, rest = _split(whole)
    chain = list(rest.args) if rest.op == "product" else [rest]
    for place, part in enumerate(chain):  # a chain goes round: tr(x yᵀ A) = yᵀ A x
        if part.shape[1] == 1 and place + 1 < len(chain):
            return times(*count, times(*chain[place + 1 :], *chain[: place + 1]))
    return times(*count, unary("trace", rest))


def _split(node: M) -> tuple[list[M], M]:
    if node.op != "product":
        return [], node
    front = [part for part in node.args if part.scalar]
    return front, times(*(part for part in node.args if not part.scalar))
