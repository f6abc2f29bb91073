"""How many tones: false-alarm probabilities of the steps of a path, read forwards and backwards."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, expm1, inf, lgamma, log, log1p, pi, sqrt

BACKWARD = 0.01  # of the level, for a step after one that failed
LEVEL = 0.01  # the share of noise records in which a tone is reported
FURTHER = 0.6  # of the level, for a tone more: with several steps tested, a count stays right in 99 % of records


def false_alarm(before: float, after: float, n: int, fitted: int, bandwidth: float, variance: float) -> float:
    """The probability that noise alone would lower the sum of squares so far by its best frequency.

    R. V. Baluev, MNRAS 385 (2008), 1279, equations for the periodogram normalised by the residual sum of squares, with
    the parameters already fitted taken as the base model.

    Args:
        before: residual sum of squares without the tone.
        after: with it.
        n: samples.
        fitted: parameters of the model without the tone, its frequencies included.
        bandwidth: how far frequencies were searched, in bins.
        variance: of the scaled times.
    """
    base = n - fitted
    free = base - 2
    if free < 1 or before <= 0:
        return 1.0
    if after <= 0:
        return 0.0
    ratio = min(after / before, 1.0)
    single = exp(free / 2 * log(ratio))
    gamma = sqrt(2 / base) * exp(lgamma(base / 2) - lgamma((base - 1) / 2))
    width = bandwidth * sqrt(4 * pi * variance)
    crossings = gamma * width * exp((free - 1) / 2 * log(ratio)) * sqrt(base * (1 - ratio) / 2)
    return -expm1((log1p(-single) if single < 1 else -inf) - crossings)


def least_fall(level: float, n: int, fitted: int, bandwidth: float, variance: float) -> float:
    """How much a tone must explain to be significant at `level`, as a multiple of what is left after it; bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if false_alarm(1.0, middle, n, fitted, bandwidth, variance) > level:
            high = middle
        else:
            low = middle
    return 1 / low - 1 if low else inf


def level(step: int) -> float:
    """The false-alarm probability below which a step of the path is significant, from step 0 on."""
    return LEVEL if step == 0 else LEVEL * FURTHER


def count(alarms: Sequence[float]) -> int:
    """The number of tones, from the false-alarm probability of each step of the path.

    Forwards, tones are taken while they are significant. Several tones of equal strength are noise to one another, so
    the first steps may fail though all together are certain: therefore a later step counts too, at a hundredth of the
    level, which such tones pass with ease and noise does not.
    """
    forward = next((k for k, alarm in enumerate(alarms) if alarm > level(k)), len(alarms))
    return max([forward, *(k + 1 for k, alarm in enumerate(alarms) if alarm < level(k) * BACKWARD)])
