"""MATLAB's files .mat of the versions 5 to 7: arrays of numbers by name, also those in structs; packed or not.

Format: The MathWorks, MAT-File Format (R2021a), Level 5.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nabla.read.data.contents import NUMBERS, Contents, bounded

_TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_MATRIX, _PACKED = 14, 15
_CELL, _STRUCT, _CHARACTERS = 1, 2, 4
# Classes of arrays of numbers; what they hold may stand in a smaller type.
_CLASSES = dict(zip(range(6, 16), ("f8", "f4", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"), strict=True))
_COMPLEX = 0x800
_DEEP = 8
_UNPACKED = 10 * NUMBERS  # bytes

Element = tuple[int, bytes]


def read(data: bytes) -> Contents:
    """The arrays in a file.

    Raises:
        ValueError: a broken file.
    """
    order = {b"IM": "<", b"MI": ">"}.get(data[126:128], "")
    if not order:
        raise ValueError("no order of bytes")
    contents = Contents()
    room = _UNPACKED
    for kind, body in _elements(data[128:], order):
        if kind == _PACKED:
            unpacker = zlib.decompressobj()
            body = unpacker.decompress(body, room)
            room -= len(body)
            if room <= 0:
                raise ValueError("too much")
            kind, body = next(_elements(body, order), (0, b""))
        if kind == _MATRIX:
            _matrix(contents, body, order, "", 0)
    return contents


def _elements(data: bytes, order: str) -> Iterator[Element]:
    """The data elements one after another: their types and bytes."""
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from(order + "II", data, at)
        if kind >> 16:  # small: type and length in one word, up to four bytes behind it
            kind, size = kind & 0xFFFF, kind >> 16
            yield kind, data[at + 4 : at + 4 + min(size, 4)]
            at += 8
            continue
        if size > len(data) - at - 8:
            raise ValueError("the file ends too early")
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + (0 if kind == _PACKED else -size % 8)


def _matrix(contents: Contents, body: bytes, order: str, within: str, deep: int) -> None:
    """Note an array; of a struct its fields, of cells nothing."""
    parts = list(_elements(body, order))
    if len(parts) < 3 or deep > _DEEP:
        return  # an empty one
    flags = struct.unpack_from(order + "I", parts[0][1])[0]
    shape = struct.unpack(f"{order}{len(parts[1][1]) // 4}i", parts[1][1])
    name = parts[2][1].decode("ascii", "replace") or within
    if flags & 0xFF == _STRUCT:
        _fields(contents, parts[3:], shape, name, order, deep)
    elif flags & 0xFF in _CLASSES and not flags & _COMPLEX and len(parts) > 3:
        contents.add(name, _numbers(parts[3], shape, order).astype(_CLASSES[flags & 0xFF]))
    elif flags & 0xFF != _CHARACTERS:
        contents.remarks.append(
            f"{name} holds {'complex numbers' if flags & _COMPLEX else 'no numbers'} and is not read."
        )


def _numbers(element: Element, shape: tuple[int, ...], order: str) -> NDArray[np.generic]:
    """An array, whose numbers stand column by column, in the smallest type that holds them."""
    dtype = np.dtype(order + _TYPES[element[0]])
    size = bounded(shape, dtype.itemsize, len(element[1]))
    return np.frombuffer(element[1][:size], dtype).reshape(shape, order="F")


def _fields(contents: Contents, parts: list[Element], shape: tuple[int, ...], name: str, order: str, deep: int) -> None:
    """The fields of a struct, each an array of its own; of an array of structs those of the first one."""
    width = struct.unpack_from(order + "i", parts[0][1])[0]
    if width <= 0:
        raise ValueError("no names of fields")
    names = [parts[1][1][i : i + width].split(b"\0")[0].decode("ascii", "replace")
             for i in range(0, len(parts[1][1]), width)]  # fmt: skip
    if bounded(shape, 1, len(parts)) > 1:
        contents.remarks.append(f"{name} is an array of structs; its first one is read.")
    for field, (kind, body) in zip(names, parts[2:], strict=False):
        if kind == _MATRIX:
            _matrix(contents, body, order, field, deep + 1)
