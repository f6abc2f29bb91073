"""Ends under constraints and bounds: whether those hold, and the condition of the multipliers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nabla.labs.descend.functions import End, Floats, Function, differences
from nabla.program.modules.scipy import SolverCall
from nabla.program.run import Session


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


def constrained(x: Floats, g: Floats, constraints: list[tuple[str, Function]], low: Floats, high: Floats) -> End:
    """Whether the constraints hold, and whether the gradient is made of theirs (the multipliers' condition)."""
    rows: list[Floats] = []
    signs: list[int] = []
    worst, texts = 0.0, []
    for k, (kind, h) in enumerate(constraints, 1):
        value, slope = h(x), differences(h, x)
        if value is None or slope is None or slope.shape[0] != value.size:
            return End()
        for v, row in zip(value.ravel(), slope, strict=True):
            missed = abs(v) if kind == "eq" else max(0.0, -v)
            if missed > 5e-4 * (1 + np.abs(x).max()):
                wanted = "0" if kind == "eq" else "not negative"
                texts.append(f"constraint {k} should be {wanted} and is {v:.4g}")
            worst = max(worst, missed)
            if kind == "eq" or v <= 1e-3 * (1 + np.abs(row).max()) * (1 + np.abs(x).max()):
                rows.append(row)
                signs.append(0 if kind == "eq" else 1)
    if texts:
        return End(
            "infeasible",
            f"It breaks the constraints: {'; '.join(texts)}.",
            "not-a-minimum",
            values={"violation": worst},
        )
    near = 1e-6 * (1 + np.abs(x))
    for i in range(x.size):
        for at, sign in ((x[i] <= low[i] + near[i], 1.0), (x[i] >= high[i] - near[i], -1.0)):
            if at:
                rows.append(sign * np.eye(x.size)[i])
                signs.append(1)
    multipliers = np.linalg.lstsq(np.array(rows).T, g, rcond=None)[0] if rows else np.zeros(0)
    rest = g - np.array(rows).T @ multipliers if rows else g
    found = {"multipliers": multipliers.tolist()}
    size = 1e-3 * (1 + np.abs(g).max())
    if np.abs(rest).max() <= size and all(m >= -size for m, s in zip(multipliers, signs, strict=True) if s):
        text = (
            "All constraints hold, and the gradient is a sum of theirs with multipliers of the right sign "
            f"({', '.join(f'{m:.4g}' for m in multipliers)}): it is a minimum under the constraints."
        )
        return End(
            "minimum",
            text if rows else "All constraints hold and the gradient vanishes: it is a minimum.",
            values=found,
        )
    return End(
        "not-stationary",
        "The constraints hold, but along them the function can still be lowered: this is no minimum.",
        "not-a-minimum",
        values=found,
    )
