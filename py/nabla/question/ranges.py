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


def ranges_of(reading: RoleReading, names: Sequence[str], used: list[Span]) -> dict[str, tuple[str, str]]:
    """The ends of each of the coordinates `names` that have a range, from inequalities or a product of all."""
    found: dict[str, tuple[str, str]] = {}
    for formula in reading.formulas:
        sides = [side.strip() for side in formula.sides]
        if formula.shape == "condition" and len(sides) == 3 and sides[1] in names:
            found[sides[1]] = ends_of(formula)
            used.append(formula.span)
        elif len(sides) == 1 and (cube := _CUBE.fullmatch(sides[0])) and int(cube[3]) == len(names):
            found = dict.fromkeys(names, (cube[1].strip(), cube[2].strip()))
            used.append(formula.span)
        elif len(sides) == 1 and len(both := _INTERVAL.findall(sides[0])) == len(names):
            found = {name: (low.strip(), high.strip()) for name, (low, high) in zip(names, both, strict=True)}
            used.append(formula.span)
    return found
