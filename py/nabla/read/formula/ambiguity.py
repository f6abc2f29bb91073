"""The places of a formula where two readings are likely; each is remarked, with the text of the other one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.errors import Span
from nabla.read.formula.functions import FUNCTIONS
from nabla.read.formula.remarks import Remarks
from nabla.read.formula.tokens import Token
from nabla.read.formula.tree import Call, Constant, Node, Number, Power, Product, names_of


def raised(text: str, tokens: Sequence[Token], remarks: Remarks) -> list[Token]:
    """The tokens with brackets around the fraction of `x^1/2` and `x^-1/2`, which is remarked: a power of 1 is not
    written, so the slash is one of the exponent. Not behind Python's `**`, nor with a space beside the slash.
    """
    found: list[Token] = []
    close: Token | None = None
    for i, token in enumerate(tokens):
        found.append(token)
        if token is close:
            found.append(Token("op", "}", token.end, token.end))
        if not token.is_op("^") or text[token.start : token.end] != "^":
            continue
        signed = i + 1 + tokens[i + 1].is_op("-")
        one, slash, below, behind = (*tokens[signed : signed + 4], *[token] * 4)[:4]
        whole = text[tokens[i + 1].start : below.end]
        if slash.is_op("/") and re.fullmatch(r"-?1/\d+", whole) and not behind.is_op("^", "!"):
            close = below
            found.append(Token("op", "{", tokens[i + 1].start, tokens[i + 1].start))
            message = f"{whole} is read as the exponent, slash and all."
            edits = (tokens[i + 1].start, tokens[i + 1].start, "("), (one.end, one.end, ")")
            remarks.add("exponent", message, Span(tokens[i + 1].start, below.end), *edits)
    return found


class Ambiguities:
    """Remarks on one text. The grammar calls each method at the place it is about; `end` is where it has read to."""

    def __init__(self, text: str, remarks: Remarks) -> None:
        self.text = text
        self.remarks = remarks

    def bracketed(self, code: str, message: str, span: Span, start: int, end: int) -> None:
        """A remark whose other reading has brackets from `start` to `end`."""
        self.remarks.add(code, message, span, (start, start, "("), (end, end, ")"))

    def plain(self, start: int) -> bool:
        """Whether a letter or digit of ASCII stands there, not a bracket or a raised number."""
        return self.text[start].isascii() and self.text[start].isalnum()

    def division(self, before: Node, slash: Token, divisor: Node, end: int) -> None:
        """`sin x/2`: what the slash divides."""
        if self.text[slash.start] == "\\":
            return
        if isinstance(before, Call) and before.bare is not None:
            message = f"Only {self.text[before.bare : slash.start].strip()} is read as the argument."
            self.bracketed("argument", message, Span(before.span.start, end), before.bare, end)

    def divisor(self, divisor: Node, end: int) -> None:
        """`1/2x`: whether the slash divides by the whole product."""
        start = divisor.span.start
        message = f"Only {self.text[start : divisor.span.end]} is read as the divisor."
        self.bracketed("division", message, Span(start, end), start, end)

    def exponent(self, before: Node, factor: Token, end: int) -> None:
        """`e^2x`: whether the factor right behind the exponent belongs to it."""
        if not isinstance(before, Power) or factor.spaced or factor.kind not in ("name", "constant"):
            return
        start = before.exponent.span.start
        signed = start + (self.text[start] == "-")
        if isinstance(before.base, (Number, Constant)) and self.plain(before.span.start) and self.plain(signed):
            message = f"Only {self.text[start : before.span.end]} is read as the exponent."
            self.bracketed("exponent", message, Span(start, end), start, end)

    def argument(self, function: Token, start: int, factors: Sequence[Node], end: int) -> None:
        """`sin x^2`, and `sin x y` where more than numbers are taken together."""
        last = factors[-1]
        variable = [factor for factor in factors if not isinstance(factor, (Number, Constant))]
        message = f"All of {self.text[start:end]} is read as the argument."
        if isinstance(last, Power) and not isinstance(last.base, Call):
            self.bracketed("argument", message, Span(function.start, end), start, last.base.span.end)
        elif len(variable) > 1:
            self.bracketed("argument", message, Span(function.start, end), start, variable[0].span.end)

    def root(self, sign: Token, inside: Node, after: Sequence[Token]) -> None:
        """`√x^2` and `√2x`: where a root without a bar ends."""
        start, end = inside.span.start, after[0].end
        if after[0].is_op("^") and after[1].kind in ("number", "name"):
            end = after[1].end
        elif after[0].is_op("^") and self.text[after[1].start : after[1].end] not in ("", "(", "{"):
            pass  # a raised number: its tokens share one place
        elif not (isinstance(inside, Number) and after[0].kind == "name" and not after[0].spaced):
            return
        message = f"The root is read to end behind {self.text[start : inside.span.end]}."
        self.bracketed("root", message, Span(sign.start, end), start, end)

    def meaning(self, token: Token, function: str, arguments: Sequence[Node], end: int) -> None:
        """What a function stands for, where that differs from place to place."""
        typed = self.text[token.start : token.end]
        if function == "log" and len(arguments) == 1:
            message = "log is read as the natural logarithm."
            self.remarks.add("log", message, token.span, (token.end, token.end, "_{10}"), once=True)
        elif function in FUNCTIONS and FUNCTIONS[function].meaning:
            self.remarks.add("definition", f"{typed} is {FUNCTIONS[function].meaning}.", token.span, once=True)

    def power(self, base: Node, exponent: Node, end: int) -> None:
        """`x^(1/3)`, which is not the cube root where x is negative."""
        degree = self.odd_degree(exponent)
        if degree and names_of(base):
            inside = self.text[base.span.start : base.span.end]
            message = (
                f"This power is real only where {inside} is not negative; the root of negative numbers is another."
            )
            self.remarks.add(
                "root", message, Span(base.span.start, end), (base.span.start, end, f"root({inside}, {degree})")
            )

    def odd_degree(self, exponent: Node) -> str:
        """The n of an exponent 1/n with an odd n, or nothing."""
        match exponent:
            case Product(factors=((_, Number(text="1")), ("/", Number(text=text)))) if text.isdigit() and int(text) % 2:
                return text if int(text) > 1 else ""
        return ""
