"""Sound in a file .wav: samples as they were recorded, a column a channel, and how many there are in a second.

Format: Microsoft and IBM, Multimedia Programming Interface and Data Specifications 1.0 (1991); and its extensible form.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from nabla.read.data.contents import Contents

_INTEGERS, _FLOATS, _EXTENSIBLE = 1, 3, 0xFFFE


def read(data: bytes) -> Contents:
    """The channels of a file, as whole numbers where it holds such.

    Raises:
        ValueError: what is no sound of a kind that is read.
    """
    if data[8:12] != b"WAVE":
        raise ValueError("no sound")
    contents = Contents()
    form: tuple[int, int, int, int] | None = None
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt ":
            kind, channels, rate, _, block, _ = struct.unpack_from("<HHIIHH", body)
            kind = struct.unpack_from("<H", body, 24)[0] if kind == _EXTENSIBLE else kind
            form = kind, channels, rate, block
        elif name == b"data" and form:
            _add(contents, form, body)
            return contents
        at += 8 + size + size % 2
    raise ValueError("no samples")


def _add(contents: Contents, form: tuple[int, int, int, int], body: bytes) -> None:
    kind, channels, rate, block = form
    width = block // max(channels, 1)
    if not (0 < channels <= 64 and rate > 0 and width > 0 and width * channels == block):
        raise ValueError("no such sound")
    samples = _samples(kind, width, body[: len(body) // block * block]).reshape(-1, channels)
    names = {1: ["sound"], 2: ["left", "right"]}.get(channels, [f"channel {i + 1}" for i in range(channels)])
    for i, name in enumerate(names):
        contents.add(name, samples[:, i])
    contents.rate = float(rate)


def _samples(kind: int, width: int, body: bytes) -> NDArray[np.generic]:
    if kind == _INTEGERS and width == 1:
        return np.frombuffer(body, np.uint8)
    if kind == _INTEGERS and width == 3:  # the three bytes as the upper ones of four
        four = np.zeros((len(body) // 3, 4), np.uint8)
        four[:, 1:] = np.frombuffer(body, np.uint8).reshape(-1, 3)
        return four.view("<i4").ravel()
    if (kind, width) in ((_INTEGERS, 2), (_INTEGERS, 4), (_FLOATS, 4), (_FLOATS, 8)):
        return np.frombuffer(body, f"<{'i' if kind == _INTEGERS else 'f'}{width}")
    raise ValueError("samples of a kind that is not read")
