"""What letters of a formula with matrices stand for, as typed: `A: 2 x 3, w: vector, alpha: scalar, S: symmetric`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nabla.errors import Span, UserError

_ONE = re.compile(r"\s*\\?([A-Za-z]\w*)\s*[:=]\s*([^,;\n]+)\s*")
_SIZES = re.compile(r"(?<![A-Za-z\d])([A-Za-z]|\d{1,6})\s*(?:x|×|\*|by|\\times)\s*([A-Za-z]|\d{1,6})(?![A-Za-z\d])")
_WORDS = {
    "scalar": "number", "number": "number", "constant": "number", "vector": "vector", "column": "vector",
    "matrix": "matrix", "symmetric": "symmetric", "square": "square",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    """What one letter is: number, vector or matrix, its sizes as far as they are told, and whether it is symmetric."""

    kind: str
    rows: str = ""
    columns: str = ""
    symmetric: bool = False
    square: bool = False


def declared(spec: str) -> Declared | None:
    """What a specification tells, None for one that is not known."""
    words = [_WORDS[word] for word in re.findall(r"[A-Za-z]{3,}", spec.lower()) if word in _WORDS]
    sizes = _SIZES.search(spec)
    symmetric, square = "symmetric" in words, "square" in words
    if sizes:
        kind = "vector" if sizes[2] == "1" else "matrix"
        return Declared(kind, sizes[1], sizes[2], symmetric, square)
    kinds = [word for word in words if word in ("number", "vector", "matrix")]
    if kinds or symmetric or square:
        return Declared(kinds[0] if kinds else "matrix", symmetric=symmetric, square=square)
    size = re.fullmatch(r"\s*([A-Za-z]|\d{1,6})\s*", spec)
    return Declared("vector", size[1], "1") if size else None


def read_shapes(text: str) -> dict[str, Declared]:
    """Read declarations, several with commas or on lines.

    Raises:
        UserError: "syntax" for what is none.
    """
    found: dict[str, Declared] = {}
    start = 0
    for part in re.split(r"[,;\n]", text):
        if part.strip():
            one = _ONE.fullmatch(part)
            meaning = declared(one[2]) if one else None
            if one is None or meaning is None:
                span = Span(start, start + len(part))
                raise UserError("syntax", "This does not tell a shape.", hint="As in A: 2 x 3, w: vector.", span=span)
            found[one[1]] = meaning
        start += len(part) + 1
    return found
