"""By what a derivative is taken, how often and where: variables, order and point of a question to derive."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nabla.question.filled import Span, put
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.request import Request
from nabla.question.roles import RoleReading
from nabla.read.fields.integrals import is_integral

_ORIGIN = re.compile(r"\bat\s+the\s+origin\b", re.IGNORECASE)
_EACH_PARAMETER = re.compile(
    r"\b(?:each|every|all|both)\s+(?:of\s+)?(?:the\s+|its\s+)?(?:parameter|coefficient|constant)s?\b|"
    r"\b(?:respect\s+to|wrt)\s+(?:the|its)\s+(?:parameters|coefficients)\b",
    re.IGNORECASE,
)
_SHOWN = 6  # derivatives of a higher order are not taken one after another


def path_of(reading: RoleReading, inputs: dict[str, str], used: list[Span], main: Request) -> None:
    """Coordinates that are defined, for a function of them: the total derivative along a path."""
    names = (
        [name for name in names_in(inputs["f"]) if name in reading.definitions]
        if ";" not in inputs["f"] and "=" not in inputs["f"]
        else []
    )
    wanted = main.variables[-1] if main.variables else ""
    if len(names) < 2 or wanted in names:
        return
    if len(main.variables) > 1 or main.order > 1:  # of a higher order: of the function with the path put in
        text = inputs["f"]
        for name in names:
            text = put(text, name, f"#{name}#", again=True) or text
        for name in names:
            text = text.replace(f"#{name}#", reading.definitions[name].sides[1])
        inputs["f"] = text
        used += [reading.definitions[name].span for name in names]
        return
    inputs["path"] = ", ".join(f"{name} = {reading.definitions[name].sides[1]}" for name in names)
    used += [reading.definitions[name].span for name in names]


def known_in(reading: RoleReading, inputs: Mapping[str, str]) -> list[str]:
    """The variables of the function."""
    found: list[str] = []
    for part in [*inputs["f"].split(";"), *inputs.get("path", "").split(",")]:
        for side in [part] if "if" in part or "cases" in part else part.split("="):
            found += [name for name in names_in(side.strip()) if side.strip()]
    return list(dict.fromkeys(found))


def order_of(
    reading: RoleReading, main: Request, first: Formula, known: Sequence[str], used: list[Span]
) -> dict[str, str]:
    """With respect to what, and how often."""
    variables = list(main.variables)
    mark = first.prime if first.shape == "applied" else None
    if mark and mark.variables:
        variables = list(mark.variables)
    named = [formula for formula in reading.formulas if formula.role == "variable"]
    if not variables and named:
        variables = [formula.name for formula in named if formula.name]
        used += [formula.span for formula in named]
    elif named:
        used += [formula.span for formula in named if formula.name in variables]
    if not variables:  # w.grad = 30, dz/dy = x^2: what was answered tells by what
        told = {claim.prime.variables for claim in reading.claims if claim.prime and len(claim.prime.variables) == 1}
        variables = [*told.pop()] if len(told) == 1 else []
    order = 0 if main.variables else main.order
    if not main.variables and not main.order:
        order = max((r.order for r in reading.requests if r.what == "derivative" and not r.variables), default=0)
    if order == 0 and main.what == "derivative" and len(set(variables)) == 1 and len(variables) == 1:
        order = max((request.order for request in reading.requests), default=0)
    if order < 2 and (letters := _each_of(reading, main, first, known, variables)):
        return {"wrt": ",".join(letters), "what": "gradient"}
    high = max(order, len(variables))
    if high > _SHOWN and len(set(variables)) < 2:
        return {"what": "nth", "order": str(high), "wrt": "".join(variables[:1])}
    if order > 1 and not variables:
        return {"wrt": str(order)}
    if order > 1 and len(set(variables)) == 1:
        variables = variables[:1] * order
    if (
        mark is None
        and first.shape not in ("equation", "integral")
        and variables
        and not set(variables) & {*known, *(reading.definitions)}
        and reading.functions[0].shape != "definition"
    ):
        return {}
    if not variables and is_integral(first.body) and main.function == first.name:
        variables = list(first.args[:1])  # F'(x) of F(x), an integral
    return {"wrt": by(first, main.function, variables)} if variables else {}


def _each_of(
    reading: RoleReading, main: Request, first: Formula, known: Sequence[str], variables: Sequence[str]
) -> list[str]:
    """The letters of a list in words, by a, b and c, or of "each parameter": by each of them, and no mixed derivative
    unless it is called so.
    """
    if first.shape == "equation" or main.variables:
        return []
    if not variables and _EACH_PARAMETER.search(reading.text):
        return [name for name in known if name not in (first.args or [x for x in ("x", "t") if x in known][:1])]
    mixed = any({"mixed", "then", "cross"} & sentence.words for sentence in reading.sentences)
    listed = [formula.name for formula in reading.formulas if formula.role == "variable"] == list(variables)
    each = list(dict.fromkeys(variables))
    return each if len(each) > 1 and listed and not mixed and set(each) <= set(known) else []


def by_claim(reading: RoleReading, first: Formula, main: Request) -> Request:
    """The request with the variable of an answer, dσ/dw = ..., that only what the function's names stand for holds."""
    signs = [
        f.prime for f in reading.claims if f.prime and f.prime.function == first.name and len(f.prime.variables) == 1
    ]
    held = {name for name in names_in(first.body) if name in reading.definitions}
    inner = {inside for name in held for inside in names_in(reading.definitions[name].sides[-1])}
    asked = any(request.variables or request.what not in ("derivative", "judge", "why") for request in reading.requests)
    if main.variables or not signs or (asked and signs[0].variables[0] not in inner - set(names_in(first.body))):
        return main
    if len(signs) > 1 and len({mark.variables for mark in signs}) > 1:
        return main
    return replace(main, variables=signs[0].variables, function=first.name)


def in_its_case(main: Request, first: Formula) -> Request:
    """The request with its letters as the formula writes them: dP/dV of pv = nrt."""
    known = {*names_in(first.sides[0]), *names_in(first.sides[-1])}

    def spelled(name: str) -> str:
        return name.swapcase() if name not in known and name.swapcase() in known else name

    if first.shape not in ("equation", "definition") or not main.variables:
        return main
    return replace(main, function=spelled(main.function), variables=tuple(map(spelled, main.variables)))


def by(first: Formula, function: str, variables: Sequence[str]) -> str:
    """The variables of a derivative; of an equation with the sign, dz/dx, that tells which name is the function."""
    known = names_in(first.read.partition("=")[0]) + names_in(first.read.partition("=")[2])
    implicit = first.shape == "equation" and len(set(known)) > 2 and function in known and function.isascii()
    return f"d{function}/d{','.join(variables)}" if implicit and function not in variables else ",".join(variables)


def point_of(reading: RoleReading, known: Sequence[str], main: Request, used: list[Span]) -> str:
    """The values of the variables, or a point without names."""
    values: dict[str, str] = {}
    for formula in reading.formulas:
        if formula.role == "point" and formula.shape == "value":
            if formula.args:
                pairs = zip(formula.args, entries_of(formula.body), strict=False)
                values.update({name: entry for name, entry in pairs if name in known and name not in values})
                used.append(formula.span)
            elif formula.name in known and formula.name not in values:
                values[formula.name] = formula.body
                used.append(formula.span)
    if values:
        return ", ".join(f"{name}={value}" for name, value in values.items())
    for formula in reading.formulas:
        if formula.role == "point" and formula.shape in ("point", "number"):
            used.append(formula.span)
            return f"({', '.join(entries_of(formula.body))})" if formula.shape == "point" else formula.body
    if _ORIGIN.search(reading.text) and (zeros := [name for name in known if name in ("x", "y", "z")]):
        return ", ".join(f"{name}=0" for name in zeros)
    pointed = [formula.island.point for formula in reading.functions if formula.island.point]
    if pointed:
        return pointed[0]
    for request in reading.requests:
        if request.at and all(is_constant(entry) for entry in request.at.split(",")):
            return request.at if "," not in request.at else f"({request.at})"
    return ""
