"""What a rewritten loop or assignment calls so that an observer sees a turn of it, or has it done again."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

_GIVEN = "@given"  # what a repeated turn begins with, by name


def edits(target: ast.expr) -> list[ast.stmt]:
    """Statements behind an assignment: each name is bound to what the observer gives for it."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return [made for item in target.elts for made in edits(item)]
    if isinstance(target, ast.Starred):
        return edits(target.value)
    if isinstance(target, ast.Name):
        if target.id[0] == "@":
            return []
        told = _call("@edited", ast.Constant(target.id), _load(target.id))
        return [ast.Assign([ast.Name(target.id, ast.Store())], told)]
    root = target.value if isinstance(target, ast.Subscript) else None
    told = (
        _call("@edited", ast.Constant(root.id), _load(root.id))
        if isinstance(root, ast.Name)
        else _call("@edited", ast.Constant(""), ast.Constant(None))
    )
    return [ast.Expr(told)]


def watched(node: ast.For | ast.While, heads: bool, repeated: int) -> list[ast.stmt]:
    """The loop, its turns told with the names there are (`heads`), or done again as often as the observer likes, where
    it stands in the line `repeated`.
    """
    line, names = ast.Constant(node.lineno), _call("@locals")
    if repeated == node.lineno:
        node.body = [_repeated(node, line, names)]
    made: list[ast.stmt] = [node]
    if heads:
        node.body = [ast.Expr(_call("@head", line, names)), *node.body]
        made.append(ast.Expr(_call("@left", line, names)))
    for statement in (*node.body[:1], *made[1:]):
        _place(statement, node)
    return made


def _repeated(node: ast.For | ast.While, line: ast.expr, names: ast.expr) -> ast.stmt:
    parts = [part for item in node.body for part in ast.walk(item)]
    stored = sorted(
        {p.id for p in parts if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store) and p.id[0] != "@"}
    )
    bind: list[ast.stmt] = []
    for name in stored:
        test = ast.Compare(ast.Constant(name), [ast.In()], [_load(_GIVEN)])
        item = ast.Subscript(_load(_GIVEN), ast.Constant(name), ast.Load())
        bind.append(ast.If(test, [ast.Assign([ast.Name(name, ast.Store())], item)], []))
    given = ast.NamedExpr(ast.Name(_GIVEN, ast.Store()), _call("@repeat", line, names))
    again = ast.Compare(given, [ast.IsNot()], [ast.Constant(None)])
    return ast.While(again, [*bind, *(_Ends().visit(item) for item in node.body)], [])


class _Ends(ast.NodeTransformer):
    """A `break` of the loop itself ends the turn that is repeated."""

    def visit_Break(self, node: ast.Break) -> ast.stmt:
        """The turn is over."""
        return ast.copy_location(ast.Continue(), node)

    def visit_For(self, node: ast.For) -> ast.For:
        """Loops inside keep theirs."""
        return node

    def visit_While(self, node: ast.While) -> ast.While:
        """Loops inside keep theirs."""
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Functions have none of it."""
        return node


def _place(made: ast.stmt, node: ast.stmt) -> None:
    for part in ast.walk(made):
        if "lineno" in part._attributes and not hasattr(part, "lineno"):
            ast.copy_location(part, node)


def _load(text: str) -> ast.Name:
    return ast.Name(text, ast.Load())


def _call(function: str, *args: ast.expr) -> ast.Call:
    return ast.Call(_load(function), list(args), [])


def either(
    own: Callable[..., Any], other: Callable[..., Any], test: Callable[[tuple[Any, ...]], bool]
) -> Callable[..., Any]:
    """A function that calls `other` where `test` says so of its arguments, else `own`; its errors are the program's."""

    def call(*args: Any, **named: Any) -> Any:
        return other(*args, **named) if test(args) else own(*args, **named)

    return call
