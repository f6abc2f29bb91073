"""The greatest and the least value of a function of two variables on a closed rectangle, on its edges and inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.domain import Domain
from nabla.calculus.extrema import ends_of, stationary
from nabla.calculus.value import value_at

FINE = 101


@dataclass(frozen=True)
class BoxPoint:
    """A point that can hold an extreme value: inside, on an edge, or at a corner."""

    at: tuple[sp.Expr, sp.Expr]
    value: sp.Expr
    where: str


@dataclass(frozen=True)
class BoxExtrema:
    """All such points, and how far the values on a grid go beyond the greatest and the least of them."""

    points: tuple[BoxPoint, ...]
    beyond: float | None

    def best(self, sign: int) -> list[BoxPoint]:
        """Those with the greatest value for 1, the least for -1."""
        most = max(sign * float(point.value) for point in self.points)
        return [point for point in self.points if sign * float(point.value) > most - 1e-12 * max(1, abs(most))]


def sides_of(domain: Domain, symbols: Sequence[sp.Symbol]) -> list[tuple[sp.Expr, sp.Expr]]:
    """The ends of a closed rectangle, a pair for each symbol; none for any other domain."""
    if len(symbols) != 2 or any(len(condition.free_symbols) > 1 for condition in domain.conditions):
        return []
    found = []
    for symbol in symbols:
        own = Domain(tuple(condition for condition in domain.conditions if symbol in condition.free_symbols))
        low, high = ends_of(own, symbol)
        if low is None or high is None or not all(own.contains({symbol: end}) for end in (low, high)):
            return []
        found.append((low, high))
    return found


def on_box(
    f: sp.Expr, symbols: Sequence[sp.Symbol], sides: Sequence[tuple[sp.Expr, sp.Expr]], inside: Sequence[BoxPoint]
) -> BoxExtrema | None:
    """The points on the edges and corners of a rectangle, with those `inside`; None where a value is missing.

    Args:
        f: the function.
        symbols: its two variables.
        sides: the ends of each of them.
        inside: the stationary points in the interior.
    """
    found = list(inside)
    for i, fixed in enumerate(symbols):
        along, (low, high) = symbols[1 - i], sides[1 - i]
        for end in sides[i]:
            edge = f.subs(fixed, end)
            places = stationary(edge, sp.diff(edge, along), along, Domain((along >= low, along <= high))).places
            for place in places:
                if place.value is None:
                    return None
                at = (end, place.at) if i == 0 else (place.at, end)
                found.append(BoxPoint(at, place.value, "a corner" if place.end else "on the edge"))
            corners = [(low, "a corner"), (high, "a corner")] if along not in edge.free_symbols else []
            for value, where in corners:
                at = (end, value) if i == 0 else (value, end)
                height = value_at(f, dict(zip(symbols, at, strict=True)), f).exact
                if height is None:
                    return None
                found.append(BoxPoint(at, height, where))
    points = tuple({tuple(map(sp.nsimplify, point.at)): point for point in found}.values())
    return BoxExtrema(points, _beyond(f, symbols, sides, points)) if points else None


def _beyond(
    f: sp.Expr, symbols: Sequence[sp.Symbol], sides: Sequence[tuple[sp.Expr, sp.Expr]], points: Sequence[BoxPoint]
) -> float | None:
    if not has_values(f):
        return None
    axes = [np.linspace(float(low), float(high), FINE) for low, high in sides]
    values = evaluate(f, dict(zip(symbols, map(np.ravel, np.meshgrid(*axes)), strict=True)))
    heights = [float(point.value) for point in points]
    if not np.isfinite(values).all():
        return None
    return float(max(values.max() - max(heights), min(heights) - values.min(), 0.0))
