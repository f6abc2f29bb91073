"""Pictures of a question: a small one for the gallery, and a card of 1200 × 630 for previews of links."""

from __future__ import annotations

import re
import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

from nabla.gallery.examples import Example
from tools.drawing import Paints, drawing

SMALL = (240, 150)
CARD = (1200, 630)
_SERIES = ("#2f5aa8", "#c4532b", "#2f7d5b", "#8a4fa3", "#a87a12", "#4c7f8c")
_NUMBER = re.compile(r"-?\d[\d.]*")
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_BOX = "#4a6fb8"  # white on it can be read
_INK = "#7f8fae"
_LEAST_WIDE, _LEAST_HIGH = 30, 45  # room for a box with a name in it
_SHORT = 24
_SIGN = "M1.5 4h29L16.6 30h-1.7L1.5 4Zm5.2 3 9.6 18.9L25.9 7H6.7Z"


def _mixed(low: str, high: str, share: float) -> str:
    ends = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (low, high)]
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in zip(*ends, strict=True))


# Mid tones, which can be told from a light page and from a dark one.
_MIDDLE = Paints(
    lambda number: ("#5b83d0", "#d9724a", "#4fa37c", "#a873c4", "#c49a34", "#6ba0ae")[number % 6],
    lambda share, diverging: _mixed(*(("#6a8bcb", "#dc8463") if diverging else ("#c9c4b4", "#4a6fae")), share),
    "#9a958a",
    "none",
)
_LIGHT = Paints(
    lambda number: _SERIES[number % 6],
    lambda share, diverging: _mixed(*(("#6a8bcb", "#dc8463") if diverging else ("#f3eddd", "#3c649e")), share),
    "#b9b3a5",
    "#fdfcf9",
)


def _first_plot(document: dict[str, Any], width: int, height: int, paints: Paints) -> ET.Element | None:
    for block in document["blocks"]:
        if block["kind"] == "plot" and (picture := drawing(block, width, height, paints)) is not None and len(picture):
            return picture
    return None


def thumbnail(document: dict[str, Any]) -> str:
    """The first plot of the answer, else its graph, else the formula it is about, as a small SVG."""
    picture = _first_plot(document, *SMALL, _MIDDLE)
    if picture is None:
        picture = _graph(document)
    if not len(picture):
        picture.extend(_formula(document))
    return ET.tostring(picture, encoding="unicode")


def _formula(document: dict[str, Any]) -> Iterator[ET.Element]:
    """What was understood, as it is typed: large when it is short, else as many lines as there is room for."""
    text = next((block["text"] for block in document["blocks"] if block["kind"] == "math"), "")
    if len(text) <= _SHORT:
        yield _text(text, SMALL[0] / 2, SMALL[1] / 2 + 7, min(26, 420 / max(len(text), 1)), _INK, "serif", "italic")
        return
    for i, line in enumerate(textwrap.wrap(text, 38, break_long_words=True)[:10]):
        yield _text(line, SMALL[0] / 2, 19 + 13.5 * i, 9.5, _INK, "monospace", "normal")


def _graph(document: dict[str, Any]) -> ET.Element:
    """The graph in layers, inputs at the left."""
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {SMALL[0]} {SMALL[1]}"})
    graph = next((block for block in document["blocks"] if block["kind"] == "graph"), None)
    if graph is None:
        return svg
    layer = {node["id"]: 0 for node in graph["nodes"]}
    edges = [(edge["source"], edge["target"]) for edge in graph["edges"]]
    for _ in layer:
        for source, target in edges:
            layer[target] = max(layer[target], min(layer[source] + 1, len(layer)))
    layers: dict[int, list[str]] = {}
    for name, depth in layer.items():
        layers.setdefault(depth, []).append(name)
    wide, high = SMALL[0] / len(layers), (SMALL[1] - 12) / max(map(len, layers.values()))
    at = {
        name: (wide * (depth + 0.5), (SMALL[1] - 12) * (place + 0.5) / len(names))
        for depth, names in layers.items()
        for place, name in enumerate(names)
    }
    d = "".join(f"M{at[a][0]:.0f} {at[a][1]:.0f}L{at[b][0]:.0f} {at[b][1]:.0f}" for a, b in edges)
    ET.SubElement(svg, "path", {"d": d, "stroke": _MIDDLE.axis, "stroke-width": "1.5", "fill": "none"})
    for node in graph["nodes"]:
        if wide < _LEAST_WIDE or high < _LEAST_HIGH:
            x, y = at[node["id"]]
            ET.SubElement(svg, "circle", {"cx": f"{x:.0f}", "cy": f"{y:.0f}", "r": "6", "fill": _MIDDLE.series(0)})
        else:
            svg.extend(_node(node, *at[node["id"]], min(wide - 8, 44)))
    return svg


def _node(node: dict[str, Any], x: float, y: float, width: float) -> Iterator[ET.Element]:
    """Its name over its value in a box, and under the box its adjoint; of arrays only their shape."""
    name = _letters(node["tex"].partition(" = ")[0])
    value = node["value"] if _NUMBER.fullmatch(node["value"]) else node["label"].partition(",")[0].replace(" ", "")
    value = "" if value in ("leaf", "constant") else value
    box = {"x": f"{x - width / 2:.1f}", "y": f"{y - 16:.1f}", "width": f"{width:.1f}", "height": "32", "rx": "5"}
    yield ET.Element("rect", box | {"fill": _BOX})
    size = min(13, 1.7 * width / max(len(name), 1))
    yield _text(name, x, y - 2 if value else y + 4, size, "#ffffff", "serif", "italic")
    if value:
        yield _text(value, x, y + 11, min(9.5, 1.6 * width / len(value)), "#ffffff", "sans-serif", "normal")
    if _NUMBER.fullmatch(node["adjoint"]):
        yield _text(node["adjoint"], x, y + 29, 11, _MIDDLE.series(1), "sans-serif", "normal")


def _text(text: str, x: float, y: float, size: float, fill: str, family: str, style: str) -> ET.Element:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": f"{size:.1f}", "fill": fill, "text-anchor": "middle"}
    element = ET.Element("text", place | {"font-family": family, "font-style": style})
    element.text = text
    return element


def _letters(tex: str) -> str:
    """A name in LaTeX as letters, as far as a small picture needs it."""
    tex = re.sub(r"\^\{\(\d+\)\}|\\mathrm|\\cdots|\\quad|[{}]", "", tex)
    tex = re.sub(r"\\hat(\w)", "\\1\u0302", tex)
    return re.sub(r"_(\d+)", lambda m: m[1].translate(_LOW), tex).replace("\\", "").strip()


def card(example: Example, document: dict[str, Any]) -> str:
    """The question beside its picture, for those who see the link before they follow it."""
    width, height = CARD
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}"})
    svg.set("width", str(width))
    svg.set("height", str(height))
    ET.SubElement(svg, "rect", {"width": "100%", "height": "100%", "fill": "#fdfcf9"})
    ET.SubElement(svg, "rect", {"width": "14", "height": "100%", "fill": "#24407c"})
    sign = ET.SubElement(svg, "g", {"transform": "translate(70 60) scale(1.6)", "fill": "#24407c"})
    ET.SubElement(sign, "path", {"d": _SIGN, "fill-rule": "evenodd"})
    name = {"x": "140", "y": "100", "font-family": "KaTeX_Main", "font-size": "40", "fill": "#1e1d1a"}
    ET.SubElement(svg, "text", name | {"font-weight": "bold"}).text = "Nabla"
    ET.SubElement(svg, "text", name | {"x": "280", "fill": "#676257"}).text = example.lab
    picture = _first_plot(document, 460, 400, _LIGHT)
    lines = textwrap.wrap(example.question, 20 if picture is not None else 42)
    size = 56 if len(lines) <= 5 else 46
    for place, line in enumerate(lines):
        told = {"x": "70", "y": str(220 + place * round(1.25 * size)), "font-size": str(size), "font-weight": "bold"}
        ET.SubElement(svg, "text", told | {"font-family": "KaTeX_Main", "fill": "#1e1d1a"}).text = line
    if picture is not None:
        spot = ET.SubElement(svg, "g", {"transform": "translate(690 130)"})
        spot.extend(picture)
    return ET.tostring(svg, encoding="unicode")
