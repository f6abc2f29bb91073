r"""Determinants as people type them, `\begin{vmatrix} x & 1 \\ 2 & x \end{vmatrix}`, written out by their entries."""

from __future__ import annotations

import re

from nabla.errors import UserError

_MATRIX = re.compile(
    r"(?:\\det\s*)?\\begin\s?\{vmatrix\}(?P<bars>.*?)\\end\s?\{vmatrix\}"
    r"|\\det\s*(?:\\left\s*)?\(?\s*\\begin\s?\{(?P<kind>[bp]matrix)\}(?P<det>.*?)\\end\s?\{(?P=kind)\}\s*(?:\\right\s*)?\)?",
    re.DOTALL,
)
_OPERATORS = re.compile(r"\\partial|∂|\\hat|\\mathbf|\\vec|\\nabla|d\s?/\s?d")  # that of a curl, or of derivatives
_PLAIN = re.compile(r"\|\s?[^|;\n]+;[^|\n]+\|")
LARGEST = 3


def determinants_written_out(text: str) -> str:
    """The text with each determinant of two or three rows as a sum of products; larger ones stay."""

    def written(found: re.Match[str]) -> str:
        inside = found["bars"] or found["det"] or ""
        rows = [
            [cell.strip() for cell in row.split("&")] for row in re.split(r"\\\\(?:\[[^\]]*\])?", inside) if row.strip()
        ]
        square = 2 <= len(rows) <= LARGEST and all(len(row) == len(rows) and all(row) for row in rows)
        return f"({_expanded(rows)})" if square and not _OPERATORS.search(inside) else found[0]

    return _MATRIX.sub(written, text)


def refuse_plain_bars(text: str) -> None:
    """Refuse a determinant between plain bars, |x 1; 2 x|.

    Raises:
        UserError: "not-covered".
    """
    if "determinant" in text.lower() and (found := _PLAIN.search(text)):
        message = f"The determinant {found[0]} cannot be read in this form."
        raise UserError("not-covered", message, hint=r"Write it as \begin{vmatrix} x & 1 \\ 2 & x \end{vmatrix}.")


def _expanded(rows: list[list[str]]) -> str:
    """Along the first row."""
    if len(rows) == 1:
        return f"({rows[0][0]})"
    terms = []
    for place, entry in enumerate(rows[0]):
        minor = [row[:place] + row[place + 1 :] for row in rows[1:]]
        terms.append(f"{'-' if place % 2 else '+'} ({entry}) ({_expanded(minor)})")
    return " ".join(terms).removeprefix("+ ")
