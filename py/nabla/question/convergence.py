"""Whether gradient descent converges, with which rates and in how many steps: a function or a matrix, and numbers."""

from __future__ import annotations

import re

from nabla.question.filled import Filled, Span, substituted
from nabla.question.formulas import Formula, is_constant
from nabla.question.quadratics import quadratic, quadratic_of, rows_of
from nabla.question.roles import RoleReading
from nabla.question.step_rules import TOLD_RATE

_DESCENT = re.compile(
    r"\bgradient[- ]descent|\bsteepest[- ]descent|\bGD\b|\blearning[- ]rates?|\bstep[- ]?(?:size|length)s?|"
    r"\bconstant step|\bgradient method",
    re.I,
)
_ASKED = re.compile(
    r"\bconverg|\bdiverg|\b(?:un)?stable\b|"
    r"\b(?:which|what) (?:range of |values of )?(?:constant |fixed )?(?:step|rate|learning)|"
    r"\bhow many (?:\w+ ){0,3}(?:iterations|steps)|\b(?:optimal|best|largest|maximum|maximal|ideal|highest|biggest|"
    r"critical) (?:constant |fixed |possible |stable |allowed )?(?:step|learning|rate)|"
    r"(?:rate|step[- ]?size) (?:must|should|has to|needs to|may) (?:not )?(?:be|exceed)|"
    r"\b(?:is|be) (?:ok|stable|too large|too big)",
    re.I,
)
_RATE = re.compile(r"\b(?:step[- ]?(?:sizes?|lengths?)|learning rates?|rates?)\b", re.I)
_LIMIT = re.compile(
    r"\b(?:optimal|best|ideal|largest|biggest|highest|max(?:imum|imal)?|at most|how (?:large|big|high)|"
    r"for (?:which|what))\b",
    re.I,
)
_RATE_BEFORE = re.compile(r"(?:\brates?|\bsteps?(?:[- ]?(?:size|length)s?)?)(?:\s+(?:of|is|=|to|at))?\W{0,3}\Z", re.I)
_START_BEFORE = re.compile(r"\b(?:from|start(?:s|ed|ing)?(?: (?:at|from|with|in))?)\W{0,3}\Z", re.I)
_JUDGED = re.compile(r"\b(?:so|then|is|choose|take|use|pick)\W{0,3}\Z", re.I)
_MOMENTA = frozenset("beta β momentum".split())
_MOMENTUM = re.compile(r"\b(?:momentum|beta|β)(?:\s+(?:of|is|=))?\W{0,3}\Z", re.I)
_HOW_MANY = re.compile(r"\bhow many\b", re.I)
_RATES = frozenset("lr alpha eta gamma rate h mu t".split())
_ERROR = re.compile(
    r"(?:\bby|\bwithin|\bto|\bof|\bbelow|\bfor|accuracy|tolerance|error|<=?|≤|factor(?: of)?)\W{0,3}\Z", re.I
)
_BELOW = re.compile(r"\b(?:get|gets|be|is|come|comes|fall|falls) (?:below|under|within|less than)\W{0,3}\Z", re.I)
_SMALL = re.compile(
    r"(?:\bbelow|\bwithin|\bto|\bby|\bless than|<)\s*\$?(10\^\{?-\d+\}?|\d(?:\.\d+)?e-\d+|0\.0\d*)", re.I
)
_BOUND = re.compile(
    r"\b(?:at most|how (?:large|big|high)|largest|maxim\w+|highest|biggest|critical|upper bound|stable)\b", re.I
)
_FACTOR = re.compile(r"factor(?: of)?\W{0,3}\Z", re.I)
_DIAGONAL = re.compile(r"\bdiag\(\s*([-\d.,\s]+)\)", re.I)
_CONDITION = re.compile(r"\bcondition number\s*(?:of|is|=|κ|kappa|:)?\s*(\d+(?:\.\d+)?)", re.I)
_HAND = re.compile(
    r"\bby hand\b|\b(?:perform|do|compute|calculate|apply|carry out)\b[^.?]{0,40}\b(?:steps?|iterations?)\b", re.I
)

_WHY = re.compile(r"\bwhy\b[^.?!]*|\bhow come\b[^.?!]*", re.I)
_DIVERGES = re.compile(
    r"\bdiverg|\bunstable|\bblow|\bexplod|\b(?:not|n't|never|fail\w*(?: to)?) converg|\boverflow", re.I
)
_FAST = re.compile(r"\bconverg\w*(?! (?:so )?slow)", re.I)


def convergence(reading: RoleReading) -> Filled | None:
    """The inputs of descend for a question on the convergence of gradient descent; None where the text asks none."""
    text = reading.text
    if reading.programs or reading.data or not _DESCENT.search(text) or not _asks(text):
        return None
    if _HAND.search(text) and not re.search(r"converg|diverg", text, re.I):
        return None
    used: list[Span] = []
    body = _body(reading, used)
    if not body:
        return None
    inputs = {"f": body}
    told: list[str] = []
    best = re.search(r"optimal|best|largest|maxim|which|what|ideal", text, re.I) is not None
    for formula in reading.formulas:
        if formula.span in used or formula.shape not in ("number", "value") or not is_constant(formula.body):
            continue
        before = text[max(0, formula.span[0] - 25) : formula.span[0]]
        if (part := _part(formula, before, text, best=best)) is None:
            continue
        if part.startswith("start "):
            inputs["start"] = part.removeprefix("start ")
        else:
            told.append(part)
        used.append(formula.span)
    plain = TOLD_RATE.search(text) if not any(part.startswith("rate") for part in told) else None
    if plain is not None:
        told.append(f"rate {plain[1]}")
        used.append(plain.span(1))
    points = [f for f in reading.formulas if f.shape == "point" and f.role in ("start", "point")]
    if points:
        inputs["start"] = points[0].body.strip("() ")
        used.append(points[0].span)
    small = _SMALL.search(text) if _HOW_MANY.search(text) else None
    if small is not None and not any(part.startswith(("error", "factor", "below")) for part in told):
        told.append(f"error {small[1]}")
        used.append(small.span(1))
    if _BOUND.search(text):
        told.insert(0, "bound")
    told = told or ["best"]
    if (why := _WHY.search(text)) is not None:
        told.append(
            "why diverges" if _DIVERGES.search(why[0]) else "why converges" if _FAST.search(why[0]) else "why seen"
        )
    inputs["convergence"] = "; ".join(told)
    used += [f.span for f in reading.formulas if f.shape == "name" or re.fullmatch(r"\s*2\s*/\s*\\?\w+\s*", f.read)]
    return Filled(inputs, tuple(used))


def _asks(text: str) -> bool:
    """Whether a text asks for convergence, or a sentence of it which rate is best or how large it may be."""
    parts = re.split(r"[.?!](?:\s|\Z)|\n\s*\n", text)
    return _ASKED.search(text) is not None or any(_RATE.search(part) and _LIMIT.search(part) for part in parts)


def _body(reading: RoleReading, used: list[Span]) -> str:
    """The function: as it is told, by a matrix, by eigenvalues on a diagonal, or one of a condition number."""
    form = quadratic(reading, used)
    if form is not None:
        return form[0]
    matrix = next((f for f in reading.formulas if f.shape == "matrix" and len(rows_of(f.body)) > 1), None)
    if matrix is not None and not any(f.shape == "function" for f in reading.functions):
        rows = rows_of(matrix.body)
        if all(len(row) == len(rows) for row in rows):
            used.append(matrix.span)
            return quadratic_of(rows)
    for pattern in (_DIAGONAL, _CONDITION):
        if (found := pattern.search(reading.text)) is not None:
            values = [v.strip() for v in found[1].split(",") if v.strip()]
            values = ["1", *values] if pattern is _CONDITION else values
            used += [f.span for f in reading.formulas if f.span[0] < found.end() and f.span[1] > found.start()]
            used.append(found.span())
            return quadratic_of([[v if i == j else "0" for j in range(len(values))] for i, v in enumerate(values)])
    first = next((f for f in reading.functions if f.shape in ("function", "definition", "formula")), None)
    if first is None or is_constant(first.body):
        return ""
    used.append(first.span)
    return substituted(first.body, reading, first, used)


def _part(formula: Formula, before: str, text: str, *, best: bool) -> str | None:
    """What a number is: the start, an error that is to be reached, a rate, or an answer of the asker's."""
    value = formula.body.strip()
    if formula.name in _MOMENTA or (formula.shape == "number" and _MOMENTUM.search(before)):
        return f"momentum {value}"
    if formula.shape == "value" and formula.name not in _RATES:
        begins = formula.role in ("start", "point") or re.fullmatch(r"[A-Za-z]+_?\{?0\}?", formula.name)
        return f"start {formula.name.rstrip('0_{}')}={value}" if begins else None
    if _HOW_MANY.search(text) and _BELOW.search(before):
        return f"below {value}"
    if _HOW_MANY.search(text) and _ERROR.search(before) and formula.role != "rate":
        return (
            f"factor {value}"
            if _FACTOR.search(before) and not re.search(r"\^\{?-|e-|\b0\.|1/", value)
            else f"error {value}"
        )
    if formula.role == "claim" and best:
        return f"claim {value}"
    if formula.role == "start" or _START_BEFORE.search(before):
        return f"start {value}"
    if formula.role == "rate" or formula.name in _RATES or _RATE_BEFORE.search(before):
        return f"rate {value}"
    return f"rate {value}" if _JUDGED.search(before) else None
