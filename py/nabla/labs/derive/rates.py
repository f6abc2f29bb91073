"""derive: related rates. Equations hold at every time, so their derivatives by time are equations for the rates."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from nabla.answer.document import Cell, Check, Column, Document, Math, Step, Table
from nabla.calculus.budget import CALLS, within
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.question import DeriveQuestion, in_order
from nabla.read.fields.rates import read_letters, read_rates
from nabla.write.notation import number, point, tex

MOMENT = sp.Rational(1, 10**6)
BOUND = 1e-6


def of_rate(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The rate asked for, from the equations in `f`, the values `at` the moment and the known rates."""
    equations = [reading.expr for reading in question.functions]
    symbols = in_order({symbol for equation in equations for symbol in equation.free_symbols})
    names = [symbol.name for symbol in symbols]
    rates = inputs.read("rates", lambda text: read_rates(text, known=names))
    letters = inputs.read("letters", read_letters)
    by_name = {symbol.name: symbol for symbol in symbols}
    for name in (rates.asked, *rates.known):
        if name not in by_name:
            raise refuse(inputs, "rates", f"{name} does not occur in the equations.")
    asked = by_name[rates.asked]
    speeds = {symbol: sp.Symbol(f"{symbol.name}_dot", real=True) for symbol in symbols}
    known = {by_name[name]: value for name, value in rates.known.items()}
    given, values = _values(inputs, question, equations, symbols)
    differentiated = [sum((sp.diff(e, s) * speeds[s] for s in symbols), sp.S.Zero) for e in equations]
    fixed = {speeds[symbol]: value for symbol, value in known.items()}
    moving = [speeds[symbol] for symbol in symbols if symbol not in known]
    solved = sp.solve([e.subs(given).subs(fixed) for e in differentiated], moving, dict=True)
    if len(solved) != 1 or speeds[asked] not in solved[0] or solved[0][speeds[asked]].free_symbols:
        message = f"The rate of {asked.name} does not follow from these equations, values and rates."
        raise refuse(inputs, "rates", message, "Give one more value, or one more rate.")
    rate = sp.simplify(solved[0][speeds[asked]])
    _show(document, question, letters, symbols)
    left = _dot(asked)
    document.values |= {"rate": sp.sstr(rate), "value": float(rate), "derivative": sp.sstr(rate)}
    text = f"{left} = {number(rate, 6)}"
    document.add(
        Math(rf"\left.{left}\right|_{{{point(given)}}} = {number(rate, 6)}", sp.sstr(rate), "Rate", role="result")
    )
    meaning = letters.get(asked.name, "")
    claim = show_claim(document, inputs, replace(question, at={}), [Goal(left, asked, rate, noun="the rate")])
    grows = "grows" if rate > 0 else "falls" if rate < 0 else "stands still"
    say(document, f"${text}${f': {meaning} {grows}' if meaning else ''}", claim, ["value"])
    shown = _steps(question, equations, speeds, given, fixed, symbols, text)
    finish(document, question, shown, [_check(equations, values, known, asked, rate)])


def _dot(symbol: sp.Symbol) -> str:
    return rf"\frac{{\mathrm{{d}} {tex(symbol)}}}{{\mathrm{{d}} t}}"


def _show(document: Document, question: DeriveQuestion, letters: dict[str, str], symbols: list[sp.Symbol]) -> None:
    begin(document, question, "A related rate")
    if letters:
        rows: list[list[Cell]] = [
            [f"${tex(symbol)}$", letters[symbol.name]] for symbol in symbols if symbol.name in letters
        ]
        document.add(Table([Column("Letter"), Column("stands for")], rows))


def _values(
    inputs: Inputs, question: DeriveQuestion, equations: list[sp.Expr], symbols: list[sp.Symbol]
) -> tuple[dict[sp.Symbol, sp.Expr], dict[sp.Symbol, sp.Expr]]:
    """The values at the moment, those that the equations give among them; and the same with a 1 where one is open."""
    values = {symbol: value for symbol, value in question.at.items() if symbol in symbols}
    missing = [symbol for symbol in symbols if symbol not in values]
    if not missing and any(abs(float(e.subs(values))) > BOUND for e in equations):
        raise refuse(inputs, "at", "These values do not fulfil the equations.")
    settled = _settled(equations, values, missing)
    if settled is not None:
        return settled, settled
    for symbol in missing:
        tried = _settled(equations, {**values, symbol: sp.S.One}, [other for other in missing if other != symbol])
        if tried is not None:
            return values, tried
    return values, values


def _settled(
    equations: list[sp.Expr], values: dict[sp.Symbol, sp.Expr], missing: list[sp.Symbol]
) -> dict[sp.Symbol, sp.Expr] | None:
    """The values completed by the equations, if these settle them; lengths are positive."""
    rest = [e.subs(values) for e in equations]
    found: list[dict[sp.Symbol, sp.Expr]] = within(4 * CALLS, lambda: sp.solve(rest, missing, dict=True), [])
    real = [way for way in found if len(way) == len(missing) and all(value.is_real for value in way.values())]
    positive = [way for way in real if all(value > 0 for value in way.values())]
    if not missing:
        return values
    return {**values, **(positive or real)[0]} if len(positive or real) == 1 else None


def _steps(
    question: DeriveQuestion,
    equations: list[sp.Expr],
    speeds: dict[sp.Symbol, sp.Symbol],
    values: dict[sp.Symbol, sp.Expr],
    fixed: dict[sp.Symbol, sp.Expr],
    symbols: list[sp.Symbol],
    text: str,
) -> list[Step]:
    shown = [Step("Hold at every time", reading.tex) for reading in question.functions]
    for equation in equations:
        terms = " + ".join(
            rf"\left({tex(sp.diff(equation, symbol))}\right) {_dot(symbol)}"
            for symbol in symbols
            if sp.diff(equation, symbol) != 0
        )
        why = "Chain rule: every letter is a function of time."
        shown.append(Step("Differentiate with respect to time", f"{terms} = 0", why))
    shown.append(Step("Values at the moment", point(values), "Those given, and those that the equations give."))
    named = ",\\; ".join(f"{_dot(symbol)} = {tex(fixed[speed])}" for symbol, speed in speeds.items() if speed in fixed)
    shown.append(Step("Rates that are known", named))
    shown.append(Step("Put in and solved", text))
    return shown


def _check(
    equations: list[sp.Expr],
    values: dict[sp.Symbol, sp.Expr],
    known: dict[sp.Symbol, sp.Expr],
    asked: sp.Symbol,
    rate: sp.Expr,
) -> Check:
    """The equations themselves solved a moment earlier and later, the known quantities moved with their rates."""
    others = [symbol for symbol in values if symbol not in known]
    ends: list[sp.Expr] = []
    for side in (-1, 1):
        moved = {symbol: values[symbol] + side * MOMENT * speed for symbol, speed in known.items()}
        rest = [equation.subs(moved).evalf(40) for equation in equations]
        start = [values[symbol].evalf(40) for symbol in others]
        try:
            found = sp.nsolve(rest, others, start, prec=40) if len(others) == len(rest) else None
        except (ValueError, ZeroDivisionError):
            found = None
        if found is not None:
            ends.append(moved[asked] if asked in known else found[others.index(asked)])
    method = f"the equations solved {float(MOMENT):g} earlier and later, the known quantities moved with their rates"
    if len(ends) < 2:
        return measured("The quantity itself moves at this rate", method, None, BOUND, "differences")
    quotient = float((ends[1] - ends[0]) / (2 * MOMENT))
    error = abs(quotient - float(rate)) / max(1.0, abs(float(rate)))
    return measured("The quantity itself moves at this rate", method, error, BOUND, "differences")
