"""Which statements of a backward pass can be to blame for steps that are not the gradient."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.labs.train.directions import CLOSE, is_plain
from nabla.labs.train.judge import JudgedStep, PassJudgement
from nabla.labs.train.probe import StepProbe
from nabla.program.made import TracedValue, made_of
from nabla.program.replay import Replay, Untraced

_TAKEN = frozenset("copy array asarray getitem number zeros zeros_like concatenate".split())
MOST = 120  # runs of statements that are looked at
Simple = ast.Assign | ast.AugAssign | ast.Return


@dataclass
class Suspect:
    """A statement with the nodes that it made in the step, in their order."""

    statement: Simple
    made: list[TracedValue] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.statement.lineno


class Slices:
    """The nodes that went into each weight's step, without those of the forward pass, and their statements."""

    def __init__(self, probe: StepProbe, state: JudgedStep) -> None:
        self.probe, self.state = probe, state
        self.first = state.turn.first
        self.owner = owners(probe)
        assert state.loss is not None
        self.forward = made_of(state.loss.nodes, self.first)
        self.slices = {name: made_of([node], self.first) - self.forward for name, node in state.after.items()}

    def statements(self, nodes: Iterable[TracedValue]) -> dict[ast.stmt, Suspect]:
        """The statements that made these nodes, in the order in which they ran."""
        found: dict[ast.stmt, Suspect] = {}
        for node in sorted(nodes, key=lambda node: node.order):
            statement = self.owner.get(node.place)
            if statement is not None:
                found.setdefault(statement, Suspect(statement)).made.append(node)
        return found

    def suspects(self, wrong: Iterable[str]) -> list[Suspect]:
        """What went into the wrong steps and into none of the right ones, in its order; else all of it."""
        wrong = set(wrong)
        bad: set[TracedValue] = set().union(*[self.slices[name] for name in wrong if name in self.slices])
        tested = {name for name, exact in self.state.slopes.items() if np.abs(np.nan_to_num(exact)).max(initial=0) > 0}
        right = [nodes for name, nodes in self.slices.items() if name not in wrong and name in tested]
        good: set[TracedValue] = set().union(*right)
        cleared = self.statements(good)
        every = self.statements(bad)
        return [s for statement, s in every.items() if statement not in cleared] or list(every.values())

    def first_wrong(self, suspects: list[Suspect]) -> Suspect | None:
        """The first statement whose result is the derivative of the loss by nothing of its shape.

        What a backward pass computes on its way are derivatives by values of the forward pass, up to a factor. Of what
        runs several times the runs are gone through in their order, but for sums that are not complete.
        """
        told = [s for s in suspects if s.made[-1].op not in _TAKEN]
        runs = [(node, s) for s in told if not isinstance(s.statement, ast.AugAssign) for node in s.made
                if node.place == getattr(s.statement.value, "place", -1) and np.any(node.value)]  # fmt: skip
        if len(runs) > len(suspects) and len(runs) <= MOST:
            first = next((s for node, s in sorted(runs, key=lambda run: run[0].order) if not self.is_one(node)), None)
            if first is not None:
                return first
        return next((suspect for suspect in told if not self.is_derivative(suspect)), None)

    def is_derivative(self, suspect: Suspect) -> bool:
        """Whether what a statement made is the derivative of the loss by a value of the forward pass."""
        return self.is_one(suspect.made[-1])

    def is_one(self, node: TracedValue) -> bool:
        """Whether a value is the derivative of the loss by a value of the forward pass."""
        return any(self._is_derivative(node, value) for value in self._alike(node))

    def _alike(self, node: TracedValue) -> list[TracedValue]:
        given = [*self.state.before.values(), *sorted(self.forward, key=lambda n: n.order)]
        return [value for value in given if np.shape(value.value) == np.shape(node.value) and np.size(value.value) > 1]

    def _is_derivative(self, node: TracedValue, value: TracedValue) -> bool:
        exact = self._derivative(value)
        if exact is None:
            return False
        along, slopes = exact
        given = along.reshape(len(along), -1) @ np.asarray(node.value, dtype=np.float64).ravel()
        size = float(slopes @ slopes)
        if not size:
            return False
        factor = float(given @ slopes) / size
        if not any(is_plain(abs(factor) / rate) for rate in {1.0, *self.state.rates.values()} if rate):
            return False
        return bool(np.abs(given - factor * slopes).max() <= 100 * CLOSE * max(float(np.abs(given).max()), 1e-300))

    def _derivative(self, value: TracedValue) -> tuple[Any, Any] | None:
        """Directions for a value of the forward pass and the slopes of the loss along them."""
        known = self.__dict__.setdefault("_known", {})
        if value not in known:
            known[value] = self._measured(value)
        return known[value]  # type: ignore[no-any-return]

    def _measured(self, value: TracedValue) -> tuple[Any, Any] | None:
        loss = self.state.loss
        assert loss is not None
        try:
            replay = Replay(list(loss.nodes), [value], self.first)
        except Untraced:
            return None
        along = np.random.RandomState(5).standard_normal((4, *np.shape(value.value)))
        array = np.asarray(value.value, dtype=np.float64)
        h = 2.0**-14 * max(1.0, float(np.abs(array).max()))
        try:
            ends = [[loss.value(*replay({value: array + s * h * a})) for s in (1, -1)] for a in along]
        except (ArithmeticError, ValueError, IndexError, TypeError):
            return None
        slopes = np.array([(up - down) / (2 * h) for up, down in ends])
        return (along, slopes) if np.isfinite(slopes).all() else None


def owners(probe: StepProbe) -> dict[int, Simple]:
    """The simple statement that each numbered node of the tree stands in."""
    found: dict[int, Simple] = {}
    for node in ast.walk(probe.program.tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return)):
            for part in ast.walk(node):
                found[part.place] = node  # type: ignore[attr-defined]
    return found


def wrong_names(judgement: PassJudgement) -> list[str]:
    """The weights whose steps are not what they should be."""
    return [*judgement.wrong, *(name for name in judgement.uneven if name not in judgement.wrong)]
