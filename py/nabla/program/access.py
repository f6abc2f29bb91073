"""Attributes and types: what a program may read and set on which value, and what it is told of a value's type.

Answers come from tables by the value's exact type. A class of the program itself is known by its `__module__`, which
is one string object of this run; on plain objects of such classes every name without two underscores is free.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, NoReturn

from nabla.program import sizes
from nabla.program.errors import Gap
from nabla.program.kinds import GENUINE, Types
from nabla.program.objects import Kind, Missing, Module, near
from nabla.program.source import DEFINABLE, is_special

# Special names that stay shut on values of other classes: they get around a table or a measure.
_SHUT = frozenset(
    "__new__ __setattr__ __delattr__ __getattribute__ __getattr__ __get__ __set__ __delete__ __set_name__ __dir__ "
    "__init_subclass__ __class_getitem__ __format__ __mul__ __rmul__ __imul__ __pow__ __rpow__ __ipow__ __mod__ "
    "__imod__ __lshift__ __rlshift__ __ilshift__ __array_ufunc__ __slots__ __match_args__".split()
)


class Access(Types):
    """The part of the guard that answers for attributes; `Guard` has the rest."""

    env: dict[str, Any]
    own: set[type]
    get: Callable[[Any, str], Any]
    gap: Gap | None
    _reach: dict[type, set[str]]

    def module(self, name: str) -> Any:
        """A module by its full name."""
        raise NotImplementedError

    def _format_of(self, text: str, how: str) -> Callable[..., str]:
        raise NotImplementedError

    # Reading ---------------------------------------------------------------------------------------------------------

    def _getter(self) -> Callable[[Any, str], Any]:
        reach, slow = self._reach, self._read

        def get(value: Any, name: str) -> Any:
            names = reach.get(type(value))
            if names is not None and name in names:
                return getattr(value, name)
            return slow(value, name)

        return get

    def _read(self, value: Any, name: str) -> Any:
        """An attribute that is read for the first time, or that needs a look each time."""
        if self.gap is not None:
            raise self.gap
        kind = type(value)
        if kind is Kind and not is_special(name):
            if name in value.methods:
                return value.methods[name]
            return self.fail(Gap(f"`{value.name}.{name}`", near(name, value.methods)))
        if kind is Missing:
            self.fail(Gap(f"`{value.name}.{name}`", value.near))
        if kind is super:
            return self._of_super(value, name)
        if issubclass(kind, Module):
            return self._of_module(value, name)
        if is_special(name):
            return self._special(value, kind, name)
        if issubclass(kind, type):
            return self._of_class(value, name)
        if self.is_own(kind):
            return self._of_own(value, kind, name)
        return self._of_other(value, kind, name)

    def _of_module(self, value: Module, name: str) -> Any:
        table = vars(value)
        if name in table and not name.startswith("@"):
            self._reach.setdefault(type(value), set()).add(name)
            return table[name]
        full = f"{table['@name']}.{name}"
        if full in self.supply.modules:
            return self.module(full)
        return self.fail(Gap(f"`{full}`", near(name, table)))

    def _of_own(self, value: Any, kind: type, name: str) -> Any:
        outside = [base for base in kind.__mro__ if base is not object and not self.is_own(base)]
        if not outside:
            self.own.add(kind)
            return getattr(value, name)
        for base in kind.__mro__:
            if name in vars(base):
                if self.is_own(base) or base is object:
                    return getattr(value, name)
                return self._of_other(value, base, name)
        if any(base in self.supply.readers for base in outside) and name not in getattr(value, "__dict__", ()):
            return self._of_other(value, kind, name)
        return getattr(value, name)

    def _of_other(self, value: Any, kind: type, name: str) -> Any:
        for base in kind.__mro__:
            method = sizes.METHODS.get((base, name))
            if method is not None:
                return method(value)
            if base is str and name in ("format", "format_map"):
                return self._format_of(value, name)
            if name in self.supply.types.get(base, ()):
                if kind is type(value):
                    self._reach.setdefault(kind, set()).add(name)
                return getattr(value, name)
            reader = self.supply.readers.get(base)
            if reader is not None:
                try:
                    return reader(value, name)
                except KeyError:
                    self.fail(Gap(f"`.{name}` of {self.name_of(value)}", near(name, self.known(kind))))
        if kind is types.FunctionType and value.__globals__ is self.env and name in vars(value):
            return vars(value)[name]
        if kind is types.MethodType and type(value.__func__) is types.FunctionType:
            return self._of_other(value.__func__, types.FunctionType, name)
        if kind in GENUINE and not hasattr(kind, name):
            return getattr(value, name)  # CPython's own error
        return self.fail(Gap(f"`.{name}` of {self.name_of(value)}", near(name, self.known(kind))))

    def known(self, kind: type) -> list[str]:
        """What may be read from values of a type."""
        found: set[str] = set()
        for base in kind.__mro__:
            found |= self.supply.types.get(base, frozenset())
            reader = self.supply.readers.get(base)
            found |= set(getattr(reader, "names", ()))
        return sorted(found)

    def name_of(self, value: Any) -> str:
        """What a value's type is called, with its article."""
        kind = self.supply.kinds.get(type(value))
        name = kind.name if isinstance(kind, Kind) else type(value).__name__
        return f"`{name.rpartition('.')[2]}`"

    def _of_class(self, value: Any, name: str) -> Any:
        for base in value.__mro__:
            if name not in vars(base):
                continue
            if self.is_own(base):
                return getattr(value, name)
            if base is not object and any(name in self.supply.types.get(b, ()) for b in base.__mro__):
                method = sizes.METHODS.get((base, name))
                if method is not None:
                    return lambda first, *args, **named: method(first)(*args, **named)
                if base is str and name in ("format", "format_map"):
                    return lambda first, *args, **named: self._format_of(first, name)(*args, **named)
                return getattr(value, name)
            self.fail(Gap(f"`{value.__name__}.{name}`"))
        if self.is_own(value) and not hasattr(type, name) and type(value) is type:
            return getattr(value, name)
        reader = self.supply.readers.get(type(value))
        if reader is not None:
            try:
                return reader(value, name)
            except KeyError:
                self.fail(Gap(f"`{value.__name__}.{name}`"))
        if value in GENUINE and not hasattr(type, name):
            return getattr(value, name)
        return self.fail(Gap(f"`{value.__name__}.{name}`", near(name, self.known(value))))

    def _special(self, value: Any, kind: type, name: str) -> Any:
        own = self.is_own(value if issubclass(kind, type) else kind)
        if name == "__class__":
            return self.type_of(value)
        if name in ("__name__", "__qualname__"):
            named = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, type, Kind)
            if isinstance(value, Kind):
                return value.name.rpartition(".")[2]
            if isinstance(value, named) or issubclass(kind, type):
                return str(getattr(value, name))
            return getattr(value, "__name__", None) if type(value).__module__ == "numpy" else self._absent(value, name)
        if name == "__module__" and own:
            return self.main
        if name == "__doc__":
            return value.__doc__ if own or getattr(value, "__globals__", None) is self.env else None
        if name == "__dict__":
            return self.variables(value)
        if own and name in DEFINABLE:
            bases = value.__mro__ if issubclass(kind, type) else kind.__mro__
            owner = next((base for base in bases if name in vars(base)), None)
            if owner is not None and self.is_own(owner):
                return getattr(value, name)
        if issubclass(kind, type):
            return self._special_of_class(value, name)
        if name in DEFINABLE - _SHUT:
            return getattr(value, name)
        return self._absent(value, name)

    def _special_of_class(self, value: type, name: str) -> Any:
        """`object.__setattr__(self, ...)`, `Base.__init__(self)`: as `super()` would give them."""
        if name == "__new__":
            return self._new(value)
        if name in ("__setattr__", "__delattr__", "__getattribute__"):
            return lambda first, *args: self._plain(first, name)(*args)
        if name in DEFINABLE - _SHUT:
            return getattr(value, name)
        return self._absent(value, name)

    def _absent(self, value: Any, name: str) -> NoReturn:
        self.fail(Gap(f"`{name}` of {self.name_of(value)}", code="forbidden"))

    def _of_super(self, value: Any, name: str) -> Any:
        """An attribute of `super()`: of the program's classes any, of others what the tables have."""
        here, bound = value.__thisclass__, value.__self__
        order = value.__self_class__.__mro__
        if is_special(name) and name not in DEFINABLE:
            return self._absent(value, name)
        for base in order[order.index(here) + 1 :]:
            if name not in vars(base):
                continue
            if self.is_own(base):
                return getattr(value, name)
            if name == "__new__":
                return self._new(base)
            if base is object and name in ("__setattr__", "__delattr__", "__getattribute__"):
                return self._plain(bound, name)
            ours = base.__module__.startswith("nabla.")
            special = name in DEFINABLE and (
                name not in _SHUT or ours or (base is object and name == "__init_subclass__")
            )
            if special or any(name in self.supply.types.get(b, ()) for b in base.__mro__):
                method = sizes.METHODS.get((base, name))
                return method(bound) if method is not None else getattr(value, name)
            self.fail(Gap(f"`super().{name}`"))
        reader = next((r for b in order if (r := self.supply.readers.get(b)) is not None), None)
        if reader is not None:
            try:
                return reader(bound, name)
            except KeyError:
                self.fail(Gap(f"`super().{name}`"))
        return getattr(value, name)

    def _new(self, base: type) -> Callable[..., Any]:
        def new(kind: Any, *args: Any, **named: Any) -> Any:
            if not isinstance(kind, type) or not self.is_own(kind):
                self.fail(Gap(f"`{base.__name__}.__new__` of another class", code="forbidden"))
            if base is object:
                return base.__new__(kind)
            return base.__new__(kind, *args, **named)

        return new

    def _plain(self, value: Any, how: str) -> Callable[..., Any]:
        """What `object` does with attributes, on plain objects of the program's classes."""

        def act(name: str, *new: Any) -> Any:
            if not self.is_own(type(value)) or is_special(name):
                self._absent(value, how)
            outside = [b for b in type(value).__mro__ if b is not object and not self.is_own(b)]
            if any(hasattr(base, name) for base in outside):
                self._absent(value, how)
            return getattr(object, how)(value, name, *new)

        return act

    # Writing ---------------------------------------------------------------------------------------------------------

    def write(self, value: Any) -> Any:
        """The value, or what stands for it, on which an attribute is set or deleted."""
        kind = type(value)
        if self.is_own(kind) and all(self.is_own(base) or base is object for base in kind.__mro__):
            self.own.add(kind)
            return value
        return _Target(self, value)

    def set(self, value: Any, name: Any, new: Any) -> None:
        """`value.name = new`."""
        name = _text(name)
        kind = type(value)
        if isinstance(value, type) and self.is_own(value):
            if is_special(name) and (name not in DEFINABLE or name == "__slots__"):
                self._absent(value, name)
            setattr(value, name, new)
        elif kind is types.FunctionType and value.__globals__ is self.env:
            if is_special(name) and name not in ("__name__", "__doc__"):
                self._absent(value, name)
            setattr(value, name, new)
        elif is_special(name):
            self._absent(value, name)
        elif self.is_own(kind) and not any(
            hasattr(base, name) for base in kind.__mro__ if base is not object and not self.is_own(base)
        ):
            setattr(value, name, new)
        else:
            self._set_other(value, kind, name, new)

    def _set_other(self, value: Any, kind: type, name: str, new: Any) -> None:
        if kind is Missing:
            value.used()
        for base in kind.__mro__:
            if name in self.supply.settable.get(base, ()):
                setattr(value, name, new)
                return
            writer = self.supply.writers.get(base)
            if writer is not None:
                try:
                    writer(value, name, new)
                except KeyError:
                    self.fail(Gap(f"setting `.{name}` of {self.name_of(value)}"))
                return
        if kind in GENUINE:
            setattr(value, name, new)  # CPython's own error
        self.fail(Gap(f"setting `.{name}` of {self.name_of(value)}"))

    def delete(self, value: Any, name: Any) -> None:
        """`del value.name`."""
        name = _text(name)
        mine = self.is_own(type(value)) or (isinstance(value, type) and self.is_own(value))
        if not mine or is_special(name):
            self.fail(Gap(f"deleting `.{name}` of {self.name_of(value)}"))
        delattr(value, name)

    def variables(self, value: Any) -> Any:
        """`vars(value)`."""
        kind = type(value)
        if isinstance(value, type) or not self.is_own(kind) or not hasattr(value, "__dict__"):
            self.fail(Gap(f"the variables of {self.name_of(value)}", code="forbidden"))
        plain = all(self.is_own(base) or base is object for base in kind.__mro__)
        return value.__dict__ if plain else dict(value.__dict__)

    def get_default(self, value: Any, name: Any, *default: Any) -> Any:
        """`getattr`."""
        try:
            return self.get(value, _text(name))
        except AttributeError:
            if default:
                return default[0]
            raise

    def has(self, value: Any, name: Any) -> bool:
        """`hasattr`."""
        try:
            self.get(value, _text(name))
        except AttributeError:
            return False
        return True


def _text(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"attribute name must be string, not '{type(name).__name__}'")
    return str.__str__(name)


class _Target:
    """Stands for a value whose attribute is set, changed or deleted."""

    def __init__(self, guard: Access, value: Any) -> None:
        _part(self, "__dict__").update({"@guard": guard, "@value": value})

    def __getattribute__(self, name: str) -> Any:
        return _part(self, "@guard").get(_part(self, "@value"), name)

    def __setattr__(self, name: str, new: Any) -> None:
        _part(self, "@guard").set(_part(self, "@value"), name, new)

    def __delattr__(self, name: str) -> None:
        _part(self, "@guard").delete(_part(self, "@value"), name)


_part = object.__getattribute__
