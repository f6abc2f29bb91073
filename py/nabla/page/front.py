"""The answer that the start page shows before anything is asked: one question, its results and its checks."""

from __future__ import annotations

from typing import Any

import nabla
from nabla.answer.document import Block, Heading

LAB = "derive"
INPUTS = {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2", "claim": "8"}
QUESTION = "Why is the derivative 16, when I get 8?"
# What stands under these headings, and above all of them; the steps, plots and programs are on its page.
SHOWN = frozenset({"", "Your answer", "Checked"})


def front() -> dict[str, Any]:
    """The question, and the document that answers it, shortened, as JSON-ready data."""
    document = nabla.run(LAB, INPUTS)
    kept: list[Block] = []
    heading = ""
    for block in document.blocks:
        heading = block.text if isinstance(block, Heading) else heading
        if heading in SHOWN:
            kept.append(block)
    document.blocks[:] = kept
    return {"question": QUESTION, "document": document.to_dict()}
