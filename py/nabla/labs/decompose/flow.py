"""decompose: where divergence or curl vanish, and the pressure of a steady flow without friction."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Block, Document, Heading, Math, Prose, Step, Steps
from nabla.calculus.budget import CALLS, within
from nabla.calculus.numeric import D
from nabla.calculus.simplify import simplified
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.telling import turned, vector
from nabla.labs.decompose.verified import compared
from nabla.vector import operators
from nabla.vector.potentials import is_zero, potential
from nabla.write.notation import tex

MOST = 12  # points
DENSITY, LEVEL = sp.Symbol("rho"), sp.Symbol("p_0")


def answer_zeros(document: Document, nature: Nature) -> tuple[list[Block], str]:
    """Where the divergence or the curl is zero, as an equation or as points; nothing where that is not asked for."""
    blocks: list[Block] = []
    words = []
    curl = nature.judged.curl
    for what, sign, parts in (
        ("zero-divergence", rf"\nabla \cdot {nature.name}", [nature.divergence]),
        ("zero-curl", rf"\nabla \times {nature.name}", list(curl)),
    ):
        if what not in nature.given.asked:
            continue
        told = _zeros(document, nature, parts)
        blocks += [Heading("Where it vanishes"), Math(f"{sign} = 0: \\quad {told[0]}", told[0], role="result")]
        words.append(f"${sign} = 0$ {told[1]}.")
    return blocks, " ".join(words)


def _zeros(document: Document, nature: Nature, parts: list[sp.Expr]) -> tuple[str, str]:
    """The set where all parts vanish, in LaTeX and as the end of a sentence; sets `values["places"]`."""
    symbols = [s for s in nature.given.symbols if any(s in part.free_symbols for part in parts)]
    open_parts = [part for part in parts if not is_zero(part)]
    document.values["places"] = []
    if not open_parts:
        return r"\text{everywhere}", "everywhere"
    if not symbols:
        return r"\text{nowhere}", "nowhere"
    found = within(8 * CALLS, lambda: sp.solve(open_parts, symbols, dict=True), None) or []
    real = [each for each in found if all(value.is_real is not False for value in each.values())]
    points = [each for each in real if set(each) == set(symbols) and not any(v.free_symbols for v in each.values())]
    if found and not real:
        return r"\text{nowhere}", "nowhere"
    if real and len(points) == len(real) <= MOST:
        document.values["places"] = [{s.name: sp.sstr(v) for s, v in each.items()} for each in points]
        told = [r",\; ".join(f"{tex(s)} = {tex(each[s])}" for s in symbols) for each in points]
        return r" \text{ or } ".join(told), "where " + " or ".join(f"${each}$" for each in told)
    document.values["places"] = [sp.sstr(part) + " = 0" for part in open_parts]
    told = [_equation(part) for part in open_parts]
    return r",\quad ".join(told), "where " + " and ".join(f"${each}$" for each in told)


def _equation(part: sp.Expr) -> str:
    """The equation part = 0 in LaTeX: its factors one by one, or without a common factor, its number on the right."""
    numerator = sp.factor_terms(sp.primitive(sp.expand(sp.numer(sp.together(part))))[1])
    factors = [base for base, _ in sp.factor_list(numerator)[1]] if numerator.is_polynomial() else [numerator]
    told = []
    for factor in factors:
        constant, rest = sp.expand(factor).as_independent(*factor.free_symbols, as_Add=True)
        left, right = (-rest, constant) if rest.could_extract_minus_sign() else (rest, -constant)
        told.append(f"{tex(left)} = {tex(right)}")
    return r" \text{ or } ".join(told)


def answer_pressure(document: Document, nature: Nature) -> tuple[list[Block], str]:
    """The pressure by Euler's equation, grad p = -rho (v . grad) v; nothing where it is not asked for.

    L. Landau, E. Lifshitz, Fluid Mechanics, chapter 1.
    """
    given = nature.given
    if "pressure" not in given.asked or not given.system.straight:
        return [], ""
    if not nature.sourceless:
        return [], "the pressure was not looked for: a flow of constant density has no divergence."
    q = given.symbols
    a = tuple(simplified(sp.Add(*(v * sp.diff(f, s) for v, s in zip(given.F, q, strict=True)))) for f in given.F)
    sign = rf"\left({nature.name} \cdot \nabla\right) {nature.name}"
    if not all(is_zero(part) for part in operators.curl(a, given.system)):
        turn = turned([simplified(part) for part in operators.curl(a, given.system)])
        return [], f"no pressure keeps this flow steady without friction: the curl of ${sign}$ is ${turn}$, not 0."
    found = potential(a, given.system)
    if found is None:
        return [], f"the pressure is that with $\\nabla p = -\\rho {vector(a)}$; no formula of it was found."
    origin = dict.fromkeys(q, sp.S.Zero)
    level = found.value.subs(origin)
    level = level if level.is_finite else sp.S.Zero
    p = LEVEL - DENSITY * simplified(found.value - level)
    document.values["pressure"] = sp.sstr(p)
    steps = [
        Step("The acceleration of the fluid", f"{sign} = {vector(a)}"),
        Step("Its potential gives the pressure", rf"\nabla p = -\rho\, {sign} \;\Rightarrow\; p = {tex(p)}"),
    ]
    back = [(D(p, s), -DENSITY * part) for s, part in zip(q, a, strict=True)]
    where = "at the origin" if found.value.subs(origin).is_finite else "that is constant"
    told = f"steady and without friction, the pressure is $p = {tex(p)}$, where $p_0$ is that {where}."
    blocks: list[Block] = [Heading("Pressure"), Math(f"p = {tex(p)}", sp.sstr(p), role="result"), Steps(steps),
              Prose("By Euler's equation, for a constant density $\\rho$ and no gravity."),
              compared("Its gradient balances the acceleration", back)]  # fmt: skip
    return blocks, told
