"""The icon of the site as PNG, drawn separately at each size: a hollow ∇ on a rounded square."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Sequence

Point = tuple[float, float]

# On a square of 32 units.
_CORNER = 7.0
_OUTER: tuple[Point, ...] = ((5, 7.5), (27, 7.5), (17, 26), (15.8, 26))
_INNER: tuple[Point, ...] = ((9, 9.7), (23, 9.7), (16.1, 22.3))
_BACK, _FRONT = (0x24, 0x40, 0x7C), (0xFD, 0xFC, 0xF9)


def png(size: int) -> bytes:
    """A PNG file of `size` by `size` pixels, with transparent corners."""
    scale = size / 32
    rows = bytearray()
    for i in range(size):
        rows.append(0)  # the filter of the row: none
        for j in range(size):
            point = ((j + 0.5) / scale, (i + 0.5) / scale)
            ink = _cover(_inside(point, _OUTER), scale) * (1 - _cover(_inside(point, _INNER), scale))
            rows += bytes(round(b + (f - b) * ink) for b, f in zip(_BACK, _FRONT, strict=True))
            rows.append(round(255 * _cover(_rounded(point), scale)))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _cover(distance: float, scale: float) -> float:
    """How much of a pixel lies inside, from its signed distance to the edge (positive inside)."""
    return min(1.0, max(0.0, 0.5 + distance * scale))


def _inside(point: Point, corners: Sequence[Point]) -> float:
    """The distance to the nearest side of a convex polygon given clockwise as seen; positive inside."""
    sides = zip(corners, [*corners[1:], corners[0]], strict=True)
    return min(((bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax)) / math.dist((ax, ay), (bx, by))
               for (ax, ay), (bx, by) in sides)  # fmt: skip


def _rounded(point: Point) -> float:
    x, y = (abs(c - 16) - (16 - _CORNER) for c in point)
    return _CORNER - math.hypot(max(x, 0), max(y, 0)) - min(max(x, y), 0)
