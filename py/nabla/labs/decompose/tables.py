"""A field given on a grid in its parts."""

from __future__ import annotations

from collections.abc import Sequence

from nabla.answer.document import Block, Code, Document, Heading, Note, Prose
from nabla.errors import Span, UserError
from nabla.helmholtz.answer import Samples, answer
from nabla.helmholtz.grid import Box, resampled
from nabla.lab import Inputs
from nabla.labs.decompose import blocks
from nabla.labs.decompose.field import read_asked
from nabla.labs.decompose.measured import Globe, globe_of, in_words, measure
from nabla.labs.decompose.programs import table
from nabla.labs.decompose.split import answered, show_answers, show_pictures, sized, warn
from nabla.read.data.grid import read_grid
from nabla.read.fields.domain import read_points
from nabla.write.sentence import sentence

FLAT = 0.02  # how much of its length a degree of longitude may lose over the window before that is a warning


def from_data(inputs: Inputs, document: Document, chosen: str, program: Sequence[Block]) -> None:
    """Decompose a field given on a grid; around holes, only walls answer."""
    data = inputs.read("data", read_grid)
    half = [(axis[1] - axis[0]) / 2 for axis in data.axes]
    low = tuple(float(axis[0] - h) for axis, h in zip(data.axes, half, strict=True))
    high = tuple(float(axis[-1] + h) for axis, h in zip(data.axes, half, strict=True))
    box = Box(low, high, tuple(axis.size for axis in data.axes))
    at = inputs.read("at", read_points, data.names) or [tuple((a + b) / 2 for a, b in zip(low, high, strict=True))]
    if any(not a <= c <= b for point in at for a, c, b in zip(low, point, high, strict=True)):
        raise UserError("value", "A point lies outside the grid.", span=Span(0, len(inputs["at"])), field="at")
    globe = globe_of(data.names, data.axes)
    measured = measure(document, data.values, box, globe, data.names)
    names = data.names
    if globe is not None:
        at = [tuple(c * scale for c, scale in zip(point, globe.scales, strict=True)) for point in at]
        box, names = globe.flat(box), ["x", "y"]
        _flattened(document, globe)
    field = Samples(data.values, box)
    sized(field, "data")
    cells = " × ".join(map(str, box.n))
    document.title = f"Helmholtz decomposition of a field on {cells} points"
    document.add(*(Prose(remark) for remark in data.remarks))
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
    beside = [*_unused(inputs), *program, *measured]
    warn(document, answers)
    show_answers(
        document, chosen, answers, field, at, names, f"Values on {cells} points; derivatives by differences.", beside
    )
    if {"divergence", "curl", "conservative", "irrotational", "solenoidal"} & set(read_asked(inputs)):
        parts_told = document.answer.text if document.answer else ""
        document.answer = sentence(f"{in_words(document)} {parts_told}", document.values, ())
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
