"""Numbers that an asker has for a fit, in sentences: an amplitude, a period, a slope, a half-life, a parameter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from nabla.question.filled import Span
from nabla.question.roles import RoleReading
from nabla.question.sentences import WRITTEN

SHORT = 30  # letters of a sentence that asks about the one before: Is that correct?
_NUMBER = r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
_CLAIMED = (
    r"\b(amplitude|angular frequency|frequency|omega|ω|period|phase|peak-to-peak|offset|midline|slope|intercept|"
    r"half-life|half life|doubling time|time constant|lifetime|tau|decay constant|decay rate|growth rate|rate constant|"
    r"Q factor|quality factor|FWHM|R\^2|R²|R2|R-squared|chi2|χ²|chi-squared?)(?!\w)"
    r"(?:\s+(?!varian|err|uncert|std|sd\b|stand|sigma)[^\W\d]\w*)?\s*"
    r"(?:is|was|of|=|:|as|to be|should be|must be|≈|~|about|around|at)?\s*(?:about|around|roughly|approximately)?\s*"
    rf"({_NUMBER})\s?(Hz|kHz|MHz|rad/s|ms|min(?:utes)?|hours?|days?|years?|months?|weeks?|s\b|h\b|d\b|deg(?:rees)?\b|°|rad\b)?"
)
# A period that a question names: is there a 24-hour rhythm?
_CYCLE = re.compile(
    r"\b(\d+(?:\.\d+)?)[- ]?(second|minute|hour|day|week|month|year)s?[- ](?:\w+ )?(?:rhythm|cycles?|period\w*|pattern|"
    r"oscillations?|variation)\b",
    re.IGNORECASE,
)
# A frequency that is told by its unit alone: I expect 0.8 Hz.
_EXPECTED = re.compile(
    rf"\b(?:expect\w*|should be|supposed to be|must be)\s+(?:it\s+)?(?:at|about|around)?\s*({_NUMBER})\s?(Hz|kHz)\b",
    re.IGNORECASE,
)
_CANONICAL = {
    "ω": "omega",
    "half life": "half-life",
    "lifetime": "time constant",
    "tau": "time constant",
    "decay constant": "rate",
    "decay rate": "rate",
    "growth rate": "rate",
    "rate constant": "rate",
    "q factor": "Q",
    "quality factor": "Q",
    "χ²": "chi2",
    "chi-square": "chi2",
    "chi-squared": "chi2",
    "r^2": "R2",
    "r²": "R2",
    "r-squared": "R2",
}
_MINE = re.compile(
    r"\b(?:I (?:\w+ )?(?:get|got|read|think|found|find|have|believe|estimate|say|calculated?|measure)|my|mine|should|"
    r"must|correct|right|wrong|expect\w*|claims?|says|supposed|gives|gave|"
    r"returns|returned|prints|printed|shows)\b",
    re.IGNORECASE,
)


def claims_in(reading: RoleReading, used: list[Span], names: Sequence[str] = ()) -> str:
    """What the asker says of the fit: I read amplitude 5, my slope is 2; `names` are those of the form's parameters.

    To fit with a given period claims nothing.
    """
    found: list[str] = []
    own = rf"|\b({'|'.join(map(re.escape, names))})\s*=\s*({_NUMBER})()" if names else ""
    for piece in reading.pieces:
        sentences = list(WRITTEN.finditer(piece.text)) if piece.kind == "prose" else []
        for part, following in zip_longest(sentences, sentences[1:]):
            if named := _CYCLE.search(part[0]):
                found.append(f"period = {named[1]} {named[2].lower()}")
                used.append((piece.start + part.start() + named.start(), piece.start + part.start() + named.end()))
            if hertz := _EXPECTED.search(part[0]):
                found.append(f"frequency = {hertz[1]} {hertz[2]}")
            judged = part[0] + (following[0] if following and len(following[0]) < SHORT else "")
            if not _MINE.search(judged):
                continue
            for claim in re.finditer(_CLAIMED + own, part[0], re.IGNORECASE):
                if re.search(r"\bfit\w*\b[^.;]*\bwith\b[^.;]{0,25}\Z", part[0][: claim.start()]):
                    continue
                start = piece.start + part.start()
                if any(a <= start + claim.start() and start + claim.end() <= b for a, b in used):
                    continue  # a part of the formula that is fitted
                name, number, unit, *rest = claim.groups()
                if name is None:
                    name, number, unit = rest
                told = _CANONICAL.get(name.lower(), name.lower() if claim[1] else name)
                found.append(f"{told} = {number} {unit or ''}".strip())
                used.append((start + claim.start(), start + claim.end()))
    return ", ".join(dict.fromkeys(found))
