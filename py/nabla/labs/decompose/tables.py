"""A field given on a grid in its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nabla.answer.document import Block, Code, Document, Heading, Note, Prose
from nabla.errors import Span, UserError
from nabla.helmholtz.answer import Samples, answer
from nabla.helmholtz.grid import Box, Floats, resampled
from nabla.lab import Inputs
from nabla.labs.decompose import blocks
from nabla.labs.decompose.field import read_asked
from nabla.labs.decompose.measured import Globe, compared, globe_of, measure, scales_of, slopes_table
from nabla.labs.decompose.measured_words import at_points, in_words, judged
from nabla.labs.decompose.programs import table
from nabla.labs.decompose.split import answered, show_answers, show_pictures, sized, warn
from nabla.read.data.field_roles import is_polar
from nabla.read.data.grid import GridData, read_grid
from nabla.read.fields.domain import read_points
from nabla.write.sentence import sentence

SLOPES = {"divergence", "curl", "conservative", "irrotational", "solenoidal"}
FLAT = 0.02  # how much of its length a degree of longitude may lose over the window before that is a warning


def from_data(inputs: Inputs, document: Document, chosen: str, program: Sequence[Block]) -> None:
    """Answer about a field given on a grid: its divergence and curl where only these are asked for, else its parts."""
    first = inputs.choice("first")
    data = inputs.read("data", read_grid, "" if first == "auto" else first)
    polar, globe = is_polar(data.names), globe_of(data.names, data.axes)
    unit = np.pi / 180 if polar and np.ptp(data.axes[1]) > 2.01 * np.pi else 1.0
    box = _box([data.axes[0], data.axes[1] * unit] if polar else data.axes)
    if polar and box.centres(0)[0] <= 0:
        message = f"A distance {data.names[0]} of {box.centres(0)[0]:g} is none, or is the pole."
        raise UserError("value", message, hint="Leave the rows at the pole out.", field="data", span=Span(0, 0))
    typed = inputs.read("at", read_points, data.names)
    points = [(point[0], point[1] * unit) for point in typed] if polar else typed
    if any(not a <= c <= b for point in points for a, c, b in zip(box.low, point, box.high, strict=True)):
        raise UserError("value", "A point lies outside the grid.", span=Span(0, len(inputs["at"])), field="at")
    scales = scales_of(box, globe, polar)
    measured = measure(data.values, box, scales, data.names)
    document.add(*(Prose(remark) for remark in data.remarks))
    if data.counted and first == "auto":
        document.warn("unsure", data.remarks[0])
        document.add(Note("If it is the other way:", inputs={"first": "x"}, action="Take the first axis for x"))
    if polar:
        document.add(Prose(f"The angles {data.names[1]} are taken for {'degrees' if unit != 1 else 'radians'}."))
    beside = [*_unused(inputs), *program, *slopes_table(document, measured)]
    asked = set(read_asked(inputs))
    words = [at_points(document, measured, points)] if typed else []
    if SLOPES & asked or inputs["claim"].strip() or polar:
        words += [in_words(document, measured, asked), judged(inputs, document, measured, asked)]
    if polar or (SLOPES & asked and "decompose" not in asked):
        cells = " × ".join(map(str, box.n))
        document.title = f"A field on {cells} points{' of polar coordinates' if polar else ''}"
        document.values["answers"] = {}
        what = "" if polar else "Its solenoidal and irrotational parts:"
        document.add(*beside, *([Note(what, "tip", {"asked": "decompose"}, "Split it")] if what else []))
        document.add(Heading("Checked", role="checks"), compared(data.values, measured, scales))
    else:
        _split(inputs, document, chosen, _Gridded(data, box, globe, typed), beside)
        words.append(document.answer.text if document.answer else "")
    document.answer = sentence(" ".join(filter(None, words)), document.values, ())


def _box(axes: Sequence[Floats]) -> Box:
    """The box whose cells have the points of the axes in their middles."""
    half = [(axis[1] - axis[0]) / 2 for axis in axes]
    low = tuple(float(axis[0] - h) for axis, h in zip(axes, half, strict=True))
    high = tuple(float(axis[-1] + h) for axis, h in zip(axes, half, strict=True))
    return Box(low, high, tuple(axis.size for axis in axes))


@dataclass(frozen=True)
class _Gridded:
    """A field on a grid, its box in the coordinates of the data, its globe, and the points that are asked about."""

    data: GridData
    box: Box
    globe: Globe | None
    typed: list[tuple[float, ...]]


def _split(inputs: Inputs, document: Document, chosen: str, given: _Gridded, beside: Sequence[Block]) -> None:
    """The parts of the field; around holes, only walls answer."""
    data, box, globe, names = given.data, given.box, given.globe, given.data.names
    at = given.typed or [tuple((a + b) / 2 for a, b in zip(box.low, box.high, strict=True))]
    if globe is not None:
        at = [tuple(c * scale for c, scale in zip(point, globe.scales, strict=True)) for point in at]
        box, names = globe.flat(box), ["x", "y"]
        _flattened(document, globe)
    field = Samples(data.values, box)
    sized(field, "data")
    cells = " × ".join(map(str, box.n))
    document.title = f"Helmholtz decomposition of a field on {cells} points"
    if data.holes:
        if chosen not in ("compare", "wall"):
            message = f"The data have {data.holes:,} points without a value, and only walls can go around them."
            raise UserError("value", message, hint="Choose wall.", span=Span(0, len(chosen)), field="boundary")
        document.warn("filled", f"{data.holes:,} of {data.values[0].size:,} points have no value: S goes around them.")
        answers = [answer("wall", field, None)]
    else:

        def halved() -> Samples:
            return Samples(resampled(field.V, box, box.coarser()), box.coarser())

        answers = answered(document, chosen, field, halved)
    warn(document, answers)
    show_answers(
        document, chosen, answers, field, at, names, f"Values on {cells} points; derivatives by differences.", beside
    )
    show_pictures(document, answers, field, names)
    document.add(Heading("Checked", role="checks"))
    for each in answers:
        document.add(*blocks.checks(each))
    parts = {each.boundary: each.fields() for each in answers}
    document.add(Code([table(box.mesh(), names, field.V, parts)], title="The parts"))


def _flattened(document: Document, globe: Globe) -> None:
    """Say that the parts are those on a plane."""
    text = (
        f"The parts are worked out on the plane that touches the globe at latitude {globe.middle:.4g}, with x and y in "
        f"metres there; divergence and curl on the globe. Over these latitudes a degree of longitude changes its "
        f"length by {100 * globe.stretch:.2g} %."
    )
    document.add(Prose(text))
    if globe.stretch > FLAT:
        document.warn("unsure", f"The field is split as if the globe were flat. {text}")


def _unused(inputs: Inputs) -> list[Block]:
    """What is not looked at since there are data."""
    names = {"V": "formula", "domain": "box", "n": "number of cells"}
    told = [name for field, name in names.items() if inputs[field].strip()]
    if not told:
        return []
    listed = " and the ".join(told)
    verb = "is" if len(told) == 1 else "are"
    text = f"The data are decomposed, on their own grid; the {listed} above {verb} not used."
    if "formula" not in told:
        return [Note(text)]
    return [Note(text, inputs={"data": ""}, action="Take the formula")]
