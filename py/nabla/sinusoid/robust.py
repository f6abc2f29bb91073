"""Outliers: a clipped start and Tukey's bisquare, by pseudo-values.

An M-estimate is the least-squares fit of its own pseudo-values, model + weight * residual (P. J. Huber, Robust
Statistics, 1981, section 7.8), so that nothing of the fit itself has to know about weights.
"""

from __future__ import annotations

import numpy as np

from nabla.sinusoid.times import Floats

CLIP = 3.0  # standard deviations beyond which the start takes a value for the edge
TUNING = 4.685  # of the bisquare: 95 % efficiency on Gaussian noise
WIDE = 5.0  # standard deviations from which a residual is an outlier
EXTREME = 15.0  # and from which a single one is: one in 10^50 records of Gaussian noise
ROUNDS = 30


def scale(residual: Floats) -> float:
    """The standard deviation of the residual from its median absolute value."""
    return float(np.median(np.abs(residual)) * 1.4826)


def winsorised(y: Floats) -> Floats:
    """`y`, of median 0, with its far values brought to 3 standard deviations."""
    edge = CLIP * scale(y)
    return np.clip(y, -edge, edge) if edge > 0 else y


def weights(residual: Floats) -> Floats:
    """The bisquare weight of each residual, from 1 to 0."""
    u = residual / (TUNING * (scale(residual) or 1.0))
    return np.where(np.abs(u) < 1, (1 - u * u) ** 2, 0.0)


def variance(residual: Floats, freedom: int) -> float:
    """The noise variance that stands for s^2 in the covariance of the M-estimate: E psi^2 / (E psi')^2."""
    u = residual / (TUNING * (scale(residual) or 1.0))
    inside = np.abs(u) < 1
    psi = np.where(inside, residual * (1 - u * u) ** 2, 0.0)
    slope = float(np.mean(np.where(inside, (1 - u * u) * (1 - 5 * u * u), 0.0)))
    return float(psi @ psi) / freedom / slope**2
