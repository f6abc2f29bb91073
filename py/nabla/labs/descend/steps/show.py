"""Steps by hand as they are written: each with its numbers put in, all in a table, and as a picture."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from nabla.answer.document import Block, Cell, Column, Math, Plot, Table, quoted
from nabla.answer.marks import Axis, Contour, Dots, Line, Mark, Path
from nabla.labs.descend.plots import levels, short
from nabla.labs.descend.steps.read import StepsQuestion
from nabla.optimise.by_hand.kinds import Iterate
from nabla.optimise.problem import Floats
from nabla.read.formula.print import name_tex
from nabla.write.notation import decimals

WRITTEN = 4  # steps with their numbers put in
LISTED = 30  # rows of the table
GRID, CURVE = 41, 201
_FIGURES = {
    "f": "f", "f_before": "f before", "slope": "derivative", "gradient": "gradient", "hessian": "Hessian",
    "velocity": "velocity", "ahead": "ahead", "t": "t", "direction": "direction", "mean": "mean (corrected)",
    "square": "square", "interval": "interval before", "points": "inner points",
}  # fmt: skip


def _number(value: float) -> str:
    return decimals(0.0 if abs(value) < 1e-14 else value, 7)


def vector(x: Floats) -> str:
    """Numbers in LaTeX: one as it is, several as a point."""
    shown = [_number(float(v)) for v in x]
    return shown[0] if len(shown) == 1 else rf"\left({', '.join(shown)}\right)"


def written(question: StepsQuestion, way: Sequence[Iterate]) -> list[Block]:
    """The rule, and the first steps with their numbers."""
    blocks: list[Block] = [Math(question.method.rule, "", question.method.title, role="reading")]
    for before, after in list(itertools.pairwise(way))[:WRITTEN]:
        blocks.append(Math(_line(question, before, after), "", f"Step {after.k}", role="plain"))
    return blocks


def _line(question: StepsQuestion, before: Iterate, after: Iterate) -> str:
    """A step with its numbers: the left side, what is put in, and the result."""
    f, x, to = after.figures, before.x, vector(after.x)
    left = _left(question, after.k)
    rate, beta = _number(question.task.rate), _number(question.task.momentum)
    match question.name:
        case "newton-root" if len(x) == 1:
            middle = rf"{vector(x)} - \frac{{{vector(f['f'])}}}{{{vector(f['slope'])}}}"
        case "newton-root":
            middle = rf"{vector(x)} - {_matrix(f['slope'], len(x))}^{{-1}} {_column(f['f'])}"
        case "newton" if len(x) == 1:
            middle = rf"{vector(x)} - \frac{{{vector(f['gradient'])}}}{{{vector(f['hessian'])}}}"
        case "newton":
            middle = rf"{vector(x)} - {_matrix(f['hessian'], len(x))}^{{-1}} {_column(f['gradient'])}"
        case "secant":
            last = before.memory[0]
            over = rf"\frac{{{vector(x)} - {_signed(last)}}}{{{vector(f['f'])} - {_signed(f['f_before'])}}}"
            middle = rf"{vector(x)} - {_signed(f['f'])} \cdot {over}"
        case "bisection":
            middle = rf"\frac{{{vector(f['interval'][:1])} + {_signed(f['interval'][1:])}}}{{2}}"
        case "gradient-descent" | "gradient-ascent":
            sign = "-" if question.name == "gradient-descent" else "+"
            middle = rf"{vector(x)} {sign} {rate} \cdot {_signed(f['gradient'])}"
        case "momentum" | "nesterov":
            old = before.memory[0] if before.memory else np.zeros(len(x))
            step = rf"v_{{{after.k}}} = {beta} \cdot {_signed(old)} - {rate} \cdot {_signed(f['gradient'])}"
            return rf"{step} = {vector(f['velocity'])}, \qquad {left} = {vector(x)} + {_signed(f['velocity'])} = {to}"
        case "steepest-descent":
            middle = rf"{vector(x)} - {vector(f['t'])} \cdot {_signed(f['gradient'])}"
        case "conjugate-gradient":
            middle = rf"{vector(x)} + {vector(f['t'])} \cdot {_signed(f['direction'])}"
        case "adam":
            middle = rf"{vector(x)} - {rate} \cdot \frac{{{vector(f['mean'])}}}{{\sqrt{{{vector(f['square'])}}}}}"
        case "rmsprop" | "adagrad":
            middle = rf"{vector(x)} - {rate} \cdot \frac{{{vector(f['gradient'])}}}{{\sqrt{{{vector(f['square'])}}}}}"
        case "golden-section":
            inner, heights = f["points"], f["f"]
            sign = "<" if heights[0] < heights[1] else r"\ge"
            values = (
                rf"f({vector(inner[:1])}) = {vector(heights[:1])} {sign} f({vector(inner[1:])}) = {vector(heights[1:])}"
            )
            return rf"{values}: \quad [a, b] = \left[{_number(float(after.x[0]))}, {_number(float(after.x[1]))}\right]"
        case "fixed-point" if len(x) == 1:
            middle = rf"g({vector(x)})"
        case _:
            return f"{left} = {to}"
    return f"{left} = {middle} = {to}"


def _left(question: StepsQuestion, k: int) -> str:
    names = question.variables
    if "interval" in question.method.uses:
        return f"c_{{{k}}}"
    return f"{name_tex(names[0].name)}_{{{k}}}" if len(names) == 1 else rf"\mathbf{{x}}_{{{k}}}"


def _signed(x: Floats) -> str:
    return rf"\left({vector(x)}\right)" if len(x) == 1 and x[0] < 0 else vector(x)


def _matrix(entries: Floats, n: int) -> str:
    rows = [" & ".join(_number(float(v)) for v in row) for row in entries.reshape(-1, n)]
    return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"


def _column(entries: Floats) -> str:
    return _matrix(entries, 1)


def listed(question: StepsQuestion, way: Sequence[Iterate]) -> Table:
    """A row a step: its number, the point, f there, and the figures of the step that led to it."""
    figures = [name for name in _FIGURES if any(name in s.figures for s in way)]
    points = ["a", "b"] if question.name == "golden-section" else [v.name for v in question.variables]
    columns = [Column("step", align="right"), *(Column(quoted(p), align="right") for p in points)]
    columns += [Column(_FIGURES[name], align="right") for name in figures]
    rows: list[list[Cell]] = []
    for s in [s for s in way if len(s.x) == len(points)][:LISTED]:
        rows.append([float(s.k), *(float(v) for v in s.x), *(_cell(s.figures.get(name)) for name in figures)])
    left = len(way) - LISTED
    more = f" {left} more are not listed." if left > 0 else ""
    return Table(columns, rows, f"The figures beside a point are those of the step that led to it.{more}")


def _cell(value: Floats | None) -> Cell:
    if value is None:
        return None
    return float(value[0]) if len(value) == 1 else f"({', '.join(f'{v:.6g}' for v in value)})"


def picture(question: StepsQuestion, way: Sequence[Iterate]) -> Plot | None:
    """The way on the function: in one variable with the tangents or chords, in two on level lines; None for others."""
    names = [v.name for v in question.variables]
    points = np.array([s.x for s in way[:LISTED] if len(s.x) == len(names)])
    if question.name == "golden-section":
        points = np.array([[s.x.mean()] for s in way[:LISTED]])
    points = points[np.isfinite(points).all(axis=1)] if len(points) else points
    if len(points) < 2 or len(names) > 2 or len(question.task.problems) > 1:
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    if "interval" in question.method.uses:
        low, high = np.minimum(low, question.start[:1]), np.maximum(high, question.start[1:])
    margin = 0.25 * (high - low) + 0.05 * (1 + np.abs(points[-1]))
    low, high = low - margin, high + margin
    summary = f"{question.method.title}: its steps on the function."
    xs = np.linspace(low[0], high[0], CURVE if len(names) == 1 else GRID)
    if len(names) == 2:
        ys = np.linspace(low[1], high[1], GRID)
        grid = question.task.problems[0].on_grid(list(np.meshgrid(xs, ys)))[0]
        z = np.broadcast_to(grid, (GRID, GRID)).astype(float)
        when = np.arange(len(points), dtype=float)
        drawn: list[Mark] = [Contour(short(xs), short(ys), short(z, 5), levels(z), label="f"),
                             Path(points[:, 0], points[:, 1], question.method.title, 0, when)]  # fmt: skip
        return Plot(drawn, summary, Axis(quoted(names[0])), Axis(quoted(names[1])), title="The steps")
    values = np.broadcast_to(question.task.problems[0].on_grid([xs])[0], xs.shape).astype(float)
    at = np.array([question.task.f(p) for p in points])
    label = "g" if question.name == "fixed-point" else "f"
    marks: list[Mark] = [Line(short(xs), short(values, 6), label)]
    if question.name == "fixed-point":
        marks.append(Line(xs[[0, -1]], xs[[0, -1]], "the diagonal", 6, dash=True))
    elif question.method.root:
        marks.append(Line(xs[[0, -1]], np.zeros(2), "0", 6, dash=True))
        marks += [Line(np.array(a), np.array(b), color=1, dash=True) for a, b in _lines(question, way)]
    marks.append(Dots(short(points[:, 0]), short(at, 6), "the steps", 2))
    return Plot(marks, summary, Axis(quoted(names[0])), Axis(label), title="The steps")


def _lines(question: StepsQuestion, way: Sequence[Iterate]) -> list[tuple[list[float], list[float]]]:
    """The tangents of Newton's method, and the chords of the secant's, from the curve down to 0."""
    made = []
    if question.name in ("newton-root", "secant"):
        for before, after in list(itertools.pairwise(way))[:WRITTEN]:
            made.append(([float(before.x[0]), float(after.x[0])], [question.task.f(before.x), 0.0]))
    return made
