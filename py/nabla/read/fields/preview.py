"""What the page shows below a field while it is being typed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from typing import Any

from nabla.errors import UserError
from nabla.read.fields.asked import Asked, read_asked
from nabla.read.fields.assignments import assignments_tex
from nabla.read.fields.claims import WorkLine, read_claim
from nabla.read.fields.vector import components_text
from nabla.read.formula import Reading, read_formula

# The kinds of fields of which a preview is shown.
PREVIEWED = ("formula", "formulas", "assignments", "claim")


def preview(kind: str, text: str, known: Collection[str] = ()) -> dict[str, Any]:
    """What was understood so far: `{"tex", "remarks", "error"}`, where error is a `UserError` as a dict, or None.

    Args:
        kind: one of `PREVIEWED`; of other fields nothing is understood.
        text: the text of the field.
        known: names of variables that other fields mention.
    """
    shown: dict[str, Any] = {"tex": "", "remarks": [], "error": None}
    if kind not in PREVIEWED or not text.strip():
        return shown
    try:
        if kind == "assignments":
            return shown | {"tex": assignments_tex(text, known=known)}
        if kind == "claim":
            lines = read_claim(text, known=known)
            readings = [reading for line in lines for reading in _claimed(line, text)]
            tex = r";\quad ".join(map(_line, lines))
        else:
            formula = kind == "formula"
            readings = (
                [read_formula(text, known=known)] if formula else [part.difference for part in _parts(text, known)]
            )
            tex = r",\quad ".join(reading.tex for reading in readings)
    except UserError as error:
        return shown | {"error": error.to_dict()}
    remarks = [asdict(remark) for reading in readings for remark in reading.remarks]
    for remark in remarks:
        remark["span"] = [remark["span"]["start"], remark["span"]["end"]]
    return shown | {"tex": tex, "remarks": remarks}


def _parts(text: str, known: Collection[str]) -> list[Asked]:
    """Formulas and equations, or where they cannot be read so the components of a field."""
    try:
        return read_asked(text, known=known)
    except UserError:
        made = components_text(text)
        if made == text:
            raise
        return read_asked(made, known=known)


def _line(line: WorkLine) -> str:
    if isinstance(line.entries, Reading):
        return line.entries.tex
    rows = [row if isinstance(row, list) else [row] for row in line.entries]
    cells = r" \\ ".join(" & ".join(reading.tex for reading in row) for row in rows)
    return rf"\begin{{bmatrix}} {cells} \end{{bmatrix}}"


def _claimed(line: WorkLine, text: str) -> list[Reading]:
    """The readings of a line. The other reading of a part would not be that of the whole text."""
    if isinstance(line.entries, Reading) and line.text == text.strip():
        return [line.entries]
    rows = line.entries if isinstance(line.entries, list) else [line.entries]
    readings = [reading for row in rows for reading in (row if isinstance(row, list) else [row])]
    return [replace(each, remarks=tuple(replace(r, alternative="") for r in each.remarks)) for each in readings]
