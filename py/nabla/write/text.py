"""A document as plain text for the terminal."""

from __future__ import annotations

import re
import textwrap

from nabla import document as d
from nabla.write.terminal import readable

WIDTH = 96
_GLYPH = {"passed": "✓", "failed": "✗", "unchecked": "·"}
_LEVELS = ("novice", "normal", "expert")
_INLINE = re.compile(r"\\([$`*\\])|\$([^$]*)\$|`([^`]*)`|\*\*")


def to_text(document: d.Document) -> str:
    """The document as text: formulas in Python's notation where a block has it, in signs otherwise."""
    parts = [plain(document.title), "=" * len(plain(document.title)), ""]
    parts += [f"! {plain(warning.message)}" for warning in document.warnings]
    for block in document.blocks:
        parts += [*_block(block), ""]
    return "\n".join(parts).rstrip() + "\n"


def plain(prose: str) -> str:
    """Prose without its marks, formulas in signs."""
    return _INLINE.sub(lambda m: m[1] or (readable(m[2]) if m[2] else m[3] or ""), prose)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent) or [indent]


def _block(block: d.Block) -> list[str]:
    match block:
        case d.Heading():
            return [plain(block.text), "-" * len(plain(block.text))]
        case d.Prose() | d.Note():
            return _wrapped(plain(block.text))
        case d.Math():
            label = f"{plain(block.label)}: " if block.label else ""
            return [f"    {label}{block.text or readable(block.tex)}"]
        case d.Check():
            return [_check(block)]
        case d.Steps(folded=True):
            # What is folded stays so: the outermost words are told, and nothing that they hide.
            return [line for step in block.steps if step.why for line in _wrapped(plain(f"{step.title}: {step.why}"))]
        case d.Steps():
            return [line for step in block.steps for line in _step(step, block.detail, "")]
        case d.Table():
            return _table(block)
        case d.Plot() | d.Graph():
            return _wrapped(f"[{plain(block.title) or block.kind}] {plain(block.summary)}")
        case d.Code():
            return [line for source in block.sources for line in [f"# {source.label}", *source.text.splitlines(), ""]]


def _check(check: d.Check) -> str:
    figure = f" ({check.figure:.1e}, bound {check.bound:.0e})" if check.figure is not None and check.bound else ""
    return f"{_GLYPH[check.verdict]} {plain(check.claim)}: {plain(check.method)}{figure}"


def visible(step: d.Step, detail: d.Detail) -> bool:
    """Whether a reader who asked for `detail` sees the step."""
    return _LEVELS.index(step.detail) >= _LEVELS.index(detail)


def _step(step: d.Step, detail: d.Detail, indent: str) -> list[str]:
    lines: list[str] = []
    if visible(step, detail):
        glyph = f" {_GLYPH[step.check.verdict]}" if step.check else ""
        lines = [f"{indent}{plain(step.title)}{glyph}", f"{indent}    {readable(step.tex)}"]
        lines += [f"{indent}    with {readable(where)}" for where in step.where]
        indent += "  "
    return lines + [line for inner in step.steps for line in _step(inner, detail, indent)]


def _table(table: d.Table) -> list[str]:
    head = [column.label + (f" [{column.unit}]" if column.unit else "") for column in table.columns]
    rows = [head, *([cell_text(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def cell_text(cell: d.Cell) -> str:
    """A cell of a table as text: numbers to six digits."""
    if cell is None:
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else plain(str(cell))
