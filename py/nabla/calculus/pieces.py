"""Equality proven piece by piece: between the corners of |x - 1| + max(x, 3) nothing but polynomials is left."""

from __future__ import annotations

from itertools import pairwise

import sympy as sp
from sympy.core.relational import Relational

from nabla.calculus.contexts import MACHINE
from nabla.calculus.numeric import Evaluator, NoValue
from nabla.calculus.simplify import is_small, vanishes

MOST_CORNERS = 12
HIGHEST_DEGREE = 4
JOINED = (sp.Abs, sp.sign, sp.Max, sp.Min, sp.Piecewise, sp.Heaviside)


def vanishing_pieces(expr: sp.Expr) -> int | None:
    """On how many pieces between its corners `expr`, in one symbol, was shown to be 0, all of them; None: unknown.

    The corners must be real roots of polynomials with rational coefficients. At the corners themselves nothing is
    shown.
    """
    expr = expr.replace(_is_root_of_square, lambda power: sp.Pow(sp.factor(power.base), power.exp))
    if len(expr.free_symbols) != 1 or not expr.has(*JOINED):
        return None
    (symbol,) = expr.free_symbols
    corners: set[sp.Expr] = set()
    while True:
        places = sorted(corners, key=float)
        ends = [-sp.oo, *places, sp.oo]
        further: set[sp.Expr] = set()
        for low, high in pairwise(ends):
            gaps: list[sp.Expr] = []
            plain = _between(expr, symbol, low, high, gaps)
            found = [_roots(gap, symbol) for gap in gaps]
            if plain is None or None in found:
                return None
            inside = {root for roots in found for root in roots or () if float(low) < float(root) < float(high)}
            further |= inside
            if not inside and not vanishes(plain):
                return None
        if not further - corners:
            return len(ends) - 1
        corners |= further
        if len(corners) > MOST_CORNERS:
            return None


def _is_root_of_square(node: sp.Basic) -> bool:
    return bool(
        isinstance(node, sp.Pow)
        and node.exp.is_Rational
        and node.exp.q == 2
        and node.base.is_Add
        and node.base.is_polynomial()
        and is_small(node.base)
    )


def _roots(gap: sp.Expr, symbol: sp.Symbol) -> list[sp.Expr] | None:
    """All real roots of a polynomial, exactly; None where the gap is none, or its roots are not short."""
    if symbol not in gap.free_symbols:
        return []
    if not gap.is_polynomial(symbol):
        return None
    polynomial = sp.Poly(gap, symbol)
    if polynomial.degree() > HIGHEST_DEGREE or not (polynomial.domain.is_ZZ or polynomial.domain.is_QQ):
        return None
    return list(dict.fromkeys(polynomial.real_roots()))


def _between(expr: sp.Expr, symbol: sp.Symbol, low: sp.Expr, high: sp.Expr, gaps: list[sp.Expr]) -> sp.Expr | None:
    """`expr` as it is at a place between the ends; `gaps` get what must not change its sign for it to stay so."""
    if low == -sp.oo:
        place = sp.S.Zero if high == sp.oo else sp.floor(high) - 1
    else:
        place = sp.floor(low) + 2 if high == sp.oo else sp.nsimplify((low + high).evalf(30) / 2, rational=True)
    try:
        return _plain(expr, Evaluator(MACHINE, {symbol: place}), gaps)
    except NoValue:
        return None


def _plain(expr: sp.Expr, here: Evaluator, gaps: list[sp.Expr]) -> sp.Expr:
    if isinstance(expr, sp.Piecewise):
        for value, condition in expr.args:
            relations = {relation: _relation(relation, here, gaps) for relation in condition.atoms(Relational)}
            if condition.xreplace(relations) == sp.true:
                return _plain(value, here, gaps)
        raise NoValue("undefined")
    if not expr.args or not expr.has(*JOINED):
        return expr
    args = [_plain(arg, here, gaps) for arg in expr.args]
    if isinstance(expr, (sp.Max, sp.Min)):
        best = (max if isinstance(expr, sp.Max) else min)(args, key=here)
        gaps += [arg - best for arg in args if arg != best]
        return best
    if isinstance(expr, (sp.Abs, sp.sign, sp.Heaviside)):
        gaps.append(args[0])
        positive = here(args[0]) > 0
        if isinstance(expr, sp.Abs):
            return args[0] if positive else -args[0]
        return sp.S.One if positive else -sp.S.One if isinstance(expr, sp.sign) else sp.S.Zero
    return expr.func(*args)


def _relation(relation: Relational, here: Evaluator, gaps: list[sp.Expr]) -> sp.Basic:
    gap = _plain(relation.lhs, here, gaps) - _plain(relation.rhs, here, gaps)
    gaps.append(gap)
    return sp.true if here.truth(relation.func(gap, 0, evaluate=False)) else sp.false
