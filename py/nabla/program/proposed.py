"""A line that someone would have in place of one of a program, put there."""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass

from nabla.errors import UserError
from nabla.program.source import Program


@dataclass
class ProposedLine:
    """Where a proposed line stands, the line itself, and the program with it."""

    line: int
    new: str
    text: str


def targets(statement: ast.stmt) -> list[str]:
    """The texts of what a statement assigns to."""
    if isinstance(statement, ast.Assign):
        return [ast.unparse(target) for target in statement.targets]
    return [ast.unparse(statement.target)] if isinstance(statement, ast.AugAssign) else []


def placed(program: Program, line: str, lines: set[int] | None = None) -> ProposedLine:
    """A proposed line in place of the one of the program that is nearest to it, in these lines if there is one.

    Raises:
        UserError: it is no assignment, or the program assigns to nothing of that name.
    """
    new = line.strip()
    try:
        names = targets(ast.parse(new).body[0])
    except (SyntaxError, ValueError, IndexError):
        names = []
    held = [node for node in ast.walk(program.tree) if isinstance(node, ast.stmt) and names and targets(node) == names]
    text = program.text.split("\n")
    held = [node for node in held if node.lineno == node.end_lineno]
    inside = [node for node in held if lines is not None and node.lineno in lines] or held
    if not inside:
        message = "The proposed line is an assignment to a name that the program assigns to."
        raise UserError("value", message, field="proposed")
    node = max(inside, key=lambda n: difflib.SequenceMatcher(None, text[n.lineno - 1].strip(), new).ratio())
    old = text[node.lineno - 1]
    width = len(old) - len(old.lstrip())
    text[node.lineno - 1] = " " * width + new
    return ProposedLine(node.lineno, new, "\n".join(text))
