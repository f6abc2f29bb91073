"""The surface that a text names for a flux, in the words of the lab decompose."""

from __future__ import annotations

import re

from nabla.question.curves import COORDINATES
from nabla.question.filled import Span
from nabla.question.formula_kinds import is_through
from nabla.question.formulas import Formula, names_in
from nabla.question.ranges import ranges_of
from nabla.question.roles import RoleReading

_WANTED = re.compile(r"\bflux\b|\bstokes|\bgauss|divergence theorem|surface integral|∬|∯|\\iint|\\oiint", re.IGNORECASE)
_STOKES = re.compile(r"\bstokes", re.IGNORECASE)
_OF_CURL = re.compile(
    r"(?:flux|surface integral) of (?:the )?(?:\$?(?:curl|rot)|∇\s*×|\$?\\nabla\s*\\times)"
    r"|curl\s*\\?\w+\s*(?:·|\.|\\cdot)\s*(?:n|d)",
    re.IGNORECASE,
)
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
    if _TORUS.search(words):
        sizes = {f.name: f for f in reading.formulas if f.shape == "value" and f.name in ("R", "r", "a", "b")}
        if set(sizes) in ({"R", "r"}, {"a", "b"}):
            used += [f.span for f in sizes.values()]
            large, tube = (sizes[name].body for name in ("Rr" if "R" in sizes else "ab"))
            return f"torus radius {large}, tube {tube}"
        return ""
    if _SPHERE.search(words) and _PART.search(words) and not _UNIT.search(words):
        return _of_sphere(reading, words, used)
    if _SPHERE.search(words) or _HALF.search(words):
        radius = _radius(reading, words, used)
        named = "hemisphere" if _HALF.search(words) else "sphere"
        return f"{named} radius {radius or 'R'}"  # any radius, where none is told
    ranges = _ranges(reading, used)
    if len(ranges) == 3 or "unit cube" in words.lower():
        told = [f"{name}={low}..{high}" for name, (low, high) in sorted(ranges.items())]
        return f"box {', '.join(told)}" if len(ranges) == 3 else "unit cube"
    if (side := _SIDE.search(words)) and "cube" in words.lower():
        ends = (f"-{side[1]}/2", f"{side[1]}/2") if re.search(r"\bcent(?:er|re)", words) else ("0", side[1])
        return "box " + ", ".join(f"{name}={ends[0]}..{ends[1]}" for name in COORDINATES)
    circle = next((f for f in _equations(reading, inside=True) if set(names_in(f.sides[0])) == {"x", "y"}), None)
    planes = [f for f in reading.formulas if f.shape == "value" and f.name == "z"]
    if circle is not None and "z" not in ranges and len(planes) == 1 and _DISK.search(words):
        used += [circle.span, planes[0].span]
        return f"disk radius sqrt({circle.sides[1]}), z={planes[0].body}{_down(words)}"
    if circle is not None and "z" in ranges:
        used.append(circle.span)
        lids = ", without lids" if _TUBE.search(words) else ""
        return f"cylinder radius sqrt({circle.sides[1]}), z={ranges['z'][0]}..{ranges['z'][1]}{lids}"
    found = _of_plane(reading, words, used) or _of_axes(reading, words, used) or _graph(reading, words, ranges, used)
    return found + _down(words) if found and not found.endswith(", closed") else found


_SIDE = re.compile(r"\bsides? (?:of )?(?:length )?\$?(\d+(?:\.\d+)?|[a-zA-Z])\b")
_DISK = re.compile(r"\bdis[ck]\b|\bcircle\b|\bplane\b", re.IGNORECASE)
_DOWN = re.compile(r"\bdownwards?\b|\bpointing down\b", re.IGNORECASE)


def _down(words: str) -> str:
    """The direction of the normal of an open surface, where the text turns it."""
    return ", downward" if _DOWN.search(words) else ""


_TORUS = re.compile(r"\btorus\b|\bdonut\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:part|portion|piece|cap)\b|\b(?:above|below|over|beneath) (?:the )?\$?(?:plane )?\$?z\b", re.IGNORECASE
)


def _of_sphere(reading: RoleReading, words: str, used: list[Span]) -> str:
    """The part of a sphere above or below a plane z = c."""
    radius = _radius(reading, words, used)
    planes = [f for f in reading.formulas if f.name == "z" and f.shape in ("value", "condition") and len(f.sides) == 2]
    if not radius or len(planes) != 1:
        return ""
    used.append(planes[0].span)
    told = planes[0].island.relations
    above = bool(set(told) & set(_MORE)) if planes[0].shape == "condition" else not _BELOW.search(words)
    return (
        f"part of sphere radius {radius}, z{'>=' if above else '<='}{planes[0].sides[1]}{_down(words) if above else ''}"
    )


_TUBE = re.compile(r"\b(?:lateral|curved|side|open|without (?:the )?(?:top|lids|caps|ends)|excluding)\b", re.IGNORECASE)
_OCTANT = re.compile(r"\bfirst octant\b|\bcoordinate planes\b", re.IGNORECASE)
_AXIS = re.compile(r"\s*([xyz])\s*\^\s*\{?2\}?\s*(?:/\s*\(?([\w.]+(?:\^\{?2\}?)?)\)?)?\s*")


def _of_plane(reading: RoleReading, words: str, used: list[Span]) -> str:
    """The part of a plane a x + b y + c z = d in the first octant, with its normal away from the origin."""
    solid = re.search(r"\btetrahedr", words, re.IGNORECASE)
    if not (_OCTANT.search(words) or solid):
        return ""
    for formula in _equations(reading):
        if set(names_in(formula.sides[0])) == {"x", "y", "z"}:
            slopes = [_slope(formula.sides[0], name) for name in "xyz"]
            if all(slopes):
                used.append(formula.span)
                ends = [f"{formula.sides[1].strip()}/{slope}" for slope in slopes]
                if solid:
                    used += [f.span for f in reading.formulas if f.shape == "value" and f.body.strip() == "0"]
                    return f"tetrahedron {', '.join(ends)}"
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
    return bool(_STOKES.search(reading.text)) or (reading.asks("curl") and bool(_OF_CURL.search(reading.text)))


def _equations(reading: RoleReading, inside: bool = False) -> list[Formula]:
    """Equations with a number or a letter on the right; if `inside` inequalities too, x^2 + y^2 ≤ 4."""
    shapes = ("equation", "condition") if inside else ("equation",)
    return [
        f
        for f in reading.formulas
        if f.shape in shapes and len(f.sides) == 2 and not set(names_in(f.sides[1])) & set(COORDINATES)
    ]


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
    if "z" in ranges:  # between two planes, of which a cone or a bowl begins at one
        used.append(graph.span)
        return f"z={graph.body}, z={ranges['z'][0]}..{ranges['z'][1]}{closed}"
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
