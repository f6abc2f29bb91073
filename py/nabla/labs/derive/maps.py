"""derive: pictures in a plane: levels with the gradient, the image of a grid, curves with their tangents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import sympy as sp

from nabla.answer.document import Plot
from nabla.answer.marks import Axis, Contour, Dots, Frame, Handle, Line, Mark, Path, Timeline, Vectors
from nabla.calculus.arrays import Array, evaluate, has_values
from nabla.calculus.surfaces import Box, Pair, arrows, box, bulk, grid, levels, span, trace
from nabla.write.notation import decimals, point, tex

At = Mapping[sp.Symbol, sp.Expr]
FRAMES = 41
LINES = 9
TANGENT = 9


def _place(pair: Pair, at: At) -> tuple[float, float] | None:
    return (float(at[pair[0]]), float(at[pair[1]])) if set(pair) <= at.keys() else None


def _held(exprs: Sequence[sp.Expr], pair: Pair, at: At) -> dict[sp.Symbol, sp.Expr]:
    """What is neither of the two, at the values given, else 1."""
    rest = sorted(set().union(*(expr.free_symbols for expr in exprs)) - set(pair), key=str)
    return {symbol: at.get(symbol, sp.S.One) for symbol in rest}


def _numbers(held: At) -> dict[sp.Symbol, float]:
    return {symbol: float(value) for symbol, value in held.items()}


def _template(pair: Pair, held: At) -> str:
    rest = [f"{symbol.name}={sp.sstr(value)}" for symbol, value in held.items()]
    return ",".join([f"{pair[0].name}={{x}}", f"{pair[1].name}={{y}}", *rest])


def _axes(pair: Pair, ends: Box) -> tuple[Axis, Axis]:
    return (
        Axis(label=f"${tex(pair[0])}$", domain=(ends[0], ends[1])),
        Axis(label=f"${tex(pair[1])}$", domain=(ends[2], ends[3])),
    )


def _is_square(ends: Box) -> bool:
    across, up = ends[1] - ends[0], ends[3] - ends[2]
    return max(across, up) <= 2 * min(across, up)


def plot_of_levels(
    f: sp.Expr, gradient: Sequence[sp.Expr], pair: Pair, at: At, name: str, direction: Sequence[float] = ()
) -> Plot | None:
    """Levels of f over two of its variables, its gradient as arrows, and the point; `direction` is drawn from there."""
    if not all(has_values(expr) for expr in (f, *gradient)):
        return None
    held = _held([f, *gradient], pair, at)
    fixed, given = _numbers(held), _place(pair, at)
    ends = box(f, pair, fixed, given)
    x, y, z = grid(f, pair, fixed, ends)
    marked = levels(z)
    if not marked:
        return None
    inside = np.clip(z, marked[0] - abs(marked[-1] - marked[0]), marked[-1] + abs(marked[-1] - marked[0]))
    marks: list[Mark] = [Contour(x, y, inside, marked, f"${name}$", filled=True)]
    across, up, u, v = arrows(gradient, pair, fixed, ends)
    if len(across):
        marks.append(Vectors(across, up, u, v, rf"$\nabla {name}$", color=1))
    here = given or _off_centre(ends)
    values = [float(evaluate(expr, {**fixed, pair[0]: here[0], pair[1]: here[1]})) for expr in (f, *gradient)]
    told = ""
    if all(np.isfinite(values)):
        where = r",\; ".join(f"{tex(symbol)} = {decimals(value, 6)}" for symbol, value in zip(pair, here, strict=True))
        told = f" At ${where}$ the gradient is "
        told += rf"$\left({decimals(values[1], 4)},\; {decimals(values[2], 4)}\right)$."
    if len(direction) == 2:
        reach = 0.25 * min(ends[1] - ends[0], ends[3] - ends[2])
        tips = [np.array([here[k], here[k] + reach * direction[k]]) for k in (0, 1)]
        marks.append(Path(tips[0], tips[1], "direction", color=2))
    marks.append(Dots(np.array([here[0]]), np.array([here[1]]), color=2))
    handles = [Handle(here[0], here[1], "at", _template(pair, held), label=f"{pair[0].name}, {pair[1].name}")]
    where = f" at ${point(held)}$" if held else ""
    summary = f"Levels of ${name}${where}, and arrows along its gradient, across the levels and uphill.{told}"
    axes = _axes(pair, ends)
    return Plot(marks, summary, x=axes[0], y=axes[1], handles=handles, equal=_is_square(ends))


def _off_centre(ends: Box) -> tuple[float, float]:
    """A round point that is not the middle, where much is 0 by symmetry."""
    return (
        float(np.round(ends[0] + 0.68 * (ends[1] - ends[0]), 1)),
        float(np.round(ends[2] + 0.6 * (ends[3] - ends[2]), 1)),
    )


def _exact(pair: Pair, place: tuple[float, float]) -> dict[sp.Symbol, sp.Expr]:
    return {symbol: sp.Rational(str(round(value, 6))) for symbol, value in zip(pair, place, strict=True)}


def plot_of_grid(functions: Sequence[sp.Expr], rows: Sequence[Sequence[sp.Expr]], pair: Pair, at: At) -> Plot | None:
    """Where two functions of two variables take a square grid around the point, and where the Jacobian takes it."""
    if not all(has_values(expr) for expr in (*functions, *(entry for row in rows for entry in row))):
        return None
    held = _held(functions, pair, at)
    fixed = _numbers(held)
    given = _place(pair, at)
    here = given or (1.0, 1.0)
    half = 0.5 * max(1.0, 0.5 * max(map(abs, here)))
    marks: list[Mark] = []
    gathered: list[Array] = []
    steps = np.linspace(-half, half, 31)
    for way in (0, 1):
        for number, offset in enumerate(np.linspace(-half, half, LINES)):
            line = [here[0] + steps, here[1] + offset + 0 * steps]
            if way:
                line = [here[0] + offset + 0 * steps, here[1] + steps]
            moved = _image(functions, pair, fixed, line)
            gathered.append(np.stack(moved))
            label = (f"${tex(pair[way])}$ moves") if number == 0 else ""
            marks.append(Line(moved[0], moved[1], label, color=way))
    centre = [float(part) for part in _image(functions, pair, fixed, [np.array(here[0]), np.array(here[1])])]
    at_here: dict[sp.Symbol, Array | float] = {**fixed, pair[0]: here[0], pair[1]: here[1]}
    matrix = np.array([[float(evaluate(entry, at_here)) for entry in row] for row in rows])
    everything = np.concatenate(gathered, axis=1)
    ranges = [bulk(everything[k]) for k in (0, 1)]
    if ranges[0] is None or ranges[1] is None or not np.isfinite(centre).all() or not np.isfinite(matrix).all():
        return None
    sides = np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]]) * half / 2
    square = matrix @ sides + np.array(centre)[:, None]
    marks.append(Line(square[0], square[1], "by the Jacobian", color=2, dash=True))
    marks.append(Dots(np.array([centre[0]]), np.array([centre[1]]), color=2))
    size = abs(float(np.linalg.det(matrix)))
    place = point(_exact(pair, here) | dict(held))
    summary = (
        f"The image of a square grid around ${place}$: near the point it is the grid that the Jacobian gives, and its "
        f"cells are ${decimals(size, 4)}$ times as large."
    )
    return Plot(marks, summary, x=Axis(label="$f_1$", domain=ranges[0]), y=Axis(label="$f_2$", domain=ranges[1]))


def _image(
    functions: Sequence[sp.Expr], pair: Pair, fixed: Mapping[sp.Symbol, float], place: Sequence[Array]
) -> list[Array]:
    at: dict[sp.Symbol, Array | float] = {**fixed, pair[0]: place[0], pair[1]: place[1]}
    found = [evaluate(expr, at) * np.ones_like(place[0]) for expr in functions]
    return [np.where(np.isfinite(part), part, np.nan) for part in found]


def plot_of_equation(equation: sp.Expr, slope: sp.Expr, pair: Pair, at: At) -> Plot | None:
    """The curve of an equation, left minus right, with its tangent at the point, or at a point of it."""
    if not (has_values(equation) and has_values(slope)):
        return None
    held = _held([equation, slope], pair, at)
    fixed, given = _numbers(held), _place(pair, at)
    ends = _around_the_curve(equation, pair, fixed, given)
    x, y, z = grid(equation, pair, fixed, ends)
    if not (np.nanmin(z, initial=1) < 0 < np.nanmax(z, initial=-1)):
        return None
    most = np.nanpercentile(np.abs(z), 90)
    marks: list[Mark] = [Contour(x, y, np.clip(z, -most, most), [0.0], "the curve")]
    here = given if given is not None and _is_on(equation, pair, fixed, given) else None
    here = here or (_point_of_curve(equation, pair, fixed, ends, at.get(pair[0])) if given is None else None)
    told = "."
    if here:
        at_here: dict[sp.Symbol, Array | float] = {**fixed, pair[0]: here[0], pair[1]: here[1]}
        rate = float(evaluate(slope, at_here))
        xs = np.array([ends[0], ends[1]])
        place = rf"\left({decimals(here[0], 4)},\; {decimals(here[1], 4)}\right)"
        if np.isfinite(rate):
            marks.append(Line(xs, here[1] + rate * (xs - here[0]), "tangent", color=TANGENT, dash=True))
            told = f", and its tangent at ${place}$ with the slope ${decimals(rate, 6)}$."
        marks.append(Dots(np.array([here[0]]), np.array([here[1]]), color=1))
    axes = _axes(pair, ends)
    return Plot(marks, f"The curve of the equation{told}", x=axes[0], y=axes[1], equal=_is_square(ends))


def _around_the_curve(
    equation: sp.Expr, pair: Pair, fixed: Mapping[sp.Symbol, float], given: tuple[float, float] | None
) -> Box:
    """The smallest of a few squares in which the curve does not reach the edge, or else the middle one."""
    for half in (1.5, 3.0, 6.0, 12.0, 30.0, 100.0):
        ends = (-half, half, -half, half)
        if given and max(map(abs, given)) > 0.95 * half:
            continue
        z = grid(equation, pair, fixed, ends, 49)[2]
        edge = np.concatenate([z[0], z[-1], z[:, 0], z[:, -1]])
        if np.nanmin(z, initial=1) < 0 < np.nanmax(z, initial=-1) and (np.all(edge > 0) or np.all(edge < 0)):
            return ends
    half = max(4.0, 1.5 * max(map(abs, given)) if given else 0.0)
    return (-half, half, -half, half)


def _is_on(equation: sp.Expr, pair: Pair, fixed: Mapping[sp.Symbol, float], place: tuple[float, float]) -> bool:
    at: dict[sp.Symbol, Array | float] = {**fixed, pair[0]: place[0], pair[1]: place[1]}
    return bool(abs(float(evaluate(equation, at))) < 1e-9)


def _point_of_curve(
    equation: sp.Expr, pair: Pair, fixed: Mapping[sp.Symbol, float], ends: Box, x: sp.Expr | None
) -> tuple[float, float] | None:
    """A point of the curve, by halving between two heights where the equation changes its sign."""
    for share in (0.68, 0.6, 0.75, 0.3, 0.5, 0.4):
        across = float(x) if x is not None else float(np.round(ends[0] + share * (ends[1] - ends[0]), 1))
        heights = np.linspace(ends[3], ends[2], 400)
        values = _along(equation, pair, fixed, across, heights)
        changes = np.flatnonzero(np.sign(values[1:]) * np.sign(values[:-1]) < 0)
        for change in changes:
            low, high = heights[change + 1], heights[change]
            for _ in range(60):
                middle = (low + high) / 2
                ends_of = _along(equation, pair, fixed, across, np.array([low, middle]))
                low, high = (low, middle) if ends_of[0] * ends_of[1] <= 0 else (middle, high)
            if abs(_along(equation, pair, fixed, across, np.array([low]))[0]) < 1e-6:  # and no pole
                return across, float(low)
    return None


def _along(equation: sp.Expr, pair: Pair, fixed: Mapping[sp.Symbol, float], across: float, heights: Array) -> Array:
    at: dict[sp.Symbol, Array | float] = {**fixed, pair[0]: across, pair[1]: heights}
    return evaluate(equation, at) * np.ones_like(heights)


def plot_of_curve(
    coordinates: Sequence[sp.Expr], speeds: Sequence[sp.Expr], t: sp.Symbol, names: Sequence[str], at: At
) -> Plot | None:
    """A curve by its parameter, which can be moved along it, with the tangent where it is."""
    if not all(has_values(expr) for expr in (*coordinates, *speeds)):
        return None
    rest = sorted(set().union(*(expr.free_symbols for expr in coordinates)) - {t}, key=str)
    held = {symbol: at.get(symbol, sp.S.One) for symbol in rest}
    fixed = _numbers(held)
    given = float(at[t]) if t in at else None
    low, high = span(coordinates[0], coordinates[1], t, given)
    _, x, y = trace(coordinates[0], coordinates[1], t, fixed, low, high)
    across, up = bulk(x), bulk(y)
    if across is None or up is None:
        return None
    here = given if given is not None else float(np.round(low + 0.62 * (high - low), 1))
    stops = np.unique(np.concatenate([np.linspace(low, high, FRAMES), [here]]))
    where: dict[sp.Symbol, Array | float] = {**fixed, t: stops}
    px, py, vx, vy = (evaluate(expr, where) * np.ones_like(stops) for expr in (*coordinates, *speeds))
    reach = 0.4 * np.hypot(across[1] - across[0], up[1] - up[0])
    frames = []
    for k, stop in enumerate(stops):
        marks: list[Mark] = []
        speed = np.hypot(vx[k], vy[k])
        if np.isfinite([px[k], py[k]]).all():
            if np.isfinite(speed) and speed > 0:
                ends = np.array([-1.0, 1.0]) * reach / speed
                marks.append(Line(px[k] + ends * vx[k], py[k] + ends * vy[k], "tangent", color=TANGENT, dash=True))
            marks.append(Dots(np.array([px[k]]), np.array([py[k]]), color=1))
        frames.append(Frame(float(stop), marks, f"${tex(t)} = {decimals(float(stop), 4)}$"))
    labels = [f"${tex(sp.Symbol(name))}$" for name in names]
    summary = (
        f"The curve for ${tex(t)}$ from {low:.4g} to {high:.4g}, and its tangent, which moves along with ${tex(t)}$."
    )
    return Plot(
        [Line(x, y, "the curve")],
        summary,
        x=Axis(label=labels[0], domain=across),
        y=Axis(label=labels[1], domain=up),
        equal=_is_square((*across, *up)),
        timeline=Timeline("curve", f"${tex(t)}$", low, high, here),
        frames=frames,
    )
