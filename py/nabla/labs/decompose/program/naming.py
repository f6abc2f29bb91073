"""What the names in a program on fields say: which component of a field, which result."""

from __future__ import annotations

import re

LETTERS = "xyz"
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_INTENTS = (
    ("S", "sol solenoidal divfree df incompressible rotational transverse"),
    ("H", "irr irrot irrotational curlfree cf potential longitudinal compressive"),
    ("divergence", "div divergence diverg"),
    ("curl", "curl vort vorticity rot omega zeta rotor"),
    ("laplacian", "lap laplacian laplace del2"),
)


def field_place(name: str) -> int:
    """The component that a name speaks of; -1 where it speaks of none."""
    low = name.lower()
    for place, ends in enumerate((("x", "1", "0"), ("y", "2"), ("z", "3"))):
        if len(low) > 1 and low.endswith(ends[0]):
            return place
    first = {"u": 0, "p": 0, "v": 1, "q": 1, "w": 2, "r": 2}
    if low[0] in first and (len(low) == 1 or not low[1].isalpha() or low[:1] == "u"):
        return first[low[0]]
    return {"1": 0, "2": 1, "3": 2}.get(low[-1], -1)


def field_in(name: str, fields: set[str]) -> str:
    """The field that a derivative's name holds, as in dU_dx."""
    return next(
        (f for f in sorted(fields, key=len, reverse=True) if re.match(rf"d?_?{re.escape(f)}_?d?_?[xyz]", name)), ""
    )


def intent(name: str, scalar: bool, fields: set[str]) -> tuple[str, int | None]:
    """What a name says that its value is: the canonical word and the component, ("", None) for nothing."""
    if of := field_in(name, fields):
        slope = re.fullmatch(rf"d?_?{re.escape(of)}_?d?_?([xyz])", name)
        if slope and (scalar or name.startswith("d") or "_" in name[len(of) :]):
            return "partial", LETTERS.index(slope[1])
    parts = [part.lower() for part in _PARTS.findall(name)]
    joined = "".join(parts)
    if re.search(r"err|exact|true|max|norm|test|diff|hat|fft|_k$|ref|analytic|expected", name.lower()):
        return "", None
    for what, words in _INTENTS:
        listed = words.split()
        if set(parts) & set(listed) or any(len(word) > 4 and word in joined for word in listed):
            if what in ("S", "H"):
                place = (
                    field_place(name.split("_")[0])
                    if "_" in name
                    else field_place(name[-1] if name[-1] in "xyz" else "-")
                )
                return what, place if place >= 0 else None
            component = re.fullmatch(r"(?:.*_)?(?:curl|vort|rot|omega|zeta)?_?([xyz])", name.lower())
            return what, LETTERS.index(component[1]) if what == "curl" and component else None
    if re.fullmatch(r"[SH]_?[xyz]?", name):
        return name[0], LETTERS.index(name[-1]) if name[-1] in LETTERS else None
    if scalar and (slope := re.fullmatch(r"(?:g|grad|d[a-z]*)_?d?_?([xyz])", name)):
        return "partial", LETTERS.index(slope[1])
    return "", None
