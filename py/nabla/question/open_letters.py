"""Letters that stand for functions which are left open: (uv)', d/dx (f/g), uv where u and v are functions of x."""

from __future__ import annotations

import re

from nabla.question.filled import Span, apart, put
from nabla.question.formulas import Formula, names_in
from nabla.question.roles import RoleReading

FUNCTIONS = frozenset("fghuvw")  # what functions are called that nothing is told of
_LETTER = r"\$?[a-zA-Z]\$?"
_TOLD = re.compile(
    rf"\b((?:{_LETTER}\s*,\s*)*(?:{_LETTER}\s*,?\s+and\s+)?{_LETTER})\s+"
    r"(?:(?:is|are|be|being|both|all|each|a|an|two|some|unknown|differentiable|smooth)\s+)*"
    r"(?:functions?\s+of|depend\w*\s+(?:up)?on)\s+\$?([a-z])\b"
)


def with_open_functions(text: str, reading: RoleReading, used: list[Span]) -> str:
    """The function with u(x) for each letter u that is an open function of x, by what is told or by its sign."""
    letters, variable = _told(reading, used) or _signed(text, reading.functions[0])
    held = [name for name in names_in(text) if name in letters and name != variable and name not in reading.definitions]
    if not held:
        return text
    written = apart(text)
    for name in held:
        written = put(written, name, f"{name}({variable})", again=True) or written
    return written


def _told(reading: RoleReading, used: list[Span]) -> tuple[frozenset[str], str] | None:
    """The letters that the text says to be functions, and of what."""
    found = _TOLD.search(reading.text)
    if found is None:
        return None
    for formula in reading.formulas:
        if found.start() <= formula.span[0] < found.end():
            used.append(formula.span)
            formula.role = "aside" if formula.role == "variable" else formula.role  # by t, x and y functions of t
    return frozenset(re.findall(r"\b[A-Za-z]\b", found[1])), found[2]


def _signed(text: str, first: Formula) -> tuple[frozenset[str], str]:
    """The letters under a prime or under d/dx, where all of them are called as functions are."""
    mark, names = first.prime, set(names_in(text))
    if first.shape != "applied" or mark is None or not names or not names <= FUNCTIONS:
        return frozenset(), ""
    primed = len(names) > 1 and not mark.variables
    signed = len(set(mark.variables)) == 1 and mark.variables[0] not in names
    return (frozenset(names), mark.variables[0] if signed else "x") if primed or signed else (frozenset(), "")
