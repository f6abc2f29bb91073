"""What a text asks about a field beside its derivatives: where they vanish, its acceleration, pressure and energy."""

from __future__ import annotations

import re

from nabla.question.formulas import Formula, names_in
from nabla.question.roles import RoleReading

_OPERATOR = r"(div(?:ergence)?|curl|rot|vorticity)"
_ZERO = re.compile(
    rf"\b(?:where|points?|places?|for (?:which|what)|locus|region)\b[^.?!;]*?\b{_OPERATOR}\b[^.?!;]*?"
    rf"(?:\bzero\b|\bvanish\w*|=\s?0(?![.\d])|\b(?:is|be|are|equals?) 0(?![.\d]))"
    rf"|\b{_OPERATOR}\b[^.?!;]{{0,40}}?(?:vanish\w*|zero)\s+(?:at|on) (?:which|what) (?:points?|places?)",
    re.IGNORECASE,
)
_ACCELERATION = re.compile(r"\b(?:convective |advective |fluid |particle )?acceleration\b", re.IGNORECASE)
_PRESSURE = re.compile(
    r"\b(?:find|determine|obtain|calculate|compute|derive|what is|give)\b[^.?!]*?\bpressure\b"
    r"|\bpressure (?:field|distribution|gradient)\b|\bpressure\s*\?",
    re.IGNORECASE,
)
_ENERGY = re.compile(r"\bpotential energ(?:y|ies)\b", re.IGNORECASE)
_CHARGELESS = re.compile(r"\b(?:vacuum|empty space|charge[- ]free|free of charges?|no charges?)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:evaluate|compute|find|calculate)\b[^.?!;]*?\bfrom\b[^.?!;]*?\bto\b", re.IGNORECASE)


def zeros_asked(text: str) -> list[str]:
    """`zero-divergence` or `zero-curl` where a text asks for the places where these vanish."""
    found = (match[1] or match[2] for match in _ZERO.finditer(text))
    return list(dict.fromkeys("zero-divergence" if name[:3].lower() == "div" else "zero-curl" for name in found))


def flow_of(reading: RoleReading) -> list[Formula]:
    """The components u, v, w of a flow whose acceleration or pressure is asked for; none where u or v is not told."""
    if not (_ACCELERATION.search(reading.text) or _PRESSURE.search(reading.text)):
        return []
    shapes = ("definition", "function", "value")
    told = {f.name: f for f in reading.formulas if f.shape in shapes and f.sides[1:] and f.name in ("u", "v", "w")}
    return [told[name] for name in sorted(told)] if {"u", "v"} <= set(told) else []


def further(reading: RoleReading, asked: list[str]) -> list[str]:
    """What is asked for, with what the words around the field ask beside."""
    text = reading.text
    made = [*asked, *zeros_asked(text)]
    flow = any(f.name in ("u", "v", "w", "V") for f in reading.functions) or re.search(r"\bflow|velocit", text, re.I)
    path = any(f.args == ("t",) or set(names_in(f.body)) == {"t"} for f in reading.functions)  # r(t): it is r''
    if flow and not path and _ACCELERATION.search(text):
        made.append("advective")
    if flow and _PRESSURE.search(text):
        made.append("pressure")
    if re.search(r"\belectr", text, re.I) and _CHARGELESS.search(text) and "conservative" in asked:
        made.append("solenoidal")
    ends = [f for f in reading.formulas if f.shape == "point"]
    if {"conservative", "potential"} & set(asked) and "work" not in asked and ends and _BETWEEN.search(text):
        made.append("work")
    return made


def is_energy(reading: RoleReading) -> bool:
    """Whether the potential that is asked for is an energy, of which the field is minus the gradient."""
    return bool(_ENERGY.search(reading.text))
