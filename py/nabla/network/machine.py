"""The state of a compiled program: its names, its random numbers, what it prints, how it fails."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

SPENT = 1_000_000  # turns of loops outside the training loop
CALLS = 40  # functions inside functions
MOST_LISTED = 16  # items of a list that may hold weights
LIST = 1_000_000  # items of a list


class Problem(Exception):
    """Something in the program that is not understood or too much, at a node of its tree or at a line."""

    def __init__(self, code: str, message: str, hint: str = "", node: Any = None) -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.node = code, message, hint, node


class Raised(Exception):
    """The program itself raised: type and message as Python's or NumPy's, the line, and what may help."""

    def __init__(self, kind: str, message: str, line: int) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.message, self.line = kind, message, line
        self.hint = ""


class Paused(Exception):
    """A run was stopped on purpose, after one step of training."""


@dataclass(frozen=True)
class Texts:
    """Operations on text and on Python's own numbers, supplied by the caller, with bounded results.

    Attributes:
        formatted: `(value, spec, conversion)` as an f-string has it.
        format_method: `(text, args, named)`, str.format.
        binary: `(type of operator, a, b)` for values that are no arrays.
    """

    formatted: Callable[[Any, str, int], str]
    format_method: Callable[..., str]
    binary: Callable[[Any, Any, Any], Any]


class Names(dict[str, Any]):
    """The names of a program; those it never gave are Python's own, or missing as Python says it."""

    def __init__(self) -> None:
        super().__init__()
        self.builtins: dict[str, Any] = {}

    def __missing__(self, name: str) -> Any:
        if name in self.builtins:
            return self.builtins[name]
        raise NameError(f"name '{name}' is not defined")


@dataclass
class Machine:
    """The state of a run.

    Attributes:
        names: the program's names and their values.
        random: NumPy's legacy generator, which `np.random` draws from.
        printed: line and text of each print.
        line: the statement that runs, kept while the run is followed.
        seeded: whether the program seeds its random numbers; `drawn`, whether it draws any.
    """

    texts: Texts
    seed: int = 1
    names: Names = field(default_factory=Names)
    printed: list[tuple[int, str]] = field(default_factory=list)
    line: int = 0
    depth: int = 0
    spent: int = 0
    result: Any = None
    seeded: bool = False
    drawn: bool = False
    forced: int | None = None

    def __post_init__(self) -> None:
        self.random = np.random.RandomState(self.seed if self.forced is None else self.forced)

    def spend(self) -> None:
        """One more turn of a loop."""
        self.spent += 1
        if self.spent > SPENT:
            message = f"the loops turn more than {SPENT:,} times before anything is trained."
            raise Problem("timeout", message, "Run fewer repetitions.")

    def reseed(self, seed: Any = None) -> None:
        """`np.random.seed`; without a seed, and where another seed is asked for, ours."""
        if seed is not None:
            self.seeded = True
        chosen = self.forced if self.forced is not None else self.seed if seed is None else int(seed)
        self.random.seed(chosen)

    def save(self) -> State:
        """A copy of the names and of the generator."""
        return State({name: cloned(value) for name, value in self.names.items()}, self.random.get_state())

    def restore(self, state: State) -> None:
        """Back to a saved state, which stays as it is."""
        self.names.clear()
        self.names.update({name: cloned(value) for name, value in state.names.items()})
        self.random.set_state(state.random)


@dataclass(frozen=True)
class State:
    """Names with their values, and the random generator's state, at one moment."""

    names: dict[str, Any]
    random: Any


def arrays_of(names: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values, those inside dicts and lists under their subscripts as Python writes them, `w['a']`."""
    for name, value in names.items():
        if isinstance(value, dict):
            yield from ((f"{name}[{key!r}]", item) for key, item in value.items() if isinstance(key, (str, int)))
        elif isinstance(value, list) and len(value) <= MOST_LISTED:
            yield from ((f"{name}[{i}]", item) for i, item in enumerate(value))
        else:
            yield name, value


def cloned(value: Any) -> Any:
    """A copy that shares no array with the value."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return type(value)(cloned(item) for item in value)
    if isinstance(value, dict):
        return {key: cloned(item) for key, item in value.items()}
    if isinstance(value, (np.random.Generator, np.random.RandomState)):
        return copy.deepcopy(value)
    copied = getattr(value, "cloned", None)
    return copied() if copied is not None else value
