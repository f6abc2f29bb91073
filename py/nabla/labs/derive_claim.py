"""derive: "why is mine different?", the reader's own answer beside the right one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from nabla.calculus.malrules import MALRULES
from nabla.calculus.mistakes import Diagnosis, Mistake, Slip, diagnose
from nabla.calculus.rules import Derivation
from nabla.calculus.value import value_at
from nabla.document import Cell, Column, Document, Heading, Note, Prose, Table, quoted
from nabla.read.formula import Reading
from nabla.write.notation import number, point, tex

Point = Mapping[sp.Symbol, sp.Expr]
# More mistakes than this that all give the same would not be read.
MOST_SHOWN = 8


def show_claim(document: Document, claim: Reading, derivations: Sequence[Derivation], at: Point) -> None:
    """Say what is to be said about `claim`, a formula for the last derivative or its value at the point `at`."""
    *before, last = derivations
    place = at if at and not claim.expr.free_symbols else None
    diagnosis = diagnose(last, claim.expr, place, before)
    document.values["claim"] = _values(diagnosis)
    document.add(Heading("Your answer"))
    if diagnosis.verdict == "right":
        how = f": {diagnosis.equality.method}" if diagnosis.equality else ""
        document.add(Note(f"${claim.tex}$ is right{how}.{_also(last, before, place)}", tone="tip"))
    elif diagnosis.verdict == "undecided":
        document.add(Note(f"Whether ${claim.tex}$ is right could not be decided.", tone="warning"))
    else:
        _show_wrong(document, claim, diagnosis, last, place)


def _also(last: Derivation, before: Sequence[Derivation], at: Point | None) -> str:
    """A number may be right by accident: that of the function itself, say."""
    f = before[0].expr if before else last.expr
    if at is None:
        return ""
    value, slope = value_at(f, at, f), value_at(last.result, at, f)
    same = value.number is not None and value.number == slope.number
    return (
        " The function itself has the same value there, so the number alone does not tell them apart." if same else ""
    )


def _values(diagnosis: Diagnosis) -> dict[str, object]:
    mistakes = [
        {
            "id": " and ".join(MALRULES[rule].name for rule in mistake.rules).replace(" ", "-"),
            "rule": "+".join(mistake.rules),
            "gives": sp.sstr(mistake.gives),
            "where": sp.sstr(_node(mistake.slips[0]).expr),
        }
        for mistake in diagnosis.mistakes
    ]
    ask_at = {symbol.name: sp.sstr(value) for symbol, value in diagnosis.ask_at.items()}
    return {"verdict": diagnosis.verdict, "mistakes": mistakes, "ask_at": ask_at or None}


def _show_wrong(
    document: Document, claim: Reading, diagnosis: Diagnosis, derivation: Derivation, at: Point | None
) -> None:
    for symbol in diagnosis.strangers:
        document.add(Note(f"{quoted(symbol.name)} does not occur in the function.", tone="warning"))
    mistakes = diagnosis.mistakes[:MOST_SHOWN]
    if not mistakes:
        document.add(Note(f"${claim.tex}$ is not right. {_difference(diagnosis, derivation, at)}", tone="warning"))
        document.add(Prose("None of the usual mistakes gives it, nor any two of them together."))
        return
    one = len(mistakes) == 1
    which = "This mistake gives" if one else "Each of these mistakes gives"
    document.add(Note(f"${claim.tex}$ is not right. {which} exactly that.", tone="warning"))
    columns = [Column("What happened"), Column("Where"), Column("Gives")]
    document.add(Table(columns, [_row(mistake, derivation, at) for mistake in mistakes]))
    if diagnosis.ask_at:
        where = ",".join(f"{symbol.name}={sp.sstr(value)}" for symbol, value in diagnosis.ask_at.items())
        found = [f"${number(sp.nsimplify(value, rational=True))}$" for value in diagnosis.there[:MOST_SHOWN]]
        told = f"At ${point(diagnosis.ask_at)}$ they give {', '.join(found)}: your answer there tells which it was."
        document.add(Note(told, inputs={"at": where, "claim": ""}, action="Go to that point"))


def _row(mistake: Mistake, derivation: Derivation, at: Point | None) -> list[Cell]:
    gives = f"${tex(mistake.gives)}$"
    if at:
        value = value_at(mistake.gives, at, derivation.expr)
        gives = f"${tex(mistake.gives)} = {number(value.exact)}$" if value.exact is not None else gives
    told = " ".join(_sentence(slip) for slip in mistake.slips)
    return [told, f"${tex(_node(mistake.slips[0]).expr)}$", gives]


def _node(slip: Slip) -> Derivation:
    return slip.about or slip.node


def _sentence(slip: Slip) -> str:
    return MALRULES[slip.rule].says.format_map({name: f"${tex(expr)}$" for name, expr in slip.pieces.items()})


def _difference(diagnosis: Diagnosis, derivation: Derivation, at: Point | None) -> str:
    """The first difference in numbers."""
    if at:
        right = value_at(derivation.result, at, derivation.expr)
        return f"The derivative there is ${number(right.exact)}$." if right.exact is not None else ""
    verdict = diagnosis.equality
    if verdict is None or verdict.values is None:
        return ""
    given, right_value = verdict.values
    return f"At ${point(verdict.differ_at)}$ it is {given:.10g}, and the derivative is {right_value:.10g}."
