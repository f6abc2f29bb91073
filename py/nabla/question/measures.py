"""Quantities in a story: numbers with their units, in clauses, with what they measure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

_LENGTHS = {
    "m": "m", "meter": "m", "metre": "m", "cm": "cm", "centimeter": "cm", "centimetre": "cm", "mm": "mm", "km": "km",
    "kilometer": "km", "kilometre": "km", "ft": "ft", "foot": "ft", "feet": "ft", "in": "in", "inch": "in",
    "inche": "in", "mi": "mi", "mile": "mi", "yd": "yd", "yard": "yd",
}  # fmt: skip
_TIMES = {
    "s": "s", "sec": "s", "second": "s", "min": "min", "minute": "min", "h": "h", "hr": "h", "hour": "h", "day": "day",
}  # fmt: skip
_SPEEDS = {"mph": ("mi", "h"), "kmh": ("km", "h"), "kph": ("km", "h"), "knot": ("nmi", "h")}
_NUMBER = (
    r"(?P<number>\d+(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+)(?:\s?/\s?(?P<below>\d+)(?!\s?[a-z]))?(?P<pi>\s?(?:π|\\?pi\b))?"
)
_POWER = r"(?P<power>\^?\s?\{?[23]\}?|[²³])?"
_UNIT = re.compile(
    rf"\$?{_NUMBER}\$?[\s-]?(?:\\,|\\text\s?\{{|\\mathrm\s?\{{|\$)?\s?(?P<cubic>cubic|cu\.?|square|sq\.?)?\s?"
    rf"(?P<unit>[A-Za-z°]+)(?:\.(?=\^|[²³]))?{_POWER}\}}?\$?"
    r"(?:\s?(?:/|per|a|an|each|every)\s?(?:\\text\s?\{)?(?P<per>[A-Za-z]+)\}?)?(?:\s?\^?\{?-1\}?)?"
)
_CLAUSE = re.compile(
    r"[.;?!](?=\s|\Z)|,(?!\d{3})|\b(?:when|if|while|at the (?:moment|instant|time|point)|how|find|what|and|where|as|"
    r"so that|which)\b",
    re.IGNORECASE,
)
_VOLUMES = {"liter": "litre", "litre": "litre", "l": "litre", "gallon": "gallon", "gal": "gallon"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its unit: `power` 1, 2, 3 for lengths, areas, volumes, 0 for a bare number, an angle or a time;
    `per` is the unit of time of a rate. `clause` is the words around it, `at` where in the clause it stands.
    """

    value: str
    power: int
    unit: str
    per: str
    clause: str
    at: int
    span: tuple[int, int]


def clauses_of(text: str) -> list[tuple[int, int]]:
    """The clauses of a text; a word that opens one belongs to it."""
    cuts = sorted({0, *(found.start() for found in _CLAUSE.finditer(text)), len(text)})
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip(" .,;?!")]


def measured_in(text: str) -> list[Measured]:
    """The quantities of a text, in their order."""
    found = []
    for start, end in clauses_of(text):
        for match in _UNIT.finditer(text, start, end):
            meaning = _meaning(match)
            if meaning:
                power, unit, per = meaning
                span = match.span()
                found.append(Measured(_value(match), power, unit, per, text[start:end].lower(), span[0] - start, span))
    return found


def _value(match: re.Match[str]) -> str:
    value = match["number"].replace(",", "")
    value += f"/{match['below']}" if match["below"] else ""
    return f"{value}*pi" if match["pi"] else value


def _meaning(match: re.Match[str]) -> tuple[int, str, str] | None:
    """Power, unit of length, unit of time."""
    word = match["unit"].lower().removesuffix("s") if len(match["unit"]) > 2 else match["unit"].lower()
    per = (match["per"] or "").lower()
    per = _TIMES.get(per.removesuffix("s") if len(per) > 2 else per, "")
    if word in _SPEEDS:
        return 1, *_SPEEDS[word]
    if word in ("ml", "cc", "milliliter", "millilitre"):
        return 3, "cm", per
    if word in _VOLUMES:
        return 3, _VOLUMES[word], per
    if word in ("rad", "radian"):
        return 0, "rad", per
    if word in _TIMES and not per:
        return 0, _TIMES[word], ""
    if word not in _LENGTHS:
        return None
    raised = re.sub(r"\D", "", (match["power"] or "").translate(str.maketrans("²³", "23")))
    if match["cubic"]:
        raised = "3" if match["cubic"].startswith("cu") else "2"
    return int(raised or 1), _LENGTHS[word], per


_METRES = {
    "m": "1", "cm": "1/100", "mm": "1/1000", "km": "1000", "ft": "381/1250", "in": "127/5000", "mi": "201168/125",
    "yd": "1143/1250",
}  # fmt: skip
_SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 86400}


def is_measure(text: str) -> bool:
    """Whether a text is one quantity, 100 m^2, and so perhaps no formula of m."""
    found = _UNIT.fullmatch(text.strip(" $"))
    return bool(found and _meaning(found))


def length_unit(quantities: Sequence[Measured]) -> str:
    """The unit of length of some quantities: that of the first that has one; cm where there are litres alone."""
    units = [quantity.unit for quantity in quantities if quantity.power and quantity.unit]
    lengths = [unit for unit in units if unit in _METRES]
    return lengths[0] if lengths else "cm" if "litre" in units else ""


def scaled(quantity: Measured, length: str, time: str) -> str | None:
    """The number of a quantity in the given units; None where they cannot be compared."""
    factor = Fraction(1)
    if quantity.power == 3 and quantity.unit == "litre" and length in _METRES:
        factor = Fraction(1, 1000) / Fraction(_METRES[length]) ** 3
    elif quantity.power and quantity.unit != length:
        if quantity.unit not in _METRES or length not in _METRES:
            return None
        factor *= (Fraction(_METRES[quantity.unit]) / Fraction(_METRES[length])) ** quantity.power
    if quantity.per and quantity.per != time:
        if time not in _SECONDS:
            return None
        factor *= Fraction(_SECONDS[time], _SECONDS[quantity.per])
    return quantity.value if factor == 1 else f"({quantity.value})*({factor})"


def time_in(quantity: Measured, unit: str) -> str:
    """The number of a time in a unit of time; "" where one is none."""
    if quantity.unit not in _SECONDS or unit not in _SECONDS:
        return ""
    factor = Fraction(_SECONDS[quantity.unit], _SECONDS[unit])
    return quantity.value if factor == 1 else f"({quantity.value})*({factor})"
