"""Steps of a descent beside gradients: which gradient they follow, by which factor, and where they differ.

Everything is compared at several states at once: arrays of shape (states, components). A step is to be -c times the
gradient, with one c > 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CLOSE = 2e-4  # relative difference up to which numbers from difference quotients are taken to be the same


@dataclass(frozen=True)
class ComponentFactor:
    """How one component of the steps is related to the gradient: `factor` c where it is one at all states."""

    place: int
    factor: float | None


def factor(steps: Floats, gradients: Floats, each: bool = False) -> float | None:
    """c with steps = -c gradients at all states; None where there is none. With `each`, c may differ between states
    but not in its sign, as for a function of the loss; the first is given.
    """
    found = []
    for s, g in zip(steps, gradients, strict=True):
        if not (np.isfinite(s).all() and np.isfinite(g).all()) or not np.abs(g).max(initial=0.0) > 0:
            return None
        length = float(g @ g)
        c = -float(s @ g) / length if length > 0 else 0.0
        if np.abs(s + c * g).max(initial=0.0) > CLOSE * np.abs(s).max(initial=0.0) or c == 0:
            return None
        found.append(c)
    same = all(abs(c - found[0]) <= 5 * CLOSE * abs(found[0]) for c in found)
    signs = {c > 0 for c in found}
    return found[0] if found and (same or (each and len(signs) == 1)) else None


def with_decay(steps: Floats, gradients: Floats, thetas: Floats, mask: NDArray[np.bool_]) -> tuple[float, float] | None:
    """(c, d) with steps = -c gradients - d thetas, the latter where `mask`; None where there are none."""
    design = np.column_stack([gradients.ravel(), (thetas * mask).ravel()])
    target = -steps.ravel()
    told = int(np.count_nonzero(np.abs(design).max(axis=1, initial=0.0))) if np.isfinite(design).all() else 0
    if not np.isfinite(target).all() or told < 3:  # two numbers fit two equations always
        return None
    scale = np.abs(design).max(axis=0)
    if not (scale > 0).all():
        return None
    (c, d), *_ = np.linalg.lstsq(design / scale, target, rcond=None)
    rest = target - (design / scale) @ (c, d)
    if np.abs(rest).max() > CLOSE * np.abs(target).max():
        return None
    return float(c / scale[0]), float(d / scale[1])


def parts(steps: Floats, gradients: Floats) -> list[ComponentFactor]:
    """Each component with its own factor, where it has one."""
    found = []
    top = np.abs(steps).max(axis=1)
    for i in range(steps.shape[1]):
        s, g = steps[:, i], gradients[:, i]
        if (np.abs(g) <= 1e-9 * np.abs(gradients).max(axis=1)).all() and (np.abs(s) <= 1e-9 * top).all():
            continue
        length = float(g @ g)
        c = -float(s @ g) / length if length > 0 else math.nan
        fits = math.isfinite(c) and (np.abs(s + c * g) <= 5 * CLOSE * np.abs(s) + 1e-9 * top).all() and c != 0
        found.append(ComponentFactor(i, c if fits else None))
    return found


def common(found: list[ComponentFactor]) -> float | None:
    """The factor that most components share; None where none has one. Of two that are shared as often the larger, since
    it is factors that get lost, unless they are further apart than such: then a mean was forgotten in one.
    """
    known = [part.factor for part in found if part.factor is not None]
    if not known:
        return None
    counts = [sum(abs(other - c) <= 20 * CLOSE * abs(c) for other in known) for c in known]
    best = max(counts)
    chosen = [c for c, n in zip(known, counts, strict=True) if n == best]
    positive = [c for c in chosen if c > 0] or chosen
    low, high = min(positive, key=abs), max(positive, key=abs)
    return high if abs(high) <= 2.01 * abs(low) else low


def is_adaptive(steps: Floats) -> bool:
    """Whether all components go the same way far, as with steps divided by the root of a mean of squares."""
    sizes = np.abs(steps[steps != 0])
    return bool(sizes.max() < 1.05 * sizes.min())


def asymmetry(slope: Floats) -> float:
    """How far a matrix is from symmetric: the derivatives of a gradient are."""
    size = np.abs(slope).max(initial=0.0)
    return float(np.abs(slope - slope.T).max() / size) if size > 0 else 0.0


def named(ratio: float, samples: int) -> str:
    """A factor as people write it: 2, 1/2, m, 1/m and their products; empty for another."""
    table = {"1": 1.0, "2": 2.0, "1/2": 0.5, "-1": -1.0, "4": 4.0, "1/4": 0.25}
    if samples > 2:
        m = float(samples)
        table |= {"m": m, "1/m": 1 / m, "2m": 2 * m, "1/(2m)": 0.5 / m, "m/2": m / 2, "2/m": 2 / m, "m²": m * m,
                  "1/m²": 1 / m**2}  # fmt: skip
    return next((name for name, value in table.items() if abs(ratio - value) <= 2e-3 * abs(value)), "")


@dataclass(frozen=True)
class Curvature:
    """The eigenvalues of -d step/d theta: 2 is where a descent begins to grow; what scaling the columns gives."""

    largest: float
    smallest: float
    scaled: float
    sizes: float

    @property
    def condition(self) -> float:
        """The largest over the smallest."""
        return self.largest / self.smallest if self.smallest > 0 else math.inf


def curvature(slope: Floats) -> Curvature | None:
    """The curvature of what is descended, in units of one over the rate; None where it is not finite."""
    matrix = -(slope + slope.T) / 2
    if not matrix.size or not np.isfinite(matrix).all():
        return None
    values = np.linalg.eigvalsh(matrix)
    top = float(values.max())
    low = values[values > 1e-9 * max(top, 1e-300)]
    diagonal = np.diag(matrix)
    scaled = sizes = math.nan
    if (diagonal > 0).all():
        root = np.sqrt(diagonal)
        inner = np.linalg.eigvalsh(matrix / np.outer(root, root))
        kept = inner[inner > 1e-9 * inner.max()]
        scaled, sizes = float(inner.max() / kept.min()), float(diagonal.max() / diagonal.min())
    return Curvature(top, float(low.min()) if low.size else 0.0, scaled, sizes)


def remaining(step: Floats, slope: Floats) -> Floats:
    """What is left to go from a state to where the steps vanish, by the slopes there (Newton's step)."""
    matrix = -(slope + slope.T) / 2
    values, vectors = np.linalg.eigh(matrix)
    kept = values > 1e-9 * max(float(values.max()), 1e-300)
    inner = vectors[:, kept].T @ step
    return np.asarray(vectors[:, kept] @ (inner / values[kept]))
