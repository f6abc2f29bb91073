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
ROUNDS = 10  # of Newton's method for the length of a step
TINY = 2.2250738585072014e-308
CALLS = 200  # of the curve, for each parameter and one


def lmdif(curve: Curve, x: Floats, y: Floats, start: Floats) -> tuple[float, Floats] | None:
    """The sum of squares and parameters, shape (m,), at which it ends; None where the start has no value."""
    with np.errstate(all="ignore"):
        p = start.astype(float)
        f = curve.value(x, p) - y
        if not np.isfinite(f).all():
            return None
        scale: Floats | None = None
        radius = par = 0.0
        left = CALLS * (p.size + 1)
        while left > 0:
            jacobian = _slopes(curve, x, y, p, f)
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
                par, scaled = _step(s, vt, slope, radius, par)
                step = scaled / scale
                length = float(np.linalg.norm(scaled))
                radius = min(radius, length) if first else radius
                first = False
                trial = curve.value(x, p + step) - y
                left -= 1
                size, size1 = _norm(f), _norm(trial)
                fall = 1 - (size1 / size) ** 2 if 0.1 * size1 < size else -1.0
                linear = (float(np.linalg.norm(jacobian @ step)) / size) ** 2 if size else 0.0
                damped = par * length**2 / size**2 if size else 0.0
                expected = linear + 2 * damped
                ratio = fall / expected if expected else 0.0
                radius, par = _region(radius, length, ratio, fall, -(linear + damped), size1, size, par)
                done = abs(fall) <= TOLERANCE and expected <= TOLERANCE and ratio <= 2
                done |= radius <= TOLERANCE * float(np.linalg.norm(scale * p))
                if ratio >= 1e-4:
                    p, f = p + step, trial
                if done or not size:
                    return float(f @ f), p
                if ratio >= 1e-4:
                    break
        return float(f @ f), p


def _norm(f: Floats) -> float:
    """The Euclidean norm, NaN where an element is infinite, as MINPACK's enorm has it."""
    top = float(np.abs(f).max())
    return top * float(np.linalg.norm(f / top)) if np.isfinite(top) and top > 0 else top - top


def _region(
    radius: float, length: float, ratio: float, fall: float, slope: float, size1: float, size: float, par: float
) -> tuple[float, float]:
    """The trust region and damping after a step that lowered the sum of squares by `ratio` of what was expected."""
    if ratio <= 0.25:
        shrink = 0.5 if fall >= 0 else 0.5 * slope / (slope + 0.5 * fall)
        if 0.1 * size1 >= size or shrink < 0.1:
            shrink = 0.1
        return shrink * min(radius, length / 0.1), par / shrink
    return (2 * length, 0.5 * par) if par == 0 or ratio >= 0.75 else (radius, par)


def _step(s: Floats, vt: Floats, slope: Floats, radius: float, par: float) -> tuple[float, Floats]:
    """The damping and the scaled step of a length within a tenth of the radius; undamped where that is short enough.

    Newton's method on the length between two bounds, from the damping `par` of the step before, as in MINPACK's lmpar.
    """
    full = bool(np.all(s > 0))
    plain = np.where(s > 0, slope / np.where(s > 0, s, 1.0), 0.0)
    length = float(np.linalg.norm(plain))
    over = length - radius
    if over <= 0.1 * radius:
        return 0.0, -vt.T @ plain
    low = over / radius / float(((plain / length / s) ** 2).sum()) if full else 0.0
    steepest = float(np.linalg.norm(s * slope))
    high = steepest / radius or TINY / min(radius, 0.1)
    par = min(max(par, low), high) or steepest / length
    for count in range(1, ROUNDS + 1):
        par = par or max(TINY, 0.001 * high)
        scaled = s * slope / (s * s + par)
        length = float(np.linalg.norm(scaled))
        before, over = over, length - radius
        if abs(over) <= 0.1 * radius or (low == 0 and over <= before < 0) or count == ROUNDS:
            break
        correction = over / radius / float(((scaled / length) ** 2 / (s * s + par)).sum())
        low, high = (max(low, par), high) if over > 0 else (low, min(high, par))
        par = max(low, par + correction)
    return par, -vt.T @ scaled


def _slopes(curve: Curve, x: Floats, y: Floats, p: Floats, f: Floats) -> Floats:
    """Forward differences of the residual f, shape (n, m), with the rounding that MINPACK's have."""
    steps = DIFFERENCE * np.where(p == 0, 1.0, np.abs(p))
    moved = [curve.value(x, p + step * unit) - y for step, unit in zip(steps, np.eye(p.size), strict=True)]
    return np.column_stack([(value - f) / step for value, step in zip(moved, steps, strict=True)])
