"""PyTorch's rules about gradients: leaves, accumulation, what is freed, what may be changed in place, and its
errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nabla.tensor.memory import DATA, DETACHED, VIEW, alias, write
from nabla.tensor.operations.shapes import put
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.passes import Derivative, Pass, derivative_in, finished, holds
from nabla.tensor.sweep import reachable, sweep
from nabla.tensor.tape import KEPT, STATE, Array, Tensor, Vertex, plain_index, recording
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
    kept: list[Vertex] = []
    for mark in vertex.saves:
        if mark == "y" or (mark == "p" and isinstance(vertex.args[1], Vertex) and vertex.args[1].needs):
            kept.append(vertex)
        if not mark.isdigit():
            continue
        place = int(mark)
        other = vertex.saves == "10"  # a factor is kept for the other's adjoint
        if place < len(vertex.args) and isinstance(arg := vertex.args[place], Vertex):
            partner = vertex.args[1 - place] if other else arg
            if not other or (isinstance(partner, Vertex) and partner.needs):
                kept.append(arg)
    return kept


def ready(order: Sequence[Vertex], retain: bool) -> None:
    """Check what PyTorch checks before it goes back, and mark what it frees.

    Raises:
        RuntimeError: a second time through a freed graph, or a saved value was changed in place.
    """
    for vertex in order:
        if vertex.op is None:
            continue
        if vertex.freed and vertex.saves:
            STATE.blame = _carried(vertex, order[0])
            raise RuntimeError(_TWICE)
        for kept in _saved(vertex):
            if kept.stale:
                now = kept.counter.value if kept.counter else kept.version + 1
                STATE.blame, STATE.failed = _blame(vertex, kept), order[0]
                raise RuntimeError(_changed(kept, _whose(kept, kept is vertex), now, kept.version))
    if not retain:
        for vertex in order:
            vertex.freed = True


def _carried(vertex: Vertex, root: Vertex) -> str:
    """Why a pass comes to what an earlier one has freed; nothing where it is the same pass again."""
    if root.freed:
        return ""
    made = f"line {vertex.line} made {f'`{vertex.name}`' if vertex.name else 'a part of the graph'}"
    for before, now in zip(vertex.turns, root.turns, strict=False):
        if before.loop == now.loop and before.number < now.number:
            return f"In an earlier turn of the loop {made}, and the pass of that turn has freed it."
    if len(vertex.turns) < len(root.turns):
        return f"Once, before the loop, {made}, and the first pass has freed it."
    return f"{made[:1].upper()}{made[1:]}, and two passes lead there: the first has freed it."


def _changed(kept: Vertex, which: str, now: int, then: int) -> str:
    kind = _KINDS.get(kept.array.dtype.name, "FloatTensor")
    return _MODIFIED.format(kind=kind, shape=list(kept.array.shape), which=which, now=now, then=then)


def modified(tensor: Tensor, then: int) -> str:
    """PyTorch's complaint about a saved tensor that was changed in place since its version was `then`."""
    return _changed(tensor.vertex, _whose(tensor.vertex, False), tensor.version, then)


def _whose(kept: Vertex, result: bool) -> str:
    """Which step the changed value is an output of: for a step's own result that step, else what its tensor is now."""
    now = kept
    while not result and now.successor is not None:
        now = now.successor
    step = "AsStrided" if kept.seen_through else step_of(now).partition("Backward")[0]
    step = f"torch::autograd::{step}" if step == "CopySlices" else step
    return f", which is output 0 of {step}," if now.op is not None else ""


def _blame(vertex: Vertex, kept: Vertex) -> str:
    """Which value was overwritten, where, and what still needs it."""
    assert vertex.op is not None
    name = f"`{kept.name}`" if kept.name else "The value"
    why = "gives its derivative" if kept is vertex else f"is needed for the derivative of `{vertex.op.name}`"
    return (
        f"{name} as it was computed in line {kept.line} {why} (line {vertex.line}), and line {kept.overwritten} "
        f"changed it in place."
    )


def backward(
    root: Tensor,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """One reverse sweep from `root`; the adjoints of leaves, and of tensors that retain theirs, are added to
    `.grad`. With `inputs` only theirs are.
    """
    seed = seed_of(root, gradient)
    chosen = None if inputs is None else listed(inputs)
    if chosen is not None and not chosen:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    hooked: list[Vertex] = []
    order = reachable(root.vertex)
    ready(order, create_graph if retain_graph is None else retain_graph)
    if create_graph:
        seed = seed if isinstance(seed, Tensor) else root.result.of(seed)
        adjoints = sweep(root.vertex, seed, create=root.result, hooked=hooked)
        plain = {vertex: g.array for vertex, g in adjoints.items()}
    else:
        seed = seed.array if isinstance(seed, Tensor) else np.asarray(seed, root.dtype)
        adjoints = plain = sweep(root.vertex, seed, hooked=hooked)
    STATE.note("backward", root.array.item() if root.array.size == 1 else None)
    changed = tuple(kept for vertex in order for kept in _saved(vertex) if kept.overlay is not None)
    done = Pass(
        root.vertex, seed.array if isinstance(seed, Tensor) else seed, plain, STATE.line, changed, tuple(hooked)
    )
    finished(done)
    if chosen is not None:
        for holder in chosen:
            if holder.vertex in adjoints:
                accumulate(holder, adjoints[holder.vertex], root.vertex)
        return
    held: dict[int, tuple[Tensor, Any]] = {}  # one sum for each: a leaf whose `.data` was replaced stands there twice
    for vertex in order:
        holder = vertex.holder
        if holder is not None and vertex in adjoints and (vertex.op is None or holder.retains):
            g = adjoints[vertex]
            held[id(holder)] = (holder, held[id(holder)][1] + g if id(holder) in held else g)
    for holder, g in held.values():
        accumulate(holder, g, root.vertex)


def listed(given: Any) -> list[Any]:
    """The items of a list or tuple, or the one thing that it is."""
    return list(given) if isinstance(given, (list, tuple)) else [given]


def accumulate(holder: Tensor, g: Any, root: Vertex) -> None:
    """Add an adjoint to `.grad`, in the tensor that is there already."""
    before = None if holder.grad is None else derivative_in(holder.grad)
    part = (STATE.line, g.array if isinstance(g, Tensor) else g)
    holder.history = [*holder.history[-KEPT + 1 :], part]
    _add(holder, g)
    parts = (*(() if before is None else before.parts[-KEPT + 1 :]), part)
    holds(holder.grad, Derivative("gradient", root, holder.vertex, STATE.line, parts))


def _add(holder: Tensor, g: Any) -> None:
    if holder.grad is None:
        holder.grad = g if isinstance(g, Tensor) else holder.result(Vertex(np.array(g), False))
    elif isinstance(g, Tensor):
        holder.grad = holder.grad + g
    elif holder.grad.memory is None:
        holder.grad.vertex = Vertex(holder.grad.array + g, False)
    else:
        with recording(False):
            write(holder.grad, holder.result(Vertex(holder.grad.array + g, False)))


# In place
# --------------------------------------------------------------------------------------------------------------


def change(tensor: Tensor, new: Tensor) -> Tensor:
    """Give a tensor the value of `new`, in place, by PyTorch's rules.

    Raises:
        RuntimeError: it is a leaf that requires grad, and gradients are recorded.
    """
    _allowed(tensor, new)
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
    write(tensor, new)
    return tensor


def _allowed(tensor: Tensor, new: Tensor) -> None:
    """Check what PyTorch checks before a change in place.

    Raises:
        RuntimeError: a leaf that requires grad, a view of one, or one of several views that a function gave.
    """
    if not STATE.recording:
        return
    if tensor.requires_grad and tensor.is_leaf:
        raise RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.")
    base = tensor.memory.base if tensor.kind == VIEW else tensor
    if base.requires_grad and base.is_leaf:
        raise RuntimeError("a view of a leaf Variable that requires grad is being used in an in-place operation.")
    if tensor.output and (tensor.requires_grad or new.requires_grad):
        raise RuntimeError(
            f"{tensor.output} is a view and is being modified inplace. This view is the output of a function that "
            "returns multiple views. Such functions do not allow the output views to be modified inplace. You should "
            "replace the inplace operation by an out-of-place one."
        )


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


def set_requires_grad(tensor: Tensor, on: bool) -> None:
    """`tensor.requires_grad = on`.

    Raises:
        RuntimeError: the tensor is the result of a computation that is followed.
    """
    if not tensor.is_leaf and on:
        raise RuntimeError("you can only change requires_grad flags of leaf variables.")
    require(tensor, on)


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
    return alias(OPERATIONS["detach"](tensor), tensor, DETACHED)


def data_of(tensor: Tensor) -> Tensor:
    """`.data`: the same, with a counter of its own, so that a change through it goes unnoticed."""
    return alias(OPERATIONS["detach"](tensor), tensor, DATA)


def step_of(vertex: Vertex) -> str:
    """The name that PyTorch prints for what made a vertex."""
    if vertex.label or vertex.op is None:
        return vertex.label
    return vertex.op.step_name(vertex.args, vertex.params)


def text_of(tensor: Tensor) -> str:
    """What `print(tensor)` shows."""
    STATE.spell(tensor.vertex)
    vertex = tensor.vertex
    grad_fn = step_of(vertex) if vertex.needs and vertex.op is not None else ""
    return printing.tensor_text(vertex.array, requires_grad=vertex.needs, grad_fn=grad_fn)


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
