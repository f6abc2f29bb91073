"""What a file of arrays holds, whichever kind of file it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nabla.errors import UserError

Floats = NDArray[np.float64]

NUMBERS = 8_000_000  # of all arrays together


@dataclass(slots=True)
class Contents:
    """The arrays of a file by name, and what the file says of them.

    `arrays` are numbers of any shape, or texts (dates as ISO); `units` and `axes` (the names of the dimensions) are
    there where a kind of file has them; `rate` is the number of samples a second, 0 where none is told.
    """

    arrays: dict[str, NDArray[np.generic] | list[str]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    axes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rate: float = 0.0
    remarks: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Note an array; of arrays that hold no real numbers, dates or texts only the name is kept, in a remark.

        Raises:
            UserError: "too-big".
        """
        self.size += array.size
        if self.size > NUMBERS:
            raise UserError("too-big", f"The arrays have more than {NUMBERS:,} numbers.", hint="Leave some out.")
        if array.dtype.names:
            for part in array.dtype.names:
                self.add(part, array[part])
        elif array.dtype.kind in "biuf":
            self.arrays[name] = array
        elif array.dtype.kind == "M" and array.ndim == 1:
            self.arrays[name] = ["" if np.isnat(moment) else str(moment) for moment in array]
        elif array.dtype.kind == "U" and array.ndim == 1 and array.size > 1:
            self.arrays[name] = [str(text) for text in array]
        elif array.size:
            kind = {"c": "complex numbers", "m": "time spans"}.get(array.dtype.kind, "no numbers")
            self.remarks.append(f"{name or 'An array'} holds {kind} and is not read.")

    def numbers(self) -> dict[str, Floats]:
        """The arrays of numbers, without their axes of length 1."""
        return {
            name: np.squeeze(array.astype(np.float64))
            for name, array in self.arrays.items()
            if isinstance(array, np.ndarray)
        }

    def long_axes(self) -> dict[str, tuple[str, ...]]:
        """The names of the axes that `numbers` leaves."""
        return {
            name: tuple(axis for axis, n in zip(self.axes[name], array.shape, strict=True) if n != 1)
            for name, array in self.arrays.items()
            if isinstance(array, np.ndarray) and name in self.axes
        }


def bounded(shape: Sequence[int], itemsize: int, available: int) -> int:
    """The number of bytes that an array has.

    Raises:
        ValueError: there are fewer, or a length is negative.
    """
    size = itemsize
    for length in shape:
        if length < 0:
            raise ValueError("a negative length")
        size *= length
    if size > available:
        raise ValueError("the file ends too early")
    return size
