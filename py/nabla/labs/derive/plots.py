"""derive: the picture of a function of one variable: its derivatives in their colours, and a tangent to be dragged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp

from nabla.answer.document import Plot
from nabla.answer.marks import Axis, Dots, Handle, Line, Mark
from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.curves import curve, visible_range, window
from nabla.calculus.rules import differentiate, simplified
from nabla.calculus.value import value_at
from nabla.write.notation import decimals, operator, point, tex

MOST_CURVES = 4
TANGENT = 9  # the place in the palette after those of the curves
# Where the tangent is shown when no point was asked for: the first of these shares of the range that has one.
_SHARES = (0.62, 0.7, 0.55, 0.8, 0.3, 0.4, 0.2, 0.9, 0.1)


@dataclass(frozen=True)
class Scene:
    """What is drawn: a function of `variable` called `name`, at the point `at`, and what `at` leaves open is 1."""

    f: sp.Expr
    variable: sp.Symbol
    at: Mapping[sp.Symbol, sp.Expr]
    name: str = "f"

    @property
    def others(self) -> list[sp.Symbol]:
        """What is held fixed."""
        return sorted(self.f.free_symbols - {self.variable}, key=str)

    @property
    def held(self) -> dict[sp.Symbol, sp.Expr]:
        """The values of what is held fixed."""
        return {symbol: self.at.get(symbol, sp.S.One) for symbol in self.others}

    @property
    def fixed(self) -> dict[sp.Symbol, float]:
        """The same as numbers."""
        return {symbol: float(value) for symbol, value in self.held.items()}


def plot_of_one(scene: Scene, derivatives: Sequence[tuple[sp.Expr, str]]) -> Plot | None:
    """The function and its `derivatives` (each with its label), and the tangent at the point; None without values."""
    exprs = [scene.f, *(expr for expr, _ in derivatives)]
    if not all(has_values(expr) for expr in exprs):
        return None
    given = float(scene.at[scene.variable]) if scene.variable in scene.at else None
    low, high = window(scene.f, scene.variable, scene.fixed, given)
    curves = [curve(expr, scene.variable, scene.fixed, low, high) for expr in exprs]
    labels = [f"${scene.name}$", *(label for _, label in derivatives)]
    marks: list[Mark] = [
        Line(x, y, label, color=place) for place, ((x, y), label) in enumerate(zip(curves, labels, strict=True))
    ]
    slope = simplified(differentiate(scene.f, scene.variable).result)
    here = given if given is not None else _sensible(scene, slope, low, high)
    heights: list[float] = []
    handles: list[Handle] = []
    touches: list[int] = []
    told = ""
    if here is not None:
        values = [float(evaluate(expr, {**scene.fixed, scene.variable: here})) for expr in exprs]
        heights = [value for value in values if np.isfinite(value)]
        rate = _rate(scene, slope, here)
        if np.isfinite(values[0]) and rate is not None:
            ends = np.array([low, high])
            # The first derivative is drawn next to the function, unless a higher one is asked for alone.
            touches = [0, 1, len(marks)] if derivatives and derivatives[0][0] == slope else []
            marks.append(Line(ends, values[0] + rate * (ends - here), "tangent", color=TANGENT, dash=True))
            told = f", and the tangent at ${tex(scene.variable)} = {decimals(here, 6)}$ with the slope "
            told += f"${decimals(rate, 6)}$"
        marks += [
            Dots(np.array([here]), np.array([value]), color=place)
            for place, value in enumerate(values)
            if np.isfinite(value)
        ]
        if heights:
            handles = [Handle(here, heights[0], "at", template(scene), scene.variable.name, touches)]
    shown = visible_range(curves, heights)
    if shown is None:
        return None
    where = f" at ${point(scene.held)}$" if scene.others else ""
    what = "derivative" if len(derivatives) == 1 else "derivatives"
    summary = f"The function and its {what} for ${tex(scene.variable)}$ from {low:g} to {high:g}{where}{told}."
    axis = Axis(label=f"${tex(scene.variable)}$", domain=(low, high))
    return Plot(marks, summary, x=axis, y=Axis(domain=shown), handles=handles)


def template(scene: Scene) -> str:
    """The point with the variable left open."""
    rest = [f"{symbol.name}={sp.sstr(value)}" for symbol, value in scene.held.items()]
    return ",".join([f"{scene.variable.name}={{x}}", *rest])


def _rate(scene: Scene, slope: sp.Expr, here: float) -> float | None:
    """The slope there; None at a corner, and where there is none."""
    if not has_values(slope):
        return None
    exact = sp.Rational(str(here)) if np.isfinite(here) else sp.nan
    return value_at(slope, {**scene.held, scene.variable: exact}, scene.f, scene.variable).number


def _sensible(scene: Scene, slope: sp.Expr, low: float, high: float) -> float | None:
    """A round place inside the range where the function has a slope, and one that is not 0 if there is such."""
    round_to = 10.0 ** np.floor(np.log10((high - low) / 8)) / 2
    found = None
    for share in _SHARES:
        place = float(round(round((low + share * (high - low)) / round_to) * round_to, 12))
        rate = _rate(scene, slope, place)
        if rate:
            return place
        if rate == 0 and found is None:
            found = place
    return found


def successive(f: sp.Expr, wrt: Sequence[sp.Symbol], result: sp.Expr, name: str) -> list[tuple[sp.Expr, str]]:
    """The derivatives to draw: each order up to `result` when it is always the same variable, else `result` alone."""
    partial = len(f.free_symbols | set(wrt)) > 1
    last = [(result, f"${operator(wrt, partial, name)}$")]
    if len(set(wrt)) > 1 or len(wrt) > MOST_CURVES - 1:
        return last
    before: list[tuple[sp.Expr, str]] = []
    expr = f
    for order in range(1, len(wrt)):
        expr = simplified(differentiate(expr, wrt[0]).result)
        before.append((expr, f"${operator(wrt[:order], partial, name)}$"))
    return [*before, *last]
