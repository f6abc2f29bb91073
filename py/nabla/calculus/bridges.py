"""From one form of an expression to another that is equal: a third form that both come to, and what was done for it."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from nabla.calculus.budget import CALLS, within
from nabla.calculus.simplify import SQUARES, is_small, replace_squares

MOST_OPERATIONS = 60


def _one_fraction(expr: sp.Expr) -> sp.Expr:
    return sp.cancel(sp.together(expr))


def _squares(expr: sp.Expr) -> sp.Expr:
    top, bottom = sp.fraction(sp.together(expr))
    for rule in SQUARES[1::2]:
        top, bottom = (replace_squares(part, *rule) for part in (top, bottom))
    return sp.cancel(top / bottom)


def _sines(expr: sp.Expr) -> sp.Expr:
    named = {f: f.rewrite(sp.cos) for f in expr.atoms(sp.sec, sp.csc)}
    named |= {f: sp.sin(f.args[0]) / sp.cos(f.args[0]) for f in expr.atoms(sp.tan)}
    named |= {f: sp.cos(f.args[0]) / sp.sin(f.args[0]) for f in expr.atoms(sp.cot)}
    named |= {f: 1 / sp.sin(f.args[0]) for f in expr.atoms(sp.csc)}
    return _squares(sp.expand_trig(expr.xreplace(named)))


# What both are brought to, in the order in which it is tried, as a sentence says it.
WAYS: tuple[tuple[str, Callable[[sp.Expr], sp.Expr]], ...] = (
    ("both multiplied out", sp.expand),
    ("both as one fraction", _one_fraction),
    ("roots side by side joined", lambda expr: _one_fraction(sp.powsimp(sp.expand_power_base(expr), combine="base"))),
    (r"with $\sin^2 + \cos^2 = 1$", _squares),
    ("both in sines and cosines", _sines),
    ("both in exponentials", lambda expr: _one_fraction(sp.expand(expr.rewrite(sp.exp)))),
    ("logarithms taken apart", lambda expr: sp.expand(sp.expand_log(expr, force=True))),
)


def bridge(one: sp.Expr, other: sp.Expr) -> tuple[str, sp.Expr] | None:
    """What brings two equal expressions to the same form, and that form; None where they are the same already, or none
    of the ways does.
    """
    if one == other or max(sp.count_ops(one), sp.count_ops(other)) > MOST_OPERATIONS:
        return None
    if not (is_small(one) and is_small(other)):
        return None
    for told, way in WAYS:
        found = within(2 * CALLS, lambda way=way: (way(one), way(other)), None)  # type: ignore[misc]
        if found is not None and found[0] == found[1]:
            return told, found[0]
    return None
