"""The reverse sweep: vertices are visited in the reverse order of their making, so each adjoint is complete when
passed on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nabla.tensor.tape import Tensor, Vertex


def reachable(root: Vertex) -> list[Vertex]:
    """The vertices that `root` depends on and that need a gradient, the latest first."""
    seen = {root}
    stack = [root]
    while stack:
        for arg in stack.pop().args:
            if isinstance(arg, Vertex) and arg.needs and arg not in seen:
                seen.add(arg)
                stack.append(arg)
    return sorted(seen, key=lambda vertex: vertex.order, reverse=True)


# A rule that replaces one vector-Jacobian product: (vertex, argument's place, adjoint) to a contribution.
Distortion = Callable[[Vertex, int, Any], Any]


def sweep(
    root: Vertex,
    seed: Any,
    *,
    create: type[Tensor] | None = None,
    distort: Distortion | None = None,
) -> dict[Vertex, Any]:
    """The adjoint of every vertex that `root` depends on: the sum over its children of upstream times local.

    Args:
        root: what is differentiated.
        seed: its adjoint, an array (or a tensor, with `create`).
        create: compute with tensors of this class, so that the adjoints can be differentiated again.
        distort: replaces a contribution when it does not return NotImplemented; mistakes are tried with it.
    """
    adjoints: dict[Vertex, Any] = {root: seed}
    for vertex in reachable(root):
        g = adjoints.get(vertex)
        if g is None:
            continue
        op = vertex.op
        if op is None:
            continue
        y: Any = vertex.kept
        args: list[Any]
        if create:
            y = _again(create, vertex)
            args = [_again(create, arg) if isinstance(arg, Vertex) else arg for arg in vertex.args]
        else:
            args = [arg.kept if isinstance(arg, Vertex) else arg for arg in vertex.args]
        for i, arg in enumerate(vertex.args):
            if not (isinstance(arg, Vertex) and arg.needs):
                continue
            part = distort(vertex, i, g) if distort else NotImplemented
            if part is NotImplemented:
                part = op.vjp(i, g, y, args, vertex.params)
            if part is None:
                continue
            dtype = arg.array.dtype
            if not create and part.dtype is not dtype and dtype.kind == "f":
                part = part.astype(dtype, copy=False)
            before = adjoints.get(arg)
            adjoints[arg] = part if before is None else before + part
    return adjoints


def _again(create: type[Tensor], vertex: Vertex) -> Tensor:
    """A tensor of an earlier vertex, to compute with it again."""
    return create(vertex)
