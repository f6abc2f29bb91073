"""Plots as pictures for notebooks: every kind of mark at its place, and nothing that is no number."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import nabla
from nabla.answer import marks as m
from nabla.answer.document import Plot
from nabla.write.picture import _crossings, to_image, to_svg

X = np.linspace(1.0, 3.0, 5)
GAP = np.array([1.0, np.nan, 2.0, np.inf, 3.0])
Z = np.add.outer(X, X)
MARKS: list[m.Mark] = [
    m.Line(X, GAP, "a < b & $x^2$", dash=True), m.Dots(X, GAP), m.Bars(X, GAP), m.Band(X, X, GAP),
    m.Contour(X, X, Z, filled=True), m.Raster(X, X, np.where(Z > 5, np.nan, Z), diverging=True),
    m.Vectors(X, X, X, GAP), m.Path(X, GAP), m.Rule([1.5], [2.0]),
]  # fmt: skip


def numbers(text: str) -> list[float]:
    """The numbers of a path."""
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def drawn(plot: Plot) -> ElementTree.Element:
    text = to_svg(plot)
    assert not re.search(r"\b(nan|inf|None)\b", re.sub(r"base64,[^\"]*", "", text))
    return ElementTree.fromstring(text)


def group(plot: Plot) -> ElementTree.Element:
    """What is drawn between the axes."""
    found = drawn(plot).find("{*}g")
    assert found is not None
    return found


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.mark)
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_every_kind_of_mark_is_drawn(mark: m.Mark, scale: Any) -> None:
    assert len(group(Plot([mark], "Seen.", m.Axis(scale=scale), m.Axis("y", "V", scale=scale)))) > 0


def test_every_kind_is_among_them() -> None:
    assert {type(mark) for mark in MARKS} == set(m.MARKS)


def test_points_lie_where_the_ticks_say() -> None:
    plot = Plot([m.Line(np.array([0.0, 10.0]), np.array([0.0, 4.0]))], "Seen.", m.Axis(), m.Axis(domain=(0, 4)))
    line = numbers(group(plot)[0].attrib["d"])
    ticks = {element.text: element.attrib for element in drawn(plot).findall(".//{*}text")}
    assert float(ticks["10"]["x"]) == line[2]
    assert float(ticks["4"]["y"]) - 4 == line[3]


def test_equal_axes_have_one_scale() -> None:
    circle = np.linspace(0, 2 * np.pi, 41)
    plot = Plot([m.Line(3 * np.cos(circle), np.sin(circle))], "Seen.", equal=True)
    line = np.reshape(numbers(group(plot)[0].attrib["d"]), (-1, 2))
    assert np.ptp(line[:, 0]) / np.ptp(line[:, 1]) == pytest.approx(3, rel=0.01)


def test_level_lines_lie_on_their_level() -> None:
    grid = np.linspace(-2, 2, 41)
    pieces = list(_crossings(grid, grid, np.add.outer(grid**2, grid**2) - 1))
    radii = np.hypot(*np.reshape(pieces, (-1, 2)).T)
    assert len(pieces) > 60 and np.abs(radii - 1).max() < 0.002


def test_pixels_have_the_colours_of_their_values_and_the_first_row_below() -> None:
    raster = group(Plot([m.Raster(X[:2], X[:2], np.array([[-1.0, 1.0], [0.0, 0.0]]), diverging=True)], "Seen."))[0]
    data = base64.b64decode(raster.attrib["href"].partition("base64,")[2])
    assert struct.unpack(">II", data[16:24]) == (2, 2)
    start = data.index(b"IDAT") + 4
    rows = zlib.decompressobj().decompress(data[start:])
    assert rows == bytes([0, *[255] * 6, 0, 0x6A, 0x8B, 0xCB, 0xDC, 0x84, 0x63])


def test_notebooks_see_plots_and_markdown_elsewhere_their_summaries() -> None:
    answer = nabla.derive("x^2", "x", at="x=1")
    (plot,) = (block for block in answer.blocks if isinstance(block, Plot))
    assert to_image(plot) in answer._repr_markdown_()
    assert "<img" not in answer.to_markdown()
