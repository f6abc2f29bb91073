"""A document as a Jupyter notebook, and as a script: its programs, and what they must give.

The notebook follows the format's description, version 4.5: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from nabla.answer import document as d
from nabla.write.markdown import block_text, blocks, fenced, head, prose
from nabla.write.proof import imports, programs
from nabla.write.text import plain

# Its name as pyproject.toml has it; `nabla` on PyPI is another project.
DISTRIBUTION = "nabla-explained"
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def to_notebook(document: d.Document, link: str = "") -> dict[str, Any]:
    """The document as a notebook, ready for `json.dump`.

    Explanations become cells of Markdown, a cell a section. Programs that need no more than NumPy and SymPy become
    cells of code, followed by assertions of the answer; of other programs the first is shown as text.

    Args:
        document: what to write.
        link: the address of the question, for the first cell; none where it is empty.
    """
    cells: list[dict[str, Any]] = []

    def add(kind: str, text: str) -> None:
        if text.strip():
            cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{len(cells) + 1}", "metadata": {}}
            if kind == "code":
                cell |= {"execution_count": None, "outputs": []}
            cells.append(cell | {"source": text.rstrip().splitlines(keepends=True)})

    add("markdown", "\n\n".join(part for part in (head(document, 1), _asked(document.inputs), _linked(link)) if part))
    for section in _sections(document):
        if isinstance(section, list):
            add("markdown", "\n\n".join(blocks(section, 2)))
            continue
        found = programs(document, section)
        if section.title and found:
            add("markdown", prose(section.title))
        elif not found:
            add("markdown", block_text(section, 2))
        for program in found:
            add("code", program)
    return {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}


def notebook_text(document: d.Document, link: str = "") -> str:
    """The notebook as the text of an .ipynb file."""
    return json.dumps(to_notebook(document, link), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def to_python(document: d.Document, link: str = "") -> str:
    """The document as a script: its programs with assertions of the answer, which need nothing of Nabla.

    Its docstring names the packages that it needs. The same question to Nabla stands behind them as a comment; where
    there is no program that runs alone, it is the script.
    """
    found = [block for block in document.blocks if isinstance(block, d.Code)]
    parts = [program.strip() for block in found for program in programs(document, block)]
    needed = sorted({name for part in parts for name in imports(part)} - sys.stdlib_module_names)
    title = plain(document.title).replace("\\", "\\\\").replace('"', "'")
    package = f"the package nabla, whose distribution is called {DISTRIBUTION}"
    needs = f"Needs {' and '.join(needed)}." if needed else "Needs Python alone." if parts else f"Needs {package}."
    said = [f"{title}.", needs, link]
    alone = bool(parts)
    parts.insert(0, '"""' + "\n\n".join(part for part in said if part) + '\n"""')
    asked = ", ".join(f"{json.dumps(name)}: {_literal(text)}" for name, text in document.inputs.items())
    again = f"import nabla\n\ndocument = nabla.run({json.dumps(document.lab)}, {{{asked}}})\nprint(document)"
    parts.append(
        f"# The same question to Nabla itself, which needs {package}:\n{textwrap.indent(again, '# ')}"
        if alone
        else again
    )
    return "\n\n".join(parts) + "\n"


def _sections(document: d.Document) -> list[list[d.Block] | d.Code]:
    """The blocks from heading to heading; programs by themselves."""
    sections: list[list[d.Block] | d.Code] = []
    for is_code, run in groupby(document.blocks, key=lambda block: isinstance(block, d.Code)):
        for block in run:
            last = sections[-1] if sections else None
            if is_code and isinstance(block, d.Code):
                sections.append(block)
            elif isinstance(last, list) and not isinstance(block, d.Heading):
                last.append(block)
            else:
                sections.append([block])
    return sections


def _asked(inputs: Mapping[str, str]) -> str:
    """The inputs as they were typed, long ones cut: the programs hold what they need."""
    shown = [(name, text.strip()) for name, text in inputs.items() if text.strip()]
    if not shown:
        return ""
    lines = "\n".join(f"{name} = {textwrap.shorten(text, 2000) if len(text) > 2000 else text}" for name, text in shown)
    return "What was asked:\n\n" + fenced(d.Source("", "text", lines))


def _linked(link: str) -> str:
    return f"[This question in Nabla, to check and to change](<{link}>)" if link else ""


def _literal(text: str) -> str:
    """Text as Python has it; several lines between three quotes, where that is the same."""
    if "\n" not in text or "\r" in text or '"""' in text or "\\" in text or text.endswith('"'):
        return json.dumps(text, ensure_ascii=False)
    return f'"""{text}"""'
