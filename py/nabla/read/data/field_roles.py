"""Which column of a table is which coordinate and which component of a field, by their names and by what they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nabla.errors import UserError
from nabla.read.data.columns import DataColumn
from nabla.read.data.roles import is_index

HINT = "A row a point: x, y, u, v, or x, y, z, u, v, w."

_COORDINATES = {
    **dict.fromkeys("x lon longitude long lng easting xc x_m xpos px i col column".split(), 0),
    **dict.fromkeys("y lat latitude northing yc y_m ypos py j row".split(), 1),
    **dict.fromkeys("z zc depth height altitude zpos pz k".split(), 2),
}
_POLAR = {
    **dict.fromkeys("r rho radius".split(), 0), **dict.fromkeys("theta phi angle θ φ azimuth".split(), 1),
}  # fmt: skip
_OF_POLAR = re.compile(r"(?:u|v|f|e|b|vel|velocity)_?(?:(r|rho|radial)|(t|theta|phi|θ|φ|tangential))\Z")
_LETTERS = {"u": 0, "v": 1, "w": 2, "x": 0, "y": 1, "z": 2, "1": 0, "2": 1, "3": 2, "lon": 0, "lat": 1}
# u, v, w; vx, E_y, velocity_x, u1; x-velocity, x component
_COMPONENT = re.compile(
    r"(?:(?P<alone>[uvw])"
    r"|(?:[a-z]|vel|velocity|wind|field|force|flow|disp|displacement|component|uv)[_\- .:]?(?P<behind>[xyz]|[123])"
    r"|(?P<before>[xyzuvw])[_\- ](?:velocity|vel|component|comp|wind|displacement|disp|direction|dir)"
    r"|(?P<mean>[uvw])(?:_?(?:10|mean|avg|bar|m)))\Z"
)
_MASK = re.compile(r"(?:mask|masked|land_mask|chc)\Z")
_TIME = re.compile(r"(?:t|time|date|datetime|frame|step|snapshot)\Z")


@dataclass(frozen=True, slots=True)
class FieldRoles:
    """The places of the coordinates and of the components that belong to them, in the order x, y, z."""

    coordinates: list[int]
    components: list[int]
    mask: int | None
    remarks: list[str]


def field_roles(columns: Sequence[DataColumn]) -> FieldRoles:
    """The roles in a table of a field on points.

    Names decide, whatever the order of the columns; without names, coordinates come first. A coordinate that is the
    same everywhere and its component are left out: a plane in space.

    Raises:
        UserError: "syntax" when components and coordinates do not match, "value" for several times in one table.
    """
    usable = [i for i, column in enumerate(columns) if column.kind == "number" and not is_index(column)]
    mask = next((i for i in usable if _MASK.match(_name(columns[i]))), None)
    for column in columns:
        if _TIME.match(_name(column)) and np.unique(column.values[np.isfinite(column.values)]).size > 1:
            message = f"The table holds several times (column {column.name}); one field is decomposed at a time."
            raise UserError("value", message, hint="Paste the rows of one time.")
    polar = {i: place for i in usable if (place := _POLAR.get(_name(columns[i]))) is not None}
    around = {i: place for i in usable if (place := _axis_of_polar(_name(columns[i]))) is not None}
    if sorted(polar.values()) == sorted(around.values()) == [0, 1]:
        places, parts = (sorted(each, key=each.__getitem__) for each in (polar, around))
        return FieldRoles(places, parts, mask, [])
    coordinates = _by_axis({i: _COORDINATES.get(_name(columns[i])) for i in usable})
    components = _by_axis({i: _axis_of_component(_name(columns[i])) for i in usable if i not in coordinates.values()})
    remarks: list[str] = []
    if len(coordinates) == len(components) and len(coordinates) in (2, 3):
        pairs = _paired(coordinates, components)
    else:
        pairs = _unnamed(columns, [i for i in usable if i != mask and not _TIME.match(_name(columns[i]))])
    pairs, told = _without_constant(columns, pairs)
    remarks += told
    left = [columns[i].name for i in usable if i != mask and not any(i in pair for pair in pairs)]
    if left and not told:
        remarks.append(f"Not used: {', '.join(left[:6])}.")
    return FieldRoles([i for i, _ in pairs], [i for _, i in pairs], mask, remarks)


def names_a_field(names: Sequence[str]) -> bool:
    """Whether the headings of a table name coordinates and as many components of a field."""
    coordinates = {axis for name in names if (axis := axis_of_coordinate(name)) is not None}
    components = {axis for name in names if (axis := axis_of_component(name)) is not None}
    polar = [{of(name.strip().lower()) for name in names} >= {0, 1} for of in (_POLAR.get, _axis_of_polar)]
    return all(polar) or (len(coordinates) >= 2 and len(components) in (2, 3))


def is_polar(names: Sequence[str]) -> bool:
    """Whether coordinates are a distance and an angle."""
    return [_POLAR.get(name.strip().lower()) for name in names] == [0, 1]


def axis_of_coordinate(name: str) -> int | None:
    """0, 1, 2 for a name of the x, y, z direction (longitude and latitude too); None for other names."""
    return _COORDINATES.get(name.strip().lower())


def axis_of_component(name: str) -> int | None:
    """0, 1, 2 for a name of a component along x, y, z; None for other names."""
    return _axis_of_component(name.strip().lower())


def _name(column: DataColumn) -> str:
    return column.name.strip().lower()


def _axis_of_component(name: str) -> int | None:
    match = _COMPONENT.match(name)
    return _LETTERS[match["alone"] or match["behind"] or match["before"] or match["mean"]] if match else None


def _axis_of_polar(name: str) -> int | None:
    match = _OF_POLAR.match(name)
    return None if match is None else 0 if match[1] else 1


def _by_axis(axes: dict[int, int | None]) -> dict[int, int]:
    """The first column of each axis, by the axis."""
    found: dict[int, int] = {}
    for place, axis in axes.items():
        if axis is not None:
            found.setdefault(axis, place)
    return found


def _paired(coordinates: dict[int, int], components: dict[int, int]) -> list[tuple[int, int]]:
    """Coordinates with their components: by axis, and in order where the axes differ (u, v over x, z)."""
    places = [components[axis] for axis in sorted(components)]
    return [
        (coordinates[axis], components[axis] if set(coordinates) == set(components) else places[k])
        for k, axis in enumerate(sorted(coordinates))
    ]


def _unnamed(columns: Sequence[DataColumn], usable: list[int]) -> list[tuple[int, int]]:
    """Four or six columns without telling names: those with few values are coordinates, the others components."""
    if len(usable) not in (4, 6):
        told = f"The table has {len(usable)} columns; four are needed in the plane, six in space."
        raise UserError("syntax", told, hint=HINT)
    d = len(usable) // 2
    counts = {i: np.unique(columns[i].values[np.isfinite(columns[i].values)]).size for i in usable}
    few = sorted(sorted(usable, key=lambda i: counts[i])[:d])
    rows = max(len(column.values) for column in columns)
    first = (
        few if np.prod([counts[i] for i in few]) == rows and len({counts[i] for i in few} & {1}) == 0 else usable[:d]
    )
    return list(zip(first, [i for i in usable if i not in first], strict=True))


def _without_constant(
    columns: Sequence[DataColumn], pairs: list[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[str]]:
    if len(pairs) != 3:
        return pairs, []
    flat = [
        pair for pair in pairs if np.unique(columns[pair[0]].values[np.isfinite(columns[pair[0]].values)]).size == 1
    ]
    if len(flat) != 1:
        return pairs, []
    coordinate, component = columns[flat[0][0]], columns[flat[0][1]]
    where = f"{coordinate.name} = {coordinate.values[0]:g}"
    told = f"All points have {where}: the field in that plane, without {component.name}, is taken."
    return [pair for pair in pairs if pair != flat[0]], [told]
