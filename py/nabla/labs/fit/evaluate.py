"""What expressions of a program are worth just before a call: the program runs up to there, or what they need of it."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nabla.errors import UserError
from nabla.program.run import Run, run
from nabla.program.source import Program

_CAPTURED = "_argument"
_BARE = "from numpy import *"  # names of programs that were pasted without their imports


def values_before(program: Program, line: int, wanted: Sequence[ast.expr]) -> tuple[list[Any], dict[str, Any]]:
    """The values of expressions just before a line of the program, and the names bound by then; None for what fails.

    Where the program as a whole stops before, only the statements run that the expressions rest on.
    """
    tree = program.tree
    place = next((i for i, node in enumerate(tree.body) if node.lineno <= line <= (node.end_lineno or 0)), 0)
    before = tree.body[:place]
    rest = _needed(before, wanted)
    best: tuple[list[Any], dict[str, Any]] = [None] * len(wanted), {}
    for body in (before, rest, [*ast.parse(_BARE).body, *rest]):
        values, names = _run(program, body, wanted, tree.body[place] if tree.body else None)
        if sum(v is not None for v in values) > sum(v is not None for v in best[0]) or not best[1]:
            best = values, names
        if all(value is not None or _is_none(w) for value, w in zip(values, wanted, strict=True)):
            break
    return best


def whole_run(program: Program) -> Run | None:
    """The run of the whole program, None where it cannot run."""
    try:
        return run(program)
    except UserError:
        return None


def _is_none(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Constant) and expression.value is None


def _run(
    program: Program, body: Sequence[ast.stmt], wanted: Sequence[ast.expr], at: ast.stmt | None
) -> tuple[list[Any], dict[str, Any]]:
    made = list(body)
    for i, expression in enumerate(wanted):
        assigned = ast.Assign([ast.Name(f"{_CAPTURED}{i}", ast.Store())], copy.deepcopy(expression))
        made.append(ast.fix_missing_locations(ast.copy_location(assigned, at) if at else assigned))
    try:
        names = run(replace(program, tree=ast.Module(made, []), compiled={})).names
    except UserError:
        names = {}
    return [names.pop(f"{_CAPTURED}{i}", None) for i in range(len(wanted))], names


def _needed(body: Sequence[ast.stmt], wanted: Sequence[ast.expr]) -> list[ast.stmt]:
    """The statements that the expressions rest on: those that bind, or change in place, a name that is needed."""
    names = {node.id for expression in wanted for node in ast.walk(expression) if isinstance(node, ast.Name)}
    kept: list[ast.stmt] = []
    for statement in reversed(body):
        if _bound(statement) & names or _is_seed(statement):
            kept.append(statement)
            names |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return kept[::-1]


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement binds or changes."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".")[0] for alias in statement.names}
    bound = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    if isinstance(statement, ast.FunctionDef):
        bound.add(statement.name)
    for node in ast.walk(statement):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.value, ast.Name):
            changed = isinstance(node.ctx, ast.Store) or isinstance(statement, ast.Expr)
            bound |= {node.value.id} if changed else set()
    return bound


def _is_seed(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and "seed(" in ast.unparse(statement)
