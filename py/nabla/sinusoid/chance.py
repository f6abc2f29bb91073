"""Student's t and Fisher's F, from the incomplete beta function."""

from __future__ import annotations

from functools import cache
from math import exp, lgamma, log, log1p, pi, sqrt

_TERMS = 500
_STEPS = 200
_TINY = 1e-300


def beta_tail(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by the continued fraction of DLMF 8.17.22."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_tail(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _TINY)
    fraction = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d = 1 / (1 + part * d or _TINY)
            c = 1 + part / c or _TINY
            change = c * d
            fraction *= change
        if abs(change - 1) < 1e-15:
            break
    return front * fraction


def f_test(ratio: float, above: float, below: float) -> float:
    """The probability that Fisher's F with (above, below) degrees of freedom exceeds `ratio`."""
    return beta_tail(below / 2, above / 2, below / (below + above * ratio)) if ratio > 0 else 1.0


@cache
def student(probability: float, freedom: float) -> float:
    """The t for which Student's distribution lies within -t and t with this probability; by Newton's method.

    The probability is concave in t, so that steps from below never pass it.
    """
    t = 0.0
    front = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)
    for _ in range(_STEPS):
        within = 1 - beta_tail(freedom / 2, 0.5, freedom / (freedom + t * t))
        step = (probability - within) / (2 * front * (1 + t * t / freedom) ** (-(freedom + 1) / 2))
        t += step
        if step <= 1e-14 * t:
            break
    return t
