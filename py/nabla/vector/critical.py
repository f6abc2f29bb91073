"""The points where a plane field vanishes, and their kinds by the eigenvalues of the Jacobian matrix there.

S. Strogatz, Nonlinear Dynamics and Chaos, chapters 5 and 6: where no eigenvalue lies on the imaginary axis the kind of
the linear system is that of the field (Hartman and Grobman); else it is open, unless the field is linear
itself or has no divergence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.calculus.budget import CALLS, within

Symbols = Sequence[sp.Symbol]
MOST = 12  # points


@dataclass(frozen=True)
class CriticalPoint:
    """A point where the field vanishes, the Jacobian matrix there, its eigenvalues, and the kind."""

    place: tuple[sp.Expr, ...]
    matrix: sp.Matrix
    eigenvalues: tuple[sp.Expr, ...]
    kind: str


def critical_points(F: Sequence[sp.Expr], symbols: Symbols, *, sourceless: bool = False) -> list[CriticalPoint] | None:
    """The isolated real points where F vanishes, in the order of their coordinates; None where they are not found.

    Of a field without divergence flow lines are the level lines of a stream function: around its extrema they close.
    """
    found = within(20 * CALLS, lambda: sp.solve(list(F), list(symbols), dict=True), None)
    if found is None or len(found) > MOST or any(set(each) != set(symbols) for each in found):
        return None
    closes = sourceless or all(f.is_polynomial(*symbols) and sp.Poly(f, *symbols).total_degree() <= 1 for f in F)
    J = sp.Matrix(list(F)).jacobian(list(symbols))
    points = []
    for each in found:
        place = tuple(sp.simplify(each[s]) for s in symbols)
        real = [value.is_real or _is_ratio(value) for value in place]
        if None in real:
            return None
        if all(real):
            at = J.subs(dict(zip(symbols, place, strict=True)))
            values = tuple(v for v, times in at.eigenvals().items() for _ in range(times))
            points.append(CriticalPoint(place, at, values, kind_of(at, closes)))
    if any(c.free_symbols for p in points for c in p.place):
        return sorted(points, key=lambda p: tuple(map(sp.count_ops, p.place)))
    return sorted(points, key=lambda p: tuple(float(c) for c in p.place))


def _is_ratio(value: sp.Expr) -> bool | None:
    """Whether a place that holds letters is real for all of them; None where it may be or not."""
    return (True if value.is_rational_function() else None) if value.free_symbols else value.is_real


def kind_of(matrix: sp.Matrix, closes: bool) -> str:
    """The kind of a critical point of a plane field by trace and determinant of its Jacobian matrix.

    It is "" where letters decide it.

    `closes` tells that flow lines around a point with eigenvalues on the imaginary axis are closed.
    """
    trace, det = sp.simplify(matrix.trace()), sp.simplify(matrix.det())
    if det.is_negative:
        return "saddle"
    if matrix.free_symbols and None in (det.is_positive, trace.is_zero, trace.is_negative):
        return ""  # which kind it is, the letters tell
    if det.is_zero or det.is_positive is None:
        return "degenerate"
    if trace.is_zero:
        return "centre" if closes else "centre or spiral"
    side = "stable" if trace.is_negative else "unstable"
    bend = sp.simplify(trace**2 - 4 * det)
    if bend.is_zero:
        star = matrix[0, 1] == 0 and matrix[1, 0] == 0
        return f"{side} {'star' if star else 'improper node'}"
    return f"{side} {'spiral' if bend.is_negative else 'node'}"
