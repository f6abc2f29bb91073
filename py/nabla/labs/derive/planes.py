"""derive: the tangent plane and the normal line of a surface that an equation in three variables defines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sympy as sp

from nabla.answer.document import Check, Document, Math, Step
from nabla.calculus.contact import contact
from nabla.calculus.value import value_at
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, sympy_check, worked_out
from nabla.labs.derive.question import DeriveQuestion, in_order
from nabla.write.notation import point, tex

BOUND, ON_SURFACE = 1e-12, 1e-9
H = sp.Symbol("h", real=True)


def is_of_surface(question: DeriveQuestion) -> bool:
    """Whether an equation in three variables is given with a point that has all of them."""
    return question.unknown is not None and len(question.f.free_symbols & set(question.at)) == 3


def of_level_surface(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The plane at a point of F(x, y, z) = 0, whose normal is the gradient of F there."""
    equation = question.f
    symbols = in_order(equation.free_symbols & set(question.at))
    at = {symbol: value for symbol, value in question.at.items() if symbol in equation.free_symbols}
    if equation.free_symbols - set(at):
        raise refuse(inputs, "at", "The point needs a value for every variable.")
    off = value_at(equation, at, equation).number
    if off is None or abs(off) > ON_SURFACE:
        raise refuse(inputs, "at", "The point does not lie on the surface.", "Both sides differ there.")
    parts = [differentiated(equation, (symbol,), question.domain, "F", True) for symbol in symbols]
    found = [value_at(part.simple, at, equation).exact for part in parts]
    normal = [entry for entry in found if entry is not None]
    if len(normal) < len(found) or not any(normal):
        raise refuse(inputs, "at", "The gradient has no direction there: there is no single tangent plane.")
    terms = [entry * symbol for entry, symbol in zip(normal, symbols, strict=True)]
    level = sp.Add(*(entry * at[symbol] for entry, symbol in zip(normal, symbols, strict=True)))
    plane, t = sp.Add(*terms), _parameter(symbols)
    line = {symbol: at[symbol] + entry * t for entry, symbol in zip(normal, symbols, strict=True)}
    begin(document, question, f"Tangent plane of ${question.reading.tex}$ at ${point(at)}$")
    document.values |= {
        "derivative": [sp.sstr(part.simple) for part in parts],
        "value": [float(entry) for entry in normal],
        "tangent": f"{sp.sstr(plane)} = {sp.sstr(level)}",
        "normal": ", ".join(f"{symbol} = {sp.sstr(place)}" for symbol, place in line.items()),
    }
    shown = f"{tex(plane)} = {tex(level)}"
    plain = question.what == "normal"
    document.add(Math(shown, document.values["tangent"], "The tangent plane", role="plain" if plain else "result"))
    document.add(Math(point(line), document.values["normal"], "The normal line", role="result" if plain else "plain"))
    goal = Goal("0", equation, plane - level, noun="the tangent plane")
    claim = show_claim(document, inputs, replace(question, at={}), [goal])
    say(
        document,
        f"The tangent plane at ${point(at)}$ is ${shown}$, and the normal line is ${point(line)}$",
        claim,
    )
    steps = [
        step
        for part, entry in zip(parts, normal, strict=True)
        for step in (derived(part, question, "F"), Step("There", worked_out(part.left, part.simple, at, entry)))
    ]
    opened = " + ".join(f"({tex(n)})({tex(s)} - ({tex(at[s])}))" for n, s in zip(normal, symbols, strict=True))
    why = "The gradient is normal to the surface, so the plane is what is at right angles to it."
    steps.append(Step("The plane", rf"{opened} = 0 \quad\Rightarrow\quad {shown}", why))
    finish(document, question, steps, [_check(equation, normal, at), sympy_check(parts, question.domain)])


def _parameter(symbols: list[sp.Symbol]) -> sp.Symbol:
    names = {symbol.name for symbol in symbols}
    return next(sp.Symbol(letter, real=True) for letter in "tsu" if letter not in names)


def _check(equation: sp.Expr, normal: list[sp.Expr], at: Mapping[sp.Symbol, sp.Expr]) -> Check:
    """How far the equation is from holding a step along two directions of the plane."""
    a, b, c = normal
    ways = [way for way in ((b, -a, 0), (c, 0, -a), (0, c, -b)) if any(way)]
    figures = []
    for way in ways:
        size = sp.sqrt(sum(entry**2 for entry in way))
        moved = {symbol: value + entry * H / size for (symbol, value), entry in zip(_sorted(at), way, strict=True)}
        figures.append(contact(equation.subs(moved, simultaneous=True), H, {}))
    known = [figure for figure in figures if figure is not None]
    method = "both sides a step of 1e-20 along directions of the plane: their difference, over the step"
    figure = max(known) if known and len(known) == len(figures) else None
    return measured("The plane touches the surface", method, figure, BOUND, "differences")


def _sorted(at: Mapping[sp.Symbol, sp.Expr]) -> list[tuple[sp.Symbol, sp.Expr]]:
    return [(symbol, at[symbol]) for symbol in in_order(at)]
