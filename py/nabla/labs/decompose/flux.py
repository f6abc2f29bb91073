"""decompose: a surface as people name it, the flux of the field through it, and both sides of Gauss and Stokes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Check, Document, Heading, Math, Note, Step, Steps
from nabla.errors import Span, UserError
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.telling import vector, with_values
from nabla.read.formula import read_formula, symbol
from nabla.vector.integrals import along, measured, total, trial
from nabla.vector.surfaces import (
    Patch,
    Surface,
    box,
    cap,
    cylinder,
    disk,
    ellipsoid,
    flux,
    graph,
    hemisphere,
    integrand,
    measured_flux,
    measured_sources,
    sphere,
    spherical_cap,
    tetrahedron,
    torus,
    triangle,
)
from nabla.write.notation import tex

CLOSE = 1e-7  # of the larger side
_HINT = "Write sphere radius 2, box x=0..1, y=0..1, z=0..2, cylinder radius 1, z=0..3, hemisphere radius 1, or z=1-x^2-y^2, z>=0."  # noqa: E501
_RADIUS = re.compile(r"radius\s+([^,]+?)(?:,|\s+cent|\Z)")
_CENTRE = re.compile(r"cent(?:re|er)\s*\(([^()]*)\)")
_RANGE = re.compile(r"([xyz])\s*=\s*([^,]+?)\s*\.\.\s*([^,]+)")
_GRAPH = re.compile(r"z\s*=\s*(.+?),\s*z\s*(>=|<=)\s*(.+?)(,\s*closed)?")
_BAND = re.compile(r"z\s*=\s*(.+?),\s*z\s*=\s*(.+?)\.\.(.+?)(,\s*closed)?")
DOWN = ", downward"  # ends an open surface whose normal points down
_OVER = re.compile(r"z\s*=\s*(.+?),\s*x\s*=.*")
_AXES = re.compile(r"ellipsoid axes\s+(.+)")
_TETRAHEDRON = re.compile(r"tetrahedron\s+(.+)")
_CUT = re.compile(r"part of sphere .*, z\s*(>=|<=)\s*([^,]+)")
_TUBE = re.compile(r"tube\s+([^,]+)")
_TRIANGLE = re.compile(r"triangle\s+\(([^()]*)\)\s+to\s+\(([^()]*)\)\s+to\s+\(([^()]*)\)")


def read_surface(text: str) -> Surface:
    """A surface by its name and sizes; its normal upward or outward, or the other way with `, downward`.

    Raises:
        UserError: "syntax" for what is no surface that is known here.
    """
    plain = text.strip().removesuffix(DOWN)
    surface = _surface(plain)
    return surface if plain == text.strip() else surface.turned()


def _surface(text: str) -> Surface:
    bare = " ".join(text.split())
    radius = _RADIUS.search(bare)
    size = read_formula(radius[1]).expr if radius else sp.S.One if "unit" in bare else None
    ranges = {name: _rising(read_formula(a).expr, read_formula(b).expr) for name, a, b in _RANGE.findall(bare)}
    if "hemisphere" in bare and size is not None:
        return hemisphere(size)
    if (cut := _CUT.search(bare)) and size is not None:
        return spherical_cap(size, read_formula(cut[2]).expr, cut[1] == ">=")
    if "torus" in bare and size is not None and (tube := _TUBE.search(bare)):
        return torus(size, read_formula(tube[1]).expr)
    if "sphere" in bare and size is not None:
        centre = _CENTRE.search(bare)
        place = tuple(read_formula(c).expr for c in centre[1].split(",")) if centre else (sp.S.Zero,) * 3
        return sphere(size, place)
    if "disk" in bare and size is not None and (level := re.search(r"z\s*=\s*([^,]+)", bare)):
        return disk(size, read_formula(level[1]).expr)
    if "cylinder" in bare and size is not None and "z" in ranges:
        return cylinder(size, *ranges["z"], lids="without lids" not in bare)
    if axes := _AXES.fullmatch(bare):
        return ellipsoid(tuple(read_formula(each).expr for each in axes[1].split(",")))
    if ends := _TETRAHEDRON.fullmatch(bare):
        return tetrahedron(tuple(read_formula(each).expr for each in ends[1].split(",")))
    if corners := _TRIANGLE.fullmatch(bare):
        return triangle([tuple(read_formula(c).expr for c in each.split(",")) for each in corners.groups()])
    if "cube" in bare and not ranges:
        ranges = dict.fromkeys("xyz", (sp.S.Zero, sp.S.One))
    if len(ranges) == 3:
        low, high = (tuple(ranges[name][end] for name in "xyz") for end in (0, 1))
        return box(low, high)
    x, y = symbol("x"), symbol("y")
    if (over := _OVER.fullmatch(bare)) and {"x", "y"} <= set(ranges):
        return graph(read_formula(over[1]).expr, x, y, ranges["x"], ranges["y"])
    if band := _BAND.fullmatch(bare):
        height = read_formula(band[1]).expr
        low, high = (read_formula(end).expr for end in (band[2], band[3]))
        tip = sp.simplify(height.subs({x: 0, y: 0}))
        for level, above in ((high, False), (low, True)):
            if sp.simplify(tip - (low if level == high else high)) == 0:
                found = cap(height, x, y, level, above, bool(band[4]))
                if found is not None:
                    return found
    if part := _GRAPH.fullmatch(bare):
        level = read_formula(part[3]).expr
        found = cap(read_formula(part[1]).expr, x, y, level, part[2] == ">=", bool(part[4]))
        if found is not None:
            return found
    raise UserError("syntax", "This is not a surface that is read here.", hint=_HINT, span=Span(0, len(text)),
                    field="surface")  # fmt: skip


def _rising(a: sp.Expr, b: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """The ends of a range in their order, which turns the normal outward: x=1..0 is x=0..1."""
    return (b, a) if (a - b).is_positive else (a, b)


def answer_surface(document: Document, nature: Nature, text: str) -> tuple[list[Block], str, dict[str, sp.Expr]]:
    """The flux through a surface, with the other side of the theorem; of the curl, where that of Stokes is meant."""
    given = nature.given
    if not given.system.straight or len(given.F) != 3:
        message = "The flux through a surface is found for fields in space, in Cartesian coordinates."
        raise UserError("not-covered", message, span=Span(0, len(text)), field="surface")
    surface = read_surface(text)
    of_curl = not surface.closed and "work" in given.asked
    wanted = nature.judged.curl if of_curl else given.F
    surface, F, tried = _positive(surface, wanted, trial([*wanted, *surface.letters], given.symbols))
    value = flux(F, given.symbols, surface)
    number = measured_flux([f.subs(tried) for f in F], given.symbols, surface.at(tried))
    shown = value if value is not None else None if number is None or tried else sp.Float(number, 12)
    known = None if tried or number is None else number
    document.values["flux"] = {"value": None if shown is None else sp.sstr(shown), "number": known, "surface": text}
    if of_curl:
        document.values["work"] = {"value": None, "number": None}
    name = rf"\left(\nabla \times {nature.name}\right)" if of_curl else nature.name
    steps = Steps([_step(F, given.symbols, patch) for patch in surface.patches])
    if shown is None:
        return [Heading("Through the surface"), steps], "the flux has no value here.", {}
    sign = r"\oint" if surface.closed else r"\iint"
    result = Math(rf"{sign} {name} \cdot d\mathbf{{S}} = {tex(shown)}", sp.sstr(shown), "Flux", role="result")
    blocks: list[Block] = [Heading("Through the surface"), result, steps]
    if value is not None and number is not None:
        how = "Gauss rules on the surface" + with_values(tried)
        blocks.append(_compared("The flux is that of quadrature", how, float(value.subs(tried)), number))
    other = ""
    if surface.closed:
        blocks += _gauss(document, nature, surface, number, tried)
        other = ", and so is the integral of the divergence inside" if _passed(blocks[-1], "Gauss") else ""
    elif of_curl:
        blocks += _stokes(document, nature, surface, number, tried)
        other = ", and so is the circulation around its boundary" if _passed(blocks[-1], "Stokes") else ""
    side = "outward" if surface.closed or surface.name in ("tube", "bowl") else "upward"
    side = "downward" if text.strip().endswith(DOWN) else side
    what = "flux of the curl" if of_curl else "flux"
    found = {"flux": shown, "work": shown} if of_curl else {"flux": shown}
    return blocks, f"the {what} through the surface, {side}, is ${tex(shown)}${other}.", found


Values = Mapping[sp.Symbol, sp.Expr]


def _passed(block: Block, theorem: str) -> bool:
    """Whether a block is the check of the other side of a theorem, and it holds."""
    return isinstance(block, Check) and theorem in block.claim and block.verdict == "passed"


def _positive(surface: Surface, F: Sequence[sp.Expr], tried: Values) -> tuple[Surface, Sequence[sp.Expr], Values]:
    """Sizes of surfaces are positive: their letters as symbols that know it."""
    known = {letter: sp.Symbol(letter.name, positive=True) for letter in surface.letters}
    if not known:
        return surface, F, tried
    values = {known.get(letter, letter): value for letter, value in tried.items()}
    return surface.at(known), [f.subs(known) for f in F], values


def _step(F: Sequence[sp.Expr], symbols: Sequence[sp.Symbol], patch: Patch) -> Step:
    ends = [rf"\int_{{{tex(a)}}}^{{{tex(b)}}}" for a, b in (patch.u_ends, patch.v_ends)]
    body = rf"{ends[0]} {ends[1]} \left({tex(integrand(F, symbols, patch))}\right) dv\, du"
    return Step("A piece of the surface", body, rf"With $\mathbf{{r}}(u, v) = {vector(patch.position)}$.")


def _compared(claim: str, how: str, one: float, other: float) -> Check:
    gap = abs(one - other)
    verdict: Verdict = "passed" if gap <= CLOSE * max(1.0, abs(one), abs(other)) else "failed"
    return Check(claim, how, verdict, gap, CLOSE, test="points")


def _gauss(document: Document, nature: Nature, surface: Surface, number: float | None, tried: Values) -> list[Block]:
    if nature.holes:
        return [
            Note("The field is not defined everywhere: the theorem of Gauss holds where nothing of that is inside.")
        ]
    div = nature.divergence
    named = {letter.name: value for letter, value in tried.items()}
    here = div.subs({s: named[s.name] for s in div.free_symbols if s.name in named})
    inside = measured_sources(here, nature.given.symbols, surface.at(tried))
    document.values["flux"]["inside"] = None if tried else inside
    if inside is None or number is None:
        return []
    how = rf"$\iiint \left({tex(div)}\right) dV$ by Gauss rules, along lines from the middle{with_values(tried)}"
    return [_compared("The other side of the theorem of Gauss is the same", how, inside, number)]


def _stokes(document: Document, nature: Nature, surface: Surface, number: float | None, tried: Values) -> list[Block]:
    named = {letter.name: letter for letter in tried}
    F = [f.subs({s: named[s.name] for s in f.free_symbols if s.name in named}) for f in nature.given.F]
    value = total(along(F, nature.given.symbols, surface.boundary))
    other = measured(along([f.subs(tried) for f in F], nature.given.symbols, surface.at(tried).boundary))
    document.values["work"] = {"value": None if value is None else sp.sstr(value), "number": None if tried else other}
    if other is None or number is None:
        return []
    how = rf"$\oint {nature.name} \cdot d\mathbf{{r}}$ around the boundary, {_edges(surface)}"
    return [_compared("The other side of the theorem of Stokes is the same", how + with_values(tried), other, number)]


def _edges(surface: Surface) -> str:
    return ", then ".join(f"${vector(stretch.position)}$" for stretch in surface.boundary)
