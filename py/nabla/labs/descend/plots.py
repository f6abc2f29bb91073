"""The race as pictures: paths on contours, loss and gradient against evaluations, the map of rate and momentum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nabla.answer.document import Plot, quoted
from nabla.answer.marks import Axis, Contour, Dots, Handle, Line, Mark, Path, Raster, Timeline
from nabla.optimise.gallery import TestProblem
from nabla.optimise.methods import MethodRun
from nabla.optimise.problem import Floats, Problem
from nabla.optimise.verdict import Judgement, stability_map

GRID = 56
POINTS = 140  # of a path or curve
LEVELS = 14
RATES, MOMENTA, TRIES = 36, 20, 250
FLOOR = 1e-20  # of what is drawn on a logarithmic axis


def thinned(run: MethodRun) -> np.ndarray:
    """Places of the iterates that are drawn: all of a short run, of a long one more where it begins."""
    count = len(run.xs)
    if count <= POINTS:
        return np.arange(count)
    return np.unique(np.concatenate([[0], np.geomspace(1, count - 1, POINTS - 1).round()]).astype(int))


def timeline(runs: Sequence[MethodRun]) -> Timeline:
    """The evaluations, one control for all plots of the race."""
    end = max(max(float(run.when[-1]) for run in runs), 2.0)
    return Timeline("race", "Evaluations", 1.0, end, scale="log" if end > 300 else "linear")


def short(values: Floats, digits: int = 7) -> Floats:
    """The values to so many digits: a picture needs no more, and the document stays small."""
    return np.array([float(f"{v:.{digits}g}") for v in np.ravel(values)]).reshape(np.shape(values))


def plane(
    problem: Problem,
    start: Floats,
    runs: Sequence[MethodRun],
    judged: Sequence[Judgement],
    axes: tuple[int, int],
    best: Floats,
    example: TestProblem | None,
) -> list[Plot]:
    """Contours of f in two variables, the others at `best`, with the paths; for one variable its curve."""
    if problem.n == 1:
        return [_curve(problem, start, runs, best)]
    i, j = axes
    low, high = _window(start, runs, judged, axes, best, example)
    xs, ys = np.linspace(low[0], high[0], GRID), np.linspace(low[1], high[1], GRID)
    values: list[np.ndarray] = [np.full((GRID, GRID), v) for v in best]
    values[i], values[j] = np.meshgrid(xs, ys)
    z = np.broadcast_to(problem.on_grid(values)[0], (GRID, GRID)).astype(float)
    marks: list[Mark] = [Contour(short(xs), short(ys), short(z, 5), levels(z), label="f")]
    for color, run in enumerate(runs):
        places = thinned(run)
        x, y = run.xs[places, i], run.xs[places, j]
        wide = 2 * (high - low)
        inside = (x > low[0] - wide[0]) & (x < high[0] + wide[0]) & (y > low[1] - wide[1]) & (y < high[1] + wide[1])
        inside &= np.cumprod(inside).astype(bool)  # what has left the picture does not come back into it
        marks.append(Path(x[inside], y[inside], run.method.title, color, run.when[places][inside]))
    ends = [(run.x[i], run.x[j]) for run, j_ in zip(runs, judged, strict=True) if j_.point is not None]
    if ends:
        at: Floats = np.unique(np.round(np.array(ends, dtype=float), 9), axis=0).astype(float)
        marks.append(Dots(at[:, 0], at[:, 1], "stationary", 7))
    names = [v.name for v in problem.variables]
    parts = [f"{n}={{{'xy'[(i, j).index(k)]}}}" if k in (i, j) else f"{n}={float(start[k])!r}"
             for k, n in enumerate(names)]  # fmt: skip
    handle = Handle(float(start[i]), float(start[j]), "start", ",".join(parts), "start")
    rest = [f"{quoted(n)} = {best[k]:.4g}" for k, n in enumerate(names) if k not in (i, j)]
    where = f", in the slice where {', '.join(rest)}" if rest else ""
    summary = f"Level lines of f in {quoted(names[i])} and {quoted(names[j])}{where}, with the way of each method."
    if rest:
        summary += " The paths run outside of the slice too; their shadows on it are drawn."
    return [Plot(marks, summary, Axis(quoted(names[i]), domain=(float(low[0]), float(high[0]))),
                 Axis(quoted(names[j]), domain=(float(low[1]), float(high[1]))), title="The race",
                 handles=[handle], timeline=timeline(runs))]  # fmt: skip


def _window(start: Floats, runs: Sequence[MethodRun], judged: Sequence[Judgement], axes: tuple[int, int], best: Floats,
            example: TestProblem | None) -> tuple[Floats, Floats]:  # fmt: skip
    points = [start[list(axes)], best[list(axes)]]
    for run, judgement in zip(runs, judged, strict=True):
        if judgement.verdict not in ("diverging", "unbounded", "left-domain"):
            points += [x[list(axes)] for x in run.xs[thinned(run)]]
    cloud = np.array(points)
    cloud = cloud[np.isfinite(cloud).all(axis=1)]
    core = np.array([cloud[0], cloud[1]]) if len(cloud) > 1 else cloud
    reach = np.maximum(np.ptp(core, axis=0), 0.5 * (1 + np.abs(core).max(axis=0)))
    middle = core.mean(axis=0)
    near = cloud[(np.abs(cloud - middle) <= 2.5 * reach).all(axis=1)]
    low, high = near.min(axis=0), near.max(axis=0)
    margin = 0.12 * np.maximum(high - low, 1e-3 * (1 + np.abs(middle))) + 0.05 * reach
    low, high = low - margin, high + margin
    if example is not None and example.box is not None:
        low = np.minimum(low, [example.box[0], example.box[2]])
        high = np.maximum(high, [example.box[1], example.box[3]])
    return low, high


def levels(z: Floats) -> list[float]:
    """Levels that are denser near the lowest value, by equal shares of the area."""
    known = np.sort(z[np.isfinite(z)])
    if not known.size or known[0] == known[-1]:
        return []
    shares = np.linspace(0, 1, LEVELS + 1)[1:] ** 1.6
    return sorted({float(f"{np.quantile(known, min(s, 0.97)):.3g}") for s in shares})


def _curve(problem: Problem, start: Floats, runs: Sequence[MethodRun], best: Floats) -> Plot:
    ends = np.concatenate([start, best, *[run.xs[thinned(run), 0] for run in runs]])
    ends = ends[np.isfinite(ends) & (np.abs(ends - start[0]) <= 4 * (abs(best[0] - start[0]) + 1))]
    margin = 0.15 * (np.ptp(ends) or 1.0) + 0.2
    x = np.linspace(ends.min() - margin, ends.max() + margin, 241)
    y = np.broadcast_to(problem.on_grid([x])[0], x.shape).astype(float)
    marks: list[Mark] = [Line(short(x), short(y, 6), "f")]
    for color, run in enumerate(runs, 1):
        places = thinned(run)
        xs = run.xs[places, 0]
        inside = (xs >= x[0]) & (xs <= x[-1])
        ys = np.broadcast_to(problem.on_grid([xs])[0], xs.shape).astype(float)
        marks.append(Path(xs[inside], ys[inside], run.method.title, color, run.when[places][inside]))
    name = problem.variables[0].name
    known = y[np.isfinite(y)]
    domain = (float(known.min()), float(np.quantile(known, 0.98))) if known.size and np.ptp(known) else None
    handle = Handle(float(start[0]), problem.value(start), "start", f"{name}={{x}}", "start")
    return Plot(marks, f"f against {quoted(name)}, with the way of each method.", Axis(quoted(name)),
                Axis("f", domain=domain), title="The race", handles=[handle], timeline=timeline(runs))  # fmt: skip


def curves(problem: Problem, runs: Sequence[MethodRun], lowest: float) -> list[Plot]:
    """f above the lowest value found, and the gradient, against evaluations of f, gradient and Hessian together."""
    plots = []
    for title, label, what in (("Loss", "f above the lowest found", "f"), ("Gradient", "largest component", "g")):
        marks: list[Mark] = []
        for color, run in enumerate(runs):
            places = thinned(run)
            xs = run.xs[places]
            with np.errstate(all="ignore"):
                if what == "f":
                    y = np.broadcast_to(problem.on_grid(list(xs.T))[0], (len(xs),)) - lowest
                else:
                    parts = problem.on_grid(list(xs.T), "g")
                    y = np.max([np.abs(np.broadcast_to(p, (len(xs),))) for p in parts], axis=0)
            y = np.where(np.isfinite(y) & (y < 1e30), np.maximum(y, FLOOR), np.nan)
            cost = np.maximum(run.when[places], 1.0)  # the start costs nothing, and there is no 0 on the axis
            marks.append(Line(cost, short(y, 6), run.method.title, color, when=cost))
        summary = f"{label[0].upper() + label[1:]} of each method against what it has cost."
        axis = Axis("Evaluations of f, gradient and Hessian", scale="log")
        plots.append(Plot(marks, summary, axis, Axis(label, scale="log"), title=title, timeline=timeline(runs)))
    return plots


def rate_map(problem: Problem, start: Floats, rate: float, momentum: float, tolerance: float) -> Plot | None:
    """Where gradient descent with momentum converges: rate against momentum; None where it cannot be told."""
    middle = np.log10(rate)
    heavy = sum(v.size for v in problem.data.values()) > 40 or problem.n > 10
    rates = np.linspace(middle - 2, middle + 1.5, RATES // 2 if heavy else RATES)
    momenta = np.linspace(0, 0.98, MOMENTA // 2 if heavy else MOMENTA)
    tries = TRIES // 3 if heavy else TRIES
    z = stability_map(problem, start, 10**rates, momenta, tries, tolerance)
    if not np.isfinite(z).any():
        return None
    marks: list[Mark] = [
        Raster(short(rates), short(momenta), short(z, 3), label="log10 of the gradient"),
        Dots(np.array([middle]), np.array([min(momentum, 0.98)]), "yours", 1),
    ]
    best = np.unravel_index(np.nanargmin(z), z.shape)
    summary = (
        f"The gradient after {tries} steps of the heavy ball from this start, by rate and momentum (0 is gradient "
        f"descent); empty where it diverged. Smallest at rate {10 ** rates[best[1]]:.2g}, momentum "
        f"{momenta[best[0]]:.2g}."
    )
    return Plot(marks, summary, Axis("log10 of the rate"), Axis("momentum"), title="Rate and momentum")
