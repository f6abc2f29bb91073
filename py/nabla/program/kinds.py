"""Types as programs see them: what `type`, `isinstance` and a class statement are given."""

from __future__ import annotations

import types
from collections import abc
from typing import Any, NoReturn

from nabla.program.errors import Gap
from nabla.program.objects import Kind, Missing, Supply

GENUINE = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, range, bool, type(None), slice)


class Types:
    """The part of the guard that answers for types."""

    supply: Supply
    main: str
    views: dict[type, Kind]

    def fail(self, gap: Gap) -> NoReturn:
        """Put a gap on record and raise it."""
        raise NotImplementedError

    def is_own(self, kind: type) -> bool:
        """Whether the program itself made this class."""
        return vars(kind).get("__module__") is self.main

    # Types -----------------------------------------------------------------------------------------------------------

    def type_of(self, value: Any) -> Any:
        """`type(value)`: the type where it may be called, and what stands for it elsewhere."""
        kind = type(value)
        if kind in self.supply.plain:
            value = self.supply.plain[kind](value)
            kind = type(value)
        if self.is_own(kind):
            return kind
        if kind in self.supply.kinds:
            return self.supply.kinds[kind]
        if issubclass(kind, type):
            return self.supply.kinds[type]
        if kind in GENUINE or kind in self.supply.bases or issubclass(kind, BaseException):
            return kind
        return self.views.setdefault(kind, Kind(_shown(kind), (kind,)))

    def kinds_of(self, kinds: Any) -> tuple[Any, ...]:
        """What `isinstance` is given, as real types."""
        if isinstance(kinds, tuple):
            return tuple(kind for one in kinds for kind in self.kinds_of(one))
        if isinstance(kinds, Missing):
            kinds.used()
        if isinstance(kinds, types.UnionType):
            return self.kinds_of(kinds.__args__)
        return kinds.types if isinstance(kinds, Kind) else (kinds,)

    def is_instance(self, value: Any, kinds: Any) -> bool:
        """`isinstance`."""
        plain = self.supply.plain.get(type(value))
        if plain is not None:
            value = plain(value)
        return isinstance(value, self.kinds_of(kinds))

    def is_subclass(self, kind: Any, kinds: Any) -> bool:
        """`issubclass`."""
        of = self.kinds_of(kinds)
        return any(issubclass(one, of) for one in self.kinds_of(kind))

    @staticmethod
    def is_sequence(value: Any) -> bool:
        """Whether a sequence pattern may fit."""
        return isinstance(value, (list, tuple, range, abc.Sequence)) and not isinstance(value, (str, bytes, bytearray))

    def bases(self, *given: Any) -> tuple[type, ...]:
        """The bases of a class, each of which may be built on."""
        made: list[type] = []
        for base in given:
            if isinstance(base, Missing):
                base.used()
            for one in base if isinstance(base, tuple) else (base,):
                kind = (
                    one.types[0] if isinstance(one, Kind) and one.types and one.types[0] in self.supply.bases else one
                )
                if not isinstance(kind, type):
                    if getattr(kind, "is_hint", False):
                        continue
                    self.fail(Gap(f"a class built on `{getattr(kind, 'name', kind)}`"))
                exception = issubclass(kind, Exception) and kind.__module__ == "builtins"
                if not (self.is_own(kind) or kind in self.supply.bases or exception):
                    self.fail(Gap(f"a class built on `{kind.__name__}`"))
                if kind not in made:
                    made.append(kind)
        if len(made) > 1 and object in made:
            made.remove(object)
        return tuple(made)

    def metaclass(self, given: Any) -> Any:
        """What stands for a metaclass among the bases: only `ABCMeta` and `type` do."""
        if given is self.supply.kinds[type] or getattr(given, "is_abstract", False):
            return getattr(given, "as_base", ())
        return self.fail(Gap("a metaclass", code="forbidden"))


def _shown(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
