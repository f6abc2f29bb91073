"""Ends of equations and of least squares: a root, or how near to one; where the sum of squares has no slope."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np

from nabla.labs.descend.constrained import bounds_of
from nabla.labs.descend.functions import (
    End,
    Floats,
    Function,
    about_bounds,
    differences,
    held_at_bounds,
    short,
    start_of,
)
from nabla.program.modules.scipy import SolverCall

STARTS = 40  # of the search for a root


def root_end(f: Function, x: Floats, call: SolverCall) -> End:
    """Whether the functions are 0 there; where not, whether other starts lead to a root."""
    value = f(x)
    if value is None:
        return End()
    slope = differences(f, x)
    if call.function == "fixed_point":
        value, slope = value - x, None
    size = float(np.abs(value).max())
    if np.isfinite(value).all() and _is_root(x, value, slope):
        return End("root", f"The function is 0 there to within {size:.2g}: it is a root.", values={"residual": size})
    told = _told(f, x, value)
    better, least, at = _other_root(f, x, start_of(call, x))
    if better is not None:
        text = f"{told} There is one at {short(better)}: start nearer to it."
        return End("not-a-root", text, "not-a-root", better, {"residual": size})
    text = (
        f"{told} From {STARTS} other starts none was found either; the nearest to 0 that they came is {least:.4g} "
        f"(root of the sum of squares), at {short(at)}. There seems to be no solution in real numbers."
    )
    return End("not-a-root", text, "not-a-root", values={"residual": size, "least": least})


def without_bracket(f: Function, call: SolverCall) -> End:
    """An interval at whose ends the function has one sign: what it is there, and where inside it changes its sign."""
    ends: Any = call.arguments.get("bracket") or (call.arguments.get("a"), call.arguments.get("b"))
    try:
        a, b = (float(end) for end in ends)
    except (TypeError, ValueError):
        return End()
    grid = np.linspace(a, b, 401)
    listed = [f(np.array([x])) for x in grid]
    if any(v is None or v.size != 1 for v in listed):
        return End()
    values = np.array([float(v[0]) for v in listed if v is not None])
    with np.errstate(all="ignore"):
        at = np.flatnonzero(values[:-1] * values[1:] < 0)
    text = f"At {a:g} it is {values[0]:.4g}, at {b:g} {values[-1]:.4g}."
    if at.size:
        pairs = ", ".join(f"({grid[i]:.6g}, {grid[i + 1]:.6g})" for i in at[:4])
        text += f" In between it changes its sign {at.size} times, in {pairs}: take such an interval for each root."
    elif np.isfinite(values).all():
        k = int(np.argmin(np.abs(values)))
        text += f" At 401 places in between it has no other sign; it is nearest to 0 at {grid[k]:.6g}, {values[k]:.4g}."
    return End("", text)


def without_root(f: Function, call: SolverCall) -> End:
    """A search that raised: whether a root is found from other starts, and how near to 0 the function comes."""
    begin = start_of(call, np.zeros(1))
    value = f(begin)
    if value is None or value.shape != begin.shape or not np.isfinite(value).all():
        return End()
    better, least, at = _other_root(f, begin, begin)
    if better is not None:
        return End("", f"There is a root at {short(better)}.", "", better)
    text = (
        f"From {STARTS} starts no root was found: the function comes no nearer to 0 than {least:.4g}, at {short(at)}. "
        "There seems to be none in real numbers, and then every method has to fail."
    )
    return End("", text, "not-a-root", values={"least": least})


def _is_root(x: Floats, value: Floats, slope: Floats | None) -> bool:
    """Whether the functions vanish at a place near by: their values are small beside what a small step of x changes,
    and a step of Newton stays where it is. Far out, where functions only die away, it does not.
    """
    size = float(np.abs(value).max())
    if slope is None or slope.shape != (x.size, x.size):
        return size <= 1e-6
    units = 1 / np.maximum(np.abs(slope).max(axis=0), 1e-300)
    step = units * np.linalg.lstsq(slope * units, -value, rcond=None)[0]
    near = float(np.abs(step / (1 + np.abs(x))).max())
    scale = float(np.abs(slope).max())
    solves = float(np.abs(value + slope @ step).max()) <= 1e-3 * size
    return near <= 1e-4 and (solves or size <= 1e-6 * max(1.0, scale * (1 + float(np.abs(x).max()))))


def _told(f: Function, x: Floats, value: Floats) -> str:
    """What is there instead of a root."""
    if x.size == 1:
        sides = [f(x + sign * 1e-7 * (1 + abs(x))) for sign in (-1, 1)]
        if all(side is not None and np.isfinite(side).all() for side in sides):
            a, b = (float(side[0]) for side in sides if side is not None)
            if a * b < 0 and min(abs(a), abs(b)) > 1e3:
                return f"This is not a root: the function jumps from {a:.3g} to {b:.3g} there, through a pole."
    if float(np.abs(value).max()) < 1e-6:
        return f"This is not a root: the function only dies away there ({short(value)}), and goes on to."
    return f"This is not a root: there the function is {short(value)}, not 0."


def _other_root(f: Function, x: Floats, begin: Floats) -> tuple[Floats | None, float, Floats]:
    """A root from starts around where the search began and ended, else the smallest residual that they reach."""
    optimize = importlib.import_module("scipy.optimize")
    rng = np.random.default_rng(0)
    least, at = math.inf, x
    size = f(x)
    assert size is not None

    def residual(p: Floats) -> Floats:
        v = f(p)
        return v if v is not None and v.shape == size.shape and np.isfinite(v).all() else np.full(size.shape, 1e6)

    for k in range(STARTS):
        middle = begin if k % 2 else x
        start = middle + rng.normal(size=x.size) * (1 + np.abs(middle)) * (0.2 + 0.1 * k)
        try:
            done = optimize.least_squares(residual, start, max_nfev=60)
        except (ValueError, np.linalg.LinAlgError):
            continue
        norm = float(np.linalg.norm(done.fun))
        if norm < least:
            least, at = norm, done.x
        if norm < 1e-8 and _is_root(done.x, done.fun, differences(f, done.x)):
            return done.x, norm, done.x
    return None, least, at


def squares_end(f: Function, x: Floats, call: SolverCall) -> End:
    """Whether the sum of squares has no slope there."""
    r, slope = f(x), differences(f, x)
    if r is None or slope is None or not np.isfinite(slope).all() or not np.isfinite(r).all():
        return End()
    weights = _weights(r, call)
    g = slope.T @ (weights * r)
    root = np.sqrt(weights)
    low, high = bounds_of(call, x.size)
    given = call.arguments.get("bounds")
    if isinstance(given, (tuple, list)) and len(given) == 2:
        low, high = (np.broadcast_to(np.asarray(side, float), x.size) for side in given)
    held = held_at_bounds(x, g, low, high)
    step = np.zeros(x.size)
    step[~held] = np.linalg.lstsq((slope * root[:, None])[:, ~held], -root * r, rcond=None)[0]
    inside = bool(((x + step >= low) & (x + step <= high)).all())
    gain = float(np.sum((root * r) ** 2) - np.sum((root * (r + slope @ step)) ** 2))
    whole = float(np.sum((root * r) ** 2))
    what = "the sum of squares" if (weights == 1).all() else f"the sum with loss='{call.arguments.get('loss')}'"
    if gain > 1e-4 * max(whole, 1e-12) and inside:
        text = (
            f"The gradient of {what} is not 0 there (largest component {np.abs(g).max():.3g}): this is no minimum; one "
            f"step of Gauss and Newton would lower it from {whole:.4g} by {gain:.4g}."
        )
        return End("not-stationary", text, "not-a-minimum", values={"gradient": g.tolist()})
    text = f"The gradient of {what} vanishes there; the squares of the residuals sum up to {float(r @ r):.6g}."
    if held.any():
        text = f"{about_bounds(x, g, held, what)} The squares of the residuals sum up to {float(r @ r):.6g}."
        if call.function == "least_squares":
            text += " `active_mask` tells them: -1 at a lower bound, 1 at an upper one, 0 elsewhere."
    if (weights < 0.5).any():
        k = int(np.argmin(weights))
        text += (
            f" Large residuals count less in it: number {k + 1}, {r[k]:.4g}, pulls with {weights[k]:.2g} of its "
            "weight, which is why the answer is another than that of plain squares."
        )
    return End("at-bounds" if held.any() else "minimum", text, values={"gradient": g.tolist()})


def _weights(r: Floats, call: SolverCall) -> Floats:
    """The derivative of the loss by the squares, as `least_squares` weighs residuals (its documentation: loss)."""
    loss = call.arguments.get("loss", "linear")
    z = (r / float(call.arguments.get("f_scale", 1.0))) ** 2
    with np.errstate(all="ignore"):
        known = {"soft_l1": (1 + z) ** -0.5, "huber": np.where(z <= 1, 1.0, z**-0.5), "cauchy": 1 / (1 + z),
                 "arctan": 1 / (1 + z**2)}  # fmt: skip
    return np.asarray(known.get(loss, np.ones_like(r)) if isinstance(loss, str) else np.ones_like(r))
