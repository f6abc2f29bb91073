"""A step along a direction: to the strong Wolfe conditions, or only down.

The search for the Wolfe conditions is that of J. J. Moré and D. J. Thuente, "Line search algorithms with guaranteed
sufficient decrease", ACM TOMS 20 (1994), 286-307: safeguarded cubic and quadratic interpolation on an interval that
always holds an acceptable step. Where f has no value, the interval ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nabla.optimise.problem import Floats, Oracle

TRIALS = 20
LEVEL = 1  # trials at which f is the same to rounding, before it gives up
EXTRAPOLATE = (1.1, 4.0)
LARGEST = 1e100
GROWING = 10
SHRINKING = 11


@dataclass(slots=True)
class _LinePoint:
    """A step with phi and phi' there."""

    t: float
    f: float
    d: float


def wolfe(
    phi: Callable[[float], float],
    slope: Callable[[float], float],
    first: float,
    f0: float,
    d0: float,
    decrease: float = 1e-4,
    curvature: float = 0.9,
    width: float = 1e-14,
) -> float | None:
    """A step t with phi(t) <= phi(0) + decrease t phi'(0) and |phi'(t)| <= curvature |phi'(0)|; None if none is found.

    Args:
        phi: the function along the direction.
        slope: its derivative.
        first: the step tried first.
        f0: phi(0).
        d0: phi'(0), below 0.
        decrease: the first constant, above 0.
        curvature: the second, between the first and 1.
        width: relative width of the interval at which it gives up.
    """
    if not d0 < 0 or not math.isfinite(d0):
        return None
    low, high = _LinePoint(0.0, f0, d0), _LinePoint(0.0, f0, d0)
    bracketed, modified = False, True
    test = decrease * d0
    smallest, largest = 0.0, first * 5
    span, before = math.inf, math.inf
    t, cap, level = first, LARGEST, 0
    for _ in range(TRIALS):
        f = phi(t)
        if not math.isfinite(f):
            cap = t
            t = low.t + 0.1 * (t - low.t) if not bracketed else 0.5 * (low.t + t)
            if t <= 1e-300 or abs(cap - low.t) <= 1e-16 * max(cap, 1e-300):
                return None
            largest = min(largest, cap)
            continue
        level += abs(f - f0) <= 2e-15 * abs(f0)
        if level > LEVEL:
            return None
        d = slope(t)
        sufficient = f0 + t * test
        if modified and f <= sufficient and d >= 0:
            modified = False
        if f <= sufficient and abs(d) <= curvature * -d0:
            return t
        stuck = bracketed and (t <= smallest or t >= largest or abs(high.t - low.t) <= width * max(high.t, low.t))
        if stuck or t >= LARGEST or t < 1e-100 or (not bracketed and t >= cap):
            return None
        here = _LinePoint(t, f, d)
        if modified and f <= low.f and f > sufficient:
            # With phi - t test in place of phi the interval is sure to shrink to an acceptable step.
            shifted = [_LinePoint(p.t, p.f - p.t * test, p.d - test) for p in (low, high, here)]
            t, bracketed, moved = _next(shifted[0], shifted[1], shifted[2], bracketed, smallest, largest)
            low, high = (_LinePoint(p.t, p.f + p.t * test, p.d + test) for p in moved)
        else:
            t, bracketed, (low, high) = _next(low, high, here, bracketed, smallest, largest)
        if bracketed:
            if abs(high.t - low.t) >= 0.66 * before:
                t = low.t + 0.5 * (high.t - low.t)
            before, span = span, abs(high.t - low.t)
            smallest, largest = min(low.t, high.t), max(low.t, high.t)
        else:
            smallest = t + EXTRAPOLATE[0] * (t - low.t)
            largest = min(t + EXTRAPOLATE[1] * (t - low.t), cap)
        t = min(max(t, 0.0), cap)
        if bracketed and (t <= smallest or t >= largest or abs(high.t - low.t) <= width * max(high.t, low.t)):
            t = low.t
    return None


def _next(
    low: _LinePoint, high: _LinePoint, here: _LinePoint, bracketed: bool, smallest: float, largest: float
) -> tuple[float, bool, tuple[_LinePoint, _LinePoint]]:
    """The next trial step by the four cases of section 4, and the interval it lies in."""
    turned = here.d * math.copysign(1.0, low.d) < 0
    span = here.t - low.t
    if here.f > low.f:
        theta, gamma = _cubic(low, here)
        gamma = -gamma if here.t < low.t else gamma
        cubic = low.t + ((gamma - low.d) + theta) / (((gamma - low.d) + gamma) + here.d) * span
        quadratic = low.t + low.d / ((low.f - here.f) / span + low.d) / 2 * span
        near = abs(cubic - low.t) < abs(quadratic - low.t)
        t, bracketed = (cubic if near else cubic + (quadratic - cubic) / 2), True
    elif turned:
        theta, gamma = _cubic(low, here)
        gamma = -gamma if here.t > low.t else gamma
        cubic = here.t - ((gamma - here.d) + theta) / (((gamma - here.d) + gamma) + low.d) * span
        secant = here.t - here.d / (here.d - low.d) * span
        t, bracketed = (cubic if abs(cubic - here.t) > abs(secant - here.t) else secant), True
    elif abs(here.d) < abs(low.d):
        theta, gamma = _cubic(low, here)
        gamma = -gamma if here.t > low.t else gamma
        ratio = ((gamma - here.d) + theta) / ((gamma + (low.d - here.d)) + gamma)
        beyond = largest if here.t > low.t else smallest
        cubic = here.t - ratio * span if ratio < 0 and gamma != 0 else beyond
        secant = here.t - here.d / (here.d - low.d) * span
        nearer = abs(cubic - here.t) < abs(secant - here.t)
        if bracketed:
            t = cubic if nearer else secant
            bound = here.t + 0.66 * (high.t - here.t)
            t = min(bound, t) if here.t > low.t else max(bound, t)
        else:
            t = min(max(secant if nearer else cubic, smallest), largest)
    elif bracketed:
        theta, gamma = _cubic(high, here)
        gamma = -gamma if here.t > high.t else gamma
        t = here.t + ((gamma - here.d) + theta) / (((gamma - here.d) + gamma) + high.d) * (high.t - here.t)
    else:
        t = largest if here.t > low.t else smallest
    if here.f > low.f:
        return t, bracketed, (low, here)
    return t, bracketed, (here, low if turned else high)


def _cubic(a: _LinePoint, b: _LinePoint) -> tuple[float, float]:
    """theta and gamma of the cubic through two points and slopes."""
    theta = 3 * (a.f - b.f) / (b.t - a.t) + a.d + b.d
    size = max(abs(theta), abs(a.d), abs(b.d))
    if not size:
        return theta, 0.0
    return theta, size * math.sqrt(max(0.0, (theta / size) ** 2 - (a.d / size) * (b.d / size)))


def along(
    oracle: Oracle, x: Floats, p: Floats, first: float, decrease: float = 1e-4, curvature: float = 0.9,
    width: float = 1e-14, known: tuple[float, float] | None = None,
) -> float | None:  # fmt: skip
    """A step from x along p to the strong Wolfe conditions; `known` are f and the slope at x, else they are asked."""
    f0, d0 = known or (oracle.f(x), float(oracle.g(x) @ p))
    return wolfe(
        lambda t: oracle.f(x + t * p), lambda t: float(oracle.g(x + t * p) @ p), first, f0, d0, decrease, curvature,
        width,
    )  # fmt: skip


def zoom(
    phi: Callable[[float], float],
    slope: Callable[[float], float],
    first: float,
    f0: float,
    d0: float,
    curvature: float,
    accept: Callable[[float], bool],
    decrease: float = 1e-4,
) -> float | None:
    """A step to the strong Wolfe conditions that `accept` takes as well; None if none is found.

    J. Nocedal and S. J. Wright, Numerical Optimization (2006), algorithms 3.5 and 3.6: the step doubles until the
    interval holds an acceptable one, and then shrinks to the minimum of a cubic, or of a parabola, or to its middle.

    Args:
        phi: the function along the direction.
        slope: its derivative.
        first: the step tried first.
        f0: phi(0).
        d0: phi'(0), below 0.
        curvature: the second constant, between the first and 1.
        accept: what else has to hold at the step.
        decrease: the first constant, above 0.
    """

    def enough(t: float, d: float) -> bool:
        return abs(d) <= -curvature * d0 and accept(t)

    low, t = _LinePoint(0.0, f0, d0), first
    for k in range(GROWING):
        f = phi(t)
        if f > f0 + decrease * t * d0 or (k and f >= low.f):
            return _shrink(phi, slope, low, (t, f), lambda t, f: f <= f0 + decrease * t * d0, enough)
        here = _LinePoint(t, f, slope(t))
        if enough(t, here.d):
            return t
        if not here.d < 0:
            return _shrink(phi, slope, here, (low.t, low.f), lambda t, f: f <= f0 + decrease * t * d0, enough)
        low, t = here, 2 * t
    return None


def _shrink(
    phi: Callable[[float], float],
    slope: Callable[[float], float],
    low: _LinePoint,
    high: tuple[float, float],
    falls: Callable[[float, float], bool],
    enough: Callable[[float, float], bool],
) -> float | None:
    """The step in the interval between `low`, its best end, and `high`, a step and phi there."""
    third: tuple[float, float] | None = None
    for _ in range(SHRINKING):
        span = high[0] - low.t
        if not span:
            return None
        # A guess close to an end is worth little where the better end is the left one. From the right one SciPy takes
        # it as it is, and so the two searches try the same steps.
        cubic, parabola = (0.2, 0.1) if span > 0 else (0.0, 0.0)
        guess = _lowest_cubic(low, high, third) if third else None
        if guess is None or not cubic <= (guess - low.t) / span <= 1 - cubic:
            bend = (high[1] - low.f - low.d * span) / span**2
            guess = low.t - low.d / (2 * bend) if bend > 0 else None
        if guess is None or not parabola <= (guess - low.t) / span <= 1 - parabola:
            guess = low.t + span / 2
        t, f = guess, phi(guess)
        if not falls(t, f) or f >= low.f:
            third, high = high, (t, f)
            continue
        d = slope(t)
        if enough(t, d):
            return t
        third = (low.t, low.f)
        if d * span >= 0:
            third, high = high, third
        low = _LinePoint(t, f, d)
    return None


def _lowest_cubic(low: _LinePoint, high: tuple[float, float], third: tuple[float, float]) -> float | None:
    """Where the cubic through three points, with the slope of the first, is lowest."""
    (h, rise), (k, other) = ((t - low.t, f - low.f - low.d * (t - low.t)) for t, f in (high, third))
    if not h or not k or h == k or not math.isfinite(rise + other):
        return None
    a = (rise / h**2 - other / k**2) / (h - k)
    b = rise / h**2 - a * h
    root = b * b - 3 * a * low.d
    return low.t + (-b + math.sqrt(root)) / (3 * a) if a and root >= 0 else None


def down(oracle: Oracle, x: Floats, p: Floats, first: float, decrease: float = 1e-4) -> Floats | None:
    """A point on the way from x along p, moved into the bounds, with sufficient decrease: the step is halved until.

    L. Armijo (1966), with the projection of D. P. Bertsekas, SIAM J. Control Optim. 20 (1982), 221. None when 60
    halvings find none.
    """
    f0, g0, t = oracle.f(x), oracle.g(x), first
    for _ in range(60):
        new = oracle.clip(x + t * p)
        fall = float(g0 @ (new - x))
        if np.array_equal(new, x):
            return None
        if oracle.f(new) <= f0 + decrease * fall and fall < 0:
            return new
        t /= 2
    return None
