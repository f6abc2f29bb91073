"""What expressions of a program are worth just before a call: the program runs up to there, or what they need of it."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from nabla.errors import UserError
from nabla.program.run import Run, run
from nabla.program.source import Program

_CAPTURED = "_argument"
_BARE = "from numpy import *"  # names of programs that were pasted without their imports


@dataclass(slots=True)
class Evaluated:
    """The values of expressions, None for what fails; the names bound by then; the line that stopped the program."""

    values: list[Any]
    names: dict[str, Any]
    stopped: int = 0

    @property
    def missing(self) -> int:
        """How many values there are not."""
        return sum(value is None for value in self.values)


def values_before(program: Program, line: int, wanted: Sequence[ast.expr]) -> Evaluated:
    """The values of expressions just before a line of the program.

    Where the program as a whole stops before, only the statements run that the expressions rest on; its imports run
    first, and a table that is only filled, column by column, begins empty.
    """
    tree = program.tree
    place = next((i for i, node in enumerate(tree.body) if node.lineno <= line <= (node.end_lineno or 0)), 0)
    before = tree.body[:place]
    rest = _needed(before, wanted)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    sooner = [*imports, *_tables(rest), *(node for node in rest if node not in imports)]
    best: Evaluated | None = None
    for body in (before, rest, sooner, [*ast.parse(_BARE).body, *sooner]):
        found = _run(program, body, wanted, tree.body[place] if tree.body else None)
        if best is None or found.missing < best.missing or not best.names:
            best = found
        if all(value is not None or _is_none(w) for value, w in zip(found.values, wanted, strict=True)):
            break
    assert best is not None
    return best


def whole_run(program: Program) -> Run | None:
    """The run of the whole program, None where it cannot run."""
    try:
        return run(program)
    except UserError:
        return None


def _is_none(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Constant) and expression.value is None


def _run(program: Program, body: Sequence[ast.stmt], wanted: Sequence[ast.expr], at: ast.stmt | None) -> Evaluated:
    made = list(body)
    for i, expression in enumerate(wanted):
        assigned = ast.Assign([ast.Name(f"{_CAPTURED}{i}", ast.Store())], copy.deepcopy(expression))
        made.append(ast.fix_missing_locations(ast.copy_location(assigned, at) if at else assigned))
    stopped = 0
    try:
        done = run(replace(program, tree=ast.Module(made, []), compiled={}))
        names = done.names
        stopped = done.gap.line or 0 if done.gap else done.raised.line or 0 if done.raised else 0
    except UserError:
        names = {}
    return Evaluated([names.pop(f"{_CAPTURED}{i}", None) for i in range(len(wanted))], names, stopped)


def _tables(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """An empty dictionary for each name that statements fill by keys, `frame["t"] = ...`, and none binds."""
    stored = [node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Name | ast.Subscript)]
    bound = {node.id for node in stored if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    filled = {
        node.value.id
        for node in stored
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)
    }
    return [statement for name in sorted(filled - bound) for statement in ast.parse(f"{name} = {{}}").body]


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


def column_of(tree: ast.Module, expression: ast.expr) -> str:
    """The column that an expression picks out of a table: by its name, or by its number from 1; "" where it does not.

    `frame["t"].values`, `frame.t`, `table[:, 0]`, a name that was bound to one of them, or one of several names that a
    table was taken apart into.
    """
    seen: set[str] = set()
    while isinstance(expression, ast.Name) and expression.id not in seen:
        seen.add(expression.id)
        bound = [node for node in ast.walk(tree) if isinstance(node, ast.Assign) and expression.id in _bound(node)]
        if not bound:
            return ""
        target = bound[-1].targets[0]
        if isinstance(target, ast.Tuple):
            names = [item.id if isinstance(item, ast.Name) else "" for item in target.elts]
            return str(names.index(expression.id) + 1) if expression.id in names else ""
        expression = bound[-1].value
    for node in ast.walk(expression):
        if not isinstance(node, ast.Subscript):
            continue
        place = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) else node.slice
        if isinstance(place, ast.Constant) and isinstance(place.value, str):
            return place.value
        if isinstance(place, ast.Constant) and isinstance(place.value, int):
            return str(place.value + 1)
    fields = [node for node in ast.walk(expression) if isinstance(node, ast.Attribute)]
    return next((node.attr for node in fields[::-1] if isinstance(node.value, ast.Name)), "")
