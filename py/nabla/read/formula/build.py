"""A tree to SymPy objects, from below."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cache
from typing import Any

import sympy as sp
from mpmath.libmp import NoConvergence
from sympy.logic.boolalg import Boolean

from nabla.errors import UserError
from nabla.read.formula import limits
from nabla.read.formula.guarded import Guarded
from nabla.read.formula.tree import (
    Abstract,
    Call,
    Comparison,
    Constant,
    Logic,
    Name,
    Node,
    Number,
    Piecewise,
    Power,
    Product,
    Sum,
    Tuple,
    children,
)

_CONSTANTS = {"pi": sp.pi, "e": sp.E, "oo": sp.oo, "True": sp.true, "False": sp.false}
_RELATIONS = {"<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge, "==": sp.Eq, "!=": sp.Ne}

_CONSTANTS = {"pi": sp.pi, "e": sp.E, "oo": sp.oo, "True": sp.true, "False": sp.false}
_RELATIONS = {"<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge, "==": sp.Eq, "!=": sp.Ne}
_LOGIC = {"&": sp.And, "or": sp.Or, "not": sp.Not}


@cache
def symbol(name: str) -> sp.Symbol:
    """The real symbol of that name: the one and only way to make a symbol of a name that a user typed."""
    return sp.Symbol(name, real=True)


@cache
def function(name: str) -> Any:
    """The real function of that name of which nothing else is known."""
    return sp.Function(name, real=True)


def _is_condition(value: Any) -> bool:
    return isinstance(value, Boolean) and not isinstance(value, sp.Expr)  # a symbol is both


def _no_value(node: Node) -> UserError:
    message = "This cannot be worked out: it has no value, or none that could be compared."
    return UserError("undefined", message, span=node.span)


def build(node: Node) -> sp.Expr:
    """The SymPy expression that the tree means.

    Raises:
        UserError: "too-big" for numbers that would be too large, "undefined" for what has no real value, "arguments"
            and "syntax" for what stands in a wrong place, "timeout" for what SymPy ponders for too long.
    """
    if _nesting(node) < 2:
        return _Builder().value(node)
    with limits.bounded_work(node.span):
        return _Builder().value(node)


def build_condition(node: Node) -> Boolean:
    """The condition that the tree means, as `x > 0`.

    Raises:
        UserError: "syntax" for what is a number and no condition, else as `build`.
    """
    with limits.bounded_work(node.span):
        condition: Boolean = _Builder().condition(node)
        return condition


def _nesting(node: Node) -> int:
    """How deeply functions and powers are nested; SymPy decides on the signs of nested ones at great length."""
    hard = isinstance(node, (Call, Piecewise)) or (isinstance(node, Power) and not isinstance(node.exponent, Number))
    return hard + max(map(_nesting, children(node)), default=0)


class _Builder:
    def __init__(self) -> None:
        self.guarded = Guarded()

    def value(self, node: Node) -> Any:
        """A number or an expression."""
        result = self.build(node)
        if _is_condition(result):
            message = "A condition cannot stand where a number is needed."
            raise UserError("syntax", message, hint="Conditions belong behind if.", span=node.span)
        if result.has(sp.zoo, sp.nan):
            raise UserError("undefined", "This has no value.", span=node.span)
        return result

    def finite(self, node: Node) -> Any:
        """A number or an expression to calculate with."""
        result = self.value(node)
        if result.is_infinite:
            message = "Infinity is not a number to calculate with."
            raise UserError("undefined", message, span=node.span)
        return result

    def condition(self, node: Node) -> Any:
        result = self.build(node)
        if not _is_condition(result):
            raise UserError("syntax", "A condition is needed here, as x > 0.", span=node.span)
        if result.has(sp.Piecewise):  # SymPy would solve it for its variables
            raise UserError("syntax", "A condition cannot itself depend on cases.", span=node.span)
        return result

    def build(self, node: Node) -> Any:
        try:
            return self.made(node)
        except RecursionError as error:
            raise limits.too_deep(node.span) from error
        except (ArithmeticError, ValueError, TypeError, NoConvergence) as error:
            # What SymPy and mpmath raise for constants without a value: poles, comparisons that cannot be made.
            raise _no_value(node) from error
        except AttributeError as error:
            if not isinstance(error.__context__, TypeError):  # SymPy's cache trips over SymPy's own TypeErrors
                raise
            raise _no_value(node) from error

    def made(self, node: Node) -> Any:
        match node:
            case Number(text=text, span=span):
                return self.guarded.number(text, span)
            case Name(name=name):
                return symbol(name)
            case Constant(name=name):
                return _CONSTANTS[name]
            case Sum(terms=((sign, term),)):
                return sign * self.value(term)
            case Sum(terms=terms):
                return sp.Add(*(sign * self.finite(term) for sign, term in terms))
            case Product(factors=factors):
                return self.product(factors)
            case Power(span=span, base=base, exponent=exponent):
                return self.guarded.power(self.finite(base), self.finite(exponent), span)
            case Call():
                return self.call(node)
            case Abstract():
                return self.abstract(node)
            case Comparison(operands=(Tuple(items=left), Tuple(items=right)), relations=(("==" | "!=") as relation,)):
                if len(left) != len(right):
                    raise UserError("syntax", "Both points need as many numbers.", span=node.span)
                each = [_RELATIONS[relation](*map(self.value, pair)) for pair in zip(left, right, strict=True)]
                return sp.And(*each) if relation == "==" else sp.Or(*each)  # (x, y) != (0, 0)
            case Comparison(operands=operands, relations=relations):
                pairs = zip(relations, itertools.pairwise([self.value(operand) for operand in operands]), strict=True)
                return sp.And(*(_RELATIONS[relation](*pair) for relation, pair in pairs))
            case Logic(operator=operator, operands=operands):
                return _LOGIC[operator](*(self.condition(operand) for operand in operands))
            case Piecewise(pieces=pieces):
                return sp.Piecewise(*((self.finite(value), self.condition(when)) for value, when in pieces))
            case Tuple(span=span):
                message = "A comma cannot stand here."
                raise UserError("syntax", message, hint="Write 0.5 with a point, and 1000 without a comma.", span=span)

    def product(self, factors: Sequence[tuple[str, Node]]) -> Any:
        values = []
        for operator, factor in factors:
            value = self.finite(factor)
            if operator == "/" and value.is_zero:
                raise UserError("undefined", "This divides by zero.", span=factor.span)
            values.append(sp.Pow(value, -1) if operator == "/" else value)
        return sp.Mul(*values)

    def call(self, node: Call) -> Any:
        if node.function == "piecewise":
            pieces = tuple(self.piece(argument) for argument in node.arguments)
            return self.made(Piecewise(node.span, pieces))
        if node.function == "where":
            condition, value, other = node.arguments
            return self.made(Piecewise(node.span, ((value, condition), (other, Constant(other.span, "True")))))
        return self.guarded.function(node.function, [self.finite(a) for a in node.arguments], node.span)

    def piece(self, node: Node) -> tuple[Node, Node]:
        if not isinstance(node, Tuple) or len(node.items) != 2:
            message = "Each piece is a value and its condition in brackets."
            raise UserError("arguments", message, hint="As in piecewise((x, x > 0), (-x, True)).", span=node.span)
        return node.items[0], node.items[1]

    def abstract(self, node: Abstract) -> Any:
        values = [self.finite(argument) for argument in node.arguments]
        if not node.primes:
            return function(node.name)(*values)
        variable = values[0] if values[0].is_Symbol else sp.Dummy("u", real=True)
        derivative = sp.Derivative(function(node.name)(variable), (variable, node.primes))
        return derivative if values[0].is_Symbol else sp.Subs(derivative, variable, values[0])
