"""The components of a field that a text names one by one: E_x = 2xy, E_y = x^2; v_r = ..., v_θ = ...; F_1, F_2, F_3."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from nabla.question.formula_kinds import is_letter
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.request import Request

_SPELLED = {"θ": "theta", "φ": "phi", "ϕ": "phi", "varphi": "phi", "ρ": "rho", "1": "x", "2": "y", "3": "z"}
_COMPONENT = re.compile(
    r"\s*\\?(?:vec|mathbf)?\s?\{?([A-Zuvwa])\}?_?\s?\{?\\?(x|y|z|[123]|r|s|theta|varphi|phi|rho|[θφϕρ])\}?"
    r"\s*(?:\([^()]*\)\s*)?"
)
_RADIUS, _ANGLE = ("r", "rho", "s"), ("theta", "phi")
# The places of each kind of coordinates, with the letters used for them; the first kind that fits is meant.
_SYSTEMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "": (("x",), ("y",), ("z",)),
    "polar": (_RADIUS, _ANGLE),
    "cylindrical": (_RADIUS, _ANGLE, ("z",)),
    "spherical": (("r", "rho"), ("theta",), ("phi",)),
}


def letter_of(formula: Formula) -> tuple[str, str]:
    """The field and the coordinate of a component, ("E", "x") of E_x = 2xy; ("", "") for any other formula."""
    if formula.shape not in ("claim", "definition", "function", "value") or len(formula.sides) != 2:
        return "", ""
    if formula.shape == "claim" and (formula.prime is None or formula.prime.kind != "derivative"):
        return "", ""
    found = _COMPONENT.fullmatch(formula.sides[0])
    return (found[1], _SPELLED.get(found[2], found[2])) if found else ("", "")


def named_components(formulas: Sequence[Formula]) -> list[Formula]:
    """The formulas of the components of one field; none where a field stands whole in the text."""
    if any(f.shape == "vector" and len(entries_of(f.body)) in (2, 3) and not _lists(f) for f in formulas):
        return []
    fields: dict[str, dict[str, Formula]] = {}
    for formula in formulas:
        field, coordinate = letter_of(formula)
        if field:
            fields.setdefault(field, {}).setdefault(coordinate, formula)
    for parts in fields.values():
        kinds = _fitting(parts)
        if kinds and (kinds[0] or len(parts) > 1):
            for formula in parts.values():  # which is no derivative, as F_x may be
                formula.shape, formula.name, formula.prime = "definition", "_".join(letter_of(formula)), None
                formula.role = "candidate"
            return list(parts.values())
    return []


def _lists(formula: Formula) -> bool:
    """Whether a vector only names its components: E = (E_x, E_y)."""
    return all(_COMPONENT.fullmatch(entry) for entry in entries_of(formula.body))


def _fitting(letters: Collection[str]) -> list[str]:
    """The kinds of coordinates with a place for each letter."""
    return [
        kind for kind, places in _SYSTEMS.items()
        if all(any(letter in place for place in places) for letter in letters)
        and all(sum(letter in place for letter in letters) < 2 for place in places)
    ]  # fmt: skip


def as_inputs(parts: Sequence[Formula], named: str) -> dict[str, str]:
    """The field of such components for the lab, 0 for those that are not told, and its coordinates.

    Args:
        parts: the formulas of the components.
        named: the coordinates that the text names by a word, "" for none.
    """
    given = {letter_of(part)[1]: part.body for part in parts}
    kinds = _fitting(given)
    kind = named if named in kinds else kinds[0]
    places = _SYSTEMS[kind] if kind or "z" in given else _SYSTEMS[kind][:2]
    components = [next((given[letter] for letter in place if letter in given), "0") for place in places]
    return {"V": "; ".join(components)} | ({"coordinates": kind} if kind else {})


def is_corner(formula: Formula) -> bool:
    """Whether a list is a place: of numbers and letters that are no coordinates, one of which is met twice or 0."""
    names, entries = names_in(formula.body), entries_of(formula.body)
    plain = all(is_letter(entry) or is_constant(entry) for entry in entries)
    return plain and len(names) < len(entries) and not {"x", "y", "z", "t"} & set(names)


def is_place(formulas: Sequence[Formula], formula: Formula) -> bool:
    """Whether a list of names is the field of places itself: the flux of (x, y, z), where no other field stands."""
    others = [f for f in formulas if f.shape == "vector" and f is not formula]
    return entries_of(formula.body) in (["x", "y"], ["x", "y", "z"]) and not others


def of_given_potential(functions: Sequence[Formula], requests: list[Request]) -> list[Request]:
    """The requests, with the curl, the field, in place of a vector potential A that is given."""
    given = next((f for f in functions if f.shape == "vector"), None)
    if given is None or given.name != "A":
        return requests
    return [replace(each, what="curl") if each.what == "vector-potential" else each for each in requests]
