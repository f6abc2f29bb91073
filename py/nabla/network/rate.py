"""What the updates of a program multiply the gradient by: the numbers in the product of the update's line."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

_PRODUCTS = ("dot", "matmul", "multiply", "outer")


def updates(body: list[ast.stmt], name: str) -> list[ast.Assign | ast.AugAssign]:
    """The statements that give a weight its new value."""
    found: list[ast.Assign | ast.AugAssign] = []
    for node in ast.walk(ast.Module(body, [])):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        )
        if any(ast.unparse(target) == name for target in targets):
            assert isinstance(node, (ast.Assign, ast.AugAssign))
            found.append(node)
    return found


def rate_of(
    statement: ast.Assign | ast.AugAssign, name: str, seen: dict[ast.AST, Any]
) -> tuple[float, ast.expr | None]:
    """The rate of `W -= rate * G`, `W = W + rate * G` or their like, and its place; 1 and None when there is none.

    Divisors, the number of samples say, belong to the gradient and are not counted.
    """
    value = statement.value
    if isinstance(statement, ast.Assign) and isinstance(value, ast.BinOp):
        sides = [side for side in (value.left, value.right) if ast.unparse(side) != name]
        if len(sides) == 1:
            value = sides[0]
    rate, place = 1.0, None
    for factor in _factors(value):
        held = seen.get(factor)
        number = getattr(held, "value", held)
        if isinstance(number, (int, float, np.generic)) and not isinstance(number, bool) and np.ndim(number) == 0:
            if any(isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div) for part in ast.walk(factor)):
                continue
            rate *= abs(float(number))
            place = factor if place is None or isinstance(factor, ast.Name) else place
    return rate, place


def _factors(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.MatMult)):
        return _factors(node.left) + _factors(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return _factors(node.left)
    if isinstance(node, ast.UnaryOp):
        return _factors(node.operand)
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _PRODUCTS:
        given = [node.func.value] if isinstance(node.func, ast.Attribute) and len(node.args) == 1 else []
        return [factor for part in (*given, *node.args) for factor in _factors(part)]
    return [node]
