"""What the updates of a program multiply by, weight by weight."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np

from nabla.labs.train.probe import StepProbe
from nabla.program.made import TracedValue
from nabla.program.trace import Trace

_PRODUCTS = ("dot", "matmul", "multiply", "outer")


def rates_of(
    probe: StepProbe, trace: Trace, before: Mapping[str, TracedValue], after: Mapping[str, TracedValue]
) -> dict[str, float]:
    """What the update of each weight multiplies by; nothing that hangs on the weights is a rate."""
    moved = set(before.values())
    for node in trace.nodes[min((node.order for node in moved), default=0) :]:
        if any(parent in moved for parent in node.parents):
            moved.add(node)
    held = {place: value for place, value in trace.seen.items()
            if not (isinstance(value, TracedValue) and value in moved)}  # fmt: skip
    seen = {node: held.get(place) for place, node in enumerate(probe.nodes)}
    owner = {getattr(part, "place", -1): node for node in ast.walk(probe.program.tree)
             if isinstance(node, (ast.Assign, ast.AugAssign)) for part in ast.walk(node)}  # fmt: skip
    rates = {}
    for name, node in after.items():
        statement = owner.get(node.place)
        if statement is not None:
            rates[name] = rate_of(statement, seen)[0]
    return rates


def rate_of(statement: ast.Assign | ast.AugAssign, seen: Mapping[ast.AST, Any]) -> tuple[float, ast.expr | None]:
    """The rate of `W -= rate * G`, `W = W + rate * G` or their like, and its place; 1 and None when there is none.

    Divisors, the number of samples say, belong to the gradient and are not counted.
    """
    value = statement.value
    name = ast.unparse(statement.targets[0] if isinstance(statement, ast.Assign) else statement.target)
    if isinstance(statement, ast.Assign) and isinstance(value, ast.BinOp):
        sides = [side for side in (value.left, value.right) if ast.unparse(side) != name]
        if len(sides) == 1:
            value = sides[0]
    rate, place = 1.0, None
    for factor in _factors(value):
        held = factor.value if isinstance(factor, ast.Constant) else seen.get(factor)
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
