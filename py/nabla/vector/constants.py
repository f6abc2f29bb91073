"""The values of the constants in a field for which its divergence or its curl vanishes everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

Symbols = Sequence[sp.Symbol]


def constants_for(parts: Sequence[sp.Expr], symbols: Symbols) -> dict[sp.Symbol, sp.Expr] | None:
    """The only values, not all 0, of the letters that are no coordinates for which all `parts` vanish.

    None where the letters are not in them linearly, where there are no such values, or more than one.
    """
    letters = sorted(set().union(*(part.free_symbols for part in parts)) - set(symbols), key=lambda s: s.name)
    equations: list[sp.Expr] = []
    for part in parts:
        together = sp.numer(sp.together(part))
        if not together.is_polynomial(*symbols, *letters):
            alone = [f for f in sp.Mul.make_args(sp.factor(part)) if f.free_symbols and not f.free_symbols & {*symbols}]
            if len(alone) != 1 or not alone[0].is_polynomial(*letters):
                return None
            equations.append(alone[0])  # (n + 2) r^(n - 1)
            continue
        equations += sp.Poly(together, *symbols).coeffs() if together != 0 else []
    if not letters or any(sp.Poly(each, *letters).total_degree() > 1 for each in equations):
        return None
    found = list(sp.linsolve(equations, letters)) if equations else []
    if len(found) != 1 or found[0].free_symbols or not any(found[0]):
        return None
    return dict(zip(letters, found[0], strict=True))
