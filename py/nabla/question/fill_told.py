"""A value that a text tells of a function at one place, f(0) = 0 or f(0, 0) = 0, as a piece of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
            inputs["f"] = _in_pieces(inputs["f"], [f"{x} \\neq {told[1]}"], formula.sides[1])
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
            elsewhere = [f"{x} \\neq {a.strip()}", f"{y} \\neq {b.strip()}"]
            inputs["f"] = _in_pieces(inputs["f"], elsewhere, formula.sides[1])
            used.append(formula.span)
            return


def _in_pieces(body: str, elsewhere: Sequence[str], value: str) -> str:
    """A function that has a value of its own where none of the conditions holds, as LaTeX and Python write it."""
    if "\\" in body:
        where = r" \text{ or } ".join(elsewhere)
        return rf"\begin{{cases}} {body} & {where} \\ {value} & \text{{otherwise}} \end{{cases}}"
    return f"{body} if ({' or '.join(elsewhere)}) else {value}".replace("\\neq", "!=")
