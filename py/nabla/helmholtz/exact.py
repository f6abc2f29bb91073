"""Decompositions in formulas, where there are any.

A field is taken apart into terms whose parts are known:

- charges and vortices at the points where the field is singular are H and S, and are taken off first;
- fields without divergence or without curl are their own S or H, those without both are harmonic;
- a component that does not depend on its own coordinate is S, one that depends on nothing else is H: the direct
  integration of V = [f, 0, 0] with f = g(z) + k(x);
- for what is left, H = grad u with Laplacian u = div V, or in the plane S = (du/dy, -du/dx) with Laplacian u = -curl V,
  by the families of `nabla.helmholtz.families`; for polynomials times waves: E. Glötzl, O. Richters, Helmholtz
  decomposition and potential functions for n-dimensional analytic vector fields, J. Math. Anal. Appl. 525 (2023)
  127138.

Results are tested at random points to thirty digits before they are returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.budget import CALLS, within
from nabla.helmholtz.families import particular_gradient, radial_hessian_row, terms
from nabla.helmholtz.poisson import NotElementary
from nabla.vector import operators
from nabla.vector.coordinates import cartesian
from nabla.vector.holes import Hole, holes

LARGEST = 160  # operations in a field that is looked at
TIDY = 240  # operations of a result that is put in order
DIGITS = 30
SMALL = 1e-18

Field = tuple[sp.Expr, ...]
Symbols = Sequence[sp.Symbol]


WORK = 40 * CALLS  # function calls that solving may take
FAR = (1e2, 1e4, 1e6)  # distances at which parts that decay are looked at


@dataclass(frozen=True)
class Exact:
    """V = S + H + harmonic in formulas. `unique` when S and H decay, so that no other parts on the whole space do."""

    S: Field
    H: Field
    harmonic: Field
    ways: tuple[str, ...]
    unique: bool


def divergence(field: Field, symbols: Symbols) -> sp.Expr:
    """The divergence of a field in formulas."""
    return operators.divergence(field, cartesian(symbols))


def curl(field: Field, symbols: Symbols) -> Field:
    """The curl in formulas: one component in the plane, three in space."""
    return operators.curl(field, cartesian(symbols))


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
    made = within(WORK, lambda: _summed(V, symbols), None)
    if made is None:
        return None
    parts, ways = made
    S, H, rest = (tuple(map(_tidied, parts[name])) for name in ("S", "H", "harmonic"))
    unique = not any(rest) and within(CALLS, lambda: _decay((*S, *H), symbols), False)
    found = Exact(S, H, rest, tuple(dict.fromkeys(ways)), unique)
    return found if within(WORK, lambda: holds(found, V, symbols), False) else None


def _summed(V: Field, symbols: Symbols) -> tuple[dict[str, Field], list[str]] | None:
    """The three parts as sums of what was found, and the ways; None where a term is of no family."""
    zero: Field = (sp.S.Zero,) * len(V)
    parts = {"S": zero, "H": zero, "harmonic": zero}
    ways: list[str] = []
    charges, vortices = _singular(V, symbols)
    if any(charges) or any(vortices):
        ways.append("singular")
    left = tuple(v - a - b for v, a, b in zip(V, charges, vortices, strict=True))
    left = tuple(sp.simplify(v) if v.is_rational_function(*symbols) and v not in V else v for v in left)
    try:
        for name, field, way in (("H", charges, "singular"), ("S", vortices, "singular"), *_parts(left, symbols)):
            parts[name] = _sum(parts[name], field)
            ways.append(way)
    except (NotElementary, RecursionError):
        return None
    return parts, [way for way in ways if way != "singular" or any(charges) or any(vortices)]


def holds(found: Exact, V: Field, symbols: Symbols) -> bool:
    """Whether div S = 0, curl H = 0, both for the rest, and the sum is V, at random points."""
    rest = found.harmonic
    none = [divergence(found.S, symbols), *curl(found.H, symbols), divergence(rest, symbols), *curl(rest, symbols)]
    left = [v - s - h - r for v, s, h, r in zip(V, found.S, found.H, rest, strict=True)]
    return vanishes([*none, *left], symbols)


def _singular(V: Field, symbols: Symbols) -> tuple[Field, Field]:
    """The fields of the charges and the vortices where V is singular: of points, and of straight lines in space."""
    charges: Field = (sp.S.Zero,) * len(V)
    vortices = charges
    for hole in holes(V, symbols)[0]:
        if hole.flux not in (None, 0):
            charges = _sum(charges, _charge(hole, symbols))
        if hole.circulation not in (None, 0):
            vortices = _sum(vortices, _vortex(hole, symbols))
    return charges, vortices


def _charge(hole: Hole, symbols: Symbols) -> Field:
    away = [s - c for s, c in zip(hole.symbols, hole.place, strict=True)]
    square = sum(a**2 for a in away)
    size = hole.flux / (2 * sp.pi * square) if len(away) == 2 else hole.flux / (4 * sp.pi * square ** sp.Rational(3, 2))
    along = dict(zip(hole.symbols, away, strict=True))
    return tuple(along.get(s, sp.S.Zero) * size for s in symbols)


def _vortex(hole: Hole, symbols: Symbols) -> Field:
    """Around a point of the plane, or a line in space: counter-clockwise seen from the end of its axis."""
    names, place = list(hole.symbols), list(hole.place)
    if hole.along is not None and list(symbols).index(hole.along) == 1:
        names, place = names[::-1], place[::-1]
    a, b = (s - c for s, c in zip(names, place, strict=True))
    size = hole.circulation / (2 * sp.pi * (a**2 + b**2))
    turned = {names[0]: -b * size, names[1]: a * size}
    return tuple(turned.get(s, sp.S.Zero) for s in symbols)


def _kind(field: Field, symbols: Symbols) -> str:
    """Which part the field is as a whole, or nothing."""
    straight = vanishes(curl(field, symbols), symbols)
    if vanishes([divergence(field, symbols)], symbols):
        return "harmonic" if straight else "S"
    return "H" if straight else ""


def _parts(field: Field, symbols: Symbols) -> list[tuple[str, Field, str]]:
    """The parts of what has no charge and no vortex: name, field, and the way by which it was found."""
    if not any(field):
        return []
    if kind := _kind(field, symbols):
        return [(kind, field, "is" if kind != "harmonic" else "harmonic")]
    found, field = _pure(field, symbols)
    left: list[sp.Expr] = []
    for i, component in enumerate(field):
        kept = sp.S.Zero
        for term in terms(component):
            free = term.free_symbols & set(symbols)
            alone = _alone(term, i, field)
            if not free:
                found.append(("harmonic", alone, "harmonic"))
            elif symbols[i] not in free:
                found.append(("S", alone, "direct"))
            elif free == {symbols[i]}:
                found.append(("H", alone, "direct"))
            else:
                kept += term
        left.append(kept)
    rest = tuple(left)
    if not any(rest):
        return found
    if kind := _kind(rest, symbols):
        return [*found, (kind, rest, "is" if kind != "harmonic" else "harmonic")]
    return [*found, *_by_poisson(rest, symbols)]


def _pure(field: Field, symbols: Symbols) -> tuple[list[tuple[str, Field, str]], Field]:
    """The terms that have the same factor besides powers of the coordinates, where they are S or H; and the others."""
    groups: dict[sp.Expr, list[sp.Expr]] = {}
    for i, component in enumerate(field):
        for term in terms(component):
            key = sp.Mul(*(factor for factor in sp.Mul.make_args(term) if not factor.is_polynomial(*symbols)))
            groups.setdefault(key, [sp.S.Zero] * len(field))[i] += term
    found: list[tuple[str, Field, str]] = []
    rest: Field = (sp.S.Zero,) * len(field)
    for group in map(tuple, groups.values()):
        if len(groups) > 1 and (kind := _kind(group, symbols)):
            found.append((kind, group, "is" if kind != "harmonic" else "harmonic"))
        else:
            rest = _sum(rest, group)
    return found, rest


def _by_poisson(V: Field, symbols: Symbols) -> list[tuple[str, Field, str]]:
    """What depends on a distance on its own, the rest as a whole or term by term."""
    found: list[tuple[str, Field, str]] = []
    rest: list[tuple[int, sp.Expr]] = []
    for i, component in enumerate(V):
        for term in terms(component):
            row = radial_hessian_row(term, i, symbols)
            if row is None:
                rest.append((i, term))
            else:
                S = tuple(a - b for a, b in zip(_alone(term, i, V), row, strict=True))
                found += [("H", row, "poisson"), ("S", S, "poisson")]
    alone = [_alone(term, i, V) for i, term in rest]
    if not alone:
        return found
    try:
        return [*found, *_split(tuple(map(sp.Add, *alone)) if alone[1:] else alone[0], symbols)]
    except NotElementary:
        return [*found, *(part for field in alone for part in _split(field, symbols))]


def _alone(term: sp.Expr, i: int, V: Field) -> Field:
    return tuple(term if j == i else sp.S.Zero for j in range(len(V)))


def _split(V: Field, symbols: Symbols) -> list[tuple[str, Field, str]]:
    """H as a gradient, or in the plane S as a turned one.

    Raises:
        NotElementary: neither is known.
    """
    try:
        H = particular_gradient(divergence(V, symbols), symbols)
        S: Field = tuple(v - h for v, h in zip(V, H, strict=True))
    except NotElementary:
        if len(V) == 3:
            raise
        u = particular_gradient(-curl(V, symbols)[0], symbols)
        S = (u[1], -u[0])
        H = tuple(v - s for v, s in zip(V, S, strict=True))
    return [("S", S, "poisson"), ("H", H, "poisson")]


def _sum(a: Field, b: Field) -> Field:
    return tuple(f + g for f, g in zip(a, b, strict=True))


def _tidied(expression: sp.Expr) -> sp.Expr:
    if expression.has(sp.I):
        expression = sp.expand(expression, complex=True)
    if sp.count_ops(expression) > TIDY:
        return expression
    short = within(CALLS, lambda: sp.factor_terms(sp.expand(expression, power_exp=False)), expression)
    return min((expression, short), key=sp.count_ops)


def _decay(parts: Field, symbols: Symbols) -> bool:
    """Whether all of them go to zero in every direction, by their values at large distances."""
    rng = np.random.default_rng(2)
    ways = rng.normal(size=(len(symbols), 24))
    ways /= np.linalg.norm(ways, axis=0)
    if not all(has_values(f) and f.free_symbols <= set(symbols) for f in parts):
        return False
    sizes = []
    for far in FAR:
        at = dict(zip(symbols, far * ways, strict=True))
        values = [np.broadcast_to(evaluate(f, at), (24,)) for f in parts]
        if not np.isfinite(values).all():
            return False
        sizes.append(float(np.abs(values).max()))
    return all(b <= 0.2 * a for a, b in pairwise(sizes))
