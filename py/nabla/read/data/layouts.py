"""Layouts of printed tables as plain lines: frames of boxes, lines of types, rows of numbers with a label each."""

from __future__ import annotations

import re

from nabla.read.data import cells as c

LEAST = 5  # rows of labelled numbers
_SAMPLE = 200
BARS = str.maketrans("│┆┃║¦", "|||||")
# A line of types below the names, as tibbles and Polars print it.
_TYPE = r"(?:<\w{2,5}(?:\[\w+\])?>|[fiu](?:8|16|32|64)|-{3}|str|bool|date)"
TYPES = re.compile(rf"[\s|│┆]*{_TYPE}(?:[\s|│┆]+{_TYPE})*[\s|│┆]*\Z")
_NUMBER = re.compile(rf"(?<![\w.])[-+−]?{c.NUMBER.removeprefix('[+-]?')}")
HALF_DAY = re.compile(r"(?<=:\d\d) (?=[AaPp]\.?[Mm]\b)")  # the blank of 10:00 PM, which no column begins at
_LABEL = re.compile(r"([^\W\d]\w*)\s*[=:]\s*#")
_UNIT = re.compile(r"#\s?(°?[^\W\d_]{1,4}|%)(?![\w(])")
_PART = re.compile(r"#\s?[-:/]\s?#")  # of a date or a time
_POINT = rf"[(\[{{]\s*({c.NUMBER})\s*[,;]\s*({c.NUMBER})\s*[)\]}}]"
_POINTS = re.compile(rf"\s*{_POINT}(?:[\s,;]*(?:and\s+)?{_POINT})+[\s.,;]*\Z")


def plain_lines(lines: list[str]) -> list[str]:
    """The lines without what only frames the table; labelled numbers, `t = 0.5 s, y = 3`, as a table of tabs."""
    lines = [HALF_DAY.sub("", line.translate(BARS)) for line in lines]
    lines = [line for i, line in enumerate(lines) if not (i < _SAMPLE and TYPES.match(line))]
    return labelled(lines) or lines


def points(text: str) -> str:
    """Points one behind the other, (0, 3.1) (1, 4.9), a row each; "" for other texts."""
    rows = ["\t".join(pair) for pair in re.findall(_POINT, text)] if _POINTS.match(text) else []
    return "\n".join(["x\ty", *rows]) if rows else ""


def labelled(lines: list[str]) -> list[str]:
    """The numbers of lines that differ in nothing else, under their labels; none for other lines."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < LEAST or not _LABEL.search(shape := _NUMBER.sub("#", filled[-1])):
        return []
    if shape.count("#") < 2 or _PART.search(shape) or any(_NUMBER.sub("#", line) != shape for line in filled):
        return []
    heads = []
    for i, part in enumerate(re.findall(r"[^#]*#(?:[^#]*\Z)?", shape)):
        label = _LABEL.search(part)
        unit = _UNIT.search("#" + shape.split("#")[i + 1])
        heads.append((label[1] if label else f"column {i + 1}") + (f" ({unit[1]})" if unit else ""))
    return ["\t".join(heads), *("\t".join(_NUMBER.findall(line)) for line in filled)]
