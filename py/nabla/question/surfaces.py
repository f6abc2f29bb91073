"""The surface that a text names for a flux, in the words of the lab decompose."""

from __future__ import annotations

import re

from nabla.question.filled import Span
from nabla.question.formulas import Formula, is_constant, names_in
from nabla.question.roles import RoleReading

_WANTED = re.compile(r"\bflux\b|\bstokes|\bgauss|divergence theorem|surface integral|∬|∯|\\iint|\\oiint", re.IGNORECASE)
_STOKES = re.compile(r"\bstokes", re.IGNORECASE)
_HALF = re.compile(r"\bhemisphere|upper half of the (?:unit )?sphere", re.IGNORECASE)
_SPHERE = re.compile(r"\bsphere\b", re.IGNORECASE)
_UNIT = re.compile(r"\bunit (?:sphere|cube|hemisphere)|upper half of the unit sphere", re.IGNORECASE)
_RADIUS = re.compile(r"radius (?:R ?= ?)?\$?(\d+(?:\.\d+)?|[a-zA-Z])\b")
_CUBE = re.compile(r"\[([^\[\],]+),([^\[\],]+)\]")
_ELEMENT = re.compile(r"\bd\s?(?:\\(?:mathbf|vec)\s?\{?)?S\b")  # F . n dS, F . dS
_ABOVE = re.compile(r"above the \$?xy\$?[- ]?plane", re.IGNORECASE)


def surface_of(reading: RoleReading, used: list[Span]) -> str:
    """The surface as the input `surface` of the lab, "" where none is meant or known."""
    words = " ".join(reading.text.split())
    if not _WANTED.search(words):
        return ""
    used += [f.span for f in reading.formulas if _ELEMENT.search(f.read) and f.shape not in ("definition", "vector")]
    if _SPHERE.search(words) or _HALF.search(words):
        radius = _radius(reading, words, used)
        return f"{'hemisphere' if _HALF.search(words) else 'sphere'} radius {radius}" if radius else ""
    ranges = _ranges(reading, used)
    if len(ranges) == 3 or "unit cube" in words.lower():
        told = [f"{name}={low}..{high}" for name, (low, high) in sorted(ranges.items())]
        return f"box {', '.join(told)}" if len(ranges) == 3 else "unit cube"
    circle = next((f for f in _equations(reading) if set(names_in(f.sides[0])) == {"x", "y"}), None)
    if circle is not None and "z" in ranges:
        used.append(circle.span)
        return f"cylinder radius sqrt({circle.sides[1]}), z={ranges['z'][0]}..{ranges['z'][1]}"
    return _cap(reading, words, used)


def is_of_stokes(reading: RoleReading) -> bool:
    """Whether the theorem of Stokes is named, and so the flux of the curl is meant."""
    return bool(_STOKES.search(reading.text))


def _equations(reading: RoleReading) -> list[Formula]:
    """Equations with a number on the right."""
    return [f for f in reading.formulas if f.shape == "equation" and len(f.sides) == 2 and is_constant(f.sides[1])]


def _radius(reading: RoleReading, words: str, used: list[Span]) -> str:
    for formula in _equations(reading):
        if set(names_in(formula.sides[0])) == {"x", "y", "z"} and formula.sides[0].count("2") == 3:
            used.append(formula.span)
            return f"sqrt({formula.sides[1]})"
    if _UNIT.search(words):
        return "1"
    found = _RADIUS.search(words)
    return found[1] if found else ""


def _ranges(reading: RoleReading, used: list[Span]) -> dict[str, tuple[str, str]]:
    """The two planes of each coordinate: x = 0 and x = 1, 0 ≤ x ≤ 1, or [0,1]x[0,1]x[0,1]."""
    found: dict[str, tuple[str, str]] = {}
    planes: dict[str, list[Formula]] = {}
    for formula in reading.formulas:
        sides = [side.strip() for side in formula.sides]
        if formula.shape == "condition" and len(sides) == 3 and sides[1] in ("x", "y", "z"):
            found[sides[1]] = (sides[0], sides[2])
            used.append(formula.span)
        elif formula.shape == "value" and formula.name in ("x", "y", "z"):
            planes.setdefault(formula.name, []).append(formula)
        elif len(sides) == 1 and len(both := _CUBE.findall(sides[0])) == 3:
            found = {name: (low.strip(), high.strip()) for name, (low, high) in zip("xyz", both, strict=True)}
            used.append(formula.span)
    for name, pair in planes.items():
        if len(pair) == 2:
            found[name] = (pair[0].body, pair[1].body)
            used += [formula.span for formula in pair]
    return found


def _cap(reading: RoleReading, words: str, used: list[Span]) -> str:
    graph = next((f for f in reading.formulas if f.shape == "definition" and f.name == "z"), None)
    if graph is None:
        return ""
    level = next((f for f in reading.formulas if f.shape == "condition" and f.name == "z" and len(f.sides) == 2), None)
    if level is None and not _ABOVE.search(words):
        return ""
    used += [f.span for f in (graph, level) if f is not None]
    return f"z={graph.body}, z>={level.sides[1] if level is not None else '0'}"
