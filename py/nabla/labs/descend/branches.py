"""Branches on the values of variables: a function is run once for every way through them; the ways are its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sympy as sp

MOST_WAYS = 64
MOST_ASKED = 24  # questions on one way: a loop that ends by a variable's value asks without end


class Ways:
    """The way a program is on: what its branches asked so far, and what they were told.

    Attributes:
        told: the conditions asked on this way, in order, and what each was said to be.
    """

    def __init__(self) -> None:
        self.told: list[tuple[sp.Basic, bool]] = []
        self._given: list[bool] = []

    def ask(self, condition: sp.Basic) -> bool:
        """Whether the condition holds on this way: true at first, and false once that way has been gone."""
        for known, answer in self.told:
            if condition == known:
                return answer
            if condition == sp.Not(known):
                return not answer
        if len(self.told) >= MOST_ASKED:
            raise NotImplementedError(
                "the branches ask for the values of variables without end here; a loop has to end by a count"
            )
        place = len(self.told)
        answer = self._given[place] if place < len(self._given) else True
        self.told.append((condition, answer))
        return answer

    def next(self) -> bool:
        """Begin the next way; False when all have been gone."""
        answers = [answer for _, answer in self.told]
        while answers and not answers[-1]:
            answers.pop()
        if not answers:
            return False
        self._given = [*answers[:-1], False]
        self.told = []
        return True


_NOW: ContextVar[Ways | None] = ContextVar("ways", default=None)


@contextmanager
def _on(ways: Ways) -> Iterator[None]:
    token = _NOW.set(ways)
    try:
        yield
    finally:
        _NOW.reset(token)


def holds(condition: sp.Basic) -> bool:
    """Whether a condition on formulas holds, on the way that the program is on."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    ways = _NOW.get()
    if ways is None:
        raise NotImplementedError("a branch on the value of a variable is not understood here; np.where is")
    return ways.ask(condition)


def by_cases(run: Callable[[], Any]) -> list[tuple[Any, Any]]:
    """What `run` gives on every way through its branches on the values of variables, and when.

    The way on which every condition holds comes first. Those of its conditions that hold are all that a case needs,
    since the cases before it are those where another does; the last case is left with none, and holds.

    Raises:
        NotImplementedError: more than 64 ways, or one without end.
    """
    ways = Ways()
    cases: list[tuple[Any, Any]] = []
    while True:
        with _on(ways):
            value = run()
        cases.append((value, sp.And(*(condition for condition, answer in ways.told if answer))))
        if len(cases) > MOST_WAYS:
            raise NotImplementedError(f"the branches lead more than {MOST_WAYS} ways through the function")
        if not ways.next():
            return cases
