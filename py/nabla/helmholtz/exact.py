"""Decompositions in formulas, where there are any.

A field is taken apart into terms whose parts are known:

- fields without divergence or without curl are their own S or H, those without both are harmonic;
- a component that does not depend on its own coordinate is S, one that depends on nothing else is H: the direct
  integration of V = [f, 0, 0] with f = g(z) + k(x);
- for polynomials times exponentials, sines and cosines, u with Laplacian u = V_i is found term by term, and H = grad
  div u, S = V - H: E. Glötzl, O. Richters, Helmholtz decomposition and potential functions for n-dimensional analytic
  vector fields, J. Math. Anal. Appl. 525 (2023) 127138;
- polynomials times Gaussians are derivatives of Gaussians, for which grad u is elementary.

Results are tested at random points to thirty digits before they are returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.helmholtz.poisson import NotElementary, gaussian_gradient, inverse_laplacian

LARGEST = 160  # operations in a field that is looked at
DIGITS = 30
SMALL = 1e-18

Field = tuple[sp.Expr, ...]
Symbols = Sequence[sp.Symbol]


@dataclass(frozen=True)
class Exact:
    """V = S + H + harmonic in formulas. `unique` when V decays, so that no other parts on the whole space do."""

    S: Field
    H: Field
    harmonic: Field
    ways: tuple[str, ...]
    unique: bool


def divergence(field: Field, symbols: Symbols) -> sp.Expr:
    """The divergence of a field in formulas."""
    return sp.Add(*(sp.diff(f, x) for f, x in zip(field, symbols, strict=True)))


def curl(field: Field, symbols: Symbols) -> Field:
    """The curl in formulas: one component in the plane, three in space."""
    if len(field) == 2:
        return (sp.diff(field[1], symbols[0]) - sp.diff(field[0], symbols[1]),)
    return tuple(sp.diff(field[k], symbols[j]) - sp.diff(field[j], symbols[k]) for j, k in ((1, 2), (2, 0), (0, 1)))


def vanishes(expressions: Sequence[sp.Expr], symbols: Symbols) -> bool:
    """Whether all are zero, next to their own terms, at points where a coincidence is out of the question."""
    points = [[sp.Rational(7 * i + 3 * p + 2, 11 + 2 * p) for i in range(len(symbols))] for p in (0, 1, 2)]
    for expression in expressions:
        for point in points if expression != 0 else []:
            at = list(zip(symbols, point, strict=True))
            terms = [term.subs(at).evalf(DIGITS) for term in sp.Add.make_args(expression)]
            if not all(term.is_number and term.is_finite for term in terms):
                return False
            if abs(sum(terms)) > SMALL * sum(abs(term) for term in terms):
                return False
    return True


def decompose(V: Field, symbols: Symbols) -> Exact | None:
    """The parts of V in formulas, or None where none are known. As many symbols as components, two or three."""
    if sum(sp.count_ops(f) for f in V) > LARGEST or any(f.has(sp.Piecewise, sp.Abs, sp.sign, sp.Heaviside) for f in V):
        return None
    if all(f == 0 for f in V):
        return None
    zero: Field = (sp.S.Zero,) * len(V)
    parts = {"S": zero, "H": zero, "harmonic": zero}
    ways: list[str] = []
    groups = [V] if _kind(V, symbols) else list(_groups(V, symbols).values())
    try:
        for group in groups:
            for name, field, way in _parts(group, symbols):
                parts[name] = _sum(parts[name], field)
                ways.append(way)
    except (NotElementary, RecursionError):
        return None
    S, H, rest = (tuple(map(_tidied, parts[name])) for name in ("S", "H", "harmonic"))
    found = Exact(S, H, rest, tuple(dict.fromkeys(ways)), unique=all(_decays(f, symbols) for f in V))
    return found if holds(found, V, symbols) else None


def holds(found: Exact, V: Field, symbols: Symbols) -> bool:
    """Whether div S = 0, curl H = 0, both for the rest, and the sum is V, at random points."""
    rest = found.harmonic
    none = [divergence(found.S, symbols), *curl(found.H, symbols), divergence(rest, symbols), *curl(rest, symbols)]
    left = [v - s - h - r for v, s, h, r in zip(V, found.S, found.H, rest, strict=True)]
    return vanishes([*none, *left], symbols)


def _terms(f: sp.Expr) -> list[sp.Expr]:
    return [term for term in sp.Add.make_args(sp.expand(f, power_exp=False)) if term != 0]


def _kind(field: Field, symbols: Symbols) -> str:
    """Which part the field is as a whole, or nothing."""
    straight = vanishes(curl(field, symbols), symbols)
    if vanishes([divergence(field, symbols)], symbols):
        return "harmonic" if straight else "S"
    return "H" if straight else ""


def _groups(V: Field, symbols: Symbols) -> dict[sp.Expr, Field]:
    """The terms of V by what they have besides powers of the coordinates: the field of each exponential, sine, ..."""
    groups: dict[sp.Expr, list[sp.Expr]] = {}
    for i, component in enumerate(V):
        for term in _terms(component):
            key = sp.Mul(*(factor for factor in sp.Mul.make_args(term) if not factor.is_polynomial(*symbols)))
            groups.setdefault(key, [sp.S.Zero] * len(V))[i] += term
    return {key: tuple(field) for key, field in groups.items()}


def _parts(field: Field, symbols: Symbols) -> list[tuple[str, Field, str]]:
    """The parts of one group of terms: name, field, and the way by which it was found."""
    if kind := _kind(field, symbols):
        return [(kind, field, "is" if kind != "harmonic" else "harmonic")]
    found: list[tuple[str, Field, str]] = []
    gradient: Field = (sp.S.Zero,) * len(field)
    for i, component in enumerate(field):
        for term in _terms(component):
            free = term.free_symbols & set(symbols)
            alone = tuple(term if j == i else sp.S.Zero for j in range(len(field)))
            if not free:
                found.append(("harmonic", alone, "harmonic"))
            elif symbols[i] not in free:
                found.append(("S", alone, "direct"))
            elif free == {symbols[i]}:
                found.append(("H", alone, "direct"))
            else:
                slopes, way = _second_derivatives(term, i, symbols)
                gradient = _sum(gradient, slopes)
                found.append(("H", slopes, way))
                found.append(("S", tuple(a - b for a, b in zip(alone, slopes, strict=True)), way))
    return found


def _second_derivatives(term: sp.Expr, i: int, symbols: Symbols) -> tuple[Field, str]:
    """grad of the derivative by symbols[i] of a u with Laplacian u = term."""
    slopes = gaussian_gradient(term, symbols)
    if slopes is not None:
        return tuple(sp.diff(slopes[i], x) for x in symbols), "gaussian"
    u = inverse_laplacian(term, symbols)
    return tuple(sp.diff(u, symbols[i], x) for x in symbols), "poisson"


def _sum(a: Field, b: Field) -> Field:
    return tuple(f + g for f, g in zip(a, b, strict=True))


def _tidied(expression: sp.Expr) -> sp.Expr:
    if expression.has(sp.I):
        expression = sp.expand(expression, complex=True)
    short = sp.factor_terms(sp.expand(expression, power_exp=False))
    return min((expression, short), key=sp.count_ops)


def _decays(f: sp.Expr, symbols: Symbols) -> bool:
    """Whether every term holds a Gaussian of all coordinates."""
    return all(gaussian_gradient(term, symbols) is not None for term in _terms(f))
