"""What a text says once more of data and programs that a fit uses: units of columns, the lists, the model in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.filled import Span
from nabla.question.formulas import names_in
from nabla.question.roles import RoleReading

_UNIT = re.compile(r"[\[(]\s*[^\W\d][\w°µ%/^·. -]{0,11}\s*[\])]")
_SAMPLED = re.compile(r"\b(?:every|each|per|interval of|apart)\s*\Z", re.IGNORECASE)


def mentions(reading: RoleReading, used: Sequence[Span], code: str = "") -> list[Span]:
    """The formulas that say no more than what is used: (mg/L) behind a column, a list around its numbers, the formula
    and the names of a program.
    """
    bare = re.sub(r"\s", "", code)
    names = set(names_in(code)) if code else set()
    found: list[Span] = []
    for formula in reading.formulas:
        start, end = formula.span
        text = reading.text[start:end]
        around = any(start <= a and b <= end and 2 * (b - a) > end - start for a, b in used)
        unit = _UNIT.fullmatch(text) and reading.text[:start].rstrip()[-1:].isalpha()
        told = bool(_SAMPLED.search(reading.text[:start])) and formula.shape in ("formula", "number")
        within = any(a <= start < b for a, b in used)  # 0.5 s, of which 0.5 is in a list
        again = bool(code) and (re.sub(r"\s", "", text) in bare or _said(formula.body, formula.shape, names))
        if around or within or unit or told or again:
            found.append(formula.span)
    return found


def _said(body: str, shape: str, names: set[str]) -> bool:
    """Whether a formula in words is one of the program's, by its names."""
    own = set(names_in(body))
    return shape in ("definition", "function", "formula") and len(own) > 1 and own <= names
