"""Expressions of numbers, vectors and matrices, with their shapes, put into order as they are made.

A vector is a column, of shape (n, 1), and a number has the shape (1, 1). Sizes are numbers or letters: two letters are
two sizes that need not be equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

Size = int | str
Shape = tuple[Size, Size]
SCALAR: Shape = (1, 1)


class ShapeError(ValueError):
    """Shapes that do not fit; the message says which."""


@dataclass(frozen=True, slots=True)
class M:
    """A node: `op` is one of symbol, number, eye, ones, zero, sum, product, entries (product of entries), transpose,
    inverse, trace, det, map (a function of each entry, `name`), total (sum of the entries), diag, diagonal, norm, kron,
    power (of a number, or a whole one of a square matrix), softmax, logsumexp, and d, the differential of its argument.
    """

    op: str
    args: tuple[M, ...] = ()
    shape: Shape = SCALAR
    name: str = ""
    value: Fraction = Fraction(0)
    symmetric: bool = field(default=False, compare=False)

    @property
    def scalar(self) -> bool:
        """Whether it is a number."""
        return self.shape == SCALAR

    def has(self, part: M) -> bool:
        """Whether `part` occurs in it."""
        return self == part or any(arg.has(part) for arg in self.args)

    def walk(self) -> Iterator[M]:
        """The node and all below it."""
        yield self
        for arg in self.args:
            yield from arg.walk()


def symbol(name: str, shape: Shape, symmetric: bool = False) -> M:
    """A letter."""
    return M("symbol", (), shape, name, symmetric=symmetric)


def number(value: Fraction | int) -> M:
    """A number."""
    return M("number", value=Fraction(value))


def zero(shape: Shape) -> M:
    """Nothing but zeros."""
    return number(0) if shape == SCALAR else M("zero", (), shape)


def eye(size: Size) -> M:
    """The identity; of size 1 the number 1."""
    return number(1) if size == 1 else M("eye", (), (size, size))


def ones(shape: Shape) -> M:
    """Nothing but ones."""
    return number(1) if shape == SCALAR else M("ones", (), shape)


def is_zero(node: M) -> bool:
    """Whether it is made of zeros."""
    return node.op == "zero" or (node.op == "number" and node.value == 0)


def coefficient(node: M) -> tuple[Fraction, M]:
    """The number in front, and the rest."""
    if node.op == "number":
        return node.value, number(1)
    if node.op == "product" and node.args[0].op == "number":
        rest = node.args[1:]
        return node.args[0].value, rest[0] if len(rest) == 1 else M("product", rest, node.shape)
    return Fraction(1), node


def add(*terms: M) -> M:
    """A sum: equal terms are counted, zeros are left out."""
    shapes = [term.shape for term in terms]
    if len(set(shapes)) > 1:
        raise ShapeError(f"a sum of shapes {' and '.join(told(shape) for shape in dict.fromkeys(shapes))}")
    counted: dict[M, Fraction] = {}
    for term in terms:
        for part in term.args if term.op == "sum" else (term,):
            count, rest = coefficient(part)
            counted[rest] = counted.get(rest, Fraction(0)) + count
    kept = [times(number(count), rest) for rest, count in counted.items() if count and not is_zero(rest)]
    if not kept:
        return zero(shapes[0])
    return kept[0] if len(kept) == 1 else M("sum", tuple(kept), shapes[0])


def negative(node: M) -> M:
    """-node."""
    return times(number(-1), node)


def told(shape: Shape) -> str:
    """A shape as people write it."""
    return f"{shape[0]} × {shape[1]}"


def times(*factors: M) -> M:
    """A product of matrices and numbers: numbers in front, powers joined, identities and inverses cancelled."""
    shape = SCALAR
    scalars: dict[M, Fraction] = {}
    chain: list[M] = []
    value = Fraction(1)
    for factor in factors:
        for part in _parts(factor):
            if part.op == "number":
                value *= part.value
            elif part.scalar:
                base, exponent = (part.args[0], part.value) if part.op == "power" else (part, Fraction(1))
                scalars[base] = scalars.get(base, Fraction(0)) + exponent
            else:
                chain.append(part)
        if factor.shape != SCALAR:
            if shape != SCALAR and shape[1] != factor.shape[0]:
                raise ShapeError(
                    f"{told(shape)} times {told(factor.shape)}: {shape[1]} columns, {factor.shape[0]} rows"
                )
            shape = factor.shape if shape == SCALAR else (shape[0], factor.shape[1])
    if value == 0 or any(part.op == "zero" for part in chain):
        return zero(shape)
    chain = _cancelled(chain)
    front = [power(base, exponent) for base, exponent in scalars.items() if exponent]
    front.sort(key=lambda part: (part.op != "symbol", repr(part)))  # one order, so that equal terms are found equal
    if len(chain) > 1 and shape == SCALAR and (front or value != 1):
        chain = [M("product", tuple(chain), SCALAR)]
    if not chain and shape != SCALAR:
        chain = [eye(shape[0])]
    inner = [*front, *chain]
    if len(inner) == 1 and inner[0].op == "sum" and value == -1:
        return M("sum", tuple(negative(term) for term in inner[0].args), shape)
    whole = [*([number(value)] if value != 1 or not inner else []), *inner]
    return whole[0] if len(whole) == 1 else M("product", tuple(whole), shape)


def _parts(factor: M) -> tuple[M, ...]:
    """The factors of a product; a number that is a chain of matrices, as xᵀAx, stays whole."""
    if factor.op != "product":
        return (factor,)
    if factor.scalar and any(not part.scalar for part in factor.args):
        return (factor,)
    return tuple(part for arg in factor.args for part in _parts(arg))


def _cancelled(chain: list[M]) -> list[M]:
    kept: list[M] = []
    for part in chain:
        if part.op == "eye" and part.shape[0] != 1:
            continue
        if kept and (kept[-1] == _inverted(part) or part == _inverted(kept[-1])):
            kept.pop()
        elif kept and part.shape[0] == part.shape[1] and part.op != "inverse" and _base(kept[-1])[0] == _base(part)[0]:
            kept[-1] = power(_base(part)[0], _base(part)[1] + _base(kept[-1])[1])
        else:
            kept.append(part)
    return kept


def _base(part: M) -> tuple[M, Fraction]:
    return (part.args[0], part.value) if part.op == "power" else (part, Fraction(1))


def _inverted(part: M) -> M | None:
    """The inverse of a square matrix, in the form in which it is kept."""
    if part.shape[0] != part.shape[1]:
        return None
    return inverse(part)


def entries(*factors: M) -> M:
    """A product of entries; with numbers an ordinary one."""
    if any(factor.scalar for factor in factors):
        return times(*factors)
    if len({factor.shape for factor in factors}) > 1:
        raise ShapeError(f"a product of entries of {' and '.join(told(factor.shape) for factor in factors)}")
    shape = factors[0].shape
    front: list[M] = []
    kept: list[M] = []
    for factor in factors:
        for part in factor.args if factor.op == "entries" else (factor,):
            count, rest = coefficient(part)
            front.append(number(count))
            if rest.op == "zero":
                return zero(shape)
            if rest.op != "ones" and rest.op != "number":
                kept += rest.args if rest.op == "entries" else (rest,)
    for part in [part for part in kept if part.op == "map" and part.name == "reciprocal"]:
        if part.args[0] in kept:  # p/p
            kept.remove(part)
            kept.remove(part.args[0])
    if not kept:
        return times(*front, ones(shape))
    return times(*front, kept[0] if len(kept) == 1 else M("entries", tuple(kept), shape))


def transpose(node: M) -> M:
    """The transpose, as far inside as it goes."""
    flipped = (node.shape[1], node.shape[0])
    match node.op:
        case "transpose":
            return node.args[0]
        case "sum":
            return add(*map(transpose, node.args))
        case "product":
            return node if node.scalar else times(*(transpose(arg) for arg in reversed(node.args)))
        case "entries":
            return M("entries", tuple(map(transpose, node.args)), flipped)
        case "map" if not node.scalar:
            return M("map", (transpose(node.args[0]),), flipped, node.name)
        case "kron":
            return M("kron", tuple(map(transpose, node.args)), flipped)
        case "zero" | "ones":
            return M(node.op, (), flipped)
        case "power" if not node.scalar:
            return power(transpose(node.args[0]), node.value)
    if node.scalar or node.op in ("eye", "diag") or node.symmetric:
        return node
    if node.op == "inverse" and transpose(node.args[0]) == node.args[0]:
        return node
    return M("transpose", (node,), flipped)


def inverse(node: M) -> M:
    """The inverse; of a number its reciprocal."""
    if node.scalar:
        return power(node, Fraction(-1))
    if node.shape[0] != node.shape[1]:
        raise ShapeError(f"the inverse of a matrix that is {told(node.shape)}")
    if node.op == "inverse":
        return node.args[0]
    if node.op == "transpose":
        return transpose(inverse(node.args[0]))
    if node.op == "eye":
        return node
    return M("inverse", (node,), node.shape)


def power(base: M, exponent: Fraction) -> M:
    """A power of a number, or a whole power of a square matrix."""
    if exponent == 1:
        return base
    if base.scalar:
        if exponent == 0 or (base.op == "number" and base.value == 1):
            return number(1)
        if base.op == "number" and exponent.denominator == 1 and base.value != 0:
            return number(base.value ** int(exponent))
        if base.op == "power":
            return power(base.args[0], base.value * exponent)
        return M("power", (base,), SCALAR, value=exponent)
    if base.shape[0] != base.shape[1]:
        raise ShapeError(f"a power of a matrix that is {told(base.shape)}")
    if exponent.denominator != 1:
        raise ShapeError("a power of a matrix that is not whole")
    if exponent < 0:
        return inverse(power(base, -exponent))
    return eye(base.shape[0]) if exponent == 0 else M("power", (base,), base.shape, value=exponent)


def unary(op: str, node: M, name: str = "") -> M:
    """trace, det, total, norm, logsumexp (numbers), diag, diagonal, softmax and map, with their shapes."""
    rows, columns = node.shape
    if op in ("trace", "det") and rows != columns:
        raise ShapeError(f"the {'trace' if op == 'trace' else 'determinant'} of a matrix that is {told(node.shape)}")
    if op in ("trace", "det", "total", "norm"):
        if node.scalar:
            return unary("map", node, "abs") if op == "norm" else node
        if op == "trace":
            return _trace(node)
        return M(op, (node,), SCALAR)
    if name == "reciprocal" and node.op == "map" and node.name == name:
        return node.args[0]
    if name == "reciprocal" and node.op == "entries":
        return entries(*(unary(op, arg, name) for arg in node.args))
    if op in ("softmax", "logsumexp", "diag") and columns != 1:
        raise ShapeError(f"{op} of a matrix that is {told(node.shape)}; a column is needed")
    shape = {"logsumexp": SCALAR, "diag": (rows, rows), "diagonal": (rows, 1)}.get(op, node.shape)
    return node if op in ("diag", "diagonal") and node.scalar else M(op, (node,), shape, name)


def _trace(node: M) -> M:
    if node.op == "sum":
        return add(*(unary("trace", arg) for arg in node.args))
    if node.op == "kron":
        return times(*(unary("trace", arg) for arg in node.args))
    count, rest = coefficient(node)
    front = [part for part in rest.args if part.scalar] if rest.op == "product" else []
    if count != 1 or front:
        chain = [part for part in rest.args if not part.scalar] if rest.op == "product" else [rest]
        return times(number(count), *front, unary("trace", times(*chain)))
    return M("trace", (node,), SCALAR)


def kron(*factors: M) -> M:
    """The Kronecker product; sizes must be known as numbers, or one factor be a number, a row or a column."""
    found = factors[0]
    for factor in factors[1:]:
        if found.scalar or factor.scalar:
            found = times(found, factor)
        else:
            shape = (_joined(found.shape[0], factor.shape[0]), _joined(found.shape[1], factor.shape[1]))
            found = M("kron", (found, factor), shape)
    return found


def _joined(a: Size, b: Size) -> Size:
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    return b if a == 1 else a if b == 1 else f"{a}·{b}"


def differential(node: M) -> M:
    """d of a node, as a letter of the same shape."""
    return M("d", (node,), node.shape)
