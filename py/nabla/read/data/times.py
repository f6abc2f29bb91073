"""Columns of times: dates and clock times in the spellings of instruments, spreadsheets and people, as one axis.

Which of day and month comes first is decided by the whole column: by a number above 12, and else by the order that
makes the times ascend; a column that both readings fit is a question to the user.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nabla.errors import UserError
from nabla.read.data.spellings import month_counts, usual

Floats = NDArray[np.float64]
Order = Literal["dmy", "mdy", "ymd"]

MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january januar ene janv|feb february februar fev fév|mar march märz mrz|apr april avr abr|may mai mayo|"
        "jun june juni juin|jul july juli juil|aug august ago août|sep sept september|oct october okt oktober|"
        "nov november|dec december dez dezember dic déc".split("|"),
        1,
    )
    for name in names.split()
}
YEARS = (1000, 2999)  # what a number of four digits must lie between to be read as a year

_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d(?:[.,]\d+)?))?\s*([AaPp]\.?[Mm]\.?)?\Z")
_ZONE = re.compile(r"\s*(?:Z|UTC|GMT|([+-])(\d\d):?(\d\d)?)\Z")
_PARTS = re.compile(r"[^\W\d_]+\.?|\d+")
_DATE = re.compile(r"[\w.]+(?:[-/. ]|,\s*)[\w.]+(?:(?:[-/. ]|,\s*)\d+)?\Z")
_QUARTER = re.compile(r"(\d{4})[- ]?[Qq](\d)\Z|[Qq](\d)[- /]?(\d{4})\Z|(\d)[Qq][- ]?(\d\d(?:\d\d)?)\Z")


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Times in `unit`s after `start`, NaN where a cell holds none; `start` is "" for times without a date."""

    values: Floats
    unit: str
    start: str
    remark: str = ""


def is_time(cell: str) -> bool:
    """Whether the cell is a date, a month, a quarter, a date with a time, or a time of day."""
    cell = usual(cell.strip().strip("'\""))
    if not any(letter in cell for letter in ":-/. ") and not _QUARTER.match(cell):
        return False
    if len(cell) > 40 or not any(letter.isdigit() for letter in cell):
        return False
    return bool(_CLOCK.match(cell) or _QUARTER.match(cell) or _split(cell))


def read_times(cells: Sequence[str], order: Order | None = None) -> TimeAxis | None:
    """The cells of a column as one axis of time; None when fewer than half of those that are not empty are times.

    Args:
        cells: one cell a row, in the order of the rows (clock times that fall have passed midnight).
        order: which of day, month and year comes first, where the user says so.

    Raises:
        UserError: "unsure" when day and month can be read both ways and nothing tells which.
    """
    cells = [usual(cell.strip().strip("'\"")) for cell in cells]
    filled = [cell for cell in cells if cell]
    if counts := month_counts(cells, MONTHS):
        return _yearly(counts, 12)
    if not filled or sum(map(is_time, filled[:200])) * 2 < len(filled[:200]):
        return None
    if all(_CLOCK.match(cell) for cell in filled[:200]):
        return _clock_axis(cells)
    if all(_QUARTER.match(cell) for cell in filled[:200]):
        return _yearly([_quarter(cell) for cell in cells], 4)
    parts = [_split(cell) for cell in cells]
    if all(part is None or part.day is None for part in parts):
        return _yearly([None if part is None else part.months for part in parts], 12)
    remark = ""
    if order is None:
        order, remark = _order([part for part in parts if part], filled[0])
    return _dated([None if part is None else part.moment(order) for part in parts], remark)


def from_moments(moments: Sequence[datetime | None]) -> TimeAxis:
    """Moments as one axis of time."""
    return _dated(moments, "")


def from_months(months: Sequence[float | None], per_year: int = 12) -> TimeAxis:
    """Months (or quarters) counted from year 0 as an axis in years, which keeps them evenly spaced."""
    return _yearly(months, per_year)


def _dated(moments: Sequence[datetime | None], remark: str) -> TimeAxis:
    known = [moment for moment in moments if moment]
    if not known:
        return TimeAxis(np.full(len(moments), np.nan), "", "")
    start = min(known)
    second = timedelta(seconds=1)
    seconds = np.array([np.nan if moment is None else (moment - start) / second for moment in moments])
    unit, length = _unit(seconds)
    shown = start.isoformat(sep="T")
    return TimeAxis(seconds / length, unit, shown.removesuffix("T00:00:00"), remark)


def _unit(seconds: Floats) -> tuple[str, float]:
    """Days, hours or seconds, by the usual step."""
    steps = np.diff(np.sort(seconds[np.isfinite(seconds)]))
    step = float(np.median(steps)) if steps.size else 0.0
    return next(((unit, size) for unit, size in (("d", 86400.0), ("h", 3600.0)) if step >= size), ("s", 1.0))


def _clock_axis(cells: Sequence[str]) -> TimeAxis:
    """Times of day, a day later each time that they fall back by more than half a day."""
    seconds = np.array([_seconds(match) if (match := _CLOCK.match(cell)) else np.nan for cell in cells])
    good = np.flatnonzero(np.isfinite(seconds))
    falls = np.diff(seconds[good]) < -43200
    seconds[good] += 86400 * np.concatenate([[0], np.cumsum(falls)])
    start = cells[int(good[np.argmin(seconds[good])])] if good.size else ""
    seconds -= float(np.nanmin(seconds)) if good.size else 0.0
    unit, length = _unit(seconds)
    remark = "The clock passes midnight; the times after it belong to the next day." if falls.any() else ""
    return TimeAxis(seconds / length, unit, start, remark)


def _seconds(clock: re.Match[str]) -> float:
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4][0] in "pP" else 0)
    return hour * 3600 + int(clock[2]) * 60 + float((clock[3] or "0").replace(",", "."))


def _yearly(months: Sequence[float | None], per_year: int) -> TimeAxis:
    values = np.array([np.nan if month is None else month / per_year for month in months])
    known = values[np.isfinite(values)]
    start = float(known.min()) if known.size else 0.0
    year, part = int(start), round((start - int(start)) * per_year) + 1
    label = f"{year}-{part:02}" if per_year == 12 else f"{year}Q{part}"
    return TimeAxis(values - start, "a", label if known.size else "")


def _quarter(cell: str) -> float | None:
    match = _QUARTER.match(cell)
    if not match:
        return None
    year, quarter = (match[1], match[2]) if match[1] else (match[4], match[3]) if match[3] else (match[6], match[5])
    year = year if len(year) == 4 else f"{19 + (int(year) < 70)}{year}"
    return int(year) * 4 + int(quarter) - 1 if 1 <= int(quarter) <= 4 else None


@dataclass(frozen=True, slots=True)
class _Date:
    """A date as it was written: its numbers in their order, the month when it was named, and the time of day."""

    numbers: tuple[int, ...]
    month: int | None
    year_first: bool
    day: int | None  # 0 where it is one of `numbers`, None where there is none
    seconds: float
    offset: timedelta
    dotted: bool

    @property
    def months(self) -> float:
        """Months from year 0, for a date without a day."""
        year, month = self.numbers[0], self.month
        if month is None:
            year, month = self.numbers if self.year_first else self.numbers[::-1]
        return year * 12 + month - 1

    def moment(self, order: Order) -> datetime | None:
        """The moment in universal time, None when there is no such day."""
        if self.day is None:
            year, month, day = self.months // 12, self.months % 12 + 1, 1
        elif self.month is not None:
            year, day = self.numbers if self.year_first else self.numbers[::-1]
            month = self.month
        elif self.year_first or order == "ymd":
            year, month, day = self.numbers
        else:
            day, month, year = self.numbers if order == "dmy" else (self.numbers[1], self.numbers[0], self.numbers[2])
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        try:
            noon = datetime(int(year), int(month), int(day), tzinfo=UTC).replace(tzinfo=None)
            return noon + timedelta(seconds=self.seconds) - self.offset
        except (ValueError, OverflowError):
            return None


def _split(cell: str) -> _Date | None:
    """A date, with or without a time of day and a zone, as its parts; None for anything else."""
    date, time, offset = (
        cell.replace("T", " ", 1) if re.match(r"\d{4}\D?\d\d\D?\d\dT", cell) else cell,
        0.0,
        timedelta(),
    )
    zone = _ZONE.search(date) if ":" in date or date.endswith("Z") else None
    if zone:
        date = date[: zone.start()]
        minutes = int(zone[2] or 0) * 60 + int(zone[3] or 0)
        offset = timedelta(minutes=-minutes if zone[1] == "-" else minutes)
    if clock := re.search(r"[ ,T]\s*(\d{1,2}:\d\d[\d:., ]*(?:[AaPp]\.?[Mm]\.?)?)\Z", date):
        read = _CLOCK.match(clock[1].strip())
        if not read:
            return None
        date, time = date[: clock.start()].rstrip(" ,"), _seconds(read)
    if not _DATE.match(date) or (re.fullmatch(r"[\d.]+|\d+[ ,]\s*\d+", date) and date.count(".") != 2):
        return None
    words = _PARTS.findall(date)
    month = next((MONTHS.get(w.lower().rstrip(".")) for w in words if not w.isdigit()), None)
    digits = [word for word in words if word.isdigit()]
    if len(words) - len(digits) != (month is not None) or len(words) not in (2, 3):
        return None
    numbers = tuple(map(int, digits))
    years = [i for i, digit in enumerate(digits) if len(digit) == 4 and YEARS[0] <= int(digit) <= YEARS[1]]
    if len(words) == 2 and not years:
        return None  # a day and a month without a year, or a fraction
    if any(len(digit) > 2 for i, digit in enumerate(digits) if i not in years[:1]):
        return None
    day = None if len(words) == 2 else 0
    return _Date(numbers, month, bool(years) and years[0] == 0, day, time, offset, "." in date)


def _order(dates: Sequence[_Date], first: str) -> tuple[Order, str]:
    """Which of day and month comes first in a column, and what to say of it."""
    unsure = [date for date in dates if date.day is not None and date.month is None and not date.year_first]
    if not unsure:
        return "dmy", ""
    heads, seconds = {date.numbers[0] for date in unsure}, {date.numbers[1] for date in unsure}
    if max(heads) > 31:
        return "ymd", ""
    if max(heads) > 12 or all(date.dotted for date in unsure):
        return "dmy", ""
    if max(seconds) > 12:
        return "mdy", ""
    readings: dict[Order, list[float]] = {order: _seconds_of(dates, order) for order in ("dmy", "mdy")}
    if len({tuple(np.subtract(seconds, seconds[0])) for seconds in readings.values()}) == 1:
        return "mdy", ""  # the same day throughout: both give the same axis
    costs = {order: _unevenness(np.array(seconds)) for order, seconds in readings.items()}
    better, worse = sorted(costs, key=lambda order: costs[order])
    if costs[worse] > 3 * costs[better] + 2:
        told = "day/month" if better == "dmy" else "month/day"
        return better, f"{first} is read as {told}: so the times ascend evenly."
    raise UserError(
        "unsure",
        f"{first} can be day/month or month/day, and nothing in the column tells which.",
        hint="Write the dates as 2024-01-15, or put dmy or mdy behind the column under Columns, such as 1 dmy, 2.",
    )


def _seconds_of(dates: Sequence[_Date], order: Order) -> list[float]:
    moments = (date.moment(order) for date in dates)
    return [moment.replace(tzinfo=UTC).timestamp() if moment else np.inf for moment in moments]


def _unevenness(seconds: Floats) -> float:
    """How far from evenly ascending these times are, in usual steps; days that do not exist cost ten."""
    known = seconds[np.isfinite(seconds)]
    steps = np.diff(known)
    usual = float(np.median(np.abs(steps))) or 1.0 if steps.size else 1.0
    return float(np.sum(np.abs(steps - usual)) / usual + 10 * np.sum(steps < 0) + 10 * (seconds.size - known.size))


def read_numbers_as_times(values: Floats, name: str) -> TimeAxis | None:
    """Numbers that are dates: 20240115, 202401, Unix seconds or milliseconds; None when they are plain numbers.

    All of them must ascend and be dates, and be whole but for Unix times; for these and for months the column must also
    be named like a time.
    """
    known = values[np.isfinite(values)]
    if known.size < 2 or np.any(np.diff(known) < 0) or known[0] < 100_000:
        return None
    named = bool(re.search(r"date|time|day|epoch|unix|stamp|month|yyyy|^ts$|^t$|^x$|datum|zeit", name.lower()))
    if np.any(known != np.round(known)):
        return _unix(values) if named else None
    readings: list[Callable[[], TimeAxis | None]] = [lambda: _compact(values)]
    if named:
        readings += [lambda: _compact_months(values), lambda: _unix(values)]
    return next((axis for reading in readings if (axis := reading())), None)


def _compact(values: Floats) -> TimeAxis | None:
    """20240115; with hour and minute, and seconds: 202401150930, 20240115093000."""
    digits = {len(f"{value:.0f}") for value in values[np.isfinite(values)]}
    if digits not in ({8}, {12}, {14}):
        return None
    cells = [usual(f"{value:.0f}") if np.isfinite(value) else "" for value in values]
    if digits == {8}:
        cells = [f"{cell[:4]}-{cell[4:6]}-{cell[6:]}" if cell else "" for cell in cells]
    dates = [_split(cell) if cell else None for cell in cells]
    moments = [date.moment("ymd") if date and date.year_first else None for date in dates]
    return (
        None if any(cell and not moment for cell, moment in zip(cells, moments, strict=True)) else _dated(moments, "")
    )


def _compact_months(values: Floats) -> TimeAxis | None:
    """202401."""
    years, months = values // 100, values % 100
    good = np.isfinite(values)
    if not (
        np.all((years[good] >= YEARS[0]) & (years[good] <= YEARS[1]))
        and np.all((months[good] >= 1) & (months[good] <= 12))
    ):
        return None
    return _yearly([float(y * 12 + m - 1) if np.isfinite(y) else None for y, m in zip(years, months, strict=True)], 12)


def _unix(values: Floats) -> TimeAxis | None:
    """Seconds, milliseconds or microseconds since 1970, from 1990 on."""
    known = values[np.isfinite(values)]
    for factor in (1.0, 1e3, 1e6):
        if 6.3e8 * factor <= known[0] and known[-1] <= 4.1e9 * factor:
            start = datetime.fromtimestamp(known[0] / factor, UTC).replace(tzinfo=None)
            seconds = (values - known[0]) / factor
            unit, length = _unit(seconds)
            return TimeAxis(seconds / length, unit, start.isoformat(sep="T"))
    return None
