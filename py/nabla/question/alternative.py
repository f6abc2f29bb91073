"""A line of a text that its asker would have in place of one of the program."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from nabla.question.filled import Span
from nabla.question.lines import code_of
from nabla.question.pieces import PastedProgram, Piece
from nabla.question.python_line import modern, tree_of
from nabla.question.roles import RoleReading

# Words before or behind a line that the asker would have in place of another.
_INSTEAD = frozenset(
    "should shouldn't shouldnt instead rather actually ought would replace replaced replacing change changed changing "
    "correct supposed expected expect why tried alternative proper right".split()
)


def alternative(reading: RoleReading, program: PastedProgram) -> tuple[str, Span, str] | None:
    """A line that the asker would have in the program, its place, and the program without it.

    It is one assignment, to what the program assigns as well, that stands between sentences of which one speaks of
    another line; or it stands in such a sentence itself.
    """
    kept = program.pieces[:1]
    rest = [piece for piece in program.pieces[1:] if not _is_alternative(reading, piece, kept)]
    loose = [piece for piece in program.pieces[1:] if piece not in rest]
    loose += [piece for other in reading.programs if other is not program for piece in other.pieces
              if _is_alternative(reading, piece, kept)]  # fmt: skip
    code = "\n\n".join(code_of(piece.text) for piece in (*kept, *rest))
    lines = [(code_of(piece.text), piece.span) for piece in sorted(loose, key=lambda piece: piece.start)]
    if not lines:
        given = set(assigned(code))
        lines = [
            (formula.read, formula.span)
            for formula in reading.formulas
            if formula.island.code and len(names := assigned(formula.read)) == 1 and set(names) <= given
            and formula.read not in code and reading.sentences[formula.sentence].words & _INSTEAD
        ]  # fmt: skip
    return (*lines[-1], code) if lines else None


def _is_alternative(reading: RoleReading, piece: Piece, before: Sequence[Piece]) -> bool:
    """Whether a piece of code is one line that could stand in place of one before it."""
    text = code_of(piece.text)
    names = assigned(text)
    if "\n" in text or len(names) != 1:
        return False
    held = "\n".join(code_of(earlier.text) for earlier in before)
    around = [p.text for p in reading.pieces if p.kind == "prose" and piece.start in (p.end, p.start)]
    around += [p.text for p in reading.pieces if p.kind == "prose" and p.start == piece.end]
    words = {word for text in around for word in re.findall(r"[a-z']+", text.lower())}
    return set(names) <= set(assigned(held)) and text not in held and bool(words & _INSTEAD)


def assigned(code: str) -> list[str]:
    """What a program assigns to, as it is written there; nothing where Python does not take it."""
    tree = tree_of(modern(code))
    if tree is None:
        tree = tree_of("\n".join(line.strip() for line in code.splitlines() if "=" in line))
    found: list[str] = []
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Assign):
            found += [ast.unparse(target) for target in node.targets]
        elif isinstance(node, ast.AugAssign):
            found.append(ast.unparse(node.target))
    return found
