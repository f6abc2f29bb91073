"""A descent written by hand as it was found in what a program did: its loop, its parameters, its steps at states."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.program.run import Run, Session
from nabla.program.source import Program
from nabla.program.state import Floats
from nabla.program.turns import Change, Loop, Turns


def tail(path: str) -> str:
    """The last name of a path: w of self.w and of params['w']."""
    found = re.findall(r"\w+", path)
    return next((name for name in reversed(found) if not name.isdigit()), path)


@dataclass
class Computed:
    """What a turn computes under one name or at one place, as a function of the parameters: its values at a state, and
    its derivatives, a column a component.
    """

    line: int
    what: str
    value: Floats
    slope: Floats
    shapes: tuple[tuple[int, ...], tuple[int, ...]] | None = None


@dataclass
class HeldState:
    """A state of the parameters: the step of the turn there, its derivatives, what it computed, and the step of a turn
    in which nothing was held. `ends` are the buffers at the end of the turn, `ended` their derivatives.
    """

    theta: Floats
    step: Floats
    slope: Floats
    free: Floats
    quantities: list[Computed] = field(default_factory=list)
    ends: dict[str, Floats] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


@dataclass
class HandDescent:
    """A program that descends, as found.

    Attributes:
        parameters: their paths, `shapes` theirs; `whole` those that hold whole numbers.
        buffers: what is carried beside them: velocities, means of squares.
        picked: which components of all parameters in a row are moved one by one.
        turned: the first random state with all signs turned, where what cuts off below 0 does so the other way round.
        states: random states, then the last one that was reached (or the first, where that is not finite).
        reshaped: changes that gave a parameter another shape.
        kept: of a buffer, the share of it that is left after a turn.
        sums: of the parameters, those that are a loss summed up over all turns.
        told: the function that is to be descended, as the text beside the program tells it; `held` whether the steps
            were compared with it, or with what has its gradient.
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
    states: list[HeldState] = field(default_factory=list)
    turned: HeldState | None = None
    at: HeldState | None = None
    reshaped: list[Change] = field(default_factory=list)
    kept: dict[str, float] = field(default_factory=dict)
    sums: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    told: str = ""
    held: bool = False

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
        """The turn and the parameters, as far as they were kept, and the last ones."""
        if not self.parameters:
            return []
        found = [(m.turn, v) for m in self.loop.moments if (v := self.vector(m.values)) is not None]
        last = self.vector(self.loop.last)
        return [*found, *([(self.loop.turns, last)] if last is not None else [])]


def grew(found: HandDescent) -> bool:
    """Whether the parameters grew beyond all bounds."""
    path = found.path
    if not path:
        return False
    first, last = path[0][1], path[-1][1]
    if not np.isfinite(last).all() or (found.run.raised is not None and found.run.raised.kind == "OverflowError"):
        return True
    sizes = [float(np.linalg.norm(theta - first)) for _, theta in path]
    early = max(sizes[1] if len(sizes) > 1 else 0.0, 1e-12)
    return (
        sizes[-1] > 1e3 * early
        and sizes[-1] > 1e3 * (1 + float(np.linalg.norm(first)))
        and sizes[-1] >= 0.99 * max(sizes)
    )


def same(a: Floats, b: Floats) -> bool:
    """Whether two arrays have the same shape and numbers."""
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)
