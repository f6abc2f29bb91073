"""Gradient, divergence, curl and Laplacian in orthogonal coordinates, each with the derivatives that it is made of.

With scale factors h and their product J: div F = sum of d(J F_i / h_i)/dq_i over J, and so on; G. Arfken, H. Weber,
Mathematical Methods for Physicists, chapter 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.vector.coordinates import System, cartesian

Field = tuple[sp.Expr, ...]
TURNS = ((2, 1), (0, 2), (1, 0))  # of the components of a curl in space: d F[a]/d q[b] - d F[b]/d q[a]


@dataclass(frozen=True)
class OperatorTerm:
    """One derivative of an operator: `factor` times the derivative of `inside` by `symbol`, which is `value`.

    `component` is the place of the component in it; `scale` what stands with it below the derivative sign.
    """

    component: int
    symbol: sp.Symbol
    scale: sp.Expr
    factor: sp.Expr
    inside: sp.Expr
    value: sp.Expr


def _term(component: int, symbol: sp.Symbol, scale: sp.Expr, factor: sp.Expr, f: sp.Expr) -> OperatorTerm:
    return OperatorTerm(component, symbol, scale, factor, scale * f, factor * sp.diff(scale * f, symbol))


def divergence_terms(F: Sequence[sp.Expr], system: System) -> list[OperatorTerm]:
    """The terms whose sum is div F."""
    volume = sp.Mul(*system.scales)
    terms = []
    for i, (f, q, h) in enumerate(zip(F, system.symbols, system.scales, strict=True)):
        others = volume / h
        free = sp.Mul(*(part for part in sp.Mul.make_args(others) if not part.has(q)))
        terms.append(_term(i, q, others / free, free / volume, f))
    return terms


def curl_terms(F: Sequence[sp.Expr], system: System) -> list[tuple[OperatorTerm, OperatorTerm]]:
    """For each component of curl F (one in the plane, three in space) the two terms whose difference it is."""
    q, h = system.symbols, system.scales
    turns = TURNS if len(F) == 3 else TURNS[2:]
    return [
        (_curl_term(a, q[b], h[a], h[a] * h[b], F[a]), _curl_term(b, q[a], h[b], h[a] * h[b], F[b])) for a, b in turns
    ]


def _curl_term(component: int, by: sp.Symbol, h: sp.Expr, area: sp.Expr, f: sp.Expr) -> OperatorTerm:
    free = sp.Mul(*(part for part in sp.Mul.make_args(h) if not part.has(by)))
    return _term(component, by, h / free, free / area, f)


def divergence(F: Sequence[sp.Expr], system: System) -> sp.Expr:
    """div F."""
    return sp.Add(*(term.value for term in divergence_terms(F, system)))


def curl(F: Sequence[sp.Expr], system: System) -> Field:
    """curl F: one component in the plane, three in space."""
    return tuple(a.value - b.value for a, b in curl_terms(F, system))


def gradient(f: sp.Expr, system: System) -> Field:
    """grad f."""
    return tuple(sp.diff(f, q) / h for q, h in zip(system.symbols, system.scales, strict=True))


def laplacian(f: sp.Expr, system: System) -> sp.Expr:
    """div grad f."""
    return divergence(gradient(f, system), system)


def curl_twice(F: Sequence[sp.Expr], system: System) -> Field:
    """curl curl F; in the plane the curl of the curl along the third axis."""
    inner = curl(F, system)
    if len(inner) == 3:
        return curl(inner, system)
    slope = gradient(inner[0], system)
    return (slope[1], -slope[0])


def vector_laplacian(F: Sequence[sp.Expr], system: System) -> Field:
    """The Laplacian of a field: grad div F - curl curl F, in Cartesian coordinates that of each component."""
    if system.straight:
        return tuple(laplacian(f, system) for f in F)
    pairs = zip(gradient(divergence(F, system), system), curl_twice(F, system), strict=True)
    return tuple(a - b for a, b in pairs)


def in_cartesian(F: Sequence[sp.Expr], system: System) -> Field:
    """The Cartesian components of F, still as functions of the coordinates of the system."""
    columns = [
        [sp.simplify(sp.diff(x, q) / h) for x in system.position]
        for q, h in zip(system.symbols, system.scales, strict=True)
    ]
    return tuple(sp.Add(*(f * column[i] for f, column in zip(F, columns, strict=True))) for i in range(len(F)))


def plain(F: Sequence[sp.Expr], symbols: Sequence[sp.Symbol]) -> tuple[sp.Expr, Field]:
    """Divergence and curl in Cartesian coordinates."""
    system = cartesian(symbols)
    return divergence(F, system), curl(F, system)
