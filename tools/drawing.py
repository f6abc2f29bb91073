"""A plot as a small picture: its marks within one frame, without axes, for cards, pages and previews of links."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

Mark = dict[str, Any]
LEVELS = 8
CELLS = 40  # of a surface along an axis
ARROWS = 14  # along an axis
_PADDING = 6.0
_MOST_POINTS = 400


@dataclass(frozen=True)
class Paints:
    """What the colours are called: one for the number of a series, for a level from 0 to 1, and for lines."""

    series: Callable[[int], str]
    level: Callable[[float, bool], str]
    axis: str
    ground: str


# In a page, whose style sheet knows light and dark.
IN_PAGE = Paints(
    lambda number: f"var(--p{number % 6})",
    lambda share, diverging: (
        f"color-mix(in lab, var(--{'cold' if diverging else 'low'}) {100 - 100 * share:.0f}%, "
        f"var(--{'warm' if diverging else 'high'}))"
    ),
    "var(--axis)",
    "var(--paper)",
)


def drawing(plot: dict[str, Any], width: int, height: int, paints: Paints = IN_PAGE) -> ET.Element | None:
    """The plot as an SVG element; None when there is nothing in it that can be drawn.

    Args:
        plot: a plot of a document, as in its JSON.
        width: of the picture.
        height: of the picture.
        paints: the colours.
    """
    marks = list(plot["marks"])
    if plot.get("frames"):
        marks += plot["frames"][len(plot["frames"]) // 2]["marks"]
    frame = _Frame.around(plot, marks, width, height)
    if frame is None:
        return None
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}"})
    for mark in marks:
        svg.extend(_DRAWN[mark["mark"]](mark, frame, paints))
    return svg


@dataclass(frozen=True)
class _Frame:
    """Where numbers lie in the picture."""

    x: tuple[float, float]
    y: tuple[float, float]
    logs: tuple[bool, bool]
    box: tuple[float, float, float, float]

    @classmethod
    def around(cls, plot: dict[str, Any], marks: list[Mark], width: int, height: int) -> _Frame | None:
        logs = plot["x"]["scale"] == "log", plot["y"]["scale"] == "log"
        ends = []
        for axis, log in zip(("x", "y"), logs, strict=True):
            values = sorted(v for mark in marks for v in _extent(mark, axis) if math.isfinite(v) and (not log or v > 0))
            domain = plot[axis].get("domain") or ((values[0], values[-1]) if values else None)
            if domain is None:
                return None
            low, high = (math.log10(v) if log else v for v in domain)
            ends.append((low, high) if high > low else (low - 1, high + 1))
        left, top, right, bottom = _PADDING, _PADDING, width - _PADDING, height - _PADDING
        if plot.get("equal"):
            scale = min((right - left) / (ends[0][1] - ends[0][0]), (bottom - top) / (ends[1][1] - ends[1][0]))
            across, along = (scale * (high - low) / 2 for low, high in ends)
            left, right = width / 2 - across, width / 2 + across
            top, bottom = height / 2 - along, height / 2 + along
        return cls(ends[0], ends[1], logs, (left, top, right, bottom))

    def at(self, x: float | None, y: float | None) -> tuple[float, float] | None:
        """A place in the picture, None for what has none; far outside is cut."""
        if x is None or y is None or (self.logs[0] and x <= 0) or (self.logs[1] and y <= 0):
            return None
        x, y = (math.log10(v) if log else v for v, log in zip((x, y), self.logs, strict=True))
        across, along = (x - self.x[0]) / (self.x[1] - self.x[0]), (y - self.y[0]) / (self.y[1] - self.y[0])
        if not (math.isfinite(across) and -0.001 <= across <= 1.001 and -0.001 <= along <= 1.001):
            return None
        left, top, right, bottom = self.box
        return left + across * (right - left), bottom - along * (bottom - top)


def _extent(mark: Mark, axis: str) -> Iterable[float]:
    names = {"x": ("x",), "y": ("y", "y1", "y2")}[axis]
    values = [v for name in names for v in mark.get(name) or () if isinstance(v, (int, float))]
    return [*values, 0.0] if mark["mark"] == "bars" and axis == "y" else values


def _element(tag: str, **attributes: object) -> ET.Element:
    return ET.Element(tag, {name.replace("_", "-"): str(value) for name, value in attributes.items()})


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _line(mark: Mark, frame: _Frame, paints: Paints) -> Iterator[ET.Element]:
    step = max(1, len(mark["x"]) // _MOST_POINTS)
    points = [frame.at(x, y) for x, y in zip(mark["x"][::step], mark["y"][::step], strict=True)]
    runs = [list(run) for there, run in groupby(points, key=lambda place: place is not None) if there]
    path = "".join("M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in run) for run in runs)  # type: ignore[misc]
    if path:
        dash = {"stroke_dasharray": "5 4"} if mark.get("dash") else {}
        yield _element(
            "path", d=path, fill="none", stroke=paints.series(mark["color"]), stroke_width=1.8,
            stroke_linejoin="round", **dash,
        )  # fmt: skip


def _dots(mark: Mark, frame: _Frame, paints: Paints) -> Iterator[ET.Element]:
    step = max(1, len(mark["x"]) // (_MOST_POINTS // 2))
    for x, y in zip(mark["x"][::step], mark["y"][::step], strict=True):
        if place := frame.at(x, y):
            yield _element(
                "circle", cx=_number(place[0]), cy=_number(place[1]), r=2.2, fill=paints.series(mark["color"])
            )


def _bars(mark: Mark, frame: _Frame, paints: Paints) -> Iterator[ET.Element]:
    width = max(1.0, 0.7 * (frame.box[2] - frame.box[0]) / max(1, len(mark["x"])))
    for x, y in zip(mark["x"], mark["y"], strict=True):
        top, foot = frame.at(x, y), frame.at(x, max(0.0, frame.y[0]))
        if top and foot:
            low, high = sorted((top[1], foot[1]))
            yield _element(
                "rect", x=_number(top[0] - width / 2), y=_number(low), width=_number(width),
                height=_number(max(0.5, high - low)), fill=paints.series(mark["color"]),
            )  # fmt: skip


def _band(mark: Mark, frame: _Frame, paints: Paints) -> Iterator[ET.Element]:
    there = [frame.at(x, y) for x, y in zip(mark["x"], mark["y1"], strict=True)]
    back = [frame.at(x, y) for x, y in zip(mark["x"], mark["y2"], strict=True)]
    places = [place for place in [*there, *back[::-1]] if place]
    if len(places) > 2:
        points = " ".join(f"{_number(x)},{_number(y)}" for x, y in places)
        yield _element("polygon", points=points, fill=paints.series(mark["color"]), opacity=0.2)


def _surface(mark: Mark, frame: _Frame, paints: Paints) -> Iterator[ET.Element]:
    """Cells of a few levels, neighbours of one level as one; contours by rank, since their values span decades."""
    xs, ys, rows = mark["x"], mark["y"], mark["z"]
    finite = sorted(v for row in rows for v in row if isinstance(v, (int, float)))
    if not finite:
        return
    diverging = bool(mark.get("diverging"))
    low, high = mark.get("range") or (finite[0], finite[-1])
    if diverging:
        high = max(abs(low), abs(high)) or 1.0
        low = -high
    ranks = [finite[len(finite) * k // LEVELS] for k in range(1, LEVELS)]

    def level(value: float) -> int:
        if mark["mark"] == "contour":
            return sum(value >= rank for rank in ranks)
        return min(LEVELS - 1, max(0, int(LEVELS * (value - low) / ((high - low) or 1.0))))

    left, top, right, bottom = frame.box
    columns, lines = _sampled(len(xs)), _sampled(len(ys))
    width, height = (right - left) / len(columns), (bottom - top) / len(lines)
    for place, line in enumerate(lines):
        cells = [(level(rows[line][c]) if isinstance(rows[line][c], (int, float)) else None) for c in columns]
        at = 0
        for value, run in groupby(cells):
            count = len(list(run))
            if value is not None:
                yield _element(
                    "rect", x=_number(left + at * width), y=_number(bottom - (place + 1) * height),
                    width=_number(count * width + 0.4), height=_number(height + 0.4),
                    fill=paints.level(value / (LEVELS - 1), diverging),
                )  # fmt: skip
            at += count


def _sampled(count: int) -> list[int]:
    most = min(count, CELLS)
    return [round((k + 0.5) * count / most - 0.5) for k in range(most)]


def _vectors(mark: Mark, frame: _Frame, paints: Paints) -> Iterator[ET.Element]:
    longest = mark.get("longest") or max((math.hypot(u, v) for u, v in _pairs(mark, "u", "v")), default=0.0)
    if not longest:
        return
    reach = 0.9 * (frame.box[2] - frame.box[0]) / ARROWS
    step = max(1, round(len(mark["x"]) / ARROWS**2))
    d = ""
    for (x, y), (u, v) in list(zip(_pairs(mark, "x", "y"), _pairs(mark, "u", "v"), strict=True))[::step]:
        place = frame.at(x, y)
        if place and math.hypot(u, v) > 0.02 * longest:
            a, b = reach * u / longest, -reach * v / longest
            x1, y1 = place[0] + a / 2, place[1] + b / 2
            d += f"M{_number(place[0] - a / 2)} {_number(place[1] - b / 2)}L{_number(x1)} {_number(y1)}"
            for turn in (2.6, -2.6):
                c, s = math.cos(turn), math.sin(turn)
                d += f"M{_number(x1)} {_number(y1)}l{_number(0.3 * (a * c - b * s))} {_number(0.3 * (a * s + b * c))}"
    if d:
        yield _element("path", d=d, fill="none", stroke=paints.series(mark["color"]), stroke_width=1.1)


def _pairs(mark: Mark, first: str, second: str) -> Sequence[tuple[float, float]]:
    return [(a or 0.0, b or 0.0) for a, b in zip(mark[first], mark[second], strict=True)]


def _rule(mark: Mark, frame: _Frame, paints: Paints) -> Iterator[ET.Element]:
    left, top, right, bottom = frame.box
    for x in mark["x"]:
        if place := frame.at(x, frame.y[0] if not frame.logs[1] else 10 ** frame.y[0]):
            yield _element("line", x1=_number(place[0]), x2=_number(place[0]), y1=top, y2=bottom, stroke=paints.axis)
    for y in mark["y"]:
        if place := frame.at(frame.x[0] if not frame.logs[0] else 10 ** frame.x[0], y):
            yield _element("line", x1=left, x2=right, y1=_number(place[1]), y2=_number(place[1]), stroke=paints.axis)


_DRAWN: dict[str, Callable[[Mark, _Frame, Paints], Iterator[ET.Element]]] = {
    "line": _line, "path": _line, "dots": _dots, "bars": _bars, "band": _band, "contour": _surface,
    "raster": _surface, "vectors": _vectors, "rule": _rule,
}  # fmt: skip
