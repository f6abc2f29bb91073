"""A descent written by hand, found in what the program did: its loop, its parameters, and its steps at chosen states."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.program.run import Run, Session
from nabla.program.source import Program
from nabla.program.state import Floats, numbers
from nabla.program.turns import Asked, Change, Loop, Repeated, Turn, Turns, is_whole

MOST = 48  # components of the parameters that are moved one by one
EACH = 10  # of one array, while it is found out which arrays are carried from turn to turn
WHOLE = 4_000  # numbers of all parameters
_BUFFER = re.compile(r"(m|v|s|r|g|u|vel\w*|mom\w*|cache\w*|acc\w*|hist\w*|avg\w*|eg2?|gsum|grad_?sq\w*|[mvsr]_?\w{0,6}|"
                     r"v?d[wb]\w*|sum_\w+)", re.I)  # fmt: skip
_SCHEDULE = re.compile(r"(lr|alpha|eta|rate|learning_?rate|step\w*|decay|temp\w*|gamma|mu|t|beta\w*|eps\w*)\d*(_?t)?", re.I)


def tail(path: str) -> str:
    """The last name of a path: w of self.w and of params['w']."""
    found = re.findall(r"\w+", path)
    return next((name for name in reversed(found) if not name.isdigit()), path)


@dataclass
class Quantity:
    """What a turn computes under one name or at one place, as a function of the parameters: its values at a state, and
    its derivatives, a column a component.
    """

    line: int
    what: str
    value: Floats
    slope: Floats
    shapes: tuple[tuple[int, ...], tuple[int, ...]] | None = None


@dataclass
class State:
    """A state of the parameters: the step of the turn there, its derivatives, what it computed, and the step of a turn
    in which nothing was held. `ends` are the buffers at the end of the turn, `ended` their derivatives.
    """

    theta: Floats
    step: Floats
    slope: Floats
    free: Floats
    quantities: list[Quantity] = field(default_factory=list)
    ends: dict[str, Floats] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


@dataclass
class Descent:
    """A program that descends, as found.

    Attributes:
        parameters: their paths, `shapes` theirs; `whole` those that hold whole numbers.
        buffers: what is carried beside them: velocities, means of squares.
        picked: which components of all parameters in a row are moved one by one.
        states: random states, then the last one that was reached (or the first, where that is not finite).
        reshaped: changes that gave a parameter another shape.
    """

    program: Program
    run: Run
    session: Session
    loop: Loop
    turns: Turns
    start: dict[str, Any]
    parameters: list[str] = field(default_factory=list)
    buffers: list[str] = field(default_factory=list)
    shapes: list[tuple[int, ...]] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    picked: list[int] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    at: State | None = None
    reshaped: list[Change] = field(default_factory=list)
    kept: dict[str, float] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    twice: dict[str, list[Change]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """One name for each picked component."""
        made = []
        for path, shape in zip(self.parameters, self.shapes, strict=True):
            for index in np.ndindex(*shape):
                inner = [str(i) for i, n in zip(index, shape, strict=True) if n > 1 or len(shape) == 1]
                made.append(f"{path}[{', '.join(inner)}]" if inner and np.prod(shape) > 1 else path)
        return [made[i] for i in self.picked]

    def vector(self, values: dict[str, Floats]) -> Floats | None:
        """The parameters in a row; None where one is missing or has another shape."""
        parts = []
        for path, shape in zip(self.parameters, self.shapes, strict=True):
            if path not in values or values[path].shape != shape:
                return None
            parts.append(values[path].ravel())
        return np.concatenate(parts)

    def split(self, theta: Floats) -> dict[str, Floats]:
        """The parameters by path."""
        made, at = {}, 0
        for path, shape in zip(self.parameters, self.shapes, strict=True):
            size = int(np.prod(shape))
            made[path], at = theta[at : at + size].reshape(shape), at + size
        return made

    def owner(self, component: int) -> str:
        """The parameter that a picked component belongs to."""
        ends = np.cumsum([int(np.prod(shape)) for shape in self.shapes])
        return self.parameters[int(np.searchsorted(ends, self.picked[component], side="right"))]

    @property
    def path(self) -> list[tuple[int, Floats]]:
        """Turn and parameters, as far as they were kept, and the last ones."""
        found = [(m.turn, v) for m in self.loop.moments if (v := self.vector(m.values)) is not None]
        last = self.vector(self.loop.last)
        return [*found, *([(self.loop.turns, last)] if last is not None else [])]


def session(program: Program, observer: Any) -> Session:
    """A run with its observer, which is told the guard."""
    made = Session(program, observer=observer)
    observer.guard = made.guard
    return made


def find(program: Program) -> Descent | None:
    """The descent of a program; None where no loop of it carries numbers from turn to turn as a descent does.

    Raises:
        UserError: what cannot be read.
    """
    turns = Turns()
    first = session(program, turns)
    done = first.run()
    for loop in _candidates(turns.loops.values()):
        found = Descent(program, done, first, loop, turns, {})
        probe = Repeated(loop.line, lambda start, d=found: _explore(d, start))
        probing = session(program, probe)
        probing.run()
        if found.parameters and (found.states or found.reshaped):
            return found
    return None


def _candidates(loops: Iterable[Loop]) -> list[Loop]:
    """Loops in which numbers with decimals change, the innermost first, but for loops over components."""
    found = []
    for loop in loops:
        moving = _moving(loop)
        if moving and not _by_component(loop, moving):
            found.append((loop, moving))
    return [loop for loop, _ in sorted(found, key=lambda item: (-len(item[0].around), item[0].line))]


def _moving(loop: Loop) -> set[str]:
    """Paths whose numbers differ from turn to turn, and go on from one entry of the loop to the next."""
    moving: set[str] = set()
    ends: dict[str, Floats] = {}
    reset: set[str] = set()
    moments = loop.moments
    for a, b in zip(moments, moments[1:], strict=False):
        for path, value in b.values.items():
            before = a.values.get(path)
            if before is None:
                continue
            if a.entry == b.entry and (before.shape != value.shape or not _same(before, value)):
                moving.add(path)
                ends[path] = value
            elif b.entry != a.entry and b.inside == 0 and path in moving and path in ends:
                if before.shape == value.shape and _same(value, moments[0].values.get(path, value)):
                    reset.add(path)
    if len(moments) == 1 or loop.turns == loop.entries:
        moving |= {p for p, v in loop.last.items() if p in moments[-1].values and not _same(moments[-1].values[p], v)}
    if loop.last and moments:
        moving |= {p for p, v in loop.last.items() if p in moments[-1].values and moments[-1].values[p].shape != v.shape
                   and v.size > moments[-1].values[p].size}  # fmt: skip
    return {p for p in moving - reset if not _counts(moments, p)}


def _same(a: Floats, b: Floats) -> bool:
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)


def _counts(moments: list[Any], path: str) -> bool:
    """Whether a number only counts."""
    values = [m.values[path] for m in moments if path in m.values]
    return all(v.ndim == 0 and float(v).is_integer() for v in values if np.isfinite(v).all())


def _by_component(loop: Loop, moving: set[str]) -> bool:
    """Whether each turn changes another component of an array, as a loop over components does."""
    if not loop.around:
        return False
    for path in moving:
        touched: list[frozenset[int]] = []
        for a, b in zip(loop.moments, loop.moments[1:], strict=False):
            before, after = a.values.get(path), b.values.get(path)
            if before is None or after is None or before.shape != after.shape or a.entry != b.entry:
                continue
            touched.append(frozenset(np.flatnonzero(before.ravel() != after.ravel()).tolist()))
        some = [t for t in touched if t]
        if not (len(some) > 0 and all(len(t) == 1 for t in some) and all(x != y for x, y in zip(some, some[1:], strict=False))):
            return False
        if loop.moments[0].values.get(path, np.zeros(1)).size < 2:
            return False
    return True


# The turns that are done again -------------------------------------------------------------------------------------


def _explore(found: Descent, start: dict[str, Any]) -> Generator[Asked, Turn, None]:
    """Find the parameters, then their steps at some states."""
    found.start = start
    free = yield Asked({})
    before = {path: numbers(value) for path, value in start.items()}
    changed = [path for path, value in free.after.items() if path in before and not _same(before[path], value)]
    candidates = [p for p in changed if before[p].shape == free.after[p].shape and not _is_other(before[p], free.after[p])]
    reshaped = [p for p in changed if before[p].shape != free.after[p].shape and isinstance(start[p], np.ndarray)]
    candidates += [p for p in start if p not in candidates and is_whole(start[p]) and p in _assigned(free)]
    if reshaped:
        held = yield Asked({}, tuple(reshaped))
        found.parameters = list(dict.fromkeys(change.path for change in held.changes if change.by is None))
        found.shapes = [before[p].shape for p in found.parameters]
        found.reshaped = [change for change in held.changes if change.by is None]
        found.states = [State(np.zeros(0), np.zeros(0), np.zeros((0, 0)), np.zeros(0), _described(held))]
        return
    if not candidates or sum(before[p].size for p in candidates) > WHOLE:
        return
    yield from _carried(found, candidates, before)
    if not found.parameters:
        return
    yield from _states(found, before)


def _assigned(turn: Turn) -> set[str]:
    return {event.what for event in turn.events}


def _is_other(before: Floats, after: Floats) -> bool:
    """Whether a change is a count or a shuffle."""
    if before.ndim == 0 and float(before).is_integer() and float(after).is_integer() and abs(float(after - before)) == 1:
        return True
    return before.size > 1 and np.array_equal(np.sort(before, axis=None), np.sort(after, axis=None))


def _described(turn: Turn) -> list[Quantity]:
    return [Quantity(e.line, e.what, e.value, np.zeros(0), e.shapes) for e in turn.events]


def _carried(found: Descent, candidates: list[str], before: dict[str, Floats]) -> Generator[Asked, Turn, None]:
    """Which candidates the next turn depends on, and which of those are buffers of others."""
    rng = np.random.default_rng(0)
    state = {p: np.array(before[p] + 0.4 * rng.uniform(0.2, 1.0, before[p].shape)) for p in candidates}
    base = yield Asked(state)
    blocks: dict[tuple[str, str], Floats] = {}
    for source in candidates:
        count = min(before[source].size, EACH)
        chosen = rng.choice(before[source].size, count, replace=False)
        columns: dict[str, list[Floats]] = {p: [] for p in candidates}
        for i in chosen:
            moved = state[source].copy()
            h = 1e-6 * (1 + abs(moved.flat[i]))
            moved.flat[i] += h
            turn = yield Asked({**state, source: moved})
            for target in candidates:
                ended = turn.after.get(target)
                same = ended is not None and ended.shape == base.after[target].shape
                columns[target].append((ended - base.after[target]).ravel() / h if same else np.zeros(before[target].size))
        for target in candidates:
            blocks[target, source] = _with_places(np.array(columns[target]).T, chosen)
    carried = [p for p in candidates if any(_matters(blocks[t, p]) for t in candidates)]
    moved = [p for p in carried if not _is_schedule(p, carried, blocks)]
    buffers = [p for p in moved if _is_buffer(p, moved, blocks, before)]
    found.parameters = [p for p in moved if p not in buffers] or moved
    found.buffers = [p for p in moved if p not in found.parameters]
    found.kept = {p: float(blocks[p, p][_own(blocks[p, p])].mean()) for p in found.buffers}
    found.shapes = [before[p].shape for p in found.parameters]
    found.whole = [p for p in found.parameters if is_whole(found.start[p])]
    own = [p for p in found.parameters if _depends(p, found.parameters, blocks)]
    if not own:
        found.parameters = []


def _with_places(block: Floats, chosen: Floats) -> Floats:
    """The columns at their places, the others 0."""
    whole = np.zeros((block.shape[0], int(max(chosen)) + 1 if len(chosen) else 0))
    whole[:, chosen] = block
    return whole


def _own(block: Floats) -> Any:
    """The places of the diagonal that were measured."""
    columns = np.flatnonzero(np.abs(block).sum(axis=0))
    return columns[columns < block.shape[0]], columns[columns < block.shape[0]]


def _matters(block: Floats) -> bool:
    return bool(np.isfinite(block).any() and np.nanmax(np.abs(block), initial=0.0) > 1e-12)


def _depends(path: str, parameters: list[str], blocks: dict[tuple[str, str], Floats]) -> bool:
    """Whether the step of a parameter depends on the parameters, as it does where something is descended."""
    own = blocks[path, path]
    step = own - np.eye(own.shape[0])[:, : own.shape[1]] * (np.abs(own).sum(axis=0) > 0)
    return _far(step) or any(_far(blocks[path, other]) for other in parameters if other != path)


def _far(block: Floats) -> bool:
    return bool(np.nanmax(np.abs(block), initial=0.0) > 1e-9)


def _is_schedule(path: str, carried: list[str], blocks: dict[tuple[str, str], Floats]) -> bool:
    """A rate that falls, or another single number that nothing else changes."""
    others = [p for p in carried if p != path]
    alone = blocks[path, path].size == 1 and not any(_matters(blocks[path, other]) for other in others)
    return alone and bool(others) and _SCHEDULE.fullmatch(tail(path)) is not None


def _is_buffer(path: str, moved: list[str], blocks: dict[tuple[str, str], Floats], before: dict[str, Floats]) -> bool:
    """A velocity, a mean of gradients or of their squares: kept by one factor, and felt place by place by another."""
    own = blocks[path, path]
    diagonal = own[_own(own)]
    rest = own.copy()
    rest[_own(own)] = 0.0
    if diagonal.size and (np.ptp(diagonal) > 1e-6 or _far(rest)):
        return False
    for other in moved:
        block = blocks[other, path]
        if other == path or block.shape[0] != own.shape[0] or not _matters(block):
            continue
        off = block.copy()
        off[_own(block)] = 0.0
        if np.nanmax(np.abs(off), initial=0.0) > 1e-9 * np.nanmax(np.abs(block)):
            continue
        flat = np.ptp(before[path]) == 0
        if (own.shape[0] > 1 and flat and not np.array_equal(before[path], before[other])) or _BUFFER.fullmatch(tail(path)):
            return _BUFFER.fullmatch(tail(other)) is None or _BUFFER.fullmatch(tail(path)) is not None
    return False


def _states(found: Descent, before: dict[str, Floats]) -> Generator[Asked, Turn, None]:
    theta0 = found.vector(before)
    assert theta0 is not None
    rng = np.random.default_rng(1)
    size = theta0.size
    found.picked = sorted(rng.choice(size, MOST, replace=False).tolist()) if size > MOST else list(range(size))
    path = found.path
    last = next((theta for _, theta in reversed(path) if np.isfinite(theta).all() and np.abs(theta).max() < 1e6), theta0)
    for scale in (0.5, 0.05, 0.005):
        found.states = []
        for middle in (theta0, last):
            theta = middle + scale * rng.normal(size=size) * np.maximum(1.0, np.abs(middle))
            found.states.append((yield from _state(found, theta)))
        moving = [float(np.abs(s.slope).max(initial=0.0)) for s in found.states]
        if all(np.isfinite(s.step).all() and np.isfinite(s.slope).all() for s in found.states) and min(moving) > 1e-14:
            break
    found.at = yield from _state(found, last)


def _state(found: Descent, theta: Floats) -> Generator[Asked, Turn, State]:
    held = tuple(found.parameters)
    here = yield Asked(found.split(theta), held)
    free = yield Asked(found.split(theta))
    ahead, back, widths = [], [], []
    for i in found.picked:
        h = 1e-5 * (1 + abs(theta[i]))
        for sign, into in ((1, ahead), (-1, back)):
            moved = theta.copy()
            moved[i] += sign * h
            into.append((yield Asked(found.split(moved), held)))
        widths.append(2 * h)
    step = _step(found, here)
    slope = np.array([(_step(found, a) - _step(found, b)) / w for a, b, w in zip(ahead, back, widths, strict=True)])
    ended = found.vector(free.after)
    made = State(theta, step[found.picked], slope[:, found.picked].T if len(slope) else np.zeros((0, 0)),
                 (ended - theta if ended is not None else np.full(theta.size, np.nan))[found.picked])  # fmt: skip
    made.quantities = _quantities(here, ahead, back, widths)
    made.ends = {p: free.after[p] for p in found.buffers if p in free.after}
    made.changes = here.changes
    for change in here.changes:
        found.lines[change.path] = change.line
    return made


def _step(found: Descent, turn: Turn) -> Floats:
    """The changes of all parameters in a held turn, summed."""
    total = {p: np.zeros(shape) for p, shape in zip(found.parameters, found.shapes, strict=True)}
    for change in turn.changes:
        if change.path in total and change.by is not None:
            total[change.path] = total[change.path] + change.by
    return np.concatenate([total[p].ravel() for p in found.parameters])


Grouped = dict[tuple[int, str], list[Any]]


def _grouped(turn: Turn) -> Grouped:
    made: Grouped = {}
    for event in turn.events:
        made.setdefault((event.line, event.what), []).append(event)
    return made


def _quantities(here: Turn, ahead: list[Turn], back: list[Turn], widths: list[float]) -> list[Quantity]:
    """What the turn computes, by line and name, with central differences; what is computed more or less often is left."""
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
            made.append(Quantity(key[0], key[1], value, slope, events[-1].shapes))
    return made


def _stacked(events: list[Any]) -> Floats | None:
    """The values of one place in a turn in a row; None where their shapes differ."""
    if not events or any(event.value.shape != events[0].value.shape for event in events[1:]):
        return None
    return np.concatenate([event.value.ravel() for event in events])
