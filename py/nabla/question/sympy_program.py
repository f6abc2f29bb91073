"""The derivative that a program of SymPy asks for, its function written out as one formula."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from nabla.question.filled import Filled
from nabla.question.roles import RoleReading


def sympy_derivative(reading: RoleReading) -> Filled | None:
    """The last `diff(...)` of a program of SymPy, its function written out from the assignments before it."""
    for program in reversed(reading.programs):
        try:
            tree = ast.parse(program.code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        known: dict[str, ast.expr] = {}
        found: ast.Call | None = None
        for node in tree.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                known[node.targets[0].id] = node.value
            calls = [part for part in ast.walk(node) if isinstance(part, ast.Call) and _is_diff(part)]
            found = calls[-1] if calls else found
        if found is None:
            continue
        own = isinstance(found.func, ast.Attribute) and not (
            isinstance(found.func.value, ast.Name) and found.func.value.id in ("sp", "sympy", "sym", "sy")
        )
        first = (
            found.func.value if own and isinstance(found.func, ast.Attribute) else found.args[0] if found.args else None
        )
        if first is None:
            continue
        body = ast.unparse(_written_out(first, known))
        variables: list[str] = []
        for argument in found.args[0 if own else 1 :]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, int) and variables:
                variables += [variables[-1]] * (argument.value - 1)
            elif isinstance(argument, ast.Name):
                variables.append(argument.id)
        inputs = {"f": body} | ({"wrt": ",".join(variables)} if variables else {})
        return Filled(inputs, tuple(piece.span for piece in program.pieces))
    return None


def _is_diff(call: ast.Call) -> bool:
    name = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    owner = call.func.value.id if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) else ""
    return name in ("diff", "Derivative") and owner not in ("np", "numpy", "jnp", "torch")


def _written_out(node: ast.expr, known: Mapping[str, ast.expr], depth: int = 0) -> ast.expr:
    """An expression with the names that were assigned formulas replaced, symbols left as they are."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            value = known.get(name.id)
            symbol = isinstance(value, ast.Call) and getattr(value.func, "attr", getattr(value.func, "id", "")) in (
                "Symbol",
                "symbols",
                "var",
                "Function",
            )
            if value is None or symbol or depth > 8:
                return name
            return _written_out(value, known, depth + 1)

    copied: ast.expr = Put().visit(ast.parse(ast.unparse(node), mode="eval").body)
    return copied
