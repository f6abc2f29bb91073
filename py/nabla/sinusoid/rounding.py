"""To how many decimals values were rounded."""

from __future__ import annotations

import numpy as np

from nabla.sinusoid.times import Floats

DIGITS = 10  # decimals that are looked for
GLANCE = 64  # values that are looked at before all of them
FEW = 12  # steps of the last decimal: values that span fewer are levels, and not a rounded curve


def resolution(y: Floats) -> float:
    """The step to which values, shape (n,), were rounded, a whole number of units of the last decimal; 0 for none."""
    top = float(np.abs(y).max())
    if top > 1e12:
        return 0.0
    for decimals in range(DIGITS + 1):
        scale = 10.0**decimals
        rounding = 4e-16 * top * scale
        if rounding < 1e-3 and _whole(y[:GLANCE] * scale, rounding) and _whole(y * scale, rounding):
            whole = np.round(y * scale - np.round(y[0] * scale)).astype(np.int64)
            step = float(max(np.gcd.reduce(whole), 1)) * float(10.0**-decimals)
            return step if float(np.ptp(y)) >= FEW * step else 0.0
    return 0.0


def _whole(values: Floats, rounding: float) -> bool:
    return bool(np.all(np.abs(values - np.round(values)) <= rounding))
