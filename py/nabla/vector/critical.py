"""The points where a plane field vanishes, and their kinds by the eigenvalues of the Jacobian matrix there.

S. Strogatz, Nonlinear Dynamics and Chaos, chapters 5 and 6: where no eigenvalue lies on the imaginary axis the kind of
the linear system is that of the field (Hartman and Grobman); else it is open, unless the field is linear itself.
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


def critical_points(F: Sequence[sp.Expr], symbols: Symbols) -> list[CriticalPoint] | None:
    """The isolated real points where F vanishes, in the order of their coordinates; None where they are not found."""
    found = within(20 * CALLS, lambda: sp.solve(list(F), list(symbols), dict=True), None)
    if found is None or len(found) > MOST or any(set(each) != set(symbols) for each in found):
        return None
    linear = all(f.is_polynomial(*symbols) and sp.Poly(f, *symbols).total_degree() <= 1 for f in F)
    J = sp.Matrix(list(F)).jacobian(list(symbols))
    points = []
    for each in found:
        place = tuple(sp.simplify(each[s]) for s in symbols)
        if any(value.free_symbols or value.is_real is None for value in place):
            return None
        if all(value.is_real for value in place):
            at = J.subs(dict(zip(symbols, place, strict=True)))
            values = tuple(v for v, times in at.eigenvals().items() for _ in range(times))
            points.append(CriticalPoint(place, at, values, kind_of(at, linear)))
    return sorted(points, key=lambda p: tuple(float(c) for c in p.place))


def kind_of(matrix: sp.Matrix, linear: bool) -> str:
    """The kind of a critical point of a plane field by trace and determinant of its Jacobian matrix."""
    trace, det = sp.simplify(matrix.trace()), sp.simplify(matrix.det())
    if det.is_negative:
        return "saddle"
    if det.is_zero or det.is_positive is None:
        return "degenerate"
    if trace.is_zero:
        return "centre" if linear else "centre or spiral"
    side = "stable" if trace.is_negative else "unstable"
    bend = sp.simplify(trace**2 - 4 * det)
    if bend.is_zero:
        star = matrix[0, 1] == 0 and matrix[1, 0] == 0
        return f"{side} {'star' if star else 'improper node'}"
    return f"{side} {'spiral' if bend.is_negative else 'node'}"
