"""Whether a program works on fields: a grid of two or three coordinates, and differences or transforms on it."""

from __future__ import annotations

import re

_GRID = re.compile(r"\b(?:meshgrid|mgrid|ogrid|indices)\b")
_TAKES = re.compile(r"\b(?:np|numpy)\.(?:gradient|roll|diff)\(|\b[ir]*fft[2n]\(")
_SHIFT = r"(?:\w+\s*[+-]\s*\d|-?\d+\s*:|:\s*-\d)"
_FIRST = re.compile(rf"\w\[\s*{_SHIFT}[^\],]*,[^\]]*\]")
_SECOND = re.compile(rf"\w\[[^\],]*,\s*{_SHIFT}[^\]]*\]")
_FRAMEWORKS = re.compile(r"\b(?:torch|jax|tensorflow|keras)\b")
_MOVES = re.compile(
    r"^[ \t]*for\b[^\n]*\brange\([^\n]*\n(?:[ \t][^\n]*\n)*?[ \t]+(?:w|W|theta|params|weights)\b", re.MULTILINE
)


def works_on_fields(code: str) -> bool:
    """Whether derivatives along two axes of a grid are taken: by calls, or between points along both."""
    if _FRAMEWORKS.search(code) or _MOVES.search(code):
        return False
    shifted = bool(_FIRST.search(code) and _SECOND.search(code))
    return bool(_GRID.search(code) and (_TAKES.search(code) or shifted)) or (shifted and code.count("range(") > 1)
