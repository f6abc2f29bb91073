"""Changes of variables as people type them: `x = 0.02, y = -0.03`, or errors of both signs, `r = ±0.1`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

import sympy as sp

from nabla.errors import Span, UserError
from nabla.read.fields.assignments import read_assignments

_PERCENT = re.compile(r"\\?%|\bpercent\b")
_BOTH = re.compile(r"±|\\pm(?![a-z])|\+\s?/\s?-|\+-")


@dataclass(frozen=True, slots=True)
class Changes:
    """How far each variable goes; `both` signs of errors are meant, and `relative` ones are parts of its value."""

    by: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)
    both: bool = False
    relative: bool = False


def read_changes(text: str, *, known: Collection[str] = ()) -> Changes:
    """Read changes of variables, or errors with ± before their sizes; all of them with % are parts of the values.

    Raises:
        UserError: "value" where only some are parts; else as `read_assignments`.
    """
    plain = _BOTH.sub(lambda found: " " * len(found[0]), text)
    parts = _PERCENT.findall(plain)
    by = read_assignments(_PERCENT.sub(lambda found: " " * len(found[0]), plain), known=known)
    if parts and len(parts) < len(by):
        raise UserError("value", "Either all changes are in percent or none is.", span=Span(0, len(text)))
    if parts:
        by = {symbol: value / 100 for symbol, value in by.items()}
    return Changes(by, bool(_BOTH.search(text)), bool(parts))
