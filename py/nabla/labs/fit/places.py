"""Places on a fitted curve: its value at one, and where it reaches a value."""

from __future__ import annotations

from math import nan, sqrt

import numpy as np

from nabla.labs.fit.asked_quantities import FittedModel, ToldQuantities
from nabla.labs.fit.names import names_of
from nabla.labs.fit.programs import with_error
from nabla.write.notation import decimals

NEAR, FAR = 10.0, 1000.0  # lengths of the record beyond its ends, looked through closely, and at all
STEPS, FURTHER = 4000, 200
HALVINGS = 80


def value_at(fitted: FittedModel, told: ToldQuantities, x: float) -> None:
    """The value of the curve at a place, and in what interval a new sample lies."""
    place = np.array([x])
    with np.errstate(all="ignore"):
        value = float(fitted.curve.value(place, fitted.found.parameters)[0])
        slopes = fitted.curve.jacobian(place, fitted.found.parameters)
    if not (np.isfinite(value) and np.isfinite(slopes).all()):
        told.missing.append(f"the value at {x:g}")
        return
    free = fitted.found.freedom > 0
    se = float(fitted.found.band(slopes)[0]) if free else nan
    names = names_of(fitted.data, fitted.model.names)
    wide = fitted.found.t95 * sqrt(se**2 + fitted.found.sigma**2)
    first, last = float(fitted.data.x[0]), float(fitted.data.x[-1])
    beyond = ""
    if not first <= x <= last:
        beyond = " That is outside of the data, and holds only if the curve goes on like this."
    scatter = f"; 95 % of new values there lie within ${decimals(wide, 2)}$ of it" if free else ""
    height = f"${with_error(value, se)}${fitted.y_unit}"
    text = f"At ${names.x_tex} = {decimals(x, 6)}$ the curve is at {height}{scatter}.{beyond}"
    told.add(f"at {x:g}", text, value, se)


def reached(fitted: FittedModel, told: ToldQuantities, y: float) -> None:
    """Where the curve reaches a value: the place in the data, or the nearest beyond them."""
    x = fitted.data.x
    first, last = float(x[0]), float(x[-1])
    reach = NEAR * (last - first)
    beyond = np.geomspace(reach, FAR * (last - first), FURTHER)
    near = np.linspace(first - reach, last + reach, STEPS)
    grid = np.unique(np.concatenate([np.linspace(first, last, STEPS), near, first - beyond, last + beyond]))
    with np.errstate(all="ignore"):
        off = fitted.curve.value(grid, fitted.found.parameters) - y
    crossed = np.flatnonzero(np.isfinite(off[:-1]) & np.isfinite(off[1:]) & (np.sign(off[:-1]) * np.sign(off[1:]) <= 0))
    if not crossed.size:
        told.missing.append(f"where the curve reaches {y:g}: it does not within a thousand lengths of the data")
        return
    outside = [max(first - grid[i], grid[i] - last, 0.0) for i in crossed]
    low, high = (float(v) for v in grid[crossed[int(np.argmin(outside))] + np.array([0, 1])])
    sign = float(np.sign(fitted.curve.value(np.array([low]), fitted.found.parameters)[0] - y))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        same = np.sign(fitted.curve.value(np.array([middle]), fitted.found.parameters)[0] - y) == sign
        low, high = (middle, high) if same else (low, middle)
    place, step = np.array([low]), 1e-6 * (last - first)
    ends = fitted.curve.value(np.array([low - step, low + step]), fitted.found.parameters)
    slope = abs(float(ends[1] - ends[0])) / (2 * step)
    if slope == 0:
        told.missing.append(f"where the curve reaches {y:g}: it is flat there")
        return
    se = float(fitted.found.band(fitted.curve.jacobian(place, fitted.found.parameters))[0]) / slope
    se = se if fitted.found.freedom else nan
    single = sqrt(se**2 + (fitted.found.sigma / slope) ** 2)
    names = names_of(fitted.data, fitted.model.names)
    outside_of = "" if first <= low <= last else " That is outside of the data, and holds only if the curve goes on."
    scatter = f"; for a single measured value the error is ${decimals(single, 2)}$" if single > 1.05 * se else ""
    text = (
        f"It reaches ${decimals(y, 6)}$ at ${names.x_tex} = {with_error(low, se)}${fitted.x_unit}{scatter}.{outside_of}"
    )
    told.add(f"reach {y:g}", text, low, single)
