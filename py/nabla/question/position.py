"""Fields written with the vector of the place: r/|r|^3, ω × r, a (b·r), to their Cartesian components."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.formulas import Formula, entries_of, names_in
from nabla.question.roles import RoleReading

_FACE = r"\\(?:vec|mathbf|boldsymbol|bm|bold|overrightarrow)\s*\{?\s*(?:\\mathbf\s*\{?\s*)?"
_PLACE = re.compile(rf"{_FACE}r(?![A-Za-z_])\s*\}}*|r\u20d7|(?<![A-Za-z\\])r(?=\s*/\s*\(?R_0)")
_SIZE = re.compile(
    rf"(?:\\left)?\s*(?:\\lVert|\\\||[|‖│∣]{{1,2}}|\\lvert)\s*(?:{_FACE}r\s*\}}*|r\u20d7|r)\s*(?:\\right)?\s*"
    r"(?:\\rVert|\\\||[|‖│∣]{1,2}|\\rvert)"
)
_TURNED = re.compile(
    rf"(?:{_FACE})?(\\?[A-Za-zΩω]+)\s*\}}*\s*(?:\\times|×|⨯)\s*(?:{_PLACE.pattern}|(?:{_FACE})?r(?![A-Za-z_])\s*\}}*)"
)
_POWER = re.compile(r"(?<![A-Za-z\\])r(?=\s*/\s*r\s*\^)")  # r/r^3 can only be a vector above the line
_LENGTH = re.compile(r"(?<![A-Za-z\\])r(?![A-Za-z_(])")
_PLANE = re.compile(r"\b(?:in the plane|two[- ]dimension\w*|2-?d)\b", re.IGNORECASE)


def by_position(body: str, text: str) -> str:
    """The components with semicolons of a field with the vector of the place in it once; "" for any other formula.

    Args:
        body: the formula.
        text: the whole text, which tells whether the plane is meant.
    """
    names = "xy" if _PLANE.search(text) else "xyz"
    square = "+".join(f"{name}^2" for name in names)
    plain = _SIZE.sub("R_0", body)
    if (turned := _TURNED.search(plain)) and names == "xyz":
        a = turned[1].lstrip("\\")
        parts = [f"{a}_2 z - {a}_3 y", f"{a}_3 x - {a}_1 z", f"{a}_1 y - {a}_2 x"]
        place = turned
    else:
        found = list(_PLACE.finditer(plain)) or list(_POWER.finditer(plain))
        if not found and plain != body and "," in body:  # (x, y, z)/|r|^3
            return plain.replace("R_0", f"(\\sqrt{{{square}}})")
        if len(found) != 1:
            return ""
        parts, place = list(names), found[0]
    before, after = plain[: place.start()], plain[place.end() :]
    if _PLACE.search(before + after) or "times" in before + after or "×" in before + after:
        return ""
    sized = [_LENGTH.sub("R_0", side).replace("R_0", f"\\sqrt{{{square}}}") for side in (before, after)]
    times = "*" if sized[0].strip()[-1:] not in ("", *"+-−*/·(") else ""
    return "; ".join(f"{sized[0]} {times} ({part}) {sized[1]}".strip() for part in parts)


_LAST = re.compile(r"(?<=[\s*)}])r\s*\Z")  # the last factor


def radial_field(place: Formula, formulas: Sequence[Formula], text: str) -> tuple[str, Formula] | None:
    """The components of a field F = f(r) r beside r = (x, y, z), and its formula; None where `place` is no such r."""
    if place.name != "r" or place.shape != "vector" or entries_of(place.body) != ["x", "y", "z"]:
        return None
    for formula in formulas:
        told = _LAST.sub(r"\\mathbf{r}", formula.body)
        if formula.shape == "definition" and told != formula.body and (parts := by_position(told, text)):
            return parts, formula
    return None


_TURNS = re.compile(r"(?:\\(?:vec|mathbf|boldsymbol|bm)\s*\{?\s*)?(\\?[A-Za-zωΩ]+)\s*\}?\s*(?:×|\\times)\s*"
                    r"(?:\\(?:vec|mathbf|boldsymbol|bm)\s*\{?\s*)?r\s*\}?")  # fmt: skip


def rotation(reading: RoleReading, used: list[tuple[int, int]]) -> dict[str, str] | None:
    """The velocity v = w x r of a rigid rotation, whose angular velocity w the text gives by its components."""
    told = {f.name: f for f in reading.formulas if f.name and f.shape in ("vector", "point")}
    for formula in reading.formulas:
        product = _TURNS.fullmatch(formula.body.strip()) if formula.sides[1:] else None
        name = next(iter(names_in(product[1])), "") if product else ""
        a = entries_of(told[name].body) if name in told and "r" not in told else []
        if len(a) == 3:
            used += [formula.span, told[name].span]
            parts = [f"({a[i]})*{'xyz'[j]} - ({a[j]})*{'xyz'[i]}" for i, j in ((1, 2), (2, 0), (0, 1))]
            return {"V": "; ".join(parts), "name": formula.name}
    return None
