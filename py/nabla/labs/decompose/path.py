"""decompose: a curve as people name it, and the integral of the field along it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Check, Document, Heading, Math, Step, Steps
from nabla.errors import Span, UserError
from nabla.labs.decompose.field import Given
from nabla.labs.decompose.telling import NAME, vector
from nabla.read.formula import read_formula, symbol
from nabla.vector.integrals import AlongStretch, Stretch, along, measured, total
from nabla.write.notation import tex

_POINT = re.compile(r"\(([^()]+(?:\([^()]*\)[^()]*)*)\)")
_CIRCLE = re.compile(r"(unit )?circle(?: of)?(?: radius ([^,\s]+))?(?:,? cent(?:re|er)(?:ed)?(?: at)? (\([^()]*\)))?"
                     r"(,? clockwise)?,?(?: counter-?clockwise)?", re.IGNORECASE)  # fmt: skip
_ASSIGNED = re.compile(r"([A-Za-z]\w*)\s*=\s*((?:[^,()]|\([^()]*\))+)")
_HINT = "Write x=cos t, y=sin t, t=0..2pi, or (0, 0) to (1, 2), or circle radius 2 centre (0, 0)."
CLOSE = 1e-8


def read_path(text: str, symbols: Sequence[sp.Symbol]) -> list[Stretch]:
    """The stretches of a curve.

    Raises:
        UserError: "syntax" for what is no curve, and whatever its formulas raise.
    """
    text = text.strip()
    if circle := _CIRCLE.fullmatch(text):
        return [_circle(circle, symbols, text)]
    points = _POINT.findall(text)
    if len(points) >= 2 and re.fullmatch(r"\s*(?:(?:from|to|->|→|then|,)?\s*)*", _POINT.sub(" ", text)):
        corners = [_place(point, symbols, text) for point in points]
        return [_segment(a, b) for a, b in pairwise(corners)]
    return [_parametric(text, symbols)]


def _unread(text: str) -> UserError:
    return UserError("syntax", "This is not a curve that is read here.", hint=_HINT, span=Span(0, len(text)))


def _place(text: str, symbols: Sequence[sp.Symbol], whole: str) -> tuple[sp.Expr, ...]:
    values = tuple(read_formula(part).expr for part in text.split(","))
    if len(values) != len(symbols) or any(value.free_symbols for value in values):
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


def _parametric(text: str, symbols: Sequence[sp.Symbol]) -> Stretch:
    given = {name: body.strip() for name, body in _ASSIGNED.findall(text)}
    names = [s.name for s in symbols]
    ranges = [(name, body.split("..")) for name, body in given.items() if name not in names and ".." in body]
    if len(ranges) != 1 or len(ranges[0][1]) != 2 or not set(names) <= set(given):
        raise _unread(text)
    name, ends = ranges[0]
    low, high = (read_formula(end).expr for end in ends)
    return Stretch(tuple(read_formula(given[n], known=[name]).expr for n in names), symbol(name), low, high)


def answer_path(document: Document, given: Given, text: str) -> tuple[list[Block], str]:
    """The integral along a curve: its blocks, and the sentence."""
    if not given.system.straight:
        message = "Integrals along curves are found in Cartesian coordinates."
        raise UserError("not-covered", message, span=Span(0, len(text)), field="path")
    try:
        curve = read_path(text, given.symbols)
    except UserError as error:
        error.field = error.field or "path"
        raise
    parts = along(given.F, given.symbols, curve)
    value, number = total(parts), measured(parts)
    shown = value if value is not None else None if number is None else sp.Float(number, 12)
    document.values["work"] = {"value": None if shown is None else sp.sstr(shown), "number": number, "path": text}
    if shown is None:
        return [Heading("Along the curve"), Steps([_step(part) for part in parts])], "the integral has no value here."
    closed = _is_closed(curve)
    sign = r"\oint" if closed else r"\int"
    result = Math(
        rf"{sign} {NAME} \cdot d\mathbf{{r}} = {tex(shown)}", sp.sstr(shown), "Along the curve", role="result"
    )
    blocks: list[Block] = [Heading("Along the curve"), result, Steps([_step(part) for part in parts])]
    if value is not None and number is not None:
        gap = abs(float(value) - number)
        claim, fine = "The integral along the curve is that of quadrature", gap <= CLOSE * max(1.0, abs(number))
        verdict: Verdict = "passed" if fine else "failed"
        blocks.append(Check(claim, "tanh-sinh rule, 30 digits", verdict, gap, CLOSE, test="points"))
    return blocks, f"the work along the curve is ${tex(shown)}$."


def _is_closed(curve: Sequence[Stretch]) -> bool:
    first, last = curve[0], curve[-1]
    start = [p.subs(first.t, first.low) for p in first.position]
    end = [p.subs(last.t, last.high) for p in last.position]
    return all(sp.simplify(a - b) == 0 for a, b in zip(start, end, strict=True))


def _step(part: AlongStretch) -> Step:
    t = tex(part.stretch.t)
    ends = rf"\int_{{{tex(part.stretch.low)}}}^{{{tex(part.stretch.high)}}}"
    right = "" if part.value.value is None else f" = {tex(part.value.value)}"
    body = rf"{ends} \left({tex(part.integrand)}\right) d{t}{right}"
    why = rf"With $\mathbf{{r}}({t}) = {vector(part.stretch.position)}$, this is $F \cdot d\mathbf{{r}}/d{t}$."
    return Step("A stretch of the curve", body, why)
