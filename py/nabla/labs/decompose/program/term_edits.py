"""Changes to the terms of a result: factors and powers, signs, and names for others of their kind."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product

import numpy as np

from nabla.labs.decompose.program.difference_edits import steps
from nabla.labs.decompose.program.mending import Mending, edit, rebuilt, statements, targets_of, whole
from nabla.labs.decompose.program.reading import FieldProgram, elements, names_in

# Letters that stand for each other in names: of coordinates, components, indices.
TWINS = {a: set(group) - {a} for group in ("xyz", "uvw", "ijk", "pq", "XYZ", "UVW", "012", "123") for a in group}


_USUAL: dict[str, type[ast.operator]] = {"curl": ast.Sub, "divergence": ast.Add}
_STEP = re.compile(r"(?:d|h|delta_?)_?[xyz]", re.IGNORECASE)  # the name of a spacing


def term_edits(found: FieldProgram) -> Iterator[Mending]:
    """The changes, the likelier kinds first."""
    for maker in (_factors, _signs, _names):
        yield from maker(found)


def _factors(found: FieldProgram) -> Iterator[Mending]:
    """Powers and factors of two in what leads to the results; a step squared or not."""
    for statement in statements(found):
        for node in ast.walk(statement):
            if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
                for side, other in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(side, ast.Name) and _is_square(other):
                        yield edit("wrong-power", "square", side, ast.BinOp(side, ast.Pow(), ast.Constant(2)))
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and whole(node.right) == 2:
                yield edit("wrong-power", "no square", node, node.left)
                if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Add):  # (kx + ky)**2
                    squares = (ast.BinOp(part, ast.Pow(), node.right) for part in (node.left.left, node.left.right))
                    first, second = squares
                    yield edit("wrong-power", "squares", node, ast.BinOp(first, ast.Add(), second))
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                for factor in (2, 0.5):
                    right = ast.BinOp(ast.Constant(factor), ast.Mult(), node.right)
                    yield edit("missing-factor", f"factor {factor}", node, ast.BinOp(node.left, ast.Div(), right))
                if isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Mult):
                    for part in (node.right.left, node.right.right):
                        yield edit("extra-factor", "a factor less", node, ast.BinOp(node.left, ast.Div(), part))
                square = ast.BinOp(node.right, ast.Mult(), node.right)
                yield edit("wrong-power", "square", node, ast.BinOp(node.left, ast.Div(), square))
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and (number := whole(node.left)):
                for count in {2 * number, number // 2} - {0}:
                    kind = "missing-factor" if count > number else "extra-factor"
                    yield edit(kind, f"{count}", node, ast.BinOp(ast.Constant(count), ast.Mult(), node.right))
        yield from _steps_left_out(found, statement)


def _steps_left_out(found: FieldProgram, statement: ast.stmt) -> Iterator[Mending]:
    """A result that is to be divided by the spacing, or by its square."""
    spacing, results = steps(found), {output.name for output in found.outputs}
    if not isinstance(statement, ast.Assign) or spacing is None or np.ptp(spacing) > 1e-9 * abs(spacing[0]):
        return
    divided = (isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div) for s in statements(found) for n in ast.walk(s))
    if not any(divided) and any(isinstance(target, ast.Name) and target.id in results for target in statement.targets):
        for power in (1, 2):
            number = ast.Constant(round(spacing[0] ** power, 14))
            yield edit("spacing", f"over step {power}", statement.value, ast.BinOp(statement.value, ast.Div(), number))


def _is_square(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and whole(node.right) == 2


def _signs(found: FieldProgram) -> Iterator[Mending]:
    """A plus for a minus, and the other way; a whole result with the other sign.

    A curl that is a difference and a divergence that is a sum have the sign that they should have: what they are made
    of is suspected first.
    """
    usual = {output.name: _USUAL[output.what] for output in found.outputs if output.what in _USUAL}
    later = []
    for statement in statements(found):
        named = set().union(*map(names_in, targets_of(statement)))
        for node in ast.walk(statement):
            if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
                other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
                made = edit("sign", "plus or minus", node, ast.BinOp(node.left, other, node.right))
                if node is statement.value and any(isinstance(node.op, usual[name]) for name in named & set(usual)):
                    later.append(made)
                else:
                    yield made
    yield from _turned(found)
    yield from later


def _turned(found: FieldProgram) -> Iterator[Mending]:
    """The other sign for what a statement makes, those of the results first: a difference the other way round."""
    results = {output.name for output in found.outputs}
    made = statements(found)
    last = [s for s in made if isinstance(s, ast.Return) or set().union(*map(names_in, targets_of(s))) & results]
    for statement in [*last, *(s for s in made if s not in last)]:
        value = statement.value.body if isinstance(statement.value, ast.Lambda) else statement.value
        for item in elements(value) if value else []:
            turned: ast.expr = ast.UnaryOp(ast.USub(), item)
            if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Sub):
                turned = ast.BinOp(item.right, ast.Sub(), item.left)
            yield edit("sign", "minus", item, turned)


def _names(found: FieldProgram) -> Iterator[Mending]:
    """A name in place of another of the same kind: the derivative of the other component, by the other coordinate."""
    values = found.run.names
    outputs = {output.name for output in found.outputs if output.what != "partial"}
    slopes = [output.name for output in found.outputs if output.what == "partial"]

    def alike(name: str) -> list[str]:
        """Arrays of the same shape, derivatives first."""
        value = values.get(name)
        if not isinstance(value, np.ndarray):
            return []
        fitting = [
            other
            for other, array in values.items()
            if isinstance(array, np.ndarray) and other != name
            and other not in outputs and (array.shape, array.dtype) == (value.shape, value.dtype)
        ]  # fmt: skip
        return sorted(fitting, key=lambda other: other not in slopes)

    known = names_in(found.tree) | {node.arg for node in ast.walk(found.tree) if isinstance(node, ast.arg)}
    for statement in statements(found):
        if statement.value is None:
            continue
        yield from _exchanged(statement.value, alike)
        for node in ast.walk(statement.value):
            if isinstance(node, ast.Name):
                for other in dict.fromkeys([*(_twins(node.id) & known), *list(alike(node.id))[:12]]):
                    kind = "spacing" if _STEP.fullmatch(node.id) and _STEP.fullmatch(other) else "component"
                    yield edit(kind, f"{node.id} to {other}", node, ast.Name(other, ast.Load()))
        if isinstance(statement.value, ast.BinOp):
            yield from _both(statement.value, alike)


def _twins(name: str) -> set[str]:
    """The names with another coordinate, component or index in one place."""
    return {name[:i] + other + name[i + 1 :] for i, c in enumerate(name) for other in TWINS.get(c, ())}


def _exchanged(value: ast.expr, alike: Callable[[str], Sequence[str]]) -> Iterator[Mending]:
    """Two names for each other, wherever they stand in an expression."""
    for a, b in combinations(sorted(names_in(value)), 2):
        if b in alike(a):
            changes: dict[ast.AST, ast.AST] = {
                node: ast.Name(b if node.id == a else a, ast.Load())
                for node in ast.walk(value) if isinstance(node, ast.Name) and node.id in (a, b)
            }  # fmt: skip
            new = rebuilt(value, changes)
            yield edit("component", f"{a} and {b}", value, new)


def _both(node: ast.BinOp, alike: Callable[[str], Sequence[str]]) -> Iterator[Mending]:
    """Other names on both sides of a sum of two."""
    if isinstance(node.left, ast.Name) and isinstance(node.right, ast.Name):
        for a, b in product(alike(node.left.id)[:6], alike(node.right.id)[:6]):
            new = ast.BinOp(ast.Name(a, ast.Load()), node.op, ast.Name(b, ast.Load()))
            yield edit("component", f"{a} with {b}", node, new)
