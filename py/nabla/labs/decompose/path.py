"""decompose: the integral of a field along a curve, or across it, and the other side of the theorem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Check, Document, Heading, Math, Note, Step, Steps
from nabla.errors import Span, UserError
from nabla.labs.decompose.curve import BOTH, read_path
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.telling import vector, with_values
from nabla.vector.conservative import JUMPING
from nabla.vector.integrals import AlongStretch, Stretch, along, measured, total, trial
from nabla.vector.theorems import exact_over_cone, over_cone
from nabla.write.notation import tex

CLOSE = 1e-8


def answer_path(document: Document, nature: Nature, text: str) -> tuple[list[Block], str, dict[str, sp.Expr]]:
    """The integral along a curve, or the flux across it: its blocks, the sentence, and what was found."""
    given = nature.given
    if not given.system.straight:
        message = "Integrals along curves are found in Cartesian coordinates."
        raise UserError("not-covered", message, span=Span(0, len(text)), field="path")
    try:
        curve = read_path(text, given.symbols)
    except UserError as error:
        error.field = error.field or "path"
        raise
    closed = _is_closed(curve)
    blocks: list[Block] = []
    said, integrals = [], {}
    across = "flux" in given.asked and len(given.F) == 2
    for name in ("work",) * ("work" in given.asked or not across) + ("flux",) * across:
        told, sentence, shown = _integral(document, nature, curve, closed, name)
        blocks += told
        said.append(sentence)
        if text.strip().endswith(BOTH) and shown is not None:
            said.append(f"in the other direction it is ${tex(-shown)}$.")
        if shown is not None:
            integrals[name] = shown
        document.values[name]["path"] = text
    if "work" in integrals and "potential" in given.asked and nature.judged.potential and not closed:
        change = -integrals["work"] if given.given == "minus-gradient" else integrals["work"]
        said.append(f"the potential changes by ${tex(change)}$ from its beginning to its end.")
    return blocks, " ".join(each[:1].upper() + each[1:] for each in said), integrals


def _integral(
    document: Document, nature: Nature, curve: Sequence[Stretch], closed: bool, name: str
) -> tuple[list[Block], str, sp.Expr | None]:
    """F . dr along a curve (work), or F . n ds across one of the plane (flux), F turned along it."""
    given = nature.given
    F = given.F if name == "work" else (-given.F[1], given.F[0])
    inside = nature.judged.curl if name == "work" else (nature.divergence,)
    held = [e for s in curve for e in (*s.position, s.low, s.high)]
    tried = trial([*F, *held], [*given.symbols, *(s.t for s in curve)])
    exact = _by_potential(nature, curve) if name == "work" else None
    if exact is None and closed and not nature.holes and not all(f.is_polynomial(*given.symbols) for f in F):
        exact = exact_over_cone(inside, given.symbols, curve)  # easier than along the curve
    parts = along(F, given.symbols, curve, closed_form=exact is None)
    value = exact if exact is not None else total(parts)
    there = [stretch.at(tried) for stretch in curve]
    number = measured(along([f.subs(tried) for f in F], given.symbols, there, False) if tried else parts)
    shown = value if value is not None else None if number is None or tried else sp.Float(number, 12)
    document.values[name] = {"value": None if shown is None else sp.sstr(shown), "number": None if tried else number}
    title = "Along the curve" if name == "work" else "Across the curve"
    if shown is None:
        return [Heading(title), Steps([_step(part) for part in parts])], "the integral has no value here.", None
    sign = r"\oint" if closed else r"\int"
    element = r"d\mathbf{r}" if name == "work" else r"\mathbf{n}\, ds"
    result = Math(rf"{sign} {nature.name} \cdot {element} = {tex(shown)}", sp.sstr(shown), title, role="result")
    blocks: list[Block] = [Heading(title), result, Steps([_step(part) for part in parts])]
    blocks += compared_along(value, number, tried)
    if closed and number is not None:
        blocks += _inside(document, nature, there, name, number, [part.subs(tried) for part in inside])
    last = blocks[-1]
    both = closed and isinstance(last, Check) and "other side" in last.claim and last.verdict == "passed"
    inner = {"work": "the curl", "flux": "the divergence"}[name]
    other = f", and so is the integral of {inner} over what it encloses" if both and len(given.F) == 2 else ""
    what = {"work": "work along", "flux": "flux across"}[name]
    curve_named = "closed curve, its circulation," if closed and name == "work" else "curve"
    if "area" in given.asked:
        return blocks, f"the area that the curve encloses is ${tex(shown)}$.", shown
    return blocks, f"the {what} the {curve_named} is ${tex(shown)}${other}.", shown


def _by_potential(nature: Nature, curve: Sequence[Stretch]) -> sp.Expr | None:
    """The change of a potential from the beginning of a curve to its end; None without one that is one function."""
    judged = nature.judged
    joined = all(_meets(a, b) for a, b in pairwise(curve))
    if not joined or not judged.verdict or judged.potential is None or judged.potential.value.has(*JUMPING, sp.Abs):
        return None
    f, symbols = judged.potential.value, nature.given.symbols
    start, end = (
        dict(zip(symbols, (p.subs(s.t, at) for p in s.position), strict=True))
        for s, at in ((curve[0], curve[0].low), (curve[-1], curve[-1].high))
    )
    return sp.simplify(f.subs(end, simultaneous=True) - f.subs(start, simultaneous=True))


def compared_along(value: sp.Expr | None, number: float | None, tried: Mapping[sp.Symbol, sp.Expr]) -> list[Check]:
    """The value of an integral along a curve against that of quadrature, with numbers for its letters."""
    if value is None or number is None:
        return []
    gap = abs(float(value.subs(tried)) - number)
    claim, fine = "The integral along the curve is that of quadrature", gap <= CLOSE * max(1.0, abs(number))
    verdict: Verdict = "passed" if fine else "failed"
    how = "tanh-sinh rule, 30 digits" + with_values(tried)
    return [Check(claim, how, verdict, gap, CLOSE, test="points")]


def _inside(
    document: Document, nature: Nature, curve: Sequence[Stretch], name: str, number: float, parts: Sequence[sp.Expr]
) -> list[Block]:
    """The other side of the theorem, the integral of `parts`, where the field is smooth inside the curve."""
    theorem = ("Green" if len(nature.given.F) == 2 else "Stokes") if name == "work" else "Gauss"
    what = {"Green": r"\iint \left(\nabla \times \mathbf{F}\right) dA", "Gauss": r"\iint \nabla \cdot \mathbf{F}\, dA",
            "Stokes": r"\iint \left(\nabla \times \mathbf{F}\right) \cdot d\mathbf{S}"}[theorem]  # fmt: skip
    if nature.holes:
        where = "The field is not defined everywhere in the region of its coordinates"
        return [Note(f"{where}: the theorem of {theorem} holds only for curves that go around none of these places.")]
    other = over_cone(parts, nature.given.symbols, curve)
    document.values[name]["inside"] = other
    if other is None:
        return []
    gap = abs(other - number)
    verdict: Verdict = "passed" if gap <= CLOSE * max(1.0, abs(number)) else "failed"
    inner = ",\\; ".join(map(tex, parts))
    how = f"${what}$ with ${inner}$ by Gauss rules, over the cone from a point to the curve"
    return [Check(f"The other side of the theorem of {theorem} is the same", how, verdict, gap, CLOSE, test="points")]


def _is_closed(curve: Sequence[Stretch]) -> bool:
    """Whether a curve ends where it begins, or is made of such curves."""
    loops = [s for s in curve if _meets(s, s)]
    return _meets(curve[-1], curve[0]) or len(loops) == len(curve)


def _meets(one: Stretch, other: Stretch) -> bool:
    """Whether a stretch ends where another one begins."""
    end = [p.subs(one.t, one.high) for p in one.position]
    start = [p.subs(other.t, other.low) for p in other.position]
    return all(sp.simplify(a - b) == 0 for a, b in zip(start, end, strict=True))


def _step(part: AlongStretch) -> Step:
    t = tex(part.stretch.t)
    ends = rf"\int_{{{tex(part.stretch.low)}}}^{{{tex(part.stretch.high)}}}"
    right = "" if part.value.value is None else f" = {tex(part.value.value)}"
    body = rf"{ends} \left({tex(part.integrand)}\right) d{t}{right}"
    why = rf"With $\mathbf{{r}}({t}) = {vector(part.stretch.position)}$, this is $F \cdot d\mathbf{{r}}/d{t}$."
    return Step("A stretch of the curve", body, why)
