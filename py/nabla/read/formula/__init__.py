"""Formulas as people type them, in Python's notation, that of mathematics or LaTeX, to SymPy expressions.

Nothing is executed and no text is handed to SymPy: text becomes tokens, tokens a small tree, and the tree, within
limits, SymPy objects. What was understood is always told, as LaTeX in the order typed and as remarks on every place
that can be read in another way.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from nabla.errors import Span, UserError
from nabla.read.formula import grammar, limits, words
from nabla.read.formula.build import build, function, symbol
from nabla.read.formula.latex import is_latex, latex_tokens
from nabla.read.formula.print import tex_of
from nabla.read.formula.remarks import Remark, Remarks
from nabla.read.formula.tokens import Token, check_brackets, tokens_of
from nabla.read.formula.tree import Node, names_of

__all__ = [
    "Equation", "Reading", "Remark", "function", "has_decimals", "read_equation", "read_formula", "read_formulas",
    "symbol",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A formula that was read.

    Attributes:
        text: the formula as typed.
        expr: its meaning; symbols are real, numbers exact (0.5 is 1/2).
        tex: what was understood as LaTeX, in the order typed.
        remarks: the places that can be read in another way.
        names: the variables in the order of their first appearance.
    """

    text: str
    expr: sp.Expr
    tex: str
    remarks: tuple[Remark, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Equation:
    """An equation that was read: both sides, and their difference."""

    left: Reading
    right: Reading
    difference: Reading


def raw_tokens(text: str) -> list[Token]:
    """The tokens of a text in either notation, its length and brackets checked."""
    limits.check_length(text)
    tokens = latex_tokens(text) if is_latex(text) else tokens_of(text)
    check_brackets(tokens)
    return tokens


def has_decimals(text: str) -> bool:
    """Whether a number of the text is typed as a decimal."""
    try:
        return any(token.kind == "number" and "." in token.text for token in raw_tokens(text))
    except UserError:
        return False


class Text:
    """A text on its way: its resolved tokens, from which stretches are read as formulas."""

    def __init__(self, text: str, known: Collection[str] = ()) -> None:
        self.text = text
        self.known = known
        raw = raw_tokens(text)
        if not raw:
            raise UserError("empty", "There is no formula here.", span=Span(0, len(text)))
        self.remarks = Remarks(text)
        *self.tokens, self.end = words.resolve(text, raw, known, self.remarks)

    def tree(self, tokens: Sequence[Token], start: int, end: int) -> Node:
        """The tree of a stretch of tokens, whose text runs from `start` to `end`."""
        if not tokens:
            raise UserError("empty", "There is no formula here.", span=Span(start, end))
        behind = tokens[-1].end
        return grammar.parse(self.text, [*tokens, Token("end", "", behind, behind)], self.remarks)

    def reading(self, node: Node, start: int, end: int) -> Reading:
        """The reading of a tree; its remarks are those whose place lies in the stretch of the text."""
        names = names_of(node)
        expr = build(node)
        with limits.bounded_work(node.span):
            infinite = expr.is_infinite
        if infinite:
            raise UserError("undefined", "Infinity is not a formula.", span=node.span)
        remarks = tuple(remark for remark in self.remarks.listed() if start <= remark.span.start < end)
        return Reading(self.text[start:end].strip(), expr, tex_of(node, self.known), remarks, names)

    def split(self, *separators: str) -> list[tuple[list[Token], int, int]]:
        """The tokens between separators outside of brackets, with the stretches of text they are from."""
        parts: list[tuple[list[Token], int, int]] = []
        tokens: list[Token] = []
        depth = start = 0
        for token in self.tokens:
            depth += token.is_op("(", "{") - token.is_op(")", "}")
            if depth == 0 and token.is_op(*separators):
                parts.append((tokens, start, token.start))
                tokens, start = [], token.end
            else:
                tokens.append(token)
        return [*parts, (tokens, start, len(self.text))]


def read_formula(text: str, *, known: Collection[str] = ()) -> Reading:
    """Read one formula.

    Args:
        text: the formula; `f(x) = ...` is read as what stands on the right.
        known: names of variables that other fields mention; they settle that `wx` is w times x, or that e is a
            variable.

    Raises:
        UserError: with the place in the text, for whatever cannot be read or is too large.
    """
    return _formula(Text(text, known))


def _formula(whole: Text) -> Reading:
    cases = any(token.is_op("if") for token in whole.tokens)  # 1 if x = 0 else x
    sides = whole.split() if cases else whole.split("=", "==")
    if len(sides) == 1:
        tokens, start, end = sides[0]
        return whole.reading(whole.tree(tokens, start, end), start, end)
    left, start, end = sides[0]
    if len(sides) == 2 and _defines(left):
        message = f"Only what stands behind {whole.text[start:end].strip()} = is read."
        whole.remarks.add("definition-of", message, Span(left[0].start, left[-1].end))
        tokens, start, end = sides[1]
        reading = whole.reading(whole.tree(tokens, start, end), start, end)
        note = [remark for remark in whole.remarks.listed() if remark.code == "definition-of"]
        return replace(reading, text=whole.text.strip(), remarks=(*note, *reading.remarks))
    raise UserError(
        "syntax",
        "This is an equation; a formula is needed here.",
        hint=f"Type one side only, as {whole.text[sides[1][1] : sides[1][2]].strip()}.",
        span=Span(end, sides[1][1]),
    )


def _defines(tokens: Sequence[Token]) -> bool:
    """Whether tokens are `f(x)` or `f(x, y)`: a function of names, as on the left of its definition."""
    kinds = [token.kind for token in tokens if not token.is_op("(", ")", "{", "}", ",")]
    brackets = len(tokens) > 3 and tokens[-1].is_op(")", "}")
    return brackets and kinds[0] == "abstract" and all(kind == "name" for kind in kinds[1:])


def read_formulas(text: str, *, known: Collection[str] = ()) -> list[Reading]:
    """Read formulas separated by `;`. Spans and alternatives are those of the whole text.

    Raises:
        UserError: as `read_formula`.
    """
    whole = Text(text, known)
    parts = whole.split(";")
    if len(parts) > 1 and not parts[-1][0]:
        parts.pop()
    return [whole.reading(whole.tree(tokens, start, end), start, end) for tokens, start, end in parts]


def read_equation(text: str, *, known: Collection[str] = ()) -> Equation:
    """Read `left = right`; a formula without `=` is set equal to zero.

    Raises:
        UserError: as `read_formula`, and when there are several `=`.
    """
    whole = Text(text, known)
    sides = whole.split("=", "==")
    if len(sides) > 2:
        message = "An equation has one equals sign."
        raise UserError("syntax", message, span=Span(sides[1][2], sides[2][1]))
    left, *rest = (whole.reading(whole.tree(*side), side[1], side[2]) for side in sides)
    right = rest[0] if rest else Reading("0", sp.S.Zero, "0", (), ())
    names = tuple(dict.fromkeys(left.names + right.names))
    tex = f"{left.tex} = {right.tex}"
    difference = Reading(text.strip(), left.expr - right.expr, tex, left.remarks + right.remarks, names)
    return Equation(left, right, difference)
