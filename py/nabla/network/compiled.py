"""A checked syntax tree as closures: walked once, so that a step of training is a chain of calls of NumPy.

Every closure takes the frame it runs in, the names of the program or of one call of a function. Nothing is evaluated
from text, and what has no rule here is refused with its line.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nabla.network.expressions import Expressions, Ignored
from nabla.network.machine import Machine, Problem, Raised
from nabla.network.operators import Closure, Frame

BREAK, CONTINUE, RETURN = 1, 2, 3
RAISABLE = (
    ArithmeticError, LookupError, TypeError, ValueError, RuntimeError, MemoryError, AssertionError, NameError,
    AttributeError,
)  # fmt: skip
IGNORED = frozenset("matplotlib pprint time warnings typing __future__ seaborn tqdm sys os".split())
_ARRAY = np.ndarray
_INPLACE: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.iadd, ast.Sub: operator.isub, ast.Mult: operator.imul, ast.Div: operator.itruediv,
    ast.Pow: operator.ipow, ast.MatMult: operator.imatmul,
}  # fmt: skip


class Compiler(Expressions):
    """Compiles the statements of one program for one machine."""

    def __init__(self, machine: Machine, tables: Mapping[str, Any], builtins: Mapping[str, Any]) -> None:
        super().__init__(machine, tables, builtins)
        self._statements: dict[type[ast.AST], Callable[[Any], Closure | None]] = {
            ast.Expr: lambda node: self._effect(self.value(node.value)), ast.Assign: self._assign,
            ast.AugAssign: self._augmented, ast.AnnAssign: self._annotated, ast.For: self._for, ast.While: self._while,
            ast.If: self._if, ast.FunctionDef: self._def, ast.Return: self._return, ast.Import: self._import,
            ast.ImportFrom: self._import_from, ast.Assert: lambda node: None, ast.Pass: lambda node: None,
            ast.Break: lambda node: lambda f: BREAK, ast.Continue: lambda node: lambda f: CONTINUE,
        }  # fmt: skip

    # Blocks ----------------------------------------------------------------------------------------------------------

    def block(self, body: list[ast.stmt]) -> Closure:
        """The statements one after the other; the closure gives a signal when the block is left early.

        Raises:
            Problem: a statement that is not understood.
        """
        pairs = [(made, node.lineno) for node in body if (made := self.statement(node)) is not None]
        statements = tuple(made for made, _ in pairs)
        lines = dict(pairs)

        def run(frame: Frame) -> Any:
            statement = None
            try:
                for statement in statements:
                    signal = statement(frame)
                    if signal is not None:
                        return signal
            except RAISABLE as error:
                raise _raised(error, lines.get(statement, 0)) from error  # type: ignore[arg-type]
            return None

        return run

    def statement(self, node: ast.stmt) -> Closure | None:
        """One statement, None when it does nothing."""
        made = self._statements.get(type(node))
        if made is None:
            word = {"ClassDef": "A class", "With": "`with`"}.get(type(node).__name__, type(node).__name__)
            hint = "Paste the loop with its weights as plain names: no class around it."
            raise Problem("forbidden", f"{word} is not understood in a network's program.", hint, node)
        return made(node)

    def _def(self, node: ast.FunctionDef) -> Closure:
        if node.decorator_list:
            raise Problem("forbidden", "a decorator is not understood here.", "", node)
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        make = self.function(node.name, node.args, lambda: self.block(node.body), names)
        return self.stored(ast.Name(node.name, ast.Store()), make)

    def _return(self, node: ast.Return) -> Closure:
        value = self.value(node.value) if node.value else None
        machine = self.machine

        def run(f: Frame) -> int:
            machine.result = value(f) if value else None
            return RETURN

        return run

    # Binding ---------------------------------------------------------------------------------------------------------

    def stored(self, target: ast.expr, value: Closure) -> Closure:
        """The statement `target = value`."""
        if isinstance(target, ast.Name):
            name, outer = target.id, self.outer(target.id)
            self.store(target)

            def bind(f: Frame) -> None:
                (f if outer is None else outer)[name] = value(f)

            return bind
        store = self.store(target)

        def run(f: Frame) -> None:
            store(f, value(f))

        return run

    def _assign(self, node: ast.Assign) -> Closure:
        value = self.value(node.value)
        if len(node.targets) == 1:
            return self.stored(node.targets[0], value)
        stores = [self.store(target) for target in node.targets]

        def run(f: Frame) -> None:
            made = value(f)
            for store in stores:
                store(f, made)

        return run

    def _annotated(self, node: ast.AnnAssign) -> Closure | None:
        return self.stored(node.target, self.value(node.value)) if node.value else None

    def inplace(self, op: ast.operator, node: ast.AST) -> Callable[[Any, Any], Any]:
        """`a op= b` as a function."""
        raw, other = _INPLACE.get(type(op)), self.operation(op, node)

        def run(a: Any, b: Any) -> Any:
            if raw is not None and (type(a) is _ARRAY or getattr(a, "method", None)):
                return raw(a, b)
            if isinstance(a, list) and raw is operator.iadd:
                a[:] = other(a, list(b))
                return a
            return other(a, b)

        return run

    def _augmented(self, node: ast.AugAssign) -> Closure:
        op, value = self.inplace(node.op, node), self.value(node.value)
        if isinstance(node.target, ast.Name):
            name, before = node.target.id, self.value(ast.copy_location(ast.Name(node.target.id), node.target))
            outer = self.outer(name)

            def bind(f: Frame) -> None:
                (f if outer is None else outer)[name] = op(before(f), value(f))

            return bind
        if isinstance(node.target, ast.Subscript):
            holder, place = self.value(node.target.value), self.value(node.target.slice)

            def run(f: Frame) -> None:
                held, at = holder(f), place(f)
                held[at] = op(held[at], value(f))

            return run
        raise Problem("forbidden", "this cannot be assigned to.", "", node)

    # Flow ------------------------------------------------------------------------------------------------------------

    @staticmethod
    def _effect(value: Closure) -> Closure:
        def run(f: Frame) -> None:
            value(f)

        return run

    def _for(self, node: ast.For) -> Closure:
        values, store, body = self.value(node.iter), self.store(node.target), self.block(node.body)
        spend = self.machine.spend

        def run(f: Frame) -> Any:
            for item in values(f):
                spend()
                store(f, item)
                signal = body(f)
                if signal == BREAK:
                    break
                if signal == RETURN:
                    return signal
            return None

        return run

    def _while(self, node: ast.While) -> Closure:
        test, body, spend = self.value(node.test), self.block(node.body), self.machine.spend

        def run(f: Frame) -> Any:
            while test(f):
                spend()
                signal = body(f)
                if signal == BREAK:
                    break
                if signal == RETURN:
                    return signal
            return None

        return run

    def _if(self, node: ast.If) -> Closure:
        test, yes, no = self.value(node.test), self.block(node.body), self.block(node.orelse)
        return lambda f: yes(f) if test(f) else no(f)

    # Imports ---------------------------------------------------------------------------------------------------------

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.name if alias.asname else alias.name.split(".")[0]
            self.imported[alias.asname or name] = self._module(name, node)

    def _import_from(self, node: ast.ImportFrom) -> None:
        table = self._module(node.module or "", node)
        for alias in node.names:
            if isinstance(table, Ignored):
                self.imported[alias.asname or alias.name] = table
            elif alias.name == "*":
                self.imported.update({name: value for name, value in table.items() if name not in self.builtins})
            elif alias.name in table:
                self.imported[alias.asname or alias.name] = table[alias.name]
            else:
                raise Problem("unknown-function", f"{alias.name} of {node.module} is not known here.", "", node)

    def _module(self, name: str, node: ast.AST) -> Any:
        if name.split(".")[0] in IGNORED:
            return Ignored()
        if name not in self.tables:
            hint = "numpy, math and scipy.special are. Write the data into the program."
            raise Problem("unknown-name", f"the module {name[:40]} is not known here.", hint, node)
        return self.tables[name]


def _raised(error: BaseException, line: int) -> Exception:
    message = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return Raised(type(error).__name__, message, line)
