"""Equations that hold derivatives: their signs in one notation, as the field `conditions` of derive takes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.formulas import Formula, entries_of, is_constant, names_in
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


def gradient_of(text: str) -> str:
    """The function whose partial derivatives the components of a vector are, (f_x, f_y); "" for another vector."""
    entries = entries_of(text)
    marks = [mark_at(entry, 0) for entry in entries]
    names = {mark.function for mark, entry in zip(marks, entries, strict=True) if mark and mark.end == len(entry)}
    whole = all(mark and mark.end == len(entry) for mark, entry in zip(marks, entries, strict=True))
    by = {mark.variables for mark in marks if mark}
    return names.pop() if entries and whole and len(names) == 1 and len(by) == len(entries) else ""


def is_velocity(formula: Formula, text: str) -> bool:
    """Whether a function of the time is called v and said to be a velocity: its slope is the acceleration."""
    of_time = formula.args == ("t",) or (not formula.args and "t" in names_in(formula.body))
    return formula.name in ("v", "V") and of_time and "velocit" in text.lower()


def holds_signs(formula: Formula) -> bool:
    """Whether derivative signs stand inside an equation or behind its first sign."""
    if formula.shape == "formula" and formula.prime and formula.prime.variables:
        return True  # dQ/dP * P/Q
    inner = formula.sides[0] if formula.shape == "applied" else formula.read if formula.shape == "equation" else ""
    return any(mark_at(inner, i) for i, character in enumerate(inner) if character in "d∂\\{" and i < 400)


def is_convention(formula: Formula) -> bool:
    """Whether a formula only says what a name is the derivative of: u = ∂ψ/∂y, F = ∇f."""
    mark, side = formula.island.sides[-1].mark, formula.island.sides[-1]
    if len(formula.sides) != 2 or mark is None:
        return False
    behind = formula.body[mark.end - side.start :] if mark.end <= side.end else ""
    return not re.sub(r"[\s.$]|\\?[A-Za-zψφϕ]+$", "", behind)


_AT = re.compile(r"\\?[A-Za-zφψΦ]+\s*(\([^()]*,[^()]*\))")


def is_value_at(formula: Formula) -> str:
    """The place of f(0, 0) = 3, the value of a function of several variables; "" for anything else."""
    call = _AT.fullmatch(formula.sides[0].strip())
    if formula.shape != "equation" or call is None:
        return ""
    return call[1] if all(map(is_constant, [formula.body, *entries_of(call[1])])) else ""
