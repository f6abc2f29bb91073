"""derive: the places at which a derivative has a given value: where a tangent is level, when something is at rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sympy as sp

from nabla.answer.document import Check, Document, Math, Note, Prose, Step
from nabla.calculus.contexts import precise
from nabla.calculus.equality import equal
from nabla.calculus.extrema import stationary
from nabla.calculus.numeric import Evaluator, NoValue
from nabla.calculus.relations import solved_for
from nabla.calculus.value import value_at
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, say
from nabla.labs.derive.conditions import put_function, read_conditions
from nabla.labs.derive.extras import show_pictures
from nabla.labs.derive.parts import differentiated, sympy_check, worst_of
from nabla.labs.derive.question import DeriveQuestion
from nabla.read.fields.asked import Asked
from nabla.write.derivation import equality_check
from nabla.write.notation import number, tex
from nabla.write.sentence import in_a_row

MOST_LISTED, MOST_TANGENTS = 8, 3
BOUND = 1e-20


def of_places(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """Where the function of one variable fulfils an equation in its derivatives, f'(x) = 0 say."""
    condition, x, f = read_conditions(inputs, question)[0], question.wrt[0], question.f
    f = f.subs({s: v for s, v in question.at.items() if s != x}, simultaneous=True)
    written = put_function(condition.difference.expr, question, f)
    order = max((node.derivative_count for node in written.atoms(sp.Derivative)), default=1)
    part = differentiated(f, (x,) * order, question.domain, question.name, question.partial)
    gap = sp.simplify(written.doit())
    begin(document, question, f"Where ${condition.tex}$ for ${question.reading.tex}$")
    document.values["derivative"] = sp.sstr(part.simple)
    if gap.free_symbols - {x}:
        check = _of_letters(question, document, condition, (f, gap))
        finish(document, question, [derived(part, question, question.name)], [check, sympy_check([part])])
        return
    found = stationary(f, gap, x, question.domain)
    places = [place.at for place in found.places if place.smooth and not place.end]
    values = [value_at(f, {x: place}, sp.S.Zero).exact for place in places]
    document.values["places"] = [
        {"at": {x.name: sp.sstr(place)}, "value": sp.sstr(value)} for place, value in zip(places, values, strict=True)
    ]
    shown = list(zip(places, values, strict=True))[:MOST_LISTED]
    held = f"${condition.tex}$ at {in_a_row([f'${tex(x)} = {number(place, 6)}$' for place, _ in shown])}"
    text = held if places else f"${condition.tex}$ nowhere" + ("" if found.complete else ", as far as was looked")
    if found.period is not None and places:
        text += f", and again after every ${tex(found.period)}$"
        document.add(Prose(f"The function has the period ${tex(found.period)}$; these are the places of one period."))
    elif not found.complete and not question.domain:
        document.add(
            Note(f"Looked for between ${tex(x)} = {found.low:g}$ and ${found.high:g}$; there may be more beyond.")
        )
    of_slope = written.has(sp.Derivative)
    for place, value in shown:
        height = rf":\quad {question.name} = {number(value)}" if of_slope else ""
        document.add(Math(f"{tex(x)} = {number(place)}{height}", sp.sstr(place), f"${condition.tex}$", role="result"))
    heights = in_a_row([f"${number(value, 6)}$" for _, value in shown])
    touching = _tangents(document, condition, question, x, shown) if of_slope and order == 1 else ""
    say(document, f"{text}, where ${question.name}$ is {heights}{touching}" if of_slope and heights else text)
    show_pictures(document, replace(question, what="derivative", wrt=(x,)), part.simple)
    roots = r",\; ".join(f"{tex(x)} = {number(place, 8)}" for place in places) or r"\text{no solution}"
    solved = Step("Solved", rf"{tex(gap)} = 0 \quad\Rightarrow\quad {roots}")
    check = _check(written, x, places)
    finish(document, question, [derived(part, question, question.name), solved], [check, sympy_check([part])])


def _tangents(
    document: Document,
    condition: Asked,
    question: DeriveQuestion,
    x: sp.Symbol,
    shown: Sequence[tuple[sp.Expr, sp.Expr]],
) -> str:
    """The tangents of one slope that is not 0, which the condition gives, at the places."""
    slope, y = condition.right.expr, tex(sp.Symbol(question.names[0] or "y"))
    if not slope.is_number or slope == 0 or not 0 < len(shown) <= MOST_TANGENTS:
        return ""
    lines = [sp.expand(value + slope * (x - place)) for place, value in shown]
    document.values["tangents"] = [sp.sstr(line) for line in lines]
    for line in lines:
        document.add(Math(f"{y} = {tex(line)}", sp.sstr(line), "The tangent there", role="result"))
    told = in_a_row([f"${y} = {tex(line)}$" for line in lines])
    return f"; the tangents there are {told}" if len(lines) > 1 else f"; the tangent there is {told}"


def _of_letters(question: DeriveQuestion, document: Document, condition: Asked, of: tuple[sp.Expr, sp.Expr]) -> Check:
    """The places as formulas of the other letters, and what the second derivative says of them; their check."""
    (f, gap), x = of, question.wrt[0]
    claim = "The equation holds at the places"
    ways = [way[x] for way in solved_for([gap], [x]) if x in way]
    document.values["places"] = [
        {"at": {x.name: sp.sstr(at)}, "value": sp.sstr(sp.simplify(f.subs(x, at)))} for at in ways
    ]
    if not ways:
        document.add(Note(f"${condition.tex}$ could not be solved for ${tex(x)}$.", tone="warning"))
        say(document, f"${condition.tex}$ means ${tex(gap)} = 0$, which could not be solved for ${tex(x)}$")
        return Check(claim, "none was found", "unchecked", test="algebra")
    told = " or ".join(f"${tex(x)} = {tex(at)}$" for at in ways)
    bends = [sp.simplify(sp.diff(f, x, 2).subs(x, at)) for at in ways]
    shown = r"\text{ or }".join(f"{tex(x)} = {tex(at)}" for at in ways)
    document.add(Math(shown, str(document.values["places"]), f"${condition.tex}$", role="result"))
    for at, bend in zip(ways, bends, strict=True):
        document.add(Prose(f"The second derivative at ${tex(x)} = {tex(at)}$ is ${tex(bend)}$."))
    say(document, f"${condition.tex}$ at {told}")
    return equality_check(claim, worst_of([equal(gap.subs(x, at), sp.S.Zero) for at in ways]))


def _check(written: sp.Expr, x: sp.Symbol, places: Sequence[sp.Expr]) -> Check:
    """The equation at the places, with difference quotients of the function for its derivatives."""
    figures = []
    for place in places:
        try:
            figures.append(abs(float(Evaluator(precise(), {x: place})(written))))
        except NoValue:
            continue
    figure = max(figures) if figures and len(figures) == len(places) else None
    how = "difference quotients of the function itself in the place of its derivatives"
    return measured(
        "The equation holds at each place",
        how,
        figure,
        BOUND if all(p.is_Float is not True for p in places) else 1e-9,
        "differences",
    )
