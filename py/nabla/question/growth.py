"""Exponential growth and decay told in words, with no table: 100 at 0 h, 400 at 3 h; when are there 1600, is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import exp

from nabla.question.filled import Filled
from nabla.question.fit_asked import quantities_in
from nabla.question.roles import RoleReading
from nabla.question.sentences import WRITTEN
from nabla.read.data.rate import unit_called, unit_size

LONGEST = 1200  # letters of a story
_GROWS = re.compile(
    r"\d\s?%\s*(?:per|an?|each|every)\b|\b(?:exponential\w*|half[- ]?li\w+|doubl\w+|tripl\w+|interest|halv\w+|"
    r"radioactiv\w*|decays?|bacteri\w+|newton'?s law of cooling|cool\w*)\b",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\b(?:linear\w*|logistic\w*|derivative|differentiat\w+|d[A-Za-z]/dt)\b|=\s*[A-Za-z]|\be\^", re.IGNORECASE
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TIMES = r"seconds?|secs?|s|minutes?|mins?|min|hours?|hrs?|hr|h|days?|d|weeks?|months?|years?|yrs?|yr|a"
_WORDS = {"half a": 0.5, "half an": 0.5, "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0}
_WORDS |= {"five": 5.0, "six": 6.0, "ten": 10.0}
_UNITS = (
    rf"%|(?:{_TIMES}|thousand|million|billion|mg|g|kg|µg|mL|L|Bq|kBq|MBq|mol|mM|K|C)\b|°\s?[CF]?|[A-Za-zµ]+/[A-Za-z]+"
)
_QUANTITY = re.compile(
    r"(?<![\w.:])(?P<clock>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?=\s?(?:h\b|o'clock|Uhr|[ap]m\b)|(?<=:\d\d)(?![\d:]))|"
    rf"\b(?:in|by|since|year)\s+(?:the year\s+)?(?P<date>1\d{{3}}|20\d{{2}})\b(?!\s*(?:{_TIMES})\b)|"
    rf"\b(?:after|in|within|for)\s+(?P<word>{'|'.join(_WORDS)})\s+(?P<of>{_TIMES})\b|"
    rf"\b(?P<before>day|hour|week|minute|month|year|t\s*=)\s*(?P<count>{_NUMBER})(?![\d,.]*\d)|"
    rf"(?<![\w.,-])(?P<number>-?(?:{_NUMBER}))(?!\s*[ap]\.?m\b)(?:\s?(?P<unit>{_UNITS}))?|"
    r"\b(?P<first>right after|initial\w*|at first|at the start|at the beginning|original\w*|to begin with|"
    r"start(?:s|ed|ing)? (?:with|at|out with|from))\b",
    re.IGNORECASE,
)
_FACTORS = {"doubl": 2.0, "tripl": 3.0, "quadrupl": 4.0, "halv": 0.5}
_FACTOR = re.compile(
    r"\b(doubl|tripl|quadrupl|halv)\w*\s+(?:\w+\s+){0,3}?(?:every|each|in|within|after)\s+"
    rf"(?P<length>{_NUMBER})?\s*(?P<unit>{_TIMES})\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"\bto (doubl|tripl|quadrupl|halv)e\b", re.IGNORECASE)
_HALF = re.compile(
    r"\b(half[- ]?life|doubling time)\b[^.?!;\d]{0,40}?\b(?:is|of|=|:)?\s*(?:about\s+)?"
    rf"(?P<length>{_NUMBER})\s*(?P<unit>{_TIMES})\b",
    re.IGNORECASE,
)
# Grows by 3 % a year; 5 % interest, which is a year's.
_RATE = re.compile(
    r"(?:\b(?P<how>grow\w*|increas\w+|ris\w+|decreas\w+|declin\w+|los\w+|fall\w*|shrink\w*|decay\w*)\b[^.?!;\d%]{0,40}?)?"
    r"(?P<percent>\d+(?:\.\d+)?)\s?%\s*"
    rf"(?:interest\b|(?:per|an?|each|every|/)\s*(?P<length>{_NUMBER})?\s*(?P<unit>{_TIMES})\b)",
    re.IGNORECASE,
)
_FALLS = re.compile(r"decreas|declin|los|fall|shrink|decay", re.IGNORECASE)
_DEGREES = rf"-?(?:{_NUMBER})"
_AROUND = re.compile(
    r"\b(?:room|surround\w*|ambient|air|environment|fridge|freezer|kitchen|outside)\b[^.;,?!\d]{0,30}?"
    rf"(?P<number>{_DEGREES})\s?(?:°\s?[CF]?|degrees)?|"
    rf"(?P<other>{_DEGREES})\s?(?:°\s?[CF]?|degrees)?\s+(?:room|surroundings|fridge|freezer)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:when|how (?:long|many|much|old|large|big|warm|hot)|what|find|determine|predict|estimate|calculate|"
    r"after how)\b",
    re.IGNORECASE,
)
_GIVING = re.compile(r"\b(?:if|given that|assuming|knowing|that (?:decays?|grows?|cools?|doubles?))\b", re.IGNORECASE)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}


@dataclass(frozen=True, slots=True)
class StoryQuantity:
    """A quantity of a story: a time, or an amount with its unit."""

    value: float
    unit: str
    time: bool


def growth_in(reading: RoleReading) -> Filled | None:
    """The two states of an exponential that a text tells, as data, and what it asks of the curve through them; None
    where it tells another thing, or has a table or a program.
    """
    text = reading.text
    known = reading.data or reading.programs or len(text) > LONGEST or _OTHERWISE.search(text)
    if known or not _GROWS.search(text):
        return None
    around = _AROUND.search(text) if re.search(r"\bcool|\bwarm|\bheat", text, re.IGNORECASE) else None
    base = float(around["number"] or around["other"]) if around else 0.0
    if around:
        text = text[: around.start()] + " " * len(around[0]) + text[around.end() :]
    rule = _FACTOR.search(text) or _HALF.search(text) or _RATE.search(text)
    if rule:
        text = text[: rule.start()] + " " * len(rule[0]) + text[rule.end() :]
    given, asked = _parted(text)
    told, wanted = _quantities(given), _quantities(asked)
    if not rule and len([q for q in told if not q.time]) < 2 and not any(q.unit == "%" for q in told):
        told, wanted = [*_quantities(text)], []
    if rule:
        points, wanted = _by_rule(rule, told, wanted, "continuous" in text.lower())
    else:
        points = _points(told)
    if len(points) != 2 or points[0][0].value == points[1][0].value:
        return None
    return _filled(reading, points, wanted, base)


def _parted(text: str) -> tuple[str, str]:
    """What the text gives, and what it asks."""
    given, asked = [], []
    for sentence in WRITTEN.finditer(text):
        said = sentence[0]
        at = _ASKING.search(said)
        asks = said.endswith("?") or (at is not None and at.start() < 3)
        if not asks:
            given.append(said)
            continue
        if at is None:
            asked.append(said)
            continue
        condition = _GIVING.search(said, at.start())
        given += [said[: at.start()], *([said[condition.start() :]] if condition else [])]
        asked.append(said[at.start() : condition.start() if condition else len(said)])
    return ". ".join(given), ". ".join(asked)


def _quantities(text: str) -> list[StoryQuantity]:
    found: list[StoryQuantity] = []
    for match in _QUANTITY.finditer(text):
        unit = (match["unit"] or "").lower()
        if match["first"]:
            found.append(StoryQuantity(0.0, "", True))
        elif match["clock"]:
            found.append(StoryQuantity(int(match["clock"]) + int(match["minute"]) / 60, "h", True))
        elif match["date"]:
            found.append(StoryQuantity(float(match["date"]), "year", True))
        elif match["word"]:
            found.append(StoryQuantity(_WORDS[match["word"].lower()], match["of"].lower(), True))
        elif match["count"]:
            unit = match["before"].lower()
            found.append(StoryQuantity(_plain(match["count"]), "" if unit.startswith("t") else unit, True))
        elif unit and re.fullmatch(_TIMES, unit):
            found.append(StoryQuantity(_plain(match["number"]), unit, True))
        else:
            scale = _SCALES.get(unit, 1.0)
            found.append(
                StoryQuantity(_plain(match["number"]) * scale, "" if unit in _SCALES else match["unit"] or "", False)
            )
    return found


def _plain(number: str) -> float:
    return float(number.replace(",", ""))


def _points(told: list[StoryQuantity]) -> list[tuple[StoryQuantity, StoryQuantity]]:
    """The two amounts, each with its time: told beside it, or 0 for the first."""
    amounts, times = [q for q in told if not q.time], [q for q in told if q.time]
    if len(amounts) == len(times) == 1 and amounts[0].unit == "%":  # a quarter is left after 36 days
        amounts = [StoryQuantity(100.0, "%", False), *amounts]
    if len(amounts) != 2 or not 1 <= len(times) <= 2:
        return []
    if len(times) == 1:
        times = [StoryQuantity(0.0, times[0].unit, True), times[0]]
    return list(zip(times, amounts, strict=True))


def _by_rule(
    rule: re.Match[str], told: list[StoryQuantity], wanted: list[StoryQuantity], continuous: bool
) -> tuple[list[tuple[StoryQuantity, StoryQuantity]], list[StoryQuantity]]:
    """The amount at first, 100 % where none is told, what it becomes after the time of the rule, and what is asked."""
    amounts = [q for q in told if not q.time and q.value > 0]
    asked = [q for q in wanted if not q.time]
    if not amounts and asked and asked[0].unit != "%":  # from 1000 to 64000; for 1000 to double
        amounts, wanted = asked[:1], [q for q in wanted if q is not asked[0]]
    first = next((q for q in amounts if q.unit != "%"), StoryQuantity(100.0, "%", False))
    wanted = [*wanted, *(q for q in amounts if q is not first)]
    start = next((q for q in told if q.time), StoryQuantity(0.0, "", True))
    length = StoryQuantity(_plain(rule["length"] or "1"), (rule["unit"] or "year").lower(), True)
    ratio = (unit_size(start.unit) or 1.0) / (unit_size(length.unit) or 1.0) if start.unit else 1.0
    start = StoryQuantity(start.value * ratio, length.unit, True)
    after = StoryQuantity(start.value + length.value, length.unit, True)
    return [(start, first), (after, StoryQuantity(first.value * _factor(rule, continuous), first.unit, False))], wanted


def _factor(rule: re.Match[str], continuous: bool) -> float:
    """By how much an amount changes in the time of a rule."""
    if "percent" not in rule.groupdict():
        return next((f for start, f in _FACTORS.items() if rule[1].lower().startswith(start)), 0.5)
    share = float(rule["percent"]) / 100
    share = -share if _FALLS.match(rule["how"] or "") else share
    return exp(share) if continuous else 1 + share


def _filled(
    reading: RoleReading, points: list[tuple[StoryQuantity, StoryQuantity]], wanted: list[StoryQuantity], base: float
) -> Filled | None:
    (start, first), (end, last) = points
    unit = end.unit or start.unit
    size = unit_size(unit) or 1.0

    def counted(time: StoryQuantity) -> float:
        return time.value * (unit_size(time.unit) or size) / size

    if not 0 < (last.value - base) / ((first.value - base) or 1) != 1:
        return None
    dated = start.value > 1000 and start.unit == "year"
    x = f"(x - {counted(start):.15g})" if start.value else "x"
    falls = abs(last.value - base) < abs(first.value - base)
    form = f"a*exp({'-' * falls}k*{x})" + (f" + {base:.15g}" if base else "")
    rows = [f"{counted(time):.15g}\t{amount.value:.15g}" for time, amount in points]
    head = (
        ("year" if dated else f"t ({unit_called(unit) or unit})" if unit else "t")
        + "\t"
        + (f"y ({first.unit})" if first.unit else "y")
    )
    places = []
    for q in wanted:
        if q.time:
            places.append(f"at {counted(q):.15g}")
        else:
            part = q.value / 100 * first.value if q.unit == "%" != first.unit else q.value
            places.append(f"reach {part:.15g}")
    if again := _AGAIN.search(reading.text):
        places.append(f"reach {first.value * _FACTORS[again[1].lower()]:.15g}")
    inputs = {"data": "\n".join([head, *rows]), "form": form, "models": "auto"}
    if asked := ", ".join(dict.fromkeys([*quantities_in(reading.text), *places])):
        inputs["asked"] = asked
    return Filled(inputs, ((0, len(reading.text)),))
