"""The inputs of decompose: a field as formula, table or program, what is asked about it, and in which coordinates."""

from __future__ import annotations

import re

from nabla.question.filled import Filled, Span, doubts_of
from nabla.question.formulas import Formula, entries_of
from nabla.question.roles import RoleReading
from nabla.read.data.grid import is_field

# What can be asked about a field, by the canonical word of a request.
ASKED = (
    "decompose", "conservative", "potential", "divergence", "curl", "laplacian", "solenoidal", "irrotational", "stream",
    "work",
    "vector-potential",
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
    system = _system(reading)
    if system:
        inputs["coordinates"] = system
        used += _coordinates(reading)
    if "work" in asked:
        _path(reading, inputs, used)
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


def _system(reading: RoleReading) -> str:
    """The coordinates that a word of the text names."""
    words = [t.text.lower() for sentence in reading.sentences for t in sentence.tokens if t.kind == "word"]
    return next((word for word in words if word in _SYSTEMS), "")


def _coordinates(reading: RoleReading) -> list[Span]:
    """Where the coordinates are listed: (r, θ, z)."""
    return [
        f.span for f in reading.formulas if f.shape == "vector" and all(map(_is_letter, entries_of(f.body) or ["-"]))
    ]


def _path(reading: RoleReading, inputs: dict[str, str], used: list[Span]) -> None:
    """The curve of a line integral: a circle in words, two points, or coordinates as formulas of a parameter."""
    words = " ".join(reading.text.split())
    circle = re.search(r"unit circle|circle of radius [\w.]+", words, re.IGNORECASE)
    points = [f for f in reading.formulas if f.shape == "point" and f.span not in used]
    curve = [f for f in reading.formulas if f.shape in ("definition", "value", "range") and f.name in ("x", "y", "z")]
    ranges = [f for f in reading.formulas if f.shape == "range" and f.name not in ("x", "y", "z")]
    if circle:
        turn = " clockwise" if re.search(r"(?<!counter)(?<!counter-)\bclockwise", words, re.IGNORECASE) else ""
        inputs["path"] = circle[0].lower().replace("circle of", "circle") + turn
    elif len(points) == 2:
        inputs["path"] = f"{points[0].body} to {points[1].body}"
        used += [point.span for point in points]
    elif curve and ranges:
        inputs["path"] = ", ".join(f"{f.name}={f.body}" for f in (*curve, ranges[0]))
        inputs.pop("domain", None)
        used += [formula.span for formula in (*curve, ranges[0])]


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
    functions = reading.functions
    if not functions:
        return None
    first = functions[0]
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
    elif "laplacian" in asked and _system(reading):
        given = "potential"
    if not given:
        return None
    used.append(first.span)
    return {"V": first.sides[0] if first.shape == "applied" else first.body, "given": given}
