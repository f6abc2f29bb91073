"""A training run to its end behind the guard, with its loss written down on the way."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.program.errors import Raised, Stopped
from nabla.program.evidence import Observer, Printed
from nabla.program.guard import Guard
from nabla.program.made import LoopTurn
from nabla.program.rewrite import Wishes
from nabla.program.run import Session
from nabla.program.source import Program
from nabla.program.trace import Trace

WORK = 8e9  # elements that all steps together may go through, each operation counted as OPERATION of them
OPERATION = 2_000
FEW = 100  # steps that are run whatever they cost
KEPT = 400  # losses


@dataclass
class WholeRun:
    """The result of a whole run.

    Attributes:
        steps: the turns of the loop that trains.
        losses: the program's own loss, by the step in which it was computed.
        printed: step (-1 behind the last) and entry of each print.
        ended: "", "work" or "not-covered".
    """

    steps: int = 0
    losses: dict[int, float] = field(default_factory=dict)
    printed: list[tuple[int, Printed]] = field(default_factory=list)
    raised: Raised | None = None
    ended: str = ""
    names: dict[str, Any] = field(default_factory=dict)


class _Watcher(Observer):
    """Counts the turns of one loop, and keeps what is assigned to one name."""

    def __init__(self, line: int, name: str, seed: int, most: int) -> None:
        self.wishes = Wishes(names=bool(name), turns=True)
        self.line, self.name, self.seed, self.most = line, name, seed, most
        self.course = WholeRun()
        self.every = 1

    def functions(self, guard: Guard) -> dict[str, Any]:
        """Nothing; random numbers begin at the seed."""
        guard.seed(self.seed)
        return {}

    def turn(self, line: int, count: int) -> None:
        """A step begins."""
        if line == self.line and count >= 0:
            if self.course.steps == self.most:
                raise Stopped
            self.course.steps += 1

    def bound(self, name: str, value: Any) -> None:
        """The loss was computed."""
        losses, step = self.course.losses, max(self.course.steps - 1, 0)
        if name == self.name and np.size(value) == 1 and (step % self.every == 0 or not losses):
            losses[step] = float(np.asarray(value, dtype=np.float64).ravel()[0])
            if len(losses) > KEPT:
                self.every *= 2
                self.course.losses = {at: v for at, v in losses.items() if at % self.every == 0}


def affordable(trace: Trace, turn: LoopTurn) -> int:
    """How many steps are run, from what one goes through: the same number on every machine."""
    inside = trace.nodes[turn.first : turn.stop]
    return max(FEW, int(WORK / (sum(np.size(node.value) for node in inside) + OPERATION * (len(inside) + 1))))


def run(program: Program, loop: ast.For | ast.While | None, most: int, loss: str = "", seed: int = 1) -> WholeRun:
    """The whole program, or as far as `most` steps of it go."""
    watcher = _Watcher(loop.lineno if loop is not None else -1, loss if loss.isidentifier() else "", seed, most)
    course = watcher.course
    session = Session(program, None, None, watcher)
    steps_at: list[int] = []
    show = session.evidence.show

    def shown(entry: Printed) -> None:
        steps_at.append(course.steps - 1)
        show(entry)

    session.evidence.show = shown  # type: ignore[method-assign]
    try:
        done = session.run()
        course.raised, course.ended = done.raised, "" if done.gap is None else done.gap.code
        course.names = done.names
    except Stopped:
        course.ended = "work"
    course.printed = list(zip(steps_at, session.evidence.printed, strict=False))
    return course
