"""Whether a line touches a curve: its distance falls faster than the step along it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.numeric import Evaluator, NoValue

STEP = sp.Rational(1, 10**20)


def contact(
    gap: sp.Expr, h: sp.Symbol, at: Mapping[sp.Symbol, sp.Expr], sides: Sequence[int] = (-1, 1)
) -> float | None:
    """The largest of |gap(h)| / h for h = ±1e-20, which is 0 but for terms of the order of h where a line touches.

    `gap` is what lies between the curve and the line a step h along, `at` gives a value to all other symbols. None
    where the gap has no value on one of the sides.
    """
    found = []
    for sign in sides:
        try:
            value = Evaluator(precise(DIGITS), {**at, h: sign * STEP})(gap)
        except NoValue:
            return None
        found.append(abs(float(value / float(STEP))))
    return max(found)
