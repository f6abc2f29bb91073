"""derive: the equations of the field `conditions`, and what is asked with them: parameters, and whether they hold."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.answer.document import Check, Document, Math, Note, Step
from nabla.calculus.equality import EqualityVerdict, equal
from nabla.calculus.extrema import around
from nabla.calculus.relations import coefficients, put_in, slope_of, solved_for
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, finish, measured, refuse, say
from nabla.labs.derive.open_chain import is_open, of_chain_equation
from nabla.labs.derive.parts import shortest, worst_of
from nabla.labs.derive.question import DeriveQuestion, in_order
from nabla.read.fields.asked import Asked, read_asked
from nabla.write.derivation import equality_check
from nabla.write.notation import point, tex

MOST_WAYS = 4


def read_conditions(inputs: Inputs, question: DeriveQuestion) -> list[Asked]:
    """The equations, `f(1) = 4; f'(1) = 3`, as they were typed."""
    known = [symbol.name for symbol in question.symbols]
    asked = inputs.read("conditions", lambda text: read_asked(text, known=known)) if inputs["conditions"] else []
    if not asked or not all(part.is_equation for part in asked):
        raise refuse(inputs, "conditions", "Equations are needed here.", "As in f(1) = 4; f'(1) = 3.")
    return asked


def name_of(question: DeriveQuestion) -> str:
    """What the conditions call the function."""
    return question.names[0] or "f"


def put_function(expr: sp.Expr, question: DeriveQuestion, f: sp.Expr) -> sp.Expr:
    """`expr` with `f` for the function, by its own name or as f: y(1) alone could be a product. An f of which the
    function itself is made, z = f(x - y), stays open.
    """
    variables = list(dict.fromkeys(question.wrt))
    by_name = put_in(expr, name_of(question), f, variables)
    is_open = any(call.func.__name__ == "f" for call in f.atoms(AppliedUndef))
    return by_name if is_open else put_in(by_name, "f", f, variables)


def of_unknown(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """Values of the parameters of a function for which it fulfils conditions, at places or everywhere."""
    asked, variables = read_conditions(inputs, question), list(dict.fromkeys(question.wrt))
    written = [put_function(part.difference.expr, question, question.f) for part in asked]
    worked = [sp.expand(sp.simplify(expr.doit())) for expr in written]
    unknowns = [s for s in in_order({s for expr in worked for s in expr.free_symbols}) if s not in variables]
    if not unknowns:
        raise refuse(inputs, "conditions", "No parameter is left open by these conditions.")
    equations = [part for expr in worked for part in _for_all(expr, variables)]
    ways = [way for way in solved_for(equations, unknowns) if way][:MOST_WAYS]
    letters = " and ".join(f"${tex(symbol)}$" for symbol in unknowns)
    begin(document, question, f"{letters} so that ${question.reading.tex}$ fulfils the conditions")
    document.values["parameters"] = [{s.name: sp.sstr(v) for s, v in way.items()} for way in ways]
    steps = [
        Step("A condition", rf"{part.tex} \quad\Rightarrow\quad {tex(expr)} = 0", "With the function put in.")
        for part, expr in zip(asked, worked, strict=True)
    ]
    if not ways:
        text = f"No values of {letters} were found for which all conditions hold"
        document.add(Note(f"{text}.", tone="warning"))
        say(document, text)
        finish(document, question, steps, [])
        return
    told = " or ".join(f"${point(way)}$" for way in ways)
    shown = r"\text{ or }".join(point(way) for way in ways)
    document.add(Math(shown, str(document.values["parameters"]), "The conditions hold for", role="result"))
    functions = [question.f.subs(way) for way in ways]
    for f in functions:
        document.add(Math(f"{tex(sp.Symbol(name_of(question)))} = {tex(f)}", sp.sstr(f), "The function then"))
    say(document, "; ".join([told, *_kinds(question, asked, functions)]))
    checks = [_at_places(asked, question, f) for f in functions]
    finish(document, question, [*steps, Step("Solved", shown)], checks)


def _for_all(expr: sp.Expr, variables: Sequence[sp.Symbol]) -> list[sp.Expr]:
    return coefficients(expr, variables) if expr.free_symbols & set(variables) else [expr]


def _kinds(question: DeriveQuestion, asked: Sequence[Asked], functions: Sequence[sp.Expr]) -> list[str]:
    """What a place is at which a condition demands a slope of 0: the slope alone makes it no extremum."""
    x = question.wrt[0]
    told = []
    for part in asked:
        slope = slope_of(part.left.expr) if part.left is not None else None
        if slope is None or part.right.expr != 0 or slope[1] != 1 or not slope[2].is_number:
            continue
        kinds = [around(f, x, slope[2]) for f in functions if not f.free_symbols - {x}]
        names = dict.fromkeys("level inflection" if kind == "inflection" else kind for kind in kinds)
        if names:
            told.append(f"at ${tex(x)} = {tex(slope[2])}$ there is then a {' or '.join(names)}")
    return told


def _at_places(asked: Sequence[Asked], question: DeriveQuestion, f: sp.Expr) -> Check:
    verdicts = []
    for part in asked:
        assert part.left is not None
        sides = [put_function(side.expr, question, f) for side in (part.left, part.right)]
        verdicts.append(_agree(sides, question))
    return equality_check("The conditions hold, with difference quotients of the function", worst_of(verdicts))


def of_verified(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """Whether a function solves equations that hold its derivatives, ordinary or partial."""
    asked = read_conditions(inputs, question)
    if question.path and is_open(question):
        of_chain_equation(inputs, question, document, asked)
        return
    begin(document, question, f"Whether ${question.reading.tex}$ solves ${asked[0].tex}$")
    told, steps, checks = [], [], []
    document.values["solves"] = []
    for part in asked:
        assert part.left is not None
        written = [put_function(side.expr, question, question.f) for side in (part.left, part.right)]
        sides = [shortest(sp.expand(side.doit()), question.domain) for side in written]
        gap = shortest(sp.expand(sides[0] - sides[1]), question.domain)
        verdict = equal(sides[0], sides[1], domain=question.domain)
        by_quotients = _agree(written, question)
        document.values["solves"].append(verdict.equal)
        steps += _derivatives(written, part, question)
        both = f"{tex(sides[0])}" + (f" = {tex(sides[1])}" if verdict.equal else rf" \neq {tex(sides[1])}")
        steps.append(Step(f"Put into ${part.tex}$", both))
        if verdict.equal is None:
            told.append(f"whether it solves ${part.tex}$ could not be decided")
        elif verdict.equal:
            told.append(f"it solves ${part.tex}$: both sides are ${tex(sides[1])}$")
        else:
            told.append(f"it does not solve ${part.tex}$: the left side minus the right is ${tex(gap)}$, not 0")
            document.add(Note(f"${part.tex}$ does not hold.", tone="warning"))
        document.add(Math(both, f"{sp.sstr(sides[0])}, {sp.sstr(sides[1])}", f"${part.tex}$", role="result"))
        agreed = by_quotients.equal == verdict.equal if by_quotients.equal is not None else None
        checks.append(
            measured(
                "Difference quotients of the function say the same",
                f"both sides with quotients in the place of derivatives: {by_quotients.method}",
                None if agreed is None else float(not agreed),
                0.0,
                "differences",
            )
        )
    first = told[0].replace("it ", f"${question.reading.tex}$ ", 1)
    say(document, "; ".join([first, *told[1:]]))
    finish(document, question, steps, checks)


def _agree(sides: Sequence[sp.Expr], question: DeriveQuestion) -> EqualityVerdict:
    """Whether two sides are equal; beside 1, so that a side which is 0 has a size to compare with."""
    return equal(1 + sides[0], 1 + sides[1], domain=question.domain)


def _derivatives(written: Sequence[sp.Expr], part: Asked, question: DeriveQuestion) -> list[Step]:
    """One step for each derivative that an equation holds."""
    name = sp.Function(name_of(question))(*question.wrt)
    held = sorted({node for side in written for node in side.atoms(sp.Derivative)}, key=lambda d: d.derivative_count)
    return [
        Step(
            "A derivative that it holds",
            f"{tex(sp.Derivative(name, *node.variables))} = {tex(shortest(node.doit(), question.domain))}",
        )
        for node in held
        if node.expr == question.f
    ]
