"""Operations: entries that compute, on arrays as they are and on tensors with a vertex on the tape."""

from __future__ import annotations

from typing import Any

import numpy as np

from nabla.tensor.entry import VJP, CornerConvention, Entry, ProgramStep
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.promotion import long
from nabla.tensor.tape import ONE, STATE, Tensor, Vertex, charge, check_size


class Operation(Entry):
    """An entry that can be called. It is registered under its name."""

    __slots__ = ("variants",)

    def __init__(self, name: str, *forward_and_vjps: Any, **about: Any) -> None:
        """See `Entry`.

        Raises:
            ValueError: the name is taken.
        """
        if name in OPERATIONS:
            raise ValueError(f"there are two operations called {name}")
        super().__init__(name, *forward_and_vjps, **about)
        self.variants: dict[str, Entry] = {}
        OPERATIONS[name] = self

    def variant(self, dialect: str, *vjps: VJP | None, corner: CornerConvention | None) -> None:
        """The same operation as another library differentiates it: other products, another convention."""
        other = Entry.__new__(Entry)
        for slot in Entry.__slots__:
            setattr(other, slot, getattr(self, slot))
        other.vjps, other.corner = vjps or self.vjps, corner
        self.variants[dialect] = other

    def __call__(self, *args: Any, **params: Any) -> Any:
        """On arrays and numbers an array; as soon as one argument is a tensor, a tensor with its vertex."""
        made: Any = None
        needs = False
        kept: list[Any] = []
        arrays: list[Any] = []
        for arg in args:
            if isinstance(arg, Tensor):
                vertex = arg.vertex
                if made is None or arg.rank > made.rank:
                    made = type(arg)
                needs = needs or vertex.needs
                kept.append(vertex)
                arrays.append(vertex.array)
            else:
                kept.append(arg)
                arrays.append(arg)
        if made is None:
            return self.forward(*args, **params)
        if self.variadic:
            check_size((sum(map(np.size, arrays)),))
        if self.casts:
            arrays = made.cast(arrays, self.casts)
            if len(arrays) == 2 and np.size(arrays[0]) * np.size(arrays[1]) > ONE:
                _room_for(arrays)
        if self.name == "matmul" and arrays[0].ndim and arrays[1].ndim:
            made.same_type(arrays)
        try:
            array = self.forward(*arrays, **params)
        except (ValueError, RuntimeError, IndexError) as error:
            raise made.told(error, arrays, self.name, params) from None
        if type(array) is not np.ndarray:
            array = np.asarray(array)
        if array.dtype == np.int32 and "dtype" not in params:
            array = long(array, arrays)
        if made.exact and array.dtype.kind == "i" and not array.ndim:
            _in_64_bits(self, arrays, params)
        if array.dtype.kind == "c" and (needs or made.dialect == "torch"):
            raise NotImplementedError("derivatives of complex numbers")
        charge(array.size)
        needs = needs and STATE.recording and bool(self.vjps) and made.tracks(array.dtype)
        op = self.variants.get(made.dialect, self) if self.variants else self
        result = made.result(Vertex(array, needs, op, tuple(kept), params))
        if self.viewed is not None:
            made.aliased(result, args[0], self, params)
        return result


def _in_64_bits(operation: Entry, arrays: list[Any], params: dict[str, Any]) -> None:
    """Refuse whole numbers of Python's that would not fit into ours.

    Raises:
        NotImplementedError: the result has more than 64 bits.
    """
    if abs(float(operation.forward(*(np.float64(a) for a in arrays), **params))) >= 2.0**63:
        raise NotImplementedError("whole numbers of more than 64 bits")


def _room_for(arrays: list[Any]) -> None:
    """Refuse two operands before memory is taken for what they are broadcast to."""
    one, other = (np.shape(a) for a in arrays)
    if one and other:
        length = max(len(one), len(other))
        columns = zip((1,) * (length - len(one)) + one, (1,) * (length - len(other)) + other, strict=True)
        check_size(max(column) for column in columns)


def given(vertex: Vertex) -> list[Any]:
    """The arguments of a vertex as arrays and numbers."""
    return [arg.array if isinstance(arg, Vertex) else arg for arg in vertex.args]


def corner_of(at: Vertex) -> Any:
    """Where a vertex is at a place that a convention is about: a mask, or None when its operation has none."""
    return at.op.corner.where(at) if at.op and at.op.corner else None


def convention_of(at: Vertex) -> CornerConvention | None:
    """The convention that decided about the gradient at a vertex, if one did."""
    mask = corner_of(at) if at.needs else None
    return at.op.corner if at.op and mask is not None and np.any(mask) else None


def is_own(at: Vertex) -> bool:
    """Whether a program brings the derivative of the vertex."""
    return isinstance(at.op, ProgramStep)
