"""derive: the total differential of a function, dz = f_x dx + f_y dy."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Document, Math, Step
from nabla.calculus.equality import equal
from nabla.calculus.numeric import D
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, sympy_check, usable_point, worst_of
from nabla.labs.derive.question import DeriveQuestion, in_order
from nabla.write.derivation import equality_check
from nabla.write.notation import factor, point, tex


def of_differential(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The sum of each partial derivative times the change of its variable; at a point, with numbers."""
    if len(question.functions) > 1:
        raise refuse(inputs, "f", "A total differential is that of one function.")
    f = question.f
    variables = in_order(f.free_symbols)
    if not variables:
        raise refuse(inputs, "f", "A variable is needed.")
    changes = {symbol: sp.Symbol(f"d{symbol.name}", real=True) for symbol in variables}
    parts = [differentiated(f, (s,), question.domain, question.name, len(variables) > 1) for s in variables]
    whole = sp.Add(*(part.simple * changes[part.wrt[0]] for part in parts), evaluate=False)
    left = rf"\mathrm{{d}}{question.name}"
    begin(document, question, f"Total differential of ${question.reading.tex}$")
    document.values["differential"] = sp.sstr(whole)
    document.values["partials"] = {part.wrt[0].name: sp.sstr(part.simple) for part in parts}
    shown = " + ".join(rf"{factor(part.simple)}\,\mathrm{{d}}{tex(part.wrt[0])}" for part in parts)
    document.add(Math(f"{left} = {shown}", sp.sstr(whole), "Total differential", role="result"))
    said = f"${left} = {shown}$"
    if at := usable_point(document, question, variables):
        there = [part.simple.subs(at, simultaneous=True) for part in parts]
        at_point = " + ".join(
            rf"{factor(value)}\,\mathrm{{d}}{tex(part.wrt[0])}" for part, value in zip(parts, there, strict=True)
        )
        document.values["value"] = [float(value) for value in there]
        document.add(Math(rf"\left.{left}\right|_{{{point(at)}}} = {at_point}", str(there), "Value", role="value"))
        said += f"; at ${point(at)}$ it is ${at_point}$"
    claim = show_claim(document, inputs, question, [Goal(left, f, whole.doit(), noun="the differential")])
    say(document, said, claim)
    steps = [
        *(derived(part, question, question.name) for part in parts),
        Step("Each times the change", f"{left} = {shown}"),
    ]
    verdicts = [equal(part.simple, D(f, part.wrt[0]), domain=question.domain) for part in parts]
    check = equality_check("Each factor is the difference quotient of the function", worst_of(verdicts))
    finish(document, question, steps, [check, sympy_check(parts, question.domain)])
