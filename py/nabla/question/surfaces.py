"""The surface that a text names for a flux, in the words of the lab decompose."""

from __future__ import annotations

import re

from nabla.question.curves import COORDINATES
from nabla.question.filled import Span
from nabla.question.formula_kinds import is_through
from nabla.question.formulas import Formula, is_constant, names_in
from nabla.question.ranges import ranges_of
from nabla.question.roles import RoleReading

_WANTED = re.compile(r"\bflux\b|\bstokes|\bgauss|divergence theorem|surface integral|∬|∯|\\iint|\\oiint", re.IGNORECASE)
_STOKES = re.compile(r"\bstokes", re.IGNORECASE)
_HALF = re.compile(r"\bhemisphere|upper half of the (?:unit )?sphere", re.IGNORECASE)
_SPHERE = re.compile(r"\bsphere\b", re.IGNORECASE)
_UNIT = re.compile(r"\bunit (?:sphere|cube|hemisphere)|upper half of the unit sphere", re.IGNORECASE)
_RADIUS = re.compile(r"radius (?:R ?= ?)?\$?(\d+(?:\.\d+)?|[a-zA-Z])\b")
_ABOVE = re.compile(r"above the \$?xy\$?[- ]?plane", re.IGNORECASE)


def surface_of(reading: RoleReading, used: list[Span]) -> str:
    """The surface as the input `surface` of the lab, "" where none is meant or known."""
    words = " ".join(reading.text.split())
    if not _WANTED.search(words):
        return ""
    used += [f.span for f in reading.formulas if is_through(f)]
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
        lids = ", without lids" if _TUBE.search(words) else ""
        return f"cylinder radius sqrt({circle.sides[1]}), z={ranges['z'][0]}..{ranges['z'][1]}{lids}"
    return _of_plane(reading, words, used) or _of_axes(reading, words, used) or _graph(reading, words, ranges, used)


_TUBE = re.compile(r"\b(?:lateral|curved|side|open|without (?:the )?(?:top|lids|caps|ends)|excluding)\b", re.IGNORECASE)
_OCTANT = re.compile(r"\bfirst octant\b|\bcoordinate planes\b", re.IGNORECASE)
_AXIS = re.compile(r"\s*([xyz])\s*\^\s*\{?2\}?\s*(?:/\s*\(?([\w.]+(?:\^\{?2\}?)?)\)?)?\s*")


def _of_plane(reading: RoleReading, words: str, used: list[Span]) -> str:
    """The part of a plane a x + b y + c z = d in the first octant, with its normal away from the origin."""
    if not _OCTANT.search(words):
        return ""
    for formula in _equations(reading):
        if set(names_in(formula.sides[0])) == {"x", "y", "z"}:
            slopes = [_slope(formula.sides[0], name) for name in "xyz"]
            if all(slopes):
                used.append(formula.span)
                ends = [f"{formula.sides[1].strip()}/{slope}" for slope in slopes]
                return f"triangle ({ends[0]}, 0, 0) to (0, {ends[1]}, 0) to (0, 0, {ends[2]})"
    return ""


def _slope(side: str, name: str) -> str:
    """The number in front of a letter of a linear sum of x, y and z."""
    found = re.fullmatch(r"(?:.*?[+\s])?\s*(\d*(?:\.\d+)?)\s*\*?\s*" + name + r"\s*(?:\+.*)?", side)
    return "" if found is None or re.search(r"[\^²/(-]", side) else found[1] or "1"


def _of_axes(reading: RoleReading, words: str, used: list[Span]) -> str:
    """x^2/4 + y^2/9 + z^2 = 1."""
    for formula in _equations(reading):
        terms = [_AXIS.fullmatch(term) for term in formula.sides[0].split("+")]
        if len(terms) == 3 and all(terms) and [t[1] for t in terms if t] == ["x", "y", "z"] and formula.sides[1] == "1":
            used.append(formula.span)
            return "ellipsoid axes " + ", ".join(f"sqrt({t[2] or 1})" for t in terms if t)
    return ""


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
    found = ranges_of(reading, COORDINATES, used)
    planes: dict[str, list[Formula]] = {}
    for formula in reading.formulas:
        if formula.shape == "value" and formula.name in COORDINATES:
            planes.setdefault(formula.name, []).append(formula)
    for name, pair in planes.items():
        if len(pair) == 2:
            found[name] = (pair[0].body, pair[1].body)
            used += [formula.span for formula in pair]
    return found


_BELOW = re.compile(r"\b(?:below|under|beneath|inside|cut off by)\b", re.IGNORECASE)
_SOLID = re.compile(r"\b(?:bounded by|enclosed by|closed|solid|region|volume)\b", re.IGNORECASE)


def _graph(reading: RoleReading, words: str, ranges: dict[str, tuple[str, str]], used: list[Span]) -> str:
    """z = g(x, y) above a rectangle, or above or below a plane z = c, closed by it where a solid is meant."""
    graph = next((f for f in reading.formulas if f.shape == "definition" and f.name == "z"), None)
    if graph is None:
        return ""
    if {"x", "y"} <= set(ranges):
        used.append(graph.span)
        return f"z={graph.body}, " + ", ".join(f"{name}={ranges[name][0]}..{ranges[name][1]}" for name in "xy")
    closed = ", closed" if _SOLID.search(words) else ""
    level = next((f for f in reading.formulas if f.shape == "condition" and f.name == "z" and len(f.sides) == 2), None)
    if level is not None:
        used += [graph.span, level.span]
        above = any(relation in _MORE for relation in level.island.relations)
        return f"z={graph.body}, z{'>=' if above else '<='}{level.sides[1]}{closed}"
    plane = next((f for f in reading.formulas if f.shape == "value" and f.name == "z"), None)
    if plane is None and _ABOVE.search(words):
        used.append(graph.span)
        return f"z={graph.body}, z>=0{closed}"
    if plane is None:
        return ""
    used += [graph.span, plane.span]
    falls = "-" in graph.body.replace("−", "-")
    return f"z={graph.body}, z{'<=' if _BELOW.search(words) or not falls else '>='}{plane.body}{closed}"


_MORE = (">", "≥", ">=", "\\ge", "\\geq", "\\gt", "\\geqslant")
