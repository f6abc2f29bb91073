"""The asker's own call as a picture: the function, the way of the search, bounds and constraints."""

from __future__ import annotations

import numpy as np

from nabla.answer.document import Plot, quoted
from nabla.answer.marks import Axis, Contour, Dots, Line, Mark, Path
from nabla.labs.descend.calls import Own
from nabla.labs.descend.constrained import bounds_of, constraints_of
from nabla.labs.descend.functions import ROOTS, SCALAR, Floats, Function, function_of
from nabla.labs.descend.given import variables
from nabla.labs.descend.plots import levels, short
from nabla.program.modules.scipy import SolverCall

GRID = 36  # places a side, at each of which the asker's function is called
LINE = 201


def picture(own: Own) -> Plot | None:
    """The call that the answer is about, in one variable or two; None for others."""
    call, end = own.told
    f = function_of(own.session, call)
    if f is None or call.x is None or not call.points:
        return None
    try:
        x = np.atleast_1d(np.asarray(call.x, dtype=np.float64)).ravel()
        points = np.array([np.atleast_1d(p).ravel() for p in call.points], dtype=np.float64)
    except (TypeError, ValueError):
        return None
    value = f(x)
    if not np.isfinite(x).all() or value is None or points.shape[1:] != x.shape:
        return None
    if x.size == 1 and value.size == 1:
        return _curve(own, call, f, x, points)
    if x.size != 2 or value.size != 1 or call.function in ROOTS:
        return None
    gone = np.abs(x).max() > 1e6 * (1 + np.abs(points[0]).max())  # a search that went off is shown where it began
    return _plane(own, call, f, points[0] if gone else x, points, end.better)


def _window(points: Floats, x: Floats, low: Floats, high: Floats, needed: int = 1) -> tuple[Floats, Floats]:
    """What is shown: the first `needed` points, the end, points on the way that are not far off, near bounds."""
    known = points[np.isfinite(points).all(axis=1)]
    core = np.vstack([known[:needed], x])
    reach = np.maximum(np.ptp(core, axis=0), 0.3 * (1 + np.abs(x)))
    near = np.vstack([core, known[(np.abs(known - x) <= 2 * reach).all(axis=1)]])
    for side in (low, high):
        close = np.isfinite(side) & (np.abs(side - x) <= 2 * reach)
        near = np.vstack([near, np.where(close, side, x)])
    margin = 0.15 * np.maximum(np.ptp(near, axis=0), 0.3 * reach)
    return near.min(axis=0) - margin, near.max(axis=0) + margin


def _grid(f: Function, xs: Floats, ys: Floats) -> list[Floats]:
    """Each value of the function on a grid; nan where it has none."""
    rows = [[f(np.array([a, b])) for a in xs] for b in ys]
    size = max((v.size for row in rows for v in row if v is not None), default=1)
    nothing = np.full(size, np.nan)
    table = np.array([[v if v is not None and v.size == size else nothing for v in row] for row in rows])
    return [np.where(np.isfinite(table[:, :, k]), table[:, :, k], np.nan) for k in range(size)]


def _lowered(f: Function, points: Floats, x: Floats) -> Floats:
    """The points at which the search came lower than before, and where it ended."""
    way, best = [points[0]], np.inf
    for point in points[:200]:
        value = f(point)
        if value is not None and np.isfinite(value[0]) and value[0] < best:
            best = float(value[0])
            way.append(point)
    return np.array([*way, x])


def _plane(own: Own, call: SolverCall, f: Function, x: Floats, points: Floats, better: Floats | None) -> Plot:
    low, high = bounds_of(call, 2)
    wanted = points if better is None else np.vstack([points[:1], better, points[1:]])
    first, last = _window(wanted, x, low, high, 1 if better is None else 2)
    xs, ys = np.linspace(first[0], last[0], GRID), np.linspace(first[1], last[1], GRID)
    (z,) = _grid(f, xs, ys)[:1]
    marks: list[Mark] = [Contour(short(xs), short(ys), short(z, 5), levels(z), label="f")]
    constraints = list(constraints_of(own.session, call))
    for k, (kind, h) in enumerate(constraints, 1):
        for values in _grid(h, xs, ys):
            label = f"constraint {k} = 0" if kind == "eq" else f"constraint {k}: not negative on one side"
            marks.append(Contour(short(xs), short(ys), short(values, 5), [0.0], label=label))
    marks += _box(low, high, first, last)
    way = _lowered(f, points, x)
    way = way[((way >= first - 2 * (last - first)) & (way <= last + 2 * (last - first))).all(axis=1)]
    marks.append(Path(way[:, 0], way[:, 1], call.method or call.function, 0, np.arange(len(way), dtype=float)))
    marks.append(Dots(x[:1], x[1:], "where it ends", 7))
    marks += [Dots(better[:1], better[1:], "lower", 2)] if better is not None else []
    names = [quoted(name) for name in variables(own.session, call, 2)]
    held = " The lines of its constraints, where they are 0, are drawn." if constraints else ""
    inside = " The dashed lines are its bounds." if _box(low, high, first, last) else ""
    summary = f"Level lines of the function with the way of `{call.function}` from its start to its end.{held}{inside}"
    return Plot(marks, summary, Axis(names[0], domain=(float(first[0]), float(last[0]))),
                Axis(names[1], domain=(float(first[1]), float(last[1]))), title="The way of the call")  # fmt: skip


def _box(low: Floats, high: Floats, first: Floats, last: Floats) -> list[Mark]:
    """The bounds, as far as they are in the picture."""
    made: list[Mark] = []
    for i in (0, 1):
        for side in (low[i], high[i]):
            if first[i] < side < last[i]:
                across = np.array([first[1 - i], last[1 - i]])
                along = np.array([side, side])
                made.append(Line(along if i == 0 else across, across if i == 0 else along, "bound", 6, dash=True))
    return made


def _curve(own: Own, call: SolverCall, f: Function, x: Floats, points: Floats) -> Plot:
    low, high = bounds_of(call, 1) if call.function not in SCALAR | ROOTS else (x - np.inf, x + np.inf)
    first, last = _window(points, x, low, high)
    xs = np.linspace(first[0], last[0], LINE)
    ys = np.array([v[0] if (v := f(np.array([p]))) is not None and np.isfinite(v[0]) else np.nan for p in xs])
    tried = points[((points >= first) & (points <= last)).all(axis=1)][:100, 0]
    heights = np.array([v[0] if (v := f(np.array([p]))) is not None else np.nan for p in tried])
    end = f(x)
    marks: list[Mark] = [Line(short(xs), short(ys, 6), "f"), Dots(short(tried), short(heights, 6), "tried", 1)]
    if end is not None:
        marks.append(Dots(x, end[:1], "where it ends", 7))
    if call.function in ROOTS:
        marks.append(Line(np.array([xs[0], xs[-1]]), np.zeros(2), "0", 6, dash=True))
    known = ys[np.isfinite(ys)]
    spread = known.size > 2 and float(np.ptp(known)) > 20 * float(np.quantile(known, 0.9) - np.quantile(known, 0.1))
    domain = (float(np.quantile(known, 0.05)), float(np.quantile(known, 0.95))) if spread else None
    name = quoted(variables(own.session, call, 1)[0])
    summary = f"The function with the places at which `{call.function}` tried it, and where it ended."
    return Plot(marks, summary, Axis(name), Axis("f", domain=domain), title="The way of the call")
