"""Particular solutions of Laplacian u = f by families: products of waves, functions of one length, polynomials times a
function of one coordinate, and polynomials times a function of the distance from a point.

For a harmonic polynomial P of degree l, Laplacian (P g(r)) = P (g'' + (2 l + d - 1) g' / r), and every polynomial is a
sum of r^(2 j) P_l: E. W. Hobson, The Theory of Spherical and Ellipsoidal Harmonics, chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.calculus.integrals import antiderivative
from nabla.helmholtz.poisson import gaussian_gradient, inverse_laplacian

Symbols = Sequence[sp.Symbol]
Field = tuple[sp.Expr, ...]
HIGHEST = 8  # degree of a polynomial factor
SHORT = 60  # operations of a factor that is integrated
SQUARES = {sp.sin: -1, sp.cos: -1, sp.exp: 1, sp.sinh: 1, sp.cosh: 1}  # f'' over f, for a slope of 1


def laplacian(u: sp.Expr, symbols: Symbols) -> sp.Expr:
    """The Laplacian in Cartesian coordinates."""
    return sp.Add(*(sp.diff(u, x, 2) for x in symbols))


def particular_gradient(f: sp.Expr, symbols: Symbols) -> Field:
    """grad u of some u with Laplacian u = f, each term by the first family that it belongs to.

    Raises:
        NotElementary: for a term of no family.
    """
    total: Field = (sp.S.Zero,) * len(symbols)
    for term in terms(f):
        total = tuple(a + b for a, b in zip(total, _term(term, symbols), strict=True))
    return total


def terms(f: sp.Expr) -> list[sp.Expr]:
    """The terms of a sum; powers of sums stay as they are below a line and multiply out above it."""
    keep = {part: sp.Dummy(real=True) for part in f.atoms(sp.Pow) if not part.exp.is_nonnegative and part.base.is_Add}
    back = {dummy: part for part, dummy in keep.items()}
    expanded = sp.expand(f.xreplace(keep), power_exp=False)
    return [term.xreplace(back) for term in sp.Add.make_args(expanded) if term != 0]


def _term(term: sp.Expr, symbols: Symbols) -> Field:
    decaying = gaussian_gradient(term, symbols)
    if decaying is not None:
        return decaying
    for family in (_wave, _alone, _straight):
        found = family(term, symbols)
        if found is not None:
            return _slopes(found, symbols)
    around = _radial(term, symbols)
    return around if around is not None else _slopes(inverse_laplacian(term, symbols), symbols)


def _slopes(u: sp.Expr, symbols: Symbols) -> Field:
    return tuple(sp.diff(u, s) for s in symbols)


def _wave(f: sp.Expr, symbols: Symbols) -> sp.Expr | None:
    """A product of waves and exponentials, each of coordinates of its own: Laplacian f = c f, u = f / c."""
    total: sp.Expr = sp.S.Zero
    seen: set[sp.Basic] = set()
    for part in sp.Mul.make_args(sp.powsimp(f, combine="exp")):
        free = part.free_symbols & set(symbols)
        if not free:
            continue
        sign = SQUARES.get(part.func)
        if sign is None or free & seen or not part.args[0].is_polynomial(*symbols):
            return None
        form = sp.Poly(part.args[0], *symbols)
        if form.total_degree() > 1:
            return None
        seen |= free
        total += sign * sum(form.coeff_monomial(s) ** 2 for s in symbols)
    return f / total if sp.expand(total) != 0 else None


def _alone(f: sp.Expr, symbols: Symbols) -> sp.Expr | None:
    """A polynomial of some coordinates times a function of one other."""
    for x in symbols:
        own, rest = f.as_independent(x, as_Add=False)[::-1]
        others = [s for s in symbols if s != x]
        if not rest.is_polynomial(*others) or own.free_symbols & set(others) or sp.count_ops(own) > SHORT:
            continue
        if rest.free_symbols & set(others) and sp.Poly(rest, *others).total_degree() > HIGHEST:
            continue
        total, level, factor, sign = sp.S.Zero, own, rest, 1
        while factor != 0:
            level = _twice(level, x)
            if level is None:
                break
            total += sign * factor * level
            factor, sign = sp.expand(laplacian(factor, others)), -sign
        else:
            return total
    return None


def _twice(f: sp.Expr, x: sp.Symbol) -> sp.Expr | None:
    once = antiderivative(f, x)
    return None if once is None else antiderivative(sp.expand(once), x)


def _straight(f: sp.Expr, symbols: Symbols) -> sp.Expr | None:
    """A function of one linear combination of the coordinates."""
    free = [s for s in symbols if s in f.free_symbols]
    if len(free) < 2 or sp.count_ops(f) > SHORT:
        return None
    slopes = [sp.diff(f, s) for s in free]
    told = [_constant(slope / slopes[0], free) for slope in slopes]
    ratios = [ratio for ratio in told if ratio is not None]
    if len(ratios) < len(told):
        return None
    t = sp.Dummy("t", real=True)
    along = f.subs(free[0], t - sum(r * s for r, s in zip(ratios[1:], free[1:], strict=True)))
    along = sp.simplify(along)
    if along.free_symbols & set(symbols):
        return None
    twice = _twice(along, t)
    if twice is None:
        return None
    line = sum(r * s for r, s in zip(ratios, free, strict=True))
    return twice.subs(t, line) / sum(r**2 for r in ratios)


def _constant(expr: sp.Expr, free: Symbols) -> sp.Rational | None:
    """The rational number that an expression is at several points, if it is one."""
    values = []
    for shift in (3, 5, 8):
        at = {s: sp.Rational(7 * i + shift, 11 + shift) for i, s in enumerate(free)}
        value = expr.subs(at).evalf(20)
        if not value.is_Float and not value.is_Integer:
            return None
        values.append(float(value))
    guess = sp.Rational(values[0]).limit_denominator(64)
    return guess if all(abs(v - float(guess)) < 1e-14 * max(1.0, abs(v)) for v in values) else None


def _radial(f: sp.Expr, symbols: Symbols) -> Field | None:
    """A polynomial times a function of the distance from a point."""
    found = _around(f, symbols)
    if found is None:
        return None
    total: Field = (sp.S.Zero,) * len(symbols)
    for harmonic, slope, degree in found.terms:
        shape = antiderivative(slope, found.r) if degree else sp.S.Zero
        if shape is None:
            return None
        here = (shape * sp.diff(harmonic, s) + harmonic * slope * s / found.r for s in symbols)
        total = tuple(a + b for a, b in zip(total, here, strict=True))
    return tuple(found.placed(each, symbols) for each in total)


def radial_hessian_row(f: sp.Expr, i: int, symbols: Symbols) -> Field | None:
    """grad of the derivative by symbols[i] of a u with Laplacian u = f, a polynomial times a function of a distance.

    For polynomials of the first degree only the slope of g is needed, which is elementary where g is not.
    """
    found = _around(f, symbols)
    if found is None:
        return None
    total: Field = (sp.S.Zero,) * len(symbols)
    for harmonic, slope, degree in found.terms:
        shape = antiderivative(slope, found.r) if degree > 1 else sp.S.Zero
        if shape is None:
            return None
        q = slope / found.r
        row = []
        for j, s in enumerate(symbols):
            first, other = sp.diff(harmonic, symbols[i]), sp.diff(harmonic, s)
            bent = sp.diff(q, found.r) / found.r * symbols[i] * s + (q if i == j else 0)
            row.append(sp.diff(first, s) * shape + (first * s + other * symbols[i]) * q + harmonic * bent)
        total = tuple(a + b for a, b in zip(total, row, strict=True))
    return tuple(found.placed(each, symbols) for each in total)


@dataclass(frozen=True)
class Around:
    """A function around a point: harmonic polynomials, each with the slope of its factor g(r) and its degree."""

    terms: tuple[tuple[sp.Expr, sp.Expr, int], ...]
    r: sp.Symbol
    centre: tuple[sp.Expr, ...]

    def placed(self, expr: sp.Expr, symbols: Symbols) -> sp.Expr:
        """An expression of r and the coordinates from the point, in the coordinates themselves."""
        whole = expr.subs(self.r, sp.sqrt(sum(s**2 for s in symbols)))
        moved = {s: s - c for s, c in zip(symbols, self.centre, strict=True) if c != 0}
        return whole.subs(moved, simultaneous=True) if moved else whole


def _around(f: sp.Expr, symbols: Symbols) -> Around | None:
    r = sp.Dummy("r", positive=True)
    polynomial = sp.Mul(*(part for part in sp.Mul.make_args(f) if part.is_polynomial(*symbols)))
    rest = f / polynomial
    if not rest.free_symbols & set(symbols) or sp.count_ops(rest) > SHORT:
        return None
    centre = _centre(rest, symbols)
    if centre is None:
        return None
    moved = {s: s + c for s, c in zip(symbols, centre, strict=True)}
    profile = _profile(rest.subs(moved, simultaneous=True), symbols, r)
    if profile is None:
        return None
    P = sp.expand(polynomial.subs(moved, simultaneous=True))
    if sp.Poly(P, *symbols).total_degree() > HIGHEST:
        return None
    found = []
    for power, harmonic, degree in _harmonics(P, symbols):
        slope = _slope(profile * r ** (2 * power), r, 2 * degree + len(symbols) - 1)
        if slope is None:
            return None
        found.append((harmonic, slope, degree))
    return Around(tuple(found), r, tuple(centre))


def _centre(f: sp.Expr, symbols: Symbols) -> list[sp.Expr] | None:
    """The point that a function depends on the distance from, by the first quadratic in it with equal squares."""
    for part in sp.preorder_traversal(f):
        if part.is_polynomial(*symbols) and part.free_symbols >= set(symbols):
            form = sp.Poly(part, *symbols)
            squares = {form.coeff_monomial(s**2) for s in symbols}
            if form.total_degree() == 2 and len(squares) == 1 and (a := squares.pop()) != 0:
                return [-form.coeff_monomial(s) / (2 * a) for s in symbols]
    return None


def _profile(f: sp.Expr, symbols: Symbols, r: sp.Symbol) -> sp.Expr | None:
    first, *others = symbols
    here = [sp.Rational(3 + i, 7) for i in range(len(symbols))]
    there = [sp.sqrt(sum(c**2 for c in here)), *([sp.S.Zero] * len(others))]
    a, b = (f.subs(dict(zip(symbols, point, strict=True))).evalf(20) for point in (here, there))
    if not (a.is_number and b.is_number) or abs(a - b) > 1e-15 * abs(a):
        return None
    square = r**2 - sum(s**2 for s in others)
    made = sp.simplify(f.subs(first**2, square).subs(first, sp.sqrt(square)))
    return None if made.free_symbols & set(symbols) else made


def _harmonics(P: sp.Expr, symbols: Symbols) -> list[tuple[int, sp.Expr, int]]:
    """P as a sum of r^(2 j) H with harmonic H: (j, H, degree of H) of each term."""
    found: list[tuple[int, sp.Expr, int]] = []
    form = sp.Poly(P, *symbols)
    d, square = len(symbols), sum(s**2 for s in symbols)
    degrees = sorted({sum(powers) for powers in form.monoms()}, reverse=True)
    for n in degrees:
        left = sum(c * sp.prod(s**k for s, k in zip(symbols, m, strict=True)) for m, c in form.terms() if sum(m) == n)
        for j in range(n // 2, -1, -1):
            # The j-th Laplacian of what is left is that of its term r^(2 j) H alone, times a known number.
            top = left
            for _ in range(j):
                top = sp.expand(laplacian(top, symbols))
            if top == 0:
                continue
            degree = n - 2 * j
            scale = sp.Integer(1)
            for k in range(1, j + 1):
                scale *= 2 * k * (2 * k + 2 * degree + d - 2)
            harmonic = top / scale
            found.append((j, sp.expand(harmonic), degree))
            left = sp.expand(left - square**j * harmonic)
    return found


def _slope(f: sp.Expr, r: sp.Symbol, k: int) -> sp.Expr | None:
    """g' of g'' + k g' / r = f, regular at r = 0 where there is such a one."""
    inner = antiderivative(sp.powsimp(f * r**k), r)
    if inner is None:
        return None
    at_zero = inner.subs(r, 0)
    return sp.expand((inner - at_zero if at_zero.is_finite else inner) / r**k)
