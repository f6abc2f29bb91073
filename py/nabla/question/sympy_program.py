"""The derivative that a program of SymPy asks for, its function written out as one formula."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from nabla.errors import UserError
from nabla.question.filled import Filled
from nabla.question.roles import RoleReading

_SYMBOLS = ("Symbol", "symbols", "var")


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
            found = next((part for part in ast.walk(node) if isinstance(part, ast.Call) and _is_diff(part)), found)
        if found is None:
            continue
        _check_symbols(known)
        body, variables = _differentiated(found, known)
        if body is None or _is_class(body, known):
            continue
        inputs = {"f": _text(_written_out(body, known))} | ({"wrt": ",".join(variables)} if variables else {})
        return Filled(inputs, tuple(piece.span for piece in program.pieces))
    return None


def _differentiated(call: ast.Call, known: Mapping[str, ast.expr]) -> tuple[ast.expr | None, list[str]]:
    """What a call differentiates, and by what in turn; derivatives of derivatives counted together."""
    own = isinstance(call.func, ast.Attribute) and not (
        isinstance(call.func.value, ast.Name) and call.func.value.id in ("sp", "sympy", "sym", "sy")
    )
    first = call.func.value if own and isinstance(call.func, ast.Attribute) else call.args[0] if call.args else None
    variables: list[str] = []
    for argument in call.args[0 if own else 1 :]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, int) and variables:
            variables += [variables[-1]] * (argument.value - 1)
        elif isinstance(argument, ast.Name):
            variables.append(_symbol(argument.id, known))
    named = known.get(first.id) if isinstance(first, ast.Name) else first
    if isinstance(named, ast.Call) and _is_diff(named):
        body, before = _differentiated(named, known)
        return body, before + variables
    return first, variables


def _symbol(name: str, known: Mapping[str, ast.expr]) -> str:
    """The name that a symbol has for SymPy, as `x` in `x1 = Symbol('x')`."""
    value = known.get(name)
    if (
        isinstance(value, ast.Call)
        and value.args
        and isinstance(value.args[0], ast.Constant)
        and _called(value) in _SYMBOLS
    ):
        text = str(value.args[0].value)
        return text if text.isidentifier() else name
    return name


def _check_symbols(known: Mapping[str, ast.expr]) -> None:
    """Refuse two symbols of one name with different assumptions: for SymPy one is a constant for the other.

    Raises:
        UserError: "not-covered".
    """
    made: dict[str, str] = {}
    for name, value in known.items():
        if isinstance(value, ast.Call) and _called(value) == "Symbol":
            symbol, text = _symbol(name, known), ast.unparse(value)
            if made.setdefault(symbol, text) != text:
                message = f"{made[symbol]} and {text} are two symbols for SymPy, and neither changes with the other."
                hint = "With one of them in both places the derivative is that of the formula."
                raise UserError("not-covered", message, hint=hint)


def _is_class(body: ast.expr, known: Mapping[str, ast.expr]) -> bool:
    """Whether it is a function without its argument, `f = Function('f')`, which SymPy cannot differentiate."""
    value = known.get(body.id) if isinstance(body, ast.Name) else None
    return isinstance(value, ast.Call) and _called(value) == "Function"


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(node: ast.expr) -> str:
    """A formula as text; that of `sympify("x^2")` is what stands in it."""
    if isinstance(node, ast.Call) and _called(node) in ("sympify", "S", "parse_expr", "simplify") and node.args:
        inner = node.args[0]
        return inner.value if isinstance(inner, ast.Constant) and isinstance(inner.value, str) else ast.unparse(inner)
    return ast.unparse(node)


def _is_diff(call: ast.Call) -> bool:
    name = _called(call)
    owner = call.func.value.id if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) else ""
    return name in ("diff", "Derivative") and owner not in ("np", "numpy", "jnp", "torch")


def _written_out(node: ast.expr, known: Mapping[str, ast.expr], depth: int = 0) -> ast.expr:
    """An expression with the names that were assigned formulas replaced, symbols left as they are."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            value = known.get(name.id)
            if isinstance(value, ast.Call) and _called(value) in (*_SYMBOLS, "Function"):
                return ast.Name(_symbol(name.id, known))
            if value is None or depth > 8:
                return name
            return _written_out(value, known, depth + 1)

    copied: ast.expr = Put().visit(ast.parse(ast.unparse(node), mode="eval").body)
    return copied
