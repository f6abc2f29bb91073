"""The address `#/ask?q=...`: a pasted text whole, with the form in which the page shows it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from nabla.errors import UserError
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
    Field(
        "with",
        "text",
        "Changed",
        help="Inputs of the lab in the place of those that were read in the text: an object of JSON, names and texts.",
        advanced=True,
    ),
)
# The field of a lab that a part of the text fills, by the role of the part.
ROLES = {
    "derive": {
        "function": "f", "equation": "f", "applied": "f", "variable": "wrt", "point": "at", "answer": "claim",
        "domain": "domain", "direction": "direction",
    },
    "backprop": {"program": "code", "answer": "claim"},
    "fit": {"data": "data", "program": "code"},
    "descend": {"function": "f", "program": "f", "point": "start"},
    "train": {"program": "code"},
    "decompose": {"function": "V", "data": "data", "program": "code", "domain": "domain", "point": "at"},
}  # fmt: skip
EXAMPLE = {"q": "What is the derivative of (w*x - y)^2 with respect to w at x=2, y=2, w=3? By hand I get 8."}


def read_changes(text: str) -> dict[str, str]:
    """The inputs that the field `with` sets.

    Raises:
        UserError: "value" when it is no JSON object of texts.
    """
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise UserError("value", "What was changed cannot be read.", hint='It is written {"at": "x=2"}.', field="with")
    return found


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
