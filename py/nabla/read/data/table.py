"""Tables as people have them, to columns: any separator, decimal commas, headers, units, prints of pandas and R."""

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
from nabla.read.data.layouts import plain_lines
from nabla.read.data.times import is_time

Floats = NDArray[np.float64]

CHARACTERS = 48_000_000
LEAST = 5  # cells of a row that may be all of the data
PREAMBLE = 60  # lines at most before the table begins
SAMPLE = 200  # rows from which the columns are judged
FOOTER = 8  # lines at the end that may be none of the table's

_UNIT = re.compile(r"(.*?)\s*(?:[(\[]\s*([^()\[\]]*?)\s*[)\]]|\s/\s([^/\s]{1,8})|/([^\W\d_]{1,4}))\s*\Z", re.DOTALL)
UNITS = (
    "s ms us µs ns sec min h hr d day days m cm mm km um nm V mV A mA Hz kHz MHz C K degC hPa Pa kPa bar g kg N W kW "
    "deg rad"
).split()
_SPECIES = re.compile(r"\[([A-Za-z]\w{0,7})\](.*)\Z", re.DOTALL)  # [S] (mM), a concentration
_SUFFIX = re.compile(rf"(.*[^\W_])_({'|'.join(UNITS)})\Z")
_GROUPED = re.compile(r'"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"')  # "1,234.5"
_QUOTED = re.compile(r'"[^"\n]*"')
_LABEL = re.compile(rf"((?:[^\W\d]|\[).*?)(?:\s*[=:]\s*|\s+|\Z)({c.NUMBER})?\Z")
_RULE = re.compile(r"[\s|:+=\-─│┼┌┐└┘├┤┬┴╞╡╪═]+\Z")  # a line of a printed table that only separates
_PRINT_END = re.compile(r"\s*(?:\[\d+ rows x \d+ columns\]|(?:Name: .*|Length: \d+)?,?\s*dtype: \w+|Freq: .*)\s*\Z")
_DOTS = re.compile(r"(?:\.\.\.|…|⋮|\.\.)(?:[\s|,;]+(?:\.\.\.|…|⋮|\.\.))*\s*\Z")
_VARIABLES = re.compile(r'(?<=["=, ])([\w /()\[\]-]+)(?=")')  # of a header VARIABLES = "x", "y"
_NAME_LINE = re.compile(r"[#%/\s]*([^\W\d][\w .%°/()\[\]-]{0,40}?)\s*[:=]?\s*\Z")
_COMMENTS = ("#", "%", "//", "!")


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


def split_unit(name: str) -> tuple[str, str]:
    """A heading as name and unit: `time (s)`, `U [mV]`, `t / s`, `level_cm`."""
    name = name.strip()
    if species := _SPECIES.match(name):
        name = species[1] + species[2]
    told = _UNIT.match(name)
    if told and told[1]:
        return told[1], told[2] or told[3] or told[4] or ""
    ended = _SUFFIX.match(name)
    return (ended[1], ended[2]) if ended else (name, "")


def read_table(text: str) -> TextTable:
    """A table: a row a line, with or without a header; one or two long lines; or one column after another.

    Raises:
        UserError: "syntax" when there are no numbers, "elided" when rows were left out by whatever printed it.
    """
    lines, remarks = _table_lines(text)
    kept = [i for i, line in enumerate(lines[: PREAMBLE + SAMPLE]) if not _passed_over(line)]
    if not kept:
        raise UserError("syntax", "There are no numbers in the data.", hint="Paste two columns of numbers.")
    if stacked := _stacked(lines):
        return stacked
    if len(kept) == 2:  # a heading over one long line
        kept = [i for i in kept if len(re.findall(r"\d+", lines[i])) >= LEAST] or kept
    sample = [lines[i] for i in kept]
    separator, comma = _separator(sample[-SAMPLE:])
    if len(kept) <= 2 and len(_split(sample[-1], separator)) >= LEAST:
        return _long_lines([_split(line, separator) for line in sample], comma)
    head, width = _head([_split(line, separator) for line in sample], comma)
    before = [line for line in lines[: kept[head]] if line.strip()]
    heads = [_split(line.lstrip("#%/! "), separator, width) for line in before[-2:]]
    rows = [_split(lines[i], separator) for i in kept[head:]]
    names, units, used = _names(heads, rows, width, comma)
    skipped = len(before) - used
    if skipped:
        remarks.append(f"{skipped:,} {'line' if skipped == 1 else 'lines'} before the table passed over.")
    values = None if comma else c.plain("\n".join(lines[kept[head] :]), separator or " ", width)
    body = lines[kept[head] : kept[head] + SAMPLE] if values is not None else lines[kept[head] :]
    kept_rows = [line for line in body if not _passed_over(line)]
    return TextTable(_columns(kept_rows, separator, width), names, units, comma, remarks, values)


def _table_lines(text: str) -> tuple[list[str], list[str]]:
    """The lines of a text that may belong to its table; those of Markdown without their borders."""
    lines = plain_lines(text.splitlines())
    while lines and not lines[-1].strip():
        lines.pop()
    ended = 0
    while lines and ended < FOOTER and (_PRINT_END.match(lines[-1]) or _RULE.match(lines[-1])):
        lines.pop()
        ended += 1
    for number, line in enumerate(lines, 1):
        if "." in line or "…" in line or "⋮" in line:
            bare = line.strip().strip("|").strip()
            if _DOTS.match(bare) or re.match(r"(?:\.\.\.|…|⋮)\s", bare):
                message = f"Rows are missing: line {number} is only dots, where a print was shortened."
                hint = "Print all of it, for example with print(df.to_string()), and paste that."
                raise UserError("elided", message, hint=hint)
    bordered = sum(line.lstrip().startswith("|") for line in lines[:SAMPLE])
    if bordered * 2 > len(lines[:SAMPLE]):
        lines = [line.strip().removeprefix("|").removesuffix("|") for line in lines if not _RULE.match(line)]
    elif any(map(_RULE.match, lines[:6])) and len(lines) > 6:
        lines = [line for line in lines if not line.strip() or not _RULE.match(line) or c.is_gap(line.strip())]
    return lines, []


def _passed_over(line: str) -> bool:
    return not line or line.isspace() or line.startswith(_COMMENTS)


def _split(line: str, separator: str, width: int = 0) -> list[str]:
    """The cells of a line; a comma after the last of more than `width` of them ends the line."""
    if not separator:
        if '"' in line:
            line = _QUOTED.sub(lambda quoted: quoted[0][1:-1].strip().replace(" ", "\0") or "-", line)
            return [cell.replace("\0", " ") for cell in line.split()]
        return line.split()
    if separator == "," and '"' in line:
        line = _GROUPED.sub(lambda quoted: quoted[0].replace(",", ""), line)
        line = _QUOTED.sub(lambda quoted: quoted[0].replace(",", "\0"), line)
    cells = [cell.strip().strip("\"'").replace("\0", ",") for cell in line.split(separator)]
    return cells[:-1] if len(cells) > max(width, 1) and not cells[-1] and separator == "," else cells


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


def _is_value(cell: str, comma: bool) -> bool:
    return c.number(cell, comma) is not None or is_time(cell)


def _head(rows: list[list[str]], comma: bool) -> tuple[int, int]:
    """How many rows stand before the table, and its number of columns."""
    good = [sum(_is_value(cell, comma) for cell in row) for row in rows]
    widths = Counter(len(row) for row, numbers in zip(rows, good, strict=True) if numbers)
    if not widths:
        raise UserError("syntax", "There are no numbers in the data.", hint="Paste two columns of numbers.")
    width = max(widths, key=lambda w: (widths[w], w))
    usual = Counter(numbers for row, numbers in zip(rows, good, strict=True) if len(row) == width)
    most = max((n for n in usual if n), key=lambda n: usual[n], default=1)
    first = next((i for i, row in enumerate(rows) if len(row) == width and good[i] >= min(most, 1)), 0)
    return first, width


def _names(heads: list[list[str]], rows: list[list[str]], width: int, comma: bool) -> tuple[list[str], list[str], int]:
    """Names and units of the columns, from the lines before the table, and how many of those told them.

    A header with one name fewer than there are columns stands over all but the first: row names, as R and pandas write.
    """
    names, units = [f"column {i + 1}" for i in range(width)], [""] * width
    words = [[cell for cell in row if cell] for row in heads]
    fitting = [row for row in heads if len(row) == width and not any(_is_value(cell, comma) for cell in row if cell)]
    if not fitting and words and _over_all_but_first(words[-1], rows, width, comma):
        fitting = [["", *words[-1]]]
    if not fitting and (told := [name for row in heads for name in _VARIABLES.findall(" ".join(row))]):
        fitting = [told[-width:]] if len(told) >= width else []
    if not fitting:
        return names, units, 0
    for i, cell in enumerate(fitting[0]):
        names[i], units[i] = split_unit(cell)
        if len(fitting) == 2:
            units[i] = fitting[1][i].strip("()[] ") or units[i]
    return names, units, len(fitting)


def _over_all_but_first(words: list[str], rows: list[list[str]], width: int, comma: bool) -> bool:
    if len(words) != width - 1 or any(_is_value(word, comma) for word in words):
        return False
    return all(re.match(r"[^\W_]", word) for word in words) and len(rows) > 1


def _long_lines(rows: list[list[str]], comma: bool) -> TextTable:
    """One long line is y; two are x and y; a word in front of a line is its name."""
    names, columns = [], []
    for i, row in enumerate(rows):
        label = None if c.is_gap(row[0]) else _LABEL.match(row[0])
        names.append(label[1] if label else ("y" if len(rows) == 1 else "xy"[i]))
        columns.append(([label[2]] if label[2] else []) + row[1:] if label else row)
    if len({len(column) for column in columns}) > 1:
        told = " and ".join(f"{len(column):,}" for column in columns)
        raise UserError("value", f"The two lines have {told} numbers.", hint="Each x needs its y.")
    heads = [split_unit(name) for name in names]
    return TextTable(list(columns), [name for name, _ in heads], [unit for _, unit in heads], comma)


def _stacked(lines: list[str]) -> TextTable | None:
    """One column after another, a value a line, each under its name; None for other texts."""
    if len(lines) > 200_000 or any(len(line.split()) > 4 for line in lines[:PREAMBLE]):
        return None
    blocks: list[tuple[str, list[str]]] = []
    for line in lines:
        bare = line.strip().rstrip(",;")
        if not bare:
            continue
        if c.number(bare) is not None or is_time(bare) or (c.is_gap(bare) and blocks and blocks[-1][1]):
            if not blocks:
                return None
            blocks[-1][1].append(bare)
        elif _NAME_LINE.match(line):
            blocks.append((bare.strip("#%/:= "), []))
        else:
            return None
    filled = [(name, cells) for name, cells in blocks if cells]
    if len(filled) < 2 or len({len(cells) for _, cells in filled}) > 1 or len(filled[0][1]) < LEAST:
        return None
    heads = [split_unit(name) for name, _ in filled]
    return TextTable([cells for _, cells in filled], [name for name, _ in heads], [unit for _, unit in heads])
