"""derive: the derivative of an inverse function, 1 over the derivative at the place that has the value."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Check, Document, Math, Note, Step
from nabla.calculus.contexts import precise
from nabla.calculus.domain import EVERYWHERE
from nabla.calculus.extrema import stationary
from nabla.calculus.numeric import Evaluator, NoValue
from nabla.calculus.value import value_at
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, plain_number, sympy_check
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.notation import number, tex

BOUND = 1e-9


def of_inverse(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """(f^-1)'(b) = 1/f'(a) where f(a) = b; `at` is b. Without it the rule alone."""
    x, f = question.wrt[0], question.f
    if f.free_symbols - {x}:
        raise refuse(inputs, "f", "The inverse of a function of one variable is needed here.")
    part = differentiated(f, (x,), question.domain, question.name, False)
    inverse = rf"\left({question.name}^{{-1}}\right)'"
    begin(document, question, f"Derivative of the inverse of ${question.reading.tex}$")
    document.values["derivative"] = sp.sstr(1 / part.simple)
    rule = rf"{inverse}(b) = \frac{{1}}{{{question.name}'(a)}} \text{{ with }} {question.name}(a) = b"
    steps = [derived(part, question, question.name), Step("The rule of the inverse function", rule)]
    if not question.at:
        shown = rf"{inverse}\left({question.name}({tex(x)})\right) = {tex(1 / part.simple)}"
        document.values["inverse"] = sp.sstr(1 / part.simple)
        document.add(Math(shown, sp.sstr(1 / part.simple), "Derivative of the inverse", role="result"))
        say(document, f"${shown}$")
        finish(document, question, steps, [sympy_check([part])])
        return
    b = next(iter(question.at.values()))
    document.values["inverse"] = sp.sstr(b)
    found = stationary(f, f - b, x, question.domain or EVERYWHERE)
    places = [place.at for place in found.places if place.smooth and not place.end]
    if not places:
        raise refuse(
            inputs, "at", f"No place was found at which the function has the value {sp.sstr(b)}.", code="undefined"
        )
    values = [value_at(1 / part.simple, {x: a}, f) for a in places]
    if len(places) > 1:
        listed = ", ".join(f"${number(a, 6)}$" for a in places)
        text = (
            f"The function has the value ${tex(b)}$ at several places, {listed}: an inverse needs one of them chosen."
        )
        document.warn("unsure", text)
        document.add(Note(text, tone="warning"))
    a, value = places[-1], values[-1]
    document.values["value"] = value.number
    steps.insert(1, Step("The place that has the value", f"{question.name}({number(a, 8)}) = {number(b, 8)}"))
    if value.exact is None or value.number is None:
        text = f"The slope at ${tex(x)} = {number(a, 8)}$ is 0, so the inverse has no derivative at ${tex(b)}$"
        document.add(Note(f"{text}.", tone="warning"))
        say(document, text)
        finish(document, question, steps, [sympy_check([part])])
        return
    result = rf"{inverse}({tex(b)}) = \frac{{1}}{{{question.name}'({number(a, 8)})}} = {number(value.exact)}"
    document.add(Math(result, plain_number(value.exact, value.number), "Derivative of the inverse", role="value"))
    claim = show_claim(document, inputs, question, [Goal(inverse, value.exact, value.exact, noun="the value")])
    say(
        document,
        f"${inverse}({tex(b)}) = {number(value.exact)}$, since ${question.name}({number(a, 8)}) = {tex(b)}$",
        claim,
        ["value"],
    )
    finish(document, question, steps, [_check(f, x, a, value.number), sympy_check([part])])


def _check(f: sp.Expr, x: sp.Symbol, a: sp.Expr, slope: float) -> Check:
    """The inverse's own quotient: the step of the place over the step of the value, on both sides."""
    context = precise()
    step = context.mpf(10) ** -12
    try:
        place, sides = Evaluator(context, {x: a})(x), []
        for sign in (-1, 1):
            beside = Evaluator(context, {x: a})
            beside.let(x, place + sign * step)
            sides.append(beside(f))
        figure = abs(float(2 * step / (sides[1] - sides[0])) - slope) / max(1.0, abs(slope))
    except (NoValue, ZeroDivisionError):
        figure = None
    return measured(
        "Steps of the inverse itself have this slope", "places over values, on both sides", figure, BOUND, "differences"
    )
