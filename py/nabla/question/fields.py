"""The field of a text as the lab decompose takes it: its components, or what it is made of."""

from __future__ import annotations

import re

from nabla.question.curves import COORDINATES, one_form
from nabla.question.filled import Span
from nabla.question.formula_kinds import is_along
from nabla.question.formulas import Formula, entries_of, names_in
from nabla.question.position import by_position
from nabla.question.roles import RoleReading
from nabla.read.fields.vectors import is_vector

_SYSTEMS = ("cylindrical", "spherical", "polar")
_OF_STREAM, _OF_POTENTIAL = frozenset(("psi", "Psi")), frozenset(("phi", "Phi", "varphi", "V", "U"))
_UNITS = re.compile(r"(?<!\\)\\[,;:! ]")
_SPACE = re.compile(r"\b(?:3-?d|three[- ]dimensions|in space|three[- ]dimensional)\b", re.IGNORECASE)


def system_of_words(reading: RoleReading, inputs: dict[str, str]) -> str:
    """The coordinates that a word of the text names, or that its letters have in space: 1/r in three dimensions."""
    words = [t.text.lower() for sentence in reading.sentences for t in sentence.tokens if t.kind == "word"]
    named = next((word for word in words if word in _SYSTEMS), "")
    radial = inputs.get("given") in ("potential", "minus-potential") and "r" in names_in(inputs["V"])
    return named or ("spherical" if radial and _SPACE.search(reading.text) else "")


def field_of(reading: RoleReading, asked: list[str], used: list[Span]) -> dict[str, str] | None:
    """The components of the field with semicolons, its formula with unit vectors, or what it is made of."""
    if found := _equations_of_motion(reading, used):
        return found
    functions = [f for f in reading.functions if not is_along(f)]
    slopes = [f for f in reading.formulas if f.shape == "claim" and f.prime and f.prime.kind == "gradient"]
    if not functions and slopes and len(entries := entries_of(slopes[0].body)) in (2, 3):  # ∇f = (yz, xz, xy)
        used.append(slopes[0].span)
        return {"V": "; ".join(entries)}
    if not functions:  # the integral of F . dr stands first, F behind it
        functions = [f for f in reading.formulas if f.shape == "vector" and set(f.args) <= set(COORDINATES)][:1]
    if not functions:
        return None
    products = [f for f in reading.formulas if f.shape == "applied" and _PRODUCT.fullmatch(f.sides[0].strip())]
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


_NAMED_FORM = r"\s*([A-Z])(?:\([^()]*\))?\s*\\?,?\s*dx\s*\+\s*([A-Z])(?:\([^()]*\))?\s*\\?,?\s*dy\s*=\s*0\s*"


def _defined(form: str, reading: RoleReading, used: list[Span]) -> str:
    """A form whose coefficients are names, M dx + N dy, with what the text defines them by."""
    parts = []
    for part in form.split("; ") if form else []:
        known = next((f for f in reading.formulas if f.name == part and f.shape in ("definition", "function")), None)
        used += [known.span] if known else []
        parts.append(known.body if known else part)
    return "; ".join(parts)


def _form(first: Formula, reading: RoleReading, used: list[Span]) -> dict[str, str] | None:
    """`P dx + Q dy` behind a sign of integration, or as an equation: P dx + Q dy = 0, P dx = Q dy."""
    if first.shape == "integral" and (form := one_form(first.read)):
        return {"V": form}
    if first.shape not in ("equation", "definition", "formula") or len(first.sides) > 2:
        return None
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
    if not reading.asks("critical", "extrema"):
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
    radial = bool(_SPACE.search(reading.text)) and names_in(first.body) == ("r",)
    curved = bool(system_of_words(reading, {})) or radial
    given = "potential" if "curl-grad" in asked or ("laplacian" in asked and curved) else ""
    falls = falling(reading)
    if falls or {"stream", "potential"} & set(asked):
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
