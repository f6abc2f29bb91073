"""The answer that the start page shows before anything is asked: one question, its results and its checks."""

from __future__ import annotations

from typing import Any

import nabla
from nabla.answer.document import Block, Heading

LAB = "derive"
INPUTS = {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2", "claim": "8"}
QUESTION = "Why is the derivative 16, when I get 8?"
# What is shown beside what stands above all headings; the steps, plots and programs are on the answer's own page.
ROLES = frozenset({"claim", "checks"})


def front() -> dict[str, Any]:
    """The question, and the document that answers it, shortened, as JSON-ready data."""
    document = nabla.run(LAB, INPUTS)
    document.blocks[:] = shortened(document.blocks)
    return {"question": QUESTION, "document": document.to_dict()}


def shortened(blocks: list[Block]) -> list[Block]:
    """The blocks above all headings, and those under headings with a role that is shown."""
    kept: list[Block] = []
    shown = True
    for block in blocks:
        shown = block.role in ROLES if isinstance(block, Heading) else shown
        if shown:
            kept.append(block)
    return kept
