"""derive: a polynomial in the order of its terms, and what it gives beside the function."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from nabla.write.notation import decimals, tex


def written(terms: Sequence[sp.Expr]) -> str:
    """The terms that are not 0, in the order in which they are given."""
    text = ""
    for term in terms:
        if term == 0:
            continue
        part = tex(term)
        text += part if not text else f" - {part[1:].lstrip()}" if part.startswith("-") else f" + {part}"
    return text or "0"


def beside(estimate: float, value: float | None) -> str:
    """What is said of the value of the function itself behind an estimate of it."""
    if value is None:
        return ""
    return f", where the value itself is ${decimals(value, 10)}$, an error of ${decimals(abs(estimate - value), 2)}$"
