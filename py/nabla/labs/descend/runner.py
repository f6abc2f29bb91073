"""The interpreter of pasted functions: arrays bounded, and branches on the values of variables followed on all ways."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from nabla.labs.descend.branches import by_cases
from nabla.labs.descend.formula import Condition, TracedFormula, cases_of, is_symbolic, where
from nabla.program.walker.evaluate import binary
from nabla.program.walker.run import Interpreter
from nabla.program.walker.values import Function, Scope

MOST = 4_000  # elements of an array


def small(value: Any) -> Any:
    """The value; MemoryError when it is a large array."""
    if isinstance(value, np.ndarray) and value.size > MOST:
        raise MemoryError(f"an array of more than {MOST:,} elements")
    return value


def spread(a: Any, b: Any) -> None:
    """Refuse an operation of two arrays that would give a large one."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape != b.shape:
        try:
            size = math.prod(np.broadcast_shapes(a.shape, b.shape))
        except ValueError:
            return
        if size > MOST:
            raise MemoryError(f"an array of more than {MOST:,} elements")


_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip


class Runner(Interpreter):
    """The interpreter with arrays of NumPy, their sizes bounded."""

    def _binary(self, node: ast.BinOp, scope: Scope) -> Any:
        a, b = self.value(node.left, scope), self.value(node.right, scope)
        if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and not isinstance(node.op, ast.MatMult):
            spread(a, b)
        return small(binary(type(node.op), a, b))

    def _comparison(self, node: ast.Compare, scope: Scope) -> Any:
        if len(node.ops) == 1 and type(node.ops[0]) in _ORDER:
            a, b = self.value(node.left, scope), self.value(node.comparators[0], scope)
            spread(a, b)
            if any(isinstance(v, np.ndarray) and v.dtype == object for v in (a, b)):
                # NumPy would ask each comparison of formulas whether it is true.
                return np.frompyfunc(_ORDER[type(node.ops[0])], 2, 1)(a, b)
            return _ORDER[type(node.ops[0])](a, b)
        return super()._comparison(node, scope)

    # Branches on the values of variables. An `if` that only sets names is done both ways, and the names become cases;
    # other branches are run again for every way, function by function.

    def run_function(self, function: Function, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """The result, by cases where the function branches on formulas among its arguments."""
        if not any(is_symbolic(value) for value in (*args, *named.values())):
            return super().run_function(function, args, named)
        return cases_of(by_cases(lambda: super(Runner, self).run_function(function, args, named)))

    def _conditional(self, node: ast.IfExp, scope: Scope) -> Any:
        test = _one(self.value(node.test, scope))
        if not is_open(test):
            return self.value(node.body if test else node.orelse, scope)
        return where(test, self.value(node.body, scope), self.value(node.orelse, scope))

    def _if(self, node: ast.If, scope: Scope) -> int:
        test = _one(self.value(node.test, scope))
        if is_open(test) and _sets_names(node, scope):
            before = dict(scope.names)
            ends = []
            for body in (node.body, node.orelse):
                scope.names.clear()
                scope.names.update(before)
                self._block(body, scope)
                ends.append(dict(scope.names))
            scope.names.clear()
            scope.names.update(before)
            if ends[0].keys() == ends[1].keys():
                for name, value in ends[0].items():
                    scope.names[name] = value if value is ends[1][name] else where(test, value, ends[1][name])
                return 0
        return self._block(node.body if test else node.orelse, scope)


def _one(test: Any) -> Any:
    """A condition out of an array of one."""
    return test.item() if isinstance(test, np.ndarray) and test.size == 1 else test


def is_open(test: Any) -> bool:
    """Whether a condition depends on the values of variables."""
    return isinstance(test, Condition) and test.expr not in (sp.true, sp.false)


def _sets_names(node: ast.If, scope: Scope) -> bool:
    """Whether all that an `if` does is to give names numbers, nothing in place."""
    for part in (*node.body, *node.orelse):
        if isinstance(part, ast.If):
            if not _sets_names(part, scope):
                return False
            continue
        if isinstance(part, ast.AugAssign):
            name = part.target
            if not (isinstance(name, ast.Name) and isinstance(scope.names.get(name.id), NUMBERS)):
                return False
        elif not (isinstance(part, ast.Assign) and all(isinstance(t, ast.Name) for t in part.targets)):
            return isinstance(part, ast.Pass)
    return True


NUMBERS = (TracedFormula, int, float, np.number)
