"""Columns and matrices of texts, in LaTeX and in Python's notation."""

from __future__ import annotations

from collections.abc import Sequence


def column(texts: Sequence[str]) -> str:
    """A column vector in LaTeX."""
    return matrix([[text] for text in texts])


def matrix(texts: Sequence[Sequence[str]]) -> str:
    """A matrix in LaTeX, with room between rows of fractions."""
    between = r" \\[1ex] " if any(r"\frac" in text for row in texts for text in row) else r" \\ "
    return r"\begin{pmatrix} " + between.join(" & ".join(row) for row in texts) + r" \end{pmatrix}"


def rows(texts: Sequence[str] | Sequence[Sequence[str]]) -> str:
    """Nested lists as Python writes them, without quotation marks."""
    parts = [text if isinstance(text, str) else rows(text) for text in texts]
    return f"[{', '.join(parts)}]"
