"""Data as people have them: lists of a program, tables with any separator, one column, dates; text to two arrays.

What was left out and what was assumed is part of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast, get_args

import numpy as np
from numpy.typing import NDArray

from nabla.errors import Span, UserError
from nabla.read.data import cells as c
from nabla.read.data.arrays import Arrays, read_arrays
from nabla.read.data.binary import is_binary, read_binary
from nabla.read.data.columns import DataColumn, read_columns
from nabla.read.data.layouts import points
from nabla.read.data.objects import read_json
from nabla.read.data.rate import Sampling, read_sampling, sampling_of, unit_called
from nabla.read.data.roles import ascends, series_roles
from nabla.read.data.table import CHARACTERS, TextTable, read_table
from nabla.read.data.times import Order

Floats = NDArray[np.float64]

LEAST = 5  # points
FEW = 3  # numbers of a list that is no data beside longer ones: a start, limits, a size of a picture
RUN = 5  # numbers in a row of a text that are one list over several lines, and not columns

_HAS_ARRAYS = re.compile(
    r"[\[{(]\s*[-+.\d'\"\[({]|^\s*\[\d+\]\s|\b(?:linspace|arange|seq|c|range)\(|\d\s*:\s*\d", re.MULTILINE
)
_WORDS_IN_A_RUN = re.compile(r"\b(?:and|und|et|y|then)\b")


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows left out for one reason, and the first of them."""

    rows: int
    reason: str
    example: str


@dataclass(slots=True)
class Data:
    """Values y at x, shape (n,) each, ascending in x, finite.

    `columns` are all columns' names and `chosen` the places of x and y among them, from 1 (0: the row number). `start`
    is the date of x = 0, where x was read from dates. `rows` counts the rows read, `dropped` those left out.
    """

    x: Floats
    y: Floats
    x_name: str
    y_name: str
    x_unit: str = ""
    y_unit: str = ""
    columns: list[str] = field(default_factory=list)
    chosen: tuple[int, int] = (0, 1)
    start: str = ""
    rows: int = 0
    dropped: list[Dropped] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    others: list[int] = field(default_factory=list)  # columns that could be y as well, from 1
    series: list[tuple[str, str, Floats]] = field(default_factory=list)  # their names, units and values at x, NaN kept
    error: Floats | None = None  # the standard errors of y, where a column tells them
    error_name: str = ""

    @property
    def step(self) -> float:
        """The usual distance between neighbours in x."""
        steps = np.diff(self.x)
        return float(np.median(steps[steps > 0])) if np.any(steps > 0) else 0.0


def chosen_rows(data: Data, rows: NDArray[np.bool_]) -> Data:
    """The same data with the rows where `rows`, shape (n,), is true."""
    series = [(name, unit, values[rows]) for name, unit, values in data.series]
    error = data.error[rows] if data.error is not None else None
    return replace(data, x=data.x[rows], y=data.y[rows], series=series, error=error)


def read_data(text: str, columns: str = "", rate: str = "", least: int = LEAST) -> Data:
    """Read a text of data.

    Args:
        text: lists, or a table with a row a line.
        columns: which columns are x and y, by number from 1 or by name: "2, 3"; `dmy`, `mdy` or `ymd` behind a column
            says how its dates are written; empty for those that look like x and y.
        rate: how often samples were taken, "100", "100 Hz", "every 20 ms", for data without x.
        least: how many rows are needed.

    Raises:
        UserError: "empty", "too-long", "syntax" when there are no numbers, "value" when there are too few points,
            "elided" for shortened prints, "unsure" for dates that can be read in two ways.
    """
    if len(text) > CHARACTERS:
        message = f"The data have {len(text) / 1e6:.0f} million characters; at most {CHARACTERS // 10**6} are read."
        raise UserError("too-long", message, hint="Leave out columns, or take every second row.")
    text = text.strip("\ufeff \t\r\n").replace("\u2212", "-").replace("\u00a0", " ")
    if not text:
        raise UserError("empty", "There are no data yet.", hint="Paste two columns, or x = [...] and y = [...].")
    text = points(text) or text
    wanted, orders = _wanted(columns)
    made, remarks, comma, sampling = _columns(text, orders)
    return _series(made, wanted, remarks, comma, _sampling(rate) or sampling, least)


def _columns(text: str, orders: dict[str, Order]) -> tuple[list[DataColumn], list[str], bool, Sampling | None]:
    """All columns of a text, what to say of how they were found, whether commas are decimal, and the sampling told."""
    if is_binary(text):
        return _of_file(text, orders)
    table = read_json(text)
    if table is None and _HAS_ARRAYS.search(text[:20_000]):
        arrays = read_arrays(text)
        if _are_data(arrays, text):
            sampling = next((s for name, value in arrays.numbers.items() if (s := sampling_of(name, value))), None)
            table, remarks = _of_arrays(arrays)
            return read_columns(table, _by_place(orders, table.names)), remarks, False, sampling
    table = table or _one_run(text) or read_table(text)
    return read_columns(table, _by_place(orders, table.names)), list(table.remarks), table.comma, None


def _of_file(text: str, orders: dict[str, Order]) -> tuple[list[DataColumn], list[str], bool, Sampling | None]:
    """As `_columns`, of a file of arrays: its columns are the arrays with one axis or two."""
    contents = read_binary(text)
    arrays, remarks = Arrays(), list(contents.remarks)
    units = dict(contents.units)
    held = contents.numbers()
    for name, array in contents.arrays.items():
        long = held[name] if name in held else cast(list[str], array)
        if contents.rate and not arrays.arrays:
            arrays.arrays["time"], units["time"] = np.arange(len(long)) / contents.rate, "s"
        if isinstance(long, list) or 1 <= long.ndim <= 2:
            arrays.arrays[name] = long
        elif long.ndim == 0:
            arrays.numbers[name] = float(long)
        else:
            remarks.append(f"{name} has {long.ndim} axes and is not read as a column.")
    if not arrays.arrays:
        raise UserError("syntax", "There are no columns of numbers in this file.")
    table, told = _of_arrays(arrays)
    table.units = [units.get(name, "") for name in table.names]
    sampling = next(filter(None, map(sampling_of, arrays.numbers, arrays.numbers.values())), None)
    return read_columns(table, _by_place(orders, table.names)), [*told, *remarks], False, sampling


def _by_place(orders: dict[str, Order], names: Sequence[str]) -> dict[int, Order]:
    lower = [name.lower() for name in names]
    return {_place(part, lower, part) - 1: order for part, order in orders.items()}


def _are_data(arrays: Arrays, text: str) -> bool:
    """Whether the arrays of a text are what it is about, and not brackets in a table."""
    large = any(
        len(array) >= LEAST or (isinstance(array, np.ndarray) and array.size >= LEAST)
        for array in arrays.arrays.values()
    )
    return bool(arrays.arrays) and (large or arrays.characters * 2 > len(text))


def _of_arrays(arrays: Arrays) -> tuple[TextTable, list[str]]:
    """Arrays of one length as the columns of a table; a matrix gives its columns, or its rows where it has few.

    Raises:
        UserError: "value" when the lengths differ.
    """
    single: list[tuple[str, Floats | list[str]]] = []
    for name, array in arrays.arrays.items():
        if isinstance(array, np.ndarray) and array.ndim == 2:
            few = array if array.shape[0] < LEAST <= array.shape[1] else array.T
            single += [(f"{name or 'column'} {i + 1}".strip(), column) for i, column in enumerate(few)]
        else:
            single.append((name, array))
    sizes = [len(array) for _, array in single]
    usual = max(set(sizes), key=lambda size: (sizes.count(size), size))
    left = [(name, array) for name, array in single if len(array) != usual]
    fit = [(name, array) for name, array in single if len(array) == usual]
    if left and not (all(len(array) <= FEW for _, array in left) or len(fit) > 1):
        told = " and ".join(f"{name.strip('#') or 'a list'} {len(array):,}" for name, array in single[:4])
        raise UserError("value", f"The lists differ in length: {told}.", hint="Each x needs its y.")
    remarks = []
    if left:
        told = ", ".join(f"{name or 'a list'} ({len(array):,})" for name, array in left[:4])
        remarks.append(f"Lists of other lengths are not used: {told}.")
    names = [name if name and name[0] != "#" else "" for name, _ in fit]
    names = [name or ("xy"[i] if len(fit) == 2 else f"column {i + 1}") for i, name in enumerate(names)]
    if all(isinstance(array, np.ndarray) for _, array in fit):
        values = np.column_stack([cast(Floats, array) for _, array in fit])
        return TextTable([[] for _ in fit], names, [""] * len(fit), values=values), remarks
    cells = [array if isinstance(array, list) else [repr(float(v)) for v in array] for _, array in fit]
    return TextTable(list(cells), names, [""] * len(fit)), remarks


def _one_run(text: str) -> TextTable | None:
    """Numbers that run on over the ends of lines, with commas or blanks between them, as one column."""
    lines = [line for line in text.splitlines() if line.strip()]
    head = lines[0].strip().rstrip(":") if lines else ""
    titled = not any(map(str.isdigit, head)) and bool(re.fullmatch(r"[^\W\d][\w ]*", head)) and head != lines[0].strip()
    lines = lines[titled:]
    if not 1 < len(lines) <= 100_000:
        return None
    rows = [_WORDS_IN_A_RUN.sub(" ", line).replace(",", " ").replace(";", " ").rstrip(" .").split() for line in lines]
    widths = {len(row) for row in rows[:-1]}
    if max(widths) < RUN - 1 or not all(c.is_number(cell) for row in rows for cell in row):
        return None
    running_on = all(line.rstrip().endswith((",", ";")) for line in lines[:-1])
    if not running_on and len(widths) == 1 and len(rows[-1]) == max(widths):
        return None
    return TextTable(
        [[cell for row in rows for cell in row]],
        [head if titled else "y"],
        [""],
        remarks=["The numbers are read as one list over several lines."],
    )


def _wanted(columns: str) -> tuple[list[str], dict[str, Order]]:
    """The columns asked for, and how the dates of one are written."""
    wanted: list[str] = []
    orders: dict[str, Order] = {}
    for part in filter(str.strip, columns.split(",")):
        name, _, order = part.strip().rpartition(" ")
        if name and order.lower() in get_args(Order):
            orders[name.strip()] = cast(Order, order.lower())
            wanted.append(name.strip())
        else:
            wanted.append(part.strip())
    if len(wanted) > 2:
        raise UserError("value", "Two columns are needed, x and y.", span=Span(0, len(columns)), field="columns")
    return wanted, orders


def _place(part: str, names: list[str], columns: str) -> int:
    if re.fullmatch(r"[0-9]{1,9}", part) and int(part) <= len(names):
        return int(part)
    if part.lower() in names:
        return names.index(part.lower()) + 1
    hint = "There is " + ", ".join(f"{i} {name}" for i, name in enumerate(names[:12], 1)) + "."
    raise UserError("value", f"There is no column {part}.", hint=hint, span=Span(0, len(columns)), field="columns")


def _sampling(rate: str) -> Sampling | None:
    """What the field for the rate says.

    Raises:
        UserError: "value" when it says nothing that is understood.
    """
    if not rate.strip():
        return None
    sampling = read_sampling(rate)
    if sampling is None:
        hint = "For example 100, 44.1 kHz, every 20 ms, or hourly."
        raise UserError("value", "The sample rate is a positive number.", hint=hint, field="rate")
    return sampling


def _series(
    columns: list[DataColumn],
    wanted: list[str],
    remarks: list[str],
    comma: bool,
    sampling: Sampling | None,
    least: int,
) -> Data:
    """The two columns asked for, or those that look like x and y, without the rows that lack one, ascending in x."""
    names = [column.name.lower() for column in columns]
    if wanted:
        places = [_place(part, names, ", ".join(wanted)) for part in wanted]
        x_place, y_place = places if len(places) == 2 else (0, places[0])
        others: list[int] = []
        error = None
    else:
        roles = series_roles(columns)
        if roles is None:
            raise UserError(
                "syntax", "There is no column of numbers in the data.", hint="Paste two columns of numbers."
            )
        if roles.x is None and sampling is None:
            _refuse_unread_times(columns)
        x_place, y_place = 0 if roles.x is None else roles.x + 1, roles.y + 1
        if sampling and x_place and len(columns) > 1 and not ascends(columns[x_place - 1].values):
            x_place, y_place = 0, x_place  # series side by side, sampled together
        apart = {x_place, y_place, *(i + 1 for i in (*roles.index, *roles.flags))}
        others = [i for i, column in enumerate(columns, 1) if i not in apart and column.kind == "number"]
        others = [i for i in others if roles.error is None or i != roles.error + 1]
        error = roles.error
    shown = [column.name or ("row" if i == 0 else f"column {i + 1}") for i, column in enumerate(columns)]
    y_column = columns[y_place - 1]
    y = y_column.values
    data = Data(np.empty(0), y, "row", shown[y_place - 1], y_unit=y_column.unit, rows=len(y), columns=shown)
    data.chosen, data.others = (x_place, y_place), others
    data.series = [(shown[i - 1], columns[i - 1].unit, columns[i - 1].values) for i in others]
    if error is not None and np.all(columns[error].values[np.isfinite(y)] > 0):
        data.error, data.error_name = columns[error].values, shown[error]
    data.remarks = [*remarks, *(column.remark for column in columns if column.remark)]
    used = [y_column]
    if x_place:
        x_column = columns[x_place - 1]
        data.x_name, data.start = shown[x_place - 1], x_column.start
        data.x_unit = x_column.unit or unit_called(data.x_name)
        x, used = x_column.values, [x_column, y_column]
        if sampling and x_column.kind == "number" and not x_column.unit and _counts(x):
            x = x * sampling.step
            data.x_unit = sampling.unit
            data.remarks.append(f"{shown[x_place - 1]} counts samples {sampling.step:.6g} {sampling.unit} apart.")
    else:
        x = _row_times(data, len(y), sampling)
    return _ordered(data, x, y, used, comma, least)


_LIKE_TIMES = re.compile(
    r"\d[-:/hTW]+[^\W\d_]{0,9}[-:/. ]*\d|\d [^\W\d_]{3,9}\.? \d|(?<![\d.])[12]\d{3}(?![\d.])|\d[-/ ][^\W\d_]{3,9}\Z"
)


def _refuse_unread_times(columns: list[DataColumn]) -> None:
    """Raise for a column that looks like times and was read as text: row numbers would take its place.

    Raises:
        UserError: "unsure".
    """
    for i, column in enumerate(columns, 1):
        filled = [cell.strip() for cell in column.cells[:200] if not c.is_gap(cell)] if column.kind == "text" else []
        if len(filled) > 1 and all(map(_LIKE_TIMES.search, filled)) and len(set(filled)) * 2 > len(filled):
            name = column.name or f"column {i}"
            others = [str(k) for k, other in enumerate(columns, 1) if other.kind == "number"]
            hint = f"Write it as 2024-01-15 09:30; or choose the column {others[0] if others else 'of y'} alone."
            raise UserError("unsure", f"{name} looks like times that are not read here: {filled[0][:40]}.", hint=hint)


def _counts(x: Floats) -> bool:
    return bool(np.all(np.diff(x) == 1)) and x.size > 0 and x[0] in (0, 1)


def _row_times(data: Data, rows: int, sampling: Sampling | None) -> Floats:
    """x from the row number and the sampling."""
    data.x_name = "x"
    if sampling is None:
        data.remarks.append("There is no column for x: rows are counted 0, 1, 2, ...")
        return np.arange(rows, dtype=float)
    data.x_unit = sampling.unit
    return np.asarray(np.arange(rows) * sampling.step, dtype=np.float64)


def _ordered(data: Data, x: Floats, y: Floats, used: list[DataColumn], comma: bool, least: int) -> Data:
    good = np.isfinite(x) & np.isfinite(y)
    if not good.all():
        data.dropped = _reasons(np.flatnonzero(~good), [column.cells for column in used if len(column.cells)], comma)
    x, y = x[good], y[good]
    data.series = [(name, unit, values[good]) for name, unit, values in data.series]
    data.error = data.error[good] if data.error is not None else None
    if x.size < least:
        rows = data.rows
        told = (
            f"Only {x.size} of {rows} rows have"
            if data.dropped
            else f"There {'is only 1 row' if rows == 1 else f'are only {rows} rows'} with"
        )
        first = f" The first row left out is {data.dropped[0].example}." if data.dropped else ""
        raise UserError("value", f"{told} a number for x and for y; a fit needs {least}.", hint=first.strip())
    if np.any(x[1:] < x[:-1]):
        order = np.argsort(x, kind="stable")
        x, y = x[order], y[order]
        data.series = [(name, unit, values[order]) for name, unit, values in data.series]
        data.error = data.error[order] if data.error is not None else None
        data.remarks.append("The rows were put in ascending order of x.")
    span = float(x[-1] / 2 - x[0] / 2)
    if span <= 0 or not np.isfinite(2 * span):
        message = f"All x are {x[0]:g}." if span <= 0 else "The values of x span more than a number can hold."
        raise UserError("value", message, hint="Choose another column for x.")
    repeated = int(np.count_nonzero(np.diff(x) == 0))
    if repeated:
        data.remarks.append(f"{repeated:,} {'row repeats' if repeated == 1 else 'rows repeat'} an x; every one counts.")
    data.x, data.y = x, y
    return data


def _reasons(places: NDArray[np.intp], columns: list[Sequence[str]], comma: bool) -> list[Dropped]:
    """Why the rows at `places` were left out: no value, or something that is no number."""
    empty: list[int] = []
    other: list[int] = []
    for place in places:
        cells = [column[place] for column in columns if place < len(column)]
        bad = [cell for cell in cells if c.number(cell, comma) is None and not any(sign in cell for sign in ":-/")]
        (empty if all(map(c.is_gap, bad)) else other).append(int(place))
    found = []
    for group, reason in ((empty, "no value"), (other, "not a number")):
        if group:
            told = ", ".join(column[group[0]].strip()[:20] or "nothing" for column in columns if group[0] < len(column))
            found.append(Dropped(len(group), reason, f"row {group[0] + 1}" + (f" ({told})" if told else "")))
    return found
