"""Equations that hold derivatives: their signs in one notation, as the field `conditions` of derive takes them."""

from __future__ import annotations

from collections.abc import Sequence

from nabla.question.formulas import Formula, is_constant, names_in
from nabla.question.notation import PRIMES, Mark, mark_at


def marks_in(text: str) -> list[Mark]:
    """The derivative signs in a formula, in their order."""
    found: list[Mark] = []
    at = 0
    while at < min(len(text), 400):
        mark = mark_at(text, at) if at == 0 or not (text[at - 1].isalpha() or text[at - 1] == "\\") else None
        if mark and mark.kind == "derivative" and mark.inner is None:
            found.append(mark)
            at = mark.end
        else:
            at += 1
    return found


def canonical(text: str, name: str, variables: Sequence[str]) -> str:
    """A formula with its derivative signs of the function as f''(x) or f''(3), those by several variables as u_xx."""
    pieces, at = [], 0
    for mark in marks_in(text):
        if mark.function != name:
            continue
        order = len(mark.variables) or mark.order
        if len(variables) > 1:
            written = f"{name}_{{{''.join(mark.variables)}}}" if mark.variables else text[mark.start : mark.end]
        else:
            written = f"{name}{PRIMES[0] * order}({mark.arg or variables[0]})"
        pieces += [text[at : mark.start], written]
        at = mark.end
    return "".join([*pieces, text[at:]])


def is_differential(formula: Formula) -> bool:
    """Whether it is an equation between derivatives, or of one with its function: no answer, no value at a place."""
    if len(formula.sides) != 2 or formula.shape not in ("equation", "claim", "definition", "function", "applied"):
        return False
    marks = marks_in(formula.read)
    if not marks or any(mark.arg and is_constant(mark.arg) for mark in marks):
        return False
    left = marks_in(formula.sides[0])
    alone = len(marks) == 1 and bool(left) and left[0].start == 0 and left[0].end == len(formula.sides[0].strip())
    return not alone or marks[0].function in names_in(formula.sides[1])
