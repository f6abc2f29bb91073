"""The inputs of decompose for a field on a grid: its data, and what the text beside them says of axes and steps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.filled import Filled, Span
from nabla.question.formulas import entries_of, is_constant
from nabla.question.roles import RoleReading
from nabla.read.data.grid import is_field

_STEPS = {"dx": "dx", "dy": "dy", "dz": "dz", "h": "h", "Δx": "dx", "Δy": "dy", "Δz": "dz", "Delta": "h", "d": "h"}
_SPACING = re.compile(
    r"\b(?:spacing|spaced|step(?: size)?|resolution)\b(?:\s+(?:is|of|by|size))*\s*[:=]?\s*(\d*\.?\d+)\b"
)
_HOW_MUCH = re.compile(r"\b(?:how much|what (?:part|share|fraction|percentage))\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first (?:axis|index)|rows?)\s+(?:is|are|=|along|run along|runs along)\s+(?:the )?([xyz])\b")
_INDEXED = re.compile(r"indexing\s*=\s*['\"]ij['\"]")


def fill_grid(reading: RoleReading, asked: Sequence[str]) -> Filled | None:
    """The inputs, None where the data of the text are no field."""
    if not reading.data or not (is_field(reading.data) or "decompose" in asked):
        return None
    used: list[Span] = [*reading.tables[0].spans]
    if _HOW_MUCH.search(reading.text) and {"solenoidal", "irrotational"} & set(asked):
        asked = [*asked, "decompose"]
    inputs = {"data": reading.data}
    if asked and list(asked) != ["decompose"]:
        inputs["asked"] = ", ".join(dict.fromkeys(asked))
    if steps := _steps(reading, used):
        inputs["data"] += "\n" + "\n".join(steps)
    if first := _FIRST.search(reading.text) or _INDEXED.search(reading.text):
        inputs["first"] = first[1] if first.groups() else "x"
    if point := _point(reading, used):
        inputs["at"] = point
    return Filled(inputs, tuple(used))


def _steps(reading: RoleReading, used: list[Span]) -> list[str]:
    """Assignments of the steps of the grid, to stand below arrays that come without coordinates."""
    if "[" not in reading.data:
        return []
    told = [f for f in reading.formulas if f.name in _STEPS and len(f.sides) > 1 and is_constant(f.body)]
    used += [f.span for f in told]
    if not told and (found := _SPACING.search(reading.text)):
        return [f"h = {found[1]}"]
    return [f"{_STEPS[f.name]} = {f.body}" for f in told]


def _point(reading: RoleReading, used: list[Span]) -> str:
    """The point that is asked about, longitude first where the table has the latitude first; no index [1, 1]."""
    point = next((f for f in reading.formulas if f.shape == "point" and f.role == "point"), None)
    if point is None or point.body.lstrip().startswith("["):
        return ""
    used.append(point.span)
    head = reading.data.split("\n", 1)[0].lower()
    entries = entries_of(point.body)
    return ", ".join(reversed(entries) if -1 < head.find("lat") < head.find("lon") else entries)
