"""Errors and changes that a text gives in percent: a 1 % error in L, the radius increases by 2 %."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.filled import Span
from nabla.question.roles import RoleReading

_PERCENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\$?\s?(?:\\?%|percent\b|per\s?cent\b)\$?")
_FALLS = re.compile(r"\b(?:decreas|reduc|shrink|drop|fall|short|lower|less|smaller)\w*")
_RISES = re.compile(r"\b(?:increas|grow|ris|rais|longer|larger|bigger|higher|more|chang)\w*")
_ERRS = re.compile(r"\b(?:errors?|uncertaint\w+|accura\w+|precis\w+|tolerance|within|measured)\b|±|\\pm(?![a-z])")
_IN = re.compile(
    r"\A[^.;,]{0,30}?\b(?:in|of|for|on)\s+(?:(?:the|its|measuring|measurement\sof|measurements\sof|each|value\sof)\s+)*"
    r"\$?(\\?[A-Za-z]+)"
)
_OF = re.compile(
    r"(?<![A-Za-z\\])\$?(\\?[A-Za-z]+)\$?(?=\s+(?:is|are|was|were|has|to|with|by|can\sbe|may\sbe|increas\w+|decreas\w+|"
    r"grows|falls)\b)"
)
_RIGHT_BEFORE = re.compile(r"(?:,|\band\b)\s+\$?(\\?[A-Za-z])\$?\s+\Z")  # L has 2% and C 3%
# Words whose letter is not their first.
_LETTERS = {
    "side": "sax", "edge": "sax", "radius": "rR", "length": "Ll", "current": "Ii", "speed": "v", "angle": "",
    "labor": "L", "labour": "L", "capital": "K", "is": "", "a": "", "the": "",
}  # fmt: skip


def percentages(reading: RoleReading, known: Sequence[str]) -> tuple[dict[str, str], list[Span]]:
    """The changes of variables in percent, `L` by `±1 %`, and where they stand; none where the text gives none."""
    found: dict[str, str] = {}
    spans: list[Span] = []
    text = reading.text
    for percent in _PERCENT.finditer(text):
        start = max((text.rfind(mark, 0, percent.start()) for mark in (". ", "?", "\n", ";")), default=-1) + 1
        stop = min(
            (end for mark in (". ", "?", "\n", ";") if (end := text.find(mark, percent.end())) >= 0), default=len(text)
        )
        before, behind = text[start : percent.start()], text[percent.end() : stop]
        name = _named(before, behind, known)
        near = f"{before[-60:]} {behind[:40]}".lower()
        if not name and _verb(near):
            return {}, []  # one that is not known of what it is
        if not name or name in found:
            continue
        clause = re.split(r",|\band\b|\bwhile\b|\bbut\b", before)[-1]
        near = f"{clause} {behind[:40] if not _verb(clause) else ''}".lower()
        if not _verb(near):
            continue
        both = _ERRS.search(near) or not (_RISES.search(near) or _FALLS.search(near))
        sign = "±" if both else "-" if _FALLS.search(near) else ""
        found[name] = f"{sign}{percent[1]}%"
        spans.append(percent.span())
    return found, spans


def _verb(clause: str) -> bool:
    """Whether a clause tells itself what is done."""
    return any(pattern.search(clause.lower()) for pattern in (_FALLS, _RISES, _ERRS))


def _named(before: str, behind: str, known: Sequence[str]) -> str:
    """The variable that a percentage is of: named behind it, `in L`, or before it, `the radius is measured with`."""
    words = [found[1] for found in [_IN.search(behind)] if found] + [found[1] for found in _OF.finditer(before)][::-1]
    words += [found[1] for found in _IN.finditer(before)][:1]
    words = [found[1] for found in [_RIGHT_BEFORE.search(before)] if found] + words
    found = [name for word in words if (name := letter_of(word, known))]
    return found[0] if found else known[0] if len(known) == 1 else ""


def letter_of(word: str, known: Sequence[str]) -> str:
    """The one variable that a word can stand for: r for radius, the letter itself; "" where none or several can."""
    plain = word.lstrip("\\")
    letters = [plain] if plain in known else _LETTERS.get(plain, (plain[0].lower(), plain[0].upper()))
    held = [name for name in known if name in letters]
    return held[0] if len(held) == 1 else ""
