"""derive: the chain rule where the outer function is left open, ∂z/∂s in terms of f_x and f_y."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.answer.document import Check, Document, Math, Note, Prose, Step
from nabla.calculus.equality import equal
from nabla.calculus.open_chain import open_chain, with_function
from nabla.lab import Inputs
from nabla.labs.derive.answering import derived, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, shortest, sympy_check
from nabla.labs.derive.question import DeriveQuestion
from nabla.read.fields.asked import Asked
from nabla.write.derivation import equality_check
from nabla.write.notation import operator, tex


def is_open(question: DeriveQuestion) -> bool:
    """Whether the function is open and holds nothing but the variables of the path."""
    return isinstance(question.f, AppliedUndef) and list(question.f.args) == list(question.path)


def of_open_chain(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The derivative of f(x, y), of which nothing is known, where x and y depend on the variables of `wrt`."""
    path, name = question.path, question.f.func.__name__
    arguments = list(path)
    chain = open_chain(name, path, question.wrt)
    free = {symbol for place in path.values() for symbol in place.free_symbols}
    partial = len(free) > 1
    left = operator(question.wrt, partial, question.names[0] or name)
    document.title = f"${left}$ by the chain rule"
    document.values |= {"reading": sp.sstr(question.f), "derivative": sp.sstr(chain.result)}
    document.add(Math(question.reading.tex, sp.sstr(question.f), "What was understood", role="reading"))
    document.add(Math(r",\quad ".join(f"{tex(s)} = {tex(p)}" for s, p in path.items()), "", "Path"))
    document.add(Math(f"{left} = {tex(chain.result)}", sp.sstr(chain.result), "Derivative", role="result"))
    called = ", ".join(f"${tex(symbol)}$" for symbol in chain.partials)
    document.add(Prose(f"{called}: the partial derivatives of ${name}$, taken at ${_places(path)}$."))
    goal = Goal(left, chain.result, chain.result, noun="the derivative")
    say(document, f"${left} = {tex(chain.result)}$", show_claim(document, inputs, question, [goal]))
    steps = [Step("Chain rule", _rule(question, name, partial), "One term for each argument that depends on it.")]
    parts = [
        differentiated(place, (variable,), question.domain, symbol.name, partial)
        for variable in dict.fromkeys(question.wrt)
        for symbol, place in path.items()
    ]
    steps += [derived(part, question, part_name) for part, part_name in zip(parts, _names(question), strict=True)]
    if len(question.wrt) > 1:
        steps.append(Step("Again", f"{left} = {tex(chain.result)}", "Each partial derivative depends on the path too."))
    else:
        steps.append(Step("Put in", f"{left} = {tex(chain.result)}"))
    sample = _sample(arguments)
    whole = sample.subs(path, simultaneous=True)
    direct = sp.diff(whole, *question.wrt)
    verdict = equal(with_function(chain, sample, arguments, list(path.values())), direct, domain=question.domain)
    shown = f"With ${name} = {tex(sample)}$ put in it is the derivative of the function of the path itself"
    finish(document, question, steps, [equality_check(shown, verdict), sympy_check(parts, question.domain)])
    document.add(Note(f"${name}$ is left open; with a formula for it there is a formula for the answer."))


def _names(question: DeriveQuestion) -> list[str]:
    return [symbol.name for _ in dict.fromkeys(question.wrt) for symbol in question.path]


def _places(path: Mapping[sp.Symbol, sp.Expr]) -> str:
    return ",\\, ".join(f"{tex(symbol)} = {tex(place)}" for symbol, place in path.items())


def _rule(question: DeriveQuestion, name: str, partial: bool) -> str:
    """The chain rule for the first variable, in signs."""
    variable = question.wrt[0]
    d = r"\partial" if partial else r"\mathrm{d}"
    terms = [
        rf"\frac{{\partial {name}}}{{\partial {tex(symbol)}}} \frac{{{d} {tex(symbol)}}}{{{d} {tex(variable)}}}"
        for symbol in question.path
    ]
    return f"{operator([variable], partial, question.names[0] or name)} = {' + '.join(terms)}"


def _sample(arguments: list[sp.Symbol]) -> sp.Expr:
    """A function none of whose derivatives up to the second vanish or are equal."""
    product = sp.Mul(*(symbol ** (i + 2) for i, symbol in enumerate(arguments)))
    return product + sp.Add(*(sp.sin((i + 1) * symbol) for i, symbol in enumerate(arguments)))


def of_chain_equation(inputs: Inputs, question: DeriveQuestion, document: Document, asked: Sequence[Asked]) -> None:
    """Whether an equation holds between the derivatives of f(x, y) by x and y and those by what x and y depend on."""
    path = question.path
    told, steps, checks = [], [], []
    document.title = f"Whether ${asked[0].tex}$"
    document.values |= {"reading": sp.sstr(question.f), "solves": []}
    document.add(Math(question.reading.tex, sp.sstr(question.f), "What was understood", role="reading"))
    document.add(Math(r",\quad ".join(f"{tex(s)} = {tex(p)}" for s, p in path.items()), "", "Path"))
    for part in asked:
        assert part.left is not None
        held = {s: _derivative(inputs, s, question) for s in sorted(part.difference.expr.free_symbols, key=str)}
        put = {symbol: place for symbol, place in held.items() if place is not None} | dict(path)
        sides = [
            shortest(sp.expand(side.expr.subs(put, simultaneous=True).subs(path)), question.domain)
            for side in (part.left, part.right)
        ]
        verdict = equal(1 + sides[0], 1 + sides[1], domain=question.domain)
        document.values["solves"].append(verdict.equal)
        steps += [
            Step("A derivative that it holds", f"{tex(symbol)} = {tex(place)}", "By the chain rule.")
            for symbol, place in held.items()
            if place is not None and place != symbol
        ]
        relation = "=" if verdict.equal else r"\neq"
        steps.append(Step(f"Put into ${part.tex}$", f"{tex(sides[0])} {relation} {tex(sides[1])}"))
        holds = {True: "holds", False: "does not hold", None: "could not be decided"}[verdict.equal]
        told.append(f"${part.tex}$ {holds}: the left side is ${tex(sides[0])}$, the right one ${tex(sides[1])}$")
        checks.append(_agreement(part, held, question, verdict.equal))
    say(document, "; ".join(told))
    finish(document, question, steps, checks)


def _variables(symbol: sp.Symbol, question: DeriveQuestion) -> tuple[bool, list[sp.Symbol]]:
    """By what an index says that is differentiated, and whether by arguments of f; nothing for other letters."""
    index = symbol.name.partition("_")[2].strip("{}")
    letters = {s.name: s for s in question.path}
    letters |= {s.name: s for place in question.path.values() for s in place.free_symbols}
    found = []
    while index and (letter := next((x for x in sorted(letters, key=len, reverse=True) if index.startswith(x)), "")):
        found.append(letters[letter])
        index = index[len(letter) :]
    return bool(found) and found[0] in question.path, [] if index else found


def _agreement(
    part: Asked, held: Mapping[sp.Symbol, sp.Expr | None], question: DeriveQuestion, holds: bool | None
) -> Check:
    """Whether the equation says the same of one function that is put in and differentiated itself."""
    assert part.left is not None
    path = question.path
    sample = _sample(list(path))
    whole = sample.subs(path, simultaneous=True)
    put: dict[sp.Symbol, sp.Expr] = {}
    for symbol, place in held.items():
        if place is not None:
            inner, by = _variables(symbol, question)
            put[symbol] = (sp.diff(sample, *by) if inner else sp.diff(whole, *by)) if by else sample
    left, right = (1 + side.expr.subs(put, simultaneous=True).subs(path) for side in (part.left, part.right))
    same = equal(left, right, domain=question.domain).equal
    agreed = None if same is None or holds is None else float(same != holds)
    how = f"with {sp.sstr(sample)} for the open function, along the path and by itself"
    return measured("One function that is put in says the same", how, agreed, 0.0, "points")


def _derivative(inputs: Inputs, symbol: sp.Symbol, question: DeriveQuestion) -> sp.Expr | None:
    """What z_x, f_x or z_{rr} stands for in terms of the partial derivatives of f; None for another letter."""
    name = question.f.func.__name__
    head, _, index = symbol.name.partition("_")
    if head not in (name, question.names[0]):
        return None
    inner, found = _variables(symbol, question)
    if index and (not found or (inner and any(by not in question.path for by in found))):
        raise refuse(
            inputs, "conditions", f"{symbol.name} is by arguments of {name} and by what they depend on at once."
        )
    if inner or not found:
        return open_chain(name, {s: s for s in question.path}, found).result
    return open_chain(name, question.path, found).result
