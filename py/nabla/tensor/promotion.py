"""The type that PyTorch computes in when operands have several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_RANKS = {"b": 0, "i": 1, "u": 1, "f": 2}


def common_type(operands: list[Any]) -> np.dtype[Any]:
    """The type PyTorch computes in: the operands with dimensions, then those without, then numbers."""
    best: np.dtype[Any] | None = None
    for group in (
        [a.dtype for a in operands if isinstance(a, np.ndarray) and a.ndim],
        [a.dtype for a in operands if isinstance(a, np.ndarray) and not a.ndim],
        [_NUMBERS[type(a)] for a in operands if type(a) in _NUMBERS],
    ):
        if not group:
            continue
        # NumPy makes float64 of int64 and float32; PyTorch stays with the float.
        top = max(_RANKS[dtype.kind] for dtype in group)
        dtype = np.result_type(*(dtype for dtype in group if _RANKS[dtype.kind] == top))
        if best is None or _RANKS[dtype.kind] > _RANKS[best.kind]:
            best = dtype
    return best or np.dtype(np.float32)


def in_common_type(arrays: list[Any], how: str) -> list[Any]:
    """The operands in the type that PyTorch computes in; with `how` "float" in one of decimals.

    Tensors with dimensions decide before those without, and those before numbers; an operand of a lower rank decides
    only when its category (bool, integer, float) is higher.
    """
    dtype = None
    for a in arrays:
        if type(a) is np.ndarray:
            if dtype is not None and a.dtype != dtype:
                break
            dtype = a.dtype
        elif type(a) is not float and type(a) is not int:
            break
    else:
        if dtype is not None and dtype.kind == "f":
            return arrays
    target = common_type(arrays)
    if how == "float" and target.kind != "f":
        target = np.dtype(np.float32)
    return [
        a.astype(target) if isinstance(a, np.ndarray) and a.dtype != target else a if isinstance(a, np.ndarray)
        else target.type(a) if isinstance(a, (bool, int, float)) else a
        for a in arrays
    ]  # fmt: skip


_NUMBERS = {bool: np.dtype(np.bool_), int: np.dtype(np.int64), float: np.dtype(np.float32)}


def long(array: Any, arguments: Sequence[Any] = ()) -> NDArray[Any]:
    """Integers to which nobody gave a type, 64 bits wide as on people's machines: NumPy makes them 32 in WebAssembly.

    What was computed from arguments that are 32 bits wide themselves stays as it is.
    """
    array = np.asarray(array)
    meant = any(getattr(argument, "dtype", None) == np.int32 for argument in arguments)
    return np.asarray(array, np.int64) if array.dtype.kind == "i" and not meant else array
