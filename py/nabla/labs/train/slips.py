"""What a change that mends a statement says of the slip in it."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from nabla.labs.train.directions import factor_of, products
from nabla.labs.train.mutations import Swap, operands_of
from nabla.labs.train.suspects import Suspect
from nabla.labs.train.trials import RepairSearch, known_at
from nabla.program.made import TracedValue, made_of


def kind_of(search: RepairSearch, suspect: Suspect, change: Swap) -> str:
    """The kind of slip that a change undoes."""
    if change.kind.startswith("scale:"):
        return _scale_kind(search, float(change.kind.partition(":")[2]))
    if change.kind not in ("wrong-variable", "wrong-product"):
        return change.kind
    value = suspect.statement.value
    assert value is not None
    old = {ast.unparse(n): n for n in ast.walk(value) if isinstance(n, (ast.Name, ast.Attribute, ast.Subscript))}
    new = {
        ast.unparse(n) for n in ast.walk(change.expression) if isinstance(n, (ast.Name, ast.Attribute, ast.Subscript))
    }
    known = known_at(search, suspect.statement)
    gone, come = [t for t in old if t not in new], [t for t in new if t not in old]
    if change.kind == "wrong-product":
        return _product_kind(search, suspect, change, known)
    before, after = (
        next((known[t] for t in texts if isinstance(known.get(t), TracedValue)), None) for texts in (gone, come)
    )
    if before is None or after is None:
        return change.kind
    forward = search.slices.forward | set(search.state.before.values())
    if before in forward and after in forward and np.shape(before.value) == np.shape(after.value):
        if after in made_of(before.parents):
            return "derivative-of-output"
        if before in made_of(after.parents):
            return "derivative-at-z"
    if before in made_of(after.parents) and after not in forward:
        return "error-for-delta"
    return change.kind


def _product_kind(search: RepairSearch, suspect: Suspect, change: Swap, known: dict[str, Any]) -> str:
    """What stood in place of the right product: a gradient of weights, the bare error, or the same factors turned."""
    if _is_weight_gradient(search, suspect):
        return "gradient-for-error"
    value = suspect.statement.value
    assert value is not None
    old, new = ([n for n in ast.walk(e) if operands_of(n)] for e in (value, change.expression))
    trace = search.state.trace
    were = [trace.seen.get(getattr(_bare(side), "place", -1)) for n in old for side in operands_of(n)]
    are = [known.get(ast.unparse(_bare(side))) for n in new for side in operands_of(n)]
    gone = [m for m in were if isinstance(m, TracedValue) and m not in are]
    come = [m for m in are if isinstance(m, TracedValue) and m not in were]
    if not gone and not come:
        return "missing-transpose"
    bare = gone and come and any(np.array_equal(gone[0].value, node.value) for node in made_of(come[0].parents))
    return "error-for-delta" if bare else "wrong-variable"


def _bare(side: ast.expr) -> ast.expr:
    return side.value if isinstance(side, ast.Attribute) and side.attr == "T" else side


def _is_weight_gradient(search: RepairSearch, suspect: Suspect) -> bool:
    """Whether a product in the statement is the gradient of some weights."""
    state = search.state
    for node in suspect.made:
        for name, before in state.before.items():
            alike = node.op in ("dot", "matmul") and np.shape(node.value) == np.shape(before.value)
            if alike and factor_of(products(state.directions[name], node.value), state.slopes[name]):
                return True
    return False


def _scale_kind(search: RepairSearch, ratio: float) -> str:
    sizes = {s for node in search.slices.forward for s in np.shape(node.value)}
    size = ratio if ratio > 1 else 1 / ratio if ratio else 0
    if abs(size - round(size)) < 1e-6 and round(size) in sizes and round(size) > 2:
        return "missing-mean"
    return "missing-factor" if abs(size - 2) < 1e-6 else "scale"
