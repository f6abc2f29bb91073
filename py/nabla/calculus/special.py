"""Derivatives of the special functions of physics and number theory: each with the sentence that says its rule.

From the Digital Library of Mathematical Functions: 9.2 (Airy), 10.6 and 10.29 (Bessel), 18.9 (orthogonal
polynomials), 19.4 (elliptic integrals), 25.11 and 25.12 (zeta, polylogarithm), 5.12 (beta), 6.2 and 7.2 (integrals).
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy.logic.boolalg import Boolean

Slope = Callable[..., sp.Expr]


def _between(sign_below: int, sign: int) -> Callable[[type[sp.Expr]], Slope]:
    """Half the sum or difference of the orders beside n."""
    return lambda kind: lambda n, x: sign * (kind(n - 1, x) + sign_below * kind(n + 1, x)) / 2


def _of_polylog(s: sp.Expr, z: sp.Expr) -> sp.Expr:
    return -sp.log(1 - z) / z if s == 2 else sp.polylog(s - 1, z) / z


POLYLOG = "A polylogarithm has the order below it, over z, as its slope; that of order 1 is -ln(1 - z)."
BETA = "It is made of gamma functions, and differentiated as they are."
INTEGRALS = "The function is the integral of its slope."
BESSEL = "A Bessel function has as its slope half of the difference, or the sum, of the orders beside it."
POLYNOMIAL = "The slope of an orthogonal polynomial is made of its neighbours in degree."
ELLIPTIC = "The slope of an elliptic integral is made of elliptic integrals of the same parameter."

# The derivative with respect to one argument of a function, by the function and the place of the argument.
SLOPES: dict[tuple[type[sp.Expr], int], tuple[Slope, str]] = {
    (sp.airyai, 0): (sp.airyaiprime, "The slope of Ai is a function of its own, Ai'."),
    (sp.airybi, 0): (sp.airybiprime, "The slope of Bi is a function of its own, Bi'."),
    (sp.airyaiprime, 0): (lambda x: x * sp.airyai(x), "Airy's equation: Ai'' = x Ai."),
    (sp.airybiprime, 0): (lambda x: x * sp.airybi(x), "Airy's equation: Bi'' = x Bi."),
    (sp.Si, 0): (lambda x: sp.sin(x) / x, INTEGRALS),
    (sp.Ci, 0): (lambda x: sp.cos(x) / x, INTEGRALS),
    (sp.Shi, 0): (lambda x: sp.sinh(x) / x, INTEGRALS),
    (sp.Chi, 0): (lambda x: sp.cosh(x) / x, INTEGRALS),
    (sp.Ei, 0): (lambda x: sp.exp(x) / x, INTEGRALS),
    (sp.li, 0): (lambda x: 1 / sp.log(x), INTEGRALS),
    (sp.fresnels, 0): (lambda x: sp.sin(sp.pi * x**2 / 2), INTEGRALS),
    (sp.fresnelc, 0): (lambda x: sp.cos(sp.pi * x**2 / 2), INTEGRALS),
    (sp.expint, 1): (lambda n, x: -sp.expint(n - 1, x), "An exponential integral has the order below it as its slope."),
    (sp.erfinv, 0): (
        lambda x: sp.sqrt(sp.pi) / 2 * sp.exp(sp.erfinv(x) ** 2),
        "The slope of an inverse function is one over that of the function itself.",
    ),
    (sp.besselj, 1): (_between(-1, 1)(sp.besselj), BESSEL),
    (sp.bessely, 1): (_between(-1, 1)(sp.bessely), BESSEL),
    (sp.besseli, 1): (_between(1, 1)(sp.besseli), BESSEL),
    (sp.besselk, 1): (_between(1, -1)(sp.besselk), BESSEL),
    (sp.polylog, 1): (_of_polylog, POLYLOG),
    (sp.zeta, 1): (lambda s, a: -s * sp.zeta(s + 1, a), "Each term of the series is a power of a + k."),
    (sp.beta, 0): (
        lambda a, b: sp.beta(a, b) * (sp.digamma(a) - sp.digamma(a + b)),
        BETA,
    ),
    (sp.beta, 1): (
        lambda a, b: sp.beta(a, b) * (sp.digamma(b) - sp.digamma(a + b)),
        BETA,
    ),
    (sp.polygamma, 1): (lambda n, x: sp.polygamma(n + 1, x), "Each polygamma function is the slope of the one before."),
    (sp.uppergamma, 1): (lambda a, x: -(x ** (a - 1)) * sp.exp(-x), INTEGRALS),
    (sp.lowergamma, 1): (lambda a, x: x ** (a - 1) * sp.exp(-x), INTEGRALS),
    (sp.elliptic_k, 0): (lambda m: (sp.elliptic_e(m) - (1 - m) * sp.elliptic_k(m)) / (2 * m * (1 - m)), ELLIPTIC),
    (sp.elliptic_f, 0): (lambda z, m: 1 / sp.sqrt(1 - m * sp.sin(z) ** 2), INTEGRALS),
    (sp.legendre, 1): (lambda n, x: n * (x * sp.legendre(n, x) - sp.legendre(n - 1, x)) / (x**2 - 1), POLYNOMIAL),
    (sp.chebyshevt, 1): (
        lambda n, x: n * sp.chebyshevu(n - 1, x),
        "The slope of T of degree n is n U of the degree below.",
    ),
    (sp.chebyshevu, 1): (
        lambda n, x: ((n + 1) * sp.chebyshevt(n + 1, x) - x * sp.chebyshevu(n, x)) / (x**2 - 1),
        POLYNOMIAL,
    ),
    (sp.hermite, 1): (lambda n, x: 2 * n * sp.hermite(n - 1, x), POLYNOMIAL),
    (sp.laguerre, 1): (lambda n, x: -sp.assoc_laguerre(n - 1, 1, x), POLYNOMIAL),
    (sp.assoc_laguerre, 2): (lambda n, a, x: -sp.assoc_laguerre(n - 1, a + 1, x), POLYNOMIAL),
    (sp.gegenbauer, 2): (lambda n, a, x: 2 * a * sp.gegenbauer(n - 1, a + 1, x), POLYNOMIAL),
    (sp.jacobi, 3): (lambda n, a, b, x: (n + a + b + 1) / 2 * sp.jacobi(n - 1, a + 1, b + 1, x), POLYNOMIAL),
    (sp.atan2, 0): (lambda y, x: x / (x**2 + y**2), "The angle of a point turns with its distance."),
    (sp.atan2, 1): (lambda y, x: -y / (x**2 + y**2), "The angle of a point turns with its distance."),
}

# Where they hold, as far as that is less than where both sides are real.
CONDITIONS: dict[type[sp.Expr], Callable[..., tuple[Boolean, ...]]] = {
    sp.li: lambda x: (x > 0, sp.Ne(x, 1)),
    sp.Ci: lambda x: (x > 0,),
    sp.Chi: lambda x: (x > 0,),
    sp.Ei: lambda x: (sp.Ne(x, 0),),
    sp.bessely: lambda n, x: (x > 0,),
    sp.besselk: lambda n, x: (x > 0,),
    sp.elliptic_k: lambda m: (m < 1, sp.Ne(m, 0)),
    sp.erfinv: lambda x: (sp.Abs(x) < 1,),
}


def slope(expr: sp.Expr, place: int) -> tuple[sp.Expr, tuple[Boolean, ...]] | None:
    """The derivative with respect to the argument at a place, from 0, and where it holds; None where none is known."""
    if isinstance(expr, sp.elliptic_e):
        return _of_elliptic_e(expr, place)
    found = SLOPES.get((type(expr), place))
    if found is None:
        return None
    conditions = CONDITIONS.get(type(expr))
    return found[0](*expr.args), conditions(*expr.args) if conditions else ()


def _of_elliptic_e(expr: sp.Expr, place: int) -> tuple[sp.Expr, tuple[Boolean, ...]] | None:
    """E(m) and E(z | m)."""
    if len(expr.args) == 1:
        (m,) = expr.args
        return (sp.elliptic_e(m) - sp.elliptic_k(m)) / (2 * m), (m < 1, sp.Ne(m, 0))
    z, m = expr.args
    if place == 0:
        return sp.sqrt(1 - m * sp.sin(z) ** 2), ()
    return (sp.elliptic_e(z, m) - sp.elliptic_f(z, m)) / (2 * m), (sp.Ne(m, 0),)


def rule_of(expr: sp.Expr) -> str:
    """The sentence that says the rule of a special function, if one does."""
    if isinstance(expr, sp.elliptic_e):
        return ELLIPTIC
    return next((words for (kind, _), (_, words) in SLOPES.items() if kind is type(expr)), "")
