"""derive: figures that are made of a function and its derivatives: its elasticity, and the curvature of its graph."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from nabla.answer.document import Document, Math, Step
from nabla.calculus.equality import equal
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, plain_number, shortest, sympy_check, usable_point
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.derivation import equality_check
from nabla.write.notation import number, point, tex

PRICES = ("p", "P")


@dataclass(frozen=True)
class Figure:
    """A figure: its sign, the formula that defines it in LaTeX, and its value as a formula; `rough` is the same with
    derivatives that are written down only, for the check.
    """

    left: str
    meaning: str
    expr: sp.Expr
    rough: sp.Expr
    order: int


def of_figure(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The elasticity of a demand, or of any function, x f'/f; the curvature |f''|/(1 + f'^2)^(3/2) of a graph."""
    x, f = question.wrt[0], question.f
    if len(question.functions) > 1:
        raise refuse(inputs, "f", f"The {question.what} is that of one function.")
    figure = _curvature(question) if question.what == "curvature" else _elasticity(question)
    part = differentiated(f, (x,) * figure.order, question.domain, question.name, question.partial)
    begin(document, question, f"{question.what.capitalize()} of ${question.reading.tex}$")
    document.values |= {"derivative": sp.sstr(part.simple), question.what: sp.sstr(figure.expr)}
    whole = f"{figure.left} = {figure.meaning} = {tex(figure.expr)}"
    document.add(Math(whole, sp.sstr(figure.expr), question.what.capitalize(), role="result"))
    said, goal = f"${whole}$", Goal(figure.left, figure.expr, figure.expr, noun=f"the {question.what}")
    if at := usable_point(document, question, sorted(figure.expr.free_symbols, key=str) or [x]):
        value = sp.nsimplify(figure.expr.subs(at, simultaneous=True))
        if value.is_finite:
            document.values["value"] = float(value)
            shown = rf"\left.{figure.left}\right|_{{{point(at)}}} = {number(value)}"
            document.add(Math(shown, plain_number(value, float(value)), "Value", role="value"))
            said += f", which is ${number(value)}$ at ${point(at)}$"
            said += _in_words(question.what, value)
    claim = show_claim(document, inputs, question, [goal])
    say(document, said, claim, ["value"] if "value" in document.values else [])
    steps = [derived(part, question, question.name), Step("Put in", whole)]
    verdict = equal(figure.expr, figure.rough, domain=question.domain)
    check = equality_check("It is that of difference quotients of the function", verdict)
    finish(document, question, steps, [check, sympy_check([part], question.domain)])


def _curvature(question: DeriveQuestion) -> Figure:
    x, f, name = question.wrt[0], question.f, question.name
    slope, bend = (sp.diff(f, x, order) for order in (1, 2))
    meaning = rf"\frac{{|{name}''|}}{{\left(1 + {name}'^{{2}}\right)^{{3/2}}}}"
    expr = shortest(sp.Abs(bend) / (1 + slope**2) ** sp.Rational(3, 2), question.domain)
    rough = sp.Abs(sp.Derivative(f, (x, 2))) / (1 + sp.Derivative(f, x) ** 2) ** sp.Rational(3, 2)
    return Figure(r"\kappa", meaning, expr, rough, 2)


def _elasticity(question: DeriveQuestion) -> Figure:
    """Of a demand that is given as a price, p(q), the elasticity by the price is the inverse of that of p by q."""
    x, f, name = question.wrt[0], question.f, question.name
    of_price = question.names[0] in PRICES
    slope = sp.diff(f, x)
    expr = f / (x * slope) if of_price else x * slope / f
    by = rf"\frac{{\mathrm{{d}} {name}}}{{\mathrm{{d}} {tex(x)}}}"
    meaning = rf"\frac{{{name}}}{{{tex(x)}}} \Big/ {by}" if of_price else rf"\frac{{{tex(x)}}}{{{name}}} \cdot {by}"
    rough = f / (x * sp.Derivative(f, x)) if of_price else x * sp.Derivative(f, x) / f
    return Figure(r"\varepsilon", meaning, shortest(expr, question.domain), rough, 1)


def _in_words(what: str, value: sp.Expr) -> str:
    if what != "elasticity":
        return ""
    size = abs(value)
    return ": elastic" if size > 1 else ": inelastic" if size < 1 else ": of unit elasticity"
