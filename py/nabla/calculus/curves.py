"""The range in which to plot a function of one variable, and its curve, with gaps at poles and outside the domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nabla.calculus.arrays import Array, evaluate, is_slow

POINTS, MOST_REFINED = 601, 200
POINTS_IF_SLOW, MOST_REFINED_IF_SLOW = 121, 24
_WINDOWS = ((-4.0, 4.0), (-1.0, 1.0), (-0.5, 0.5), (-0.1, 0.1), (0.0, 8.0), (1.0, 10.0), (-10.0, -1.0), (-50.0, 50.0))


def window(
    expr: sp.Expr, variable: sp.Symbol, fixed: Mapping[sp.Symbol, float], at: float | None
) -> tuple[float, float]:
    """A range of the variable worth drawing: around `at`, or else around 0 and widened to where `expr` is real."""
    if at is not None:
        half = max(3.0, 1.25 * abs(at))
        return at - half, at + half
    shares = {}
    for low, high in _WINDOWS:
        x = np.linspace(low, high, 41)
        shares[low, high] = np.isfinite(evaluate(expr, {**fixed, variable: x}) * np.ones_like(x)).mean()
        if shares[low, high] > 0.6:
            return low, high
    return max(shares, key=lambda ends: shares[ends])


def curve(
    expr: sp.Expr, variable: sp.Symbol, fixed: Mapping[sp.Symbol, float], low: float, high: float
) -> tuple[Array, Array]:
    """(x, y) of `expr` over [low, high], refined where it bends or ends; NaN outside the domain and across poles."""
    points, most = (POINTS_IF_SLOW, MOST_REFINED_IF_SLOW) if is_slow(expr) else (POINTS, MOST_REFINED)
    x = np.linspace(low, high, points)
    y = _values(expr, variable, fixed, x)
    for _ in range(3):
        x, y = _refined(expr, variable, fixed, (x, y), most)
    return _with_gaps(expr, variable, fixed, x, y)


def _values(expr: sp.Expr, variable: sp.Symbol, fixed: Mapping[sp.Symbol, float], x: Array) -> Array:
    y = evaluate(expr, {**fixed, variable: x}) * np.ones_like(x)
    return np.where(np.isfinite(y), y, np.nan)


def _refined(
    expr: sp.Expr, variable: sp.Symbol, fixed: Mapping[sp.Symbol, float], line: tuple[Array, Array], most: int
) -> tuple[Array, Array]:
    """Halve the intervals next to a domain's end and those over which the curve jumps, so both are placed sharply."""
    x, y = line
    ends = np.flatnonzero(np.isnan(y[1:]) != np.isnan(y[:-1]))
    where = np.union1d(ends, _steep(np.abs(np.diff(y))))[:most]
    if not len(where):
        return x, y
    middle = (x[where] + x[where + 1]) / 2
    order = np.argsort(np.concatenate([x, middle]), kind="stable")
    both = np.concatenate([y, _values(expr, variable, fixed, middle)])
    return np.concatenate([x, middle])[order], both[order]


def _steep(step: Array) -> NDArray[np.intp]:
    """The intervals over which the curve moves far more than it usually does."""
    if not np.isfinite(step).any():
        return np.empty(0, dtype=np.intp)
    return np.flatnonzero(np.nan_to_num(step) > 20 * np.nanmedian(step) + 1e-12 * np.nanmax(step))


def _with_gaps(
    expr: sp.Expr, variable: sp.Symbol, fixed: Mapping[sp.Symbol, float], x: Array, y: Array
) -> tuple[Array, Array]:
    """Insert NaN where the values jump and halving the interval does not shrink the jump: a pole or a step."""
    jump = np.abs(np.diff(y))
    where = _steep(jump)
    if not len(where):
        return x, y
    low, high, below, above = x[where], x[where + 1], y[where], y[where + 1]
    for _ in range(12):
        middle = (low + high) / 2
        value = _values(expr, variable, fixed, middle)
        left = np.abs(np.nan_to_num(value - below, nan=np.inf)) > np.abs(np.nan_to_num(above - value, nan=np.inf))
        high, above = np.where(left, middle, high), np.where(left, value, above)
        low, below = np.where(left, low, middle), np.where(left, below, value)
    broken = where[~(np.abs(above - below) < 0.5 * jump[where])]
    return np.insert(x, broken + 1, (x[broken] + x[broken + 1]) / 2), np.insert(y, broken + 1, np.nan)


def visible_range(curves: Sequence[tuple[Array, Array]], points: Sequence[float] = ()) -> tuple[float, float] | None:
    """A range of y that shows the bulk of the curves (x, y) and all `points`, so that a pole does not flatten the rest.

    The bulk is what lies within one height of the middle 80 % by length along x; None when nothing is finite.
    """
    y = np.concatenate([y for _, y in curves] or [np.empty(0)])
    weight = np.concatenate([np.gradient(x) for x, _ in curves] or [np.empty(0)])
    weight, y = weight[np.isfinite(y)], y[np.isfinite(y)]
    if not len(y):
        return None
    order = np.argsort(y)
    share = np.cumsum(weight[order]) / weight.sum()
    low, high = np.interp([0.1, 0.9], share, y[order])
    inside = y[(y >= low - (high - low)) & (y <= high + (high - low))]
    if not len(inside):
        inside = np.asarray([low, high])
    low, high = min([inside.min(), *points]), max([inside.max(), *points])
    pad = 0.05 * (high - low) or max(1.0, abs(high)) / 2
    return float(low - pad), float(high + pad)
