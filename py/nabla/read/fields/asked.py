"""What may stand in a field that asks for functions: formulas, definitions such as `y = x^2`, and equations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.errors import Span, UserError
from nabla.read.fields.assignments import read_variables
from nabla.read.formula import Reading, Text
from nabla.read.formula.leading import leading
from nabla.read.formula.tokens import Token


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of the text: a formula, or two sides of an equation.

    `name` is what a definition such as `y = x^2` or `f(x) = x^2` defines, else empty; `left` is None for a formula.
    """

    left: Reading | None
    right: Reading
    name: str = ""

    @property
    def is_equation(self) -> bool:
        """Whether it has two sides."""
        return self.left is not None

    @property
    def tex(self) -> str:
        """All of it in LaTeX."""
        return f"{self.left.tex} = {self.right.tex}" if self.left else self.right.tex

    @property
    def function(self) -> Reading:
        """The formula, or the right side of the definition."""
        return self.right

    @property
    def difference(self) -> Reading:
        """The equation as left minus right, a formula as it is; its LaTeX is that of the whole."""
        if self.left is None:
            return self.right
        names = tuple(dict.fromkeys(self.left.names + self.right.names))
        text = f"{self.left.text} = {self.right.text}"
        remarks = self.left.remarks + self.right.remarks
        return Reading(text, self.left.expr - self.right.expr, self.tex, remarks, names)


def read_asked(text: str, *, known: Collection[str] = ()) -> list[Asked]:
    """Read formulas and equations separated by `;`.

    A derivative sign in front, `d/dx (x sin x)`, is left out; `leading` tells what it asks for. A side without its own
    variable, as `y` in `y = x^2` or `f(x)` in `f(x) = x^2`, defines the other one.

    Raises:
        UserError: as `read_formula`, and when a part has several `=`.
    """
    sign = leading(text)
    if sign:
        text, known = sign.rest, {*known, *(str(variable) for variable in read_variables(sign.variables, known=known))}
    whole = Text(text, known)
    parts = whole.split(";")
    if len(parts) > 1 and not parts[-1][0]:
        parts.pop()
    asked = [_asked(whole, *part) for part in parts]
    if sign and (len(asked) > 1 or asked[0].left):
        message = f"Behind {sign.sign} one function is needed."
        hint = "An answer of your own goes into its own field." if asked[0].left else ""
        start = text.index(asked[0].left.text) if asked[0].left else 0
        raise UserError("syntax", message, hint=hint, span=Span(start, len(text)))
    return asked


def _asked(whole: Text, tokens: list[Token], start: int, end: int) -> Asked:
    sides = _sides(tokens, start, end)
    if len(sides) == 1:
        return Asked(None, whole.reading(whole.tree(tokens, start, end), start, end))
    if len(sides) > 2:
        message = "An equation has one equals sign."
        raise UserError("syntax", message, hint="Separate several with ;.", span=Span(sides[1][2], sides[2][1]))
    left, right = (whole.reading(whole.tree(*side), side[1], side[2]) for side in sides)
    return Asked(left, right, _defined(left, right))


def _sides(tokens: Sequence[Token], start: int, end: int) -> list[tuple[list[Token], int, int]]:
    sides: list[tuple[list[Token], int, int]] = []
    side: list[Token] = []
    depth = 0
    cases = False  # behind "if" an equals sign belongs to its condition: 1 if x = 0 else x
    for token in tokens:
        depth += token.is_op("(", "{") - token.is_op(")", "}")
        cases = cases or token.is_op("if")
        if depth == 0 and not cases and token.is_op("=", "=="):
            sides.append((side, start, token.start))
            side, start = [], token.end
        else:
            side.append(token)
    return [*sides, (side, start, end)]


def _defined(left: Reading, right: Reading) -> str:
    """The name that stands alone on the left and not on the right, or that of a function of names."""
    if isinstance(left.expr, sp.Symbol) and left.expr not in right.expr.free_symbols:
        return str(left.expr.name)
    if isinstance(left.expr, sp.core.function.AppliedUndef) and not right.expr.has(left.expr.func):
        return str(left.expr.func.__name__) if all(arg.is_Symbol for arg in left.expr.args) else ""
    return ""
