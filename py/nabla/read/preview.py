"""What the page shows below a field while it is being typed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from nabla.errors import UserError
from nabla.read.asked import read_asked
from nabla.read.assignments import assignments_tex
from nabla.read.formula import read_formula

KINDS = ("formula", "formulas", "assignments")


def preview(kind: str, text: str, known: Collection[str] = ()) -> dict[str, Any]:
    """What was understood so far: `{"tex", "remarks", "error"}`, where error is a `UserError` as a dict, or None.

    Args:
        kind: "formula", "formulas" or "assignments"; of other fields nothing is understood.
        text: the text of the field.
        known: names of variables that other fields mention.
    """
    shown: dict[str, Any] = {"tex": "", "remarks": [], "error": None}
    if kind not in KINDS or not text.strip():
        return shown
    try:
        if kind == "assignments":
            return shown | {"tex": assignments_tex(text, known=known)}
        if kind == "formula":
            readings = [read_formula(text, known=known)]
        else:
            readings = [part.difference for part in read_asked(text, known=known)]
    except UserError as error:
        return shown | {"error": error.to_dict()}
    tex = r",\quad ".join(reading.tex for reading in readings)
    remarks = [asdict(remark) for reading in readings for remark in reading.remarks]
    for remark in remarks:
        remark["span"] = [remark["span"]["start"], remark["span"]["end"]]
    return shown | {"tex": tex, "remarks": remarks}
