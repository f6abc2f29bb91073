"""What the updates of a program multiply by, weight by weight."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from nabla.labs.train.probe import StepProbe
from nabla.network.rate import rate_of
from nabla.program.made import TracedValue
from nabla.program.trace import Trace


def rates_of(probe: StepProbe, trace: Trace, after: Mapping[str, TracedValue]) -> dict[str, float]:
    """What the update of each weight multiplies by."""
    seen = {node: node.value if isinstance(node, ast.Constant) else trace.seen.get(place)
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
