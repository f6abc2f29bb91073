"""A document as Markdown: LaTeX between dollar signs, as Stack Exchange, GitHub and Jupyter read it.

Formulas stand between `$` and `$$`, programs between fences, tables between bars. What those readers would take for
something else is written so that none does: a bar inside a table's formula, "<" inside any formula, a star in a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from nabla.answer import document as d
from nabla.write.picture import to_image
from nabla.write.prose import pieces
from nabla.write.text import block_lines, figures, number_text, visible_steps

GLYPH = {"passed": "✓", "failed": "✗", "unchecked": "○"}
# What readers of Markdown would not show as it stands: links, tags, entities, what is stressed.
_MARKS = re.compile(r"[\\`*$]|\](?=[(\[:])|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
# A formula longer than this has a line of its own inside a list.
_LONG = 90


def to_markdown(document: d.Document, link: str = "", top: int = 3, pictures: bool = False) -> str:
    """The document as Markdown.

    Plots and graphs are told by their summaries, since few places take pictures inside of Markdown, and of a program
    in several languages the first is shown.

    Args:
        document: what to write.
        link: the address of the question, for the last line; none where it is empty.
        top: the level of the title; answers on Stack Exchange look best with small headings.
        pictures: whether plots are drawn, which notebooks can show.
    """
    parts = [head(document, top), *blocks(document.blocks, top + 1, pictures)]
    if link:
        parts.append(f"[This question in Nabla, to check and to change](<{link}>)")
    return "\n\n".join(part for part in parts if part) + "\n"


def head(document: d.Document, level: int) -> str:
    """The title, what is to be known about the answer as a whole, and the sentence that answers."""
    title = f"{'#' * level} {prose(document.title)}"
    warnings = (f"> **Note.** {prose(warning.message)}" for warning in document.warnings)
    answer = [prose(document.answer.tex)] if document.answer else []
    return "\n\n".join([title, *warnings, *answer])


def blocks(given: Sequence[d.Block], level: int, pictures: bool = False) -> Iterator[str]:
    """Each block as Markdown, checks in a row as one list; headings from `level` on."""
    for kind, run in groupby(given, key=type):
        written = [block_text(block, level, pictures) for block in run]
        yield from ["\n".join(written)] if kind is d.Check else written


def block_text(block: object, level: int, pictures: bool = False) -> str:
    """One block as Markdown; of a kind without a case here, the lines of its text."""
    match block:
        case d.Heading():
            depth = level + block.level - 2
            return f"{'#' * depth} {prose(block.text)}" if depth <= 6 else f"**{prose(block.text)}**"
        case d.Prose():
            return prose(block.text)
        case d.Note():
            return f"> {prose(block.text)}"
        case d.Math():
            return f"{prose(block.label)}\n\n$${_tex(block.tex)}$$" if block.label else f"$${_tex(block.tex)}$$"
        case d.Check():
            compared = figures(block)
            return f"- {GLYPH[block.verdict]} {prose(block.claim)}: {prose(block.method)}" + (
                compared and f" ({compared})"
            )
        case d.Steps():
            return "\n\n".join(part for part in (_title(block), "\n".join(_steps(block))) if part)
        case d.Table():
            caption = f"{prose(block.caption)}\n\n" if block.caption else ""
            return caption + _table(block)
        case d.Plot() | d.Graph():
            name = f"**{prose(block.title)}.** " if block.title else ""
            picture = f"\n\n{to_image(block)}" if pictures and isinstance(block, d.Plot) else ""
            return f"{name}{prose(block.summary)}{picture}"
        case d.Code():
            return _code(block)
        case _:
            return fenced(d.Source("", "text", "\n".join(block_lines(block))))


def prose(text: str, in_table: bool = False) -> str:
    """Prose with the marks of Markdown."""
    parts = []
    for kind, piece in pieces(text):
        if kind == "strong":
            parts.append(f"**{prose(piece, in_table)}**")
        elif kind == "math":
            parts.append(f"${_tex(_without_bars(piece) if in_table else piece)}$")
        elif kind == "code":
            parts.append(f"`{_barred(piece) if in_table else piece}`")
        else:
            plain = _MARKS.sub(r"\\\g<0>", re.sub(r"\s*\n\s*", " ", piece))
            parts.append(_barred(plain) if in_table else plain)
    # What begins a list or a heading at the beginning of a line does not, with a backslash before it.
    return re.sub(r"^([#>+-]|\d+(?=[.)]))(?=[.) ]|$)", _shielded, "".join(parts))


def _shielded(match: re.Match[str]) -> str:
    mark = match[1]
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


def _barred(text: str) -> str:
    return text.replace("|", r"\|")


def _tex(tex: str) -> str:
    """LaTeX that no reader of Markdown takes for a tag."""
    return re.sub(r"\s*\n\s*", " ", tex.replace("<", r"\lt ").replace(">", r"\gt ")).strip()


def _without_bars(tex: str) -> str:
    return tex.replace(r"\|", r"\Vert ").replace("|", r"\vert ")


def _title(steps: d.Steps) -> str:
    return f"**{prose(steps.title)}**" if steps.title else ""


def _steps(block: d.Steps) -> Iterator[str]:
    if block.folded:
        # What is folded stays so: the outermost words are told, and nothing that they hide.
        yield from (f"- {prose(step.title)}: {prose(step.why)}" for step in block.steps if step.why)
    else:
        yield from _listed(visible_steps(block.steps, block.detail), "")


def _listed(steps: Sequence[d.Step], indent: str) -> Iterator[str]:
    inner = indent + "    "
    for place, step in enumerate(steps, 1):
        glyph = f" {GLYPH[step.check.verdict]}" if step.check else ""
        where = ", ".join(f"${_tex(definition)}$" for definition in step.where)
        where = f", where {where}" if where else ""
        line = f"{indent}{place}. **{prose(step.title)}**{glyph}"
        tex = _tex(step.tex)
        if tex and len(tex) <= _LONG:
            yield f"{line}: ${tex}${where}"
        elif tex:
            yield from (line, "", f"{inner}$${tex}$$" + (where and f"\n{inner}{where.removeprefix(', ')}"))
        else:
            yield line + where
        if step.why:
            yield from ("", f"{inner}{prose(step.why)}")
        if step.steps and (step.why or len(tex) > _LONG):
            yield ""
        yield from _listed(step.steps, inner)


def _table(table: d.Table) -> str:
    names = [prose(column.label, in_table=True) for column in table.columns]
    units = [f" [{prose(d.quoted(column.unit), in_table=True)}]" if column.unit else "" for column in table.columns]
    head = [name + unit for name, unit in zip(names, units, strict=True)]
    rule = ["---:" if column.align == "right" else "---" for column in table.columns]
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def _cell(cell: d.Cell) -> str:
    text = prose(cell, in_table=True) if isinstance(cell, str) else number_text(cell)
    return text.replace("\n", " ")


def _code(block: d.Code) -> str:
    first, *others = block.sources
    title = f"{block.title}: {first.label}" if block.title and others else block.title or first.label
    also = f"\n\nIn Nabla also: {', '.join(source.label for source in others)}." if others else ""
    return f"{title}\n\n{fenced(first)}{also}"


def fenced(source: d.Source) -> str:
    """A program between fences that it does not contain."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", source.text))])
    return f"{fence}{source.language}\n{source.text.rstrip()}\n{fence}"
