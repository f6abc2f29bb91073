"""The files of a text: several things pasted or dropped one after another, each under a line with its name.

The line is that of `head` and `tail` when they print several files, `==> data.csv <==`. A table right below the name of
a file in prose, `data.csv:`, is that file too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nabla.question.pieces import Piece
from nabla.read.data.binary import is_binary, together

HEAD = re.compile(r"^==> ?([^\n<>]{1,120}?) ?<==[ \t]*\r?$\n?", re.MULTILINE)
_NAMED_IN_PROSE = re.compile(r"([\w-]{1,60}\.(?:csv|tsv|txt|dat|asc|data))\W{0,8}\Z", re.IGNORECASE)
PROGRAMS = (".py",)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file: its name, and where its head begins and its content begins and ends."""

    name: str
    head: int
    start: int
    end: int

    @property
    def is_program(self) -> bool:
        """Whether its name is that of a program."""
        return self.name.lower().endswith(PROGRAMS)


def files_of(text: str) -> list[NamedFile]:
    """The files in a text, in order; the text before the first belongs to none."""
    heads = list(HEAD.finditer(text)) if "==>" in text else []
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return [NamedFile(h[1].strip(), h.start(), h.end(), end) for h, end in zip(heads, ends, strict=False)]


@dataclass(frozen=True, slots=True)
class PastedTable:
    """A table of the text: the name of its file or "", its text, and the places of its pieces."""

    name: str
    text: str
    spans: tuple[tuple[int, int], ...]


def tables_of(text: str, pieces: Sequence[Piece]) -> list[PastedTable]:
    """The tables of a text, whose pieces outside of files are one; arrays of NumPy's, a file each, are one as well."""
    files = files_of(text)
    end = files[0].head if files else len(text)
    held = [piece for piece in pieces if piece.kind == "data"]
    own = [piece for piece in held if piece.start < end]
    found: list[PastedTable] = []
    if own:
        name, joined = _named_in_prose(pieces), "".join(piece.text for piece in own).strip("\n")
        if name and name in joined.partition("\n")[0]:
            joined = joined.partition("\n")[2]
        joined = _components(text, own) or joined
        found.append(PastedTable(name, joined, tuple(piece.span for piece in own)))
    for file in files:
        inside = [piece for piece in held if file.start <= piece.start < file.end]
        if inside:
            content = "".join(piece.text for piece in inside).strip("\n")
            found.append(PastedTable(file.name, content, tuple(piece.span for piece in inside)))
    arrays = [table for table in found if is_binary(table.text) and table.name.endswith(".npy")]
    if len(arrays) < 2:
        return found
    whole = together({table.name: table.text for table in arrays})
    one = PastedTable(arrays[0].name, whole, tuple(span for table in arrays for span in table.spans))
    return [one, *(table for table in found if table not in arrays)]


_COMPONENT = re.compile(r"[ \t]*([uvwUVW]|[A-Za-z]_?[xyz])[ \t]*[:=]?[ \t]*")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def _components(text: str, pieces: Sequence[Piece]) -> str:
    """The components of a field, each a block of rows below its name, u: and v:, as arrays; "" for other tables."""
    blocks: list[tuple[str, list[list[str]]]] = []
    for piece in pieces:
        name = _COMPONENT.fullmatch(text[: piece.start].rstrip("\n").rpartition("\n")[2])
        rows = [_NUMBER.findall(line) for line in piece.text.splitlines() if line.strip()]
        if not name or len(rows) < 2 or {len(row) for row in rows} != {len(rows[0])} or len(rows[0]) < 2:
            return ""
        blocks.append((name[1], rows))
    if len(blocks) < 2 or len({(len(rows), len(rows[0])) for _, rows in blocks}) > 1:
        return ""
    arrays = [(name, "], [".join(", ".join(row) for row in rows)) for name, rows in blocks]
    return "\n".join(f"{name} = [[{array}]]" for name, array in arrays)


def _named_in_prose(pieces: Sequence[Piece]) -> str:
    """The name that stands right above the first table, which its first line may be."""
    before = ""
    for piece in pieces:
        if piece.kind == "data":
            head = piece.text.lstrip("\n").partition("\n")[0]
            found = _NAMED_IN_PROSE.search(head) or _NAMED_IN_PROSE.search(before)
            return found[1] if found else ""
        before = piece.text if piece.kind == "prose" else before if piece.kind == "fence" else ""
    return ""
