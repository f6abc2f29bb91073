"""A field on a grid as people have it: a table with a row a point, `x, y, u, v` or `x, y, z, u, v, w`."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nabla.errors import UserError
from nabla.read.data.archive import CountedAxes, columns_of, holds_a_field
from nabla.read.data.arrays import read_arrays
from nabla.read.data.binary import OF_FIELDS, is_binary, read_binary
from nabla.read.data.columns import read_columns
from nabla.read.data.field_roles import HINT, axis_of_component, field_roles, names_a_field
from nabla.read.data.table import CHARACTERS, read_table

Floats = NDArray[np.float64]

EVEN = 1e-3  # of a step: how far steps may differ
LEAST, MOST = 3, {2: 512, 3: 96}  # points along an axis
PREVIEW = 60  # lines that show what the columns are
_ARRAYS = re.compile(
    r"^\s*\W?([uvw]|[a-z]_?[xyz])\W{0,2}\s*[=:]\s*(?:np\.)?(?:array\()?\[", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class GridData:
    """Values, shape (d, *n), at every combination of `axes` (d arrays, evenly spaced); NaN where there are none."""

    names: list[str]
    axes: list[Floats]
    values: Floats
    remarks: list[str]
    counted: bool = False  # whether the coordinates are counted

    @property
    def holes(self) -> int:
        """The number of points without a value."""
        return int((~np.isfinite(self.values).all(axis=0)).sum())


def read_grid(text: str, first: str = "") -> GridData:
    """Read a field on a grid; `first` is the coordinate along the first axis of arrays without coordinates.

    Steps of such arrays stand among them, as `dx = 0.5`, or `h = 0.5` for all.

    Raises:
        UserError: "empty", "too-long", "syntax" where there is no table of four or six columns, "value" for uneven
            spacing, points given twice, or too few of them.
    """
    if len(text) > CHARACTERS:
        raise UserError("too-long", f"The data have more than {CHARACTERS // 10**6} million characters.")
    text = text.strip("\ufeff \t\r\n").replace("\u2212", "-")
    if not text:
        raise UserError("empty", "There are no data yet.", hint=HINT)
    if text.startswith("PK"):
        raise UserError("syntax", "This is a binary file; a table of text is needed.", hint=HINT)
    if is_binary(text):
        contents = read_binary(text)
        found = contents.numbers()
        named, arrays_of, told = columns_of(found, contents.long_axes(), CountedAxes(first))
        return _gridded(named, arrays_of, [*told, *contents.remarks], counted=len(found) == len(named))
    arrays = read_arrays(text) if "[" in text[:5000] or "{" in text[:5000] else None
    matrices = {name: array for name, array in arrays.arrays.items() if isinstance(array, np.ndarray)} if arrays else {}
    if any(array.ndim == 2 and axis_of_component(name) is not None for name, array in matrices.items()):
        assert arrays is not None
        steps = {c: h for c in "xyz" if (h := arrays.numbers.get(f"d{c}", arrays.numbers.get("h")))}
        made = columns_of(matrices, counted=CountedAxes(first, steps))
        return _gridded(*made, counted=len(matrices) == len(made[0]))
    table = read_table(text)
    columns = read_columns(table)
    roles = field_roles(columns)
    values = [columns[i].values for i in (*roles.coordinates, *roles.components)]
    if roles.mask is not None:
        masked = columns[roles.mask].values != 0
        values[len(roles.coordinates) :] = [np.where(masked, np.nan, v) for v in values[len(roles.coordinates) :]]
    names = [columns[i].name for i in roles.coordinates]
    names = ["xyz"[k] if not name or name.startswith("column ") else name for k, name in enumerate(names)]
    remarks = [*table.remarks, *(column.remark for column in columns if column.remark), *roles.remarks]
    return _gridded(names, values, remarks)


def is_field(text: str) -> bool:
    """Whether a text is a table, or arrays, whose names are those of coordinates and components of a field."""
    if is_binary(text):
        try:
            return holds_a_field(read_binary(text).numbers())
        except UserError:
            return text.startswith(OF_FIELDS)
    head = "\n".join(text.splitlines()[:PREVIEW])
    if len({name.lower() for name in _ARRAYS.findall(head)}) > 1:  # v alone is a voltage, or a speed
        return True
    try:
        return names_a_field(read_table(head).names)
    except UserError:
        return False


def _gridded(names: list[str], columns: list[Floats], remarks: list[str], *, counted: bool = False) -> GridData:
    """The grid on which rows of coordinates and values, d columns each, lie."""
    d = len(names)
    known = np.isfinite(columns[:d]).all(axis=0)
    if known.sum() < LEAST**d:
        message = f"Only {int(known.sum())} rows have coordinates; a grid has at least {LEAST} points along each axis."
        raise UserError("value", message, hint=HINT)
    axes, indices = zip(
        *(_axis(column[known], name) for column, name in zip(columns, names, strict=False)), strict=True
    )
    shape = tuple(axis.size for axis in axes)
    if max(shape) > MOST[d]:
        raise UserError(
            "too-big", f"The grid has {' × '.join(map(str, shape))} points; at most {MOST[d]} along an axis."
        )
    values = np.full((d, *shape), np.nan)
    flat = np.ravel_multi_index(indices, shape)
    if np.unique(flat).size < flat.size:
        raise UserError("value", "Some points are given twice.", hint="Each point of the grid needs one row.")
    for i in range(d):
        values[i].ravel()[flat] = columns[d + i][known]
    values[:, ~np.isfinite(values).all(axis=0)] = np.nan
    if not np.isfinite(values).any():
        raise UserError("value", "No point of the grid has values.", hint=HINT)
    return GridData(names, list(axes), values, remarks, counted)


def _axis(values: Floats, name: str) -> tuple[Floats, NDArray[np.intp]]:
    """The points of an axis and the place of each value among them."""
    ends = float(values.min()), float(values.max())
    if ends[0] == ends[1]:
        raise UserError("value", f"All {name} are {ends[0]:g}: the grid has no width along {name}.", hint=HINT)
    near = np.unique(np.round((values - ends[0]) / (ends[1] - ends[0]), 9))
    if near.size < LEAST:
        raise UserError("value", f"The grid has {near.size} points along {name}; at least {LEAST} are needed.")
    if near.size * 2 > values.size:
        message = f"The points are scattered: {values.size} of them have {near.size} different {name}, on no grid."
        raise UserError(
            "not-covered", message, hint="Interpolate to a grid, for example by scipy.interpolate.griddata."
        )
    steps = np.diff(near) * (ends[1] - ends[0])
    if steps.max() - steps.min() > EVEN * steps.mean():
        message = f"The spacing of {name} is uneven: its steps run from {steps.min():.4g} to {steps.max():.4g}."
        raise UserError("value", message, hint="Interpolate the field to an even grid first.")
    axis = np.linspace(*ends, near.size)
    return axis, np.rint((values - ends[0]) / (ends[1] - ends[0]) * (near.size - 1)).astype(np.intp)
