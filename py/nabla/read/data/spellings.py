"""Spellings of dates that stand for usual ones: with weekdays, by day of the year or week, without separators."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise

_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+(?=\S)", re.IGNORECASE)
_MONTH_ENDS = re.compile(
    r"(?P<name>[^\W\d_]{3,9})\.?[- '’]+(?P<number>\d\d?)\Z|(?P<first>\d\d?)[- .]+(?P<month>[^\W\d_]{3,9})\.?\Z"
)


def _ordinal(found: re.Match[str]) -> str:
    return (date(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)).isoformat()


def _week(found: re.Match[str]) -> str:
    return date.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1)).isoformat()


def _last_year(found: re.Match[str]) -> str:
    return f"{found[1]} {found[3]} {found[2]}"


def _hour(found: re.Match[str]) -> str:
    return f"{found[1]} {found[2]}:{found[3] or '00'}"


def _packed(found: re.Match[str]) -> str:
    return f"{found[1]}-{found[2]}-{found[3]} {found[4]}:{found[5]}:{found[6] or '00'}"


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"([^\W\d_]{3,9} +\d{1,2}) +(\d\d?:\d\d(?::\d\d)?) +(?:[A-Z]{3,4} +)?(\d{4})"), _last_year),
    (re.compile(r"\[?(\d{1,2}/[^\W\d_]{3}/\d{4}):(\d\d:\d\d:\d\d)(?: [+-]\d{4})?\]?"), lambda m: f"{m[1]} {m[2]}"),
    (re.compile(r"([12]\d{3})([01]\d)([0-3]\d)[T ]?([0-2]\d)([0-5]\d)([0-5]\d)?Z?"), _packed),
    (re.compile(r"(\d{4}-\d\d-\d\d)[ T]([0-2]\d)(?:[h:]([0-5]\d)?)?"), _hour),
    (re.compile(r"([12]\d{3})[-.]?([0-3]\d\d)"), _ordinal),
    (re.compile(r"([12]\d{3})[- ]?W(\d\d)(?:-?([1-7]))?"), _week),
    (re.compile(r"([12]\d{3})[Mm](\d\d?)"), lambda m: f"{m[1]}-{m[2]:0>2}"),
)  # fmt: skip


def usual(cell: str) -> str:
    """The date in a usual spelling; the cell itself where it has one, or is none."""
    cell = cell.removesuffix(":")
    cell = _WEEKDAY.sub("", cell, count=1) if cell[:1].isalpha() else cell
    for pattern, write in _FORMS:
        if found := pattern.fullmatch(cell):
            try:
                return write(found)
            except ValueError:  # no such day
                return cell
    return cell


def month_counts(cells: Sequence[str], months: dict[str, int]) -> list[float] | None:
    """Months and years of two digits, Jan-20 or 20-Jan, as months from year 0; None for other columns.

    The number is the year where that makes the column go on evenly by less than a year.
    """
    found = [_MONTH_ENDS.fullmatch(cell.strip().removesuffix(":")) for cell in cells if cell]
    if len(found) < 3:
        return None
    counts: list[float] = []
    for match in found:
        month = months.get((match["name"] or match["month"]).lower()) if match else None
        if match is None or month is None:
            return None
        year = int(match["number"] or match["first"])
        counts.append((year + (2000 if year < 70 else 1900)) * 12 + month - 1)
    steps = {b - a for a, b in pairwise(counts)}
    return counts if len(steps) == 1 and 0 < min(steps) < 12 and len(counts) == len(cells) else None
