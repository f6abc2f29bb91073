"""derive: what errors or changes in percent do: dT/T as the sum of the elasticities times the relative changes."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Document, Math, Note, Step
from nabla.calculus.domain import Domain
from nabla.calculus.equality import equal
from nabla.calculus.numeric import D
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import Part, differentiated, shortest, sympy_check, worst_of
from nabla.labs.derive.question import DeriveQuestion
from nabla.read.fields.changes import Changes
from nabla.write.derivation import equality_check
from nabla.write.notation import decimals, factor, point, tex


def of_relative(inputs: Inputs, question: DeriveQuestion, document: Document, changes: Changes) -> None:
    """The relative change of a function by those of its variables, at the point `at` where the place matters."""
    f, name = question.f, question.name
    parts = [differentiated(f, (s,), question.domain, name, question.partial) for s in changes.by]
    factors = [_elasticity(part, question.domain) for part in parts]
    begin(document, question, f"Relative change of ${question.reading.tex}$")
    document.values["elasticity"] = {p.wrt[0].name: sp.sstr(e) for p, e in zip(parts, factors, strict=True)}
    left = rf"\frac{{\mathrm{{d}} {name}}}{{{name}}}"
    terms = [
        rf"{factor(elasticity) if elasticity != 1 else ''} \frac{{\mathrm{{d}} {tex(s)}}}{{{tex(s)}}}"
        for elasticity, s in zip(factors, changes.by, strict=True)
    ]
    document.add(Math(f"{left} = {' + '.join(terms)}", str(factors), "Relative change", role="result"))
    here = [elasticity.subs(question.at, simultaneous=True) for elasticity in factors]
    if any(elasticity.free_symbols for elasticity in here):
        raise refuse(inputs, "at", "How much that is depends on the place.", "Give the values of the variables.")
    shares = [float(elasticity * part) for elasticity, part in zip(here, changes.by.values(), strict=True)]
    whole = sum(map(abs, shares)) if changes.both else sum(shares)
    document.values["relative_error" if changes.both else "relative_change"] = whole
    given = r",\; ".join(
        rf"\frac{{\mathrm{{d}} {tex(s)}}}{{{tex(s)}}} = {_percent(float(v), changes.both)}"
        for s, v in changes.by.items()
    )
    result = _percent(whole, changes.both)
    document.add(Math(rf"{left} \approx {result} \text{{ for }} {given}", repr(whole), "In percent", role="value"))
    goal = Goal(left, sp.Float(100 * whole), sp.Float(100 * whole), noun="the percentage")
    claim = show_claim(document, inputs, question, [goal])
    where = f" at ${point(question.at)}$" if any(elasticity.free_symbols for elasticity in factors) else ""
    word = "error" if changes.both else "change"
    text = f"${left} = {' + '.join(terms)}$; ${given}$ makes{where} about ${result}$"
    if changes.both and len(shares) > 1:
        root = sum(share**2 for share in shares) ** 0.5
        document.values["relative_quadrature"] = root
        text += f" at most, and ${_percent(root, True)}$ of independent errors, the root of the sum of squares"
    say(document, text, claim)
    if not changes.both:
        moved = {s: s * (1 + v) for s, v in changes.by.items()}
        actual = shortest(f.subs(moved, simultaneous=True) / f, question.domain).subs(question.at)
        if actual.is_number:
            document.values["actual"] = float(actual) - 1
            document.add(Note(f"The change itself is ${_percent(float(actual) - 1, False)}$."))
    steps = [derived(part, question, name) for part in parts]
    steps.append(Step(f"The relative {word}", f"{left} = {' + '.join(terms)}", f"Each derivative over ${name}$."))
    quotients = [part.wrt[0] * D(f, part.wrt[0]) / f for part in parts]
    verdicts = [equal(e, q, domain=question.domain) for e, q in zip(factors, quotients, strict=True)]
    check = equality_check("Each factor is that of the difference quotient of the function", worst_of(verdicts))
    finish(document, question, steps, [check, sympy_check(parts, question.domain)])


def _elasticity(part: Part, domain: Domain) -> sp.Expr:
    """x f'/f, in the quantities as positive ones where they are only scaled: sqrt(L/g) has 1/2 by L."""
    positive = {symbol: sp.Dummy(symbol.name, positive=True) for symbol in part.f.free_symbols}
    expr = (part.wrt[0] * part.simple / part.f).xreplace(positive)
    constant = sp.simplify(expr)
    if constant.is_number:
        return constant
    return shortest(part.wrt[0] * part.simple / part.f, domain)


def _percent(part: float, both: bool) -> str:
    sign = r"\pm " if both else ""
    return rf"{sign}{decimals(100 * part, 4)}\,\%"
