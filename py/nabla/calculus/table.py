"""The table of derivatives: what the derivative of f(u) is, for every named f, and where it holds.

The entries are the ones of the usual tables (Abramowitz and Stegun, chapters 4, 6 and 7; DLMF 4.13, 4.20, 4.34).
They are written down here and not asked of SymPy, whose `diff` serves as an independent check of the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp
from sympy.core.function import ArgumentIndexError
from sympy.logic.boolalg import Boolean

from nabla.calculus.special import slope


@dataclass(frozen=True)
class FunctionEntry:
    """One line of the table: the id of its rule, f'(u), and the conditions under which f' exists at u."""

    rule: str
    derivative: Callable[[sp.Expr], sp.Expr]
    conditions: Callable[[sp.Expr], tuple[Boolean, ...]] = lambda u: ()


def _nonzero(of: Callable[[sp.Expr], sp.Expr]) -> Callable[[sp.Expr], tuple[Boolean, ...]]:
    return lambda u: (sp.Ne(of(u), 0),)


def _inside(u: sp.Expr) -> tuple[Boolean, ...]:
    return (sp.Lt(sp.Abs(u), 1),)


def _outside(u: sp.Expr) -> tuple[Boolean, ...]:
    return (sp.Abs(u) > 1,)


def _itself(u: sp.Expr) -> sp.Expr:
    return u


def _no_pole(u: sp.Expr) -> tuple[Boolean, ...]:
    """The gamma function and those made of it have poles at 0, -1, -2, ..."""
    return (() if u.is_positive else (u > 0) | sp.Ne(u, sp.floor(u)),)


TRIGONOMETRIC = {
    sp.sin: FunctionEntry("trigonometric", sp.cos),
    sp.cos: FunctionEntry("trigonometric", lambda u: -sp.sin(u)),
    sp.tan: FunctionEntry("trigonometric", lambda u: sp.sec(u) ** 2, _nonzero(sp.cos)),
    sp.cot: FunctionEntry("trigonometric", lambda u: -(sp.csc(u) ** 2), _nonzero(sp.sin)),
    sp.sec: FunctionEntry("trigonometric", lambda u: sp.sec(u) * sp.tan(u), _nonzero(sp.cos)),
    sp.csc: FunctionEntry("trigonometric", lambda u: -sp.csc(u) * sp.cot(u), _nonzero(sp.sin)),
    sp.sinc: FunctionEntry(
        "trigonometric", lambda u: sp.Piecewise((sp.cos(u) / u - sp.sin(u) / u**2, sp.Ne(u, 0)), (0, True))
    ),
}

INVERSE_TRIGONOMETRIC = {
    sp.asin: FunctionEntry("inverse-trigonometric", lambda u: 1 / sp.sqrt(1 - u**2), _inside),
    sp.acos: FunctionEntry("inverse-trigonometric", lambda u: -1 / sp.sqrt(1 - u**2), _inside),
    sp.atan: FunctionEntry("inverse-trigonometric", lambda u: 1 / (u**2 + 1)),
    sp.acot: FunctionEntry("inverse-trigonometric", lambda u: -1 / (u**2 + 1), _nonzero(_itself)),
    sp.asec: FunctionEntry("inverse-trigonometric", lambda u: 1 / (sp.Abs(u) * sp.sqrt(u**2 - 1)), _outside),
    sp.acsc: FunctionEntry("inverse-trigonometric", lambda u: -1 / (sp.Abs(u) * sp.sqrt(u**2 - 1)), _outside),
}

HYPERBOLIC = {
    sp.sinh: FunctionEntry("hyperbolic", sp.cosh),
    sp.cosh: FunctionEntry("hyperbolic", sp.sinh),
    sp.tanh: FunctionEntry("hyperbolic", lambda u: sp.sech(u) ** 2),
    sp.coth: FunctionEntry("hyperbolic", lambda u: -(sp.csch(u) ** 2), _nonzero(_itself)),
    sp.sech: FunctionEntry("hyperbolic", lambda u: -sp.sech(u) * sp.tanh(u)),
    sp.csch: FunctionEntry("hyperbolic", lambda u: -sp.csch(u) * sp.coth(u), _nonzero(_itself)),
}

INVERSE_HYPERBOLIC = {
    sp.asinh: FunctionEntry("inverse-hyperbolic", lambda u: 1 / sp.sqrt(u**2 + 1)),
    sp.acosh: FunctionEntry("inverse-hyperbolic", lambda u: 1 / sp.sqrt(u**2 - 1), lambda u: (u > 1,)),
    sp.atanh: FunctionEntry("inverse-hyperbolic", lambda u: 1 / (1 - u**2), _inside),
    sp.acoth: FunctionEntry("inverse-hyperbolic", lambda u: 1 / (1 - u**2), _outside),
    sp.asech: FunctionEntry("inverse-hyperbolic", lambda u: -1 / (u * sp.sqrt(1 - u**2)), lambda u: (u > 0, u < 1)),
    sp.acsch: FunctionEntry("inverse-hyperbolic", lambda u: -1 / (sp.Abs(u) * sp.sqrt(u**2 + 1)), _nonzero(_itself)),
}

SPECIAL = {
    sp.erf: FunctionEntry("special", lambda u: 2 * sp.exp(-(u**2)) / sp.sqrt(sp.pi)),
    sp.erfc: FunctionEntry("special", lambda u: -2 * sp.exp(-(u**2)) / sp.sqrt(sp.pi)),
    sp.erfi: FunctionEntry("special", lambda u: 2 * sp.exp(u**2) / sp.sqrt(sp.pi)),
    sp.gamma: FunctionEntry("special", lambda u: sp.gamma(u) * sp.digamma(u), _no_pole),
    sp.loggamma: FunctionEntry("special", sp.digamma, lambda u: (u > 0,)),
    sp.factorial: FunctionEntry("special", lambda u: sp.gamma(u + 1) * sp.digamma(u + 1)),
    sp.LambertW: FunctionEntry(
        "special", lambda u: sp.exp(-sp.LambertW(u)) / (1 + sp.LambertW(u)), lambda u: (u > -sp.exp(-1),)
    ),
}

STEPS = {
    sp.Abs: FunctionEntry("abs", sp.sign, _nonzero(_itself)),
    sp.sign: FunctionEntry("step", lambda u: sp.S.Zero, _nonzero(_itself)),
    sp.Heaviside: FunctionEntry("step", lambda u: sp.S.Zero, _nonzero(_itself)),
    sp.floor: FunctionEntry("step", lambda u: sp.S.Zero, lambda u: (sp.Ne(u, sp.floor(u)),)),
    sp.ceiling: FunctionEntry("step", lambda u: sp.S.Zero, lambda u: (sp.Ne(u, sp.floor(u)),)),
    sp.frac: FunctionEntry("step", lambda u: sp.S.One, lambda u: (sp.Ne(u, sp.floor(u)),)),
}

TABLE: dict[type[sp.Expr], FunctionEntry] = {
    sp.exp: FunctionEntry("exponential", sp.exp),
    sp.log: FunctionEntry("logarithm", lambda u: 1 / u, lambda u: (u > 0,)),
    **TRIGONOMETRIC,
    **INVERSE_TRIGONOMETRIC,
    **HYPERBOLIC,
    **INVERSE_HYPERBOLIC,
    **SPECIAL,
    **STEPS,
}


def lookup(expr: sp.Expr, place: int) -> tuple[str, sp.Expr, tuple[Boolean, ...]] | None:
    """The partial derivative of a function with respect to its argument number `place`, from 0.

    Gives (rule, derivative, conditions), or None when nobody knows one. Functions that the table does not hold are
    asked for SymPy's `fdiff`.
    """
    entry = TABLE.get(type(expr))
    if entry and (len(expr.args) == 1 or isinstance(expr, sp.Heaviside)):
        return entry.rule, entry.derivative(expr.args[0]), entry.conditions(expr.args[0])
    if isinstance(expr, sp.Mod) and place == 0:
        return "step", sp.S.One, (sp.Ne(expr, 0),)
    own = slope(expr, place)
    if own is not None:
        return "special", *own
    if not isinstance(expr, sp.Function):
        return None
    try:
        found = expr.fdiff(place + 1)
    except (ArgumentIndexError, NotImplementedError):
        return None
    return "table", found, ()
