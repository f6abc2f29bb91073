"""All methods that are done by hand, their course from a start, and the slip behind a wrong step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nabla.optimise.by_hand.kinds import ByHand, ByHandTask, Iterate, NoStep, Step, StepSlip
from nabla.optimise.by_hand.minima import MINIMA
from nabla.optimise.by_hand.roots import ROOTS
from nabla.optimise.problem import Floats

BY_HAND: dict[str, ByHand] = ROOTS | MINIMA


def course(task: ByHandTask, method: ByHand, start: Floats, count: int, step: Step | None = None) -> list[Iterate]:
    """The start and `count` steps from it; fewer where the method stands still or a step cannot be taken.

    `start` has the shape (n,); of methods with an interval or a pair it is both of its ends.
    """
    made = [first(method, start)]
    with np.errstate(all="ignore"):
        for _ in range(count):
            try:
                made.append((step or method.step)(task, made[-1]))
            except NoStep:
                break
    return made


def first(method: ByHand, start: Floats) -> Iterate:
    """Where a method begins."""
    if "pair" in method.uses:
        return Iterate(start[1:], 1, (start[:1],))
    return Iterate(start, 0, (start,)) if "interval" in method.uses else Iterate(start)


def stopped(task: ByHandTask, method: ByHand, at: Iterate) -> str:
    """Why no step can be taken from there; empty where one can."""
    try:
        with np.errstate(all="ignore"):
            method.step(task, at)
    except NoStep as reason:
        return str(reason)
    return ""


def slipped(
    task: ByHandTask, method: ByHand, at: Iterate, wrong: Floats, units: Sequence[float] | Floats
) -> StepSlip | None:
    """The slip with which a step from there gives the wrong place, to `units`; None where no known one does."""
    for slip in method.slips:
        try:
            with np.errstate(all="ignore"):
                got = slip.step(task, at).x
        except (NoStep, np.linalg.LinAlgError):
            continue
        if np.isfinite(got).all() and near(wrong, got, units):
            return slip
    return None


def near(got: Floats, wanted: Floats, units: Sequence[float] | Floats) -> bool:
    """Whether numbers written with so many places (`units`, one in the last of each) are those wanted, rounded, or cut
    off behind the second place.
    """
    if got.shape != wanted.shape:
        return False
    units = np.asarray(units, dtype=np.float64)
    slack = 1e-9 * (1 + np.abs(wanted))
    rounded = np.abs(got - wanted) <= 0.501 * units + slack
    cut = (units <= 1e-2) & (np.abs(got) <= np.abs(wanted)) & (np.abs(got - wanted) <= units + slack)
    return bool(np.all(rounded | cut))
