"""derive: stationary points of a function of several variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import sympy as sp

from nabla.answer.document import Check, Document, Math, Note, Step
from nabla.calculus.boxed import BoxExtrema, BoxPoint, on_box, sides_of
from nabla.calculus.stationary_points import Stationary, around_point, newton, stationary_points
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, refuse, say
from nabla.labs.derive.claim_points import judge_points
from nabla.labs.derive.extras import show_pictures, show_programs
from nabla.labs.derive.matrices import matrix
from nabla.labs.derive.parts import differentiated, sympy_check
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.notation import number, point, tex
from nabla.write.sentence import in_a_row

MOST_VARIABLES = 4
MOST_LISTED = 8


def of_surface(
    inputs: Inputs, question: DeriveQuestion, document: Document, f: sp.Expr, symbols: Sequence[sp.Symbol]
) -> None:
    """Where all partial derivatives of `f` are 0, and what the Hessian says of these points."""
    if len(symbols) > MOST_VARIABLES:
        raise refuse(
            inputs, "f", f"Stationary points are looked for in at most {MOST_VARIABLES} variables.", "", "too-big"
        )
    question = replace(question, wrt=tuple(symbols))
    parts = [differentiated(f, (symbol,), question.domain, question.name, True) for symbol in symbols]
    gradient = [part.simple for part in parts]
    places, solved = stationary_points(f, gradient, symbols)
    places = [place for place in places if not question.domain or question.domain.contains(place.at)]
    sides = sides_of(question.domain, symbols)
    inside = [BoxPoint(tuple(place.at.values()), place.value, "inside") for place in places]
    whole = on_box(f, symbols, sides, inside) if sides else None
    begin(document, question, f"Stationary points of ${question.reading.tex}$")
    document.values["derivative"] = [sp.sstr(slope) for slope in gradient]
    document.values["extrema"] = [
        {"at": {s.name: sp.sstr(v) for s, v in p.at.items()}, "value": sp.sstr(p.value), "kind": p.kind} for p in places
    ]
    for place in places[:MOST_LISTED]:
        at = ", ".join(tex(value) for value in place.at.values())
        text = rf"{question.name}\left({at}\right) = {number(place.value)}"
        document.add(Math(text, sp.sstr(place.value), place.kind.capitalize(), role="result"))
    if not places:
        document.add(Math(rf"\nabla {question.name} \neq 0", "", "No stationary point", role="result"))
    if not solved:
        document.add(Note("These were found by Newton's steps from a grid around 0; there may be more."))
    told = _told(question, places, solved)
    if whole is not None:
        told = f"{_absolute(document, question, whole)}; inside, {told}"
    say(document, told, judge_points(document, inputs, places, symbols))
    show_pictures(document, replace(question, what="gradient", at=places[0].at if places else {}), gradient)
    shown = [derived(part, question, question.name) for part in parts]
    names = r",\; ".join(f"{tex(slope)} = 0" for slope in gradient)
    solutions = r"\;\text{ or }\;".join(f"({point(place.at)})" for place in places) or r"\text{no real solution}"
    shown.append(Step("Where all of them are 0", rf"{names} \quad\Rightarrow\quad {solutions}"))
    shown += [_classified(place) for place in places]
    checks = [*_checks(f, gradient, symbols, places, solved), sympy_check(parts)]
    if whole is not None:
        how = "values of the function itself on a grid of the rectangle, beyond the greatest or below the least"
        checks.insert(0, measured("No value is beyond these", how, whole.beyond, 1e-9, "surroundings"))
        listed = r",\; ".join(f"({tex(p.at[0])}, {tex(p.at[1])}) : {number(p.value, 6)}" for p in whole.points)
        shown.append(Step("The edges and the corners", listed, "On each edge it is a function of one variable."))
    finish(document, question, shown, checks)
    show_programs(document, replace(question, what="gradient", at={}), gradient)


def _told(question: DeriveQuestion, places: Sequence[Stationary], solved: bool) -> str:
    listed = [f"a {_word(p)} at ${point(p.at)}$ with the value ${number(p.value, 6)}$" for p in places[:MOST_LISTED]]
    nothing = "no stationary point" + ("" if solved else " that was found")
    return f"${question.reading.tex}$ has {'; '.join(listed) or nothing}"


def _absolute(document: Document, question: DeriveQuestion, whole: BoxExtrema) -> str:
    """The greatest and the least value on a rectangle, with where they are."""
    told = []
    document.values["absolute"] = {}
    for sign, kind, word in ((1, "maximum", "greatest"), (-1, "minimum", "least")):
        best = whole.best(sign)
        document.values["absolute"][kind] = {
            "at": [[sp.sstr(value) for value in p.at] for p in best], "value": sp.sstr(best[0].value)
        }  # fmt: skip
        where = in_a_row([f"$({tex(p.at[0])}, {tex(p.at[1])})$" for p in best[:MOST_LISTED]])
        told.append(f"the {word} value is ${number(best[0].value, 6)}$ at {where}")
        label = f"The {word} value"
        document.add(Math(number(best[0].value), sp.sstr(best[0].value), label, role="result"))
    names = ", ".join(tex(symbol) for symbol in question.wrt)
    return f"on the rectangle of ${names}$ {' and '.join(told)}".replace("on", "On", 1)


def _word(place: Stationary) -> str:
    names = {"saddle": "saddle point", "undecided": "stationary point that the Hessian leaves open"}
    return names.get(place.kind, f"local {place.kind}")


def _classified(place: Stationary) -> Step:
    """What the Hessian says: by its determinant in two variables, by its eigenvalues in more."""
    size = range(place.hessian.rows)
    shown = f"H = {matrix([[tex(place.hessian[i, j]) for j in size] for i in size])}"
    if place.hessian.rows == 2:
        determinant = sp.simplify(place.hessian.det())
        shown += rf",\quad \det H = {number(determinant, 8)}"
        why = {
            "minimum": "The determinant is positive and so is the first entry: a minimum.",
            "maximum": "The determinant is positive, the first entry negative: a maximum.",
            "saddle": "The determinant is negative: a saddle.",
            "undecided": "The determinant is 0: the second derivatives leave open what the point is.",
        }[place.kind]
    else:
        values = np.linalg.eigvalsh(np.array(place.hessian.evalf(20), dtype=float))
        why = f"The eigenvalues are {', '.join(f'${value:.6g}$' for value in values)}: {_word(place)}."
    return Step(f"At ${point(place.at)}$", shown, why)


def _checks(
    f: sp.Expr, gradient: Sequence[sp.Expr], symbols: Sequence[sp.Symbol], places: Sequence[Stationary], solved: bool
) -> list[Check]:
    """The values around each point, and the ends of Newton's steps, beside what was found."""
    named = [place for place in places if place.kind != "undecided"]
    wrong = [place for place in named if around_point(f, place.at) != place.kind]
    beside = "the values of the function itself in many directions around each point, at two distances"
    known = [np.array([float(value) for value in place.at.values()]) for place in places]
    ended = newton(gradient, symbols) if solved else []
    more = [e for e in ended if all(np.abs(np.array(e) - point).max() > 1e-3 for point in known)]
    checks = []
    if named:
        checks.append(measured("Each point is what it is called", beside, float(len(wrong)), 0.0, "surroundings"))
    if solved:
        how = f"Newton's steps from a grid of starts around 0 end at {len(ended)} points, all of them known"
        checks.append(measured("No stationary point is missing", how, float(len(more)), 0.0, "surroundings"))
    return checks
