"""How far a Taylor polynomial can be off: the largest size of the next derivative, by Lagrange's remainder."""

from __future__ import annotations

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.domain import Domain
from nabla.calculus.extrema import stationary
from nabla.calculus.value import value_at

FINE = 2001


def largest(expr: sp.Expr, x: sp.Symbol, low: sp.Expr, high: sp.Expr) -> sp.Expr | None:
    """The largest |expr| on a closed interval, at an end or where its slope is 0; None where a value is missing, or a
    grid of values shows a larger one.
    """
    if x not in expr.free_symbols:
        return sp.Abs(expr)
    domain = Domain((x >= low, x <= high))
    places = [place.at for place in stationary(expr, sp.diff(expr, x), x, domain).places]
    values = [value_at(expr, {x: place}, expr).exact for place in dict.fromkeys([low, high, *places])]
    if any(value is None for value in values) or not has_values(expr):
        return None
    found = max((sp.Abs(value) for value in values), key=float)
    grid = np.abs(evaluate(expr, {x: np.linspace(float(low), float(high), FINE)}))
    settled = np.isfinite(grid).all() and grid.max() <= float(found) * (1 + 1e-9) + 1e-300
    return found if settled else None
