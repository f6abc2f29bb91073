"""Methods that know the gradient only, each with the convention it follows: their names alone do not settle it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nabla.optimise.linesearch import down
from nabla.optimise.problem import Floats, Oracle

FAR = 1e10  # times the size of the start: a method with a fixed rate that has come so far will not come back


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is given. `tolerance` bounds the largest component of the gradient."""

    rate: float = 0.01
    momentum: float = 0.9
    steps: int = 10_000
    tolerance: float = 1e-6
    beta2: float = 0.999
    epsilon: float = 1e-8
    decay: float = 0.01
    memory: int = 10
    relative_fall: float = 0.0
    least_step: float = 1e-5


Reason = str  # tolerance, steps, stalled, non-finite, far
Step = Callable[[Floats, Floats, int], Floats]


def _iterate(oracle: Oracle, x: Floats, settings: Settings, step: Step) -> Reason:
    """x_{k+1} = x_k + step(x_k, g_k, k) until the gradient is small, nothing is finite, or the steps are used up."""
    far = FAR * (1 + float(np.abs(x).max()))
    lower, upper = oracle.problem.lower, oracle.problem.upper
    for k in range(settings.steps):
        g = oracle.g(x)
        size = float(np.abs(g).max()) if lower is None else float(np.abs(projected(oracle, x, g)).max())
        if size <= settings.tolerance:
            return "tolerance"
        if not math.isfinite(size):
            return "non-finite"
        x = x + step(x, g, k)
        if lower is not None and upper is not None:
            x = oracle.clip(x)
        oracle.reach(x)
        if not float(np.abs(x).max()) < far:
            return "far"
    return "steps"


def projected(oracle: Oracle, x: Floats, g: Floats) -> Floats:
    """The gradient without what pushes against a bound: zero exactly at a stationary point within the bounds."""
    return x - oracle.clip(x - g) if oracle.problem.bounded else g


def gradient_descent(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """x - rate g. Cauchy (1847)."""
    return _iterate(oracle, x, settings, lambda x, g, k: -settings.rate * g)


def heavy_ball(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """v = momentum v + g, x - rate v; no factor 1 - momentum. Polyak (1964); as torch.optim.SGD(momentum=...)."""
    v = np.zeros_like(x)

    def step(x: Floats, g: Floats, k: int) -> Floats:
        nonlocal v
        v = settings.momentum * v + g
        return -settings.rate * v

    return _iterate(oracle, x, settings, step)


def nesterov(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """v = momentum v + g, x - rate (g + momentum v): Nesterov (1983) with the gradient at x, as torch.optim.SGD."""
    v = np.zeros_like(x)

    def step(x: Floats, g: Floats, k: int) -> Floats:
        nonlocal v
        v = settings.momentum * v + g
        return -settings.rate * (g + settings.momentum * v)

    return _iterate(oracle, x, settings, step)


def adagrad(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """s = s + g^2, x - rate g / (sqrt(s) + epsilon), s = 0 at first. Duchi, Hazan and Singer (2011)."""
    s = np.zeros_like(x)

    def step(x: Floats, g: Floats, k: int) -> Floats:
        nonlocal s
        s = s + g * g
        return -settings.rate * g / (np.sqrt(s) + settings.epsilon)

    return _iterate(oracle, x, settings, step)


def rmsprop(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """s = 0.9 s + 0.1 g^2, x - rate g / (sqrt(s) + epsilon), s = 0 at first. Tieleman and Hinton (2012)."""
    s = np.zeros_like(x)

    def step(x: Floats, g: Floats, k: int) -> Floats:
        nonlocal s
        s = 0.9 * s + 0.1 * g * g
        return -settings.rate * g / (np.sqrt(s) + settings.epsilon)

    return _iterate(oracle, x, settings, step)


def _adam(settings: Settings, x: Floats, decay: float) -> Step:
    m, s = np.zeros_like(x), np.zeros_like(x)
    b1, b2 = settings.momentum, settings.beta2

    def step(x: Floats, g: Floats, k: int) -> Floats:
        nonlocal m, s
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        move = (m / (1 - b1 ** (k + 1))) / (np.sqrt(s / (1 - b2 ** (k + 1))) + settings.epsilon)
        return -settings.rate * (move + decay * x) if decay else -settings.rate * move

    return step


def adam(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """m, s averages of g and g^2 (momentum, 0.999), both corrected for their start at 0; x - rate m / (sqrt(s) +
    epsilon), epsilon outside the root. Kingma and Ba (2015), algorithm 1.
    """
    return _iterate(oracle, x, settings, _adam(settings, x, 0.0))


def adamw(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """As adam, and x shrinks by rate * 0.01 in each step: it does not minimise f alone. Loshchilov, Hutter (2019)."""
    return _iterate(oracle, x, settings, _adam(settings, x, settings.decay))


def backtracking(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """x - t g with t halved until f falls by 1e-4 t g.g (Armijo 1966); the next search starts at twice the last t."""
    t = settings.rate
    for _ in range(settings.steps):
        g = oracle.g(x)
        size = float(np.abs(projected(oracle, x, g)).max())
        if size <= settings.tolerance:
            return "tolerance"
        if not math.isfinite(size):
            return "non-finite"
        new = down(oracle, x, -g, t)
        if new is None:
            return "stalled"
        if not oracle.problem.bounded:
            t = 2 * float(np.abs(new - x).max()) / size
        x = new
        oracle.reach(x)
        if oracle.f(x) < -1e200:
            return "far"
    return "steps"


def coordinate_descent(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """One variable at a time, in turn: a Newton step where the curvature is positive, else a gradient step, halved
    until f falls. One gradient and one Hessian a variable are counted. Wright, Math. Program. 151 (2015), 3.
    """
    for _ in range(settings.steps):
        start = x
        for i in range(x.size):
            g = oracle.g(x)
            if not np.isfinite(g).all():
                return "non-finite"
            if float(np.abs(projected(oracle, x, g)).max()) <= settings.tolerance:
                if x is not start:
                    oracle.reach(x)
                return "tolerance"
            bend = oracle.h(x)[i, i]
            p = np.zeros_like(x)
            p[i] = -g[i] / bend if bend > 0 else -g[i]
            new = down(oracle, x, p, 1.0) if g[i] else None
            x = x if new is None else new
        if x is start:
            return "stalled"
        oracle.reach(x)
        if oracle.f(x) < -1e200:
            return "far"
    return "steps"
