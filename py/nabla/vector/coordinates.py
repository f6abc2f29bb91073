"""Orthogonal coordinates: their names, the lengths of their unit steps, and what they are in x, y, z."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

Symbols = Sequence[sp.Symbol]
NAMES = ("cartesian", "polar", "cylindrical", "spherical")


@dataclass(frozen=True)
class System:
    """Coordinates q with scale factors h: a step dq along one has the length h dq.

    `position` are the Cartesian coordinates in terms of q, `axes` the indices of the unit vectors in LaTeX.
    """

    name: str
    symbols: tuple[sp.Symbol, ...]
    scales: tuple[sp.Expr, ...]
    position: tuple[sp.Expr, ...]
    axes: tuple[str, ...]

    @property
    def dimension(self) -> int:
        """2 or 3."""
        return len(self.symbols)

    @property
    def straight(self) -> bool:
        """Whether the coordinates are Cartesian."""
        return self.name == "cartesian"


def cartesian(symbols: Symbols) -> System:
    """Cartesian coordinates of these names."""
    one = (sp.S.One,) * len(symbols)
    return System("cartesian", tuple(symbols), one, tuple(symbols), tuple(sp.latex(s) for s in symbols))


def polar(r: sp.Symbol, angle: sp.Symbol) -> System:
    """Polar coordinates of the plane."""
    position = (r * sp.cos(angle), r * sp.sin(angle))
    return System("polar", (r, angle), (sp.S.One, r), position, (sp.latex(r), sp.latex(angle)))


def cylindrical(r: sp.Symbol, angle: sp.Symbol, z: sp.Symbol) -> System:
    """Cylindrical coordinates: distance from the axis, angle around it, height."""
    position = (r * sp.cos(angle), r * sp.sin(angle), z)
    axes = (sp.latex(r), sp.latex(angle), sp.latex(z))
    return System("cylindrical", (r, angle, z), (sp.S.One, r, sp.S.One), position, axes)


def spherical(r: sp.Symbol, inclination: sp.Symbol, azimuth: sp.Symbol) -> System:
    """Spherical coordinates in the order of ISO 80000-2: distance, angle from the z axis, angle around it."""
    flat = r * sp.sin(inclination)
    position = (flat * sp.cos(azimuth), flat * sp.sin(azimuth), r * sp.cos(inclination))
    axes = (sp.latex(r), sp.latex(inclination), sp.latex(azimuth))
    return System("spherical", (r, inclination, azimuth), (sp.S.One, r, flat), position, axes)
