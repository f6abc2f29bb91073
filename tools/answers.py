"""The answers that the site holds ready: those of the gallery, and those to the example of each lab, computed here.

`python -m tools.answers FOLDER` writes each into a file of its name. What a check refutes is not published.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nabla
from nabla.gallery.examples import EXAMPLES
from nabla.lab import LABS

# A plot is a few hundred pixels wide; the live answer brings every digit.
DIGITS = 5


def questions() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Name, lab and inputs of every question whose answer is held ready, each once."""
    asked = [(example.lab, example.inputs) for example in EXAMPLES]
    yield from ((example.name, example.lab, example.inputs) for example in EXAMPLES)
    for lab in LABS.values():
        inputs = dict(lab.example)
        if (lab.name, inputs) not in asked:
            yield f"example-of-{lab.name}", lab.name, inputs


def answer(lab: str, inputs: dict[str, str]) -> dict[str, Any]:
    """The document that answers, JSON-ready, the arrays of its plots rounded to what can be seen.

    Raises:
        ValueError: when one of its checks failed.
    """
    document = nabla.run(lab, inputs)
    failed = [check.claim for check in document.checks if check.verdict == "failed"]
    if failed:
        raise ValueError(f"the answer of {lab} to {inputs} is not published, since a check failed: {failed}")
    return document.to_data(lambda array: rounded(array.tolist()))


def rounded(value: Any) -> Any:
    """Numbers, nested as they are, to `DIGITS` digits, what is no number as documents hold it."""
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if value != value:
        return None
    if abs(value) == float("inf"):
        return "inf" if value > 0 else "-inf"
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def main(folder: Path) -> None:
    """Write every answer into `folder`."""
    for name, lab, inputs in questions():
        text = json.dumps(answer(lab, inputs), ensure_ascii=False, separators=(",", ":"))
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
