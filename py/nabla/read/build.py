"""A tree to SymPy objects, from below; what would grow too large is refused before it is built.

Numbers are exact: `0.5` is the rational 1/2 and `1e-3` is 1/1000, so that derivatives come out in readable numbers.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from nabla.errors import Span, UserError
from nabla.read import limits
from nabla.read.functions import FUNCTIONS
from nabla.read.tree import (
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
)

_CONSTANTS = {"pi": sp.pi, "e": sp.E, "oo": sp.oo, "True": sp.true, "False": sp.false}
_RELATIONS = {"<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge, "==": sp.Eq, "!=": sp.Ne}
_ROOTS = {"sqrt": 2, "cbrt": 3, "fourth_root": 4}
_POWERS = {"square": 2, "reciprocal": -1}
_GROWS = frozenset("exp sinh cosh tanh coth sech csch sigmoid softplus silu expm1 exp2".split())
_GAMMA = frozenset("factorial gamma loggamma digamma".split())


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


def build(node: Node) -> sp.Expr:
    """The SymPy expression that the tree means.

    Raises:
        UserError: "too-big" for numbers that would be too large, "undefined" for what has no real value, "arguments"
            and "syntax" for what stands in a wrong place.
    """
    return _Builder().value(node)


class _Builder:
    def __init__(self) -> None:
        self.bits = 0  # of the exact numbers built so far

    def value(self, node: Node) -> Any:
        """A number or an expression."""
        result = self.build(node)
        if _is_condition(result):
            message = "A condition cannot stand where a number is needed."
            raise UserError("syntax", message, hint="Conditions belong behind if.", span=node.span)
        if result is sp.nan or result is sp.zoo or (result.is_number and result.has(sp.zoo, sp.nan)):
            raise UserError("undefined", "This has no value: it divides by zero, or the like.", span=node.span)
        return result

    def condition(self, node: Node) -> Any:
        result = self.build(node)
        if not _is_condition(result):
            message = "A condition is needed here, as x > 0."
            raise UserError("syntax", message, span=node.span)
        return result

    def build(self, node: Node) -> Any:
        match node:
            case Number():
                return self.number(node)
            case Name(name=name):
                return symbol(name)
            case Constant(name=name):
                return _CONSTANTS[name]
            case Sum(terms=terms):
                return sp.Add(*(sign * self.value(term) for sign, term in terms))
            case Product():
                return self.product(node)
            case Power(span=span, base=base, exponent=exponent):
                return self.power(self.value(base), self.value(exponent), span)
            case Call():
                return self.call(node)
            case Abstract():
                return self.abstract(node)
            case Comparison(operands=operands, relations=relations):
                values = [self.value(operand) for operand in operands]
                pairs = zip(relations, values, values[1:], strict=False)
                return sp.And(*(_RELATIONS[relation](left, right) for relation, left, right in pairs))
            case Logic(operator=operator, operands=operands):
                conditions = [self.condition(operand) for operand in operands]
                return {"&": sp.And, "or": sp.Or, "not": sp.Not}[operator](*conditions)
            case Piecewise(pieces=pieces):
                return self.piecewise(list(pieces))
            case Tuple(span=span):
                message = "A comma cannot stand here."
                raise UserError("syntax", message, hint="In numbers, write a point: 0.5.", span=span)

    def spend(self, bits: float, span: Span) -> None:
        """Account for an exact number of so many bits."""
        self.bits += int(min(bits, 10 * limits.BITS))
        if self.bits > limits.BITS:
            raise limits.too_big("This number", span)

    def number(self, node: Number) -> Any:
        digits, _, exponent = node.text.lower().partition("e")
        significant = digits.replace(".", "").strip("0")
        if len(significant) > limits.DIGITS:
            hint = f"Numbers have at most {limits.DIGITS} digits."
            raise UserError("too-big", "This number has too many digits.", hint=hint, span=node.span)
        power = 0
        if exponent:
            power = int(exponent) if len(exponent) <= 6 else limits.EXPONENT_10 + 1
        if abs(power) > limits.EXPONENT_10:
            raise limits.too_big("This number", node.span)
        whole, _, fraction = digits.partition(".")
        power -= len(fraction)
        if abs(power) > limits.EXPONENT_10 + limits.DIGITS or len(whole) > limits.EXPONENT_10:
            raise limits.too_big("This number", node.span)
        mantissa = int(whole + fraction)
        self.spend(mantissa.bit_length() + 3.4 * abs(power), node.span)
        return sp.Rational(mantissa * 10 ** max(power, 0), 10 ** max(-power, 0))

    def product(self, node: Product) -> Any:
        numerators, denominators = [], []
        for operator, factor in node.factors:
            value = self.value(factor)
            if operator == "/":
                if value.is_zero:
                    raise UserError("undefined", "This divides by zero.", span=factor.span)
                denominators.append(value)
            else:
                numerators.append(value)
        return sp.Mul(*numerators, *(sp.Pow(value, -1) for value in denominators))

    def power(self, base: Any, exponent: Any, span: Span) -> Any:
        """`base**exponent`, unless it would be too large or is not real."""
        if base is sp.E:
            self.check_exponential(exponent, span)
        elif exponent.is_Rational:
            if abs(exponent) > limits.EXPONENT or exponent.q > limits.EXPONENT:
                raise limits.too_big("This exponent", span, f"Exponents go up to {limits.EXPONENT:,}.")
            numbers = list(base.atoms(sp.Rational)) if base.is_number else [base.as_coeff_Mul()[0]]
            size = sum(max(n.p.bit_length(), n.q.bit_length()) for n in numbers if n not in (1, -1))
            self.spend(size * abs(exponent), span)
        if base.is_number and exponent.is_number:
            size = sp.log(abs(base)).evalf(15) if not base.is_zero else sp.S.Zero
            self.check_magnitude(exponent * size, span)
        if base.is_zero and exponent.is_negative:
            raise UserError("undefined", "This divides by zero.", span=span)
        result = sp.Pow(base, exponent)
        inner = result.as_base_exp()[1] if result.is_Pow else sp.S.One
        if inner.is_Rational and abs(inner) > limits.EXPONENT:
            raise limits.too_big("This exponent", span, f"Exponents go up to {limits.EXPONENT:,}.")
        return self.real(result, span)

    def check_exponential(self, exponent: Any, span: Span) -> None:
        """Refuse e to a power that is huge, or that SymPy turns into a huge power of another number."""
        for term in sp.Add.make_args(exponent):
            if term.is_number:
                self.check_magnitude(term, span)
                if term.has(sp.log):
                    self.spend(2 * abs(term.evalf(15)), span)

    def check_magnitude(self, size: Any, span: Span) -> None:
        """Refuse e to the power `size`, a constant, where that cannot be evaluated."""
        value = abs(size.evalf(15))
        if value.is_Float and value > limits.MAGNITUDE:
            raise limits.too_big("This power", span)

    def real(self, value: Any, span: Span) -> Any:
        """`value`, unless it is a constant that is not real."""
        if value.is_number and value is not sp.oo and not self.is_real(value):
            hint = "Roots and logarithms of negative numbers are not real; a cube root is cbrt(x)."
            raise UserError("undefined", "This is not a real number.", hint=hint, span=span)
        return value

    def is_real(self, value: Any) -> bool:
        """Whether a constant is real; SymPy's rules do not decide that for all, their value does."""
        decided: bool | None = False if value.has(sp.I) else value.is_extended_real
        return value.evalf(15).is_extended_real is not False if decided is None else decided

    # Functions.

    def call(self, node: Call) -> Any:
        name, span = node.function, node.span
        if name == "piecewise":
            return self.piecewise([self.piece(argument) for argument in node.arguments])
        if name == "where":
            condition, value, other = node.arguments
            return self.piecewise([(value, condition), (other, Constant(other.span, "True"))])
        values = [self.value(argument) for argument in node.arguments]
        if name in _ROOTS:
            return self.root(values[0], sp.Integer(_ROOTS[name]), span)
        if name == "root":
            return self.root(values[0], values[1], span)
        if name == "pow":
            return self.power(values[0], values[1], span)
        if name == "exp2":
            return self.power(sp.Integer(2), values[0], span)
        if name in _POWERS:
            return self.power(values[0], sp.Integer(_POWERS[name]), span)
        if name in _GROWS:
            self.check_exponential(values[0], span)
        if name in ("floor", "ceil") and values[0].is_number and abs(values[0].evalf(15)) > limits.ROUNDED:
            raise limits.too_big("This number", span, "Numbers below 10^30 can be rounded.")
        if name in _GAMMA and values[0].is_number:
            value = abs(values[0].evalf(15))
            if value.is_Float and value > limits.FACTORIAL:
                raise limits.too_big("This argument", span, f"It may be at most {limits.FACTORIAL:,}.")
            self.spend(value * 10 if value.is_Float else 0, span)
        return self.real(FUNCTIONS[name].build(*values), span)

    def root(self, value: Any, degree: Any, span: Span) -> Any:
        """The root; of negative numbers, when the degree is odd, the real one."""
        if degree.is_zero:
            raise UserError("undefined", "There is no zeroth root.", span=span)
        exponent = self.power(degree, -sp.S.One, span)
        if value.is_number and value.is_negative and degree.is_Integer and degree.is_odd:
            return -self.power(-value, exponent, span)
        return self.power(value, exponent, span)

    def abstract(self, node: Abstract) -> Any:
        values = [self.value(argument) for argument in node.arguments]
        applied = function(node.name)(*values)
        if not node.primes:
            return applied
        if values[0].is_Symbol:
            return sp.Derivative(applied, (values[0], node.primes))
        inner = sp.Dummy("u", real=True)
        derivative = sp.Derivative(function(node.name)(inner), (inner, node.primes))
        return sp.Subs(derivative, inner, values[0])

    def piece(self, node: Node) -> tuple[Node, Node]:
        if not isinstance(node, Tuple) or len(node.items) != 2:
            message = "Each piece is a value and its condition in brackets."
            raise UserError("arguments", message, hint="As in piecewise((x, x > 0), (-x, True)).", span=node.span)
        return node.items[0], node.items[1]

    def piecewise(self, pieces: list[tuple[Node, Node]]) -> Any:
        return sp.Piecewise(*((self.value(value), self.condition(condition)) for value, condition in pieces))
