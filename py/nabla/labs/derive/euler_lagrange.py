"""derive: the Euler-Lagrange equation of L(x, x', t), d/dt ∂L/∂x' = ∂L/∂x, written out."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Document, Math, Note, Step
from nabla.calculus.equality import EqualityVerdict, equal
from nabla.calculus.numeric import D
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, refuse, say
from nabla.labs.derive.parts import differentiated, shortest, sympy_check, worst_of
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.derivation import equality_check
from nabla.write.notation import tex

SPEED, BEND = "{}_dot", "{}_ddot"


def of_euler_lagrange(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The equation for each coordinate q in `wrt` of L, in which q_dot stands for q'; the last of `wrt` is the time."""
    f, domain = question.f, question.domain
    *coordinates, time = question.wrt
    if not coordinates or not any(SPEED.format(q.name) in {s.name for s in f.free_symbols} for q in coordinates):
        raise refuse(inputs, "wrt", "A coordinate with its derivative and the variable it depends on are needed.")
    begin(document, question, f"Euler-Lagrange equation of ${question.reading.tex}$")
    speeds = {q: sp.Symbol(SPEED.format(q.name), real=True) for q in coordinates}
    bends = {q: sp.Symbol(BEND.format(q.name), real=True) for q in coordinates}
    told, steps, parts, verdicts = [], [], [], []
    document.values["euler_lagrange"] = []
    for q in coordinates:
        force = differentiated(f, (q,), domain, question.name, True)
        momentum = differentiated(f, (speeds[q],), domain, question.name, True)
        along = sp.diff(momentum.simple, time) + sp.Add(
            *(
                sp.diff(momentum.simple, c) * speeds[c] + sp.diff(momentum.simple, speeds[c]) * bends[c]
                for c in coordinates
            )
        )
        equation = shortest(sp.expand(along - force.simple), domain)
        document.values["euler_lagrange"].append(sp.sstr(equation))
        shown = f"{tex(equation)} = 0"
        document.add(Math(shown, f"{sp.sstr(equation)} = 0", f"For ${tex(q)}$", role="result"))
        told.append(f"${shown}$")
        parts += [force, momentum]
        sign = rf"\frac{{\mathrm{{d}}}}{{\mathrm{{d}} {tex(time)}}} {tex(momentum.simple)} = {tex(along)}"
        steps += [derived(force, question, question.name), derived(momentum, question, question.name)]
        steps.append(Step(f"By ${tex(time)}$", sign, "The coordinates and their derivatives depend on it."))
        steps.append(Step("The equation", rf"{tex(along)} - \left({tex(force.simple)}\right) = 0"))
        verdicts.append(_as_functions(f, q, equation, (coordinates, speeds, bends), time))
    document.values["derivative"] = "; ".join(document.values["euler_lagrange"])
    letters = ", ".join(f"${tex(speeds[q])}$ and ${tex(bends[q])}$" for q in coordinates)
    document.add(Note(f"{letters} are the first and the second derivative by ${tex(time)}$."))
    say(document, f"The Euler-Lagrange equation is {' and '.join(told)}")
    check = equality_check(
        "With functions of the variable put in, difference quotients give the same", worst_of(verdicts)
    )
    finish(document, question, steps, [check, sympy_check(parts, domain)])


def _as_functions(
    f: sp.Expr,
    q: sp.Symbol,
    equation: sp.Expr,
    names: tuple[list[sp.Symbol], dict[sp.Symbol, sp.Symbol], dict[sp.Symbol, sp.Symbol]],
    time: sp.Symbol,
) -> EqualityVerdict:
    """The equation with one motion put in, beside the difference quotient of the momentum along it."""
    coordinates, speeds, bends = names
    motion = {c: (i + 2) + sp.sin((i + 1) * time) / 3 + time**2 / (i + 5) for i, c in enumerate(coordinates)}
    put: dict[sp.Symbol, sp.Expr] = dict(motion)
    put |= {speeds[c]: sp.diff(place, time) for c, place in motion.items()}
    put |= {bends[c]: sp.diff(place, time, 2) for c, place in motion.items()}
    momentum = sp.diff(f, speeds[q]).subs(put, simultaneous=True)
    whole = D(momentum, time) - sp.diff(f, q).subs(put, simultaneous=True)
    return equal(1 + equation.subs(put, simultaneous=True), 1 + whole)
