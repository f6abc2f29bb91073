"""Whether a field is the gradient of something, and why, or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import sympy as sp

from nabla.calculus.simplify import simplified
from nabla.vector.coordinates import System
from nabla.vector.holes import Hole, denominators, holes
from nabla.vector.operators import curl
from nabla.vector.potentials import Potential, is_zero, potential

Reason = Literal[
    "curl",  # the curl is not zero somewhere
    "simply-connected",  # the curl is zero and the domain has no hole
    "single-valued",  # a potential was found that is one function on all of the domain
    "no-circulation",  # the curl is zero and so is the circulation around every hole
    "circulation",  # the curl is zero, but not the circulation around a hole
    "undecided",  # the curl is zero, but the domain was not followed
]
JUMPING = (sp.atan, sp.atan2, sp.acot, sp.asin, sp.acos)


@dataclass(frozen=True)
class FieldVerdict:
    """The verdict: True, False or None where it is open; the curl, and what shows it.

    `witness` is a point where the curl is not zero, with its value there. `holes` are those of the domain;
    `potential` is known at least on the parts of the domain that have no hole.
    """

    verdict: bool | None
    reason: Reason
    curl: tuple[sp.Expr, ...]
    witness: tuple[Mapping[sp.Symbol, sp.Expr], tuple[sp.Expr, ...]] | None = None
    holes: tuple[Hole, ...] = ()
    potential: Potential | None = None


def judge(F: Sequence[sp.Expr], system: System, *, convex: bool = False) -> FieldVerdict:
    """Whether F has a potential on its domain; `convex` tells that it was asked for on a part without holes."""
    turned = tuple(simplified(each) for each in curl(F, system))
    if not all(map(is_zero, turned)):
        return FieldVerdict(False, "curl", turned, _witness(turned, F, system.symbols))
    zero = (sp.S.Zero,) * len(turned)
    found = potential(F, system)
    if convex or (system.straight and not denominators(F)):
        return FieldVerdict(True, "simply-connected", zero, potential=found)
    if not system.straight:
        return _curved(F, system, zero, found)
    gaps, others = holes(F, system.symbols)
    around = [hole for hole in gaps if len(hole.symbols) == 2]  # a point in space is no hole for a loop
    if any(hole.circulation not in (None, 0) for hole in around):
        return FieldVerdict(False, "circulation", zero, holes=tuple(gaps), potential=found)
    if found is not None and not found.value.has(*JUMPING):
        reason: Reason = "single-valued" if around or others else "simply-connected"
        return FieldVerdict(True, reason, zero, holes=tuple(gaps), potential=found)
    if not others and all(hole.circulation == 0 for hole in around):
        return FieldVerdict(True, "no-circulation" if around else "simply-connected", zero, holes=tuple(gaps),
                      potential=found)  # fmt: skip
    if around or others:
        return FieldVerdict(None, "undecided", zero, holes=tuple(gaps), potential=found)
    return FieldVerdict(True, "simply-connected", zero, holes=tuple(gaps), potential=found)


def _curved(F: Sequence[sp.Expr], system: System, zero: tuple[sp.Expr, ...], found: Potential | None) -> FieldVerdict:
    """In polar, cylindrical and spherical coordinates: a potential must be the same after a turn by a whole angle."""
    if found is None:
        return FieldVerdict(None, "undecided", zero)
    angle = system.symbols[2] if system.name == "spherical" else system.symbols[1]
    turn = sp.simplify(found.value.subs(angle, angle + 2 * sp.pi) - found.value)
    if turn == 0:
        return FieldVerdict(True, "single-valued", zero, potential=found)
    hole = Hole(system.symbols[:2], (sp.S.Zero,) * 2, None, turn)
    return FieldVerdict(False, "circulation", zero, holes=(hole,), potential=found)


def _witness(
    turned: Sequence[sp.Expr], F: Sequence[sp.Expr], symbols: Sequence[sp.Symbol]
) -> tuple[Mapping[sp.Symbol, sp.Expr], tuple[sp.Expr, ...]] | None:
    """A simple point at which the field has a value and the curl another than zero."""
    free = sorted({s for f in (*F, *turned) for s in f.free_symbols} - set(symbols), key=str)
    for values in sorted(product((1, 0, 2), repeat=len(symbols)), key=lambda v: (v.count(2), v.count(0))):
        at = {s: sp.Integer(v) for s, v in zip(symbols, values, strict=True)}
        here = [f.subs(at) for f in F]
        there = tuple(sp.simplify(f.subs(at)) for f in turned)
        if any(each.has(sp.zoo, sp.nan, sp.oo, sp.I) for each in (*here, *there)):
            continue
        if any(each != 0 and (free or each.is_number) for each in there):
            return at, there
    return None
