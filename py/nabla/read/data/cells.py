"""The cells of a table: numbers in all their spellings, gaps, and what is neither."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GAPS = frozenset(
    ["", *"nan na n/a #n/a null none nil nat missing - -- --- ? . .. * inf -inf +inf #value! #div/0! <na>".split()]
)

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"  # as a part of an expression

_OF_NUMBERS = b"0123456789+-.eE"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\Z", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?,\d+(e[+-]?\d+)?\Z", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}((?P<mark>[,' _])\d{3})((?P=mark)\d{3})*(\.\d*)?\Z")
_WRAPPED = re.compile(r"(?:np\.|numpy\.)?(?:float|int|u?int\d+|float\d+|Decimal)\(\s*'?([^()']*)'?\s*\)\Z")
_DRESSED = re.compile(
    r"(?P<before>[$€£¥~≈]?)\s*(?P<number>[^%$€£¥*†‡]*?)\s*(?:\*{1,3}|†|‡)?(?P<after>[%$€£¥]?)(?:\*{1,3}|†|‡)?\Z"
)
_FORTRAN = re.compile(r"(?<=[\d.])[dD](?=[+-]?\d)")


def is_number(cell: str, comma: bool = False) -> bool:
    """Whether the cell is a plain number; with `comma`, one with a decimal comma."""
    return bool((_COMMA if comma else _NUMBER).match(cell.strip()))


def is_gap(cell: str) -> bool:
    """Whether the cell stands for a missing value."""
    return cell.strip().lower() in GAPS


def number(cell: str, comma: bool = False) -> float | None:
    """The number that a cell holds, None when it holds none.

    Read are decimal commas (with `comma`), groups of thousands, `1.5D-3`, `np.float64(2.5)`, a currency, a per-cent
    sign and marks of footnotes; a per cent stays a per cent.
    """
    cell = cell.strip()
    if _NUMBER.match(cell):
        return float(cell)
    if not any(letter.isdigit() for letter in cell) or len(cell) > 60:
        return None
    if wrapped := _WRAPPED.match(cell):
        return number(wrapped[1], comma)
    dressed = _DRESSED.match(cell)
    plain = _FORTRAN.sub("e", dressed["number"]) if dressed else cell
    if comma and _COMMA.match(plain):
        return float(plain.replace(".", "").replace(",", "."))
    if _GROUPED.match(plain):
        return float(re.sub(r"[,' _]", "", plain))
    return float(plain) if _NUMBER.match(plain) else None


def marks(cells: Sequence[str]) -> str:
    """The unit that stands in the cells themselves: a per-cent sign or a currency; "" when there is none."""
    dressed = [match for cell in cells if (match := _DRESSED.match(cell.strip())) and match["number"]]
    signs = {match["after"] or match["before"] for match in dressed} - {"~", "≈"}
    return signs.pop() if len(signs) == 1 else ""


def numbers(cells: Sequence[str], comma: bool = False) -> Floats:
    """The cells as numbers, NaN where a cell is none; `comma` for decimal commas."""
    if not comma:
        try:
            return np.fromiter(map(float, cells), float, len(cells))
        except ValueError:
            pass
    read = (number(cell, comma) for cell in cells)
    return np.array([np.nan if value is None else value for value in read], dtype=float)


def plain(text: str, separator: str, width: int) -> Floats | None:
    """The rows of a table of nothing but finite numbers, shape (n, width); None when there is anything else in it.

    What is left of the text without the characters of numbers must be the separators of n rows.
    """
    if not text.isascii():
        return None
    row = (separator * (width - 1) + "\n").encode()
    body = text if text.endswith("\n") else text + "\n"
    rows = body.count("\n")
    if body.encode().translate(None, _OF_NUMBERS) != row * rows:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # NumPy warns where it stops before the end
            values = np.fromstring(body.replace("\n", separator), sep=separator)
    except (DeprecationWarning, ValueError):
        return None
    return values.reshape(rows, width) if values.size == rows * width and np.isfinite(values).all() else None
