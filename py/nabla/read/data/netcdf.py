"""NetCDF files in the classic form (CDF-1, and CDF-2 with its longer offsets): variables, their axes, units and gaps.

Format: Unidata, NetCDF Users Guide, appendix "File Format Specifications"; packed values by its conventions.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nabla.read.data.contents import Contents, bounded

_TYPES = {1: "i1", 2: "S1", 3: ">i2", 4: ">i4", 5: ">f4", 6: ">f8"}
_MOST = 10_000  # names in a list
# Where no value was written, by type: the library's default.
_FILL = {"i2": -32767, "i4": -2147483647, "f4": 9.969209968386869e36, "f8": 9.969209968386869e36}


@dataclass(slots=True)
class _Variable:
    name: str
    axes: list[int]
    about: dict[str, Any]
    dtype: np.dtype[Any]
    size: int
    begin: int


@dataclass(slots=True)
class _Header:
    """A file read from its front."""

    data: bytes
    at: int = 4
    variables: list[_Variable] = field(default_factory=list)

    def number(self, form: str = ">i") -> int:
        value = struct.unpack_from(form, self.data, self.at)[0]
        self.at += struct.calcsize(form)
        return int(value)

    def taken(self, size: int) -> bytes:
        """The next bytes; they end on a multiple of four."""
        if not 0 <= size <= len(self.data) - self.at:
            raise ValueError("the file ends too early")
        part = self.data[self.at : self.at + size]
        self.at += size + -size % 4
        return part

    def name(self) -> str:
        return self.taken(self.number()).decode("utf-8", "replace")

    def count(self) -> int:
        """How many things a list holds, behind its tag."""
        self.number()
        count = self.number()
        if not 0 <= count <= _MOST:
            raise ValueError("no list")
        return count

    def attributes(self) -> dict[str, Any]:
        """Their names and values: a text, or numbers."""
        found: dict[str, Any] = {}
        for _ in range(self.count()):
            name = self.name()
            dtype = np.dtype(_TYPES[self.number()])
            length = self.number()
            held = np.frombuffer(self.taken(bounded([length], dtype.itemsize, len(self.data))), dtype)
            found[name] = held.tobytes().decode("utf-8", "replace") if dtype.kind == "S" else held
        return found


def read(data: bytes) -> Contents:
    """The variables of a file.

    Raises:
        ValueError: a broken file.
    """
    header = _Header(data)
    records = max(header.number(), 0)
    names, lengths = [], []
    for _ in range(header.count()):
        names.append(header.name())
        lengths.append(header.number())
    header.attributes()
    for _ in range(header.count()):
        name = header.name()
        axes = [header.number() for _ in range(min(header.number(), 64))]
        about = header.attributes()
        dtype = np.dtype(_TYPES[header.number()])
        size, begin = header.number(), header.number(">q" if data[3] == 2 else ">i")
        header.variables.append(_Variable(name, axes, about, dtype, size, begin))
    record = [v for v in header.variables if v.axes and lengths[v.axes[0]] == 0]
    # A record holds a piece of each; the only one is not filled up to a multiple of four.
    stride = sum(v.size for v in record) if len(record) != 1 else _piece(record[0], lengths)
    contents = Contents()
    for variable in header.variables:
        if variable.dtype.kind == "S":
            continue
        shape = [lengths[axis] or records for axis in variable.axes]
        raw = _records(data, variable, shape, stride) if variable in record else _fixed(data, variable, shape)
        _add(contents, variable, raw, tuple(names[axis] for axis in variable.axes))
    return contents


def _piece(variable: _Variable, lengths: list[int]) -> int:
    return bounded([lengths[axis] for axis in variable.axes[1:]], variable.dtype.itemsize, 2**31)


def _fixed(data: bytes, variable: _Variable, shape: list[int]) -> NDArray[np.generic]:
    if variable.begin < 0:
        raise ValueError("no place")
    size = bounded(shape, variable.dtype.itemsize, len(data) - variable.begin)
    return np.frombuffer(data[variable.begin : variable.begin + size], variable.dtype).reshape(shape)


def _records(data: bytes, variable: _Variable, shape: list[int], stride: int) -> NDArray[np.generic]:
    """The pieces that each record holds, put together."""
    piece = bounded(shape[1:], variable.dtype.itemsize, 2**31)
    if not shape[0] or not piece:
        return np.empty(shape, variable.dtype)
    end = variable.begin + stride * (shape[0] - 1) + piece
    if variable.begin < 0 or stride < piece or end > len(data):
        raise ValueError("the file ends too early")
    rows = [data[start : start + piece] for start in range(variable.begin, end, stride)]
    return np.frombuffer(b"".join(rows), variable.dtype).reshape(shape)


def _add(contents: Contents, variable: _Variable, raw: NDArray[np.generic], axes: tuple[str, ...]) -> None:
    """Note a variable: gaps as NaN, packed values unpacked."""
    about = variable.about
    values = raw.astype(np.float64)
    told = [about[key] for key in ("_FillValue", "missing_value") if isinstance(about.get(key), np.ndarray)]
    fills = [float(fill) for each in told for fill in each]
    usual = _FILL.get(variable.dtype.str[1:])
    for fill in fills or ([usual] if usual is not None else []):
        values[np.isclose(values, fill, rtol=1e-6, atol=0)] = np.nan
    values = values * _one(about, "scale_factor", 1.0) + _one(about, "add_offset", 0.0)
    contents.add(variable.name, values)
    contents.axes[variable.name] = axes
    unit = str(about.get("units", "")).strip("\0 ")
    counted, _, start = unit.partition(" since ")
    contents.units[variable.name] = counted
    if start:
        contents.remarks.append(f"{variable.name} counts {counted} since {start}.")


def _one(about: dict[str, Any], name: str, otherwise: float) -> float:
    value = about.get(name)
    return float(value[0]) if isinstance(value, np.ndarray) and value.size else otherwise
