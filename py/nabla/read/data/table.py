"""Tables as people have them: any separator, decimal commas, headers, units, one or two long lines; text to columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nabla.errors import UserError
from nabla.read.data import cells as c

Floats = NDArray[np.float64]

CHARACTERS = 48_000_000
LEAST = 5  # cells of a row that may be all of the data
PREAMBLE = 60  # lines at most before the table begins
SAMPLE = 200  # rows from which the columns are judged

_UNIT = re.compile(r"(.*?)\s*(?:[(\[]\s*([^()\[\]]*?)\s*[)\]]|/\s*([^/\s]{1,8}))\s*\Z", re.DOTALL)
_GROUPED = re.compile(r'"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"')  # "1,234.5"
_LABEL = re.compile(rf"([A-Za-z_]\w*)\s*[=:]?\s*({c.NUMBER})?\Z")


@dataclass(slots=True)
class TextTable:
    """Columns of cells, all of one length, their names and units.

    Where all cells are plain numbers, `values` holds them, a row a row, and `columns` the first cells only.
    """

    columns: list[Sequence[str]]
    names: list[str]
    units: list[str]
    comma: bool = False
    remarks: list[str] = field(default_factory=list)
    values: Floats | None = None


def read_table(text: str) -> TextTable:
    """A table: a row a line, with or without a header; or one or two long lines."""
    lines = text.splitlines()
    kept = [i for i, line in enumerate(lines[: PREAMBLE + SAMPLE]) if not _passed_over(line)]
    if not kept:
        raise UserError("syntax", "There are no numbers in the data.", hint="Paste two columns of numbers.")
    sample = [lines[i] for i in kept]
    separator, comma = _separator(sample[-SAMPLE:])
    if len(lines) <= 2 and len(_split(sample[-1], separator)) >= LEAST:
        return _long_lines([_split(line, separator) for line in sample], comma)
    head, width = _head([_split(line, separator) for line in sample], comma)
    before = [line for line in lines[: kept[head]] if line.strip()]
    if before and not separator:
        indexed = _without_index(before[-1].split(), [lines[i].split() for i in kept[head:]], width)
        if indexed:
            rows = [line.split() for line in lines[kept[head] :] if not _passed_over(line)]
            columns = [[row[i] if i < len(row) else "" for row in rows] for i in range(1, width)]
            return TextTable(list(columns), indexed, [""] * len(indexed), comma, ["The row numbers were left out."])
    names, units, used = _names([_split(line.lstrip("#% /"), separator) for line in before], width, comma)
    skipped = len(before) - used
    remarks = [f"{skipped:,} {'line' if skipped == 1 else 'lines'} before the table passed over."] if skipped else []
    values = None if comma else c.plain("\n".join(lines[kept[head] :]), separator or " ", width)
    body = lines[kept[head] : kept[head] + SAMPLE] if values is not None else lines[kept[head] :]
    kept_rows = [line for line in body if not _passed_over(line)]
    return TextTable(_columns(kept_rows, separator, width), names, units, comma, remarks, values)


def _without_index(head: list[str], rows: list[list[str]], width: int) -> list[str]:
    """The names of the columns of a table as pandas prints it, whose row numbers have none; else nothing."""
    numbered = all(row[0] == str(place) for place, row in enumerate(rows) if row)
    return head if numbered and len(head) == width - 1 and not any(c.is_value(cell, False) for cell in head) else []


def _passed_over(line: str) -> bool:
    return not line or line[0] in "#%" or line.isspace() or line.startswith("//")


def _split(line: str, separator: str) -> list[str]:
    """The cells of a line; a separator after the last one ends the line."""
    if not separator:
        return line.split()
    if separator == "," and '"' in line:
        line = _GROUPED.sub(lambda quoted: quoted[0].replace(",", ""), line)
    cells = [cell.strip().strip("\"'") for cell in line.split(separator)]
    return cells[:-1] if len(cells) > 1 and not cells[-1] and separator == "," else cells


def _columns(lines: list[str], separator: str, width: int) -> list[Sequence[str]]:
    """The cells of each column, "" where a line is too short."""
    plain = separator and not any('"' in line or "'" in line for line in lines)
    if width == 1 and not separator:
        return [lines]
    if plain and all(line.count(separator) == width - 1 for line in lines):
        flat = separator.join(lines).split(separator)
        return [flat[i::width] for i in range(width)]
    rows = [_split(line, separator) for line in lines]
    return [[row[i] if i < len(row) else "" for row in rows] for i in range(width)]


def _separator(lines: list[str]) -> tuple[str, bool]:
    """The separator of cells ("" for blanks) and whether numbers have decimal commas."""
    most = len(lines) / 2
    for separator in ("\t", ";", "|"):
        if sum(separator in line for line in lines) > most:
            cells = [cell.strip() for line in lines for cell in line.split(separator)]
            return separator, _commas(cells)
    if sum("," in line for line in lines) <= most:
        return "", False
    if all(c.is_number(line, comma=True) for line in lines):
        # "0,5" may be two columns; they are if the first could be an x.
        first = [float(line.partition(",")[0] or 0) for line in lines]
        if any(after <= before for before, after in pairwise(first)):
            return "", True
    blank = [cell for line in lines for cell in line.split()]
    if all("," not in cell or c.is_number(cell, comma=True) for cell in blank) and len(blank) > len(lines):
        return "", True
    return ",", False


def _commas(cells: list[str]) -> bool:
    with_comma = sum(c.is_number(cell, comma=True) for cell in cells)
    return with_comma > sum("." in cell and c.is_number(cell) for cell in cells)


def _head(rows: list[list[str]], comma: bool) -> tuple[int, int]:
    """How many rows stand before the table, and its number of columns."""
    good = [sum(c.is_value(cell, comma) for cell in row) for row in rows]
    widths = Counter(len(row) for row, numbers in zip(rows, good, strict=True) if numbers)
    if not widths:
        raise UserError("syntax", "There are no numbers in the data.", hint="Paste two columns of numbers.")
    width = max(widths, key=lambda w: (widths[w], w))
    usual = Counter(numbers for row, numbers in zip(rows, good, strict=True) if len(row) == width)
    most = max((n for n in usual if n), key=lambda n: usual[n], default=1)
    first = next((i for i, row in enumerate(rows) if len(row) == width and good[i] >= min(most, 1)), 0)
    return first, width


def _names(before: list[list[str]], width: int, comma: bool) -> tuple[list[str], list[str], int]:
    """Names and units of the columns, from the lines before the table, and how many of those told them."""
    names, units = [f"column {i + 1}" for i in range(width)], [""] * width
    fitting = [row for row in before[-2:] if len(row) == width and not any(c.is_value(cell, comma) for cell in row)]
    if not fitting:
        return names, units, 0
    for i, cell in enumerate(fitting[0]):
        told = _UNIT.match(cell)
        if told and told[1]:
            names[i], units[i] = told[1], told[2] or told[3] or ""
        else:
            names[i] = cell or names[i]
        if len(fitting) == 2:
            units[i] = fitting[1][i].strip("()[] ") or units[i]
    return names, units, len(fitting)


def _long_lines(rows: list[list[str]], comma: bool) -> TextTable:
    """One long line is y; two are x and y; a word in front of a line is its name."""
    names, columns = [], []
    for i, row in enumerate(rows):
        label = _LABEL.match(row[0])
        names.append(label[1] if label else ("y" if len(rows) == 1 else "xy"[i]))
        columns.append(([label[2]] if label[2] else []) + row[1:] if label else row)
    if len({len(column) for column in columns}) > 1:
        told = " and ".join(f"{len(column):,}" for column in columns)
        raise UserError("value", f"The two lines have {told} numbers.", hint="Each x needs its y.")
    return TextTable(list(columns), names, [""] * len(names), comma)
