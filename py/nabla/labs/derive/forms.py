"""derive: the other forms of a result, in one table, each compared with it."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Cell, Check, Column, Document, Table
from nabla.calculus.domain import Domain
from nabla.calculus.forms import Form, forms, with_sigmoid
from nabla.calculus.simplify import weight
from nabla.labs.derive.parts import worst_of
from nabla.write.derivation import equality_check
from nabla.write.notation import tex

NAMES = {
    "factored": "Factored",
    "expanded": "Multiplied out",
    "parts": "With common parts named",
    "sigmoid": "With the sigmoid named",
}


def last_form(result: sp.Expr) -> str:
    """The result in LaTeX as a textbook ends: with the logistic function named where that makes it shorter."""
    found = with_sigmoid(result)
    if found is None:
        return tex(result)
    short, letter, function = found
    plain = f"{tex(result)} = " if weight(result) <= 2 * (weight(short) + weight(function)) else ""
    return rf"{plain}{tex(short)},\; {tex(letter)} = {tex(function)}"


def show_forms(document: Document, result: sp.Expr, domain: Domain) -> list[Check]:
    """A table of the forms that differ from `result`, and nothing where there is none.

    Returns:
        The check that they equal it, to stand with the others; a form that does not is told by it, and not shown.
    """
    found = forms(result, domain)
    shown = [form for form in found if form.verdict.equal]
    if shown:
        document.values["forms"] = {form.name: sp.sstr(form.expr) for form in shown}
        rows: list[list[Cell]] = [[NAMES[form.name], f"${_tex(form)}$"] for form in shown]
        document.add(Table([Column("Other forms"), Column("Formula")], rows))
    if not found:
        return []
    names = " and ".join(NAMES[form.name].lower() for form in found)
    return [equality_check(f"The result {names} is still the result", worst_of(form.verdict for form in found))]


def _tex(form: Form) -> str:
    where = "".join(rf",\quad {tex(name)} = {tex(part)}" for name, part in form.parts)
    return tex(form.expr) + where
