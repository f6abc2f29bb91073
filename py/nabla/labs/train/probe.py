"""A program brought to its first steps of training, which can be taken again from other weights.

The loop that trains is found in what the program does: in one turn of it an array or number becomes what it was, plus
or minus something that was computed from it in that turn.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.program.errors import Raised, Stopped
from nabla.program.instrument import marked
from nabla.program.limits import Budget
from nabla.program.made import LoopTurn, TracedValue, is_float
from nabla.program.run import Session, refusal
from nabla.program.source import Program
from nabla.program.trace import Trace

TURNS = 150_000  # of loops, before the first steps are complete
_SUMS = frozenset("add sub iadd isub subtract setitem".split())
_CARRIED = frozenset("mul imul truediv itruediv multiply divide array asarray copy astype reshape ravel float".split())


@dataclass
class FollowedSteps:
    """The first steps of a training: the turns, and the trace that they are part of."""

    trace: Trace
    turns: list[LoopTurn]
    session: Session
    raised: Raised | None = None


@dataclass
class StepProbe:
    """A program and its loop that trains.

    Attributes:
        program: as read, its nodes numbered.
        seed: of random numbers where the program gives none; `forced` one in place of those that it gives.
        nodes: those of its tree by their numbers.
        loop: the loop whose turns are the steps; None where nothing is trained.
        first: the trace of the first steps from the program's own weights.
        updated: the names that a step updates.
    """

    program: Program
    seed: int = 1
    steps: int = 1
    forced: int | None = None
    nodes: list[ast.AST] = field(default_factory=list)
    loop: ast.For | ast.While | None = None
    updated: list[str] = field(default_factory=list)
    first: FollowedSteps = field(init=False)

    def __post_init__(self) -> None:
        self.nodes = marked(self.program.tree)
        self.first = self._run({}, self._until_found, self.steps)
        if self.loop is None:
            self._without_updates()

    def _run(self, given: Mapping[int, Any], told: Any, steps: int) -> FollowedSteps:
        found: list[LoopTurn] = []
        trace = Trace(given, self.seed, lambda turn: told(trace, turn, found, steps), self.forced)
        session = Session(self.program, None, Budget(turns=TURNS), trace)
        done = FollowedSteps(trace, found, session)
        try:
            run = session.run()
            if run.gap is not None:
                raise refusal(self.program, run.gap)
            done.raised = run.raised
            trace.finish()
        except Stopped:
            pass
        return done

    def _until_found(self, trace: Trace, turn: LoopTurn, found: list[LoopTurn], steps: int) -> None:
        """Of the loops that end a turn the first that trains is the innermost one."""
        if self.loop is None and (names := updates_of(trace, turn)):
            loop = self.nodes[turn.loop]
            assert isinstance(loop, (ast.For, ast.While))
            self.loop, self.updated = loop, names
        if self.loop is not None and self.nodes[turn.loop] is self.loop:
            found.append(turn)
            if len(found) >= steps:
                raise Stopped

    def _without_updates(self) -> None:
        """A loop that multiplies matrices or raises in its first turn, though nothing is updated."""
        trace = self.first.trace
        products = {"matmul", "dot"}
        for turn in trace.turns:
            inside = trace.nodes[turn.first : turn.stop]
            if turn.count == 0 and any(node.op in products for node in inside):
                loop = self.nodes[turn.loop]
                assert isinstance(loop, (ast.For, ast.While))
                self.loop, self.first.turns = loop, [turn]
                return

    def again(self, weights: Mapping[str, Any], steps: int = 1) -> FollowedSteps:
        """The first steps with other values under some of the names that the first turn starts with."""
        start = self.first.turns[0].start
        given = {
            start[name].order: value for name, value in weights.items() if isinstance(start.get(name), TracedValue)
        }

        def told(trace: Trace, turn: LoopTurn, found: list[LoopTurn], steps: int) -> None:
            if self.nodes[turn.loop] is self.loop:
                found.append(turn)
                if len(found) >= steps:
                    raise Stopped

        return self._run(given, told, steps)


def updates_of(trace: Trace, turn: LoopTurn) -> list[str]:
    """The names of what a turn updates: it becomes itself plus or minus what was computed from it."""
    hangs = dependencies(trace, turn)
    found = []
    for name, old in turn.start.items():
        new = turn.end.get(name)
        if not (isinstance(old, TracedValue) and isinstance(new, TracedValue)) or new is old or not is_float(old.value):
            continue
        if np.shape(new.value) == np.shape(old.value) and _is_update(new, old, turn.first, hangs):
            found.append(name)
    return [name for name in found if not _is_velocity(turn, name, found)]


def _is_velocity(turn: LoopTurn, name: str, updated: list[str]) -> bool:
    """Whether what a name becomes is what is added to another weight: a velocity, with which gradients look ahead."""
    own = turn.end[name]
    for other in updated:
        stack, old = [turn.end[other]], turn.start[other]
        while stack and other != name and turn.end[other] is not own:
            node = stack.pop()
            if node is own:
                return True
            if node.op in _SUMS and node is not old and node.order >= turn.first:
                stack += [part for part in node.parents if np.shape(part.value) == np.shape(own.value)]
    return False


def dependencies(trace: Trace, turn: LoopTurn) -> dict[TracedValue, frozenset[TracedValue]]:
    """The nodes from before a turn that each of its nodes was computed from."""
    found: dict[TracedValue, frozenset[TracedValue]] = {}
    for node in trace.nodes[turn.first : turn.stop]:
        parts = [found[p] if p.order >= turn.first else frozenset((p,)) for p in node.parents]
        given = node.op in ("number", "array") and not parts
        found[node] = frozenset((node,)) if given else frozenset().union(*parts)
    return found


def _is_update(
    new: TracedValue, old: TracedValue, first: int, hangs: Mapping[TracedValue, frozenset[TracedValue]]
) -> bool:
    """Whether a new value is the old one plus something that hangs on it."""
    stack, computed, kept = [new], False, False
    seen: set[TracedValue] = set()
    while stack:
        node = stack.pop()
        if node is old:
            kept = True
            continue
        if node in seen or node.order < first:
            continue
        seen.add(node)
        parents = node.parents
        if node.op in _SUMS:
            bases = [p for p in parents if _carries(p, old, first)]
            stack += bases
            computed |= any(old in hangs.get(p, ()) for p in parents if p not in bases)
            computed |= len(bases) > 1 and any(p is not old and old in hangs.get(p, ()) for p in bases)
        elif node.op in _CARRIED:
            stack += [p for p in parents if _carries(p, old, first)]
    return kept and computed


def _carries(node: TracedValue, old: TracedValue, first: int) -> bool:
    """Whether a node is the old value, itself or times a number, or a sum with it."""
    for _ in range(12):
        if node is old:
            return True
        if node.order < first:
            return False
        same = [p for p in node.parents if np.shape(p.value) == np.shape(old.value)]
        if node.op == "setitem":
            same = node.parents[:1]
        if node.op in _SUMS:
            return any(_carries(p, old, first) for p in same)
        if node.op not in _CARRIED or not same:
            return False
        others = [p for p in node.parents if p is not same[0]]
        if any(np.size(p.value) > 1 for p in others):
            return False
        node = same[0]
    return False
