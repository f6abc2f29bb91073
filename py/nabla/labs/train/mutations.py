"""A statement of a backward pass in the ways in which it may have been meant: one slip undone in each.

Every change has the kind of the slip that it undoes. None of them is believed: each is run.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from nabla.program.source import called

Known = Mapping[str, Any]  # texts of what can be read at the statement, and the values


@dataclass(frozen=True)
class Swap:
    """An expression in place of another; `cost` orders changes, small ones first."""

    kind: str
    expression: ast.expr
    cost: float

    @property
    def text(self) -> str:
        """As it is written."""
        return ast.unparse(self.expression)


def parsed(text: str) -> ast.expr:
    """An expression from its text."""
    return ast.parse(text, mode="eval").body


def changes(
    value: ast.expr, held: Any, known: Known, seen: Callable[[ast.AST], Any], functions: list[str],
    weights: Collection[str] = (), errors: Collection[str] = (),
) -> list[Swap]:  # fmt: skip
    """All changes of an expression.

    Args:
        value: the expression.
        held: what it gave.
        known: arrays and numbers that can be read there.
        seen: what a part of the expression gave.
        functions: the program's own functions of one argument.
        weights: what the weights are called.
        errors: what outputs less targets are called.
    """
    made = [
        *_transposes(value, seen), *_slopes(value, held, known, functions, seen), *_axes(value), *_factors(value),
        *_operand_slopes(value, known, seen, errors), *_names(value, known, seen), *_masks(value, known, seen),
        *_signs(value), *_powers(value),
        *_others(value, functions), *_products(value, known), *_penalties(value, held, known, weights),
    ]  # fmt: skip
    own = ast.unparse(value)
    kept: dict[str, Swap] = {}
    for change in sorted(made, key=lambda change: change.cost):
        if change.text != own:
            kept.setdefault(change.text, change)
    return list(kept.values())


def with_part(whole: ast.expr, part: ast.AST, new: ast.expr) -> ast.expr:
    """A copy of an expression with one part of it replaced."""
    if whole is part:
        return copy.deepcopy(new)
    at = next(i for i, node in enumerate(ast.walk(whole)) if node is part)
    made = copy.deepcopy(whole)
    target = next(node for i, node in enumerate(ast.walk(made)) if i == at)
    return replaced(made, lambda node: copy.deepcopy(new) if node is target else None)


def replaced(whole: ast.expr, new: Callable[[ast.AST], ast.expr | None]) -> ast.expr:
    """An expression, changed in place: parts for which `new` gives something are that."""

    class NodePut(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            made = new(node)
            return self.generic_visit(node) if made is None else made

    return cast(ast.expr, NodePut().visit(whole))


def _array(value: Any) -> Any:
    return getattr(value, "value", value)


def operands_of(node: ast.AST) -> list[ast.expr]:
    """The two factors of a product of matrices; [] of anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return [node.left, node.right]
    if isinstance(node, ast.Call):
        name = called(node)
        if name in ("dot", "matmul", "outer") and len(node.args) == 2:
            return list(node.args)
        if name == "dot" and len(node.args) == 1 and isinstance(node.func, ast.Attribute):
            return [node.func.value, node.args[0]]
    return []


def turned(node: ast.expr) -> ast.expr:
    """An expression transposed."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def _transposes(value: ast.expr, seen: Callable[[ast.AST], Any]) -> Iterator[Swap]:
    for node in ast.walk(value):
        sides = [part for part in operands_of(node) if np.ndim(_array(seen(part))) == 2]
        for side in sides:
            yield Swap("missing-transpose", with_part(value, side, turned(side)), 1.0)
        if len(sides) == 2:
            both = with_part(value, sides[0], turned(sides[0]))
            other = next(
                (n for n in ast.walk(both) if isinstance(n, ast.expr) and ast.dump(n) == ast.dump(sides[1])), None
            )
            if other is not None:
                yield Swap("missing-transpose", with_part(both, other, turned(other)), 1.6)


def _slopes(
    value: ast.expr, held: Any, known: Known, functions: list[str], seen: Callable[[ast.AST], Any]
) -> Iterator[Swap]:
    """The slope of an activation, written out or by a function of the program: one more factor, or one in its place."""
    shape = np.shape(_array(held))
    factors = [side for node in ast.walk(value) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
               for side in (node.left, node.right) if np.shape(_array(seen(side))) == shape]  # fmt: skip
    for name, other in known.items():
        if np.shape(other) != shape:
            continue
        yield Swap("missing-factor", ast.BinOp(copy.deepcopy(value), ast.Mult(), parsed(name)), 2.3)
        forms = [f"{name} * (1 - {name})", f"(1 - {name} ** 2)", f"({name} > 0)", *(f"{f}({name})" for f in functions)]
        for form in forms:
            product = ast.BinOp(copy.deepcopy(value), ast.Mult(), parsed(f"({form})"))
            yield Swap("missing-derivative", product, 2.0)
            for factor in factors:
                kind = "derivative-of-output" if name in ast.unparse(factor) else "derivative-at-z"
                yield Swap(kind, with_part(value, factor, parsed(f"({form})")), 2.05)


def _operand_slopes(
    value: ast.expr, known: Known, seen: Callable[[ast.AST], Any], errors: Collection[str]
) -> Iterator[Swap]:
    """The slope of an activation for a factor of a product: the bare error carries no delta."""
    sides = {ast.unparse(side): side for node in ast.walk(value) for side in operands_of(node)}
    for side in (sides[text] for text in sides if text in errors):
        shape = np.shape(_array(seen(side)))
        for name, other in known.items():
            if shape and np.shape(other) == shape:
                for form in (f"({name} * (1 - {name}))", f"(1 - {name} ** 2)", f"({name} > 0)"):
                    product = ast.BinOp(copy.deepcopy(side), ast.Mult(), parsed(form))
                    yield Swap("error-for-delta", with_part(value, side, product), 2.2)


def _axes(value: ast.expr) -> Iterator[Swap]:
    for node in ast.walk(value):
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        if name not in ("sum", "mean"):
            continue
        module = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in ("np", "numpy")
        data = node.args[:1] if module else []
        for axis in (0, 1):
            for keep in (True, False):
                words = [ast.keyword("axis", ast.Constant(axis))]
                words += [ast.keyword("keepdims", ast.Constant(True))] if keep else []
                yield Swap("missing-axis", with_part(value, node, ast.Call(node.func, data, words)), 1.2)
        other = "mean" if name == "sum" else "sum"
        if isinstance(node.func, ast.Attribute):
            swapped = ast.Call(ast.Attribute(node.func.value, other, ast.Load()), node.args, node.keywords)
            yield Swap("missing-mean" if name == "sum" else "scale", with_part(value, node, swapped), 1.5)


def _factors(value: ast.expr) -> Iterator[Swap]:
    """One factor left out."""
    for node in ast.walk(value):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            for kept, dropped in ((node.left, node.right), (node.right, node.left)):
                kind = "scale" if isinstance(dropped, ast.Constant) else "extra-derivative"
                yield Swap(kind, with_part(value, node, kept), 2.2)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            yield Swap("extra-term", with_part(value, node, node.left), 2.6)


def _names(value: ast.expr, known: Known, seen: Callable[[ast.AST], Any]) -> Iterator[Swap]:
    """One name in place of another of the same shape."""
    for node in ast.walk(value):
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            continue
        given = _array(seen(node))
        if not isinstance(given, (np.ndarray, float, np.floating)):
            continue
        own = ast.unparse(node)
        several = sum(ast.unparse(n) == own for n in ast.walk(value) if isinstance(n, type(node))) > 1
        for name, other in known.items():
            if name != own and np.shape(other) == np.shape(given):
                yield Swap("wrong-variable", with_part(value, node, parsed(name)), 1.8)
                if several:
                    yield Swap("wrong-variable", _everywhere(value, own, parsed(name)), 1.8)


def _masks(value: ast.expr, known: Known, seen: Callable[[ast.AST], Any]) -> Iterator[Swap]:
    """The slope of a relu by the values of another layer: those of the shape that it stands beside."""
    for node in ast.walk(value):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
            continue
        shape = np.shape(_array(seen(node)))
        for side in (node.left, node.right):
            if isinstance(side, ast.Compare) and shape:
                for name in (name for name, other in known.items() if np.shape(other) == shape):
                    yield Swap("wrong-variable", with_part(value, side.left, parsed(name)), 1.9)


def _penalties(value: ast.expr, held: Any, known: Known, weights: Collection[str]) -> Iterator[Swap]:
    """The share of the weights themselves in their gradient: twice it, half of it, or one that is left out."""
    for node in ast.walk(value):
        for side in (node.left, node.right) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else ():
            if {ast.unparse(part) for part in ast.walk(side) if isinstance(part, ast.expr)} & set(weights):
                for number in (2, 0.5):
                    times = ast.BinOp(ast.Constant(number), ast.Mult(), copy.deepcopy(side))
                    yield Swap("regularisation-factor", with_part(value, side, times), 1.9)
    for name in weights:
        if name not in known or np.shape(known[name]) != np.shape(_array(held)):
            continue
        for factor in (text for text, other in known.items() if np.ndim(other) == 0 and text not in weights):
            for term in (f"{factor} * {name}", f"2 * {factor} * {name}"):
                yield Swap("missing-term", ast.BinOp(copy.deepcopy(value), ast.Add(), parsed(term)), 2.4)


def _everywhere(value: ast.expr, text: str, new: ast.expr) -> ast.expr:
    """An expression with every part that is written so replaced."""

    def put(node: ast.AST) -> ast.expr | None:
        return copy.deepcopy(new) if isinstance(node, ast.expr) and ast.unparse(node) == text else None

    return replaced(copy.deepcopy(value), put)


def _signs(value: ast.expr) -> Iterator[Swap]:
    for node in ast.walk(value):
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield Swap("sign", with_part(value, node, ast.BinOp(node.left, op, node.right)), 1.4)
            if isinstance(node.op, ast.Sub):
                yield Swap("sign", with_part(value, node, ast.BinOp(node.right, ast.Sub(), node.left)), 1.5)
    yield Swap("sign", ast.UnaryOp(ast.USub(), copy.deepcopy(value)), 1.7)


def _powers(value: ast.expr) -> Iterator[Swap]:
    for node in ast.walk(value):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant):
            for exponent in (1, 2, 3):
                changed = node.left if exponent == 1 else ast.BinOp(node.left, ast.Pow(), ast.Constant(exponent))
                yield Swap("wrong-power", with_part(value, node, changed), 1.6)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant):
            square = ast.BinOp(node.right, ast.Pow(), ast.Constant(2))
            yield Swap("wrong-power", with_part(value, node, ast.BinOp(node.left, ast.Sub(), square)), 1.6)
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value:
            for number in (1, 2, 0.5):
                if number != node.value:
                    yield Swap("missing-factor", with_part(value, node, ast.Constant(number)), 2.4)


def _others(value: ast.expr, functions: list[str]) -> Iterator[Swap]:
    """Another function of the program called, or none: f(a) for a."""
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and len(node.args) == 1 and ast.unparse(node.func) in functions:
            yield Swap("derivative-of-output", _everywhere(value, ast.unparse(node), node.args[0]), 1.9)
            for name in functions:
                if name != ast.unparse(node.func):
                    yield Swap("wrong-slope", with_part(value, node, ast.Call(parsed(name), node.args, [])), 1.9)


def _products(value: ast.expr, known: Known) -> Iterator[Swap]:
    """Another product of two matrices in place of one."""
    matrices = {name: v for name, v in known.items() if np.ndim(v) == 2 and ".T" not in name}
    for node in ast.walk(value):
        if not operands_of(node):
            continue
        factors = {ast.unparse(side) for side in operands_of(node)}
        for one, a in matrices.items():
            for other, b in matrices.items():
                for left, right, p, q in ((one, other, a.shape, b.shape), (f"{one}.T", other, a.shape[::-1], b.shape),
                                          (one, f"{other}.T", a.shape, b.shape[::-1])):  # fmt: skip
                    shared = bool({left, right, one, other} & {*factors, *(f.removesuffix(".T") for f in factors)})
                    if p[1] == q[0] and shared:
                        yield Swap("wrong-product", with_part(value, node, parsed(f"{left} @ {right}")), 2.1)
