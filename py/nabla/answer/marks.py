"""The marks of a plot, as data; the page decides how they look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Axis:
    """An axis: label (prose), unit, and the range to show, else that of the data."""

    label: str = ""
    unit: str = ""
    domain: tuple[float, float] | None = None
    scale: Literal["linear", "log"] = "linear"


@dataclass(slots=True)
class Line:
    """A curve through (x, y); NaN leaves a gap. `color` is a place in the palette, `dash` sets it apart.

    In a plot with a timeline, a point whose `when` is later than the time shown is not drawn yet.
    """

    x: Floats
    y: Floats
    label: str = ""
    color: int = 0
    dash: bool = False
    when: Floats | None = None
    mark: ClassVar[str] = "line"


@dataclass(slots=True)
class Dots:
    """Points (x, y); `when` as for a line."""

    x: Floats
    y: Floats
    label: str = ""
    color: int = 0
    when: Floats | None = None
    mark: ClassVar[str] = "dots"


@dataclass(slots=True)
class Bars:
    """Bars from 0 to y at x."""

    x: Floats
    y: Floats
    label: str = ""
    color: int = 0
    mark: ClassVar[str] = "bars"


@dataclass(slots=True)
class Band:
    """The area between y1 and y2."""

    x: Floats
    y1: Floats
    y2: Floats
    label: str = ""
    color: int = 0
    mark: ClassVar[str] = "band"


@dataclass(slots=True)
class Contour:
    """Level lines of z, shape (len(y), len(x)), at `levels` (the page's choice when empty)."""

    x: Floats
    y: Floats
    z: Floats
    levels: list[float] = field(default_factory=list)
    label: str = ""
    filled: bool = False
    mark: ClassVar[str] = "contour"


@dataclass(slots=True)
class Raster:
    """z, shape (len(y), len(x)), as a colour map; `diverging` centres it on 0, `range` widens its scale."""

    x: Floats
    y: Floats
    z: Floats
    label: str = ""
    diverging: bool = False
    range: tuple[float, float] | None = None
    mark: ClassVar[str] = "raster"


@dataclass(slots=True)
class Vectors:
    """Arrows (u, v) at (x, y), one length scale for all: `longest`, or the longest of them, is drawn longest."""

    x: Floats
    y: Floats
    u: Floats
    v: Floats
    label: str = ""
    color: int = 0
    longest: float | None = None
    mark: ClassVar[str] = "vectors"


@dataclass(slots=True)
class Path:
    """A trajectory through (x, y) in order, its points shown; `when` as for a line."""

    x: Floats
    y: Floats
    label: str = ""
    color: int = 0
    when: Floats | None = None
    mark: ClassVar[str] = "path"


@dataclass(slots=True)
class Rule:
    """A straight line across the plot at each x, or at each y."""

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    label: str = ""
    color: int = 0
    mark: ClassVar[str] = "rule"


Mark = Line | Dots | Bars | Band | Contour | Raster | Vectors | Path | Rule


@dataclass(slots=True)
class Handle:
    """A point that can be moved: where it is, and the template of the input that moving it sets.

    `template` holds `{x}` and, where y is free too, `{y}`: moving to x = 2 with "w={x},y=1" sets "w=2,y=1". `touches`
    are places in the marks of the plot: of the curve that the point lies on, of the curve of its slope, and of the
    line that touches it, so that the line follows while the point is moved.
    """

    x: float
    y: float
    input: str
    template: str
    label: str = ""
    touches: list[int] = field(default_factory=list, metadata={"omitted": "when empty"})


@dataclass(slots=True)
class Frame:
    """Marks shown from the time `at` until the next frame's, on top of the marks that stay; `label` says which."""

    at: float
    marks: list[Mark]
    label: str = ""


@dataclass(slots=True)
class Timeline:
    """What a plot can be moved along: time, evaluations, steps, or a slice's position.

    The page gives it a slider and, where `play`, a button that runs from `start` to `end` in `seconds`. It opens at
    `end`, or at `at`. Plots whose timelines have the same `name` move together under one control, at the first of them.
    """

    name: str
    label: str
    start: float
    end: float
    at: float | None = None
    unit: str = ""
    scale: Literal["linear", "log"] = "linear"
    play: bool = True
    seconds: float = 6.0


@dataclass(slots=True)
class Placing:
    """A click on free ground sets `input` to `template`, with `{x}`, `{y}` and `{value}` (its text now) filled in."""

    input: str
    template: str
    label: str


MARKS: tuple[type, ...] = get_args(Mark)
