r"""Vector fields: `F = (-y, x)`, `<x, y>`, `x^2 i + y j`, `y\hat{i}`; with `;` between components."""

from __future__ import annotations

import re
from collections.abc import Collection

from nabla.errors import Span, UserError
from nabla.read.formula import Reading, read_formulas

_NAME = re.compile(
    r"\s*\$*\s*(?:[A-Z]|[uvw]|\\(?:vec|mathbf|boldsymbol|bm|overrightarrow)\s*\{?\s*\w\s*\}?)(?:\s*\([^()=]*\))?\s*=(?!=)"
)
_CLOSES = {"(": ")", "[": "]", "<": ">", "⟨": "⟩", "{": "}"}
_HAT = r"\\(?:hat|widehat|mathbf|vec|boldsymbol|bm|bold|mathrm|underline)\s*"
_LETTER = r"\\?(?:imath|jmath|theta|varphi|phi|rho|[ijkxyzrsρθφϕ])"
_UNIT = re.compile(
    rf"{_HAT}\{{?\s*(?:{_HAT}\{{?\s*)?({_LETTER})(?![a-z])\s*\}}?\s*\}}?"  # \hat{\mathbf{x}}
    rf"|(?:{_HAT}\{{?\s*)*(?<![A-Za-z])(?:\\?[eau]|\\hat\s*e)\s*\}}*"  # \mathbf{{e}}_r, a_z
    rf"_\s*\{{?\s*({_LETTER})(?![a-z])\s*\}}?"
    r"|([îĵ])|([ijkxyzrρθφϕ])\u0302|\b[A-Z]\.([ijk])\b"
    r"|(?<![A-Za-z\\_])([ijk])(?![A-Za-z_(0-9])"
)
_NAMED = {
    "î": "x", "ĵ": "y", "i": "x", "j": "y", "k": "z", "imath": "x", "jmath": "y", "ρ": "rho", "θ": "theta",
    "φ": "phi", "ϕ": "phi", "varphi": "phi",
}  # fmt: skip
# The unit vectors of each kind of coordinates in their order; each place with the letters used for it.
SYSTEMS: dict[str, tuple[frozenset[str], ...]] = {
    "cartesian": (frozenset("x"), frozenset("y"), frozenset("z")),
    "spherical": (frozenset(("r", "rho")), frozenset(("theta",)), frozenset(("phi",))),
    "cylindrical": (frozenset(("r", "rho", "s")), frozenset(("theta", "phi")), frozenset("z")),
    "polar": (frozenset(("r", "rho", "s")), frozenset(("theta", "phi"))),
}


def units_in(text: str) -> tuple[str, ...]:
    """The letters of the unit vectors of a sum, each once, in the order of its text: x, y, z for i, j, k."""
    found = (next(group for group in unit.groups() if group) for unit in _UNIT.finditer(text))
    return tuple(dict.fromkeys(_NAMED.get(name.lstrip("\\"), name.lstrip("\\")) for name in found))


def system_of(units: Collection[str]) -> str:
    """The kind of coordinates that unit vectors belong to, "" where it is none or open."""
    fitting = []
    for name, places in SYSTEMS.items():
        met = {i for unit in units for i, place in enumerate(places) if unit in place}
        if name != "polar" and len(met) == len(units):
            fitting.append(name)
    return fitting[0] if len(fitting) == 1 else ""


def read_components(text: str, *, known: object = (), system: str = "") -> list[Reading]:
    """The components of a field, each a formula; `system` tells what letters of unit vectors leave open.

    Raises:
        UserError: as `read_formulas`.
    """
    made = components_text(text, system)
    try:
        return read_formulas(made, known=known)  # type: ignore[arg-type]
    except UserError as error:
        if len(made) != len(text):
            error.span = Span(0, len(text))
        raise


def components_text(text: str, system: str = "") -> str:
    """The field with `;` between its components: of the same length, unless it was written with unit vectors."""
    text = re.sub(r"\\[,;:! ]", "  ", text)
    found = _NAME.match(text)
    if found:
        text = " " * found.end() + text[found.end() :]
    bare = text.strip(" $\t\n")
    if ";" in text or not bare:
        return text
    commas = _top(bare, ",")
    inner = bare[1:-1] if bare[0] in _CLOSES and bare[-1] == _CLOSES[bare[0]] else ""
    if inner and (not commas or bare[0] in "<⟨") and _top(inner, ","):
        at = text.index(bare)
        listed = _with_semicolons(inner)
        return text[:at] + " " + listed + " " + text[at + len(bare) :]
    if commas:
        return _with_semicolons(text)
    return _by_units(bare, system) or text


def _top(text: str, which: str) -> list[int]:
    """Where characters stand outside of all brackets."""
    depth, found = 0, []
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0 and letter in which:
            found.append(place)
    return found


def _with_semicolons(text: str) -> str:
    places = set(_top(text, ","))
    return "".join(";" if place in places else letter for place, letter in enumerate(text))


def _by_units(text: str, system: str) -> str:
    """A sum of terms with one unit vector each as components; "" for anything else."""
    cuts = [
        place for place in _top(text, "+-−") if text[:place].rstrip() and text[:place].rstrip()[-1] not in "^*/(,+-−"
    ]
    terms = [text[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    parts: dict[str, str] = {}
    for term in terms:
        units = list(_UNIT.finditer(term))
        if len(units) != 1:
            return ""
        (unit,) = units
        (name,) = units_in(unit[0])
        before, after = term[: unit.start()].rstrip(" *·"), term[unit.end() :].lstrip(" *·")
        sign = before[:1] if before[:1] in "+-−" else ""
        rest = f"{before[len(sign) :].strip()} {after}".strip()
        rest = f"1{rest}" if rest.startswith("/") else rest
        parts[name] = f"{parts.get(name, '')} {sign or '+'} {rest or '1'}"
    if len(parts) == 1 and re.search(r"(?<![A-Za-z\\{])[ijk](?![A-Za-z(_}])", text):
        return ""  # one plain letter may be a factor
    own = system_of(parts) or ("cartesian" if set(parts) <= set("xyz") else "polar")
    places = SYSTEMS[system if SYSTEMS.get(system) and set(parts) <= frozenset().union(*SYSTEMS[system]) else own]
    count = 3 if any(name in place for name in parts for place in places[2:]) or len(parts) == 1 else 2
    count = 3 if system in ("cylindrical", "spherical") else min(count, len(places))
    found = [next((parts[name] for name in parts if name in place), "0") for place in places[:count]]
    return "; ".join(part.removeprefix(" + ").strip() for part in found)
