"""What a column of values has that no sum of sinusoids is made for: many zeros, clipped tops, steps, few levels."""

from __future__ import annotations

from typing import Literal

import numpy as np

from nabla.sinusoid.times import Floats

ValueFault = Literal["many-zeros", "clipped", "step-like", "few-levels"]

LEAST = 12  # values
ZEROS = 0.3  # of the values
FLAT = 0.7  # of the neighbours are equal in a record of steps
JUMP = 0.15  # of the range: a smaller change is no step
AT_THE_EDGE = 0.04  # of the values stand at the largest or the smallest
ABOVE_NEXT = 4.0  # times as many as at the levels next to it
LEVELS = 8


def faults(y: Floats) -> list[tuple[ValueFault, float]]:
    """What is unusual in the values y, shape (n,), in the order of time, each with its figure.

    The figure is the share of zeros, the edge at which values are cut off, the number of jumps, the number of levels.
    """
    n = y.size
    given, counts = np.unique(y, return_counts=True)
    levels = given / (float(np.abs(given).max()) or 1.0)
    if n < LEAST or levels.size < 2:
        return []
    zeros = float(np.mean(y == 0))
    changes = np.abs(np.diff(y / (float(np.abs(given).max()) or 1.0)))
    jumps = changes[changes > 0]
    if zeros >= ZEROS and levels.size >= 4 and (levels[0] == 0 or levels[-1] == 0):
        return [("many-zeros", zeros)]
    large = jumps >= JUMP * (levels[-1] - levels[0])
    if jumps.size <= (1 - FLAT) * (n - 1) and jumps.size <= n / 4 and np.mean(large) > 0.5:
        return [("step-like", float(jumps.size))]
    if levels.size <= LEVELS:
        return [("few-levels", float(levels.size))] if n >= 4 * levels.size else []
    for edge, beside in ((-1, slice(-4, -1)), (0, slice(1, 4))):
        many = counts[edge] >= max(3, AT_THE_EDGE * n) and counts[edge] >= ABOVE_NEXT * counts[beside].max()
        at = np.flatnonzero(y == given[edge])
        if many and np.any(np.diff(at) == 1):
            return [("clipped", float(given[edge]))]
    return []
