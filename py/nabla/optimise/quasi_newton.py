"""Nonlinear conjugate gradients, BFGS and L-BFGS: the curvature learned from gradients along the way."""

from __future__ import annotations

import math

import numpy as np

from nabla.optimise.first_order import Reason, Settings, projected
from nabla.optimise.linesearch import along, down, zoom
from nabla.optimise.problem import Floats, Oracle

DEEP = -1e200


def _first_step(f: float, before: float, slope: float) -> float:
    """The step tried first: that which would repeat the last fall of f. Nocedal and Wright (2006), eq. 3.60."""
    if slope == 0:
        return 1.0
    step = min(1.0, 1.01 * 2 * (f - before) / slope)
    return step if step > 0 else 1.0


def cg(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """p = -g + beta p with beta = max(0, g.(g - g_old) / g_old.g_old); strong Wolfe steps with 1e-4 and 0.4.

    Polak and Ribière (1969) with the restart of Powell, as Nocedal and Wright (2006), eq. 5.44 and 5.45.
    """
    f, g = oracle.f(x), oracle.g(x)
    if not (math.isfinite(f) and np.isfinite(g).all()):
        return "non-finite"
    before = f + float(np.linalg.norm(g)) / 2
    p = -g
    for _ in range(settings.steps):
        if float(np.abs(projected(oracle, x, g)).max()) <= settings.tolerance:
            return "tolerance"
        if oracle.problem.bounded:
            new = down(oracle, x, _inside(oracle, x, g, p), 1.0)
            step = None
        else:
            known = f, float(g @ p)
            first = _first_step(f, before, known[1])
            step = along(oracle, x, p, first, curvature=0.4, known=known)
            if step is not None and not _goes_on(oracle, x + step * p, p, g, settings):
                step = _falling(oracle, x, p, g, first, known, settings) or step
            new = None if step is None else x + step * p
        if new is None:
            if np.array_equal(p, -g):
                return "stalled"
            p = -g
            continue
        before, f = f, oracle.f(new)
        old, g = g, oracle.g(new)
        x = new
        oracle.reach(x)
        if f < DEEP:
            return "far"
        p = _conjugate(p, old, g) if _falls(p, old, g) else -g
    return "steps"


def _conjugate(p: Floats, old: Floats, g: Floats) -> Floats:
    return -g + max(0.0, float(g @ (g - old)) / float(old @ old)) * p


def _falling(
    oracle: Oracle, x: Floats, p: Floats, g: Floats, first: float, known: tuple[float, float], settings: Settings
) -> float | None:
    """A step along p to the strong Wolfe conditions after which the method can go on."""

    def slope(t: float) -> float:
        return float(oracle.g(x + t * p) @ p)

    def accept(t: float) -> bool:
        return _goes_on(oracle, x + t * p, p, g, settings)

    return zoom(lambda t: oracle.f(x + t * p), slope, first, *known, 0.4, accept)


def _goes_on(oracle: Oracle, x: Floats, p: Floats, old: Floats, settings: Settings) -> bool:
    """Whether x ends the run, or the next direction falls there."""
    g = oracle.g(x)
    return float(np.abs(g).max()) <= settings.tolerance or _falls(p, old, g)


def _falls(p: Floats, old: Floats, g: Floats) -> bool:
    """Whether the next direction falls by enough: by a hundredth of the steepest."""
    return float(_conjugate(p, old, g) @ g) <= -0.01 * float(g @ g)


def bfgs(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """p = -B g, B updated so that B y = s; strong Wolfe steps with 1e-4 and 0.9; B = 1 at first.

    Broyden, Fletcher, Goldfarb and Shanno (1970), as Nocedal and Wright (2006), eq. 6.17.
    """
    f, g = oracle.f(x), oracle.g(x)
    if not (math.isfinite(f) and np.isfinite(g).all()):
        return "non-finite"
    before = f + float(np.linalg.norm(g)) / 2
    identity = np.eye(x.size)
    inverse = identity
    for _ in range(settings.steps):
        if float(np.abs(projected(oracle, x, g)).max()) <= settings.tolerance:
            return "tolerance"
        p = -inverse @ g
        if oracle.problem.bounded:
            new = down(oracle, x, _inside(oracle, x, g, p), 1.0)
        else:
            step = along(oracle, x, p, _first_step(f, before, float(g @ p)))
            new = None if step is None else x + step * p
        if new is None:
            if inverse is identity:
                return "stalled"
            inverse = identity
            continue
        s, y = new - x, oracle.g(new) - g
        before, f, x, g = f, oracle.f(new), new, oracle.g(new)
        oracle.reach(x)
        if f < DEEP:
            return "far"
        turn = float(s @ y)
        if turn > 0:
            left = identity - np.outer(s, y) / turn
            inverse = left @ inverse @ left.T + np.outer(s, s) / turn
        elif not turn:
            return "stalled" if not s.any() else "tolerance" if not g.any() else "stalled"
    return "steps"


def l_bfgs(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """BFGS from the last 10 pairs (s, y), started from (s.y / y.y) 1; strong Wolfe steps with 1e-3 and 0.9.

    The two loops of Nocedal, Math. Comp. 35 (1980), 773. Bounds: projected steps, the pairs of free variables.
    """
    f, g = oracle.f(x), oracle.g(x)
    if not (math.isfinite(f) and np.isfinite(g).all()):
        return "non-finite"
    pairs: list[tuple[Floats, Floats]] = []
    for _ in range(settings.steps):
        if float(np.abs(projected(oracle, x, g)).max()) <= settings.tolerance:
            return "tolerance"
        p = -_two_loops(g, pairs)
        first = 1.0 if pairs else 1 / float(np.linalg.norm(p))
        if oracle.problem.bounded:
            new = down(oracle, x, _inside(oracle, x, g, p), first)
        else:
            step = along(oracle, x, p, first, 1e-3, 0.9, 0.1)
            if step is None:
                step = along(oracle, x, p, first) if pairs else along(oracle, x, p, 1e-3 * first)
            new = None if step is None else x + step * p
        if new is None:
            if not pairs:
                return "stalled"
            pairs = []
            continue
        s, y = new - x, oracle.g(new) - g
        fall, f, x, g = f - oracle.f(new), oracle.f(new), new, oracle.g(new)
        oracle.reach(x)
        if f < DEEP:
            return "far"
        if settings.relative_fall and fall <= settings.relative_fall * max(abs(f), abs(f + fall), 1.0):
            return "stalled"
        if float(s @ y) > 2.2e-16 * float(y @ y):
            pairs = [*pairs, (s, y)][-settings.memory :]
    return "steps"


def _two_loops(g: Floats, pairs: list[tuple[Floats, Floats]]) -> Floats:
    q, parts = g.copy(), []
    for s, y in reversed(pairs):
        a = float(s @ q) / float(s @ y)
        parts.append(a)
        q = q - a * y
    if pairs:
        s, y = pairs[-1]
        q = q * (float(s @ y) / float(y @ y))
    for (s, y), a in zip(pairs, reversed(parts), strict=True):
        q = q + s * (a - float(y @ q) / float(s @ y))
    return q


def _inside(oracle: Oracle, x: Floats, g: Floats, p: Floats) -> Floats:
    """The direction p with variables left alone that stand at a bound and would leave it; -g if that does not fall."""
    lower, upper = oracle.problem.lower, oracle.problem.upper
    if lower is None or upper is None:
        return p
    held = ((x <= lower) & (g > 0)) | ((x >= upper) & (g < 0))
    free = np.where(held, 0.0, p)
    return free if float(free @ g) < 0 else np.where(held, 0.0, -g)
