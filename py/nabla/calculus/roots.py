"""Odd roots of negative numbers: the cube root of -8 is -2, as sign(u) |u|^(1/3); u^(1/3) is not real there."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp


def real_root(u: sp.Expr, exponent: sp.Rational) -> sp.Expr:
    """`u` to a power with an odd denominator, real for negative `u` too."""
    size = sp.Abs(u) ** exponent
    return sp.sign(u) * size if exponent.p % 2 else size


def parts_of_root(expr: sp.Expr) -> tuple[sp.Expr, sp.Rational] | None:
    """The (u, exponent) of which `expr` is the real root, sign(u) |u|^exponent; None for anything else."""
    if not isinstance(expr, sp.Mul) or len(expr.args) != 2:
        return None
    for sign, size in (expr.args, expr.args[::-1]):
        if isinstance(sign, sp.sign) and isinstance(size, sp.Pow) and size.base == sp.Abs(sign.args[0]):
            return (sign.args[0], size.exp) if _is_odd(size.exp) and size.exp.p % 2 else None
    return None


def joined(factors: Sequence[sp.Expr]) -> list[sp.Expr]:
    """The factors, with sign(u) and |u|^(p/q) as one where they are a real root."""
    found = list(factors)
    for sign in factors:
        for size in factors:
            if sign in found and size in found and parts_of_root(sp.Mul(sign, size, evaluate=False)):
                found[found.index(sign)] = sign * size
                found.remove(size)
    return found


def with_real_roots(expr: sp.Expr) -> sp.Expr:
    """`expr` with every power that has an odd denominator read as a real root."""
    return expr.replace(
        lambda node: isinstance(node, sp.Pow) and _is_odd(node.exp) and not node.base.is_nonnegative,
        lambda node: real_root(node.base, node.exp),
    )


def _is_odd(exponent: sp.Expr) -> bool:
    return bool(exponent.is_Rational and exponent.q > 1 and exponent.q % 2)
