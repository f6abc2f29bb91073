"""Where MINPACK's lmdif ends from a start, which curve_fit, leastsq and lmfit call: its own steps and stopping rules.

J. J. More, "The Levenberg-Marquardt algorithm: implementation and theory", in Numerical Analysis, Lecture Notes in
Mathematics 630 (1978), 105. The tolerances are those of `scipy.optimize.leastsq`.
"""

from __future__ import annotations

import numpy as np

from nabla.sinusoid.curve import Curve
from nabla.sinusoid.times import Floats

DIFFERENCE = 2.0**-26  # of a parameter: the root of a float's precision
TOLERANCE = 1.49012e-8
FACTOR = 100.0  # of the first trust region
CALLS = 200  # of the curve, for each parameter and one


def lmdif(curve: Curve, x: Floats, y: Floats, start: Floats) -> tuple[float, Floats] | None:
    """The sum of squares and parameters, shape (m,), at which it ends; None where the start has no value."""
    with np.errstate(all="ignore"):
        p = start.astype(float)
        at = curve.value(x, p)
        f = at - y
        if not np.isfinite(f).all():
            return None
        scale: Floats | None = None
        radius = par = 0.0
        left = CALLS * (p.size + 1)
        while left > 0:
            jacobian = _slopes(curve, x, p, at)
            if not np.isfinite(jacobian).all():
                return (float(f @ f), p) if scale is not None else None
            left -= p.size
            lengths = np.linalg.norm(jacobian, axis=0)
            if scale is None:
                scale = np.where(lengths > 0, lengths, 1.0)
                radius = FACTOR * (float(np.linalg.norm(scale * p)) or 1.0)
                first = True
            scale = np.maximum(scale, lengths)
            u, s, vt = np.linalg.svd(jacobian / scale, full_matrices=False)
            slope = u.T @ f
            while left > 0:
                par, scaled = _step(s, vt, slope, radius)
                step = scaled / scale
                length = float(np.linalg.norm(scaled))
                radius = min(radius, length) if first else radius
                first = False
                there = curve.value(x, p + step)
                trial = there - y
                left -= 1
                size, size1 = float(np.linalg.norm(f)), float(np.linalg.norm(trial))
                size1 = size1 if np.isfinite(size1) else np.inf
                fall = 1 - (size1 / size) ** 2 if 0.1 * size1 < size else -1.0
                linear = (float(np.linalg.norm(jacobian @ step)) / size) ** 2 if size else 0.0
                damped = par * length**2 / size**2 if size else 0.0
                expected = linear + 2 * damped
                ratio = fall / expected if expected else 0.0
                radius = _radius(radius, length, ratio, fall, -(linear + damped), size1, size, par)
                done = abs(fall) <= TOLERANCE and expected <= TOLERANCE and ratio <= 2
                done |= radius <= TOLERANCE * float(np.linalg.norm(scale * p))
                if ratio >= 1e-4:
                    p, at, f = p + step, there, trial
                if done or not size:
                    return float(f @ f), p
                if ratio >= 1e-4:
                    break
        return float(f @ f), p


def _radius(
    radius: float, length: float, ratio: float, fall: float, slope: float, size1: float, size: float, par: float
) -> float:
    """The trust region after a step that lowered the sum of squares by `ratio` of what was expected."""
    if ratio <= 0.25:
        shrink = 0.5 if fall >= 0 else 0.5 * slope / (slope + 0.5 * fall)
        if 0.1 * size1 >= size or shrink < 0.1:
            shrink = 0.1
        return shrink * min(radius, length / 0.1)
    return 2 * length if par == 0 or ratio >= 0.75 else radius


def _step(s: Floats, vt: Floats, slope: Floats, radius: float) -> tuple[float, Floats]:
    """The damping and the scaled step of a length within a tenth of the radius; undamped where that is short enough."""
    kept = s > s[0] * 1e-15 if s[0] > 0 else np.zeros(s.size, dtype=bool)
    plain = np.where(kept, slope / np.where(kept, s, 1.0), 0.0)
    if float(np.linalg.norm(plain)) <= 1.1 * radius:
        return 0.0, -vt.T @ plain
    low, high = 0.0, float(np.linalg.norm(s * slope)) / radius
    par = high
    for _ in range(60):
        par = (low + high) / 2
        length = float(np.linalg.norm(s * slope / (s * s + par)))
        if abs(length - radius) <= 0.1 * radius:
            break
        low, high = (par, high) if length > radius else (low, par)
    return par, -vt.T @ (s * slope / (s * s + par))


def _slopes(curve: Curve, x: Floats, p: Floats, at: Floats) -> Floats:
    """Forward differences, shape (n, m)."""
    steps = DIFFERENCE * np.where(p == 0, 1.0, np.abs(p))
    moved = [curve.value(x, p + step * unit) for step, unit in zip(steps, np.eye(p.size), strict=True)]
    return np.column_stack([(value - at) / step for value, step in zip(moved, steps, strict=True)])
