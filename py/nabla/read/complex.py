"""Formulas of a complex variable: z^2 e^(iz), conj(z), |z|^2, or of x and y with the imaginary unit, x^2 - y^2 + 2ixy.

The letter i is the imaginary unit, z and w are complex, and so is any letter that `known` names; all others are real.
A bar over a letter, and zbar, is its conjugate.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import sympy as sp

from nabla.errors import Span, UserError
from nabla.read.formula import Text, limits
from nabla.read.formula.print import tex_of
from nabla.read.formula.tree import Call, Constant, Name, Node, Number, Power, Product, Sum

LETTERS = ("z", "w")
_CONSTANTS = {"pi": sp.pi, "e": sp.E}
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    **{name: getattr(sp, name) for name in "exp sin cos tan sinh cosh tanh sqrt conjugate re im".split()},
    "ln": sp.log,
    "log": sp.log,
    "abs": sp.Abs,
    "square": lambda value: value**2,
}
MOST_POWER = 30


@dataclass(frozen=True)
class ComplexReading:
    """A formula of complex numbers: its text, its expression, its LaTeX and the names of its letters."""

    text: str
    expr: sp.Expr
    tex: str
    names: tuple[str, ...]


def read_complex(text: str, *, known: Collection[str] = ()) -> ComplexReading:
    """Read one formula; of `f(z) = ...` what stands on the right.

    Raises:
        UserError: with the place, for what cannot be read, and "not-covered" for what has no complex meaning here.
    """
    whole = Text(text, known)
    tokens, start, end = whole.split("=", "==")[-1]
    node = whole.tree(tokens, start, end)
    builder = _ComplexBuilder(frozenset({*known, *LETTERS}))
    with limits.bounded_work(node.span):
        expr = builder.value(node)
    return ComplexReading(text[start:end].strip(), expr, tex_of(node, known), tuple(builder.names))


def complex_symbol(name: str) -> sp.Symbol:
    """The complex symbol of a letter."""
    return sp.Symbol(name)


class _ComplexBuilder:
    def __init__(self, letters: frozenset[str]) -> None:
        self.letters = letters
        self.names: dict[str, None] = {}

    def value(self, node: Node) -> Any:
        match node:
            case Number(text=text):
                return sp.Rational(text)
            case Constant(name=name) if name in _CONSTANTS:
                return _CONSTANTS[name]
            case Name(name=name):
                return self.letter(name)
            case Sum(terms=terms):
                return sp.Add(*(sign * self.value(term) for sign, term in terms))
            case Product(factors=factors):
                return sp.Mul(*(self.factor(sign, factor) for sign, factor in factors))
            case Power(base=base, exponent=exponent):
                return self.power(self.value(base), self.value(exponent), node.span)
            case Call(function=function, arguments=(argument,)) if function in _FUNCTIONS:
                return _FUNCTIONS[function](self.value(argument))
        raise UserError("not-covered", "This has no meaning here for complex numbers.", span=node.span)

    def letter(self, name: str) -> Any:
        base = name.removesuffix("_bar").removesuffix("bar")
        if name == "i":
            return sp.I
        self.names[base or name] = None
        if base != name and base in self.letters:
            return sp.conjugate(complex_symbol(base))
        return complex_symbol(name) if name in self.letters else sp.Symbol(name, real=True)

    def factor(self, sign: str, node: Node) -> Any:
        value = self.value(node)
        if sign == "/" and value == 0:
            raise UserError("undefined", "This divides by zero.", span=node.span)
        return 1 / value if sign == "/" else value

    def power(self, base: Any, exponent: Any, span: Span) -> Any:
        if exponent.is_number and abs(exponent) > MOST_POWER:
            raise UserError("too-big", f"Powers up to {MOST_POWER} are taken of complex numbers.", span=span)
        return base**exponent
