"""Potentials by integration, one coordinate after another: scalar potential, stream function, vector potential."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.calculus.budget import CALLS, within
from nabla.calculus.integrals import antiderivative
from nabla.calculus.simplify import simplified, vanishes
from nabla.vector.coordinates import System, cartesian
from nabla.vector.operators import Field, curl, divergence, gradient

Symbols = Sequence[sp.Symbol]


@dataclass(frozen=True)
class Integration:
    """One integration: `left` is what the derivative by `symbol` still has to be, `integral` its antiderivative."""

    symbol: sp.Symbol
    left: sp.Expr
    integral: sp.Expr
    so_far: sp.Expr


@dataclass(frozen=True)
class Potential:
    """A function whose gradient is the field, without a constant, and how it was integrated."""

    value: sp.Expr
    steps: tuple[Integration, ...]


def is_zero(expr: sp.Expr) -> bool:
    """Whether an expression vanishes, by algebra alone."""
    if expr == 0:
        return True
    if vanishes(expr):
        return True
    return bool(within(4 * CALLS, lambda: sp.simplify(sp.expand(expr)) == 0, False))


def potential(F: Sequence[sp.Expr], system: System) -> Potential | None:
    """Some f with grad f = F, tested by differentiating; None where there is none in closed form."""
    total, steps = sp.S.Zero, []
    done: set[sp.Symbol] = set()
    for f, q, h in zip(F, system.symbols, system.scales, strict=True):
        left = _shortest(f * h - sp.diff(_without_bars(total), q))
        if left.free_symbols & done:
            left = within(4 * CALLS, lambda left=left: sp.simplify(left), left)  # type: ignore[misc]
        if left.free_symbols & done:
            return None
        integral = antiderivative(left, q) if left != 0 else sp.S.Zero
        if integral is None:
            return None
        total = total + integral
        done.add(q)
        steps.append(Integration(q, left, integral, total))
    back = gradient(_without_bars(total), system)
    if not all(is_zero(a - b) for a, b in zip(back, F, strict=True)):
        return None
    value = _without_constant(total, system.symbols)
    return Potential(value, tuple(steps))


def _without_bars(expr: sp.Expr) -> sp.Expr:
    """ln u in place of ln|u|, which has the same derivatives."""
    return expr.replace(
        lambda part: isinstance(part, sp.log) and isinstance(part.args[0], sp.Abs),
        lambda part: sp.log(part.args[0].args[0]),
    )


def _shortest(expr: sp.Expr) -> sp.Expr:
    forms = [simplified(expr), sp.expand(expr)]
    return min(forms, key=sp.count_ops)


def _without_constant(expr: sp.Expr, symbols: Symbols) -> sp.Expr:
    short = sp.expand(expr) if expr.is_polynomial(*symbols) else simplified(expr)
    return sp.Add(*(term for term in sp.Add.make_args(short) if term.free_symbols & set(symbols)))


def stream_function(F: Sequence[sp.Expr], system: System) -> Potential | None:
    """psi whose gradient, turned clockwise, is a field of the plane without divergence: F = (d psi/dy, -d psi/dx)."""
    return potential((-F[1], F[0]), system)


def vector_potential(F: Sequence[sp.Expr], symbols: Symbols) -> Field | None:
    """A with curl A = F and no third component, for a field of space without divergence; tested by differentiating."""
    x, y, z = symbols
    first, second = antiderivative(F[1], z), antiderivative(F[0], z)
    if first is None or second is None:
        return None
    left = _shortest(F[2] + sp.diff(second, x) + sp.diff(first, y))
    if left.has(z):
        left = within(4 * CALLS, lambda: sp.simplify(left), left)
    if left.has(z):
        return None
    rest = antiderivative(left, y)
    if rest is None:
        return None
    A = (simplified(first - rest), simplified(-second), sp.S.Zero)
    back = curl(A, cartesian(symbols))
    return A if all(is_zero(a - b) for a, b in zip(back, F, strict=True)) else None


def without_divergence(A: Field, symbols: Symbols) -> Field:
    """A vector potential plus the gradient that takes a polynomial divergence away; A itself for any other.

    Integrating twice by one coordinate leaves the second derivatives by the others, whose degrees fall to nothing.
    """
    left = sp.expand(-divergence(A, cartesian(symbols)))
    if not left.is_polynomial(*symbols):
        return A
    chi, (*others, along) = sp.S.Zero, symbols
    while left != 0:
        step = sp.integrate(sp.integrate(left, along), along)
        chi += step
        left = sp.expand(-sum(sp.diff(step, s, 2) for s in others))
    return tuple(sp.expand(a + sp.diff(chi, s)) for a, s in zip(A, symbols, strict=True))
