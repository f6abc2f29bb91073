"""A field in arrays by name, as files of arrays and programs hold it: which are coordinates, which components."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nabla.errors import UserError
from nabla.read.data.field_roles import axis_of_component, axis_of_coordinate

Floats = NDArray[np.float64]

HINT = "Save it with numpy.savez(file, x=x, y=y, u=u, v=v); in space with z and w too."


@dataclass(frozen=True)
class CountedAxes:
    """How points are counted where arrays have no coordinates: the coordinate of the first axis, "" for the usual one,
    and the steps by the names of the coordinates, 1 for others.

    Usual are rows along x and one below the other along y in the plane, as meshgrid makes them; x, y, z in space.
    """

    first: str = ""
    steps: Mapping[str, float] = field(default_factory=dict)

    def coordinates(self, shape: tuple[int, ...]) -> tuple[list[str], list[Floats], str]:
        """The names along the axes, the values at every point, and how they were counted."""
        names = list("xyz"[: len(shape)])
        first = self.first or ("y" if len(shape) == 2 else "x")
        if first in names[1:]:
            names = names[::-1] if first == names[-1] else ["y", "x", "z"]
        sizes = [self.steps.get(name, 1.0) for name in names]
        told = " and ".join(f"{size:.6g}" for size in dict.fromkeys(sizes))
        lines = f"their rows are taken for lines along {names[1]}, one for each {names[0]}"
        if len(shape) == 3:
            lines = f"their axes are taken for {', '.join(names)}"
        remark = f"The arrays come without coordinates: {lines}; steps {told}."
        return names, [grid * size for grid, size in zip(np.indices(shape), sizes, strict=True)], remark


USUAL = CountedAxes()


def holds_a_field(arrays: Mapping[str, Floats]) -> bool:
    """Whether there are components of a field on a grid among the arrays."""
    axes = {axis_of_component(name) for name, array in arrays.items() if array.ndim > 1} - {None}
    return len(axes) in (2, 3)


def columns_of(
    arrays: Mapping[str, Floats], axes: Mapping[str, tuple[str, ...]] | None = None, counted: CountedAxes = USUAL
) -> tuple[list[str], list[Floats], list[str]]:
    """The names of the coordinates, the columns of coordinates and components, a row a point, and what to say of them.

    Components are the arrays u, v (and w, or names alike), of one shape with two or three axes. Coordinates are arrays
    of the same shape, as meshgrid makes them, in whichever order; or one along each axis, matched by its length, and
    where lengths are equal by name (latitude before longitude, as archives of the weather have them); without any,
    points are counted as `counted` has it. `axes` names the axes of the arrays, where a file does.

    Raises:
        UserError: "syntax" when the arrays are no field on a grid.
    """
    parts = {axis: name for name in arrays if (axis := axis_of_component(name)) is not None and arrays[name].ndim > 1}
    shapes = {arrays[name].shape for name in parts.values()}
    if len(shapes) != 1 or len(parts) not in (2, 3) or len(parts) != len(next(iter(shapes))):
        held = ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "nothing"
        message = f"Components u, v (and w) of one shape with as many axes are needed; the archive holds {held[:200]}."
        raise UserError("syntax", message, hint=HINT)
    (shape,) = shapes
    others = {name: array for name, array in arrays.items() if name not in parts.values()}
    told = (axes or {}).get(parts[min(parts)], ())
    if len(told) == len(shape) and [others[name].shape for name in told if name in others] == [(n,) for n in shape]:
        names, grids = list(told), list(np.meshgrid(*(others[name] for name in told), indexing="ij"))
        remarks: list[str] = []
    else:
        names, grids, remarks = _coordinates(others, shape, counted)
    order = sorted(range(len(names)), key=lambda i: _rank(names[i], i))
    components = [arrays[parts[axis]] for axis in sorted(parts)]
    columns = [*(grids[i] for i in order), *components]
    return [names[i] for i in order], [np.asarray(array, dtype=float).ravel() for array in columns], remarks


def _rank(name: str, place: int) -> int:
    axis = axis_of_coordinate(name)
    return place if axis is None else axis


def _coordinates(
    others: dict[str, Floats], shape: tuple[int, ...], counted: CountedAxes
) -> tuple[list[str], list[Floats], list[str]]:
    """Names of the coordinates and their values at every point."""
    whole = {name: array for name, array in others.items() if array.shape == shape and _is_coordinate(name)}
    along = {name: array for name, array in others.items() if array.ndim == 1 and _is_coordinate(name)}
    if len(whole) == len(shape):
        return list(whole), list(whole.values()), []
    if len(along) == len(shape) and sorted(array.size for array in along.values()) == sorted(shape):
        names, told = _along(along, shape)
        return names, list(np.meshgrid(*(along[name] for name in names), indexing="ij")), told
    if not others:
        names, grids, remark = counted.coordinates(shape)
        return names, grids, [remark]
    told_shapes = ", ".join(f"{name} {array.shape}" for name, array in others.items())
    message = f"The coordinates {told_shapes[:200]} do not fit components of shape {shape}."
    raise UserError("syntax", message, hint=HINT)


def _is_coordinate(name: str) -> bool:
    return axis_of_coordinate(name) is not None


def _along(along: dict[str, Floats], shape: tuple[int, ...]) -> tuple[list[str], list[str]]:
    """Which coordinate runs along which axis of the arrays: by length, else by the order of the names."""
    sizes = [array.size for array in along.values()]
    names = list(along)
    if len(set(shape)) == len(shape):
        return [names[sizes.index(size)] for size in shape], []
    geographic = {name.lower()[:3] for name in names} >= {"lat", "lon"}
    if geographic:
        names.sort(key=lambda name: -_rank(name, 0))
    return names, [f"The first axis of the arrays is taken for {names[0]}: their lengths do not tell."]
