"""What the names of a program are bound to, by its text alone."""

from __future__ import annotations

import ast


def bound_to(tree: ast.AST, expression: ast.expr, line: int) -> ast.expr:
    """What an expression is: of a name the value that it was given last before a line."""
    seen: set[str] = set()
    while isinstance(expression, ast.Name) and expression.id not in seen:
        seen.add(expression.id)
        values = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and node.lineno < line
            and any(isinstance(target, ast.Name) and target.id == expression.id for target in node.targets)
        ]
        if not values:
            break
        expression = values[-1]
    return expression


def called(expression: ast.expr) -> str:
    """The last name of what an expression calls, "" where it is no call."""
    function = expression.func if isinstance(expression, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
