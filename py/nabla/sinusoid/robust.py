"""Outliers: a clipped start and Tukey's bisquare, by pseudo-values.

An M-estimate is the least-squares fit of its own pseudo-values, model + weight * residual (P. J. Huber, Robust
Statistics, 1981, section 7.8), so that nothing of the fit itself has to know about weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nabla.sinusoid.chance import f_test
from nabla.sinusoid.times import Floats

CLIP = 3.0  # standard deviations beyond which the start takes a value for the edge
TUNING = 4.685  # of the bisquare: 95 % efficiency on Gaussian noise
WIDE = 5.0  # standard deviations from which a residual is an outlier
EXTREME = 15.0  # and from which a single one is: one in 10^50 records of Gaussian noise
ROUNDS = 30
ODD = 1e-4  # of records of Gaussian noise in which a value is as far from a fit to the others
LEAST = 10  # values, of which one can stick out
FEW = 0.05  # of the values may be outliers by themselves


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


def far(residual: Floats) -> NDArray[np.bool_]:
    """Which values of a residual, shape (n,), no Gaussian noise can explain; none where they are more than a few."""
    spread = scale(residual)
    away = np.abs(residual) > EXTREME * spread if spread > 0 else np.zeros(residual.size, dtype=bool)
    return away if np.count_nonzero(away) <= max(1, FEW * residual.size) else np.zeros(residual.size, dtype=bool)


def odd_one(residual: Floats, jacobian: Floats) -> NDArray[np.bool_]:
    """The value of a residual, shape (n,), that a fit to all the others does not explain; none where there is none.

    Residuals are studentised with the fit to the other samples (R. Cook and S. Weisberg, Residuals and Influence in
    Regression, 1982, section 2.2.2); `jacobian` (n, m).
    """
    none = np.zeros(residual.size, dtype=bool)
    n, m = jacobian.shape
    if n < m + 4:
        return none
    leverage = np.clip((np.linalg.qr(jacobian)[0] ** 2).sum(axis=1), 0.0, 1 - 1e-9)
    square = residual**2 / (1 - leverage)
    others = (float(residual @ residual) - square) / (n - m - 1)
    first = int(np.argmax(square / np.maximum(others, 1e-300)))
    if others[first] <= 0 or n * f_test(float(square[first] / others[first]), 1, n - m - 1) > ODD:
        return none
    none[first] = True
    return none


def spikes(y: Floats) -> NDArray[np.bool_]:
    """Single values, shape (n,), that stick out of the range of all others by more than that range."""
    order = np.argsort(y)
    found = np.zeros(y.size, dtype=bool)
    most = max(1, int(FEW * y.size))
    if y.size < LEAST:
        return found
    core = y[order[most : y.size - most]]
    low, high = float(core.min()), float(core.max())
    found = (y > high + (high - low)) | (y < low - (high - low))
    alone = found & ~np.append(found[1:], False) & ~np.insert(found[:-1], 0, False)
    rest = y[~found]
    beyond = np.maximum(y - rest.max(), rest.min() - y) > np.ptp(rest)
    return alone & beyond if np.count_nonzero(found) <= most and np.ptp(rest) > 0 else np.zeros(y.size, dtype=bool)
