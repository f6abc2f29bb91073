"""The numbers that a program holds at one moment, by the place where each is kept; read, put back and replaced."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nabla.program.objects import Kind, Missing, Module

Floats = NDArray[np.float64]
SIZE = 20_000  # numbers of one place that are read
DEPTH = 4  # of containers in containers
ITEMS = 60  # of one container that are looked at
_NUMBERS = (float, int, np.floating, np.integer)
_OTHERS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, type, Module, Kind, Missing, str, bytes)


@dataclass(frozen=True, eq=False)
class Slot:
    """Where a program keeps a number, an array or a list of numbers.

    Attributes:
        path: as the program writes it: `theta`, `self.w`, `params['W1']`, `layers[0].b`.
        owner: the object, dictionary or list that holds it; None for a name.
        key: its attribute, key, index or name.
    """

    path: str
    owner: Any
    key: Any

    def get(self) -> Any:
        """What is kept there now, but for names."""
        return vars(self.owner)[self.key] if hasattr(self.owner, "__dict__") else self.owner[self.key]

    def put(self, value: Any) -> None:
        """Keep another value there, but for names."""
        if hasattr(self.owner, "__dict__"):
            vars(self.owner)[self.key] = value
        else:
            self.owner[self.key] = value


def places(names: Mapping[str, Any], own: Callable[[type], bool]) -> dict[Slot, Any]:
    """Every place of numbers that can be reached from some names, with what it holds; each object once.

    `own` tells whether a type is one of the program's classes.
    """
    seen: set[int] = set()
    found: dict[Slot, Any] = {}

    def look(path: str, owner: Any, key: Any, value: Any, depth: int) -> None:
        if is_numbers(value):
            if isinstance(value, (np.ndarray, list)):
                if id(value) in seen:
                    return
                seen.add(id(value))
            found[Slot(path, owner, key)] = value
        elif depth < DEPTH and not isinstance(value, _OTHERS) and id(value) not in seen:
            seen.add(id(value))
            for name, inner, item in _parts(value, own):
                look(f"{path}{name}", value, inner, item, depth + 1)

    for name, value in names.items():
        if name[0] not in "@_" or name.strip("_"):
            look(name, None, name, value, 0)
    return found


def _parts(value: Any, own: Callable[[type], bool]) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(value, dict):
        yield from ((f"[{key!r}]", key, item) for key, item in list(value.items())[:ITEMS])
    elif isinstance(value, list):
        yield from ((f"[{i}]", i, item) for i, item in enumerate(value[:ITEMS]))
    elif own(type(value)) and hasattr(value, "__dict__"):
        yield from ((f".{name}", name, item) for name, item in list(vars(value).items())[:ITEMS])


def is_numbers(value: Any) -> bool:
    """Whether a value is a number, an array or a short list of numbers."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiu" and 0 < value.size <= SIZE
    if isinstance(value, list):
        return 0 < len(value) <= ITEMS and all(isinstance(item, _NUMBERS) and type(item) is not bool for item in value)
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def numbers(value: Any) -> Floats:
    """What a place holds as an array of its own."""
    return np.array(value, dtype=np.float64)


def like(value: Floats, old: Any) -> Any:
    """Numbers in the type of what a place held."""
    if isinstance(old, np.matrix):
        return np.matrix(value)
    if isinstance(old, np.ndarray):
        return value.reshape(old.shape).astype(old.dtype if old.dtype.kind == "f" else np.float64)
    if isinstance(old, list):
        return value.tolist()
    return type(old)(value) if isinstance(old, (float, np.floating)) else float(value)


class Snapshot:
    """All that can change while a loop turns, kept to be put back: containers by content, arrays by their numbers."""

    def __init__(self, names: Mapping[str, Any], own: Callable[[type], bool]) -> None:
        self.names = dict(names)
        self.arrays: list[tuple[NDArray[Any], NDArray[Any]]] = []
        self.containers: list[tuple[Any, Any]] = []
        self.seen: set[int] = set()
        self.held: list[Any] = []
        for value in self.names.values():
            self._keep(value, own, 0)

    def _keep(self, value: Any, own: Callable[[type], bool], depth: int) -> None:
        if id(value) in self.seen or depth > DEPTH:
            return
        if isinstance(value, np.ndarray):
            self.seen.add(id(value))
            if value.flags.writeable and value.size <= 50 * SIZE:
                self.arrays.append((value, value.copy()))
        elif isinstance(value, (dict, list)):
            self.seen.add(id(value))
            self.containers.append((value, value.copy()))
            for item in list(value.values() if isinstance(value, dict) else value)[: 20 * ITEMS]:
                self._keep(item, own, depth + 1)
        elif own(type(value)) and hasattr(value, "__dict__"):
            self.seen.add(id(value))
            self.containers.append((value, dict(vars(value))))
            for item in vars(value).values():
                self._keep(item, own, depth + 1)

    def restore(self) -> None:
        """Put everything back as it was, but for the names themselves."""
        for array, numbers_then in self.arrays:
            np.copyto(array, numbers_then)
        for container, content in self.containers:
            if isinstance(container, list):
                container[:] = content
            else:
                table = container if isinstance(container, dict) else vars(container)
                table.clear()
                table.update(content)
