"""A place in a text of LaTeX, the tokens found so far, and how arguments are taken from the text."""

from __future__ import annotations

import re
from collections.abc import Callable

from nabla.errors import Span, UserError
from nabla.read.formula.tokens import Kind, Token

_GROUP_END = re.compile(r"[}=,;]|\\(?:right|over)(?![A-Za-z])|\\[)\]]|\$")


class LatexScanner:
    """Walks over a text and collects tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.cases_open = 0
        self.spaced = False
        self.tokens: list[Token] = []

    def put(self, kind: Kind, text: str, start: int, end: int | None = None) -> None:
        """Add a token that stands from `start` to `end`, or to where the text has been read to."""
        self.tokens.append(Token(kind, text, start, self.at if end is None else end, self.spaced))
        self.spaced = False

    def skip_spaces(self) -> None:
        """Pass over white space; the next token remembers it."""
        while self.at < len(self.text) and (self.text[self.at].isspace() or self.text[self.at] == "~"):
            self.at += 1
            self.spaced = True

    def collected(self, read: Callable[[], None]) -> list[Token]:
        """The tokens that `read` puts, taken out again."""
        before, self.tokens = self.tokens, []
        read()
        found, self.tokens = self.tokens, before
        return found

    def enclosed(self, tokens: list[Token], start: int, end: int) -> None:
        """Put tokens in invisible brackets."""
        self.put("op", "{", start, start + 1)
        self.tokens += [*tokens, Token("op", "}", max(start, end - 1), end)]

    def raw_argument(self) -> str:
        """The text of a command's argument."""
        self.skip_spaces()
        if not self.text.startswith("{", self.at):
            self.at = min(self.at + 1, len(self.text))
            return self.text[self.at - 1 : self.at]
        start, depth = self.at, 0
        while self.at < len(self.text):
            depth += {"{": 1, "}": -1}.get(self.text[self.at], 0)
            self.at += 1
            if depth == 0:
                return self.text[start + 1 : self.at - 1]
        raise UserError("unbalanced", "This { is never closed.", span=Span(start, start + 1))

    # Fractions of plain TeX.

    def item(self, *, single: bool = False) -> None:
        """Read one piece, a letter or a digit of it only where `single`; see `nabla.read.formula.latex`."""
        raise NotImplementedError

    def over(self, start: int) -> None:
        r"""`{a + b \over c + d}`: all that stands before it in its group is divided by all that follows there."""
        depth, place = 0, len(self.tokens)
        while place and not (depth == 0 and self.tokens[place - 1].is_op("(", ",", ";", "=", "|")):
            place -= 1
            depth += self.tokens[place].is_op(")") - self.tokens[place].is_op("(")
        above, self.tokens = self.tokens[place:], self.tokens[:place]
        below = self.collected(self.rest_of_group)
        if not above or not below or self.text.startswith("\\over", self.at):
            message = "One numerator and one denominator stand around \\over."
            raise UserError("syntax", message, span=Span(start, max(self.at, start + 5)))
        top = self.collected(lambda: self.enclosed(above, above[0].start, start))
        bottom = self.collected(lambda: self.enclosed(below, start, self.at))
        self.enclosed([*top, Token("op", "/", start, start + 5), *bottom], above[0].start, self.at)

    def rest_of_group(self) -> None:
        """The pieces up to where the group, or one side of the formula, ends."""
        depth = 0
        self.skip_spaces()
        while self.at < len(self.text) and not _GROUP_END.match(self.text, self.at):
            depth += (self.text[self.at] in "([") - (self.text[self.at] in ")]")
            if depth < 0:
                return
            self.item()
            self.skip_spaces()
