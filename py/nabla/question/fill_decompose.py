"""The inputs of decompose: a field as formula, table or program, what is asked about it, and in which coordinates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from nabla.question.coordinate_words import system_of_words
from nabla.question.curves import COORDINATES, curve_of, one_form
from nabla.question.equations import is_value_at
from nabla.question.field_programs import works_on_fields
from nabla.question.fields import falling, field_of, is_gradient, name_of
from nabla.question.fill_grids import fill_grid
from nabla.question.filled import UNEQUAL, Filled, Span, doubts_of, is_exclusion
from nabla.question.flow_requests import flow_of, further, is_energy
from nabla.question.formula_kinds import INTEGRAL, is_along
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.roles import RoleReading
from nabla.question.surfaces import is_of_stokes, surface_of
from nabla.read.fields.matlab import program_in

# What can be asked about a field, by the canonical word of a request.
ASKED = (
    "decompose", "conservative", "potential", "divergence", "curl", "laplacian", "solenoidal", "irrotational", "stream",
    "work", "flux", "vector-potential", "exact", "critical", "gradient", "div-curl", "curl-grad", "curl-curl",
    "grad-div", "advective", "rate-of-strain", "zero-divergence", "zero-curl", "pressure",
)  # fmt: skip


_OF_FIELDS = re.compile(r"gradient|fft|\bdiff\b|curl|div|helmholtz|solenoid|laplac|vort|\blap\b|\bdel2\b")
_PERIOD = re.compile(r"\b2\s?\$?(?:pi|π|\\pi)\$?[- ]?periodic\b|\bperiodic\b[^.]{0,30}\b2\s?(?:pi|π|\\pi)")
_DENSITY = re.compile(rf"{INTEGRAL.pattern}(.+?)(?:\\,|\s)*d\s?[s\u2113l](?:\s*=.*)?")  # of f ds
_FIND_A = re.compile(r"\b[Ff]ind (?:an? |the )?\$?(?:\\(?:vec|mathbf)\s?\{?)?A\b")
_AREA = re.compile(r"\barea\b[^.]*\bgreen\b|\bgreen\b[^.]*\barea\b", re.IGNORECASE)


def fill_decompose(reading: RoleReading, lab: str) -> Filled | None:
    """A field as formula, table or program, with its box."""
    used: list[Span] = []
    if place := program_in(reading.text):
        return _with_point(reading, Filled({"code": reading.text[slice(*place)]}, (place,)))
    if reading.programs:
        program = max(reading.programs, key=lambda program: len(program.code))
        if _OF_FIELDS.search(program.code) or works_on_fields(program.code):
            filled = Filled({"code": program.code}, tuple(piece.span for piece in program.pieces))
            return _with_point(reading, filled) if "CoordSys3D" in program.code else filled
    asked = [request.what for request in reading.requests if request.what in ASKED]
    if _FIND_A.search(reading.text) and any(f.name == "B" for f in reading.functions):
        asked.append("vector-potential")
    asked = further(reading, asked)
    if difference := _difference(reading, asked, used):
        return Filled(difference, tuple(used))
    if along_curve := _of_arc(reading, used):
        return Filled(along_curve, tuple(used))
    along = [f for f in reading.formulas if is_along(f)]
    if along or any(f.shape == "integral" and one_form(f.read) for f in reading.formulas):
        asked.append("work")
        used += [f.span for f in along]
    if on_grid := fill_grid(reading, asked):
        return on_grid
    if "work" in asked and _AREA.search(reading.text) and (boundary := curve_of(reading, used)):
        return Filled({"V": "-y/2; x/2", "asked": "area", "path": boundary}, tuple(used))
    if (
        density := next((f for f in reading.formulas if _DENSITY.fullmatch(f.read) and not is_along(f)), None)
    ) is not None:
        used.append(density.span)
        if along_it := curve_of(reading, used):
            body = _DENSITY.fullmatch(density.read)
            assert body
            return Filled({"V": body[1], "given": "density", "asked": "work", "path": along_it}, tuple(used))
        return None
    if flow := flow_of(reading):
        used += [f.span for f in flow]
        inputs = {"V": "; ".join(f.body for f in flow)}
    elif (of_field := field_of(reading, asked, used)) is None:
        return None
    else:
        inputs = of_field
    system = inputs.pop("asked", "")  # a system of equations, whose equilibria are asked for
    asked = _about(reading, asked, inputs.get("given", "field")) + [system] * bool(system)
    if "given" not in inputs and (falling(reading) or ("potential" in asked and is_energy(reading))):
        inputs["given"] = "minus-gradient"
    ranges = [formula for formula in reading.formulas if formula.role == "domain"]
    if ranges:
        inputs["domain"] = ", ".join(f"{formula.name}={formula.body}" for formula in ranges)
        used += [formula.span for formula in ranges]
    elif (not asked or "decompose" in asked) and (period := _PERIOD.search(reading.text)):
        inputs["domain"] = "0..2*pi"
        used += [f.span for f in reading.formulas if period.start() <= f.span[0] < period.end()]
    if asked and asked != ["decompose"]:
        inputs["asked"] = ", ".join(dict.fromkeys(asked))
    coordinates = system_of_words(reading, inputs)
    if coordinates:
        inputs.setdefault("coordinates", coordinates)
        used += _coordinates(reading)
    plane = inputs["V"].count(";") == 1  # the flux through a curve is one of the plane
    if {"work", "flux" if plane else "work"} & set(asked) and (curve := _each(reading, curve_of, used)):
        inputs["path"] = curve
        inputs.pop("domain", None)
    if not plane and "path" not in inputs and (surface := _each(reading, surface_of, used)):
        inputs["surface"] = surface
        inputs.pop("domain", None)
        more = ["flux", "work"] if is_of_stokes(reading) else ["flux"]
        inputs["asked"] = ", ".join(dict.fromkeys([*(what for what in asked if what != "decompose"), *more]))
    if inputs.get("given") == "form" and (start := _initial(reading)):
        inputs["at"] = start.inputs["at"]
        used += start.used
    if {"potential", "conservative"} & set(asked) and (level := _level(reading, used)):
        inputs["level"] = level
    values = [
        f for f in reading.formulas if f.shape == "value" and f.span not in used and _is_parameter(f, inputs["V"])
    ]
    if values and "parameters" not in inputs:
        inputs["parameters"] = ", ".join(f"{f.name}={f.body}" for f in values)
        used += [f.span for f in values]
    points = [f for f in reading.formulas if f.shape == "point" and f.role == "point" and f.span not in used]
    if points and not {"path", "at"} & set(inputs) and asked:
        inputs["at"] = points[0].body
        used.append(points[0].span)
    if "name" not in inputs and (name := name_of(reading)):
        inputs["name"] = name
    if "where" not in inputs:
        _where(reading, inputs, used)
    used += [formula.span for formula in reading.formulas if formula.role == "convention" or _is_test(formula)]
    return Filled(inputs, tuple(used), doubts_of([*reading.functions, *reading.claims]))


def _with_point(reading: RoleReading, filled: Filled) -> Filled:
    """The inputs with the point that is asked about, outside of what they are made of."""
    for f in reading.formulas:
        if f.shape == "point" and f.role == "point" and not any(a <= f.span[0] < b for a, b in filled.used):
            return replace(filled, inputs=filled.inputs | {"at": f.body}, used=(*filled.used, f.span))
    return filled


_DIFFERENCE = re.compile(r"\bpotential difference\b|\bdifference (?:of|in) (?:the )?potential", re.IGNORECASE)
_LESS = re.compile(r"\belectr|\bforce\b|\bgravit|\bvolt", re.IGNORECASE)


def _difference(reading: RoleReading, asked: list[str], used: list[Span]) -> dict[str, str] | None:
    """The field and the two places of a potential difference, as the work from one to the other."""
    points = [f for f in reading.formulas if f.shape == "point"]
    if not _DIFFERENCE.search(reading.text) or len(points) != 2:
        return None
    field = field_of(reading, asked, used)
    if field is None or "given" in field:
        return None
    used += [f.span for f in points]
    falls = {"given": "minus-gradient"} if _LESS.search(reading.text) else {}
    name = {"name": name_of(reading)} if name_of(reading) else {}
    path = f"{points[0].body} to {points[1].body}"
    return field | falls | name | {"asked": "potential, work", "path": path}


_OF_ARC = re.compile(r"\bscalar line integral|\bwith respect to arc ?length|\barc ?length integral", re.IGNORECASE)


def _of_arc(reading: RoleReading, used: list[Span]) -> dict[str, str] | None:
    """A function whose integral by the length of a curve is told in words."""
    scalar = next((f for f in reading.functions if f.shape in ("definition", "function", "formula")), None)
    if scalar is None or not _OF_ARC.search(reading.text):
        return None
    spans = [scalar.span]
    curve = curve_of(reading, spans)
    used += spans if curve else []
    return {"V": scalar.body, "given": "density", "asked": "work", "path": curve} if curve else None


_PLACE = r"(?:through|along|over|across|around|out of)\b"
_FURTHER = re.compile(rf"(?:,\s*|\b)and (?:also |then )?(?={_PLACE})", re.IGNORECASE)


def _each(reading: RoleReading, of: Callable[[RoleReading, list[Span]], str], used: list[Span]) -> str:
    """A curve or a surface, or several with bars between: through the cube and through the sphere."""
    first = re.search(rf"\b{_PLACE}", reading.text)
    cuts = [found.start() for found in _FURTHER.finditer(reading.text)]
    if first is None or not cuts or cuts[0] < first.start():
        return of(reading, used)
    ends = [first.start(), *cuts, len(reading.text)]
    spans: list[Span] = []
    found = [of(_stretch(reading, ends[0], a, b), spans) for a, b in pairwise(ends)]
    if not all(found):
        return of(reading, used)
    used += spans
    return " | ".join(found)


def _stretch(reading: RoleReading, before: int, start: int, end: int) -> RoleReading:
    """A reading with what stands between two places, and what comes before all of them."""
    text = "".join(c if i < before or start <= i < end else " " for i, c in enumerate(reading.text))
    formulas = [f for f in reading.formulas if f.span[1] <= before or start <= f.span[0] < end]
    return replace(reading, text=text, formulas=formulas)


# A derivative sign with its operand: \\frac{\\partial P}{\\partial y}, ∂P/∂y, dP/dy, P_y; ∇ × F, curl F.
_DERIVED = re.compile(
    r"\\[dt]?frac\s*\{\\partial[^{}]*\}\s*\{\\partial[^{}]*\}|(?:∂|\\partial\s?|d)\s?\\?\w{0,8}\s?/\s?(?:∂|\\partial\s?|d)\s?\w"
    r"|(?:\b[A-Z]|\\?\b(?:psi|phi|varphi)|[ψφϕ])_\{?[a-z]\}?|(?:∇|\\nabla|\b(?:curl|div|grad))[^-+=\d]*"
)
_NOTHING = re.compile(r"[-+\s(){}0]*")
_NAMED = re.compile(r"\\?(?:vec|mathbf)?\s?\{?[A-Za-zα-ωϕΦΨ]\}?|\\(?:var)?phi|\\psi")


def _is_test(formula: Formula) -> bool:
    """Whether a formula only names what is worked out here: ∂P/∂y = ∂Q/∂x, ∇ × F = 0, u = ∂ψ/∂y, f = F."""
    return (
        formula.role != "function"
        and len(formula.sides) > 1
        and all(_NAMED.fullmatch(side.strip()) or _NOTHING.fullmatch(_DERIVED.sub("", side)) for side in formula.sides)
    )


def _about(reading: RoleReading, asked: list[str], given: str) -> list[str]:
    """What is asked about a field that is given in a certain way, in canonical words."""
    if given == "complex-potential":
        return ["gradient", "stream", *(what for what in asked if what == "critical")]
    if given in ("potential", "minus-potential"):
        if "stream" not in asked:  # the potential is given
            asked = ["gradient" if what == "potential" else what for what in asked]
        return asked if is_gradient(reading) else [what for what in asked if what != "work"]
    asked = [what for what in asked if what not in ("gradient", "curl-grad")]
    if given == "form" and not {"work", "flux"} & set(asked):
        potential = {"exact", "conservative", "potential", "critical", "integral"}
        return ["exact", *(what for what in asked if what not in potential)]
    return [what for what in asked if what != "critical" or reading.asks("critical")]


def _initial(reading: RoleReading) -> Filled | None:
    """The point of a condition y(0) = 2."""
    for formula in reading.formulas:
        found = re.fullmatch(r"y\s*\(([^()]+)\)", formula.sides[0].strip())
        if formula.shape == "equation" and found and is_constant(found[1]) and is_constant(formula.body):
            return Filled({"at": f"({found[1]}, {formula.body})"}, (formula.span,))
    return None


_SAID = re.compile(
    r"\bpotential\b[^.?]*?\bat(?: the)?(?: point)?\s*(\([^()]*\)|origin)[^.?]*?(?:is|=|equals)\s*(-?\d+(?:\.\d+)?)"
)


def _level(reading: RoleReading, used: list[Span]) -> str:
    """A place and the value of the potential there: f(0, 0) = 3, or in words."""
    for formula in reading.formulas:
        if place := is_value_at(formula):
            used.append(formula.span)
            return f"{place} = {formula.body}"
    said = _SAID.search(reading.text)
    if said is None or said[1] == "origin":
        return ""
    used += [f.span for f in reading.formulas if said.start() <= f.span[0] < said.end()]
    return f"{said[1]} = {said[2]}"


def _is_parameter(formula: Formula, field: str) -> bool:
    """Whether a value is one of a letter of the field that is no coordinate."""
    return formula.name in names_in(field.replace(";", "+")) and formula.name not in (
        *COORDINATES, "r", "theta", "phi", "rho"
    )  # fmt: skip


def _coordinates(reading: RoleReading) -> list[Span]:
    """Where the coordinates are listed: (r, θ, z)."""
    return [
        f.span for f in reading.formulas if f.shape == "vector" and all(map(_is_letter, entries_of(f.body) or ["-"]))
    ]


def _is_letter(entry: str) -> bool:
    return bool(re.fullmatch(r"\\?[A-Za-z]+|[α-ωϕ]", entry))


def _where(reading: RoleReading, inputs: dict[str, str], used: list[Span]) -> None:
    """Conditions on the coordinates; that a point is left out, the field itself tells."""
    conditions = [formula for formula in reading.formulas if formula.role == "condition"]
    texts = []
    for formula in conditions:
        if formula.prime:
            continue  # of a function of its own
        if formula.island.relations[0] in UNEQUAL:
            used += [formula.span] * is_exclusion(formula)
        elif formula.name:
            texts.append(formula.read)
            used.append(formula.span)
    if texts:
        inputs["where"] = ", ".join(texts)
