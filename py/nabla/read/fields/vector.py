r"""Vector fields: `F = (-y, x)`, `<x, y>`, `x^2 i + y j`, `y\hat{i}`; with `;` between components."""

from __future__ import annotations

import re

from nabla.errors import Span, UserError
from nabla.read.formula import Reading, read_formulas

_NAME = re.compile(
    r"\s*\$*\s*(?:[A-Z]|[uvw]|\\(?:vec|mathbf|boldsymbol|bm|overrightarrow)\s*\{?\s*\w\s*\}?)(?:\s*\([^()=]*\))?\s*=(?!=)"
)
_CLOSES = {"(": ")", "[": "]", "<": ">", "⟨": "⟩", "{": "}"}
_UNIT = re.compile(
    r"\\(?:hat|mathbf|vec|boldsymbol|bm)\s*\{?\s*\\?([ijk])(?:math)?\s*\}?|([îĵ])|([ijk])\u0302|(k\u0302)|"
    r"\\?(?:hat|mathbf|vec)?\{?\s*\be\}?_\{?([xyz])\}?|(?<![A-Za-z\\_])([ijk])(?![A-Za-z_(0-9])"
)
_ACCENTED = {"î": "i", "ĵ": "j", "k\u0302": "k"}


def read_components(text: str, *, known: object = ()) -> list[Reading]:
    """The components of a field, each a formula.

    Raises:
        UserError: as `read_formulas`.
    """
    made = components_text(text)
    try:
        return read_formulas(made, known=known)  # type: ignore[arg-type]
    except UserError as error:
        if len(made) != len(text):
            error.span = Span(0, len(text))
        raise


def components_text(text: str) -> str:
    """The field with `;` between its components: of the same length, unless it was written with unit vectors."""
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
    return _by_units(bare) or text


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


def _by_units(text: str) -> str:
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
        told = next(group for group in unit.groups() if group)
        name = {"x": "i", "y": "j", "z": "k"}.get(told, _ACCENTED.get(told, told))
        before, after = term[: unit.start()].rstrip(" *·"), term[unit.end() :].lstrip(" *·")
        sign = before[:1] if before[:1] in "+-−" else ""
        rest = f"{before[len(sign) :].strip()} {after}".strip()
        parts[name] = f"{parts.get(name, '')} {sign or '+'} {rest or '1'}"
    names = ["i", "j", "k"] if "k" in parts else ["i", "j"]
    if len(parts) < 2:
        return ""
    return "; ".join(parts.get(name, "0").removeprefix(" + ").strip() for name in names)
