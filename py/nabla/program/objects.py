"""What programs reach: modules and types by exact name. What is not in a table is a `Gap`."""

from __future__ import annotations

import collections
import difflib
import fractions
import functools
import itertools
import random
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from nabla.program.errors import Gap


class Module:
    """A module as programs see it. Each has a class of its own, so that its names are looked up by type."""

    def __repr__(self) -> str:
        return f"<module '{vars(self)['@name']}'>"

    def __deepcopy__(self, memo: Any) -> Module:
        return self


def module(name: str, table: Mapping[str, Any]) -> Module:
    """A module that holds what the table holds; tables in it become modules of their own."""
    made: Module = type("module", (Module,), {})()
    vars(made)["@name"] = name
    for key, value in table.items():
        vars(made)[key] = module(f"{name}.{key}", value) if isinstance(value, dict) else value
    return made


def names_of(made: Module) -> frozenset[str]:
    """The names in a module."""
    return frozenset(key for key in vars(made) if key != "@name")


class Kind:
    """A type as programs name it, where the real one is not handed out: `make` is what a call of it does.

    `types` are those whose instances it has, `methods` what may be read from the type.
    """

    __slots__ = ("make", "methods", "name", "types")

    def __init__(
        self,
        name: str,
        types: tuple[type, ...],
        make: Callable[..., Any] | None = None,
        methods: Mapping[str, Any] | None = None,
    ) -> None:
        self.name, self.types, self.make = name, types, make
        self.methods = methods or {}

    def __call__(self, *args: Any, **named: Any) -> Any:
        """What a call of the type makes."""
        if self.make is None:
            raise Gap(f"making a `{self.name}` by its type")
        return self.make(*args, **named)

    def __repr__(self) -> str:
        return f"<class '{self.name}'>"

    def __or__(self, other: Any) -> Any:
        return (self, other)

    def __getitem__(self, item: Any) -> Any:
        return self


class Missing:
    """A name that was imported and is not here. Only its use is a gap; it may be imported and passed over."""

    __slots__ = ("line", "name", "near")

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        self.name, self.near = name, near

    def used(self) -> NoReturn:
        """Say that it was used."""
        raise Gap(f"`{self.name}`", self.near)


def _used(self: Missing, *_: Any, **__: Any) -> Any:
    self.used()


for _name in (
    "call iter len bool getitem setitem contains enter exit add radd sub rsub mul rmul truediv rtruediv matmul "
    "rmatmul pow rpow neg float int index lt le gt ge str repr format mro_entries or ror"
).split():
    setattr(Missing, f"__{_name}__", _used)


@dataclass
class Supply:
    """What a lab lends a program: modules under their names, and the types that come with them.

    Attributes:
        modules: by full name, each a function that makes its table; called on first import.
        types: names that may be read from instances of a type (and from the type itself).
        settable: names that may be set on instances of a type.
        readers: for types whose attributes are made on demand: `(value, name)`; KeyError where there is none.
        writers: `(value, name, new)`, likewise.
        bases: types that a program's classes may build on.
        kinds: types as programs name them, by the type that an instance has.
        names: known before the first line, beside Python's own.
        plain: types that stand for values of Python, and what gives that value.
        passes: packages whose errors pass through our versions of their functions unchanged.
        stand_ins: names of types of ours in Python's errors, and whether the original fails in the same way beside
            types other than numbers.
        usual: short names that people forget to import, and the module or `module:name` that they stand for.
    """

    modules: dict[str, Callable[[], Any]] = field(default_factory=dict)
    types: dict[type, frozenset[str]] = field(default_factory=dict)
    settable: dict[type, frozenset[str]] = field(default_factory=dict)
    readers: dict[type, Callable[[Any, str], Any]] = field(default_factory=dict)
    writers: dict[type, Callable[[Any, str, Any], None]] = field(default_factory=dict)
    bases: set[type] = field(default_factory=set)
    kinds: dict[type, Any] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    usual: dict[str, str] = field(default_factory=dict)
    passes: set[str] = field(default_factory=set)
    plain: dict[type, Callable[[Any], Any]] = field(default_factory=dict)
    stand_ins: dict[str, bool] = field(default_factory=dict)

    def __or__(self, other: Supply) -> Supply:
        merged = {name: type(value)(value) for name, value in vars(self).items()}
        for name, value in vars(other).items():
            merged[name] |= value
        return Supply(**merged)


def near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to five of the known names that are nearest."""
    return tuple(difflib.get_close_matches(name, [k for k in known if not k.startswith(("_", "@"))], 5, 0.6))


def public(kind: type, *without: str) -> frozenset[str]:
    """The names of a type without leading underscores, but for some."""
    return frozenset(name for name in dir(kind) if not name.startswith("_")) - set(without)


_PLAIN = (list, dict, set, frozenset, tuple, int, float, complex, range, slice, str, bytes, bytearray)
TYPES: dict[type, frozenset[str]] = {
    **{kind: public(kind) for kind in _PLAIN},
    bool: public(int),
    type({}.keys()): frozenset({"isdisjoint"}),
    type({}.items()): frozenset({"isdisjoint"}),
    types.GeneratorType: frozenset({"send", "throw", "close"}),
    property: frozenset({"setter", "getter", "deleter"}),
    collections.deque: public(collections.deque),
    collections.Counter: public(collections.Counter),
    collections.OrderedDict: public(collections.OrderedDict),
    collections.defaultdict: public(collections.defaultdict),
    collections.ChainMap: public(collections.ChainMap),
    functools.partial: frozenset({"func", "args", "keywords"}),
    type(functools.lru_cache(lambda: 0)): frozenset({"cache_info", "cache_clear"}),
    itertools.chain: frozenset({"from_iterable"}),
    fractions.Fraction: public(fractions.Fraction),
    random.Random: public(random.Random, "VERSION"),
    BaseException: frozenset({"args", "add_note"}),
    StopIteration: frozenset({"args", "value"}),
    KeyError: frozenset({"args"}),
    OSError: frozenset({"args", "errno", "strerror", "filename"}),
    SystemExit: frozenset({"args", "code"}),
    ImportError: frozenset({"args", "name", "msg"}),
    NameError: frozenset({"args", "name"}),
}
BASES: set[type] = {
    object, list, dict, set, frozenset, tuple, int, float, complex, str, bytes, collections.deque,
    collections.Counter, collections.OrderedDict, collections.defaultdict,
}  # fmt: skip
