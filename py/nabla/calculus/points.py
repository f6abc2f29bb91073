"""Points at which to test an equality: inside the real domain, of both signs, and on both sides of every corner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt

import sympy as sp

from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.calculus.numeric import MACHINE, Evaluator, NoValue

Point = dict[sp.Symbol, sp.Rational]

MOST_TRIED = 96
MOST_CORNERS = 4
LARGEST = 1e300
_SCALES = (2.0, 1.0, 4.0, 0.5, 8.0, 20.0, 0.1, 100.0)
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53)


def sample_points(
    exprs: Iterable[sp.Expr],
    symbols: Iterable[sp.Symbol],
    near: Sequence[Mapping[sp.Symbol, sp.Expr]] = (),
    count: int = 4,
    domain: Domain = EVERYWHERE,
) -> list[Point]:
    """At least `count` points where all `exprs` have real values, the same for the same call; [] when none is found.

    `near` are points to be taken first, where they serve, then those of
    `domain`, outside of which there are none. Beyond `count` come points next to the corners: where the
    argument of an absolute value, or the two sides of a condition, change order.
    """
    exprs = list(exprs)
    symbols = sorted(symbols, key=lambda symbol: symbol.name)
    found: list[tuple[Point, Evaluator]] = []
    signatures = set()
    for tried, point in enumerate(_candidates(symbols, [*near, *domain.points(symbols)])):
        if len(found) >= count and tried >= 2 * count + 4:
            break
        if domain and not domain.contains(point):
            continue
        evaluator = _evaluated(exprs, point)
        if evaluator is None:
            continue
        signature = tuple(value > 0 for value in evaluator.corners.values())
        if len(found) < count or signature not in signatures:
            signatures.add(signature)
            found.append((point, evaluator))
    return [point for point, _ in found] + list(_beside_corners(exprs, found))


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


def _evaluated(exprs: Sequence[sp.Expr], point: Mapping[sp.Symbol, sp.Expr]) -> Evaluator | None:
    """An evaluator that has seen all of `exprs` at the point, or None where one of them has no value of usual size."""
    evaluator = Evaluator(MACHINE, point)
    try:
        if all(abs(evaluator(expr)) < LARGEST for expr in exprs):
            return evaluator
    except NoValue:
        pass
    return None


def _beside_corners(exprs: Sequence[sp.Expr], found: Sequence[tuple[Point, Evaluator]]) -> Iterator[Point]:
    """Points close to where a corner's value changes its sign, one on each side."""
    corners = dict.fromkeys(key for _, evaluator in found for key in evaluator.corners)
    for corner in list(corners)[:MOST_CORNERS]:
        below = next((point for point, e in found if e.corners.get(corner, 0) < 0), None)
        above = next((point for point, e in found if e.corners.get(corner, 0) > 0), None)
        if below and above:
            yield from _closed_in(exprs, corner, below, above)


def _closed_in(exprs: Sequence[sp.Expr], corner: object, below: Point, above: Point) -> Iterator[Point]:
    """Halve the way between the two points while the corner lies between them."""
    for _ in range(10):
        middle = {symbol: (value + above[symbol]) / 2 for symbol, value in below.items()}
        evaluator = _evaluated(exprs, middle)
        if evaluator is None or not evaluator.corners.get(corner):
            break
        if evaluator.corners[corner] < 0:
            below = middle
        else:
            above = middle
    yield from (below, above)
