"""The ranges of coordinates that a text tells by inequalities, 0 ≤ x ≤ 1, or as a product, [0,1]x[0,1]."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.filled import Span
from nabla.question.formulas import Formula
from nabla.question.roles import RoleReading

_INTERVAL = re.compile(r"\[([^\[\],]+),([^\[\],]+)\]")
_CUBE = re.compile(r"\[([^\[\],]+),([^\[\],]+)\]\s?\^\s?\{?([23])\}?")
_RISING = frozenset(("<", "≤", "<=", "\\le", "\\leq", "\\lt", "\\leqslant"))


def ends_of(formula: Formula) -> tuple[str, str]:
    """The lower and the upper end in an inequality with three sides, which may fall: 1 ≥ x ≥ 0."""
    first, last = formula.sides[0].strip(), formula.sides[2].strip()
    return (first, last) if _RISING & set(formula.island.relations) else (last, first)


def _shared(reading: RoleReading, first: Formula) -> tuple[list[str], tuple[str, str], list[Span]] | None:
    """The letters of 0 ≤ x, y ≤ 1, which is read as two conditions, with the ends that they share and the places."""
    at = reading.formulas.index(first)
    for second in reading.formulas[at + 1 : at + 2]:
        between = reading.text[first.span[1] : second.span[0]]
        sides = [side.strip() for side in (*first.sides, *second.sides)]
        rising = {*first.island.relations, *second.island.relations} <= _RISING
        if second.shape == "condition" and len(sides) == 4 and between.strip() == "," and rising:
            return [sides[1], sides[2]], (sides[0], sides[3]), [first.span, second.span]
    return None


def ranges_of(reading: RoleReading, names: Sequence[str], used: list[Span]) -> dict[str, tuple[str, str]]:
    """The ends of each of the coordinates `names` that have a range, from inequalities or a product of all."""
    found: dict[str, tuple[str, str]] = {}
    for formula in reading.formulas:
        sides = [side.strip() for side in formula.sides]
        if formula.shape == "condition" and len(sides) == 3 and sides[1] in names:
            found[sides[1]] = ends_of(formula)
            used.append(formula.span)
        elif formula.shape == "condition" and (shared := _shared(reading, formula)) and set(shared[0]) <= set(names):
            found |= dict.fromkeys(shared[0], shared[1])
            used += shared[2]
        elif len(sides) == 1 and (cube := _CUBE.fullmatch(sides[0])) and int(cube[3]) == len(names):
            found = dict.fromkeys(names, (cube[1].strip(), cube[2].strip()))
            used.append(formula.span)
        elif len(sides) == 1 and len(both := _INTERVAL.findall(sides[0])) == len(names):
            found = {name: (low.strip(), high.strip()) for name, (low, high) in zip(names, both, strict=True)}
            used.append(formula.span)
    return found
