"""Joint refinement of all tones by variable projection: the least-squares, that is maximum-likelihood, estimate.

Variable projection with Kaufman's Jacobian (L. Kaufman, BIT 15, 1975, 49-57; G. Golub and V. Pereyra, Inverse Problems
19, 2003, R1): at every step the linear coefficients are exact for the frequencies at hand, and the frequencies take
the Gauss-Newton step that remains. Levenberg-Marquardt damping where a step would not lower the sum of squares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nabla.sinusoid.sums import Sums
from nabla.sinusoid.times import Floats

Kind = Literal["both", "cos", "sin"]

STEPS = 200
STEPS_ON_THE_WAY = 30
LARGEST_STEP = 0.5  # bins; a minimum is about one bin to either side
LOWEST = 0.05  # bins
CLOSEST = 0.1  # bins between two tones, nearer than which their amplitudes only cancel one another
FINAL = 1e-15  # predicted fall in units of the noise variance at which to stop: 3e-8 standard errors
LONG = 1e-7  # the same for a record whose every step takes its time: 3e-4 standard errors
ROUGH = 1e-4  # and on the way, where only the sum of squares counts
UNSEEN = 1e-12  # of the sum of squares: a fall that its rounding may hide
ROUNDING = 1e-30  # of the sum of squares: as low as exact data go


@dataclass(frozen=True, slots=True)
class Shape:
    """What is fitted: `kinds` of the tones, which frequencies are `free`, and `origin`, the scaled x of t = 0.

    "both" is a cosine and a sine; "cos" and "sin" are tones whose phase at x = 0, that is t = -origin, is fixed.
    """

    kinds: tuple[Kind, ...]
    free: tuple[bool, ...]
    origin: float = 0.0

    @staticmethod
    def tones(count: int, fixed: int = 0) -> Shape:
        """So many tones with free phase, of which the frequencies of the first few are fixed."""
        both: Kind = "both"
        return Shape((both,) * count, (False,) * fixed + (True,) * (count - fixed))


@dataclass(frozen=True, slots=True)
class Point:
    """A fit at given frequencies.

    f (K,) in bins; `linear` the fitted coefficients (p,); `wave` (trend + 2K,) those of the trend, cos and sin columns
    that they stand for; rss the residual sum of squares; `normal`, `crossed`, `corner` the parts of J'J for the linear
    parameters, for both kinds and for the free frequencies; `slope` the gradient -1/2 d rss/df with respect to the
    frequencies and `curvature` its projected Gauss-Newton matrix.
    """

    f: Floats
    linear: Floats
    wave: Floats
    rss: float
    normal: Floats
    crossed: Floats
    corner: Floats
    slope: Floats
    curvature: Floats

    @property
    def parameters(self) -> int:
        """How many parameters were fitted."""
        return self.linear.size + self.slope.size

    @property
    def gram(self) -> Floats:
        """J'J, linear parameters first: its inverse times the noise variance is the Cramer-Rao bound."""
        return np.block([[self.normal, self.crossed], [self.crossed.T, self.corner]])

    @property
    def remaining(self) -> float:
        """The fall of the sum of squares that one more Gauss-Newton step would predict."""
        return float(self.slope @ solve(self.curvature, self.slope)) if self.slope.size else 0.0


def solver(matrix: Floats, damping: float = 0.0) -> Callable[[Floats], Floats]:
    """What solves with a positive semidefinite matrix, for one right side or columns of them.

    The matrix is scaled to unit diagonal; the unknown of a column of zeros is 0.
    """
    if len(matrix) == 1:
        pivot = float(matrix[0, 0]) * (1 + damping)
        return lambda right: right / pivot if pivot > 0 else np.zeros_like(right)
    scale, scaled, inverse = _scaled(matrix, damping)

    def solved(right: Floats) -> Floats:
        b = (right.T / scale).T
        x = inverse @ b
        if not damping:
            x += inverse @ (b - scaled @ x)
        result: Floats = (x.T / scale).T
        return result

    return solved


def solve(matrix: Floats, right: Floats, damping: float = 0.0) -> Floats:
    """The solution with a positive semidefinite matrix, see `solver`."""
    return solver(matrix, damping)(right)


def inverse(matrix: Floats) -> Floats:
    """The inverse of a positive semidefinite matrix; what cannot be told apart gets a huge variance."""
    scale, _, inverted = _scaled(matrix, 0.0)
    result: Floats = inverted / scale / scale[:, None]
    return result


def _scaled(matrix: Floats, damping: float) -> tuple[Floats, Floats, Floats]:
    """The scale of the unknowns, the matrix scaled to unit diagonal, and its inverse."""
    diagonal = np.sqrt(np.maximum(matrix.diagonal(), 0.0))
    top = float(diagonal.max(initial=0.0)) or 1.0
    absent = diagonal <= 1e-8 * top
    scale = np.asarray(np.where(absent, top, diagonal), dtype=np.float64)
    scaled = matrix / (scale * scale[:, None])
    # The ridge keeps the factorisation alive when columns coincide; `solver` takes its effect out again.
    ridged = scaled.copy()
    ridged.flat[:: len(matrix) + 1] += np.where(absent, 1.0, 1e-14) + damping
    return scale, scaled, np.asarray(np.linalg.inv(ridged), dtype=np.float64)


def evaluate(sums: Sums, f: Floats, shape: Shape) -> Point:
    """The best linear coefficients at the frequencies f, and what a Gauss-Newton step in f needs."""
    p, k = sums.trend, f.size
    gram, right = sums.normal(f)
    basis = _basis(f, shape, p)
    along = gram[: p + 2 * k] if basis is None else basis.T @ gram
    normal, b = (along[:, : p + 2 * k], right[: p + 2 * k]) if basis is None else (along @ basis, basis.T @ right)
    solved = solver(normal)
    linear = solved(b)
    wave = linear if basis is None else basis @ linear
    derivative = _derivative(wave, shape, p, k)[:, np.flatnonzero(shape.free)]
    crossed = along @ derivative
    corner = derivative.T @ gram @ derivative
    rss = sums.explained(f, wave[: p + 2 * k], right)
    slope = derivative.T @ right - crossed.T @ linear
    return Point(
        f=f,
        linear=linear,
        wave=wave[: p + 2 * k],
        rss=rss,
        normal=normal,
        crossed=crossed,
        corner=corner,
        slope=slope,
        curvature=corner - crossed.T @ solved(crossed),
    )


def _basis(f: Floats, shape: Shape, p: int) -> Floats | None:
    """The columns of the model in terms of those of U, shape (p + 4K, parameters); None for its first p + 2K."""
    if all(kind == "both" for kind in shape.kinds):
        return None
    k = f.size
    identity = np.eye(p + 4 * k)
    columns = [identity[:, i] for i in range(p)]
    for i, kind in enumerate(shape.kinds):
        cos, sin = identity[:, p + i], identity[:, p + k + i]
        angle = 2 * np.pi * f[i] * shape.origin
        if kind == "cos":
            columns.append(np.cos(angle) * cos - np.sin(angle) * sin)
        elif kind == "sin":
            columns.append(np.cos(angle) * sin + np.sin(angle) * cos)
        else:
            columns += [cos, sin]
    return np.column_stack(columns)


def _derivative(wave: Floats, shape: Shape, p: int, k: int) -> Floats:
    """The derivative of the model in each frequency, in terms of the columns of U, shape (p + 4K, K).

    A tone whose phase is fixed at x = 0 turns about there, one with a free phase about t = 0: d/df at fixed
    coefficients.
    """
    a, b = wave[p : p + k], wave[p + k : p + 2 * k]
    derivative = np.zeros((p + 4 * k, k))
    tone = np.arange(k)
    fixed = np.array([0.0 if kind == "both" else shape.origin for kind in shape.kinds])
    derivative[p + 2 * k + tone, tone] = b
    derivative[p + 3 * k + tone, tone] = -a
    derivative[p + tone, tone] = fixed * b
    derivative[p + k + tone, tone] = -fixed * a
    return 2 * np.pi * derivative


def refine(
    sums: Sums,
    start: Floats | Point,
    highest: float,
    shape: Shape | None = None,
    precision: float = FINAL,
) -> Point:
    """The least-squares fit nearest to the frequencies `start`, shape (K,), in bins, kept within 0.05 and `highest`.

    Returns the point where one more Gauss-Newton step would lower the sum of squares by less than `precision` noise
    variances, or the lowest one reached in 200 steps. Tones are not let nearer to one another than 0.1 bin.
    """
    if isinstance(start, Point):
        shape = shape or Shape.tones(start.f.size)
        point = start
    else:
        shape = shape or Shape.tones(start.size)
        point = evaluate(sums, np.asarray(start, dtype=float), shape)
    if not any(shape.free):
        return point
    free = np.flatnonzero(shape.free)
    square = float(sums.y @ sums.y)
    damping = 0.0
    last = np.inf
    for _ in range(STEPS if precision < ROUGH else STEPS_ON_THE_WAY):
        noise = point.rss / max(sums.y.size - point.parameters, 1)
        step = solve(point.curvature, point.slope, damping)
        fall = float(step @ point.slope)
        if fall <= precision * noise + ROUNDING * square:
            break
        step *= min(1.0, LARGEST_STEP / np.abs(step).max())
        moved = point.f.copy()
        moved[free] = np.clip(moved[free] + step, LOWEST, highest)
        trial = evaluate(sums, moved, shape) if _apart(moved) else replace(point, rss=np.inf)
        hidden = not damping and fall < min(UNSEEN * point.rss, last) and trial.rss < point.rss * (1 + UNSEEN)
        last = fall
        if trial.rss < point.rss or hidden:
            point, damping = trial, damping / 10 if damping > 1e-3 else 0.0
        elif fall <= sums.rounding * square or damping > 1e6:
            break
        else:
            damping = max(10 * damping, 1e-3)
    return point


def _apart(f: Floats) -> bool:
    return bool(np.all(np.diff(np.sort(f)) >= CLOSEST))
