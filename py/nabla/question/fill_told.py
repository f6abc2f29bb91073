"""A value that a text tells of a function at one place, f(0) = 0 or f(0, 0) = 0, as a piece of it."""

from __future__ import annotations

import re

from nabla.question.filled import Span
from nabla.question.formulas import is_constant
from nabla.question.roles import RoleReading


def value_told(reading: RoleReading, inputs: dict[str, str], used: list[Span]) -> str:
    """A value told for one place, `f(x) = x sin(1/x), f(0) = 0`, made a piece of the function.

    Returns:
        The place, if the text asks whether the function has a derivative; it is where the question is.
    """
    first = reading.functions[0]
    if first.shape != "function" or len(first.args) not in (1, 2) or ";" in inputs["f"]:
        return ""
    if len(first.args) == 2:
        _value_of_two(reading, inputs, used)
        return ""
    for formula in reading.formulas:
        told = re.fullmatch(rf"{re.escape(first.name)}\s?\(\s?(.+?)\s?\)", formula.sides[0])
        if told and len(formula.sides) == 2 and is_constant(told[1]) and is_constant(formula.sides[1]):
            x = first.args[0]
            inputs["f"] = f"{inputs['f']} if {x} != {told[1]} else {formula.sides[1]}"
            used.append(formula.span)
            asked = re.search(r"\bdifferentiable\b|\bcontinuous\b", reading.text)
            return f"{x}={told[1]}" if asked else ""
    return ""


def _value_of_two(reading: RoleReading, inputs: dict[str, str], used: list[Span]) -> None:
    """A value told for one point, f(0, 0) = 0, made a piece of a function of two variables."""
    first = reading.functions[0]
    for formula in reading.formulas:
        told = re.fullmatch(rf"{re.escape(first.name)}\s?\(([^(),]+),([^(),]+)\)", formula.sides[0].strip())
        if told and len(formula.sides) == 2 and all(is_constant(side) for side in (*told.groups(), formula.sides[1])):
            (x, y), (a, b) = first.args, told.groups()
            elsewhere = f"({x} != {a.strip()} or {y} != {b.strip()})"
            inputs["f"] = f"{inputs['f']} if {elsewhere} else {formula.sides[1]}"
            used.append(formula.span)
            return
