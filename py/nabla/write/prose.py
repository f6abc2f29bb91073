"""Prose taken apart: text, formulas, code, what is stressed. The page's prose_parse.js does the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Kind = Literal["text", "math", "code", "strong"]
Piece = tuple[Kind, str]

_TOKEN = re.compile(r"\\([$`*\\])|\$((?:\\.|[^$\\])+)\$|`([^`]+)`|\*\*")


def pieces(prose: str) -> Iterator[Piece]:
    """The pieces in order; of what is stressed the inside, which is prose again. A mark without a partner is text."""
    found = list(_tokens(prose))
    stars = [place for place, (kind, _) in enumerate(found) if kind == "strong"]
    if len(stars) % 2:
        found[stars.pop()] = ("text", "**")
    at = 0
    for first, last in zip(stars[::2], stars[1::2], strict=True):
        yield from found[at:first]
        yield "strong", "".join(_again(piece) for piece in found[first + 1 : last])
        at = last + 1
    yield from found[at:]


def _tokens(prose: str) -> Iterator[Piece]:
    end = 0
    for match in _TOKEN.finditer(prose):
        if match.start() > end:
            yield "text", prose[end : match.start()]
        end = match.end()
        escaped, math, code = match.groups()
        if escaped:
            yield "text", escaped
        elif math:
            yield "math", math
        elif code:
            yield "code", code
        else:
            yield "strong", ""
    if end < len(prose):
        yield "text", prose[end:]


def _again(piece: Piece) -> str:
    kind, text = piece
    if kind == "text":
        return re.sub(r"([$`*\\])", r"\\\1", text)
    return f"${text}$" if kind == "math" else f"`{text}`"
