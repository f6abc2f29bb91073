"""A look at a formula before it is put on a grid: where it is singular, complex, huge, or made harder than it is.

Values come from a function that the caller gives, `values(expr, mesh)`, so that nothing here evaluates by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp

from nabla.helmholtz.exact import vanishes
from nabla.helmholtz.grid import Floats

Values = Callable[[sp.Expr, Sequence[Floats]], Floats]
Symbols = Sequence[sp.Symbol]

GUARD = sp.Rational(1, 10**6)  # a smaller constant in a denominator is there against division by zero
FACTORED = 80  # operations in a sum that is factored
ROUNDS = 16  # of closing in on a zero
CELLS = 9  # whose share of the energy tells whether a grid shows the field or itself


@dataclass(frozen=True)
class NegativeBase:
    """A power with a broken exponent whose base is negative: from `low` to `high`, on the `share` of the box."""

    power: sp.Pow
    low: float
    high: float
    share: float


@dataclass(frozen=True)
class Spread:
    """How a field is spread: the largest and least |V|, and the share of the energy in the nine strongest cells."""

    largest: float
    least: float
    nine: float


def negative_bases(f: sp.Expr, mesh: Sequence[Floats], values: Values) -> list[NegativeBase]:
    """The powers with exponents that are no whole numbers, where their bases are negative."""
    found = []
    for power in sorted(f.atoms(sp.Pow), key=sp.default_sort_key):
        if power.exp.is_Rational and not power.exp.is_Integer and power.base.free_symbols:
            base = values(power.base, mesh)
            base = base[np.isfinite(base)]
            if base.size and base.min() < 0:
                share = float((base < 0).mean())
                found.append(NegativeBase(power, float(base.min()), float(base.max()), share))
    return found


def real_where(f: sp.Expr, symbols: Symbols) -> list[tuple[sp.Pow, sp.Symbol, sp.Interval]]:
    """The powers with broken exponents whose base is positive on one stretch of a coordinate, and that stretch."""
    found = []
    for power in sorted(f.atoms(sp.Pow), key=sp.default_sort_key):
        free = [s for s in symbols if s in power.base.free_symbols]
        if not power.exp.is_Rational or power.exp.is_Integer or len(free) != 1 or not power.base.is_rational_function():
            continue
        inside = sp.solve_univariate_inequality(power.base > 0, free[0], relational=False)
        if isinstance(inside, sp.Interval) and inside != sp.S.Reals:
            found.append((power, free[0], inside))
    return found


def modulus(f: sp.Expr) -> sp.Expr:
    """f with |b| in place of every base b of a broken exponent: |f|, where these are its only complex factors."""
    return f.replace(
        lambda e: isinstance(e, sp.Pow) and e.exp.is_Rational and not e.exp.is_Integer,
        lambda e: sp.Pow(sp.Abs(e.base), e.exp),
    )


def phase(f: sp.Expr, symbols: Symbols, points: Sequence[Sequence[float]]) -> complex | None:
    """The factor f / |f| up to a sign, when it is the same at all points; else None."""
    found = []
    for point in points:
        at = {s: sp.Float(c, 30) for s, c in zip(symbols, point, strict=True)}
        value, size = complex(f.subs(at).evalf(20)), complex(modulus(f).subs(at).evalf(20)).real
        if not size or value != value:
            return None
        found.append(value / size)
    if not found or max(abs(each - found[0]) for each in found) > 1e-9:
        return None
    return found[0]


def denominators(f: sp.Expr) -> list[sp.Expr]:
    """What f divides by."""
    return [power.base for power in sorted(f.atoms(sp.Pow), key=sp.default_sort_key) if power.exp.is_negative]


def guarded(f: sp.Expr) -> list[tuple[sp.Expr, sp.Expr]]:
    """Denominators with a tiny constant added against division by zero: what they guard, and the constant."""
    found = []
    for below in denominators(f):
        constant, rest = below.as_coeff_Add() if isinstance(below, sp.Add) else (sp.S.Zero, below)
        if rest.free_symbols and 0 < abs(constant) <= GUARD:
            found.append((rest, constant))
    return found


def reach(rest: sp.Expr, constant: sp.Expr, symbols: Symbols, values: Values) -> float | None:
    """The distance from the origin within which a guard outweighs what it guards, whatever the direction."""
    r = np.geomspace(1e-9, 1e9, 3601)
    found = []
    for way in [np.ones(len(symbols)), *np.eye(len(symbols))]:
        size = np.abs(values(modulus(rest), [r * c / np.linalg.norm(way) for c in way]))
        inside = np.flatnonzero(size < abs(float(constant)))
        if inside.size and inside[-1] < r.size - 1:
            ends = slice(inside[-1], inside[-1] + 2)
            with np.errstate(divide="ignore"):
                found.append(
                    float(np.exp(np.interp(np.log(abs(float(constant))), np.log(size[ends]), np.log(r[ends]))))
                )
    return min(found, default=None)


def singular_factors(f: sp.Expr, symbols: Symbols) -> list[sp.Expr]:
    """The factors of what f divides by, without guards, that depend on the coordinates and can vanish."""
    guards = {rest + constant: rest for rest, constant in guarded(f)}
    found: dict[sp.Expr, None] = {}
    for below in denominators(f):
        for factor in sp.Mul.make_args(guards.get(below, below)):
            base = factor.base if isinstance(factor, sp.Pow) and not factor.exp.is_negative else factor
            if isinstance(base, sp.exp) or base.is_positive:
                continue
            if sp.numer(base).free_symbols & set(symbols):
                found[base] = None
    return list(found)


def vanishing(factors: Sequence[sp.Expr], mesh: Sequence[Floats], values: Values) -> list[sp.Expr]:
    """Those factors that vanish on the box of the mesh: by a change of sign, or by closing in on the least value."""
    found = []
    for factor in factors:
        size = values(factor, mesh)
        finite = size[np.isfinite(size)]
        if finite.size and (finite.min() <= 0 <= finite.max() or _closes_in(factor, mesh, values)):
            found.append(factor)
    return found


def _closes_in(factor: sp.Expr, mesh: Sequence[Floats], values: Values) -> bool:
    """Whether ever smaller boxes around the least |factor| lead to a zero."""
    ends = [(float(x.min()), float(x.max())) for x in mesh]
    near, first = list(mesh), 0.0
    for turn in range(ROUNDS):
        size = np.abs(values(factor, near))
        if not np.isfinite(size).any():
            return False
        first = first or float(np.nanmax(size))
        place = np.unravel_index(np.nanargmin(size), size.shape)
        middle = [float(x[place]) for x in near]
        reach = [0.2 * (b - a) * 0.4**turn for a, b in ends]
        axes = [np.linspace(max(a, c - r), min(b, c + r), 9) for (a, b), c, r in zip(ends, middle, reach, strict=True)]
        near = list(np.meshgrid(*axes, indexing="ij"))
    return float(np.nanmin(size)) < 1e-9 * first


def cancelling(f: sp.Expr, symbols: Symbols) -> list[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """Sums that hide a factor of what f divides by: the sum, the factor with its power, and what is left."""
    below = {base for base in singular_factors(f, symbols) if isinstance(base, sp.Add)}
    below |= {power.base for power in f.atoms(sp.Pow) if power.exp.is_positive and isinstance(power.base, sp.Add)}
    found = []
    for total in sorted(f.atoms(sp.Add), key=sp.default_sort_key):
        if total in below or not 8 <= sp.count_ops(total) <= FACTORED or any(total.has(b) for b in below):
            continue
        factored = sp.factor(total)
        for factor in sp.Mul.make_args(factored):
            base, power = factor.as_base_exp()
            if base in below:
                found.append((total, factor, sp.cancel(factored / base**power)))
    return found


def angles(f: sp.Expr, symbols: Symbols) -> list[sp.Expr]:
    """The arctangents of products of two coordinates, whose arguments are areas."""
    found = []
    for call in sorted(f.atoms(sp.atan), key=sp.default_sort_key):
        factors = call.args[0].free_symbols & set(symbols)
        if len(factors) == 2 and sp.simplify(call.args[0] / sp.Mul(*factors)).is_number:
            found.append(call)
    return found


def spread(size: Floats) -> Spread:
    """How |V|, an array of any shape, is spread over its cells; cells without a value are passed over."""
    flat = np.sort(np.abs(size[np.isfinite(size)]).ravel())[::-1]
    if not flat.size or not flat[0]:
        return Spread(0.0, 0.0, 0.0)
    energy = (flat / flat[0]) ** 2
    positive = flat[flat > 0]
    return Spread(float(flat[0]), float(positive[-1]), float(energy[:CELLS].sum() / energy.sum()))


def separable(f: sp.Expr, symbols: Symbols) -> bool:
    """Whether the mixed derivatives vanish: f is a sum of functions of one coordinate each."""
    mixed = [sp.diff(f, a, b) for i, a in enumerate(symbols) for b in list(symbols)[:i]]
    return vanishes(mixed, symbols)
