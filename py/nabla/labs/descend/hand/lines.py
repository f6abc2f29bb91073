"""In which line something of a descent by hand is done: its gradient, a sign, the error."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import numpy as np

from nabla.labs.descend.hand.found import Computed, HandDescent, tail
from nabla.labs.descend.hand.losses import Loss
from nabla.program.state import Floats

_RATE = re.compile(r"(lr|l_?rate|alpha|eta|rate|learning_?rate|step_?size|step|gamma|a|eps\w*|mu|learn\w*|h)\d*", re.I)


def samples_of(found: HandDescent, loss: Loss) -> int:
    """How many samples there are: the length of the residuals, or of the longest array that is no parameter."""
    if loss.residual is not None:
        return int(loss.residual.value.size)
    sizes = [
        q.value.size
        for q in found.states[0].quantities
        if "Sub@" in q.what and q.slope.size and np.abs(q.slope).max() > 0
    ]
    return max(sizes, default=1)


def rates(found: HandDescent) -> list[tuple[str, float]]:
    """Numbers that may be the rate: by name, and those written in the lines of the updates."""
    given = {q.what: q.value.item() for q in found.states[0].quantities if q.value.size == 1 and not q.slope.any()}
    named = [
        (path, float(value))
        for path, value in {**found.start, **given}.items()  # a rate may be given anew in each turn
        if isinstance(value, (int, float, np.number))
        and type(value) is not bool
        and _RATE.fullmatch(tail(path))
        and value
    ]
    lines = set(found.lines.values())
    written = [
        (ast.unparse(node), float(node.value))
        for node in ast.walk(found.program.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float))
        and node.lineno in lines
        and node.value
    ]
    return [*named, *written]


def where_the_sign(found: HandDescent, loss: Loss) -> tuple[int, str]:
    """The line whose sign is wrong: the update, where what it subtracts is the gradient itself, else an earlier one."""
    update = min(found.lines.values(), default=0)
    gradient = loss.gradients[0]
    grown = next((q for q in found.states[0].quantities if _is_along(found, q, gradient)), None)
    if grown is not None and float(grown.value.ravel()[: gradient.size] @ gradient[: grown.value.size]) < 0:
        if loss.residual is not None and (at := turned(found, loss.residual)):
            return at, "the error is taken as target minus prediction, which turns the sign of the gradient."
        return grown.line, f"`{tail(grown.what)}` is minus the gradient."
    return update, "the update adds the gradient; it has to be subtracted."


def _is_along(found: HandDescent, q: Computed, gradient: Floats) -> bool:
    """Whether a named quantity is a multiple of the gradient of all parameters."""
    if "@" in q.what or q.what in found.parameters or q.value.size != gradient.size:
        return False
    value = q.value.ravel()
    c = float(value @ gradient) / float(gradient @ gradient)
    return bool(c and np.abs(value - c * gradient).max() <= 1e-3 * np.abs(value).max())


def turned(found: HandDescent, residual: Computed) -> int:
    """The line of a difference that is target minus prediction; 0 where it is the other way round."""
    state = found.states[0]
    for q in state.quantities:
        if q.slope.shape == residual.slope.shape and "@" not in q.what and q.line != residual.line:
            size = np.abs(residual.slope).max()
            if np.allclose(q.slope, -residual.slope, rtol=1e-5, atol=1e-8 * size):
                return residual.line
            if np.allclose(q.slope, residual.slope, rtol=1e-5, atol=1e-8 * size) and not np.allclose(
                q.value, residual.value
            ):
                return 0
    for node in ast.walk(found.program.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and node.lineno == residual.line:
            sides = [_mentions(side, found.parameters) for side in (node.left, node.right)]
            if sides != [True, True] and any(sides):
                return residual.line if sides[1] else 0
    return 0


def _mentions(node: ast.AST, paths: list[str]) -> bool:
    wanted = {tail(path) for path in paths}
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} | {
        n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)
    }
    return bool(names & wanted)


def gradient_line(found: HandDescent, gradients: Floats, loss: Loss) -> int:
    """The line in which the gradient is named, else the update's."""
    size = gradients.shape[1]
    updates = list(found.lines.values())
    named = [
        q
        for q in found.states[0].quantities
        if "@" not in q.what
        and q.what not in found.parameters
        and q.value.size == size
        and q.line not in updates
        and q.slope.size
        and np.abs(q.slope).max() > 0
        and q.line != loss.line
    ]
    return named[-1].line if named else min(updates, default=0)


def line_of(found: HandDescent, owner: str, place: int, turned_by: Floats | None = None) -> int:
    """The line in which the gradient of a parameter is made: the first name that its step is a multiple of.

    With a gradient, for a step of the wrong sign: the update's, where the name has the gradient's own sign.
    """
    component = found.picked[place]
    starts = np.cumsum([0, *(int(np.prod(shape)) for shape in found.shapes)])
    at = found.parameters.index(owner)
    inside, size = component - int(starts[at]), int(starts[at + 1] - starts[at])
    step = [state.step[place] for state in found.states[:2]]
    there = {(q.line, q.what): q.value.ravel() for q in found.states[1].quantities}
    for q in found.states[0].quantities:
        other = there.get((q.line, q.what), np.zeros(0))
        if "@" in q.what or q.what in found.parameters or q.value.size % size or other.size != q.value.size:
            continue
        a, b = q.value.ravel()[-size:][inside], other[-size:][inside]
        if a and b and abs(step[0] / a - step[1] / b) <= 1e-4 * abs(step[0] / a):
            own = turned_by is not None and a * turned_by[0] > 0
            return found.lines.get(owner, 0) if own else q.line
    return found.lines.get(owner, 0)


def given(tree: ast.Module, names: set[str]) -> Iterator[ast.expr]:
    """What is given to some names: in assignments, as defaults of parameters, in calls by name."""
    for node in ast.walk(tree):
        pairs: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs += [(_last(t), v) for t, v in zip(target.elts, node.value.elts, strict=False)]
                else:
                    pairs.append((_last(target), node.value))
        elif isinstance(node, ast.keyword):
            pairs = [(node.arg or "", node.value)]
        elif isinstance(node, ast.arguments) and node.defaults:
            pairs = list(zip([a.arg for a in node.args[-len(node.defaults) :]], node.defaults, strict=True))
        yield from (value for name, value in pairs if name in names)


def _last(node: ast.expr) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))
