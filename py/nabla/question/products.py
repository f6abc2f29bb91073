"""Formulas that their form alone misreads: PV = nRT is no definition of PV, and a = -ω² x none of a function."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.formulas import Formula, names_in

# What a point is said to be behind it: (0, 0) saddle.
KIND_OF_POINT = re.compile(
    r"\$?\s*(?:is\s+|as\s+|=\s*)?(?:an?\s+|the\s+)?(?:(?:local|relative|global)\s+)?(?:saddle|max|min)", re.I
)


def as_products(formulas: Sequence[Formula]) -> None:
    """Make PV = nRT, a definition by its form, an equation of a product where signs name its letters: ∂P/∂V."""
    marks = [formula.prime for formula in formulas if formula.prime and formula.shape in ("sign", "claim")]
    letters = {name for mark in marks for name in (mark.function, *mark.variables)}
    for formula in formulas:
        if formula.shape == "definition" and re.fullmatch(r"[A-Z]{2}", formula.name) and set(formula.name) & letters:
            product = " ".join(formula.name)
            formula.read = formula.read.replace(formula.name, product, 1)
            formula.shape, formula.name, formula.sides = "equation", "", [product, *formula.sides[1:]]


def without_motions(candidates: Sequence[Formula]) -> list[Formula]:
    """The candidates without a = -ω² x beside a motion x(t), which is made an answer about its acceleration."""
    motions = {f.name for f in candidates if f.shape == "function" and f.args == ("t",)}
    for formula in candidates:
        if formula.name in ("a", "v") and motions & set(names_in(formula.body)):
            formula.role, formula.whose = "claim", "asker"
    return [formula for formula in candidates if formula.role != "claim"] or list(candidates)
