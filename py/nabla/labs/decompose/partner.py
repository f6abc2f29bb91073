"""decompose: the other component of a plane field without divergence, or without curl, of which one is given."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Document, Heading, Math, Step, Steps
from nabla.calculus.integrals import antiderivative
from nabla.calculus.numeric import D
from nabla.errors import Span, UserError
from nabla.lab import Inputs
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.verified import compared
from nabla.read.fields.assignments import read_assignments
from nabla.write.notation import tex
from nabla.write.sentence import sentence


def answer_partner(inputs: Inputs, document: Document, nature: Nature) -> None:
    """The component that is a letter alone in `V`, by integrating div F = 0, or curl F = 0, into the document.

    Raises:
        UserError: "arguments" where no component is a letter, "not-covered" without an antiderivative.
    """
    given = nature.given
    place = next((i for i, f in enumerate(given.F) if f.is_Symbol and f not in given.symbols), None)
    if place is None or len(given.F) != 2:
        message = "Of a field of the plane one component is a formula, the other one a letter: 3x^2 - y; v."
        raise UserError("arguments", message, field="V", span=Span(0, len(inputs["V"])))
    letter, known = given.F[place], given.F[1 - place]
    along, across = given.symbols[place], given.symbols[1 - place]
    turns = "irrotational" in given.asked and "solenoidal" not in given.asked
    # div F = 0: the derivative by its own coordinate is minus that of the other; curl F = 0: by the other's coordinate.
    by, slope = (across, sp.diff(known, along)) if turns else (along, -sp.diff(known, across))
    other = along if turns else across
    found = antiderivative(slope, by) if slope != 0 else sp.S.Zero
    if found is None:
        raise UserError(
            "not-covered", "The integral has no closed form here.", field="V", span=Span(0, len(inputs["V"]))
        )
    free = sp.Function("g", real=True)(other)
    conditions = inputs.read("where", read_assignments)
    start = conditions.get(by)
    fixed = start is not None and letter in conditions
    whole = sp.expand(found - found.subs(by, start) + conditions[letter]) if fixed else found + free
    u, v = (whole.subs(free, 0) if i == place else f for i, f in enumerate(given.F))
    x, y = given.symbols
    terms = (D(v, x), D(u, y)) if turns else (D(u, x), -D(v, y))
    sign = rf"\frac{{\partial {tex(letter)}}}{{\partial {tex(by)}}} = {tex(slope)}"
    rule = r"\nabla \times F = 0" if turns else r"\nabla \cdot F = 0"
    document.title = "The other component"
    document.values["partner"] = {"name": letter.name, "value": sp.sstr(whole)}
    document.values["parameters"] = {letter.name: sp.sstr(whole)}
    document.add(
        Math(f"{tex(letter)} = {tex(whole)}", sp.sstr(whole), "The other component", role="result"),
        Steps([
            Step(f"${rule}$", sign),
            Step(f"Integrate by ${tex(by)}$", f"{tex(letter)} = {tex(found + free)}"),
            *([Step(f"Its value at ${tex(by)} = {tex(start)}$", f"{tex(letter)} = {tex(whole)}")] if fixed else []),
        ]),
        Heading("Checked", role="checks"),
        compared(f"With it ${rule}$", [terms]),
    )  # fmt: skip
    any_ = "" if fixed else rf", with any function $g$ of ${tex(other)}$"
    document.answer = sentence(f"${tex(letter)} = {tex(whole)}${any_}.", document.values, ())
