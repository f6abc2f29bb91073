"""derive: limits, by l'Hôpital's rule where it applies, measured from both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import sympy as sp
from mpmath import nstr

from nabla.answer.document import Check, Detail, Document, Math, Note, Step
from nabla.calculus.bounds import Side, hopital, limit_of, measured_limit, tends
from nabla.calculus.domain import EVERYWHERE
from nabla.calculus.numeric import Number
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, finish, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.question import DeriveQuestion
from nabla.read.fields.assignments import read_variables
from nabla.read.fields.integrals import infinity
from nabla.read.fields.limits import split_limit
from nabla.read.formula import read_formula
from nabla.write.notation import number, tex

SIDES: Mapping[str, str] = {"-": "from the left", "+": "from the right"}


def of_limit(inputs: Inputs, document: Document) -> None:
    """The limit typed in `f`."""
    parts = inputs.read("f", split_limit)
    x = inputs.read("f", lambda _: read_variables(parts.variable)[0])
    reading = inputs.read("f", lambda _: read_formula(parts.body, known=[x.name]))
    sign = infinity(parts.target)
    a = sp.oo * sign if sign else inputs.read("f", lambda _: read_formula(parts.target).expr)
    f = reading.expr
    question = DeriveQuestion("limit", (reading,), ("",), (x,), {}, cast(Detail, inputs.choice("detail")), EVERYWHERE)
    sides: list[Side] = ["-"] if a == sp.oo else ["+"] if a == -sp.oo else ["-", "+"]
    if parts.side:
        sides = ["-" if parts.side == "-" else "+"]
    mark = rf"^{{{parts.side}}}" if parts.side else ""
    left = rf"\lim_{{{tex(x)} \to {tex(a)}{mark}}} {_bracketed(reading.tex, f)}"
    begin(document, question, f"Limit of ${reading.tex}$")
    found = {side: limit_of(f, x, a, side) for side in sides}
    values = {side: measured_limit(f, x, a, side) for side in sides}
    found = {s: v for s, v in found.items() if not (v is not None and values[s] is None and _no_values(f, x, a))}
    limits = set(found.values())
    if not found or None in limits:
        text = f"No limit was found of ${reading.tex}$ for ${tex(x)} \\to {tex(a)}$."
        document.values["limit"] = None
        document.warn("not-covered", text)
        document.add(Note(text, tone="warning"))
        say(document, text.rstrip("."))
        finish(document, question, [Step("The limit", left)], [])
        return
    if len(limits) > 1:
        _show_none(document, question, left, cast("dict[Side, sp.Expr]", found), values)
        return
    (value,) = cast("set[sp.Expr]", limits)
    document.values |= {"limit": sp.sstr(value), "value": float(value) if value.is_number and value.is_finite else None}
    shown_value = number(value) if value.is_number and value.is_finite else tex(value)
    document.add(Math(f"{left} = {shown_value}", sp.sstr(value), "Limit", role="result"))
    claim = show_claim(document, inputs, question, [Goal(left, f, value, noun="the limit")]) if value.is_finite else ""
    say(document, f"${left} = {shown_value}$", claim)
    finish(document, question, _steps(f, x, a, sides[-1], left, shown_value), _checks(values, value))


def _bracketed(text: str, f: sp.Expr) -> str:
    return rf"\left({text}\right)" if f.is_Add else text


def _no_values(f: sp.Expr, x: sp.Symbol, a: sp.Expr) -> bool:
    """Whether a function of x alone has no real values on a side: then there is no limit from there."""
    return not (f.free_symbols - {x}) and not a.free_symbols and bool(a.is_finite) and f.has(sp.Pow, sp.log)


def _show_none(
    document: Document,
    question: DeriveQuestion,
    left: str,
    found: Mapping[Side, sp.Expr],
    values: Mapping[Side, list[Number] | None],
) -> None:
    """Limits from both sides that differ: there is no limit."""
    document.values |= {"limit": "does not exist", "sides": {side: sp.sstr(value) for side, value in found.items()}}
    told = " and ".join(f"${tex(value)}$ {SIDES[side]}" for side, value in found.items())
    document.add(Math(rf"{left} \;\text{{ does not exist}}", "", "No limit", role="result"))
    document.add(Note(f"It is {told}."))
    say(document, f"${left}$ does not exist: it is {told}")
    steps = [Step(SIDES[side].capitalize(), tex(value)) for side, value in found.items()]
    checks = [check for side, value in found.items() for check in _checks({side: values[side]}, value)]
    finish(document, question, steps, checks)


def _steps(f: sp.Expr, x: sp.Symbol, a: sp.Expr, side: Side, left: str, shown: str) -> list[Step]:
    direct = f.subs(x, a) if a.is_finite else sp.nan
    if direct.is_finite and not direct.has(sp.nan, sp.zoo, sp.oo) and not f.has(sp.Piecewise, sp.floor, sp.sign):
        return [Step("Put in", f"{left} = {shown}", "The function is continuous there.")]
    rounds = hopital(f, x, a, side)
    if not rounds:
        return [Step("The limit", f"{left} = {shown}", "By the leading terms of its series (SymPy's limit).")]
    to = rf"\lim_{{{tex(x)} \to {tex(a)}}}"
    steps = []
    for once in rounds:
        quotient = rf"\frac{{{tex(once.top)}}}{{{tex(once.bottom)}}}"
        new = rf"\frac{{{tex(once.new_top)}}}{{{tex(once.new_bottom)}}}"
        why = rf"Above and below the limits give ${once.form}$: the quotient of the derivatives has the same limit."
        steps.append(Step("l'Hôpital's rule", f"{to} {quotient} = {to} {new}", why))
    last = sp.cancel(rounds[-1].new_top / rounds[-1].new_bottom)
    return [*steps, Step("Now the limit can be read off", f"{to} {tex(last)} = {shown}")]


def _checks(values: Mapping[Side, list[Number] | None], limit: sp.Expr) -> list[Check]:
    checks = []
    for side, measured in values.items():
        claim = f"The function itself goes there {SIDES[side]}"
        if measured is None or not limit.is_number:
            checks.append(Check(claim, "no value beside the place could be computed", "unchecked", test="points"))
            continue
        shown = ", ".join(nstr(value, 8) for value in measured)
        verdict = "passed" if tends(measured, limit) else "failed"
        method = f"its values nearer and nearer, in {2 * 70} digits: {shown}"
        checks.append(Check(claim, method, "passed" if verdict == "passed" else "failed", test="points"))
    return checks
