"""derive: Newton's method by hand, x - f(x)/f'(x), with the numbers of every step."""

from __future__ import annotations

import re

import sympy as sp

from nabla.answer.document import Cell, Check, Column, Document, Math, Note, Step, Table
from nabla.calculus.contexts import precise
from nabla.calculus.numeric import D, Evaluator, NoValue, Number
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, sympy_check
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.notation import decimals, tex

USUAL, MOST = 3, 12
DIGITS = 10


def of_newton(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """So many of Newton's steps, `order`, for a root of the function from the start `at`."""
    x, f = question.wrt[0], question.f
    if x not in question.at:
        raise refuse(inputs, "at", f"Newton's method needs a start for {x.name}.", "As in x = 2.")
    if f.free_symbols - {x}:
        raise refuse(inputs, "f", "Newton's method is shown for a function of one variable.")
    count = _count(inputs)
    part = differentiated(f, (x,), question.domain, question.name, False)
    begin(document, question, f"Newton's method for ${question.reading.tex} = 0$")
    document.values |= {"derivative": sp.sstr(part.simple), "newton": []}
    rule = rf"{tex(x)}_{{n+1}} = {tex(x)}_n - \frac{{{question.name}({tex(x)}_n)}}{{{question.name}'({tex(x)}_n)}}"
    improved = sp.simplify(x - f / part.simple) if part.simple != 0 else None
    steps = [derived(part, question, question.name), Step("Newton's step", rule)]
    rows: list[list[Cell]] = []
    context = precise()
    at: Number = Evaluator(context, {x: question.at[x]})(x)
    stopped = ""
    for n in range(count):
        try:
            here = Evaluator(context, {x: at})
            height, slope = here(f), here(part.simple)
        except NoValue:
            stopped = f"at ${tex(x)}_{n} = {decimals(float(at), DIGITS)}$ the function has no value"
            break
        if slope == 0:
            stopped = f"at ${tex(x)}_{n} = {decimals(float(at), DIGITS)}$ the slope is 0, so that there is no next step"
            break
        following = at - height / slope
        numbers = [f"${decimals(float(value), DIGITS)}$" for value in (at, height, slope, following)]
        rows.append([str(n), *numbers])
        document.values["newton"].append(float(following))
        at = following
    headings = ("n", f"${tex(x)}_n$", f"${question.name}({tex(x)}_n)$", f"${question.name}'({tex(x)}_n)$", "next")
    document.add(Table([Column(text) for text in headings], rows))
    found = document.values["newton"]
    if stopped:
        document.add(Note(f"{stopped[:1].upper()}{stopped[1:]}.", tone="warning"))
    if found:
        document.values["value"] = found[-1]
        shown = rf"{tex(x)}_{{{len(found)}}} = {decimals(found[-1], DIGITS)}"
        document.add(Math(shown, repr(found[-1]), f"After {len(found)} step{'s' * (len(found) > 1)}", role="result"))
    claim = _judged(inputs, question, document, found)
    listed = r",\; ".join(rf"{tex(x)}_{{{n}}} = {decimals(value, DIGITS)}" for n, value in enumerate(found, 1))
    say(document, "; ".join(part for part in (f"${listed}$" if listed else "", stopped) if part), claim)
    if improved is not None:
        steps.append(
            Step("For this function", rf"{tex(x)} - \frac{{{question.name}}}{{{question.name}'}} = {tex(improved)}")
        )
    finish(document, question, steps, [_check(f, x, question.at[x], found), sympy_check([part])])


def _count(inputs: Inputs) -> int:
    text = inputs["order"].strip()
    if text and (not re.fullmatch(r"\d{1,2}", text) or not 1 <= int(text) <= MOST):
        raise refuse(inputs, "order", f"A number of steps from 1 to {MOST} is needed.")
    return int(text or USUAL)


def _judged(inputs: Inputs, question: DeriveQuestion, document: Document, found: list[float]) -> str:
    """The asker's numbers, in their order, beside the steps: as many digits as were typed are compared."""
    if not inputs["claim"].strip() or not found:
        return ""
    typed = re.findall(r"[-−]?\d+(?:\.\d+)?(?:\s?/\s?\d+)?", inputs["claim"])
    if not typed or re.sub(r"[-−\d./\s;]", "", inputs["claim"]):
        goals = [
            Goal(
                rf"{tex(question.wrt[0])}_{{{len(found)}}}", sp.Float(found[-1]), sp.Float(found[-1]), noun="the number"
            )
        ]
        return show_claim(document, inputs, question, goals)
    start = len(found) - 1 if len(typed) == 1 else 0
    wrong = ""
    for place, text in enumerate(typed, start + 1):
        if place > len(found):
            break
        if not _same(text, found[place - 1]) and not wrong:
            name = rf"{tex(question.wrt[0])}_{{{place}}}"
            wrong = f"your ${text}$ for ${name}$ is not right: it is ${decimals(found[place - 1], DIGITS)}$"
    document.values["claim"] = {"verdict": "wrong" if wrong else "right", "mistakes": [], "ask_at": None}
    if wrong:
        document.add(Note(f"{wrong[:1].upper()}{wrong[1:]}.", tone="warning"))
    return wrong or f"your {'number is' if len(typed) == 1 else 'numbers are'} right"


def _same(text: str, value: float) -> bool:
    """Whether a number as typed is a value rounded, or cut off, to its digits."""
    text = text.replace("−", "-").replace(" ", "")
    above, _, below = text.partition("/")
    if below:
        return abs(float(above) / float(below) - value) <= 1e-9 * max(1.0, abs(value))
    digits = len(text.partition(".")[2])
    if not digits:
        return float(text) == value
    rounded, cut = round(value, digits), int(value * 10**digits) / 10**digits
    return bool(min(abs(float(text) - rounded), abs(float(text) - cut)) < 1e-3 / 10**digits)


def _check(f: sp.Expr, x: sp.Symbol, start: sp.Expr, found: list[float]) -> Check:
    """The last step once more with a difference quotient of the function as its slope."""
    before = sp.Float(found[-2], 17) if len(found) > 1 else start
    try:
        here = Evaluator(precise(), {x: before})
        figure = abs(float(here(x - f / D(f, x))) - found[-1]) / max(1.0, abs(found[-1])) if found else None
    except (NoValue, ZeroDivisionError):
        figure = None
    return measured("The last step is right", "with a difference quotient as the slope", figure, 1e-9, "differences")
