"""The inputs of derive for rates that a text gives with a formula: V = a³, da/dt = 2, and dV/dt asked for at a = 5."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.filled import Filled, Span, doubts_of
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.percentages import letter_of
from nabla.question.roles import RoleReading

_SAID = re.compile(
    r"(?<![A-Za-z\\])\$?(?P<word>[A-Za-z]+)\$?(?:\s+of\s+(?:the|a|an)\s+\w+)?\s+(?:(?:is|are|was)\s+)?(?:being\s+)?"
    r"(?P<way>increas|grow|ris|expand|rais|decreas|shrink|fall|drop|reduc|contract)\w*\s+(?:at\s+)?(?:(?:a|the)\s+)?"
    r"(?:constant\s+)?(?:rate\s+of\s+|by\s+)?\$?(?P<size>\d+(?:\.\d+)?(?:/\d+)?)"
)
_FALLS = ("decreas", "shrink", "fall", "drop", "reduc", "contract")


def fill_rates(reading: RoleReading) -> Filled | None:
    """The equation, the rates that are known, the one that is asked for, and the values at the moment."""
    asked = next((r for r in reading.requests if r.what == "related-rate" and r.function), None)
    first = reading.functions[0] if reading.functions else None
    if asked is None or first is None or reading.programs or first.shape not in ("definition", "equation"):
        return None
    names = tuple(dict.fromkeys((*names_in(first.sides[0]), *names_in(first.sides[-1]))))
    used: list[Span] = [first.span, asked.span]
    rates = _signed(reading, names, used) | _worded(reading.text, names)
    rates.pop(asked.function, None)
    if not rates or not set(rates) <= set(names):
        return None
    at = _values(reading, names, used)
    still = [name for name in names if name not in {*rates, *at, asked.function, first.name}]
    known = [f"{name}' = {rate}" for name, rate in rates.items()] + [f"{name}' = 0" for name in still]
    inputs = {
        "f": f"{first.sides[0]} = {first.sides[-1]}",
        "what": "rate",
        "rates": ", ".join([*known, f"{asked.function}' = ?"]),
        "at": ", ".join(f"{name}={value}" for name, value in at.items()),
    }
    return Filled({key: text for key, text in inputs.items() if text}, tuple(used), doubts_of([first]))


def _signed(reading: RoleReading, names: Sequence[str], used: list[Span]) -> dict[str, str]:
    """The rates that are told with signs, dx/dt = 3."""
    found: dict[str, str] = {}
    for formula in reading.formulas:
        mark = formula.prime
        given = formula.shape == "claim" and formula.frame not in ("claim", "rival")
        if given and mark and len(mark.variables) == 1 and mark.function in names and is_constant(formula.sides[-1]):
            found[mark.function] = formula.sides[-1]
            used.append(formula.span)
    return found


def _worded(text: str, names: Sequence[str]) -> dict[str, str]:
    """The rates that are told in words, the radius increases at 2 cm/s."""
    found: dict[str, str] = {}
    for said in _SAID.finditer(text):
        if name := letter_of(said["word"], names):
            found.setdefault(name, f"{'-' * (said['way'] in _FALLS)}{said['size']}")
    return found


def _values(reading: RoleReading, names: Sequence[str], used: list[Span]) -> dict[str, str]:
    """The values at the moment: by their names, or a point of the plane."""
    found: dict[str, str] = {}
    for formula in reading.formulas:
        if formula.role != "point" or formula.span in used:
            continue
        if formula.shape == "value" and formula.name in names:
            found.setdefault(formula.name, formula.body)
            used.append(formula.span)
        elif (entries := _point(formula)) and {"x", "y"} <= set(names):
            found |= dict(zip(("x", "y"), entries, strict=False))
            used.append(formula.span)
    return found


def _point(formula: Formula) -> list[str]:
    return entries_of(formula.body) if formula.shape == "point" and len(entries_of(formula.body)) == 2 else []
