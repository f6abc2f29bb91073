"""Tokens to a tree: operator precedence as in Python, functions without brackets as in mathematics.

Two places can be read in several ways and are remarked: where the argument of a function without brackets ends
(`sin x^2`, `sin x/2`), and what a slash or a raised number takes with it (`1/2x`, `e^2x`, `x^1/2`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from nabla.errors import Span, UserError
from nabla.read.formula import functions, limits
from nabla.read.formula.ambiguity import Ambiguities, raised
from nabla.read.formula.remarks import Remarks
from nabla.read.formula.tokens import Token
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
)

# How strongly an operator binds what stands before it.
_IF, _OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _SIGN, _POWER, _POSTFIX = range(10)
BINDING = {
    "if": _IF, "or": _OR, "&": _AND, "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "^": _POWER, "!": _POSTFIX,
    **dict.fromkeys(["<", "<=", ">", ">=", "==", "!=", "="], _COMPARE),
}  # fmt: skip
_INVERSES = {name: f"a{name}" for name in functions.PLAIN}


def _is_minus_one(sign: int, node: Node) -> bool:
    return sign < 0 and isinstance(node, Number) and node.text == "1"


def parse(text: str, tokens: Sequence[Token], remarks: Remarks) -> Node:
    """The tree of one formula.

    Args:
        text: the whole text that the tokens are from.
        tokens: resolved tokens, ending with one of kind "end" that stands where the formula ends.
        remarks: collects the places with two readings.

    Raises:
        UserError: "empty", "syntax", "arguments", "too-deep" or "too-long", at the token that cannot be read.
    """
    return _Parser(text, raised(text, tokens, remarks), remarks).formula()


class _Parser:
    def __init__(self, text: str, tokens: Sequence[Token], remarks: Remarks) -> None:
        self.text = text
        self.tokens = tokens
        self.remarks = remarks
        self.unclear = Ambiguities(text, remarks)
        self.at = 0
        self.depth = 0
        self.nodes = 0
        self.bars: list[bool] = [False]  # whether the innermost open bracket is a bar

    # Tokens.

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def behind(self) -> int:
        """Where the last token that was read ends."""
        return self.tokens[self.at - 1].end

    def take(self, *texts: str) -> Token | None:
        token = self.token
        if not token.is_op(*texts):
            return None
        self.at += 1
        return token

    def expect(self, text: str) -> Token:
        token = self.take(text)
        if token is None:
            raise self.unexpected(f"{text} is missing here.")
        return token

    def unexpected(self, message: str = "") -> UserError:
        """The error at the token that cannot be read."""
        token = self.token
        if token.kind == "end":
            before = self.tokens[self.at - 1] if self.at else None
            message = message or "The formula ends too early."
            if before and before.text == "|":
                return UserError("unbalanced", "This bar has no partner.", hint="|x| has two.", span=before.span)
            if before and before.kind == "op" and before.text not in ")}!":
                message = f"Something must follow {self.text[before.start : before.end]}."
            if before is None:
                return UserError("empty", "There is no formula here.", span=token.span)
            return UserError("syntax", message, span=Span(before.start, before.end))
        typed = self.text[token.start : token.end]
        hint = ""
        if token.is_op(";"):
            message, hint = "One formula is needed here, not several.", "Remove what begins with ;."
        elif token.is_op(","):
            message, hint = "A comma cannot stand here.", "Write 0.5 with a point, and 1000 without a comma."
        elif token.is_op("=", "=="):
            message, hint = "An equation cannot stand here.", "Type the formula only, without =."
        elif token.is_op("'"):
            message = "A prime must follow a function: f'(x)."
        return UserError("syntax", message or f"{typed} cannot stand here.", hint=hint, span=token.span)

    def count(self, node: Node) -> Node:
        self.nodes += 1
        limits.check_nodes(self.nodes, node.span)
        return node

    # Expressions.

    def formula(self) -> Node:
        node = self.expression(_IF)
        if self.token.kind != "end":
            raise self.unexpected()
        return node

    def expression(self, binding: int) -> Node:
        """What binds at least as strongly as `binding`."""
        self.depth += 1
        limits.check_depth(self.depth, self.token.span, limits.OPERATIONS)
        node = self.prefix(binding)
        while (found := self.binding()) is not None and found >= binding:
            node = self.count(self.infix(node, found))
        self.depth -= 1
        return node

    def binding(self) -> int | None:
        """How strongly the next token binds what stands before it; None when it does not continue an expression."""
        if self.token.kind == "op" and self.token.text in BINDING:
            return BINDING[self.token.text]
        return _MULTIPLY if self.begins() else None

    def begins(self) -> bool:
        """Whether an operand begins here, so that a multiplication is meant."""
        token = self.token
        return token.kind in ("number", "name", "constant", "function", "abstract") or (
            token.is_op("(", "{") or (token.is_op("|") and not self.bars[-1])
        )

    def infix(self, left: Node, binding: int) -> Node:
        start = left.span.start
        if binding == _IF:
            return self.conditional(left)
        if binding in (_OR, _AND):
            operator = self.token.text
            operands = [left]
            while self.take(operator):
                operands.append(self.expression(binding + 1))
            return Logic(Span(start, self.behind), operator, tuple(operands))
        if binding == _COMPARE:
            return self.comparison(left)
        if binding == _ADD:
            return self.sum(left)
        if binding == _MULTIPLY:
            return self.product(left)
        if binding == _POWER:
            self.at += 1
            exponent = self.expression(_POWER)
            self.unclear.power(left, exponent, self.behind)
            return Power(Span(start, self.behind), left, exponent)
        bang = self.expect("!")
        if self.token.is_op("!"):
            message = "Double factorials cannot be read here."
            raise UserError("syntax", message, hint="Write (x!)! for the factorial of x!.", span=self.token.span)
        return Call(Span(start, bang.end), "factorial", (left,))

    def conditional(self, value: Node) -> Node:
        self.expect("if")
        condition = self.expression(_OR)
        self.expect("else")
        other = self.expression(_IF)
        rest: tuple[tuple[Node, Node], ...] = ((other, Constant(other.span, "True")),)
        if isinstance(other, Piecewise) and self.text[other.span.start] not in "({":
            rest = other.pieces
        return Piecewise(Span(value.span.start, self.behind), ((value, condition), *rest))

    def comparison(self, left: Node) -> Node:
        operands, relations = [left], []
        while relation := self.take("<", "<=", ">", ">=", "==", "!=", "="):
            relations.append("==" if relation.text == "=" else relation.text)
            operands.append(self.expression(_ADD))
        return Comparison(Span(left.span.start, self.behind), tuple(operands), tuple(relations))

    def sum(self, left: Node) -> Node:
        signed = isinstance(left, Sum) and len(left.terms) == 1 and self.text[left.span.start] not in "({"
        terms: list[tuple[Literal[1, -1], Node]] = [(1, left)]
        if isinstance(left, Sum) and signed:
            terms = list(left.terms)
        while sign := self.take("+", "-"):
            terms.append((1 if sign.text == "+" else -1, self.expression(_MULTIPLY)))
        return Sum(Span(left.span.start, self.behind), tuple(terms))

    # Products, and what is not clear about them.

    def product(self, left: Node) -> Node:
        factors: list[tuple[Literal["*", "/", ""], Node]] = [("*", left)]
        divided: Node | None = None  # the divisor, while factors without a sign follow it
        while self.binding() == _MULTIPLY:
            before = factors[-1][1]
            token = self.token
            if self.take("*"):
                divided = None
                factors.append(("*", self.expression(_SIGN)))
            elif self.take("/"):
                divided = self.expression(_SIGN)
                factors.append(("/", divided))
                self.unclear.division(before, token, divided, self.behind)
            else:
                self.adjacent(before)
                factors.append(("", self.expression(_POWER)))
                self.unclear.exponent(before, token, self.behind)
                if divided is not None and not self.begins():
                    self.unclear.divisor(divided, self.behind)
                    divided = None
        return Product(Span(left.span.start, self.behind), tuple(factors))

    def adjacent(self, before: Node) -> None:
        """Two numbers side by side are a slip, not a product."""
        if self.token.kind == "number" and isinstance(before, Number):
            message = "Two numbers stand side by side."
            raise UserError("syntax", message, hint="Put an operator between them.", span=self.token.span)

    # Operands.

    def prefix(self, binding: int) -> Node:
        """What an expression begins with: a sign, a bracket, a number, a name or a function."""
        token = self.token
        if self.take("+", "-"):
            operand = self.expression(max(_MULTIPLY, binding))
            sign: Literal[1, -1] = 1 if token.text == "+" else -1
            return self.count(Sum(Span(token.start, self.behind), ((sign, operand),)))
        if self.take("not"):
            operand = self.expression(_NOT)
            return self.count(Logic(Span(token.start, self.behind), "not", (operand,)))
        if token.is_op("(", "{"):
            return self.bracket()
        if token.is_op("|"):
            return self.absolute()
        if token.kind == "end" or token.kind == "op":
            raise self.unexpected()
        self.at += 1
        match token.kind:
            case "number":
                return self.count(Number(token.span, token.text))
            case "name":
                return self.count(Name(token.span, token.text))
            case "constant":
                return self.count(Constant(token.span, token.text))
            case "function":
                return self.count(self.call(token))
            case _:
                return self.count(self.abstract(token))

    def bracket(self) -> Node:
        """A group, or a tuple; its stretch of the text includes the brackets."""
        opening = self.token
        items = self.arguments()
        span = Span(opening.start, self.behind)
        if len(items) == 1:
            return replace(items[0], span=span)
        return self.count(Tuple(span, tuple(items)))

    def arguments(self) -> list[Node]:
        """What stands between brackets, by its commas."""
        opening = self.token
        self.at += 1
        closing = ")" if opening.text == "(" else "}"
        if self.token.is_op(closing):
            message = f"Nothing stands between {opening.text} and {closing}."
            raise UserError("syntax", message, span=Span(opening.start, self.token.end))
        self.bars.append(False)
        items = [self.expression(_IF)]
        while self.take(","):
            items.append(self.expression(_IF))
        if not self.token.is_op(closing):
            raise self.unexpected()
        self.at += 1
        self.bars.pop()
        return items

    def absolute(self) -> Node:
        opening = self.token
        self.at += 1
        self.bars.append(True)
        inside = self.expression(_IF)
        if not self.token.is_op("|"):
            if self.token.kind == "end" or self.token.is_op(")", "}"):
                raise UserError("unbalanced", "This bar has no partner.", hint="|x| has two.", span=opening.span)
            raise self.unexpected()
        self.at += 1
        self.bars.pop()
        return self.count(Call(Span(opening.start, self.behind), "abs", (inside,)))

    # Functions.

    def call(self, token: Token) -> Node:
        """A known function with its base, power and arguments: `log_2^3 x`, `sin^2 x`, `max(x, y)`."""
        function = token.text
        base = self.tight() if function == "log" and self.take("_") else None
        power = self.tight() if self.take("^") else None
        inverse = isinstance(power, Sum) and len(power.terms) == 1 and _is_minus_one(*power.terms[0])
        bare: int | None = None
        radical = self.text[token.start : token.end] in ("√", "∛", "∜")
        start = self.token.start
        if self.token.is_op("(", "{"):
            arguments = self.arguments()
            if len(arguments) == 1 and isinstance(arguments[0], Tuple) and function != "piecewise":
                arguments = list(arguments[0].items)
        elif radical:
            arguments = [self.expression(_POSTFIX + 1)]
            self.unclear.root(token, arguments[0], self.tokens[self.at :])
        else:
            bare = start
            arguments = [self.argument(token)]
        if inverse and function in _INVERSES:
            argument = self.text[start : self.behind]
            typed = self.text[token.start : token.end]
            other = f"(1/{typed}{argument})" if bare is None else f"(1/{typed}({argument}))"
            message = f"{typed} to the power -1 is read as the inverse function, arc{function}."
            span = Span(token.start, self.behind)
            self.remarks.add("inverse", message, span, (token.start, self.behind, other))
            function, power = _INVERSES[function], None
        if base is not None:
            arguments.append(base)
        self.check_arguments(token, function, arguments)
        self.unclear.meaning(token, function, arguments, self.behind)
        node: Node = Call(Span(token.start, self.behind), function, tuple(arguments), bare)
        return node if power is None else Power(node.span, self.count(node), power)

    def tight(self) -> Node:
        """A sign, then a single number, name or bracket: the power of `sin^2 x`, the base of `log_2 x`."""
        sign = self.take("-")
        if self.token.kind in ("function", "abstract") or not self.begins():
            raise self.unexpected()
        node = self.prefix(_POSTFIX)
        return self.count(Sum(Span(sign.start, self.behind), ((-1, node),))) if sign else node

    def argument(self, function: Token) -> Node:
        """The argument of a function without brackets: numbers and names up to the next operator or function."""
        sign = self.take("-")
        if not self.begins() and not self.token.is_op("|"):
            message = f"{self.text[function.start : function.end]} needs an argument."
            raise UserError("arguments", message, hint="Put it in brackets.", span=function.span)
        start = self.token.start
        factors: list[tuple[Literal["*", "/", ""], Node]] = [("*", self.expression(_POWER))]
        while not isinstance(factors[-1][1], (Call, Abstract)) and (
            self.token.kind in ("number", "name") or (self.token.kind == "constant" and self.token.text == "pi")
        ):
            self.adjacent(factors[-1][1])
            factors.append(("", self.expression(_POWER)))
        begun = sign.start if sign else start
        self.unclear.argument(function, begun, [factor for _, factor in factors], self.behind)
        span = Span(start, self.behind)
        node = factors[0][1] if len(factors) == 1 else self.count(Product(span, tuple(factors)))
        return self.count(Sum(Span(sign.start, self.behind), ((-1, node),))) if sign else node

    def check_arguments(self, token: Token, function: str, arguments: list[Node]) -> None:
        low, high = functions.arity(function)
        given = len(arguments)
        if given < low or (high is not None and given > high):
            needed = str(low) if low == high else f"at least {low}" if high is None else f"{low} to {high}"
            typed = self.text[token.start : token.end]
            message = f"{typed} takes {needed} argument{'s' * (needed != '1')}; here it has {given}."
            raise UserError("arguments", message, span=Span(token.start, self.behind))

    def abstract(self, token: Token) -> Node:
        """A function left open: `f(x)`, `f'(x)`, `f^2(x)`."""
        primes = 0
        while self.take("'"):
            primes += 1
        limits.check_depth(primes, token.span)
        power = self.tight() if self.take("^") else None
        if not self.token.is_op("(", "{"):
            message = f"{token.text} needs its argument here, as in {token.text}{primes * chr(39)}(x)."
            raise UserError("arguments", message, span=Span(token.start, self.behind))
        arguments = self.arguments()
        if len(arguments) == 1 and isinstance(arguments[0], Tuple):
            arguments = list(arguments[0].items)
        if primes and len(arguments) > 1:
            message = "A prime does not say which argument is meant."
            raise UserError("arguments", message, span=Span(token.start, self.behind))
        node: Node = Abstract(Span(token.start, self.behind), token.text, primes, tuple(arguments))
        return node if power is None else Power(node.span, self.count(node), power)
