"""Where two expressions may differ: a search over many points in double precision, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nabla.calculus.arrays import Array, evaluate, has_values, is_slow
from nabla.calculus.landmarks import DECADES, grid

MOST_SUSPECTS = 6
CLOUD = 600
# Rounding in double precision is rarely as large as this, beside the values; where it is, more digits tell.
DIFFERENT = 1e-6


def suspects(
    a: sp.Expr, b: sp.Expr, symbols: Sequence[sp.Symbol], base: Mapping[sp.Symbol, sp.Expr]
) -> list[dict[sp.Symbol, sp.Rational]]:
    """A few points at which the two seem to differ, from the lines through `base` and from a cloud on all scales.

    None where a function is slow, of which so many values would take seconds.
    """
    if not symbols or not has_values(a) or not has_values(b) or is_slow(a) or is_slow(b):
        return []
    found: list[dict[sp.Symbol, sp.Rational]] = []
    for places in _places(symbols, base):
        for number in list(_runs(_differ(a, b, places)))[:MOST_SUSPECTS]:
            found.append({symbol: _three_digits(places[symbol][number]) for symbol in symbols})
    return found


def _places(symbols: Sequence[sp.Symbol], base: Mapping[sp.Symbol, sp.Expr]) -> Iterator[dict[sp.Symbol, Array]]:
    line = grid()
    for symbol in symbols:
        yield {other: line if other == symbol else np.full_like(line, float(base[other])) for other in symbols}
    if len(symbols) > 1:
        random = np.random.default_rng(0)
        size = (len(symbols), CLOUD)
        cloud = random.choice([-1.0, 1.0], size) * 10 ** random.uniform(DECADES[0] / 2, DECADES[1] / 2, size)
        yield dict(zip(symbols, cloud, strict=True))


def _differ(a: sp.Expr, b: sp.Expr, places: Mapping[sp.Symbol, Array]) -> NDArray[np.bool_]:
    shape = next(iter(places.values())).shape
    one, other = (np.broadcast_to(evaluate(expr, places), shape) for expr in (a, b))
    with np.errstate(all="ignore"):
        apart = np.abs(one - other) > DIFFERENT * np.maximum(np.abs(one), np.abs(other))
    return np.isfinite(one) & np.isfinite(other) & apart


def _runs(flags: NDArray[np.bool_]) -> Iterator[int]:
    """The middle of each run of true flags, the longest run first."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    runs = sorted(zip(ends[::2], ends[1::2], strict=True), key=lambda run: run[0] - run[1])
    yield from (int(start + end - 1) // 2 for start, end in runs)


def _three_digits(value: float) -> sp.Rational:
    """A number near the value that is short to write, exactly."""
    short = Fraction(f"{value:.3g}")
    return sp.Rational(short.numerator, short.denominator)
