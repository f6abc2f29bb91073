"""The steps of a descent at chosen states: its turn done again with the parameters held, and a little beside each."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np

from nabla.labs.descend.hand.found import Computed, HandDescent, HeldState, grew
from nabla.program.state import Floats
from nabla.program.turns import TurnDone, TurnRequest

MOST = 48  # components of the parameters that are moved one by one
Grouped = dict[tuple[int, str], list[Any]]


def states(found: HandDescent, before: dict[str, Floats]) -> Generator[TurnRequest, TurnDone, None]:
    """Ask for the turns at two random states and at the last one reached (the first, where it grew beyond bounds)."""
    theta0 = found.vector(before)
    assert theta0 is not None
    rng = np.random.default_rng(1)
    size = theta0.size
    found.picked = sorted(rng.choice(size, MOST, replace=False).tolist()) if size > MOST else list(range(size))
    path = found.path
    last = theta0 if grew(found) else next((theta for _, theta in reversed(path) if np.isfinite(theta).all()), theta0)
    straight: list[HeldState] = []  # where the steps are the same all around, as those along slopes of 1 and -1 are
    for scale in (0.5, 0.05, 0.005):
        found.states = []
        for width in (scale, 2 * scale):
            theta = theta0 + width * rng.normal(size=size) * np.maximum(1.0, np.abs(theta0))
            found.states.append((yield from _state(found, theta)))
        bent = [float(np.abs(s.slope).max(initial=0.0)) for s in found.states]
        finite = all(np.isfinite(s.step).all() and np.isfinite(s.slope).all() for s in found.states)
        if finite and min(bent) > 1e-6 * max(bent) and min(bent) > 1e-14:
            break
        if finite and not straight and all(np.abs(s.step).max(initial=0.0) > 0 for s in found.states):
            straight = found.states
    else:
        found.states = straight or found.states
    found.turned = yield from _state(found, -found.states[0].theta)
    found.at = yield from _state(found, last)


def _state(found: HandDescent, theta: Floats) -> Generator[TurnRequest, TurnDone, HeldState]:
    held = tuple(found.parameters)
    here = yield TurnRequest(found.split(theta), held)
    free = yield TurnRequest(found.split(theta))
    ahead: list[TurnDone] = []
    back: list[TurnDone] = []
    widths: list[float] = []
    for i in found.picked:
        h = 1e-5 * (1 + abs(theta[i]))
        for sign, into in ((1, ahead), (-1, back)):
            moved = theta.copy()
            moved[i] += sign * h
            into.append((yield TurnRequest(found.split(moved), held)))
        widths.append(2 * h)
    step = _step(found, here)
    slope = np.array([(_step(found, a) - _step(found, b)) / w for a, b, w in zip(ahead, back, widths, strict=True)])
    ended = found.vector(free.after)
    made = HeldState(
        theta,
        step[found.picked],
        slope[:, found.picked].T if len(slope) else np.zeros((0, 0)),
        (ended - theta if ended is not None else np.full(theta.size, np.nan))[found.picked],
    )
    made.quantities = _quantities(here, ahead, back, widths)
    made.ends = {p: free.after[p] for p in found.buffers if p in free.after}
    made.changes = here.changes
    for change in here.changes:
        found.lines[change.path] = change.line
    return made


def _step(found: HandDescent, turn: TurnDone) -> Floats:
    """The changes of all parameters in a held turn, summed."""
    total = {p: np.zeros(shape) for p, shape in zip(found.parameters, found.shapes, strict=True)}
    for change in turn.changes:
        if change.path in total and change.by is not None:
            total[change.path] = total[change.path] + change.by
    return np.concatenate([total[p].ravel() for p in found.parameters])


def _grouped(turn: TurnDone) -> Grouped:
    made: Grouped = {}
    for event in turn.events:
        made.setdefault((event.line, event.what), []).append(event)
    return made


def _quantities(here: TurnDone, ahead: list[TurnDone], back: list[TurnDone], widths: list[float]) -> list[Computed]:
    """What the turn computes, by line and name, with central differences; not what is computed more or less often."""
    base, sides = _grouped(here), [(_grouped(a), _grouped(b)) for a, b in zip(ahead, back, strict=True)]
    made = []
    for key, events in base.items():
        value = _stacked(events)
        if value is None or value.size > 5_000:
            continue
        columns = []
        for (a, b), width in zip(sides, widths, strict=True):
            up, down = _stacked(a.get(key, [])), _stacked(b.get(key, []))
            if up is None or down is None or up.shape != value.shape or down.shape != value.shape:
                break
            columns.append((up - down) / width)
        else:
            slope = np.array(columns).T if columns else np.zeros((value.size, 0))
            made.append(Computed(key[0], key[1], value, slope, events[-1].shapes))
    return made


def _stacked(events: list[Any]) -> Floats | None:
    """The values of one place in a turn in a row; None where their shapes differ."""
    if not events or any(event.value.shape != events[0].value.shape for event in events[1:]):
        return None
    return np.concatenate([event.value.ravel() for event in events])
