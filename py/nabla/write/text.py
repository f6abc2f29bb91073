"""A document as plain text, for the terminal and for places that hold nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from nabla.answer import document as d
from nabla.write.prose import pieces
from nabla.write.terminal import readable

WIDTH = 96
_TABLE = 40  # lines of a table of numbers that stand in a text
_GLYPH = {"passed": "✓", "failed": "✗", "unchecked": "·"}
_LEVELS = ("novice", "normal", "expert")


def to_text(document: d.Document, link: str = "") -> str:
    """The document as text: formulas in Python's notation where a block has it, in signs otherwise.

    `link`, the address of the question, is the last line where there is one.
    """
    parts = [plain(document.title), "=" * len(plain(document.title)), ""]
    parts += [f"! {plain(warning.message)}" for warning in document.warnings]
    if document.answer:
        parts += [*_wrapped(document.answer.text), ""]
    for block in document.blocks:
        parts += [*block_lines(block), ""]
    parts.append(link)
    return "\n".join(parts).rstrip() + "\n"


def plain(prose: str) -> str:
    """Prose without its marks, formulas in signs."""
    written: dict[str, Callable[[str], str]] = {"text": str, "math": readable, "code": str, "strong": plain}
    return "".join(written[kind](piece) for kind, piece in pieces(prose))


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent) or [indent]


def block_lines(block: object) -> list[str]:
    """A block as lines of text, by the case of its class."""
    return CASES[type(block)](block)


def _heading(block: d.Heading) -> list[str]:
    return [plain(block.text), "-" * len(plain(block.text))]


def _paragraph(block: d.Prose | d.Note) -> list[str]:
    return _wrapped(plain(block.text))


def _math(block: d.Math) -> list[str]:
    label = f"{plain(block.label)}: " if block.label else ""
    return [f"    {label}{block.text or readable(block.tex)}"]


def _steps(block: d.Steps) -> list[str]:
    if block.folded:
        # What is folded stays so: the outermost words are told, and nothing that they hide.
        return [line for step in block.steps if step.why for line in _wrapped(plain(f"{step.title}: {step.why}"))]
    title = [plain(block.title), ""] if block.title else []
    return title + [line for step in visible_steps(block.steps, block.detail) for line in _step(step, "")]


def _summary(block: d.Plot | d.Graph) -> list[str]:
    return _wrapped(f"[{plain(block.title) or block.kind}] {plain(block.summary)}")


def _code(block: d.Code) -> list[str]:
    return [line for source in block.sources for line in [*_source(source), ""]]


def _source(source: d.Source) -> list[str]:
    lines = source.text.splitlines()
    if source.language == "csv" and len(lines) > _TABLE:
        return [f"# {source.label}: {len(lines) - 1:,} rows, too many to be printed; as JSON they are there"]
    return [f"# {source.label}", *lines]


def _check(check: d.Check) -> list[str]:
    measured = figures(check)
    return [f"{_GLYPH[check.verdict]} {plain(check.claim)}: {plain(check.method)}" + (measured and f" ({measured})")]


def figures(check: d.Check) -> str:
    """What was measured and what it had to stay below, as far as there is either."""
    if check.figure is None:
        return ""
    return f"{check.figure:.1e}" + (f", bound {check.bound:.0e}" if check.bound is not None else "")


def visible_steps(steps: Sequence[d.Step], detail: d.Detail) -> list[d.Step]:
    """The steps to be seen at a level of detail; one that is left out gives its place to the steps inside it."""
    shown: list[d.Step] = []
    for step in steps:
        inner = visible_steps(step.steps, detail)
        shown += [replace(step, steps=inner)] if _LEVELS.index(step.detail) >= _LEVELS.index(detail) else inner
    return shown


def _step(step: d.Step, indent: str) -> list[str]:
    glyph = f" {_GLYPH[step.check.verdict]}" if step.check else ""
    lines = [f"{indent}{plain(step.title)}{glyph}"]
    lines += [f"{indent}    {readable(step.tex)}"] if step.tex else []
    lines += [f"{indent}    with {readable(where)}" for where in step.where]
    return lines + [line for inner in step.steps for line in _step(inner, indent + "  ")]


def _table(table: d.Table) -> list[str]:
    head = [column.label + (f" [{column.unit}]" if column.unit else "") for column in table.columns]
    rows = [head, *([cell_text(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def cell_text(cell: d.Cell) -> str:
    """A cell of a table as text."""
    return plain(cell) if isinstance(cell, str) else number_text(cell)


def number_text(value: float | None) -> str:
    """A number of a table to six digits; nothing for none."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


# The case of each kind of block. Writers that have none of their own for a kind show these lines.
CASES: dict[type, Callable[[Any], list[str]]] = {
    d.Heading: _heading,
    d.Prose: _paragraph,
    d.Note: _paragraph,
    d.Math: _math,
    d.Check: _check,
    d.Steps: _steps,
    d.Table: _table,
    d.Plot: _summary,
    d.Graph: _summary,
    d.Code: _code,
}
