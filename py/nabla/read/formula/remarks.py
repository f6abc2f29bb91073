"""What a reading tells about itself: places that can be read in two ways, and the text of the other reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nabla.errors import Span

# Every code that a Remark may carry.
REMARKS: dict[str, str] = {
    "product": "a name before a bracket is a factor, not a function",
    "function": "a name before a bracket is an unknown function",
    "split": "a word is read as a product, or as a function and its argument",
    "word": "several letters are read as one name",
    "spelling": "a word looks like the name of a function",
    "euler": "e or E is Euler's number",
    "variable": "a letter that means a constant elsewhere is a variable",
    "log": "log is the natural logarithm",
    "definition": "what a function stands for",
    "inverse": "sin^-1 is the inverse function",
    "argument": "where the argument of a function without brackets ends",
    "division": "a product behind a slash",
    "exponent": "where an exponent ends",
    "root": "where a root ends, or for which numbers it is meant",
    "definition-of": "only the right-hand side is read",
}

Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a stretch of the text. `alternative` is the whole text, rewritten to be read the other way."""

    code: str
    message: str
    span: Span
    alternative: str = ""


class Remarks:
    """Collects the remarks on one text; with `once`, remarks of the same message become one with all their edits."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: dict[object, tuple[str, str, Span, list[Edit]]] = {}

    def add(self, code: str, message: str, span: Span, *edits: Edit, once: bool = False) -> None:
        """Add a remark; `edits` (start, end, new text) make the text of the other reading."""
        if code not in REMARKS:
            raise ValueError(f"unknown remark code {code!r}")
        mark: object = (code, message) if once else (code, span)
        self._found.setdefault(mark, (code, message, span, []))[3].extend(edits)

    def listed(self) -> tuple[Remark, ...]:
        """The remarks in the order of their places."""
        remarks = [
            Remark(code, message, span, self._edited(edits)) for code, message, span, edits in self._found.values()
        ]
        return tuple(sorted(remarks, key=lambda remark: (remark.span.start, remark.span.end)))

    def _edited(self, edits: Iterable[Edit]) -> str:
        text = self.text
        latest = sorted(set(edits), key=lambda edit: (edit[0], edit[1]), reverse=True)
        for start, end, new in latest:
            text = text[:start] + new + text[end:]
        return text if latest else ""
