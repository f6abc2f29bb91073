"""The statements of a training step, those of the functions that do its work in place of their calls."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from nabla.program.source import called

DEEP = 8  # functions inside functions
_BLOCKS = (ast.For, ast.While, ast.If, ast.With, ast.Try)


def functions_of(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions and methods of a program whose name no other has."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(node)
    return {name: nodes[0] for name, nodes in found.items() if len(nodes) == 1}


def _called(node: ast.AST, functions: dict[str, ast.FunctionDef]) -> ast.FunctionDef | None:
    name = called(node)
    private = next((known for known in functions if name.startswith("_") and name.endswith(known)), name)
    return functions.get(name) or functions.get(private)


def _works(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef], depth: int = 0) -> bool:
    """Whether a function changes what it is given, or what is outside it, itself or by those that it calls."""
    for node in ast.walk(function):
        stored = isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store)
        if stored and _root(node) in {arg.arg for arg in function.args.args}:
            return True
        if isinstance(node, ast.Global):
            return True
        inner = _called(node, functions)
        if inner is not None and inner is not function and depth < DEEP and _works(inner, functions, depth + 1):
            return True
    return False


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def body_of(tree: ast.Module, body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements with the calls of functions that work on something outside them replaced by what these do."""
    functions = functions_of(tree)
    working = {name: node for name, node in functions.items() if _works(node, functions)}
    return _expanded(body, working, 0)


def _expanded(body: list[ast.stmt], working: dict[str, ast.FunctionDef], depth: int) -> list[ast.stmt]:
    done: list[ast.stmt] = []
    for node in body:
        function = _called(getattr(node, "value", None) or node, working)
        if function is not None and depth < DEEP:
            inner = [part for part in function.body if not _is_text(part) and not isinstance(part, ast.Return)]
            done += _expanded(inner, working, depth + 1)
            if isinstance(node, ast.Expr):
                continue
        elif isinstance(node, _BLOCKS):
            node = copy.copy(node)
            node.body = _expanded(node.body, working, depth)
        done.append(node)
    return done


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def statements(tree: ast.Module, loop: ast.stmt) -> list[ast.stmt]:
    """The simple statements of a program outside a loop, in their order, with what parameters are given first."""
    return [*_given(tree), *_outside(tree.body, loop)]


def _outside(body: list[ast.stmt], loop: ast.stmt) -> Iterator[ast.stmt]:
    for node in body:
        inner = getattr(node, "body", None)
        if node is loop:
            continue
        if isinstance(inner, list):
            yield from _outside(inner, loop)
            yield from _outside(getattr(node, "orelse", []), loop)
        else:
            yield node


def _given(tree: ast.Module) -> Iterator[ast.stmt]:
    """Defaults and arguments of functions of the program, as assignments to their parameters."""
    functions = functions_of(tree)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    starts = {name: part for name, kind in classes.items() for part in kind.body
              if isinstance(part, ast.FunctionDef) and part.name == "__init__"}  # fmt: skip
    for function in [*functions.values(), *starts.values()]:
        spec = function.args
        yield from _assigned(spec.args[len(spec.args) - len(spec.defaults) :], spec.defaults)
    for node in ast.walk(tree):
        meant = starts.get(called(node)) or _called(node, functions)
        if isinstance(node, ast.Call) and meant is not None:
            own = bool(meant.args.args) and meant.args.args[0].arg == "self"
            yield from _assigned(meant.args.args[own:], node.args)
            for word in node.keywords:
                yield from _assigned([ast.arg(str(word.arg))], [word.value])


def _assigned(parameters: list[ast.arg], values: list[ast.expr]) -> Iterator[ast.stmt]:
    for parameter, value in zip(parameters, values, strict=False):
        if not (isinstance(value, ast.Name) and value.id == parameter.arg) and hasattr(value, "lineno"):
            yield ast.copy_location(ast.Assign([ast.Name(parameter.arg, ast.Store())], value), value)
