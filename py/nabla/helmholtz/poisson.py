"""Solutions of Laplacian u = f in formulas, for the terms for which there are elementary ones."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

HIGHEST = 14  # degree of a polynomial factor

Symbols = Sequence[sp.Symbol]


class NotElementary(Exception):
    """No elementary solution is known for this term."""


def inverse_laplacian(f: sp.Expr, symbols: Symbols) -> sp.Expr:
    """Some u with Laplacian u = f, for polynomials times exponentials, sines and cosines of linear arguments.

    Raises:
        NotElementary: for any other f.
    """
    total = sp.S.Zero
    for term in sp.Add.make_args(sp.expand(sp.expand(f.rewrite(sp.exp)), power_exp=False)):
        slopes, polynomial, constant = _taken_apart(sp.powsimp(term, combine="exp"), symbols)
        total += _real_part(constant * _polynomial_factor(slopes, polynomial, symbols), slopes, symbols)
    return total


def _real_part(factor: sp.Expr, slopes: Sequence[sp.Expr], symbols: Symbols) -> sp.Expr:
    """That of a polynomial times exp(slopes . x): of a real f the terms come in pairs whose imaginary parts cancel."""
    ends = [sp.expand(a).as_real_imag() for a in slopes]
    growth, phase = (sum(each[i] * x for each, x in zip(ends, symbols, strict=True)) for i in (0, 1))
    form = sp.Poly(sp.expand(factor), *symbols)
    sizes = {powers: sp.expand(value, complex=True).as_real_imag() for powers, value in form.terms()}
    real, imaginary = (sp.Poly({p: v[i] for p, v in sizes.items()}, *symbols).as_expr() for i in (0, 1))
    return sp.exp(growth) * (real * sp.cos(phase) - imaginary * sp.sin(phase))


def _taken_apart(term: sp.Expr, symbols: Symbols) -> tuple[list[sp.Expr], sp.Expr, sp.Expr]:
    """A term as (slopes of the exponent, polynomial, constant factor)."""
    slopes = [sp.S.Zero] * len(symbols)
    polynomial = constant = sp.S.One
    for factor in sp.Mul.make_args(term):
        if not factor.free_symbols & set(symbols):
            constant *= factor
        elif factor.is_polynomial(*symbols):
            polynomial *= factor
        elif isinstance(factor, sp.exp) and factor.exp.is_polynomial(*symbols):
            exponent = sp.Poly(factor.exp, *symbols)
            if exponent.total_degree() > 1:
                raise NotElementary
            slopes = [s + exponent.coeff_monomial(x) for s, x in zip(slopes, symbols, strict=True)]
            constant *= sp.exp(exponent.coeff_monomial(1))
        else:
            raise NotElementary
    if sp.Poly(polynomial, *symbols).total_degree() > HIGHEST:
        raise NotElementary
    return slopes, polynomial, constant


def _polynomial_factor(a: Sequence[sp.Expr], p: sp.Expr, symbols: Symbols) -> sp.Expr:
    """q with (Laplacian + 2 a . grad + a . a) q = p: by a series that ends, since each round lowers a degree."""
    square = sp.expand(sum(each**2 for each in a))

    def rest(q: sp.Expr, without: sp.Symbol | None, power: int) -> sp.Expr:
        """(Laplacian + 2 a . grad) q, without the derivative of that power by one symbol."""
        parts = []
        for s, x in zip(a, symbols, strict=True):
            if not (x == without and power == 2):
                parts.append(sp.diff(q, x, 2))
            if not (x == without and power == 1):
                parts.append(2 * s * sp.diff(q, x))
        return sp.expand(sp.Add(*parts))

    if square != 0:

        def inverted(q: sp.Expr) -> sp.Expr:
            return sp.expand(q / square)

        along, power = None, 0
    else:
        along = next((x for s, x in zip(a, symbols, strict=True) if s != 0), None)
        power = 1 if along is not None else 2
        along = along if along is not None else symbols[0]
        slope = a[list(symbols).index(along)]

        def inverted(q: sp.Expr) -> sp.Expr:
            once = sp.integrate(sp.Poly(q, *symbols).as_expr(), along)
            return sp.expand(once / (2 * slope) if power == 1 else sp.integrate(once, along))

    total, left = sp.S.Zero, p
    for _ in range(4 * HIGHEST):
        if left == 0:
            return total
        step = inverted(left)
        total += step
        left = -rest(step, along, power)
    raise NotElementary


def gaussian_gradient(term: sp.Expr, symbols: Symbols) -> tuple[sp.Expr, ...] | None:
    """grad u for the decaying u with Laplacian u = term, a polynomial times a Gaussian of |x - c|; else None.

    (x - c) times the m-th derivative of a Gaussian exp(-a r^2) is minus its next one over 2 a, less m times its last
    one: so the term is a sum of derivatives of the Gaussian, and so is its solution.
    """
    known = _gaussian(term, symbols)
    if known is None:
        return None
    a, centre, factor, polynomial = known
    moved = sp.Poly(polynomial.subs([(x, x + c) for x, c in zip(symbols, centre, strict=True)], simultaneous=True),
                    *symbols)  # fmt: skip
    sums: dict[tuple[int, ...], sp.Expr] = {}
    for powers, coefficient in moved.terms():
        terms = {(0,) * len(symbols): coefficient}
        for axis, power in enumerate(powers):
            for _ in range(power):
                terms = _times_coordinate(terms, axis, a)
        for order, value in terms.items():
            sums[order] = sums.get(order, 0) + value
    square = sum((x - c) ** 2 for x, c in zip(symbols, centre, strict=True))
    decay = sp.exp(-a * square)
    if len(symbols) == 2:
        shape = (1 - decay) / (2 * a * square)
    else:
        r = sp.sqrt(square)
        shape = sp.sqrt(sp.pi) * sp.erf(sp.sqrt(a) * r) / (4 * a ** sp.Rational(3, 2) * r**3) - decay / (2 * a * square)
    slopes = []
    for x, c in zip(symbols, centre, strict=True):
        simple = factor * (x - c) * shape
        parts = [value * _derived(simple, order, symbols) for order, value in sums.items()]
        slopes.append(sp.Add(*parts))
    return tuple(slopes)


def _times_coordinate(terms: dict[tuple[int, ...], sp.Expr], axis: int, a: sp.Expr) -> dict[tuple[int, ...], sp.Expr]:
    """Sums of derivatives of a Gaussian, by their orders, times a coordinate from its centre."""
    result: dict[tuple[int, ...], sp.Expr] = {}
    for order, value in terms.items():
        m = order[axis]
        up = tuple(n + (i == axis) for i, n in enumerate(order))
        result[up] = result.get(up, 0) - value / (2 * a)
        if m:
            down = tuple(n - (i == axis) for i, n in enumerate(order))
            result[down] = result.get(down, 0) - m * value
    return result


def _derived(expression: sp.Expr, order: Sequence[int], symbols: Symbols) -> sp.Expr:
    for x, times in zip(symbols, order, strict=True):
        expression = sp.diff(expression, x, times) if times else expression
    return expression


def _gaussian(term: sp.Expr, symbols: Symbols) -> tuple[sp.Expr, list[sp.Expr], sp.Expr, sp.Expr] | None:
    """(a, centre, constant factor, polynomial) of polynomial * exp(-a |x - centre|^2), or None."""
    polynomial = factor = sp.S.One
    exponent = sp.S.Zero
    for each in sp.Mul.make_args(sp.powsimp(term, combine="exp")):
        if not each.free_symbols & set(symbols):
            factor *= each
        elif each.is_polynomial(*symbols):
            polynomial *= each
        elif isinstance(each, sp.exp) and each.exp.is_polynomial(*symbols):
            exponent += each.exp
        else:
            return None
    form = sp.Poly(exponent, *symbols)
    squares = {form.coeff_monomial(x**2) for x in symbols}
    a = -squares.pop()
    if squares or form.total_degree() != 2 or not a.is_positive or sp.Poly(polynomial, *symbols).total_degree() > 4:
        return None
    centre = [form.coeff_monomial(x) / (2 * a) for x in symbols]
    left = sp.expand(exponent + a * sum((x - c) ** 2 for x, c in zip(symbols, centre, strict=True)))
    if left.free_symbols & set(symbols):
        return None
    return a, centre, factor * sp.exp(left), polynomial
