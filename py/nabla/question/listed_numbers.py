"""The lists of numbers that a program assigns, as data."""

from __future__ import annotations

import ast

LISTED = 8  # numbers of a list in a program that does more than hold data
_MAKERS = {"linspace", "arange", "array", "asarray", "tensor", "Series", "range"}
_HELD = 3  # numbers of a list in a program that holds data only


def numbers_in(code: str) -> str:
    """The lists of numbers that a program assigns, as `name = [...]`, with the ranges beside them; "" for none."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    least = _HELD if all(map(_holds, tree.body)) else LISTED
    found, numbers = [], 0
    for node in tree.body:
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)):
            continue
        value = node.value
        maker = _called(value)
        inner = value.args[0] if isinstance(value, ast.Call) and value.args and maker in _MAKERS else value
        listed = inner.elts if isinstance(inner, ast.List | ast.Tuple) else []
        rows = [row.elts for row in listed if isinstance(row, ast.Tuple | ast.List)]
        paired = len(rows) == len(listed) and all(len(row) == 2 and all(map(_is_number, row)) for row in rows)
        if len(listed) >= least and (paired or all(map(_is_number, listed))):
            found.append(f"{node.targets[0].id} = {ast.unparse(inner)}")
            numbers += len(listed)
        elif maker in ("linspace", "arange") and isinstance(value, ast.Call) and all(map(_is_number, value.args)):
            found.append(f"{node.targets[0].id} = {ast.unparse(value)}")
    return "\n".join(found) if numbers >= least else ""


def holds_data_only(code: str) -> bool:
    """Whether a program assigns lists of numbers, and computes nothing from them."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(numbers_in(code)) and all(map(_holds, tree.body))


def _holds(node: ast.stmt) -> bool:
    """Whether a statement imports something, or assigns numbers as they stand."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if not isinstance(node, ast.Assign):
        return False
    calls = [part for part in ast.walk(node.value) if isinstance(part, ast.Call)]
    used = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
    return all(_called(call) in _MAKERS or _is_number(call) for call in calls) and used <= {"np", "numpy", "range"}


def _called(node: ast.expr) -> str:
    """The last name of what an expression calls, "" where it is no call."""
    call = node.func if isinstance(node, ast.Call) else None
    return call.attr if isinstance(call, ast.Attribute) else call.id if isinstance(call, ast.Name) else ""


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _is_number(node.operand)
    if isinstance(node, ast.Call) and len(node.args) == 1 and ast.unparse(node.func).startswith(("np.float", "np.int")):
        return _is_number(node.args[0])  # np.float64(0.3), as NumPy 2 prints a number
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)
