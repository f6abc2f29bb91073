"""A program that pauses in one of its loops, so that its turns can be run a few at a time.

The loop asks at each turn, with the names that there are, whether to pause. Where that can be, it then waits: Python's
own coroutines keep all that is on, and the functions on the way from the top of the program to the loop become ones.
Where it cannot, in a lambda or a generator say, the loop only asks, and the program runs to its end at once.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Generator
from typing import Any, cast

from nabla.program.rewrite import at, call

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_CLOSED = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Pause:
    """What a loop waits for when it pauses; also what a call gave that has nothing to wait for."""

    def __init__(self, value: Any = None, pauses: bool = True) -> None:
        self.value, self.pauses = value, pauses

    def __await__(self) -> Generator[None, None, Any]:
        if self.pauses:
            yield
        return self.value


def pausing(tree: ast.Module, line: int) -> ast.Module:
    """A copy of a tree whose loop in a line calls `@turned(names)` at each turn and `@over(names)` behind the last.

    It pauses by `@pause()` where `@turned` gives True; what may have to wait is called through `@waited`.
    """
    made = copy.deepcopy(tree)
    way = _way(made, line)
    return cast(ast.Module, ast.fix_missing_locations(_Pausing(line, way).visit(made)))


def _way(tree: ast.Module, line: int) -> set[str] | None:
    """The names of the functions on the way to the loop in a line; None where one of them cannot wait."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    way = {node.name for node in functions if _holds(node, line)}
    while True:
        more = {node.name for node in functions if any(_named(part) in way for part in _own(node))}
        if more <= way:
            break
        way |= more
    return way if all(_can_wait(node, way) for node in ast.walk(tree)) and not _is_loose(tree, way) else None


def _can_wait(node: ast.AST, way: set[str]) -> bool:
    """Whether what is on the way can become a coroutine, or calls one where it may be waited for."""
    if isinstance(node, ast.FunctionDef) and node.name in way:
        generates = any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in _own(node))
        return not (node.decorator_list or node.name.startswith("__") or generates)
    if isinstance(node, ast.ClassDef):
        derived = bool(node.bases or node.keywords)
        inside = any(isinstance(part, ast.FunctionDef) and part.name in way for part in node.body)
        return not (derived and inside) and not any(_named(part) in way for part in _own(node))
    return not (isinstance(node, _CLOSED) and any(_named(part) in way for part in ast.walk(node)))


def _is_loose(tree: ast.Module, way: set[str]) -> bool:
    """Whether a function on the way is reached by anything but a plain call: handed on, or by its name as text."""
    calls = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return any(
        (_named(node) in way and id(node) not in calls) or (isinstance(node, ast.Constant) and node.value in way)
        for node in ast.walk(tree)
    )


def _named(node: ast.AST) -> str:
    """What a read of a name or an attribute reads."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) else ""


def _own(function: ast.AST) -> list[ast.AST]:
    """The nodes of a function, those of functions inside left out."""
    found: list[ast.AST] = []
    stack = list(ast.iter_child_nodes(function))
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(node)
    return found


def _holds(function: ast.AST, line: int) -> bool:
    return any(isinstance(part, (ast.For, ast.While)) and part.lineno == line for part in _own(function))


class _Pausing(ast.NodeTransformer):
    def __init__(self, line: int, way: set[str] | None) -> None:
        self.line, self.way = line, way

    def visit_FunctionDef(self, node: ast.FunctionDef) -> _Function:
        """One on the way waits."""
        self.generic_visit(node)
        if self.way is None or node.name not in self.way:
            return node
        made = ast.AsyncFunctionDef(node.name, node.args, node.body, node.decorator_list, node.returns)
        return ast.copy_location(made, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A call of one on the way is waited for."""
        self.generic_visit(node)
        return at(node, ast.Await(call("@waited", node))) if self.way and _named(node.func) in self.way else node

    def visit_For(self, node: ast.For) -> ast.stmt | list[ast.stmt]:
        """The loop asks whether to pause."""
        return self._loop(node)

    def visit_While(self, node: ast.While) -> ast.stmt | list[ast.stmt]:
        """The loop asks whether to pause."""
        return self._loop(node)

    def _loop(self, node: ast.For | ast.While) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        if node.lineno != self.line:
            return node
        asked = call("@turned", call("@locals"))
        turn: ast.stmt = ast.Expr(asked)
        if self.way is not None:
            turn = ast.If(asked, [ast.Expr(ast.Await(call("@pause")))], [])
        node.body = [at(node, turn), *node.body]
        return [node, at(node, ast.Expr(call("@over", call("@locals"))))]
