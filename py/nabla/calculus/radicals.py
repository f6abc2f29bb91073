"""Square roots of quotients and of products as a textbook writes them.

`sqrt(a/b) b` is `sqrt(a b)` where b is positive wherever the root is real, which the zeros of a and b tell; even powers
leave a root as absolute values, and roots side by side are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import sympy as sp

HALF = sp.Rational(1, 2)
HIGHEST = 6


def of_roots(expr: sp.Expr) -> Iterator[sp.Expr]:
    """The expression with its square roots opened, and joined again."""
    if not any(_is_root(power) for power in expr.atoms(sp.Pow)):
        return
    opened = _merged(_inside_out(expr))
    yield opened
    yield joined(opened)


def _is_root(node: sp.Expr) -> bool:
    return bool(node.is_Pow and node.exp.is_Rational and node.exp.q == 2 and not node.base.is_Symbol)


def _inside_out(expr: sp.Expr) -> sp.Expr:
    if not expr.args:
        return expr
    expr = expr.func(*map(_inside_out, expr.args))
    return _opened(expr) if _is_root(expr) else expr


def _opened(power: sp.Pow) -> sp.Expr:
    """The root of each factor of its radicand, as far as signs allow."""
    if sp.count_ops(power.base) > 40 or not power.base.free_symbols:
        return power
    base, exponent = sp.factor(sp.together(power.base)), power.exp
    out, rest = sp.S.One, sp.S.One
    for factor, times in base.as_powers_dict().items():
        whole = factor**times
        if whole.is_Rational:
            out *= sp.Integer(whole.q) ** -exponent
            rest *= whole.p
            continue
        if factor.is_number or not times.is_Integer:
            rest *= whole
            continue
        odd = sp.sign(times) * (times % 2)
        size = factor if factor.is_nonnegative else sp.Abs(factor)
        out *= size ** ((times - odd) * exponent)
        rest *= factor**odd
    top, bottom = sp.fraction(rest)
    sign = _sign_below(top, bottom)
    root = (
        sp.expand(sign * top) ** exponent / sp.expand(sign * bottom) ** exponent
        if sign
        else sp.expand(rest) ** exponent
    )
    return out * (root if bottom.free_symbols else sp.expand(rest) ** exponent)


def _sign_below(top: sp.Expr, bottom: sp.Expr) -> int:
    """The sign that the bottom of a quotient has wherever the quotient is positive; 0 where it has both, or is unknown.

    Between neighbouring zeros of both a point decides.
    """
    if bottom.is_positive:
        return 1
    symbols = top.free_symbols | bottom.free_symbols
    if len(symbols) != 1:
        return 0
    (x,) = symbols
    whole = sp.expand(top * bottom)
    if (
        not whole.is_polynomial(x)
        or sp.degree(whole, x) > HIGHEST
        or not sp.Poly(whole, x).domain.is_QQ | sp.Poly(whole, x).domain.is_ZZ
    ):
        return 0
    zeros = sorted(set(sp.real_roots(sp.Poly(whole, x))), key=float)
    if not zeros:
        places = [sp.S.Zero]
    else:
        middles = [(a + b) / 2 for a, b in pairwise(zeros)]
        places = [zeros[0] - 1, *middles, zeros[-1] + 1]
    signs = {int(sp.sign(bottom.subs(x, place).evalf(30))) for place in places if whole.subs(x, place).evalf(30) > 0}
    return signs.pop() if len(signs) == 1 else 0


def joined(expr: sp.Expr) -> sp.Expr:
    """Square roots side by side, above the line and below it, as one."""
    return expr.replace(lambda node: node.is_Mul and sum(map(_is_half, node.args)) > 1, _one_root)


def _is_half(factor: sp.Expr) -> bool:
    return bool(factor.is_Pow and abs(factor.exp) == HALF and factor.base.free_symbols)


def _one_root(product: sp.Mul) -> sp.Expr:
    rest = sp.Mul(*(factor for factor in product.args if not _is_half(factor)))
    for exponent in (HALF, -HALF):
        roots = [factor.base for factor in product.args if _is_half(factor) and factor.exp == exponent]
        rest *= sp.expand(sp.Mul(*roots)) ** exponent
    return rest


def _merged(expr: sp.Expr) -> sp.Expr:
    """|a| |b| as |a b|; |g| beside powers of g as one power, or as the sign of g."""
    if not expr.has(sp.Abs):
        return expr
    return expr.replace(lambda node: node.is_Mul and any(_size(f) is not None for f in node.args), _one_size)


def _size(factor: sp.Expr) -> sp.Expr | None:
    base, exponent = factor.as_base_exp()
    return base.args[0] if isinstance(base, sp.Abs) and abs(exponent) == 1 else None


def _one_size(product: sp.Mul) -> sp.Expr:
    rest = sp.S.One
    sizes: dict[sp.Expr, list[sp.Expr]] = {sp.S.One: [], sp.S.NegativeOne: []}
    for factor in product.args:
        inside = _size(factor)
        if inside is None:
            rest *= factor
        else:
            sizes[factor.as_base_exp()[1]].append(inside)
    for exponent, found in sizes.items():
        if found:
            g = sp.expand(sp.Mul(*found))
            rest = _beside(rest, g, exponent)
    return rest


def _beside(rest: sp.Expr, g: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """`rest` times |g| to the power 1 or -1."""
    for factor in sp.Mul.make_args(sp.factor(rest) if rest.is_polynomial() else rest):
        base, times = factor.as_base_exp()
        if not times.is_Integer or not base.free_symbols:
            continue
        ratio = sp.cancel(base / g)
        if ratio.is_number and times % 2 == 0:
            return rest / factor * ratio**times * sp.Abs(g) ** (times + exponent)
        if ratio.is_number and exponent == -1 and times == 1:
            return rest / factor * ratio * sp.sign(g)
        if ratio.is_number and exponent == 1 and times == -1:
            return rest / factor * ratio**-1 * sp.sign(g)
    return rest * sp.Abs(g) ** exponent
