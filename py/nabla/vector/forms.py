"""Differential forms P dx + Q dy of the plane: an integrating factor of one variable.

With mu of x alone, (mu P)_y = (mu Q)_x says mu'/mu = (P_y - Q_x)/Q, which must not hold y; so with the names
exchanged: E. Ince, Ordinary Differential Equations, chapter 2. Products x^a y^b follow from a comparison of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from nabla.calculus.integrals import antiderivative
from nabla.vector.potentials import is_zero

Symbols = Sequence[sp.Symbol]


def integrating_factor(P: sp.Expr, Q: sp.Expr, symbols: Symbols) -> sp.Expr | None:
    """A factor with which P dx + Q dy is exact: of x alone, of y alone, or x^a y^b; None where none of these is."""
    x, y = symbols
    gap = sp.diff(P, y) - sp.diff(Q, x)
    for rate, own, other in ((gap / Q if Q != 0 else None, x, y), (-gap / P if P != 0 else None, y, x)):
        rate = None if rate is None else sp.simplify(rate)
        if rate is None or rate.has(other):
            continue
        log = antiderivative(rate, own)
        if log is not None:
            plain = log.replace(sp.Abs, lambda inside: inside)
            return sp.powsimp(sp.exp(sp.expand_log(plain, force=True)))
    return _powers(P, Q, symbols, gap)


def _powers(P: sp.Expr, Q: sp.Expr, symbols: Symbols, gap: sp.Expr) -> sp.Expr | None:
    """x^a y^b, where a Q/x - b P/y = P_y - Q_x for numbers a and b."""
    x, y = symbols
    a, b = sp.Dummy("a"), sp.Dummy("b")
    left = sp.numer(sp.together(a * Q / x - b * P / y - gap))
    if not left.is_polynomial(x, y):
        return None
    found = sp.solve(sp.Poly(left, x, y).coeffs(), (a, b), dict=True)
    if len(found) != 1 or set(found[0]) != {a, b} or not all(v.is_number for v in found[0].values()):
        return None
    factor = x ** found[0][a] * y ** found[0][b]
    return factor if is_zero(sp.diff(factor * P, y) - sp.diff(factor * Q, x)) else None
