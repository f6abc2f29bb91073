"""The function that a text tells beside a descent by hand, as the loss that the steps are to follow."""

from __future__ import annotations

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.errors import UserError
from nabla.labs.descend.hand.found import HandDescent, tail
from nabla.labs.descend.hand.losses import Loss
from nabla.read.formula import read_formula


def loss_of_text(found: HandDescent) -> Loss | None:
    """The loss of `found.told`; None where nothing is told, or its letters are not the program's parameters."""
    if not found.told:
        return None
    try:
        expr = read_formula(found.told).expr
    except UserError:
        return None
    symbols = _in_order(found, {s.name: s for s in expr.free_symbols})
    slopes = [sp.diff(expr, s) for s in symbols]
    if not symbols or not all(has_values(e) for e in (expr, *slopes)):
        return None
    rows = [dict(zip(symbols, state.theta, strict=True)) for state in found.states[:2]]
    values = np.array([float(evaluate(expr, row)) for row in rows])
    gradients = np.array([[float(evaluate(slopes[i], row)) for i in found.picked] for row in rows])
    if not np.isfinite(gradients).all() or not np.abs(gradients).max(initial=0.0) > 0:
        return None
    return Loss(found.told, 0, values, gradients, named=True, derivatives=tuple(str(slopes[i]) for i in found.picked))


def _in_order(found: HandDescent, symbols: dict[str, sp.Symbol]) -> list[sp.Symbol]:
    """The letters in the order of the parameters: by name, else, where there is one array or number, as sorted."""
    sizes = [int(np.prod(shape)) for shape in found.shapes]
    names = [tail(path) for path in found.parameters]
    if set(sizes) == {1} and set(names) == set(symbols):
        return [symbols[name] for name in names]
    if len(names) == 1 and sizes[0] == len(symbols):
        return [symbols[name] for name in sorted(symbols, key=lambda name: (name[0], len(name), name))]
    return []
