"""The other sides of the theorems of Green, Stokes and Gauss, as integrals over cones.

The lines from a point c to a closed curve r(t), c + s (r - c) for s from 0 to 1, fill a surface that it bounds:

    integral of curl F . dS = double integral of curl F . ((r - c) x r') s ds dt        (Stokes, in the plane Green)
    integral of div F dA    = double integral of div F ((r - c) x r') s ds dt           (Gauss in the plane)

with signs where the lines turn back, so that it holds for curves of any form on whose cone F is smooth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.integrals import definite
from nabla.vector.integrals import Stretch

Symbols = Sequence[sp.Symbol]
Floats = NDArray[np.float64]
ALONG, ACROSS = 96, 24  # points of the Gauss rule along a curve, and from its middle to it


def over_cone(parts: Sequence[sp.Expr], symbols: Symbols, curve: Sequence[Stretch]) -> float | None:
    """The integral of a scalar (the plane) or a vector (space) over the cone of a closed curve.

    Args:
        parts: one expression in the plane; three in space, whose flux through the cone is meant.
        symbols: the coordinates.
        curve: the stretches of the closed curve.

    Returns:
        The integral by Gauss rules, None where it has no finite values.
    """
    if not all(has_values(part) and part.free_symbols <= set(symbols) for part in parts):
        return None
    middle = np.array([float(c) for c in _middle(curve)])
    total = 0.0
    for stretch in curve:
        t, weights = rule(float(stretch.low), float(stretch.high), ALONG)
        r = np.stack([_on(p, {stretch.t: t}) for p in stretch.position]) - middle[:, None]
        slope = np.stack([_on(sp.diff(p, stretch.t), {stretch.t: t}) for p in stretch.position])
        area = np.cross(r.T, slope.T).T if len(symbols) == 3 else (r[0] * slope[1] - r[1] * slope[0])[None]
        s, inner = rule(0.0, 1.0, ACROSS)
        places = middle[:, None, None] + s[None, :, None] * r[:, None, :]
        values = np.stack([_on(part, dict(zip(symbols, places, strict=True)), places.shape[1:]) for part in parts])
        total += float(np.einsum("i,j,kij,kj->", inner * s, weights, values, area))
    return total if np.isfinite(total) else None


def exact_over_cone(parts: Sequence[sp.Expr], symbols: Symbols, curve: Sequence[Stretch]) -> sp.Expr | None:
    """As `over_cone`, in closed form: for polynomials, whose integral from the middle to the curve is elementary."""
    if not all(part.is_polynomial(*symbols) for part in parts):
        return None
    middle, s, total = _middle(curve), sp.Dummy("s", real=True), sp.S.Zero
    for stretch in curve:
        r = [p - c for p, c in zip(stretch.position, middle, strict=True)]
        slope = [sp.diff(p, stretch.t) for p in stretch.position]
        area = [r[0] * slope[1] - r[1] * slope[0]]
        if len(symbols) == 3:
            area = [r[1] * slope[2] - r[2] * slope[1], r[2] * slope[0] - r[0] * slope[2], area[0]]
        at = {x: c + s * d for x, c, d in zip(symbols, middle, r, strict=True)}
        inside = sp.Add(*(part.subs(at, simultaneous=True) * a * s for part, a in zip(parts, area, strict=True)))
        found = definite(sp.expand(sp.integrate(sp.expand(inside), (s, 0, 1))), stretch.t, stretch.low, stretch.high)
        if found.value is None:
            return None
        total += found.value
    return sp.simplify(total)


def _middle(curve: Sequence[Stretch]) -> list[sp.Expr]:
    """A point to draw the lines from: a corner of a polygon, else between two opposite points."""
    first = curve[0]
    start = [p.subs(first.t, first.low) for p in first.position]
    if len(curve) > 1:
        return start
    half = (first.low + first.high) / 2
    return [(a + p.subs(first.t, half)) / 2 for a, p in zip(start, first.position, strict=True)]


def rule(low: float, high: float, count: int) -> tuple[Floats, Floats]:
    """Points and weights of a Gauss rule."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    half = (high - low) / 2
    return low + half * (nodes + 1), weights * half


def _on(expr: sp.Expr, at: Mapping[sp.Symbol, Floats], shape: tuple[int, ...] | None = None) -> Floats:
    first = next(iter(at.values()))
    return np.array(np.broadcast_to(evaluate(expr, dict(at)), shape or first.shape), dtype=float)
