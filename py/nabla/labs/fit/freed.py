"""A formula with numbers as a form: a name in place of each number, to be fitted and to judge the numbers by."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import sympy as sp


def freed(expr: sp.Expr, axis: sp.Symbol) -> tuple[sp.Expr, tuple[sp.Symbol, ...], tuple[float, ...]]:
    """The formula with a name in place of each number but exponents, the names, and the numbers that they stand for."""
    letters = (name for name in _letters() if name not in {str(axis), "e", "i"})
    names: list[sp.Symbol] = []
    numbers: list[float] = []

    def named(number: sp.Expr) -> sp.Expr:
        names.append(sp.Symbol(next(letters), real=True))
        numbers.append(float(number))
        return names[-1]

    def walk(node: sp.Expr) -> sp.Expr:
        if node.is_number:
            return named(node)
        if node.is_Symbol:
            return node
        if node.is_Mul:
            fixed, rest = node.as_independent(axis, as_Add=False)
            size = fixed if abs(fixed) == 1 else named(fixed)
            return sp.Mul(size, *(walk(factor) for factor in sp.Mul.make_args(rest)))
        if node.is_Pow and node.exp.is_Rational:
            return walk(node.base) ** node.exp
        if node.is_Pow and node.base.is_number:
            return node.base ** walk(node.exp)
        return node.func(*(walk(part) for part in node.args))

    return walk(expr), tuple(names), tuple(numbers)


def _letters() -> Iterator[str]:
    yield from "abcdghklmpqrsuvw"
    for i in count(1):
        yield f"a_{i}"
