"""`dataclasses`, `enum`, `functools`: small ones of ours, which never evaluate text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from nabla.program.errors import Gap
from nabla.program.guard import Guard
from nabla.program.objects import Supply
from nabla.program.rewrite import FIELDS

_MISSING: Any = object()
_ORDER = {"__lt__": lambda a, b: a < b, "__le__": lambda a, b: a <= b, "__gt__": lambda a, b: a > b,
          "__ge__": lambda a, b: a >= b}  # fmt: skip


class DataclassField:
    """`field(...)`."""

    def __init__(self, *, default: Any = _MISSING, default_factory: Any = _MISSING, init: bool = True,
                 repr: bool = True, compare: bool = True, **_: Any) -> None:  # fmt: skip
        self.default, self.factory = default, default_factory
        self.init, self.repr, self.compare = init, repr, compare
        self.name = ""


class FrozenInstanceError(AttributeError):
    """As `dataclasses` raises it."""


def _fields_of(cls: type) -> list[DataclassField]:
    fields: dict[str, DataclassField] = {}
    for base in reversed(cls.__mro__[1:]):
        for inherited in vars(base).get("@data", ()):
            fields[inherited.name] = inherited
    for name in vars(cls).get(FIELDS, ()):
        given = vars(cls).get(name, _MISSING)
        made = given if isinstance(given, DataclassField) else DataclassField(default=given)
        made.name = name
        if isinstance(made.default, (list, dict, set)):
            kind = type(made.default)
            raise ValueError(  # noqa: TRY004 - as the original
                f"mutable default {kind} for field {name} is not allowed: use default_factory"
            )
        if isinstance(given, DataclassField):
            if made.default is _MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, made.default)
        fields[name] = made
    listed = list(fields.values())
    optional = None
    for item in listed:
        if item.init and item.default is _MISSING and item.factory is _MISSING:
            if optional is not None:
                raise TypeError(f"non-default argument {item.name!r} follows default argument {optional!r}")
        elif item.init:
            optional = item.name
    return listed


def _initialiser(cls: type, fields: list[DataclassField], frozen: bool) -> Callable[..., None]:
    taken = [item for item in fields if item.init]
    place = object.__setattr__ if frozen else setattr

    def initialise(self: Any, *args: Any, **named: Any) -> None:
        title = f"{cls.__name__}.__init__()"
        if len(args) > len(taken):
            message = f"{title} takes {len(taken) + 1} positional arguments but {len(args) + 1} were given"
            raise TypeError(message)
        values = dict(zip([item.name for item in taken], args, strict=False))
        for name, value in named.items():
            if name in values:
                raise TypeError(f"{title} got multiple values for argument '{name}'")
            if all(item.name != name for item in taken):
                raise TypeError(f"{title} got an unexpected keyword argument '{name}'")
            values[name] = value
        missing = [i.name for i in taken if i.name not in values and i.default is _MISSING and i.factory is _MISSING]
        if missing:
            told = " and ".join(f"'{name}'" for name in missing)
            several = "s" if len(missing) > 1 else ""
            raise TypeError(f"{title} missing {len(missing)} required positional argument{several}: {told}")
        for item in fields:
            value = values.get(item.name, item.default)
            if value is _MISSING and item.factory is not _MISSING:
                value = item.factory()
            if value is not _MISSING:
                place(self, item.name, value)
        if hasattr(self, "__post_init__"):
            self.__post_init__()

    return initialise


def dataclass(cls: Any = None, /, *, init: bool = True, repr: bool = True, eq: bool = True, order: bool = False,
              frozen: bool = False, unsafe_hash: bool = False, **_: Any) -> Any:  # fmt: skip
    """`@dataclass`, by closures."""
    if cls is None:
        return lambda later: dataclass(later, init=init, repr=repr, eq=eq, order=order, frozen=frozen,
                                       unsafe_hash=unsafe_hash)  # fmt: skip
    fields = _fields_of(cls)
    setattr(cls, "@data", tuple(fields))
    compared = [item.name for item in fields if item.compare]

    def key(self: Any) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in compared)

    def same(self: Any, other: Any) -> Any:
        return key(self) == key(other) if type(self) is type(other) else NotImplemented

    def shown(self: Any) -> str:
        parts = ", ".join(f"{item.name}={getattr(self, item.name)!r}" for item in fields if item.repr)
        return f"{type(self).__qualname__}({parts})"

    def compare(test: Any) -> Callable[[Any, Any], Any]:
        return lambda self, other: test(key(self), key(other)) if type(self) is type(other) else NotImplemented

    def frozen_set(self: Any, name: str, *_: Any) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    own = vars(cls)
    made: dict[str, Any] = {}
    if init:
        made["__init__"] = _initialiser(cls, fields, frozen)
    if repr and "__repr__" not in own:
        made["__repr__"] = shown
    if eq and "__eq__" not in own:
        made["__eq__"] = same
        made["__hash__"] = (lambda self: hash(key(self))) if frozen or unsafe_hash else own.get("__hash__")
    if order:
        made |= {name: compare(test) for name, test in _ORDER.items()}
    if frozen:
        made |= {"__setattr__": frozen_set, "__delattr__": frozen_set}
    made.setdefault("__match_args__", tuple(item.name for item in fields if item.init))
    for name, value in made.items():
        setattr(cls, name, value)
    return cls


def _as_dict(value: Any) -> Any:
    fields = getattr(type(value), "@data", None)
    if fields is not None:
        return {item.name: _as_dict(getattr(value, item.name)) for item in fields}
    if isinstance(value, (list, tuple)):
        return type(value)(_as_dict(item) for item in value)
    if isinstance(value, dict):
        return {key: _as_dict(item) for key, item in value.items()}
    return value


def _replaced(value: Any, **changes: Any) -> Any:
    fields = getattr(type(value), "@data")
    return type(value)(**{item.name: changes.get(item.name, getattr(value, item.name)) for item in fields if item.init})


# Enumerations --------------------------------------------------------------------------------------------------------


class _Auto:
    """`auto()`."""


class _Members(type):
    """The class of enumerations: iterates, counts and looks up members."""

    def __iter__(cls) -> Iterator[Any]:
        return iter(list(vars(cls)["@members"].values()))

    def __len__(cls) -> int:
        return len(vars(cls)["@members"])

    def __contains__(cls, value: Any) -> bool:
        return any(value is member or value == member.value for member in cls)

    def __getitem__(cls, name: str) -> Any:
        return vars(cls)["@members"][name]

    def __call__(cls, value: Any) -> Any:
        for member in cls:
            if member.value == value or member is value:
                return member
        raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")

    def __setattr__(cls, name: str, value: Any) -> None:
        if name in vars(cls).get("@members", ()):
            raise AttributeError(f"cannot reassign member {name!r}")
        super().__setattr__(name, value)


class Enum(metaclass=_Members):
    """`enum.Enum`."""

    name: str
    value: Any

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        members: dict[str, Any] = {}
        last = 0
        for name, given in list(vars(cls).items()):
            if name.startswith(("_", "@")) or callable(given) or hasattr(given, "__get__"):
                continue
            value = last + 1 if isinstance(given, _Auto) else given
            last = value if isinstance(value, int) else last
            same = next((member for member in members.values() if member.value == value), None)
            member = same or cls._member(value)
            if same is None:
                object.__setattr__(member, "name", name)
                object.__setattr__(member, "value", value)
                if isinstance(value, tuple) and "__init__" in vars(cls):
                    member.__init__(*value)
                members[name] = member
            setattr(cls, name, member)
        setattr(cls, "@members", members)

    @classmethod
    def _member(cls, value: Any) -> Any:
        kind: Any = next((base for base in (int, str, float) if issubclass(cls, base)), None)
        return kind.__new__(cls, value) if kind else object.__new__(cls)

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__}.{self.name}: {self.value!r}>"

    def __str__(self) -> str:
        return f"{type(self).__qualname__}.{self.name}"

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (type(self), (self.value,))


class IntEnum(int, Enum):
    """`enum.IntEnum`."""

    __str__ = int.__repr__
    __eq__ = int.__eq__
    __hash__ = int.__hash__


# functools -----------------------------------------------------------------------------------------------------------


def _wraps(wrapped: Any, *_: Any, **__: Any) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        for name in ("__name__", "__qualname__"):
            if hasattr(wrapped, name) and hasattr(function, name):
                setattr(function, name, getattr(wrapped, name))
        return function

    return decorate


def _ordered(cls: Any) -> Any:
    """`total_ordering`: from one comparison and `==` the others."""
    given = next((name for name in _ORDER if name in vars(cls)), None)
    if given is None:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    strict = given in ("__lt__", "__gt__")
    flipped = given in ("__gt__", "__ge__")
    compare = vars(cls)[given]

    def less(a: Any, b: Any) -> Any:
        first, second = (b, a) if flipped else (a, b)
        return compare(first, second) if strict else compare(first, second) and first != second

    others = {"__lt__": lambda a, b: less(a, b), "__gt__": lambda a, b: less(b, a),
              "__le__": lambda a, b: less(a, b) or a == b, "__ge__": lambda a, b: less(b, a) or a == b}  # fmt: skip
    for name, function in others.items():
        if name not in vars(cls):
            setattr(cls, name, function)
    return cls


class CachedProperty:
    """`cached_property`: computed once, then an attribute."""

    def __init__(self, function: Any) -> None:
        self.function, self.name = function, function.__name__

    def __set_name__(self, owner: Any, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        value = self.function(instance)
        vars(instance)[self.name] = value
        return value


def _dispatching(guard: Guard) -> Callable[[Any], Any]:
    def singledispatch(function: Any) -> Any:
        table: list[tuple[Any, Any]] = []

        def call(first: Any, *args: Any, **named: Any) -> Any:
            fitting = [(kinds, chosen) for kinds, chosen in table if guard.is_instance(first, kinds)]
            exact = [chosen for kinds, chosen in fitting if guard.kinds_of(kinds) == (type(first),)]
            chosen = exact[-1] if exact else fitting[-1][1] if fitting else function
            return chosen(first, *args, **named)

        def register(kind: Any, chosen: Any = None) -> Any:
            if callable(kind) and not isinstance(kind, type) and chosen is None:
                guard.fail(Gap("`register` by an annotation"))
            if chosen is None:
                return lambda later: register(kind, later)
            table.append((kind, chosen))
            return chosen

        return _Dispatch(call, register)

    return singledispatch


class _Dispatch:
    def __init__(self, call: Any, register: Any) -> None:
        self.call, self.register = call, register

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self.call(*args, **named)


def supply(guard: Guard) -> Supply:
    """Their tables for one run."""
    tools = {
        "partial": functools.partial, "reduce": functools.reduce, "wraps": _wraps, "total_ordering": _ordered,
        "lru_cache": functools.lru_cache, "cache": functools.cache, "cmp_to_key": functools.cmp_to_key,
        "cached_property": CachedProperty, "singledispatch": _dispatching(guard),
    }  # fmt: skip
    data = {"dataclass": dataclass, "field": lambda **how: DataclassField(**how), "asdict": _as_dict,
            "astuple": lambda value: tuple(_as_dict(value).values()), "replace": _replaced,
            "fields": lambda value: getattr(value, "@data"), "is_dataclass": lambda value: hasattr(value, "@data"),
            "FrozenInstanceError": FrozenInstanceError}  # fmt: skip
    enumerations = {"Enum": Enum, "IntEnum": IntEnum, "auto": _Auto, "unique": lambda cls: cls}
    return Supply(
        modules={"functools": lambda: tools, "dataclasses": lambda: data, "enum": lambda: enumerations},
        types={
            Enum: frozenset({"name", "value"}),
            _Dispatch: frozenset({"register"}),
            DataclassField: frozenset({"name"}),
            FrozenInstanceError: frozenset({"args"}),
        },
        bases={Enum, IntEnum},
    )
