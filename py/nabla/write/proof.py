"""Programs of a document that need no more than NumPy and SymPy, each followed by assertions of the answer.

A lab names in its declaration the function that writes them (`proof`).

Notebooks and exported scripts run them, so a reader need not trust the page. The assertions come
from `values`, whose names are fixed, and from what the programs themselves define.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any

from nabla.answer import document as d
from nabla.lab import LABS

_MODULES = {"numpy", "sympy", "math", "io"}
_READS_FILE = re.compile(r"\b(loadtxt|genfromtxt|np\.load|open)\(")


def programs(document: d.Document, block: d.Code) -> list[str]:
    """The programs of `block` to be run in this order in one namespace; none where all need other libraries."""
    lab = LABS.get(document.lab)
    return lab.proof(document, block) if lab and lab.proof else []


def runs_alone(text: str) -> bool:
    """Whether a program is Python that imports NumPy, SymPy or `math`, nothing else, and reads no file."""
    try:
        imported = imports(text)
    except SyntaxError:
        return False
    return bool(imported) and imported <= _MODULES and not _READS_FILE.search(text)


def imports(text: str) -> set[str]:
    """The packages that a program imports.

    Raises:
        SyntaxError: when it is no Python.
    """
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    return imported


def alone(block: d.Code, *labels: str) -> dict[str, str]:
    """The programs by label that begin with one of `labels` and run alone."""
    found = {source.label: source.text for source in block.sources if source.label.startswith(labels)}
    return {label: text for label, text in found.items() if runs_alone(text)}


def close(found: str, value: Any) -> str:
    """The line that asserts that an expression gives this value."""
    return f"np.testing.assert_allclose({found}, {value!r}, rtol=1e-8, atol=1e-10)\n"


def finite(numbers: Sequence[Any]) -> bool:
    """Whether all of them are finite numbers."""
    return all(isinstance(number, (int, float)) and abs(number) < float("inf") for number in numbers)
