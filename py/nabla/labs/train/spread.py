"""Arrays of one axis and of a column that meet, and spread into a square that no one means."""

from __future__ import annotations

import numpy as np

from nabla.labs.train.findings import TrainingFinding
from nabla.labs.train.probe import StepProbe
from nabla.program.made import TracedValue

_OPS = frozenset("sub subtract isub add iadd mul multiply".split())


def spread(probe: StepProbe) -> list[TrainingFinding]:
    """The first operation of a step in which (n, 1) and (n,) make (n, n)."""
    if not probe.first.turns:
        return []
    place = probe.first.turns[0].loop
    turn = next(turn for turn in probe.first.trace.turns if turn.loop == place)
    for node in probe.first.trace.nodes[turn.first : turn.stop]:
        parts = [part for part in node.operands if isinstance(part, TracedValue)]
        if node.op not in _OPS or len(parts) != 2:
            continue
        shapes = [np.shape(part.value) for part in parts]
        flat = [shape for shape in shapes if len(shape) == 1]
        column = [shape for shape in shapes if len(shape) == 2 and shape[1] == 1]
        if flat and column and flat[0][0] == column[0][0] > 1:
            n = flat[0][0]
            name = next((text for part in parts if np.ndim(part.value) == 1 for _, text in part.names), "")
            cure = f"`{name}.reshape(-1, 1)`" if name else "`.reshape(-1, 1)`"
            text = (
                f"A column, {n} × 1, meets an array of one axis, {n}: NumPy spreads both into {n} × {n}, every sample "
                f"beside every other, where {n} differences are meant. Make the second a column as well, {cure}"
            )
            return [TrainingFinding("shape-broadcast", node.line, text)]
    return []
