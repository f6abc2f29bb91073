"""Ends of linear programs and assignments: proven by a dual solution, or explained where nothing is allowed."""

from __future__ import annotations

import importlib
import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.labs.descend.constrained import bounds_of
from nabla.labs.descend.functions import End, Floats, short
from nabla.program.modules.scipy import SolverCall

MOST = 200  # rows of a program that is looked at


@dataclass
class LinearProgram:
    """min c x with rows x <= limits (those of equations twice, as two rows) and low <= x <= high; `named` says which
    row of the call each is.
    """

    c: Floats
    rows: Floats
    limits: Floats
    named: list[str]
    low: Floats
    high: Floats

    def solved(self, c: Floats | None = None, keep: Any = None, free: bool = False) -> Any:
        """SciPy's answer for this cost, with some of the rows, or without the bounds at 0."""
        optimize = importlib.import_module("scipy.optimize")
        rows, limits = (self.rows, self.limits) if keep is None else (self.rows[keep], self.limits[keep])
        low = np.where(self.low == 0, -np.inf, self.low) if free else self.low
        bounds = np.column_stack([low, self.high])
        return optimize.linprog(self.c if c is None else c, rows if len(rows) else None, limits if len(rows) else None,
                                bounds=bounds)  # fmt: skip


def linear_end(call: SolverCall) -> End:
    """What is at the end of a call of `linprog` or `milp`."""
    program = read_linear(call)
    if program is None or len(program.rows) > MOST:
        return End()
    if call.x is None:
        return _none(program, call)
    x = np.asarray(call.x, dtype=np.float64)
    slack = program.limits - program.rows @ x
    tight = [name for name, gap in zip(program.named, slack, strict=True) if abs(gap) <= 1e-7 * (1 + np.abs(x).max())]
    told = f" What holds as an equation: {', '.join(dict.fromkeys(tight))}." if tight else " No constraint is used up."
    missed = max(0.0, -float(slack.min(initial=0.0)))
    if call.function == "milp":
        return _of_integers(program, call, x, missed, told)
    dual = _dual(program)
    value = float(program.c @ x)
    if missed > 1e-6 * (1 + np.abs(x).max()) or dual is None or abs(dual - value) > 1e-6 * (1 + abs(value)):
        return End("", told.strip())
    text = (
        f"It is the optimum: all constraints hold, and multipliers of them prove that no point costs less than "
        f"{dual:.6g}.{told}{_default_bounds(program, call, value)}"
    )
    if program.c.any() and program.c.max() <= 0:  # the negative of something that is to be large
        text += (
            f" `{call.function}` makes `c @ x` small: the largest value of `-c @ x` is {-value + 0.0:.6g}, there too."
        )
    return End("optimal", text, values={"dual": dual})


def read_linear(call: SolverCall) -> LinearProgram | None:
    """The program of a call of `linprog` or `milp`; None where its parts do not fit together."""
    given = call.arguments
    try:
        c = np.asarray(given["c"], dtype=np.float64).ravel()
        parts = _of_milp(call, c.size) if call.function == "milp" else _of_linprog(call)
        rows = np.array([row for row, _, _ in parts], dtype=np.float64).reshape(-1, c.size)
    except (KeyError, TypeError, ValueError):
        return None
    low, high = bounds_of(call, c.size)
    bounds = given.get("bounds")
    pair = bounds if isinstance(bounds, (tuple, list)) and len(bounds) == 2 and np.ndim(bounds[0]) == 0 else None
    if pair is not None:
        low = np.full(c.size, -np.inf if pair[0] is None else float(pair[0]))
        high = np.full(c.size, np.inf if pair[1] is None else float(pair[1]))
    if bounds is None:
        low = np.zeros(c.size)
    return LinearProgram(c, rows, np.array([limit for _, limit, _ in parts]), [name for *_, name in parts], low, high)


def _of_linprog(call: SolverCall) -> list[tuple[Floats, float, str]]:
    given = call.arguments
    parts: list[tuple[Floats, float, str]] = []
    for matrix, right, both in (("A_ub", "b_ub", False), ("A_eq", "b_eq", True)):
        if given.get(matrix) is None:
            continue
        rows, limits = np.atleast_2d(np.asarray(given[matrix], float)), np.atleast_1d(np.asarray(given[right], float))
        for k, (row, limit) in enumerate(zip(rows, limits.ravel(), strict=True), 1):
            name = f"row {k} of `{matrix}`"
            parts += [(row, float(limit), name), *([(-row, -float(limit), name)] if both else [])]
    return parts


def _of_milp(call: SolverCall, n: int) -> list[tuple[Floats, float, str]]:
    given: Any = call.arguments.get("constraints") or ()
    parts: list[tuple[Floats, float, str]] = []
    single = not isinstance(given, (list, tuple)) or (len(given) == 3 and np.ndim(given[0]) > 0)
    for one in (given,) if single else given:
        matrix, lower, upper = (one.A, one.lb, one.ub) if hasattr(one, "A") else one
        rows = np.atleast_2d(np.asarray(matrix, float)).reshape(-1, n)
        low, high = (np.broadcast_to(np.asarray(side, float), len(rows)) for side in (lower, upper))
        for row, a, b in zip(rows, low, high, strict=True):
            name = f"constraint {len({name for *_, name in parts}) + 1}"
            parts += [(row, float(b), name)] if np.isfinite(b) else []
            parts += [(-row, -float(a), name)] if np.isfinite(a) else []
    return parts


def _dual(program: LinearProgram) -> float | None:
    """The value of the dual program, solved by itself: no point can cost less."""
    optimize = importlib.import_module("scipy.optimize")
    n = program.c.size
    low, high = np.isfinite(program.low), np.isfinite(program.high)
    rows = np.vstack([program.rows, -np.eye(n)[low], np.eye(n)[high]])
    limits = np.concatenate([program.limits, -program.low[low], program.high[high]])
    done = optimize.linprog(limits, A_eq=rows.T, b_eq=-program.c)
    return 0.0 - float(done.fun) if done.success else None


def _default_bounds(program: LinearProgram, call: SolverCall, value: float) -> str:
    """What the bounds that are there by default change."""
    if call.arguments.get("bounds") is not None:
        return ""
    free = program.solved(free=True)
    if free.success and free.fun < value - 1e-6 * (1 + abs(value)):
        other = f"at {short(free.x)} it would cost {free.fun:.6g}"
    elif free.status == 3:
        other = "the cost would fall without end"
    else:
        return ""
    return f" Without `bounds` every variable is held at 0 or above; were they free, {other}."


def _of_integers(program: LinearProgram, call: SolverCall, x: Floats, missed: float, told: str) -> End:
    whole = np.broadcast_to(np.asarray(call.arguments.get("integrality", 0)), x.shape) > 0
    off = float(np.abs(x - np.round(x))[whole].max(initial=0.0))
    if missed > 1e-6 * (1 + np.abs(x).max()) or off > 1e-5:
        return End("", told.strip())
    if not whole.any():
        return End(
            "optimal", f"All constraints hold, and nothing is better by HiGHS's own bound.{told}{_if_whole(call)}"
        )
    relaxed = program.solved()
    bound = f" Without whole numbers it would be {relaxed.fun:.6g}." if relaxed.success else ""
    proof = _counted(program, x, whole)
    said = f" {proof}" if proof else " That nothing is better is HiGHS's own bound."
    return End("optimal", f"All constraints hold, and what has to be whole is.{said}{bound}{told}")


def _counted(program: LinearProgram, x: Floats, whole: np.ndarray) -> str:
    """A sentence where all points could be counted through; empty where there are too many."""
    sizes = program.high - program.low + 1
    if not whole.all() or not np.isfinite(sizes).all() or float(np.prod(sizes)) > 20_000:
        return ""
    axes = [np.arange(int(np.ceil(a)), int(np.floor(b)) + 1) for a, b in zip(program.low, program.high, strict=True)]
    points = np.array(list(itertools.product(*axes)), dtype=np.float64)
    allowed = points[(points @ program.rows.T <= program.limits + 1e-9).all(axis=1)]
    best = float((allowed @ program.c).min(initial=np.inf))
    good = best >= float(program.c @ x) - 1e-6
    return f"All {len(points):,} points were counted through: none is better." if good else ""


def _if_whole(call: SolverCall) -> str:
    """Where `milp` ends with all variables whole, which its call does not ask for."""
    optimize = importlib.import_module("scipy.optimize")
    given = {name: call.arguments.get(name) for name in ("constraints", "bounds")}
    done = optimize.milp(call.arguments["c"], integrality=np.ones(np.size(call.arguments["c"])), **given)
    end = f": then it ends at {short(done.x)}, where the cost is {done.fun:.6g}" if done.success else ""
    return (
        " No variable has to be whole here, since `integrality` is not given. For whole numbers give "
        f"`integrality=1`{end}."
    )


def _none(program: LinearProgram, call: SolverCall) -> End:
    """Why there is no solution: rows that contradict each other, or a way on which the cost falls without end."""
    feasible = program.solved(np.zeros_like(program.c))
    if feasible.success:
        ray = _ray(program)
        if ray is None:
            return End()
        text = (
            f"The cost falls without end along {short(ray)}: every constraint holds however far one goes. Either one "
            "is missing, or the sign of `c` is turned: to maximise, minimise `-c`."
        )
        return End("unbounded", text, "unbounded")
    if feasible.status != 2:
        return End()
    core = _core(program)
    names = list(dict.fromkeys(program.named[i] for i in core))
    joined = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else "the bounds"
    cannot = "cannot hold" if len(names) < 2 else "cannot hold together"
    within = f" with the bounds{' (0 and above, as none are given)' if call.arguments.get('bounds') is None else ''}"
    return End(
        "infeasible", f"{joined[:1].upper()}{joined[1:]} {cannot}{within}.{_mended(program, core)}", "infeasible"
    )


def _core(program: LinearProgram) -> list[int]:
    """Rows that contradict each other, none of which could be left out (the deletion filter of Chinneck and Dravnieks,
    1991).
    """
    kept = list(range(len(program.rows)))
    zero = np.zeros_like(program.c)
    for i in range(len(program.rows)):
        less = [k for k in kept if k != i]
        if program.solved(zero, less).status == 2:
            kept = less
    return kept


def _mended(program: LinearProgram, core: list[int]) -> str:
    """A row whose opposite would leave room: its sign is likely turned."""
    zero = np.zeros_like(program.c)
    for i in core:
        signs = np.ones(len(program.rows))
        signs[i] = -1
        turned = LinearProgram(program.c, program.rows * signs[:, None], program.limits, program.named, program.low,
                               program.high)  # fmt: skip
        if program.named.count(program.named[i]) == 1 and turned.solved(zero).success:
            at = program.named[i]
            return (
                f" A row says `<=`. For `a x >= b` both sides change their sign: with the numbers of {at} turned and "
                "its limit as it is there is a solution."
            )
    return ""


def _ray(program: LinearProgram) -> Floats | None:
    """A direction along which all constraints hold for ever and the cost falls."""
    optimize = importlib.import_module("scipy.optimize")
    low = np.where(np.isfinite(program.low), 0.0, -1.0)
    high = np.where(np.isfinite(program.high), 0.0, 1.0)
    rows = program.rows if len(program.rows) else None
    done = optimize.linprog(program.c, rows, np.zeros(len(program.rows)) if rows is not None else None,
                            bounds=np.column_stack([low, high]))  # fmt: skip
    return np.asarray(done.x) if done.success and done.fun < -1e-9 else None


def assignment_end(call: SolverCall) -> End:
    """What is at the end of a call of `linear_sum_assignment`: the cost, proven by prices of rows and columns."""
    try:
        cost = np.asarray(call.arguments.get("cost_matrix"), dtype=np.float64)
        rows, columns = (np.asarray(part, dtype=int) for part in call.result)
    except (TypeError, ValueError):
        return End()
    if cost.ndim != 2 or cost.size > MOST**2 or not np.isfinite(cost).all():
        return End()
    sign = -1.0 if call.arguments.get("maximize") else 1.0
    total = float(cost[rows, columns].sum())
    bound = _priced(sign * cost)
    best = "largest" if sign < 0 else "smallest"
    pairs = ", ".join(f"{i} to {j}" for i, j in list(zip(rows, columns, strict=True))[:12])
    largest = _largest(cost) if sign > 0 else None
    other = f" For the largest sum, {largest:.6g}, give `maximize=True`." if largest is not None else ""
    if bound is None or abs(bound - sign * total) > 1e-6 * (1 + abs(total)):
        return End("", f"The assignment {pairs} costs {total:.6g}.")
    text = (
        f"Row to column, {pairs}: the sum is {total:.6g}, the {best} there is, as prices of rows and columns prove."
        f"{other}"
    )
    return End("optimal", text, values={"dual": bound})


def _largest(cost: Floats) -> float:
    """The largest sum of an assignment."""
    optimize = importlib.import_module("scipy.optimize")
    rows, columns = optimize.linear_sum_assignment(cost, maximize=True)
    return float(cost[rows, columns].sum())


def _priced(cost: Floats) -> float | None:
    """The dual value: prices of rows and columns whose sums stay below every cost."""
    optimize = importlib.import_module("scipy.optimize")
    cost = cost if cost.shape[0] <= cost.shape[1] else cost.T
    m, n = cost.shape
    rows = np.hstack([np.kron(np.eye(m), np.ones((n, 1))), np.kron(np.ones((m, 1)), np.eye(n))])
    bounds = [(None, None)] * m + [(None, 0)] * n
    done = optimize.linprog(-np.ones(m + n), rows, cost.ravel(), bounds=bounds)
    return -float(done.fun) if done.success else None
