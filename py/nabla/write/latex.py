"""A document as LaTeX: whole, for pdfLaTeX, XeLaTeX and LuaLaTeX with packages of every installation, or its body."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from nabla.answer import document as d
from nabla.write.prose import pieces
from nabla.write.text import block_lines, figures, number_text, plain, visible_steps

_PACKAGES = ("amsmath", "amssymb", "graphicx", "hyperref")
_PREAMBLE = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[margin=25mm]{geometry}
\usepackage{%s}
%s\setlength{\emergencystretch}{3em}
\begin{document}
"""
# What is wider than the line is made as wide as the line.
_FITTED = r"""\providecommand{\fitted}[1]{\resizebox{\ifdim\width>\linewidth \linewidth\else\width\fi}{!}{#1}}

"""
_VERDICT = {"passed": r"$\checkmark$", "failed": r"$\times$", "unchecked": r"$\circ$"}
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}",
}  # fmt: skip
_SIGNS = {
    "−": "-", "·": r"\cdot", "×": r"\times", "÷": r"\div", "±": r"\pm", "∂": r"\partial", "∇": r"\nabla",
    "∞": r"\infty", "≈": r"\approx", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "→": r"\to", "←": r"\leftarrow",
    "∈": r"\in", "⊙": r"\odot", "Σ": r"\Sigma", "∑": r"\sum", "∏": r"\prod", "√": r"\surd", "✓": r"\checkmark",
    "✗": r"\times", "○": r"\circ", "‖": r"\Vert", "ᵀ": r"^{\top}", "⁻": "^{-}", "⁺": "^{+}", "ⁿ": "^{n}",
    "½": r"\tfrac12", "ℝ": r"\mathbb{R}", "°": r"^{\circ}", "…": r"\ldots", "α": r"\alpha", "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta", "ε": r"\varepsilon", "ζ": r"\zeta", "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa",
    "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau",
    "υ": r"\upsilon", "φ": r"\varphi", "ϕ": r"\phi", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma",
    "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Φ": r"\Phi", "Ψ": r"\Psi",
    "Ω": r"\Omega", "↪": r"\hookrightarrow", **{raised: f"^{{{i}}}" for i, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{lowered: f"_{{{i}}}" for i, lowered in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip
# A column with longer text than this breaks its lines.
_WIDE = 36
# The letters of normal size in a line, about; more rows than this do not stand on one page.
_LETTERS = 80
_ROWS = 40
# The letters of a program in a line: in its normal size and in the smallest that is read with ease.
_NORMAL, _SMALL = 82, 102


def to_latex(document: d.Document, link: str = "", whole: bool = True) -> str:
    """The document as LaTeX.

    Its formulas are those of the page, which KaTeX draws. Letters beyond ASCII, in programs too, are declared, so that
    pdfLaTeX knows them. Plots and graphs are told by their summaries.

    Args:
        document: what to write.
        link: the address of the question, for the last line; none where it is empty.
        whole: with preamble, ready to be compiled; else only what stands between \\begin and \\end{document}.
    """
    parts = [rf"\section*{{{prose(document.title)}}}"]
    parts += [_quoted(rf"\textbf{{Note.}} {prose(warning.message)}") for warning in document.warnings]
    parts += [prose(document.answer.tex)] if document.answer else []
    for kind, run in groupby(document.blocks, key=type):
        written = [_block(block) for block in run]
        parts += [_list(written)] if kind is d.Check else written
    if link:
        parts.append(rf"\href{{{_address(link)}}}{{This question in Nabla}}")
    body = _FITTED + "\n\n".join(part for part in parts if part) + "\n"
    packages = ", ".join(_PACKAGES)
    if not whole:
        return f"% Needs the packages {packages}.\n{body}"
    return _PREAMBLE % (packages, _declared(body)) + f"{body}\\end{{document}}\n"


def prose(text: str) -> str:
    """Prose as LaTeX."""
    written: dict[str, Callable[[str], str]] = {
        "text": escaped,
        "math": lambda tex: f"${_tex(tex)}$",
        "code": _typed,
        "strong": _strong,
    }
    return "".join(written[kind](piece) for kind, piece in pieces(text))


def escaped(text: str) -> str:
    """Plain text, its signs without their meaning to LaTeX."""
    return re.sub(r'[\\{}$&#%_^~<>|"]', lambda match: _SPECIAL[match[0]], text)


def _strong(text: str) -> str:
    return rf"\textbf{{{prose(text)}}}"


def _typed(text: str) -> str:
    return rf"\texttt{{{escaped(text)}}}"


def _tex(tex: str) -> str:
    # An empty line ends a paragraph, which no formula survives.
    return re.sub(r"\s*\n\s*", " ", tex).strip()


def _display(tex: str) -> str:
    return rf"\[ \fitted{{$\displaystyle {_tex(tex)}$}} \]"


def _address(link: str) -> str:
    return re.sub(r"[\\{}%#&]", lambda match: f"\\{match[0]}", link.replace("\\", "%5C"))


def _block(block: object) -> str:
    """One block; of a kind without a case here, the lines of its text."""
    match block:
        case d.Heading():
            return rf"\{'sub' * (block.level - 1)}section*{{{prose(block.text)}}}"
        case d.Prose():
            return prose(block.text)
        case d.Note():
            return _quoted(prose(block.text))
        case d.Math():
            label = f"{prose(block.label)}:\n" if block.label else ""
            return f"{label}{_display(block.tex)}"
        case d.Check():
            compared = figures(block)
            text = f"{prose(block.claim)}: {prose(block.method)}" + (f" ({escaped(compared)})" if compared else "")
            return rf"\item[{_VERDICT[block.verdict]}] {text}"
        case d.Steps(folded=True):
            return _list([rf"\item {prose(step.title)}: {prose(step.why)}" for step in block.steps if step.why])
        case d.Steps():
            title = [rf"\subsubsection*{{{prose(block.title)}}}"] if block.title else []
            return "\n\n".join([*title, *_steps(visible_steps(block.steps, block.detail), "")])
        case d.Table():
            return _table(block)
        case d.Plot() | d.Graph():
            return rf"\emph{{{prose(block.summary)}}}"
        case d.Code():
            return _code(block)
        case _:
            return _verbatim("\n".join(block_lines(block)))


def _quoted(text: str) -> str:
    return f"\\begin{{quote}}\n{text}\n\\end{{quote}}"


def _list(items: Sequence[str]) -> str:
    return "\n".join([r"\begin{itemize}", *items, r"\end{itemize}"]) if items else ""


def _steps(steps: Sequence[d.Step], number: str) -> Iterator[str]:
    """Steps by number, 1, 1.1, 1.1.1: LaTeX's own lists go no deeper than four."""
    for place, step in enumerate(steps, 1):
        own = f"{number}{place}"
        glyph = f" {_VERDICT[step.check.verdict]}" if step.check else ""
        where = ", ".join(f"${_tex(tex)}$" for tex in step.where)
        lines = [rf"\noindent\textbf{{{own}}} {prose(step.title)}{glyph}"]
        lines += [_display(step.tex)] if step.tex else []
        said = [f"where {where}." if where else "", prose(step.why)]
        lines += [rf"\noindent {' '.join(part for part in said if part)}"] if any(said) else []
        yield "\n".join(lines)
        yield from _steps(step.steps, f"{own}.")


def _table(table: d.Table) -> str:
    """The table, made narrower where it is wider than the line, in as many parts as it needs pages."""
    caption = [prose(table.caption)] if table.caption else []
    parts = [table.rows[i : i + _ROWS] for i in range(0, max(len(table.rows), 1), _ROWS)]
    columns, head = _columns(table), _row([_label(column) for column in table.columns])
    for part in parts:
        rows = [_row([prose(cell) if isinstance(cell, str) else number_text(cell) for cell in row]) for row in part]
        body = "\n".join([rf"\fitted{{\begin{{tabular}}{{{columns}}}", rf"{head} \hline", *rows, r"\end{tabular}}"])
        caption.append(f"\\begin{{center}}\n{body}\n\\end{{center}}")
    return "\n\n".join(caption)


def _columns(table: d.Table) -> str:
    """How the columns stand: those with long text share what the others leave of the line, half of it at least."""
    cells = [[column.label, *(row[i] for row in table.rows)] for i, column in enumerate(table.columns)]
    widths = [max(len(plain(c) if isinstance(c, str) else number_text(c)) for c in column) for column in cells]
    long = [width > _WIDE for width in widths]
    left = max(0.95 - sum(width + 3 for width in widths if width <= _WIDE) / _LETTERS, 0.5)
    wide = rf"p{{{left / max(sum(long), 1):.2f}\linewidth}}"
    return "".join(wide if is_long else column.align[0] for column, is_long in zip(table.columns, long, strict=True))


def _label(column: d.Column) -> str:
    return prose(column.label) + (f" [{escaped(column.unit)}]" if column.unit else "")


def _row(cells: Sequence[str]) -> str:
    # A row that begins with a bracket would be taken for the height of the one before.
    return " & ".join("{}" + cell if cell.startswith(("[", "*")) else cell for cell in cells) + r" \\"


def _code(block: d.Code) -> str:
    first = block.sources[0]
    title = f"{block.title}: {first.label}" if block.title else first.label
    return f"{escaped(title)}\n{_verbatim(first.text)}"


def _verbatim(text: str) -> str:
    """Text as it stands; lines too long for the page go on in the next one behind an arrow."""
    text = text.rstrip().replace("\\end{verbatim}", "\\end {verbatim}").replace("\t", "    ")
    lines = text.split("\n")
    if max(map(len, lines)) <= _NORMAL:
        return f"\\begin{{verbatim}}\n{text}\n\\end{{verbatim}}"
    folded = "\n".join(part for line in lines for part in _folded(line))
    return f"{{\\footnotesize\n\\begin{{verbatim}}\n{folded}\n\\end{{verbatim}}}}"


def _folded(line: str) -> Iterator[str]:
    """A line of a program in parts that fit, cut behind a blank where there is one in the second half."""
    while len(line) > _SMALL:
        cut = line.rfind(" ", _SMALL // 2, _SMALL) + 1 or _SMALL
        yield line[:cut].rstrip()
        line = f"    ↪ {line[cut:]}"
    yield line


def _declared(body: str) -> str:
    """Declarations of the letters that pdfLaTeX does not know by itself; the other engines know them all."""
    unknown = sorted({letter for letter in body if letter in _SIGNS or ord(letter) > 0x17F})
    lines = []
    for letter in unknown:
        sign = rf"\ensuremath{{{_SIGNS[letter]}}}" if letter in _SIGNS else "?"
        lines.append(rf"\DeclareUnicodeCharacter{{{ord(letter):04X}}}{{{sign}}}")
    return "\n".join([r"\ifdefined\DeclareUnicodeCharacter", *lines, r"\fi", ""]) if lines else ""
