"""Newton's steps by hand: a gradient divided by a matrix of second derivatives, each compared with differences."""

from __future__ import annotations

import itertools
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nabla.labs.descend.given import compared, line_of_function
from nabla.labs.descend.hand.course import Course
from nabla.labs.descend.hand.found import HandDescent
from nabla.labs.descend.hand.verdict import Fault, StepJudgement
from nabla.program.state import Floats, like

MOST = 12  # parameters
_CLOSE = 1e-5

At = Callable[[Floats], Floats | None]


@dataclass(frozen=True)
class Named:
    """A function of the parameters that the program has: its name, the line of its definition, its values."""

    name: str
    line: int
    at: At


def newton(found: HandDescent) -> tuple[StepJudgement, Course, list[Fault]] | None:
    """What is to be said of a program whose steps are `-H^-1 g` with functions of its own; None for others."""
    n = found.states[0].theta.size if found.states else 0
    if found.buffers or found.reshaped or not 0 < n <= MOST or len(found.picked) != n:
        return None
    listed = list(_functions(found))
    pair = next((pair for pair in itertools.permutations(listed, 2) if _divides(found, *pair, n)), None)
    if pair is None:
        return None
    g, h = pair
    f = next(
        (other for other in listed if other not in pair and _is_scalar(found, other) and _near(found, other, g)), None
    )
    findings = [*_of_gradient(found, f, g, n), *_of_second(found, f, g, h, n)]
    said = f"`{h.name}` is the derivative of `{g.name}`"
    made = StepJudgement("wrong" if findings else "right", findings=list(findings))
    if f is None:
        made.method = f"Newton's step for a zero of `{g.name}` is right: {said}"
        findings += _ended(found, g, h, n) if n > 1 and not findings and _is_symmetric(found, h, n) else []
    else:
        made.method = f"Newton's step is right: `{g.name}` is the gradient of `{f.name}`, and {said}"
        findings += _ended(found, g, h, n) if not findings else []
    path = found.path
    still = len(path) > 1 and np.abs(path[-1][1] - path[-2][1]).max() <= 1e-4 * (1 + np.abs(path[-1][1]).max())
    return made, Course("arrived" if still else "unknown"), findings


def _functions(found: HandDescent) -> Iterator[Named]:
    """Functions of one argument that give numbers for the parameters."""
    for name, function in {**found.run.names, **found.start}.items():
        if not isinstance(function, types.FunctionType) or _holds(function, found.loop.line):
            continue
        if function.__globals__.get("__file__") != "program.py":  # of a library, by a star
            continue
        if function.__code__.co_argcount in (1, len(found.parameters)):
            made = Named(name, line_of_function(function), _called(found, function))
            if made.at(found.states[0].theta) is not None:
                yield made


def _holds(function: types.FunctionType, line: int) -> bool:
    """Whether a line is inside of a function: the one that descends."""
    return line in {number for _, _, number in function.__code__.co_lines()}


def _called(found: HandDescent, function: types.FunctionType) -> At:
    def at(theta: Floats) -> Floats | None:
        parts = [like(v, found.start[p]) for p, v in found.split(theta).items()]
        if function.__code__.co_argcount != len(parts):
            return None
        done, result = found.session.call(function, *parts)
        try:
            value = np.asarray(result, dtype=np.float64)
        except (TypeError, ValueError):
            return None
        good = done.raised is None and done.gap is None and value.size and np.isfinite(value).all()
        return value.ravel() if good else None

    return at


def _divides(found: HandDescent, g: Named, h: Named, n: int) -> bool:
    """Whether the steps at both states are the same multiple of -H^-1 g, with more than a constant in H."""
    factors = []
    for state in found.states[:2]:
        a, b = g.at(state.theta), h.at(state.theta)
        if a is None or b is None or a.size != n or b.size != n * n:
            return False
        try:
            step = -np.linalg.solve(b.reshape(n, n), a)
        except np.linalg.LinAlgError:
            return False
        size = float(step @ step)
        t = float(step @ state.step) / size if size > 0 else 0.0
        if not t > 0 or np.abs(state.step - t * step).max() > 1e-6 * np.abs(state.step).max():
            return False
        factors.append(t)
    return abs(factors[0] - factors[1]) <= 1e-6 * factors[0]


def _is_scalar(found: HandDescent, function: Named) -> bool:
    value = function.at(found.states[0].theta)
    return value is not None and value.size == 1


def _slopes(at: At, theta: Floats) -> Floats | None:
    """Central differences, a row a value."""
    columns = []
    for i in range(theta.size):
        h = 1e-5 * (1 + abs(theta[i]))
        ahead, back = theta.copy(), theta.copy()
        ahead[i] += h
        back[i] -= h
        a, b = at(ahead), at(back)
        if a is None or b is None or a.shape != b.shape:
            return None
        columns.append((a - b) / (2 * h))
    return np.array(columns).T


def _near(found: HandDescent, f: Named, g: Named) -> bool:
    """Whether a function could be the one whose gradient is meant: with several variables any number, with one only
    that whose slope it is nearly.
    """
    if found.states[0].theta.size > 1:
        return True
    pairs = [(_slopes(f.at, s.theta), g.at(s.theta)) for s in found.states[:2]]
    return all(a is not None and b is not None and np.allclose(a, b, rtol=1e-4, atol=1e-6) for a, b in pairs)


def _rows(found: HandDescent, exact: At, mine: At) -> tuple[Floats, Floats] | None:
    """The exact values and the program's, a row a state."""
    pairs = [(exact(s.theta), mine(s.theta)) for s in found.states[:2]]
    known = [(a.ravel(), b.ravel()) for a, b in pairs if a is not None and b is not None and a.size == b.size]
    return (np.array([a for a, _ in known]), np.array([b for _, b in known])) if len(known) == len(pairs) else None


def _faults(found: HandDescent, exact: At, mine: Named, names: list[str], rough: float = 0.0) -> list[Fault]:
    rows = _rows(found, exact, mine.at)
    if rows is None:
        return []
    made = []
    off = rough * float(np.abs(rows[0]).max(initial=0.0))
    for j, name in enumerate(names):
        wrong = compared(rows[0][:, j : j + 1], rows[1][:, j : j + 1], name, mine.line, off)
        if wrong is not None:
            kind = "missing-term" if wrong[0]["kind"] == "differs" else str(wrong[0]["kind"])
            made.append(Fault(kind, mine.line, f"In `{mine.name}`: {wrong[1]}", name, mendable=False))
    return made


def _of_gradient(found: HandDescent, f: Named | None, g: Named, n: int) -> list[Fault]:
    return _faults(found, lambda x: _slopes(f.at, x), g, found.names) if f is not None and n > 1 else []


def _of_second(found: HandDescent, f: Named | None, g: Named, h: Named, n: int) -> list[Fault]:
    """The matrix beside the differences of the gradient, or of the function's own where that is wrong."""
    own = f is not None and n > 1 and bool(_of_gradient(found, f, g, n))

    def gradient(x: Floats) -> Floats | None:
        slopes = _slopes(f.at, x) if own and f is not None else g.at(x)
        return slopes.ravel() if slopes is not None else None

    names = [f"{a}, {b}" for a in found.names for b in found.names] if n > 1 else found.names
    return _faults(found, lambda x: _slopes(gradient, x), h, names, 1e-3 if own else 1e-7)


def _is_symmetric(found: HandDescent, h: Named, n: int) -> bool:
    """Whether the matrix is one of second derivatives, so that what vanishes is a gradient."""
    values = [h.at(state.theta) for state in found.states[:2]]
    return all(v is not None and np.allclose(m := v.reshape(n, n), m.T, rtol=1e-9) for v in values)


def _ended(found: HandDescent, g: Named, h: Named, n: int) -> list[Fault]:
    """What is where the steps end: Newton's go to wherever the gradient vanishes."""
    last = next((theta for _, theta in reversed(found.path) if np.isfinite(theta).all()), None)
    matrix = h.at(last) if last is not None else None
    if matrix is None:
        return []
    values = np.linalg.eigvalsh(matrix.reshape(n, n))
    if values.min() >= -1e-9 * np.abs(values).max():
        return []
    what = "a maximum" if values.max() < 0 else "a saddle"
    shown = ", ".join(f"{v:.4g}" for v in values)
    text = (
        f"A step of Newton goes to wherever `{g.name}` vanishes, be it a minimum or not: where it ends the "
        f"curvatures are {shown}, so it is {what}. Where a curvature is negative, step against the gradient, or add a "
        "multiple of the unit matrix that makes them positive; or begin elsewhere."
    )
    return [Fault("not-a-minimum", min(found.lines.values(), default=0), text)]
