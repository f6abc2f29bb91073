"""A document as Markdown: LaTeX between dollar signs, as Stack Exchange, GitHub and Jupyter read it."""

from __future__ import annotations

from nabla import document as d
from nabla.write.text import cell_text, visible

_GLYPH = {"passed": "✓", "failed": "✗", "unchecked": "·"}


def to_markdown(document: d.Document) -> str:
    """The document as Markdown. Plots and graphs are told by their summaries, since Markdown holds no picture."""
    parts = [f"## {document.title}"]
    parts += [f"> **Note.** {warning.message}" for warning in document.warnings]
    parts += [_block(block) for block in document.blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: d.Block) -> str:
    match block:
        case d.Heading():
            return f"{'#' * (block.level + 1)} {block.text}"
        case d.Prose():
            return block.text
        case d.Note():
            return f"> {block.text}"
        case d.Math():
            label = f"{block.label}\n\n" if block.label else ""
            return f"{label}$${block.tex}$$"
        case d.Check():
            return _check(block)
        case d.Steps(folded=True):
            return "\n".join(f"- {step.title}: {step.why}" for step in block.steps if step.why)
        case d.Steps():
            return "\n".join(line for step in block.steps for line in _step(step, block.detail, ""))
        case d.Table():
            return _table(block)
        case d.Plot() | d.Graph():
            return f"*{block.summary}*"
        case d.Code():
            return "\n\n".join(f"```{source.language}\n{source.text.rstrip()}\n```" for source in block.sources)


def _check(check: d.Check) -> str:
    figure = f" ({check.figure:.1e}, bound {check.bound:.0e})" if check.figure is not None and check.bound else ""
    return f"- {_GLYPH[check.verdict]} {check.claim}: {check.method}{figure}"


def _step(step: d.Step, detail: d.Detail, indent: str) -> list[str]:
    lines: list[str] = []
    if visible(step, detail):
        where = "".join(f", where ${definition}$" for definition in step.where)
        lines = [f"{indent}- {step.title}: ${step.tex}${where}"]
        indent += "    "
    return lines + [line for inner in step.steps for line in _step(inner, detail, indent)]


def _table(table: d.Table) -> str:
    head = [column.label + (f" [{column.unit}]" if column.unit else "") for column in table.columns]
    rule = ["---:" if column.align == "right" else "---" for column in table.columns]
    rows = [head, rule, *([cell_text(cell).replace("|", r"\|") for cell in row] for row in table.rows)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
