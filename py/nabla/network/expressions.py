"""Expressions of the allow-listed Python as closures, for `compiled`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from nabla.network.functions import KEYWORDS, METHODS, PROPERTIES, method_of
from nabla.network.machine import CALLS, LIST, Machine, Problem
from nabla.network.operators import COMPARE, DIRECT, GUARDED, UNARY, Closure, Frame, applied, joined

_ARRAY = np.ndarray


class Ignored:
    """A module whose calls change nothing here: plots, clocks."""


class Expressions:
    """Compiles the expressions of one program for one machine.

    `tables` are the modules by dotted name, `builtins` the functions known without import.
    """

    def __init__(self, machine: Machine, tables: Mapping[str, Any], builtins: Mapping[str, Any]) -> None:
        self.machine, self.tables, self.builtins = machine, tables, builtins
        self.imported: dict[str, Any] = {"np": tables["numpy"], "numpy": tables["numpy"], "math": tables["math"]}
        self._local: frozenset[str] | None = None
        self.inline = True  # names and constants are read without a function call
        machine.names.builtins.update(builtins)
        self._expressions: dict[type[ast.AST], Callable[[Any], Closure]] = {
            ast.Constant: self._constant, ast.Name: self._name, ast.BinOp: self._binary, ast.UnaryOp: self._unary,
            ast.BoolOp: self._boolean, ast.Compare: self._comparison, ast.Call: self._call,
            ast.Attribute: self._attribute, ast.Subscript: self._subscript, ast.Slice: self._slice,
            ast.Tuple: self._tuple, ast.List: self._list, ast.Dict: self._dict, ast.JoinedStr: self._text,
            ast.FormattedValue: self._formatted, ast.IfExp: self._conditional, ast.ListComp: self._comprehension,
            ast.GeneratorExp: self._comprehension, ast.Lambda: self._lambda,
        }  # fmt: skip

    def value(self, node: ast.expr) -> Closure:
        """An expression."""
        made = self._expressions.get(type(node))
        if made is None:
            raise Problem("forbidden", f"{type(node).__name__} is not understood in a network's program.", "", node)
        return made(node)

    def outer(self, name: str) -> Frame | None:
        """Where a name is bound when that is not the frame at hand: attributes of an object are everybody's."""
        return self.machine.names if self._local is not None and name not in self._local else None

    # Names -----------------------------------------------------------------------------------------------------------

    def known(self, node: ast.expr) -> tuple[bool, Any]:
        """Whether the expression names something of a module, and what."""
        if isinstance(node, ast.Name) and node.id in self.imported and node.id not in (self._local or ()):
            return True, self.imported[node.id]
        if isinstance(node, ast.Attribute):
            found, value = self.known(node.value)
            if found and isinstance(value, Ignored):
                return True, value
            if found and isinstance(value, Mapping):
                if node.attr not in value:
                    near = [name for name in value if name[:2] == node.attr[:2]][:8]
                    hint = f"Near it: {', '.join(near)}." if near else ""
                    raise Problem("unknown-function", f"{ast.unparse(node)} is not understood here.", hint, node)
                return True, value[node.attr]
        return False, None

    def _constant(self, node: ast.Constant) -> Closure:
        value = node.value
        return lambda f: value

    def _name(self, node: ast.Name) -> Closure:
        name, names = node.id, self.machine.names
        found, value = self.known(node)
        if found:
            return lambda f: value
        if self._local is not None and name in self._local:
            return lambda f: f[name]
        return lambda f: names[name]

    def _attribute(self, node: ast.Attribute) -> Closure:
        found, value = self.known(node)
        if found:
            return lambda f: value
        inner = self.value(node.value)
        if node.attr not in PROPERTIES:
            raise Problem("unknown-function", f".{node.attr} is not understood here.", "", node)
        get = operator.attrgetter(node.attr)
        return lambda f: get(inner(f))

    # Operators -------------------------------------------------------------------------------------------------------

    def operation(self, op: ast.operator, node: ast.AST) -> Callable[[Any, Any], Any]:
        """An operator as a function of two values."""
        kind = type(op)
        if kind in DIRECT:
            return DIRECT[kind]
        if kind not in GUARDED:
            raise Problem("forbidden", "this operator is not understood here.", "", node)
        raw, careful = GUARDED[kind], self.machine.texts.binary

        def guarded(a: Any, b: Any) -> Any:
            if type(a) is _ARRAY or type(b) is _ARRAY:
                return raw(a, b)
            return careful(kind, a, b)

        return guarded

    def _binary(self, node: ast.BinOp) -> Closure:
        if not self.inline:
            op, left, right = self.operation(node.op, node), self.value(node.left), self.value(node.right)
            return lambda f: op(left(f), right(f))
        kind = type(node.op)
        raw = DIRECT.get(kind) or GUARDED.get(kind)
        if raw is None:
            raise Problem("forbidden", "this operator is not understood here.", "", node)
        careful = DIRECT.get(kind) or partial(self.machine.texts.binary, kind)
        return joined(raw, careful, self._operand(node.left), self._operand(node.right), self.machine.names)

    def _operand(self, node: ast.expr) -> tuple[str, Any]:
        """An operand as it can be had without a call: a constant, a name of the program, else a closure."""
        if isinstance(node, ast.Constant):
            return "constant", node.value
        if isinstance(node, ast.Name) and not self.known(node)[0] and node.id not in (self._local or ()):
            return "name", node.id
        return "closure", self.value(node)

    def _unary(self, node: ast.UnaryOp) -> Closure:
        op, operand = UNARY[type(node.op)], self.value(node.operand)
        return lambda f: op(operand(f))

    def _boolean(self, node: ast.BoolOp) -> Closure:
        parts, stop = [self.value(part) for part in node.values], isinstance(node.op, ast.Or)

        def run(f: Frame) -> Any:
            value: Any = None
            for part in parts:
                value = part(f)
                if bool(value) == stop:
                    return value
            return value

        return run

    def _comparison(self, node: ast.Compare) -> Closure:
        if len(node.ops) > 1:
            raise Problem("forbidden", "comparisons in a row are not understood here.", "Join them by `and`.", node)
        op, left, right = COMPARE[type(node.ops[0])], self.value(node.left), self.value(node.comparators[0])
        return lambda f: op(left(f), right(f))

    def _conditional(self, node: ast.IfExp) -> Closure:
        test, yes, no = self.value(node.test), self.value(node.body), self.value(node.orelse)
        return lambda f: yes(f) if test(f) else no(f)

    # Calls -----------------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> Closure:
        if any(isinstance(arg, ast.Starred) for arg in node.args) or any(k.arg is None for k in node.keywords):
            return self._starred(node)
        found, function = self.known(node.func)
        if found and isinstance(function, Ignored):
            return lambda f: None
        args = [self.value(arg) for arg in node.args]
        named = {str(keyword.arg): self.value(keyword.value) for keyword in node.keywords}
        if found:
            self._keywords(node)
            if not callable(function):
                raise Problem("unknown-function", f"{ast.unparse(node.func)} cannot be called.", "", node)
            return applied(function, args, named)
        if isinstance(node.func, ast.Attribute):
            self._keywords(node)
            return self._method(node.func, args, named)
        called = self.value(node.func)
        if named:
            return lambda f: called(f)(*[a(f) for a in args], **{k: v(f) for k, v in named.items()})
        if len(args) == 1:
            only = args[0]
            return lambda f: called(f)(only(f))
        return lambda f: called(f)(*[a(f) for a in args])

    def _keywords(self, node: ast.Call) -> None:
        for keyword in node.keywords:
            if keyword.arg not in KEYWORDS:
                raise Problem("arguments", f"the argument {keyword.arg}= is not understood here.", "", node)

    def _starred(self, node: ast.Call) -> Closure:
        called = self.value(node.func)
        parts = [
            (isinstance(arg, ast.Starred), self.value(arg.value if isinstance(arg, ast.Starred) else arg))
            for arg in node.args
        ]
        if node.keywords:
            raise Problem("arguments", "names beside a starred argument are not understood here.", "", node)
        return lambda f: called(f)(*[x for star, part in parts for x in (part(f) if star else [part(f)])])

    def _method(self, node: ast.Attribute, args: list[Closure], named: dict[str, Closure]) -> Closure:
        holder, name = self.value(node.value), node.attr
        texts = self.machine.texts

        def slow(value: Any, given: list[Any], keywords: dict[str, Any]) -> Any:
            own = getattr(value, "method", None)
            if own is not None:
                return own(name, given, keywords)
            if isinstance(value, str) and name == "format":
                return texts.format_method(value, given, keywords)
            if isinstance(value, list) and len(value) >= LIST:
                raise MemoryError(f"a list of more than {LIST:,} items")
            return method_of(value, name)(*given, **keywords)

        if name in METHODS and len(args) == 1 and not named:
            raw, only = getattr(_ARRAY, name), args[0]

            def quick(f: Frame) -> Any:
                value = holder(f)
                if type(value) is _ARRAY:
                    return raw(value, only(f))
                return slow(value, [only(f)], {})

            return quick
        return lambda f: slow(holder(f), [a(f) for a in args], {k: v(f) for k, v in named.items()})

    def function(self, name: str, spec: ast.arguments, body: Callable[[], Closure], names: set[str]) -> Closure:
        """A `def` or a lambda: a closure that makes the function."""
        if spec.vararg or spec.kwarg or spec.kwonlyargs or self._local is not None:
            raise Problem("forbidden", "functions inside functions, and * in a def, are not understood here.", "", spec)
        parameters = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
        defaults = [self.value(default) for default in spec.defaults]
        self._local = frozenset({name for name in names if "." not in name} | set(parameters))
        run = body()
        self._local = None
        machine = self.machine

        def make(f: Frame) -> Any:
            given = dict(zip(parameters[len(parameters) - len(defaults) :], [d(f) for d in defaults], strict=True))

            def call(*args: Any, **named: Any) -> Any:
                if len(args) > len(parameters) or not set(named) <= set(parameters):
                    wrong = next((key for key in named if key not in parameters), "")
                    told = f"got an unexpected keyword argument '{wrong}'" if wrong else (
                        f"takes {len(parameters)} positional arguments but {len(args)} were given")  # fmt: skip
                    raise TypeError(f"{name}() {told}")
                frame = {**given, **dict(zip(parameters, args, strict=False)), **named}
                if len(frame) < len(parameters):
                    missing = next(key for key in parameters if key not in frame)
                    raise TypeError(f"{name}() missing 1 required positional argument: '{missing}'")
                if machine.depth >= CALLS:
                    raise Problem("too-deep", f"functions call each other more than {CALLS} deep.")
                machine.depth += 1
                try:
                    machine.result = None
                    run(frame)
                    return machine.result
                finally:
                    machine.depth -= 1

            return call

        return make

    def _lambda(self, node: ast.Lambda) -> Closure:
        def body() -> Closure:
            value = self.value(node.body)
            machine = self.machine

            def run(f: Frame) -> None:
                machine.result = value(f)

            return run

        return self.function("<lambda>", node.args, body, set())

    # Subscripts, displays, text --------------------------------------------------------------------------------------

    def _subscript(self, node: ast.Subscript) -> Closure:
        holder, place = self.value(node.value), self.value(node.slice)

        def run(f: Frame) -> Any:
            value = holder(f)
            if callable(value):
                raise TypeError("'function' object is not subscriptable")
            return value[place(f)]

        return run

    def _slice(self, node: ast.Slice) -> Closure:
        parts = [self.value(part) if part else None for part in (node.lower, node.upper, node.step)]
        return lambda f: slice(*[part(f) if part else None for part in parts])

    def _tuple(self, node: ast.Tuple) -> Closure:
        parts = [self.value(part) for part in node.elts]
        return lambda f: tuple([part(f) for part in parts])

    def _list(self, node: ast.List) -> Closure:
        parts = [self.value(part) for part in node.elts]
        return lambda f: [part(f) for part in parts]

    def _dict(self, node: ast.Dict) -> Closure:
        if None in node.keys:
            raise Problem("forbidden", "** in a dict is not understood here.", "", node)
        pairs = [(self.value(key), self.value(value)) for key, value in zip(node.keys, node.values, strict=True) if key]
        return lambda f: {key(f): value(f) for key, value in pairs}

    def _text(self, node: ast.JoinedStr) -> Closure:
        parts = [self.value(part) for part in node.values]
        return lambda f: "".join([str(part(f)) for part in parts])

    def _formatted(self, node: ast.FormattedValue) -> Closure:
        value, conversion, texts = self.value(node.value), node.conversion, self.machine.texts
        spec = self.value(node.format_spec) if node.format_spec else None
        return lambda f: texts.formatted(plain(value(f)), spec(f) if spec else "", conversion)

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> Closure:
        if len(node.generators) > 1:
            raise Problem("forbidden", "a comprehension with several loops is not understood here.", "", node)
        loop, outer = node.generators[0], self._local
        values = self.value(loop.iter)
        self._local = frozenset(
            (outer or frozenset()) | {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
        )
        store, element = self.store(loop.target), self.value(node.elt)
        tests = [self.value(test) for test in loop.ifs]
        self._local = outer

        def run(f: Frame) -> Iterator[Any]:
            inner = dict(f)
            for item in values(f):
                self.machine.spend()
                store(inner, item)
                if all(test(inner) for test in tests):
                    yield element(inner)

        return lambda f: list(run(f))

    # Binding ---------------------------------------------------------------------------------------------------------

    def store(self, target: ast.expr) -> Callable[[Frame, Any], None]:
        """What binds a value to a target."""
        if isinstance(target, ast.Name):
            name = target.id
            self.imported.pop(name, None) if self._local is None else None

            outer = self.outer(name)

            def to_name(f: Frame, value: Any) -> None:
                (f if outer is None else outer)[name] = value

            return to_name
        if isinstance(target, (ast.Tuple, ast.List)):
            parts = [self.store(part) for part in target.elts]

            def to_each(f: Frame, value: Any) -> None:
                items = list(value)
                if len(items) != len(parts):
                    many = "too many" if len(items) > len(parts) else "not enough"
                    raise ValueError(f"{many} values to unpack (expected {len(parts)})")
                for part, item in zip(parts, items, strict=True):
                    part(f, item)

            return to_each
        if isinstance(target, ast.Subscript):
            holder, place = self.value(target.value), self.value(target.slice)

            def to_place(f: Frame, value: Any) -> None:
                holder(f)[place(f)] = value

            return to_place
        raise Problem("forbidden", "this cannot be assigned to.", "", target)


def plain(value: Any) -> Any:
    """A followed value as what it stands for."""
    return getattr(value, "value", value) if hasattr(value, "method") else value
