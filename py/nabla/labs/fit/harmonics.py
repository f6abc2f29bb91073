"""Sinusoids whose frequencies are whole multiples of one: harmonics of one cycle, which has one period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from nabla.sinusoid.errors import FittedTone

NEAR = 3.0  # standard errors within which a ratio of frequencies is a whole number
SURE = 0.2  # of the fundamental: a ratio known less well tells nothing
MOST = 20  # times the fundamental
EXACT, ROUNDING = 1e-9, 1e-15  # of a frequency: smaller errors are those of exact data, and of numbers
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
