"""Changes of variables as people type them: `x = 0.02, y = -0.03`, or errors of both signs, `r = ±0.1`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

import sympy as sp

from nabla.read.fields.assignments import read_assignments

_BOTH = re.compile(r"±|\\pm(?![a-z])|\+\s?/\s?-|\+-")


@dataclass(frozen=True, slots=True)
class Changes:
    """How far each variable goes; where they are errors, `both` signs are meant."""

    by: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)
    both: bool = False


def read_changes(text: str, *, known: Collection[str] = ()) -> Changes:
    """Read changes of variables, or errors with ± before their sizes.

    Raises:
        UserError: as `read_assignments`.
    """
    plain = _BOTH.sub(lambda found: " " * len(found[0]), text)
    return Changes(read_assignments(plain, known=known), bool(_BOTH.search(text)))
