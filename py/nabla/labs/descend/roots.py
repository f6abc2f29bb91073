"""Ends of equations and of least squares: a root, or how near to one; where the sum of squares has no slope."""

from __future__ import annotations

import importlib
import math

import numpy as np

from nabla.labs.descend.constrained import bounds_of
from nabla.labs.descend.functions import End, Floats, Function, differences, short
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
    # A root as far as its place is known: the value against what a small step of x changes.
    scale = float(np.abs(slope).max()) if slope is not None and slope.size else 1.0
    size = float(np.abs(value).max())
    if size <= 1e-6 * max(1.0, scale * (1 + float(np.abs(x).max()))):
        return End("root", f"The function is 0 there to within {size:.2g}: it is a root.", values={"residual": size})
    better, least, at = _other_root(f, x)
    told = f"This is not a root: there the function is {short(value)}, not 0."
    if better is not None:
        text = f"{told} There is one at {short(better)}: start nearer to it."
        return End("not-a-root", text, "not-a-minimum", better, {"residual": size})
    text = (
        f"{told} From {STARTS} other starts none was found either; the nearest to 0 that they came is "
        f"{least:.4g} (root of "
        f"the sum of squares), at {short(at)}. There seems to be no solution in real numbers."
    )
    return End("not-a-root", text, "not-a-minimum", values={"residual": size, "least": least})


def _other_root(f: Function, x: Floats) -> tuple[Floats | None, float, Floats]:
    """A root from other starts, else the smallest residual that they reach."""
    optimize = importlib.import_module("scipy.optimize")
    rng = np.random.default_rng(0)
    least, at = math.inf, x
    size = f(x)
    assert size is not None

    def residual(p: Floats) -> Floats:
        v = f(p)
        return v if v is not None and v.shape == size.shape and np.isfinite(v).all() else np.full(size.shape, 1e6)

    for k in range(STARTS):
        start = x + rng.normal(size=x.size) * (1 + np.abs(x)) * (0.5 + 0.2 * k)
        try:
            done = optimize.least_squares(residual, start, max_nfev=60)
        except (ValueError, np.linalg.LinAlgError):
            continue
        norm = float(np.linalg.norm(done.fun))
        if norm < least:
            least, at = norm, done.x
        if norm < 1e-8:
            return done.x, norm, done.x
    return None, least, at


def squares_end(f: Function, x: Floats, call: SolverCall) -> End:
    """Whether the sum of squares has no slope there."""
    r, slope = f(x), differences(f, x)
    if r is None or slope is None or not np.isfinite(slope).all() or not np.isfinite(r).all():
        return End()
    g = slope.T @ r
    step = np.linalg.lstsq(slope, -r, rcond=None)[0]
    gain = float(r @ r) - float(np.sum((r + slope @ step) ** 2))
    low, high = bounds_of(call, x.size)
    given = call.arguments.get("bounds")
    if isinstance(given, (tuple, list)) and len(given) == 2:
        low, high = (np.broadcast_to(np.asarray(side, float), x.size) for side in given)
    near = 1e-6 * (1 + np.abs(x))
    inside = not ((x <= low + near) | (x >= high - near)).any()
    if gain > 1e-4 * max(float(r @ r), 1e-12) and inside and call.arguments.get("loss", "linear") == "linear":
        text = (
            f"The gradient of the sum of squares is not 0 there (largest component "
            f"{np.abs(g).max():.3g}): this is no "
            f"minimum; one step of Gauss and Newton would lower it from {float(r @ r):.4g} by {gain:.4g}."
        )
        return End("not-stationary", text, "not-a-minimum", values={"gradient": g.tolist()})
    return End("minimum", "The gradient of the sum of squares vanishes there.", values={"gradient": g.tolist()})
