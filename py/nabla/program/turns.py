"""Turns of a loop as evidence: what changes from one to the next, and turns done again from other states.

`Turns` watches a whole run and keeps the numbers at a growing distance of turns. `Repeated` takes one turn of one loop
and does it again and again: everything is put back, random generators too, then some numbers are replaced. A turn is
done freely, or with numbers held: then each change of a held number is noted and undone, so that the whole turn sees
the same state, and what it would have changed is known for that state alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np

from nabla.program.errors import Gap
from nabla.program.evidence import Observer
from nabla.program.guard import Guard
from nabla.program.rewrite import Wishes
from nabla.program.state import Floats, Slot, Snapshot, is_numbers, like, numbers, places

FIRST = 24  # turns of a loop that are all kept
GROWTH = 1.12  # of the distance between turns that are kept, later
KEPT = 400  # numbers of one place at one turn that are kept


@dataclass
class TurnStart:
    """The numbers at the begin of a turn: `turn` counts all turns of the loop in the run, `entry` how often it was
    entered before, `inside` the turn of this entry; `whole` are arrays of whole numbers.
    """

    turn: int
    entry: int
    inside: int
    values: dict[str, Floats]
    whole: frozenset[str] = frozenset()


@dataclass
class Loop:
    """A loop of a run: its line, the lines of the loops around it, its moments, the numbers behind it, its turns."""

    line: int
    around: tuple[int, ...]
    moments: list[TurnStart] = field(default_factory=list)
    last: dict[str, Floats] = field(default_factory=dict)
    turns: int = 0
    entries: int = 0
    inside: int = 0
    next: float = 0.0


class Turns(Observer):
    """Watches the loops of a run; `loops` by line."""

    wishes = Wishes(turns=True, heads=True)

    def __init__(self) -> None:
        self.loops: dict[int, Loop] = {}
        self.open: list[int] = []
        self.guard: Guard | None = None

    def turn(self, line: int, count: int) -> None:
        """Follow which loops are on."""
        if count < 0:
            if self.open and self.open[-1] == line:
                self.open.pop()
            return
        if count == 0:
            around = tuple(self.open)
            self.open.append(line)
            loop = self.loops.setdefault(line, Loop(line, around))
            loop.entries += 1
        loop = self.loops[line]
        loop.inside = count
        loop.turns += 1

    def head(self, line: int, names: dict[str, Any]) -> None:
        """Keep the numbers, at the first turns and then at a growing distance."""
        loop = self.loops[line]
        if loop.turns <= FIRST or loop.turns >= loop.next:
            loop.next = max(loop.turns + 1, loop.turns * GROWTH)
            held = self._held(names)
            whole = frozenset(path for path, value in held.items() if is_whole(value))
            values = {path: numbers(value) for path, value in held.items()}
            loop.moments.append(TurnStart(loop.turns - 1, loop.entries - 1, loop.inside, values, whole))

    def left(self, line: int, names: dict[str, Any]) -> None:
        """Keep what is there in the end."""
        if line in self.loops:
            self.loops[line].last = {path: numbers(value) for path, value in self._held(names).items()}

    def _held(self, names: Mapping[str, Any]) -> dict[str, Any]:
        assert self.guard is not None
        found = places(_all(self.guard, names), self.guard.is_own)
        return {place.path: value for place, value in found.items() if np.size(value) <= KEPT}


def is_whole(value: Any) -> bool:
    """Whether an array holds whole numbers, so that decimals put into it are cut off."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "iu"


def _all(guard: Guard, names: Mapping[str, Any]) -> dict[str, Any]:
    """The names of a place, and those at the top of the program."""
    if names is guard.env:
        return {name: value for name, value in names.items() if not name.startswith(("__", "@"))}
    top = {name: value for name, value in guard.env.items() if not name.startswith(("__", "@"))}
    return top | {name: value for name, value in names.items() if not name.startswith("@")}


@dataclass(frozen=True)
class Event:
    """Something that was assigned, or a sum or difference, in a turn: its line, its name or place, its numbers.

    `shapes` are those of the two sides of a sum or difference.
    """

    line: int
    what: str
    value: Floats
    shapes: tuple[tuple[int, ...], tuple[int, ...]] | None = None


@dataclass(frozen=True)
class Change:
    """A change of a held number: where, in which line, by how much; None where its shape changed, to `shape`."""

    path: str
    line: int
    by: Floats | None
    shape: tuple[int, ...] = ()


@dataclass
class TurnDone:
    """A turn that was done: the numbers at its end, the changes of held ones, and what it computed."""

    after: dict[str, Floats] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass
class TurnRequest:
    """A turn to be done: numbers to begin with, by path, and the paths that are held."""

    state: dict[str, Floats]
    held: tuple[str, ...] = ()


Plan = Callable[[dict[str, Any]], Generator[TurnRequest, TurnDone, None]]


class Repeated(Observer):
    """Does one turn of the loop in a line as often as a plan asks, then ends the run.

    Args:
        line: of the loop.
        plan: is given the numbers at the begin of the turn, as the program has them; what it yields is done.
        turn: which turn of the loop in the run, counted from 0.
    """

    def __init__(self, line: int, plan: Plan, turn: int = 0) -> None:
        self.wishes = Wishes(turns=True, repeated=line, edits=True, operands=True)
        self.line, self.plan, self.wanted = line, plan, turn
        self.guard: Guard | None = None
        self.count = -1
        self.fresh = False
        self.work: Generator[TurnRequest, TurnDone, None] | None = None
        self.done: TurnDone | None = None

    def turn(self, line: int, count: int) -> None:
        """Count the turns of the loop."""
        if line == self.line and count >= 0 and self.work is None:
            self.count += 1
            self.fresh = True

    def repeat(self, line: int, names: dict[str, Any]) -> dict[str, Any] | None:
        """Begin the next turn that the plan asks for."""
        assert self.guard is not None
        if self.work is None:
            if not self.fresh:
                return None
            self.fresh = False
            if self.count < self.wanted:
                return {}
            work = self.work = self._begin(names, sys._getframe(1))
            return self._next(lambda: next(work))
        going, ended = self.work, self.done
        assert ended is not None
        ended.after = {path: numbers(value) for path, value in self._values(names).items()}
        return self._next(lambda: going.send(ended))

    def _begin(self, names: dict[str, Any], frame: FrameType) -> Generator[TurnRequest, TurnDone, None]:
        assert self.guard is not None
        self.frame = frame
        self.snapshot = Snapshot(_all(self.guard, names), self.guard.is_own)
        self.places = {place.path: place for place in places(self.snapshot.names, self.guard.is_own)}
        self.random = [_kept(generator) for generator in self.guard.generators]
        self.start = self._values(self.snapshot.names)
        self.start = {path: _copied(value) for path, value in self.start.items()}
        return self.plan(self.start)

    def _next(self, ask: Callable[[], TurnRequest]) -> dict[str, Any]:
        assert self.guard is not None
        try:
            asked = ask()
        except StopIteration:
            raise Gap("the turn has been done as often as it had to be", code="timeout") from None
        self.snapshot.restore()
        for put in self.random:
            put()
        self.done = TurnDone()
        self.asked = asked
        self.base: dict[str, Any] = {}
        self.objects: dict[str, Any] = {}
        given = dict(self.snapshot.names) if self.frame.f_locals is not self.guard.env else {}
        if not given:
            self.guard.env.update(self.snapshot.names)
        for path, value in asked.state.items():
            self._set(path, like(value, self.start[path]), given)
        for path in asked.held:
            place = self.places[path]
            current = self._current(place, given)
            self.objects[path], self.base[path] = current, numbers(current)
        return given

    def _current(self, place: Slot, given: dict[str, Any]) -> Any:
        assert self.guard is not None
        return place.get() if place.owner is not None else given.get(place.key, self.guard.env.get(place.key))

    def _set(self, path: str, value: Any, given: dict[str, Any]) -> None:
        assert self.guard is not None
        place = self.places[path]
        current = self._current(place, given)
        if isinstance(current, np.ndarray) and current.dtype.kind == "f" and np.shape(value) == current.shape:
            np.copyto(current, value)
        elif place.owner is not None:
            place.put(value)
        elif given and place.key in self.frame.f_code.co_varnames:
            given[place.key] = value
        else:
            given[place.key] = self.guard.env[place.key] = value

    def _values(self, names: Mapping[str, Any]) -> dict[str, Any]:
        assert self.guard is not None
        table = _all(self.guard, names)
        found: dict[str, Any] = {}
        for path, place in self.places.items():
            try:
                value = table[place.key] if place.owner is None else place.get()
            except (KeyError, IndexError):
                continue
            if is_numbers(value):
                found[path] = value
        return found

    # While a turn is on ----------------------------------------------------------------------------------------------

    def edited(self, text: str, value: Any) -> Any:
        """Note what was assigned; undo what was held."""
        if self.done is None:
            return value
        frame = sys._getframe(1)
        line = frame.f_lineno or 0
        if text and is_numbers(value):
            self.done.events.append(Event(line, text, numbers(value)))
        for path in self.asked.held:
            place = self.places[path]
            named = place.owner is None and place.key == text and self._is_the_name(frame, text)
            current = value if named else self.objects[path] if place.owner is None else place.get()
            if self._moved(path, line, current):
                kept = self._undone(path, current)
                if named:
                    value = kept
                elif place.owner is not None:
                    place.put(kept)
            elif named and current is not self.objects[path]:
                self.objects[path] = current
        return value

    def _is_the_name(self, frame: FrameType, text: str) -> bool:
        if frame is self.frame:
            return True
        return text not in frame.f_code.co_varnames and text not in self.frame.f_code.co_varnames

    def _moved(self, path: str, line: int, current: Any) -> bool:
        assert self.done is not None
        base = self.base[path]
        if not is_numbers(current):
            return False
        now = numbers(current)
        if now.shape != base.shape:
            self.done.changes.append(Change(path, line, None, now.shape))
            return True
        if np.array_equal(now, base, equal_nan=True):
            return False
        self.done.changes.append(Change(path, line, now - base))
        return True

    def _undone(self, path: str, current: Any) -> Any:
        """The held number again: in the same object where that was changed in place."""
        base = self.base[path]
        if current is self.objects[path] and isinstance(current, np.ndarray) and current.shape == base.shape:
            np.copyto(current, base, casting="unsafe")
            return current
        if current is self.objects[path] and isinstance(current, list):
            current[:] = base.tolist()
            return current
        self.objects[path] = like(base, self.start[path])
        return self.objects[path]

    def operated(self, operator: str, a: Any, b: Any, line: int, column: int) -> Any:
        """Note a sum or difference."""
        result = a + b if operator == "Add" else a - b
        if self.done is not None and is_numbers(result):
            shapes = (np.shape(a), np.shape(b))
            self.done.events.append(Event(line, f"{operator}@{column}", numbers(result), shapes))
        return result


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, (np.ndarray, list)) else value


def _kept(generator: Any) -> Callable[[], None]:
    """A function that puts a random generator back to where it is now."""
    if isinstance(generator, np.random.RandomState):
        state = generator.get_state()
        return lambda: generator.set_state(state)
    if isinstance(generator, np.random.Generator):
        kept = generator.bit_generator.state
        return lambda: setattr(generator.bit_generator, "state", kept)
    plain = generator.getstate()
    return lambda: generator.setstate(plain)
