"""What a text wants to know of a fit beside the curve: R², a half-life, its value at a place, where it reaches one."""

from __future__ import annotations

import re

from nabla.question.filled import Span
from nabla.question.roles import RoleReading
from nabla.question.sentences import WRITTEN

_ASKS = re.compile(
    r"\?|\b(?:what|whats|how|which|when|where|find|calculate|compute|determine|estimate|give|tell|get|need|want|please|"
    r"predict|forecast|extrapolate|report|show|with|asked?|looking for|value of)\b",
    re.IGNORECASE,
)
_FEW = 6  # words of a sentence that names what is wanted and no more: mu, sigma, FWHM
_NUMBER = r"(?P<number>-?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?)(?![\d:-]|\.\d)"
_PLACE = rf"(?P<place>(?:\w+\s*=\s*)?{_NUMBER})"
_WHICH = r"\b(?:gives|has|is|was|find|when|where|what|which|at)\b[^.?!]*"
# Quantities by the words for them, as the lab calls them.
_QUANTITIES = (
    ("R2", r"\bR\s?(?:²|\^\s?2|2)(?!\w)|\bR[- ]squared?\b|coefficient of determination|goodness[- ]of[- ]fit"),
    ("correlation", r"(?<!auto)(?<!auto-)\bcorrelation\b(?! (?:matrix|of (?:the )?parameters))|\bpearson(?:'s)?\b"),
    ("chi2", r"(?:\bchi|χ)[- ]?(?:\^?\s?2|²|squared?)(?!\w)|\bchisq\w*"),
    ("p-value of the intercept", r"\bintercept\b[^.?!]{0,40}\bsignificantly\b|"
                                 r"\bsignificantly\b[^.?!]{0,20}\bintercept\b"),
    ("p-value", r"\bp[- ]?values?\b|\bsignifican(?:t|ce)\b|\bslope\b[^.?!]{0,40}\bsignificantly\b"),
    ("interval", r"\bconfidence (?:intervals?|limits?|bounds?)\b|\b95\s?% (?:CI|intervals?)|\bCIs?\b"),
    ("slope", r"(?<!hill )\bslopes?\b"),
    ("intercept", r"(?<!x-)(?<!x )\b(?:y[- ])?intercepts?\b"),
    ("half-life", r"\bhalf[- ]?(?:life|lives|time)\b"),
    ("doubling time", r"\bdoubling[- ]time\b|\btime to double\b|\blong\b[^.?!]{0,20}\bto double\b"),
    ("time constant", r"\btime constants?\b|\bdecay times?\b|\blifetimes?\b|\be-folding\b|\brelaxation times?\b"),
    ("rate", r"\b(?:growth|decay|damping|rate|attenuation) (?:rate|constant|coefficient|factor)s?\b|\brate r\b"),
    ("spring constant", r"\bspring constant\b|\bstiffness\b|\bhooke\b"),
    ("Q", r"\b(?:Q|quality)[- ]factor\b|\bQ value\b|\bQ of\b|\bits Q\b|\bQ\s*\?"),
    ("maximum", rf"{_WHICH}\b(?:maximum|highest|maximal|hottest|warmest)\b(?! height)"),
    ("minimum", rf"{_WHICH}\b(?:minimum|lowest|minimal|coldest|coolest)\b"),
    ("damping ratio", r"\bdamping ratios?\b|ζ|\\zeta\b"),
    ("capacity", r"\bcarrying capacity\b|\bplateau\b|\basymptotes?\b|\bsaturation (?:level|value)\b"),
    ("FWHM", r"\bFWHM\b|\bfull width\b|\bline ?widths?\b|\bhalf[- ]width\b"),
    ("peak", r"\b(?:peak|maximum|resonance|resonant|cent(?:er|re|ral)) (?:position|frequency|location|wavelength)\b|"
             r"\bwhere is the (?:peak|maximum|cent(?:er|re))\b|\b(?:peak |and |the |, |: )cent(?:er|re)\b(?! of)"),
    ("angular frequency", r"\bangular (?:frequency|velocity)\b|\bomega\b|(?-i:ω)|\\omega\b"),
    ("amplitude", r"\bamplitudes?\b|\bhow (?:large|big) is the (?:swing|oscillation|variation)\b"),
    ("frequency", r"(?<!angular )(?<!resonance )(?<!resonant )(?<!sampling )\bfrequency\b"),
    ("phase", r"(?<!moon )(?<!lunar )\bphases?\b(?! (?:lag|shift|difference|between|diagram|fold))"),
    ("per minute", r"\b(?:beats|cycles|breaths|strokes|turns|revolutions) (?:per|a) minute\b|\b(?:bpm|rpm)\b|"
                   r"\bheart ?rate\b|\bpulse rate\b"),
    ("offset", r"\boffsets?\b|\bmidline\b|\bmean level\b|\bbaseline\b"),
)  # fmt: skip
_ZERO = re.compile(r"\bx[- ]intercepts?\b|\bcross(?:es)? (?:the )?(?:x[- ]axis|zero)\b", re.IGNORECASE)
_NEXT = re.compile(
    r"\b(?:forecast|predict\w*|extrapolat\w+|estimat\w+|what (?:is|are|will))\b[^.?!\n]*?\b(?:the )?"
    r"(?P<place>next (?P<number>\d{1,2}|two|three|four|five|six|ten|twelve|value|point|one|month|year|quarter))\b",
    re.IGNORECASE,
)
_COUNTS = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "ten": "10", "twelve": "12"}
_AT = re.compile(
    rf"\b(?:predict\w*|forecast|extrapolat\w+|expect\w*|estimat\w+|value|how (?:much|many|high|large|warm|hot|cold)|"
    rf"what (?:is|was|will|would|\w+ (?=after|at|in|for)))\b[^.?!\n]*?\b(?:for|in|at|after|by|when|to)\s+"
    rf"(?:the year\s+)?{_PLACE}",
    re.IGNORECASE,
)
_VALUE = re.compile(rf"\b(?P<name>[A-Za-z]\w*)\s*=\s*{_NUMBER}")
_REACH = re.compile(
    rf"(?:\b(?:when|where|what|how long|at (?:what|which))\b[^.?!\n]*?\b(?:reach(?:es)?|hits?|cross(?:es)?|exceeds?|"
    r"equals?|(?:drops?|falls?|rises?|gets?|cools?|is|are) (?:to|below|above|under|over)|down to|up to|becomes?)\s+|"
    rf"\bwhen\s+(?:it(?:'s|\s+is)\s+)?(?=[-\d.]+\s?(?:°|degrees)))(?:{_PLACE})",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    rf"\b(?:unknown|sample|reading|measured?|reads?|gives?|shows?|has|had|with)\b[^.?!\n]{{0,40}}?{_NUMBER}[^\n]{{0,40}}?"
    rf"(?:(?:[.,?;]\s*(?:what|find|determine)|\bwhat)\b|\?)",
    re.IGNORECASE,
)


def asked_in(reading: RoleReading, used: list[Span], data: str) -> str:
    """The quantities that the sentences of a text ask for, as the lab takes them: R2, half-life, at 12, reach 10."""
    found: list[tuple[str, Span]] = []
    for piece in reading.pieces:
        if piece.kind != "prose":
            continue
        for sentence in WRITTEN.finditer(piece.text):
            if _ASKS.search(sentence[0]) or len(sentence[0].split()) < _FEW:
                start = piece.start + sentence.start()
                free = _without(sentence[0], start, used)
                found += [(name, (start + a, start + b)) for name, (a, b) in _in_sentence(free, data)]
        placed = any(name.startswith(("at ", "reach ")) for name, _ in found)
        unknown = _UNKNOWN.search(piece.text) if "calibrat" in reading.text.lower() and not placed else None
        if unknown:
            span = piece.start + unknown.start("number"), piece.start + unknown.end("number")
            found.append((f"reach {unknown['number'].replace(',', '.')}", span))
    used += [span for _, span in found]
    return ", ".join(dict.fromkeys(name for name, _ in found))


def quantities_in(text: str) -> list[str]:
    """The quantities that a text speaks of, as the lab calls them, without places on the curve."""
    return [name for name, _ in _in_sentence(text, "") if not name.startswith(("at ", "reach ", "next "))]


def _without(sentence: str, start: int, used: list[Span]) -> str:
    """A sentence, which begins at `start`, with blanks for what was read as data or as the form."""
    letters = list(sentence)
    for a, b in used:
        letters[max(a - start, 0) : max(b - start, 0)] = " " * len(letters[max(a - start, 0) : max(b - start, 0)])
    return "".join(letters)


def _in_sentence(sentence: str, data: str) -> list[tuple[str, Span]]:
    """The quantities of a sentence that asks, and one place or value."""
    found = [
        (name, match.span())
        for name, words in _QUANTITIES
        for match in re.finditer(words, sentence, 0 if name in ("R2", "Q") else re.IGNORECASE)
    ]
    if following := _NEXT.search(sentence):
        number = following["number"].lower()
        found.append((f"next {_COUNTS.get(number, number if number.isdigit() else '1')}", following.span("place")))
    if zero := _ZERO.search(sentence):
        return [*found, ("reach 0", zero.span())]
    head = re.findall(r"[A-Za-z]\w*", data.split("\n", 1)[0])
    for value in _VALUE.finditer(sentence):
        column = next((i for i, name in enumerate(head[:2]) if name.lower() == value["name"].lower()), None)
        if column is not None:
            return [*found, (f"{('at', 'reach')[column]} {value['number'].replace(',', '.')}", value.span())]
    for how, pattern in (("reach", _REACH), ("at", _AT)):
        place = pattern.search(sentence)
        if place and place["number"] not in data.split():
            return [*found, (f"{how} {place['number'].replace(',', '.')}", place.span("place"))]
    return found
