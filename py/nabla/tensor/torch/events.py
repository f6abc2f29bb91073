"""What happens in a training, as `labs` judge it: the gradients that a backward pass finds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from nabla.tensor.tape import STATE, Tensor, Vertex

LEAVES = 8  # that are looked at


def note_backward(order: Iterable[Vertex]) -> None:
    """Take down a backward pass: its leaves, whether each still has a gradient of an earlier pass, and their sums."""
    leaves = [vertex.holder for vertex in order if vertex.op is None and vertex.holder is not None]
    STATE.note("backward", [(leaf, _is_held(leaf), float(np.sum(leaf.array))) for leaf in leaves[:LEAVES]])


def _is_held(leaf: Tensor) -> bool:
    return leaf.grad is not None and bool(np.any(leaf.grad.array))
