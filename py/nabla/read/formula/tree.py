"""The tree of a formula, in the order typed. Every node knows its stretch of the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nabla.errors import Span


@dataclass(frozen=True, slots=True)
class Number:
    """A number as typed: `2`, `0.5`, `1e-3`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or parameter."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """`pi`, `e`, `oo`, `True` or `False`."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms with their signs; a sign alone is a sum of one term."""

    span: Span
    terms: tuple[tuple[Literal[1, -1], Node], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Factors from left to right, each with `*`, `/` or nothing (a multiplication not written) before it."""

    span: Span
    factors: tuple[tuple[Literal["*", "/", ""], Node], ...]


@dataclass(frozen=True, slots=True)
class Power:
    """`base` to the power `exponent`."""

    span: Span
    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A known function of its arguments. `bare` is where an argument without brackets begins."""

    span: Span
    function: str
    arguments: tuple[Node, ...]
    bare: int | None = None


@dataclass(frozen=True, slots=True)
class Abstract:
    """A function left open, differentiated `primes` times: `f(x)`, `f''(x)`."""

    span: Span
    name: str
    primes: int
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Operands with the relations between them: `0 < x <= 1`. A relation is `<`, `<=`, `>`, `>=`, `==` or `!=`."""

    span: Span
    operands: tuple[Node, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions joined by `&` or `or`, or one that is denied by `not`."""

    span: Span
    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tuple:
    """Expressions in brackets with commas between: a row of `piecewise`."""

    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Piecewise:
    """Values with their conditions; the first condition that holds decides. The last one may be `True`."""

    span: Span
    pieces: tuple[tuple[Node, Node], ...]


Node = Number | Name | Constant | Sum | Product | Power | Call | Abstract | Comparison | Logic | Tuple | Piecewise


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below `node`, in the order typed."""
    match node:
        case Sum(terms=pairs) | Product(factors=pairs):
            return tuple(child for _, child in pairs)
        case Power(base=base, exponent=exponent):
            return base, exponent
        case Call(arguments=nodes) | Abstract(arguments=nodes):
            return nodes
        case Comparison(operands=nodes) | Logic(operands=nodes) | Tuple(items=nodes):
            return nodes
        case Piecewise(pieces=pieces):
            return tuple(child for piece in pieces for child in piece)
        case _:
            return ()


def names_of(node: Node) -> tuple[str, ...]:
    """The names of the variables below `node` in the order of their first appearance."""
    if isinstance(node, Name):
        return (node.name,)
    return tuple(dict.fromkeys(name for child in children(node) for name in names_of(child)))
