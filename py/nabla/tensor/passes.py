"""Backward passes as a run remembers them, and which tensors hold the derivatives that they gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.tensor.tape import STATE, Array, Tensor, Vertex

REMEMBERED = 8  # passes, the last among them
LARGEST = 100_000  # numbers of the adjoints of a pass that is not the last
# Steps behind which a derivative is still the same numbers.
_SAME = frozenset(
    ["detach", "clone", "reshape", "squeeze", "unsqueeze", "permute", "cast_to", "flatten", "view", "expand"]
)


@dataclass
class Pass:
    """One reverse sweep: its root, the gradient it started from, the adjoint of every vertex, and its line."""

    root: Vertex
    seed: Array
    adjoints: dict[Vertex, Any]
    line: int
    changed: tuple[Vertex, ...] = ()  # whose numbers were changed without notice before it
    hooked: tuple[Vertex, ...] = ()  # whose adjoints a hook of the program replaced


@dataclass(frozen=True)
class Derivative:
    """What a tensor holds: a `gradient`, a `jacobian` or a `hessian` of `root` by `of`, worked out in a line.

    Attributes:
        parts: the passes that it is the sum of, each with its line.
    """

    kind: str
    root: Vertex
    of: Vertex
    line: int
    parts: tuple[tuple[int, Any], ...] = ()


def finished(done: Pass) -> None:
    """Note a pass: one of the first where it is small, and the last whatever it is."""
    STATE.backwards += 1
    before = STATE.passes
    if before and (len(before) >= REMEMBERED or _size(before[-1]) > LARGEST):
        before = before[:-1]
    STATE.passes = [*before, done]


def _size(done: Pass) -> int:
    return sum(np.size(g) for g in done.adjoints.values())


def holds(tensor: Any, derivative: Derivative) -> Any:
    """Note what a tensor holds; gives the tensor."""
    STATE.derivatives[tensor.vertex] = derivative
    return tensor


def derivative_in(value: Any) -> Derivative | None:
    """What derivative a value is, where it is one."""
    vertex = value.vertex if isinstance(value, Tensor) else value if isinstance(value, Vertex) else None
    while vertex is not None:
        found: Derivative | None = STATE.derivatives.get(vertex)
        if found is not None:
            return found
        same = vertex.op is not None and vertex.op.name in _SAME
        vertex = vertex.parents[0] if same and len(vertex.parents) == 1 else None
    return None
