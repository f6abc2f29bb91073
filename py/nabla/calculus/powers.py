"""Powers of one sum with letters in their exponents as one power: (n - 2) x² s^(n/2 - 2) + s^(n/2 - 1), s = x² + y²."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp


def of_common_powers(expr: sp.Expr) -> Iterator[sp.Expr]:
    """The expression with the lowest power of a sum before a bracket, and what the bracket has of the sum with it."""
    powers = [power for power in expr.atoms(sp.Pow) if power.base.is_Add and power.exp.free_symbols]
    for base in dict.fromkeys(power.base for power in powers):
        exponents = [power.exp for power in powers if power.base == base]
        steps = [sp.expand(exponent - exponents[0]) for exponent in exponents]
        if not all(step.is_Integer for step in steps):
            continue
        lowest = exponents[0] + min(steps)
        inside = expr.xreplace(
            {sp.Pow(base, e): base ** sp.expand(e - lowest) for e in exponents}  # what is left is whole
        )
        factors = sp.factor(sp.expand(inside)).as_powers_dict()
        times = factors.pop(sp.factor(base), sp.S.Zero) + factors.pop(base, sp.S.Zero)
        rest = sp.Mul(*(factor**power for factor, power in factors.items()))
        if sp.expand(rest * base**times - inside) == 0 and _is_linear(expr, powers):
            yield rest * base ** sp.expand(lowest + times)


def _is_linear(expr: sp.Expr, powers: list[sp.Pow]) -> bool:
    """Whether each term holds one of the powers, and once."""
    names = {power: sp.Dummy() for power in powers}
    put = sp.expand(expr.xreplace(names))
    return all(sum(sp.degree(term, name) for name in names.values()) == 1 for term in sp.Add.make_args(put))
