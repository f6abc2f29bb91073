"""A program of sympy.vector: its field, and whether its letters are the coordinates of its system."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nabla.errors import UserError
from nabla.labs.decompose.program.mending import rebuilt
from nabla.labs.decompose.program.reading import names_in
from nabla.program.source import called, read

ASKED = {
    "curl": "curl", "divergence": "divergence", "is_conservative": "conservative", "is_solenoidal": "solenoidal",
    "scalar_potential": "potential", "gradient": "gradient",
}  # fmt: skip
COORDINATES = frozenset("xyz")


@dataclass(frozen=True)
class SympyField:
    """The field as formulas with unit vectors, or its potential, and what is asked of it.

    `symbols` is the line that makes them, 0 where all letters are coordinates of the system `system`.
    """

    V: str
    asked: tuple[str, ...]
    system: str
    symbols: int
    line: int
    given: str = "field"


def sympy_field(text: str) -> SympyField | None:
    """The field of a program with CoordSys3D; None for other programs, or where there is none."""
    if "CoordSys3D" not in text:
        return None
    try:
        tree = read(text).tree
    except UserError:
        return None
    systems = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and called(node.value) == "CoordSys3D"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        units = [part for part in ast.walk(node.value) if _of_system(part, systems, "ijk")]
        if len(units) >= 2 and not isinstance(node.value, ast.Call):
            return _found(tree, node, node.value, systems)
    return _scalar(tree, systems)


def _scalar(tree: ast.Module, systems: set[str]) -> SympyField | None:
    """The formula whose gradient is taken, written there or under a name."""
    call = next((n for n in ast.walk(tree) if isinstance(n, ast.Call) and called(n) == "gradient" and n.args), None)
    if call is None or not systems:
        return None
    made = {
        node.targets[0].id: node for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }  # fmt: skip
    inside = call.args[0]
    if isinstance(inside, ast.Name) and inside.id in made and inside.id not in COORDINATES:
        inside = made[inside.id].value
    return _found(tree, call, inside, systems, "potential")


def _of_system(node: ast.AST, systems: set[str], names: str) -> bool:
    return (
        isinstance(node, ast.Attribute) and node.attr in names and isinstance(node.value, ast.Name)
        and node.value.id in systems
    )  # fmt: skip


def _found(
    tree: ast.Module, node: ast.stmt | ast.expr, value: ast.expr, systems: set[str], given: str = "field"
) -> SympyField:
    changes: dict[ast.AST, ast.AST] = {
        part: ast.Name(part.attr, ast.Load())
        for part in ast.walk(value)
        if isinstance(part, ast.Attribute) and _of_system(part, systems, "xyz")
    }
    plain = names_in(value) & COORDINATES
    made = next((line for line, names in _symbols(tree) if names & plain), 0) if plain else 0
    asked = [ASKED[name] for part in ast.walk(tree) if isinstance(part, ast.Call) and (name := called(part)) in ASKED]
    return SympyField(
        ast.unparse(rebuilt(value, changes)),
        tuple(dict.fromkeys(asked)) or ("divergence", "curl"),
        sorted(systems)[0],
        made,
        node.lineno,
        given,
    )


def _symbols(tree: ast.Module) -> list[tuple[int, set[str]]]:
    """The lines that make symbols, and their names."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and called(node.value) in ("symbols", "Symbol", "var"):
            found.append((node.lineno, set().union(*(names_in(target) for target in node.targets))))
    return found
