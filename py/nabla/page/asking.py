"""The address `#/ask?q=...`: a pasted text whole, with the form in which the page shows it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nabla.lab import LABS, Field

ANY = "any"
FIELDS = (
    Field(
        "q",
        "data",
        "Your question",
        help="A formula, LaTeX, data, a program, an error with its program, or a whole question, as you would paste it "
        "anywhere else.",
        required=True,
    ),
    Field(
        "lab",
        "choice",
        "Answered by",
        default=ANY,
        choices=(ANY, *LABS),
        help="The lab that reads the text; any takes the one that fits best.",
        advanced=True,
    ),
)
EXAMPLE = {"q": "What is the derivative of (w*x - y)^2 with respect to w at x=2, y=2, w=3? By hand I get 8."}


def form() -> dict[str, Any]:
    """The form of a text, described as those of the labs are; it may take as long as the slowest of them."""
    return {
        "name": "ask",
        "title": "Ask",
        "summary": "Any question, program or data, read whole and answered by the lab that fits.",
        "seconds": max(lab.seconds for lab in LABS.values()),
        "example": EXAMPLE,
        "fields": [asdict(field) for field in FIELDS],
    }
