"""Statements of the allow-listed Python, run one by one on the values that a namespace supplies."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from nabla.errors import UserError
from nabla.limits import reached
from nabla.program.walker import limits
from nabla.program.walker.evaluate import Evaluator, binary
from nabla.program.walker.syntax import Program, refuse
from nabla.program.walker.values import Class, Function, Instance, Module, Namespace, Raised, Scope

_INPLACE: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.iadd, ast.Sub: operator.isub, ast.Mult: operator.imul, ast.Div: operator.itruediv,
    ast.Pow: operator.ipow, ast.FloorDiv: operator.ifloordiv, ast.MatMult: operator.imatmul, ast.Mod: operator.imod,
}  # fmt: skip
# What a program's own mistakes raise, in Python and in its modules.
_RAISABLE = (
    ArithmeticError, LookupError, TypeError, ValueError, RuntimeError, MemoryError, AssertionError, NameError,
        AttributeError
)  # fmt: skip
_NEXT, _BREAK, _CONTINUE, _RETURN = range(4)
# Modules whose import changes nothing here: plotting, the system's clock and warnings.
IGNORED = frozenset("matplotlib matplotlib.pyplot pprint time warnings typing __future__ torchviz seaborn tqdm".split())


class Interpreter(Evaluator):
    """Runs a program. After `run`, `scope` holds its names."""

    def __init__(self, program: Program, namespace: Namespace) -> None:
        super().__init__(program, namespace)
        self.scope = Scope({"__name__": "__main__"})
        self.line = 0
        self._result: Any = None
        self._statements: dict[type[ast.AST], Callable[[Any, Scope], int]] = {
            ast.Expr: self._expression, ast.Assign: self._assign, ast.AugAssign: self._augmented,
            ast.AnnAssign: self._annotated, ast.For: self._for, ast.While: self._while, ast.If: self._if,
            ast.FunctionDef: self._def, ast.ClassDef: self._class, ast.Return: self._return, ast.With: self._with,
            ast.Import: self._import, ast.ImportFrom: self._import_from, ast.Assert: self._assert,
            ast.Pass: lambda node, scope: _NEXT, ast.Break: lambda node, scope: _BREAK,
            ast.Continue: lambda node, scope: _CONTINUE,
        }  # fmt: skip

    def run(self) -> None:
        """Run the program to its end.

        Raises:
            Raised: the program itself raised.
            UserError: something in it is not understood, or it does too much.
        """
        try:
            if self._block(self.program.tree.body, self.scope) != _NEXT:
                raise refuse(
                    self.program, self.program.tree.body[-1], "return, break or continue stands outside.", code="syntax"
                )
        except _RAISABLE as error:
            # Our limits, not the program's own mistakes.
            if isinstance(error, RecursionError):
                message = f"Line {self.line}: functions call each other too deeply."
                raise UserError("too-deep", message, span=self.program.line(self.line)) from None
            if isinstance(error, NotImplementedError):
                span = self.program.line(self.line)
                raise UserError("forbidden", f"Line {self.line}: {error}.", span=span) from None
            if isinstance(error, MemoryError):
                hint = "Run fewer repetitions, or take smaller tensors."
                span = self.program.line(self.line)
                raise UserError(
                    "too-big", f"Line {self.line}: {str(error) or 'the memory is full'}.", hint=hint, span=span
                ) from None
            message = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
            raise Raised(type(error).__name__, message, self.line) from error

    def _block(self, body: list[ast.stmt], scope: Scope) -> int:
        for node in body:
            self.count(node)
            self._reach(node.lineno)
            signal = self._statements[type(node)](node, scope)
            if signal:
                return signal
        return _NEXT

    def _reach(self, line: int) -> None:
        if line != self.line:
            self.line = line
            reached(line)
            self.namespace.at(line)

    # Binding ---------------------------------------------------------------------------------------------------------

    def store(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Bind a name, the names of a tuple, a subscript or an attribute."""
        if isinstance(target, ast.Name):
            scope.names[target.id] = value
            self.namespace.bound(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value, scope)
        elif isinstance(target, ast.Subscript):
            holder = self.value(target.value, scope)
            if not hasattr(holder, "__setitem__"):
                raise TypeError(f"'{type(holder).__name__}' object does not support item assignment")
            holder[self.value(target.slice, scope)] = value
        elif isinstance(target, ast.Attribute):
            holder = self.value(target.value, scope)
            if isinstance(holder, Instance):
                holder.names[target.attr] = value
            self.namespace.set_attribute(holder, target.attr, value)
        else:
            raise refuse(self.program, target, "this cannot be assigned to.")

    def _unpack(self, targets: list[ast.expr], value: Any, scope: Scope) -> None:
        items = list(self.each(value, targets[0]))
        star = next((i for i, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
        if star is not None:
            tail = len(targets) - star - 1
            items = [*items[:star], items[star : len(items) - tail], *items[len(items) - tail :]]
        if len(items) > len(targets):
            raise ValueError(f"too many values to unpack (expected {len(targets)})")
        if len(items) < len(targets):
            raise ValueError(f"not enough values to unpack (expected {len(targets)}, got {len(items)})")
        for target, item in zip(targets, items, strict=True):
            self.store(target.value if isinstance(target, ast.Starred) else target, item, scope)

    def _assign(self, node: ast.Assign, scope: Scope) -> int:
        value = self._named_value(node.value, scope)
        for target in node.targets:
            self.store(target, value, scope)
        return _NEXT

    def _named_value(self, node: ast.expr, scope: Scope) -> Any:
        """What an assignment binds; numbers as they stand are told to the namespace, alone or in a tuple."""
        value = self.value(node, scope)
        if _is_number(node):
            return self.namespace.literal(value)
        if isinstance(node, ast.Tuple) and all(_is_number(item) for item in node.elts):
            return tuple(self.namespace.literal(item) for item in value)
        return value

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> int:
        target = node.target
        op = type(node.op)
        if isinstance(target, ast.Name):
            before = self._name(ast.Name(target.id), scope)
            scope.names[target.id] = value = inplace(op, before, self.value(node.value, scope))
            self.namespace.bound(target.id, value)
        elif isinstance(target, ast.Subscript):
            holder = self.value(target.value, scope)
            place = self.value(target.slice, scope)
            holder[place] = inplace(op, holder[place], self.value(node.value, scope))
        else:
            holder = self.value(target.value, scope)
            before = self.attribute(holder, target.attr, target)
            value = inplace(op, before, self.value(node.value, scope))
            if isinstance(holder, Instance):
                holder.names[target.attr] = value
            self.namespace.set_attribute(holder, target.attr, value)
        return _NEXT

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> int:
        if node.value is not None:
            self.store(node.target, self._named_value(node.value, scope), scope)
        return _NEXT

    # Flow ------------------------------------------------------------------------------------------------------------

    def _expression(self, node: ast.Expr, scope: Scope) -> int:
        self.value(node.value, scope)
        return _NEXT

    def _for(self, node: ast.For, scope: Scope) -> int:
        count = -1
        try:
            for count, item in enumerate(self.each(self.value(node.iter, scope), node)):
                self.namespace.turn(node.lineno, count)
                self.store(node.target, item, scope)
                signal = self._block(node.body, scope)
                if signal == _BREAK:
                    return _NEXT
                if signal == _RETURN:
                    return signal
        finally:
            if count >= 0:
                self.namespace.turn(node.lineno, -1)
        return self._block(node.orelse, scope)

    def _while(self, node: ast.While, scope: Scope) -> int:
        count = -1
        try:
            while self.value(node.test, scope):
                count += 1
                self.namespace.turn(node.lineno, count)
                signal = self._block(node.body, scope)
                if signal == _BREAK:
                    return _NEXT
                if signal == _RETURN:
                    return signal
                self._reach(node.lineno)
        finally:
            if count >= 0:
                self.namespace.turn(node.lineno, -1)
        return self._block(node.orelse, scope)

    def _if(self, node: ast.If, scope: Scope) -> int:
        return self._block(node.body if self.value(node.test, scope) else node.orelse, scope)

    def _assert(self, node: ast.Assert, scope: Scope) -> int:
        if not self.value(node.test, scope):
            raise AssertionError(str(self.value(node.msg, scope)) if node.msg else "")
        return _NEXT

    def _with(self, node: ast.With, scope: Scope) -> int:
        with ExitStack() as stack:
            for item in node.items:
                manager = self.value(item.context_expr, scope)
                if not isinstance(manager, AbstractContextManager):
                    raise refuse(self.program, node, "this `with` is not understood here.")
                value = stack.enter_context(manager)
                if item.optional_vars is not None:
                    self.store(item.optional_vars, value, scope)
            return self._block(node.body, scope)

    # Functions and classes -------------------------------------------------------------------------------------------

    def _def(self, node: ast.FunctionDef, scope: Scope) -> int:
        function: Any = self.function(node.name, node, scope)
        for decorator in reversed(node.decorator_list):
            function = self.called(self.value(decorator, scope), (function,), {}, decorator)
        scope.names[node.name] = function
        return _NEXT

    def _class(self, node: ast.ClassDef, scope: Scope) -> int:
        if len(node.bases) > 1 or node.keywords or node.decorator_list:
            raise refuse(self.program, node, "a class with several bases or a decorator is not understood here.")
        base = self.value(node.bases[0], scope) if node.bases else None
        parent = base if isinstance(base, Class) else None
        made = Class(node.name, {}, parent, getattr(base, "as_base", None) if parent is None else None)
        if base is not None and parent is None and made.base is None and base is not object:
            raise refuse(self.program, node, "this base class is not understood here.", "nn.Module is.")
        inner = Scope({}, scope, made)
        self._block(node.body, Scope(made.table, inner))
        for name, value in made.table.items():
            if isinstance(value, Function):
                made.table[name] = Function(name, value.node, value.defaults, Scope({}, scope, made), value.call)
        scope.names[node.name] = made
        return _NEXT

    def _return(self, node: ast.Return, scope: Scope) -> int:
        self._result = self.value(node.value, scope) if node.value else None
        return _RETURN

    def run_function(self, function: Function, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Bind the arguments and run the body."""
        if self.depth >= limits.CALLS:
            message = f"functions call each other more than {limits.CALLS} deep."
            raise refuse(self.program, function.node, message, "", "too-deep")
        scope = Scope(_bound_arguments(function, args, named, self), function.scope)
        if function.scope.owner is not None:
            scope.owner = function.scope.owner
        for name, value in scope.names.items():
            self.namespace.bound(name, value)
        self.depth += 1
        line = self.line
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body, scope)
            self._result = None
            self._block(function.node.body, scope)
            result, self._result = self._result, None
            return result
        finally:
            self.depth -= 1
            if not self.depth or self.line != line:
                self.namespace.at(line)

    # Imports ---------------------------------------------------------------------------------------------------------

    def _import(self, node: ast.Import, scope: Scope) -> int:
        for alias in node.names:
            if alias.name in IGNORED:
                scope.names[alias.asname or alias.name.split(".")[0]] = Module(alias.name, {})
                continue
            whole = self._module(alias.name, node)
            scope.names[alias.asname or alias.name.split(".")[0]] = (
                whole if alias.asname else self._module(alias.name.split(".")[0], node)
            )
        return _NEXT

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> int:
        if node.module in IGNORED and not node.level:
            return _NEXT
        module = self._module(node.module or "", node)
        for alias in node.names:
            if alias.name == "*":
                scope.names.update(module.table)
            else:
                scope.names[alias.asname or alias.name] = self.attribute(module, alias.name, node)
        return _NEXT

    def _module(self, name: str, node: ast.AST) -> Module:
        if name not in self.namespace.modules:
            known = ", ".join(sorted(known for known in self.namespace.modules if "." not in known))
            raise refuse(
                self.program, node, f"the module {name[:40]} is not known here.", f"Known: {known}.", "unknown-name"
            )
        return self.namespace.modules[name]


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def inplace(op: type[ast.operator], a: Any, b: Any) -> Any:
    """`a op= b`: in place for lists, and for values that have it."""
    if isinstance(a, (int, float, str, tuple, list)) or op not in _INPLACE:
        if isinstance(a, list) and op is ast.Add:
            a[:] = binary(op, a, list(b))
            return a
        return binary(op, a, b)
    return _INPLACE[op](a, b)


def _bound_arguments(
    function: Function, args: tuple[Any, ...], named: dict[str, Any], run: Interpreter
) -> dict[str, Any]:
    """Parameters and their values.

    Raises:
        TypeError: too many arguments, too few, or an unknown one; worded as Python does.
    """
    spec = function.node.args
    names = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
    bound: dict[str, Any] = dict(zip(names, args, strict=False))
    extra = args[len(names) :]
    if spec.vararg:
        bound[spec.vararg.arg] = extra
    elif extra:
        raise TypeError(f"{function.name}() takes {len(names)} positional arguments but {len(args)} were given")
    keyword_only = [arg.arg for arg in spec.kwonlyargs]
    others: dict[str, Any] = {}
    for name, value in named.items():
        if name in bound:
            raise TypeError(f"{function.name}() got multiple values for argument '{name}'")
        if name in names or name in keyword_only:
            bound[name] = value
        elif spec.kwarg:
            others[name] = value
        else:
            raise TypeError(f"{function.name}() got an unexpected keyword argument '{name}'")
    if spec.kwarg:
        bound[spec.kwarg.arg] = others
    for name, default in zip(reversed(names), reversed(function.defaults), strict=False):
        bound.setdefault(name, default)
    for name, node in zip(keyword_only, spec.kw_defaults, strict=True):
        if name not in bound and node is not None:
            bound[name] = run.value(node, function.scope)
    missing = [name for name in (*names, *keyword_only) if name not in bound]
    if missing:
        several = "s" if len(missing) > 1 else ""
        told = " and ".join(f"'{name}'" for name in missing)
        raise TypeError(f"{function.name}() missing {len(missing)} required positional argument{several}: {told}")
    return bound
