"""What the updates of a program multiply by, weight by weight."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from nabla.labs.train.probe import StepProbe
from nabla.network.rate import rate_of
from nabla.program.made import TracedValue
from nabla.program.trace import Trace


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
    seen = {node: node.value if isinstance(node, ast.Constant) else held.get(place)
            for place, node in enumerate(probe.nodes)}  # fmt: skip
    owner = {getattr(part, "place", -1): node for node in ast.walk(probe.program.tree)
             if isinstance(node, (ast.Assign, ast.AugAssign)) for part in ast.walk(node)}  # fmt: skip
    rates = {}
    for name, node in after.items():
        statement = owner.get(node.place)
        if statement is not None:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            rates[name] = rate_of(statement, ast.unparse(target), seen)[0]
    return rates
