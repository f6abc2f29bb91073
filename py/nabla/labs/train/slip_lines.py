"""The lines of slips: where a delta is made, a gradient gets its length, or a weight is updated."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import numpy as np

from nabla.labs.train.analysis import Analysis
from nabla.labs.train.training_step import StepValue, updates
from nabla.network.model import gradients
from nabla.network.wrong import LayerSlip, parallel
from nabla.program.made import made_of


def line_of(found: Analysis, finding: LayerSlip) -> int | None:
    """The line of a finding: where its delta is made, or its weight updated."""
    k = finding.layer
    if not k or finding.slip == "frozen":
        return None
    place = found.network.places[k - 1]
    name = place.bias if finding.bias else place.weight
    statements = found.first.updates(name or "")
    if finding.slip == "missing-axis":
        sums = [node for node in _behind(found, name or "") if node.op in ("sum", "mean") and node.line]
        return sums[-1].line if sums else None
    if finding.bias or finding.slip in ("sign", "missing-mean", "scale"):
        longer = _gradient_line(found, k) if not finding.bias and finding.slip != "sign" else None
        longer = _velocity_line(found, statements) if finding.slip == "sign" else longer
        return longer or (statements[0].lineno if statements else None)
    if finding.slip == "update-before-use" and k < len(found.network.places):
        after = found.first.updates(found.network.places[k].weight)
        return after[0].lineno if after else None
    if finding.slip == "unnamed" and _has_delta(found, k):
        return _gradient_line(found, k) or (statements[0].lineno if statements else None)
    return _delta_line(found, k)


def _velocity_line(found: Analysis, statements: list[ast.Assign | ast.AugAssign]) -> int | None:
    """The line that makes what an update adds, where it adds a velocity: the sign of the gradient stands there."""
    last = statements[-1] if statements else None
    value = last.value if isinstance(last, ast.AugAssign) else None
    if isinstance(last, ast.Assign) and isinstance(last.value, ast.BinOp) and isinstance(last.value.op, ast.Add):
        value = last.value.right
    adds = isinstance(last, ast.Assign) or (isinstance(last, ast.AugAssign) and isinstance(last.op, ast.Add))
    if not adds or not isinstance(value, ast.Name):
        return None
    made = updates(found.first.body, value.id)
    sums = [
        node for node in made if isinstance(node.value, ast.BinOp) and isinstance(node.value.op, (ast.Add, ast.Sub))
    ]
    return sums[-1].lineno if sums else None


def _gradient_line(found: Analysis, k: int) -> int | None:
    """The line that gives the gradient of layer k a name, where it is no gradient of the usual length already."""
    taken, verdict = found.taken, found.verdict
    assert taken is not None and verdict is not None
    truth, _, _ = gradients(taken.layers, taken.X, taken.y, verdict.loss)
    usual = abs(verdict.factor or 1.0)
    for node, line in _named(found, k):
        factor = parallel(found.network.weight(k - 1, node.value), truth[k - 1], 1e-9)
        if factor is None or abs(abs(factor) / usual - 1) > 1e-6:
            return line
    return None


def _named(found: Analysis, k: int) -> Iterator[tuple[StepValue, int]]:
    """What has the shape of the weights of layer k and a name of its own, behind their step."""
    name = found.network.places[k - 1].weight
    for node in _behind(found, name):
        lines = [line for line, given in node.names if line and given != name]
        if lines and node.shape == np.shape(found.step.before[name]):
            yield node, lines[0]


def _has_delta(found: Analysis, k: int) -> bool:
    """Whether the right delta of layer k goes into the step of its weights."""
    taken, verdict = found.taken, found.verdict
    assert taken is not None and verdict is not None
    _, _, deltas = gradients(taken.layers, taken.X, taken.y, verdict.loss)
    like = [node for node in _behind(found, found.network.places[k - 1].weight)
            if len(node.shape) == 2 and found.network.rows(node.value).shape == deltas[k - 1].shape]  # fmt: skip
    return any(parallel(found.network.rows(node.value), deltas[k - 1], 1e-9) is not None for node in like)


def _delta_line(found: Analysis, k: int) -> int | None:
    """The line that makes delta of layer k: its value is what the program's step was found to hold."""
    place = found.network.places[k - 1]
    shape = found.network.rows(found.step.nodes[place.a].value).shape
    last = found.step.nodes[found.network.places[-1].a]
    unnamed = None
    for node in reversed(_behind(found, place.weight)):
        if node.order <= last.order or len(node.shape) != 2 or found.network.rows(node.value).shape != shape:
            continue
        named = [line for line, _ in node.names if line]
        if shape != found.layers.weights[k - 1].shape or node.op not in ("dot", "sub"):
            if named:
                return named[0]
            unnamed = unnamed or node.line
    return unnamed


def _behind(found: Analysis, name: str) -> list[StepValue]:
    """The nodes that the new value of a weight is made of, in their order."""
    made = [found.step.ends[name]] if name in found.step.ends else []
    return sorted(made_of(made), key=lambda node: node.order)
