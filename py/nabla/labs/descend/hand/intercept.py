"""A line through the origin where the data ask for another."""

from __future__ import annotations

import math

import numpy as np

from nabla.labs.descend.hand.found import Computed, HandDescent
from nabla.labs.descend.hand.lines import turned
from nabla.labs.descend.hand.verdict import Fault, StepJudgement
from nabla.optimise import implied


def intercept(found: HandDescent, judged: StepJudgement) -> list[Fault]:
    """A line through the origin where the data ask for another: the residuals are linear, and a constant would help."""
    residual = judged.loss.residual if judged.loss is not None else None
    if residual is None:
        residual = _linear(found)
    if residual is None or judged.verdict not in ("right", "scaled") or found.loop.around:
        return []
    second = next((q for q in found.states[1].quantities if (q.line, q.what) == (residual.line, residual.what)), None)
    design = residual.slope
    if (
        second is None
        or second.slope.shape != design.shape
        or not np.allclose(second.slope, design, rtol=1e-5, atol=1e-8)
    ):
        return []
    n, p = design.shape
    if n < p + 3 or p != found.states[0].theta.size:
        return []
    if (np.ptp(np.abs(design), axis=0) <= 1e-6 * np.abs(design).max()).any():
        return []  # a constant is there, its rows turned by the signs of their classes perhaps
    loss, residuals = judged.loss, (residual, second)
    if loss is not None and not loss.data:  # a loss of the program's own: is it the sum of these squares?
        squares = np.array([q.slope.T @ q.value.ravel() for q in residuals])
        if implied.factor(-loss.gradients, squares) is None:
            return []
    target = design @ found.states[0].theta - residual.value.ravel()
    ones = np.ones(n)
    if np.linalg.norm(ones - design @ np.linalg.lstsq(design, ones, rcond=None)[0]) < 1e-5 * math.sqrt(n):
        return []
    without = float(np.sum((target - design @ np.linalg.lstsq(design, target, rcond=None)[0]) ** 2))
    wide = np.column_stack([design, ones])
    solution = np.linalg.lstsq(wide, target, rcond=None)[0]
    with_one = float(np.sum((target - wide @ solution) ** 2))
    if not with_one < 0.3 * without or without < 0.1 * float(np.sum((target - target.mean()) ** 2)):
        return []
    sign = -1 if turned(found, residual) else 1
    text = (
        f"The model has no constant term (no intercept), so it passes through 0: the best sum of "
        f"squares is {without:.4g}; "
        f"with a column of ones it is {with_one:.4g}, and the constant {sign * solution[-1]:.4g}."
    )
    return [Fault("missing-intercept", residual.line, text)]


def _linear(found: HandDescent) -> Computed | None:
    return next(
        (
            q
            for q in found.states[0].quantities
            if "Sub@" in q.what and q.slope.size and np.abs(q.slope).max() > 0 and q.value.size > q.slope.shape[1]
        ),
        None,
    )
