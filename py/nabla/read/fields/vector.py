r"""Vector fields: `F = (-y, x)`, `<x, y>`, `x^2 i + y j`, `y\hat{i}`; with `;` between components."""

from __future__ import annotations

import re
from collections.abc import Collection

from nabla.errors import Span, UserError
from nabla.read.fields.vectors import is_marked, is_one_bracket, vector_of
from nabla.read.formula import Reading, read_formulas

_NAME = re.compile(
    r"\s*\$*\s*(?:[A-Z]|[uvw]|\\(?:vec|mathbf|boldsymbol|bm|overrightarrow)\s*\{?\s*\w\s*\}?)(?:\s*\([^()=]*\))?\s*=(?!=)"
)
# The unit vectors of each kind of coordinates in their order; each place with the letters used for it.
SYSTEMS: dict[str, tuple[frozenset[str], ...]] = {
    "cartesian": (frozenset("x"), frozenset("y"), frozenset("z")),
    "spherical": (frozenset(("r", "rho")), frozenset(("theta",)), frozenset(("phi",))),
    "spherical-phi": (frozenset(("r", "rho")), frozenset(("phi",)), frozenset(("theta",))),  # phi from the z axis
    "cylindrical": (frozenset(("r", "rho", "s")), frozenset(("theta", "phi")), frozenset("z")),
    "polar": (frozenset(("r", "rho", "s")), frozenset(("theta", "phi"))),
}


def system_of(units: Collection[str]) -> str:
    """The kind of coordinates that unit vectors belong to, "" where it is none or open."""
    fitting = []
    for name, places in SYSTEMS.items():
        met = {i for unit in units for i, place in enumerate(places) if unit in place}
        if name not in ("polar", "spherical-phi") and len(met) == len(units):
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
    text = re.sub(r"(?<!\\)\\[,;:! ]", "  ", text)
    found = _NAME.match(text)
    if found:
        text = " " * found.end() + text[found.end() :]
    bare = text.strip(" $\t\n")
    if ";" in text or not bare:
        return text
    commas = _top(bare, ",")
    inner = bare[1:-1] if is_one_bracket(bare) else ""
    if inner and (not commas or bare[0] in "<⟨") and _top(inner, ","):
        at = text.index(bare)
        listed = _with_semicolons(inner)
        return text[:at] + " " + listed + " " + text[at + len(bare) :]
    return _by_units(bare, system) or (_with_semicolons(text) if commas else text)


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
    """A sum of vectors as components; "" for anything else."""
    parts = vector_of(text)
    if not parts:
        return ""
    if "0" in parts:
        return "; ".join(parts.values())
    if len(parts) == 1 and not is_marked(text) and re.search(r"(?<![A-Za-z\\{])[ijk](?![A-Za-z(_}])", text):
        return ""  # one plain letter may be a factor
    own = system_of(parts) or ("cartesian" if set(parts) <= set("xyz") else "polar")
    places = SYSTEMS[system if SYSTEMS.get(system) and set(parts) <= frozenset().union(*SYSTEMS[system]) else own]
    count = 3 if any(name in place for name in parts for place in places[2:]) or len(parts) == 1 else 2
    count = 3 if system in ("cylindrical", "spherical", "spherical-phi") else min(count, len(places))
    return "; ".join(next((parts[name] for name in parts if name in place), "0") for place in places[:count])
