"""A program that only defines a function of a field: lines that call it on a grid, to be put below it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nabla.labs.decompose.program.naming import LETTERS, field_place, intent
from nabla.labs.decompose.program.reading import names_in
from nabla.program.source import called

LENGTH, POINTS = 3.0, {2: 16, 3: 12}  # of the box along each axis
_STACK = ("field", "vector", "vec", "vel", "velocity", "f", "v", "u", "a", "e", "b")
_BOX = {
    **dict.fromkeys(("l", "lx", "ly", "lz", "boxsize", "box", "length", "box_size", "boxlen", "size"), "{length}"),
    **dict.fromkeys(("h", "dx", "dy", "dz", "spacing", "delta"), "{step}"),
    **dict.fromkeys(("n", "nx", "ny", "nz"), "{points}"),
}  # fmt: skip


@dataclass(frozen=True)
class FieldCall:
    """Lines that call a function of a field; `on` tells the grid where the function does not."""

    lines: str
    on: str = ""


def calling(tree: ast.Module) -> list[FieldCall]:
    """Calls of the last function that takes Fourier transforms or np.gradient, none where its arguments are not
    understood.

    A function of Fourier series says itself, by its wave numbers, which axis of its arrays is which coordinate; of one
    that takes differences both orders of the axes are given, and steps of 1 where it is given none.
    """
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _takes(node)]
    if not functions or any(isinstance(node, ast.Call) for part in tree.body if not _defines(part)
                            for node in ast.walk(part)):  # fmt: skip
        return []
    function = functions[-1]
    space = "3" in {ast.unparse(n.slice) for n in ast.walk(function) if isinstance(n, ast.Subscript)} or bool(
        {"kz", "KZ", "Kz", "dz", "w", "Fz", "vz"} & names_in(function)
    )
    dimension = 3 if space else 2
    values = _arguments(function, dimension)
    if not values:
        return []
    if _transforms(function):
        order = "ij" if "indexing='ij'" in ast.unparse(function) or "meshgrid" not in ast.unparse(function) else "xy"
        return [FieldCall(_lines(function, values, dimension, order, LENGTH / POINTS[dimension], names))
                for names in _results(function, dimension)]  # fmt: skip
    named = {argument.arg.lower() for argument in (*function.args.args, *function.args.kwonlyargs)}
    step = LENGTH / POINTS[dimension] if named & {"h", "dx", "spacing", "delta"} else 1.0
    grids = (("ij", "whose first axis is x"), ("xy", "whose first axis is y, as meshgrid makes them"))
    steps = "" if step != 1.0 else " and whose steps are 1"
    return [FieldCall(_lines(function, values, dimension, order, step, names), f"arrays {told}{steps}")
            for order, told in grids for names in _results(function, dimension)]  # fmt: skip


def _lines(function: ast.FunctionDef, values: list[str], dimension: int, order: str, step: float, names: str) -> str:
    letters = LETTERS[:dimension]
    axes = [f"{c} = np.arange({POINTS[dimension]}) * {step}" for c in letters]
    mesh = f"{', '.join(letters.upper())} = np.meshgrid({', '.join(letters)}, indexing='{order}')"
    fields = [f"np.sin({c})" for c in letters.upper()]
    made = [f"probe_field = np.stack([{', '.join(fields)}])"]
    if "probe_field" not in values:
        made = [f"u_{c} = {field}" for c, field in zip(letters, fields, strict=True)]
    return "\n".join(["import numpy as np", *axes, mesh, *made, f"{names} = {function.name}({', '.join(values)})"])


def _takes(function: ast.FunctionDef) -> bool:
    return _transforms(function) or any(isinstance(n, ast.Call) and called(n) == "gradient" for n in ast.walk(function))


def _defines(node: ast.stmt) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.Import, ast.ImportFrom))


def _transforms(function: ast.FunctionDef) -> bool:
    return any(isinstance(n, ast.Call) and called(n).lstrip("ir").startswith("fft") for n in ast.walk(function))


def _arguments(function: ast.FunctionDef, dimension: int) -> list[str]:
    """What to give for each parameter without a default."""
    needed = function.args.args[: len(function.args.args) - len(function.args.defaults)]
    names = [argument.arg for argument in needed]
    components = [name for name in names if field_place(name) >= 0 and name.lower() not in _BOX]
    values = []
    for name in names:
        low = name.lower()
        if len(components) == dimension and name in components:
            values.append(f"u_{LETTERS[components.index(name)]}")
        elif low in _BOX:
            values.append(_BOX[low].format(length=LENGTH, step=LENGTH / POINTS[dimension], points=POINTS[dimension]))
        elif low in _STACK or any(word in low for word in _STACK[:4]):
            values.append("probe_field")
        else:
            return []
    return values


def _results(function: ast.FunctionDef, dimension: int) -> list[str]:
    """Names for the results: those that the function gives them; of two parts without names, each may be either."""
    returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]
    listed = returned[-1].elts if returned and isinstance(returned[-1], ast.Tuple) else returned[-1:]
    names = [node.id if isinstance(node, ast.Name) else "" for node in listed]
    told = [intent(name, False, set())[0] for name in names if name]
    if names and all(names) and (any(told) or not _transforms(function)):
        return [", ".join(names)]
    letters = LETTERS[:dimension]
    if len(listed) == 2 * dimension:
        parts = [[f"{part}_{c}" for c in letters] for part in "HS"]
        return [", ".join([*first, *second]) for first, second in (parts, parts[::-1])]
    if len(listed) == 2:
        return ["H, S", "S, H"]
    return ["result"]
