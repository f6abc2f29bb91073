"""derive: stationary points, what they are, and their values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import sympy as sp

from nabla.answer.document import Check, Document, Math, Note, Plot, Prose, Step
from nabla.answer.marks import Axis, Dots, Line, Mark
from nabla.calculus.curves import curve, visible_range
from nabla.calculus.extrema import Extrema, ExtremePoint, around, missed, stationary
from nabla.calculus.roots import with_real_roots
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.extras import show_programs
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import Part, differentiated, listed, sympy_check
from nabla.labs.derive.question import DeriveQuestion
from nabla.labs.derive.surfaces import of_surface
from nabla.write.notation import number, tex

MOST_LISTED = 8


def of_extrema(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The stationary points of a function of one variable, or of several."""
    if len(question.functions) > 1:
        raise refuse(inputs, "f", "Stationary points are those of one function.")
    f = question.f.subs({s: v for s, v in question.at.items() if s not in question.wrt}, simultaneous=True)
    variables = sorted(f.free_symbols, key=lambda symbol: symbol.name)
    if len(variables) > 1 and not inputs["wrt"].strip():
        of_surface(inputs, question, document, f, variables)
        return
    x = question.wrt[0] if inputs["wrt"].strip() or not variables else variables[0]
    if f.free_symbols - {x}:
        names = ", ".join(symbol.name for symbol in variables if symbol != x)
        raise refuse(inputs, "at", f"For stationary points in {x.name}, {names} needs a value.", "As in a = 2.")
    _of_one(inputs, replace(question, wrt=(x,)), document, f, x)


def _of_one(inputs: Inputs, question: DeriveQuestion, document: Document, f: sp.Expr, x: sp.Symbol) -> None:
    part = differentiated(f, (x,), question.domain, question.name, False)
    second = differentiated(f, (x, x), question.domain, question.name, False)
    found = stationary(f, part.simple, x, question.domain)
    begin(document, question, f"Stationary points of ${question.reading.tex}$")
    document.values |= {"derivative": sp.sstr(part.simple), "extrema": [_entry(place, x) for place in found.places]}
    _show_places(document, question, found, x)
    claim = show_claim(document, inputs, question, [Goal(part.left, f, part.simple, tuple(part.derivations))])
    say(document, _told(found, question, x), claim)
    plot = _plot(f, x, found, question.name)
    if plot:
        document.add(plot)
    finish(document, question, _steps(question, part, second, found, x), [*_checks(f, x, found), sympy_check([second])])
    show_programs(document, replace(question, what="derivative", at={}), part.simple)


def _entry(place: ExtremePoint, x: sp.Symbol) -> dict[str, object]:
    kind = f"{place.kind} at an end" if place.end else place.kind
    return {"at": {x.name: sp.sstr(place.at)}, "value": sp.sstr(place.value), "kind": kind}


def _told(found: Extrema, question: DeriveQuestion, x: sp.Symbol) -> str:
    again = rf", and again after every ${tex(found.period)}$" if found.period is not None else ""
    listed = [
        f"a {place.kind if place.end else _word(place)} of ${number(place.value, 6)}$ at {'the end ' * place.end}"
        f"${tex(x)} = {number(place.at, 6)}$"
        for place in found.places[:MOST_LISTED]
    ]
    if (absolute := _absolute(found)) and listed:
        least, most = absolute
        inner = [text for place, text in zip(found.places, listed, strict=False) if place not in absolute]
        beside = f"; besides {', '.join(inner)}" if inner else ""
        return (
            f"{_where(question)} the greatest value of ${question.reading.tex}$ is {_at(most, x)}, "
            f"the least {_at(least, x)}{beside}"
        )
    if not listed:
        return f"${question.reading.tex}$ has no stationary point" + ("" if found.complete else " that was found")
    return f"${question.reading.tex}$ has {'; '.join(listed)}{again}"


def _where(question: DeriveQuestion) -> str:
    """On what the greatest and the least value are so: the interval that is told, or wherever there are values."""
    return f"For {listed(question.domain.conditions)}" if question.domain else "On the whole domain"


def _absolute(found: Extrema) -> tuple[ExtremePoint, ExtremePoint] | None:
    """The least and the greatest of all values, on a closed interval on which the function has no gap."""
    ends = [place for place in found.places if place.value is not None]
    if sum(place.end for place in ends) != 2 or any(found.low <= gap <= found.high for gap in found.gaps):
        return None
    return min(ends, key=lambda place: float(place.value)), max(ends, key=lambda place: float(place.value))


def _at(place: ExtremePoint, x: sp.Symbol) -> str:
    where = ", an end" if place.end else ""
    return f"${number(place.value, 6)}$ at ${tex(x)} = {number(place.at, 6)}${where}"


def _word(place: ExtremePoint) -> str:
    if place.end:
        return f"{place.kind} at the end"
    names = {"inflection": "level inflection", "undecided": "stationary point left undecided"}
    return names.get(place.kind, f"local {place.kind}")


def _show_places(document: Document, question: DeriveQuestion, found: Extrema, x: sp.Symbol) -> None:
    for place in found.places[:MOST_LISTED]:
        text = rf"{question.name}\left({tex(place.at)}\right) = {number(place.value)}"
        document.add(Math(text, sp.sstr(place.value), _word(place).capitalize(), role="result"))
    if not found.places:
        document.add(Math(rf"{question.name}' \neq 0", "", "No stationary point", role="result"))
    if with_real_roots(question.f) != question.f:
        text = (
            "A power such as $x^{2/3}$ is read as real only where $x$ is not negative; as a real root type cbrt(x)^2."
        )
        document.warn("unsure", text)
        document.add(Note(text, tone="warning"))
    if found.period is not None:
        document.add(Prose(f"The function has the period ${tex(found.period)}$; these are the points of one period."))
    elif not found.complete and not question.domain:
        low, high = f"{found.low:g}", f"{found.high:g}"
        document.add(Note(f"Looked for between ${tex(x)} = {low}$ and ${high}$; there may be more beyond."))
    if absolute := _absolute(found):
        least, most = absolute
        document.values["absolute"] = {"minimum": _entry(least, x), "maximum": _entry(most, x)}
        greatest = f"the greatest value is ${number(most.value)}$, at ${tex(x)} = {tex(most.at)}$"
        smallest = f"the least ${number(least.value)}$, at ${tex(x)} = {tex(least.at)}$"
        document.add(Prose(f"{_where(question)} {greatest}, and {smallest}."))


def _steps(question: DeriveQuestion, part: Part, second: Part, found: Extrema, x: sp.Symbol) -> list[Step]:
    smooth = [place for place in found.places if place.smooth]
    roots = r",\; ".join(f"{tex(x)} = {number(place.at, 8)}" for place in smooth) or r"\text{no solution}"
    equation = rf"{tex(part.simple)} = 0 \quad\Rightarrow\quad {roots}"
    how = (
        "Solved by algebra: these are all." if found.complete else "By algebra and by the signs of the slope on a grid."
    )
    shown = [derived(part, question, question.name), Step("Where the slope is 0", equation, how)]
    shown.append(derived(second, question, question.name))
    for place in found.places:
        at = f"{tex(x)} = {number(place.at, 8)}"
        if place.curvature is not None:
            sign = ">" if place.kind == "minimum" else "<"
            bent = "upwards: a minimum" if place.kind == "minimum" else "downwards: a maximum"
            value = rf"{second.left}\Big|_{{{at}}} = {number(place.curvature, 8)} {sign} 0"
            shown.append(Step(f"At ${at}$", value, f"The curve bends {bent}."))
        elif place.smooth:
            why = f"The second derivative does not decide; the signs of the slope on both sides do: {_word(place)}."
            shown.append(Step(f"At ${at}$", rf"{question.name}' = 0", why))
        else:
            why = "An end of the domain" if place.end else "There is no slope here, but the function turns"
            shown.append(Step(f"At ${at}$", rf"{question.name} = {number(place.value, 8)}", f"{why}: {_word(place)}."))
    return shown


def _checks(f: sp.Expr, x: sp.Symbol, found: Extrema) -> list[Check]:
    inner = [place for place in found.places if not place.end and place.kind != "undecided"]
    wrong = [place for place in inner if around(f, x, place.at) not in (place.kind, "undecided")]
    open_ = any(around(f, x, place.at) == "undecided" and place.at.is_Float is not True for place in inner)
    beside = "the values of the function itself at three distances to the left and right of each place"
    figure = None if open_ and not wrong else float(len(wrong))
    turns = missed(f, x, found)
    on_grid = f"values of the function itself from {found.low:g} to {found.high:g} on a grid"
    lacking = None if turns is None else float(turns)
    checks = [measured("No turning point is missing", on_grid, lacking, 0.0, "surroundings")]
    if inner:
        checks.insert(0, measured("Each place is what it is called", beside, figure, 0.0, "surroundings"))
    return checks


def _plot(f: sp.Expr, x: sp.Symbol, found: Extrema, name: str) -> Plot | None:
    places = [float(place.at) for place in found.places]
    if not places:
        return None
    width = max(2.0, 0.6 * (max(places) - min(places)))
    low, high = max(found.low, min(places) - width), min(found.high, max(places) + width)
    drawn = curve(f, x, {}, low, high)
    heights = [float(place.value) for place in found.places]
    shown = visible_range([drawn], heights)
    if shown is None:
        return None
    marks: list[Mark] = [
        Line(*drawn, f"${name}$"),
        Dots(np.array(places), np.array(heights), "stationary points", color=1),
    ]
    summary = f"The function from {low:g} to {high:g} with its {len(places)} marked points."
    return Plot(marks, summary, x=Axis(label=f"${tex(x)}$", domain=(low, high)), y=Axis(domain=shown))
