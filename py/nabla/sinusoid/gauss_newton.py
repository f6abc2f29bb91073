"""Where R's `nls` ends from a start: steps of Gauss and Newton, halved until the sum of squares falls, or its errors.

D. M. Bates and D. G. Watts, Nonlinear Regression Analysis and Its Applications (1988), chapter 2. The bounds are those
of `nls.control`, R 4: 50 steps, none below 1/1024 of its length, convergence at 1e-5 of the residual.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nabla.sinusoid.curve import Curve
from nabla.sinusoid.times import Floats

STEPS = 50
SHORTEST = 1 / 1024
CLOSE = 1e-5
DEPENDENT = 1e-7  # of a column's length: less of it beside the other columns makes the gradient singular

End = Literal["converged", "singular", "step factor", "no value", "too many steps"]


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended, after how many steps, with the sum of squares and the parameters there, shape (m,)."""

    how: End
    steps: int
    rss: float
    parameters: Floats


def gauss_newton(curve: Curve, x: Floats, y: Floats, start: Floats) -> Ended:
    """The end of `nls` from `start`, shape (m,), for y, shape (n,), at x."""
    p, factor = start.astype(float), 1.0
    with np.errstate(all="ignore"):
        left = y - curve.value(x, p)
        rss = float(left @ left)
        for count in range(STEPS):
            jacobian = curve.jacobian(x, p)
            if not (np.isfinite(jacobian).all() and np.isfinite(rss)):
                return Ended("no value", count, rss, p)
            q, r = np.linalg.qr(jacobian)
            if np.any(np.abs(np.diag(r)) <= DEPENDENT * np.linalg.norm(jacobian, axis=0)):
                return Ended("singular", count, rss, p)
            along = q.T @ left
            apart = max(rss - float(along @ along), 0.0)
            if float(along @ along) <= CLOSE**2 * apart:
                return Ended("converged", count, rss, p)
            step = np.linalg.solve(r, along)
            while factor >= SHORTEST:
                trial = y - curve.value(x, p + factor * step)
                size = float(trial @ trial)
                if np.isfinite(size) and size <= rss:
                    break
                factor /= 2
            else:
                return Ended("step factor", count, rss, p)
            p, left, rss = p + factor * step, trial, size
            factor = min(2 * factor, 1.0)
    return Ended("too many steps", STEPS, rss, p)
