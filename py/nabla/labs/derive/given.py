"""derive: derivatives of formulas that hold open functions, from values that are told of these: g(x) = x f(x)."""

from __future__ import annotations

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.answer.document import Check, Document, Math, Note, Step
from nabla.calculus.equality import equal
from nabla.calculus.relations import Slope, slope_of, with_values
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.conditions import read_conditions
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, plain_number
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.derivation import equality_check
from nabla.write.notation import number, point, tex


def of_given(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The value of the derivative at the point, with the values that the conditions tell of open functions."""
    x = question.wrt[0]
    if x not in question.at:
        raise refuse(inputs, "at", f"The point needs a value for {x.name}.")
    known = _known(inputs, question)
    part = differentiated(question.f, question.wrt, question.domain, question.name, False)
    written = part.simple.subs(x, question.at[x])
    value, missing = with_values(written, known)
    value = sp.nsimplify(value) if value.is_number else value
    begin(document, question, f"Derivative of ${question.reading.tex}$ from values of its functions")
    document.values |= {"derivative": sp.sstr(part.simple), "value": None, "given": inputs["conditions"]}
    document.add(Math(f"{part.left} = {tex(part.simple)}", sp.sstr(part.simple), "Derivative", role="result"))
    left = rf"\left.{part.left}\right|_{{{point({x: question.at[x]})}}}"
    steps = [derived(part, question, question.name), Step("At the point", f"{left} = {tex(written)}")]
    if missing or not value.is_number:
        needed = ", ".join(f"${tex(_of_slope(slope))}$" for slope in missing)
        text = f"For a number {needed or 'more'} is needed, which is not told"
        document.add(Note(f"{text}.", tone="warning"))
        document.warn("value-missing", f"{text}.")
        say(document, f"${part.left} = {tex(part.simple)}$; {text[:1].lower()}{text[1:]}")
        finish(document, question, steps, [])
        return
    document.values["value"] = float(value)
    document.add(
        Math(f"{left} = {tex(written)} = {number(value)}", plain_number(value, float(value)), "Value", role="value")
    )
    goal = Goal(left, value, value, noun="the value")
    claim = show_claim(document, inputs, question, [goal])
    say(
        document,
        f"${part.left} = {tex(part.simple)} = {number(value)}$ at ${point({x: question.at[x]})}$",
        claim,
        ["value"],
    )
    check = _check(question, known, value)
    finish(document, question, [*steps, Step("The values put in", f"{left} = {number(value)}")], [check])


def _known(inputs: Inputs, question: DeriveQuestion) -> dict[Slope, sp.Expr]:
    """The values that the conditions tell, by function, order and place."""
    found: dict[Slope, sp.Expr] = {}
    for part in read_conditions(inputs, question):
        slope = slope_of(part.left.expr) if part.left is not None else None
        if slope is None or not slope[2].is_number or not part.right.expr.is_number:
            message = f"{part.left.text if part.left else ''} = {part.right.text} tells no value of an open function."
            raise refuse(inputs, "conditions", message, "As in f(3) = 4; f'(3) = -2.")
        found[(slope[0], slope[1], sp.nsimplify(slope[2]))] = part.right.expr
    return found


def _of_slope(slope: Slope) -> sp.Expr:
    name, order, place = slope
    if order == 0:
        return sp.Function(name)(place)
    inner = sp.Dummy("u", real=True)
    return sp.Subs(sp.Derivative(sp.Function(name)(inner), (inner, order)), inner, place)


def _check(question: DeriveQuestion, known: dict[Slope, sp.Expr], value: sp.Expr) -> Check:
    """The same for polynomials that have the values told, differentiated by quotients of the whole formula."""
    x = question.wrt[0]
    f = question.f
    for name in {slope[0] for slope in known}:
        told = [(order, place, number) for (held, order, place), number in known.items() if held == name]
        u = sp.Dummy("u", real=True)
        letters = [sp.Dummy(f"c_{i}") for i in range(len(told) + 1)]
        polynomial = sp.Add(*(letter * u**i for i, letter in enumerate(letters)))
        equations = [polynomial.diff(u, order).subs(u, place) - number for order, place, number in told]
        solved = sp.solve(equations, letters, dict=True)
        if not solved:
            return Check(
                "Polynomials with these values have the same derivative", "none was found", "unchecked", test="points"
            )
        whole = polynomial.subs(solved[0]).subs({letter: sp.Rational(3, 7) for letter in letters})
        f = f.replace(
            lambda node, name=name: isinstance(node, AppliedUndef) and node.func.__name__ == name,
            lambda call, whole=whole, u=u: whole.subs(u, call.args[0]),
        )
    slope = sp.Derivative(f, *question.wrt)
    verdict = equal(sp.Subs(slope, x, question.at[x]), value)
    return equality_check("Polynomials with these values have the same derivative, by difference quotients", verdict)
