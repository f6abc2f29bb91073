"""Why gradient descent fails on frequencies: many starts on the same data, and the loss along one frequency.

The loss of a sinusoid has a minimum about every bin: B. Hayes, C. Saitis and G. Fazekas, "Sinusoidal frequency
estimation by gradient descent", ICASSP 2023, arXiv 2210.14476.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabla.sinusoid.fit import Fit
from nabla.sinusoid.refine import Shape, evaluate, solve
from nabla.sinusoid.sums import sums
from nabla.sinusoid.times import Floats

STARTS = 50
STEPS = 500
EVERY = 12  # steps between those whose state is kept
NEWTON = 6  # Gauss-Newton steps shown at most
GRID = 4  # frequencies a bin of the spectrum from which they start
RATE = 0.05
AROUND = 8  # bins to either side over which the loss is shown
NEAR = 0.5  # bins from every tone at which a descent has arrived


@dataclass(frozen=True, slots=True)
class Descent:
    """The way of the descents, and what it is measured by.

    At each of the `steps` (m,): `frequencies` (m, starts, K) in cycles per unit of x and mean squares, `losses`
    (m, starts). `newton` holds the mean squares of Gauss-Newton steps from the tops of a spectrum, `rounded` is that of
    the best descent with all of its numbers rounded to whole ones, `least` that of the fit; `arrived` counts descents
    with a frequency within half a bin of every tone.
    """

    steps: Floats
    frequencies: Floats
    losses: Floats
    newton: Floats
    rounded: float
    least: float
    arrived: int


def descend(found: Fit, seed: int = 1) -> Descent:
    """Adam from 50 random starts, 500 steps each, on the mean square of y - sum of a cos(2 pi f x) + b sin(2 pi f x).

    Frequencies start anywhere up to the highest searched, coefficients at random; the trend is taken off beforehand and
    the values are scaled to unit variance, so that the descent has it easier than on the data as given.
    """
    rng = np.random.default_rng(seed)
    t, k = found.times.t, len(found.tones)
    curve = found.y - np.polynomial.polynomial.polyval(2 * t, found.coefficients if found.trend else [0.0])
    size = float(curve.std())
    y = curve / size
    p = np.concatenate([rng.normal(size=(STARTS, 2, k)), rng.uniform(0, found.highest, (STARTS, 1, k))], axis=1)
    first, second = np.zeros_like(p), np.zeros_like(p)
    kept: list[tuple[int, Floats, Floats]] = []
    for step in range(1, STEPS + 1):
        slope, loss = _slope(p, t, y)
        if (step - 1) % EVERY == 0:
            kept.append((step - 1, p[:, 2], loss))
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        p = p - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    kept.append((STEPS, p[:, 2], _slope(p, t, y)[1]))
    losses = kept[-1][2]
    tones = found.point.f
    near = np.abs(np.abs(p[:, 2, :, None]) - tones).min(axis=1) < NEAR
    best = p[np.argmin(losses)]
    # Back to x = 0 as the origin, where whole numbers were asked for.
    turn = 2 * np.pi * best[2] * found.times.centre / found.times.length
    a, b = best[0] * np.cos(turn) - best[1] * np.sin(turn), best[0] * np.sin(turn) + best[1] * np.cos(turn)
    a, b, f = np.rint(a * size), np.rint(b * size), np.rint(best[2] / found.times.length)
    angle = 2 * np.pi * np.multiply.outer(found.times.x, f)
    rounded = float(np.mean((curve - np.cos(angle) @ a - np.sin(angle) @ b) ** 2))
    least = float(np.mean(found.residual**2))
    return Descent(
        steps=np.array([float(step) for step, _, _ in kept]),
        frequencies=np.abs([f for _, f, _ in kept]) / found.times.length,
        losses=np.array([loss for _, _, loss in kept]) * size**2,
        newton=_newton(found),
        rounded=rounded,
        least=least,
        arrived=int(near.all(axis=1).sum()),
    )


def _newton(found: Fit) -> Floats:
    """The mean square after each Gauss-Newton step in all frequencies from the nearest of a spectrum with 4 a bin."""
    problem = sums(found.times, found.y / found.unit, found.trend)
    shape = Shape.tones(found.point.f.size)
    point = evaluate(problem, np.maximum(np.rint(found.point.f * GRID), 1) / GRID, shape)
    squares = [point.rss]
    while len(squares) <= NEWTON:
        point = evaluate(problem, point.f + solve(point.curvature, point.slope), shape)
        if point.rss >= squares[-1]:
            break
        squares.append(point.rss)
    return np.array(squares) * found.unit**2 / found.times.n


def _slope(p: Floats, t: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Gradient, shape (starts, 3, K), and value, shape (starts,), of the mean square."""
    a, b, f = p[:, 0, :, None], p[:, 1, :, None], p[:, 2, :, None]
    angle = 2 * np.pi * f * t
    cos, sin = np.cos(angle), np.sin(angle)
    residual = (a * cos + b * sin).sum(axis=1) - y
    r = (2 / t.size) * residual[:, None, :]
    slope = np.stack([(r * cos).sum(-1), (r * sin).sum(-1), (r * 2 * np.pi * t * (b * cos - a * sin)).sum(-1)], axis=1)
    return slope, np.mean(residual**2, axis=1)


def loss_along(found: Fit) -> tuple[Floats, Floats, Floats]:
    """The mean square as the strongest tone's frequency is moved: frequency, with fixed and with best amplitudes.

    Shape (m,) each. All other frequencies stay where the fit put them.
    """
    strongest = int(np.argmax([tone.amplitude for tone in found.tones]))
    centre = found.point.f[strongest]
    bins = np.linspace(max(centre - AROUND, 0.1), centre + AROUND, 321)
    problem = sums(found.times, found.y / found.unit, found.trend)
    shape = Shape.tones(len(found.tones), len(found.tones))
    fixed, best = np.empty(bins.size), np.empty(bins.size)
    at_fit = evaluate(problem, found.point.f, shape)
    for i, f in enumerate(bins):
        moved = found.point.f.copy()
        moved[strongest] = f
        left = problem.y - problem.model(moved, at_fit.wave)
        fixed[i] = float(left @ left)
        best[i] = evaluate(problem, moved, shape).rss
    scale = found.unit**2 / found.times.n
    return bins / found.times.length, fixed * scale, best * scale
