"""Where a field is singular: holes, circulations around them, fluxes out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.budget import CALLS, within

Symbols = Sequence[sp.Symbol]
SAMPLES = 720  # of a loop: the trapezoidal rule converges faster than any power there
SMALL = 1e-6  # of the distance between holes: what is smooth there goes with the square of the radius
FIGURES = 1e-10  # the relative distance of a circulation from a known number that is taken for it


@dataclass(frozen=True)
class Hole:
    """An isolated zero of a denominator: a point of the plane or of space, or a line along the axis `along`.

    `place` has the coordinates, without that of `along`. `circulation` is that around it, counter-clockwise seen from
    the positive end of the axis, and `flux` what comes out of it; None where they were not computed. Both are those of
    a small loop or sphere.
    """

    symbols: tuple[sp.Symbol, ...]
    place: tuple[sp.Expr, ...]
    along: sp.Symbol | None
    circulation: sp.Expr | None = None
    flux: sp.Expr | None = None


def denominators(F: Sequence[sp.Expr]) -> list[sp.Expr]:
    """The factors of all denominators, and arguments of logarithms."""
    found: dict[sp.Expr, None] = {}
    for f in F:
        for part in sp.preorder_traversal(f):
            if isinstance(part, sp.Pow) and part.exp.is_negative and part.base.free_symbols:
                for factor in sp.Mul.make_args(part.base):
                    found[factor.base if isinstance(factor, sp.Pow) else factor] = None
            elif isinstance(part, sp.log):
                found[part.args[0]] = None
    return [each for each in found if each.free_symbols]


def holes(F: Sequence[sp.Expr], symbols: Symbols) -> tuple[list[Hole], list[sp.Expr]]:
    """The holes that isolated zeros make, and the denominators that vanish elsewhere or were not followed."""
    found: dict[tuple[object, ...], Hole] = {}
    others: list[sp.Expr] = []
    for denominator in denominators(F):
        free = tuple(s for s in symbols if s in denominator.free_symbols)
        if not free:
            continue  # letters that are no coordinates are taken for other than zero
        places = _isolated(denominator, free)
        if places is None:
            others.append(denominator)
            continue
        for place in places:
            along = next((s for s in symbols if s not in free), None) if len(symbols) == 3 and len(free) == 2 else None
            if len(free) < 2:
                others.append(denominator)
                continue
            hole = Hole(free, place, along)
            found[(free, place)] = hole
    return [_measured(F, symbols, hole, list(found.values())) for hole in found.values()], others


def _isolated(denominator: sp.Expr, free: Symbols) -> list[tuple[sp.Expr, ...]] | None:
    """The zeros of an expression that is a sum of squares or another minimum of zero; none of them where it has none.

    None is returned where the zeros are no such points, as those of x - y.
    """
    base = denominator
    while isinstance(base, sp.Pow):
        base = base.base
    if not base.is_polynomial(*free) or base.free_symbols - set(free):
        return None
    if base.is_positive:
        return []
    system = [base, *(sp.diff(base, s) for s in free)]
    solved = within(4 * CALLS, lambda: sp.solve(system, list(free), dict=True), None)
    if solved is None:
        return None
    places = []
    for each in solved:
        place = tuple(each.get(s, s) for s in free)
        if all(value.is_number and value.is_real for value in place):
            places.append(tuple(sp.nsimplify(value) for value in place))
        elif any(value.free_symbols for value in place):
            return None
    around = [_sign_near(base, free, place) for place in places]
    if not places and _changes_sign(base, free):
        return None
    return places if all(around) and not _changes_sign(base, free) else None


def _sign_near(base: sp.Expr, free: Symbols, place: Sequence[sp.Expr]) -> bool:
    directions = [(1, 2, 3), (-2, 1, 1), (3, -1, 2), (-1, -3, 1)]
    step = sp.Rational(1, 64)
    values = [
        base.subs({s: p + step * d for s, p, d in zip(free, place, way[: len(free)], strict=True)})
        for way in directions
    ]
    return all(v > 0 for v in values) or all(v < 0 for v in values)


def _changes_sign(base: sp.Expr, free: Symbols) -> bool:
    rng = np.random.default_rng(4)
    at = {s: rng.normal(0, 4, 4000) for s in free}
    values = np.broadcast_to(evaluate(base, at), (4000,)) if has_values(base) else np.array([1.0, -1.0])
    return bool((values > 0).any() and (values < 0).any())


def _measured(F: Sequence[sp.Expr], symbols: Symbols, hole: Hole, all_holes: Sequence[Hole]) -> Hole:
    radius = SMALL * _radius(hole, all_holes)
    scale, F = _unscaled(F, symbols)
    loop = _loop(F, symbols, hole, radius) if len(hole.symbols) == 2 else (None, None)
    flux = loop[1] if len(symbols) == 2 else _sphere(F, symbols, hole, radius) if hole.along is None else None
    circulation, flux = (None if each is None else scale * each for each in (loop[0], flux))
    return Hole(hole.symbols, hole.place, hole.along, circulation, flux)


def _unscaled(F: Sequence[sp.Expr], symbols: Symbols) -> tuple[sp.Expr, list[sp.Expr]]:
    """A factor of letters alone that all components share, as G M, and the field without it."""
    scales = {f.as_independent(*symbols, as_Add=False)[0] for f in F if f != 0}
    scale = scales.pop() if len(scales) == 1 else sp.S.One
    return (scale, [f / scale for f in F]) if scale.free_symbols else (sp.S.One, list(F))


def _radius(hole: Hole, others: Sequence[Hole]) -> float:
    here = np.array([float(c) for c in hole.place])
    far = [
        float(np.linalg.norm(here - [float(c) for c in other.place]))
        for other in others
        if other.symbols == hole.symbols and other.place != hole.place
    ]
    return min([1.0, *(each / 3 for each in far)])


def _values(F: Sequence[sp.Expr], at: dict[sp.Symbol, np.ndarray], shape: tuple[int, ...]) -> np.ndarray | None:
    if not all(has_values(f) for f in F) or any(f.free_symbols - set(at) for f in F):
        return None
    values = np.stack([np.broadcast_to(evaluate(f, at), shape) for f in F])
    return values if np.isfinite(values).all() else None


def _loop(F: Sequence[sp.Expr], symbols: Symbols, hole: Hole, radius: float) -> tuple[sp.Expr | None, sp.Expr | None]:
    """Circulation around the hole and flux through the loop, in the plane of its two coordinates."""
    names, place = list(hole.symbols), [float(c) for c in hole.place]
    if hole.along is not None and symbols.index(hole.along) == 1:  # z, x turns about y
        names, place = names[::-1], place[::-1]
    angle = 2 * np.pi * np.arange(SAMPLES) / SAMPLES
    at = {names[0]: place[0] + radius * np.cos(angle), names[1]: place[1] + radius * np.sin(angle)}
    if hole.along is not None:
        at[hole.along] = np.full(SAMPLES, 0.7)
    components = [F[symbols.index(name)] for name in names]
    values = _values(components, at, angle.shape)
    if values is None:
        return _even_loop(components, names, place, sp.nsimplify(radius))
    step = 2 * np.pi * radius / SAMPLES
    turned = float(np.sum(values[1] * np.cos(angle) - values[0] * np.sin(angle)) * step)
    out = float(np.sum(values[0] * np.cos(angle) + values[1] * np.sin(angle)) * step)
    size = float(np.abs(values).max()) * radius
    return known(turned, size), known(out, size)


def _even_loop(
    F: Sequence[sp.Expr], names: Symbols, place: Sequence[float], radius: sp.Expr
) -> tuple[sp.Expr | None, sp.Expr | None]:
    """The same with letters in the field, where what is integrated is the same all around."""
    t = sp.Dummy("t", real=True)
    x, y = (sp.nsimplify(c) + radius * f(t) for c, f in zip(place, (sp.cos, sp.sin), strict=True))
    u, v = (f.subs({names[0]: x, names[1]: y}, simultaneous=True) for f in F)
    found = []
    for inside in (v * sp.cos(t) - u * sp.sin(t), u * sp.cos(t) + v * sp.sin(t)):
        even = within(4 * CALLS, lambda inside=inside: sp.simplify(inside), inside)  # type: ignore[misc]
        found.append(None if even.has(t) else 2 * sp.pi * radius * even)
    return found[0], found[1]


def _sphere(F: Sequence[sp.Expr], symbols: Symbols, hole: Hole, radius: float) -> sp.Expr | None:
    nodes, weights = np.polynomial.legendre.leggauss(48)
    angle = 2 * np.pi * np.arange(96) / 96
    height, around = np.meshgrid(nodes, angle, indexing="ij")
    flat = np.sqrt(1 - height**2)
    normal = np.stack([flat * np.cos(around), flat * np.sin(around), height])
    at = {s: float(c) + radius * n for s, c, n in zip(symbols, hole.place, normal, strict=True)}
    values = _values(F, at, height.shape)
    if values is None:
        return None
    out = float(np.sum(weights[:, None] * (values * normal).sum(axis=0)) * radius**2 * 2 * np.pi / angle.size)
    return known(out, float(np.abs(values).max()) * radius**2)


def known(value: float, size: float) -> sp.Expr:
    """The number as a rational multiple of pi, or a rational number, where it is one to ten digits; else as it is."""
    if abs(value) <= FIGURES * (size or 1.0):
        return sp.S.Zero
    for unit in (sp.pi, sp.S.One, sp.sqrt(2) * sp.pi, sp.pi**2):
        ratio = value / float(unit)
        guess = sp.Rational(ratio).limit_denominator(48)
        if abs(float(guess) - ratio) <= FIGURES * abs(ratio):
            return guess * unit
    return sp.Float(value, 12)
