"""The simplex method of Nelder and Mead: no derivatives."""

from __future__ import annotations

import math

import numpy as np

from nabla.optimise.first_order import Reason, Settings
from nabla.optimise.problem import Floats, Oracle

CLOSE = 1e-4  # of the corners and of their values, at the end


def nelder_mead(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """Reflection 1, expansion 2, contraction and shrinking 1/2; each corner of the first simplex 5 % away (0.00025 from
    0). Ends when corners and values agree to 1e-4.

    Nelder and Mead (1965) as stated by Lagarias, Reeds, Wright and Wright, SIAM J. Optim. 9 (1998), 112.
    """
    n = x.size
    corners = [oracle.clip(x)]
    for i in range(n):
        y = x.copy()
        y[i] = 1.05 * y[i] if y[i] else 0.00025
        corners.append(oracle.clip(y))
    values = [_value(oracle, c) for c in corners]
    if not math.isfinite(values[0]):
        return "non-finite"
    corners, values = _sorted(corners, values)
    for _ in range(settings.steps):
        level = values[-1] - values[0]
        if level <= CLOSE and float(np.abs(np.array(corners[1:]) - corners[0]).max()) <= CLOSE:
            return "tolerance"
        centre = sum(corners[1:-1], corners[0]) / n
        worst = corners[-1]
        new = oracle.clip(2 * centre - worst)
        f = _value(oracle, new)
        if f < values[0]:
            wide = oracle.clip(3 * centre - 2 * worst)
            there = _value(oracle, wide)
            new, f = (wide, there) if there < f else (new, f)
        elif f >= values[-2]:
            inner = 1.5 * centre - 0.5 * worst if f < values[-1] else 0.5 * centre + 0.5 * worst
            inner = oracle.clip(inner)
            there = _value(oracle, inner)
            if there <= min(f, values[-1]) and (f < values[-1] or there < values[-1]):
                new, f = inner, there
            else:
                corners = [corners[0], *(oracle.clip(corners[0] + 0.5 * (c - corners[0])) for c in corners[1:])]
                values = [values[0], *(_value(oracle, c) for c in corners[1:])]
                corners, values = _sorted(corners, values)
                oracle.reach(corners[0])
                continue
        corners, values = _sorted([*corners[:-1], new], [*values[:-1], f])
        if not np.array_equal(corners[0], oracle.xs[-1]):
            oracle.reach(corners[0])
        if values[0] < -1e200:
            return "far"
    return "steps"


def _value(oracle: Oracle, x: Floats) -> float:
    f = oracle.f(x)
    return f if not math.isnan(f) else math.inf


def _sorted(corners: list[Floats], values: list[float]) -> tuple[list[Floats], list[float]]:
    order = np.argsort(values, kind="stable")
    return [corners[i] for i in order], [values[i] for i in order]
