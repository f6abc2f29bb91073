"""The search for a descent by hand: the loop that carries numbers on, and its turns done again."""

from __future__ import annotations

import ast
import functools
import itertools
from collections.abc import Generator, Iterable
from typing import Any

import numpy as np

from nabla.labs.descend.hand.carried import carried
from nabla.labs.descend.hand.found import Computed, HandDescent, HeldState, same, tail
from nabla.labs.descend.hand.probe import states
from nabla.program.run import Run, Session
from nabla.program.source import Program
from nabla.program.state import Floats, numbers
from nabla.program.turns import Loop, Repeated, TurnDone, TurnRequest, Turns, TurnStart, is_whole

WHOLE = 4_000  # numbers of all parameters
COUNTED = 1e9  # below it whole numbers are taken for counts


def find(program: Program) -> HandDescent | None:
    """The descent of a program; None where no loop of it carries numbers from turn to turn as a descent does.

    Raises:
        UserError: what cannot be read.
    """
    turns = Turns()
    first = session(program, turns)
    done = first.run()
    loops = _candidates(turns.loops.values(), program)
    for turn in (0, 1):  # before the first, two names may still be of one array, as with `x = x0`
        for loop in (loop for loop in loops if turn < loop.turns):
            found = HandDescent(program, done, first, loop, turns, {})
            session(program, Repeated(loop.line, functools.partial(_explore, found), turn)).run()
            if found.parameters and (found.states or found.reshaped):
                return found
    return _stopped(program, done, first, turns) if done.raised is not None else None


def _stopped(program: Program, done: Run, first: Session, turns: Turns) -> HandDescent | None:
    """A loop whose first turn raises: what it computed until then."""
    for loop in turns.loops.values():
        if loop.turns == 1 and loop.line not in (0,):
            found = HandDescent(program, done, first, loop, turns, {})
            watcher = Repeated(loop.line, functools.partial(_explore, found))
            session(program, watcher).run()
            if watcher.done is not None and watcher.done.events:
                found.states = [HeldState(*_nothing(), quantities=_described(watcher.done))]
                return found
    return None


def _nothing() -> tuple[Floats, Floats, Floats, Floats]:
    return np.zeros(0), np.zeros(0), np.zeros((0, 0)), np.zeros(0)


def _candidates(loops: Iterable[Loop], program: Program) -> list[Loop]:
    """Loops in which numbers with decimals change, the innermost first, but for loops over components."""
    found, handed = [], _handed(program)
    for loop in loops:
        moving = {path for path in _moving(loop) | _cut_off(loop, program) if tail(path) not in handed}
        if moving and not _by_component(loop, moving):
            found.append((loop, moving))
    return [loop for loop, _ in sorted(found, key=lambda item: (-len(item[0].around), item[0].line))]


def _handed(program: Program) -> set[str]:
    """Names that `for` fills: what they hold is handed to a turn, and not carried on to the next."""
    loops = [node for node in ast.walk(program.tree) if isinstance(node, ast.For)]
    return {part.id for node in loops for part in ast.walk(node.target) if isinstance(part, ast.Name)}


def _cut_off(loop: Loop, program: Program) -> set[str]:
    """Arrays of whole numbers that the loop puts numbers into: their decimals may be lost, so that they do not move."""
    whole = frozenset.intersection(*(m.whole for m in loop.moments)) if loop.moments else frozenset()
    body = [
        node for node in ast.walk(program.tree) if isinstance(node, (ast.For, ast.While)) and node.lineno == loop.line
    ]
    stored = {
        node.value.id
        for part in body
        for node in ast.walk(part)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)
    }
    return set(whole & stored)


def _moving(loop: Loop) -> set[str]:
    """Paths whose numbers differ from turn to turn, and go on from one entry of the loop to the next."""
    moving: set[str] = set()
    moments = loop.moments
    for a, b in itertools.pairwise(moments):
        for path, value in b.values.items():
            before = a.values.get(path)
            if before is None:
                continue
            if a.entry == b.entry and (before.shape != value.shape or not same(before, value)):
                moving.add(path)
    if len(moments) == 1 or loop.turns == loop.entries:
        moving |= {p for p, v in loop.last.items() if p in moments[-1].values and not same(moments[-1].values[p], v)}
    if loop.last and moments:
        moving |= {
            p
            for p, v in loop.last.items()
            if p in moments[-1].values
            and moments[-1].values[p].shape != v.shape
            and v.size > moments[-1].values[p].size
        }
    return {p for p in moving - _reset(loop) if not _counts(moments, p)}


def _reset(loop: Loop) -> set[str]:
    """Paths that begin with the same numbers whenever the loop is entered, as sums do."""
    entered = [m.values for m in loop.moments if m.inside == 0]
    if len(entered) < 2:
        return set()
    return {p for p, v in entered[0].items() if all(p in other and same(v, other[p]) for other in entered[1:])}


def _counts(moments: list[TurnStart], path: str) -> bool:
    """Whether a number only counts, or is an index: whole, and of no size that only a descent reaches."""
    values = [m.values[path] for m in moments if path in m.values]
    known = [v for v in values if np.isfinite(v).all()]
    return all(v.ndim == 0 and float(v).is_integer() and abs(float(v)) < COUNTED for v in known)


def _by_component(loop: Loop, moving: set[str]) -> bool:
    """Whether each turn changes another component of an array, as a loop over components does."""
    if not loop.around:
        return False
    for path in moving:
        touched: list[frozenset[int]] = []
        for a, b in itertools.pairwise(loop.moments):
            before, after = a.values.get(path), b.values.get(path)
            if before is None or after is None or before.shape != after.shape or a.entry != b.entry:
                continue
            touched.append(frozenset(np.flatnonzero(before.ravel() != after.ravel()).tolist()))
        some = [t for t in touched if t]
        if not (len(some) > 0 and all(len(t) == 1 for t in some) and all(x != y for x, y in itertools.pairwise(some))):
            return False
        if loop.moments[0].values.get(path, np.zeros(1)).size < 2:
            return False
    return True


def _explore(found: HandDescent, start: dict[str, Any]) -> Generator[TurnRequest, TurnDone, None]:
    """Find the parameters, then their steps at some states."""
    found.start = start
    handed = _handed(found.program)
    start = {path: value for path, value in start.items() if tail(path) not in handed}
    free = yield TurnRequest({})
    before = {path: numbers(value) for path, value in start.items()}
    moving, reset = _moving(found.loop), _reset(found.loop)
    changed = [
        p for p, v in free.after.items() if p in before and p not in reset and (p in moving or not same(before[p], v))
    ]
    candidates = [
        p
        for p in changed
        if before[p].shape == free.after[p].shape and not _is_other(start[p], before[p], free.after[p])
    ]
    reshaped = [p for p in changed if before[p].shape != free.after[p].shape and isinstance(start[p], np.ndarray)]
    candidates += [p for p in start if p not in candidates and is_whole(start[p]) and p in _assigned(free)]
    if reshaped:
        held = yield TurnRequest({}, tuple(reshaped))
        found.parameters = list(dict.fromkeys(change.path for change in held.changes if change.by is None))
        found.shapes = [before[p].shape for p in found.parameters]
        found.reshaped = [change for change in held.changes if change.by is None]
        found.states = [HeldState(*_nothing(), quantities=_described(held))]
        return
    if not candidates or sum(before[p].size for p in candidates) > WHOLE:
        return
    yield from carried(found, candidates, before)
    if not found.parameters:
        return
    yield from states(found, before)


def _assigned(turn: TurnDone) -> set[str]:
    return {event.what for event in turn.events}


def _is_other(start: Any, before: Floats, after: Floats) -> bool:
    """Whether a change is a count or a shuffle."""
    if isinstance(start, int) and float(after).is_integer() and abs(float(after - before)) <= 1:
        return True
    return before.size > 1 and np.array_equal(np.sort(before, axis=None), np.sort(after, axis=None))


def _described(turn: TurnDone) -> list[Computed]:
    return [Computed(e.line, e.what, e.value, np.zeros(0), e.shapes) for e in turn.events]


def session(program: Program, observer: Any) -> Session:
    """A run with its observer, which is told the guard."""
    made = Session(program, observer=observer)
    observer.guard = made.guard
    return made
