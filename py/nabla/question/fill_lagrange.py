"""The inputs of derive for the Euler-Lagrange equation of a Lagrangian or of the integrand of a functional."""

from __future__ import annotations

import re

from nabla.question.filled import Filled
from nabla.question.formulas import names_in
from nabla.question.roles import RoleReading

_ASKED = re.compile(
    r"\beuler[-–\s]+lagrange\b|\blagrangian\b|\bfunctional\s+derivative\b|\bextremals?\b|\bstationary\s+path\b",
    re.IGNORECASE,
)
_MULTIPLIER = re.compile(r"\bsubject\s+to\b|\bconstraint\b|\bmultiplier", re.IGNORECASE)
_LAGRANGIAN = re.compile(
    r"(?<![A-Za-z])(?:L|ℒ|\\mathcal\s?\{?L\}?)\s?(?:\([^()=]*\))?\s?=\s?(?P<body>[^,;?\n$]+?)(?=[,;?\n$]|\.\s|\.?\Z)"
)
_FUNCTIONAL = re.compile(
    r"(?:∫|\\int)(?:_\{?[^\s{}]*\}?\^\{?[^\s{}]*\}?)?\s*(?P<body>[^;?\n$]+?)\s*(?:\\,)?\s*d(?P<by>[a-z])(?![A-Za-z])"
)
_DOT = re.compile(r"\\dot\s?\{?\s?(\\?[A-Za-z]+)\s?\}?|([A-Za-zα-ω])(?:\u0307|['′’])|([ẋẏż])")
_DOTTED = {"ẋ": "x", "ẏ": "y", "ż": "z"}


def _dotted(letter: str, latex: bool) -> str:
    return rf"\dot{{{letter}}}" if latex else f" {letter}_dot"


def fill_lagrange(reading: RoleReading) -> Filled | None:
    """L with x_dot for x', its coordinates, and what they depend on."""
    if reading.programs or not _ASKED.search(reading.text) or _MULTIPLIER.search(reading.text):
        return None
    found = _FUNCTIONAL.search(reading.text) or _LAGRANGIAN.search(reading.text)
    if found is None:
        return None
    primed = "\\dot" not in found["body"]
    latex = "\\" in found["body"]
    body = _DOT.sub(lambda dot: _dotted(dot[1] or dot[2] or _DOTTED[dot[3]], latex), found["body"])
    names = names_in(body)
    coordinates = [name.removesuffix("_dot") for name in names if name.endswith("_dot")]
    if not coordinates:
        return None
    by = found.groupdict().get("by") or ("x" if primed and coordinates == ["y"] else "t")
    spans = tuple(f.span for f in reading.formulas if f.span[0] < found.end() and found.start() < f.span[1])
    inputs = {"f": body.strip(), "wrt": ",".join([*coordinates, by]), "what": "euler-lagrange"}
    return Filled(inputs, spans or (found.span(),))
