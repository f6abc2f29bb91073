"""A line of a text that its asker would have in place of one of the program."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence

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
    another line; or it stands in such a sentence itself, or in a choice between two lines.
    """
    kept = program.pieces[:1]
    rest = [piece for piece in program.pieces[1:] if not _is_alternative(reading, piece, kept)]
    loose = [piece for piece in program.pieces[1:] if piece not in rest]
    loose += [piece for other in reading.programs if other is not program for piece in other.pieces
              if _is_alternative(reading, piece, kept)]  # fmt: skip
    code = "\n\n".join(code_of(piece.text) for piece in (*kept, *rest))
    lines = [(code_of(piece.text), piece.span) for piece in sorted(loose, key=lambda piece: piece.start)]
    if not lines:
        lines = [found for piece in reading.pieces if piece.kind == "prose" for found in _in_prose(piece, code)]
    return (*lines[-1], code) if lines else None


_END = re.compile(
    r"[`?;!\n]|[.,:]?\s+(?:or|and|instead|be|rather|not|to|in|as|but|because|since|would|is|was|for|at|here|there)\b|[.,](?=\s|\Z)|\Z"
)


def _in_prose(piece: Piece, code: str) -> Iterator[tuple[str, Span]]:
    """Assignments to what a program assigns to, of names that it knows, in a sentence that would have them instead."""
    known = {*re.findall(r"[A-Za-z_]\w*", code), *dir(builtins)}
    held = {ast.unparse(node) for node in ast.walk(tree_of(modern(code)) or ast.Module([], []))
            if isinstance(node, (ast.Assign, ast.AugAssign))}  # fmt: skip
    text, found = piece.text, []
    for target in sorted(set(assigned(code)), key=len, reverse=True):
        for match in re.finditer(rf"(?<![\w.\[]){re.escape(target)}\s*[-+*/@]?=(?!=)", text):
            ends = sorted({match.end() + end.start() for end in _END.finditer(text[match.end() : match.end() + 200])})
            for end in reversed([e for e in ends if "\n" not in text[match.start() : e].strip()]):
                line = text[match.start() : end].strip().rstrip(".,:")
                node = _assignment(line)
                if node is not None and _names(node) <= known and _names(node.value):
                    found.append((match.start(), end, line, ast.unparse(node)))
                    break
    several = {target for *_, line in found if (target := assigned(line)[0])} if len(found) > 1 else set()
    for start, end, line, plain in sorted(found):
        before = re.split(r"[.?!]\s|\n\s*\n", text[max(0, start - 200) : start])[-1]
        behind = re.split(r"[.?!]\s|\n", text[end : end + 100])[0]
        words = set(re.findall(r"[a-z']+", f"{before} {behind}".lower()))
        is_choice = len(several) == 1 and "or" in words
        if plain not in held and (words & _INSTEAD or is_choice):
            yield line, (piece.start + start, piece.start + end)


def _assignment(line: str) -> ast.Assign | ast.AugAssign | None:
    """The one assignment that a line is; None for anything else, `or` of prose among it."""
    tree = tree_of(modern(line))
    node = tree.body[0] if tree is not None and len(tree.body) == 1 else None
    if not isinstance(node, (ast.Assign, ast.AugAssign)) or isinstance(node.value, (ast.BoolOp, ast.Compare)):
        return None
    return node


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


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
