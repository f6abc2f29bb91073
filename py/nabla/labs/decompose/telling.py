"""What a field is, shown: its divergence, curl and potentials, with the steps that lead to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from nabla.answer.document import Block, Heading, Math, Prose, Step, Steps
from nabla.calculus.simplify import simplified
from nabla.labs.decompose.nature import Nature
from nabla.vector import operators
from nabla.vector.potentials import Potential
from nabla.write.notation import tex


def told(nature: Nature) -> list[Block]:
    """The results and their steps."""
    steps = [_divergence_steps(nature), _curl_steps(nature), *_potential_steps(nature), *_stream_steps(nature)]
    return [Heading("What the field is"), *_results(nature), Heading("Step by step", role="steps"), Steps(steps)]


def vector(parts: Sequence[sp.Expr]) -> str:
    """Components in brackets."""
    return r"\left(" + r",\; ".join(tex(part) for part in parts) + r"\right)"


def turned(curl: Sequence[sp.Expr]) -> str:
    """A curl in LaTeX: one number in the plane, three in space."""
    return tex(curl[0]) if len(curl) == 1 else vector(curl)


def with_values(values: Mapping[sp.Symbol, sp.Expr]) -> str:
    """The numbers that letters stand for in a comparison, "" for none."""
    told = r",\; ".join(f"{tex(letter)} = {tex(value)}" for letter, value in values.items())
    return f", with ${told}$" if told else ""


def stream_slopes(nature: Nature) -> str:
    """The components of a field by the derivatives of its stream function."""
    (x, y), (_, width) = nature.given.symbols, nature.given.system.scales
    front = "" if width == 1 else rf"\frac{{1}}{{{tex(width)}}}\,"
    first, second = (rf"\frac{{\partial\psi}}{{\partial {tex(q)}}}" for q in (y, x))
    return rf"\left({front}{first},\; -{second}\right)"


def _results(nature: Nature) -> list[Block]:
    judged = nature.judged
    curl = judged.curl
    text = "; ".join(sp.sstr(each) for each in curl)
    blocks: list[Block] = [
        Math(rf"\nabla \cdot {nature.name} = {tex(nature.divergence)}", sp.sstr(nature.divergence), "Divergence",
             role="result"),
        Math(rf"\nabla \times {nature.name} = {turned(curl)}", text, "Curl", role="result"),
    ]  # fmt: skip
    if judged.potential:
        f, sign = nature.potential, "-" if nature.given.given == "minus-gradient" else ""
        blocks.append(
            Math(
                rf"{nature.name} = {sign}\nabla {nature.scalar},\quad {nature.scalar} = {tex(f)}{nature.constant}",
                sp.sstr(f),
                "Potential",
                role="result",
            )
        )
    if nature.stream:
        psi = nature.stream.value
        where = f"{nature.name} = {stream_slopes(nature)}"
        blocks.append(Math(rf"{where},\quad \psi = {tex(psi)} + C", sp.sstr(psi), "Stream function", role="result"))
    if A := nature.vector_potential:
        label = f"Vector potential with $A_{{{nature.given.symbols[-1]}}} = 0$"
        text = "; ".join(map(sp.sstr, A))
        left = rf"{nature.name} = \nabla \times \mathbf{{A}}"
        blocks.append(Math(rf"{left},\quad \mathbf{{A}} = {vector(A)}", text, label, role="result"))
        blocks.append(Prose("Any gradient can be added to the vector potential; its curl stays the same."))
    if not nature.given.system.straight:
        blocks.append(Prose(_convention(nature)))
    return blocks


def _convention(nature: Nature) -> str:
    system = nature.given.system
    names = [f"${tex(s)}$" for s in system.symbols]
    if system.name == "spherical":
        return (
            f"Spherical coordinates: {names[0]} is the distance from the origin, {names[1]} the angle from the z axis, "
            f"{names[2]} the angle around it."
        )
    where = "the z axis" if system.dimension == 3 else "the origin"
    return f"{system.name.capitalize()} coordinates: {names[0]} is the distance from {where}, {names[1]} the angle."


def _partial(term: operators.OperatorTerm, component: str) -> str:
    inside = component if term.scale == 1 else rf"\left({tex(term.scale)}\,{component}\right)"
    front = "" if term.factor == 1 else rf"{tex(term.factor)}\,"
    return rf"{front}\frac{{\partial}}{{\partial {tex(term.symbol)}}}{inside}"


def _component(nature: Nature, place: int) -> str:
    return f"F_{{{nature.given.system.axes[place]}}}"


def _own(nature: Nature, term: operators.OperatorTerm) -> str:
    return rf"\left({tex(nature.given.F[term.component])}\right)"


def _divergence_steps(nature: Nature) -> Step:
    terms = operators.divergence_terms(nature.given.F, nature.given.system)
    inner = [
        Step(
            f"Differentiate ${_component(nature, t.component)}$ by ${tex(t.symbol)}$",
            f"{_partial(t, _own(nature, t))} = {tex(simplified(t.value))}",
        )
        for t in terms
    ]
    general = " + ".join(_partial(t, _component(nature, t.component)) for t in terms)
    return Step("Divergence", rf"\nabla \cdot {nature.name} = {general} = {tex(nature.divergence)}", steps=inner)


def _curl_steps(nature: Nature) -> Step:
    pairs = operators.curl_terms(nature.given.F, nature.given.system)
    inner = []
    for (plus, minus), value in zip(pairs, nature.judged.curl, strict=True):
        general = " - ".join(_partial(t, _component(nature, t.component)) for t in (plus, minus))
        numbers = f"{_bracketed(simplified(plus.value))} - {_bracketed(simplified(minus.value))}"
        title = "A component" if len(pairs) > 1 else "Its derivatives"
        inner.append(Step(title, f"{general} = {numbers} = {tex(value)}"))
    return Step("Curl", rf"\nabla \times {nature.name} = {turned(nature.judged.curl)}", steps=inner)


def _bracketed(expr: sp.Expr) -> str:
    return rf"\left({tex(expr)}\right)" if expr.is_Add or tex(expr).startswith("-") else tex(expr)


def _potential_steps(nature: Nature) -> list[Step]:
    found = nature.judged.potential
    if found is None:
        return []
    return [
        Step(
            "Potential", rf"{nature.scalar} = {tex(found.value)} + C", "Integrate one component after another.",
            steps=_integrations(found, "f", nature.given.symbols),
        )
    ]  # fmt: skip


def _stream_steps(nature: Nature) -> list[Step]:
    found = nature.stream
    if found is None:
        return []
    why = f"With ${nature.name} = {stream_slopes(nature)}$, integrate one component after the other."
    return [
        Step("Stream function", rf"\psi = {tex(found.value)} + C", why,
             steps=_integrations(found, r"\psi", nature.given.symbols))
    ]  # fmt: skip


def _integrations(found: Potential, name: str, symbols: Sequence[sp.Symbol]) -> list[Step]:
    steps = []
    for i, each in enumerate(found.steps):
        q = tex(each.symbol)
        free = ", ".join(tex(s) for s in symbols[i + 1 :])
        open_ = f" + g_{{{i + 1}}}({free})" if free else " + C"
        if i == 0:
            text = rf"{name} = \int \left({tex(each.left)}\right) d{q} = {tex(each.so_far)}{open_}"
            steps.append(Step(f"Integrate the first component by ${q}$", text,
                              "What is constant for this variable may still depend on the others."))  # fmt: skip
            continue
        left = rf"\frac{{\partial g_{{{i}}}}}{{\partial {q}}} = {tex(each.left)}"
        text = rf"{left} \;\Rightarrow\; g_{{{i}}} = {tex(each.integral)}{open_}"
        steps.append(Step(f"What the derivative by ${q}$ leaves", text))
    return steps
