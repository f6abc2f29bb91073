"""Files that are not text, carried in a text: NumPy's .npy and .npz, MATLAB's .mat 5, NetCDF's classic form, WAV.

The text is a sign, `base64:`, and the bytes behind it. What a file is, its first bytes tell.
"""

from __future__ import annotations

import base64
import binascii
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from nabla.errors import UserError
from nabla.read.data import matlab, netcdf, numpy_files, wav
from nabla.read.data.contents import Contents

OF_FIELDS = "npz:"  # in addresses from when archives of fields were the only files
SIGNS = ("base64:", OF_FIELDS)
ENDS = (".npy", ".npz", ".mat", ".nc", ".cdf", ".wav")  # of the names of such files
HINT = "Read are .npy, .npz, .mat up to MATLAB 7, NetCDF 3 and .wav; or save the table as CSV."
_READERS: tuple[tuple[bytes, Callable[[bytes], Contents], str], ...] = (
    (b"\x93NUMPY", numpy_files.read_array, "an array of NumPy's (.npy)"),
    (b"PK", numpy_files.read_archive, "an archive of NumPy's (.npz)"),
    (b"MATLAB 5.0 MAT-file", matlab.read, "a .mat file of MATLAB 5 to 7"),
    (b"CDF\x01", netcdf.read, "a NetCDF file"),
    (b"CDF\x02", netcdf.read, "a NetCDF file"),
    (b"RIFF", wav.read, "a WAV file"),
)
_OTHERS = {
    b"\x89HDF": (
        "an HDF5 file (MATLAB 7.3, NetCDF 4)",
        "Save it with -v7 in MATLAB, or with format='NETCDF3_CLASSIC'.",
    ),
    b"MATLAB 7.3": ("an HDF5 file of MATLAB 7.3", "Save it with -v7."),
    b"\xd0\xcf\x11\xe0": ("a workbook of Excel's", "Save the sheet as CSV."),
    b"\x1f\x8b": ("a file packed by gzip", "Unpack it first."),
}


def is_binary(text: str) -> bool:
    """Whether a text carries a file that is no text."""
    return text.startswith(SIGNS)


def bytes_of(text: str) -> bytes:
    """The bytes of the file that a text carries.

    Raises:
        UserError: "syntax" for what is no base64.
    """
    try:
        return base64.b64decode("".join(text.partition(":")[2].split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UserError("syntax", "This is not an archive or a file in base64.", hint=HINT) from error


def carried(data: bytes) -> str:
    """The text that carries these bytes."""
    return SIGNS[0] + base64.b64encode(data).decode()


def archive_of(arrays: Mapping[str, NDArray[np.float64]]) -> str:
    """Arrays by their names as the text that carries their archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, array in arrays.items():
            held = io.BytesIO()
            np.lib.format.write_array(held, array, version=(1, 0))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), held.getvalue())
    return carried(made.getvalue())


def together(files: Mapping[str, str]) -> str:
    """Files of one array each as one archive, in which each is called by its name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name.rpartition("/")[2]), bytes_of(text))
    return carried(made.getvalue())


def read_binary(text: str) -> Contents:
    """The arrays in the file that a text carries.

    Raises:
        UserError: "syntax" for files that are broken or of a kind that is not read, "too-big" for too many numbers.
    """
    data = bytes_of(text)
    for magic, (what, hint) in _OTHERS.items():
        if data.startswith(magic):
            raise UserError("syntax", f"This is {what}, which is not read here.", hint=hint)
    read, what = next(((read, what) for magic, read, what in _READERS if data.startswith(magic)), (None, ""))
    if read is None:
        raise UserError("syntax", "This is not an archive or a file of a kind that is read here.", hint=HINT)
    try:
        contents = read(data)
    except (ValueError, TypeError, KeyError, IndexError, EOFError, OSError, OverflowError, NotImplementedError,
            RuntimeError, struct.error, zlib.error, zipfile.BadZipFile) as error:  # fmt: skip
        raise UserError(
            "syntax", f"This begins as {what}, but is broken or not an archive of numbers.", hint=HINT
        ) from error
    if not contents.arrays:
        told = f" {contents.remarks[0]}" if contents.remarks else ""
        raise UserError("syntax", f"There are no arrays of real numbers in this file.{told}", hint=HINT)
    return contents
