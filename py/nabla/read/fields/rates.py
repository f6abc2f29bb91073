"""Rates as people type them, `x' = 1.5, y' = ?`, and what letters stand for, `x: distance from the wall`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import sympy as sp

from nabla.errors import Span, UserError
from nabla.read.formula import read_formula

_RATE = re.compile(r"\s*(?:d\s?(\\?\w+)\s?/\s?dt|(\\?\w+)\s?')\s*=\s*(.+?)\s*")


@dataclass(frozen=True)
class Rates:
    """The rates that are known, by the names of what changes, and of what the rate is asked for."""

    known: dict[str, sp.Expr]
    asked: str


def read_rates(text: str, *, known: Collection[str] = ()) -> Rates:
    """Read `x' = 1.5, y' = ?`; the one with a question mark is asked for.

    Raises:
        UserError: "syntax" for what is no rate, "value" where none, or more than one, is asked for.
    """
    found: dict[str, sp.Expr] = {}
    asked = []
    start = 0
    for part in re.split(r"[,;\n]", text):
        rate = _RATE.fullmatch(part)
        if rate is None:
            span = Span(start, start + len(part))
            raise UserError("syntax", "This is no rate.", hint="As in x' = 1.5, y' = ?", span=span)
        name = (rate[1] or rate[2]).lstrip("\\")
        if rate[3] == "?":
            asked.append(name)
        else:
            found[name] = read_formula(rate[3], known=known).expr
        start += len(part) + 1
    if len(asked) != 1:
        message = "One rate is asked for; write it with a question mark, as y' = ?"
        raise UserError("value", message, span=Span(0, len(text)))
    return Rates(found, asked[0])


def read_letters(text: str) -> dict[str, str]:
    """Read `x: distance from the wall; y: height of the top` as names with what they stand for."""
    parts = [part.partition(":") for part in re.split(r"[;\n]", text) if part.strip()]
    return {name.strip(): meaning.strip() for name, _, meaning in parts}
