"""Equations about a function: with its formula put in, with values of open functions put in, solved for parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.calculus.budget import CALLS, within

Slope = tuple[str, int, sp.Expr]  # of an open function the name, the order of the derivative, and where


def put_in(expr: sp.Expr, name: str, f: sp.Expr, variables: Sequence[sp.Symbol]) -> sp.Expr:
    """`expr` with `f` for the function `name` of the variables; its derivatives are written down, not worked out.

    The function may stand as y, y(x), y'(x), y'(3), and with the variables of its derivatives as indices, u_xx.
    """
    by_name = {variable.name: variable for variable in variables}

    def indexed(symbol: sp.Symbol) -> sp.Expr | None:
        head, _, index = symbol.name.partition("_")
        if symbol.name == name and symbol not in f.free_symbols:
            return f
        if head == name and index and all(letter in by_name for letter in index):
            return sp.Derivative(f, *(by_name[letter] for letter in index))
        return None

    found = {symbol: put for symbol in expr.free_symbols if (put := indexed(symbol)) is not None}
    return expr.xreplace(found).replace(
        lambda node: isinstance(node, AppliedUndef) and node.func.__name__ == name,
        lambda call: f.subs(dict(zip(variables, call.args, strict=False)), simultaneous=True),
    )


def solved_for(equations: Sequence[sp.Expr], unknowns: Sequence[sp.Symbol]) -> list[dict[sp.Symbol, sp.Expr]]:
    """The real values of the unknowns for which all equations are 0; none where SymPy does not find them."""
    nothing: list[dict[sp.Symbol, sp.Expr]] = []
    found = within(6 * CALLS, lambda: _by_sympy(equations, unknowns), nothing)
    return [way for way in found if all(v.is_real is not False and not v.has(sp.I) for v in way.values())]


def _by_sympy(equations: Sequence[sp.Expr], unknowns: Sequence[sp.Symbol]) -> list[dict[sp.Symbol, sp.Expr]]:
    try:
        return list(sp.solve(list(equations), list(unknowns), dict=True))
    except NotImplementedError:
        return []


def coefficients(expr: sp.Expr, variables: Sequence[sp.Symbol]) -> list[sp.Expr]:
    """What must be 0 for `expr` to be 0 everywhere in the variables: what stands before each of their functions."""
    sums: dict[sp.Expr, sp.Expr] = {}
    for term in sp.Add.make_args(sp.expand(sp.powsimp(sp.expand(expr)))):
        factor, rest = term.as_independent(*variables, as_Add=False)
        sums[rest] = sums.get(rest, sp.S.Zero) + factor
    return [sp.factor(total) for total in sums.values() if total != 0]


def with_values(expr: sp.Expr, known: Mapping[Slope, sp.Expr]) -> tuple[sp.Expr, list[Slope]]:
    """`expr` with the values of open functions and of their derivatives put in; and those that are still missing."""
    for _ in range(8):
        done = _replaced(expr, lambda slope: known.get(slope))
        if done == expr:
            break
        expr = done
    missing: list[Slope] = []

    def note(slope: Slope) -> None:
        if slope not in missing and not slope[2].has(AppliedUndef):
            missing.append(slope)

    _replaced(expr, note)
    return expr, missing


def _replaced(expr: sp.Expr, value: Callable[[Slope], sp.Expr | None]) -> sp.Expr:
    """`expr` with each value, or derivative, of an open function at a place replaced, where `value` gives one."""

    def replaced(node: sp.Expr) -> sp.Expr:
        slope = slope_of(node)
        if slope is not None:
            inner = replaced(slope[2])
            found = value((slope[0], slope[1], sp.nsimplify(inner) if inner.is_number else inner))
            if found is not None:
                return found
            return node.subs(slope[2], inner) if inner != slope[2] and slope[1] == 0 else _moved(node, inner)
        return node.func(*map(replaced, node.args)) if node.args else node

    return replaced(expr)


def _moved(node: sp.Expr, place: sp.Expr) -> sp.Expr:
    """The same derivative at another place."""
    return node.func(node.args[0], node.args[1], (place,)) if isinstance(node, sp.Subs) else node


def slope_of(node: sp.Basic) -> Slope | None:
    """What a node is of an open function of one variable: f(3), f'(x), or f''(3), which SymPy writes as a Subs."""
    if isinstance(node, AppliedUndef) and len(node.args) == 1:
        return node.func.__name__, 0, node.args[0]
    if isinstance(node, sp.Derivative) and isinstance(node.expr, AppliedUndef) and len(node.expr.args) == 1:
        return node.expr.func.__name__, node.derivative_count, node.expr.args[0]
    if isinstance(node, sp.Subs) and isinstance(node.expr, sp.Derivative) and len(node.point) == 1:
        inner = slope_of(node.expr)
        return (inner[0], inner[1], node.point[0]) if inner and inner[2] == node.variables[0] else None
    return None
