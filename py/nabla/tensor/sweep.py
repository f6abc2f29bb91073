"""The reverse sweep: vertices are visited in the reverse order of their making, so each adjoint is complete when
passed on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nabla.tensor.tape import Tensor, Vertex, recording


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
    hooked: list[Vertex] | None = None,
) -> dict[Vertex, Any]:
    """The adjoint of every vertex that `root` depends on: the sum over its children of upstream times local.

    Args:
        root: what is differentiated.
        seed: its adjoint, an array (or a tensor, with `create`).
        create: compute with tensors of this class, so that the adjoints can be differentiated again.
        distort: replaces a contribution when it does not return NotImplemented; mistakes are tried with it.
        hooked: run the hooks of the program, and note here the vertices whose adjoints they replace.
    """
    adjoints: dict[Vertex, Any] = {root: seed}
    for vertex in reachable(root):
        g = adjoints.get(vertex)
        if g is None:
            continue
        if hooked is not None and vertex.hooks:
            g = adjoints[vertex] = _through_hooks(vertex, g, create, hooked)
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


def _through_hooks(vertex: Vertex, g: Any, create: type[Tensor] | None, hooked: list[Vertex]) -> Any:
    """The adjoint of a vertex after its hooks, in the order in which they were registered.

    Raises:
        RuntimeError: a hook gives an adjoint of another shape.
    """
    with recording(create is not None):
        for hook in list(vertex.hooks or ()):
            given = hook(g)
            if given is None:
                continue
            if given.shape != vertex.array.shape:
                raise RuntimeError("hook has changed the size of value")
            g = given if create else given.array
            hooked.append(vertex)
    return g
