"""Sinusoids whose frequencies are whole multiples of one: harmonics of one cycle, which has one period.

At uneven times the harmonics of a pulse may lie above the frequencies that are searched, where their aliases explain
them badly: with several sinusoids found, the search goes on to the harmonics of the strongest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

from nabla.sinusoid.errors import FittedTone
from nabla.sinusoid.fit import Fit, Task, fit
from nabla.sinusoid.times import Floats, Times

NEAR = 3.0  # standard errors within which a ratio of frequencies is a whole number
SURE = 0.2  # of the fundamental: a ratio known less well tells nothing
MOST = 20  # times the fundamental
EXACT, ROUNDING = 1e-9, 1e-15  # of a frequency: smaller errors are those of exact data, and of numbers
OVERTONES = 8  # times the strongest sinusoid that are searched
MOST_SAMPLES = 20_000
BETTER = 6.0  # by which the Bayesian criterion has to fall
FEW = 3  # harmonics, fewer of which are a cycle only where there is no other sinusoid


@dataclass(frozen=True, slots=True)
class Harmonics:
    """One cycle: its frequency with the standard error, and each sinusoid with how many times faster it is."""

    frequency: float
    se: float
    members: tuple[tuple[int, FittedTone], ...]

    @property
    def period(self) -> float:
        """The length of the cycle."""
        return 1 / self.frequency

    @property
    def multiples(self) -> tuple[int, ...]:
        """How many times faster than the cycle its sinusoids are."""
        return tuple(k for k, _ in self.members)


def harmonics(tones: Sequence[FittedTone]) -> Harmonics | None:
    """The cycle of which most sinusoids are harmonics within their errors, the slowest of these being its first.

    Its frequency is the mean of f/k, weighed by their errors. None where no two belong together, or only two of many.
    """
    best: Harmonics | None = None
    ordered = sorted(tones, key=lambda tone: tone.frequency)
    for i, base in enumerate(ordered[:-1]):
        members = [(1, base)]
        for tone in ordered[i + 1 :]:
            ratio = tone.frequency / base.frequency
            k = round(ratio)
            se = max(sqrt(tone.se_frequency**2 + (k * base.se_frequency) ** 2) / base.frequency, EXACT)
            if 2 <= k <= MOST and abs(ratio - k) < NEAR * se < SURE:
                members.append((k, tone))
        strongest = {k: max((t for m, t in members if m == k), key=lambda t: t.amplitude) for k, _ in members}
        members = sorted(strongest.items())
        if len(members) > 1 and (best is None or len(members) > len(best.members)):
            weights = [(k / max(tone.se_frequency, ROUNDING * tone.frequency)) ** 2 for k, tone in members]
            mean = sum(w * tone.frequency / k for w, (k, tone) in zip(weights, members, strict=True)) / sum(weights)
            best = Harmonics(mean, 1 / sqrt(sum(weights)), tuple(members))
    return best if best and (len(best.members) >= FEW or len(best.members) == len(tones)) else None


def with_overtones(found: Fit, times: Times, y: Floats, task: Task) -> Fit:
    """The fit with the search up to the harmonics of its strongest sinusoid, where that explains the record better."""
    if task.highest is not None or task.count is not None or times.kind != "uneven" or times.n > MOST_SAMPLES:
        return found
    if len(found.tones) < 2:
        return found
    strongest = max(found.tones, key=lambda tone: tone.amplitude)
    highest = OVERTONES * strongest.frequency * times.length
    if highest <= found.highest:
        return found
    wider = fit(times, y, replace(task, highest=highest))
    return wider if _criterion(wider) < _criterion(found) - BETTER else found


def _criterion(found: Fit) -> float:
    """The Bayesian information criterion with 5 ln n a sinusoid, whose frequency was searched for."""
    n = found.times.n
    return n * log(max(found.rms / found.unit, 1e-150) ** 2) + (5 * len(found.tones) + found.trend) * log(n)
