"""The sources of the methods, as the docstrings of the mathematics name them: papers and books, for the page about."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
MATHS = {
    "calculus": "Derivatives",
    "tensor": "Backpropagation",
    "sinusoid": "Sinusoids",
    "optimise": "Optimisers",
    "network": "Networks",
    "helmholtz": "Helmholtz decomposition",
}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Where a sentence may end; not behind an initial or an abbreviation, which are capitalised as no last word is.
_END = re.compile(r"(\b[A-Za-z]*|[\W\d])[.:]\s+(?=[A-Z(])|\n\n|\n(?=-\s)")


def sources() -> dict[str, list[str]]:
    """For each part of the mathematics the works that its docstrings name, in the order of its files, each once."""
    found: dict[str, list[str]] = {}
    for package, title in MATHS.items():
        named: dict[str, None] = {}
        for path in sorted((ROOT / package).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)):
                    named |= dict.fromkeys(_cited(ast.get_docstring(node) or ""))
        if named:
            found[title] = list(named)
    return found


def _cited(docstring: str) -> list[str]:
    """The sentences of a docstring that name a year."""
    cuts = [m.end() for m in _END.finditer(docstring) if not (m[1] or "").istitle() and not (m[1] or "").isupper()]
    parts = (docstring[start:end] for start, end in zip([0, *cuts], [*cuts, len(docstring)], strict=True))
    sentences = (re.sub(r"\s+", " ", text).strip(" .;:-") for text in parts)
    return [re.sub(r"^Sources?: ", "", text) for text in sentences if _YEAR.search(text) and "survey of" not in text]
