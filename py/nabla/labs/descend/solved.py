"""Where a call of a solver ended: a minimum, a root, or neither, by differences of the asker's own functions."""

from __future__ import annotations

import importlib
import math

import numpy as np

from nabla.labs.descend.constrained import bounds_of, constrained, constraints_of
from nabla.labs.descend.functions import (
    ROOTS,
    SCALAR,
    End,
    Floats,
    Function,
    changes_its_input,
    differences,
    function_of,
    second,
    short,
)
from nabla.labs.descend.roots import root_end, squares_end
from nabla.program.modules.scipy import SolverCall
from nabla.program.run import Session

MOST = 12  # variables of a function whose second differences are taken
STARTS = 40  # of the search for something lower, or for a root
_MINIMISERS = frozenset(
    "minimize fmin fmin_bfgs fmin_cg fmin_l_bfgs_b fmin_ncg fmin_powell fmin_tnc fmin_slsqp fmin_cobyla basinhopping "
    "differential_evolution dual_annealing shgo brute".split()
)
_SQUARES = frozenset("least_squares leastsq".split())


def end_of(session: Session, call: SolverCall) -> End:
    """Judge the end of a call; an empty verdict where nothing can be said."""
    if call.raises is not None or call.x is None:
        return End()
    try:
        x = np.atleast_1d(np.asarray(call.x, dtype=np.float64)).ravel()
    except (TypeError, ValueError):
        return End()
    f = function_of(session, call)
    if f is None or not x.size or not np.isfinite(x).all():
        return End()
    if changes_its_input(session, call, x):
        text = (
            "The function changes the array that it is given, which is the solver's own point: work on a "
            "copy, `x = x.copy()`."
        )
        return End("", text, "in-place")
    if call.function in ROOTS:
        return root_end(f, x, call)
    if call.function in _SQUARES:
        return squares_end(f, x, call)
    if call.function in SCALAR:
        return _on_a_line(f, float(x[0]), call)
    if call.function in _MINIMISERS and x.size <= MOST:
        return _minimum(session, f, x, call)
    return End()


# Minima --------------------------------------------------------------------------------------------------------------


def _minimum(session: Session, f: Function, x: Floats, call: SolverCall) -> End:
    value, slope = f(x), differences(f, x)
    if value is not None and not np.isfinite(value).all():
        text = (
            f"The function is {float(value[0])} there: keep away from where it has no value, by bounds "
            f"or another start."
        )
        return End("not-finite", text, "not-finite")
    if value is None or value.size != 1 or slope is None or not np.isfinite(slope).all():
        return End()
    g = slope[0]
    low, high = bounds_of(call, x.size)
    constraints = list(constraints_of(session, call))
    if constraints:
        return constrained(x, g, constraints, low, high)
    near = 1e-6 * (1 + np.abs(x))
    held = ((x <= low + near) & (g > 0)) | ((x >= high - near) & (g < 0))
    free = ~held
    bent = second(f, x)
    size = max(1.0 if call.success is not False else 1e-8, abs(float(value[0])))
    lost = _to_gain(g[free], bent[np.ix_(free, free)] if bent is not None else None)
    found = {"gradient": g.tolist()}
    if lost > 1e-5 * size:
        lost = float(value[0]) - _downhill(f, x, low, high)
    if lost > 1e-5 * size:
        text = (
            f"The gradient there is not 0: its largest component is {np.abs(g[free]).max():.3g}, so "
            f"this is no minimum; "
            f"about {lost:.3g} can still be gained nearby."
        )
        kind = "stopped-early" if _at_a_limit(call) else "not-a-minimum"
        return End("not-stationary", text, kind, values=found)
    eigenvalues = np.linalg.eigvalsh(bent[np.ix_(free, free)]) if bent is not None and free.any() else np.ones(1)
    if eigenvalues.min() < -1e-4 * max(1.0, np.abs(eigenvalues).max()):
        text = (
            f"The gradient is 0 there, but the curvature is negative in one direction "
            f"({eigenvalues.min():.3g}): no minimum."
        )
        return End("saddle", text, "not-a-minimum", values=found)
    lower = _lower(f, x, float(value[0]), low, high)
    if lower is not None:
        point, there = lower
        text = (
            f"This is a minimum of its surroundings only: at {short(point)} the function is "
            f"{there:.6g}, which is lower. "
            "The search is local: what it finds depends on the start."
        )
        return End("local-minimum", text, "local-minimum", point, found)
    bounded = "; some variables are at their bounds" if held.any() else ""
    return End(
        "at-bounds" if held.any() else "minimum",
        f"The gradient vanishes there: it is a minimum{bounded}.",
        values=found,
    )


def _downhill(f: Function, x: Floats, low: Floats, high: Floats) -> float:
    """How low a search without slopes comes from here: what differences promise may be a corner."""
    optimize = importlib.import_module("scipy.optimize")

    def inside(p: Floats) -> float:
        v = f(np.clip(p, low, high))
        return float(v[0]) if v is not None and np.isfinite(v).all() else math.inf

    return float(optimize.minimize(inside, x, method="Nelder-Mead", options={"maxfev": 200 * x.size}).fun)


def _to_gain(g: Floats, second: Floats | None) -> float:
    """How much lower the function may be nearby, by its first and second differences."""
    if not g.size:
        return 0.0
    if second is None or not np.isfinite(second).all():
        return float(g @ g)
    values, vectors = np.linalg.eigh(second)
    along = vectors.T @ g
    return float(np.sum(along**2 / (2 * np.maximum(np.abs(values), 1e-3 * max(np.abs(values).max(), 1e-12)))))


def _at_a_limit(call: SolverCall) -> bool:
    return any(
        word in call.message.lower() for word in ("maximum number", "max iterations", "maxiter", "exceeded", "limit")
    )


def _lower(f: Function, x: Floats, value: float, low: Floats, high: Floats) -> tuple[Floats, float] | None:
    """A point that is clearly lower, from starts around x (inside of finite bounds anywhere); up to three variables."""
    if x.size > 3:
        return None
    optimize = importlib.import_module("scipy.optimize")
    rng = np.random.default_rng(0)
    reach = 3 * (1 + np.abs(x))
    a = np.where(np.isfinite(low), low, x - reach)
    b = np.where(np.isfinite(high), high, x + reach)
    points = rng.uniform(a, b, (10 * STARTS, x.size))
    values = [
        (float(v[0]), tuple(p)) for p in points if (v := f(p)) is not None and v.size == 1 and np.isfinite(v).all()
    ]
    best: tuple[Floats, float] | None = None

    def inside(p: Floats) -> float:
        v = f(np.clip(p, low, high))
        return float(v[0]) if v is not None and np.isfinite(v).all() else math.inf

    for _, start in sorted(values)[:3]:
        done = optimize.minimize(inside, np.array(start), method="Nelder-Mead", options={"maxfev": 400})
        there = np.clip(done.x, low, high)
        if (
            done.fun < value - 1e-4 * (1 + abs(value))
            and (best is None or done.fun < best[1])
            and np.all(np.abs(there) < 1e6)
        ):
            best = there, float(done.fun)
    return best


def _on_a_line(f: Function, x: float, call: SolverCall) -> End:
    """One variable: the interval (or a wide surrounding) scanned, and its lowest place refined."""
    given = call.arguments.get("bounds") or [call.arguments.get("x1"), call.arguments.get("x2")]
    bracket = call.arguments.get("bracket") or call.arguments.get("brack")
    ends = given if given is not None and all(v is not None for v in given) and len(given) == 2 else bracket
    a, b = (float(min(ends)), float(max(ends))) if ends is not None and len(ends) >= 2 else (x - 5, x + 5)
    grid = np.linspace(a, b, 401)
    values = [f(np.array([p])) for p in grid]
    known = [
        (float(v[0]), p)
        for v, p in zip(values, grid, strict=True)
        if v is not None and v.size == 1 and np.isfinite(v[0])
    ]
    here = f(np.array([x]))
    if not known or here is None:
        return End()
    lowest, place = min(known)
    step = (b - a) / 400
    optimize = importlib.import_module("scipy.optimize")
    around = (max(a, place - step), min(b, place + step))
    done = optimize.minimize_scalar(lambda p: _number(f, p), bounds=around, method="bounded")
    best, value = (float(done.x), float(done.fun)) if done.fun < lowest else (float(place), lowest)
    where = f"on [{a:g}, {b:g}]" if ends is not None else "nearby"
    if value < float(here[0]) - 1e-6 * (1 + abs(float(here[0]))):
        text = (
            f"This is a local minimum: {where} the lowest value is {value:.6g}, at {best:.6g}. The "
            f"search is local; scan the "
            "interval first and search around its lowest place."
        )
        return End("local-minimum", text, "local-minimum", np.array([best]))
    return End("minimum", f"It is the lowest value {where}, where 401 places were looked at.")


def _number(f: Function, p: float) -> float:
    value = f(np.array([p]))
    return float(value[0]) if value is not None and np.isfinite(value).all() else math.inf
