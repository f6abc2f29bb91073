"""`torch.autograd.grad`: adjoints that are given back, and nothing is accumulated."""

from __future__ import annotations

from typing import Any

import numpy as np

from nabla.tensor.operators import OPERATIONS
from nabla.tensor.passes import Derivative, Pass, finished, holds
from nabla.tensor.sweep import reachable, sweep
from nabla.tensor.tape import STATE, Tensor, Vertex
from nabla.tensor.torch.autograd import listed, ready, seed_of


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """`torch.autograd.grad`: the adjoints of `inputs`, and nothing is accumulated.

    Args:
        outputs: what is differentiated, a tensor or several.
        inputs: by what.
        grad_outputs: the adjoints of the outputs.
        retain_graph: keep what is saved, as `backward` does.
        create_graph: the result can be differentiated again.
        only_inputs: without effect, as in PyTorch.
        allow_unused: give None for an input that was not used.
        is_grads_batched: the first dimension of `grad_outputs` counts adjoints; the result has it too.
        materialize_grads: give zeros for an input that was not used.

    Raises:
        RuntimeError: as PyTorch does, for an input that was not used, say.
        ValueError: `materialize_grads` with `allow_unused=False`.
    """
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False."
        )
    targets = listed(inputs)
    if is_grads_batched:
        found = _batched(outputs, targets, listed(grad_outputs), retain_graph, create_graph, allow_unused)
    else:
        found = _adjoints(outputs, targets, grad_outputs, retain_graph, create_graph)
    if materialize_grads:
        found = [t.result.of(np.zeros_like(t.array)) if g is None else g for t, g in zip(targets, found, strict=True)]
    if not allow_unused and any(g is None for g in found):
        raise RuntimeError(
            f"The differentiated Tensor at index {found.index(None)} appears to not have been used in the graph. "
            "Set allow_unused=True if this is the desired behavior."
        )
    return tuple(found)


def _batched(
    outputs: Any, targets: list[Any], seeds: list[Any], retain: bool | None, create: bool, unused: bool | None
) -> list[Any]:
    """A pass for each slice of the adjoints, the results stacked."""
    count = seeds[0].shape[0]
    rows = [
        _adjoints(outputs, targets, [s[n] for s in seeds], True if n < count - 1 else retain, create)
        for n in range(count)
    ]
    columns = zip(*rows, strict=True)
    return [None if parts[0] is None else OPERATIONS["stack"](*parts, dim=0) for parts in columns]


def _adjoints(
    outputs: Any, targets: list[Any], grad_outputs: Any, retain_graph: bool | None, create_graph: bool
) -> list[Any]:
    """The adjoints of `targets`, None for those that were not used."""
    roots = listed(outputs)
    seeds = list(grad_outputs) if isinstance(grad_outputs, (list, tuple)) else [grad_outputs] * len(roots)
    for target in targets:
        if not target.requires_grad:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
    found: list[Any] = [None] * len(targets)
    retain = create_graph if retain_graph is None else retain_graph
    if len(roots) > 1 and any(vertex.hooks for root in roots for vertex in reachable(root.vertex)):
        roots, seeds = [summed(roots, seeds)], [None]  # each hook is run once
    for n, (root, gradient) in enumerate(zip(roots, seeds, strict=True)):
        seed = seed_of(root, gradient)
        ready(reachable(root.vertex), retain or n < len(roots) - 1)
        cls = root.result
        hooked: list[Vertex] = []
        if create_graph:
            adjoints = sweep(root.vertex, seed if isinstance(seed, Tensor) else cls.of(seed), create=cls, hooked=hooked)
        else:
            array = seed.array if isinstance(seed, Tensor) else np.asarray(seed, root.dtype)
            adjoints = sweep(root.vertex, array, hooked=hooked)
        plain = {vertex: g.array if isinstance(g, Tensor) else g for vertex, g in adjoints.items()}
        finished(Pass(root.vertex, plain[root.vertex], plain, STATE.line, (), tuple(hooked)))
        for i, target in enumerate(targets):
            g = adjoints.get(target.vertex)
            if g is not None:
                g = g if isinstance(g, Tensor) else cls(Vertex(np.array(g), False))
                found[i] = g if found[i] is None else found[i] + g
                holds(found[i], Derivative("gradient", root.vertex, target.vertex, STATE.line))
    return found


def summed(roots: list[Any], seeds: list[Any]) -> Any:
    """One number whose adjoints are those of several tensors with their adjoints together."""
    products = [root * seed_of(root, seed) for root, seed in zip(roots, seeds, strict=True)]
    sums = [OPERATIONS["sum"](product, dims=tuple(range(product.ndim))) for product in products]
    return sum(sums[1:], sums[0])
