"""The curve of a line integral as a text names it, in the words of the lab decompose, and `P dx + Q dy` as a field."""

from __future__ import annotations

import re

from nabla.question.filled import Span
from nabla.question.formula_kinds import INTEGRAL
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.ranges import ends_of, ranges_of
from nabla.question.roles import RoleReading
from nabla.read.fields.vector import components_text
from nabla.read.fields.vectors import is_one_bracket

_DIFFERENTIAL = re.compile(r"(?:\\,|\s)*(?<![A-Za-z\\])(?:d|\\mathrm\s?\{d\}|\\mathrm d)\s?([xyz])(?![A-Za-z0-9])")
_ORIGIN = re.compile(r"\b(?:the )?origin\b")
_BACK = re.compile(r"\bback to (?:the )?(?:start|beginning|first|origin|\()|\bback again\b|\breturn", re.IGNORECASE)
_CLOSED = re.compile(r"\b(?:triangle|rectangle|square|polygon|quadrilateral|parallelogram)\b", re.IGNORECASE)
_CIRCLE = re.compile(r"unit circle|circle of radius [\w.]+", re.IGNORECASE)
_CLOCKWISE = re.compile(r"(?<!counter)(?<!counter-)(?<!anti)(?<!anti-)\bclockwise", re.IGNORECASE)
_IF_TURNED = re.compile(
    r"\b(?:if|what about|how about|and (?:for|when))\b[^.?!]*(?:clockwise|revers|opposite|other (?:way|direction))"
    r"[^.?!]*",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"(?:∫|\\int)\s*_\s*\{?\s*(\([^()]*\))\s*\}?\s*\^\s*\{?\s*(\([^()]*\))")
_CENTRE = re.compile(
    r"(?:cent(?:er|re)(?:e?d)?(?: at| in| on)?|around|about|with cent(?:er|re))(?: the point)?[\s$=]*\Z"
)
_COUNTER = re.compile(r"counter-?clockwise|anti-?clockwise|positive(?:ly)? orient", re.IGNORECASE)
_OVER = re.compile(r"\(([^()]*)\)\s*/\s*\(?(.+?)\)?|\\[dt]?frac\s*\{([^{}]*)\}\s*\{(.*)\}")  # (x dy - y dx)/(x^2 + y^2)
_CORNERS = re.compile(r"\(\s*(?:±|\\pm)\s*([\w.]+)\s*,\s*(?:±|\\pm)\s*([\w.]+)\s*\)")
COORDINATES = ("x", "y", "z")


def one_form(text: str, *, signed: bool = True) -> str:
    """The components of `P dx + Q dy`, behind a sign of integration if `signed`; "" for anything else."""
    sign = INTEGRAL.match(text) if signed else re.match("", text)
    inner = text[sign.end() :].strip(" $.") if sign else ""
    if inner and is_one_bracket(inner):
        return one_form(inner[1:-1], signed=False)
    if (over := _OVER.fullmatch(inner)) and (above := one_form(over[1] or over[3], signed=False)):
        return "; ".join(f"({part})/({over[2] or over[4]})" for part in above.split("; "))
    found = list(_DIFFERENTIAL.finditer(text))
    if not sign or not found or (len(found) < 2 and not signed) or text[found[-1].end() :].strip(" .,;)]\\"):
        return ""
    parts: dict[str, str] = {}
    starts = [sign.end(), *(each.end() for each in found)]
    for start, each in zip(starts, found, strict=False):
        part = text[start : each.start()].strip(" ,").removeprefix("+").strip()
        if each[1] in parts:
            return ""
        parts[each[1]] = {"": "1", "-": "-1"}.get(part, part)
    space = "z" in parts or any("z" in names_in(part) for part in parts.values())
    return "; ".join(parts.get(name, "0") for name in (COORDINATES if space else COORDINATES[:2]))


def curve_of(reading: RoleReading, used: list[Span]) -> str:
    """The curve as the input `path` of the lab, "" where none is named; what tells it is added to `used`.

    It ends with `both ways` where the text asks too what it is in the other direction.
    """
    curve = _curve(reading, used)
    return f"{curve}, both ways" if curve and _IF_TURNED.search(reading.text) else curve


def _curve(reading: RoleReading, used: list[Span]) -> str:
    """The curve in the direction that is asked for first."""
    words = " ".join(_IF_TURNED.sub(" ", reading.text).split())
    turn = " clockwise" if _CLOCKWISE.search(words) else ""
    if circle := _CIRCLE.search(words):
        return _circle(reading, "1" if circle[0].lower() == "unit circle" else circle[0].split()[-1], words, turn, used)
    points = [f for f in reading.formulas if f.shape == "point" and f.span not in used]
    for found in (_by_parameter(reading, points, used), _on_graph(reading, points, used)):
        if found:
            return found
    if met := _meeting(reading, words, used):
        return met + turn
    conics = [f for f in reading.formulas if f.shape in ("equation", "condition") and _is_conic(f)]
    if len(conics) == 1 and len(points) < 3:
        if slanted := _slanted(reading, conics[0], turn, used):
            return slanted
        level = next((f for f in reading.formulas if f.shape == "value" and f.name == "z"), None)
        used += [level.span] if level else []
        return _conic(conics[0], points, words, turn, used) + (f", z={level.body}" if level else "")
    chain = [f for f in reading.formulas if f.shape == "condition" and len(f.sides) == 3 and _is_conic_side(f.sides[1])]
    if len(chain) == 1 and not points:
        used += [f.span for f in chain]
        low, high = ends_of(chain[0])
        return f"{chain[0].sides[1]}={high} and also {chain[0].sides[1]}={low} clockwise"
    if len(conics) == 2 and re.search(r"\bbetween\b|\bannul|\bring\b", words):
        return _ring(conics, used)
    if ends := _LIMITS.search(words):
        return f"{ends[1]} to {ends[2]}"
    return _region(reading, points, words, turn, used) or _through(reading, points, used)


def _is_conic_side(side: str) -> bool:
    return set(names_in(side)) == {"x", "y"} and len(re.findall(r"\^\s?\{?2|²", side)) == 2


_MEETS = re.compile(r"\binter(?:sect\w*|section)|\bmeets?\b|\bcut(?:s|ting)?\b|\bin which\b", re.IGNORECASE)
_SQUARE = re.compile(r"\^\s?\{?2|²")


def _meeting(reading: RoleReading, words: str, used: list[Span]) -> str:
    """The circle in which a plane and a sphere meet, by both equations."""
    both = [f for f in reading.formulas if len(f.sides) == 2 and f.shape in ("equation", "definition", "value")
            and set(names_in("+".join(f.sides))) <= {*COORDINATES, "a", "R", "r"}]  # fmt: skip
    spheres = [f for f in both if len(_SQUARE.findall(f.sides[0])) == 3 and set(names_in(f.sides[0])) == {*COORDINATES}]
    planes = [f for f in both if not _SQUARE.search(f.read) and "z" in names_in("+".join(f.sides))]
    if len(spheres) != 1 or len(planes) != 1 or not _MEETS.search(words):
        return ""
    used += [spheres[0].span, planes[0].span]
    return f"where {'='.join(planes[0].sides)} meets {'='.join(spheres[0].sides)}"


_ROUND = re.compile(r"x\s?(?:\^\s?\{?2\}?|²)\s*\+\s*y\s?(?:\^\s?\{?2\}?|²)")


def _slanted(reading: RoleReading, circle: Formula, turn: str, used: list[Span]) -> str:
    """The curve where the cylinder x^2 + y^2 = r^2 meets a plane or a surface that gives z: by the angle around it."""
    cut = next((f for f in reading.formulas if f.shape in ("definition", "equation") and "z" in names_in(f.read)
                and len(f.sides) == 2), None)  # fmt: skip
    if cut is None or not _ROUND.fullmatch(circle.sides[0].strip()):
        return ""
    used += [circle.span, cut.span]
    around = "2*pi..0" if turn else "0..2*pi"
    radius = f"sqrt({circle.sides[1]})"
    return f"x={radius}*cos(t), y={radius}*sin(t), on {cut.sides[0]}={cut.sides[1]}, t={around}"


def _ring(conics: list[Formula], used: list[Span]) -> str:
    """The boundary of the ring between two circles: the outer one, and the inner one the other way around."""
    used += [f.span for f in conics]
    inner, outer = sorted(
        conics, key=lambda f: float(f.sides[1]) if re.fullmatch(_DECIMAL, f.sides[1].strip()) else 0.0
    )
    return " and also ".join(("=".join(outer.sides), f"{'='.join(inner.sides)} clockwise"))


_DECIMAL = r"\d+(?:\.\d+)?"
_HALF = re.compile(r"\b(upper|lower|left|right|top|bottom)[- ](?:half|semi-?circle|part|arc)", re.IGNORECASE)
_FIRST = re.compile(r"\bfirst quadrant\b", re.IGNORECASE)


_PART = re.compile(r"\b(?:half|semi-?circle|quarter|arc|part|quadrant)\b", re.IGNORECASE)
_QUADRANT = re.compile(r"\b(first|second|third|fourth|1st|2nd|3rd|4th|I|II|III|IV) quadrant\b", re.IGNORECASE)
_ARCS = {
    "upper": "0..pi", "top": "0..pi", "lower": "pi..2*pi", "bottom": "pi..2*pi", "right": "-pi/2..pi/2",
    "left": "pi/2..3*pi/2", "first": "0..pi/2", "second": "pi/2..pi", "third": "pi..3*pi/2", "fourth": "3*pi/2..2*pi",
}  # fmt: skip


def _circle(reading: RoleReading, radius: str, words: str, turn: str, used: list[Span]) -> str:
    """A circle of a radius, or the half, the quarter or the arc between two points that the words name."""
    points = [f for f in reading.formulas if f.shape == "point" and f.span not in used]
    centres = [f for f in points if _CENTRE.search(reading.text[: f.span[0]])][:1]
    ends = [f for f in points if f not in centres]
    used += [f.span for f in centres]
    if not _PART.search(words):
        named = "unit circle" if radius == "1" else f"circle radius {radius}"
        return named + (f" centre {centres[0].body}" if centres else "") + turn
    x, y = entries_of(centres[0].body) if centres else ("0", "0")
    half = _HALF.search(words)
    side = half[1].lower() if half else ""
    if len(ends) == 2:
        used += [f.span for f in ends]
        way = side or turn.strip() or ("counterclockwise" if _COUNTER.search(words) else "shorter")
        return f"(x-({x}))^2+(y-({y}))^2=({radius})^2, {ends[0].body} to {ends[1].body}, {way}"
    if not side and (quadrant := _QUADRANT.search(words)):
        side = {"1st": "first", "i": "first", "2nd": "second", "ii": "second", "3rd": "third", "iii": "third",
                "4th": "fourth", "iv": "fourth"}.get(quadrant[1].lower(), quadrant[1].lower())  # fmt: skip
    if side not in _ARCS:
        return ""
    low, _, high = _ARCS[side].partition("..")
    around = f"{high}..{low}" if turn else f"{low}..{high}"
    return f"x={x}+{radius}*cos(t), y={y}+{radius}*sin(t), t={around}"


def _conic(conic: Formula, points: list[Formula], words: str, turn: str, used: list[Span]) -> str:
    """A circle or an ellipse, or its arc between two points: on the side that is named, or the way around."""
    equation = f"{conic.sides[0]}={conic.sides[1]}"
    half = _HALF.search(words)
    if len(points) < 2:
        if half or _FIRST.search(words):
            return ""  # a part of it without its ends
        used.append(conic.span)
        return f"{equation}{turn}"
    used += [f.span for f in (conic, *points)]
    way = half[1].lower() if half else turn.strip() or ("counterclockwise" if _COUNTER.search(words) else "shorter")
    return f"{equation}, {points[0].body} to {points[1].body}, {way}"


def _region(reading: RoleReading, points: list[Formula], words: str, turn: str, used: list[Span]) -> str:
    """The boundary of a rectangle 0 ≤ x ≤ a, 0 ≤ y ≤ b or [0, a] x [0, b], and of what lies between two graphs."""
    if disk := _HALF_DISK.search(words):
        return _half_disk(disk[1].lower(), disk[2] or ("1" if "unit" in disk[0].lower() else ""), turn)
    if re.search(r"\bunit square\b", words, re.IGNORECASE) and not points:
        return _rectangle(("0", "1"), ("0", "1"), turn)
    if corners := _CORNERS.search(words):
        used += [f.span for f in reading.formulas if "±" in f.read or "\\pm" in f.read]
        return _rectangle((f"-{corners[1]}", corners[1]), (f"-{corners[2]}", corners[2]), turn)
    sides = ranges_of(reading, COORDINATES[:2], used)
    if len(sides) == 2:
        return _rectangle(sides["x"], sides["y"], turn)
    graphs = [f for f in reading.formulas if f.shape in ("definition", "value") and f.name in ("x", "y")]
    if not points and 2 <= len(graphs) <= 3 and re.search(r"\b(?:bound|enclos|between|region|triangle)", words):
        used += [f.span for f in graphs]
        return "between " + " and ".join(f"{f.name}={f.body}" for f in graphs) + turn
    return ""


_HALF_DISK = re.compile(
    r"\b(upper|lower|left|right)[- ]half[- ](?:of (?:the )?)?(?:unit )?dis[ck]\b(?: of radius \$?([\w.]+))?",
    re.IGNORECASE,
)


def _half_disk(side: str, radius: str, turn: str) -> str:
    """The boundary of one half of a disk around the origin: its arc, and the diameter back."""
    low, _, high = _ARCS[side].partition("..")
    if not radius:
        return ""
    if turn:
        low, high = high, low
    ends = [f"({radius}*cos({angle}), {radius}*sin({angle}))" for angle in (high, low)]
    arc = f"x={radius}*cos(t), y={radius}*sin(t), t={low}..{high}"
    return f"{arc} and also {' to '.join(ends)}"


def _rectangle(x: tuple[str, str], y: tuple[str, str], turn: str) -> str:
    corners = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])]
    ways = [corners[0], *(reversed(corners[1:]) if turn else corners[1:]), corners[0]]
    return " to ".join(f"({a.strip()}, {b.strip()})" for a, b in ways)


def _is_conic(formula: Formula) -> bool:
    return len(formula.sides) == 2 and set(names_in(formula.sides[0])) == {"x", "y"} and not names_in(formula.sides[1])


def _components(formula: Formula) -> list[str]:
    """The components of a curve, listed or with unit vectors."""
    parts = components_text(formula.body).split(";")
    found = entries_of(formula.body) or [part.strip() for part in parts if part.strip()]
    return [part[1:-1] if is_one_bracket(part) else part for part in found]


def _by_parameter(reading: RoleReading, points: list[Formula], used: list[Span]) -> str:
    """r(t) = (...), or x, y and z each by a formula of t; with the range of t, or between two points."""
    vectors = [
        f for f in reading.formulas
        if f.shape == "vector" and f.span not in used and f.name.partition("(")[0] in ("r", "c", "gamma", "sigma")
        and len(_components(f)) in (2, 3)
    ]  # fmt: skip
    single = [f for f in reading.formulas if f.shape in ("definition", "function", "value") and f.name in COORDINATES]
    if vectors:
        parts, held = dict(zip(COORDINATES, _components(vectors[0]), strict=False)), [vectors[0]]
    else:
        parts, held = {f.name: f.body for f in single}, single
    letters = {name for body in parts.values() for name in names_in(body)} - {"pi", "e"}
    letter = "t" if "t" in letters else next(iter(letters), "")
    if letters & set(COORDINATES) or (letter != "t" and len(letters) != 1):
        return ""
    ends = _range(reading, letter, used)
    curve = ", ".join(f"{name}={body}" for name, body in parts.items())
    if not ends and len(points) == 2:
        used += [f.span for f in (*held, *points)]
        return f"{curve}, {points[0].body} to {points[1].body}"
    once = re.search(r"\bone|single|full|complete\b", reading.text)  # a turn of a helix, which rises
    turns = [_is_turning(body, letter) for body in parts.values()]
    if not ends and _TURNING.search(reading.text) and (all(turns) or (once and sum(turns) > 1)):
        ends = "0..2*pi"
    if not ends:
        return ""
    used += [f.span for f in held]
    return f"{curve}, {letter}={ends}"


_TURNING = re.compile(
    r"∮|\\oint|\b(?:ellipse|circle|closed|circulation)\b"
    r"|\b(?:one|single|full|complete) (?:turn|revolution|loop|period)\b",
    re.IGNORECASE,
)


def _is_turning(body: str, letter: str) -> bool:
    """Whether a letter stands in a formula only as an angle: 3 cos t."""
    return not re.search(rf"(?<![A-Za-z]){letter}(?![A-Za-z])", re.sub(rf"(?:cos|sin)\s*\(?\s*{letter}\b\)?", "", body))


def _range(reading: RoleReading, letter: str, used: list[Span]) -> str:
    """The ends of a parameter: 0 ≤ t ≤ 1, t in [0, 1], t = 0..1, from t = 0 to t = 1."""
    for formula in reading.formulas:
        sides = [side.strip() for side in formula.sides]
        if formula.shape == "condition" and len(sides) == 3 and sides[1] == letter:
            used.append(formula.span)
            return "..".join(ends_of(formula))
        if (
            formula.shape == "condition"
            and len(sides) == 2
            and sides[0] == letter
            and len(ends := entries_of(sides[1])) == 2
        ):
            used.append(formula.span)
            return f"{ends[0]}..{ends[1]}"
        before = reading.text[: formula.span[0]].rstrip(" $(")
        if formula.shape == "point" and re.search(rf"\b{letter}\$?\s*(?:in|∈|\\in)\Z", before):
            used.append(formula.span)
            return "..".join(entries_of(formula.body))
        if formula.shape == "range" and formula.name == letter:
            used.append(formula.span)
            return formula.body
    values = [f for f in reading.formulas if f.shape == "value" and f.name == letter]
    if len(values) == 1 and (up := re.match(r"\$?\s*(?:to|until|up to)\s*\$?", reading.text[values[0].span[1] :])):
        start = values[0].span[1] + up.end()
        last = next((f for f in reading.formulas if f.span[0] == start and is_constant(f.body)), None)
        if last is not None:
            used += [values[0].span, last.span]
            return f"{values[0].body}..{last.body}"
    if len(values) == 2:
        used += [f.span for f in values]
        return f"{values[0].body}..{values[1].body}"
    return ""


def _on_graph(reading: RoleReading, points: list[Formula], used: list[Span]) -> str:
    """The curve y = x^2 from one point to another."""
    graphs = [
        f for f in reading.formulas
        if f.shape == "definition" and f.name in COORDINATES and len(set(names_in(f.body))) == 1
        and set(names_in(f.body)) < set(COORDINATES)
    ]  # fmt: skip
    if len(graphs) == 1 and not points and (ends := _range(reading, names_in(graphs[0].body)[0], used)):
        used.append(graphs[0].span)
        return f"{graphs[0].name}={graphs[0].body}, {names_in(graphs[0].body)[0]}={ends}"
    if len(graphs) != 1 or len(points) != 2:
        return ""
    used += [f.span for f in (graphs[0], *points)]
    return f"{graphs[0].name}={graphs[0].body}, {points[0].body} to {points[1].body}"


def _through(reading: RoleReading, points: list[Formula], used: list[Span]) -> str:
    """Straight lines through points in the order of the text, the origin by its name; closed where the text says so."""
    size = len(entries_of(points[0].body)) if points else 0
    zero = f"({', '.join(['0'] * size)})"
    met = [(f.span[0], f.body) for f in points]
    if points:
        first, last = points[0].span[0] - 120, points[-1].span[1] + 60
        met += [(o.start(), zero) for o in _ORIGIN.finditer(reading.text) if first <= o.start() <= last]
    places = [body for _, body in sorted(met)]
    if len(places) < 2:
        return ""
    used += [f.span for f in points]
    closed = bool(_CLOSED.search(reading.text) or _BACK.search(reading.text) or re.search("∮|\\\\oint", reading.text))
    if closed and len(places) > 2:
        places = places[:-1] if _same(places[0], places[-1]) else places
        words = _IF_TURNED.sub(" ", reading.text)
        backward = bool(_CLOCKWISE.search(words))
        if _turns(places) * (-1 if backward else 1) < 0 and (backward or _COUNTER.search(words)):
            places = [places[0], *reversed(places[1:])]
        places = [*places, places[0]]
    return " to ".join(places)


def _same(a: str, b: str) -> bool:
    return a.replace(" ", "") == b.replace(" ", "")


def _turns(places: list[str]) -> float:
    """Twice the signed area of a polygon whose corners are plain numbers; 0 for others."""
    try:
        corners = [tuple(map(float, entries_of(place))) for place in places]
    except ValueError:
        return 0.0
    if any(len(corner) != 2 for corner in corners):
        return 0.0
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(corners, [*corners[1:], corners[0]], strict=True))
