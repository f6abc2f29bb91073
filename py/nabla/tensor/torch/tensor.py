"""The tensor of PyTorch as programs see it, how it is made from numbers, and its types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.tensor.entry import Entry
from nabla.tensor.memory import VIEW, alias, is_contiguous
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.promotion import long
from nabla.tensor.tape import Array, Tensor, charge, check_size
from nabla.tensor.torch import autograd


@dataclass(frozen=True)
class DType:
    """`torch.float32` and its like."""

    name: str

    @property
    def numpy(self) -> np.dtype[Any]:
        """NumPy's type of that name."""
        return np.dtype(self.name)

    def __repr__(self) -> str:
        return f"torch.{self.name}"


DTYPES = {
    name: DType(name) for name in ("float32", "float64", "float16", "int64", "int32", "int16", "int8", "uint8", "bool")
}


class Size(tuple[int, ...]):
    """`torch.Size`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def numel(self) -> int:
        """How many elements."""
        return int(np.prod(self, dtype=np.int64))


class TorchTensor(Tensor):
    """A tensor with PyTorch's printing, in-place operators and assignment to subscripts."""

    __slots__ = ()

    def __repr__(self) -> str:
        return autograd.text_of(self)

    def __format__(self, spec: str) -> str:
        if self.ndim == 0:
            return format(self.item(), spec)
        if spec:
            raise TypeError("unsupported format string passed to Tensor.__format__")
        return repr(self)

    def __float__(self) -> float:
        if self.array.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return super().__float__()

    @staticmethod
    def aliased(made: Any, of: Any, op: Entry, params: dict[str, Any]) -> None:
        """A view shares the memory of what it is a view of; an index of several places, or a new order, does not."""
        if not isinstance(of, TorchTensor) or (op.name == "reshape" and not is_contiguous(of, params["shape"])):
            return
        place = params.get("place")
        if op.name != "index" or not any(isinstance(at, (np.ndarray, list, bool)) for at in _parts(place)):
            alias(made, of, VIEW, (op, params))

    def __setitem__(self, place: Any, value: Any) -> None:
        autograd.assign(self, place, value)

    def _in_place(self, name: str, other: Any) -> Any:
        return autograd.change(self, OPERATIONS[name](self, other))


def _parts(place: Any) -> tuple[Any, ...]:
    return place if isinstance(place, tuple) else (place,)


class Parameter(TorchTensor):
    """`nn.Parameter`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()


TorchTensor.__name__ = "Tensor"  # as Python's errors tell it
TorchTensor.result = TorchTensor  # what is computed from a parameter is a tensor and no parameter


def numbers_of(data: Any) -> Array:
    """Nested lists, numbers, arrays and tensors as an array in the type PyTorch infers.

    Raises:
        ValueError: ragged lists.
        TypeError: something that is no number.
    """
    if isinstance(data, Tensor):
        return np.array(data.array)
    if isinstance(data, (np.ndarray, np.generic)):
        return np.array(data)
    if isinstance(data, complex):
        raise NotImplementedError("complex tensors")
    if isinstance(data, (bool, int, float)):
        array = long(data)
    elif isinstance(data, (list, tuple, range)):
        array = _stacked(list(data))
    else:
        raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def _stacked(items: list[Any]) -> Array:
    def plain(item: Any) -> Any:
        if isinstance(item, Tensor):
            return item.array.tolist()
        return [plain(inner) for inner in item] if isinstance(item, (list, tuple, range)) else item

    values = plain(items)
    try:
        array = long(values) if values else np.zeros(0, np.float32)
    except ValueError:
        lengths = next((len(item) for item in values if isinstance(item, list)), 0)
        raise ValueError(f"expected sequence of length {lengths} at dim 1") from None
    charge(array.size)
    if array.dtype.kind == "c":
        raise NotImplementedError("complex tensors")
    if array.dtype.kind not in "biuf":
        raise TypeError("new(): data must be numbers")
    return array


def tensor(data: Any, dtype: DType | None = None, requires_grad: bool = False, device: Any = None) -> Any:
    """`torch.tensor`."""
    array = numbers_of(data)
    return leaf(array.astype(dtype.numpy) if dtype else array, requires_grad)


def leaf(array: Array, requires_grad: bool = False) -> Any:
    """A new tensor that nothing made.

    Raises:
        RuntimeError: integers that should require grad.
    """
    array = np.asarray(array)
    if requires_grad and array.dtype.kind != "f":
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    return TorchTensor.of(array, requires_grad)


def float_tensor(*data: Any) -> Any:
    """`torch.Tensor`: of a list its numbers, of whole numbers a tensor of that shape, which holds zeros here."""
    if data and all(type(size) is int for size in data):
        check_size(data)
        return leaf(np.zeros(data, np.float32))
    return leaf(tensor(data[0] if data else []).array.astype(np.float32))


def parameter(data: Any, requires_grad: bool = True) -> Any:
    """`nn.Parameter(data)`."""
    return Parameter.of(np.array(data.array), requires_grad)


def sizes(args: Iterable[Any]) -> tuple[int, ...]:
    """`(2, 3)`, `((2, 3),)` or `([2, 3],)` as a shape."""
    listed = list(args)
    if len(listed) == 1 and isinstance(listed[0], (list, tuple)):
        listed = list(listed[0])
    shape = tuple(int(n) for n in listed)
    count = 1
    for n in shape:
        if n < -1:
            raise RuntimeError(f"invalid shape dimension {n}")
        count *= max(n, 0) if n >= 0 else 1
    if count > 10**7:
        raise MemoryError(f"a tensor of {count:,} elements is too large here")
    return shape


def _new(fill: float | None) -> Callable[..., Any]:
    def made(x: Any, *shape: Any, dtype: DType | None = None, requires_grad: bool = False, device: Any = None) -> Any:
        *lengths, value = shape if fill is None else (*shape, fill)
        return leaf(np.full(sizes(lengths), value, dtype.numpy if dtype else x.dtype), requires_grad)

    return made


class Info:
    """`torch.finfo` and `torch.iinfo`."""

    def __init__(self, dtype: DType = DTYPES["float32"]) -> None:
        kind = dtype.numpy
        self.about: Any = np.finfo(kind) if kind.kind == "f" else np.iinfo(kind)


def _limit(name: str) -> Callable[[Any], Any]:
    return lambda info: float(getattr(info.about, name))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "finfo": Info, "iinfo": Info, "is_floating_point": lambda x: x.dtype.kind == "f",
    "get_default_dtype": lambda: DTYPES["float32"],
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {"new_zeros": _new(0), "new_ones": _new(1), "new_full": _new(None)}
READ: dict[type, dict[str, Callable[[Any], Any]]] = {
    Info: {name: _limit(name) for name in ("eps", "tiny", "max", "min")}
}
