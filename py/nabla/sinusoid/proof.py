"""Proof by simulation: records like the one at hand, with the truth known, fitted again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabla.sinusoid.fit import TRENDS, Fit, Task, fit
from nabla.sinusoid.times import Floats

SETS = 200
SAMPLES = 2_000_000  # of all records together, which bounds the time
FEWEST = 20


@dataclass(frozen=True, slots=True)
class FitProof:
    """Errors of frequency, amplitude and phase in units of the Cramer-Rao bound, shape (sets, K, 3).

    `covered` (sets, K, 3) tells whether the 95 % interval of each held the truth. Tones are in ascending order of
    `frequencies` (K,). A frequency that was fixed has no error and counts as covered.
    """

    frequencies: Floats
    errors: Floats
    covered: Floats

    @property
    def rms(self) -> Floats:
        """Root mean square error over the bound, shape (K, 3)."""
        return np.asarray(np.sqrt(np.mean(self.errors**2, axis=0)))

    @property
    def coverage(self) -> Floats:
        """The share of intervals that held the truth, shape (K, 3)."""
        return np.asarray(self.covered.mean(axis=0))


def simulate(found: Fit, seed: int = 1) -> FitProof:
    """Fit up to 200 records: the fitted curve as truth, white noise of the fitted strength, as many tones."""
    rng = np.random.default_rng(seed)
    truth = sorted(found.tones, key=lambda tone: tone.frequency)
    curve = found.y - found.residual
    fixed = tuple(float(f) for f, free in zip(found.point.f, found.shape.free, strict=True) if not free)
    task = Task(len(truth) - len(fixed), TRENDS[found.trend], found.highest, fixed)
    values = np.array([(tone.frequency, tone.amplitude, tone.phase) for tone in truth])
    bound = np.array([(tone.se_frequency, tone.se_amplitude, tone.se_phase) for tone in truth])
    sets = max(FEWEST, min(SETS, SAMPLES // found.times.n))
    errors, covered = np.zeros((sets, len(truth), 3)), np.zeros((sets, len(truth), 3))
    for i in range(sets):
        again = fit(found.times, curve + found.sigma * rng.normal(size=found.times.n), task)
        tones = sorted(again.tones, key=lambda tone: tone.frequency)
        off = np.array([(tone.frequency, tone.amplitude, tone.phase) for tone in tones]) - values
        off[:, 2] = (off[:, 2] + np.pi) % (2 * np.pi) - np.pi
        se = np.array([(tone.se_frequency, tone.se_amplitude, tone.se_phase) for tone in tones])
        errors[i] = off / np.where(bound > 0, bound, 1.0)
        covered[i] = np.abs(off) <= again.errors.t95 * se
    return FitProof(values[:, 0], errors, covered)
