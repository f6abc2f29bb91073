"""Real zeros of an expression in one symbol, and whether algebra found them all."""

from __future__ import annotations

from math import gcd, lcm

import sympy as sp

from nabla.calculus.budget import CALLS, within
from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.numeric import Evaluator, NoValue

ZERO = 1e-25
MOST_OPERATIONS = 30
EXACT = 60  # digits of a root that is put in


def zeros(expr: sp.Expr, x: sp.Symbol) -> tuple[list[sp.Expr], bool]:
    """The real zeros of `expr`, and whether these are all.

    All are found where every factor is a polynomial in x, in one exponential, or in one logarithm of something linear.
    """
    top, bottom = sp.fraction(sp.together(expr))
    if not top.has(sp.Float):
        reduced = sp.cancel(top / bottom).as_numer_denom()[0] if _are_polynomials(x, top, bottom) else top
        whole: sp.Expr = within(2 * CALLS, lambda: sp.factor(reduced), reduced)
        parts = [_of_factor(factor, x) for factor in sp.Mul.make_args(whole)]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts):
            found = dict.fromkeys(root for part in known for root in part)
            return [_short(root) for root in found if is_zero(expr, x, root.evalf(EXACT))], True
    nothing: list[sp.Expr] = []
    found_by_sympy = within(3 * CALLS, lambda: _by_sympy(expr, x), nothing)
    return [root for root in found_by_sympy if is_zero(expr, x, root)], False


def is_zero(expr: sp.Expr, x: sp.Symbol, root: sp.Expr) -> bool:
    """Whether `expr` has the value 0 at a place, to 25 digits."""
    try:
        return bool(abs(Evaluator(precise(DIGITS), {x: root})(expr)) < ZERO)
    except NoValue:
        return False


def _are_polynomials(x: sp.Symbol, *exprs: sp.Expr) -> bool:
    return all(expr.is_polynomial(x) for expr in exprs)


def _of_factor(factor: sp.Expr, x: sp.Symbol) -> list[sp.Expr] | None:
    """The zeros of a factor; None where it is of none of the kinds that are solved completely."""
    if isinstance(factor, sp.Pow) and factor.exp.is_Rational and factor.exp > 0:
        return _of_factor(factor.base, x)
    if x not in factor.free_symbols or isinstance(factor, (sp.exp, sp.sign)):
        return []
    if isinstance(factor, sp.Abs):
        return _of_factor(factor.args[0], x)
    if factor.is_polynomial(x):
        return _of_polynomial(factor, x)
    return _of_exponentials(factor, x) or _of_logarithm(factor, x)


def _of_polynomial(expr: sp.Expr, x: sp.Symbol) -> list[sp.Expr] | None:
    polynomial = sp.Poly(expr, x)
    if polynomial.domain.is_ZZ or polynomial.domain.is_QQ:
        return list(dict.fromkeys(sp.real_roots(polynomial)))
    if polynomial.degree() == 1 and all(number.is_number for number in polynomial.all_coeffs()):
        slope, start = polynomial.all_coeffs()
        return [-start / slope]
    return None


def _of_exponentials(factor: sp.Expr, x: sp.Symbol) -> list[sp.Expr] | None:
    """Zeros of a polynomial in exp(u), u linear in x; other exponentials in it are its whole powers."""
    held = sorted(factor.atoms(sp.exp), key=sp.default_sort_key)
    exponents = [sp.expand(power.exp) for power in held]
    if not held or any(not exponent.is_polynomial(x) or sp.degree(exponent, x) != 1 for exponent in exponents):
        return None
    ratios = [sp.cancel(exponent / exponents[0]) for exponent in exponents]
    if not all(ratio.is_Rational for ratio in ratios):
        return None
    unit = sp.Rational(gcd(*(int(ratio.p) for ratio in ratios)), lcm(*(int(ratio.q) for ratio in ratios)))
    u, t = unit * exponents[0], sp.Dummy("t", positive=True)
    swapped = factor.xreplace({power: t ** (ratio / unit) for power, ratio in zip(held, ratios, strict=True)})
    top = sp.numer(sp.together(swapped))
    if x in top.free_symbols or not top.is_polynomial(t):
        return None
    roots = _of_polynomial(top, t)
    slope, start = sp.Poly(u, x).all_coeffs()
    return None if roots is None else [(sp.log(root) - start) / slope for root in roots if root > 0]


def _of_logarithm(factor: sp.Expr, x: sp.Symbol) -> list[sp.Expr] | None:
    """Zeros of a polynomial in log(u), u linear in x."""
    held = [log for log in factor.atoms(sp.log) if x in log.free_symbols]
    if len(held) != 1 or not held[0].args[0].is_polynomial(x) or sp.degree(held[0].args[0], x) != 1:
        return None
    t = sp.Dummy("t", real=True)
    swapped = factor.xreplace({held[0]: t})
    if x in swapped.free_symbols or not swapped.is_polynomial(t):
        return None
    roots = _of_polynomial(swapped, t)
    slope, start = sp.Poly(held[0].args[0], x).all_coeffs()
    return None if roots is None else [(sp.exp(root) - start) / slope for root in roots]


def _short(root: sp.Expr) -> sp.Expr:
    return sp.Float(root.evalf(40), 15) if root.has(sp.CRootOf) or sp.count_ops(root) > MOST_OPERATIONS else root


def _by_sympy(expr: sp.Expr, x: sp.Symbol) -> list[sp.Expr]:
    try:
        found = sp.solve(expr, x)
    except NotImplementedError:
        return []
    return [root for root in found if root.is_number and abs(sp.im(root.evalf(30))) < ZERO]
