"""The pieces of a pasted text, and the programs that are put together from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from nabla.question import lines as kinds
from nabla.question.lines import code_of, without_last

Kind = Literal["prose", "code", "data", "output", "traceback", "fence", "aside"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text of one kind; `text` is the stretch as pasted."""

    kind: Kind
    start: int
    end: int
    text: str

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class PastedProgram:
    """A program put together from the pieces `pieces`; `raises` says that a traceback follows it."""

    code: str
    pieces: tuple[Piece, ...]

    @property
    def span(self) -> tuple[int, int]:
        """From the first of its pieces to the end of the last."""
        return self.pieces[0].start, self.pieces[-1].end


def programs(pieces: Sequence[Piece]) -> list[PastedProgram]:
    """The programs of a text: the pieces of code one after another.

    A piece begins another program where it defines again what was defined before, as a changed version further down
    does; a single line that was already there is a quotation, and left out. Behind a traceback a session goes on
    without the statement that failed, as another program.
    """
    found: list[tuple[list[str], list[Piece]]] = []
    failed = False
    for piece in pieces:
        if piece.kind == "traceback" and found:
            failed = True
        if piece.kind != "code":
            continue
        code = code_of(piece.text)
        typed = piece.text.lstrip().startswith((">>>", "In ["))  # a session does again what is typed again
        if not code.strip() or (found and not typed and _quoted(code, found[-1][0])):
            continue
        again = bool(found) and kinds.redefines(code, "\n".join(found[-1][0]))
        if found and not again and failed:
            rest = without_last("\n\n".join(found[-1][0]))
            found.append(([rest, code] if rest else [code], [*found[-1][1], piece]))
        elif found and not again:
            found[-1][0].append(code)
            found[-1][1].append(piece)
        else:
            found.append(([code], [piece]))
        failed = False
    return [PastedProgram("\n\n".join(codes), tuple(held)) for codes, held in found]


def _quoted(code: str, before: Iterable[str]) -> bool:
    """Whether the lines stand already in the program."""
    known = {line.strip() for part in before for line in part.splitlines()}
    mine = [line.strip() for line in code.splitlines() if line.strip()]
    return len(mine) <= 3 and all(line in known for line in mine)
