"""Programs of MATLAB that work on fields, as a text holds them: where they stand, and what they assign."""

from __future__ import annotations

import re

# A call of an operator of vector calculus, with what it assigns to.
CALL = re.compile(
    r"(?:(?P<results>\[[^\]\n]*\]|\w+)\s*=\s*)?(?<![\w.])(?P<name>divergence|curl|del2|gradient)\s*"
    r"\((?P<arguments>[^()\n]*)\)"
)
_MESH = re.compile(r"\]\s*=\s*(?:meshgrid|ndgrid)\s*\([^)\n]*[-\w.]+\s*:\s*[-\w.]+")
_STATEMENT = re.compile(r"\s*(?:(?:\[[^\]]*\]|\w+)\s*=(?!=)[^?]*|%.*|\w+\s*\(.*\)\s*;?|.*;|)\s*")
_ASSIGNED = re.compile(r"(?:^|;)[ \t]*(\w+)[ \t]*=(?!=)[ \t]*([^;\n%]+)", re.MULTILINE)


def is_matlab(text: str) -> bool:
    """Whether a text is a program of MATLAB: a grid from ranges a:b, or most lines with a semicolon at the end."""
    if re.search(r"^\s*(?:import|from|def) ", text, re.MULTILINE):
        return False
    lines = [line.split("%")[0].rstrip() for line in text.splitlines() if line.split("%")[0].strip()]
    ended = sum(line.endswith(";") for line in lines)
    return bool(_MESH.search(text)) or (ended > 1 and 2 * ended >= len(lines))


def assignments(text: str) -> dict[str, str]:
    """The names that a program gives to expressions; the last one of a name counts."""
    return {found[1]: found[2].strip() for found in _ASSIGNED.finditer(text)}


def program_in(text: str) -> tuple[int, int] | None:
    """Where in a text a program of MATLAB stands that makes a grid and takes a derivative on it; None without one."""
    if not _MESH.search(text) or not CALL.search(text):
        return None
    start = at = 0
    best: tuple[int, int] | None = None
    for line in [*text.splitlines(keepends=True), "?\n"]:
        if not _STATEMENT.fullmatch(line.rstrip("\n")):
            stretch = text[start:at]
            if _MESH.search(stretch) and CALL.search(stretch):
                best = (start, start + len(stretch.rstrip()))
            start = at + len(line)
        at += len(line)
    return best
