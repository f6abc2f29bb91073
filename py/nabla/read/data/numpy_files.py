"""NumPy's files: an array (.npy), and several in an archive (.npz); format: numpy.lib.format, versions 1 to 3."""

from __future__ import annotations

import io
import tokenize
import zipfile

import numpy as np
from numpy.typing import NDArray

from nabla.errors import UserError
from nabla.read.data.contents import NUMBERS, Contents, bounded

BYTES = 8 * NUMBERS  # of all arrays together, unpacked


def read_array(data: bytes) -> Contents:
    """The array in a file .npy; the fields of a structured one by their names."""
    contents = Contents()
    contents.add("", _array(data))
    return contents


def read_archive(data: bytes) -> Contents:
    """The arrays in a file .npz.

    Raises:
        UserError: "too-big" for more than `BYTES`.
    """
    contents = Contents()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > BYTES:
            raise UserError("too-big", f"The arrays have more than {BYTES // 10**6} MB.", hint="Leave some out.")
        for entry in archive.infolist():
            with archive.open(entry) as file:
                held = file.read(BYTES)
            if held.startswith(np.lib.format.MAGIC_PREFIX):
                contents.add(entry.filename.removesuffix(".npy"), _array(held))
    return contents


def _array(data: bytes) -> NDArray[np.generic]:
    """The array itself; its header may not promise more than the file has."""
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    try:
        shape, fortran, dtype = read(file)
    except (
        SyntaxError,
        tokenize.TokenError,
        RecursionError,
        MemoryError,
    ) as error:  # NumPy lets Python's parser read it
        raise ValueError("a broken header") from error
    if dtype.hasobject:
        raise ValueError("Python's objects are not read")
    start = file.tell()
    size = bounded(shape, dtype.itemsize, len(data) - start)
    flat = np.frombuffer(data[start : start + size], dtype)
    return flat.reshape(shape, order="F" if fortran else "C")
