"""Boxes and points as people type them: `x=0..2pi, y=-1..1`, `[-1, 1]^2`, `0 < x < 1`; `(0.5, 0.25); (1, 2)`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import sympy as sp

from nabla.errors import Span, UserError
from nabla.read.fields.assignments import read_assignments
from nabla.read.formula import read_formula, symbol

_VALUE = r"[^\[\](),;=<>]*?[^\[\](),;=<>\s]"
_NAMED = re.compile(
    rf"\s*(?:([A-Za-z]\w*)\s*(?:=|:|∈|\bin\b|\bfrom\b)\s*)?"
    rf"(?:\[\s*({_VALUE})\s*,\s*({_VALUE})\s*\]|\(\s*({_VALUE})\s*,\s*({_VALUE})\s*\)"
    rf"|({_VALUE})\s*(?:\.\.\.?|…|:|\bto\b)\s*({_VALUE}))"
    r"\s*(?:(?:\^|\*\*)\s*([23])|([²³]))?\s*(?:[,;×]|\bx\b|\band\b|\Z)"
)
_CHAIN = re.compile(rf"\s*({_VALUE})\s*(?:<=?|≤)\s*([A-Za-z]\w*)\s*(?:<=?|≤)\s*({_VALUE})\s*(?:[,;]|\band\b|\Z)")
_HINT = "Write x=0..2pi, y=-1..1."
MOST = 3


@dataclass(frozen=True, slots=True)
class Interval:
    """The range of one coordinate; its name is empty where none was typed."""

    name: str
    low: float
    high: float
    span: Span


def read_domain(text: str) -> list[Interval]:
    """Read the intervals of a box, one for each coordinate; one alone may stand for all.

    Raises:
        UserError: "syntax" for what is no interval, "value" for an end that is no number or a width that is not
            positive.
    """
    found: list[Interval] = []
    place = 0
    text = text.replace("−", "-")
    while text[place:].strip():
        chain = _CHAIN.match(text, place)
        match = chain or _NAMED.match(text, place)
        if match is None:
            raise UserError("syntax", "This is not the range of a coordinate.", hint=_HINT, span=Span(place, len(text)))
        span = Span(match.start() + len(match[0]) - len(match[0].lstrip()), match.end())
        if chain:
            found.append(_interval(text, chain[2], chain.span(1), chain.span(3), span))
        else:
            low, high = next((match.span(i), match.span(i + 1)) for i in (2, 4, 6) if match[i] is not None)
            times = int(match[8] or {"²": "2", "³": "3"}.get(match[9] or "", "1"))
            found += [_interval(text, match[1] or "", low, high, span)] * times
        place = match.end()
    names = [each.name for each in found if each.name]
    for each in found:
        if names.count(each.name) > 1:
            raise UserError("value", f"{each.name} is given twice.", hint="Remove one of them.", span=each.span)
    if len(found) > MOST or (names and len(names) < len(found)):
        message = "A box has at most three coordinates." if len(found) > MOST else "Name every coordinate, or none."
        raise UserError("value", message, hint=_HINT, span=Span(0, len(text)))
    return found


def _interval(text: str, name: str, low: tuple[int, int], high: tuple[int, int], span: Span) -> Interval:
    a, b = _number(text, *low), _number(text, *high)
    if a == b:
        what = f"of {name} " if name else ""
        raise UserError("value", f"The range {what}has no width: both ends are {a:g}.", hint=_HINT, span=span)
    if a > b:
        raise UserError("value", f"The range runs backwards, from {a:g} to {b:g}.", hint=_HINT, span=span)
    return Interval(name, a, b, span)


def _number(text: str, start: int, end: int) -> float:
    """A constant formula between two places of the text, as a number."""
    return float(_constant(text, start, end))


def _constant(text: str, start: int, end: int) -> sp.Expr:
    """A constant formula between two places of the text."""
    span = Span(start, end)
    try:
        value = read_formula(text[start:end]).expr
    except UserError as error:
        raise UserError(error.code, error.message, hint=error.hint or _HINT, span=span) from None
    if value.free_symbols or not value.is_finite:
        raise UserError("value", f"{text[start:end]} is not a number.", hint=_HINT, span=span)
    if not abs(float(value)) < 1e150:
        raise UserError("too-big", f"{text[start:end]} is too large for a coordinate.", span=span)
    return value


def read_points(text: str, names: Sequence[str]) -> list[tuple[float, ...]]:
    """As `read_places`, in numbers."""
    return [tuple(map(float, place)) for place in read_places(text, names)]


def read_places(text: str, names: Sequence[str]) -> list[tuple[sp.Expr, ...]]:
    """Read points: `x=1, y=pi/2`, or values in the order of `names`; several are separated by semicolons.

    Raises:
        UserError: "value" for a coordinate that is missing or unknown, or for anything that is no number.
    """
    if not text.strip():
        return []
    pieces = [piece for piece in re.finditer(r"[^;]+", text) if piece[0].strip()]
    if "=" in text and all("," not in piece[0] for piece in pieces):
        return [_by_name(text, 0, len(text), names)]  # x=1; y=2
    return [_point(text, *piece.span(), names) for piece in pieces]


def _point(text: str, start: int, end: int, names: Sequence[str]) -> tuple[sp.Expr, ...]:
    if "=" in text[start:end]:
        return _by_name(text, start, end, names)
    text = text[:start] + _without_brackets(text[start:end]) + text[end:]
    values = [
        _constant(text, start + piece.start(), start + piece.end()) for piece in re.finditer("[^,]+", text[start:end])
    ]
    if len(values) != len(names):
        message = f"A point has {len(names)} coordinates, {', '.join(names)}; here are {len(values)}."
        raise UserError("value", message, span=Span(start, end))
    return tuple(values)


def _without_brackets(text: str) -> str:
    """The text with blanks for a pair of brackets around all of it."""
    bare = text.strip()
    opened = accumulate((c in "([") - (c in ")]") for c in bare[:-1])
    if bare[:1] in ("(", "[") and bare[-1:] in (")", "]") and all(opened):
        start = text.index(bare)
        return text[:start] + " " + bare[1:-1] + " " + text[start + len(bare) :]
    return text


def _by_name(text: str, start: int, end: int, names: Sequence[str]) -> tuple[sp.Expr, ...]:
    given = read_assignments(" " * start + text[start:end], known=names)
    for name in names:
        if symbol(name) not in given:
            raise UserError("value", f"The point has no {name}.", hint=f"Add {name}=0.", span=Span(start, end))
    return tuple(given[symbol(name)] for name in names)
