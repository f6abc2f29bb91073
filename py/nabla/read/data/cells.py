"""The cells of a table: numbers, dates, gaps and what is none of them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GAPS = frozenset(("", "nan", "na", "n/a", "#n/a", "null", "none", "nil", "-", "--", "?", ".", "inf", "-inf", "+inf"))

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"  # as a part of an expression

_OF_NUMBERS = b"0123456789+-.eE"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\Z", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?,\d+(e[+-]?\d+)?\Z", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?)?(Z|\+00:?00)?\Z")
_DOTTED = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})([T ,]+\d\d:\d\d(:\d\d([.]\d+)?)?)?\Z")
_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d(\.\d+)?)?\Z")


def is_number(cell: str, comma: bool = False) -> bool:
    """Whether the cell is a number; with `comma`, one with a decimal comma."""
    return bool((_COMMA if comma else _NUMBER).match(cell.strip()))


def is_gap(cell: str) -> bool:
    """Whether the cell stands for a missing value."""
    return cell.strip().lower() in GAPS


def is_time(cell: str) -> bool:
    """Whether the cell is a date, a date with a time, or a time of day."""
    cell = cell.strip()
    return bool(_ISO.match(cell) or _DOTTED.match(cell) or _CLOCK.match(cell))


def is_value(cell: str, comma: bool) -> bool:
    """Whether the cell is a number or a time; with `comma`, decimal commas are read too."""
    return is_number(cell) or (comma and is_number(cell, comma=True)) or is_time(cell)


def numbers(cells: Sequence[str], comma: bool) -> Floats:
    """The cells as numbers, NaN where a cell is none; `comma` for decimal commas."""
    if comma:
        cells = [cell.replace(".", "").replace(",", ".") if "," in cell else cell for cell in cells]
    try:
        return np.fromiter(map(float, cells), float, len(cells))
    except ValueError:
        return np.array([float(cell) if is_number(cell) else np.nan for cell in cells])


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


def times(cells: Sequence[str]) -> tuple[Floats, str, str]:
    """Times in a unit that suits their spacing, from the first of them on: values, unit, and what x = 0 is.

    Slashes are month/day/year unless some first number is above 12.
    """
    cells = [cell.strip() for cell in cells]
    clock = all(_CLOCK.match(cell) or not is_time(cell) for cell in cells)
    day_first = any(int(m[1]) > 12 for m in map(_DOTTED.match, cells) if m and m[2] == "/")
    texts = [_clock(cell) if clock else _iso(cell, day_first) for cell in cells]
    moments = np.array([_moment(text) for text in texts], dtype="datetime64[us]")
    known = moments[~np.isnat(moments)]
    if not known.size:
        return np.full(len(cells), np.nan), "", ""
    start = known.min()
    seconds = (moments - start) / np.timedelta64(1, "s")
    steps = np.diff(np.sort(seconds[~np.isnan(seconds)]))
    step = float(np.median(steps)) if steps.size else 0.0
    unit, length = next(((u, s) for u, s in (("d", 86400.0), ("h", 3600.0)) if step >= s), ("s", 1.0))
    return seconds / length, unit, (str(start)[11:19] if clock else str(start)[:19].replace("T00:00:00", ""))


def _clock(cell: str) -> str:
    return f"1970-01-01T{cell.zfill(8) if cell.count(':') == 2 else cell.zfill(5)}" if _CLOCK.match(cell) else ""


def _iso(cell: str, day_first: bool) -> str:
    if _ISO.match(cell):
        return cell.replace(" ", "T").replace(",", ".").removesuffix("Z").split("+")[0]
    dotted = _DOTTED.match(cell)
    if not dotted:
        return ""
    day, month = (dotted[1], dotted[3]) if dotted[2] == "." or day_first else (dotted[3], dotted[1])
    time = (dotted[5] or "").strip(" T,")
    return f"{dotted[4]}-{month.zfill(2)}-{day.zfill(2)}" + (f"T{time}" if time else "")


def _moment(text: str) -> np.datetime64:
    try:
        return np.datetime64(text, "us") if text else np.datetime64("NaT", "us")
    except ValueError:  # no such day: a gap like any other unreadable cell
        return np.datetime64("NaT", "us")
