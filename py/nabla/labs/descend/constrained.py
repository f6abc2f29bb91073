"""Ends under constraints and bounds: whether those hold, and the condition of the multipliers."""

from __future__ import annotations

import importlib
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.labs.descend.functions import End, Floats, Function, differences, short
from nabla.labs.descend.minima import Place
from nabla.program.modules.scipy import SolverCall
from nabla.program.run import Session

FEASIBLE = "There are points at which all of them hold: begin at one."


def bounds_of(call: SolverCall, n: int) -> tuple[Floats, Floats]:
    """The bounds of a call, infinite where it has none."""
    given = call.arguments.get("bounds")
    low, high = np.full(n, -np.inf), np.full(n, np.inf)
    if given is None:
        return low, high
    if hasattr(given, "lb"):
        return np.broadcast_to(given.lb, n).astype(float), np.broadcast_to(given.ub, n).astype(float)
    try:
        for i, (a, b) in enumerate(given):
            low[i], high[i] = (-np.inf if a is None else a), (np.inf if b is None else b)
    except (TypeError, ValueError, IndexError):
        return np.full(n, -np.inf), np.full(n, np.inf)
    return low, high


def constraints_of(session: Session, call: SolverCall) -> Iterator[tuple[str, Function]]:
    """Each constraint as its kind and a function: zero for `eq`, not negative for `ineq`."""
    given = call.arguments.get("constraints", ())
    for one in given if isinstance(given, (list, tuple)) else (given,):
        if isinstance(one, dict) and callable(one.get("fun")):
            extra = one.get("args", ())
            extra = extra if isinstance(extra, tuple) else (extra,)
            yield str(one.get("type", "eq")), _called(session, one["fun"], extra)
        elif hasattr(one, "A"):
            yield from _sides(_product(np.atleast_2d(np.asarray(one.A, dtype=np.float64))), one)
        elif callable(getattr(one, "fun", None)):
            yield from _sides(_called(session, one.fun, ()), one)
    for name, kind in (
        ("eqcons", "eq"),
        ("f_eqcons", "eq"),
        ("ieqcons", "ineq"),
        ("f_ieqcons", "ineq"),
        ("cons", "ineq"),
    ):
        listed = call.arguments.get(name) or ()
        for one in listed if isinstance(listed, (list, tuple)) else (listed,):
            if callable(one):
                yield kind, _called(session, one, ())


def _called(session: Session, given: Any, extra: tuple[Any, ...]) -> Function:
    def value(x: Floats) -> Floats | None:
        done, result = session.call(given, x.copy(), *extra)
        return (
            None if done.raised is not None or done.gap is not None else np.atleast_1d(np.asarray(result, dtype=float))
        )

    return value


def _sides(f: Function, one: Any) -> Iterator[tuple[str, Function]]:
    """A value between two bounds as constraints of one side each."""
    low, high = np.atleast_1d(np.asarray(one.lb, float)), np.atleast_1d(np.asarray(one.ub, float))
    if np.array_equal(low, high):
        yield "eq", lambda x: _minus(f(x), low)
        return
    if np.isfinite(low).any():
        yield "ineq", lambda x: _minus(f(x), low)
    if np.isfinite(high).any():
        yield "ineq", lambda x: _minus(high, f(x))


def _product(matrix: Floats) -> Function:
    return lambda x: np.asarray(matrix @ x)


def _minus(a: Floats | None, b: Floats | None) -> Floats | None:
    if a is None or b is None:
        return None
    both = np.broadcast_arrays(a, b)
    rest: Floats = np.asarray(both[0] - both[1], dtype=np.float64)
    return rest[np.isfinite(rest)]


Constraint = tuple[str, Function]


@dataclass
class Active:
    """The constraints at a place: gradients of those that hold as equations there, their kinds, and what is broken."""

    rows: list[Floats]
    signs: list[int]
    broken: list[str]
    worst: float


def constrained(place: Place, constraints: list[Constraint], start: Floats) -> End:
    """Whether the constraints hold, whether the gradient is made of theirs (the multipliers' condition), and whether a
    search along them finds something lower.
    """
    slope = differences(place.f, place.x)
    active = _active(place, constraints)
    if active is None or slope is None or not np.isfinite(slope).all():
        return End()
    if active.broken:
        text = f"It breaks the constraints: {'; '.join(active.broken)}. {impossible(place, constraints)}".rstrip()
        return End("infeasible", text, "not-a-minimum", values={"violation": active.worst})
    g = slope[0]
    rest, multipliers = _rest(g, active)
    found: dict[str, Any] = {"multipliers": multipliers.tolist()}
    aside = 0.01 * float(np.abs(rest) @ (1 + np.abs(place.x)))  # what moving by a hundredth would gain
    doubtful = aside > 1e-5 * place.size
    lower = _along(place, constraints, start) if doubtful or place.x.size <= 6 else None
    if lower is not None and aside > 3e-4 * place.size:
        text = (
            f"The constraints hold, but along them the function can still be lowered by {place.value - lower[1]:.4g}, "
            f"as at {short(lower[0])}: this is no minimum."
        )
        return End("not-stationary", text, "not-a-minimum", lower[0], found)
    if lower is not None:
        text = (
            f"All constraints hold, but this is a minimum of its surroundings only: at {short(lower[0])} they hold "
            f"too, and the function is {lower[1]:.6g}, which is lower."
        )
        return End("local-minimum", text, "local-minimum", lower[0], found)
    text = "All constraints hold and the gradient vanishes: it is a minimum."
    if active.rows and not doubtful:
        text = (
            "All constraints hold, and the gradient is a sum of theirs with multipliers of the right sign "
            f"({', '.join(f'{m:.4g}' for m in multipliers)}): it is a minimum under the constraints."
        )
    elif doubtful:
        text = "All constraints hold, and a search along them finds nothing lower."
    return End("minimum", text, values=found)


def _active(place: Place, constraints: list[Constraint]) -> Active | None:
    made = Active([], [], [], 0.0)
    x = place.x
    for k, (kind, h) in enumerate(constraints, 1):
        value, slope = h(x), differences(h, x)
        if value is None or slope is None or slope.shape[0] != value.size:
            return None
        for v, row in zip(value.ravel(), slope, strict=True):
            unit = max(float(np.abs(row) @ (1 + np.abs(x))), 1e-12)
            missed = abs(v) if kind == "eq" else max(0.0, -v)
            if missed > 1e-4 * unit:
                wanted = "0" if kind == "eq" else "not negative"
                made.broken.append(f"constraint {k} should be {wanted} and is {v:.4g}")
            made.worst = max(made.worst, missed)
            if kind == "eq" or v <= 1e-4 * unit:
                made.rows.append(row)
                made.signs.append(0 if kind == "eq" else 1)
    near = 1e-6 * (1 + np.abs(x))
    for i in range(x.size):
        for at, sign in ((x[i] <= place.low[i] + near[i], 1.0), (x[i] >= place.high[i] - near[i], -1.0)):
            if at:
                made.rows.append(sign * np.eye(x.size)[i])
                made.signs.append(1)
    return made


def _rest(g: Floats, active: Active) -> tuple[Floats, Floats]:
    """What no multipliers of the right sign make up of the gradient, and the multipliers."""
    if not active.rows:
        return g, np.zeros(0)
    optimize = importlib.import_module("scipy.optimize")
    matrix = np.array(active.rows).T
    units = np.maximum(np.linalg.norm(matrix, axis=0), 1e-300)
    low = np.array([0.0 if sign else -np.inf for sign in active.signs])
    done = optimize.lsq_linear(matrix / units, g, (low, np.full(low.size, np.inf)), tol=1e-14)
    multipliers = done.x / units
    return np.asarray(g - matrix @ multipliers), np.asarray(multipliers)


def _violation(place: Place, constraints: list[Constraint], x: Floats) -> float:
    """How far the constraints are broken, in units of what a change of the variables by their own size makes."""
    worst = 0.0
    for kind, h in constraints:
        value = h(x)
        if value is None or not np.isfinite(value).all():
            return math.inf
        worst = max(worst, float(np.max(np.abs(value) if kind == "eq" else -value, initial=0.0)))
    return worst


def _search(place: Place, constraints: list[Constraint], goal: Callable[[Floats], float], start: Floats) -> Floats:
    """Where SLSQP comes to, in units of the variables' sizes and of the function's."""
    optimize = importlib.import_module("scipy.optimize")
    units = 1 + np.abs(place.x)

    def inside(y: Floats) -> Floats:
        return np.asarray(np.clip(y * units, place.low, place.high))

    def constraint(h: Function) -> Callable[[Floats], Floats]:
        return lambda y: v if (v := h(inside(y))) is not None else np.full(1, -1e6)

    given = [{"type": kind, "fun": constraint(h)} for kind, h in constraints]
    bounds = list(zip(place.low / units, place.high / units, strict=True))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = optimize.minimize(lambda y: goal(inside(y)), start / units, method="SLSQP", bounds=bounds,
                                 constraints=given, options={"maxiter": 200, "ftol": 1e-12})  # fmt: skip
    return inside(done.x)


def _along(place: Place, constraints: list[Constraint], start: Floats) -> tuple[Floats, float] | None:
    """A point where the constraints hold as well and the function is lower, from here and from other starts."""
    rng = np.random.default_rng(0)
    x = place.x
    starts = [x, start, *(x + rng.normal(size=x.size) * (1 + np.abs(x)) for _ in range(4))]
    allowed = max(_violation(place, constraints, x), 1e-6 * (1 + float(np.abs(x).max())))
    best: tuple[Floats, float] | None = None
    for one in starts:
        there = _search(place, constraints, lambda p: min(place.at(p), 1e200) / place.size, one)
        value = place.at(there)
        lower = value < place.value - 1e-4 * place.size and np.all(np.abs(there) < 1e6 * (1 + np.abs(x)))
        if lower and _violation(place, constraints, there) <= allowed and (best is None or value < best[1]):
            best = there, value
    return best


def impossible(place: Place, constraints: list[Constraint]) -> str:
    """A sentence where no point was found at which the constraints hold, or one of them by itself."""

    def missed(chosen: list[Constraint]) -> float:
        def total(p: Floats) -> float:
            pairs = [(kind, v) for kind, h in chosen if (v := h(p)) is not None]
            return float(sum(np.sum((v if kind == "eq" else np.minimum(v, 0.0)) ** 2) for kind, v in pairs))

        rng = np.random.default_rng(0)
        starts = [place.x, *(place.x + rng.normal(size=place.x.size) * (1 + np.abs(place.x)) for _ in range(4))]
        return min(_violation(place, chosen, _search(place, [], total, one)) for one in starts)

    tolerance = 1e-3 * (1 + float(np.abs(place.x).max()))
    for k, one in enumerate(constraints, 1):
        least = missed([one])
        if least > tolerance:
            return (
                f"Constraint {k} cannot hold within the bounds at all: the nearest that was found misses it by "
                f"{least:.4g}."
            )
    if len(constraints) > 1 and (least := missed(constraints)) > tolerance:
        return f"No point was found at which all constraints hold; the nearest misses one by {least:.4g}."
    return FEASIBLE


def turned_sign(place: Place, constraints: list[Constraint], start: Floats) -> str:
    """A sentence where the function has a minimum once an inequality has the opposite sign; empty where it has none."""
    here = Place(place.f, start, place.at(start), place.low, place.high, max(abs(place.at(start)), 1.0))
    for k, (kind, h) in enumerate(constraints):
        if kind != "ineq":
            continue
        turned = [*constraints[:k], ("ineq", _negative(h)), *constraints[k + 1 :]]
        there = _search(here, turned, lambda p: min(here.at(p), 1e200) / here.size, start)
        value = here.at(there)
        if math.isfinite(value) and np.abs(there).max() < 1e6 and _violation(here, turned, there) < 1e-6:
            return (
                f"An inequality asks for fun(x) >= 0, which is what constraint {k + 1} is taken for. With its sign "
                f"turned the minimum is {value:.6g}, at {short(there)}."
            )
    return ""


def _negative(h: Function) -> Function:
    return lambda x: -v if (v := h(x)) is not None else None
