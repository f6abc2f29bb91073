"""Functions of a complex variable z = x + iy: real and imaginary part, Cauchy and Riemann's equations, derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.calculus.budget import CALLS, within
from nabla.calculus.equality import equal

X, Y = sp.Symbol("x", real=True), sp.Symbol("y", real=True)
NOT_ANALYTIC = (sp.conjugate, sp.re, sp.im, sp.Abs, sp.arg, sp.sign)


@dataclass(frozen=True)
class ComplexParts:
    """f = u + iv with its four partial derivatives, all real in x and y; `holds` tells of u_x = v_y and u_y = -v_x,
    None where it could not be decided.
    """

    u: sp.Expr
    v: sp.Expr
    slopes: tuple[sp.Expr, sp.Expr, sp.Expr, sp.Expr]
    holds: tuple[bool | None, bool | None]

    @property
    def analytic(self) -> bool | None:
        """Whether both equations hold everywhere; None where one could not be decided and none fails."""
        return False if False in self.holds else None if None in self.holds else True

    def by_z(self) -> sp.Expr:
        """The derivative by z of Wirtinger, (f_x - i f_y)/2; of an analytic function it is f'(z)."""
        u_x, u_y, v_x, v_y = self.slopes
        return sp.simplify((u_x + v_y) / 2 + sp.I * (v_x - u_y) / 2)

    def by_conjugate(self) -> sp.Expr:
        """The derivative by the conjugate of z, (f_x + i f_y)/2; it is 0 where f is differentiable."""
        u_x, u_y, v_x, v_y = self.slopes
        return sp.simplify((u_x - v_y) / 2 + sp.I * (v_x + u_y) / 2)

    def places(self) -> list[dict[sp.Symbol, sp.Expr]] | None:
        """Where both equations hold, solved for x and y; None where that could not be found."""
        u_x, u_y, v_x, v_y = self.slopes
        gaps = [gap for gap in (sp.simplify(u_x - v_y), sp.simplify(u_y + v_x)) if gap != 0]
        if any(gap.is_number for gap in gaps):
            return []
        return within(5 * CALLS, lambda: _real_solutions(gaps), None)


def _real_solutions(gaps: Sequence[sp.Expr]) -> list[dict[sp.Symbol, sp.Expr]] | None:
    """The real x and y where all `gaps` are 0, of x = i y the one with y = 0; None where SymPy finds none."""
    try:
        ways = sp.solve(gaps, [X, Y], dict=True)
        found = []
        for way in ways:
            beside = [part for value in way.values() if (part := sp.expand_complex(value).as_real_imag()[1]) != 0]
            for rest in sp.solve(beside, [X, Y], dict=True) if beside else [{}]:
                found.append({symbol: sp.simplify(value.subs(rest)) for symbol, value in way.items()} | rest)
    except NotImplementedError:  # what SymPy raises for equations that it has no method for
        return None
    if not all(value.is_real for way in found for value in way.values()):
        return None
    return [way for i, way in enumerate(found) if way not in found[:i]]


def complex_parts(f: sp.Expr, z: sp.Symbol | None) -> ComplexParts | None:
    """The parts of `f`, a formula of z or of x and y; None where SymPy does not separate them in its time."""
    return within(6 * CALLS, lambda: _separated(f.subs(z, X + sp.I * Y) if z is not None else f), None)


def _separated(f: sp.Expr) -> ComplexParts | None:
    both = sp.expand_complex(f).as_real_imag()
    if any(part.has(sp.re, sp.im, sp.I) for part in both):
        return None
    u, v = (sp.simplify(part) for part in both)
    u_x, u_y, v_x, v_y = (sp.simplify(sp.diff(part, by)) for part in (u, v) for by in (X, Y))
    holds = equal(1 + u_x, 1 + v_y).equal, equal(1 + u_y, 1 - v_x).equal
    return ComplexParts(u, v, (u_x, u_y, v_x, v_y), holds)


def in_terms_of_z(f: sp.Expr, z: sp.Symbol) -> tuple[sp.Expr, sp.Expr] | None:
    """The derivatives of `f` by z and by its conjugate, in terms of these; None where f holds more than the two."""
    bar = sp.Symbol(f"{z.name}_bar")
    written = f.replace(sp.Abs, lambda a: sp.sqrt(a * sp.conjugate(a)))
    written = written.replace(sp.re, lambda a: (a + sp.conjugate(a)) / 2)
    written = written.replace(sp.im, lambda a: (a - sp.conjugate(a)) / (2 * sp.I))
    written = written.subs(sp.conjugate(z), bar)
    if written.has(*NOT_ANALYTIC):
        return None
    back = {bar: sp.conjugate(z)}
    slopes = (sp.simplify(sp.diff(written, by)).subs(back) for by in (z, bar))
    by_z, by_bar = slopes
    return by_z, by_bar


PLACES = (0.7 + 0.4j, -0.6 + 0.9j, 1.1 - 0.8j, -0.4 - 0.7j)  # of checks, off the axes and the usual cuts
STEP = sp.Rational(1, 10**10)


def value_near(f: sp.Expr, variables: Sequence[sp.Symbol], place: sp.Expr, digits: int = 30) -> complex | None:
    """The value of `f` at a complex place; `variables` are z, or x and y. None where it has none."""
    values = (place,) if len(variables) == 1 else place.as_real_imag()
    value = f.subs(dict(zip(variables, values, strict=True)), simultaneous=True).evalf(digits)
    return None if not value.is_number or value.has(sp.nan, sp.zoo, sp.oo) else complex(value)


def quotients(f: sp.Expr, variables: Sequence[sp.Symbol], place: complex) -> list[complex]:
    """Difference quotients of `f` at a place in three directions, in 30 digits; none where a value is missing."""
    here = sp.Rational(str(place.real)) + sp.I * sp.Rational(str(place.imag))
    found = []
    for direction in (sp.S.One, sp.I, sp.Rational(3, 5) + sp.I * sp.Rational(4, 5)):
        names = dict(zip(variables, (here,) if len(variables) == 1 else here.as_real_imag(), strict=True))
        moved = dict(
            zip(
                variables,
                (STEP * direction,) if len(variables) == 1 else (STEP * direction).as_real_imag(),
                strict=True,
            )
        )
        ahead, behind = (
            f.subs({s: names[s] + sign * moved[s] for s in variables}, simultaneous=True) for sign in (1, -1)
        )
        slope = ((ahead - behind) / (2 * STEP * direction)).evalf(15, maxn=60)
        if not slope.is_number or slope.has(sp.nan, sp.zoo, sp.oo):
            return []
        found.append(complex(slope))
    return found


def same_at_places(one: sp.Expr, other: sp.Expr, variables: Sequence[sp.Symbol]) -> bool | None:
    """Whether two formulas have the same values at places off the axes; None where none could be compared."""
    compared = []
    for place in PLACES:
        here = sp.Rational(str(place.real)) + sp.I * sp.Rational(str(place.imag))
        values = value_near(one, variables, here), value_near(other, variables, here)
        if values[0] is not None and values[1] is not None:
            compared.append(abs(values[0] - values[1]) <= 1e-12 * max(1.0, abs(values[0])))
    return all(compared) if compared else None
