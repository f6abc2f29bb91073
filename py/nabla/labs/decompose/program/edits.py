"""Changes of one kind to a program: where a usual slip may stand, and what stands there without it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, TypeVar

import numpy as np

from nabla.labs.decompose.program.reading import FieldProgram, names_in
from nabla.program.source import called

A = TypeVar("A", bound=ast.AST)
WAVES = frozenset(("fftfreq", "rfftfreq"))


@dataclass(frozen=True)
class Mending:
    """One change: the kind of slip, the node that goes, what comes, and the line. Edits with one `way` go together."""

    kind: str
    way: str
    node: ast.AST
    new: ast.AST
    line: int


def rebuilt(node: A, changes: Mapping[ast.AST, ast.AST]) -> ast.AST:
    """A copy of a tree with some of its nodes replaced."""
    if node in changes:
        rest = {old: new for old, new in changes.items() if old is not node}
        return rebuilt(changes[node], rest) if rest else changes[node]
    values: dict[str, Any] = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            values[name] = [rebuilt(item, changes) if isinstance(item, ast.AST) else item for item in value]
        else:
            values[name] = rebuilt(value, changes) if isinstance(value, ast.AST) else value
    made = type(node)(**values)
    return ast.copy_location(made, node) if hasattr(node, "lineno") else made


def edits(found: FieldProgram) -> list[Mending]:
    """All changes that could mend the program, the likelier kinds first."""
    made: list[Mending] = []
    for maker in (_gradients, _axes, _spacings, _meshes, _waves, _units, _zero, _endpoints, _factors, _signs, _names):
        made += maker(found)
    return made


def _calls(found: FieldProgram, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Call) and called(node) in names:
            yield node


def _edit(kind: str, way: str, node: ast.AST, new: ast.AST) -> Mending:
    line = getattr(node, "lineno", 1)
    for part in ast.walk(new):
        if not hasattr(part, "lineno") and isinstance(part, (ast.expr, ast.stmt)):
            ast.copy_location(part, node)
    return Mending(kind, way, node, new, line)


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
                yield _edit("axis-order", "both", node, ast.Assign([turned], back))
            yield _edit("axis-order", "results", node, ast.Assign([turned], call))
    for call in _calls(found, "gradient"):
        back = _turned_call(call)
        if back is not None:
            yield _edit("axis-order", "spacings", call, back)
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Subscript) and called(node.value) == "gradient":
            index = _whole(node.slice)
            call = node.value
            if index in (0, 1):
                yield _edit("axis-order", "index", node, ast.Subscript(call, ast.Constant(1 - index), ast.Load()))
                back = _turned_call(call)  # type: ignore[arg-type]
                if back is not None:
                    yield _edit("axis-order", "index and spacings", node,
                                ast.Subscript(back, ast.Constant(1 - index), ast.Load()))  # fmt: skip


def _turned_call(call: ast.Call) -> ast.Call | None:
    if len(call.args) < 3:
        return None
    first, a, b, *rest = call.args
    return ast.Call(call.func, [first, b, a, *rest], call.keywords)


def _whole(node: ast.expr) -> int | None:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if type(value) is int else None


def _axes(found: FieldProgram) -> Iterator[Mending]:
    """axis=0 for axis=1 and the other way, in differences; transposes left out."""
    for call in _calls(found, "gradient", "diff", "roll"):
        for keyword in call.keywords:
            axis = _whole(keyword.value)
            if keyword.arg == "axis" and axis is not None and -2 <= axis <= 2:
                others = {0, 1, 2} - {axis % 3} if len(found.letters) == 3 else {1 - axis % 2}
                for other in others:
                    keywords = [
                        k if k is not keyword else ast.keyword("axis", ast.Constant(other)) for k in call.keywords
                    ]
                    way = "axis turned" if len(others) == 1 else f"axis {axis} to {other}"
                    yield _edit("axis-order", way, call, ast.Call(call.func, call.args, keywords))
        axis = _whole(call.args[2]) if called(call) == "roll" and len(call.args) == 3 else None
        if axis in (0, 1):
            args = [*call.args[:2], ast.Constant(1 - axis)]
            yield _edit("axis-order", "axis turned", call, ast.Call(call.func, args, call.keywords))
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Attribute) and node.attr == "T":
            yield _edit("axis-order", "transpose", node, node.value)


def steps(found: FieldProgram) -> list[float] | None:
    """The spacing along each axis of the grid of the fields; None where it is uneven or not told."""
    made = found.run.names.get(found.parts[0].name)
    if not isinstance(made, np.ndarray):
        return None
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
    for call in _calls(found, "gradient"):
        told = next((k.value for k in call.keywords if k.arg == "axis"), None)
        axis = _whole(told) if told is not None else None
        if told is not None and axis is None:
            if np.ptp(spacing) <= 1e-9 * abs(spacing[0]):  # along any axis
                number = ast.Constant(round(spacing[0], 12))
                yield _edit("spacing", "spacing", call, ast.Call(call.func, [call.args[0], number], call.keywords))
        elif axis is None:
            numbers = [ast.Constant(round(h, 12)) for h in spacing]
            yield _edit("spacing", "spacing", call, ast.Call(call.func, [call.args[0], *numbers], call.keywords))
            turned = [ast.Constant(round(h, 12)) for h in reversed(spacing)]
            if len(set(spacing)) > 1 and len(call.args) == 1:
                yield _edit("spacing", "turned", call, ast.Call(call.func, [call.args[0], *turned], call.keywords))
        elif -len(spacing) <= axis < len(spacing):
            number = ast.Constant(round(spacing[axis], 12))
            yield _edit("spacing", "spacing", call, ast.Call(call.func, [call.args[0], number], call.keywords))


def _meshes(found: FieldProgram) -> Iterator[Mending]:
    """meshgrid in the other order of its indices."""
    calls = sorted(_calls(found, "meshgrid"), key=lambda call: any(k.arg == "indexing" for k in call.keywords))
    for call in calls:
        told = next((k.value for k in call.keywords if k.arg == "indexing"), None)
        now = "ij" if isinstance(told, ast.Constant) and told.value == "ij" else "xy"
        keywords = [k for k in call.keywords if k.arg != "indexing"]
        keywords.append(ast.keyword("indexing", ast.Constant("ij" if now == "xy" else "xy")))
        yield _edit("index-order", f"mesh {now}", call, ast.Call(call.func, call.args, keywords))


def _waves(found: FieldProgram) -> Iterator[Mending]:
    """Wave numbers: the factor 2 pi, the spacing, the order of frequencies, roots and squares."""
    spacing = steps(found)
    for node in ast.walk(found.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and _waves_in(node.right) and _turn(node.left):
            yield _edit("two-pi", "no turn", node, node.right)
    for call in _calls(found, *WAVES):
        turn = ast.parse("2*3.141592653589793", mode="eval").body
        yield _edit("two-pi", "turn", call, ast.BinOp(turn, ast.Mult(), call))
        if spacing is None:
            continue
        for h in dict.fromkeys(abs(h) for h in spacing):
            right = ast.Call(call.func, [call.args[0], ast.Constant(h)], [])
            yield _edit("wave-number", f"step {h}", call, right)
            yield _edit("wave-number", f"step and turn {h}", call, ast.BinOp(turn, ast.Mult(), right))
            over = ast.Call(call.func, [call.args[0], ast.Constant(h / (2 * np.pi))], [])
            yield _edit("wave-number", f"whole {h}", call, over)
    for call in _calls(found, "fftshift", "ifftshift"):
        if len(call.args) == 1:
            yield _edit("frequency-order", "shift", call, call.args[0])
    for call in _calls(found, "fftn", "ifftn", "fft", "ifft", "rfftn", "irfftn"):
        if len(call.args) == 1 and not call.keywords:
            axes = ast.parse("(1, 2)" if len(found.letters) == 2 else "(1, 2, 3)", mode="eval").body
            yield _edit("missing-axis", "axes", call, ast.Call(call.func, call.args, [ast.keyword("axes", axes)]))
    for call in _calls(found, "sqrt"):
        yield _edit("wrong-power", "root", call, call.args[0])


def _waves_in(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Call) and called(part) in WAVES for part in ast.walk(node))


def _turn(node: ast.expr) -> bool:
    text = ast.unparse(node).replace(" ", "")
    return text in ("2*np.pi", "np.pi*2", "2*numpy.pi", "2*pi", "2*math.pi", "2.0*np.pi")


def _units(found: FieldProgram) -> Iterator[Mending]:
    """i in a derivative by Fourier series: left out, with the wrong sign, or the wrong part taken."""
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Attribute) and node.attr == "imag":
            yield _edit("real-part", "real", node, ast.Attribute(node.value, "real", ast.Load()))
    for call in _calls(found, "ifft2", "ifftn", "ifft", "irfft2", "irfftn"):
        if call.args:
            for sign, way in ((1j, "i"), (-1, "minus")):
                inner = ast.BinOp(ast.Constant(sign), ast.Mult(), call.args[0])
                kind = "missing-factor" if way == "i" else "sign"
                yield _edit(kind, way, call, ast.Call(call.func, [inner, *call.args[1:]], call.keywords))
    for node in ast.walk(found.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, complex):
            yield _edit("sign", "i to -i", node, ast.Constant(-node.value))
            yield _edit("extra-factor", "no i", node, ast.Constant(1.0))


def _zero(found: FieldProgram) -> Iterator[Mending]:
    """A division by the square of the wave number where that is zero."""
    for node in ast.walk(found.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            held = ast.parse("probe_np.where(a == 0, 1, a)", mode="eval").body
            names: dict[ast.AST, ast.AST] = {
                part: node.right for part in ast.walk(held) if isinstance(part, ast.Name) and part.id == "a"
            }
            made = rebuilt(held, names)
            assert isinstance(made, ast.expr)
            yield _edit("zero-mode", "zero", node, ast.BinOp(node.left, ast.Div(), made))


def _endpoints(found: FieldProgram) -> Iterator[Mending]:
    """linspace with its end among the points of a periodic grid."""
    if not found.spectral:
        return
    for call in _calls(found, "linspace"):
        if not any(k.arg == "endpoint" for k in call.keywords):
            keywords = [*call.keywords, ast.keyword("endpoint", ast.Constant(False))]
            yield _edit("endpoint", "endpoint", call, ast.Call(call.func, call.args, keywords))


def _statements(found: FieldProgram) -> list[ast.stmt]:
    """The statements that the results are made by, and those of functions."""
    wanted = {output.name for output in found.outputs}
    own = {part.name for part in found.parts}
    kept: list[ast.stmt] = []
    for statement in reversed(found.tree.body):
        if isinstance(statement, ast.FunctionDef):
            kept += [s for s in statement.body if isinstance(s, (ast.Assign, ast.Return))]
        elif isinstance(statement, ast.Assign):
            targets = set().union(*(names_in(target) for target in statement.targets))
            if targets & wanted and not targets & own:
                kept.append(statement)
                wanted |= names_in(statement.value)
    return kept


def _factors(found: FieldProgram) -> Iterator[Mending]:
    """Powers and factors of two in what leads to the results; a step squared or not."""
    for statement in _statements(found):
        for node in ast.walk(statement):
            if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
                for side, other in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(side, ast.Name) and _is_square(other):
                        yield _edit("wrong-power", "square", side, ast.BinOp(side, ast.Pow(), ast.Constant(2)))
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and _whole(node.right) == 2:
                yield _edit("wrong-power", "no square", node, node.left)
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                for factor in (2, 0.5):
                    right = ast.BinOp(ast.Constant(factor), ast.Mult(), node.right)
                    yield _edit("missing-factor", f"factor {factor}", node, ast.BinOp(node.left, ast.Div(), right))
                square = ast.BinOp(node.right, ast.Mult(), node.right)
                yield _edit("wrong-power", "square", node, ast.BinOp(node.left, ast.Div(), square))


def _is_square(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and _whole(node.right) == 2


def _signs(found: FieldProgram) -> Iterator[Mending]:
    """A plus for a minus, and the other way; a whole result with the other sign."""
    for statement in _statements(found):
        for node in ast.walk(statement):
            if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
                other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
                yield _edit("sign", "plus or minus", node, ast.BinOp(node.left, other, node.right))
    results = {output.name for output in found.outputs}
    for statement in _statements(found):
        last = isinstance(statement, ast.Return) or (
            isinstance(statement, ast.Assign) and bool(set().union(*map(names_in, statement.targets)) & results)
        )
        value = statement.value if isinstance(statement, (ast.Assign, ast.Return)) and last else None
        for item in value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value] if value else []:
            yield _edit("sign", "minus", item, ast.UnaryOp(ast.USub(), item))


def _names(found: FieldProgram) -> Iterator[Mending]:
    """A name in place of another of the same kind: the derivative of the other component, by the other coordinate."""
    values = found.run.names
    outputs = {output.name for output in found.outputs if output.what != "partial"}
    slopes = [output.name for output in found.outputs if output.what == "partial"]

    def alike(name: str) -> list[str]:
        """Arrays of the same shape, derivatives first."""
        value = values.get(name)
        fitting = [
            other
            for other, array in values.items()
            if isinstance(value, np.ndarray) and isinstance(array, np.ndarray) and other != name
            and other not in outputs and (array.shape, array.dtype) == (value.shape, value.dtype)
        ]  # fmt: skip
        return sorted(fitting, key=lambda other: other not in slopes)

    for statement in _statements(found):
        if not isinstance(statement, ast.Assign):
            continue
        held = sorted(name for name in names_in(statement.value) if isinstance(values.get(name), np.ndarray))
        for a, b in combinations(held, 2):
            if b in alike(a):
                changes: dict[ast.AST, ast.AST] = {
                    node: ast.Name(b if node.id == a else a, ast.Load())
                    for node in ast.walk(statement.value)
                    if isinstance(node, ast.Name) and node.id in (a, b)
                }
                yield _edit("component", f"{a} and {b}", statement.value, rebuilt(statement.value, changes))
        for node in ast.walk(statement.value):
            if isinstance(node, ast.Name):
                for other in list(alike(node.id))[:12]:
                    yield _edit("component", f"{node.id} to {other}", node, ast.Name(other, ast.Load()))
        if isinstance(statement.value, ast.BinOp):
            yield from _both(statement.value, alike)


def _both(node: ast.BinOp, alike: Callable[[str], Sequence[str]]) -> Iterator[Mending]:
    """Other names on both sides of a sum of two."""
    if isinstance(node.left, ast.Name) and isinstance(node.right, ast.Name):
        for a, b in product(alike(node.left.id)[:6], alike(node.right.id)[:6]):
            new = ast.BinOp(ast.Name(a, ast.Load()), node.op, ast.Name(b, ast.Load()))
            yield _edit("component", f"{a} with {b}", node, new)
