"""derive: a formula for the n-th derivative, with its proof by induction and for the first orders one by one."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Check, Document, Math, Prose, Step
from nabla.calculus.budget import CALLS, within
from nabla.calculus.equality import equal
from nabla.calculus.nth import ORDER, Term, at_order, induction, joined, nth_derivative
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, finish, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, goals_of, usable_point, value_of, worked_out, worst_of
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.derivation import equality_check
from nabla.write.notation import operator, point, tex

HIGHEST = 8
MOST = 1000
SHOWN = 4
RULES = {
    "constant": "A constant vanishes with the first derivative.",
    "exponential": "Each derivative multiplies by the factor of the exponent.",
    "sine": r"Each derivative multiplies by the inner factor and turns the angle by $\pi/2$.",
    "logarithm": "The first derivative is a reciprocal; each further one brings down the next power, with its sign.",
    "reciprocal": "Each derivative brings down the next power, with its sign, and the inner factor.",
    "power": "Each derivative brings down the exponent, which falls by one, and the inner factor.",
    "damped": "Each derivative multiplies by the length of the two factors and turns the angle by theirs.",
    "Leibniz": "Leibniz's product rule: the power of the variable has only a few derivatives that are not 0.",
}


def of_nth(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The n-th derivative of one function in closed form; where `order` is a number, that derivative from it."""
    x, f = question.wrt[0], question.f
    if len(question.functions) > 1:
        raise refuse(inputs, "f", "The n-th derivative is that of one function.")
    if any(symbol.name == "n" for symbol in f.free_symbols):
        raise refuse(inputs, "f", "n is the order of the derivative here; take another letter in the function.")
    terms = within(6 * CALLS, lambda: nth_derivative(f, x), None)
    if terms is None:
        message = "No formula for the n-th derivative of this is known here."
        hint = "Known are those of exp, sin, cos, log and powers of a x + b, their sums, and products with powers of x."
        raise refuse(inputs, "f", message, hint, "not-covered")
    nth, least = joined(terms)
    left = rf"{question.name}^{{(n)}}({tex(x)})"
    begin(document, question, f"The n-th derivative of ${question.reading.tex}$")
    document.values |= {"derivative": sp.sstr(nth), "from_order": least}
    order = _order(inputs, least)
    if order:
        asked, found = left.replace("(n)", f"({order})", 1), sp.simplify(at_order(nth, order))
        document.title = f"Derivative number {order:,} of ${question.reading.tex}$"
        document.values["derivative"] = sp.sstr(found)
        document.add(Math(f"{asked} = {tex(found)}", sp.sstr(found), role="result"))
    document.add(
        Math(f"{left} = {tex(nth)}", sp.sstr(nth), f"For every n from {least} on", role="plain" if order else "result")
    )
    part = differentiated(f, (x,) * SHOWN, question.domain, question.name, question.partial)
    listed = [
        rf"{operator((x,) * k, question.partial, question.name)} = {tex(part.stages[k - 1].simple)}"
        for k in range(1, SHOWN + 1)
    ]
    document.add(Prose("The first ones:"), *(Math(text) for text in listed))
    goals = [*goals_of(part, question.name, question)]
    if order:
        goals.append(Goal(asked, f, found, noun=f"derivative number {order:,}"))
    else:
        goals.append(Goal(left, f, nth.subs(ORDER, sp.Symbol("n", real=True)), noun="the n-th derivative"))
    prose = f"${left} = {tex(nth)}$ for $n \\geq {least}$"
    if order:
        prose = f"${asked} = {tex(found)}$"
        if (at := usable_point(document, question, question.symbols)) is not None:
            value = value_of(document, found, at, f, "The derivative")
            document.values["value"] = value.number
            if value.exact is not None:
                document.add(
                    Math(worked_out(asked, found, at, value.exact), sp.sstr(value.exact), "Value", role="value")
                )
                prose = f"{prose[:-1]} = {tex(value.exact)}$ at ${point(at)}$"
    claim = show_claim(document, inputs, question, goals, [f])
    say(document, prose, claim)
    finish(document, question, _steps(terms, x, left, nth), _checks(f, x, nth, least, question))


def _order(inputs: Inputs, least: int) -> int:
    """The order that is asked for; 0 for all of them."""
    text = inputs["order"].strip()
    if not text or text == "n":
        return 0
    if not text.isdecimal() or not least <= int(text[:9]) <= MOST:
        raise refuse(inputs, "order", f"A whole number from {least} to {MOST:,} is needed.")
    return int(text)


def _steps(terms: list[Term], x: sp.Symbol, left: str, nth: sp.Expr) -> list[Step]:
    n = rf"\frac{{\mathrm{{d}}^{{n}}}}{{\mathrm{{d}} {tex(x)}^{{n}}}}"
    shown = []
    if len(terms) > 1:
        shown.append(Step("Term by term", " + ".join(rf"\left({tex(term.expr)}\right)" for term in terms)))
    shown += [
        Step(f"Of ${tex(term.expr)}$", rf"{n} \left({tex(term.expr)}\right) = {tex(term.nth)}", RULES[term.rule])
        for term in terms
    ]
    return [*shown, Step("Together", f"{left} = {tex(nth)}")]


def _checks(f: sp.Expr, x: sp.Symbol, nth: sp.Expr, least: int, question: DeriveQuestion) -> list[Check]:
    """Each order against SymPy's derivative of that order, and the step from n to n + 1 by algebra."""
    verdicts = [
        equal(at_order(nth, order), sp.diff(f, x, order), domain=question.domain, within=[f])
        for order in range(least, HIGHEST + 1)
    ]
    first = equality_check(f"For n = {least} to {HIGHEST} it is SymPy's derivative of that order", worst_of(verdicts))
    shown = within(6 * CALLS, lambda: induction(nth, x), None)
    if shown is None:
        return [first]
    claim = "From n to n + 1: the derivative of the formula is the formula for n + 1"
    return [first, Check(claim, "SymPy reduces the difference to 0, for every n", "passed", 0.0, test="algebra")]
