"""decompose: whether P dx + Q dy = 0 is exact, its solutions, and a factor that makes it so."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Block, Document, Heading, Math, Step, Steps
from nabla.calculus.numeric import D
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.verified import compared
from nabla.vector.forms import integrating_factor
from nabla.vector.potentials import potential
from nabla.write.notation import point, tex


def answer_exact(document: Document, nature: Nature) -> tuple[list[Block], str]:
    """Blocks and sentence; nothing where no form is given or exactness is not asked about."""
    given = nature.given
    if given.given != "form" or "exact" not in given.asked:
        return [], ""
    if len(given.F) == 3:
        return [], _in_space(document, nature)
    P, Q = given.F
    x, y = given.symbols
    sides = [sp.simplify(sp.diff(P, y)), sp.simplify(sp.diff(Q, x))]
    test = [
        rf"\frac{{\partial P}}{{\partial {tex(y)}}} = {tex(sides[0])}",
        rf"\frac{{\partial Q}}{{\partial {tex(x)}}} = {tex(sides[1])}",
    ]
    exact = nature.curlless
    document.values["exact_form"] = {"verdict": exact, "factor": None, "solution": None}
    steps = [Step("Compare the derivatives across", ",\\quad ".join(test))]
    if nature.judged.reason == "circulation":
        document.values["exact_form"]["verdict"] = False
        hole = next(each for each in nature.judged.holes if each.circulation not in (None, 0))
        where = ", ".join(f"{tex(s)} = {tex(c)}" for s, c in zip(hole.symbols, hole.place, strict=True))
        words = rf"no, it is closed but not exact: ${test[0]}$ and ${test[1]}$ are the same, but the integral around"
        return [
            Heading("Exact"),
            Steps(steps),
        ], f"{words} ${where}$, where it is not defined, is ${tex(hole.circulation)}$."
    if exact:
        found = nature.judged.potential
        words = rf"yes, it is exact: ${test[0]}$ and ${test[1]}$ are the same."
        if found is None:
            return [Heading("Exact"), Steps(steps)], f"{words} Its solutions were not found in closed form."
        return _solved(document, nature, found.value, sp.S.One, words, steps)
    words = rf"no, it is not exact: ${test[0]}$, but ${test[1]}$."
    factor = integrating_factor(P, Q, given.symbols)
    found = potential((sp.expand(factor * P), sp.expand(factor * Q)), given.system) if factor is not None else None
    if factor is None or found is None:
        more = " No factor of one variable, nor a product of powers, makes it exact."
        return [Heading("Exact"), Steps(steps)], words + (more if factor is None else "")
    document.values["exact_form"]["factor"] = sp.sstr(factor)
    parts = [rf"\left({tex(sp.expand(factor * f))}\right) d{tex(q)}" for f, q in ((P, x), (Q, y))]
    made = f"{' + '.join(parts)} = 0"
    steps.append(Step(f"Multiply by ${tex(factor)}$", made, "Now the two derivatives are the same."))
    return _solved(document, nature, found.value, factor, f"{words} With the factor ${tex(factor)}$ it is.", steps)


def _solved(
    document: Document, nature: Nature, f: sp.Expr, factor: sp.Expr, words: str, steps: list[Step]
) -> tuple[list[Block], str]:
    """The solutions f = C, that through a point where one is given, and the proof."""
    x, y = nature.given.symbols
    levels = [(place, f.subs(dict(zip((x, y), place, strict=True)))) for place in nature.given.at]
    levels = [(place, value) for place, value in levels if value.is_finite]
    level = sp.simplify(levels[0][1]) if levels else sp.Symbol("C")
    told = f"{tex(f)} = {tex(level)}"
    where = f" through ${point(dict(zip((x, y), levels[0][0], strict=True)))}$" if levels else ""
    document.values["exact_form"]["solution"] = f"{sp.sstr(f)} = {sp.sstr(level)}"
    P, Q = nature.given.F
    pairs = [(D(f, x), factor * P), (D(f, y), factor * Q)]
    check = compared("The derivatives of the solution are the two coefficients", pairs)
    result = Math(told, document.values["exact_form"]["solution"], "Solutions", role="result")
    blocks: list[Block] = [Heading("Exact"), result, Steps(steps), check]
    one = "The solution" if levels else "Its solutions"
    return blocks, f"{words} {one}{where}: ${told}$."


def _in_space(document: Document, nature: Nature) -> str:
    document.values["exact_form"] = {"verdict": nature.curlless, "factor": None, "solution": None}
    if not nature.curlless:
        return "no, it is not exact: its derivatives across differ."
    found = nature.judged.potential
    return "yes, it is exact" + (f": it is $df$ with $f = {tex(found.value)} + C$." if found else ".")
