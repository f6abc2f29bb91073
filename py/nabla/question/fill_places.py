"""The inputs of derive for places and numbers: where a slope is 0, Newton's steps, an inverse, a matrix, an error."""

from __future__ import annotations

import re

from nabla.question.fill_conditions import host, variable_of
from nabla.question.filled import Filled, Span, doubts_of
from nabla.question.formulas import Formula, is_constant, names_in
from nabla.question.notation import PRIMES
from nabla.question.roles import RoleReading

_SECOND = re.compile(r"\bacceleration\b|\bsecond derivative\b")
_LEVEL = re.compile(
    r"\bmle\b|\blikelihood\b|\bhorizontal\b|\blevel\b|\bat rest\b|\bstops?\b|\bstationary\b|\bzero\b|\bflat\b"
)
_EQUAL = re.compile(
    r"(?:\b(?:slope|gradient|derivative|velocity|speed|acceleration)\b[^.;?]{0,30}?"
    r"(?:\b(?:is|of|equals?|equal to|be)\b|=)\s*(?:to\s+)?)\Z"
)
_PARALLEL = re.compile(r"\bparallel to\b")
_COUNTS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "first": 1,
    "second": 2,
    "third": 3,
    "once": 1,
    "twice": 2,
}
_STEPS = re.compile(
    rf"\b(\d|{'|'.join(_COUNTS)})\s+(?:more\s+)?(?:steps?|iterations?|iterates?|times)\b|\bx_?\{{?([1-9])\}}?(?!\d|\s?=)"
)
_OF_ROOT = re.compile(r"\b(?:roots?|zeros?|zeroes|solutions?|solve|equation|approximat\w+|by hand)\b|=\s?0\b|\bx_\{?\d")
_INVERSE = re.compile(
    r"\(\s?([A-Za-z])\s?\^\s?\{?\s?[-−]\s?1\s?\}?\s?\)\s?(?:['′’]|\^\{?\\prime\}?)\s?\(\s?([^()]+?)\s?\)"
    r"|\bd\s?([A-Za-z])\s?\^\s?\{?\s?[-−]\s?1\s?\}?\s?/\s?d[a-z]"
)
_SLANT = re.compile(r"\s*(?:([-+−]?\s?\d*(?:\.\d+)?(?:/\d+)?)\s?\*?\s?x)(?:\s?[-+−].*)?\s*")


def fill_places(reading: RoleReading) -> Filled | None:
    """The inputs for a text that asks for places, for Newton's steps, for an inverse or about a matrix of numbers."""
    if reading.programs or reading.data:
        return None
    return _matrix(reading) or _newton(reading) or _inverse(reading) or _places(reading)


def _matrix(reading: RoleReading) -> Filled | None:
    """A matrix by itself, and whether it is definite or what its determinant is."""
    asked = next((what for what in ("definite", "determinant") if reading.asks(what)), "")
    if not asked or reading.asks("jacobian", "hessian"):
        return None
    for formula in reading.formulas:
        if formula.shape != "matrix" and "matrix}" not in formula.body:
            continue
        body = re.sub(r"\\begin\{[bpvB]?matrix\}|\\end\{[bpvB]?matrix\}", "", formula.body)
        if body != formula.body:
            body = "; ".join(row.replace("&", ",").strip() for row in body.split("\\\\") if row.strip())
        return Filled({"f": body, "what": asked}, (formula.span,))
    return None


def _newton(reading: RoleReading) -> Filled | None:
    """Newton's steps by hand: the function or the equation, the start, how many steps, and the asker's numbers."""
    lower = reading.text.lower()
    by_hand = reading.asks("roots") or _STEPS.search(lower) or _OF_ROOT.search(lower)
    if (
        not by_hand
        or not reading.asks("newton")
        or re.search(r"\bminimi[sz]|\boptimi[sz]|\bmaximi[sz]", reading.text.lower())
    ):
        return None
    first = next((f for f in reading.formulas if f.shape == "equation" and len(names_in(f.read)) == 1), None)
    first = host(reading) or first
    if first is None:
        return None
    left, _, right = first.read.partition("=") if first.shape == "equation" else (first.body, "", "0")
    f = left.strip() if right.strip() == "0" else f"({left.strip()}) - ({right.strip()})"
    x = next(iter(names_in(f)), "")
    if len(names_in(f)) != 1:
        return None
    used: list[Span] = [first.span]
    inputs = {"f": f, "what": "newton", "wrt": x}
    iterates = re.compile(rf"{x}_?\{{?(\d)\}}?")
    claims: list[Formula] = []
    for formula in reading.formulas:
        if formula.shape not in ("value", "number") or formula.span in used or not is_constant(formula.body):
            continue
        named = iterates.fullmatch(formula.name) if formula.shape == "value" else None
        mine = formula.role == "claim" or formula.frame == "claim"
        start = formula.shape == "number" and formula.role in ("start", "point", "number") and not mine
        if (named and named[1] == "0") or (formula.name == x and not mine) or (start and "at" not in inputs):
            inputs["at"] = f"{x}={formula.body}"
        elif mine or (named and named[1] != "0"):
            claims.append(formula)
        else:
            continue
        used.append(formula.span)
    if "at" not in inputs:
        return None
    found = [_COUNTS.get(m[1] or "", 0) or int(m[1] or m[2]) for m in _STEPS.finditer(reading.text.lower())]
    inputs["order"] = str(max([*found, len(claims)], default=0) or "")
    inputs["claim"] = "; ".join(formula.body for formula in claims)
    return Filled({name: text for name, text in inputs.items() if text}, tuple(used), doubts_of([first]))


def _inverse(reading: RoleReading) -> Filled | None:
    """The derivative of the inverse: (f^-1)'(3), or in words at a place of it."""
    signed = _INVERSE.search(reading.text)
    if not signed and not reading.asks("inverse"):
        return None
    first = host(reading)
    if first is None or len(names_in(first.body)) != 1:
        return None
    used: list[Span] = [first.span]
    place = signed[2] if signed and signed[2] and is_constant(signed[2]) else ""
    if signed:
        used += [f.span for f in reading.formulas if f.span[0] < signed.end() and signed.start() < f.span[1]]
    for formula in reading.formulas:
        if not place and formula.role in ("point", "number", "claim") and formula.shape in ("value", "number"):
            place = formula.body
            used.append(formula.span)
    name = f"{first.name} = " if first.name and first.name != "f" else ""
    inputs = {"f": f"{name}{first.body}", "what": "inverse", "at": place, "wrt": variable_of(first)[0]}
    return Filled({key: text for key, text in inputs.items() if text}, tuple(dict.fromkeys(used)), doubts_of([first]))


def _places(reading: RoleReading) -> Filled | None:
    """Where a derivative has a value: where the tangent is level, when something is at rest, where the slope is 2."""
    if not reading.asks("moment"):
        return None
    first = host(reading)
    variables = variable_of(first) if first else ()
    if first is None or len(variables) != 1:
        return None
    used: list[Span] = [first.span]
    x, name = variables[0], first.name or "f"
    asked = [request for request in reading.requests if request.what == "moment"]
    further = []
    for request in asked:
        sentence = next(s for s in reading.sentences if s.tokens[0].start <= request.span[0] < s.tokens[-1].end)
        text = reading.text[sentence.tokens[0].start : sentence.tokens[-1].end].lower()
        order = 2 if _SECOND.search(text) else 1
        numbers = [f for f in sentence.formulas.values() if f.shape == "number" and _EQUAL.search(_before(reading, f))]
        level = numbers[0].body if numbers else "0"
        lines = [f for f in sentence.formulas.values() if f.shape == "definition" and f is not first]
        if _PARALLEL.search(text) and lines and (slant := _SLANT.fullmatch(lines[0].body)):
            factor = slant[1].replace(" ", "").replace("−", "-")
            level = f"{factor}1" if factor in ("", "+", "-") else factor
            used.append(lines[0].span)
        elif not numbers and not _LEVEL.search(text) and not re.search(r"\b0\b", text):
            continue
        used += [f.span for f in numbers]
        body = first.body if name == "f" else f"{name} = {first.body}"
        inputs = {"f": body, "wrt": x, "what": "places", "conditions": f"{name}{PRIMES[0] * order}({x}) = {level}"}
        conditions = [f for f in reading.formulas if f.role == "condition" and x in names_in(f.read) and f is not first]
        conditions = [f for f in conditions if f.island.relations and f.island.relations[0] != "="]
        if conditions:
            inputs["domain"] = ", ".join(f.read for f in conditions)
            used += [f.span for f in conditions]
        elif x == "t" and re.search(
            r"\bpartic|\bmoves?\b|\bmoving\b|\bseconds?\b|\bball\b|\brest\b", reading.text.lower()
        ):
            inputs["domain"] = "t >= 0"
        further.append(Filled(inputs, (request.span,), asked=reading.text[slice(*request.span)]))
    if not further:
        return None
    further += _derivatives_beside(reading, first, x, used)
    return Filled(further[0].inputs, tuple(used), doubts_of([first]), tuple(further[1:]))


def _derivatives_beside(reading: RoleReading, first: Formula, x: str, used: list[Span]) -> list[Filled]:
    """Derivatives that are asked for beside the places: the acceleration at t = 3."""
    found = []
    body = first.body if not first.name or first.name == "f" else f"{first.name} = {first.body}"
    points = [f for f in reading.formulas if f.shape == "value" and f.name == x and f.role == "point"]
    for request in reading.requests:
        if request.what != "derivative":
            continue
        at = points[0] if points else None
        inputs = {"f": body, "wrt": ",".join([x] * max(1, request.order))} | ({"at": f"{x}={at.body}"} if at else {})
        used += [at.span] if at else []
        found.append(Filled(inputs, (request.span,), asked=reading.text[slice(*request.span)]))
    return found


def _before(reading: RoleReading, formula: Formula) -> str:
    return reading.text[max(0, formula.span[0] - 60) : formula.span[0]].lower()
