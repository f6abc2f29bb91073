"""derive: an integral as typed, read: integrand, variable, ends, and an antiderivative that is claimed for it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

import sympy as sp

from nabla.answer.document import Detail
from nabla.calculus.domain import Domain
from nabla.lab import Inputs
from nabla.labs.derive.question import DeriveQuestion
from nabla.read.fields.assignments import read_variables
from nabla.read.fields.conditions import read_domain
from nabla.read.fields.integrals import infinity, split_integral
from nabla.read.formula import Reading, read_formula
from nabla.write.notation import tex

_CONSTANT = re.compile(r"\s*[+-]\s*(?:C|c|const\.?)\s*\Z")


@dataclass(frozen=True)
class Integral:
    """An integral: `low` and `high` are None where it has no ends; `claim` is what was typed behind its =."""

    integrand: Reading
    variable: sp.Symbol
    low: sp.Expr | None = None
    high: sp.Expr | None = None
    claim: str = ""

    @property
    def tex(self) -> str:
        """The integral in LaTeX."""
        ends = "" if self.low is None or self.high is None else rf"_{{{tex(self.low)}}}^{{{tex(self.high)}}}"
        loose = self.integrand.expr.is_Add
        inside = rf"\left({self.integrand.tex}\right)" if loose else self.integrand.tex
        return rf"\int{ends} {inside}\,\mathrm{{d}}{tex(self.variable)}"

    def question(self, inputs: Inputs) -> DeriveQuestion:
        """What is asked, as the other answers take it."""
        wrt = tuple(inputs.read("wrt", read_variables)) or (self.variable,)
        detail = cast(Detail, inputs.choice("detail"))
        domain = Domain(inputs.read("domain", read_domain, known=[self.variable.name]))
        return DeriveQuestion("integral", (self.integrand,), ("",), wrt, {}, detail, domain)


def read_integral(text: str, *, known: Collection[str] = ()) -> Integral:
    """Read `∫ x e^(2x) dx`, with ends or without, and what is claimed behind an equals sign.

    Raises:
        UserError: as `split_integral` and `read_formula`.
    """
    left, _, claim = text.partition("=") if not re.search(r"_\s?\{[^}]*=", text) else (text, "", "")
    parts = split_integral(left)
    if parts is None:
        raise ValueError("no integral")
    x = read_variables(parts.variable)[0]
    integrand = read_formula(parts.integrand, known=[x.name, *known])
    ends = [_end(end) for end in (parts.low, parts.high)] if parts.low else [None, None]
    return Integral(integrand, x, ends[0], ends[1], _CONSTANT.sub("", claim.strip(" $")))


def _end(text: str) -> sp.Expr:
    sign = infinity(text)
    return sp.oo * sign if sign else read_formula(text).expr
