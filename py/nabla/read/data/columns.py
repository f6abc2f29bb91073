"""Columns of cells as columns of numbers and times: units, missing marks, dates in pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nabla.read.data import cells as c
from nabla.read.data.spellings import month_counts
from nabla.read.data.table import SAMPLE, TextTable
from nabla.read.data.times import (
    MONTHS,
    Order,
    TimeAxis,
    from_moments,
    from_months,
    is_time,
    read_numbers_as_times,
    read_times,
)

Floats = NDArray[np.float64]

# Numbers that instruments and archives write where there is no value.
SENTINELS = tuple(
    float(mark)
    for mark in "-9 -99 -999 -9999 -99999 -999999 99 999 9999 99999 999999 -99.9 -999.9 -9999.9 99.9 999.9 9999.9 "
    "-99.99 -999.99 99.99 999.99 -999.25 -32768 -32767 32767 1e20 1e30 -1e30 -1e34 1e34 9.96921e36".split()
)
APART = 5.0  # ranges of the other values between them and a missing mark

_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\Z")
_HALF_DAY = re.compile(r"[AaPp]\.?[Mm]\.?\Z")
_PIECES = {
    "year": "year yr jahr yyyy yy año annee an",
    "month": "month mon mo monat mm mes mois",
    "quarter": "quarter quarters qtr quartal trimestre q",
    "day": "day dy tag dd dia jour dom mday",
    "hour": "hour hr hh stunde hora heure",
    "minute": "minute min mi mn",
    "second": "second sec ss",
}
_PIECE = {word: piece for piece, words in _PIECES.items() for word in words.split()}


@dataclass(slots=True)
class DataColumn:
    """One column: its values, shape (n,), NaN where a row has none; a time counts `unit`s from `start`."""

    name: str
    unit: str
    kind: Literal["number", "time", "text"]
    values: Floats
    cells: Sequence[str]
    start: str = ""
    remark: str = ""


def read_columns(table: TextTable, orders: dict[int, Order] | None = None) -> list[DataColumn]:
    """The columns of a table with their kinds; dates in several columns become one, months in columns one series.

    Args:
        table: the cells.
        orders: which of day, month and year comes first in a column, by its place from 0, where the user says so.

    Raises:
        UserError: "unsure" for dates that can be read in two ways.
    """
    wide = _months_in_columns(table)
    if wide:
        return wide
    if table.values is not None:
        columns = [
            _number_column(table.names[i], table.units[i], table.values[:, i], []) for i in range(table.values.shape[1])
        ]
        return _from_pieces(columns)
    cells = _joined(table)
    columns = [
        _column(name, unit, column, table.comma, (orders or {}).get(i))
        for i, (name, unit, column) in enumerate(cells)
        if column is not None
    ]
    return _from_pieces(columns)


def _column(name: str, unit: str, cells: Sequence[str], comma: bool, order: Order | None) -> DataColumn:
    sample = cells[:SAMPLE]
    filled = [cell for cell in sample if not c.is_gap(cell)]
    dated = any(map(is_time, filled)) or month_counts(filled, MONTHS) is not None
    if dated and sum(c.number(cell, comma) is None for cell in filled) * 2 > len(filled):
        axis = read_times(["" if c.is_gap(cell) else cell for cell in cells], order)
        if axis is not None:
            return _time_column(name, axis, cells)
    values = c.numbers(cells, comma)
    if not filled or np.isfinite(values[:SAMPLE]).sum() * 2 < len(filled):
        return DataColumn(name, unit, "text", values, cells)
    return _number_column(name, unit or c.marks(filled), values, cells)


def _time_column(name: str, axis: TimeAxis, cells: Sequence[str]) -> DataColumn:
    return DataColumn(name, axis.unit, "time", axis.values, cells, axis.start, axis.remark)


def _number_column(name: str, unit: str, values: Floats, cells: Sequence[str]) -> DataColumn:
    axis = read_numbers_as_times(values, name)
    if axis is not None:
        return _time_column(name, axis, cells)
    values, remark = _without_sentinels(values, name)
    return DataColumn(name, unit, "number", values, cells, remark=remark)


def _without_sentinels(values: Floats, name: str) -> tuple[Floats, str]:
    """The values without the marks of missing ones, which lie far from all others; and what to say of it."""
    low, high = np.fmin.reduce(values, initial=np.inf), np.fmax.reduce(values, initial=-np.inf)
    for mark in SENTINELS:
        if not low - abs(mark) * 1e-6 <= mark <= high + abs(mark) * 1e-6:
            continue
        held = np.abs(values - mark) <= 1e-6 * abs(mark)
        rest = values[~held & np.isfinite(values)]
        if not held.any() or rest.size < 3 or held.sum() > 3 * rest.size:
            continue
        if abs(mark - float(np.median(rest))) > APART * max(float(np.ptp(rest)), 1e-9 * abs(mark)):
            count = int(held.sum())
            told = f"{count:,} {'row holds' if count == 1 else 'rows hold'} {mark:g}"
            shown = f" in {name}" if name else ""
            return np.where(held, np.nan, values), f"{told}{shown}, far from all other values: read as no value."
    return values, ""


def _joined(table: TextTable) -> list[tuple[str, str, Sequence[str] | None]]:
    """Names, units and cells; a date and the time of day beside it, and its AM or PM, in one column."""
    found: list[tuple[str, str, Sequence[str] | None]] = list(zip(table.names, table.units, table.columns, strict=True))
    for i in range(len(found) - 1):
        name, unit, first = found[i]
        after = found[i + 1][2]
        if first is None or after is None:
            continue
        if _all(after, _HALF_DAY) and any(":" in cell for cell in first[:SAMPLE]):
            found[i + 1] = (name, unit, [f"{a} {b}" for a, b in zip_longest(first, after, fillvalue="")])
            found[i] = (name, unit, None)
        elif _all(after, _CLOCK) and _all_dates(first):
            found[i + 1] = (
                name or "time",
                unit,
                [f"{_iso(a)} {b}" for a, b in zip_longest(first, after, fillvalue="")],
            )
            found[i] = (name, unit, None)
    return found


def _iso(cell: str) -> str:
    """20240115 as 2024-01-15; any other cell as it is."""
    return f"{cell[:4]}-{cell[4:6]}-{cell[6:]}" if len(cell) == 8 and cell.isdigit() else cell


def _all(cells: Sequence[str], pattern: re.Pattern[str]) -> bool:
    filled = [cell.strip() for cell in cells[:SAMPLE] if cell.strip()]
    return bool(filled) and all(map(pattern.match, filled))


def _all_dates(cells: Sequence[str]) -> bool:
    filled = [_iso(cell.strip()) for cell in cells[:SAMPLE] if not c.is_gap(cell)]
    return bool(filled) and all(":" not in cell and is_time(cell) for cell in filled)


def _from_pieces(columns: list[DataColumn]) -> list[DataColumn]:
    """Columns for year, month, day, hour ... by name become one column of times in the place of the year."""
    places: dict[str, int] = {}
    for i, column in enumerate(columns):
        piece = _PIECE.get(column.name.lower().strip())
        if column.name.strip() == "mm" and any(other.name.strip() == "MM" for other in columns):
            piece = "minute"
        if piece and piece not in places and (column.kind == "number" or _months(column) or _quarters(column)):
            places[piece] = i
    if "year" in places and "quarter" in places and "month" not in places:
        return _with_quarters(columns, places["year"], places["quarter"])
    if "year" not in places or "month" not in places:
        return _with_hours(columns)
    pieces = {piece: columns[i].values for piece, i in places.items()}
    pieces["month"] = _month_numbers(columns[places["month"]])
    years, months = pieces["year"], pieces["month"]
    good = np.isfinite(years) & np.isfinite(months)
    if (
        not good.any()
        or np.any((months[good] < 1) | (months[good] > 12))
        or np.any(years[good] != np.round(years[good]))
    ):
        return columns
    if "day" in places:
        axis = from_moments(
            [_moment({piece: values[i] for piece, values in pieces.items()}) for i in range(len(years))]
        )
    else:
        axis = from_months(
            [float(y * 12 + m - 1) if ok else None for y, m, ok in zip(years, months, good, strict=True)]
        )
    made = _time_column("time", axis, [])
    left = [column for i, column in enumerate(columns) if i not in places.values()]
    left.insert(min(places["year"], len(left)), made)
    return left


_CLOCKS = frozenset("time hhmm hour_min hrmn hr_mn utc gmt uhrzeit".split())


def _with_hours(columns: list[DataColumn]) -> list[DataColumn]:
    """A column of days and one of hours and minutes as a number, 930 for 9:30, as one column of times."""
    days = next((i for i, column in enumerate(columns) if column.kind == "time" and column.unit in ("d", "s")), None)
    clock = next((i for i, column in enumerate(columns) if column.name.strip().lower() in _CLOCKS), None)
    if days is None or clock is None or columns[clock].kind != "number" or len(columns[days].start) != 10:
        return columns
    day, told = columns[days], columns[clock].values
    known = told[np.isfinite(told)]
    if known.size == 0 or np.any((known % 100 > 59) | (known < 0) | (known > 2400) | (known != np.round(known))):
        return columns
    first = datetime.fromisoformat(day.start)
    size = timedelta(days=1) if day.unit == "d" else timedelta(seconds=1)
    moments = [
        first + size * float(d) + timedelta(minutes=float(c // 100 * 60 + c % 100)) if np.isfinite(d + c) else None
        for d, c in zip(day.values, told, strict=True)
    ]
    made = _time_column("time", from_moments(moments), day.cells)
    return [made if i == days else column for i, column in enumerate(columns) if i != clock]


def _with_quarters(columns: list[DataColumn], year: int, quarter: int) -> list[DataColumn]:
    """Columns of years and of quarters, 1 or Q1, as one column of times."""
    column = columns[quarter]
    told = column.values if column.kind == "number" else c.numbers([cell.strip()[1:] for cell in column.cells])
    known = told[np.isfinite(told)]
    if known.size == 0 or np.any((known < 1) | (known > 4) | (known != np.round(known))):
        return columns
    counts = columns[year].values * 4 + told - 1
    made = _time_column("time", from_months([float(n) if np.isfinite(n) else None for n in counts], 4), [])
    return [made if i == year else other for i, other in enumerate(columns) if i != quarter]


def _quarters(column: DataColumn) -> bool:
    return column.kind == "text" and all(re.fullmatch(r"[Qq][1-4]", cell.strip()) for cell in column.cells[:12])


def _months(column: DataColumn) -> bool:
    return column.kind == "text" and all(cell.strip().lower().rstrip(".") in MONTHS for cell in column.cells[:12])


def _month_numbers(column: DataColumn) -> Floats:
    if column.kind == "number":
        return column.values
    return np.array([float(MONTHS.get(cell.strip().lower().rstrip("."), np.nan)) for cell in column.cells])


def _moment(pieces: dict[str, float]) -> datetime | None:
    try:
        day = datetime(int(pieces["year"]), int(pieces["month"]), int(pieces["day"]))
        return day + timedelta(
            hours=pieces.get("hour", 0), minutes=pieces.get("minute", 0), seconds=pieces.get("second", 0)
        )
    except (ValueError, OverflowError):
        return None


def _months_in_columns(table: TextTable) -> list[DataColumn] | None:
    """A table with a row a year and a column a month as one series."""
    places = [MONTHS.get(name.lower().strip().rstrip("."), 0) for name in table.names]
    if [place for place in places if place] != list(range(1, 13)) or table.names[0].lower().strip() not in _PIECES[
        "year"
    ].split():
        return None
    columns = (
        [table.values[:, i] for i in range(len(places))]
        if table.values is not None
        else [c.numbers(column, table.comma) for column in table.columns]
    )
    grid = np.array([columns[i] for i, place in enumerate(places) if place])  # (12, years)
    months = np.array([columns[0] * 12 + month for month in range(12)])
    axis = from_months(list(months.T.ravel()))
    values, remark = _without_sentinels(grid.T.ravel(), "")
    told = "A row a year and a column a month are read as one series."
    return [
        _time_column("time", axis, []),
        DataColumn("value", "", "number", values, [], remark=" ".join(filter(None, (told, remark)))),
    ]
