"""A program on fields as it ran: its coordinates, its fields, and what it computes of them, by the names it gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.labs.decompose.program.naming import LETTERS, field_in, field_place, intent
from nabla.program.run import Run
from nabla.program.source import called

# Calls that take derivatives or transforms of what stands first in them.
TAKING = frozenset(
    "gradient diff roll fft fft2 fftn rfft rfft2 rfftn dct dctn convolve convolve2d laplace sobel".split()
)
STACKING = frozenset("array asarray stack vstack dstack".split())
# What stands behind the names of components in those of parts.
_ENDINGS = (("S", "s sol rot df"), ("H", "c irr pot cf"))


@dataclass(frozen=True)
class FieldPart:
    """A component of a field, or a scalar: the expression of the program that makes it, and its place (-1: scalar)."""

    name: str
    node: ast.expr
    statement: ast.stmt
    place: int


@dataclass(frozen=True)
class Output:
    """A result of the program that its name says the meaning of; `place` is its component, None for all or none.

    `sign` is -1 for those of minus a gradient, as E = -∇V has it.
    """

    name: str
    what: str
    place: int | None = None
    of: str = ""
    sign: int = 1


@dataclass(eq=False)
class FieldProgram:
    """What a run says about a program that works on fields; `lines` of it are the asker's, those below call it.

    `skipped` are results whose truth is not known here; `guessed`, that names do not tell what the results are meant to
    be, and a sum of derivatives was taken for a divergence, a difference for a curl.
    """

    tree: ast.Module
    run: Run
    lines: int = 10**6
    coordinates: dict[str, ast.expr] = field(default_factory=dict)
    parts: list[FieldPart] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    guessed: bool = False

    @property
    def spectral(self) -> bool:
        """Whether it uses Fourier transforms."""
        return any(name.lstrip("ir").startswith(("fft", "dct")) for name in _called_names(self.tree))

    @property
    def letters(self) -> list[str]:
        """The coordinates in the order x, y, z."""
        return [letter for letter in LETTERS if letter in self.coordinates]


def _called_names(tree: ast.AST) -> set[str]:
    return {called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def names_in(node: ast.AST) -> set[str]:
    """The names read in a stretch of a program."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def functions_of(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.Lambda]]:
    """The functions of a program with their names: by def, and by lambda."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Lambda)
            and isinstance(node.targets[0], ast.Name)
        ):
            yield node.targets[0].id, node.value


def read_program(tree: ast.Module, run: Run) -> FieldProgram | None:
    """The parts of a program that can be put to the test; None where fields, coordinates or results are missing."""
    found = FieldProgram(tree, run)
    classes = [(node.name, node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    taking = TAKING | {name for name, node in [*functions_of(tree), *classes] if _called_names(node) & TAKING or any(
        isinstance(part, ast.Subscript) and _neighbours(part.slice) for part in ast.walk(node))}  # fmt: skip
    given = list(_given(found))
    candidates = list(_candidates(found, taking)) or given
    used = _taken(tree, taking, candidates) | {part.name for part in given}
    chosen = [part for part in candidates if part.name in used]
    found.parts = _placed(chosen)
    letters = {letter for part in chosen for letter, _ in _atoms(part.node, run.names)}
    found.coordinates = {letter: node for letter, node in found.coordinates.items() if letter in letters}
    if not found.parts or not _spans_its_grid(found):
        return None
    found.outputs = list(_outputs(found))
    if not found.outputs and len(found.parts) == len(found.letters):
        found.outputs, found.guessed = list(_by_form(found, taking)), True
    return found if found.outputs else None


def _spans_its_grid(found: FieldProgram) -> bool:
    """Whether each axis of the field has a coordinate, those of the grid that no component holds taken in."""
    made = np.asarray(found.run.names[found.parts[0].name]) if found.parts[0].name in found.run.names else None
    axes = 2 if made is None else made.ndim - (len(found.parts) > 1 and found.parts[0].name == found.parts[-1].name)
    for name, value in found.run.names.items():
        if len(found.coordinates) < axes and np.ndim(value) == axes and (letter := _letter(name, value)):
            found.coordinates.setdefault(letter, ast.Name(name, ast.Load()))
    return len(found.coordinates) >= max(axes, 2)


def _letter(name: str, value: Any) -> str:
    """The coordinate that a name stands for: an array of real numbers that changes evenly along one axis."""
    letters = {c for c in name.lower() if c in LETTERS}
    if (
        len(letters) != 1
        or name[0].lower() not in letters
        or not isinstance(value, np.ndarray)
        or value.dtype.kind not in "fi"
        or value.size < 3
    ):
        return ""
    steps = [np.diff(value, axis=axis) for axis in range(value.ndim)]
    moving = [step for step in steps if step.size and np.any(np.abs(step) > 1e-12 * (1 + np.abs(value).max()))]
    if len(moving) != 1 or not (np.all(moving[0] > 0) or np.all(moving[0] < 0)):
        return ""
    return letters.pop()


def _atoms(node: ast.expr, names: dict[str, Any]) -> Iterator[tuple[str, ast.expr]]:
    """The coordinates in an expression, each as it is written there: X, or x[:, None]."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        indexed = isinstance(node.slice, ast.Name) and np.ndim(names.get(node.value.id, 0)) == 1  # x[i], in a loop
        if not indexed and not any(isinstance(part, ast.Slice) for part in ast.walk(node.slice)):
            return
        letter = _letter(node.value.id, names.get(node.value.id))
        if letter:
            yield letter, node
        return
    if isinstance(node, ast.Name):
        letter = _letter(node.id, names.get(node.id))
        if letter:
            yield letter, node
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _atoms(child, names)


def _candidates(found: FieldProgram, taking: frozenset[str] | set[str]) -> Iterator[FieldPart]:
    """Arrays on the grid that are made of coordinates alone, whole or point by point in loops."""
    names = found.run.names
    for statement in found.tree.body:
        for name, node in _made_in(statement):
            if _called_names(node) & taking:
                continue
            made = names.get(name)
            atoms = list(_atoms(node, names))
            if isinstance(made, (list, tuple)) and all(isinstance(each, np.ndarray) for each in made) and len(made) < 4:
                made = np.asarray(made) if len({each.shape for each in made}) == 1 else None
            if not atoms or not isinstance(made, np.ndarray) or made.ndim < 2 or called(node) in ("meshgrid",):
                continue
            if any(part in ("reshape", "ravel") for part in _called_names(node)) or _letter(name, made):
                continue
            for letter, atom in atoms:
                found.coordinates.setdefault(letter, atom)
            parts = elements(node)
            for place, element in enumerate(parts):
                yield FieldPart(name, element, statement, place if len(parts) > 1 else -1)


def _made_in(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Names with what they are assigned: whole, or at a point of loops, u[i, j] = x[i] * y[j]."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        yield from _pairs(statement.targets[0], statement.value)
    for node in ast.walk(statement) if isinstance(statement, ast.For) else ():
        if not isinstance(node, ast.Assign):
            continue
        target = node.targets[0]
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            yield target.value.id, node.value


def _given(found: FieldProgram) -> Iterator[FieldPart]:
    """Fields that are written where a function of the program is called: curl(-Y, X, dx, dy)."""
    functions = {node.name: node for node in found.tree.body if isinstance(node, ast.FunctionDef)}
    for statement in found.tree.body:
        value = statement.value if isinstance(statement, ast.Assign) else None
        if not isinstance(value, ast.Call) or called(value) not in functions:
            continue
        for parameter, node in zip(functions[called(value)].args.args, value.args, strict=False):
            atoms = list(_atoms(node, found.run.names))
            if atoms and field_place(parameter.arg) >= 0 and parameter.arg[0].lower() not in LETTERS:
                for letter, atom in atoms:
                    found.coordinates.setdefault(letter, atom)
                yield FieldPart(parameter.arg, node, statement, -1)


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
    """Names and what they are assigned; several from a call share it."""
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    if isinstance(target, (ast.Tuple, ast.List)) and all(isinstance(t, ast.Name) for t in target.elts):
        targets = [t.id for t in target.elts if isinstance(t, ast.Name)]
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(targets):
            return list(zip(targets, value.elts, strict=True))
    return []


def elements(node: ast.expr) -> list[ast.expr]:
    """The components that a list or a stack is made of; the expression itself otherwise."""
    inner = node.args[0] if isinstance(node, ast.Call) and called(node) in STACKING and node.args else node
    return list(inner.elts) if isinstance(inner, (ast.List, ast.Tuple)) and 2 <= len(inner.elts) <= 3 else [node]


def _taken(tree: ast.Module, taking: set[str] | frozenset[str], candidates: Sequence[FieldPart]) -> set[str]:
    """The candidates that derivatives or transforms are taken of, also under other names."""
    made: dict[str, set[str]] = {part.name: {part.name} for part in candidates}
    used: set[str] = set()

    def roots(node: ast.AST) -> set[str]:
        return set().union(*(made.get(name, set()) for name in names_in(node)))

    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and called(node) in taking:
                for argument in node.args if called(node) not in ("gradient", "diff", "roll") else node.args[:1]:
                    used |= roots(argument)
            elif isinstance(node, ast.Subscript) and _neighbours(node.slice):
                used |= roots(node.value)
        if isinstance(statement, ast.Assign) and not _called_names(statement.value) & taking:
            for target in statement.targets:
                for name in names_in(target) - set(made):
                    made[name] = roots(statement.value)
    return used


def _neighbours(index: ast.expr) -> bool:
    """Whether an index takes points beside others: a slice that is cut, or i + 1."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    return any(isinstance(p, ast.BinOp) or (isinstance(p, ast.Slice) and (p.lower or p.upper)) for p in parts)


def _placed(parts: Sequence[FieldPart]) -> list[FieldPart]:
    """The parts with the components that their names tell; a single one is a scalar."""
    if all(part.place >= 0 for part in parts):
        return list(parts) if len({part.name for part in parts}) == 1 else []
    if len(parts) == 1:
        return list(parts)
    told = [field_place(part.name) for part in parts]
    if sorted(told) != list(range(len(parts))):
        return []
    return [FieldPart(part.name, part.node, part.statement, place) for part, place in zip(parts, told, strict=True)]


def _outputs(found: FieldProgram) -> Iterator[Output]:
    """The results whose names say what they are meant to be."""
    seen: set[str] = set()
    stopped = found.run.raised is not None  # what comes behind has no values yet
    own = {part.name for part in found.parts}
    scalar = len(found.parts) == 1 and found.parts[0].place < 0
    waves = _inverted(found.tree)
    slopes = {output.name: output for output in _slopes(found)} if scalar else {}
    sign = next((output.sign for output in slopes.values()), 0)
    for statement in found.tree.body:
        if not isinstance(statement, ast.Assign):
            continue
        function = called(statement.value) if isinstance(statement.value, ast.Call) else ""
        for target in statement.targets:
            listed = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
            for node in listed:
                name = node.id if isinstance(node, ast.Name) else ""
                made = found.run.names.get(name)
                if name in waves or name in own or name in seen or not (_is_result(made) or (made is None and stopped)):
                    continue
                what, place = intent(name, scalar, own)
                if not what and len(listed) == 1 and function:
                    what, place = intent(function, scalar, own)
                if not what and name in slopes:
                    seen.add(name)
                    yield slopes[name]
                elif what == "divergence" and sign and len(slopes) == len(found.letters):
                    seen.add(name)
                    yield Output(name, "laplacian", sign=sign)
                    continue
                if what in ("divergence", "curl") and scalar:  # of a field that is made of the scalar
                    found.skipped.append(name)
                    continue
                stacked = isinstance(made, np.ndarray) and made.ndim > len(found.letters)
                if stacked or (what == "curl" and len(found.letters) < 3):
                    place = None
                if what:
                    seen.add(name)
                    yield Output(name, what, place, field_in(name, own))
    if found.spectral and not scalar:
        yield from _suffixed(found, seen, waves)


_SLOPE = re.compile(r"(?:(E)|[FGg]|grad)_?([xyz])")


def _slopes(found: FieldProgram) -> Iterator[Output]:
    """The components of a gradient of the scalar, or of minus that: Fx, gy, and Ex, Ey, which have the minus."""
    made: set[str] = set()  # by a gradient, or of what is
    for statement in found.tree.body:
        if not isinstance(statement, ast.Assign):
            continue
        listed = statement.targets[0].elts if isinstance(statement.targets[0], ast.Tuple) else statement.targets
        names = [node.id for node in listed if isinstance(node, ast.Name)]
        if "gradient" not in _called_names(statement.value) and not names_in(statement.value) & made:
            continue
        made |= set(names)
        turned = sum(isinstance(node, ast.USub) for node in ast.walk(statement.value)) % 2
        for name in names:
            if (slope := _SLOPE.fullmatch(name)) and _is_result(found.run.names.get(name)):
                sign = -1 if slope[1] or turned else 1
                yield Output(name, "partial", LETTERS.index(slope[2]), found.parts[0].name, sign)


def _by_form(found: FieldProgram, taking: set[str] | frozenset[str]) -> Iterator[Output]:
    """Sums and differences of derivatives, whatever their names are; those of plain names or calls on both sides."""
    for statement in found.tree.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        value, name = statement.value, statement.targets[0].id
        if not isinstance(value, ast.BinOp) or not isinstance(value.op, (ast.Add, ast.Sub)):
            continue
        if all(_called_names(side) & taking for side in (value.left, value.right)) and _is_result(
            found.run.names.get(name)
        ):
            what = "divergence" if isinstance(value.op, ast.Add) else "curl"
            yield Output(name, what, field_place(name) if what == "curl" and len(found.letters) == 3 else None)


def _inverted(tree: ast.Module) -> set[str]:
    """Names of transforms, which an inverse transform is taken of, and the empty name."""
    held = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node).startswith("i")
            and called(node)[1:] in TAKING)  # fmt: skip
    return {"", *(name for call in held for argument in call.args[:1] for name in names_in(argument))}


def _suffixed(found: FieldProgram, seen: set[str], waves: set[str]) -> Iterator[Output]:
    """Parts of all components, named by them: us and vs, u_irr and v_irr."""
    parts = {part.name: part.place for part in found.parts}
    for what, endings in _ENDINGS:
        for ending in endings.split():
            for between in ("", "_"):
                names = {f"{name}{between}{ending}": place for name, place in parts.items()}
                if (
                    len(names) > 1
                    and not (seen | waves) & set(names)
                    and all(_is_result(found.run.names.get(n)) for n in names)
                ):
                    yield from (Output(name, what, place) for name, place in names.items())


def _is_result(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim >= 2 and value.dtype.kind in "fc"
