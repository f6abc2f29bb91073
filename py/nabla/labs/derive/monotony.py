"""derive: where a function increases and decreases, where it is concave up and down, and its inflections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sympy as sp

from nabla.answer.document import Cell, Column, Document, Math, Note, Prose, Step, Table
from nabla.calculus.signs import SignedInterval, Signs, disagreement, signs, within
from nabla.calculus.value import value_at
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.claim_intervals import claimed_intervals, judge_intervals
from nabla.labs.derive.extras import show_pictures
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import Part, differentiated, sympy_check
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.notation import number, tex
from nabla.write.sentence import in_a_row

# What is said of a positive and of a negative derivative of an order, and their names in the values.
WORDS = {1: ("increases", "decreases"), 2: ("is concave up", "is concave down")}
NAMES = {1: ("increasing", "decreasing"), 2: ("concave_up", "concave_down")}
ORDERS = {"monotony": (1,), "concavity": (2,), "shape": (1, 2)}


def of_monotony(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The intervals on which the first derivative, the second, or both, are positive and negative."""
    if len(question.functions) > 1:
        raise refuse(inputs, "f", "Where it increases is asked of one function.")
    x = question.wrt[0]
    f = question.f.subs({s: v for s, v in question.at.items() if s != x}, simultaneous=True)
    if f.free_symbols - {x}:
        names = ", ".join(sorted(symbol.name for symbol in f.free_symbols - {x}))
        raise refuse(inputs, "at", f"For intervals of {x.name}, {names} needs a value.", "As in a = 2.")
    wanted = ORDERS[question.what]
    parts = {order: differentiated(f, (x,) * order, question.domain, question.name, False) for order in wanted}
    begin(document, question, f"Where ${question.reading.tex}$ {' and '.join(WORDS[order][0] for order in wanted)}")
    document.values["derivative"] = sp.sstr(parts[wanted[0]].simple)
    told, checks, steps = [], [], []
    sets: dict[str, list[SignedInterval]] = {}
    for order, part in parts.items():
        below = f if order == 1 else part.stages[0].simple
        found = signs(below, part.simple, x, question.domain)
        if found is None:
            raise refuse(inputs, "f", f"The signs of ${tex(part.simple)}$ could not be settled.", code="not-covered")
        found = within(found, f, x) if order > 1 else found
        _show(document, question, part, found, order)
        sets |= {name.replace("_", " "): found.of(sign) for sign, name in zip((1, -1), NAMES[order], strict=True)}
        told.append(_told(found, question, order))
        figure = disagreement(f, x, found, order)
        how = f"{'differences' if order == 1 else 'second differences'} of the values of the function itself on a grid"
        checks.append(
            measured(f"It {' and '.join(WORDS[order])} where it is said to", how, figure, 0.0, "surroundings")
        )
        steps += [derived(part, question, question.name), _signs_step(found, part, x)]
    if claimed_intervals(inputs):
        claim = judge_intervals(document, inputs, sets)
    else:
        goals = [Goal(part.left, f, part.simple, tuple(part.derivations)) for part in parts.values()]
        claim = show_claim(document, inputs, question, goals, [f])
    say(document, "; it ".join([f"${question.reading.tex}$ {told[0]}", *told[1:]]), claim)
    show_pictures(document, replace(question, what="derivative", at={}), parts[wanted[0]].simple)
    finish(document, question, steps, [*checks, sympy_check(list(parts.values()), question.domain)])


def _show(document: Document, question: DeriveQuestion, part: Part, found: Signs, order: int) -> None:
    """The intervals and the places where the sign changes, in values and as results."""
    x, f = question.wrt[0], part.f
    for sign, name, word in zip((1, -1), NAMES[order], WORDS[order], strict=True):
        held = found.of(sign)
        document.values[name] = [f"({sp.sstr(stretch.low)}, {sp.sstr(stretch.high)})" for stretch in held]
        if held:
            text = r",\; ".join(_interval(stretch) for stretch in held)
            document.add(Math(text, str(document.values[name]), word.capitalize() + " on", role="result"))
    heights = {place: value_at(f, {x: place}, sp.S.Zero).exact for place in found.turns}
    if order == 2:
        document.values["inflections"] = [
            {"at": {x.name: sp.sstr(place)}, "value": sp.sstr(value)} for place, value in heights.items()
        ]
    else:
        kinds = {place: "maximum" if _before(found, place) > 0 else "minimum" for place in found.turns}
        document.values["extrema"] = [
            {"at": {x.name: sp.sstr(place)}, "value": sp.sstr(heights[place]), "kind": kind}
            for place, kind in kinds.items()
        ]
    word = "Inflection" if order == 2 else "Turns"
    rows: list[list[Cell]] = [
        [f"${number(place, 8)}$", f"${number(value, 8)}$"] for place, value in heights.items() if value is not None
    ]
    if rows:
        document.add(Table([Column(f"{word} at ${tex(x)}$"), Column(f"${question.name}$ there")], rows))
    if found.found.period is not None:
        document.add(Prose(f"The function has the period ${tex(found.found.period)}$; this is one of them."))
    elif not found.found.complete and not question.domain:
        ends = f"{found.found.low:g}$ and ${found.found.high:g}"
        document.add(Note(f"Looked at between ${tex(x)} = {ends}$; beyond, nothing is said."))
    if any(stretch.low.is_finite or stretch.high.is_finite for stretch in found.stretches):
        document.add(Prose("An end of an interval may be counted in where the function has a value there."))


def _before(found: Signs, place: sp.Expr) -> int:
    return next(stretch.sign for stretch in found.stretches if stretch.high == place)


def _told(found: Signs, question: DeriveQuestion, order: int) -> str:
    x = tex(question.wrt[0])
    said = [
        f"{word} on {_listed(held)}"
        for sign, word in zip((1, -1), WORDS[order], strict=True)
        if (held := found.of(sign))
    ]
    whole = " and ".join(said) or f"is constant, so that it neither {' nor '.join(WORDS[order])}"
    if found.found.period is not None:
        whole += f", and so on with the period ${tex(found.found.period)}$"
    elif not found.found.complete and not question.domain:
        whole += f", between ${x} = {found.found.low:g}$ and ${found.found.high:g}$"
    if not found.turns:
        return whole
    places = ", ".join(f"${x} = {number(place, 6)}$" for place in found.turns)
    return f"{whole}; it {'has an inflection' if order == 2 else 'turns'} at {places}"


def _listed(held: Sequence[SignedInterval]) -> str:
    return in_a_row([f"${_interval(stretch)}$" for stretch in held])


def _interval(stretch: SignedInterval) -> str:
    ends = [tex(end) if not end.is_finite else _end(end) for end in (stretch.low, stretch.high)]
    return rf"\left({ends[0]},\, {ends[1]}\right)"


def _end(end: sp.Expr) -> str:
    text = tex(end)
    return text if len(text) < 30 else f"{float(end):.6g}"


def _signs_step(found: Signs, part: Part, x: sp.Symbol) -> Step:
    """The signs between the places where the derivative is 0 or the function has a gap."""
    signs_of = {1: ">", -1: "<", 0: "="}
    shown = r",\quad ".join(
        rf"{part.left} {signs_of[stretch.sign]} 0 \text{{ on }} {_interval(stretch)}" for stretch in found.stretches
    )
    return Step(
        f"The signs of ${part.left}$",
        shown or r"\text{no values}",
        f"Between its zeros and the gaps of ${tex(part.f)}$.",
    )
