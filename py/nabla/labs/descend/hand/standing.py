"""Loops that are to move a parameter and never do: what is added to it is 0 in every turn."""

from __future__ import annotations

import ast

import numpy as np

from nabla.answer.document import Check, Document, Heading, Note
from nabla.labs.descend.hand.search import session
from nabla.labs.descend.hand.verdict import Fault, lowered
from nabla.program.source import Program
from nabla.program.turns import Loop, Turns
from nabla.write.sentence import sentence


def standing(program: Program) -> Fault | None:
    """The first statement of a loop that takes something off a name, or adds it, and never changes its numbers."""
    turns = Turns()
    run = session(program, turns).run()
    if run.raised is not None or run.gap is not None:
        return None
    for node in ast.walk(program.tree):
        if not isinstance(node, (ast.For, ast.While)) or node.lineno not in turns.loops:
            continue
        for part in ast.walk(node):
            name, change = _moved(part)
            if (left := _left_behind(node, part)) and _stands(turns.loops[node.lineno], left[0]):
                text = (
                    f"`{left[1]}` is computed from `{left[0]}`, which never gets it: every turn does the same step "
                    f"from the same place. Behind it write `{left[0]} = {left[1]}`."
                )
                return Fault("not-carried-on", part.lineno, text, mendable=False)  # type: ignore[attr-defined]
            if name and change is not None and _stands(turns.loops[node.lineno], name):
                return Fault("zero-slope", part.lineno, _text(name, change), mendable=False)  # type: ignore[attr-defined]
    return None


def _moved(node: ast.AST) -> tuple[str, ast.expr | None]:
    """The name that a statement moves by something, and by what: w of w = w - rate * g and of w -= rate * g."""
    if (
        isinstance(node, ast.AugAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.op, (ast.Add, ast.Sub))
    ):
        return node.target.id, node.value
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        name, value = node.targets[0].id, node.value
        own = isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Sub))
        if own and isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name) and value.left.id == name:
            return name, value.right
    return "", None


def _left_behind(loop: ast.For | ast.While, node: ast.AST) -> tuple[str, str] | None:
    """The name that a statement takes a step from, and the new one that it goes into and stays in."""
    value = node.value if isinstance(node, ast.Assign) else None
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, (ast.Add, ast.Sub)):
        return None
    if not isinstance(value.left, ast.Name) or not isinstance(target, ast.Name):
        return None
    old, new = value.left.id, target.id
    stored = {part.id for part in ast.walk(loop) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    moved = old != new and old not in stored and old in {n.id for n in ast.walk(value.right) if isinstance(n, ast.Name)}
    return (old, new) if moved and (new.startswith(old) or new.endswith(old)) else None


def _stands(loop: Loop, name: str) -> bool:
    """Whether the numbers of a name are the same in all turns that are kept, and at the end."""
    values = [moment.values[name] for moment in loop.moments if name in moment.values]
    values += [loop.last[name]] if name in loop.last else []
    return loop.turns > 1 and len(values) > 1 and all(np.array_equal(v, values[0]) for v in values)


def _text(name: str, change: ast.expr) -> str:
    zeros = [
        part
        for part in ast.walk(change)
        if isinstance(part, ast.Constant) and isinstance(part.value, (int, float)) and part.value == 0
    ]
    products = [part for part in ast.walk(change) if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mult)]
    by_zero = any(part.left in zeros or part.right in zeros for part in products)
    why = "it is multiplied by 0. Put the rate there" if by_zero else "its gradient there is 0, or its rate"
    return f"`{name}` never changes: what is taken off it, `{ast.unparse(change)}`, is 0 in every turn: {why}."


def tell_standing(document: Document, fault: Fault) -> None:
    """The answer where nothing moves."""
    document.values |= {
        "gradient_check": {"verdict": "undecided", "findings": []},
        "findings": [{"kind": fault.kind, "line": fault.line, "text": fault.text}],
    }
    document.title = f"Line {fault.line}: nothing moves"
    document.answer = sentence(f"Line {fault.line}: {lowered(fault.text)}", document.values, [])
    document.add(Note(f"Line {fault.line}: {fault.text}", "warning"))
    method = "the program was run, and its numbers were compared in all turns that are kept and at the end"
    document.add(
        Heading("Checked", role="checks"), Check("The numbers stay the same", method, "passed", test="program")
    )
