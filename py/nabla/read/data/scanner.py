"""The words of array notation in Python, MATLAB, R, Mathematica and C, and which brackets belong together."""

from __future__ import annotations

import re

CLOSING = {"(": ")", "[": "]", "{": "}"}

_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?)|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
    r"|(?P<text>'[^'\n]*'|\"[^\"\n]*\")|(?P<op>\.?\*\*|\.\*|\./|\.\^|<-|:=|[-+*/^%()\[\]{},;:=.'])|(?P<line>\n)"
    r"|(?P<comment>(?:#|%|//)[^\n]*)|(?P<blank>[ \t\r]+|\.\.\.[ \t]*\n)|(?P<other>.)",
)
_ITEM = re.compile(r"[ \t]+[-+](?=[\d.\w(])")


class Unread(Exception):
    """A statement that is no array, nor arithmetic on arrays."""


class DataScanner:
    """A text and a place in it, gone through token by token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.brackets = matching(text)

    def token(self, lines: bool = False) -> tuple[str, str]:
        """The kind and text of the next token, with `lines` over the ends of lines and comments; "end" at the end."""
        while True:
            match = _TOKEN.match(self.text, self.at)
            if not match:
                return "end", ""
            self.at = match.end()
            kind = str(match.lastgroup)
            if kind == "blank" or (lines and kind in ("line", "comment")):
                continue
            return kind, match[0]

    def peek(self, lines: bool = False) -> tuple[str, str]:
        """The next token, which stays the next."""
        before = self.at
        found = self.token(lines)
        self.at = before
        return found

    def blank(self, lines: bool) -> None:
        """Pass over blanks, with `lines` over the ends of lines and comments too."""
        passed = ("blank", "line", "comment") if lines else ("blank",)
        while (match := _TOKEN.match(self.text, self.at)) and match.lastgroup in passed:
            self.at = match.end()

    def starts_item(self) -> bool:
        """Whether a sign begins the next item of a row of blanks, `[1 -2]`, and is no operator."""
        return bool(_ITEM.match(self.text, self.at)) and any(
            self.text[start] == "[" and start < self.at < end for start, end in self.brackets.items()
        )


def matching(text: str) -> dict[int, int]:
    """The place of the closing bracket for that of each opening one, quotes passed over."""
    stack: list[int] = []
    found: dict[int, int] = {}
    for match in re.finditer(r"'[^'\n\[\](){}]*'|\"[^\"\n]*\"|[\[\](){}]", text):
        sign = match[0]
        if sign in CLOSING:
            stack.append(match.start())
        elif sign in ")]}":
            if stack and CLOSING[text[stack[-1]]] == sign:
                found[stack.pop()] = match.start()
            else:
                stack.clear()
    return found
