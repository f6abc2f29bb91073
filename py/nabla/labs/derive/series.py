"""derive: Taylor polynomials with their remainder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import sympy as sp

from nabla.answer.document import Cell, Check, Column, Document, Math, Prose, Step, Table
from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.extrema import ends_of
from nabla.calculus.numeric import Evaluator, NoValue
from nabla.calculus.remainder import largest
from nabla.calculus.value import value_at
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, sympy_check
from nabla.labs.derive.question import DeriveQuestion, chosen_variable
from nabla.labs.derive.series_several import of_series_several
from nabla.labs.derive.written import beside, written
from nabla.read.fields.changes import read_changes
from nabla.write.notation import decimals, power, tex

USUAL, SEVERAL, HIGHEST = 4, 2, 12  # the degree where none is given, of one variable and of several, and the highest
STEPS = (6, 8)
BOUND = 1e-4


def of_series(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The Taylor polynomial about the point `at` up to the degree `order`, of one variable or of several."""
    if len(set(question.wrt)) > 1:
        of_series_several(inputs, question, document, _degree(inputs, SEVERAL))
        return
    degree = _degree(inputs, USUAL)
    f = question.f
    x = question.wrt[0] if inputs["wrt"].strip() else chosen_variable(question.functions)
    a = question.at.get(x, sp.S.Zero)
    others = {symbol: value for symbol, value in question.at.items() if symbol != x}
    f = f.subs(others)
    part = differentiated(f, (x,) * (degree + 1), question.domain, question.name, False)
    slopes = [f, *(stage.simple for stage in part.stages)]
    values = []
    for order, slope in enumerate(slopes[:-1]):
        value = value_at(slope, {x: a}, sp.S.Zero).exact if not slope.free_symbols - {x} else slope.subs(x, a)
        if value is None or value.has(sp.nan, sp.zoo, sp.oo):
            what = "function" if order == 0 else f"derivative of order {order}"
            raise refuse(
                inputs, "at", f"There is no Taylor polynomial at {x.name} = {a}: the {what} has no value there."
            )
        values.append(value)
    terms = [value / sp.factorial(order) * (x - a) ** order for order, value in enumerate(values)]
    polynomial = sp.Add(*terms)
    step = x if a == 0 else sp.Symbol(rf"\left({tex(x - a)}\right)")
    shown = written([value / sp.factorial(order) * step**order for order, value in enumerate(values)])
    begin(
        document,
        replace(question, wrt=(x,)),
        f"Taylor polynomial of ${question.reading.tex}$ about ${tex(x)} = {tex(a)}$",
    )
    document.values |= {"series": sp.sstr(polynomial), "derivative": sp.sstr(slopes[1])}
    left = f"T_{{{degree}}}({tex(x)})"
    document.add(Math(f"{left} = {shown}", sp.sstr(polynomial), f"Taylor polynomial of degree {degree}", role="result"))
    xi = sp.Symbol("xi", real=True)
    rest = slopes[-1].subs(x, xi)
    remainder = rf"\frac{{{question.name}^{{({degree + 1})}}(\xi)}}{{{degree + 1}!}}"
    power = rf"\left({tex(x - a)}\right)^{{{degree + 1}}}" if a != 0 else rf"{tex(x)}^{{{degree + 1}}}"
    whole = rf"R_{{{degree}}}({tex(x)}) = {remainder} {power}"
    worked = rf"\frac{{{tex(rest)}}}{{{sp.factorial(degree + 1)}}} {power}"
    document.add(Math(f"{whole} = {worked}", sp.sstr(rest), "Remainder (Lagrange)"))
    document.add(Prose(rf"With some $\xi$ between ${tex(a)}$ and ${tex(x)}$."))
    rows: list[list[Cell]] = [
        [str(order), f"${tex(slope)}$", f"${tex(value)}$", f"${tex(value / sp.factorial(order))}$"]
        for order, (slope, value) in enumerate(zip(slopes, values, strict=False))
    ]
    headings = ("k", f"Derivative of order k at ${tex(x)}$", f"at ${tex(a)}$", "over k!")
    document.add(Table([Column(text) for text in headings], rows))
    goal = Goal(left, f, polynomial, noun="the Taylor polynomial")
    changes = inputs.read("changes", read_changes, known=[x.name]).by
    if x in changes:  # an answer may be the number at that place
        place = a + changes[x]
        claim = show_claim(document, inputs, replace(question, at={x: place}), [replace(goal, simple=polynomial)])
        document.values["estimate"] = float(polynomial.subs(x, place))
    else:
        claim = show_claim(document, inputs, replace(question, at={}), [goal])
    estimated = _estimated(changes, question, document, (f, polynomial, slopes[-1]), (x, a, degree))
    say(document, "; ".join([f"${left} = {shown}$", *estimated]), claim)
    sign = rf"\sum_{{k=0}}^{{{degree}}} \frac{{{question.name}^{{(k)}}({tex(a)})}}{{k!}} ({tex(x)} - {tex(a)})^k"
    steps = [
        Step("Taylor's formula", f"{left} = {sign}", "The polynomial with the same derivatives at the point."),
        Step("Put in", f"{left} = {shown}"),
    ]
    finish(document, question, steps, [_check(f, polynomial, x, a, degree), sympy_check([part], question.domain)])


def _estimated(
    changes: Mapping[sp.Symbol, sp.Expr],
    question: DeriveQuestion,
    document: Document,
    of: tuple[sp.Expr, sp.Expr, sp.Expr],
    where: tuple[sp.Symbol, sp.Expr, int],
) -> list[str]:
    """The polynomial's value at a place and how far it can be off there, or on an interval."""
    (f, polynomial, rest), (x, a, degree) = of, where
    low, high = (a, a) if x in changes else ends_of(question.domain, x)
    if x in changes:
        place = a + changes[x]
        low, high = sorted((a, place), key=float)
    if low is None or high is None or f.free_symbols - {x}:
        return []
    told = []
    if x in changes:
        estimate, value = float(polynomial.subs(x, place)), value_at(f, {x: place}, f).number
        shown = rf"{question.name}({tex(place)}) \approx T_{{{degree}}}({tex(place)}) = {decimals(estimate, 10)}"
        document.add(Math(shown, repr(estimate), "Approximation", role="value"))
        told.append(f"${shown}${beside(estimate, value)}")
    most = largest(rest, x, low, high)
    if most is None:
        return told
    reach = max(abs(low - a), abs(high - a))
    bound = float(most) * float(reach) ** (degree + 1) / float(sp.factorial(degree + 1))
    document.values["remainder_bound"] = bound
    on = rf"{tex(low)} \leq {tex(x)} \leq {tex(high)}"
    document.add(
        Math(
            rf"|R_{{{degree}}}({tex(x)})| \leq \frac{{{tex(most)}}}{{{degree + 1}!}} "
            rf"\cdot {power(reach, str(degree + 1))} \approx {decimals(bound, 4)} \text{{ for }} {on}",
            repr(bound),
            "Bound of the remainder",
            role="value",
        )
    )
    told.append(rf"it is off by at most ${decimals(bound, 3)}$ for ${on}$")
    return told


def _degree(inputs: Inputs, usual: int) -> int:
    text = inputs["order"].strip()
    if not text:
        return usual
    if not re.fullmatch(r"\d{1,2}", text) or int(text) > HIGHEST:
        raise refuse(inputs, "order", f"A whole number up to {HIGHEST} is needed.")
    return int(text)


def _check(f: sp.Expr, polynomial: sp.Expr, x: sp.Symbol, a: sp.Expr, degree: int) -> Check:
    """What is left of f - T over the step to the power of the degree: it goes to 0 with the step."""
    claim = f"f - T goes to 0 faster than the step to the power {degree}"
    figures = []
    context = precise(4 * DIGITS)
    for exponent in STEPS:
        for sign in (-1, 1):
            step = sign * context.mpf(10) ** -exponent
            beside = Evaluator(context, {})
            try:
                beside.let(x, beside(a) + step)
                figures.append(abs(float((beside(f) - beside(polynomial)) / step**degree)))
            except NoValue:
                continue
    method = "the function itself beside the point, 1e-6 and 1e-8 away, in 280 digits"
    return measured(claim, method, max(figures) if figures else None, BOUND, "surroundings")
