"""A curve of any form by least squares: linear parameters solved, the others from a search and Levenberg's method.

Variable projection on the way (G. Golub and V. Pereyra, SIAM J. Numer. Anal. 10, 1973, 413): for given nonlinear
parameters the linear ones are those of a linear fit, so that only the nonlinear ones are searched. The best starts are
refined in all parameters together (D. Marquardt, J. SIAM 11, 1963, 431).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import log, prod

import numpy as np

from nabla.sinusoid.chance import student
from nabla.sinusoid.refine import inverse, solve
from nabla.sinusoid.times import Floats

GRID = 3000  # starts tried at most
RANKED = 500  # rows on which starts are compared
REFINED = 8  # of the best starts
STEPS = 300
SETTLED = 1e-13  # of the sum of squares: a smaller fall ends the steps
LARGE = 1e140  # columns of larger numbers are scaled before they are squared
FAR = 20  # times its range lies x from 0, where a formula's linear parameters change by powers with the others
ROUNDED = 1e-20  # of the sum of the squared values: what is left is rounding
SAME = 1e-6  # relative difference of sums of squares below which two starts have led to the same minimum


_Start = tuple[tuple[float, Floats], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Curve:
    """A model: `value(x, p)` (n,) and `jacobian(x, p)` (n, m) for parameters p (m,), linear in those at `linear`."""

    names: tuple[str, ...]
    value: Callable[[Floats, Floats], Floats]
    jacobian: Callable[[Floats, Floats], Floats]
    linear: tuple[int, ...]

    @property
    def nonlinear(self) -> tuple[int, ...]:
        """The places of the other parameters."""
        return tuple(i for i in range(len(self.names)) if i not in self.linear)


@dataclass(frozen=True, slots=True)
class CurveFit:
    """The least-squares fit of a curve to n samples.

    `parameters` (m,), their `covariance` (m, m), the `residual` (n,), its sum of squares `rss`; `remaining` is the
    length of one more Gauss-Newton step in standard errors; `starts` how many starts were refined, and `agreeing` how
    many of them led to this minimum.
    """

    parameters: Floats
    covariance: Floats
    residual: Floats
    rss: float
    freedom: int
    remaining: float
    starts: int
    agreeing: int

    @property
    def se(self) -> Floats:
        """The standard errors, shape (m,)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    @property
    def correlation(self) -> Floats:
        """The correlations of the parameters, shape (m, m)."""
        se = np.where(self.se > 0, self.se, 1.0)
        return np.asarray(self.covariance / np.outer(se, se), dtype=np.float64)

    @property
    def sigma(self) -> float:
        """The standard deviation of the noise."""
        return float(np.sqrt(self.rss / max(self.freedom, 1)))

    @property
    def t95(self) -> float:
        """How many standard errors to either side make a 95 % interval."""
        return student(0.95, max(self.freedom, 1))

    def band(self, jacobian: Floats) -> Floats:
        """The standard error of the curve where its derivatives by the parameters are `jacobian`, shape (k, m)."""
        variance = np.einsum("ij,jk,ik->i", jacobian, self.covariance, jacobian)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)), dtype=np.float64)


def bic(rss: float, n: int, parameters: int) -> float:
    """The Bayesian information criterion, up to a constant that all models of the same data share."""
    return n * log(max(rss, 1e-300) / n) + (parameters + 1) * log(n)


def aicc(rss: float, n: int, parameters: int) -> float:
    """Akaike's criterion for small samples (C. Hurvich and C.-L. Tsai, Biometrika 76, 1989, 297)."""
    m = parameters + 1
    small = 2 * m * (m + 1) / (n - m - 1) if n > m + 1 else np.inf
    return n * log(max(rss, 1e-300) / n) + 2 * m + small


def weighed(curve: Curve, weights: Floats) -> Curve:
    """The curve with each sample and its slopes times its weight; `weights` (n,) belong to the x that is given."""
    return Curve(
        curve.names,
        lambda x, p: curve.value(x, p) * weights,
        lambda x, p: curve.jacobian(x, p) * weights[:, None],
        curve.linear,
    )


def fit_curve(
    curve: Curve,
    x: Floats,
    y: Floats,
    ranges: Sequence[Floats],
    seed: int = 0,
    refined: int = REFINED,
    weights: Floats | None = None,
) -> CurveFit:
    """Fit a curve to y, shape (n,), at x.

    Args:
        curve: the model.
        x: where the samples were taken, shape (n,).
        y: the samples.
        ranges: for each nonlinear parameter the values from which starts are made; all of their combinations, or a
            sample of these where there are too many.
        seed: of that sample.
        refined: how many of the best starts are refined.
        weights: by which residuals are multiplied before they are squared, shape (n,); the residual and the sum of
            squares of the result have them.

    Raises:
        ValueError: when the curve has no finite value at any start.
    """
    starts = _starts(ranges, seed)
    stride = max(1, x.size // RANKED)
    rough = curve
    y_rough = y[::stride]
    if weights is not None:
        rough, y_rough = weighed(curve, weights[::stride]), y_rough * weights[::stride]
        curve, y = weighed(curve, weights), y * weights
    tried = [(_projected(rough, x[::stride], y_rough, start), start) for start in starts]
    good = sorted((item for item in tried if np.isfinite(item[0][0])), key=lambda item: item[0][0])
    if not good:
        raise ValueError("the curve has no value at the samples for any parameters tried")
    ends: list[tuple[float, Floats]] = []
    for (_, p), _ in _apart(good, refined):
        ends.append(_descended(curve, x, y, p))
    best = min(ends, key=lambda end: end[0])
    rounding = ROUNDED * float(y @ y)
    agreeing = sum(rss <= best[0] * (1 + SAME) + rounding for rss, _ in ends)
    return _described(curve, x, y, best[1], len(ends), agreeing)


def descended(curve: Curve, x: Floats, y: Floats, start: Floats) -> tuple[float, Floats] | None:
    """The sum of squares and parameters that Levenberg's steps reach from `start`; None when no step can be taken."""
    with np.errstate(all="ignore"):
        slope = curve.jacobian(x, start)
        at = curve.value(x, start)
    if not (np.isfinite(slope).all() and np.isfinite(at).all()):
        return None
    return _descended(curve, x, y, start)


def upright(curve: Curve, x: Floats, y: Floats, found: CurveFit) -> CurveFit:
    """The same curve with positive amplitudes, rates and widths and with phases within half a turn, where it has such.

    -A sin(wx + p) is A sin(wx + p + pi): of parameters that give the same values at x those are taken that people
    would write.
    """
    p = found.parameters.copy()
    value = curve.value(x, p)
    tolerance = 1e-9 * (1 + float(np.abs(value).max()))

    def same(other: Floats) -> bool:
        return bool(np.allclose(curve.value(x, other), value, rtol=0, atol=tolerance))

    for width in (i for i in curve.nonlinear if p[i] < 0):
        turned = p.copy()
        turned[width] *= -1
        p = turned if same(turned) else p
    p = _shifted(curve, p, same)
    for phase in curve.nonlinear:
        turned = p.copy()
        turned[phase] += 2 * np.pi
        if not same(turned):
            continue
        for rate in (i for i in curve.nonlinear if i != phase and p[i] < 0):
            for sign in (1.0, -1.0):
                mirrored = p.copy()
                mirrored[[rate, phase]] *= -1
                mirrored[list(curve.linear[:1])] *= sign
                p = mirrored if same(mirrored) else p
        for size in (i for i in curve.linear if p[i] < 0):
            turned = p.copy()
            turned[size], turned[phase] = -turned[size], turned[phase] + np.pi
            p = turned if same(turned) else p
        p[phase] = np.pi - (np.pi - p[phase]) % (2 * np.pi)
    return _described(curve, x, y, p, found.starts, found.agreeing)


def _shifted(curve: Curve, p: Floats, same: Callable[[Floats], bool]) -> Floats:
    """A sin(w (x - s)) with A above 0, half a period farther where it was below."""
    for size, place, w in product(curve.linear, curve.nonlinear, curve.nonlinear):
        if p[size] < 0 and place != w and p[w]:
            turned = p.copy()
            turned[size], turned[place] = -p[size], p[place] - np.pi / p[w]
            if same(turned):
                return turned
    return p


def _starts(ranges: Sequence[Floats], seed: int) -> list[tuple[float, ...]]:
    if prod(len(values) for values in ranges) <= GRID:
        return [tuple(map(float, point)) for point in product(*ranges)]
    rng = np.random.default_rng(seed)
    return [tuple(float(rng.choice(values)) for values in ranges) for _ in range(GRID)]


def _apart(
    good: Sequence[tuple[tuple[float, Floats], tuple[float, ...]]], most: int
) -> list[tuple[tuple[float, Floats], tuple[float, ...]]]:
    """The best starts, no two with the same sum of squares."""
    chosen: list[_Start] = []
    for item in good:
        if all(abs(item[0][0] - other[0][0]) > SAME * other[0][0] for other in chosen):
            chosen.append(item)
        if len(chosen) == most:
            break
    return chosen


def _projected(curve: Curve, x: Floats, y: Floats, start: Sequence[float]) -> tuple[float, Floats]:
    """The sum of squares with the best linear parameters, and all parameters."""
    p = np.zeros(len(curve.names))
    p[list(curve.nonlinear)] = start
    with np.errstate(all="ignore"):
        base = curve.value(x, p)
        if not np.isfinite(base).all():
            return np.inf, p
        if curve.linear:
            columns = curve.jacobian(x, p)[:, list(curve.linear)]
            if not np.isfinite(columns).all():
                return np.inf, p
            p[list(curve.linear)] = np.linalg.lstsq(columns, y - base, rcond=None)[0]
        left = y - curve.value(x, p)
    rss = float(left @ left)
    return (rss if np.isfinite(rss) else np.inf), p


def _descended(curve: Curve, x: Floats, y: Floats, p: Floats) -> tuple[float, Floats]:
    """The minimum that Levenberg's steps reach from p."""
    damping = 1e-3
    with np.errstate(all="ignore"):
        left = y - curve.value(x, p)
        rss = float(left @ left)
        for _ in range(STEPS):
            jacobian = curve.jacobian(x, p)
            if not np.isfinite(jacobian).all():
                break
            columns, sizes = _evened(jacobian)
            step = solve(columns.T @ columns, columns.T @ left, damping) / sizes
            # With the linear parameters solved anew a step may be long: a of a exp(b x) follows b at x = 2000.
            fallen, there = min(_stepped(curve, x, y, p + step), key=lambda found: found[0])
            if fallen < rss:
                settled = rss - fallen <= SETTLED * rss
                p, left, rss, damping = there, y - curve.value(x, there), fallen, damping / 10
                if settled and damping < 1e-3:
                    break
            else:
                damping = max(10 * damping, 1e-12)
                if not np.isfinite(damping) or damping > 1e12:
                    break
    return rss, p


def _stepped(curve: Curve, x: Floats, y: Floats, p: Floats) -> list[tuple[float, Floats]]:
    """The sum of squares at p and, where x lies far from 0, at p with its linear parameters solved; each with them."""
    left = y - curve.value(x, p)
    rss = float(left @ left)
    found = [(rss if np.isfinite(rss) else np.inf, p)]
    far = abs(float(x.mean())) > FAR * float(np.ptp(x))
    return [*found, _projected(curve, x, y, [*p[list(curve.nonlinear)]])] if far and curve.linear else found


def _evened(jacobian: Floats) -> tuple[Floats, Floats]:
    """A Jacobian, shape (n, m), by whose squares nothing overflows, and by what its columns were divided, shape (m,).

    exp(b x) at x = 2000 is 1e182 for b = 0.21.
    """
    sizes = np.abs(jacobian).max(axis=0, initial=0.0)
    sizes = np.where(sizes > LARGE, sizes, 1.0)
    return jacobian / sizes, sizes


def _described(curve: Curve, x: Floats, y: Floats, p: Floats, starts: int, agreeing: int) -> CurveFit:
    left = y - curve.value(x, p)
    rss = float(left @ left)
    freedom = max(y.size - p.size, 0)
    columns, sizes = _evened(curve.jacobian(x, p))
    gram = columns.T @ columns
    covariance = inverse(gram) * rss / max(freedom, 1) / sizes / sizes[:, None]
    step = solve(gram, columns.T @ left) / sizes
    se = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    lengths = np.abs(step) / np.where(se > 0, se, np.inf)
    return CurveFit(p, covariance, left, rss, freedom, float(lengths.max(initial=0.0)), starts, agreeing)
