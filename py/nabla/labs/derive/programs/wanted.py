"""What a program for a derivative is to compute, and the parts that programs in every language share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.answer.document import Source
from nabla.calculus.points import sample_points
from nabla.write.dialects import Dialect
from nabla.write.printer import Printer, Unsupported

Point = Mapping[sp.Symbol, sp.Expr]
Result: TypeAlias = sp.Expr | Sequence[sp.Expr] | Sequence[Sequence[sp.Expr]]
What = Literal["derivative", "gradient", "jacobian", "hessian", "formula"]

# Where a program is run when no point was asked for: the first of these at which everything has a value.
_FIRST = (sp.Integer(1), sp.Rational(1, 2), sp.Integer(2), sp.Integer(-1))


@dataclass(frozen=True)
class Wanted:
    """A derivative as a program should give it.

    `result` is one expression, a list of them (gradient), or a list of rows (Jacobian: one row for each of the
    `functions`; Hessian). `wrt` are the variables in the order of differentiation, or those of the gradient. A
    "formula" is a result that no library can be asked for by name, such as dy/dx of an equation. `left` is what stands
    before the equals sign in LaTeX, where the usual will not do.
    """

    what: What
    functions: tuple[sp.Expr, ...]
    result: Result
    wrt: tuple[sp.Symbol, ...]
    at: Point = field(default_factory=dict)
    left: str = ""

    @property
    def name(self) -> str:
        """What the program calls the result."""
        return {"derivative": "df", "formula": "df"}.get(self.what, self.what)

    @property
    def rows(self) -> list[list[sp.Expr]]:
        """The result as rows, whatever its shape."""
        if isinstance(self.result, sp.Basic):
            return [[self.result]]
        return [list(row) if isinstance(row, Sequence) else [row] for row in self.result]

    @property
    def depth(self) -> int:
        """0 for one expression, 1 for a list, 2 for rows."""
        if isinstance(self.result, sp.Basic):
            return 0
        return 2 if any(isinstance(row, Sequence) for row in self.result) else 1

    @property
    def expressions(self) -> list[sp.Expr]:
        """Everything that the program computes."""
        return [*self.functions, *(entry for row in self.rows for entry in row)]

    @cached_property
    def symbols(self) -> list[sp.Symbol]:
        """The arguments, by name."""
        free = set().union(*(expr.free_symbols for expr in self.expressions), self.wrt)
        return sorted(free, key=lambda symbol: symbol.name)

    @cached_property
    def variables(self) -> list[sp.Symbol]:
        """The variables of differentiation, each once."""
        return list(dict.fromkeys(self.wrt))

    @property
    def is_open(self) -> bool:
        """Whether a function or a derivative is left open, so that there are no numbers."""
        return any(expr.has(AppliedUndef, sp.Derivative, sp.Subs, sp.I) for expr in self.expressions)

    @cached_property
    def point(self) -> dict[sp.Symbol, sp.Expr]:
        """A value for every argument: those asked for, else small ones at which everything has a value."""
        given = {symbol: value for symbol, value in self.at.items() if symbol in self.symbols}
        rest = [symbol for symbol in self.symbols if symbol not in given]
        if not rest or self.is_open:
            return given | dict.fromkeys(rest, sp.Integer(1))
        inside = [expr.subs(given) for expr in self.expressions]
        near = [{symbol: value + sp.Rational(k, 4) for k, symbol in enumerate(rest)} for value in _FIRST]
        found = sample_points(inside, rest, near, 1)
        return given | (found[0] if found else dict.fromkeys(rest, sp.Integer(1)))


def nested(wanted: Wanted, show: Callable[[sp.Expr], str], opening: str = "[", closing: str = "]") -> str:
    """The result as a literal: one expression, a list, or a list of rows."""
    rows = [[show(entry) for entry in row] for row in wanted.rows]
    if wanted.depth == 0:
        return rows[0][0]
    inner = [row[0] for row in rows] if wanted.depth == 1 else [opening + ", ".join(row) + closing for row in rows]
    return opening + ", ".join(inner) + closing


def program(dialect: Dialect, printer: Printer, lines: Sequence[str], extra: Sequence[str] = ()) -> Source:
    """The text of a program: what it imports, then its lines."""
    first = ("import math", "import jax")
    imports = sorted({*printer.modules, *extra}, key=lambda line: (line not in first, line))
    head = [*imports, ""] if imports else []
    return Source(dialect.label, dialect.language, "\n".join([*head, *lines]) + "\n")


def lacking(dialect: Dialect, error: Unsupported) -> Source:
    """What stands in the place of a program when the library has no such function."""
    name = _SPOKEN.get(error.function, error.function)
    text = f"{dialect.comment} {dialect.called} has no {name}, so this derivative cannot be computed with it alone.\n"
    return Source(dialect.label, dialect.language, text)


_SPOKEN = {
    "loggamma": "logarithm of the gamma function",
    "gamma": "gamma function",
    "digamma": "digamma function",
    "polygamma": "polygamma function",
    "LambertW": "Lambert W function",
    "besselj": "Bessel function J of any order",
    "bessely": "Bessel function Y of any order",
    "besseli": "Bessel function I of any order",
    "besselk": "Bessel function K of any order",
    "erf": "error function",
    "erfc": "complementary error function",
    "erfi": "imaginary error function",
    "Si": "sine integral",
    "Ci": "cosine integral",
    "Ei": "exponential integral",
    "expint": "generalised exponential integral",
    "fresnels": "Fresnel integral",
    "fresnelc": "Fresnel integral",
    "airyai": "Airy function",
    "airybi": "Airy function",
    "airyaiprime": "Airy function",
    "airybiprime": "Airy function",
    "uppergamma": "incomplete gamma function",
    "lowergamma": "incomplete gamma function",
    "elliptic_k": "elliptic integral",
    "elliptic_e": "elliptic integral",
    "zeta": "zeta function",
}
