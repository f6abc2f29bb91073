"""Rosenblatt's perceptron: a threshold has no slope, so that its rule is judged as a rule, and its data as separable.

The rule w += rate (target - output) x ends where a line parts the classes, and never elsewhere: F. Rosenblatt, The
perceptron (1958); A. Novikoff, On convergence proofs on perceptrons (1962).
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from nabla.program.run import Session
from nabla.program.source import Program
from nabla.program.state import Floats

ROUNDS = 10_000


def perceptron(program: Program) -> str:
    """What is to be said of a program that trains a perceptron; empty for others."""
    rule = _rule(program.tree)
    if rule is None:
        return ""
    line, right = rule
    run = Session(program).run()
    data = _samples(run.names) if run.gap is None else None
    said = (
        f"Line {line} is the rule of the perceptron, w + rate (target - output) x: a threshold has no slope, so that "
        "it is no gradient, and is right as a rule."
        if right
        else f"Line {line} moves the weights by output minus target: the perceptron's rule is w + rate (target - "
        "output) x, and with the other sign every mistake moves the output further away."
    )
    return f"{said} {_about(*data)}".strip() if data is not None and right else said


def _rule(tree: ast.Module) -> tuple[int, bool] | None:
    """The line that moves weights by a difference of target and output, and whether the target comes first."""
    given = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    made = {t.id: node.value for node in given for t in node.targets if isinstance(t, ast.Name)}
    outputs = {name for name, value in made.items() if _is_threshold(value, tree)}
    for node in ast.walk(tree):
        moved = _moved(node)
        if moved is None:
            continue
        adds, step = moved
        names = {part.id for part in ast.walk(step) if isinstance(part, ast.Name)}
        parts = [*ast.walk(step), *(part for name in names if name in made for part in ast.walk(made[name]))]
        for part in parts:
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub):
                first, second = (_is_output(side, outputs, tree) for side in (part.left, part.right))
                if first != second:
                    return int(getattr(node, "lineno", 0)), second is adds
    return None


def _moved(node: ast.AST) -> tuple[bool, ast.expr] | None:
    """Of `w += step` and `w = w + step` whether it adds, and the step."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Add, ast.Sub)):
        return isinstance(node.op, ast.Add), node.value
    value = node.value if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    if not isinstance(node, ast.Assign) or not isinstance(value, ast.BinOp):
        return None
    own = isinstance(value.op, (ast.Add, ast.Sub)) and ast.unparse(value.left) == ast.unparse(node.targets[0])
    return (isinstance(value.op, ast.Add), value.right) if own else None


def _is_output(node: ast.expr, outputs: set[str], tree: ast.Module) -> bool:
    return (isinstance(node, ast.Name) and node.id in outputs) or _is_threshold(node, tree)


def _is_threshold(value: ast.expr, tree: ast.Module) -> bool:
    """Whether an expression takes one of two values: a choice by a comparison, or a call of what gives one."""
    if isinstance(value, ast.IfExp):
        return isinstance(value.test, ast.Compare)
    if not isinstance(value, ast.Call):
        return False
    name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
    if name == "where":
        return True
    defined = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name]
    given = [r.value for n in defined for r in ast.walk(n) if isinstance(r, ast.Return) and r.value is not None]
    constants = [r for r in given if isinstance(r, ast.Constant)]
    single = len(constants) > 1 and len(constants) == len(given)
    return single or any(_is_threshold(r, tree) for r in given if r is not value)


def _samples(names: dict[str, Any]) -> tuple[Floats, Floats] | None:
    """Samples and classes among the names of a program: a table of numbers, and as many labels of two values."""
    arrays: dict[str, Floats] = {}
    for name, value in names.items():
        if isinstance(value, (list, tuple, np.ndarray)) and np.size(value):
            try:
                arrays[name] = np.asarray(value, dtype=np.float64)
            except (TypeError, ValueError):
                continue
    tables = [a for a in arrays.values() if a.ndim == 2 and min(a.shape) > 1]
    for x in sorted(tables, key=lambda a: -a.size):
        for y in arrays.values():
            if y.size == len(x) and np.unique(y).size == 2 and y is not x:
                return x, y.ravel()
    return None


def _about(x: Floats, y: Floats) -> str:
    """Whether a line parts the classes."""
    classes = np.unique(y)
    middles = [x[y == c].mean(axis=0) for c in classes]
    if np.allclose(middles[0], middles[1], rtol=1e-12, atol=1e-12):
        shown = ", ".join(f"{v:.4g}" for v in middles[0])
        return (
            f"But no line parts these classes: their means are the same point, ({shown}), as those of XOR are. It "
            "never comes to an end, whatever the rate; it takes a hidden layer, or a further input as x1·x2."
        )
    rows = np.column_stack([x, np.ones(len(x))]) * np.where(y == classes[1], 1.0, -1.0)[:, None]
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    w = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        wrong = np.flatnonzero(rows @ w <= 0)
        if not wrong.size:
            return "A line parts these classes, so that it comes to an end."
        w = w + rows[wrong[0]]
    return f"In {ROUNDS:,} steps of it no line was found that parts these classes: there is likely none."
