"""A program of MATLAB that takes divergence, curl or gradient of a field by formulas: what field, and which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nabla.read.fields.matlab import CALL, assignments, is_matlab

_ASKED = {"divergence": "divergence", "curl": "curl", "del2": "laplacian", "gradient": "gradient"}
_MESH = re.compile(r"\[\s*(\w+)\s*,\s*(\w+)(?:\s*,\s*(\w+))?\s*\]\s*=\s*(?:meshgrid|ndgrid)\s*\(([^;\n]*)\)")
_NAME = re.compile(r"(?<![\w.])([A-Za-z]\w*)\b")
DEEPEST = 6  # names within names


@dataclass(frozen=True)
class MatlabField:
    """Its components with semicolons, or its scalar; what is asked; the line of the call, and what to say of it.

    `unspaced` tells that the call is given no coordinates, though the grid has other steps than 1.
    """

    V: str
    asked: str
    line: int
    half: str  # the name of the angular velocity, the second result of curl
    unspaced: bool


def matlab_field(text: str) -> MatlabField | None:
    """The field of the last such call; None for other programs, and fields that are no formulas of the coordinates."""
    if not is_matlab(text):
        return None
    calls = list(CALL.finditer(text))
    mesh = _MESH.search(text)
    if not calls or mesh is None:
        return None
    call = calls[-1]
    letters = {name: letter for name, letter in zip(mesh.groups()[:3], "xyz", strict=True) if name}
    given = [part.strip() for part in call["arguments"].split(",")]
    own = [name for name in given if name not in letters and re.match("[A-Za-z]", name)]
    scalar = call["name"] in ("gradient", "del2")
    if not scalar and len(own) not in (2, 3):
        return None
    parts = [_formula(name, assignments(text), letters) for name in (own[:1] if scalar else own)]
    if not all(parts):
        return None
    results = [name.strip() for name in (call["results"] or "").strip("[] ").split(",")]
    half = results[-1] if call["name"] == "curl" and len(results) in (2, 4) else ""
    steps = re.findall(r":\s*([\d.]+)\s*:", mesh[4])
    return MatlabField(
        "; ".join(parts), _ASKED[call["name"]], text.count("\n", 0, call.start()) + 1, half,
        len(own) == len(given) and any(float(step) != 1 for step in steps),
    )  # fmt: skip


def _formula(name: str, made: Mapping[str, str], letters: Mapping[str, str], depth: int = 0) -> str:
    """An expression with its names written out, in our notation; "" where one of them is no formula."""
    if depth > DEEPEST or re.search(r"['\[\]{}:\"]", name):
        return ""
    body = made.get(name, name) if depth == 0 else name
    missing = False

    def written(match: re.Match[str]) -> str:
        nonlocal missing
        inner = match[1]
        if inner in letters:
            return letters[inner]
        if inner in made:
            told = _formula(made[inner], made, letters, depth + 1)
            missing |= not told
            return f"({told})"
        missing |= inner not in ("sin", "cos", "tan", "exp", "log", "sqrt", "pi", "sinh", "cosh", "tanh", "abs", "atan")
        return inner

    told = _NAME.sub(written, body).replace(".^", "^").replace(".*", "*").replace("./", "/")
    return "" if missing else told
