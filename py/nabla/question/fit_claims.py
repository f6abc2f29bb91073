"""Numbers that an asker has for a sinusoid, in sentences: an amplitude, a frequency, a period, an offset."""

from __future__ import annotations

import re

from nabla.question.filled import Span
from nabla.question.roles import RoleReading

_SENTENCE = re.compile(r"(?:[^.?!\n]|\.(?=\d))+[.?!]?[^.?!\n]{0,20}\??")
_CLAIMED = re.compile(
    r"\b(amplitude|frequency|angular frequency|omega|period|peak-to-peak|offset|midline)\b(?:\s+\w+)?\s*"
    r"(?:is|was|of|=|:|as|to be|should be|must be|≈|~|about|around|at)?\s*(?:about|around|roughly|approximately)?\s*"
    r"([-+]?\d+(?:\.\d+)?)\s?(Hz|kHz|MHz|rad/s|ms|min(?:utes)?|hours?|days?|years?|months?|weeks?|s\b|h\b|d\b)?",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"\b(?:I (?:\w+ )?(?:get|got|read|think|found|find|have|believe|estimate|say|calculated?|measure)|my|mine|should|"
    r"must|correct|right|wrong|expect\w*|claims?|says|supposed)\b",
    re.IGNORECASE,
)


def claims_in(reading: RoleReading, used: list[Span]) -> str:
    """What the asker says of the sinusoid: I read amplitude 5; to fit with a given period claims nothing."""
    found: list[str] = []
    for piece in reading.pieces:
        for part in re.finditer(
            r"(?:[^.?!\n]|\.(?=\d))+[.?!]?[^.?!\n]{0,20}\??", piece.text if piece.kind == "prose" else ""
        ):
            if not _MINE.search(part[0]) or re.search(r"\bfit\w*\b[^.]*\bwith\b", part[0]):
                continue
            for claim in _CLAIMED.finditer(part[0]):
                found.append(f"{claim[1].lower()} = {claim[2]} {claim[3] or ''}".strip())
                start = piece.start + part.start()
                used.append((start + claim.start(), start + claim.end()))
    return ", ".join(dict.fromkeys(found))
