"""Descents of programs that take gradients as functions, as JAX and autograd do: the sign, the rate, the argument."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nabla.answer.document import quoted
from nabla.labs.backprop.run import Outcome
from nabla.labs.backprop.units import TrainingNote, note

DIALECTS = ("jax", "autograd")
_MAKERS = frozenset(["grad", "value_and_grad"])


@dataclass(frozen=True)
class FunctionalMove:
    """A statement that moves a name along a gradient: the name, the statement, what it is made of, and the gradient."""

    name: str
    line: int
    value: ast.expr
    gradient: ast.Call


def moves_of(tree: ast.Module) -> list[FunctionalMove]:
    """The statements that move a name by a gradient of a function: w = w - rate * grad(f)(w), or g in its place."""
    makers = {t.id: node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) for t in node.targets
              if isinstance(t, ast.Name) and _maker(node.value) is not None}  # fmt: skip
    held = {name: call for node in ast.walk(tree) if isinstance(node, ast.Assign)
            for name, value in _pairs(node) if (call := _gradient(value, makers)) is not None}  # fmt: skip
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Assign, ast.AugAssign)):
            continue
        pairs = _pairs(node) if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            pairs = [(node.target.id, node.value)]
        for name, value in pairs:
            names = {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
            own = isinstance(node, ast.AugAssign) or name in names
            calls = [c for part in ast.walk(value) if (c := _gradient(part, makers)) is not None]
            call = next(iter([*calls, *(held[each] for each in names if each in held)]), None)
            if own and call is not None and name not in held:
                found.append(FunctionalMove(name, node.lineno, value, call))
    return found


def _pairs(node: ast.Assign) -> list[tuple[str, ast.expr]]:
    """Each name that an assignment gives something to, with that; a pair of one call with the whole call."""
    made: list[tuple[str, ast.expr]] = []
    for target in node.targets:
        if isinstance(target, ast.Name):
            made.append((target.id, node.value))
        elif isinstance(target, ast.Tuple):
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(target.elts)
            made += [(t.id, v) for t, v in zip(target.elts, values, strict=False) if isinstance(t, ast.Name)]
    return made


def _maker(node: ast.expr) -> ast.Call | None:
    """The call of grad that makes a function, under jit too."""
    if not isinstance(node, ast.Call):
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in _MAKERS:
        return node
    return _maker(node.args[0]) if name == "jit" and node.args else None


def _gradient(node: ast.AST, makers: dict[str, ast.expr]) -> ast.Call | None:
    """The node, where it calls a function that a grad made."""
    if not isinstance(node, ast.Call):
        return None
    known = isinstance(node.func, ast.Name) and node.func.id in makers
    return node if known or _maker(node.func) is not None else None


def wrong_argument(outcome: Outcome) -> Iterator[TrainingNote]:
    """A name that is moved along the gradient by another argument than its own."""
    tree = outcome.program.tree
    moves = moves_of(tree)
    makers = {t.id: node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) for t in node.targets
              if isinstance(t, ast.Name)}  # fmt: skip
    for move in moves:
        maker = _maker(
            makers[move.gradient.func.id] if isinstance(move.gradient.func, ast.Name) else move.gradient.func
        )
        given = [getattr(argument, "id", "") for argument in move.gradient.args]
        if maker is None or move.name not in given:
            continue
        told = next(
            (k.value for k in maker.keywords if k.arg == "argnums"), maker.args[1] if len(maker.args) > 1 else None
        )
        if told is not None and not isinstance(told, ast.Constant):
            continue
        place = int(told.value) if isinstance(told, ast.Constant) else 0  # type: ignore[arg-type]
        if place >= len(given) or given[place] == move.name or given[place] in {m.name for m in moves}:
            continue
        right = given.index(move.name)
        text = (
            f"Line {move.line} moves `{quoted(move.name)}` along the gradient by "
            f"`{quoted(given[place] or 'another')}`: grad "
            f"differentiates by argument {place} of the function, counted from 0, and `{quoted(move.name)}` is "
            "argument "
            f"{right}."
        )
        yield note("wrong-variable", maker.lineno, text, f"Write `argnums={right}` in the call of grad.")
        return


def thrown_away(outcome: Outcome) -> Iterator[TrainingNote]:
    """A new value that nothing keeps: of a map over a tree of parameters, of `x.at[i].set(v)`."""
    for node in ast.walk(outcome.program.tree):
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
            continue
        called = ast.unparse(node.value.func)
        if called.rpartition(".")[2] == "tree_map" or called.endswith("tree.map"):
            given = node.value.args[1] if len(node.value.args) > 1 else None
            name = ast.unparse(given) if isinstance(given, ast.Name) else "params"
        elif re.search(r"\.at\[.*\]\.(?:set|add|multiply|divide|min|max)\Z", called):
            name = called.partition(".at[")[0]
        else:
            continue
        text = (
            f"Line {node.lineno} computes new values and keeps them nowhere: JAX changes nothing in place, so "
            f"`{quoted(name)}` stays as it was."
        )
        yield note("missing-step", node.lineno, text, f"Assign them: `{quoted(name)} = ...`.")
        return
