"""The field of a text as the lab decompose takes it: its components, or what it is made of."""

from __future__ import annotations

import re
from itertools import pairwise

from nabla.question.components import as_inputs, letter_of
from nabla.question.coordinate_words import SPACE, system_of_words
from nabla.question.curves import COORDINATES, one_form
from nabla.question.filled import Span
from nabla.question.formula_kinds import is_along
from nabla.question.formulas import Formula, entries_of, names_in
from nabla.question.position import by_position, radial_field, rotation
from nabla.question.roles import RoleReading
from nabla.read.fields.vector import components_text
from nabla.read.fields.vectors import is_vector

_OF_STREAM, _OF_POTENTIAL = frozenset(("psi", "Psi")), frozenset(("phi", "Phi", "varphi", "V", "U"))
_UNITS = re.compile(r"(?<!\\)\\[,;:! ]")
_STABILITY = re.compile(
    r"\b(?:un)?stab(?:le|ility)|\bclassif|\btypes?\b|\bnature\b|\blinear(?:ise|ize|isation|ization)|\bsaddle|\bspiral"
    r"|\bfocus|\bnodes?\b|\bportrait|\bcent(?:er|re)\b|\bequilibri|\bjacobian|\beigenvalue|\bcoexist|\bsteady state"
    r"|\bfixed points?\b|\blimit cycle",
    re.IGNORECASE,
)
_FLOWING = re.compile(r"\bflow|\bvelocit", re.IGNORECASE)
_CONJUGATE = re.compile(r"\b(?:harmonic|complex) conjugate", re.IGNORECASE)
_COMPLEX = re.compile(r"\bcomplex (?:velocity )?potential", re.IGNORECASE)
_FALLING = re.compile(
    r"(?i:\belectr(?:ic|ostatic)|\bcharge densit|\bpotential energy|\b(?:force|gravitational field)\b)|\bE\b"
)


def field_of(reading: RoleReading, asked: list[str], used: list[Span]) -> dict[str, str] | None:
    """The field as `_field_of` has it, with what the text defines in the place of components that are names alone."""
    found = _field_of(reading, asked, used)
    parts = [part.strip() for part in components_text(found["V"]).split(";")] if found else []
    if found and any(part in reading.definitions and part not in COORDINATES for part in parts):
        found["V"] = _defined("; ".join(parts), reading, used)
    return found


def _field_of(reading: RoleReading, asked: list[str], used: list[Span]) -> dict[str, str] | None:
    """The components of the field with semicolons, its formula with unit vectors, or what it is made of."""
    for known in (_equations_of_motion, _advected, rotation):
        if found := known(reading, used):
            return found
    functions = [f for f in reading.functions if not is_along(f)]
    if partner := _partner(reading, used):
        return partner
    if functions and all(letter_of(f)[0] for f in functions):
        used += [f.span for f in functions]
        return as_inputs(functions, system_of_words(reading, {}))
    slopes = [f for f in reading.formulas if f.shape == "claim" and f.prime and f.prime.kind == "gradient"]
    if not functions and slopes and len(entries := entries_of(slopes[0].body)) in (2, 3):  # ∇f = (yz, xz, xy)
        used.append(slopes[0].span)
        return {"V": "; ".join(entries)}
    if not functions and reading.asks("exact") and (slope := _sloped(reading, used)):
        return slope
    vectors = [f for f in reading.formulas if f.shape == "vector" and set(f.args) <= set(COORDINATES)]
    if not functions:  # the integral of F . dr stands first, F behind it
        functions = vectors[:1]
    if (
        not vectors
        and {"flux", "work", "vector-potential", "stream", "solenoidal"} & set(asked)
        and (constant := _constant(reading))
    ):
        used.append(constant.span)
        return {"V": "; ".join(entries_of(constant.body))}
    if not functions:
        return None
    if radial := radial_field(functions[0], reading.formulas, reading.text):
        used += [functions[0].span, radial[1].span]
        return {"V": radial[0], "coordinates": "cartesian", "name": radial[1].name}
    products = [f for f in reading.formulas if f.shape == "applied" and _PRODUCT.fullmatch(f.sides[0].strip())]
    if scaled := _scaled(reading, used):
        return scaled
    if products and (crossed := _crossed(products[0].sides[0], reading, used)):
        used.append(products[0].span)
        return {"V": crossed}
    if told := _SLOPE.fullmatch(functions[0].body.strip()):
        used.append(functions[0].span)
        return {"V": told[2], "given": "minus-potential" if told[1] else "potential"}
    first = products[0] if products else functions[0]
    if found := _form(first, reading, used):
        used.append(first.span)
        return found
    if len(functions) > 1:
        used += [formula.span for formula in functions]
        components = "; ".join(formula.body for formula in sorted(functions, key=lambda f: f.name))
        forms = [f for f in reading.formulas if f.shape == "equation" and re.fullmatch(_NAMED_FORM, f.read)]
        used += [f.span for f in forms]
        return {"V": components} | ({"given": "form"} if forms else {})
    entries = entries_of(first.body)
    if first.shape in ("vector", "components") and len(entries) in (2, 3):
        used.append(first.span)
        return {"V": "; ".join(entries)}
    body = first.sides[0] if first.shape == "applied" and len(first.sides) == 1 else first.body
    if crossed := _crossed(body, reading, used):
        used.append(first.span)
        return {"V": crossed}
    if placed := by_position(body, reading.text):
        used += [first.span, *(f.span for f in reading.formulas if f.shape == "vector" and f.name == "r")]
        return {"V": placed, "coordinates": "cartesian"}
    if first.shape == "applied" and is_vector(body):
        used.append(first.span)
        return {"V": "; ".join(entries_of(body)) or _UNITS.sub(" ", body)}
    if (alone := _ALONE.fullmatch(body.strip())) and asked and first.shape in ("definition", "function", "formula"):
        used.append(first.span)
        units = "ij" if alone[2] != "k" and "z" not in names_in(alone[1]) else "ijk"
        return {"V": "; ".join(alone[1] if unit == alone[2] else "0" for unit in units), "name": first.name or "F"}
    if first.shape == "vector" and not entries:
        used.append(first.span)
        return {"V": _UNITS.sub(" ", first.body)}
    bare = [f for f in reading.formulas if f.role in ("unused", "function") and f.shape == "formula"]
    beside = len(bare) in (2, 3) and all(f.sentence <= first.sentence + 2 for f in bare) and not reading.claims
    between = [reading.text[a.span[1] : b.span[0]] for a, b in pairwise(bare)] if beside else ["?"]
    if first.shape == "formula" and all(re.fullmatch(r"\s*[;,]?\s*", gap) for gap in between):
        used += [formula.span for formula in bare]
        return {"V": "; ".join(formula.body for formula in bare)}
    return _scalar(reading, first, asked, used)


_HAS_FIELD = re.compile(r"(?:\b(?:of|field)(?: (?:the )?(?:constant |uniform )?(?:vector )?field)?|[A-Z]\s?=)\s*\$?\Z")


def _constant(reading: RoleReading) -> Formula | None:
    """A field of numbers alone, which looks like a point: the flux of (0, 0, 1)."""
    return next((f for f in reading.formulas if f.shape == "point" and len(entries_of(f.body)) in (2, 3)
                 and _HAS_FIELD.search(reading.text[: f.span[0]])), None)  # fmt: skip


_ALONE = re.compile(
    r"(?!.*(?<![A-Za-z])i(?![A-Za-z]).*i\b)(.*[A-Za-z0-9)]) ?([ijk])"
)  # one unit vector, behind its factor
_FIND = re.compile(
    r"\b(?:find|determine|calculate|compute|what is|obtain)\b[^.,;?=]{0,40}?(?<![A-Za-z])\$?([uv])(?![A-Za-z'])",
    re.IGNORECASE,
)


def _partner(reading: RoleReading, used: list[Span]) -> dict[str, str] | None:
    """One component of a field of the plane, where the other one is asked for: u = 3x^2 - y, find v."""
    wanted = _FIND.search(reading.text)
    if wanted is None or wanted[1] not in "uv" or not reading.asks("solenoidal", "irrotational"):
        return None
    letter, other = wanted[1], {"u": "v", "v": "u"}[wanted[1]]
    told = [f for f in reading.formulas if f.name == other and f.shape in ("definition", "function")]
    if not told or any(f.name == letter and f.shape in ("definition", "function") for f in reading.formulas):
        return None
    used += [f.span for f in told[:1]]
    inputs = {"V": "; ".join((told[0].body, letter) if letter == "v" else (letter, told[0].body)), "given": "partner"}
    fixed = [f for f in reading.formulas if f.shape == "value" and f.name in (letter, *COORDINATES[:2])]
    if len(fixed) == 2 and {letter} < {f.name for f in fixed}:
        used += [f.span for f in fixed]
        inputs["where"] = ", ".join(f"{f.name} = {f.body}" for f in fixed)
    return inputs


_GRADIENT_OF = re.compile(r"(?:∇|\\nabla|\bgrad\b)\s*\(?\s*(\\[a-z]+|[A-Za-zφϕΦψ])(?![A-Za-z·×⋅(])")
_LETTER = re.compile(r"[A-Za-z]")


_ADVECTED = re.compile(
    r"\(\s*(?:\\(?:vec|mathbf)\s?\{?)?([A-Za-z])\}?\s*(?:·|⋅|\\cdot)\s*(?:∇|\\nabla)\s*\)\s*"
    r"(?:\\(?:vec|mathbf)\s?\{?)?([A-Za-z])\}?"
)


def _advected(reading: RoleReading, used: list[Span]) -> dict[str, str] | None:
    """The fields of (A · ∇) B, where the text gives both by their components."""
    if (found := _ADVECTED.search(reading.text)) is None:
        return None
    told = {f.name: f for f in reading.formulas if f.shape in ("vector", "point") and f.name}
    if not set(found.groups()) <= set(told):
        return None
    A, B = ([part.strip() for part in components_text(told[name].body).split(";")] for name in found.groups())
    if len(A) != len(B) or len(A) not in (2, 3):
        return None
    used += [told[name].span for name in set(found.groups())]
    used += [f.span for f in reading.formulas if f.span[0] < found.end() and found.start() < f.span[1]]
    return {"V": "; ".join(B), "along": "; ".join(A), "asked": "advective", "name": found[2]}


_OTHER_NAME = re.compile(r"\bpotential\s*\$?\\?(?:phi|varphi|Phi|φ|ϕ|Φ)", re.IGNORECASE)


def is_gradient(reading: RoleReading) -> bool:
    """Whether the field is told as the gradient of a formula: F = grad(x y z)."""
    return bool(reading.functions) and bool(_SLOPE.fullmatch(reading.functions[0].body.strip()))


def name_of(reading: RoleReading) -> str:
    """The letters that the text has for its field and its potential, `E, V`; "" where they are F and f."""
    first = reading.functions[0] if reading.functions else None
    field = first.name if first is not None and first.shape in ("vector", "point") else ""
    if first is not None and by_position(first.body, reading.text):
        return "" if first.name == "F" else first.name
    if first is not None and letter_of(first)[0]:
        field = letter_of(first)[0]
    scaled = _SCALED.search(reading.text)
    if scaled and field == scaled[2]:
        field = f"{scaled[1].strip(chr(92))} {field}"
    applied = [f.sides[0].strip() for f in reading.formulas if f.shape == "applied"]
    if is_gradient(reading):
        return "" if reading.functions[0].name == "F" else reading.functions[0].name
    if product := next(filter(None, map(_PRODUCT.fullmatch, applied)), None):
        return f"{product[1]} x {product[2]}"
    found = _GRADIENT_OF.search(reading.text)
    scalar = names_in(found[1])[0] if found and names_in(found[1]) else ""
    alone = len(reading.functions) == 1
    if first is not None and alone and first.shape in ("definition", "function") and not letter_of(first)[0]:
        scalar = first.name
        field = "E" if re.search(r"\bE\b|\belectric field", reading.text) else ""
    field = field if re.fullmatch(r"(?:\w+ )?[A-Za-z]", field) else ""
    if scalar in _OF_STREAM:  # that of the field is another one
        told = _OTHER_NAME.search(reading.text)
        scalar = "phi" if told else ""
    scalar = "" if scalar in (field, "f", "x", "y", "z", "r") or not scalar else scalar
    field = "" if field == "F" else field
    return f"{field}, {scalar}" if scalar else field


_SLOPE = re.compile(
    r"([-−]?)\s*(?:grad|∇|\\nabla|\\operatorname\{grad\})\s*(?:\\left)?\(([^()]*(?:\([^()]*\)[^()]*)*)(?:\\right)?\)"
)
_PRODUCT = re.compile(
    r"\(?\s*(?:\\(?:vec|mathbf)\s*\{?)?([A-Za-z])\}?\s*(?:×|\\times)\s*(?:\\(?:vec|mathbf)\s*\{?)?([A-Za-z])\}?\s*\)?"
)


def _crossed(body: str, reading: RoleReading, used: list[Span]) -> str:
    """The components of A × B, where the text gives both by their components; "" for anything else."""
    product = _PRODUCT.fullmatch(body.strip())
    known = {f.name: f for f in reading.formulas if f.shape in ("vector", "point") and len(entries_of(f.body)) == 3}
    if product is None or not {product[1], product[2]} <= set(known):
        return ""
    used += [known[name].span for name in product.groups()]
    a, b = (entries_of(known[name].body) for name in product.groups())
    return "; ".join(f"({a[i]}) * ({b[j]}) - ({a[j]}) * ({b[i]})" for i, j in ((1, 2), (2, 0), (0, 1)))


_SCALED = re.compile(
    r"(?:\\?(?:div|curl|rot)|(?:∇|\\nabla)\s*(?:·|⋅|×|\\cdot|\\times))\s*(?:\\left)?\(?\s*(\\?[a-zα-ωϕ]|\\[a-z]+)\s*\*?\s*"
    r"(?:\\(?:vec|mathbf)\s?\{?)?([A-Z])(?![A-Za-z])"
)


def _scaled(reading: RoleReading, used: list[Span]) -> dict[str, str] | None:
    """The field f F of div(f F) or curl(f F), where the text gives the scalar f and the field F by its components."""
    if (product := _SCALED.search(reading.text)) is None:
        return None
    name = next(iter(names_in(product[1])), "")
    scalar = next((f for f in reading.formulas if f.name == name and len(f.sides) == 2
                   and f.shape in ("definition", "function")), None)  # fmt: skip
    field = next((f for f in reading.formulas if f.name == product[2] and f.shape == "vector"), None)
    parts = [part.strip() for part in components_text(field.body).split(";")] if field else []
    if scalar is None or field is None or len(parts) not in (2, 3):
        return None
    start, end = product.span()
    told = [f for f in reading.formulas if f.span[0] < end and start < f.span[1]]
    after = [f for f in reading.formulas if f.span[0] >= end and f.sentence == told[0].sentence] if told else []
    used += [f.span for f in (scalar, field, *told, *(f for f in after if f not in (scalar, field)))]
    return {"V": "; ".join(f"({scalar.body}) * ({part})" for part in parts)}


_NAMED_FORM = r"\s*([A-Z])(?:\([^()]*\))?\s*\\?,?\s*dx\s*\+\s*([A-Z])(?:\([^()]*\))?\s*\\?,?\s*dy\s*=\s*0\s*"


def _defined(form: str, reading: RoleReading, used: list[Span]) -> str:
    """A form whose coefficients are names, M dx + N dy, with what the text defines them by."""
    parts = []
    for part in form.split("; ") if form else []:
        defined = (f for f in reading.formulas if f.name == part and f.shape in ("definition", "function"))
        known = None if part in COORDINATES else next(defined, None)
        used += [known.span] if known else []
        parts.append(known.body if known else part)
    return "; ".join(parts)


_QUOTIENT = re.compile(r"([-−]?)\s*(?:\((.+)\)\s*/\s*\((.+)\)|\\[dt]?frac\s*\{(.+)\}\s*\{(.+)\})")


def _sloped(reading: RoleReading, used: list[Span]) -> dict[str, str] | None:
    """dy/dx = -P/Q as P dx + Q dy = 0."""
    for formula in reading.formulas:
        mark, quotient = formula.prime, _QUOTIENT.fullmatch(formula.body.strip())
        if formula.shape == "claim" and mark and (mark.function, mark.variables) == ("y", ("x",)) and quotient:
            used.append(formula.span)
            above, below = quotient[2] or quotient[4], quotient[3] or quotient[5]
            return {"V": f"{above}; {below}" if quotient[1] else f"{above}; -({below})", "given": "form"}
    return None


_TERM = re.compile(r"(.*?)(?<![A-Za-z\\])d\s?([A-Za-zθφρ])(?![A-Za-z0-9])")


def _other_letters(first: Formula) -> dict[str, str] | None:
    """A form of letters that are no x, y and z, dQ = 2T dV + V dT, with their names as those of its coordinates."""
    side = first.sides[0] if first.shape == "equation" and first.body.strip() == "0" else first.body
    terms = list(_TERM.finditer(side))
    letters = [term[2] for term in terms]
    if len(terms) != 2 or len(set(letters)) != 2 or side[terms[-1].end() :].strip(" .") or set(letters) <= set("xyz"):
        return None
    held = {name for term in terms for name in names_in(term[1].strip(" ,+*-") or "1")}
    if held and not held & set(letters):
        return None  # T dS - p dV, whose T and p are functions that are not told
    parts = [term[1].strip(" ,+*").removesuffix("\\").strip() for term in terms]
    parts = [{"": "1", "-": "-1"}.get(part, part) for part in parts]
    return {"V": "; ".join(parts), "given": "form", "domain": ", ".join(f"{letter}=1..2" for letter in letters)}


def _form(first: Formula, reading: RoleReading, used: list[Span]) -> dict[str, str] | None:
    """`P dx + Q dy` behind a sign of integration, or as an equation: P dx + Q dy = 0, P dx = Q dy."""
    if first.shape == "integral" and (form := one_form(first.read)):
        return {"V": form}
    if first.shape not in ("equation", "definition", "formula") or len(first.sides) > 2:
        return None
    if other := _other_letters(first):
        return other
    sides = [_defined(one_form(side, signed=False), reading, used) for side in first.sides]
    if not sides[0 if first.shape == "equation" else -1]:
        return None
    if first.shape != "equation" or first.sides[1].strip() == "0":
        return {"V": sides[0 if first.shape == "equation" else -1], "given": "form"}
    if not sides[1] or sides[0].count(";") != sides[1].count(";"):
        return None
    pairs = zip(sides[0].split("; "), sides[1].split("; "), strict=True)
    return {"V": "; ".join(f"({a}) - ({b})" for a, b in pairs), "given": "form"}


def _equations_of_motion(reading: RoleReading, used: list[Span]) -> dict[str, str] | None:
    """x' = P, y' = Q, or dx/dt = P, dy/dt = Q, where equilibria are asked for."""
    if not (reading.asks("critical", "extrema") or _STABILITY.search(reading.text)):
        return None
    found: dict[str, Formula] = {}
    for formula in reading.formulas:
        mark = formula.prime
        if formula.shape != "claim" or mark is None or mark.kind != "derivative" or mark.order != 1:
            continue
        if set(mark.variables) <= {"t"} and mark.function:
            found.setdefault(mark.function, formula)
    held = {name for formula in found.values() for name in names_in(formula.body)}
    if len(found) != 2 or not held & set(found) or "t" in held:
        return None
    used += [formula.span for formula in found.values()]
    names = sorted(found)
    inputs = {"V": "; ".join(found[name].body for name in names), "asked": "critical"}
    return inputs if names == ["x", "y"] else inputs | {"domain": ", ".join(f"{name}=-1..1" for name in names)}


def _scalar(reading: RoleReading, first: Formula, asked: list[str], used: list[Span]) -> dict[str, str] | None:
    """A stream function or a potential, whose field is asked about; a scalar in curved coordinates."""
    if first.shape not in ("definition", "function", "formula", "applied"):
        return None
    radial = bool(SPACE.search(reading.text)) and names_in(first.body) == ("r",)
    curved = bool(system_of_words(reading, {})) or radial
    given = "potential" if "curl-grad" in asked or ({"laplacian", "gradient"} & set(asked) and curved) else ""
    if _COMPLEX.search(reading.text) and "z" in names_in(first.body):
        used.append(first.span)
        return {"V": first.body, "given": "complex-potential"}
    named = first.name in _OF_POTENTIAL
    falls = falling(reading) or (named and bool(_FALLING.search(reading.text)))
    if _CONJUGATE.search(reading.text) or ("gradient" in asked and named and _FLOWING.search(reading.text)):
        given = "potential"
    elif falls or {"stream", "potential"} & set(asked):
        potential = "potential" if falls or first.name in _OF_POTENTIAL else ""
        given = "stream" if first.name in _OF_STREAM else potential
    if not given:
        return None
    used.append(first.span)
    if falls and given == "potential":
        given = "minus-potential"
    return {"V": first.sides[0] if first.shape == "applied" else first.body, "given": given}


def falling(reading: RoleReading) -> bool:
    """Whether the text has the field as minus the gradient of its potential: E = -∇V."""
    told = [f for f in reading.formulas if f.role == "convention" and f.body.lstrip().startswith(("-", "−"))]
    return any(mark.kind == "gradient" for f in told if (mark := f.island.sides[-1].mark))
