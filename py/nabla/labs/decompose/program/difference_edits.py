"""Changes to differences: the order of axes and of indices, spacings, and the points between which they are taken."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import numpy as np

from nabla.labs.decompose.program.mending import Mending, calls, edit, whole
from nabla.labs.decompose.program.reading import FieldProgram, functions_of
from nabla.program.source import called


def difference_edits(found: FieldProgram) -> Iterator[Mending]:
    """The changes, the likelier kinds first."""
    for maker in (_gradients, _axes, _points, _shapes, _spacings, _meshes):
        yield from maker(found)


def _gradients(found: FieldProgram) -> Iterator[Mending]:
    """np.gradient gives the derivative by the first axis first: its results, its spacings, or both exchanged."""
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Assign) and called(node.value) == "gradient" and isinstance(node.targets[0], ast.Tuple):
            target, call = node.targets[0], node.value
            assert isinstance(call, ast.Call)
            if len(target.elts) < 2:
                continue
            turned = ast.Tuple([*reversed(target.elts[:2]), *target.elts[2:]], ast.Store())
            back = _turned_call(call)
            if back is not None:
                yield edit("axis-order", "both", node, ast.Assign([turned], back))
            yield edit("axis-order", "results", node, ast.Assign([turned], call))
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.ListComp)
            and called(node.value.generators[0].iter) == "gradient"
            and isinstance(node.targets[0], ast.Tuple)
        ):  # Ey, Ex = [-g for g in np.gradient(V)]
            turned = ast.Tuple([*reversed(node.targets[0].elts)], ast.Store())
            yield edit("axis-order", "results", node, ast.Assign([turned], node.value))
    for call in calls(found, "gradient"):
        back = _turned_call(call)
        if back is not None:
            yield edit("axis-order", "spacings", call, back)
    held = {
        target.id: node.value
        for node in ast.walk(found.tree) if isinstance(node, ast.Assign) and called(node.value) == "gradient"
        for target in node.targets if isinstance(target, ast.Name)
    }  # fmt: skip
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in held:
            index = whole(node.slice)
            if index in (0, 1):
                yield edit("axis-order", "item", node, ast.Subscript(node.value, ast.Constant(1 - index), ast.Load()))
        if isinstance(node, ast.Subscript) and called(node.value) == "gradient":
            index = whole(node.slice)
            call = node.value
            if index in (0, 1):
                yield edit("axis-order", "index", node, ast.Subscript(call, ast.Constant(1 - index), ast.Load()))
                back = _turned_call(call)  # type: ignore[arg-type]
                if back is not None:
                    yield edit("axis-order", "index and spacings", node,
                                ast.Subscript(back, ast.Constant(1 - index), ast.Load()))  # fmt: skip


def _turned_call(call: ast.Call) -> ast.Call | None:
    if len(call.args) < 3:
        return None
    first, a, b, *rest = call.args
    return ast.Call(call.func, [first, b, a, *rest], call.keywords)


def _axes(found: FieldProgram) -> Iterator[Mending]:
    """axis=0 for axis=1 and the other way, in differences and functions of the program; transposes left out."""
    own = {name for name, _ in functions_of(found.tree)}
    counted = {
        part: [ast.Name(loop.target.id, ast.Load()) for loop in node.generators if isinstance(loop.target, ast.Name)]
        for node in ast.walk(found.tree) if isinstance(node, (ast.ListComp, ast.GeneratorExp))
        for part in ast.walk(node.elt) if isinstance(part, ast.Call)
    }  # fmt: skip
    for call in calls(found, "gradient", "diff", "roll", *own):
        for keyword in call.keywords:
            axis = whole(keyword.value)
            if keyword.arg == "axis" and axis is not None and -2 <= axis <= 2:
                others = {0, 1, 2} - {axis % 3} if len(found.letters) == 3 else {1 - axis % 2}
                turned = [ast.Constant(other) for other in others] + list(counted.get(call, []))
                for other in turned:
                    keywords = [k if k is not keyword else ast.keyword("axis", other) for k in call.keywords]
                    way = "axis turned" if len(turned) == 1 else f"axis {axis} to {ast.unparse(other)}"
                    yield edit("axis-order", way, call, ast.Call(call.func, call.args, keywords))
        axis = whole(call.args[-1]) if len(call.args) > 1 + (called(call) == "roll") else None
        if axis in (0, 1) and (called(call) == "roll" or called(call) in own):
            args = [*call.args[:-1], ast.Constant(1 - axis)]
            yield edit("axis-order", "axis turned", call, ast.Call(call.func, args, call.keywords))
    for node in ast.walk(found.tree):
        first, second = (
            (_named_axis(side) for side in (node.left, node.right)) if isinstance(node, ast.BinOp) else ("", "")
        )
        if isinstance(node, ast.BinOp) and first and second and first != second:
            turned_sum = ast.BinOp(_along(node.left, second), node.op, _along(node.right, first))
            yield edit("axis-order", "axes of both", node, turned_sum)
        if isinstance(node, ast.Attribute) and node.attr == "T":
            yield edit("axis-order", "transpose", node, node.value)


def _named_axis(node: ast.expr) -> str:
    """The name that a call has for its axis, as in np.gradient(f, axis=i); "" for others."""
    named = (k.value for k in node.keywords if k.arg == "axis") if isinstance(node, ast.Call) else ()
    return next((axis.id for axis in named if isinstance(axis, ast.Name)), "")


def _along(call: ast.expr, axis: str) -> ast.Call:
    """The call along another axis."""
    assert isinstance(call, ast.Call)
    keywords = [k if k.arg != "axis" else ast.keyword("axis", ast.Name(axis, ast.Load())) for k in call.keywords]
    return ast.Call(call.func, call.args, keywords)


def _points(found: FieldProgram) -> Iterator[Mending]:
    """Differences of points along the other axis: f[i, j + 1] for f[i + 1, j], f[1:-1, 2:] for f[2:, 1:-1]."""
    for node in ast.walk(found.tree):
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple) or len(node.slice.elts) != 2:
            continue
        first, second = node.slice.elts
        if isinstance(first, ast.BinOp) != isinstance(second, ast.BinOp):
            moved = first if isinstance(first, ast.BinOp) else second
            assert isinstance(moved, ast.BinOp)
            turned: list[ast.expr] = [moved.left, ast.BinOp(second, moved.op, moved.right)]
            if moved is second:
                turned = [ast.BinOp(first, moved.op, moved.right), moved.left]
        elif {type(first), type(second)} <= {ast.Slice, ast.Constant, ast.Attribute} and ast.dump(first) != ast.dump(
            second
        ):
            turned = [second, first]
        else:
            continue
        sliced = ast.Subscript(node.value, ast.Tuple(turned, ast.Load()), node.ctx)
        yield edit("axis-order", f"points of {ast.unparse(node.value)}", node, sliced)


def _shapes(found: FieldProgram) -> Iterator[Mending]:
    """The lengths of a shape in the other order."""
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            target = node.targets[0]
            if isinstance(target, ast.Tuple) and len(target.elts) == 2:
                turned = ast.Assign([ast.Tuple([*reversed(target.elts)], ast.Store())], node.value)
                yield edit("axis-order", "shape", node, turned)


def steps(found: FieldProgram) -> list[float] | None:
    """The spacing along each axis of the grid of the fields; None where it is uneven or not told."""
    made = found.run.names.get(found.parts[0].name)
    if not isinstance(made, (np.ndarray, list, tuple)):
        return None
    made = np.asarray(made)
    lead = made.ndim - len(found.letters)
    along: dict[int, float] = {}
    for atom in found.coordinates.values():
        value = _value(found, atom)
        if value is None:
            return None
        shape = (1,) * (len(found.letters) - value.ndim) + value.shape
        value = value.reshape(shape)
        for axis in range(value.ndim):
            step = np.diff(value, axis=axis)
            if step.size and np.abs(step).max() > 0:
                if np.ptp(step) > 1e-9 * np.abs(step).max():
                    return None
                along[axis] = float(step.flat[0])
    return (
        [along[axis] for axis in range(len(found.letters))] if len(along) == len(found.letters) and lead >= 0 else None
    )


def _value(found: FieldProgram, atom: ast.expr) -> np.ndarray | None:
    """The value of a coordinate as it is written in the field."""
    if isinstance(atom, ast.Name):
        return np.asarray(found.run.names[atom.id], float)
    if isinstance(atom, ast.Subscript) and isinstance(atom.value, ast.Name):
        value = np.asarray(found.run.names[atom.value.id], float)
        text = ast.unparse(atom.slice).replace(" ", "")
        if value.ndim == 1 and text.strip("()") in (":,None", "None,:", ":,np.newaxis", "np.newaxis,:"):
            return value[:, None] if text.strip("()").startswith(":") else value[None, :]
    return None


def _spacings(found: FieldProgram) -> Iterator[Mending]:
    """The spacing of the grid in np.gradient, where it is left out or another."""
    spacing = steps(found)
    if spacing is None:
        return
    for call in calls(found, "diff"):
        axis = next((whole(k.value) for k in call.keywords if k.arg == "axis"), None)
        if axis is not None and -len(spacing) <= axis < len(spacing):
            over = ast.BinOp(call, ast.Div(), ast.Constant(round(spacing[axis], 14)))
            yield edit("spacing", "over step", call, over)
    for call in calls(found, "gradient"):
        told = next((k.value for k in call.keywords if k.arg == "axis"), None)
        axis = whole(told) if told is not None else None
        if told is not None and axis is None:
            number: ast.expr = ast.Constant(round(spacing[0], 12))
            if np.ptp(spacing) > 1e-9 * abs(spacing[0]):
                listed = ast.Tuple([ast.Constant(round(h, 12)) for h in spacing], ast.Load())
                number = ast.Subscript(listed, told, ast.Load())
            if told is not None:
                yield edit("spacing", "spacing", call, ast.Call(call.func, [call.args[0], number], call.keywords))
        elif axis is None:
            numbers = [ast.Constant(round(h, 12)) for h in spacing]
            yield edit("spacing", "spacing", call, ast.Call(call.func, [call.args[0], *numbers], call.keywords))
            turned = [ast.Constant(round(h, 12)) for h in reversed(spacing)]
            if len(set(spacing)) > 1 and len(call.args) == 1:
                yield edit("spacing", "turned", call, ast.Call(call.func, [call.args[0], *turned], call.keywords))
        elif -len(spacing) <= axis < len(spacing):
            number = ast.Constant(round(spacing[axis], 12))
            yield edit("spacing", "spacing", call, ast.Call(call.func, [call.args[0], number], call.keywords))


def _meshes(found: FieldProgram) -> Iterator[Mending]:
    """meshgrid in the other order of its indices."""
    meshes = sorted(calls(found, "meshgrid"), key=lambda call: any(k.arg == "indexing" for k in call.keywords))
    for call in meshes:
        told = next((k.value for k in call.keywords if k.arg == "indexing"), None)
        now = "ij" if isinstance(told, ast.Constant) and told.value == "ij" else "xy"
        keywords = [k for k in call.keywords if k.arg != "indexing"]
        keywords.append(ast.keyword("indexing", ast.Constant("ij" if now == "xy" else "xy")))
        yield edit("index-order", f"mesh {now}", call, ast.Call(call.func, call.args, keywords))
