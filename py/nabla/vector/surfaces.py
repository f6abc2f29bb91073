"""The flux of a field through surfaces, and the other side of the theorem of Gauss.

A closed surface r(u, v) is filled by the lines from a point c to it: with c + s (r - c) for s from 0 to 1,

    integral of div F dV = triple integral of div F (r - c) . (r_u x r_v) s^2 ds du dv.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.integrals import definite
from nabla.vector.integrals import Stretch
from nabla.vector.theorems import Floats, rule

Symbols = Sequence[sp.Symbol]
Vector = tuple[sp.Expr, ...]
POINTS, INWARD = 48, 12  # of the Gauss rules over a surface, and from the middle to it
U, V = sp.Symbol("u", real=True), sp.Symbol("v", real=True)
ZERO, ONE, TURN = sp.S.Zero, sp.S.One, 2 * sp.pi


@dataclass(frozen=True)
class Patch:
    """A piece of a surface by two parameters u and v, each between two numbers; r_u x r_v is its normal."""

    position: Vector
    u_ends: tuple[sp.Expr, sp.Expr]
    v_ends: tuple[sp.Expr, sp.Expr]

    @property
    def normal(self) -> Vector:
        """r_u x r_v."""
        a, b = ([sp.diff(p, s) for p in self.position] for s in (U, V))
        return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> Patch:
        """With values for letters."""
        position, u, v = (tuple(each.subs(values) for each in of) for of in (self.position, self.u_ends, self.v_ends))
        return Patch(position, (u[0], u[1]), (v[0], v[1]))


@dataclass(frozen=True)
class Surface:
    """A surface of patches: closed with its normal outward, or open with its boundary to the left of the normal."""

    name: str
    patches: tuple[Patch, ...]
    middle: Vector = (ZERO, ZERO, ZERO)
    boundary: tuple[Stretch, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether it has no boundary."""
        return not self.boundary

    @property
    def letters(self) -> frozenset[sp.Symbol]:
        """The letters of its sizes."""
        held = (e.free_symbols for p in self.patches for e in (*p.position, *p.u_ends, *p.v_ends))
        return frozenset(set().union(*held) - {U, V})

    def turned(self) -> Surface:
        """With its normal, and the direction of its boundary, the other way."""
        swap = {U: V, V: U}
        patches = (
            Patch(tuple(p.subs(swap, simultaneous=True) for p in each.position), each.v_ends, each.u_ends)
            for each in self.patches
        )
        boundary = (Stretch(s.position, s.t, s.high, s.low) for s in reversed(self.boundary))
        return Surface(self.name, tuple(patches), self.middle, tuple(boundary))

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> Surface:
        """With values for letters."""
        patches = tuple(patch.at(values) for patch in self.patches)
        boundary = tuple(stretch.at(values) for stretch in self.boundary)
        return Surface(self.name, patches, tuple(m.subs(values) for m in self.middle), boundary)


def sphere(radius: sp.Expr, centre: Vector) -> Surface:
    """A sphere."""
    return Surface("sphere", (Patch(_on_sphere(radius, centre), (ZERO, sp.pi), (ZERO, TURN)),), centre)


def hemisphere(radius: sp.Expr) -> Surface:
    """The upper half of a sphere around the origin, its normal upward."""
    patch = Patch(_on_sphere(radius, (ZERO,) * 3), (ZERO, sp.pi / 2), (ZERO, TURN))
    return Surface("hemisphere", (patch,), boundary=(_circle(radius, ZERO),))


def spherical_cap(radius: sp.Expr, level: sp.Expr, above: bool = True) -> Surface:
    """The part of a sphere around the origin above or below z = level, its normal upward there, or downward."""
    angle = sp.acos(level / radius)
    edge = _circle(sp.sqrt(radius**2 - level**2), level)
    place = _on_sphere(radius, (ZERO,) * 3)
    if above:
        return Surface("cap", (Patch(place, (ZERO, angle), (ZERO, TURN)),), boundary=(edge,))
    back = Stretch(edge.position, edge.t, TURN, ZERO)
    return Surface("bowl", (Patch(place, (angle, sp.pi), (ZERO, TURN)),), boundary=(back,))


def torus(radius: sp.Expr, tube: sp.Expr) -> Surface:
    """A torus around the z axis: a tube around a circle."""
    out = radius + tube * sp.cos(V)
    return Surface("torus", (Patch((out * sp.cos(U), out * sp.sin(U), tube * sp.sin(V)), (ZERO, TURN), (ZERO, TURN)),))


def tetrahedron(ends: Vector) -> Surface:
    """The tetrahedron of the coordinate planes and the plane through these places on the axes."""
    a, b, c = ((*([ZERO] * i), end, *([ZERO] * (2 - i))) for i, end in enumerate(ends))
    zero = (ZERO,) * 3
    faces = [(a, b, c), (zero, b, a), (zero, c, b), (zero, a, c)]
    patches = tuple(patch for face in faces for patch in triangle(face).patches)
    return Surface("tetrahedron", patches, tuple(end / 4 for end in ends))


def _on_sphere(radius: sp.Expr, centre: Vector) -> Vector:
    unit = (sp.sin(U) * sp.cos(V), sp.sin(U) * sp.sin(V), sp.cos(U))
    return tuple(c + radius * n for c, n in zip(centre, unit, strict=True))


def _circle(radius: sp.Expr, z: sp.Expr) -> Stretch:
    t = sp.Symbol("t", real=True)
    return Stretch((radius * sp.cos(t), radius * sp.sin(t), z), t, ZERO, TURN)


def box(low: Vector, high: Vector) -> Surface:
    """The six faces of a box."""
    made = []
    for axis in range(3):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        for end, first, second in ((high, U, V), (low, V, U)):
            place: list[sp.Expr] = [ZERO] * 3
            place[axis], place[a], place[b] = end[axis], first, second
            sides = {first: (low[a], high[a]), second: (low[b], high[b])}
            made.append(Patch(tuple(place), sides[U], sides[V]))
    return Surface("box", tuple(made), tuple((p + q) / 2 for p, q in zip(low, high, strict=True)))


def ellipsoid(axes: Vector) -> Surface:
    """An ellipsoid around the origin with these half axes."""
    unit = (sp.sin(U) * sp.cos(V), sp.sin(U) * sp.sin(V), sp.cos(U))
    place = tuple(a * n for a, n in zip(axes, unit, strict=True))
    return Surface("ellipsoid", (Patch(place, (ZERO, sp.pi), (ZERO, TURN)),))


def cylinder(radius: sp.Expr, low: sp.Expr, high: sp.Expr, lids: bool = True) -> Surface:
    """A cylinder around the z axis, with its two lids or as an open tube."""
    around, height = (ZERO, TURN), (low, high)
    side = Patch((radius * sp.cos(U), radius * sp.sin(U), V), around, height)
    if not lids:
        top = _circle(radius, high)
        back = Stretch(top.position, top.t, TURN, ZERO)
        return Surface("tube", (side,), boundary=(_circle(radius, low), back))
    return Surface(
        "cylinder", (side, _disk(radius, high), _disk(radius, low, up=False)), (ZERO, ZERO, (low + high) / 2)
    )


def disk(radius: sp.Expr, z: sp.Expr) -> Surface:
    """A disk around the z axis at a height, its normal upward."""
    return Surface("disk", (_disk(radius, z),), boundary=(_circle(radius, z),))


def _disk(radius: sp.Expr, z: sp.Expr, up: bool = True) -> Patch:
    a, b, inward, around = U, V, (ZERO, radius), (ZERO, TURN)
    if up:
        return Patch((a * sp.cos(b), a * sp.sin(b), z), inward, around)
    return Patch((b * sp.cos(a), b * sp.sin(a), z), around, inward)


def cap(
    height: sp.Expr, x: sp.Symbol, y: sp.Symbol, level: sp.Expr, above: bool = True, lid: bool = False
) -> Surface | None:
    """The part of z = height(x, y) above or below z = level, of a height that depends on the distance from the z axis
    alone; its normal upward, or outward where a lid at the level closes it. None for other heights.
    """
    r = sp.Symbol("r", positive=True)
    profile = sp.simplify(height.subs({x: r * sp.cos(V), y: r * sp.sin(V)}, simultaneous=True))
    if profile.has(V):
        return None
    ends = [root for root in sp.solve(profile - level, r) if root.is_positive]
    gap = profile.subs(r, ends[0] / 2) - level if len(ends) == 1 else sp.S.Zero
    if not (gap.is_positive if above else gap.is_negative):
        return None
    place = (U * sp.cos(V), U * sp.sin(V), profile.subs(r, U))
    patch = Patch(place, (ZERO, ends[0]), (ZERO, TURN))
    if not lid:
        return Surface("cap", (patch,), boundary=(_circle(ends[0], level),))
    if not above:
        swapped = tuple(p.subs({U: V, V: U}, simultaneous=True) for p in place)
        patch = Patch(swapped, (ZERO, TURN), (ZERO, ends[0]))
    middle = (ZERO, ZERO, (level + profile.subs(r, ZERO)) / 2)
    return Surface("solid", (patch, _disk(ends[0], level, up=not above)), middle)


def triangle(corners: Sequence[Vector]) -> Surface:
    """A triangle, its normal by the turn of its corners."""
    a, b, c = corners
    place = tuple(p + U * ((1 - V) * (q - p) + V * (s - p)) for p, q, s in zip(a, b, c, strict=True))
    return Surface("triangle", (Patch(place, (ZERO, ONE), (ZERO, ONE)),), boundary=_polygon(corners))


def graph(height: sp.Expr, x: sp.Symbol, y: sp.Symbol, x_ends: Vector, y_ends: Vector) -> Surface:
    """z = height(x, y) above a rectangle, its normal upward."""
    patch = Patch((U, V, height.subs({x: U, y: V}, simultaneous=True)), (x_ends[0], x_ends[1]), (y_ends[0], y_ends[1]))
    t = sp.Symbol("t", real=True)
    flat = [(x_ends[0], y_ends[0]), (x_ends[1], y_ends[0]), (x_ends[1], y_ends[1]), (x_ends[0], y_ends[1])]
    sides = []
    for p, q in zip(flat, [*flat[1:], flat[0]], strict=True):
        at = tuple(a + (b - a) * t for a, b in zip(p, q, strict=True))
        sides.append(Stretch((*at, height.subs({x: at[0], y: at[1]}, simultaneous=True)), t, ZERO, ONE))
    return Surface("graph", (patch,), boundary=tuple(sides))


def _polygon(corners: Sequence[Vector]) -> tuple[Stretch, ...]:
    t = sp.Symbol("t", real=True)
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    return tuple(Stretch(tuple(a + (b - a) * t for a, b in zip(p, q, strict=True)), t, ZERO, ONE) for p, q in pairs)


def integrand(F: Sequence[sp.Expr], symbols: Symbols, patch: Patch) -> sp.Expr:
    """F . (r_u x r_v)."""
    at = dict(zip(symbols, patch.position, strict=True))
    inside = (f.subs(at, simultaneous=True) * n for f, n in zip(F, patch.normal, strict=True))
    return sp.simplify(sp.Add(*inside))


def flux(F: Sequence[sp.Expr], symbols: Symbols, surface: Surface) -> sp.Expr | None:
    """The flux in closed form, None where it has none."""
    total = ZERO
    for patch in surface.patches:
        inner = definite(integrand(F, symbols, patch), V, *patch.v_ends).value
        outer = None if inner is None else definite(inner, U, *patch.u_ends).value
        if outer is None:
            return None
        total += outer
    return sp.simplify(total)


def measured_flux(F: Sequence[sp.Expr], symbols: Symbols, surface: Surface) -> float | None:
    """The flux by Gauss rules."""
    return _measured(F, symbols, surface, None)


def measured_sources(divergence: sp.Expr, symbols: Symbols, surface: Surface) -> float | None:
    """The integral of the divergence over the inside of a closed surface, by Gauss rules."""
    return _measured((divergence,), symbols, surface, surface.middle)


def _measured(parts: Sequence[sp.Expr], symbols: Symbols, surface: Surface, middle: Vector | None) -> float | None:
    if not all(has_values(part) and part.free_symbols <= set(symbols) for part in parts):
        return None
    total = 0.0
    for patch in surface.patches:
        (u, wu), (v, wv) = (rule(float(a), float(b), POINTS) for a, b in (patch.u_ends, patch.v_ends))
        mesh = dict(zip((U, V), np.meshgrid(u, v, indexing="ij"), strict=True))
        weight = np.outer(wu, wv)
        r, normal = (np.stack([_on(e, mesh, weight.shape) for e in of]) for of in (patch.position, patch.normal))
        if middle is None:
            values = np.stack([_on(f, dict(zip(symbols, r, strict=True)), weight.shape) for f in parts])
            total += float((weight * (values * normal).sum(axis=0)).sum())
            continue
        c = np.array([float(m) for m in middle])[:, None, None]
        out = ((r - c) * normal).sum(axis=0)
        for s, w in zip(*rule(0.0, 1.0, INWARD), strict=True):
            at = dict(zip(symbols, c + s * (r - c), strict=True))
            total += float((weight * out * _on(parts[0], at, weight.shape)).sum() * s**2 * w)
    return total if np.isfinite(total) else None


def _on(expr: sp.Expr, at: dict[sp.Symbol, Floats], shape: tuple[int, ...]) -> Floats:
    return np.array(np.broadcast_to(evaluate(expr, at), shape), dtype=float)
