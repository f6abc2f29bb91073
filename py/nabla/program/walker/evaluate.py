"""Expressions of the allow-listed Python, evaluated by walking their tree."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nabla.errors import UserError
from nabla.program.walker import limits
from nabla.program.walker.formats import bounded, format_method, formatted, percent
from nabla.program.walker.syntax import Program, refuse
from nabla.program.walker.values import Class, Function, Instance, Module, Namespace, Parent, Scope, Unknown

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.MatMult: operator.matmul,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Not: operator.not_, ast.Invert: operator.invert,
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_SEQUENCES = (str, list, tuple)


def _extend(items: list[Any], values: Iterable[Any]) -> None:
    for value in values:
        _append(items, value)


def _append(items: list[Any], value: Any) -> None:
    if len(items) >= limits.ITEMS:
        raise MemoryError("a list of more than 100,000 items")
    items.append(value)


# Methods of Python's own values, by type and name: what is not here is not there.
METHODS: dict[type, dict[str, Callable[..., Any]]] = {
    list: {
        "append": _append, "extend": _extend, "pop": list.pop,
        "insert": lambda a, i, x: list.insert(a, i, x), "index": list.index, "count": list.count, "copy": list.copy,
        "reverse": list.reverse, "sort": lambda a, key=None, reverse=False: list.sort(a, key=key, reverse=reverse),
    },
    tuple: {"index": tuple.index, "count": tuple.count},
    dict: {"keys": dict.keys, "values": dict.values, "items": dict.items, "get": dict.get, "copy": dict.copy,
           "pop": dict.pop, "update": lambda a, b: dict.update(a, b)},
    str: {
        "format": lambda text, *args, **named: format_method(text, args, named), "upper": str.upper, "lower": str.lower,
        "strip": str.strip, "split": str.split, "startswith": str.startswith, "endswith": str.endswith,
        "replace": lambda text, old, new: bounded(text.replace(old, new) if len(text) * max(len(new),
        1) < 10**7 else text),
        "join": lambda text, parts: bounded(text.join(parts)),
    },
    float: {"is_integer": float.is_integer},
    int: {"bit_length": int.bit_length},
}  # fmt: skip


class Evaluator:
    """Evaluates expressions in a scope, counting every one."""

    def __init__(self, program: Program, namespace: Namespace) -> None:
        self.program = program
        self.namespace = namespace
        self.steps = 0
        self.depth = 0
        self._expressions: dict[type[ast.AST], Callable[[Any, Scope], Any]] = {
            ast.Constant: lambda node, scope: node.value,
            ast.Name: self._name, ast.BinOp: self._binary, ast.UnaryOp: self._unary, ast.BoolOp: self._boolean,
            ast.Compare: self._comparison, ast.Call: self._call, ast.Attribute: self._attribute,
            ast.Subscript: self._subscript, ast.Slice: self._slice, ast.Tuple: self._tuple, ast.List: self._list,
            ast.Dict: self._dict, ast.Set: lambda node, scope: set(self._list(node, scope)),
            ast.JoinedStr: self._joined, ast.FormattedValue: self._formatted_value, ast.IfExp: self._conditional,
            ast.ListComp: self._comprehension, ast.GeneratorExp: self._comprehension,
                ast.DictComp: self._dict_comprehension,
            ast.Lambda: self._lambda,
        }  # fmt: skip

    def count(self, node: ast.AST) -> None:
        """One step more.

        Raises:
            UserError: "timeout" when the program does more than it may.
        """
        self.steps += 1
        if self.steps > limits.STEPS:
            raise self._too_many(node)

    def _too_many(self, node: ast.AST) -> UserError:
        message = f"the program was stopped here after {limits.STEPS:,} steps."
        return refuse(self.program, node, message, "Run fewer repetitions.", "timeout")

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """The value of an expression."""
        self.steps += 1  # as `count` does, without a call
        if self.steps > limits.STEPS:
            raise self._too_many(node)
        return self._expressions[type(node)](node, scope)

    # Names and attributes ------------------------------------------------------------------------------------------

    def _name(self, node: ast.Name, scope: Scope) -> Any:
        try:
            return scope.find(node.id)
        except KeyError:
            if node.id in self.namespace.names:
                return self.namespace.names[node.id]
            raise NameError(f"name '{node.id}' is not defined") from None

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Any:
        return self.attribute(self.value(node.value, scope), node.attr, node)

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """The attribute of a value, from the tables and from nowhere else.

        Raises:
            UserError: "unknown-function" when the tables do not have it.
        """
        try:
            return self._looked_up(value, name)
        except Unknown as unknown:
            near = [known for known in unknown.known if known[:2].lower() == name[:2].lower()]
            hint = "Near it: " + ", ".join(near[:8]) + "." if near else ""
            raise refuse(
                self.program, node, f"{unknown.what} is not understood here.", hint, "unknown-function"
            ) from None

    def _looked_up(self, value: Any, name: str) -> Any:
        if isinstance(value, Module):
            if name not in value.table:
                raise Unknown(f"{value.name}.{name}", sorted(value.table))
            return value.table[name]
        if isinstance(value, Parent):
            return self._of_parent(value, name)
        if isinstance(value, Instance):
            if name in value.names:
                return value.names[name]
            try:
                return value.method(name)
            except KeyError:
                return self.namespace.attribute(value, name)
        table = METHODS.get(type(value))
        if table is not None:
            if name not in table:
                raise AttributeError(f"'{type(value).__name__}' object has no attribute '{name}'")
            method = table[name]
            return lambda *args, **named: method(value, *args, **named)
        return self.namespace.attribute(value, name)

    @staticmethod
    def _of_parent(parent: Parent, name: str) -> Any:
        above, instance = parent.above, parent.instance
        if above is not None:
            function = above.lookup(name)
            return lambda *args, **named: function(instance, *args, **named)
        if name == "__init__":
            return lambda *args, **named: None
        raise Unknown(f"super().{name}", ["__init__"])

    # Operators -----------------------------------------------------------------------------------------------------

    def _binary(self, node: ast.BinOp, scope: Scope) -> Any:
        return binary(type(node.op), self.value(node.left, scope), self.value(node.right, scope))

    def _unary(self, node: ast.UnaryOp, scope: Scope) -> Any:
        return _UNARY[type(node.op)](self.value(node.operand, scope))

    def _boolean(self, node: ast.BoolOp, scope: Scope) -> Any:
        value: Any = None
        for part in node.values:
            value = self.value(part, scope)
            if bool(value) == isinstance(node.op, ast.Or):
                return value
        return value

    def _comparison(self, node: ast.Compare, scope: Scope) -> Any:
        left = self.value(node.left, scope)
        result: Any = True
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node, scope)
            result = _COMPARE[type(op)](left, right)
            if len(node.ops) > 1 and not result:
                return result
            left = right
        return result

    def _conditional(self, node: ast.IfExp, scope: Scope) -> Any:
        return self.value(node.body if self.value(node.test, scope) else node.orelse, scope)

    # Calls ---------------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call, scope: Scope) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return self._super(node, scope)
        function = self.value(node.func, scope)
        args = self._items(node.args, scope)
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            if keyword.arg is None:
                named.update(value)
            else:
                named[keyword.arg] = value
        return self.called(function, tuple(args), named, node)

    def called(self, function: Any, args: tuple[Any, ...], named: dict[str, Any], node: ast.AST) -> Any:
        """The result of a call.

        Raises:
            TypeError: the value is none that can be called.
        """
        if isinstance(function, Class):
            return self._instance(function, args, named)
        if not callable(function):
            raise TypeError(f"'{type(function).__name__}' object is not callable")
        try:
            return function(*args, **named)
        except Unknown as unknown:
            raise refuse(
                self.program, node, f"{unknown.what} is not understood here.", "", "unknown-function"
            ) from None

    @staticmethod
    def _super(node: ast.Call, scope: Scope) -> Parent:
        inner: Scope | None = scope
        while inner is not None and inner.owner is None:
            inner = inner.outer
        if inner is None or inner.owner is None:
            raise RuntimeError("super(): no arguments")
        return Parent(next(iter(inner.names.values())), inner.owner.parent)

    @staticmethod
    def _instance(kind: Class, args: tuple[Any, ...], named: dict[str, Any]) -> Instance:
        top: Class | None = kind
        base: Callable[[], Any] | None = None
        while top is not None:
            base = base or top.base
            top = top.parent
        instance = Instance(kind, {}, base() if base else None)
        if instance.base is not None:
            instance.base.owner = instance
        try:
            start = kind.lookup("__init__")
        except KeyError:
            if args or named:
                raise TypeError(f"{kind.name}() takes no arguments") from None
            return instance
        start(instance, *args, **named)
        return instance

    def _items(self, nodes: list[ast.expr], scope: Scope) -> list[Any]:
        items: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                items.extend(self.each(self.value(node.value, scope), node))
            else:
                items.append(self.value(node, scope))
        return items

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Function:
        return self.function("<lambda>", node, scope)

    def function(self, name: str, node: ast.FunctionDef | ast.Lambda, scope: Scope) -> Function:
        """A function of the program."""
        defaults = [self.value(default, scope) for default in node.args.defaults]
        return Function(name, node, defaults, scope, self.run_function)

    def run_function(self, function: Function, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Run a function's body; the interpreter of statements does it."""
        raise NotImplementedError

    # Subscripts and displays ---------------------------------------------------------------------------------------

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        value = self.value(node.value, scope)
        if isinstance(value, (Function, Module, Class)) or (callable(value) and not hasattr(value, "__getitem__")):
            raise TypeError(f"'{type(value).__name__.lower()}' object is not subscriptable")
        if isinstance(value, Instance):
            return value.method("__getitem__")(self.value(node.slice, scope))
        return value[self.value(node.slice, scope)]

    def _slice(self, node: ast.Slice, scope: Scope) -> slice:
        return slice(*(self.value(part, scope) if part else None for part in (node.lower, node.upper, node.step)))

    def _tuple(self, node: ast.Tuple, scope: Scope) -> tuple[Any, ...]:
        return tuple(self._items(node.elts, scope))

    def _list(self, node: Any, scope: Scope) -> list[Any]:
        return self._items(node.elts, scope)

    def _dict(self, node: ast.Dict, scope: Scope) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                made.update(self.value(value, scope))
            else:
                made[self.value(key, scope)] = self.value(value, scope)
        return made

    # Text ------------------------------------------------------------------------------------------------------------

    def _joined(self, node: ast.JoinedStr, scope: Scope) -> str:
        return bounded("".join(str(self.value(part, scope)) for part in node.values))

    def _formatted_value(self, node: ast.FormattedValue, scope: Scope) -> str:
        spec = self._joined(node.format_spec, scope) if isinstance(node.format_spec, ast.JoinedStr) else ""
        return formatted(self.value(node.value, scope), spec, node.conversion)

    # Iteration -----------------------------------------------------------------------------------------------------

    def each(self, values: Iterable[Any], node: ast.AST) -> Iterator[Any]:
        """The items one by one, each a step."""
        if not hasattr(values, "__iter__"):
            raise TypeError(f"'{type(values).__name__}' object is not iterable")
        for value in values:
            self.count(node)
            yield value

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp, scope: Scope) -> list[Any]:
        return [self.value(node.elt, inner) for inner in self._loops(node.generators, Scope({}, scope), 0)]

    def _dict_comprehension(self, node: ast.DictComp, scope: Scope) -> dict[Any, Any]:
        inner = Scope({}, scope)
        return {
            self.value(node.key, inner): self.value(node.value, inner) for _ in self._loops(node.generators, inner, 0)
        }

    def _loops(self, generators: list[ast.comprehension], scope: Scope, depth: int) -> Iterator[Scope]:
        if depth == len(generators):
            yield scope
            return
        loop = generators[depth]
        for item in self.each(self.value(loop.iter, scope), loop.iter):
            self.store(loop.target, item, scope)
            if all(self.value(test, scope) for test in loop.ifs):
                yield from self._loops(generators, scope, depth + 1)

    def store(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Bind a target; the interpreter of statements does it."""
        raise NotImplementedError


def binary(op: type[ast.operator], a: Any, b: Any) -> Any:
    """`a op b`, with bounds on what whole numbers and sequences may grow to.

    Raises:
        OverflowError, MemoryError: beyond the bounds.
    """
    if isinstance(a, int) and isinstance(b, int):
        if op is ast.Pow and a.bit_length() * abs(b) > limits.BITS:
            raise OverflowError("the power is too large")
        if op is ast.Mult and a.bit_length() + b.bit_length() > limits.BITS:
            raise OverflowError("the product is too large")
    elif isinstance(a, str) and op is ast.Mod:
        return percent(a, b)
    elif isinstance(a, _SEQUENCES) or isinstance(b, _SEQUENCES):
        size = 0
        if op is ast.Mult and isinstance(a, _SEQUENCES) and isinstance(b, int):
            size = len(a) * b
        elif op is ast.Mult and isinstance(b, _SEQUENCES) and isinstance(a, int):
            size = len(b) * a
        elif op is ast.Add and isinstance(a, _SEQUENCES) and isinstance(b, _SEQUENCES):
            size = len(a) + len(b)
        if size > limits.ITEMS:
            raise MemoryError("a sequence of more than 100,000 items")
    return _BINARY[op](a, b)
