"""decompose: a surface as people name it, the flux of the field through it, and both sides of Gauss and Stokes."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Check, Document, Heading, Math, Note, Step, Steps
from nabla.errors import Span, UserError
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.telling import NAME, vector
from nabla.read.formula import read_formula, symbol
from nabla.vector.integrals import along, measured, total
from nabla.vector.surfaces import (
    Patch,
    Surface,
    box,
    cap,
    cylinder,
    flux,
    hemisphere,
    integrand,
    measured_flux,
    measured_sources,
    sphere,
)
from nabla.write.notation import tex

CLOSE = 1e-7  # of the larger side
_HINT = "Write sphere radius 2, box x=0..1, y=0..1, z=0..2, cylinder radius 1, z=0..3, hemisphere radius 1, or z=1-x^2-y^2, z>=0."  # noqa: E501
_RADIUS = re.compile(r"radius\s+([^,]+?)(?:,|\s+cent|\Z)")
_CENTRE = re.compile(r"cent(?:re|er)\s*\(([^()]*)\)")
_RANGE = re.compile(r"([xyz])\s*=\s*([^,]+?)\s*\.\.\s*([^,]+)")
_GRAPH = re.compile(r"z\s*=\s*(.+),\s*z\s*>=\s*(.+)")


def read_surface(text: str) -> Surface:
    """A surface by its name and sizes.

    Raises:
        UserError: "syntax" for what is no surface that is known here.
    """
    bare = " ".join(text.split())
    radius = _RADIUS.search(bare)
    size = read_formula(radius[1]).expr if radius else sp.S.One if "unit" in bare else None
    ranges = {name: (read_formula(low).expr, read_formula(high).expr) for name, low, high in _RANGE.findall(bare)}
    if "hemisphere" in bare and size is not None:
        return hemisphere(size)
    if "sphere" in bare and size is not None:
        centre = _CENTRE.search(bare)
        place = tuple(read_formula(c).expr for c in centre[1].split(",")) if centre else (sp.S.Zero,) * 3
        return sphere(size, place)
    if "cylinder" in bare and size is not None and "z" in ranges:
        return cylinder(size, *ranges["z"])
    if "cube" in bare and not ranges:
        ranges = dict.fromkeys("xyz", (sp.S.Zero, sp.S.One))
    if len(ranges) == 3:
        low, high = (tuple(ranges[name][end] for name in "xyz") for end in (0, 1))
        return box(low, high)
    if graph := _GRAPH.fullmatch(bare):
        found = cap(read_formula(graph[1]).expr, symbol("x"), symbol("y"), read_formula(graph[2]).expr)
        if found is not None:
            return found
    raise UserError("syntax", "This is not a surface that is read here.", hint=_HINT, span=Span(0, len(text)),
                    field="surface")  # fmt: skip


def answer_surface(document: Document, nature: Nature, text: str) -> tuple[list[Block], str]:
    """The flux through a surface, with the other side of the theorem; of the curl, where that of Stokes is meant."""
    given = nature.given
    if not given.system.straight or len(given.F) != 3:
        message = "The flux through a surface is found for fields in space, in Cartesian coordinates."
        raise UserError("not-covered", message, span=Span(0, len(text)), field="surface")
    surface = read_surface(text)
    of_curl = not surface.closed and "work" in given.asked
    F = nature.judged.curl if of_curl else given.F
    value, number = flux(F, given.symbols, surface), measured_flux(F, given.symbols, surface)
    shown = value if value is not None else None if number is None else sp.Float(number, 12)
    document.values["flux"] = {"value": None if shown is None else sp.sstr(shown), "number": number, "surface": text}
    if of_curl:
        document.values["work"] = {"value": None, "number": None}
    name = rf"\left(\nabla \times {NAME}\right)" if of_curl else NAME
    steps = Steps([_step(F, given.symbols, patch) for patch in surface.patches])
    if shown is None:
        return [Heading("Through the surface"), steps], "the flux has no value here."
    sign = r"\oiint" if surface.closed else r"\iint"
    result = Math(rf"{sign} {name} \cdot d\mathbf{{S}} = {tex(shown)}", sp.sstr(shown), "Flux", role="result")
    blocks: list[Block] = [Heading("Through the surface"), result, steps]
    if value is not None and number is not None:
        blocks.append(_compared("The flux is that of quadrature", "Gauss rules on the surface", float(value), number))
    if surface.closed:
        blocks += _gauss(document, nature, surface, number)
    elif of_curl:
        blocks += _stokes(document, nature, surface, number)
    side = "outward" if surface.closed else "upward"
    what = "flux of the curl" if of_curl else "flux"
    return blocks, f"the {what} through the surface, {side}, is ${tex(shown)}$."


def _step(F: Sequence[sp.Expr], symbols: Sequence[sp.Symbol], patch: Patch) -> Step:
    ends = [rf"\int_{{{tex(a)}}}^{{{tex(b)}}}" for a, b in (patch.u_ends, patch.v_ends)]
    body = rf"{ends[0]} {ends[1]} \left({tex(integrand(F, symbols, patch))}\right) dv\, du"
    return Step("A piece of the surface", body, rf"With $\mathbf{{r}}(u, v) = {vector(patch.position)}$.")


def _compared(claim: str, how: str, one: float, other: float) -> Check:
    gap = abs(one - other)
    verdict: Verdict = "passed" if gap <= CLOSE * max(1.0, abs(one), abs(other)) else "failed"
    return Check(claim, how, verdict, gap, CLOSE, test="points")


def _gauss(document: Document, nature: Nature, surface: Surface, number: float | None) -> list[Block]:
    if nature.holes:
        return [
            Note("The field is not defined everywhere: the theorem of Gauss holds where nothing of that is inside.")
        ]
    inside = measured_sources(nature.divergence, nature.given.symbols, surface)
    document.values["flux"]["inside"] = inside
    if inside is None or number is None:
        return []
    how = rf"$\iiint \left({tex(nature.divergence)}\right) dV$ by Gauss rules, along lines from the middle"
    return [_compared("The other side of the theorem of Gauss is the same", how, inside, number)]


def _stokes(document: Document, nature: Nature, surface: Surface, number: float | None) -> list[Block]:
    assert surface.boundary is not None
    parts = along(nature.given.F, nature.given.symbols, [surface.boundary])
    value, other = total(parts), measured(parts)
    document.values["work"] = {"value": None if value is None else sp.sstr(value), "number": other}
    if other is None or number is None:
        return []
    how = rf"$\oint {NAME} \cdot d\mathbf{{r}}$ around the boundary ${vector(surface.boundary.position)}$"
    return [_compared("The other side of the theorem of Stokes is the same", how, other, number)]
