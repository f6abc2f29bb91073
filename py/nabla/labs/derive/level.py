"""derive: where the tangent of a curve is horizontal or vertical, of x(t), y(t) and of what an equation defines."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from nabla.answer.document import Document, Math, Note, Step
from nabla.calculus.budget import CALLS, within
from nabla.calculus.contact import contact
from nabla.calculus.extrema import stationary
from nabla.calculus.value import value_at
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, refuse, say
from nabla.labs.derive.lines import H
from nabla.labs.derive.parts import differentiated, sympy_check
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.notation import number, tex
from nabla.write.sentence import in_a_row

MOST_LISTED = 8
BOUND = 1e-12
Point = tuple[sp.Expr, sp.Expr]


def of_level(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The points at which the tangent is `what`, horizontal or vertical; those without a direction are named apart."""
    if question.unknown is None and len(question.functions) != 2:
        raise refuse(inputs, "f", "A curve x(t), y(t) or an equation in x and y is needed here.")
    begin(document, question, f"Where the tangent is {question.what}")
    (_of_curve if question.unknown is None else _of_equation)(question, document)


def _of_curve(question: DeriveQuestion, document: Document) -> None:
    t, coordinates = question.wrt[0], [reading.expr for reading in question.functions]
    names = [tex(sp.Symbol(name)) for name in question.names]
    parts = [differentiated(f, (t,), question.domain, name, False) for f, name in zip(coordinates, names, strict=True)]
    still = 1 if question.what == "horizontal" else 0  # the coordinate that does not change there
    found = stationary(coordinates[still], parts[still].simple, t, question.domain)
    period = found.period if found.period is not None else period_of(coordinates, t)
    places = [place.at for place in found.places if place.smooth and not place.end]
    if period is not None and found.period is None and not question.domain:
        places = [at for at in places if 0 <= float(at) < float(period) - 1e-9]
    moving = {place: value_at(parts[1 - still].simple, {t: place}, sp.S.Zero).exact for place in places}
    good = [place for place in places if moving[place]]
    stopped = [place for place in places if moving[place] == 0]
    points = [(sp.simplify(coordinates[0].subs(t, at)), sp.simplify(coordinates[1].subs(t, at))) for at in good]
    where = [f"{tex(t)} = {number(at, 6)}" for at in good]
    again = f", and again after every ${tex(period)}$" if period is not None and good else ""
    beyond = "" if found.complete or period is not None else ", as far as was looked"
    _say(question, document, (points, where), again + beyond, [f"{tex(t)} = {number(at, 6)}" for at in stopped])
    moved = [[f.subs(t, at + H) - f.subs(t, at) for f in coordinates] for at in good]
    figures = [contact(change[still], H, {}) for change in moved]
    left = rf"\frac{{\mathrm{{d}} {names[still]}}}{{\mathrm{{d}} {tex(t)}}}"
    solved = Step(
        "Solved", rf"{left} = 0 \quad\Rightarrow\quad {_listed(where)}", "The other derivative is not 0 there."
    )
    known = [figure for figure in figures if figure is not None]
    check = measured(
        f"The curve goes {'sideways' if still else 'up or down'} there",
        "the curve itself a step of 1e-20 to both sides of each place: how far it leaves the tangent, over the step",
        max(known) if known and len(known) == len(figures) else None, BOUND, "differences",
    )  # fmt: skip
    steps = [derived(part, question, name) for part, name in zip(parts, names, strict=True)]
    finish(document, question, [*steps, solved], [check, sympy_check(parts, question.domain)])


def period_of(coordinates: Sequence[sp.Expr], t: sp.Symbol) -> sp.Expr | None:
    """The period of coordinates that hold t in sines and cosines of its rational multiples alone; None for others."""
    inner = {call.args[0] for f in coordinates for call in f.atoms(sp.sin, sp.cos) if call.has(t)}
    slopes = {sp.diff(arg, t) for arg in inner}
    bare = [f.xreplace({call: sp.Dummy() for call in f.atoms(sp.sin, sp.cos)}) for f in coordinates]
    if not slopes or not all(slope.is_Rational for slope in slopes) or any(f.has(t) for f in bare):
        return None
    return 2 * sp.pi * sp.ilcm(1, *(slope.q for slope in slopes)) / sp.igcd(0, *(slope.p for slope in slopes))


def _of_equation(question: DeriveQuestion, document: Document) -> None:
    x, y, equation = question.wrt[0], question.unknown, question.f
    assert y is not None
    parts = [differentiated(equation, (symbol,), question.domain, "F", True) for symbol in (x, y)]
    one, other = parts if question.what == "horizontal" else parts[::-1]
    nothing: list[dict[sp.Symbol, sp.Expr]] = []
    ways = within(8 * CALLS, lambda: _solved([equation, one.simple], [x, y]), nothing)
    ways = [way for way in ways if {x, y} <= set(way) and all(way[s].is_real for s in (x, y))]
    good = [way for way in ways if sp.simplify(other.simple.subs(way)) != 0]
    points = [(sp.simplify(way[x]), sp.simplify(way[y])) for way in good]
    stopped = [f"({tex(way[x])}, {tex(way[y])})" for way in ways if way not in good]
    _say(question, document, (points, []), "" if ways else ", as far as they could be solved for", stopped)
    step = (H, sp.S.Zero) if question.what == "horizontal" else (sp.S.Zero, H)
    gaps = [equation.subs({x: a + step[0], y: b + step[1]}, simultaneous=True) for a, b in points]
    figures = [contact(gap, H, {}) for gap in gaps]
    known = [figure for figure in figures if figure is not None]
    check = measured(
        f"The equation holds along a {question.what} line there",
        "both sides a step of 1e-20 to both sides of each point: their difference, over the step",
        max(known) if known and len(known) == len(figures) else None, BOUND, "differences",
    )  # fmt: skip
    listed = [f"({tex(a)}, {tex(b)})" for a, b in points]
    system = rf"{tex(equation)} = 0,\; {one.left} = 0"
    solved = Step("Solved", rf"{system} \quad\Rightarrow\quad {_listed(listed)}", f"And ${other.left}$ is not 0 there.")
    finish(document, question, [*(derived(part, question, "F") for part in parts), solved], [check, sympy_check(parts)])


def _solved(equations: Sequence[sp.Expr], symbols: Sequence[sp.Symbol]) -> list[dict[sp.Symbol, sp.Expr]]:
    try:
        return list(sp.solve(list(equations), list(symbols), dict=True))
    except NotImplementedError:
        return []


def _listed(places: Sequence[str]) -> str:
    return r",\; ".join(places[:MOST_LISTED]) or r"\text{no solution}"


def _say(
    question: DeriveQuestion, document: Document, of: tuple[list[Point], list[str]], more: str, stopped: list[str]
) -> None:
    """The points with the parameters that belong to them, and where the curve has no direction."""
    points, where = of
    document.values["places"] = [{"x": sp.sstr(a), "y": sp.sstr(b)} for a, b in points]
    shown = [f"({tex(a)}, {tex(b)})" for a, b in points]
    for i, each in enumerate(shown[:MOST_LISTED]):
        label = rf" \quad ({where[i]})" if where else ""
        document.add(Math(each + label, str(points[i]), f"A {question.what} tangent", role="result"))
    told = [f"${each}$" + (f", where ${where[i]}$" if where else "") for i, each in enumerate(shown[:MOST_LISTED])]
    where_ = f"at {'; at '.join(told)}" if told else "nowhere"
    apart = ""
    if stopped:
        listed = in_a_row([f"${each}$" for each in stopped])
        apart = f"; not counted is {listed}, where both derivatives are 0"
        document.add(Note("Where both derivatives are 0 the curve can have a corner, a cusp or a crossing."))
    say(document, f"The tangent is {question.what} {where_}{more}{apart}")
