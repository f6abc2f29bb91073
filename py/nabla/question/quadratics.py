"""A quadratic function told by its matrix: x^T A x / 2 - b^T x, or the system A x = b whose solution is its minimum."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.filled import Span
from nabla.question.formulas import Formula, entries_of
from nabla.question.roles import RoleReading

_SYSTEM = re.compile(r"(?<![A-Za-z])\\?(?:mathbf\{)?A\}?\s?\\?(?:mathbf\{)?x\}?\s?=\s?\\?(?:mathbf\{)?b\}?(?![A-Za-z])")
_TRANSPOSED = r"\s?\^?\{?(?:T|\\top|')\}?\s?"
_FORM = re.compile(rf"[xwvθ]{_TRANSPOSED}[A-Z]\s?[xwvθ](?:\s?([-+])\s?[bc]{_TRANSPOSED}x)?")
_RESIDUAL = re.compile(
    r"(?:\|\||‖|\\\||\\lVert|\|)\s?A\s?\*?\s?x\s?[-−]\s?b\s?(?:\|\||‖|\\\||\\rVert|\|)"
)  # ||A x - b||
_NUMBER = r"-?\d+(?:\.\d+)?(?:/\d+)?"


def quadratic(reading: RoleReading, used: list[Span]) -> tuple[str, list[str]] | None:
    """The function written out in x_1, x_2, ..., and these names; None where the text tells no matrix with it."""
    form, residual = _FORM.search(reading.text), _RESIDUAL.search(reading.text)
    if not form and not residual and not _SYSTEM.search(reading.text):
        return None
    matrix = next((f for f in reading.formulas if f.shape == "matrix" and f.name and f.name.isupper()), None)
    rows = rows_of(matrix.body) if matrix is not None else []
    vector = next((f for f in reading.formulas if f.name in ("b", "c") and len(_entries(f)) == len(rows)), None)
    width = len(rows[0]) if residual and rows else len(rows)
    if matrix is None or not rows or any(len(row) != width for row in rows) or (vector is None and not form):
        return None
    names = names_of(rows[0] if residual else rows)
    if residual and vector is not None:
        used += [matrix.span, vector.span, *(f.span for f in reading.formulas if _RESIDUAL.search(f.read))]
        return squares(rows, _entries(vector)), names
    terms = [quadratic_of(rows)]
    if vector is not None:
        sign = form[1] if form and form[1] else "-"
        terms += [f"({sign}({b}))*{v}" for v, b in zip(names, _entries(vector), strict=True)]
        used.append(vector.span)
    used.append(matrix.span)
    used += [f.span for f in reading.formulas if _SYSTEM.search(f.read) or _FORM.search(f.read)]
    return " + ".join(terms), names


def squares(rows: list[list[str]], values: list[str]) -> str:
    """||A x - b||^2, written out."""
    sums = (" + ".join(f"({a})*x_{i + 1}" for i, a in enumerate(row)) for row in rows)
    return " + ".join(f"({whole} - ({b}))^2" for whole, b in zip(sums, values, strict=True))


def names_of(rows: Sequence[object]) -> list[str]:
    """The variables of a quadratic function of so many rows."""
    return [f"x_{i + 1}" for i in range(len(rows))]


def quadratic_of(rows: list[list[str]]) -> str:
    """x^T A x / 2, written out."""
    names = names_of(rows)
    pairs = [(v, w, a) for v, row in zip(names, rows, strict=True) for w, a in zip(names, row, strict=True)]
    return " + ".join(f"({a})*{v}*{w}/2" for v, w, a in pairs if a.strip() != "0")


def _entries(formula: Formula) -> list[str]:
    return entries_of(formula.body) if formula.shape in ("point", "vector") else []


def rows_of(text: str) -> list[list[str]]:
    """The rows of numbers of `[[4, 1], [1, 3]]` or of a LaTeX matrix; none for anything else."""
    inner = re.fullmatch(r"\s*\\begin\{[bpv]?matrix\}(.*)\\end\{[bpv]?matrix\}\s*", text, re.DOTALL)
    parts = inner[1].split("\\\\") if inner else re.findall(r"\[([^\[\]]+)\]", text)
    rows = [re.findall(_NUMBER, part) for part in parts if part.strip()]
    return rows if rows and len({len(row) for row in rows}) == 1 else []
