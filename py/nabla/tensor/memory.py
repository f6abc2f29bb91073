"""PyTorch's memory: one storage that views, `detach()`, `.data` and NumPy share, and a counter of its versions.

Arrays on the tape are never changed, so that it can be explained and computed again; a change in place gives the tensor
that owns the memory a new vertex, and every alias of it another view. What PyTorch would find changed is marked: a
vertex that is `stale` raises when a backward pass needs its numbers; one with an `overlay` was changed behind the
counter's back, and a backward pass uses the changed numbers without a word.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np

from nabla.tensor.entry import Entry
from nabla.tensor.operations.shapes import put, reshape
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.tape import STATE, Array, Counter, Tensor, Vertex, recording

# What an alias is: a differentiable view; cut off, with the same counter; cut off, with a counter of its own.
VIEW, DETACHED, DATA = "view", "detached", "data"
PRUNED = 64  # weak references, after which those to what is gone are dropped
Chain = tuple[tuple[Entry, dict[str, Any]], ...]


class Memory:
    """A storage: the tensor that owns it whole, the aliases of it, and the vertices that hold its present numbers."""

    __slots__ = ("_aliases", "_vertices", "base")

    def __init__(self, base: Tensor) -> None:
        self.base = base
        self._aliases: list[weakref.ref[Tensor]] = []
        self._vertices: list[tuple[weakref.ref[Vertex], Chain]] = []

    def add(self, alias: Tensor) -> None:
        """Take in an alias and its vertex."""
        self._aliases = _alive(self._aliases)
        self._aliases.append(weakref.ref(alias))
        self.hold(alias)

    def hold(self, alias: Tensor) -> None:
        """Note the vertex that holds an alias's present numbers."""
        if len(self._vertices) > PRUNED:
            self._vertices = [pair for pair in self._vertices if pair[0]() is not None]
        self._vertices.append((weakref.ref(alias.vertex), alias.chain))

    def aliases(self) -> Iterator[Tensor]:
        """The aliases that are still there."""
        return (alias for ref in list(self._aliases) if (alias := ref()) is not None)

    def taken(self) -> list[tuple[Vertex, Chain]]:
        """The vertices that held the numbers until now, and how each sees the whole."""
        held = [(vertex, chain) for ref, chain in self._vertices if (vertex := ref()) is not None]
        self._vertices = []
        return [(self.base.vertex, ()), *held]


def _alive(refs: list[weakref.ref[Tensor]]) -> list[weakref.ref[Tensor]]:
    return refs if len(refs) < PRUNED else [ref for ref in refs if ref() is not None]


def counter_of(tensor: Tensor) -> Counter:
    """The counter of the tensor's versions."""
    if tensor.counter is None:
        tensor.counter = Counter()
    return tensor.counter


def alias(made: Tensor, of: Tensor, kind: str, step: tuple[Entry, dict[str, Any]] | None = None) -> Tensor:
    """Say that `made` sees the memory of `of`, through one more step."""
    if of.memory is None:
        of.memory = Memory(of)
    made.memory = of.memory
    made.chain = of.chain if step is None else (*of.chain, step)
    made.kind = kind if of.kind in ("", VIEW) or kind == DATA else of.kind
    made.vertex.seen_through = made.chain
    if kind != DATA:
        made.counter = counter_of(of)
    made.memory.add(made)
    return made


def seen(array: Array, chain: Chain) -> Any:
    """What an alias sees of the whole."""
    for op, params in chain:
        array = op.forward(array, **params)
    return array


def is_contiguous(tensor: Tensor, shape: tuple[int, ...]) -> bool:
    """Whether `reshape` to this shape gives a view: always, but where an alias turns or cuts the memory."""
    if tensor.memory is None or all(op.name == "reshape" for op, _ in tensor.chain):
        return True
    places = _places(tensor)
    return bool(np.shares_memory(np.reshape(places, shape), places))


def in_order(tensor: Tensor) -> bool:
    """`x.is_contiguous()`: its elements lie one after the other."""
    return tensor.memory is None or bool(_places(tensor).flags.c_contiguous)


def _places(tensor: Tensor) -> Any:
    """The places in the whole that an alias sees, as NumPy's own view of them."""
    assert tensor.memory is not None
    whole = tensor.memory.base.vertex.array
    places: Any = np.arange(whole.size).reshape(whole.shape)
    for op, params in tensor.chain:
        places = op.viewed(places, **params)
    return places


def write(tensor: Tensor, new: Tensor) -> None:
    """Give a tensor the numbers of `new`, which has its shape and type, and let all that shares its memory see it."""
    memory = tensor.memory
    whole = tensor if memory is None else memory.base
    source = new if memory is None or tensor is whole else _scattered(whole, tensor, new)
    held = [(tensor.vertex, ())] if memory is None else memory.taken()
    unnoticed = tensor.kind == DATA
    counter = counter_of(tensor)
    for vertex, chain in held:
        if unnoticed:
            vertex.overlay, vertex.overwritten = np.asarray(seen(source.vertex.array, chain)), STATE.line
        elif not vertex.stale:
            vertex.stale, vertex.overwritten = True, STATE.line
            vertex.counter, vertex.version = counter, counter.value
    counter.value += 1
    before, whole.vertex = whole.vertex, _successor(whole, source, tensor.kind, counter)
    before.successor = whole.vertex
    if memory is not None:
        for other in memory.aliases():
            _refresh(other, memory)


def _scattered(whole: Tensor, part: Tensor, new: Tensor) -> Any:
    """The whole with the numbers of `new` where `part` sees it.

    Raises:
        RuntimeError: several places of the part are one of the whole.
    """
    if not part.chain:
        return new
    with recording(STATE.recording and part.kind == VIEW):
        if all(op.name == "reshape" for op, _ in part.chain):
            return reshape(new, shape=whole.shape)
        if len(part.chain) == 1 and part.chain[0][0].name == "index":
            return put(whole, new, place=part.chain[0][1]["place"])
        places = np.asarray(_places(part))
        if np.unique(places).size < places.size:
            raise RuntimeError(
                "unsupported operation: more than one element of the written-to tensor refers to a single memory "
                "location. Please clone() the tensor before performing the operation."
            )
        return put(whole, new, place=np.unravel_index(places, whole.shape))


def _successor(whole: Tensor, new: Tensor, kind: str, counter: Counter) -> Vertex:
    """The vertex of the whole after the change."""
    before, array = whole.vertex, new.vertex.array.reshape(whole.vertex.array.shape)
    if before.needs and before.op is None:  # a leaf stays one
        after = Vertex(array, True)
        after.holder, after.hooks = whole, before.hooks
    elif kind in ("", VIEW) and STATE.recording:
        after = new.vertex if new.vertex.needs else Vertex(array, False)
        if whole.retains:
            before.holder, after.holder = None, whole
    else:  # what made it stays what made it; only its numbers are others
        after = Vertex(array, before.needs, before.op, before.args, before.params)
        after.label, after.within, after.unit = before.label, before.within, before.unit
        after.overlay, after.overwritten = array, STATE.line
        if kind != DATA and before.op is not None and "y" in before.saves:
            after.stale = True
            after.counter, after.version = counter, counter.value - 1
    after.name = after.name or before.name
    return after


def _refresh(other: Tensor, memory: Memory) -> None:
    """Let an alias see what is there now; a view gets a new step on the tape."""
    before, base = other.vertex, memory.base
    if other.kind == VIEW:
        after = base.vertex
        for op, params in other.chain:
            after = Vertex(np.asarray(op.forward(after.array, **params)), after.needs, op, (after,), params)
        if other.chain:
            after.label = "AsStridedBackward0"
        else:
            after = Vertex(after.array, after.needs, OPERATIONS["clone"], (after,))  # type: ignore[arg-type]
    else:
        after = Vertex(np.asarray(seen(base.vertex.array, other.chain)), before.needs)
        after.holder = other if before.needs else None
    after.name, after.seen_through = before.name, other.chain
    other.vertex = after
    memory.hold(other)
