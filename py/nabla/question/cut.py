"""A pasted text cut into pieces: prose, programs, data, printed output and tracebacks.

The pieces tile the text: put together again they are the text, character by character. What a line is, its own syntax
tells first (a line of Python is one that Python's parser takes), then its neighbours: fences, prompts, open brackets,
indentation. Programs are put together from their pieces without prompts, fences and common indentation; of what they
are made nothing is left out and nothing is repaired.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question import lines as kinds
from nabla.question.files import NamedFile, files_of
from nabla.question.lines import TextLine
from nabla.question.pieces import Kind, Piece
from nabla.question.python_line import in_brackets, parses
from nabla.question.shown import is_shown, mark_echoed, mark_environments
from nabla.read.data.binary import is_binary


def cut(text: str) -> list[Piece]:
    """The pieces of a text; their texts put together are the text."""
    if is_binary(text):
        return [Piece("data", 0, len(text), text)]
    if files := files_of(text):
        pieces = _cut(text[: files[0].head])
        for file in files:
            pieces.append(Piece("fence", file.head, file.start, text[file.head : file.start]))
            pieces += _of_file(text[file.start : file.end], file)
        return pieces
    return _cut(text)


def _of_file(text: str, file: NamedFile) -> list[Piece]:
    """The pieces of a file: a program or a table as a whole, any other text as it is cut by itself."""
    if file.is_program or is_binary(text):
        pieces = [Piece("code" if file.is_program else "data", 0, len(text), text)]
    else:
        pieces = _cut(text)
        if {piece.kind for piece in pieces} & {"data", "output"}:
            pieces = [Piece("data", 0, len(text), text)]
    return [Piece(p.kind, p.start + file.start, p.end + file.start, p.text) for p in pieces if p.text]


def _cut(text: str) -> list[Piece]:
    lines = kinds.classified(text)
    roles: list[Kind] = ["prose"] * len(lines)
    _fences(lines, roles)
    _tracebacks(lines, roles)
    _sessions(lines, roles)
    _data(lines, roles)
    _programs(lines, roles)
    mark_environments(lines, roles)
    mark_echoed(lines, roles)
    _outputs(lines, roles)
    return _joined(text, lines, roles)


def _joined(text: str, lines: Sequence[TextLine], roles: Sequence[Kind]) -> list[Piece]:
    """Neighbouring lines of one kind as one piece; blank lines go with what stands before them."""
    pieces: list[Piece] = []
    for line, role in zip(lines, roles, strict=True):
        blank = not line.text.strip() and role == "prose"
        if pieces and (blank or pieces[-1].kind == role) and pieces[-1].kind != "fence":
            role = pieces[-1].kind
            last = pieces.pop()
            pieces.append(Piece(role, last.start, line.end, text[last.start : line.end]))
        else:
            pieces.append(Piece(role, line.start, line.end, text[line.start : line.end]))
    return pieces


# Fences.


def _fences(lines: Sequence[TextLine], roles: list[Kind]) -> None:
    """What stands between two fences: by its syntax a program, a traceback, data or output."""
    open_at: int | None = None
    for i, line in enumerate(lines):
        if not line.fence:
            continue
        roles[i] = "fence"
        if open_at is None:
            open_at = i
        else:
            _judged(lines, roles, range(open_at + 1, i))
            open_at = None
    if open_at is not None:
        _judged(lines, roles, range(open_at + 1, len(lines)))


def _judged(lines: Sequence[TextLine], roles: list[Kind], inside: range) -> None:
    """The kind of the lines inside a fence; those of a session are left to `_sessions`."""
    held = [lines[i] for i in inside]
    if any(line.prompt for line in held):
        return
    filled = [line for line in held if line.text.strip()]
    if not filled:
        return
    kind: Kind
    if any(line.trace == "head" for line in held) or (filled[-1].trace == "error" and not filled[0].code):
        return  # its end is found by `_tracebacks`
    after = any(role == "code" for role in roles[: inside.start])
    if kinds.is_program([line.text for line in held]):
        kind = "code"
    elif 2 * sum(line.row or line.listed for line in filled) > len(filled):
        kind = "output" if after else "data"
    elif after:
        kind = "output"
    else:
        kind = "code" if any(line.code for line in filled) else "prose"
    for i in inside:
        roles[i] = kind
    i = inside.stop - 1
    while kind == "code" and i > inside.start and is_shown(lines[i]):
        roles[i] = "output"
        i -= 1


# Tracebacks.


def _tracebacks(lines: Sequence[TextLine], roles: list[Kind]) -> None:
    """From the head of a traceback to the line that names the error."""
    i = 0
    while i < len(lines):
        if lines[i].trace == "head" and roles[i] in ("prose", "output"):
            end = i + 1
            while end < len(lines) and lines[end].trace != "error" and not lines[end].fence:
                end += 1
            if end < len(lines) and lines[end].trace == "error":
                end += 1
                while end < len(lines) and lines[end].text[:1] in (" ", "\t") and lines[end].text.strip():
                    end += 1
            for j in range(i, end):
                roles[j] = "traceback"
            i = end
        else:
            i += 1
    for i, line in enumerate(lines):
        told = re.match(r"\s*(?:[A-Za-z.]+[a-z]Error: .{20}|\S+:\d+: )", line.text)  # program.py:3: RuntimeWarning: ...
        warned = line.trace == "error" and told
        if roles[i] == "prose" and (line.trace == "place" or warned):
            roles[i] = "traceback"
            if i + 1 < len(lines) and lines[i + 1].text.startswith("  "):
                roles[i + 1] = "traceback"
        elif line.trace in ("error", "mark") and roles[i] == "prose" and i and roles[i - 1] == "traceback":
            roles[i] = "traceback"


# Sessions: >>>, In [1]:


def _sessions(lines: Sequence[TextLine], roles: list[Kind]) -> None:
    """Lines behind a prompt are a program, and what follows up to a blank line or the next prompt was printed."""
    i = 0
    while i < len(lines):
        line = lines[i]
        stray = line.prompt == "more" and not (i and roles[i - 1] == "code")
        if not line.prompt or stray or roles[i] == "code":
            i += 1
            continue
        if line.prompt == "out":
            i = _printed(lines, roles, i)
            continue
        roles[i] = "code"
        depth = in_brackets(line.bare)
        notebook = line.prompt == "cell" and not line.bare.strip()
        i += 1
        if notebook:  # a cell below its prompt: all of it, up to the next prompt, an output or the prose behind
            stop = _cell_end(lines, i)
            for j in range(i, stop):
                roles[j] = "code"
            i = stop
            continue
        while i < len(lines) and (lines[i].prompt == "more" or (depth > 0 and not lines[i].prompt)):
            roles[i] = "code"
            depth += in_brackets(lines[i].bare)
            i += 1
        if i < len(lines) and line.prompt == "cell" and lines[i].text[:1] in (" ", "\t") and lines[i].text.strip():
            while i < len(lines) and lines[i].text[:1] in (" ", "\t"):
                roles[i] = "code"
                i += 1
        if i < len(lines) and lines[i].text.strip() and not lines[i].prompt and roles[i] == "prose":
            i = _printed(lines, roles, i)


def _printed(lines: Sequence[TextLine], roles: list[Kind], i: int) -> int:
    """Take the lines of an output; where it ends."""
    first = i
    while i < len(lines) and lines[i].text.strip() and not lines[i].fence and roles[i] in ("prose", "output"):
        if i > first and lines[i].prompt:
            break
        roles[i] = "output"
        i += 1
    return i


def _cell_end(lines: Sequence[TextLine], start: int) -> int:
    """Where the cell that begins there ends: at a prompt, or at the last line that Python takes."""
    stop = start
    while stop < len(lines) and not lines[stop].prompt and not lines[stop].fence:
        stop += 1
    last = start
    text: list[str] = []
    for i in range(start, stop):
        if i > start and not lines[i - 1].text.strip() and lines[i].text.strip() and not lines[i].code:
            break
        text.append(lines[i].text)
        if lines[i].text.strip() and parses("\n".join(text)):
            last = i + 1
    return last


# Data.


def _data(lines: Sequence[TextLine], roles: list[Kind]) -> None:
    """Tables, lists and records of numbers that stand by themselves."""
    i = 0
    while i < len(lines):
        if roles[i] != "prose" or not (lines[i].row or lines[i].listed or lines[i].record):
            i += 1
            continue
        start, end = kinds.data_start(lines, i, roles), kinds.data_end(lines, i, roles)
        if kinds.enough(lines[i:end]):
            for j in range(start, end):
                roles[j] = "data"
        i = end


# Programs.


def _programs(lines: Sequence[TextLine], roles: list[Kind]) -> None:
    """Runs of lines that Python takes, grown from those that can be nothing else."""
    inside = kinds.continued(lines)
    free = [role in ("prose", "data") for role in roles]
    seeds = [i for i, line in enumerate(lines) if roles[i] == "prose" and line.code == "strong"]
    if not any(role == "code" for role in roles) or seeds:
        seeds += kinds.weak_seeds(lines, roles)
    taken: set[int] = set()
    for seed in seeds:
        if seed in taken:
            continue
        taken |= _grown(lines, free, inside, seed)
    for i in taken:
        roles[i] = "code"


def _grown(lines: Sequence[TextLine], free: Sequence[bool], inside: dict[int, int], seed: int) -> set[int]:
    """The lines of the program around a seed."""
    found = {seed}
    for step in (-1, 1):
        i, blanks = seed + step, []
        while 0 <= i < len(lines) and free[i]:
            line = lines[i]
            if not line.text.strip():
                blanks.append(i)
            elif _belongs(lines, i, inside, near=not blanks) or _calls_own(line, lines, found):
                found.update(blanks)
                found.add(i)
                blanks = []
            else:
                break
            i += step
    return found


def _belongs(lines: Sequence[TextLine], i: int, inside: dict[int, int], *, near: bool) -> bool:
    """Whether a line goes on with the program beside it; across a blank line only what is plainly code does."""
    line = lines[i]
    if i in inside:
        return lines[inside[i]].code != "" or lines[inside[i]].listed
    if line.code in ("strong", "weak"):
        return True
    if line.code == "comment":
        below = next((other.code for other in lines[i + 1 : i + 6] if other.code != "comment"), "")
        return near or (below in ("strong", "weak") and not line.heading)
    if line.listed and line.named and in_brackets(line.text) > 0:
        return True
    return bool(line.code == "value" and near) or (line.text[:1] in (" ", "\t") and near and line.code != "")


def _calls_own(line: TextLine, lines: Sequence[TextLine], found: set[int]) -> bool:
    """Whether a line calls a function that the program beside it defines."""
    called = re.match(r"(\w+)\(", line.bare) if line.code == "value" else None
    return called is not None and any(re.match(rf"\s*def\s+{called[1]}\b", lines[i].bare) is not None for i in found)


# Output.

_CUE = frozenset(
    "output outputs print prints printed printing give gives gave return returns returned result results show shows "
    "get got console see terminal log".split()
)


def _announced(text: str) -> bool:
    """Whether a line announces what was printed: it ends with a colon, or one of its last words says so."""
    words = re.findall(r"[a-z]+", text.lower())
    return text.rstrip().endswith(":") or (bool(_CUE & set(words[-4:])) and not text.rstrip().endswith(("?", ";")))


_ARRAY = re.compile(r"\s*(?:array|tensor|Array|DeviceArray)\(\s*[\[\d]")


def _printed_array(lines: Sequence[TextLine], roles: list[Kind], i: int) -> None:
    """An array by itself that ends its stretch of a program was printed by it."""
    depth, end = 0, i
    while end < len(lines) and (end == i or depth > 0):
        depth += in_brackets(lines[end].text)
        end += 1
    opened = sum(in_brackets(line.text) for line, role in zip(lines[:i], roles, strict=False) if role == "code")
    while end < len(lines) and not lines[end].text.strip() and roles[end] == "code":
        end += 1
    if opened == 0 and (end == len(lines) or roles[end] != "code" or lines[end].prompt):
        roles[i:end] = ["output"] * (end - i)


_DIGITS = re.compile(r"[-+]?\d[\d.]*(?:[eE][-+]?\d+)?|\bnan\b|\binf\b")


def _alike(lines: Sequence[TextLine]) -> None:
    """Lines of words that differ in their numbers alone were printed, and a name above what was printed."""
    shapes = [_DIGITS.sub("0", line.text.strip()) for line in lines]
    for i, line in enumerate(lines[:-1]):
        if shapes[i] == shapes[i + 1] and shapes[i].count("0") >= 2 and shapes[i][:1].isalpha():
            line.printed = lines[i + 1].printed = True
        if lines[i + 1].printed and re.fullmatch(r"\s*[a-z_]\w{0,15}:?\s*", line.text) and not line.code:
            line.printed = True


def _outputs(lines: Sequence[TextLine], roles: list[Kind]) -> None:
    """Numbers and arrays that stand right behind a program, or behind words such as "it prints", were printed."""
    code = [i for i, role in enumerate(roles) if role == "code"]
    if not code:
        return
    for i in code:
        if _ARRAY.match(lines[i].text) and i and "code" in roles[:i]:
            _printed_array(lines, roles, i)
    _alike(lines)
    i = code[0]
    file = kinds.file_of(lines, roles, code)
    while i < len(lines):
        if i in file:
            i = file.stop
        elif roles[i] == "data" or (roles[i] == "prose" and lines[i].printed):
            before = i - 1
            while before >= 0 and (not lines[before].text.strip() or roles[before] == "fence"):
                before -= 1
            adjacent = roles[before] in ("code", "output")
            if adjacent or _announced(lines[before].text):
                while i < len(lines) and (roles[i] == "data" or (roles[i] == "prose" and lines[i].printed)):
                    roles[i] = "output"
                    i += 1
                continue
        i += 1
