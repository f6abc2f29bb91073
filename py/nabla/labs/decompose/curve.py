"""decompose: curves as people name them, to stretches with a parameter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import sympy as sp

from nabla.errors import Span, UserError
from nabla.read.formula import read_formula, symbol
from nabla.vector.integrals import Stretch

_POINT = re.compile(r"\(([^()]+(?:\([^()]*\)[^()]*)*)\)")
_CIRCLE = re.compile(r"(unit )?circle(?: of)?(?: radius ([^,\s]+))?(?:,? cent(?:re|er)(?:ed)?(?: at)? (\([^()]*\)))?"
                     r"(,? clockwise)?,?(?: counter-?clockwise)?", re.IGNORECASE)  # fmt: skip
_ASSIGNED = re.compile(r"([A-Za-z]\w*)\s*=\s*((?:[^,()]|\([^()]*\))+)")
_ARC = re.compile(r"(.*=.*),\s*\(([^=]*)\)\s*to\s*\(([^=]*)\),\s*([a-z]+)")
_HINT = "Write x=cos t, y=sin t, t=0..2pi, or (0, 0) to (1, 2), or circle radius 2 centre (0, 0)."
BOTH = ", both ways"  # ends a curve where the value in the other direction is asked for too


_RAISED = re.compile(r"([^,]*circle[^,]*|[^,z]*=[^,z]*)(?:, z=([^,]+))?")  # in the plane z = 0, or another one


def read_path(text: str, symbols: Sequence[sp.Symbol]) -> list[Stretch]:
    """The stretches of a curve.

    Raises:
        UserError: "syntax" for what is no curve, and whatever its formulas raise.
    """
    text = text.strip().removesuffix(BOTH)
    if len(symbols) == 3 and (met := _MEETING.fullmatch(text)):
        return [_meeting(met, symbols, text)]
    if len(symbols) == 3 and (raised := _RAISED.fullmatch(text)):
        plane = read_path(raised[1], symbols[:2])
        level = read_formula(raised[2] or "0").expr
        return [Stretch((*stretch.position, level), stretch.t, stretch.low, stretch.high) for stretch in plane]
    if " and also " in text:
        return [stretch for part in text.split(" and also ") for stretch in read_path(part, symbols)]
    if region := re.fullmatch(r"between (.*?)(\s+clockwise)?", text):
        return _around(region[1].split(" and "), symbols, text, bool(region[2]))
    if circle := _CIRCLE.fullmatch(text):
        return [_circle(circle, symbols, text)]
    if len(symbols) == 3 and (slanted := _ON.fullmatch(text)):
        return [_on_surface(slanted, symbols, text)]
    if "=" in text and ".." not in text and not _POINT.search(text.replace("(x", "").replace("(y", "")):
        return [_conic(text, symbols)]
    if arc := _ARC.fullmatch(text):
        return [_arc(arc, symbols, text)]
    between = re.fullmatch(r"(.*=.*),\s*(\([^=]*\))\s*to\s*(\([^=]*\))\s*", text)
    if between:
        return [_between(between[1], (between[2][1:-1], between[3][1:-1]), symbols, text)]
    points = _POINT.findall(text)
    if len(points) >= 2 and re.fullmatch(r"\s*(?:(?:from|to|->|→|then|,)?\s*)*", _POINT.sub(" ", text)):
        corners = [_place(point, symbols, text) for point in points]
        return [_segment(a, b) for a, b in pairwise(corners)]
    return [_parametric(text, symbols)]


def _unread(text: str) -> UserError:
    return UserError("syntax", "This is not a curve that is read here.", hint=_HINT, span=Span(0, len(text)))


def _place(text: str, symbols: Sequence[sp.Symbol], whole: str) -> tuple[sp.Expr, ...]:
    values = tuple(read_formula(part).expr for part in text.split(","))
    if len(values) != len(symbols) or any(value.free_symbols & set(symbols) for value in values):
        raise _unread(whole)
    return values


def _circle(found: re.Match[str], symbols: Sequence[sp.Symbol], text: str) -> Stretch:
    if len(symbols) != 2 or not (found[1] or found[2]):
        raise _unread(text)
    radius = read_formula(found[2]).expr if found[2] else sp.S.One
    centre = _place(found[3][1:-1], symbols, text) if found[3] else (sp.S.Zero, sp.S.Zero)
    t = sp.Symbol("t", real=True)
    turn = -1 if found[4] else 1
    position = (centre[0] + radius * sp.cos(t), centre[1] + turn * radius * sp.sin(t))
    return Stretch(position, t, sp.S.Zero, 2 * sp.pi)


def _segment(a: tuple[sp.Expr, ...], b: tuple[sp.Expr, ...]) -> Stretch:
    t = sp.Symbol("t", real=True)
    return Stretch(tuple(p + (q - p) * t for p, q in zip(a, b, strict=True)), t, sp.S.Zero, sp.S.One)


def _conic(text: str, symbols: Sequence[sp.Symbol]) -> Stretch:
    """A circle or an ellipse by its equation."""
    equation, turned = re.subn(r"\s+clockwise\s*\Z", "", text)
    sides = [read_formula(side).expr for side in equation.split("=")]
    if len(symbols) != 2 or len(sides) != 2:
        raise _unread(text)
    x, y = symbols
    form = sp.Poly(sides[0] - sides[1], x, y) if (sides[0] - sides[1]).is_polynomial(x, y) else None
    if form is None or form.total_degree() != 2 or form.coeff_monomial(x * y) != 0:
        raise _unread(text)
    a, b = (form.coeff_monomial(s**2) for s in (x, y))
    if not (a.is_number and b.is_number and a * b > 0):
        raise _unread(text)
    centre = tuple(-form.coeff_monomial(s) / (2 * c) for s, c in ((x, a), (y, b)))
    level = a * centre[0] ** 2 + b * centre[1] ** 2 - form.coeff_monomial(1)
    t = sp.Symbol("t", real=True)
    wide, high = sp.sqrt(level / a), sp.sqrt(level / b)
    position = (centre[0] + wide * sp.cos(t), centre[1] + (-1 if turned else 1) * high * sp.sin(t))
    return Stretch(position, t, sp.S.Zero, 2 * sp.pi)


def _arc(found: re.Match[str], symbols: Sequence[sp.Symbol], text: str) -> Stretch:
    """The arc of a circle or an ellipse from one point to another, on the side or in the direction that is named."""
    whole = _conic(found[1], symbols)
    ends = [_place(found[2], symbols, text), _place(found[3], symbols, text)]
    t = whole.t
    centre = [(p.subs(t, 0) + p.subs(t, sp.pi)) / 2 for p in whole.position]
    wide, high = whole.position[0].subs(t, 0) - centre[0], whole.position[1].subs(t, sp.pi / 2) - centre[1]
    angles = []
    for place in ends:
        cos, sin = (place[0] - centre[0]) / wide, (place[1] - centre[1]) / high
        if sp.simplify(cos**2 + sin**2 - 1) != 0:
            told = ", ".join(map(sp.sstr, place))
            raise UserError("value", f"The point ({told}) does not lie on the curve.", span=Span(0, len(text)))
        angles.append(sp.atan2(sin, cos))
    first, last = angles
    forward = last if (last - first).is_positive else last + 2 * sp.pi
    back = forward - 2 * sp.pi
    if found[4] in _SIDES:
        axis, sign = _SIDES[found[4]]
        middle = whole.position[axis].subs(t, (first + forward) / 2) - centre[axis]
        return Stretch(whole.position, t, first, forward if middle * sign > 0 else back)
    if found[4] == "shorter":
        if forward - first == sp.pi:
            message = "Both halves lead from one point to the other: which is meant?"
            raise UserError("value", message, hint="Write upper, lower or clockwise.", span=Span(0, len(text)))
        return Stretch(whole.position, t, first, forward if forward - first < sp.pi else back)
    return Stretch(whole.position, t, first, back if found[4] == "clockwise" else forward)


_SIDES = {"upper": (1, 1), "top": (1, 1), "lower": (1, -1), "bottom": (1, -1), "right": (0, 1), "left": (0, -1)}


def _around(curves: Sequence[str], symbols: Sequence[sp.Symbol], text: str, clockwise: bool) -> list[Stretch]:
    """The boundary of the region that two graphs enclose, or three lines: each from corner to corner, around it."""
    if len(symbols) != 2:
        raise _unread(text)
    x, y = symbols
    gaps = []
    for curve in curves:
        name, _, body = curve.partition("=")
        gaps.append(symbol(name.strip()) - read_formula(body).expr)
    t = sp.Symbol("t", real=True)
    corners: list[dict[sp.Symbol, sp.Expr]] = []
    for a, b in ((gaps[0], gaps[1]),) if len(gaps) == 2 else ((gaps[i], gaps[(i + 1) % 3]) for i in range(3)):
        found = [each for each in sp.solve((a, b), (x, y), dict=True) if all(v.is_real for v in each.values())]
        if len(found) != (2 if len(gaps) == 2 else 1):
            raise UserError("value", "These curves do not enclose one region.", hint=_HINT, span=Span(0, len(text)))
        corners += found
    made = []
    for i, curve in enumerate(gaps):  # from the corner with the curve before it to that with the next one
        start, end = (corners[i], corners[1 - i]) if len(gaps) == 2 else (corners[i - 1], corners[i])
        of_x = sp.solve(curve, y)
        own, position = (x, (t, of_x[0].subs(x, t))) if len(of_x) == 1 else (y, (sp.solve(curve, x)[0].subs(y, t), t))
        made.append(Stretch(position, t, start[own], end[own]))
    if _area(made) * (-1 if clockwise else 1) < 0:
        made = [Stretch(s.position, s.t, s.high, s.low) for s in reversed(made)]
    return made


def _area(curve: Sequence[Stretch]) -> sp.Expr:
    """Of the region on the left of a closed curve."""
    parts = (
        sp.integrate(
            s.position[0] * sp.diff(s.position[1], s.t) - s.position[1] * sp.diff(s.position[0], s.t),
            (s.t, s.low, s.high),
        )
        for s in curve
    )
    return sp.Add(*parts) / 2


def _between(curve: str, ends: tuple[str, str], symbols: Sequence[sp.Symbol], text: str) -> Stretch:
    """A graph, or a curve by a parameter, from one point to another that lie on it."""
    given = {name: body.strip() for name, body in _ASSIGNED.findall(curve)}
    corners = [_place(end, symbols, text) for end in ends]
    free = [s for s in symbols if s.name not in given]
    made = {s: read_formula(given[s.name]).expr for s in symbols if s.name in given}
    letters = set().union(*(expr.free_symbols for expr in made.values())) - set(free)
    t = free[0] if len(free) == 1 and not letters else next(iter(letters), None)
    if t is None or len(free) > 1 or (free and letters) or len(letters) > 1:
        raise _unread(text)
    position = tuple(made.get(s, s) for s in symbols)
    low, high = (_parameter(position, t, corner, text) for corner in corners)
    here = sp.Symbol("t", real=True)
    return Stretch(tuple(p.subs(t, here) for p in position), here, low, high)


def _parameter(position: tuple[sp.Expr, ...], t: sp.Symbol, place: tuple[sp.Expr, ...], text: str) -> sp.Expr:
    """The parameter of a point on a curve.

    Raises:
        UserError: "value" where the point does not lie on the curve, or lies on it more than once.
    """
    gaps = [p - c for p, c in zip(position, place, strict=True)]
    gap = min((g for g in gaps if g.has(t)), key=sp.count_ops)
    found = [
        root for root in sp.solve(gap, t)
        if root.is_real and all(sp.simplify(g.subs(t, root)) == 0 for g in gaps)
    ]  # fmt: skip
    if len(found) != 1:
        told = ", ".join(map(sp.sstr, place))
        message = f"The point ({told}) does not lie on the curve." if not found else f"The curve meets ({told}) twice."
        raise UserError("value", message, hint=_HINT, span=Span(0, len(text)))
    return found[0]


_MEETING = re.compile(r"where (.+?)=(.+?) meets (.+?)=(.+?)(\s+clockwise)?")


def _meeting(found: re.Match[str], symbols: Sequence[sp.Symbol], text: str) -> Stretch:
    """The circle in which a plane and a sphere meet, counterclockwise seen from above."""
    plane, sphere = (read_formula(found[i]).expr - read_formula(found[i + 1]).expr for i in (1, 3))
    if not (plane.is_polynomial(*symbols) and sphere.is_polynomial(*symbols)):
        raise _unread(text)
    flat, ball = sp.Poly(plane, *symbols), sp.Poly(sphere, *symbols)
    normal = sp.Matrix([flat.coeff_monomial(s) for s in symbols])
    squares = {ball.coeff_monomial(s**2) for s in symbols}
    if flat.total_degree() != 1 or len(squares) != 1 or ball.total_degree() != 2:
        raise _unread(text)
    (scale,) = squares
    middle = -sp.Matrix([ball.coeff_monomial(s) for s in symbols]) / (2 * scale)
    foot = middle - plane.subs(dict(zip(symbols, middle, strict=True))) / normal.dot(normal) * normal
    square = sp.simplify(-sphere.subs(dict(zip(symbols, foot, strict=True))) / scale)
    if square.is_positive is False:
        raise UserError("value", "The plane does not cut the sphere.", hint=_HINT, span=Span(0, len(text)))
    up = next((c for c in reversed(normal) if c != 0), sp.S.One)
    normal = -normal if up.is_negative else normal
    side = sp.Matrix([1, 0, 0]) if normal[1] or normal[2] else sp.Matrix([0, 1, 0])
    second = normal.cross(side)
    second = second / second.norm()
    first = second.cross(normal) / normal.norm()
    t = sp.Symbol("t", real=True)
    turn = -1 if found[5] else 1
    position = foot + sp.sqrt(square) * (sp.cos(t) * first + turn * sp.sin(t) * second)
    return Stretch(tuple(map(sp.simplify, position)), t, sp.S.Zero, 2 * sp.pi)


_ON = re.compile(r"(.*), on ([^=]+)=(.+), (t=.*)")


def _on_surface(found: re.Match[str], symbols: Sequence[sp.Symbol], text: str) -> Stretch:
    """A curve by x and y, whose z is that of a surface: x=cos(t), y=sin(t), on x+y+z=1, t=0..2*pi."""
    x, y, z = symbols
    flat = _parametric(f"{found[1]}, {found[4]}", (x, y))
    heights = sp.solve(read_formula(found[2]).expr - read_formula(found[3]).expr, z)
    if len(heights) != 1:
        raise _unread(text)
    there = dict(zip((x, y), flat.position, strict=True))
    return Stretch((*flat.position, heights[0].subs(there, simultaneous=True)), flat.t, flat.low, flat.high)


def _parametric(text: str, symbols: Sequence[sp.Symbol]) -> Stretch:
    given = {name: body.strip() for name, body in _ASSIGNED.findall(text)}
    names = [s.name for s in symbols]
    ranges = [(name, body.split("..")) for name, body in given.items() if ".." in body]
    if len(ranges) != 1 or len(ranges[0][1]) != 2 or not set(names) <= set(given):
        raise _unread(text)
    name, ends = ranges[0]
    low, high = (read_formula(end).expr for end in ends)
    position = tuple(symbol(n) if n == name else read_formula(given[n], known=[name]).expr for n in names)
    t = sp.Symbol("t", real=True) if name in names else symbol(name)
    return Stretch(tuple(p.subs(symbol(name), t) for p in position), t, low, high)
