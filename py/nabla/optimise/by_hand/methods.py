"""All methods that are done by hand, their course from a start, and the slip behind a wrong step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nabla.optimise.by_hand.kinds import NO_VALUE, ByHand, ByHandTask, Iterate, NoStep, Step, StepSlip
from nabla.optimise.by_hand.minima import MINIMA
from nabla.optimise.by_hand.roots import ROOTS
from nabla.optimise.problem import Floats

BY_HAND: dict[str, ByHand] = ROOTS | MINIMA


def course(task: ByHandTask, method: ByHand, start: Floats, count: int, step: Step | None = None) -> list[Iterate]:
    """The start and `count` steps from it; fewer where the method stands still or a step cannot be taken.

    `start` has the shape (n,); of methods with an interval or a pair it is both of its ends.
    """
    made = [first(method, start)]
    for _ in range(count):
        try:
            made.append(stepped(task, step or method.step, made[-1]))
        except NoStep:
            break
    return made


def stepped(task: ByHandTask, step: Step, at: Iterate) -> Iterate:
    """A step from there.

    Raises:
        NoStep: it cannot be taken, or leads to no numbers.
    """
    with np.errstate(all="ignore"):
        after = step(task, at)
    if not np.isfinite(after.x).all():
        raise NoStep(NO_VALUE)
    return after


def first(method: ByHand, start: Floats) -> Iterate:
    """Where a method begins."""
    if "pair" in method.uses:
        return Iterate(start[1:], 1, (start[:1],))
    return Iterate(start, 0, (start,)) if "interval" in method.uses else Iterate(start)


def stopped(task: ByHandTask, method: ByHand, at: Iterate) -> str:
    """Why no step can be taken from there; empty where one can."""
    try:
        stepped(task, method.step, at)
    except NoStep as reason:
        return str(reason)
    return ""


def slipped(
    task: ByHandTask, method: ByHand, at: Iterate, wrong: Floats, units: Sequence[float] | Floats
) -> StepSlip | None:
    """The slip with which a step from there gives the wrong place, to `units`; None where no known one does."""
    for slip in method.slips:
        try:
            got = stepped(task, slip.step, at).x
        except NoStep:
            continue
        if near(wrong, got, units):
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
