"""The answers that a text gives to its question: what each one is about, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from nabla.question.claim_names import with_definitions
from nabla.question.fill_derive import AROUND
from nabla.question.fill_variables import by
from nabla.question.filled import apart, put
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.notation import bare, mark_at
from nabla.question.pieces import Piece
from nabla.question.roles import RoleReading
from nabla.question.route import Routed
from nabla.read.fields.vectors import components_in_order

# What a point is said to be behind it: (1, 1) is a local max.
_KIND = re.compile(
    r"\$?\s*(?:(?:is|as|being|to be|are|=|:|→)\s*)?(?:an?\s+|the\s+)?(?:local\s+|relative\s+|global\s+|absolute\s+)?"
    r"(max|min|saddle)",
    re.IGNORECASE,
)
_KINDS = {"max": "maximum", "min": "minimum", "sad": "saddle"}
VALUED = ("laplacian", "limit", "integral", "related-rate", "work", "slope", "directional")  # what a number can answer


@dataclass(frozen=True, slots=True)
class Claim:
    """An answer of the text: as typed, the lines for the judge, whose it is, and the inputs that differ for it."""

    text: str
    lines: str
    whose: str
    span: tuple[int, int]
    inputs: dict[str, str] = field(default_factory=dict)


def claims_of(reading: RoleReading, routed: Routed) -> tuple[Claim, ...]:
    """The claims that the lab can judge, each with what differs from the question's inputs."""
    last = max((piece.start for piece in reading.pieces if piece.kind == "code"), default=0)
    printed = [_printed(reading, piece) for piece in reading.pieces if piece.kind == "output" and piece.start >= last]
    found = [claim for claim in printed if claim][-1:] if not reading.functions or reading.programs else []
    judged = not reading.programs and "shapes" not in routed.inputs and "conditions" not in routed.inputs
    for formula in reading.claims:
        if "conditions" in routed.inputs and formula.span in routed.used:
            continue  # what is told of the function
        if routed.inputs.get("rates") and formula.shape == "claim" and formula.frame not in ("claim", "rival"):
            continue  # a rate that is given
        if routed.inputs.get("what") in ("greatest", "least", "both") and not formula.prime and formula.weight < 7:
            continue  # a quantity of the story
        claim = _claim(reading, routed, formula)
        if claim is None:
            continue
        lines = _without_name(reading, routed, claim.lines)
        told = with_definitions(lines, reading, {**routed.inputs, **claim.inputs}) if judged and lines else lines
        if told is not None:
            found.append(replace(claim, lines=told))
    return tuple(_united(reading, found) if routed.inputs.get("what") in _SHAPES else found)


# What the intervals of a claim are of, by the word that stands last before them.
_SHAPES = ("monotony", "concavity", "shape")
_WORD = re.compile(r"\b(increas|decreas|rising|falling|concave\s+(?:up|down)|convex)", re.IGNORECASE)
_WORDS = {"inc": "increasing", "ris": "increasing", "dec": "decreasing", "fal": "decreasing", "con": "concave up"}
_UNION = re.compile(r"\s*(?:[$,]|∪|U|\\cup|and|or)*\s*(?:∪|U|\\cup|and|or|,)?\s*\$?\s*")


def _united(reading: RoleReading, claims: Sequence[Claim]) -> list[Claim]:
    """Intervals side by side as one answer, with the word that tells what they are of."""
    found: list[Claim] = []
    for claim in claims:
        before = found[-1] if found else None
        between = reading.text[before.span[1] : claim.span[0]] if before else "."
        if before and before.whose == claim.whose and _UNION.fullmatch(between):
            span = (before.span[0], claim.span[1])
            found[-1] = replace(
                before, text=reading.text[slice(*span)], lines=f"{before.lines}; {claim.lines}", span=span
            )
            continue
        words = [match[1].lower() for match in _WORD.finditer(reading.text[: claim.span[0]])]
        word = (
            "concave down" if words and words[-1].endswith("down") else _WORDS.get(words[-1][:3], "") if words else ""
        )
        found.append(replace(claim, lines=f"{word}: {claim.lines}" if word else claim.lines))
    return found


def _without_name(reading: RoleReading, routed: Routed, lines: str) -> str | None:
    """An answer that uses the name of the function, y (ln x + 1) for y = x^x, with the function in its place; None
    where the name cannot be told apart from what it stands in.
    """
    first = reading.functions[0] if len(reading.functions) == 1 else None
    left, _, right = routed.inputs.get("f", "").partition("=")
    body = (right if right and first and bare(left.partition("(")[0]) == first.name else left + right).strip()
    if first is None or first.shape not in ("definition", "function") or not first.name or ";" in body:
        return lines
    if first.name in names_in(body) or any(first.name == formula.name for formula in reading.claims if formula.args):
        return lines
    arguments = "|".join(re.escape(name) for name in first.args) or "-"
    calls = re.compile(rf"(?<![A-Za-z\\]){re.escape(first.name)}\s?\(\s?\\?(?:{arguments})\s?\)")
    called = calls.sub(lambda _: f"({body})", lines)
    if first.name not in names_in(called):
        return called
    return put(apart(called), first.name, body)


def _printed(reading: RoleReading, piece: Piece) -> Claim | None:
    """A formula that a session of SymPy printed, as the answer of another."""
    text = re.sub(r"\AOut\s?\[\d*\]\s?:?=?\s?", "", piece.text.strip())
    if "\n" in text or not re.search(r"[A-Za-z]", text):
        return None
    at = reading.text.index(text, piece.start)
    return Claim(text, text, "rival", (at, at + len(text)))


def _claim(reading: RoleReading, routed: Routed, formula: Formula) -> Claim | None:
    first = reading.functions[0] if reading.functions else None
    sides = formula.sides
    if routed.inputs.get("what") == "integral" and formula.read.strip(" +") in ("C", "c"):
        return None  # with + C
    text = reading.text[slice(*formula.span)].strip("$` \n")
    if formula is first:  # d/dx of something = ...
        lines = " = ".join(sides[1:])
        return Claim(lines, lines, formula.whose, formula.span)
    if formula.shape == "claim" and any(_has_sign(side) for side in sides[1:]):
        return None  # dy/dx = dy/du du/dx says a rule, and no answer
    if formula.shape == "claim":
        mark = formula.prime
        lines = " = ".join(sides[1:])
        if mark is None:
            return Claim(text, lines, formula.whose, formula.span)
        return Claim(text, lines, formula.whose, formula.span, _about(reading, routed, formula))
    if formula.shape == "applied" and len(sides) > 1:
        mark = formula.prime
        wrt = ",".join(mark.variables) if mark else ""
        return Claim(
            text,
            " = ".join(sides[1:]),
            formula.whose,
            formula.span,
            {"f": sides[0], "wrt": wrt, "at": "", "what": "", "path": ""},
        )
    if formula.shape == "number":
        pointed = routed.inputs.get("at", "") != "" or not names_in(routed.inputs.get("f", "x"))
        if re.match(r"\s+(?:on|in|as|for|of|times|too|more|or)\b", reading.text[formula.span[1] :]):
            return None  # there should be a 2 in front
        plain = is_constant(formula.body) and (pointed or reading.asks("derivative", "judge", "why", *VALUED))
        return Claim(text, formula.body, formula.whose, formula.span) if plain else None
    if formula.shape == "definition" and formula.name in ("a", "v") and formula is not first:
        motion = {"wrt": "2" if formula.name == "a" else "", "what": ""} if first and first.args == ("t",) else {}
        return Claim(text, " = ".join(sides[1:]), formula.whose, formula.span, motion)
    if formula.shape in ("definition", "function", "value") and len(sides) > 1:
        return Claim(text, " = ".join(sides[1:]), formula.whose, formula.span)
    if formula.shape in ("vector", "point"):
        entries = entries_of(formula.body) or components_in_order(formula.body)
        lines = f"[{', '.join(entries)}]" if entries else formula.read
        if routed.inputs.get("what") == "extrema" and (kind := _KIND.match(reading.text, formula.span[1])):
            lines += f" {_KINDS[kind[1][:3].lower()]}"
        return Claim(text, lines, formula.whose, formula.span)
    if formula.shape in ("formula", "equation"):
        return Claim(text, formula.read, formula.whose, formula.span)
    return None


def _has_sign(side: str) -> bool:
    """Whether a derivative of something that is not named by a prime, dy/du, stands in a formula."""
    marks = (mark_at(side, i) for i, character in enumerate(side[:200]) if character in "d∂\\")
    return any(mark and mark.variables for mark in marks)


def _about(reading: RoleReading, routed: Routed, formula: Formula) -> dict[str, str]:
    """The inputs that a sign names: another function, other variables, another order."""
    mark = formula.prime
    assert mark
    first = reading.functions[0] if reading.functions else formula
    own: dict[str, str] = {}
    name = mark.function
    if name and name != first.name and name in reading.definitions and first.shape != "equation":
        own = {"f": reading.definitions[name].sides[1], "what": "", "path": "", "at": ""}
    variables = list(mark.variables)
    if not variables and mark.order > 1:
        own["wrt"] = str(mark.order)
    elif not variables and mark.order == 1 and routed.inputs.get("wrt", "").strip().isdigit():
        own["wrt"] = ""
    wrt = by(first, name, variables)
    plain = variables == ["x"] and first.shape == "equation" and not routed.inputs.get("wrt")  # by x, as without
    if (
        wrt
        and not plain
        and wrt != routed.inputs.get("wrt", "")
        and not (len(variables) == 1 and not routed.inputs.get("wrt") and not own and len(names_in(first.body)) == 1)
    ):
        own["wrt"] = wrt
        own.setdefault("what", "")
    inner = reading.definitions.get(variables[0]) if len(variables) == 1 else None
    if inner is not None and not own.get("f"):  # dy/du, where u is defined: y as a function of u
        for definition in [*reading.formulas]:
            if (
                definition.shape == "definition"
                and definition.name == name
                and variables[0] in names_in(definition.body)
            ):
                own |= {"f": definition.sides[1], "wrt": wrt, "what": "", "path": "", "at": ""}
    if mark.kind == "gradient" and routed.inputs.get("what") != "gradient":
        own["what"] = "gradient"
    if routed.inputs.get("what") in AROUND and mark.kind == "derivative" and (mark.order or variables):
        own.setdefault("what", "")
    if mark.arg and is_constant(mark.arg):
        own["at"] = mark.arg
    return own


def joined(claims: Sequence[Claim]) -> str:
    """The lines that the main question is answered with: the asker's, else those of the first other."""
    mine = [claim for claim in claims if not claim.inputs]
    whose = "asker" if any(claim.whose == "asker" for claim in mine) else "rival"
    return "; ".join(claim.lines for claim in mine if claim.whose == whose)
