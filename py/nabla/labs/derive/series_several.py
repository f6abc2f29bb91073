"""derive: Taylor polynomials of functions of several variables, from the partial derivatives at one point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement
from math import factorial, prod

import sympy as sp

from nabla.answer.document import Cell, Check, Column, Document, Math, Step, Table
from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.equality import equal
from nabla.calculus.numeric import Evaluator, NoValue
from nabla.calculus.value import value_at
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, worst_of
from nabla.labs.derive.question import DeriveQuestion
from nabla.labs.derive.written import beside, written
from nabla.read.fields.changes import read_changes
from nabla.write.derivation import equality_check
from nabla.write.notation import decimals, operator, point, tex

USUAL, MOST_TERMS = 2, 84
STEPS = (10, 12)
BOUND = 1e-4
Place = Mapping[sp.Symbol, sp.Expr]


def of_series_several(inputs: Inputs, question: DeriveQuestion, document: Document, degree: int) -> None:
    """The Taylor polynomial of `question.wrt`, two or more variables, about the point `at`, 0 where none is given."""
    symbols = tuple(dict.fromkeys(question.wrt))
    a = {symbol: question.at.get(symbol, sp.S.Zero) for symbol in symbols}
    f = question.f.subs({symbol: value for symbol, value in question.at.items() if symbol not in a})
    orders = [way for n in range(degree + 1) for way in combinations_with_replacement(symbols, n)]
    if len(orders) > MOST_TERMS:
        raise refuse(
            inputs, "order", f"Polynomials of at most {MOST_TERMS} terms are shown; this one has {len(orders)}."
        )
    partials = dict.fromkeys(orders[:1], f)
    for way in orders[1:]:
        partials[way] = differentiated(partials[way[:-1]], way[-1:], question.domain, question.name, True).simple
    values = {way: _value(inputs, partials[way], a, way) for way in orders}
    moved = {s: s if a[s] == 0 else sp.Symbol(rf"\left({tex(s - a[s])}\right)") for s in symbols}
    terms = {way: value / _repeated(way) for way, value in values.items()}
    polynomial = sp.Add(*(c * prod(s - a[s] for s in way) for way, c in terms.items()))
    shown = written([c * prod(moved[s] for s in way) for way, c in terms.items()])
    begin(document, question, f"Taylor polynomial of ${question.reading.tex}$ about ${point(a)}$")
    document.values |= {"series": sp.sstr(polynomial), "partials": {_name(w): sp.sstr(partials[w]) for w in orders[1:]}}
    left = f"T_{{{degree}}}({', '.join(map(tex, symbols))})"
    document.add(Math(f"{left} = {shown}", sp.sstr(polynomial), f"Taylor polynomial of degree {degree}", role="result"))
    rows: list[list[Cell]] = [
        [f"${operator(way, True, question.name) if way else question.name}$", f"${tex(partials[way])}$",
         f"${tex(values[way])}$", f"${tex(terms[way])}$"]
        for way in orders
    ]  # fmt: skip
    headings = ("Derivative", f"at ${', '.join(map(tex, symbols))}$", f"at ${point(a)}$", "factor of its term")
    document.add(Table([Column(text) for text in headings], rows))
    estimated = _estimated(inputs, question, document, (f, polynomial), a)
    place = estimated[0] if estimated else {}
    goal = Goal(left, f, polynomial, noun="the Taylor polynomial")
    claim = show_claim(document, inputs, replace(question, at=dict(place)), [goal])
    say(document, "; ".join([f"${left} = {shown}$", *(estimated[1:] if estimated else ())]), claim)
    step = f"({_vector(symbols)} - {_vector(a.values())})^k"
    sign = rf"\sum_{{|k| \leq {degree}}} \frac{{\partial^k {question.name}}}{{k!}} {step}"
    steps = [
        Step("Taylor's formula", f"{left} = {sign}", "The polynomial with the same partial derivatives at the point."),
        Step("Put in", f"{left} = {shown}"),
    ]
    t = sp.Dummy("t", real=True)
    line = {s: a[s] + t * (1 + 2 * i) / (3 + i) for i, s in enumerate(symbols)}
    rest = (f - polynomial).subs(line, simultaneous=True)
    verdicts = [equal(sp.diff(rest, t, order).subs(t, 0), sp.S.Zero) for order in range(degree + 1)]
    check = equality_check("Along a straight line both have the same derivatives at the point", worst_of(verdicts))
    finish(document, question, steps, [_close(f, polynomial, a, degree), check])


def _value(inputs: Inputs, partial: sp.Expr, a: Place, way: Sequence[sp.Symbol]) -> sp.Expr:
    value = value_at(partial, a, sp.S.Zero).exact if not partial.free_symbols - set(a) else partial.subs(a)
    if value is None or value.has(sp.nan, sp.zoo, sp.oo):
        what = f"derivative by {', '.join(s.name for s in way)}" if way else "function"
        raise refuse(inputs, "at", f"There is no Taylor polynomial there: the {what} has no value at the point.")
    return value


def _repeated(way: Sequence[sp.Symbol]) -> int:
    """The product of the factorials of how often each variable stands in it."""
    return prod(factorial(way.count(symbol)) for symbol in set(way))


def _name(way: Sequence[sp.Symbol]) -> str:
    return ",".join(symbol.name for symbol in way)


def _vector(entries: Iterable[sp.Expr]) -> str:
    return f"({', '.join(tex(entry) for entry in entries)})"


def _estimated(
    inputs: Inputs, question: DeriveQuestion, document: Document, of: tuple[sp.Expr, sp.Expr], a: Place
) -> tuple[Place, str] | None:
    """Where the polynomial is to be evaluated, and its value there beside that of the function."""
    (f, polynomial), by = of, inputs.read("changes", read_changes, known=[symbol.name for symbol in a]).by
    if not by or f.free_symbols - set(a):
        return None
    place = {symbol: value + by.get(symbol, 0) for symbol, value in a.items()}
    estimate, value = float(polynomial.subs(place)), value_at(f, place, f).number
    document.values["estimate"] = estimate
    at = ", ".join(tex(entry) for entry in place.values())
    shown = rf"{question.name}({at}) \approx {decimals(estimate, 10)}"
    document.add(Math(shown, repr(estimate), "Approximation", role="value"))
    return place, f"${shown}${beside(estimate, value)}"


def _close(f: sp.Expr, polynomial: sp.Expr, a: Place, degree: int) -> Check:
    """What is left of f - T over the distance to the power of the degree: it goes to 0 with the distance."""
    context, figures = precise(4 * DIGITS), []
    for exponent in STEPS:
        for turn in range(2 * len(a)):
            here = Evaluator(context, {})
            step = context.mpf(10) ** -exponent
            try:
                for i, (symbol, value) in enumerate(a.items()):
                    here.let(symbol, here(value) + step * (1 + (i + turn) % 3) * (-1) ** (turn >> i))
                figures.append(abs(float((here(f) - here(polynomial)) / step**degree)))
            except NoValue:
                continue
    claim = f"f - T goes to 0 faster than the distance to the power {degree}"
    method = "the function itself beside the point, about 1e-10 and 1e-12 away, in 280 digits"
    return measured(claim, method, max(figures) if figures else None, BOUND, "surroundings")
