"""Rules that a program writes out and whose loss is not to be seen: Adam's corrections, the perceptron's step."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nabla.labs.descend.hand.found import HandDescent, tail
from nabla.labs.descend.hand.verdict import Fault

_THRESHOLD = re.compile(r"step|heaviside|sign|threshold|predict|where|activation", re.I)


def rules(found: HandDescent) -> list[Fault]:
    """What is wrong with a correction of Adam's means, or with the direction of a perceptron's step."""
    return [*_constant_corrections(found), *_perceptron(found)]


def _constant_corrections(found: HandDescent) -> Iterator[Fault]:
    """Means divided by 1 - beta in every turn, where the correction of turn t is 1 - beta**t."""
    shares = {tail(path): share for path, share in found.kept.items()}
    for node in ast.walk(found.program.tree):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
            continue
        name, below = _name(node.left), node.right
        if name not in shares or not (isinstance(below, ast.BinOp) and isinstance(below.op, ast.Sub)):
            continue
        kept = _constant(found, below.right)
        if _constant(found, below.left) != 1 or kept is None or abs(kept - shares[name]) > 1e-6:
            continue
        beta, turns = f"{kept:g}", found.loop.turns
        factor = (1 - kept**turns) / (1 - kept)
        text = (
            f"`{ast.unparse(node)}` divides `{name}` by 1 - {beta} in every turn. That is the correction of the first "
            f"turn alone: in turn t it is 1 - {beta}**t, which goes to 1. In turn {turns:,} what is made of it is "
            f"{factor:.3g} times too large. Write `{name}/(1 - {beta}**t)`, with t counted from 1."
        )
        yield Fault("bias-correction", node.lineno, text, mendable=False)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _constant(found: HandDescent, node: ast.expr) -> float | None:
    """The number that an expression is: written as it is, or by a name that is given a number once."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    name = _name(node)
    given = [
        part.value
        for part in ast.walk(found.program.tree)
        if isinstance(part, ast.Assign) and any(_name(t) == name for t in part.targets if name)
    ]
    return _constant(found, given[0]) if len(given) == 1 and isinstance(given[0], ast.Constant) else None


def _perceptron(found: HandDescent) -> Iterator[Fault]:
    """A step along the input times target minus output, with the sign the other way round: it moves the output away."""
    tree = found.program.tree
    made = {name: node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and (name := _target(node))}
    weights = {tail(path) for path in found.parameters}
    outputs = {name for name, value in made.items() if _is_threshold(value) and _reads(value, weights, made)}
    for node in ast.walk(tree):
        sign = _update(node, weights)
        if not sign or not isinstance(node, (ast.Assign, ast.AugAssign)):
            continue
        for part in _written_out(node.value, made):
            if not (isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub)):
                continue
            first, second = _name(part.left) in outputs, _name(part.right) in outputs
            if first == second or (sign > 0) is second:
                continue
            wrong = ast.unparse(part)
            right = f"{ast.unparse(part.right)} - {ast.unparse(part.left)}"
            text = (
                "The step of a perceptron is plus the rate times (target - output) times the input; here it is "
                f"{'plus' if sign > 0 else 'minus'} the rate times `{wrong}`, so that every mistake moves the output "
                f"further away from the target. Write `{right}` there, or turn the sign of the step."
            )
            yield Fault("sign", node.lineno, text, mendable=False)
            return


def _target(node: ast.Assign) -> str:
    return _name(node.targets[0]) if len(node.targets) == 1 else ""


def _is_threshold(value: ast.expr) -> bool:
    """Whether an output takes two values: a choice, a comparison, or a function that is called after a threshold."""
    if isinstance(value, (ast.IfExp, ast.Compare)):
        return True
    return isinstance(value, ast.Call) and _THRESHOLD.search(_name(value.func)) is not None


def _reads(value: ast.expr, weights: set[str], made: dict[str, ast.expr], depth: int = 4) -> bool:
    names = {_name(part) for part in ast.walk(value) if isinstance(part, (ast.Name, ast.Attribute))}
    if names & weights:
        return True
    return depth > 0 and any(_reads(made[name], weights, made, depth - 1) for name in names if name in made)


def _update(node: ast.AST, weights: set[str]) -> int:
    """1 where a weight is changed by adding something, -1 by subtracting it, 0 elsewhere."""
    if isinstance(node, ast.AugAssign) and _root(node.target) in weights:
        return {ast.Add: 1, ast.Sub: -1}.get(type(node.op), 0)
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and _root(node.targets[0]) in weights:
        value = node.value
        if isinstance(value, ast.BinOp) and _root(value.left) == _root(node.targets[0]):
            return {ast.Add: 1, ast.Sub: -1}.get(type(value.op), 0)
    return 0


def _root(node: ast.expr) -> str:
    return _root(node.value) if isinstance(node, ast.Subscript) else _name(node)


def _written_out(value: ast.expr, made: dict[str, ast.expr]) -> Iterator[ast.AST]:
    """The parts of an expression, names of the loop put in once."""
    for part in ast.walk(value):
        yield part
        if isinstance(part, ast.Name) and part.id in made:
            yield made[part.id]
