"""A domain as people type it: `x > 0`, `0 < x < 1`, `x in [0, 1]`, several of them with commas."""

from __future__ import annotations

import re
from collections.abc import Collection

import sympy as sp
from sympy.core.relational import Equality, Relational
from sympy.logic.boolalg import And, Boolean

from nabla.errors import Span, UserError
from nabla.read.build import build_condition, symbol
from nabla.read.formula import Text, read_formula
from nabla.read.names import spelling

HINT = "As in x > 0, or 0 < x < 1, or x in [0, 1]."
_INTERVAL = re.compile(
    r"\s*([^\W\d_][\w]*)\s*(?:\bin\b|∈|\\in\b)\s*(?:\\left\s*)?([\[\]()])([^,;\[\]]*)[,;]([^,;\[\]]*?)(?:\\right\s*)?([\[\]()])\s*(?:[,;]|\band\b|$)"
)


def read_domain(text: str, *, known: Collection[str] = ()) -> tuple[Boolean, ...]:
    """Read conditions on variables, each an inequality; an interval gives two.

    Args:
        text: the conditions, separated by commas, semicolons or `and`. An empty text sets none.
        known: names of variables that other fields mention.

    Raises:
        UserError: "syntax" for what is no condition, "value" for one that cannot hold or that is an equation.
    """
    if not text.strip():
        return ()
    found: list[Boolean] = []
    rest = text
    while match := _INTERVAL.match(rest):
        offset = len(text) - len(rest)
        found += _interval(match, offset, known)
        rest = rest[match.end() :]
    if rest.strip():
        padded = " " * (len(text) - len(rest)) + rest
        whole = Text(padded, known)
        for tokens, start, end in whole.split(",", ";"):
            if tokens:
                found += _conditions(build_condition(whole.tree(tokens, start, end)), Span(start, end))
    if found and sp.And(*found) is sp.false:
        raise UserError("value", "No number fulfils these conditions.", hint=HINT, span=Span(0, len(text)))
    return tuple(condition for condition in found if condition is not sp.true)


def _interval(match: re.Match[str], offset: int, known: Collection[str]) -> list[Boolean]:
    name, opening, low_text, high_text, closing = match.groups()
    variable = symbol(spelling(name))
    conditions: list[Boolean] = []
    for side, text, is_low in ((3, low_text, True), (4, high_text, False)):
        end = _end(text, offset + match.start(side), known)
        if end in (sp.oo, -sp.oo):
            continue
        closed = opening == "[" if is_low else closing == "]"
        relations = (sp.Ge if closed else sp.Gt, sp.Le if closed else sp.Lt)
        conditions.append(relations[not is_low](variable, end))
    return conditions


def _end(text: str, start: int, known: Collection[str]) -> sp.Expr:
    """An end of an interval, possibly infinite."""
    bare = text.strip()
    if bare.lstrip("+-−").lstrip() in ("∞", "oo", "inf", "infinity", r"\infty"):
        return -sp.oo if bare[0] in "-−" else sp.oo
    try:
        return read_formula(text, known=known).expr
    except UserError as error:
        if error.span:
            error.span = Span(error.span.start + start, error.span.end + start)
        raise


def _conditions(condition: sp.Basic, span: Span) -> list[Boolean]:
    parts = condition.args if isinstance(condition, And) else (condition,)
    for part in parts:
        if isinstance(part, Equality):
            message = "A domain needs an inequality; a value belongs to the point."
            raise UserError("value", message, hint=HINT, span=span)
        if not isinstance(part, Relational) and part not in (sp.true, sp.false):
            raise UserError("syntax", "This is not a condition on a variable.", hint=HINT, span=span)
    return list(parts)
