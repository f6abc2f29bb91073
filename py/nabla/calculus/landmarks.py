"""Where an expression changes its character: corners, jumps, poles, branch points and the ends of its domain.

Each of them lies where some part of the expression, its *gap*, is 0: the argument of an absolute value, the
difference of two sides of a condition, the base of a root. The roots of the gaps are found along a line parallel to
an axis: exactly for polynomials with rational coefficients, else between the points of a grid that reaches from
1e-9 to 1e12 on both sides of 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations, islice

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy.core.relational import Relational

from nabla.calculus.arrays import evaluate, has_values, is_slow
from nabla.calculus.simplify import is_small

MOST_GAPS = 40
MOST_ROOTS = 6
MOST_PAIRS = 30
HIGHEST_DEGREE = 24
# Isolating intervals of the roots of polynomials are made this narrow, beside the root or 1.
NARROW = sp.Rational(1, 10**20)
# Marks closer than this, beside them or 1, are one.
CLOSE = sp.Rational(1, 10**9)
# Decades of the grid, and points in each; a slow function gets the same reach with fewer points.
DECADES = (-9, 12)
PER_DECADE, PER_DECADE_SLOW = 16, 2
# Each round of refinement splits an interval into this many.
SPLIT, ROUNDS = 4, 27

Gaps = Callable[..., Iterable[sp.Expr]]


def _at_zero(u: sp.Expr, *_: sp.Expr) -> Iterable[sp.Expr]:
    return (u,)


def _at_one(u: sp.Expr) -> Iterable[sp.Expr]:
    return u - 1, u + 1


def _at_odd_quarters(u: sp.Expr) -> Iterable[sp.Expr]:
    return u - sp.pi / 2, u + sp.pi / 2


def _at_whole(u: sp.Expr) -> Iterable[sp.Expr]:
    return u, u - 1, u + 1


def _extremum(*args: sp.Expr) -> Iterable[sp.Expr]:
    return (a - b for a, b in islice(combinations(args, 2), MOST_PAIRS))


def _last(*args: sp.Expr) -> Iterable[sp.Expr]:
    return args[-1:]


_GAPS: dict[type[sp.Basic], Gaps] = {
    **dict.fromkeys((sp.Abs, sp.sign, sp.Heaviside, sp.DiracDelta, sp.log, sp.sinc, sp.Ei, sp.Ci), _at_zero),
    **dict.fromkeys((sp.acot, sp.cot, sp.csc, sp.coth, sp.csch, sp.acsch, sp.gamma, sp.loggamma), _at_zero),
    **dict.fromkeys((sp.asin, sp.acos, sp.atanh, sp.acoth), _at_one),
    **dict.fromkeys((sp.asec, sp.acsc, sp.asech, sp.floor, sp.ceiling, sp.frac), _at_whole),
    **dict.fromkeys((sp.tan, sp.sec), _at_odd_quarters),
    **dict.fromkeys((sp.polygamma, sp.bessely, sp.besselk, sp.besselj, sp.besseli), _last),
    sp.Max: _extremum,
    sp.Min: _extremum,
    sp.acosh: lambda u: (u - 1,),
    sp.factorial: lambda u: (u + 1,),
    sp.beta: lambda a, b: (a, b),
    sp.li: lambda u: (u, u - 1),
    sp.LambertW: lambda u, *_: (u + sp.exp(-1), u),
    sp.atan2: lambda y, x: (y, x),
    sp.Mod: lambda a, n: (a, a / n - 1, n),
}


def gaps(exprs: Iterable[sp.Basic], symbol: sp.Symbol) -> list[sp.Expr]:
    """What is 0 where one of the expressions has a corner, a jump, a pole or an end along `symbol`, each once."""
    found: dict[sp.Expr, None] = {}
    for part in dict.fromkeys(node for expr in exprs for node in sp.preorder_traversal(expr)):
        if symbol in part.free_symbols:
            for gap in _gaps_of(part):
                if symbol in gap.free_symbols:
                    found.update(dict.fromkeys(_factors(gap)))
    return [gap for gap in found if symbol in gap.free_symbols][:MOST_GAPS]


def _gaps_of(part: sp.Basic) -> Iterable[sp.Expr]:
    if isinstance(part, Relational):
        return (part.lhs - part.rhs,)
    if isinstance(part, sp.Pow):
        return () if part.exp.is_Integer and part.exp > 0 else (part.base,)
    rule = _GAPS.get(type(part))
    return rule(*part.args) if rule else ()


def _factors(gap: sp.Expr) -> Iterator[sp.Expr]:
    """What must be 0 so that the gap is: its factors, without their powers."""
    # Beside e^1.57, a power of e^0.01, factors are looked for in degrees of hundreds.
    plain = all(node.is_Rational for node in sp.preorder_traversal(gap) if node.is_number)
    whole = sp.factor(gap) if gap.is_Add and plain and is_small(gap) else gap
    for factor in sp.Mul.make_args(whole):
        yield factor.base if isinstance(factor, sp.Pow) and factor.exp.is_Rational else factor


def landmarks(exprs: Iterable[sp.Basic], symbol: sp.Symbol, others: Mapping[sp.Symbol, sp.Expr]) -> list[sp.Rational]:
    """The places on the line along `symbol` at which a gap is 0, ascending, up to rounding; `others` are held fixed."""
    found: set[sp.Rational] = set()
    for gap in gaps(exprs, symbol):
        along = gap.xreplace(dict(others)) if others else gap
        if along.free_symbols == {symbol}:
            found.update(roots(along, symbol))
    return list(_apart(sorted(found)))


def _apart(marks: list[sp.Rational]) -> Iterator[sp.Rational]:
    """The marks without those that are others but for rounding; exact ones tend to be short."""
    while marks:
        same = [mark for mark in marks if mark - marks[0] <= CLOSE * max(1, abs(mark))]
        yield min(same, key=lambda mark: mark.q)
        marks = marks[len(same) :]


@lru_cache(maxsize=512)
def roots(gap: sp.Expr, symbol: sp.Symbol) -> tuple[sp.Rational, ...]:
    """Real roots of an expression in one symbol, and where it ceases to be real, up to rounding."""
    if gap.is_polynomial(symbol):
        polynomial = sp.Poly(gap, symbol)
        if polynomial.degree() <= HIGHEST_DEGREE and (polynomial.domain.is_ZZ or polynomial.domain.is_QQ):
            return tuple(_of_polynomial(polynomial))
    return tuple(_on_grid(gap, symbol)) if has_values(gap) else ()


def _of_polynomial(polynomial: sp.Poly) -> list[sp.Rational]:
    found = []
    simple = polynomial.sqf_part().clear_denoms()[1]
    for (low, high), _ in polynomial.intervals():
        if low != high:
            low, high = _bisected(simple, low, high)
        found.append(sp.Rational(low + high) / 2)
    return found


def _bisected(polynomial: sp.Poly, low: sp.Rational, high: sp.Rational) -> tuple[sp.Rational, sp.Rational]:
    """A narrow part, around the root, of an interval that holds one root of a square-free polynomial over the integers.

    In whole numbers: continued fractions, as SymPy refines, take minutes beside a coefficient of 1e-15.
    """
    coefficients = [int(c) for c in polynomial.all_coeffs()]
    narrow = NARROW * max(1, abs(low), abs(high))
    rising = _sign(coefficients, low) or _sign([int(c) for c in polynomial.diff().all_coeffs()], low)
    while high - low > narrow:
        middle = (low + high) / 2
        if _sign(coefficients, middle) in (0, rising):
            low = middle
        else:
            high = middle
    return low, high


def _sign(coefficients: list[int], x: sp.Rational) -> int:
    """The sign of an integer polynomial at a rational number."""
    value, power = 0, 1
    for c in coefficients:
        value, power = value * int(x.p) + c * power, power * int(x.q)
    return (value > 0) - (value < 0)


def grid(slow: bool = False) -> NDArray[np.float64]:
    """Points of both signs, evenly spread on the scale of logarithms, and closer around 0 on a linear one."""
    low, high = DECADES
    steps = (high - low) * (PER_DECADE_SLOW if slow else PER_DECADE)
    far = np.logspace(low, high, steps + 1)
    near = np.linspace(0, 30, 31 if slow else 241)
    half = np.unique(np.concatenate([far, near]))
    return np.concatenate([-half[:0:-1], half])


def _on_grid(gap: sp.Expr, symbol: sp.Symbol) -> Iterator[sp.Rational]:
    """Where the sign changes between two points of the grid, or the values end; the innermost and the outermost."""
    points = grid(is_slow(gap))
    for low, high in _spread(_changes(gap, symbol, points)):
        for _ in range(ROUNDS):
            inside = np.linspace(low, high, SPLIT + 1)
            low, high = next(iter(_changes(gap, symbol, inside)), (low, high))
        yield sp.Rational((low + high) / 2)


def _changes(gap: sp.Expr, symbol: sp.Symbol, points: NDArray[np.float64]) -> list[tuple[float, float]]:
    values = np.broadcast_to(evaluate(gap, {symbol: points}), points.shape)
    signs = np.where(np.isnan(values), 2, np.sign(values))
    places = np.flatnonzero(signs[1:] != signs[:-1])
    return [(float(points[place]), float(points[place + 1])) for place in places]


def _spread(changes: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A few of many: those next to 0, and the outermost."""
    if len(changes) <= MOST_ROOTS:
        return changes
    inner = sorted(changes, key=lambda ends: abs(ends[0]))[: MOST_ROOTS - 2]
    return list(dict.fromkeys([*inner, changes[0], changes[-1]]))
