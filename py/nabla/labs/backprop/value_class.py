"""What the text of a class says that differentiates by itself: where it keeps its value and its gradient, and how."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class ValueClass:
    """What the text of a class says: its attributes for value and gradient, and the lines that set the gradient.

    Attributes:
        seeds: where the gradient of a result becomes 1.
        resets: where a gradient becomes 0, anywhere in the program.
        plain: where it is set, not added to, to something that is computed from another gradient or value.
        unchained: where what is set or added does not hold another object's gradient.
        handed: where it is set, or added to, by what a recursive method was handed.
        results: the names of what the program calls that method of, or one that begins at 1 for each value it reaches.
        begun: where such a method does that.
    """

    name: str
    value: str
    grad: str
    seeds: frozenset[int]
    resets: frozenset[int]
    plain: frozenset[int]
    unchained: frozenset[int]
    handed: frozenset[int] = frozenset()
    results: frozenset[str] = frozenset()
    begun: frozenset[int] = frozenset()


def find(tree: ast.Module) -> ValueClass | None:
    """The class of a program that holds values with gradients, with a backward pass of its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found = _read(node, tree)
            if found is not None:
                return found
    return None


@dataclass(frozen=True)
class _Setting:
    """A statement that sets an attribute, or adds to it; each part of `a.x, a.y = 1, 2` is one."""

    target: ast.Attribute
    value: ast.expr
    line: int
    adds: bool


def _settings(node: ast.AST) -> list[_Setting]:
    found: list[_Setting] = []
    for statement in ast.walk(node):
        pairs: list[tuple[ast.expr, ast.expr]]
        if isinstance(statement, ast.AugAssign):
            pairs = [(statement.target, statement.value)]
        elif isinstance(statement, ast.Assign):
            pairs = [pair for target in statement.targets for pair in _pairs(target, statement.value)]
        else:
            continue
        for target, value in pairs:
            if isinstance(target, ast.Attribute):
                own = ast.unparse(target)
                again = any(isinstance(n, ast.Attribute) and ast.unparse(n) == own for n in ast.walk(value))
                found.append(_Setting(target, value, statement.lineno, again or isinstance(statement, ast.AugAssign)))
    return found


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts)
    if both:
        return list(zip(target.elts, value.elts, strict=True))  # type: ignore[attr-defined]
    return [(target, value)]


def _read(node: ast.ClassDef, tree: ast.Module) -> ValueClass | None:
    settings = _settings(node)
    for grad in dict.fromkeys(s.target.attr for s in _settings(tree) if not s.adds and _is_one(s.value)):
        of_grad = [s for s in settings if s.target.attr == grad]
        value = next(_values(node, grad), None)
        if value is None or not any(_reads(s.value, grad) for s in of_grad):
            continue
        seeds = {s.line for s in _settings(tree) if s.target.attr == grad and not s.adds and _is_one(s.value)}
        others = [s for s in of_grad if s.line not in seeds and not _is_zero(s.value)]
        plain = {s.line for s in others if not s.adds}
        unchained = {s.line for s in others if not _reads(s.value, grad)}
        resets = {s.line for s in _settings(tree) if s.target.attr == grad and _is_zero(s.value)}
        found = ValueClass(
            node.name, value, grad, frozenset(seeds), frozenset(resets), frozenset(plain), frozenset(unchained)
        )
        return _begun_again(found, node, tree)
    return _recursive(node, tree)


def _begun_again(found: ValueClass, node: ast.ClassDef, tree: ast.Module) -> ValueClass:
    """The same, where a recursive method sets the gradient to 1: it begins at those that the program calls it of."""
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and _goes_on(method):
            begun = found.seeds.intersection(range(method.lineno, (method.end_lineno or method.lineno) + 1))
            if begun:
                results = _results(node, tree, method.name)
                return replace(found, seeds=found.seeds - begun, begun=begun, results=results)
    return found


def _goes_on(method: ast.FunctionDef) -> bool:
    """Whether a method calls itself, of another object."""
    return any(isinstance(n, ast.Attribute) and n.attr == method.name for n in ast.walk(method))


def _results(node: ast.ClassDef, tree: ast.Module, method: str) -> frozenset[str]:
    """The names of what a program calls a method of, outside its class."""
    inside = set(ast.walk(node))
    return frozenset(
        n.func.value.id for n in ast.walk(tree)
        if n not in inside and isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == method
        and isinstance(n.func.value, ast.Name)
    )  # fmt: skip


def _recursive(node: ast.ClassDef, tree: ast.Module) -> ValueClass | None:
    """A class whose backward method is handed the gradient, keeps it, and hands parts of it on to itself."""
    for method in node.body:
        if not isinstance(method, ast.FunctionDef):
            continue
        handed = {a.arg for a in method.args.args[1:]}
        kept = [
            s for s in _settings(method) if any(isinstance(n, ast.Name) and n.id in handed for n in ast.walk(s.value))
        ]
        value = next(_values(node, kept[0].target.attr), None) if kept and _goes_on(method) else None
        if value is None:
            continue
        grad = kept[0].target.attr
        lines = frozenset(s.line for s in kept if s.target.attr == grad)
        plain = frozenset(s.line for s in kept if s.target.attr == grad and not s.adds)
        resets = frozenset(s.line for s in _settings(tree) if s.target.attr == grad and _is_zero(s.value))
        results = _results(node, tree, method.name)
        return ValueClass(node.name, value, grad, frozenset(), resets, plain, frozenset(), lines, results)
    return None


def _is_one(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return type(value.value) in (int, float) and value.value == 1
    called = value.func if isinstance(value, ast.Call) else None
    named = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return named in ("ones", "ones_like") or (
        isinstance(value, ast.Call) and len(value.args) == 1 and _is_one(value.args[0])
    )


def _is_zero(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return value.value is None or (type(value.value) in (int, float) and value.value == 0)
    called = value.func if isinstance(value, ast.Call) else None
    return (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) in ("zeros", "zeros_like")


def _reads(value: ast.expr, attribute: str) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == attribute for n in ast.walk(value))


def _values(node: ast.ClassDef, grad: str) -> Iterator[str]:
    """Attributes that are made of a parameter of `__init__`, in their order."""
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == "__init__":
            parameters = {a.arg for a in method.args.args[1:]}
            for setting in _settings(method):
                named = {n.id for n in ast.walk(setting.value) if isinstance(n, ast.Name)}
                if named & parameters and setting.target.attr != grad:
                    yield setting.target.attr
