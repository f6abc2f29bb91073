"""The inputs of decompose: a field as formula, table or program, what is asked about it, and in which coordinates."""

from __future__ import annotations

import re

from nabla.question.curves import COORDINATES, curve_of, is_along, one_form
from nabla.question.filled import Filled, Span, doubts_of
from nabla.question.formulas import Formula, entries_of
from nabla.question.roles import RoleReading
from nabla.question.surfaces import is_of_stokes, surface_of
from nabla.read.data.grid import is_field

# What can be asked about a field, by the canonical word of a request.
ASKED = (
    "decompose", "conservative", "potential", "divergence", "curl", "laplacian", "solenoidal", "irrotational", "stream",
    "work", "flux", "vector-potential",
)  # fmt: skip
_SYSTEMS = ("cylindrical", "spherical", "polar")
_OF_STREAM, _OF_POTENTIAL = frozenset(("psi", "Psi")), frozenset(("phi", "Phi", "varphi", "V", "U"))


def fill_decompose(reading: RoleReading, lab: str) -> Filled | None:
    """A field as formula, table or program, with its box."""
    if reading.text.startswith("npz:"):
        return Filled({"data": reading.text}, ((0, len(reading.text)),))
    used: list[Span] = []
    if reading.programs:
        program = max(reading.programs, key=lambda program: len(program.code))
        if re.search(r"gradient|fft|\bdiff\b|curl|div|helmholtz|solenoid", program.code):
            return Filled({"code": program.code}, tuple(piece.span for piece in program.pieces))
    asked = [request.what for request in reading.requests if request.what in ASKED]
    along = [f for f in reading.formulas if is_along(f)]
    if along or any(f.shape == "integral" and one_form(f.read) for f in reading.formulas):
        asked.append("work")
        used += [f.span for f in along]
    if reading.data and (is_field(reading.data) or "decompose" in asked):
        inputs = {"data": reading.data}
        if asked and asked != ["decompose"]:
            inputs["asked"] = ", ".join(dict.fromkeys(asked))
        return Filled(inputs, tuple(piece.span for piece in reading.pieces if piece.kind == "data"))
    of_field = _field(reading, asked, used)
    if of_field is None:
        return None
    inputs = of_field
    ranges = [formula for formula in reading.formulas if formula.role == "domain"]
    if ranges:
        inputs["domain"] = ", ".join(f"{formula.name}={formula.body}" for formula in ranges)
        used += [formula.span for formula in ranges]
    if asked and asked != ["decompose"]:
        inputs["asked"] = ", ".join(dict.fromkeys(asked))
    system = system_of(reading)
    if system:
        inputs["coordinates"] = system
        used += _coordinates(reading)
    plane = inputs["V"].count(";") == 1  # the flux through a curve is one of the plane
    if {"work", "flux" if plane else "work"} & set(asked) and (curve := curve_of(reading, used)):
        inputs["path"] = curve
        inputs.pop("domain", None)
    if not plane and "path" not in inputs and (surface := surface_of(reading, used)):
        inputs["surface"] = surface
        inputs.pop("domain", None)
        more = ["flux", "work"] if is_of_stokes(reading) else ["flux"]
        inputs["asked"] = ", ".join(dict.fromkeys([*(what for what in asked if what != "decompose"), *more]))
    points = [f for f in reading.formulas if f.shape == "point" and f.role == "point" and f.span not in used]
    if points and "path" not in inputs and asked:
        inputs["at"] = points[0].body
        used.append(points[0].span)
    _where(reading, inputs, used)
    _claim(reading, inputs, used)
    used += [formula.span for formula in reading.formulas if formula.role == "convention" or _is_test(formula)]
    return Filled(inputs, tuple(used), doubts_of([*reading.functions, *reading.claims]))


def _is_test(formula: Formula) -> bool:
    """Whether a formula only names what is worked out here: ∂P/∂y = ∂Q/∂x, ∇ × F = 0, f = F."""
    sides = formula.island.sides
    signed = [side for side in sides if side.mark or re.search(r"\\partial|∂", formula.read)]
    plain = all(re.fullmatch(r"[A-Za-z]|0|\\(?:vec|mathbf)\s?\{?[A-Za-z]\}?", side.strip()) for side in formula.sides)
    return formula.role != "function" and (len(signed) == len(sides) or bool(signed and formula.body == "0") or plain)


def system_of(reading: RoleReading) -> str:
    """The coordinates that a word of the text names."""
    words = [t.text.lower() for sentence in reading.sentences for t in sentence.tokens if t.kind == "word"]
    return next((word for word in words if word in _SYSTEMS), "")


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
        if re.search(r"≠|!=|\\neq?(?![a-z])", formula.read):
            used.append(formula.span)
        elif formula.name:
            texts.append(formula.read)
            used.append(formula.span)
    if texts:
        inputs["where"] = ", ".join(texts)


def _claim(reading: RoleReading, inputs: dict[str, str], used: list[Span]) -> None:
    """The asker's own answer: components, or a formula."""
    for formula in reading.claims:
        entries = entries_of(formula.body)
        if formula.shape in ("vector", "point") and len(entries) in (2, 3):
            inputs["claim"] = f"[{', '.join(entries)}]"
        elif (formula.shape in ("definition", "function") and "potential" in inputs.get("asked", "")) or (
            formula.shape == "formula" and not re.search(r"\\mathbb|\\partial|∂", formula.read)
        ):
            inputs["claim"] = formula.body
        else:
            continue
        used.append(formula.span)
        return


_UNITS = re.compile(r"(?<!\\)\\[,;:! ]")


def _field(reading: RoleReading, asked: list[str], used: list[Span]) -> dict[str, str] | None:
    """The components of the field with semicolons, its formula with unit vectors, or what it is made of."""
    functions = [f for f in reading.functions if not is_along(f)]
    if not functions:  # the integral of F . dr stands first, F behind it
        functions = [f for f in reading.formulas if f.shape == "vector" and set(f.args) <= set(COORDINATES)][:1]
    if not functions:
        return None
    first = functions[0]
    if first.shape == "integral" and (form := one_form(first.read)):
        used.append(first.span)
        return {"V": form}
    if len(functions) > 1:
        used += [formula.span for formula in functions]
        return {"V": "; ".join(formula.body for formula in sorted(functions, key=lambda f: f.name))}
    entries = entries_of(first.body)
    if first.shape in ("vector", "components") and len(entries) in (2, 3):
        used.append(first.span)
        return {"V": "; ".join(entries)}
    if first.shape == "vector" and not entries:
        used.append(first.span)
        return {"V": _UNITS.sub(" ", first.body)}
    bare = [f for f in reading.formulas if f.role in ("unused", "function") and f.shape == "formula"]
    beside = len(bare) in (2, 3) and all(f.sentence <= first.sentence + 2 for f in bare) and not reading.claims
    between = reading.text[bare[0].span[1] : bare[1].span[0]] if beside else "?"
    if first.shape == "formula" and re.fullmatch(r"\s*[;,]?\s*", between):
        used += [formula.span for formula in bare]
        return {"V": "; ".join(formula.body for formula in bare)}
    return _scalar(reading, first, asked, used)


def _scalar(reading: RoleReading, first: Formula, asked: list[str], used: list[Span]) -> dict[str, str] | None:
    """A stream function or a potential, whose field is asked about; a scalar in curved coordinates."""
    if first.shape not in ("definition", "function", "formula", "applied"):
        return None
    given = ""
    if "stream" in asked or "potential" in asked:
        given = "stream" if first.name in _OF_STREAM else "potential" if first.name in _OF_POTENTIAL else ""
    elif "laplacian" in asked and system_of(reading):
        given = "potential"
    if not given:
        return None
    used.append(first.span)
    return {"V": first.sides[0] if first.shape == "applied" else first.body, "given": given}
