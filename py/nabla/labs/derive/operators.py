"""derive: Laplacian, divergence and curl of formulas in Cartesian coordinates."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from nabla.answer.document import Check, Document, Math, Prose, Step
from nabla.calculus.equality import equal
from nabla.calculus.numeric import D
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.matrices import column, rows
from nabla.labs.derive.parts import Part, differentiated, shortest, sympy_check, worst_of
from nabla.labs.derive.question import DeriveQuestion, in_order
from nabla.vector.coordinates import cartesian
from nabla.vector.operators import OperatorTerm, curl_terms, divergence_terms
from nabla.write.derivation import equality_check
from nabla.write.notation import tex

CARTESIAN = ("x", "y", "z")
SIGNS = {"laplacian": r"\nabla^{2}", "divergence": r"\nabla \cdot", "curl": r"\nabla \times"}


def of_operator(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The Laplacian of one function, or the divergence or the curl of two or three components."""
    coordinates = _coordinates(inputs, question)
    {"laplacian": _laplacian, "divergence": _divergence, "curl": _curl}[question.what](
        inputs, question, document, coordinates
    )


def _coordinates(inputs: Inputs, question: DeriveQuestion) -> list[sp.Symbol]:
    """The variables: those named, else x, y, z as far as they occur or there are components, else all."""
    count = len(question.functions)
    free = {symbol for reading in question.functions for symbol in reading.expr.free_symbols}
    if question.what == "laplacian" and count > 1:
        raise refuse(inputs, "f", "The Laplacian here is that of one function.")
    if question.what != "laplacian" and count not in (2, 3):
        raise refuse(inputs, "f", f"The {question.what} needs two or three components.", "As in x y; y z; z x.")
    if inputs["wrt"].strip():
        named = list(dict.fromkeys(question.wrt))
    elif question.what != "laplacian":
        named = [sp.Symbol(name, real=True) for name in CARTESIAN[:count]]
        if not free & set(named) and len(free) == count:
            named = in_order(free)
    else:
        named = [symbol for symbol in in_order(free) if symbol.name in CARTESIAN] or in_order(free)
    if not named or (question.what != "laplacian" and len(named) != count):
        raise refuse(inputs, "wrt", f"{count} components need {count} variables.")
    return named


def _present(document: Document, question: DeriveQuestion, result: str, text: str, value: object) -> str:
    """The result, under its own name in the values and as the derivative."""
    left = f"{SIGNS[question.what]} {question.name if len(question.functions) == 1 else 'F'}"
    title = question.what.capitalize()
    begin(document, question, f"{title} of {', '.join(f'${reading.tex}$' for reading in question.functions)}")
    document.values |= {question.what: value, "derivative": value}
    document.add(Math(f"{left} = {result}", text, title, role="result"))
    return left


def _held(document: Document, question: DeriveQuestion, coordinates: Sequence[sp.Symbol]) -> None:
    names = ", ".join(f"${tex(symbol)}$" for symbol in coordinates)
    fixed = [symbol for symbol in question.symbols if symbol not in coordinates]
    rest = f"; {', '.join(f'${tex(symbol)}$' for symbol in fixed)} held fixed" if fixed else ""
    document.add(Prose(f"In the Cartesian coordinates {names}{rest}."))


def _laplacian(inputs: Inputs, question: DeriveQuestion, document: Document, coordinates: list[sp.Symbol]) -> None:
    f, domain = question.f, question.domain
    parts = [differentiated(f, (symbol, symbol), domain, question.name, True) for symbol in coordinates]
    whole = shortest(sp.Add(*(part.simple for part in parts)), domain)
    left = _present(document, question, tex(whole), sp.sstr(whole), sp.sstr(whole))
    _held(document, question, coordinates)
    claim = show_claim(document, inputs, question, [Goal(left, f, whole, noun="the Laplacian")])
    say(document, f"${left} = {tex(whole)}$", claim)
    quotient = sp.Add(*(D(part.stages[0].simple, part.wrt[0]) for part in parts))
    steps = _summed(question, parts, left, whole)
    finish(document, question, steps, [_check([(whole, quotient)], question), sympy_check(parts, domain)])


def _summed(question: DeriveQuestion, parts: Sequence[Part], left: str, whole: sp.Expr) -> list[Step]:
    opened = " + ".join(part.left for part in parts)
    terms = " + ".join(_bracketed(part.simple) for part in parts)
    names = [question.name] * len(parts) if len(question.functions) == 1 else ["F"] * len(parts)
    return [
        *(derived(part, question, name) for part, name in zip(parts, names, strict=True)),
        Step("Add them", f"{left} = {opened} = {terms} = {tex(whole)}"),
    ]


def _bracketed(expr: sp.Expr) -> str:
    return rf"\left({tex(expr)}\right)" if expr.is_Add or tex(expr).startswith("-") else tex(expr)


def _part(question: DeriveQuestion, term: OperatorTerm) -> Part:
    """The derivative of a component that an operator takes, with its steps."""
    return differentiated(term.inside, (term.symbol,), question.domain, f"F_{{{term.component + 1}}}", True)


def _divergence(inputs: Inputs, question: DeriveQuestion, document: Document, coordinates: list[sp.Symbol]) -> None:
    components = [reading.expr for reading in question.functions]
    parts = [_part(question, term) for term in divergence_terms(components, cartesian(coordinates))]
    whole = shortest(sp.Add(*(part.simple for part in parts)), question.domain)
    left = _present(document, question, tex(whole), sp.sstr(whole), sp.sstr(whole))
    _held(document, question, coordinates)
    claim = show_claim(document, inputs, question, [Goal(left, question.f, whole, noun="the divergence")])
    say(document, f"${left} = {tex(whole)}$", claim)
    quotient = sp.Add(*(D(part.f, part.wrt[0]) for part in parts))
    steps = _summed(question, parts, left, whole)
    finish(document, question, steps, [_check([(whole, quotient)], question), sympy_check(parts, question.domain)])


def _curl(inputs: Inputs, question: DeriveQuestion, document: Document, coordinates: list[sp.Symbol]) -> None:
    """(∂F3/∂y - ∂F2/∂z, ...) in space; in the plane the one component ∂F2/∂x - ∂F1/∂y."""
    components = [reading.expr for reading in question.functions]
    parts, found, lines, tested = [], [], [], []
    for terms in curl_terms(components, cartesian(coordinates)):
        plus, minus = (_part(question, term) for term in terms)
        component = shortest(plus.simple - minus.simple, question.domain)
        parts += [plus, minus]
        found.append(component)
        numbers = f"{_bracketed(plus.simple)} - {_bracketed(minus.simple)} = {tex(component)}"
        lines.append(Step("A component", f"{plus.left} - {minus.left} = {numbers}"))
        tested.append((component, D(plus.f, plus.wrt[0]) - D(minus.f, minus.wrt[0])))
    texts = [sp.sstr(component) for component in found]
    plane = len(found) == 1
    result = tex(found[0]) if plane else column([tex(component) for component in found])
    left = _present(document, question, result, rows(texts), texts[0] if plane else texts)
    _held(document, question, coordinates)
    claim = ""
    if plane:
        claim = show_claim(document, inputs, question, [Goal(left, question.f, found[0], noun="the curl")])
    say(document, f"${left} = {result}$", claim)
    steps = [*(derived(part, question, "F") for part in parts), *lines]
    finish(document, question, steps, [_check(tested, question), sympy_check(parts, question.domain)])


def _check(pairs: Sequence[tuple[sp.Expr, sp.Expr]], question: DeriveQuestion) -> Check:
    verdicts = [equal(found, quotient, domain=question.domain) for found, quotient in pairs]
    return equality_check("The result is that of difference quotients of the formulas", worst_of(verdicts))
