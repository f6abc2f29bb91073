"""A change to a program: the kind of slip that it mends, where it stands, and what stands there without it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from nabla.labs.decompose.program.reading import FieldProgram, names_in
from nabla.program.source import called

A = TypeVar("A", bound=ast.AST)


@dataclass(frozen=True)
class Mending:
    """One change: the kind of slip, the node that goes, what comes, and the line. Edits with one `way` go together."""

    kind: str
    way: str
    node: ast.AST
    new: ast.AST
    line: int


def rebuilt(node: A, changes: Mapping[ast.AST, ast.AST]) -> ast.AST:
    """A copy of a tree with some of its nodes replaced."""
    if node in changes:
        rest = {old: new for old, new in changes.items() if old is not node}
        return rebuilt(changes[node], rest) if rest else changes[node]
    values: dict[str, Any] = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            values[name] = [rebuilt(item, changes) if isinstance(item, ast.AST) else item for item in value]
        else:
            values[name] = rebuilt(value, changes) if isinstance(value, ast.AST) else value
    made = type(node)(**values)
    return ast.copy_location(made, node) if hasattr(node, "lineno") else made


def edit(kind: str, way: str, node: ast.AST, new: ast.AST) -> Mending:
    """A change at the line of what goes, which all that is new gets too."""
    line = getattr(node, "lineno", 1)
    for part in ast.walk(new):
        if not hasattr(part, "lineno") and isinstance(part, (ast.expr, ast.stmt)):
            ast.copy_location(part, node)
    return Mending(kind, way, node, new, line)


def calls(found: FieldProgram, *names: str) -> Iterator[ast.Call]:
    """The calls of some functions, by their names without modules."""
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Call) and called(node) in names:
            yield node


def whole(node: ast.expr) -> int | None:
    """The whole number that is written there."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if type(value) is int else None


def statements(found: FieldProgram) -> list[ast.Assign | ast.AugAssign | ast.Return]:
    """The statements that the results are made by, also inside loops, and those of functions; the last first."""
    wanted = {output.name for output in found.outputs}
    own = {part.name for part in found.parts}
    kept: list[ast.Assign | ast.AugAssign | ast.Return] = []
    for statement in reversed(found.tree.body):
        inside = [s for s in ast.walk(statement) if isinstance(s, (ast.Assign, ast.AugAssign, ast.Return))]
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            kept += inside
            continue
        for each in reversed(inside):
            targets = set().union(*(names_in(target) for target in targets_of(each)))
            function = isinstance(each, ast.Assign) and isinstance(each.value, ast.Lambda)
            if function or (targets & wanted and not targets & own):
                kept.append(each)
                wanted |= names_in(each)
    return kept


def targets_of(statement: ast.stmt) -> list[ast.expr]:
    """What a statement assigns to; nothing for a return."""
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AugAssign) else []
