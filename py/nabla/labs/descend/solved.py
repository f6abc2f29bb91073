"""Where a call of a solver ended: a minimum, a root, or neither, by differences of the asker's own functions."""

from __future__ import annotations

import importlib
import math
import re

import numpy as np

from nabla.labs.descend.constrained import FEASIBLE, bounds_of, constrained, constraints_of, turned_sign
from nabla.labs.descend.functions import (
    ROOTS,
    SCALAR,
    End,
    Floats,
    Function,
    changes_its_input,
    function_of,
    start_of,
)
from nabla.labs.descend.hand.losses import ASCENT
from nabla.labs.descend.linear import assignment_end, linear_end
from nabla.labs.descend.minima import Place, minimum, unbounded
from nabla.labs.descend.roots import root_end, squares_end, without_bracket, without_root
from nabla.program.modules.scipy import SolverCall
from nabla.program.run import Session

MOST = 12  # variables of a function whose second differences are taken
MINIMISERS = frozenset(
    "minimize fmin fmin_bfgs fmin_cg fmin_l_bfgs_b fmin_ncg fmin_powell fmin_tnc fmin_slsqp fmin_cobyla basinhopping "
    "differential_evolution dual_annealing shgo brute".split()
)
_NEGATIVE = re.compile(r"neg|minus|nll|loss", re.I)
_SEARCHES = frozenset("newton root_scalar fixed_point".split())  # for a root, from a start
_SQUARES = frozenset("least_squares leastsq".split())


def end_of(session: Session, call: SolverCall) -> End:
    """Judge the end of a call; an empty verdict where nothing can be said."""
    if call.raises is not None:
        f = function_of(session, call) if call.function in _SEARCHES | ROOTS else None
        if f is not None and "different signs" in call.raises["message"]:
            return without_bracket(f, call)
        return without_root(f, call) if f is not None and "converge" in call.raises["message"] else End()
    if call.function in ("linprog", "milp"):
        return linear_end(call)
    if call.function == "linear_sum_assignment":
        return assignment_end(call)
    if call.x is None:
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
    if call.function in MINIMISERS and x.size <= MOST:
        return _minimum(session, f, x, call)
    return End()


# Minima --------------------------------------------------------------------------------------------------------------


# What methods of `minimize` keep: SciPy warns where one is given what it does not, and goes on without.
_KEEP_BOUNDS = frozenset("nelder-mead powell l-bfgs-b tnc slsqp cobyla cobyqa trust-constr".split())
_KEEP_CONSTRAINTS = frozenset("slsqp cobyla cobyqa trust-constr".split())


def _ignored(call: SolverCall) -> str:
    """What is said of bounds or constraints that the method of the call does not know; empty where it keeps all."""
    method = call.method.lower()
    if call.function != "minimize" or not method:
        return ""
    given = {name: call.arguments.get(name) for name in ("bounds", "constraints")}
    lost = [
        name
        for name, keep in (("bounds", _KEEP_BOUNDS), ("constraints", _KEEP_CONSTRAINTS))
        if given[name] is not None and np.size(np.asarray(given[name], dtype=object)) and method not in keep
    ]
    if not lost:
        return ""
    instead = "SLSQP or trust-constr" if "constraints" in lost else "L-BFGS-B"
    return (
        f"The method {call.method} does not know {' and '.join(lost)}: SciPy leaves them out with a warning, and this "
        f"is where the function is small without them. Take method='{instead.split(' ')[0]}'"
        f"{' or trust-constr' if ' ' in instead else ''}, or leave out `method`."
    )


def _minimum(session: Session, f: Function, x: Floats, call: SolverCall) -> End:
    value = f(x)
    if value is None or value.size != 1:
        return End()
    again = f(x)
    if again is not None and not np.array_equal(again, value, equal_nan=True):
        text = (
            f"The function gives another value each time it is called at the same place ({float(value[0]):.6g}, then "
            f"{float(again[0]):.6g}): it draws random numbers. Slopes from steps of 1e-8 are then nothing but noise. "
            "Draw the numbers once, before the search, or seed them inside of the function; or average many draws and "
            "take a method without slopes."
        )
        return End("noisy", text, "noisy")
    if lost := _ignored(call):
        return End("", lost, "not-kept")
    low, high = bounds_of(call, x.size)
    start = _start(call, x)
    constraints = list(constraints_of(session, call))
    place = Place(f, x, float(value[0]), low, high, _size(f, start, float(value[0]), call))
    away = unbounded(place, start)
    if away is not None:
        turned = turned_sign(place, constraints, start)
        return End("unbounded", turned or away.text, "sign" if turned else away.finding)
    if not math.isfinite(place.value):
        text = f"The function is {place.value} there: keep away from where it has no value, by bounds or another start."
        return End("not-finite", text, "not-finite")
    end = constrained(place, constraints, start) if constraints else minimum(place, _at_a_limit(call))
    if end.verdict == "infeasible" and not end.text.endswith(FEASIBLE):
        end.text = f"{end.text} {turned_sign(place, constraints, start)}".rstrip()
    name = getattr(call.arguments.get("fun"), "__name__", "")
    if end.text and ASCENT.search(name) and not _NEGATIVE.search(name):
        end.text += f" It makes `{name}` small: for the largest value give its negative, `return -(...)`."
    return end


def _start(call: SolverCall, x: Floats) -> Floats:
    """Where a call begins; in the middle of its bounds, where it has no start."""
    low, high = bounds_of(call, x.size)
    inner = np.where(np.isfinite(low) & np.isfinite(high), (low + high) / 2, np.clip(0.0, low, high))
    return start_of(call, x) if call.arguments.get("x0") is not None else inner


def _size(f: Function, start: Floats, value: float, call: SolverCall) -> float:
    """The size of the function's values, by which a gain is judged: its value, or how far the call came down."""
    first = f(start)
    fallen = abs(float(first[0]) - value) if first is not None and np.isfinite(first).all() else 1.0
    return max(abs(value), min(1.0, fallen) * (1e-3 if call.success is False else 1.0), 1e-300)


def _at_a_limit(call: SolverCall) -> bool:
    return any(
        word in call.message.lower() for word in ("maximum number", "max iterations", "maxiter", "exceeded", "limit")
    )


def _on_a_line(f: Function, x: float, call: SolverCall) -> End:
    """One variable: the interval (or a wide surrounding) scanned, and its lowest place refined."""
    given = call.arguments.get("bounds") or [call.arguments.get("x1"), call.arguments.get("x2")]
    bracket = call.arguments.get("bracket") or call.arguments.get("brack")
    ends = given if given is not None and all(v is not None for v in given) and len(given) == 2 else bracket
    a, b = (float(min(ends)), float(max(ends))) if ends is not None and len(ends) >= 2 else (x - 5, x + 5)
    if ends is bracket is not None:  # where to begin; it keeps nothing in
        a, b = min(a, x) - 5 * max(1.0, b - a), max(b, x) + 5 * max(1.0, b - a)
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
