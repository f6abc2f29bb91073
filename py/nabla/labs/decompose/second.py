"""decompose: operators of the second order, ∇×(∇×F), ∇(∇·F), ∇²F, and the two that vanish, ∇·(∇×F) and ∇×∇f."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from nabla.answer.document import Block, Document, Heading, Math, Step, Steps
from nabla.calculus.numeric import D
from nabla.calculus.simplify import simplified
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.telling import turned, vector
from nabla.labs.decompose.verified import compared
from nabla.vector import operators
from nabla.write.notation import point, tex

ASKED = ("div-curl", "curl-grad", "curl-curl", "grad-div", "gradient")
Told = tuple[list[Block], str]


def wanted(nature: Nature) -> list[str]:
    """Those that are asked for, by the names of `ASKED`, and the Laplacian of a field."""
    given = nature.given
    named = [what for what in ASKED if what in given.asked]
    if "advective" in given.asked and len(given.along) == len(given.F) and given.system.straight:
        named.append("advective")
    if "laplacian" in given.asked and given.given == "field":
        named.append("vector-laplacian")
    return named


def answer_second(document: Document, nature: Nature) -> Told:
    """Blocks and sentence of all that are asked for; each result goes into the values under its name."""
    blocks: list[Block] = []
    words = []
    for what in wanted(nature):
        told, sentence = _WAYS[what](document, nature)
        blocks += told
        words.append(sentence)
    return ([Heading("Twice"), *blocks] if blocks else []), " ".join(words)


def _value(document: Document, name: str, parts: tuple[sp.Expr, ...]) -> None:
    told = [sp.sstr(part) for part in parts]
    document.values[name.replace("-", "_")] = told[0] if len(told) == 1 else told


def _made(document: Document, name: str, sign: str, inner: str, parts: tuple[sp.Expr, ...]) -> Told:
    """A result, with the inner operator as its step where it has one."""
    parts = tuple(simplified(part) for part in parts)
    _value(document, name, parts)
    value = turned(parts)
    result = Math(f"{sign} = {value}", "; ".join(map(sp.sstr, parts)), role="result")
    steps = [Step("The inner operator first", inner), Step("Then the outer one", f"{sign} = {value}")] if inner else []
    return [result, *([Steps(steps)] if steps else [])], f"${sign} = {value}$."


def _curl_of(nature: Nature) -> str:
    return rf"\nabla \times {nature.name} = {turned(nature.judged.curl)}"


def _sources(nature: Nature) -> str:
    return rf"\nabla \cdot {nature.name} = {tex(nature.divergence)}"


def _div_curl(document: Document, nature: Nature) -> Told:
    given = nature.given
    curl = operators.curl(given.F, given.system)
    if len(curl) == 1:
        curl = (sp.S.Zero, sp.S.Zero, *curl)
        terms = [sp.S.Zero, sp.S.Zero, sp.S.Zero]
    else:
        terms = [simplified(term.value) for term in operators.divergence_terms(curl, given.system)]
    total = simplified(sp.Add(*terms))
    _value(document, "div-curl", (total,))
    sign = rf"\nabla \cdot \left(\nabla \times {nature.name}\right)"
    summed = " + ".join(rf"\left({tex(term)}\right)" for term in terms)
    blocks: list[Block] = [
        Math(rf"{sign} = {summed} = {tex(total)}", sp.sstr(total), role="result"),
        Steps([Step("The curl first", _curl_of(nature)), Step("Its divergence", rf"{sign} = {summed} = {tex(total)}")]),
    ]
    return blocks, rf"${sign} = {summed} = {tex(total)}$, with ${_curl_of(nature)}$."


def _curl_grad(document: Document, nature: Nature) -> Told:
    curl = tuple(nature.judged.curl)
    _value(document, "curl-grad", curl)
    sign, slope = rf"\nabla \times \nabla {nature.scalar}", rf"\nabla {nature.scalar} = {vector(nature.given.F)}"
    steps = Steps(
        [
            Step("The gradient first", slope),
            Step("Its curl: mixed partial derivatives cancel", f"{sign} = {turned(curl)}"),
        ]
    )
    result = Math(f"{sign} = {turned(curl)}", "; ".join(map(sp.sstr, curl)), role="result")
    return [result, steps], f"${sign} = {turned(curl)}$, with ${slope}$."


def _curl_curl(document: Document, nature: Nature) -> Told:
    given = nature.given
    found = operators.curl_twice(given.F, given.system)
    blocks, words = _made(
        document, "curl-curl", rf"\nabla \times \left(\nabla \times {nature.name}\right)", _curl_of(nature), found
    )
    if given.system.straight:
        slopes = operators.gradient(operators.divergence(given.F, given.system), given.system)
        bent = operators.vector_laplacian(given.F, given.system)
        claim = r"The same as $\nabla\left(\nabla \cdot F\right) - \nabla^{2} F$"
        blocks.append(compared(claim, [(a, b - c) for a, b, c in zip(found, slopes, bent, strict=True)]))
    return blocks, words


def _grad_div(document: Document, nature: Nature) -> Told:
    found = operators.gradient(nature.divergence, nature.given.system)
    return _made(document, "grad-div", rf"\nabla\left(\nabla \cdot {nature.name}\right)", _sources(nature), found)


def _advective(document: Document, nature: Nature) -> Told:
    given = nature.given
    found = tuple(
        sp.Add(*(a * sp.diff(f, q) for a, q in zip(given.along, given.symbols, strict=True))) for f in given.F
    )
    sign = rf"\left(\mathbf{{A}} \cdot \nabla\right) {nature.name}" if given.along != given.F else (
        rf"\left({nature.name} \cdot \nabla\right) {nature.name}"
    )  # fmt: skip
    blocks, words = _made(document, "advective", sign, "", found)
    for place in given.at:
        at = dict(zip(given.symbols, place, strict=True))
        words += f" At ${point(at)}$ it is ${vector(tuple(part.subs(at) for part in found))}$."
    by = [sp.Add(*(a * D(f, q) for a, q in zip(given.along, given.symbols, strict=True))) for f in given.F]
    blocks.append(compared("The same by difference quotients", list(zip(found, by, strict=True))))
    return blocks, words


def _laplacian(document: Document, nature: Nature) -> Told:
    found = operators.vector_laplacian(nature.given.F, nature.given.system)
    return _made(document, "laplacian", rf"\nabla^{{2}} {nature.name}", "", found)


def _gradient(document: Document, nature: Nature) -> Told:
    F = nature.given.F
    _value(document, "gradient", F)
    sign = r"-\nabla" if nature.given.given == "minus-potential" else r"\nabla"
    told = rf"{nature.name} = {sign} {nature.scalar} = {vector(F)}"
    return [Math(told, "; ".join(map(sp.sstr, F)), role="result")], f"${told}$."


_WAYS: Mapping[str, Callable[[Document, Nature], Told]] = {
    "div-curl": _div_curl, "curl-grad": _curl_grad, "curl-curl": _curl_curl, "grad-div": _grad_div,
    "vector-laplacian": _laplacian, "advective": _advective, "gradient": _gradient,
}  # fmt: skip
