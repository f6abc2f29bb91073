"""A method done by hand: its task, its iterates, one step of it, and the slips that are made in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from nabla.optimise.problem import Floats, Problem

NO_VALUE = "the function or its derivatives have no value there"


class NoStep(ValueError):
    """A step that the method cannot take, with the reason in a sentence."""


@dataclass(frozen=True, slots=True)
class ByHandTask:
    """What is solved: the functions (one, or those of a system), and the settings of methods that have some."""

    problems: tuple[Problem, ...]
    rate: float = 0.1
    momentum: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def values(self, x: Floats) -> Floats:
        """The functions at x, shape (m,)."""
        return np.array([problem.value(x) for problem in self.problems])

    def jacobian(self, x: Floats) -> Floats:
        """Their derivatives at x, shape (m, n)."""
        return np.array([problem.gradient(x) for problem in self.problems])

    def f(self, x: Floats) -> float:
        """The function at x."""
        return self.problems[0].value(x)

    def g(self, x: Floats) -> Floats:
        """Its gradient at x, shape (n,)."""
        return self.problems[0].gradient(x)

    def h(self, x: Floats) -> Floats:
        """Its Hessian at x, shape (n, n)."""
        return self.problems[0].hessian(x)


@dataclass(frozen=True, slots=True)
class Iterate:
    """The place after `k` steps, what the next step needs besides (`memory`), and the figures of the step to it."""

    x: Floats
    k: int = 0
    memory: tuple[Floats, ...] = ()
    figures: dict[str, Floats] = field(default_factory=dict)

    def then(self, x: Floats, *memory: Floats, **figures: float | Floats) -> Iterate:
        """The next one."""
        return Iterate(x, self.k + 1, memory, {name: np.atleast_1d(value) for name, value in figures.items()})


Step = Callable[[ByHandTask, Iterate], Iterate]


@dataclass(frozen=True, slots=True)
class StepSlip:
    """A step with one thing done wrong: the kind of finding, what is wrong in words, and the step."""

    kind: str
    text: str
    step: Step


@dataclass(frozen=True, slots=True)
class ByHand:
    """A method: its title, one step in LaTeX and as computed, slips, other conventions, and what it needs.

    `uses` lists what a step is made of: rate, momentum, gradient, hessian, line, interval, pair. `root` tells that it
    looks for a root. `others` are steps that books define differently, each with the words that say how.
    """

    title: str
    rule: str
    step: Step
    uses: frozenset[str] = frozenset()
    root: bool = False
    slips: tuple[StepSlip, ...] = ()
    others: tuple[tuple[str, Step], ...] = ()


def solved(matrix: Floats, right: Floats, what: str) -> Floats:
    """The solution of a square system.

    Raises:
        NoStep: the matrix is singular.
    """
    if not np.isfinite(matrix).all() or not np.isfinite(right).all():
        raise NoStep(NO_VALUE)
    if matrix.shape[0] != matrix.shape[1] or np.linalg.cond(matrix) > 1e15:
        raise NoStep(f"{what} there")
    return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
