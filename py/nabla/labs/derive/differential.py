"""derive: the total differential of a function, dz = f_x dx + f_y dy."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from nabla.answer.document import Document, Math, Prose, Step
from nabla.calculus.equality import equal
from nabla.calculus.numeric import D
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import Part, differentiated, sympy_check, usable_point, worst_of
from nabla.labs.derive.question import DeriveQuestion, in_order
from nabla.labs.derive.relative import of_relative
from nabla.read.fields.changes import Changes, read_changes
from nabla.write.derivation import equality_check
from nabla.write.notation import decimals, factor, point, tex

MOST_DIGITS = 8


def of_differential(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The sum of each partial derivative times the change of its variable; at a point, with numbers."""
    if len(question.functions) > 1:
        raise refuse(inputs, "f", "A total differential is that of one function.")
    f = question.f
    variables = in_order(f.free_symbols)
    if not variables:
        raise refuse(inputs, "f", "A variable is needed.")
    moved = inputs.read("changes", read_changes, known=[symbol.name for symbol in variables])
    if moved.relative:
        of_relative(inputs, question, document, moved)
        return
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
        if moved.by:
            said += f"; {_with_changes(document, question, parts, at, moved)}"
    claim = show_claim(document, inputs, question, _goals(document, left, f, whole))
    say(document, said, claim)
    steps = [
        *(derived(part, question, question.name) for part in parts),
        Step("Each times the change", f"{left} = {shown}"),
    ]
    verdicts = [equal(part.simple, D(f, part.wrt[0]), domain=question.domain) for part in parts]
    check = equality_check("Each factor is the difference quotient of the function", worst_of(verdicts))
    finish(document, question, steps, [check, sympy_check(parts, question.domain)])


def _goals(document: Document, left: str, f: sp.Expr, whole: sp.Expr) -> list[Goal]:
    """What an answer is compared with: the differential, or its number where changes are given."""
    for name in ("change", "error"):
        if name in document.values:
            number = sp.Float(document.values[name])
            return [Goal(left, number, number, noun=f"the {name}")]
    return [Goal(left, f, whole.doit(), noun="the differential")]


def _with_changes(
    document: Document, question: DeriveQuestion, parts: Sequence[Part], at: dict[sp.Symbol, sp.Expr], changes: Changes
) -> str:
    """The differential in numbers beside the change itself, or what errors of the variables do to the value."""
    f, name = question.f, question.name
    shares = [part.simple.subs(at, simultaneous=True) * changes.by.get(part.wrt[0], 0) for part in parts]
    here = f.subs(at, simultaneous=True)
    sign = r"\pm " if changes.both else ""
    given = r",\; ".join(rf"\mathrm{{d}}{tex(s)} = {sign}{tex(v)}" for s, v in changes.by.items())
    if not changes.both:
        linear = float(sp.Add(*shares))
        moved = {symbol: value + changes.by.get(symbol, 0) for symbol, value in at.items()}
        actual = float(f.subs(moved, simultaneous=True) - here)
        document.values |= {"change": linear, "actual": actual, "estimate": float(here) + linear}
        shown = rf"\mathrm{{d}}{name} = {decimals(linear, MOST_DIGITS)}"
        document.add(Math(rf"{shown} \text{{ for }} {given}", repr(linear), "Change by the differential", role="value"))
        document.add(Prose(rf"The change itself is $\Delta {name} = {decimals(actual, MOST_DIGITS)}$."))
        return (
            f"for ${given}$ it is ${decimals(linear, MOST_DIGITS)}$, where the change itself is "
            f"${decimals(actual, MOST_DIGITS)}$, from ${decimals(float(here), MOST_DIGITS)}$ to about "
            f"${decimals(float(here) + linear, MOST_DIGITS)}$"
        )
    most = float(sum(abs(share) for share in shares))
    together = float(sum(share**2 for share in shares)) ** 0.5
    document.values |= {"error": most, "error_quadrature": together}
    percent = ""
    if here != 0:
        document.values["relative_error"] = most / abs(float(here))
        percent = rf", ${decimals(100 * most / abs(float(here)), 3)}$ %"
    shown = rf"{name} = {decimals(float(here), MOST_DIGITS)} \pm {decimals(most, 4)}"
    document.add(Math(rf"{shown} \text{{ for }} {given}", repr(most), "Greatest error", role="value"))
    beside = ""
    if len(changes.by) > 1:
        beside = rf"; of independent errors $\pm {decimals(together, 4)}$, the root of the sum of squares"
    return rf"for ${given}$ the error is at most ${decimals(most, 4)}$: ${shown}${percent}{beside}"
