"""What stands beside a program and is none: what it printed, and what tells of the machine it ran on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.lines import TextLine
from nabla.question.pieces import Kind


def is_shown(line: TextLine) -> bool:
    """Whether a line below a program shows what it gave: >> (5, 2), or what Python does not take and no program is."""
    return bool(re.match(r"\s*>>(?!>)", line.text)) and not line.code


_LITERAL = re.compile(r"\bprint\s?\(?\s?[fr]?([\"'])([^\"'{%\\]*[A-Za-z]{3}[^\"'{%\\]*|[A-Za-z]\w*\s*[=:][^\"'{%\\]*)")
_BARE = re.compile(r"[A-Za-z]\w*\s*[=:]\s*[-\d.\[(]")  # z1 = 0.5, which a line of a program could be too


def mark_echoed(lines: Sequence[TextLine], roles: list[Kind]) -> None:
    """Lines that begin with the words of a `print` above them were printed by it."""
    words: set[str] = set()
    last = -1  # of the lines that are not blank
    for i, line in enumerate(lines):
        text = line.text.strip()
        printed = any(text.startswith(begun) for begun in words) and line.code != "strong"
        behind = last >= 0 and (roles[last] == "output" or "print" in lines[last].text)
        if printed and roles[i] in ("code", "prose") and (behind or not _BARE.match(line.text)):
            roles[i] = "output"
        elif roles[i] == "code":
            words |= {found[2].strip() for found in _LITERAL.finditer(line.text)}
        last = i if text and roles[i] != "fence" else last


_ENVIRONMENT = frozenset("version versions environment system info information platform setup specs your".split())
_FACT = re.compile(r"[-*•\s]*[\w .()\[\]/+#-]{2,50}:\s*\S.*|.*\d+\.\d+.*|[-*•\s]*[\w.-]{1,24}")


def mark_environments(lines: Sequence[TextLine], roles: list[Kind]) -> None:
    """What stands below a heading such as "Versions" tells of the asker's machine, and is no part of the question."""
    for i, line in enumerate(lines):
        title = set(re.findall(r"[a-z]+", line.text.lower()))
        if roles[i] != "prose" or not re.match(r"\s{0,3}(?:#{1,6} |\*\*)", line.text) or not title <= _ENVIRONMENT:
            continue
        j = i + 1
        while title and j < len(lines) and not lines[j].heading:
            if roles[j] != "fence" and lines[j].text.strip():
                if roles[j] == "code" or not _FACT.fullmatch(lines[j].text) or lines[j].text.rstrip().endswith("?"):
                    break
                roles[j] = "aside"
            j += 1
