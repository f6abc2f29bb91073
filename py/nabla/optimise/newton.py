"""Methods that use the exact Hessian: Newton, damped Newton, Newton-CG, trust region, Levenberg-Marquardt."""

from __future__ import annotations

import math

import numpy as np

from nabla.optimise.first_order import FAR, Reason, Settings, projected
from nabla.optimise.linesearch import along, down
from nabla.optimise.problem import Floats, Oracle
from nabla.optimise.quasi_newton import DEEP, _first_step, _inside

ROUNDING = 6e-16  # of g.H g, which is below f's rounding


def newton(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """x - H^-1 g, nothing else: it finds stationary points of every kind, saddles and maxima too."""
    far = FAR * (1 + float(np.abs(x).max()))
    for _ in range(settings.steps):
        g = oracle.g(x)
        if not np.isfinite(g).all():
            return "non-finite"
        if float(np.abs(g).max()) <= settings.tolerance:
            return "tolerance"
        step = _solved(oracle.h(x), g)
        if step is None:
            return "stalled"
        x = x - step
        oracle.reach(x)
        if not float(np.abs(x).max()) < far:
            return "far"
    return "steps"


def _solved(h: Floats, g: Floats) -> Floats | None:
    if not np.isfinite(h).all():
        return None
    try:
        step = np.linalg.solve(h, g)
    except np.linalg.LinAlgError:
        return None
    return np.asarray(step, dtype=float) if np.isfinite(step).all() else None


def damped_newton(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """x - t |H|^-1 g, |H| with the absolute values of H's eigenvalues, t = 1 halved until f falls (Armijo, 1e-4).

    Greenstadt, Math. Comp. 21 (1967), 360. Eigenvalues below 1e-8 of the largest are raised to that.
    """
    for _ in range(settings.steps):
        g = oracle.g(x)
        if not np.isfinite(g).all() or not math.isfinite(oracle.f(x)):
            return "non-finite"
        if float(np.abs(projected(oracle, x, g)).max()) <= settings.tolerance:
            return "tolerance"
        h = oracle.h(x)
        if not np.isfinite(h).all():
            return "non-finite"
        values, vectors = np.linalg.eigh(h)
        size = np.abs(values)
        size = np.maximum(size, 1e-8 * max(float(size.max()), 1e-300))
        p = -vectors @ ((vectors.T @ g) / size)
        new = down(oracle, x, _inside(oracle, x, g, p), 1.0)
        if new is None:
            return "stalled"
        x = new
        oracle.reach(x)
        if oracle.f(x) < DEEP:
            return "far"
    return "steps"


def newton_cg(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """p from H p = -g by conjugate gradients, ended at |r| <= min(1/2, sqrt|g|) |g| or at negative curvature.

    Dembo and Steihaug (1983), as Nocedal and Wright (2006), algorithm 7.1; strong Wolfe steps with 1e-4 and 0.9. It
    ends when the gradient is small, and goes on while steps are longer than 1e-5 on average.
    """
    f, g = oracle.f(x), oracle.g(x)
    if not (math.isfinite(f) and np.isfinite(g).all()):
        return "non-finite"
    before: float | None = None
    length = math.inf
    for _ in range(settings.steps):
        small = float(np.abs(projected(oracle, x, g)).max()) <= settings.tolerance
        if small and (length <= settings.least_step * x.size or not g.any()):
            return "tolerance"
        h = oracle.h(x)
        if not np.isfinite(h).all():
            return "non-finite"
        if small and float(g @ h @ g) <= ROUNDING:
            return "tolerance"
        p = _truncated(h, g)
        if oracle.problem.bounded:
            new = down(oracle, x, _inside(oracle, x, g, p), 1.0)
        else:
            first = 1.0 if before is None else _first_step(f, before, float(g @ p))
            step = along(oracle, x, p, first)
            new = None if step is None else x + step * p
        if new is None:
            return "tolerance" if small else "stalled"
        length = float(np.abs(new - x).sum())
        before, f, x, g = f, oracle.f(new), new, oracle.g(new)
        oracle.reach(x)
        if f < DEEP:
            return "far"
    return "steps"


def _truncated(h: Floats, g: Floats) -> Floats:
    size = float(np.abs(g).sum())
    bound = min(0.5, math.sqrt(size)) * size
    p, r = np.zeros_like(g), g.copy()
    d = -r
    rho = float(r @ r)
    for i in range(20 * g.size):
        if float(np.abs(r).sum()) <= bound:
            break
        hd = h @ d
        bend = float(d @ hd)
        if bend <= 3 * 2.2e-16 * float(d @ d):
            return p if i else rho / -bend * d if bend < 0 else -g
        a = rho / bend
        p = p + a * d
        r = r + a * hd
        new = float(r @ r)
        d = -r + new / rho * d
        rho = new
    return p if p.any() else -g


def trust_region(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """The exact minimum of g.p + p.H p / 2 over |p| <= radius; radius 1 at first, a quarter after bad steps, doubled
    after good ones at the border; steps taken when f falls by 0.15 of what was predicted.

    Moré and Sorensen, SIAM J. Sci. Stat. Comput. 4 (1983), 553; radii as Nocedal and Wright (2006), algorithm 4.1.
    """
    radius = 1.0
    if not math.isfinite(oracle.f(x)):
        return "non-finite"
    for _ in range(settings.steps):
        f, g = oracle.f(x), oracle.g(x)
        if not np.isfinite(g).all():
            return "non-finite"
        if float(np.abs(projected(oracle, x, g)).max()) <= settings.tolerance:
            return "tolerance"
        h = oracle.h(x)
        if not np.isfinite(h).all():
            return "non-finite"
        p = within(h, g, radius)
        new = oracle.clip(x + p)
        p = new - x
        predicted = -float(g @ p + p @ h @ p / 2)
        there = oracle.f(new) if p.any() else f
        gain = (f - there) / predicted if predicted > 0 and math.isfinite(there) else -1.0
        if not gain >= 0.25:
            radius /= 4
        elif gain > 0.75 and float(np.linalg.norm(p)) >= 0.99 * radius:
            radius = min(2 * radius, 1000.0)
        if gain > 0.15:
            x = new
            oracle.reach(x)
            if there < DEEP:
                return "far"
        elif radius < 1e-15 * (1 + float(np.abs(x).max())):
            return "stalled"
        else:
            # f is remembered for the last point only.
            oracle.remember(x, f)
    return "steps"


def within(h: Floats, g: Floats, radius: float) -> Floats:
    """The minimum of g.p + p.h p / 2 over |p| <= radius, from the eigenvectors of h, the hard case included."""
    values, vectors = np.linalg.eigh(h)
    part = vectors.T @ g
    least = float(values[0])
    if least > 0:
        p = -part / values
        if float(np.linalg.norm(p)) <= radius:
            return np.asarray(vectors @ p, dtype=float)
    low = max(0.0, -least)
    size = max(float(np.abs(values).max()), 1e-300)
    flat = values - least <= 1e-12 * size
    if least <= 0 and float(np.abs(part[flat]).max()) <= 1e-12 * float(np.linalg.norm(part)):
        p = np.where(flat, 0.0, -part / np.where(flat, 1.0, values - least))
        short = radius**2 - float(p @ p)
        if short >= 0:  # along the least eigenvector to the border
            p[0] += math.sqrt(short)
            return np.asarray(vectors @ p, dtype=float)
    high = low + float(np.linalg.norm(part)) / radius + size * 1e-15
    shift = low + 1e-3 * (high - low)
    for _ in range(200):
        p = -part / (values + shift)
        norm = float(np.linalg.norm(p))
        if abs(norm - radius) <= 1e-10 * radius:
            break
        low, high = (shift, high) if norm > radius else (low, shift)
        turn = float(np.sum(part**2 / (values + shift) ** 3))
        step = shift + (norm / radius - 1) * norm**2 / turn
        shift = step if low < step < high else (low + high) / 2
    return np.asarray(vectors @ p, dtype=float)


def levenberg_marquardt(oracle: Oracle, x: Floats, settings: Settings) -> Reason:
    """p from (J.J + damping D) p = -J.r, D the diagonal of J.J; damping 1e-3 at first, a tenth after a fall, tenfold
    after a rise. For f = r.r; one f, and with each step taken one gradient (of all r), is counted.

    Levenberg (1944), Marquardt (1963).
    """
    damping = 1e-3
    for _ in range(settings.steps):
        f, g = oracle.f(x), oracle.g(x)
        if not np.isfinite(g).all() or not math.isfinite(f):
            return "non-finite"
        if float(np.abs(projected(oracle, x, g)).max()) <= settings.tolerance:
            return "tolerance"
        r, j = oracle.problem.residuals(x)
        square = j.T @ j
        scale = np.diag(square).copy()
        scale[scale <= 0] = 1.0
        for _ in range(60):
            try:
                p = -np.linalg.solve(square + damping * np.diag(scale), j.T @ r)
            except np.linalg.LinAlgError:
                damping *= 10
                continue
            new = oracle.clip(x + p)
            if np.array_equal(new, x):
                return "stalled"
            if oracle.f(new) < f:
                damping = max(damping / 10, 1e-15)
                break
            damping *= 10
        else:
            return "stalled"
        x = new
        oracle.reach(x)
    return "steps"
