"""The direction that a text names: a vector, the way from one point to another, or an angle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nabla.question.filled import Span
from nabla.question.formulas import Formula, entries_of, is_constant
from nabla.question.roles import RoleReading
from nabla.read.fields.vector import components_text

# A point in the text with its formulas replaced by their numbers: the point P #3, P, #3.
_POINT = r"(?:the\s+)?(?:point\s+)?(?:(?P<name{0}>[A-Z])(?![A-Za-z])|#(?P<at{0}>\d+)#)"
_WAY = re.compile(rf"\bfrom\s+{_POINT.format(1)}\s+(?:to|towards?)\s+{_POINT.format(2)}")
_ARROW = re.compile(
    r"\\(?:vec|overrightarrow)\s?\{\s?(?P<name1>[A-Z])\s?(?P<name2>[A-Z])\s?\}|"
    r"\bdirection\s+(?:of|along)\s+(?:the\s+)?(?:vector\s+)?(?P<name3>[A-Z])(?P<name4>[A-Z])\b"
)
_TOWARDS = re.compile(r"\btowards?\s+(?:the\s+)?(?:point\s+)?(?:[A-Z]\s+)?#(?P<at2>\d+)#|\bpoint\s+#(?P<at3>\d+)#")
_ORIGIN = re.compile(r"\btowards?\s+the\s+origin\b")
_ANGLE = re.compile(
    r"(?:\bangle\b|\bdirection\b(?=\s+(?:of\s+|with\s+)?\$?\\?(?:theta|alpha|phi|[θαφϕ])\$?\s*=))(?:\s+(?:of|is|with|by|given|the|θ))*\s*\$?(?:\\?(?:theta|alpha|phi|varphi)|[θαφϕ])?\s*=?\s*"
    r"(?P<angle>\\[dt]?frac\s?\{[^{}]+\}\s?\{[^{}]+\}|-?[\d.]*\s?(?:\\?pi|π)?(?:\s?/\s?\d+)?)\$?\s?"
    r"(?P<degrees>°|degrees?\b|deg\b|\^\s?\{?\s?\\circ)?"
)


@dataclass(frozen=True, slots=True)
class Direction:
    """The components as text, "" where none is named, the formulas that they come from, and where a way begins."""

    components: str = ""
    used: tuple[Span, ...] = ()
    start: str = ""


def direction_of(reading: RoleReading, at: str) -> Direction:
    """The direction that a text names.

    Args:
        reading: the text.
        at: the point, `(2, 1)` or `x=2, y=1`: a way to another point begins there.
    """
    points = {i: formula for i, formula in enumerate(reading.formulas) if formula.shape == "point"}
    text = _numbered(reading, points)
    named = {reading.text[formula.span[0] :].lstrip("$")[:1]: formula for formula in points.values()}
    here = [part.partition("=")[2] or part for part in at.strip().strip("()").split(",")]

    def place(found: re.Match[str], which: int) -> Formula | None:
        groups = found.groupdict()
        name, number = groups.get(f"name{which}"), groups.get(f"at{which}")
        return points.get(int(number)) if number else named.get(name or "")

    if way := _WAY.search(text):
        return _between(place(way, 1), place(way, 2), here)
    if arrow := _ARROW.search(text):
        first = 1 if arrow["name1"] else 3
        return _between(place(arrow, first), place(arrow, first + 1), here)
    if _ORIGIN.search(text):
        return Direction(", ".join(f"-({entry})" for entry in here))
    listed = [f for f in reading.formulas if f.role == "direction" and f.shape not in ("value", "number")]
    if listed and (end := _end(reading, text, listed[0])):
        return _between(None, end, here)
    if listed:
        entries = entries_of(listed[0].body) or components_text(listed[0].body).split(";")  # 3i - 4j
        return Direction(", ".join(entries), (listed[0].span,))
    angle = _ANGLE.search(reading.text)
    if angle and angle["angle"].strip() and len(here) == 2:
        size = f"({angle['angle'].strip()})" + (" pi/180" if angle["degrees"] else "")
        inside = tuple(f.span for f in reading.formulas if angle.start() <= f.span[0] < angle.end())
        return Direction(f"cos({size}), sin({size})", inside)
    return Direction()


def _numbered(reading: RoleReading, points: dict[int, Formula]) -> str:
    """The text with each point as its number, `#3#`."""
    pieces, at = [], 0
    for i, formula in points.items():
        if formula.span[0] >= at:
            pieces += [reading.text[at : formula.span[0]], f"#{i}#"]
            at = formula.span[1]
    return "".join([*pieces, reading.text[at:]]).replace("$", "")


def _end(reading: RoleReading, text: str, listed: Formula) -> Formula | None:
    """The direction where it is a point to go towards: it has the name of a point, or the words say so."""
    typed = reading.text[slice(*listed.span)].strip("$ ")
    found = _TOWARDS.search(text)
    told = found and reading.formulas[int(found["at2"] or found["at3"])] is listed
    return listed if listed.shape == "point" and (told or re.match(r"[A-Z]\s?=?\s?\(", typed)) else None


def _between(start: Formula | None, end: Formula | None, here: Sequence[str]) -> Direction:
    """From one point to another, from where the text asks if no other start is named."""
    if end is None:
        return Direction()
    first = entries_of(start.body) if start else here
    last = entries_of(end.body)
    if len(first) != len(last) or not all(is_constant(entry) for entry in (*first, *last)):
        return Direction()
    spans = tuple(formula.span for formula in (start, end) if formula)
    components = ", ".join(f"{b} - ({a.strip()})" for a, b in zip(first, last, strict=True))
    return Direction(components, spans, f"({', '.join(first)})")
