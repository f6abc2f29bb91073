"""derive: the derivative of a formula, step by step, with its value, its plot, its code and its proof."""

from __future__ import annotations

from nabla.document import Document
from nabla.lab import Field, Inputs, lab


@lab(
    "derive",
    title="Derive",
    summary="Differentiate a formula and see every step proven.",
    fields=[
        Field("f", "formula", "Function", required=True, placeholder="(w*x - y)^2"),
        Field("wrt", "text", "With respect to", placeholder="w"),
        Field("at", "assignments", "At the point", placeholder="w=3, x=2, y=2"),
        Field("detail", "choice", "Detail", default="normal", choices=("novice", "normal", "expert")),
    ],
    example={"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2"},
)
def derive(inputs: Inputs, document: Document) -> None:
    """Answer `inputs` into `document`."""
