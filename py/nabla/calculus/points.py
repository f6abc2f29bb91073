"""Points at which to test an equality: inside the real domain, of both signs, and on both sides of every corner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise, zip_longest
from math import floor, log10, sqrt

import sympy as sp

from nabla.calculus.arrays import is_slow
from nabla.calculus.contexts import MACHINE
from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.calculus.landmarks import landmarks
from nabla.calculus.numeric import Evaluator, NoValue

Point = dict[sp.Symbol, sp.Rational]

MOST_TRIED = 96
MOST_STRADDLING = 10
LARGEST = 1e300
# Of both signs, near to 0 and far away; functions with long series are asked at moderate places only.
FAR = tuple(
    sp.Rational(sign * size, unit)
    for size, unit in ((10372931, 10**4), (103729317, 100), (1037, 10**7), (10372931737, 10))
    for sign in (1, -1)
)
MODERATE = (sp.Rational(2371, 100), sp.Rational(-1739, 100))
MOST_SLOW = 12
_SCALES = (2.0, 1.0, 4.0, 0.5, 8.0, 20.0, 0.1, 100.0)
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53)


def sample_points(
    exprs: Iterable[sp.Expr],
    symbols: Iterable[sp.Symbol],
    near: Sequence[Mapping[sp.Symbol, sp.Expr]] = (),
    count: int = 4,
    domain: Domain = EVERYWHERE,
    straddling: int = MOST_STRADDLING,
) -> list[Point]:
    """At least `count` points where all `exprs` have real values, the same for the same call; [] when none is found.

    `near` are points to be taken first, where they serve, then those of `domain`, outside of which there are none.
    Beyond `count` come at most `straddling` points on both sides of every corner, jump, pole, branch point and end of
    domain, between them, and far from all of them.
    """
    exprs = list(exprs)
    symbols = sorted(symbols, key=lambda symbol: symbol.name)
    found: list[Point] = []
    for point in _candidates(symbols, [*near, *domain.points(symbols)]):
        if len(found) >= count:
            break
        if serves(exprs, point, domain):
            found.append(point)
    if any(map(is_slow, exprs)):
        straddling = min(straddling, MOST_SLOW)
    base = found[0] if found else {symbol: sp.Rational(137, 100) for symbol in symbols}
    beside = (point for point in _straddling(exprs, symbols, base, domain) if serves(exprs, point, domain))
    return list(_each_once([*found, *islice(beside, straddling)]))


def _each_once(points: Iterable[Point]) -> Iterator[Point]:
    seen = set()
    for point in points:
        key = tuple(point.values())
        if key not in seen:
            seen.add(key)
            yield point


def serves(exprs: Sequence[sp.Expr], point: Point, domain: Domain) -> bool:
    """Whether all of `exprs` have values of usual size at the point, which lies in the domain."""
    if domain and not domain.contains(point):
        return False
    evaluator = Evaluator(MACHINE, point)
    try:
        return all(abs(evaluator(expr)) < LARGEST for expr in exprs)
    except NoValue:
        return False


def _straddling(exprs: Sequence[sp.Expr], symbols: Sequence[sp.Symbol], base: Point, domain: Domain) -> Iterator[Point]:
    """Points on the lines through `base` along each symbol, one of each line in turn."""
    lines = [_along(exprs, symbol, base, domain) for symbol in symbols if symbol.is_integer is not True]
    for points in zip_longest(*lines):
        yield from (point for point in points if point is not None)


def _along(exprs: Sequence[sp.Expr], symbol: sp.Symbol, base: Point, domain: Domain) -> Iterator[Point]:
    others = {other: value for other, value in base.items() if other != symbol}
    marks = landmarks([*exprs, *domain.conditions], symbol, others)
    far = MODERATE if any(map(is_slow, exprs)) else FAR
    for place in dict.fromkeys([*beside(marks), *far]):
        if place in marks:
            continue
        if not (place < 0 and symbol.is_nonnegative) and not (place > 0 and symbol.is_nonpositive):
            yield {**base, symbol: place}


def beside(marks: Sequence[sp.Rational]) -> list[sp.Rational]:
    """Places on both sides of each of the ascending marks, then between any two of them and beyond them."""
    ends = [marks[0] - 8 * _size(marks[0]), *marks, marks[-1] + 8 * _size(marks[-1])] if marks else []
    sides, between = [], []
    for low, mark, high in zip(ends, marks, ends[2:], strict=False):
        for sign, room in ((-1, mark - low), (1, high - mark)):
            step = min(_size(mark) / 500, room / 4)
            sides.append(_rounded(mark + sign * step, step / 4))
    for low, high in pairwise(ends):
        between.append(_rounded(low + (high - low) * sp.Rational(471, 1000), (high - low) / 10))
    return sorted(sides, key=abs) + sorted(between, key=abs)


def _rounded(place: sp.Rational, error: sp.Rational) -> sp.Rational:
    """A number with few decimals that is so close to `place`."""
    unit = sp.Rational(10) ** floor(log10(error))
    return sp.Integer(round(place / unit)) * unit


def _size(mark: sp.Rational) -> sp.Rational:
    return max(abs(mark), sp.S.One)


def _candidates(symbols: Sequence[sp.Symbol], near: Sequence[Mapping[sp.Symbol, sp.Expr]]) -> Iterator[Point]:
    """The points given, then a quasi-random sequence (multiples of square roots of primes) on several scales."""
    for point in near:
        if set(symbols) <= point.keys() and all(point[symbol].is_Rational for symbol in symbols):
            yield {symbol: point[symbol] for symbol in symbols}
    for number in range(1, MOST_TRIED):
        scale = _SCALES[number % len(_SCALES) if number % 3 == 0 else number % 3]
        yield {symbol: _coordinate(symbol, place, number, scale) for place, symbol in enumerate(symbols)}


def _coordinate(symbol: sp.Symbol, place: int, number: int, scale: float) -> sp.Rational:
    root = sqrt(_PRIMES[place % len(_PRIMES)]) + place // len(_PRIMES)
    value = scale * (2 * ((0.5 + number * root) % 1) - 1)
    if symbol.is_integer:
        value = float(round(value) or number)
    if symbol.is_nonnegative:
        value = abs(value)
    elif symbol.is_nonpositive:
        value = -abs(value)
    return sp.Rational(round(value * 10000), 10000)
