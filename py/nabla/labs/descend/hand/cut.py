"""Steps that are the gradient where nothing is cut off, and go on where a maximum with 0 cuts: a mask is missing."""

from __future__ import annotations

import ast

import numpy as np

from nabla.labs.descend.hand.found import HandDescent
from nabla.labs.descend.hand.lines import gradient_line
from nabla.labs.descend.hand.verdict import Fault, StepJudgement

CLOSE = 1e-3


def unmasked(found: HandDescent, judged: StepJudgement) -> list[Fault]:
    """A step that does not vanish where the gradient of its loss does, though it is that gradient elsewhere: what is
    cut off there has the slope 0, which the step leaves out.
    """
    loss, turned = judged.loss, found.turned
    cuts = _cuts(found)
    if not cuts or loss is None or turned is None or judged.factor is None or judged.verdict not in ("right", "scaled"):
        return []
    if found.buffers or judged.decay or not np.isfinite(turned.step).all():
        return []
    residual = loss.residual
    there = [
        q for q in turned.quantities if residual is not None and (q.line, q.what) == (residual.line, residual.what)
    ]
    if not there or not there[0].slope.size or np.abs(there[0].slope).max() > 0:
        return []
    if not np.abs(turned.step).max(initial=0.0) > CLOSE * np.abs(found.states[0].step).max():
        return []
    text = (
        f"Where line {cuts[0]} cuts off (what goes into its maximum is below 0) the output does not change with the "
        "parameters: its gradient is 0 there, and the step goes on as if nothing were cut. Multiply it by the slope "
        "of the maximum, 1 above 0 and 0 below, as `(z > 0)`."
    )
    return [Fault("missing-factor", gradient_line(found, loss.gradients, loss), text, mendable=False)]


def _cuts(found: HandDescent) -> list[int]:
    """The lines with a maximum of something and 0."""
    lines = []
    for node in ast.walk(found.program.tree):
        if isinstance(node, ast.Call) and len(node.args) == 2:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            zero = any(isinstance(a, ast.Constant) and a.value == 0 for a in node.args)
            lines += [node.lineno] if name in ("max", "maximum") and zero else []
    return sorted(lines)
