"""The functions that were given to a solver, their values and differences; and what is at the end of a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nabla.program.modules.scipy import SolverCall
from nabla.program.run import Session

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats | None]
SCALAR = frozenset("minimize_scalar fminbound brent golden".split())
ROOTS = frozenset("root fsolve root_scalar brentq brenth bisect ridder toms748 newton fixed_point".split())


@dataclass
class End:
    """What is at the end of a call.

    Attributes:
        verdict: minimum, local-minimum, saddle, not-stationary, at-bounds, infeasible, root, not-a-root, or empty.
        text: a sentence on it; empty where there is nothing to say.
        finding: its kind, empty for none.
        better: a point that is lower, or a root.
    """

    verdict: str = ""
    text: str = ""
    finding: str = ""
    better: Floats | None = None
    values: dict[str, Any] = field(default_factory=dict)


def function_of(session: Session, call: SolverCall, name: str = "", second: bool = False) -> Function | None:
    """A function that was given to a call, of the variables in a row; None where there is none. With `second`, what a
    function gives beside its value.
    """
    given = (
        call.arguments.get(name)
        if name
        else next((call.arguments[n] for n in ("fun", "func", "f") if n in call.arguments), None)
    )
    if not callable(given):
        return None
    extra = call.arguments.get("args", ())
    extra = extra if isinstance(extra, tuple) else (extra,)
    scalar = call.function in SCALAR or (call.function in ROOTS - {"root", "fsolve"})

    def value(x: Floats) -> Floats | None:
        with np.errstate(all="ignore"):
            done, result = session.call(given, float(x[0]) if scalar else x.copy(), *extra)
        if done.raised is not None or done.gap is not None:
            return None
        if call.arguments.get("jac") is True and not name and isinstance(result, tuple) and len(result) == 2:
            result = result[second]
        try:
            return np.atleast_1d(np.asarray(result, dtype=np.float64))
        except (TypeError, ValueError):
            return None

    return value


def start_of(call: SolverCall, x: Floats) -> Floats:
    """Where a call begins, as far as it is given in the shape of the variables; else x."""
    try:
        start = np.atleast_1d(np.asarray(call.arguments.get("x0"), dtype=np.float64)).ravel()
    except (TypeError, ValueError):
        return x
    return start if start.size == x.size and np.isfinite(start).all() else x


def changes_its_input(session: Session, call: SolverCall, x: Floats) -> bool:
    """Whether the function changes the array that it is given."""
    given = next((call.arguments[n] for n in ("fun", "func", "f") if n in call.arguments), None)
    extra = call.arguments.get("args", ())
    if not callable(given) or call.function in SCALAR:
        return False
    mine = x.copy()
    done, _ = session.call(given, mine, *(extra if isinstance(extra, tuple) else (extra,)))
    return done.raised is None and done.gap is None and not np.array_equal(mine, x, equal_nan=True)


def differences(f: Function, x: Floats, width: float = 1.0) -> Floats | None:
    """The derivatives of f at x by central differences: a row a value, a column a variable. Their steps are `width`
    times 6e-6 of the variables' size.
    """
    columns = []
    for i in range(x.size):
        h = width * 6e-6 * (1 + abs(float(x[i])))
        ahead, back = x.copy(), x.copy()
        ahead[i] += h
        back[i] -= h
        a, b = f(ahead), f(back)
        if a is None or b is None or a.shape != b.shape:
            return None
        columns.append((a - b).ravel() / (2 * h))
    return np.array(columns).T


def second(f: Function, x: Floats) -> Floats | None:
    """The second differences of f at x."""
    n = x.size
    steps = 2e-4 * (1 + np.abs(x))
    rows = np.zeros((n, n))
    for i in range(n):
        for j in range(i, n):
            total = 0.0
            for a in (1, -1):
                for b in (1, -1):
                    moved = x.copy()
                    moved[i] += a * steps[i]
                    moved[j] += b * steps[j]
                    value = f(moved)
                    if value is None or not np.isfinite(value).all():
                        return None
                    total += a * b * float(value[0])
            rows[i, j] = rows[j, i] = total / (4 * steps[i] * steps[j])
    return rows


def held_at_bounds(x: Floats, g: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Which variables are at a bound beyond which the function would fall on, by its gradient."""
    near = 1e-6 * (1 + np.abs(x))
    return ((x <= low + near) & (g > 0)) | ((x >= high - near) & (g < 0))


def about_bounds(x: Floats, g: Floats, held: NDArray[np.bool_], what: str) -> str:
    """A sentence on variables that are held at bounds: no gradient vanishes along them."""
    places = np.flatnonzero(held)
    listed = [f"variable {i + 1} is at its {'lower' if g[i] > 0 else 'upper'} bound {x[i]:.6g}" for i in places[:4]]
    slopes = ", ".join(f"{g[i]:.3g}" for i in places[:4])
    more = f" and {places.size - 4} more are at theirs" if places.size > 4 else ""
    is_one = len(listed) == 1
    rest = "" if held.all() else " along the others the gradient vanishes, so"
    text = (
        f"{' and '.join(listed)}{more}: {what} would fall on beyond {'it' if is_one else 'them'} "
        f"({'its slope' if is_one else 'the slopes'} there: {slopes});{rest} it is a minimum within the bounds."
    )
    return text[:1].upper() + text[1:]


def short(value: Any) -> str:
    """A point in six digits."""
    array = np.asarray(value, dtype=float).ravel()
    shown = ", ".join(f"{v:.6g}" for v in array[:12])
    return shown if array.size == 1 else f"({shown}{', ...' if array.size > 12 else ''})"
