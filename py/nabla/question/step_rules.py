"""Rules of iterations as formulas: x_{n+1} by x_n alone, a step of Newton's method or of a descent, one worked out."""

from __future__ import annotations

import re

from nabla.question.formulas import Formula, is_constant, names_in
from nabla.question.roles import RoleReading

RECURRENCE = re.compile(r"\\?([A-Za-z]+)\s?_\s?[{(]?\s?([a-z])\s?\+\s?1\s?[})]?\Z")
_GRADIENT_BEHIND = re.compile(r"\s*[*·]?\s*(?:\\?grad|\\nabla|∇|(?:times )?the gradient|\bg\b)", re.I)
_NEWTON_RULE = re.compile(r"f\([^()]*\)/f'\(|frac\{f\([^()]*\)\}\{f'\(")
_DESCENT_RULE = re.compile(r"\}?([-+])\(?([\d./]*|\\?[a-zα-ω]+)\)?(?:[fFgJL]'\(|(?:\\nabla|∇|grad)\(?[fFgJL])")
TOLD_RATE = re.compile(r"(?:rate|step(?:[- ]?size)?)\s(?:of\s|=\s?|is\s)?(0?\.\d+|1/\d+)", re.I)
INDEXED = re.compile(r"\\?([A-Za-z]+?)\s?(?:_?\{?\(?(\d+)\)?\}?|\^\{?\((\d+)\)\}?)\Z")


def is_recurrence(formula: Formula, reading: RoleReading) -> bool:
    """Whether a formula says x_{n+1} by x_n and numbers alone."""
    found = RECURRENCE.match(formula.sides[0].strip())
    if not found or len(formula.sides) < 2:
        return False
    if _GRADIENT_BEHIND.match(reading.text, formula.span[1]):
        return False
    return "'" not in formula.body and not re.search(r"(?<![A-Za-z\\])[fFJL]\s?\(|nabla|∇|\\?eta|alpha", formula.body)


def rule_of(formula: Formula, reading: RoleReading) -> tuple[str, str] | None:
    """The method that a rule for x_{n+1} is, and the rate in it: x_n - 0.5 f'(x_n), x_n - f(x_n)/f'(x_n)."""
    if len(formula.sides) < 2 or not RECURRENCE.match(formula.sides[0].strip()):
        return None
    behind = reading.text[formula.span[1] : formula.span[1] + 20]
    text = re.sub(r"\\[,;!]|\\cdot|\\left|\\right|[\s*·]", "", formula.body + behind)
    if _NEWTON_RULE.search(text):
        return "newton", ""
    match = _DESCENT_RULE.search(text)
    if match is None:
        return None
    return "gradient-ascent" if match[1] == "+" else "gradient-descent", match[2] if is_constant(match[2]) else ""


def is_velocity(formula: Formula) -> bool:
    """Whether a formula is the rule of a velocity, v = 0.9 v - 0.1 g."""
    return formula.name in ("v", "m", "s") and formula.shape == "definition" and formula.name in names_in(formula.body)


def is_worked(formula: Formula) -> bool:
    """Whether a formula makes a step of the one before it, x1 = x0 - 0.1*2*x0."""
    found = INDEXED.match(formula.name) if formula.shape == "definition" else None
    before = f"{found[1]}_?{int(found[2]) - 1}" if found and found[2] and int(found[2]) > 0 else ""
    return bool(before) and any(re.fullmatch(before, name) for name in names_in(formula.body))
