"""A plot as a picture (SVG), for notebooks, which have no program of the page to draw it.

It shows what the page shows when nothing has been moved: all points of a timeline, the last of its frames.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from nabla.answer import marks as m
from nabla.answer.document import Plot
from nabla.write.text import plain

# The picture's size, the room of its axes, and that of a line of its legend, in pixels.
_WIDTH, _HEIGHT = 640, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 12, 46
_LEGEND = 20
# A curve is drawn through so many points at most, so many arrows are drawn, and so many level lines.
_POINTS, _ARROWS, _LEVELS = 1200, 600, 9
_COLORS = ("#2f5aa8", "#c4532b", "#2f7d5b", "#8a4fa3", "#a87a12", "#4c7f8c")
_COLD, _WARM, _WHITE = (0x6A, 0x8B, 0xCB), (0xDC, 0x84, 0x63), (0xFF, 0xFF, 0xFF)
_LOW, _HIGH = (0xF3, 0xED, 0xDD), (0x3C, 0x64, 0x9E)


@dataclass(frozen=True)
class _Scale:
    """Values to pixels along one axis."""

    low: float
    high: float
    start: float
    end: float
    log: bool

    def __call__(self, values: Any) -> Any:
        low, high = self.of(self.low), self.of(self.high)
        return self.start + (self.of(values) - low) / (high - low) * (self.end - self.start)

    def of(self, values: Any) -> Any:
        """The values as they are laid out: their logarithms on a logarithmic axis, which has no place for others."""
        values = np.asarray(values, dtype=float)
        return np.log10(np.where(values > 0, values, np.nan)) if self.log else values

    def ticks(self) -> list[float]:
        """Round values in the range: the powers of ten, or steps of 1, 2 or 5."""
        if self.log:
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            step = max(1, (last - first) // 6)
            powers = [10.0**power for power in range(first, last + 1, step)]
            return powers if len(powers) > 1 else [self.low, self.high]
        rough = (self.high - self.low) / 6
        power = 10.0 ** math.floor(math.log10(rough))
        width = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
        first, last = math.ceil(self.low / width - 1e-9), math.floor(self.high / width + 1e-9)
        return [float(f"{i * width:.12g}") for i in range(first, last + 1)]


def to_svg(plot: Plot) -> str:
    """The plot as the text of an SVG file; `plain` labels, colours of the page by day."""
    shown = [*plot.marks, *(plot.frames[-1].marks if plot.frames else [])]
    legend = [(getattr(mark, "color", None), plain(mark.label)) for mark in shown if mark.label]
    x, y, height = _scales(plot, shown, _TOP + _LEGEND * (len(legend) + 1))
    title = plain(plot.title) or plain(plot.summary)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}"'
        f' height="{height:.0f}" font-family="sans-serif" font-size="12" role="img" aria-label="{escape(title)}">',
        f'<rect width="{_WIDTH}" height="{height:.0f}" fill="#fff"/>',
        f'<clipPath id="c"><rect x="{x.start:.1f}" y="{y.end:.1f}" width="{x.end - x.start:.1f}"'
        f' height="{y.start - y.end:.1f}"/></clipPath>',
        *_legend(legend),
        *_axes(plot, x, y),
        '<g clip-path="url(#c)">',
        *(part for mark in shown for part in _DRAWN[type(mark)](mark, x, y)),
        "</g></svg>",
    ]
    return "".join(parts)


def to_image(plot: Plot) -> str:
    """The plot as an element of HTML, which stands in Markdown too: its picture is in the address."""
    data = base64.b64encode(to_svg(plot).encode()).decode()
    return f'<img alt="{escape(plain(plot.summary))}" src="data:image/svg+xml;base64,{data}" width="{_WIDTH}">'


def _scales(plot: Plot, shown: Sequence[m.Mark], top: float) -> tuple[_Scale, _Scale, float]:
    """The two axes, and how high the picture becomes."""
    (left, right), (low, high) = (_range(axis, name, shown) for axis, name in ((plot.x, "x"), (plot.y, "y")))
    inside = _HEIGHT - _TOP - _BOTTOM
    width = float(_WIDTH - _LEFT - _RIGHT)
    if plot.equal and right > left and high > low:
        wide = (right - left) / (high - low)
        inside = min(420, round(width / wide))
        width = min(width, inside * wide)
    x = _Scale(left, right, _LEFT, _LEFT + width, plot.x.scale == "log")
    y = _Scale(low, high, top + inside, top, plot.y.scale == "log")
    return x, y, top + inside + _BOTTOM


def _range(axis: m.Axis, name: str, shown: Sequence[m.Mark]) -> tuple[float, float]:
    """What an axis shows: its domain, else the range of all values of the marks with a little room in y."""
    if axis.domain and axis.domain[0] < axis.domain[1]:
        return axis.domain
    values = [np.ravel(np.asarray(part, dtype=float)) for mark in shown for part in _extent(mark, name)]
    every = np.concatenate([*values, np.empty(0)])
    every = every[np.isfinite(every) & ((every > 0) | (axis.scale != "log"))]
    low, high = (float(every.min()), float(every.max())) if every.size else (1.0, 2.0)
    if axis.scale == "log":
        return (low / 2, high * 2) if name == "y" or low == high else (low, high)
    room = 0.05 * (high - low) if name == "y" else 0.0
    return (low - room, high + room) if high > low else (low - 0.5, high + 0.5)


def _extent(mark: m.Mark, name: str) -> list[Any]:
    """The values of a mark along an axis."""
    if isinstance(mark, m.Band) and name == "y":
        return [mark.y1, mark.y2]
    return [getattr(mark, name), *([[0.0]] if isinstance(mark, m.Bars) and name == "y" else [])]


def _legend(entries: Sequence[tuple[int | None, str]]) -> Iterator[str]:
    for place, (color, label) in enumerate(entries):
        y = _TOP + _LEGEND * place + 6
        if color is not None:
            yield f'<rect x="{_LEFT}" y="{y - 5}" width="14" height="4" fill="{_color(color)}"/>'
        yield f'<text x="{_LEFT + 22}" y="{y + 1}">{escape(label)}</text>'


def _axes(plot: Plot, x: _Scale, y: _Scale) -> Iterator[str]:
    for value in x.ticks():
        at = float(x(value))
        yield f'<path d="M{at:.1f} {y.start:.1f}V{y.end:.1f}" stroke="#efebe2"/>'
        yield f'<text x="{at:.1f}" y="{y.start + 16:.1f}" text-anchor="middle" fill="#676257">{_number(value)}</text>'
    for value in y.ticks():
        at = float(y(value))
        yield f'<path d="M{x.start:.1f} {at:.1f}H{x.end:.1f}" stroke="#efebe2"/>'
        yield f'<text x="{x.start - 6:.1f}" y="{at + 4:.1f}" text-anchor="end" fill="#676257">{_number(value)}</text>'
    middle, foot = (x.start + x.end) / 2, y.start + 36
    yield f'<text x="{middle:.1f}" y="{foot:.1f}" text-anchor="middle">{_named(plot.x)}</text>'
    yield f'<text x="4" y="{y.end - 8:.1f}">{_named(plot.y)}</text>'


def _named(axis: m.Axis) -> str:
    return escape(plain(axis.label) + (f" [{axis.unit}]" if axis.unit else ""))


def _number(value: float) -> str:
    return f"{value:.6g}".replace("-", "\N{MINUS SIGN}")


def _color(place: int) -> str:
    return _COLORS[place % len(_COLORS)]


def _thinned(*columns: Any) -> list[Any]:
    step = max(1, -(-len(columns[0]) // _POINTS))
    return [np.asarray(column, dtype=float)[::step] for column in columns]


def _trace(x: Any, y: Any) -> str:
    """The path through points in pixels, with a gap where there is no number."""
    parts, pen = [], "M"
    for a, b in zip(x.tolist(), y.tolist(), strict=True):
        if math.isfinite(a) and math.isfinite(b):
            # What lies far outside is cut off anyway, and would be a number that no drawing program takes.
            parts.append(f"{pen}{min(max(a, -1e4), 1e4):.1f} {min(max(b, -1e4), 1e4):.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(parts)


def _line(mark: m.Line, x: _Scale, y: _Scale) -> Iterator[str]:
    across, up = _thinned(mark.x, mark.y)
    dash = ' stroke-dasharray="6 4"' if mark.dash else ""
    yield f'<path d="{_trace(x(across), y(up))}" fill="none" stroke="{_color(mark.color)}" stroke-width="2"{dash}/>'


def _dots(mark: m.Dots | m.Path, x: _Scale, y: _Scale) -> Iterator[str]:
    across, up = _thinned(mark.x, mark.y)
    for a, b in zip(x(across).tolist(), y(up).tolist(), strict=True):
        if math.isfinite(a) and math.isfinite(b):
            yield f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.5" fill="{_color(mark.color)}"/>'


def _path(mark: m.Path, x: _Scale, y: _Scale) -> Iterator[str]:
    yield from _line(m.Line(mark.x, mark.y, color=mark.color), x, y)
    yield from _dots(mark, x, y)


def _bars(mark: m.Bars, x: _Scale, y: _Scale) -> Iterator[str]:
    across, foot = x(mark.x), float(y(0.0 if y.low <= 0 <= y.high and not y.log else y.low))
    gaps = np.abs(np.diff(np.sort(across)))
    width = 0.8 * float(gaps.min()) if gaps.size and gaps.min() > 0 else 12.0
    for a, b in zip(across.tolist(), y(mark.y).tolist(), strict=True):
        if math.isfinite(a) and math.isfinite(b):
            yield (
                f'<rect x="{a - width / 2:.1f}" y="{min(b, foot):.1f}" width="{width:.1f}" height="{abs(b - foot):.1f}"'
                f' fill="{_color(mark.color)}"/>'
            )


def _band(mark: m.Band, x: _Scale, y: _Scale) -> Iterator[str]:
    across, first, second = _thinned(mark.x, mark.y1, mark.y2)
    there = np.isfinite(across) & np.isfinite(first) & np.isfinite(second)
    edge = np.concatenate([across[there], across[there][::-1]]), np.concatenate([first[there], second[there][::-1]])
    yield f'<path d="{_trace(x(edge[0]), y(edge[1]))}Z" fill="{_color(mark.color)}" fill-opacity="0.2"/>'


def _raster(mark: m.Raster | m.Contour, x: _Scale, y: _Scale, diverging: bool = False) -> Iterator[str]:
    z = np.asarray(mark.z, dtype=float)
    finite = z[np.isfinite(z)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    low, high = getattr(mark, "range", None) or (low, high)
    if diverging:
        low, high = -max(abs(low), abs(high)), max(abs(low), abs(high))
    share = np.clip((z - low) / (high - low if high > low else 1.0), 0, 1)[::-1]
    stops = np.array([_COLD, _WHITE, _WARM] if diverging else [_LOW, _HIGH], dtype=float)
    at = np.nan_to_num(share) * (len(stops) - 1)
    first = np.minimum(at.astype(int), len(stops) - 2)
    colors = stops[first] + (at - first)[..., None] * (stops[first + 1] - stops[first])
    colors[~np.isfinite(share)] = 255
    across, up = x(mark.x), y(mark.y)
    half = (across[-1] - across[0]) / max(len(across) - 1, 1) / 2, (up[0] - up[-1]) / max(len(up) - 1, 1) / 2
    width, height = across[-1] - across[0] + 2 * half[0], up[0] - up[-1] + 2 * half[1]
    pixels = base64.b64encode(_png(colors.round().astype(np.uint8))).decode()
    yield (
        f'<image x="{across[0] - half[0]:.1f}" y="{up[-1] - half[1]:.1f}" width="{width:.1f}" height="{height:.1f}"'
        f' preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,{pixels}"/>'
    )


def _png(colors: Any) -> bytes:
    """Pixels, of shape (rows, columns, 3), as a PNG file (https://www.w3.org/TR/png-3/)."""
    rows = b"".join(b"\0" + row.tobytes() for row in colors)  # before each row its filter, which is none
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", colors.shape[1], colors.shape[0], 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def _contour(mark: m.Contour, x: _Scale, y: _Scale) -> Iterator[str]:
    if mark.filled:
        yield from _raster(mark, x, y)
    z = np.asarray(mark.z, dtype=float)
    finite = z[np.isfinite(z)]
    if not finite.size:
        return
    levels = mark.levels or np.quantile(finite, np.linspace(0, 1, _LEVELS + 2)[1:-1]).tolist()
    across, up = x(mark.x), y(mark.y)
    for level in levels:
        lines = "".join(f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" for (a, b), (c, d) in _crossings(across, up, z - level))
        yield f'<path d="{lines}" fill="none" stroke="#6a6f80" stroke-width="0.8"/>'


Point = tuple[float, float]


def _crossings(across: Any, up: Any, z: Any) -> Iterator[tuple[Point, Point]]:
    """The pieces of the line z = 0 in each cell of a grid, between edges where z changes sign (marching squares)."""
    sign = z > 0
    cells = sign[:-1, :-1].astype(int) + sign[:-1, 1:] + sign[1:, :-1] + sign[1:, 1:]
    for i, j in np.argwhere((cells > 0) & (cells < 4)).tolist():
        corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)]
        if not all(math.isfinite(z[corner]) for corner in corners):
            continue
        found: list[Point] = []
        for (a, b), (c, d) in zip(corners, [*corners[1:], corners[0]], strict=True):
            if sign[a, b] != sign[c, d]:
                part = z[a, b] / (z[a, b] - z[c, d])
                found.append(
                    (across[b] + part * (across[d] - across[b]), up[a] + part * (up[c] - up[a])),
                )
        yield from zip(found[::2], found[1::2], strict=True)


def _vectors(mark: m.Vectors, x: _Scale, y: _Scale) -> Iterator[str]:
    step = max(1, -(-len(mark.x) // _ARROWS))
    columns = (np.asarray(part, dtype=float)[::step] for part in (mark.x, mark.y, mark.u, mark.v))
    across, up, u, v = columns
    lengths = np.hypot(u, v)
    long = float(np.max(lengths[np.isfinite(lengths)], initial=0.0)) if mark.longest is None else mark.longest
    if not long:
        return
    room = math.sqrt((x.end - x.start) * (y.start - y.end) / max(len(across), 1))
    tips = x(across) + u / long * room, y(up) - v / long * room
    shafts = "".join(
        f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" + _head(c, d, c - a, d - b)
        for a, b, c, d in zip(x(across), y(up), *tips, strict=True)
        if all(map(math.isfinite, (a, b, c, d)))
    )
    yield f'<path d="{shafts}" fill="none" stroke="{_color(mark.color)}" stroke-width="1.2"/>'


def _head(x: float, y: float, u: float, v: float) -> str:
    """The two short lines at the tip of an arrow of direction (u, v)."""
    left, right = (-0.3 * u - 0.15 * v, -0.3 * v + 0.15 * u), (-0.3 * u + 0.15 * v, -0.3 * v - 0.15 * u)
    return f"M{x + left[0]:.1f} {y + left[1]:.1f}L{x:.1f} {y:.1f}L{x + right[0]:.1f} {y + right[1]:.1f}"


def _rule(mark: m.Rule, x: _Scale, y: _Scale) -> Iterator[str]:
    lines = [f"M{float(x(at)):.1f} {y.start:.1f}V{y.end:.1f}" for at in mark.x]
    lines += [f"M{x.start:.1f} {float(y(at)):.1f}H{x.end:.1f}" for at in mark.y]
    yield f'<path d="{"".join(lines)}" stroke="{_color(mark.color)}" stroke-dasharray="3 3"/>'


_DRAWN: dict[type, Callable[[Any, _Scale, _Scale], Iterator[str]]] = {
    m.Line: _line,
    m.Dots: _dots,
    m.Bars: _bars,
    m.Band: _band,
    m.Contour: _contour,
    m.Raster: lambda mark, x, y: _raster(mark, x, y, mark.diverging),
    m.Vectors: _vectors,
    m.Path: _path,
    m.Rule: _rule,
}
