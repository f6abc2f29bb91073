"""What programs can hold beside what their modules supply: modules, functions, classes; and how a program fails."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


class Unknown(Exception):
    """A name of a module or of a value that is not in the tables; `known` are those that are."""

    def __init__(self, what: str, known: list[str]) -> None:
        super().__init__(what)
        self.what = what
        self.known = known


class Raised(Exception):
    """The program itself raised: an error's type and message, as Python or its modules would, and the line."""

    def __init__(self, kind: str, message: str, line: int) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.message, self.line = kind, message, line


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A module as the table of what it holds; entries may be modules again."""

    name: str
    table: Mapping[str, Any]


@dataclass
class Scope:
    """Names and their values, and the scope outside."""

    names: dict[str, Any] = field(default_factory=dict)
    outer: Scope | None = None
    owner: Class | None = None

    def find(self, name: str) -> Any:
        """The value of a name; KeyError when it has none."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        raise KeyError(name)


class Function:
    """A `def` or a lambda of the program; calling it runs its body."""

    __slots__ = ("call", "defaults", "name", "node", "scope")

    def __init__(
        self,
        name: str,
        node: ast.FunctionDef | ast.Lambda,
        defaults: list[Any],
        scope: Scope,
        call: Callable[[Function, tuple[Any, ...], dict[str, Any]], Any],
    ) -> None:
        self.name, self.node, self.defaults, self.scope, self.call = name, node, defaults, scope, call

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Run it."""
        return self.call(self, args, named)

    def __repr__(self) -> str:
        return f"<function {self.name}>"

    @property
    def parameters(self) -> list[str]:
        """The names of its parameters."""
        return [arg.arg for arg in self.node.args.args]


@dataclass(eq=False)
class Class:
    """A class of the program: its methods and constants, and the base that the modules supply, if any."""

    name: str
    table: dict[str, Any]
    parent: Class | None
    base: Callable[[], Any] | None

    def lookup(self, name: str) -> Any:
        """A method or constant of the class or of its parents; KeyError when there is none."""
        if name in self.table:
            return self.table[name]
        if self.parent is None:
            raise KeyError(name)
        return self.parent.lookup(name)

    def __repr__(self) -> str:
        return f"<class '{self.name}'>"


@dataclass(eq=False)
class Instance:
    """An object of a class of the program. `base` is what the modules know of it (an nn.Module), or None."""

    kind: Class
    names: dict[str, Any]
    base: Any

    def method(self, name: str) -> Callable[..., Any]:
        """The bound method; KeyError when there is none."""
        function = self.kind.lookup(name)
        return lambda *args, **named: function(self, *args, **named)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Its `__call__`, or its `forward` as a module of layers."""
        for name in ("__call__", "forward"):
            try:
                return self.method(name)(*args, **named)
            except KeyError as missing:
                if missing.args != (name,):
                    raise
        raise TypeError(f"'{self.kind.name}' object is not callable")

    def __repr__(self) -> str:
        return f"<{self.kind.name} object>"


@dataclass(frozen=True, slots=True, eq=False)
class Parent:
    """`super()` in a method."""

    instance: Instance
    above: Class | None


@dataclass
class Namespace:
    """What surrounds a program: the modules it may import, the names it finds, and what is told about it.

    Attributes:
        modules: by the names they are imported under, dots included.
        names: known before the first line, as builtins are.
        attribute: `(value, name)` to the attribute; raises `Unknown` or AttributeError.
        set_attribute: `(value, name, new)`.
        bound: told of every assignment to a name, `(name, value)`; gives the value to bind.
        literal: told of every number assigned to a name as it stands; gives the value to bind.
        at: told of every statement's line.
        turn: told of every turn of a loop, `(line, count from 0)`, and `(line, -1)` when a loop that turned is left.
    """

    modules: Mapping[str, Module]
    names: Mapping[str, Any]
    attribute: Callable[[Any, str], Any]
    set_attribute: Callable[[Any, str, Any], None]
    bound: Callable[[str, Any], None] = lambda name, value: None
    literal: Callable[[Any], Any] = lambda value: value
    at: Callable[[int], None] = lambda line: None
    turn: Callable[[int, int], None] = lambda line, count: None
