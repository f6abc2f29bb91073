"""The slope of a function of one number by central differences, with an estimate of its error.

Romberg's extrapolation from three steps, at smaller and smaller steps until it settles; the error is the difference of
two extrapolations and what rounding leaves. So a slope is told from another only where the differences can tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

STEPS = (4e-3, 4e-4, 4e-5, 4e-6)
EPSILON = 2.0**-52
SETTLED = 1e-8  # an error, relative to the scale, that is small enough
RESOLVED = 1e-4  # an error, relative to the scale, with which nothing is decided
AGREES, DIFFERS = 1e-6, 1e-5  # relative to the scale


@dataclass(frozen=True)
class Slope:
    """A slope and its error; both are None where there is no finite one: at a `corner`, a jump or a pole."""

    value: float | None
    error: float | None
    corner: bool = False


@dataclass(frozen=True)
class SlopeComparison:
    """A claimed slope beside the differences: "passed", "failed", or "unchecked" where they cannot tell.

    `figure` is the difference relative to the scale, `bound` what it may be.
    """

    verdict: str
    figure: float | None = None
    bound: float = AGREES


def slope(
    f: Callable[[float], float], scale: float, size: float, span: float = 1.0, steps: Sequence[float] = STEPS
) -> Slope:
    """The derivative of `f` at 0.

    Args:
        f: the function.
        scale: the size of slopes that count as something.
        size: the size of the numbers that are added and subtracted on the way to a value: it bounds the rounding.
        span: the step is relative to this.
        steps: those that are tried, seven values of `f` at most for each.
    """
    here = f(0.0)
    best, corner = Slope(None, None), False
    for step in steps:
        h = step * span
        ends = [(f(k * h), f(-k * h)) for k in (1.0, 0.5, 0.25)]
        if not all(map(math.isfinite, [here, *(value for pair in ends for value in pair)])):
            corner = True
            continue
        largest = max(size, abs(here), *(abs(value) for pair in ends for value in pair))
        noise = 8 * EPSILON * largest / h
        first, second, third = ((up - down) / (2 * k * h) for (up, down), k in zip(ends, (1.0, 0.5, 0.25), strict=True))
        one, other = (4 * second - first) / 3, (4 * third - second) / 3
        corner = _bends(here, ends, h, max(DIFFERS * scale, 10 * noise))
        if corner:
            continue
        error = abs(one - other) + noise
        if best.error is None or error < best.error:
            best = Slope((16 * other - one) / 15, error)
        if error <= SETTLED * scale:
            break
    return Slope(None, None, True) if corner and best.value is None else best


def _bends(here: float, ends: list[tuple[float, float]], h: float, least: float) -> bool:
    """Whether the slopes on the two sides stay apart when the step shrinks, as at a corner or a jump."""
    wide, near = (abs(up + down - 2 * here) / step for (up, down), step in ((ends[0], h), (ends[2], h / 4)))
    return near > 0.6 * wide and near > least


def compare(claimed: float, found: Slope, scale: float) -> SlopeComparison:
    """Whether a claimed slope is the one that was found, as far as its error lets it be told."""
    if found.value is None or found.error is None or not math.isfinite(claimed) or found.error > RESOLVED * scale:
        return SlopeComparison("unchecked")
    gap = abs(claimed - found.value)
    bound = AGREES + 5 * found.error / scale
    if gap <= bound * scale:
        return SlopeComparison("passed", gap / scale, bound if gap > AGREES * scale else AGREES)
    certain = gap > DIFFERS * scale + 20 * found.error
    return SlopeComparison("failed", gap / scale) if certain else SlopeComparison("unchecked")
