"""The answers that a text gives to a question about a field, each with the name of what it is for where one is told."""

from __future__ import annotations

import re

from nabla.question.claims import Claim
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.lexicon import GLUED, classes_of
from nabla.question.roles import RoleReading
from nabla.question.route import Routed
from nabla.read.fields.matlab import is_matlab

_SCALARS = {"psi": "stream", "Psi": "stream"}
_OPERATORS = {"div": "divergence", "divergence": "divergence", "curl": "curl", "rot": "curl", "vorticity": "curl"}
_INTEGRALS = {"circulation": "work", "work": "work", "flux": "flux"}
_BEFORE = re.compile(r"\b(div|curl|rot)\s*\$?\Z", re.IGNORECASE)
_SIGNS = ("divergence", "curl", "laplacian", "gradient")
_CONSTANT = re.compile(r"C|c|k|K|const(?:ant)?\.?|C_\{?[01]\}?")
_OTHER = re.compile(r"\\mathbb|\\partial|∂|∇|\\nabla")  # says a condition or a rule
_COMMENT = re.compile(r"\s+(?:on|in|as|for|of|times|too|more|or)\b")  # there should be a 2 in front


def field_claims(reading: RoleReading, routed: Routed) -> tuple[Claim, ...]:
    """The answers that decompose can judge, in the order of the text."""
    found = []
    code = routed.inputs.get("code", "")
    if code and "CoordSys3D" not in code and not is_matlab(code):
        return ()  # numbers beside a program that is run are what it prints, or should
    for formula in reading.formulas:
        if formula.role != "claim" and not (_proposed(reading, formula) or _is_letter(formula)):
            continue
        if formula.span in routed.used or (lines := _lines(reading, routed, formula)) is None:
            continue
        text = reading.text[slice(*formula.span)].strip("$` ")
        found.append(Claim(text, lines, formula.whose or _whose(reading, formula), formula.span))
    return tuple(found)


_POTENTIAL = frozenset(("f", "phi", "varphi", "Phi", "U", "V", "g", "h", "psi", "Psi", "F"))


def _whose(reading: RoleReading, formula: Formula) -> str:
    """Of whom the sentence tells it: the nearest word before it that names somebody."""
    for token in reversed(reading.sentences[formula.sentence].tokens):
        if token.end <= formula.span[0] and (classes := classes_of(token.text) & {"RIVAL", "MY", "I"}):
            return "rival" if "RIVAL" in classes else "asker"
    return "asker"


def _is_letter(formula: Formula) -> bool:
    """Whether an answer is one letter: I get ω."""
    return formula.shape == "name" and formula.frame in ("claim", "rival") and formula.weight >= 7


def _proposed(reading: RoleReading, formula: Formula) -> bool:
    """Whether a formula is a potential or a stream function that the text proposes beside its field."""
    asked = reading.asks("potential", "conservative", "stream", "exact")
    placed = formula.role == "point" and formula.name not in _OPERATORS
    if _operator(reading, formula) and len(formula.sides) > 1 and formula.role != "request" and not placed:
        return True
    if formula.name == "A" and formula.shape == "vector" and reading.asks("vector-potential"):
        return formula.role == "unused"
    defined = formula.shape in ("definition", "function") and formula.name in _POTENTIAL
    return asked and defined and formula.role in ("unused", "definition", "candidate") and bool(reading.functions)


def _operator(reading: RoleReading, formula: Formula) -> str:
    """What a named formula is the divergence or the curl by: div = ..., divF = ..., div F = ...; "" for others."""
    name = glued[1] if (glued := GLUED.fullmatch(formula.name.lower())) else formula.name
    before = _BEFORE.search(reading.text[: formula.span[0]])
    return _OPERATORS.get(name, "") or (_OPERATORS[before[1].lower()] if before and len(formula.name) == 1 else "")


def _flow_line(formula: Formula) -> str:
    """An equation of x and y with a number on the right, as the claim of a flow line; "" for anything else."""
    curve = formula.shape in ("equation", "value") and len(formula.sides) == 2 and is_constant(formula.body)
    both = {"x", "y"} <= set(names_in(formula.sides[0])) or formula.sides[0].strip() in ("xy", "yx")
    return f"streamline = {formula.sides[0]} - ({formula.body})" if curve and both else ""


def _lines(reading: RoleReading, routed: Routed, formula: Formula) -> str | None:
    """An answer as the input `claim` takes it, None for what is none."""
    body, shape = formula.body, formula.shape
    if reading.asks("stream") and (line := _flow_line(formula)):
        return line
    if len(formula.sides) > 1 and _CONSTANT.fullmatch(body.strip()):  # x^2 y = C
        body = formula.sides[-2]
        shape = "definition" if shape == "equation" else shape
    entries = entries_of(body)
    value = f"[{', '.join(entries)}]" if len(entries) in (2, 3) else "" if entries else body
    if len(formula.sides) > 1 and (operator := _operator(reading, formula)):
        return f"{operator} = {value}" if value else None
    if shape in ("vector", "point"):
        return value or None
    if shape == "claim":
        kind = formula.prime.kind if formula.prime else ""
        return f"{kind} = {value}" if kind in _SIGNS and value and not _OTHER.search(value) else None
    if shape == "integral" and len(formula.sides) > 1:
        return f"work = {value}"
    if len(formula.sides) > 1 and (what := _INTEGRALS.get(formula.name.lower(), "")):
        return f"{what} = {value}" if value else None
    if shape in ("definition", "function", "value") and len(formula.sides) > 1:
        asked = {request.what for request in reading.requests}
        of_potential = asked & {"potential", "conservative", "exact"}
        what = _SCALARS.get(formula.name, "potential" if of_potential else "")
        return f"{what} = {value}" if what and value else value or None
    if shape == "number":
        return None if _COMMENT.match(reading.text[formula.span[1] :]) else value
    return value if shape in ("formula", "name") and not _OTHER.search(body) else None
