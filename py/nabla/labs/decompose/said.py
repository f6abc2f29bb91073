"""decompose: the sentence on what a field is, beginning with what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations_with_replacement

import sympy as sp

from nabla.answer.document import Document
from nabla.calculus.simplify import simplified
from nabla.labs.decompose.field import POTENTIALS
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.telling import stream_slopes, turned, vector
from nabla.vector.holes import Hole
from nabla.vector.operators import divergence
from nabla.vector.potentials import is_zero
from nabla.write.notation import point, tex
from nabla.write.sentence import sentence

WITHIN = {"curl": {"irrotational", "conservative"}, "divergence": {"solenoidal"}}  # the answers that tell these too


def conclude(
    document: Document, nature: Nature, claim: str = "", constants: Mapping[sp.Symbol, sp.Expr] | None = None
) -> None:
    """Set the sentence: an answer to each thing that was asked for; `constants` are those that make it so."""
    asked = set(nature.given.asked)
    if nature.given.given not in POTENTIALS:
        asked -= {"laplacian"}  # that of a field is told apart
    wanted = [what for what in SAID if what in asked and not WITHIN.get(what, set()) & asked]
    said = list(dict.fromkeys(SAID[what](nature) for what in wanted))
    if constants:
        told = ",\\; ".join(f"{tex(name)} = {tex(value)}" for name, value in constants.items())
        said.insert(0, f"only with ${told}$:")
    if "rate-of-strain" in asked and nature.given.system.straight:
        document.values["rate_of_strain"] = [[sp.sstr(entry) for entry in row] for row in rate_of_strain(nature)]
    said += _values(document, nature)
    said = said or ([] if claim else [_divergence(nature), _curl(nature)])
    text = " ".join(part[:1].upper() + part[1:] for part in [*said, *([claim] if claim else [])])
    document.answer = sentence(text, document.values, [])


def _values(document: Document, nature: Nature) -> list[str]:
    """Divergence and curl at the points that are asked about."""
    found = []
    document.values["at"] = []
    for place in nature.given.at:
        at = dict(zip(nature.given.symbols, place, strict=True))
        div, turn = nature.divergence.subs(at), [each.subs(at) for each in nature.judged.curl]
        if any(each.has(sp.zoo, sp.nan, sp.oo) for each in (div, *turn)):
            continue
        document.values["at"].append({"at": list(map(sp.sstr, place)), "divergence": sp.sstr(div),
                                      "curl": [sp.sstr(each) for each in turn]})  # fmt: skip
        asked = nature.given.asked
        numeric = not any(each.free_symbols for each in (div, *turn))
        if numeric and len(nature.given.at) == 1 and {"divergence", "curl"} & set(asked):
            numbers = [float(each) for each in turn]
            document.values["value"] = float(div) if "divergence" in asked else numbers if turn[1:] else numbers[0]
        told = (
            [f"${nature.name} = {vector(tuple(f.subs(at) for f in nature.given.F))}$"]
            if nature.given.scalar is not None
            else []
        )
        told += [rf"$\nabla \cdot {nature.name} = {tex(div)}$"] if "divergence" in nature.given.asked else []
        told += [rf"$\nabla \times {nature.name} = {turned(turn)}$"] if "curl" in nature.given.asked else []
        if told:
            found.append(f"at ${point(at)}$, {' and '.join(told)}.")
    return found


def _divergence(nature: Nature) -> str:
    told = rf"$\nabla \cdot {nature.name} = {tex(nature.divergence)}$"
    sources = [hole for hole in nature.holes if hole.flux not in (None, 0)]
    if nature.sourceless and len(sources) == 1 and nature.given.system.straight:
        (hole,) = sources
        return f"{told} outside of {_place(nature, hole)}; the flux out of a surface around it is ${tex(hole.flux)}$."
    return f"{told}."


def _curl(nature: Nature) -> str:
    return rf"$\nabla \times {nature.name} = {turned(nature.judged.curl)}$."


def _laplacian(nature: Nature) -> str:
    return rf"$\nabla^{{2}} {nature.scalar} = {tex(nature.laplacian)}$."


def _conservative(nature: Nature) -> str:
    judged = nature.judged
    f = _slope(nature) if judged.potential else ""
    if judged.reason == "curl":
        where = ""
        if judged.witness:
            at, value = judged.witness
            where = f", and at ${point(at)}$ it is ${turned(value)}$" if any(map(_varies, judged.curl)) else ""
        return rf"no, ${nature.name}$ is not conservative: its curl is ${turned(judged.curl)}$, not zero{where}."
    if judged.reason == "circulation":
        hole = next(each for each in judged.holes if each.circulation not in (None, 0))
        part = f"; on a part of the domain that does not go around it, {f}" if f else ""
        return (
            f"no, ${nature.name}$ is not conservative on all of its domain: its curl is zero, but the circulation "
            f"around {_place(nature, hole)}, where it is not defined, is ${tex(hole.circulation)}$, a vortex{part}."
        )
    if judged.verdict is None:
        known = f" On a part without holes, {f}." if f else ""
        told = f"the curl of ${nature.name}$ is zero, so it is conservative"
        return f"{told} on every part of its domain without holes.{known}"
    why = {
        "simply-connected": "its curl is zero and its domain has no hole that a loop could go around",
        "single-valued": "its curl is zero and it has a potential on all of its domain",
        "no-circulation": "its curl is zero and so is the circulation around each hole of its domain",
    }[judged.reason]
    if nature.given.convex:
        why = "its curl is zero and the domain that you give has no holes"
    return f"yes, ${nature.name}$ is conservative: {why}" + (f"; {f}." if f else ".")


def _slope(nature: Nature) -> str:
    """The field as the gradient of its potential, with a minus where the text has it so."""
    f = nature.potential
    assert f is not None
    if nature.given.given == "minus-gradient":
        return rf"${nature.name} = -\nabla {nature.scalar}$ with ${nature.scalar} = {tex(f)}{nature.constant}$"
    return rf"${nature.name} = \nabla {nature.scalar}$ with ${nature.scalar} = {tex(f)}{nature.constant}$"


def _varies(expr: object) -> bool:
    return bool(getattr(expr, "free_symbols", None))


def _place(nature: Nature, hole: Hole) -> str:
    if not nature.given.system.straight:
        return "the axis" if nature.given.system.dimension == 3 else "the origin"
    if hole.along is not None:
        where = ", ".join(f"{tex(s)} = {tex(c)}" for s, c in zip(hole.symbols, hole.place, strict=True))
        return f"the line ${where}$"
    return f"the point ${vector(hole.place)}$"


def _potential(nature: Nature) -> str:
    judged = nature.judged
    if judged.potential is None or judged.reason in ("curl", "circulation") or "conservative" in nature.given.asked:
        if judged.reason == "curl" and "conservative" not in nature.given.asked:
            return f"there is no potential: {_conservative(nature).removeprefix('no, ')}"
        return _conservative(nature)
    return f"{_slope(nature)}."


def _stream(nature: Nature) -> str:
    if nature.stream is None:
        if nature.given.given == "stream":
            return f"the field of this stream function is ${nature.name} = {vector(nature.given.F)}$."
        if not nature.sourceless:
            return rf"there is no stream function: the divergence is ${tex(nature.divergence)}$, not zero."
        return "no stream function was found in closed form."
    whose = rf" = {vector(nature.given.F)}" if nature.given.given == "stream" else ""
    lines = _lines(nature)
    with_ = f"${nature.name} = {stream_slopes(nature)}{whose}$"
    of = rf", the harmonic conjugate of ${nature.scalar}$," if nature.given.given == "potential" else ""
    return rf"the stream function{of} is $\psi = {tex(nature.stream.value)} + C$, with {with_}.{lines}"


def _lines(nature: Nature) -> str:
    """The flow lines through the points that are asked about: on them the stream function stays the same."""
    found = []
    for place in nature.given.at:
        assert nature.stream is not None
        at = dict(zip(nature.given.symbols, place, strict=True))
        psi = nature.stream.value
        level = psi.subs(at)
        if level.is_finite:
            found.append(f" The flow line through ${point(at)}$ is ${tex(psi)} = {tex(level)}$.")
    return "".join(found)


def _solenoidal(nature: Nature) -> str:
    if nature.sourceless:
        return rf"yes, ${nature.name}$ has no divergence: $\nabla \cdot {nature.name} = 0$."
    return rf"no, ${nature.name}$ is not solenoidal: $\nabla \cdot {nature.name} = {tex(nature.divergence)}$."


def _irrotational(nature: Nature) -> str:
    if nature.curlless:
        return rf"yes, ${nature.name}$ is irrotational: $\nabla \times {nature.name} = 0$."
    return rf"no, ${nature.name}$ is not irrotational: $\nabla \times {nature.name} = {turned(nature.judged.curl)}$."


def _vector_potential(nature: Nature) -> str:
    A = nature.vector_potential
    if A:
        held = nature.gauged and is_zero(divergence(A, nature.given.system))
        gauge = r", and $\nabla \cdot \mathbf{A} = 0$" if held else ""
        return rf"${nature.name} = \nabla \times \mathbf{{A}}$ with $\mathbf{{A}} = {vector(A)}${gauge}."
    if not nature.sourceless:
        return rf"there is no vector potential: $\nabla \cdot {nature.name} = {tex(nature.divergence)}$, not zero."
    return "no vector potential was found in closed form."


def rate_of_strain(nature: Nature) -> list[list[sp.Expr]]:
    """Half the sum of the matrix of derivatives of a field and its transpose, in Cartesian coordinates."""
    F, q = nature.given.F, nature.given.symbols
    places = range(len(F))
    return [[simplified((sp.diff(F[i], q[j]) + sp.diff(F[j], q[i])) / 2) for j in places] for i in places]


def _strain(nature: Nature) -> str:
    if not nature.given.system.straight:
        return "the rate of strain is found in Cartesian coordinates alone here."
    names, entries = nature.given.symbols, rate_of_strain(nature)
    pairs = combinations_with_replacement(range(len(names)), 2)
    told = ", ".join(rf"$e_{{{tex(names[i])}{tex(names[j])}}} = {tex(entries[i][j])}$" for i, j in pairs)
    return f"the rate of strain, half the sum of the derivatives and their transpose, is {told}."


SAID: dict[str, Callable[[Nature], str]] = {
    "conservative": _conservative, "solenoidal": _solenoidal, "irrotational": _irrotational,
    "divergence": _divergence, "curl": _curl, "laplacian": _laplacian, "stream": _stream, "potential": _potential,
    "vector-potential": _vector_potential, "rate-of-strain": _strain,
}  # fmt: skip
