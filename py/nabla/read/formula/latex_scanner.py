"""A place in a text of LaTeX, the tokens found so far, and how arguments are taken from the text."""

from __future__ import annotations

from collections.abc import Callable

from nabla.errors import Span, UserError
from nabla.read.formula.tokens import Kind, Token


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
