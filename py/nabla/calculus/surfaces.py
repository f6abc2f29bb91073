"""Plots of functions of two variables: the box, values on a grid, the gradient as arrows; and plane curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import sympy as sp

from nabla.calculus.arrays import Array, evaluate

SIDE = 61
ARROWS = 11
CURVE = 401
_HALVES = (3.0, 1.0, 8.0)
# How much of the values the levels cover: what lies beyond, next to a pole, would leave no level for the rest.
_LOW, _HIGH = 4.0, 96.0
LEVELS = 12

Fixed = Mapping[sp.Symbol, float]
Pair = tuple[sp.Symbol, sp.Symbol]
Box = tuple[float, float, float, float]


def box(expr: sp.Expr, pair: Pair, fixed: Fixed, at: tuple[float, float] | None) -> Box:
    """A part of the plane worth drawing: around `at`, or else where most of `expr` is real. (x0, x1, y0, y1)."""
    if at is not None:
        halves = [max(2.5, 1.25 * abs(value)) for value in at]
        return at[0] - halves[0], at[0] + halves[0], at[1] - halves[1], at[1] + halves[1]
    tried = [(-half, half, -half, half) for half in _HALVES] + [(0.05, 4.0, 0.05, 4.0)]
    return max(tried, key=lambda ends: (round(_share(expr, pair, fixed, ends), 1), -tried.index(ends)))


def _share(expr: sp.Expr, pair: Pair, fixed: Fixed, ends: Box) -> float:
    return float(np.isfinite(grid(expr, pair, fixed, ends, 17)[2]).mean())


def grid(expr: sp.Expr, pair: Pair, fixed: Fixed, ends: Box, side: int = SIDE) -> tuple[Array, Array, Array]:
    """x, y and the values, shape (side, side) with y along the first axis; NaN where there is none."""
    x, y = np.linspace(ends[0], ends[1], side), np.linspace(ends[2], ends[3], side)
    across, up = np.meshgrid(x, y)
    z = evaluate(expr, {**fixed, pair[0]: across, pair[1]: up}) * np.ones_like(across)
    return x, y, np.where(np.isfinite(z), z, np.nan)


def levels(z: Array) -> list[float]:
    """Round levels over the bulk of the values; [] where there is nothing to tell apart."""
    finite = z[np.isfinite(z)]
    if not len(finite):
        return []
    low, high = np.percentile(finite, [_LOW, _HIGH])
    if not high - low > 1e-12 * max(1.0, abs(high)):
        low, high = finite.min(), finite.max()
    if not high - low > 1e-12 * max(1.0, abs(high)):
        return []
    rough = (high - low) / LEVELS
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough)
    first = np.ceil(low / step)
    return [float(np.round(step * k, 12)) for k in np.arange(first, np.floor(high / step) + 1)]


def arrows(gradient: Sequence[sp.Expr], pair: Pair, fixed: Fixed, ends: Box) -> tuple[Array, Array, Array, Array]:
    """(x, y, u, v) of the gradient on a coarse grid; arrows much longer than the rest are cut, none is left out."""
    inset = [(ends[1] - ends[0]) / (2 * ARROWS), (ends[3] - ends[2]) / (2 * ARROWS)]
    inner = (ends[0] + inset[0], ends[1] - inset[0], ends[2] + inset[1], ends[3] - inset[1])
    x, y, u = grid(gradient[0], pair, fixed, inner, ARROWS)
    v = grid(gradient[1], pair, fixed, inner, ARROWS)[2]
    across, up = np.meshgrid(x, y)
    there = np.isfinite(u) & np.isfinite(v)
    across, up, u, v = (part[there] for part in (across, up, u, v))
    length = np.hypot(u, v)
    if not len(length):
        return across, up, u, v
    most = 2 * np.percentile(length, 75) or 1.0
    cut = np.where(length > most, most / np.where(length > 0, length, 1.0), 1.0)
    return across, up, u * cut, v * cut


def trace(x: sp.Expr, y: sp.Expr, t: sp.Symbol, fixed: Fixed, low: float, high: float) -> tuple[Array, Array, Array]:
    """(t, x, y) of a plane curve; NaN where it has no point and where it jumps, as across a pole."""
    times = np.linspace(low, high, CURVE)
    across, up = (evaluate(expr, {**fixed, t: times}) * np.ones_like(times) for expr in (x, y))
    gone = ~(np.isfinite(across) & np.isfinite(up))
    across, up = np.where(gone, np.nan, across), np.where(gone, np.nan, up)
    for values in (across, up):
        step = np.abs(np.diff(values))
        if np.isfinite(step).any():
            jumps = np.flatnonzero(np.nan_to_num(step) > 100 * np.nanmedian(step) + 1e-9)
            spread = np.nanpercentile(values, 90) - np.nanpercentile(values, 10)
            up[jumps[np.nan_to_num(step)[jumps] > spread]] = np.nan
    return times, across, up


def span(x: sp.Expr, y: sp.Expr, t: sp.Symbol, at: float | None) -> tuple[float, float]:
    """A range of the parameter: one turn where it goes in circles, else around `at`, or 0."""
    periodic = any(expr.has(sp.sin, sp.cos, sp.tan) for expr in (x, y))
    polynomial = all(expr.is_polynomial(t) for expr in (x, y))
    if periodic and not polynomial:
        middle = at or 0.0
        turns = np.floor(middle / (2 * np.pi))
        return float(2 * np.pi * turns), float(2 * np.pi * (turns + 1))
    half = max(2.0, 1.25 * abs(at or 0.0))
    return -half, half


def bulk(values: Array, points: Sequence[float] = (), pad: float = 0.08) -> tuple[float, float] | None:
    """The ends of what is finite, without the far-off tenth where that is most of the length, and `points` inside."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return None
    low, high = np.percentile(finite, [5, 95])
    wide = high - low
    inside = finite[(finite >= low - 1.5 * wide) & (finite <= high + 1.5 * wide)]
    low, high = min([inside.min(), *points]), max([inside.max(), *points])
    room = pad * (high - low) or max(1.0, abs(high)) / 2
    return float(low - room), float(high + room)
