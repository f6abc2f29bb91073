"""NumPy's archives of arrays (.npz) as text: what the page makes of such a file, base64 behind a sign of its own."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile

import numpy as np
from numpy.typing import NDArray

from nabla.errors import UserError

Floats = NDArray[np.float64]

ARCHIVE = "npz:"
BYTES = 64_000_000  # of all arrays together, unpacked
COMPONENTS = frozenset("u v w vx vy vz v1 v2 v3 ux uy uz u1 u2 u3".split())
HINT = "Save it with numpy.savez(file, x=x, y=y, u=u, v=v); in space with z and w too."


def read_archive(text: str) -> tuple[list[str], list[Floats]]:
    """The names of the coordinates, and the columns of coordinates and of components, a row a point of the grid.

    Components are the arrays u, v (and w, or names alike), of one shape with two or three axes. Coordinates are arrays
    of the same shape, as meshgrid makes them, or one along each axis in the order of the axes; without any, points are
    counted.

    Raises:
        UserError: "syntax" for what is no archive of such arrays, "too-big".
    """
    arrays = _arrays(text)
    parts = {name: array for name, array in arrays.items() if name.lower() in COMPONENTS}
    shapes = {array.shape for array in parts.values()}
    if len(shapes) != 1 or len(parts) not in (2, 3) or len(parts) != len(next(iter(shapes))):
        told = ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "nothing"
        message = f"Components u, v (and w) of one shape with as many axes are needed; the archive holds {told[:200]}."
        raise UserError("syntax", message, hint=HINT)
    (shape,) = shapes
    others = {name: array for name, array in arrays.items() if name not in parts}
    whole = {name: array for name, array in others.items() if array.shape == shape}
    along = {name: array for name, array in others.items() if array.ndim == 1}
    if len(whole) == len(shape):
        names, grids = list(whole), list(whole.values())
    elif len(along) == len(shape) and tuple(array.size for array in along.values()) == shape:
        names, grids = list(along), list(np.meshgrid(*along.values(), indexing="ij"))
    elif not others:
        names, grids = list("xyz"[: len(shape)]), [np.asarray(g, dtype=float) for g in np.indices(shape)]
    else:
        told = ", ".join(f"{name} {array.shape}" for name, array in others.items())
        message = f"The coordinates {told[:200]} do not fit components of shape {shape}."
        raise UserError("syntax", message, hint=HINT)
    return names, [array.ravel() for array in (*grids, *parts.values())]


def _arrays(text: str) -> dict[str, Floats]:
    """The arrays of numbers in the archive by name; nothing but numbers is read, and no more than 64 MB."""
    try:
        data = io.BytesIO(base64.b64decode(text, validate=True))
        with zipfile.ZipFile(data) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > BYTES:
                raise UserError("too-big", f"The arrays have more than {BYTES // 10**6} MB.", hint=HINT)
        data.seek(0)
        with np.load(data, allow_pickle=False) as loaded:
            return {name: np.asarray(loaded[name], dtype=np.float64) for name in loaded.files}
    except (binascii.Error, zipfile.BadZipFile, ValueError, TypeError, EOFError, OSError) as error:
        raise UserError(
            "syntax", "This is not an archive of NumPy's with arrays of real numbers.", hint=HINT
        ) from error
