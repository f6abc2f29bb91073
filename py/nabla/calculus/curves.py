"""Where to look at a function of one variable, and its curve with gaps at poles and outside the domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import sympy as sp

from nabla.calculus.arrays import Array, evaluate

POINTS = 601


def window(expr: sp.Expr, variable: sp.Symbol, fixed: Mapping[sp.Symbol, float], at: float | None) -> tuple[float, float]:
    """A range of the variable worth drawing: around `at`, or else around 0 and widened to where `expr` is real."""
    if at is not None:
        half = max(3.0, 1.25 * abs(at))
        return at - half, at + half
    for low, high in ((-4.0, 4.0), (-1.0, 1.0), (0.0, 8.0), (1.0, 10.0), (-10.0, -1.0), (-50.0, 50.0)):
        x = np.linspace(low, high, 41)
        if np.isfinite(evaluate(expr, {**fixed, variable: x}) * np.ones_like(x)).mean() > 0.4:
            return low, high
    return -4.0, 4.0


def curve(
    expr: sp.Expr, variable: sp.Symbol, fixed: Mapping[sp.Symbol, float], low: float, high: float
) -> tuple[Array, Array]:
    """(x, y) of `expr` over [low, high], refined where it bends or ends; NaN outside the domain and across poles."""
    x = np.linspace(low, high, POINTS)
    y = _values(expr, variable, fixed, x)
    for _ in range(3):
        x, y = _refined(expr, variable, fixed, x, y)
    return _with_gaps(expr, variable, fixed, x, y)


def _values(expr: sp.Expr, variable: sp.Symbol, fixed: Mapping[sp.Symbol, float], x: Array) -> Array:
    y = evaluate(expr, {**fixed, variable: x}) * np.ones_like(x)
    return np.where(np.isfinite(y), y, np.nan)


def _refined(
    expr: sp.Expr, variable: sp.Symbol, fixed: Mapping[sp.Symbol, float], x: Array, y: Array
) -> tuple[Array, Array]:
    """Halve the intervals next to a domain's end and those over which the curve jumps, so both are placed sharply."""
    ends = np.isnan(y[1:]) != np.isnan(y[:-1])
    step = np.abs(np.diff(y))
    typical = np.nanmedian(step) if np.isfinite(step).any() else 0.0
    coarse = ends | (np.nan_to_num(step) > 40 * typical + 1e-300)
    where = np.flatnonzero(coarse)[:200]
    if not len(where):
        return x, y
    middle = (x[where] + x[where + 1]) / 2
    order = np.argsort(np.concatenate([x, middle]), kind="stable")
    both = np.concatenate([y, _values(expr, variable, fixed, middle)])
    return np.concatenate([x, middle])[order], both[order]


def _with_gaps(
    expr: sp.Expr, variable: sp.Symbol, fixed: Mapping[sp.Symbol, float], x: Array, y: Array
) -> tuple[Array, Array]:
    """Lift the pen where the values jump and halving the interval does not shrink the jump: a pole or a step."""
    jump = np.abs(np.diff(y))
    scale = np.nanquantile(np.abs(y), 0.75) if np.isfinite(y).any() else 0.0
    where = np.flatnonzero(np.nan_to_num(jump) > 0.5 * scale + 1e-300)
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


def visible_range(curves: Sequence[Array], points: Sequence[float] = ()) -> tuple[float, float] | None:
    """A range of y that shows the bulk of the curves and all `points`, so that a pole does not flatten the rest."""
    finite = np.concatenate([y[np.isfinite(y)] for y in curves] or [np.empty(0)])
    if not len(finite):
        return None
    low, high = np.quantile(finite, [0.02, 0.98])
    inside = finite[(finite >= low - 1.5 * (high - low)) & (finite <= high + 1.5 * (high - low))]
    low = min(inside.min(), *points) if points else inside.min()
    high = max(inside.max(), *points) if points else inside.max()
    pad = 0.05 * (high - low) or max(1.0, abs(high)) * 0.5
    return float(low - pad), float(high + pad)
