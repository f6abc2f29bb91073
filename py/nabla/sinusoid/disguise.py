"""Sinusoids larger than all of the data: a slow one that stands for a trend, or a pair that cancels each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nabla.sinusoid.refine import Point, refine
from nabla.sinusoid.search import SearchPath
from nabla.sinusoid.sums import Sums
from nabla.sinusoid.times import Times

_Fitted = tuple[Sums, SearchPath, Point]

LARGER = 1.5  # times the range of the values: no part of a sum that swings less
SLOW = 1.0  # cycles in the record, fewer of which may be a trend
PARABOLA = 3  # powers of t that take the place of a slow sinusoid


def without_disguises(
    times: Times, problem: Sums, found: SearchPath, point: Point, highest: float, curved: Callable[[], _Fitted] | None
) -> _Fitted:
    """The fit without sinusoids that are larger than the data, one after the other, the slowest first.

    `curved` fits anew on a parabola, which takes the place of a slow one; None where the trend was given. Just below
    half the sampling rate amplitudes mean nothing, and stay.
    """
    most = LARGER * float(np.ptp(problem.y))
    alarms = list(found.alarms[: point.f.size])
    changed = False
    while point.f.size:
        k, first = point.f.size, problem.trend
        size = np.hypot(point.wave[first : first + k], point.wave[first + k :])
        sparse = times.place is not None and point.f > times.nyquist - 1
        large = np.flatnonzero((size > most) & ~np.asarray(sparse))
        if not large.size:
            break
        changed = True
        slowest = int(large[np.argmin(point.f[large])])
        place = slowest if point.f[slowest] < SLOW else int(large[np.argmin(size[large])])
        if point.f[place] < SLOW and curved and first < PARABOLA:
            problem, found, point = curved()
            alarms, changed, curved = list(found.alarms[: point.f.size]), False, None
            continue
        f = np.delete(point.f, place)
        del alarms[place : place + 1]
        point = refine(problem, f, highest)
    if not changed:
        return problem, found, point
    return problem, SearchPath([point.f[:i] for i in range(point.f.size + 1)], alarms, {}), point
