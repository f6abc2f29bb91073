"""The same question in CPython and in the page's Python, and where the two answers differ."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

import nabla
from nabla.errors import UserError
from tests.generated import Inputs
from tests.golden.compare import differences
from tests.golden.reduced import reduced

ASK = """async ([lab, inputs]) => {
    try {
        return { document: await nabla.run(lab, inputs) };
    } catch ({ message, error, crash, reason }) {
        return { error: error ?? null, fault: error ? '' : `${reason ?? ''} ${crash?.trace ?? message}` };
    }
}"""
TOLERANCE = 1e-6  # of numbers that differ by the last digits of two libraries, after sums and searches


def native(lab: str, inputs: Inputs) -> dict[str, Any]:
    """The document, or the error, as the page gives them."""
    try:
        return {"document": nabla.run(lab, inputs).to_dict()}
    except UserError as error:
        return {"error": error.to_dict(), "fault": ""}


def apart(page: Page, lab: str, inputs: Inputs) -> list[str]:
    """Where the page's answer to a question differs from CPython's."""
    here, there = native(lab, inputs), page.evaluate(ASK, [lab, inputs])
    return differences(reduced(here), reduced(there), lab, TOLERANCE)
