"""derive: extrema under one constraint, by Lagrange's multiplier."""

from __future__ import annotations

from itertools import product

import numpy as np
import sympy as sp

from nabla.answer.document import Check, Document, Math, Note, Step
from nabla.calculus.budget import CALLS, within
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.question import DeriveQuestion, in_order
from nabla.read.formula import read_equation
from nabla.write.notation import number, point, tex

LAMBDA = sp.Symbol("lambda", real=True)
MOST_POINTS = 12
NEAR = 1e-3
CLOSE = 1e-9


def of_constrained(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The stationary points of `f` where the constraint holds, each compared with its neighbours on the constraint."""
    f = question.f
    known = [symbol.name for symbol in f.free_symbols]
    equation = inputs.read("constraint", lambda text: read_equation(text, known=known))
    g = equation.difference.expr
    symbols = in_order(f.free_symbols | g.free_symbols)
    if LAMBDA in symbols:
        raise refuse(inputs, "f", "lambda is the multiplier here; take another letter in the function.")
    gradient = [(sp.diff(f, symbol), sp.diff(g, symbol)) for symbol in symbols]
    places = _solved(gradient, g, symbols)
    if not places or len(places) > MOST_POINTS:
        message = "The equations of Lagrange's multiplier could not be solved here."
        raise refuse(inputs, "constraint", message, code="not-covered")
    places.sort(key=lambda way: float(f.subs(way)))
    begin(document, question, f"Extrema of ${question.reading.tex}$ where ${equation.difference.tex}$")
    kinds = [_kind(f, g, symbols, way) for way in places]
    values = [sp.simplify(f.subs(way)) for way in places]
    document.values["extrema"] = [
        {"at": {s.name: sp.sstr(way[s]) for s in symbols}, "value": sp.sstr(value), "kind": kind}
        for way, value, kind in zip(places, values, kinds, strict=True)
    ]
    for way, value, kind in zip(places, values, kinds, strict=True):
        at = point({symbol: way[symbol] for symbol in symbols})
        label = {"undecided": "Left undecided"}.get(kind, f"{kind.capitalize()} on the constraint")
        document.add(Math(rf"f\left({at}\right) = {number(value)}", sp.sstr(value), label, role="result"))
    if any(kind == "undecided" for kind in kinds):
        document.add(Note("The neighbours on the constraint do not decide at such a point.", tone="warning"))
    goals = [Goal("f", f, value, noun="the value") for value in values]
    claim = show_claim(document, inputs, question, goals) if len(goals) == 1 else ""
    told = "; ".join(
        f"a {kind} of ${number(value, 6)}$ at ${point({s: way[s] for s in symbols})}$"
        for way, value, kind in zip(places, values, kinds, strict=True)
    )
    say(document, f"Where ${equation.difference.tex}$, ${question.reading.tex}$ has {told}", claim)
    finish(
        document, question, _steps(gradient, symbols, equation.difference.tex, places), _checks(f, g, symbols, places)
    )


def _solved(
    gradient: list[tuple[sp.Expr, sp.Expr]], g: sp.Expr, symbols: list[sp.Symbol]
) -> list[dict[sp.Symbol, sp.Expr]]:
    """The real solutions of Lagrange's equations; in the plane the multiplier is eliminated first, which is easier."""
    if len(symbols) == 2 and (found := _crossed(gradient, g, symbols)):
        return found
    conditions = [*(of_f - LAMBDA * of_g for of_f, of_g in gradient), g]
    ways = _ways(conditions, [*symbols, LAMBDA])
    return [way for way in ways if len(way) == len(symbols) + 1 and all(value.is_real for value in way.values())]


def _crossed(
    gradient: list[tuple[sp.Expr, sp.Expr]], g: sp.Expr, symbols: list[sp.Symbol]
) -> list[dict[sp.Symbol, sp.Expr]]:
    """The points of the constraint where both gradients are parallel."""
    (fx, gx), (fy, gy) = gradient
    crossed = sp.factor(fx * gy - fy * gx)
    left = sp.Mul(*(part for part in sp.Mul.make_args(crossed) if not isinstance(part, sp.exp)))  # exp is never 0
    places = []
    for way in _ways([left, g], symbols):
        slopes = [(of_f.subs(way), of_g.subs(way)) for of_f, of_g in gradient]
        multiplier = next((of_f / of_g for of_f, of_g in slopes if of_g != 0), None)
        if len(way) == 2 and multiplier is not None and all(value.is_real for value in way.values()):
            places.append({**way, LAMBDA: sp.simplify(multiplier)})
    return places


def _ways(equations: list[sp.Expr], unknowns: list[sp.Symbol]) -> list[dict[sp.Symbol, sp.Expr]]:
    """SymPy's solutions; none where it finds none in its time."""
    found: list[dict[sp.Symbol, sp.Expr]] = within(10 * CALLS, lambda: sp.solve(equations, unknowns, dict=True), [])
    return found


def _steps(
    gradient: list[tuple[sp.Expr, sp.Expr]],
    symbols: list[sp.Symbol],
    constraint: str,
    places: list[dict[sp.Symbol, sp.Expr]],
) -> list[Step]:
    equations = r",\quad ".join(rf"{tex(of_f)} = \lambda \left({tex(of_g)}\right)" for of_f, of_g in gradient)
    solved = r";\quad ".join(point({symbol: way[symbol] for symbol in [*symbols, LAMBDA]}) for way in places)
    words = "At an extremum on the constraint both gradients are parallel: else one could go on along it and rise."
    return [
        Step("Lagrange's condition", rf"\nabla f = \lambda \nabla g: \quad {equations}", words),
        Step("And the constraint", constraint),
        Step("Solved", solved, "All real solutions of these equations that algebra finds."),
    ]


def _neighbours(f: sp.Expr, g: sp.Expr, symbols: list[sp.Symbol], way: dict[sp.Symbol, sp.Expr]) -> list[float]:
    """Differences of f at points of the constraint near a place: steps along it, brought back onto it by Newton."""
    value = sp.lambdify([symbols], f, modules="math", dummify=True)
    gap = sp.lambdify([symbols], g, modules="math", dummify=True)
    slope = sp.lambdify([symbols], [sp.diff(g, symbol) for symbol in symbols], modules="math", dummify=True)
    here = np.array([float(way[symbol]) for symbol in symbols])
    found = []
    for direction in product((-1, 0, 1), repeat=len(symbols)):
        normal = np.array(slope(here))
        along = np.array(direction, float)
        along -= normal * (along @ normal) / max(normal @ normal, 1e-300)
        if np.linalg.norm(along) < 0.1 or normal @ normal == 0:
            continue
        place = here + NEAR * along / np.linalg.norm(along)
        for _ in range(30):
            normal = np.array(slope(place))
            place = place - normal * gap(place) / (normal @ normal)
        found.append(float(value(place)) - float(value(here)))
    return found


def _kind(f: sp.Expr, g: sp.Expr, symbols: list[sp.Symbol], way: dict[sp.Symbol, sp.Expr]) -> str:
    try:
        gaps = _neighbours(f, g, symbols, way)
    except (ValueError, ZeroDivisionError, OverflowError):  # outside of the domain of a function in it
        return "undecided"
    if gaps and min(gaps) > CLOSE * NEAR:
        return "minimum"
    if gaps and max(gaps) < -CLOSE * NEAR:
        return "maximum"
    return "saddle" if gaps and min(gaps) < -CLOSE * NEAR and max(gaps) > CLOSE * NEAR else "undecided"


def _checks(f: sp.Expr, g: sp.Expr, symbols: list[sp.Symbol], places: list[dict[sp.Symbol, sp.Expr]]) -> list[Check]:
    """The constraint at each place, and the function flat along it: by values on the constraint itself."""
    on_it = max(abs(float(g.subs(way))) for way in places)
    flat = []
    for way in places:
        try:
            gaps = _neighbours(f, g, symbols, way)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        flat.append(max(abs(gap) for gap in gaps) / NEAR if gaps else 0.0)
    scale = max(1.0, *(abs(float(f.subs(way))) for way in places))
    figure = max(flat) / scale if flat else None
    method = f"the function at points of the constraint {NEAR:g} away: its change over that distance"
    return [
        measured("The constraint holds at each point", "put in", on_it, 1e-9, "points"),
        measured("Along the constraint the function is level", method, figure, 0.1, "surroundings"),
    ]
