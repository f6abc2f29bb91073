"""Functions of a program as formulas: what they return with their assignments, and functions they call, put in."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

DEEP = 6  # functions inside one another


@dataclass(slots=True)
class ProgramFunctions:
    """The functions of a program by name, and the numbers it has bound."""

    tree: ast.Module
    numbers: dict[str, float] = field(default_factory=dict)

    def find(self, expression: ast.expr) -> ast.Lambda | ast.FunctionDef | None:
        """The function that an expression names or is; the last of its name."""
        if isinstance(expression, ast.Lambda):
            return expression
        found: ast.Lambda | ast.FunctionDef | None = None
        name = expression.id if isinstance(expression, ast.Name) else ""
        for node in ast.walk(self.tree) if name else ():
            if isinstance(node, ast.FunctionDef) and node.name == name:
                found = node
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
                found = node.value if name in names else found
        return found

    def returned(self, function: ast.Lambda | ast.FunctionDef, deep: int = 0) -> ast.expr | None:
        """What a function of plain assignments returns, with these and the functions it calls put in; else None."""
        if isinstance(function, ast.Lambda):
            return self._inlined(function.body, deep)
        local: dict[str, ast.expr] = {}
        for node in function.body:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                continue
            if isinstance(node, ast.Return) and node.value is not None:
                return self._inlined(put_in(node.value, local), deep)
            if not isinstance(node, ast.Assign) or len(node.targets) != 1:
                return None
            target = node.targets[0]
            if isinstance(target, ast.Tuple) and _unpacks(target, node.value):
                continue  # a, b, c = p: the names are the parameters
            if not isinstance(target, ast.Name):
                return None
            local[target.id] = put_in(node.value, local)
        return None

    def unpacked(self, function: ast.Lambda | ast.FunctionDef) -> list[str]:
        """The names into which a function takes its vector of parameters apart, in order."""
        for node in function.body if isinstance(function, ast.FunctionDef) else ():
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                return [item.id for item in node.targets[0].elts if isinstance(item, ast.Name)]
        return []

    def form(self, function: ast.expr, count: int | None = None) -> str:
        """A model function as a formula with a head, `f(x, a, b) = a*x + b`; "" when it is more than that.

        `count` is the number of parameters where they come as `*p`.
        """
        node = self.find(function)
        body = self.returned(node) if node else None
        if node is None or body is None or node.args.kwonlyargs:
            return ""
        arguments = [argument.arg for argument in node.args.args]
        if node.args.vararg:
            names = self.unpacked(node)
            vector = node.args.vararg.arg
            body = _Elements(vector).visit(body)
            arguments += names or [f"{vector}{i}" for i in range(count or 0)]
        return self.head(arguments, body)

    def head(self, arguments: Sequence[str], body: ast.expr) -> str:
        """A formula with its head; numbers of the program are put in for names that are no arguments."""
        numbers = {k: ast.Constant(v) for k, v in self.numbers.items() if k not in arguments}
        return f"f({', '.join(arguments)}) = {ast.unparse(put_in(body, numbers))}"

    def _inlined(self, expression: ast.expr, deep: int) -> ast.expr:
        made: ast.expr = _CallsPutIn(self, deep).visit(copy.deepcopy(expression)) if deep < DEEP else expression
        return made


def residual_form(
    functions: ProgramFunctions, function: ast.expr, given: Sequence[str], data: set[str]
) -> tuple[str, str, str] | None:
    """The model in a function of residuals, model less data or data less model: its form, and the names of x and y.

    Args:
        functions: of the program.
        function: the one that is minimised.
        given: names of what its further arguments are given.
        data: names that are arrays of samples.
    """
    node = functions.find(function)
    body = functions.returned(node) if node else None
    if node is None or body is None or not node.args.args:
        return None
    vector, *others = [argument.arg for argument in node.args.args]
    meant = dict(zip(others, given, strict=False))
    body = _Elements(vector).visit(put_in(body, {k: ast.Name(v, ast.Load()) for k, v in meant.items()}))
    body = _difference(body)
    if not isinstance(body, ast.BinOp) or not isinstance(body.op, ast.Sub):
        return None
    sides = [(body.right, body.left), (body.left, body.right)]
    y, model = next(((y, m) for y, m in sides if isinstance(y, ast.Name) and y.id in data), (None, None))
    if not isinstance(y, ast.Name) and isinstance(body.left, ast.BinOp):
        return None
    if not isinstance(y, ast.Name) or model is None:
        return None
    used = list(dict.fromkeys(n.id for n in ast.walk(model) if isinstance(n, ast.Name)))
    x = next((name for name in used if name in data and name != y.id), None)
    if x is None:
        return None
    elements = sorted(
        {n for n in used if n.startswith(vector) and n[len(vector) :].isdigit()}, key=lambda n: int(n[len(vector) :])
    )
    names = functions.unpacked(node) or elements
    return functions.head([x, *names], model), x, y.id


def _difference(body: ast.expr) -> ast.expr:
    """The residual in its sum of squares, its norm, or weighed: sum((model - y)**2), (model - y)/sigma."""
    while True:
        if isinstance(body, ast.Call) and len(body.args) == 1 and _last(body.func) in ("sum", "mean", "norm", "square"):
            body = body.args[0]
        elif isinstance(body, ast.BinOp) and isinstance(body.op, ast.Div | ast.Pow):
            body = body.left
        else:
            return body


def _last(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def put_in(expression: ast.expr, meaning: dict[str, Any]) -> ast.expr:
    """The expression with names replaced by what they stand for."""
    made: ast.expr = _Substituted(meaning).visit(copy.deepcopy(expression))
    return made


def _unpacks(target: ast.Tuple, value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and all(isinstance(item, ast.Name) for item in target.elts)


class _Substituted(ast.NodeTransformer):
    """Names replaced by what they stand for."""

    def __init__(self, meaning: dict[str, Any]) -> None:
        self.meaning = meaning

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """What the name stands for, or itself."""
        made: ast.expr = copy.deepcopy(self.meaning.get(node.id, node))
        return made


class _Elements(ast.NodeTransformer):
    """p[2] as p2."""

    def __init__(self, vector: str) -> None:
        self.vector = vector

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """The element as a name of its own."""
        index = node.slice
        if isinstance(node.value, ast.Name) and node.value.id == self.vector and isinstance(index, ast.Constant):
            return ast.Name(f"{self.vector}{index.value!r}", ast.Load())
        return node


class _CallsPutIn(ast.NodeTransformer):
    """Calls of the program's own functions replaced by what they return."""

    def __init__(self, functions: ProgramFunctions, deep: int) -> None:
        self.functions, self.deep = functions, deep

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """What the function returns for these arguments, or the call itself."""
        self.generic_visit(node)
        if _last(node.func) in ("array", "asarray", "float", "float64") and len(node.args) == 1 and not node.keywords:
            return node.args[0]  # the same numbers in another type
        function = self.functions.find(node.func) if isinstance(node.func, ast.Name) else None
        body = self.functions.returned(function, self.deep + 1) if function else None
        if function is None or body is None:
            return node
        names = [argument.arg for argument in function.args.args]
        given = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
        return put_in(body, dict(zip(names, given, strict=False)))
