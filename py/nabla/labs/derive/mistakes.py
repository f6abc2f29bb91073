"""Mistakes in words."""

from __future__ import annotations

import sympy as sp

from nabla.calculus.malrules import MALRULES
from nabla.calculus.mistakes import Mistake, Slip
from nabla.calculus.numeric import Root
from nabla.write.notation import tex


def sentence(mistake: Mistake) -> str:
    """What was done, the parts of the formula in LaTeX; of several slips the deed alone, without what it is about."""
    said = [_said(slip) for slip in mistake.slips]
    if len(said) == 1:
        return said[0]
    first, *others = (text.partition(":")[0].rstrip(".") for text in said)
    return f"{', and '.join([first, *(f'{text[:1].lower()}{text[1:]}' for text in others)])}."


def where(mistake: Mistake) -> str:
    """The parts of the formula at which it happened, in LaTeX."""
    return r",\; ".join(dict.fromkeys(_place((slip.about or slip.node).expr) for slip in mistake.slips))


def _place(expr: sp.Expr) -> str:
    return f"{tex(expr.args[0])} = 0" if isinstance(expr, Root) else tex(expr)


def _said(slip: Slip) -> str:
    return MALRULES[slip.rule].says.format(**{name: f"${tex(piece)}$" for name, piece in slip.pieces.items()})
