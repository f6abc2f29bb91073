"""Roots of a function of one variable inside a range, found by its signs on a grid."""

from __future__ import annotations

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values, is_slow
from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.numeric import Evaluator, NoValue

POINTS, POINTS_IF_SLOW = 4001, 301
HALVINGS = 200
# Roots closer than this, beside them or 1, are one.
CLOSE = 1e-9
# The largest denominators of the fractions, and of the fractions of pi, that a root is tried to be.
DENOMINATOR = 60


def grid(low: float, high: float, slow: bool = False) -> np.ndarray:
    """Points from `low` to `high` that hit no round number in between."""
    inside = np.linspace(low, high, (POINTS_IF_SLOW if slow else POINTS))
    inside[1:-1] += (high - low) * 1e-7 * np.sqrt(2)
    return inside


def scanned(expr: sp.Expr, x: sp.Symbol, low: float, high: float) -> list[sp.Float]:
    """Where `expr` changes its sign from one point of a grid to the next, by bisection to 30 digits; poles left out."""
    if not has_values(expr):
        return []
    points = grid(low, high, is_slow(expr))
    signs = np.sign(np.broadcast_to(evaluate(expr, {x: points}), points.shape))
    places = np.flatnonzero(signs[1:] * signs[:-1] < 0)
    found = (_bisected(expr, x, float(points[place]), float(points[place + 1])) for place in places)
    return [root for root in found if root is not None]


def _bisected(expr: sp.Expr, x: sp.Symbol, low: float, high: float) -> sp.Float | None:
    context = precise(DIGITS)
    a, b = context.mpf(low), context.mpf(high)
    try:
        left = Evaluator(context, {x: a})(expr)
        first = abs(left)
        for _ in range(HALVINGS):
            middle = (a + b) / 2
            value = Evaluator(context, {x: middle})(expr)
            if value == 0:
                return sp.Float(str(middle), 40)
            a, b = (middle, b) if (value > 0) == (left > 0) else (a, middle)
        return sp.Float(str((a + b) / 2), 40) if abs(value) < first * 1e-20 else None
    except NoValue:
        return None


def named(root: sp.Expr, expr: sp.Expr, x: sp.Symbol) -> sp.Expr:
    """A root as the short fraction, or fraction of pi, that it is; as the decimal number otherwise."""
    if not root.is_Float:
        return root
    for unit in (sp.S.One, sp.pi):
        share = sp.Rational(str(root / unit)).limit_denominator(DENOMINATOR) if unit == 1 else None
        if share is None:
            share = sp.Rational(str((root / sp.pi).evalf(40))).limit_denominator(DENOMINATOR)
        short = share * unit
        if abs((short - root).evalf(40)) < 1e-25 and sp.simplify(expr.subs(x, short)) == 0:
            return short
    return sp.Float(root, 15)


def apart(roots: list[sp.Expr]) -> list[sp.Expr]:
    """The roots in ascending order, each once; the exact ones rather than decimal ones."""
    ordered = sorted(roots, key=lambda root: (float(root), root.has(sp.Float)))
    found: list[sp.Expr] = []
    for root in ordered:
        if found and abs(float(root) - float(found[-1])) <= CLOSE * max(1.0, abs(float(root))):
            found[-1] = root if found[-1].has(sp.Float) else found[-1]
        else:
            found.append(root)
    return found
