"""derive: for which parameters the pieces of a function meet without a gap, and without a corner."""

from __future__ import annotations

import sympy as sp
from sympy.core.relational import Relational

from nabla.answer.document import Check, Document, Math, Note, Step
from nabla.calculus.budget import CALLS, within
from nabla.calculus.numeric import NoValue
from nabla.calculus.quotients import one_sided
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, finish, measured, refuse, say
from nabla.labs.derive.question import DeriveQuestion, in_order
from nabla.write.notation import point, tex

BOUND = 1e-9
NEAR = sp.Rational(1, 10**12)
WORDS = {"parameters": "differentiable", "continuous": "continuous"}


def of_joined(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """Values of the parameters for which a piecewise function of `wrt` is differentiable, or continuous, where its
    pieces meet.
    """
    smooth, word = question.what == "parameters", WORDS[question.what]
    f = question.f
    x = question.wrt[0]
    if not isinstance(f, sp.Piecewise) or x not in f.free_symbols:
        raise refuse(inputs, "f", "A function given by pieces is needed here.", "As in x^2 if x < 1 else a x + b.")
    held = (_place(relation, x) for relation in f.atoms(Relational) if relation.has(x))
    places = sorted({place for place in held if place is not None}, key=float)
    parameters = in_order(f.free_symbols - {x})
    if not places or not parameters:
        raise refuse(inputs, "f", "The pieces need a place where they meet, and a parameter that is open.")
    equations: list[sp.Expr] = []
    steps: list[Step] = []
    for c in places:
        left, right = _sides(f, x, c)
        gap = sp.simplify(left.subs(x, c) - right.subs(x, c))
        bend = sp.simplify((sp.diff(left, x) - sp.diff(right, x)).subs(x, c))
        equations += [gap, bend] if smooth else [gap]
        slopes = sp.diff(left, x), sp.diff(right, x)
        both = f"The slopes of both pieces there: ${tex(slopes[0])}$ and ${tex(slopes[1])}$."
        here = f"Both pieces at ${tex(x)} = {tex(c)}$."
        steps.append(Step("No gap", f"{tex(left.subs(x, c))} = {tex(right.subs(x, c))}", here))
        if not smooth:
            continue
        steps.append(Step("No corner", f"{tex(slopes[0].subs(x, c))} = {tex(slopes[1].subs(x, c))}", both))
    ways: list[dict[sp.Symbol, sp.Expr]] = within(6 * CALLS, lambda: sp.solve(equations, parameters, dict=True), [])
    ways = [way for way in ways if all(value.is_real is not False for value in way.values())]
    begin(document, question, f"Parameters for which ${question.reading.tex}$ is {word}")
    document.values["parameters"] = [{s.name: sp.sstr(v) for s, v in way.items()} for way in ways]
    if not ways:
        text = f"For no values of the parameters do the pieces meet without a gap{' and a corner' if smooth else ''}"
        document.add(Note(f"{text}.", tone="warning"))
        say(document, text)
        finish(document, question, steps, [])
        return
    told = r"\text{ or }".join(point(way) for way in ways)
    document.add(Math(told, str(document.values["parameters"]), f"{word.capitalize()} for", role="result"))
    corners = [] if smooth else [_corners(f.subs(way), x, places) for way in ways]
    say(document, "; ".join([f"It is {word} for ${told}$", *dict.fromkeys(corner for corner in corners if corner)]))
    finish(document, question, [*steps, Step("Solved", told)], [_check(f, x, places, way, smooth) for way in ways])


def _corners(f: sp.Expr, x: sp.Symbol, places: list[sp.Expr]) -> str:
    """Whether the pieces that meet have one slope there too; nothing where a parameter is still open."""
    if f.free_symbols - {x}:
        return ""
    slopes = {c: [sp.diff(side, x).subs(x, c) for side in _sides(f, x, c)] for c in places}
    bent = [c for c, (low, high) in slopes.items() if sp.simplify(low - high) != 0]
    if not bent:
        return "it is then differentiable there too"
    low, high = slopes[bent[0]]
    return (
        f"it is then not differentiable at ${tex(x)} = {tex(bent[0])}$: the slopes are ${tex(low)}$ and ${tex(high)}$"
    )


def _place(relation: Relational, x: sp.Symbol) -> sp.Expr | None:
    place = relation.rhs if relation.lhs == x else relation.lhs if relation.rhs == x else None
    return place if place is not None and place.is_number else None


def _sides(f: sp.Piecewise, x: sp.Symbol, c: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """The pieces that hold just left and right of a place."""
    found = []
    for sign in (-1, 1):
        beside = c + sign * sp.Rational(1, 10**6)
        found.append(next(branch for branch, condition in f.args if condition.subs(x, beside) == sp.true))
    return found[0], found[1]


def _check(f: sp.Piecewise, x: sp.Symbol, places: list[sp.Expr], way: dict[sp.Symbol, sp.Expr], smooth: bool) -> Check:
    """Difference quotients of the function from both sides, or its values beside the place, with the parameters put
    in; free ones have a value.
    """
    free = sorted(
        {s for value in way.values() for s in value.free_symbols} | (f.free_symbols - {x} - set(way)), key=str
    )
    fixed = {symbol: sp.Rational(7 + 3 * place, 5) for place, symbol in enumerate(free)}
    whole = f.subs({symbol: value.subs(fixed) for symbol, value in way.items()}).subs(fixed)
    figures = []
    for c in places:
        if not smooth:
            low, high = (float(whole.subs(x, c + side * NEAR).evalf(30)) for side in (-1, 1))
            figures.append(abs(low - high) / max(1.0, abs(low)))
            continue
        try:
            low, high = one_sided(whole, x, {x: c})
        except NoValue:
            continue
        figures.append(abs(low - high))
    figure = max(figures) if len(figures) == len(places) else None
    at = ", ".join(sp.sstr(c) for c in places)
    if not smooth:
        method = f"the values of the function a step of {float(NEAR):g} to the left and right of {at}"
        return measured(f"The pieces meet for {sp.sstr(way)}", method, figure, BOUND, "surroundings")
    method = f"difference quotients of the function from both sides, at {at}"
    return measured(f"The slopes agree for {sp.sstr(way)}", method, figure, BOUND, "differences")
