"""derive: the gradient in polar, cylindrical and spherical coordinates: each slope over the length of a unit step."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from nabla.answer.document import Check, Document, Math, Prose, Step
from nabla.calculus.equality import equal
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, refuse, say
from nabla.labs.derive.claim_matrix import show_matrix_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.matrices import column
from nabla.labs.derive.parts import differentiated, shortest, sympy_check, usable_point, worst_of
from nabla.labs.derive.question import DeriveQuestion
from nabla.vector.coordinates import System, cylindrical, polar, spherical
from nabla.vector.operators import in_cartesian
from nabla.write.derivation import equality_check
from nabla.write.notation import number, point, tex

RADII, ANGLES = ("r", "rho", "s", "R"), ("theta", "phi", "varphi")


def of_curved(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The components of the gradient along the unit vectors of the coordinates that are named."""
    if len(question.functions) > 1:
        raise refuse(inputs, "f", "A gradient in these coordinates is that of one function.")
    name = inputs.choice("coordinates")
    system = _system(inputs, name, question.f.free_symbols | set(question.wrt))
    parts = [differentiated(question.f, (q,), question.domain, question.name, True) for q in system.symbols]
    entries = [shortest(part.simple / h, question.domain) for part, h in zip(parts, system.scales, strict=True)]
    begin(document, question, f"Gradient of ${question.reading.tex}$ in {name} coordinates")
    document.values |= {"derivative": [sp.sstr(entry) for entry in entries], "gradient": name}
    left = rf"\nabla {question.name}"
    axes = [rf"\mathbf{{e}}_{{{axis}}}" for axis in system.axes]
    terms = [
        rf"\left({tex(entry)}\right) {axis}" if entry.is_Add or entry == 1 else f"{tex(entry)} {axis}"
        for entry, axis in zip(entries, axes, strict=True)
        if entry != 0
    ]
    shown = " + ".join(terms).replace("+ -", "- ") or "0"
    document.add(Math(f"{left} = {shown}", str(document.values["derivative"]), "Gradient", role="result"))
    if name == "spherical":
        angles = (
            f"${tex(system.symbols[1])}$ is the angle from the z axis, ${tex(system.symbols[2])}$ the one around it"
        )
        document.add(Prose(f"{angles} (ISO 80000-2)."))
    said = f"${left} = {shown}$"
    if at := usable_point(document, question, question.symbols):
        values = [entry.subs(at, simultaneous=True) for entry in entries]
        document.values["value"] = [float(value) for value in values]
        there = column([number(value) for value in values])
        document.add(Math(rf"\left.{left}\right|_{{{point(at)}}} = {there}", str(values), "Value", role="value"))
        said += f", which is ${there}$ at ${point(at)}$"
    goals = [[Goal(f"component {axis}", question.f, entry)] for axis, entry in zip(axes, entries, strict=True)]
    claim = show_matrix_claim(document, inputs, question, [[goal for row in goals for goal in row]])
    say(document, said, claim)
    general = " + ".join(
        rf"{_over(h)}\frac{{\partial {question.name}}}{{\partial {tex(q)}}} {axis}"
        for q, h, axis in zip(system.symbols, system.scales, axes, strict=True)
    )
    steps = [*(derived(part, question, question.name) for part in parts)]
    steps.append(Step("Each over the length of a unit step", f"{left} = {general}"))
    finish(document, question, steps, [_check(question.f, entries, system), sympy_check(parts, question.domain)])


def _over(scale: sp.Expr) -> str:
    return "" if scale == 1 else rf"\frac{{1}}{{{tex(scale)}}} "


def _system(inputs: Inputs, name: str, symbols: set[sp.Symbol]) -> System:
    """The coordinates with the letters that the function uses."""
    names = {symbol.name: symbol for symbol in symbols}

    def letter(choices: Sequence[str], taken: Sequence[sp.Symbol] = ()) -> sp.Symbol:
        held = [names[choice] for choice in choices if choice in names and names[choice] not in taken]
        return next(iter(held), sp.Symbol(next(c for c in choices if c not in {t.name for t in taken}), real=True))

    radius, angle = letter(RADII), letter(ANGLES)
    z = letter(("z",))
    system = {
        "polar": polar(radius, angle),
        "cylindrical": cylindrical(radius, angle, z),
        "spherical": spherical(radius, letter(("theta",)), letter(("phi", "varphi"))),
    }[name]
    if others := {"x", "y"} & names.keys():
        raise refuse(
            inputs, "f", f"{' and '.join(sorted(others))} is no coordinate of these; write the function in them."
        )
    return system


def _check(f: sp.Expr, entries: Sequence[sp.Expr], system: System) -> Check:
    """The same vector by the chain rule: its Cartesian components times the way of each coordinate is the slope."""
    whole = in_cartesian(entries, system)
    verdicts = [
        equal(sp.Add(*(w * sp.diff(x, q) for w, x in zip(whole, system.position, strict=True))), sp.diff(f, q))
        for q in system.symbols
    ]
    return equality_check("In x, y, z it is the vector whose product with each way is the slope", worst_of(verdicts))
