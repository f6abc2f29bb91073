"""Which numbers a loop carries from turn to turn: the parameters of a descent, and an optimiser's own states."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

import numpy as np

from nabla.labs.descend.hand.found import HandDescent, tail
from nabla.program.state import Floats
from nabla.program.turns import TurnDone, TurnRequest, is_whole

EACH = 10  # components of one array that are moved one by one
_BUFFER = re.compile(
    r"(m|v|s|r|g|u|vel\w*|mom\w*|cache\w*|acc\w*|hist\w*|avg\w*|eg2?|gsum|grad_?sq\w*|[mvsr]_?\w{0,6}|"
    r"v?d[wb]\w*|sum_\w+)",
    re.I,
)
_VELOCITY = re.compile(r"v|vel\w*|mom\w*|v_?[wbxy]|v_?t", re.I)
_SUM = re.compile(r"(total|sum|tot)?_?(err\w*|loss\w*|cost\w*|mse|sse|e|j|l)", re.I)
_SCHEDULE = re.compile(
    r"(lr|alpha|eta|rate|learning_?rate|step\w*|decay|temp|gamma|mu|t|beta\w*|eps\w*)\d*(_?t)?", re.I
)


Blocks = dict[tuple[str, str], Floats]


def carried(
    found: HandDescent, candidates: list[str], before: dict[str, Floats]
) -> Generator[TurnRequest, TurnDone, None]:
    """Which candidates the next turn depends on, and which of those are buffers of others."""
    blocks, early = yield from _blocks(candidates, before)
    going = [p for p in candidates if any(_matters(blocks[t, p]) for t in candidates)]
    moved = [p for p in going if not _is_schedule(p, going, blocks)]
    buffers = [p for p in moved if _is_buffer(p, moved, blocks, before, early)]
    found.parameters = [p for p in moved if p not in buffers] or moved
    found.buffers = [p for p in moved if p not in found.parameters]
    found.kept = {p: float(blocks[p, p][_own(blocks[p, p])].mean()) for p in found.buffers}
    found.shapes = [before[p].shape for p in found.parameters]
    found.whole = [p for p in found.parameters if is_whole(found.start[p])]
    found.sums = [p for p in found.parameters if _is_sum(p, found.parameters, blocks)]
    if not any(_depends(p, found.parameters, blocks) for p in found.parameters):
        away = {p: 100.0 * (1 + np.abs(before[p])) for p in found.parameters}
        below = (yield TurnRequest({p: -far for p, far in away.items()})).after
        above = (yield TurnRequest(away)).after
        if not any(_turns(far, below.get(p), above.get(p)) for p, far in away.items()):
            found.parameters = []


def _blocks(
    candidates: list[str], before: dict[str, Floats]
) -> Generator[TurnRequest, TurnDone, tuple[Blocks, dict[str, bool]]]:
    """How what each candidate is at the end of a turn depends on what each was at its begin: (to, from); and which of
    them are read before the line that renews them.
    """
    rng = np.random.default_rng(0)
    state = {p: np.array(before[p] + 0.4 * rng.uniform(0.2, 1.0, before[p].shape)) for p in candidates}
    base = yield TurnRequest(state)
    blocks: Blocks = {}
    early: dict[str, bool] = {}
    for source in candidates:
        count = min(before[source].size, EACH)
        chosen = [int(i) for i in rng.choice(before[source].size, count, replace=False)]
        columns: dict[str, list[Floats]] = {p: [] for p in candidates}
        for i in chosen:
            changed = state[source].copy()
            h = 1e-6 * (1 + abs(changed.flat[i]))
            changed.flat[i] += h
            turn = yield TurnRequest({**state, source: changed})
            early[source] = early.get(source, False) or _read_early(source, turn, base, before[source].size)
            for target in candidates:
                columns[target].append(_slope(turn, base, target, h, before[target].size))
        for target in candidates:
            blocks[target, source] = _with_places(np.array(columns[target]).T, chosen)
    return blocks, early


def _read_early(path: str, turn: TurnDone, base: TurnDone, size: int) -> bool:
    """Whether the first thing that a number changes in a turn is something else than its own renewal."""
    renewed = {event.line for event in base.events if event.what == tail(path)}
    if not renewed:
        return False
    for a, b in zip(base.events, turn.events, strict=False):
        if a.value.shape != b.value.shape or not np.array_equal(a.value, b.value, equal_nan=True):
            return a.line not in renewed or a.value.size != size
    return False


def _slope(turn: TurnDone, base: TurnDone, target: str, h: float, size: int) -> Floats:
    a, b = turn.after.get(target), base.after.get(target)
    return (a - b).ravel() / h if a is not None and b is not None and a.shape == b.shape else np.zeros(size)


def _with_places(block: Floats, chosen: list[int]) -> Floats:
    """The columns at their places, the others 0."""
    whole = np.zeros((block.shape[0], max(chosen, default=-1) + 1))
    whole[:, chosen] = block
    return whole


def _own(block: Floats) -> Any:
    """The places of the diagonal that were measured."""
    columns = np.flatnonzero(np.abs(block).sum(axis=0))
    return columns[columns < block.shape[0]], columns[columns < block.shape[0]]


def _matters(block: Floats) -> bool:
    return bool(np.isfinite(block).any() and np.nanmax(np.abs(block), initial=0.0) > 1e-12)


def _depends(path: str, parameters: list[str], blocks: Blocks) -> bool:
    """Whether the step of a parameter depends on the parameters, as it does where something is descended."""
    own = blocks[path, path]
    if not np.isfinite(own).all():
        return True
    step = own - np.eye(own.shape[0])[:, : own.shape[1]] * (np.abs(own).sum(axis=0) > 0)
    return _far(step) or any(_far(blocks[path, other]) for other in parameters if other != path)


def _turns(far: Floats, below: Floats | None, above: Floats | None) -> bool:
    """Whether a step of constant length has another sign on the other side, as where it follows signs of a gradient."""
    if below is None or above is None or below.shape != far.shape or above.shape != far.shape:
        return False
    return bool(np.any((below + far) * (above - far) < 0))


def _is_sum(path: str, parameters: list[str], blocks: Blocks) -> bool:
    """Whether a single number named as a loss is added to in every turn, and the others' steps are made of it."""
    own = blocks[path, path]
    others = [p for p in parameters if p != path]
    return (
        own.size == 1
        and abs(float(own[0, 0]) - 1) < 1e-5
        and _SUM.fullmatch(tail(path)) is not None
        and bool(others)
        and all(_matters(blocks[p, path]) for p in others)
    )


def _far(block: Floats) -> bool:
    return bool(np.nanmax(np.abs(block), initial=0.0) > 1e-9)


def _is_schedule(path: str, carried: list[str], blocks: Blocks) -> bool:
    """A rate that falls, or another single number that nothing else changes."""
    others = [p for p in carried if p != path]
    alone = blocks[path, path].size == 1 and not any(_matters(blocks[path, other]) for other in others)
    return alone and bool(others) and _SCHEDULE.fullmatch(tail(path)) is not None


def _is_buffer(path: str, moved: list[str], blocks: Blocks, before: dict[str, Floats], early: dict[str, bool]) -> bool:
    """A velocity, a mean of gradients or of their squares: begins at 0, kept by one factor, felt place by place by
    another, and read first where it is itself renewed (a velocity also where the gradient is taken ahead).
    """
    name = tail(path)
    twins = [p for p in moved if p != path and before[p].shape == before[path].shape and not _BUFFER.fullmatch(tail(p))]
    if _VELOCITY.fullmatch(name) and twins and not np.any(before[path]):
        return True
    own = blocks[path, path]
    diagonal = own[_own(own)]
    rest = own.copy()
    rest[_own(own)] = 0.0
    if early.get(path, False) or (diagonal.size and (np.ptp(diagonal) > 1e-6 or _far(rest))):
        return False
    if _BUFFER.fullmatch(name) and twins and not np.any(before[path]):
        return True
    for other in moved:
        block = blocks[other, path]
        if other == path or block.shape[0] != own.shape[0] or not _matters(block):
            continue
        off = block.copy()
        off[_own(block)] = 0.0
        if np.nanmax(np.abs(off), initial=0.0) > 1e-9 * np.nanmax(np.abs(block)):
            continue
        flat = np.ptp(before[path]) == 0
        if own.shape[0] > 1 and flat and not np.array_equal(before[path], before[other]):
            return _BUFFER.fullmatch(tail(other)) is None or _BUFFER.fullmatch(name) is not None
        if _BUFFER.fullmatch(name):
            return _BUFFER.fullmatch(tail(other)) is None
    return False
