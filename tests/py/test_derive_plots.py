"""The pictures of derivatives: what is drawn lies where the mathematics says, and the handle says what it sets."""

import numpy as np
import pytest
import sympy as sp

import nabla
from nabla.answer.document import Plot
from nabla.answer.marks import Contour, Dots, Line, Path, Vectors
from nabla.calculus.surfaces import arrows, box, grid, levels, trace

x, y, t = sp.symbols("x y t", real=True)


def picture(**inputs: str) -> Plot:
    (plot,) = [block for block in nabla.run("derive", inputs).blocks if isinstance(block, Plot)]
    return plot


def marks(plot: Plot, kind: type) -> list:
    return [mark for mark in plot.marks if isinstance(mark, kind)]


def tangent(plot: Plot) -> tuple[float, float]:
    """Slope and height at 0 of the line that is called tangent."""
    (line,) = [mark for mark in marks(plot, Line) if mark.label == "tangent"]
    slope = (line.y[1] - line.y[0]) / (line.x[1] - line.x[0])
    return float(slope), float(line.y[0] - slope * line.x[0])


def test_function_derivatives_and_tangent() -> None:
    plot = picture(f="x^3", wrt="x,x", at="x=2")
    assert marks(plot, Line)[0].label == "$f$"
    assert [mark.color for mark in marks(plot, Line)][:3] == [0, 1, 2]
    assert tangent(plot) == pytest.approx((12, -16))
    assert [(float(dot.x[0]), float(dot.y[0]), dot.color) for dot in marks(plot, Dots)] == [
        (2, 8, 0), (2, 12, 1), (2, 12, 2),
    ]  # fmt: skip
    assert [(handle.input, handle.template) for handle in plot.handles] == [("at", "x={x}")]
    assert "slope $12$" in plot.summary


@pytest.mark.parametrize("f", ["x sin x", "ln x", "sqrt(x)", "a x^2", "floor(x)", "|x|", "tan x", "1/x", "asin(x)"])
def test_without_a_point_a_sensible_one_is_shown(f: str) -> None:
    plot = picture(f=f, wrt="x")
    (handle,) = plot.handles
    assert handle.template.startswith("x={x}")
    assert "tangent" in plot.summary
    assert plot.x.domain is not None and plot.x.domain[0] < handle.x < plot.x.domain[1]
    assert plot.y.domain is not None and plot.y.domain[0] <= handle.y <= plot.y.domain[1]


@pytest.mark.parametrize(("f", "at"), [("|x|", "x=0"), ("floor(x)", "x=2"), ("1/x", "x=0")])
def test_where_there_is_no_derivative_there_is_no_tangent(f: str, at: str) -> None:
    assert "tangent" not in [mark.label for mark in marks(picture(f=f, at=at), Line)]


def test_poles_and_ends_of_the_domain_are_gaps() -> None:
    line = marks(picture(f="1/(x-1)", at="x=2"), Line)[0]
    beside = np.flatnonzero(np.diff(np.sign(line.y[np.isfinite(line.y)])))
    assert len(beside) == 1
    assert np.isnan(line.y).any()
    assert np.isnan(marks(picture(f="sqrt(x)", at="x=1"), Line)[0].y).any()


def test_levels_and_gradient() -> None:
    plot = picture(f="x^2 + 3 x y", what="gradient", at="x=1,y=2")
    (contour,) = marks(plot, Contour)
    assert contour.filled
    assert contour.z.shape == (len(contour.y), len(contour.x))
    (vectors,) = marks(plot, Vectors)
    expected = np.stack([2 * vectors.x + 3 * vectors.y, 3 * vectors.x])
    drawn = np.stack([vectors.u, vectors.v])
    along = (expected * drawn).sum(0) / np.maximum(np.hypot(*expected) * np.hypot(*drawn), 1e-300)
    assert along == pytest.approx(np.ones(len(along)))
    (handle,) = plot.handles
    assert handle.template == "x={x},y={y}"
    assert plot.equal
    assert r"\left(8,\; 3\right)" in plot.summary


def test_a_direction_has_its_arrow() -> None:
    (path,) = marks(picture(f="x y", direction="3,4", at="x=1,y=2"), Path)
    assert np.diff(path.y)[0] / np.diff(path.x)[0] == pytest.approx(4 / 3)


def test_two_of_three_variables_are_drawn_and_it_is_said() -> None:
    plot = picture(f="x y z", what="gradient", at="x=1,y=2,z=3")
    assert "at $z = 3$" in plot.summary
    assert plot.handles[0].template == "x={x},y={y},z=3"


def test_the_image_of_a_grid_and_its_size() -> None:
    plot = picture(f="x^2-y^2; 2x y", what="jacobian", at="x=1,y=1")
    assert "$8$ times" in plot.summary
    (square,) = [mark for mark in marks(plot, Line) if mark.label == "by the Jacobian"]
    area = 0.5 * abs(np.sum(square.x[:-1] * square.y[1:] - square.x[1:] * square.y[:-1]))
    assert area == pytest.approx(8 * 0.5**2)


@pytest.mark.parametrize(
    ("f", "at", "slope"),
    [("x^2+y^2=25", "x=3,y=4", -0.75), ("x^3+y^3=6x y", "x=3,y=3", -1.0), ("x y = 1", "x=2,y=0.5", -0.25)],
)
def test_the_curve_of_an_equation_and_its_tangent(f: str, at: str, slope: float) -> None:
    plot = picture(f=f, at=at)
    (contour,) = marks(plot, Contour)
    assert contour.levels == [0.0]
    assert tangent(plot)[0] == pytest.approx(slope)


def test_a_point_of_the_curve_is_found() -> None:
    plot = picture(f="x^2+y^2=25")
    (dot,) = marks(plot, Dots)
    assert float(dot.x[0] ** 2 + dot.y[0] ** 2) == pytest.approx(25)
    assert tangent(plot)[0] == pytest.approx(-float(dot.x[0] / dot.y[0]))


def test_a_curve_by_a_parameter_moves_along_it() -> None:
    plot = picture(f="x=cos t; y=sin t", at="t=1")
    assert plot.timeline is not None and plot.timeline.at == 1
    frame = next(frame for frame in plot.frames if frame.at == 1)
    line, dot = frame.marks
    assert isinstance(line, Line) and isinstance(dot, Dots)
    assert (float(dot.x[0]), float(dot.y[0])) == pytest.approx((np.cos(1), np.sin(1)))
    assert np.diff(line.y)[0] / np.diff(line.x)[0] == pytest.approx(-1 / np.tan(1))
    assert len(plot.frames) <= 60
    assert plot.equal


def test_grids_and_arrows_of_what_is_not_real_everywhere() -> None:
    f = sp.log(x * y)
    ends = box(f, (x, y), {}, None)
    z = grid(f, (x, y), {}, ends)[2]
    assert np.isfinite(z).mean() > 0.9
    assert len(levels(z)) >= 5
    assert np.isfinite(np.concatenate(arrows((1 / x, 1 / y), (x, y), {}, ends))).all()
    assert levels(np.full((3, 3), 2.0)) == []
    assert levels(np.full((3, 3), np.nan)) == []


def test_a_curve_with_a_pole_has_a_gap() -> None:
    _, across, up = trace(t, 1 / (t - sp.Rational(1, 7)), t, {}, -2, 2)
    assert np.isnan(up).any() or not np.isfinite(across).all()
