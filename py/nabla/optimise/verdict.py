"""What a run has come to, judged by the function's derivatives there and along the way, never by a flag of the method.

A minimum is certified: Newton's iteration from the end must settle within a thousandth of it, at a point where the
gradient vanishes, and the Hessian there decides what kind of point it is (Sylvester's law of inertia, after scaling).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nabla.optimise.first_order import Settings
from nabla.optimise.methods import Method, MethodRun, run
from nabla.optimise.problem import Floats, Problem

# All verdicts, in words.
VERDICTS: dict[str, str] = {
    "minimum": "a minimum: the gradient vanishes and the function rises in every direction",
    "saddle": "a saddle: the gradient vanishes, but the function falls in some directions",
    "maximum": "a maximum: the gradient vanishes and the function falls in every direction",
    "flat": "flat ground: the gradient is as small as asked, but no stationary point is near, or nothing changes here",
    "not-stationary": "not a stationary point: the method gave up where the gradient does not vanish",
    "diverging": "diverging: the steps grow without end",
    "cycling": "cycling: the iterates go round and round and come no nearer",
    "left-domain": "outside the domain: the function has no value there",
    "out-of-steps": "out of steps: it was still on its way",
    "unbounded": "unbounded below: the function falls without end on this way",
}  # fmt: skip
REACH = 1e-3  # how far from the end the certified point may be, relative to 1 + |x|
NULL = 1e-9  # eigenvalues of the scaled Hessian below this count as zero
PROBES = (1e-3, 1e-2, 1e-1)
WINDOW = 200
Mask = NDArray[np.bool_]
TRIED = 300  # steps after which a rate is said to hold


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and its evidence.

    Attributes:
        gradient: the largest component of the gradient at the end.
        eigenvalues: of the Hessian at the certified point, or at the end.
        point: the certified stationary point, when there is one.
        corner: whether the function seems to have a corner there: it falls in no direction though the gradient stays.
    """

    verdict: str
    f: float
    gradient: float
    eigenvalues: Floats
    point: Floats | None = None
    corner: bool = False


def judge(problem: Problem, done: MethodRun) -> Judgement:
    """The verdict on a run."""
    with np.errstate(all="ignore"):
        return _judged(problem, done)


def _judged(problem: Problem, done: MethodRun) -> Judgement:
    x, f = done.x, problem.value(done.x)
    g, h = problem.gradient(x), problem.hessian(x)
    free = _free(problem, x, g)
    size = float(np.abs(g[free]).max(initial=0.0)) if np.isfinite(g[free]).all() else math.nan
    eigenvalues = np.linalg.eigvalsh(h) if np.isfinite(h).all() else np.full(x.size, np.nan)

    def told(verdict: str, **more: object) -> Judgement:
        return replace(Judgement(verdict, f, size, eigenvalues), **more)  # type: ignore[arg-type]

    if done.reason == "non-finite" and math.isfinite(f) and math.isnan(size) and _near(done):
        return told("not-stationary", corner=_rises_around(problem, x, f))  # a corner: f is there, its gradient is not
    if done.reason in ("far", "non-finite") or not math.isfinite(f):
        return told(_lost(problem, done))
    if np.isnan(np.asarray(problem.on_grid(list(done.xs.T))[0])).any():
        return told("left-domain")  # it went through ground where f has no value, which gradients alone do not show
    if done.reason == "steps" and not size <= done.settings.tolerance:
        if _falls_for_ever(problem, done):
            return told("unbounded")
        return told("cycling" if _cycles(done) else "out-of-steps")
    point = settle(problem, x, free) if free.any() else x
    if point is not None:
        kind, values = classify(problem, point, free, problem.value(done.xs[0]) - f)
        return told(kind, point=point, eigenvalues=values)
    if _falls_for_ever(problem, done):
        return told("unbounded")
    if size <= done.settings.tolerance:
        return told("flat")
    return told("not-stationary", corner=_rises_around(problem, x, f))


def _near(done: MethodRun) -> bool:
    """Whether a run has stayed near its start."""
    return bool(np.abs(done.x - done.xs[0]).max() < 1e5 * (1 + np.abs(done.xs[0]).max()))


def _free(problem: Problem, x: Floats, g: Floats) -> Mask:
    """The variables that no bound holds, as a mask."""
    if problem.lower is None or problem.upper is None:
        return np.ones(x.size, dtype=bool)
    held: Mask = ((x <= problem.lower) & (g > 0)) | ((x >= problem.upper) & (g < 0))
    return ~held


def settle(problem: Problem, x: Floats, free: Mask | None = None) -> Floats | None:
    """The stationary point to which Newton's iteration from x settles within reach, or None."""
    inside = np.ones(x.size, dtype=bool) if free is None else free
    bound = REACH * (1 + np.abs(x).max())
    y, first = x, math.inf
    for k in range(12):
        g, h = problem.gradient(y)[inside], problem.hessian(y)[np.ix_(inside, inside)]
        if not (np.isfinite(g).all() and np.isfinite(h).all()):
            return None
        size = float(np.abs(g).max())
        first = size if not k else first
        if size == 0:
            return y
        step = np.zeros_like(x)
        scale = _scale(h)
        step[inside] = np.linalg.lstsq(h / np.outer(scale, scale), g / scale, rcond=1e-12)[0] / scale
        if not np.isfinite(step).all() or float(np.abs(y - step - x).max()) > bound:
            return None
        if float(np.abs(h @ step[inside] - g).max()) > 0.5 * size:
            return None  # the gradient stands where the Hessian knows no curvature
        y = y - step
        if float(np.abs(step).max()) <= 1e-9 * (1 + float(np.abs(y).max())):
            break
    size = float(np.abs(problem.gradient(y)[inside]).max())
    rounding = 1e-9 * float(np.abs(h).max()) * (1 + float(np.abs(y).max()))
    return y if size <= max(1e-3 * first, rounding) else None


def _scale(h: Floats) -> Floats:
    rows = np.sqrt(np.abs(h).max(axis=1))
    return np.where(rows > 0, rows, 1.0)


def classify(problem: Problem, x: Floats, free: Mask | None = None, fall: float = 0.0) -> tuple[str, Floats]:
    """What kind of stationary point x is, and the eigenvalues of the Hessian there.

    Where eigenvalues vanish the function itself is asked, along their directions; `fall` is how far f has come down,
    of which 1e-15 counts as rounding.
    """
    inside = np.ones(x.size, dtype=bool) if free is None else free
    whole = problem.hessian(x)
    eigenvalues: Floats = np.full(x.size, np.nan)
    if np.isfinite(whole).all():
        eigenvalues = np.linalg.eigvalsh(whole).astype(float)
    if not inside.any():
        return "minimum", eigenvalues
    h = whole[np.ix_(inside, inside)]
    if not np.isfinite(h).all():
        return "not-stationary", eigenvalues
    scale = _scale(h)
    values, vectors = np.linalg.eigh(h / np.outer(scale, scale))
    null = NULL + 4e-16 * float(np.abs(h).max()) / float(scale.min()) ** 2  # what rounding leaves of them
    up, down = bool((values > null).any()), bool((values < -null).any())
    if up and down:
        return "saddle", eigenvalues
    level = problem.value(x)
    noise = 1e-13 * abs(level) + 1e-15 * abs(fall)
    flat = False
    for i in np.flatnonzero(np.abs(values) <= null):
        v = np.zeros_like(x)
        v[inside] = vectors[:, i] / scale
        v /= float(np.abs(v).max())
        changes = [problem.value(x + s * h_ * v) - level for s in (1, -1) for h_ in PROBES]
        rises, falls = any(c > noise for c in changes), any(c < -noise for c in changes)
        up, down, flat = up or rises, down or falls, flat or not (rises or falls)
    kind = "flat" if flat else "saddle" if up and down else "minimum" if up else "maximum"
    if kind in ("minimum", "maximum") and not _confirmed(
        problem, x, inside, vectors / scale[:, None], level, noise, up
    ):
        kind = "saddle"
    return kind, eigenvalues


def _confirmed(
    problem: Problem, x: Floats, inside: Mask, directions: Floats, level: float, noise: float, up: bool
) -> bool:
    """Whether f itself rises (falls, at a maximum) along every eigenvector, at the first distance where it moves: a
    vanishing curvature comes out with either sign when x is not exact to the last digit.
    """
    reach = 1 + float(np.abs(x).max())
    for column in directions.T:
        for sign in (1, -1):
            v = np.zeros_like(x)
            v[inside] = sign * column / float(np.abs(column).max())
            for h in (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3):
                change = problem.value(x + h * reach * v) - level
                if abs(change) > 1e-300 + 10 * noise + 1e-15 * abs(level):
                    if (change > 0) != up:
                        return False
                    break
    return True


def _lost(problem: Problem, done: MethodRun) -> str:
    """Why a run ended at no finite value, or far away: it diverged, f is unbounded below, or it left the domain."""
    xs = done.xs[-40:]
    values = np.array([problem.value(x) for x in xs])
    known = np.isfinite(values)
    first = problem.value(done.xs[0])
    size = float(np.abs(done.x).max())
    grown = not size < 1e5 * (1 + float(np.abs(done.xs[0]).max()))
    if not known.any():
        return "diverging" if grown else "left-domain"
    last = float(values[known][-1])
    if last < min(first, 0) - 1e6 * (1 + abs(first)):
        return "unbounded"
    rising = last > 1e6 * (1 + abs(first)) or values[-1] == math.inf
    return "diverging" if grown or rising else "left-domain"


def _falls_for_ever(problem: Problem, done: MethodRun) -> bool:
    """Whether f keeps falling far out along the last step, or along the whole way."""
    x, f = done.x, problem.value(done.x)
    back = done.xs[max(0, len(done.xs) - 20)]
    d = x - back
    if not d.any():
        d = -problem.gradient(x)
    size = float(np.abs(d).max())
    if not size or not math.isfinite(size):
        return False
    values = [f, *(problem.value(x + 10.0**k * d / size) for k in range(1, 9))]
    falling = all(math.isfinite(b) and b < a for a, b in itertools.pairwise(values))
    return falling and values[-1] < f - 1e4 * (1 + abs(f))


def _cycles(done: MethodRun) -> bool:
    window = min(WINDOW, len(done.xs) // 4)
    if window < 5:
        return False
    late, early = done.xs[-window:], done.xs[-2 * window : -window]
    spreads = [float(np.abs(part - part.mean(axis=0)).max()) for part in (late, early)]
    drift = float(np.abs(late.mean(axis=0) - early.mean(axis=0)).max())
    return bool(spreads[1] > 0 and 0.5 < spreads[0] / spreads[1] < 2 and drift < 0.25 * max(spreads))


def _rises_around(problem: Problem, x: Floats, f: float) -> bool:
    """Whether f is higher than at x in 32 directions at three distances: there is a corner then, not a slope."""
    rng = np.random.default_rng(0)
    directions = rng.normal(size=(32, x.size))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    reach = 1 + float(np.abs(x).max())
    return all(problem.value(x + h * reach * d) >= f for h in (1e-6, 1e-4, 1e-2) for d in directions)


def largest_rate(problem: Problem, method: Method, start: Floats, settings: Settings) -> float | None:
    """The largest rate with which the method does not diverge within 300 steps, to 0.1 %, by trying; None if not found.

    Neither 2 / lambda at the start nor at the minimum is this limit: what counts is the curvature on the way.
    """

    def holds(rate: float) -> bool:
        done = run(problem, method, start, replace(settings, rate=rate, steps=TRIED))
        return done.reason in ("tolerance", "steps") and problem.value(done.x) <= problem.value(start)

    low = high = settings.rate
    for _ in range(60):
        if holds(low):
            break
        low, high = low / 2, low
    else:
        return None
    if low == high:
        return low
    while high / low > 1.001:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def stability_map(
    problem: Problem, start: Floats, rates: Floats, momenta: Floats, steps: int, tolerance: float
) -> Floats:
    """log10 of the gradient's largest component after so many steps of the heavy ball, shape (momenta, rates); NaN
    where it diverged.
    """
    shape = (momenta.size, rates.size)
    x = [np.full(shape, v) for v in start]
    v = [np.zeros(shape) for _ in start]
    done = np.full(shape, np.nan)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            g = [np.broadcast_to(part, shape) for part in problem.on_grid(x, "g")]
            size = np.maximum.reduce([np.abs(part) for part in g])
            done = np.where(np.isnan(done) & (size <= tolerance), tolerance, done)
            for i, part in enumerate(g):
                v[i] = momenta[:, None] * v[i] + part
                x[i] = x[i] - rates[None, :] * v[i]
        g = problem.on_grid(x, "g")
        size = np.maximum.reduce([np.abs(np.broadcast_to(part, shape)) for part in g])
        size = np.where(np.isnan(done), size, tolerance)
        first = max(float(np.abs(problem.gradient(start)).max()), tolerance)
        size = np.where(np.isfinite(size) & (size < 1e3 * first), size, np.nan)
        return np.log10(np.maximum(size, tolerance))
