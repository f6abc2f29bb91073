"""PyTorch's rules about gradients: leaves, accumulation, what is freed, what may be changed in place, and its
errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nabla.tensor.operations.shapes import put
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.sweep import reachable, sweep
from nabla.tensor.tape import KEPT, STATE, Array, Pass, Tensor, Vertex, plain_index, recording
from nabla.tensor.torch import printing

_TWICE = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been "
    "freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward."
)
_MODIFIED = (
    "one of the variables needed for gradient computation has been modified by an inplace operation: "
    "[torch.{kind} {shape}]{which} is at version {now}; expected version {then} instead. Hint: enable anomaly "
    "detection to find "
    "the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False)."
)
_KINDS = {"float32": "FloatTensor", "float64": "DoubleTensor", "int64": "LongTensor", "bool": "BoolTensor"}


def seed_of(root: Tensor, gradient: Any) -> Any:
    """The adjoint a pass starts with: the given one, or 1 for a single number.

    Raises:
        RuntimeError: nothing to differentiate, a gradient is needed, or it has another shape.
    """
    if not root.requires_grad:
        raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
    if gradient is None:
        if root.array.size != 1:
            STATE.failed = root.vertex
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        return np.ones_like(root.array)
    if isinstance(gradient, Tensor) and gradient.shape != root.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[0] has a shape of torch.Size({list(gradient.shape)}) and output[0] has a "
            f"shape of torch.Size({list(root.shape)})."
        )
    return gradient


def _saved(vertex: Vertex) -> list[Vertex]:
    """The values that the vertex's backward step needs."""
    op = vertex.op
    if op is None:
        return []
    kept: list[Vertex] = []
    for mark in op.saves:
        if mark == "y":
            kept.append(vertex)
            continue
        place = int(mark)
        other = op.saves == "10"  # a factor is kept for the other's adjoint
        if place < len(vertex.args) and isinstance(arg := vertex.args[place], Vertex):
            partner = vertex.args[1 - place] if other else arg
            if not other or (isinstance(partner, Vertex) and partner.needs):
                kept.append(arg)
    return kept


def _ready(order: Sequence[Vertex], retain: bool) -> None:
    """Check what PyTorch checks before it goes back, and mark what it frees.

    Raises:
        RuntimeError: a second time through a freed graph, or a saved value was changed in place.
    """
    for vertex in order:
        if vertex.op is None:
            continue
        if vertex.freed and vertex.op.saves:
            raise RuntimeError(_TWICE)
        for kept in _saved(vertex):
            if kept.stale:
                kind = _KINDS.get(kept.array.dtype.name, "FloatTensor")
                shape = list(kept.array.shape)
                which = (
                    f", which is output 0 of {step_of(kept).partition('Backward')[0]}," if kept.op is not None else ""
                )
                now = kept.version + 1
                STATE.blame, STATE.failed = _blame(vertex, kept), order[0]
                raise RuntimeError(_MODIFIED.format(kind=kind, shape=shape, which=which, now=now, then=kept.version))
    if not retain:
        for vertex in order:
            vertex.freed = True


def _blame(vertex: Vertex, kept: Vertex) -> str:
    """Which value was overwritten, where, and what still needs it."""
    assert vertex.op is not None
    name = f"`{kept.name}`" if kept.name else "The value"
    why = "gives its derivative" if kept is vertex else f"is needed for the derivative of `{vertex.op.name}`"
    return (
        f"{name} as it was computed in line {kept.line} {why} (line {vertex.line}), and line {kept.overwritten} "
        f"changed it in place."
    )


def backward(root: Tensor, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False) -> None:
    """One reverse sweep from `root`; the adjoints of leaves, and of tensors that retain theirs, are added to
    `.grad`.
    """
    seed = seed_of(root, gradient)
    order = reachable(root.vertex)
    _ready(order, create_graph if retain_graph is None else retain_graph)
    if create_graph:
        seed = seed if isinstance(seed, Tensor) else root.result.of(seed)
        adjoints = sweep(root.vertex, seed, create=root.result)
        plain = {vertex: g.array for vertex, g in adjoints.items()}
    else:
        seed = seed.array if isinstance(seed, Tensor) else np.asarray(seed, root.dtype)
        adjoints = plain = sweep(root.vertex, seed)
    STATE.backwards += 1
    done = Pass(root.vertex, seed.array if isinstance(seed, Tensor) else seed, plain, STATE.line)
    STATE.passes = [*STATE.passes[:1], done]
    for vertex in order:
        holder = vertex.holder
        if holder is not None and vertex in adjoints and (vertex.op is None or holder.retains):
            accumulate(holder, adjoints[vertex])


def accumulate(holder: Tensor, g: Any) -> None:
    """Add an adjoint to `.grad`, in the tensor that is there already."""
    holder.history = [*holder.history[-KEPT + 1 :], (STATE.line, g.array if isinstance(g, Tensor) else g)]
    if holder.grad is None:
        holder.grad = g if isinstance(g, Tensor) else holder.result(Vertex(np.array(g), False))
    elif isinstance(g, Tensor):
        holder.grad = holder.grad + g
    else:
        holder.grad.vertex = Vertex(holder.grad.array + g, False)


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> tuple[Any, ...]:
    """`torch.autograd.grad`: the adjoints of `inputs`, and nothing is accumulated.

    Raises:
        RuntimeError: as PyTorch does, for an input that was not used, say.
    """
    roots = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    targets = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    seeds = list(grad_outputs) if isinstance(grad_outputs, (list, tuple)) else [grad_outputs] * len(roots)
    for target in targets:
        if not target.requires_grad:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
    found: list[Any] = [None] * len(targets)
    retain = create_graph if retain_graph is None else retain_graph
    for n, (root, gradient) in enumerate(zip(roots, seeds, strict=True)):
        seed = seed_of(root, gradient)
        _ready(reachable(root.vertex), retain or n < len(roots) - 1)
        cls = root.result
        if create_graph:
            adjoints = sweep(root.vertex, seed if isinstance(seed, Tensor) else cls.of(seed), create=cls)
        else:
            array = seed.array if isinstance(seed, Tensor) else np.asarray(seed, root.dtype)
            adjoints = sweep(root.vertex, array)
        STATE.backwards += 1
        plain = {vertex: g.array if isinstance(g, Tensor) else g for vertex, g in adjoints.items()}
        STATE.passes = [*STATE.passes[:1], Pass(root.vertex, plain[root.vertex], plain, STATE.line)]
        for i, target in enumerate(targets):
            g = adjoints.get(target.vertex)
            if g is not None:
                g = g if isinstance(g, Tensor) else cls(Vertex(np.array(g), False))
                found[i] = g if found[i] is None else found[i] + g
    if not allow_unused and any(g is None for g in found):
        raise RuntimeError(
            f"The differentiated Tensor at index {found.index(None)} appears to not have been used in the graph. "
            "Set allow_unused=True if this is the desired behavior."
        )
    return tuple(found)


# In place
# --------------------------------------------------------------------------------------------------------------


def family(tensor: Tensor) -> list[Tensor]:
    """The tensors that share this one's memory: itself, its views, what it is a view of."""
    if tensor.family is None:
        tensor.family = [tensor]
    return tensor.family


def share(view: Tensor, base: Tensor) -> Tensor:
    """Say that `view` sees the memory of `base`, all of it in the same order."""
    members = family(base)
    members.append(view)
    view.family = members
    return view


def change(tensor: Tensor, new: Tensor) -> Tensor:
    """Give a tensor the value of `new`, in place, by PyTorch's rules.

    Raises:
        RuntimeError: it is a leaf that requires grad, and gradients are recorded.
    """
    if tensor.requires_grad and tensor.is_leaf and STATE.recording:
        raise RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.")
    _whole(tensor)
    if new.shape != tensor.shape:
        raise RuntimeError(
            f"output with shape {list(tensor.shape)} doesn't match the broadcast shape {list(new.shape)}"
        )
    if tensor.dtype != new.dtype:
        if tensor.dtype.kind != "f" and new.dtype.kind == "f":
            names = {"int64": "Long", "bool": "Bool", "float32": "Float", "float64": "Double"}
            raise RuntimeError(
                f"result type {names[new.dtype.name]} can't be cast to the desired output type "
                f"{names[tensor.dtype.name]}"
            )
        new = OPERATIONS["cast_to"](new, dtype=tensor.dtype)
    for member in family(tensor) if tensor.family else [tensor]:
        _point(member, new)
    return tensor


def _whole(tensor: Tensor) -> None:
    """Refuse to change a part of another tensor through a view of it: the other would not change here.

    Raises:
        NotImplementedError: the tensor is such a view.
    """
    vertex = tensor.vertex
    name = vertex.op.name if vertex.op else ""
    place = vertex.params.get("place")
    parts = place if isinstance(place, tuple) else (place,)
    copied = name == "index" and any(isinstance(part, np.ndarray) for part in parts)
    if tensor.family is None and name in ("index", "permute", "expand", "diagonal", "reshape") and not copied:
        raise NotImplementedError(
            "changing a tensor in place through a view of it is not understood here: "
            "assign to its subscript, or clone the view"
        )


def _point(tensor: Tensor, new: Tensor) -> None:
    before = tensor.vertex
    tensor.version += 1
    before.stale, before.version, before.overwritten = True, tensor.version - 1, STATE.line
    if before.needs and before.op is None:  # a leaf stays one
        after = Vertex(new.array.reshape(before.array.shape), True)
        after.name, after.holder = before.name, tensor
    elif STATE.recording and new.vertex.needs:
        after = new.vertex
        after.name = after.name or before.name
        if tensor.retains:
            after.holder = tensor
    else:
        after = Vertex(new.array.reshape(before.array.shape), False)
        after.name = before.name
    tensor.vertex = after


def assign(tensor: Tensor, place: Any, value: Any) -> None:
    """`tensor[place] = value`."""
    if tensor.requires_grad and tensor.is_leaf and STATE.recording:
        raise RuntimeError("a view of a leaf Variable that requires grad is being used in an in-place operation.")
    if isinstance(value, (list, tuple)):
        value = np.asarray(value, tensor.dtype)
    try:
        change(tensor, put(tensor, value, place=plain_index(place)))
    except ValueError as error:
        raise RuntimeError(f"shape mismatch: {error}") from None


def require(tensor: Tensor, on: bool = True) -> Tensor:
    """`requires_grad_`: make a leaf take part, or no longer.

    Raises:
        RuntimeError: integers, or switching off what a computation made.
    """
    if on == tensor.requires_grad:
        return tensor
    if not on:
        if not tensor.is_leaf:
            raise RuntimeError("you can only change requires_grad flags of leaf variables. If you want to use a "
                               "computed "
                               "variable in a subgraph that doesn't require differentiation use var_no_grad = "
                               "var.detach().")  # fmt: skip
        tensor.vertex = Vertex(tensor.array, False)
        return tensor
    if tensor.dtype.kind != "f":
        raise RuntimeError("only Tensors of floating point and complex dtype can require gradients")
    name = tensor.vertex.name
    tensor.vertex = Vertex(tensor.array, True)
    tensor.vertex.name, tensor.vertex.holder = name, tensor
    return tensor


def detached(tensor: Tensor) -> Tensor:
    """`detach()`: the same numbers in the same memory, cut from what made them."""
    operation = OPERATIONS["detach"]
    return share(operation(tensor), tensor)


def step_of(vertex: Vertex) -> str:
    """The name that PyTorch prints for what made a vertex."""
    if vertex.label or vertex.op is None:
        return vertex.label
    return vertex.op.step_name(vertex.args, vertex.params)


def text_of(tensor: Tensor) -> str:
    """What `print(tensor)` shows."""
    vertex = tensor.vertex
    grad_fn = step_of(vertex) if vertex.needs and vertex.op is not None else ""
    return printing.tensor_text(vertex.array, requires_grad=vertex.needs, grad_fn=grad_fn)


def no_grad() -> Any:
    """`torch.no_grad()`."""
    return recording(False)


def numbers(tensor: Tensor) -> Array:
    """`numpy()`: the array, of a tensor that is not differentiated.

    Raises:
        RuntimeError: it is.
    """
    if tensor.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    return np.array(tensor.array)


def change_quietly(tensor: Tensor, array: Array) -> Tensor:
    """New numbers for a tensor, outside what is recorded: what `nn.init` does."""
    with recording(False):
        return change(tensor, tensor.result.of(array))
