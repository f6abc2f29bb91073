"""Data as people have it: Python lists, tables with any separator, one column, dates; text to two arrays.

What was left out and what was assumed is part of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nabla.errors import Span, UserError
from nabla.read.data import cells as c
from nabla.read.data.objects import read_json
from nabla.read.data.table import CHARACTERS, SAMPLE, TextTable, read_table

Floats = NDArray[np.float64]

LEAST = 5  # points
RANGE = 2_000_000  # numbers of a linspace or arange

_LIST = re.compile(r"(?:(?<![\w.])([A-Za-z_]\w*)\s*=\s*)?(?:[A-Za-z_][\w.]*\(\s*)?\[([^\[\]]*)\]")
_RANGE = re.compile(rf"([A-Za-z_]\w*)\s*=\s*(?:\w+\.)?(linspace|arange)\(([^()]*)\)(?:\s*([*/])\s*({c.NUMBER}))?")
# start:step:stop of MATLAB, with the groups of _RANGE; the stop belongs to it.
_COLON = re.compile(
    rf"([A-Za-z_]\w*)\s*=\s*\(?(:?)({c.NUMBER}\s*:\s*{c.NUMBER}(?:\s*:\s*{c.NUMBER})?)\)?(?:\s*([*/])\s*({c.NUMBER}))?"
)
_VECTOR_OF_R = re.compile(r"\bc\(([^()]*)\)")
_PAIR = re.compile(rf"\(\s*({c.NUMBER}\s*(?:,\s*{c.NUMBER}\s*)+)\)")
_STARTS = re.compile(r"\[\s*[\d.+-]")
_RATE = re.compile(rf"({c.NUMBER})\s*(Hz|kHz|MHz|GHz)?\Z")
_HERTZ = {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9}
_X_NAMES = frozenset("x t time times date datetime timestamp zeit".split())


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


def read_data(text: str, columns: str = "", rate: str = "") -> Data:
    """Read a text of data.

    Args:
        text: lists, or a table with a row a line.
        columns: which columns are x and y, by number from 1 or by name: "2, 3"; empty for the first two.
        rate: samples per unit of x, "100" or "100 Hz", for data without x.

    Raises:
        UserError: "empty", "too-long", "syntax" when there are no numbers, "value" when there are too few points.
    """
    if len(text) > CHARACTERS:
        message = f"The data have {len(text) / 1e6:.0f} million characters; at most {CHARACTERS // 10**6} are read."
        raise UserError("too-long", message, hint="Leave out columns, or take every second row.")
    text = text.strip("\ufeff \t\r\n").replace("\u2212", "-")
    if not text:
        raise UserError("empty", "There are no data yet.", hint="Paste two columns, or x = [...] and y = [...].")
    table = read_json(text)
    if table:
        return _cleaned(table, *_chosen(table, columns), rate)
    text = _VECTOR_OF_R.sub(r"[\1]", text)
    lists = _PAIR.sub(r"[\1]", text) if text.startswith(("[(", "((", "(", "data")) else text
    listed = _STARTS.search(lists[:10_000]) or _RANGE.search(lists[:10_000])
    table = _lists(lists) if listed else read_table(text)
    x_place, y_place = _chosen(table, columns)
    return _cleaned(table, x_place, y_place, rate)


def _lists(text: str) -> TextTable:
    """Python lists, named or not; ranges of NumPy; lists of pairs."""
    found = [(m.start(), m[1] or "", _items(m[2])) for m in _LIST.finditer(text) if m[2].strip()]
    found += [(m.start(), m[1], _range(m)) for m in _RANGE.finditer(text)]
    found += [(m.start(), m[1], _range(m)) for m in _COLON.finditer(text)]
    lists = [(name, items) for _, name, items in sorted(found, key=lambda each: each[0])]
    if not lists:
        raise UserError("syntax", "No list of numbers was found.", hint="Write x = [0, 1, 2] and y = [3, 5, 4].")
    widths = {len(items) for _, items in lists}
    if len(lists) > 2 and len(widths) == 1 and not any(name for name, _ in lists[1:]):
        names = [f"column {i + 1}" for i in range(widths.pop())]
        return TextTable(list(zip(*(items for _, items in lists), strict=True)), names, [""] * len(names))
    if len(widths) > 1:
        told = " and ".join(f"{name or 'a list'} {len(items):,}" for name, items in lists[:4])
        raise UserError("value", f"The lists differ in length: {told}.", hint="Each x needs its y.")
    names = [name or ("xy"[i] if len(lists) == 2 else f"list {i + 1}") for i, (name, _) in enumerate(lists)]
    return TextTable([items for _, items in lists], names, [""] * len(names))


def _items(inside: str) -> list[str]:
    parts = inside.split(",") if "," in inside else inside.split()
    items = [part.strip().strip("'\"") for part in parts]
    return items[:-1] if items and not items[-1] else items


def _range(m: re.Match[str]) -> list[str]:
    """The numbers of `linspace(...)` or `arange(...)`, divided or multiplied by one number."""
    arguments = [part.strip() for part in m[3].split(",") if "=" not in part]
    plain = [float(part) for part in arguments if re.fullmatch(c.NUMBER, part)]
    span = Span(*m.span())
    whole = len(plain) == len(arguments)
    if not m[2]:
        plain = [float(part) for part in m[3].split(":")]
        start, stop, step = plain[0], plain[-1], plain[1] if len(plain) == 3 else 1.0
        size = int(np.floor((stop - start) / step + 1e-9)) + 1 if step else 0
    elif whole and m[2] == "linspace" and len(plain) in (2, 3):
        size = int(plain[2]) if len(plain) == 3 else 50
        open_end = "endpoint=False" in m[3].replace(" ", "")
        start, step = plain[0], (plain[1] - plain[0]) / max(size if open_end else size - 1, 1)
    elif whole and m[2] == "arange" and len(plain) in (1, 2, 3) and (len(plain) < 3 or plain[2] != 0):
        start, stop, step = (0.0, plain[0], 1.0) if len(plain) == 1 else (*plain, 1.0)[:3]
        size = int(np.ceil((stop - start) / step))
    else:
        raise UserError("arguments", f"{m[0]} is not understood.", hint="Write np.linspace(0, 1, 100).", span=span)
    if not 0 < size <= RANGE:
        raise UserError("too-big", f"{m[0]} has {size:,} numbers.", span=span)
    factor = float(m[5] or 1)
    values = (start + step * i for i in range(size))
    return [repr(value / factor if m[4] == "/" else value * factor) for value in values]


def _chosen(table: TextTable, columns: str) -> tuple[int, int]:
    """The places of x and y among the columns, from 1; 0 is the row number."""
    names = [name.lower() for name in table.names]
    if columns.strip():
        places = [_place(part.strip(), names, columns) for part in columns.split(",")]
        if len(places) > 2:
            raise UserError("value", "Two columns are needed, x and y.", span=Span(0, len(columns)), field="columns")
        return (places[0], places[1]) if len(places) == 2 else (0, places[0])
    usable = [i for i, column in enumerate(table.columns, 1) if _usable(column[:SAMPLE], table.comma)]
    if not usable:
        raise UserError("syntax", "There is no column of numbers in the data.", hint="Paste two columns of numbers.")
    if len(usable) == 1:
        return 0, usable[0]
    x = next((i for i in usable if names[i - 1] in _X_NAMES), usable[0])
    return x, next(i for i in usable if i != x)


def _place(part: str, names: list[str], columns: str) -> int:
    if part.isdigit() and int(part) <= len(names):
        return int(part)
    if part.lower() in names:
        return names.index(part.lower()) + 1
    hint = "There is " + ", ".join(f"{i} {name}" for i, name in enumerate(names[:12], 1)) + "."
    raise UserError("value", f"There is no column {part}.", hint=hint, span=Span(0, len(columns)), field="columns")


def _usable(cells: Sequence[str], comma: bool) -> bool:
    return sum(c.is_value(cell, comma) for cell in cells) * 2 >= sum(not c.is_gap(cell) for cell in cells) > 0


def _cleaned(table: TextTable, x_place: int, y_place: int, rate: str) -> Data:
    """The two columns as numbers, without the rows that lack one, in ascending order of x."""
    raw, values = table.columns[y_place - 1], table.values
    rows = len(raw) if values is None else len(values)
    y = c.numbers(raw, table.comma) if values is None else values[:, y_place - 1]
    data = Data(np.empty(0), np.empty(0), "row", table.names[y_place - 1], y_unit=table.units[y_place - 1], rows=rows)
    data.columns, data.chosen, data.remarks = table.names, (x_place, y_place), table.remarks
    if x_place:
        data.x_name, data.x_unit = table.names[x_place - 1], table.units[x_place - 1]
        x_cells = table.columns[x_place - 1]
        if values is not None:
            x = values[:, x_place - 1]
        elif any(map(c.is_time, x_cells[:SAMPLE])):
            x, data.x_unit, data.start = c.times(x_cells)
        else:
            x = c.numbers(x_cells, table.comma)
    else:
        x = _by_rate(data, rows, rate)
        x_cells = []
    good = np.isfinite(x) & np.isfinite(y)
    if not good.all():
        data.dropped = _reasons(np.flatnonzero(~good), [column for column in (x_cells, raw) if column], table)
    x, y = x[good], y[good]
    if x.size < LEAST:
        told = (
            f"Only {x.size} of {rows} rows have"
            if data.dropped
            else f"There {'is only 1 row' if rows == 1 else f'are only {rows} rows'} with"
        )
        first = f" The first row left out is {data.dropped[0].example}." if data.dropped else ""
        raise UserError("value", f"{told} a number for x and for y; a fit needs {LEAST}.", hint=first.strip())
    if np.any(x[1:] < x[:-1]):
        order = np.argsort(x, kind="stable")
        x, y = x[order], y[order]
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


def _by_rate(data: Data, rows: int, rate: str) -> Floats:
    """x from the row number and the sample rate."""
    data.x_name = "x"
    if not rate.strip():
        data.remarks.append("There is no column for x: rows are counted 0, 1, 2, ...")
        return np.arange(rows, dtype=float)
    told = _RATE.match(rate.strip())
    value = float(told[1]) * _HERTZ[told[2] or "Hz"] if told else 0.0
    if not told or not 0 < value < float("inf"):
        raise UserError(
            "value", "The sample rate is a positive number.", hint="For example 100 or 44.1 kHz.", field="rate"
        )
    data.x_unit = "s" if told[2] else ""
    return np.arange(rows) / value


def _reasons(places: NDArray[np.intp], columns: list[Sequence[str]], table: TextTable) -> list[Dropped]:
    """Why the rows at `places` were left out: no value, or something that is no number."""
    empty: list[int] = []
    other: list[int] = []
    for place in places:
        bad = [column[place] for column in columns if not c.is_value(column[place], table.comma)]
        (empty if all(map(c.is_gap, bad)) else other).append(int(place))
    found = []
    for group, reason in ((empty, "no value"), (other, "not a number")):
        if group:
            told = ", ".join(column[group[0]].strip()[:20] or "nothing" for column in columns)
            found.append(Dropped(len(group), reason, f"row {group[0] + 1} ({told})"))
    return found
