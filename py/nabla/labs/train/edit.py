"""Numbers in the text of a program replaced: its hidden units, its rate, its steps. What is shown is what runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import numpy as np

from nabla.errors import UserError
from nabla.labs.train.analysis import Analysis
from nabla.labs.train.probe import StepProbe
from nabla.program.made import LoopTurn, TracedValue
from nabla.program.source import read

TRIES = 16


def replaced(text: str, places: Iterable[tuple[ast.expr, str]]) -> str:
    """The text with nodes, each on one line, replaced."""
    lines = text.split("\n")
    for node, new in sorted(places, key=lambda pair: (pair[0].lineno, pair[0].col_offset), reverse=True):
        line = lines[node.lineno - 1].encode()
        changed = line[: node.col_offset] + new.encode() + line[node.end_col_offset :]
        lines[node.lineno - 1] = changed.decode()
    return "\n".join(lines)


def with_hidden(text: str, found: Analysis, k: int, units: int) -> str | None:
    """The program with `units` in hidden layer k, None where its numbers do not show how.

    Every whole number before the loop that equals the layer's units is tried alone: it belongs to the layer if only
    that layer's axes follow it.
    """
    network = found.network
    weights = [weight.shape for weight in found.layers.weights]
    biased = [i for i, bias in enumerate(found.layers.biases) if bias is not None and bias.size > 1]
    old = weights[k - 1][1]
    sizes = [*weights, *[(weights[i][1],) for i in biased]]
    asked = [(units if i == k else a, units if i + 1 == k else b) for i, (a, b) in enumerate(weights)]
    wanted = [*asked, *[(asked[i][1],) for i in biased]]
    candidates = [
        node for node in _numbers(found.first.before) if node.value == old and type(node.value) is int
    ][:TRIES]  # fmt: skip

    def shapes(nodes: list[ast.expr]) -> list[tuple[int, ...]] | None:
        try:
            turns = StepProbe(read(replaced(text, [(node, str(units)) for node in nodes]))).first.trace.turns
            names = [*(p.weight for p in network.places), *(network.places[i].bias or "" for i in biased)]
            made = [_first(turns, found.first.written(name)) for name in names]
            values = [np.asarray(value.value) for value in made if value is not None]
            whole = [network.weight(i, value).shape for i, value in enumerate(values[: len(weights)])]
            return [*whole, *[(value.size,) for value in values[len(weights) :]]]
        except (UserError, ValueError):
            return None

    kept: list[ast.expr] = []
    for node in candidates:
        alone = shapes([node])
        if alone is not None and len(alone) == len(sizes) and alone != sizes and all(
            new in (a, b) for pair, a_pair, b_pair in zip(alone, sizes, wanted, strict=True)
            for new, a, b in zip(pair, a_pair, b_pair, strict=True)
        ):  # fmt: skip
            kept.append(node)
    return replaced(text, [(node, str(units)) for node in kept]) if kept and shapes(kept) == wanted else None


def _first(turns: list[LoopTurn], path: str) -> TracedValue | None:
    """What stands under a path when the first loop begins that knows it, also in a program that fails there."""
    held = (turn.start.get(path) for turn in turns)
    return next((value for value in held if isinstance(value, TracedValue)), None)


def _numbers(body: list[ast.stmt]) -> list[ast.Constant]:
    """The numbers of statements, those that stand in lists left out: they are data."""
    found: list[ast.Constant] = []
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Constant):
            found += [node] if node not in found else []
        elif isinstance(node, ast.List):
            stack.extend(reversed([item for item in node.elts if isinstance(item, ast.Call)]))
        else:
            stack.extend(reversed(list(ast.iter_child_nodes(node))))
    return found


def number_place(found: Analysis, node: ast.expr | None) -> ast.Constant | None:
    """The number that an expression is, or that the name it is was given before the loop."""
    return _number_in(found.first.before, node)


def _number_in(before: list[ast.stmt], node: ast.expr | None) -> ast.Constant | None:
    if isinstance(node, ast.Constant):
        return node
    if not isinstance(node, (ast.Name, ast.Attribute)):
        return None
    wanted = {ast.unparse(node)}
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self":
        wanted.add(node.attr)  # it may be given in the class
    for i in reversed(range(len(before))):
        statement = before[i]
        if not isinstance(statement, ast.Assign):
            continue
        for target in statement.targets:
            pairs = [(target, statement.value)]
            if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
                pairs = list(zip(target.elts, statement.value.elts, strict=False))
            for name, value in pairs:
                if ast.unparse(name) in wanted and ast.unparse(value) not in wanted:
                    return _number_in(before[:i], value)
    return None


def steps_place(found: Analysis) -> ast.Constant | None:
    """The number of steps, of `for ... in range(n)`."""
    loop = found.first.loop
    call = loop.iter if isinstance(loop, ast.For) else None
    return number_place(found, call.args[-1]) if isinstance(call, ast.Call) and len(call.args) in (1, 2) else None
