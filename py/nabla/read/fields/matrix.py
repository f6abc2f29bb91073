"""Rows of numbers as people type and paste them: lines, semicolons, nested lists, and rows that end in `: target`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nabla.errors import Span, UserError

NUMBERS = 4_000
_NUMBER = re.compile(r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_ROWS = re.compile(r"\]\s*,?\s*\[|[;\n]+")
_BETWEEN = re.compile(r"[\s,\t]*")


@dataclass
class Rows:
    """Rows of numbers, all of one length; `targets` of the rows that end in one."""

    rows: list[list[float]] = field(default_factory=list)
    targets: list[list[float]] = field(default_factory=list)


def read_matrix(text: str) -> Rows:
    """The rows of a matrix: `0,0,1; 0,1,1`, one a line, `[[0, 0, 1], [0, 1, 1]]`, or `0, 1 : 1` with a target.

    Raises:
        UserError: "value" where something is no number, rows differ in length, or a row without a target follows one.
    """
    found = Rows()
    start = 0
    pieces = [*((m.start(), m.end()) for m in _ROWS.finditer(text)), (len(text), len(text))]
    for end, after in pieces:
        _row(text, start, end, found)
        start = after
    total = sum(map(len, found.rows))
    if total > NUMBERS:
        raise UserError(
            "too-long", f"There are {total:,} numbers; at most {NUMBERS:,} are read.", span=Span(0, len(text))
        )
    return found


def _row(text: str, start: int, end: int, found: Rows) -> None:
    bare = text[start:end].replace("[", " ").replace("]", " ").replace("(", " ").replace(")", " ")
    left, colon, right = bare.partition(":")
    values = _numbers(text, left, start)
    if not values:
        if right.strip():
            raise UserError("value", "There is a target without inputs before it.", span=Span(start, end))
        return
    if found.rows and len(values) != len(found.rows[0]):
        message = f"This row has {len(values)} numbers, the first has {len(found.rows[0])}."
        raise UserError("value", message, span=Span(start, end))
    if found.targets and not colon:
        raise UserError(
            "value", "This row has no target, but one before it has.", hint="Write 0, 1 : 1.", span=Span(start, end)
        )
    found.rows.append(values)
    if colon:
        targets = _numbers(text, right, start + len(left) + 1)
        if not targets or (found.targets and len(targets) != len(found.targets[0])):
            raise UserError("value", "This row needs its target after the colon.", span=Span(start, end))
        found.targets.append(targets)


def _numbers(text: str, piece: str, offset: int) -> list[float]:
    values: list[float] = []
    place = _BETWEEN.match(piece).end()  # type: ignore[union-attr]
    while place < len(piece):
        match = _NUMBER.match(piece, place)
        if not match:
            span = Span(offset + place, min(offset + place + 1, len(text)))
            raise UserError("value", "A number is needed here.", hint="For example 0, 0, 1; 0, 1, 1", span=span)
        values.append(float(match[0].replace("−", "-")))
        place = _BETWEEN.match(piece, match.end()).end()  # type: ignore[union-attr]
    return values
