"""Related rates told as stories: a ladder that slides, a tank that fills, cars that drive apart.

A story is one of a stock of shapes. Each shape has its equations, and for each letter what it measures and the words
that tell it: a quantity of the text belongs to the letter of its dimension whose words stand nearest in its clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nabla.question.measures import Measured, measured_in, scaled, time_in

_FALL = re.compile(
    r"decreas|shrink|melt|leak|drain|deflat|evaporat|lower|fall|escap|out of|flow\w*[-\s]out|r[au]n\w* out|"
    r"\btoward|approach|slid\w+ down|reel|pulled in|los(?:es|ing)|empt|descend|closer"
)
_GAIN = re.compile(r"\bonto\b|\binto\b")  # sand that falls onto a pile makes it grow
_ASKS = re.compile(
    r"how (?:fast|quickly|rapidly|slowly)|(?:at )?what (?:is the )?(?:rate|speed)|find the (?:rate|speed)|"
    r"rate of change|rate at which"
)
# What falls without fail, wherever in the story it is told.
_LOSS = re.compile(r"leak|drain|melt|deflat|evaporat|flow\w*[-\s]out|r[au]n\w* out|shrink")
_MOMENT = re.compile(r"\bwhen\b|\binstant\b|\bmoment\b|\bat the time\b|\bonce\b")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter measures: its meaning, the power of a length that it is, the words that tell it, whether it
    never changes, and the words that ask for it where those are others.
    """

    meaning: str
    power: int
    words: str
    fixed: bool = False
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A shape of stories: the words that tell it, its equations, its letters, and whose rate is asked for in doubt."""

    words: str
    equations: str
    letters: dict[str, Letter]
    asked: str
    without: str = r"(?!)"


_FLOW = r"volume|water|sand|air|gas|helium|fill|pour|pump|inflat|leak|drain|gravel|flow|dump|rate"
_CONE = {
    "V": Letter("the volume", 3, _FLOW, measure="volume"),
    "r": Letter("the radius of the surface", 1, r"radius"),
    "h": Letter("the depth", 1, r"deep|depth|level|height|high"),
}
STORIES: tuple[Story, ...] = (
    Story(
        r"\bladder\b",
        "x^2 + y^2 = L^2",
        {
            "L": Letter("the length of the ladder", 1, r"ladder|long|length", fixed=True),
            "x": Letter("the distance of its foot from the wall", 1, r"foot|bottom|base|away|from the (?:wall|house)"),
            "y": Letter("the height of its top", 1, r"\btop\b|height|high|above|up the|down the|off the ground"),
        },
        "y",
        without=r"angle",
    ),
    Story(
        r"\bshadow\b",
        "s/h = (x + s)/H",
        {
            "H": Letter("the height of the light", 1, r"lamp|light|pole|post", fixed=True),
            "h": Letter("the height of who walks", 1, r"\bman\b|woman|person|boy|girl|child|student", fixed=True),
            "x": Letter("the distance from the light", 1, r"walk|away|from|speed|rate"),
            "s": Letter("the length of the shadow", 1, r"shadow"),
        },
        "s",
        without=r"\btip\b|\bend of\b|\bwall\b|\bbuilding\b",
    ),
    Story(
        r"\bcon(?:e|ical)\b(?s:.*)\b(?:diameter and (?:its |the )?height|height and (?:its |the )?(?:base )?diameter)"
        r"[^.]{0,30}equal",
        "V = pi r^2 h/3; r = h/2",
        _CONE,
        "h",
    ),
    Story(
        r"\bcon(?:e|ical)\b(?s:.*)\b(?:radius and (?:its |the )?height|height and (?:its |the )?(?:base )?radius)"
        r"[^.]{0,30}equal",
        "V = pi r^2 h/3; r = h",
        _CONE,
        "h",
    ),
    Story(
        r"\bcon(?:e|ical)\b",
        "V = pi r^2 h/3; r/h = R/H",
        {
            **_CONE,
            "R": Letter("the radius of the tank at its top", 1, r"radius|diameter|across|wide", fixed=True),
            "H": Letter("the height of the tank", 1, r"height|high|tall|deep|altitude", fixed=True),
        },
        "h",
        without=r"\bpile\b|\bequal\b",
    ),
    Story(
        r"\bcylind\w+",
        "V = pi R^2 h",
        {
            "V": Letter("the volume", 3, _FLOW, measure="volume"),
            "R": Letter("the radius of the tank", 1, r"radius|diameter", fixed=True),
            "h": Letter("the depth", 1, r"deep|depth|level|height|high"),
        },
        "h",
    ),
    Story(
        r"\b(?:spher\w+|balloon|bubble|snowball)\b",
        "V = 4/3 pi r^3; A = 4 pi r^2; D = 2 r",
        {
            "V": Letter("the volume", 3, _FLOW, measure="volume"),
            "A": Letter("the area of the surface", 2, r"area|surface"),
            "r": Letter("the radius", 1, r"radius"),
            "D": Letter("the diameter", 1, r"diameter"),
        },
        "r",
        without=r"\bground\b|\brises\b|\brising\b",
    ),
    Story(
        r"\b(?:circ\w+|ripple|disk|disc|spill|puddle)\b",
        "A = pi r^2; C = 2 pi r; D = 2 r",
        {
            "A": Letter("the area", 2, r"area"),
            "C": Letter("the circumference", 1, r"circumference|perimeter"),
            "r": Letter("the radius", 1, r"radius|ripple|outward"),
            "D": Letter("the diameter", 1, r"diameter"),
        },
        "A",
    ),
    Story(
        r"\bcubes?\b",
        "V = a^3; A = 6 a^2",
        {
            "V": Letter("the volume", 3, r"volume|melt"),
            "A": Letter("the area of the surface", 2, r"area|surface"),
            "a": Letter("the edge", 1, r"edge|side|length"),
        },
        "V",
    ),
    Story(
        r"\brectang\w+",
        "A = l w",
        {
            "A": Letter("the area", 2, r"area"),
            "l": Letter("the length", 1, r"length|long"),
            "w": Letter("the width", 1, r"width|wide"),
        },
        "A",
        without=r"\b(?:tank|box|trough|pool|diagonal|perimeter)\b",
    ),
    Story(
        r"\b(?:plane|aircraft|airplane|aeroplane|jet)\b",
        "x^2 + H^2 = z^2",
        {
            "H": Letter("the height of flight", 1, r"altitude|height|high|above", fixed=True),
            "x": Letter("the distance along the ground", 1, r"horizontal|speed|flying|flies|ground|past"),
            "z": Letter("the distance to the observer", 1, r"distance (?:between|from|to)|away|from (?:the|it)"),
        },
        "z",
        without=r"\bangle\b|\bcar\b|\btwo\b",
    ),
)


def story_of(text: str) -> dict[str, str] | None:
    """The inputs of derive for a story of related rates; None where it is none of the stock, or does not tell all."""
    lower = text.lower()
    if not _ASKS.search(lower):
        return None
    quantities = measured_in(text)
    if apart := _driving_apart(lower, quantities):
        return apart
    for story in STORIES:
        if re.search(story.words, lower) and not re.search(story.without, lower):
            return _filled(story, lower, quantities)
    return None


_LETTERED = re.compile(r"(?<![a-z])(?:d\s?([a-z])\s?/\s?dt|([a-z])['’′]?)\s*=\s*\$?\Z")
_CROSSING = re.compile(
    r"(?s)(?=.*\b(?:north|south)\b)(?=.*\b(?:east|west)\b)(?=.*\b(?:two|one|other|second|same (?:point|place))\b)|"
    r"right angles?|perpendicular"
)


def _driving_apart(text: str, quantities: list[Measured]) -> dict[str, str] | None:
    """Two that leave the same place at right angles: after a time each has gone its speed times that time."""
    speeds = [quantity for quantity in quantities if quantity.per and quantity.power == 1]
    times = [quantity for quantity in quantities if not quantity.per and not quantity.power and quantity.unit != "rad"]
    if len(speeds) != 2 or len(times) != 1 or len(quantities) != 3 or not _CROSSING.search(text):
        return None
    if not re.search(r"leav|depart|start|set out|travel|same (?:point|place|time)|intersection|port", text):
        return None
    if not re.search(r"distance|apart|separat|far", text) or re.search(r"\bangle\b|later|head start", text):
        return None
    per = speeds[0].per
    found = [scaled(speed, speeds[0].unit, per) for speed in speeds]
    hours = time_in(times[0], per)
    if not hours or None in found:
        return None
    first, second = found
    return {
        "f": "x^2 + y^2 = z^2",
        "what": "rate",
        "at": f"x=({first})*({hours}), y=({second})*({hours})",
        "rates": f"x' = {first}, y' = {second}, z' = ?",
        "letters": "x: how far the first has gone; y: how far the second has gone; z: the distance between them",
    }


def _filled(story: Story, text: str, quantities: list[Measured]) -> dict[str, str] | None:
    """Each quantity given to a letter; None where one finds none, or two would have the same."""
    rates = [quantity for quantity in quantities if quantity.per]
    lengths = [quantity for quantity in quantities if not quantity.per and quantity.power]
    if not rates:
        return None
    length = next((quantity.unit for quantity in [*lengths, *rates] if quantity.power), "")
    fixed = {name for name, letter in story.letters.items() if letter.fixed}
    values: dict[str, str] = {}
    asked = _asked(story, text)
    for quantity in lengths:
        letter = _letter(story, quantity, set(values), _is_moment(text, quantity))
        it = re.search(r"\bit\b", quantity.clause) and _is_moment(text, quantity)
        if letter is None and it and asked not in values and story.letters[asked].power == quantity.power:
            letter = asked  # when it is 5 cm
        value = scaled(quantity, length, rates[0].per)
        if letter is None or value is None:
            return None
        near = quantity.clause[max(0, quantity.at - 30) : quantity.at + 45]
        halved = letter == "R" and re.search(r"diameter|across|\bwide\b", near) and "radius" not in near
        values[letter] = f"({value})/2" if halved else value
    speeds: dict[str, str] = {}
    for quantity in rates:
        letter = _letter(story, quantity, {*fixed, *speeds, asked}, True)
        speed = scaled(quantity, length, rates[0].per)
        if letter is None or speed is None:
            return None
        speeds[letter] = f"-{speed}" if _falls(quantity) else speed
    if not fixed <= values.keys():
        return None
    if _LOSS.search(text) and not any(speed.startswith("-") for speed in speeds.values()):
        return None  # something is lost, and what the rate is of is not told beside it
    equations = _needed(story, {asked, *values, *speeds})
    used = [name for name in story.letters if re.search(rf"(?<![A-Za-z]){name}(?![A-Za-z])", equations)]
    known = [
        *(f"{name}' = {speed}" for name, speed in speeds.items()),
        *(f"{name}' = 0" for name in used if name in fixed),
    ]
    return {
        "f": equations,
        "what": "rate",
        "at": ", ".join(f"{name}={values[name]}" for name in used if name in values),
        "rates": ", ".join([*known, f"{asked}' = ?"]),
        "letters": "; ".join(f"{name}: {story.letters[name].meaning}" for name in used),
    }


def _is_moment(text: str, quantity: Measured) -> bool:
    """Whether a quantity is told of the moment, and not of the thing: it stands behind "when"."""
    before = re.split(r"[.;?!](?=\s)|,", text[: quantity.span[0]])[-1]
    return bool(_MOMENT.search(before))


def _falls(quantity: Measured) -> bool:
    """Whether what stands around a rate says that the quantity falls."""
    around = quantity.clause[max(0, quantity.at - 60) : quantity.at + 40]
    return bool(_FALL.search(around)) and not _GAIN.search(around)


def _letter(story: Story, quantity: Measured, taken: set[str], moment: bool) -> str | None:
    """The letter of a quantity's dimension whose words stand nearest in its clause; of things those that never change
    come first, of the moment those that do.
    """
    left = {
        name: letter for name, letter in story.letters.items() if name not in taken and letter.power == quantity.power
    }
    if (named := _LETTERED.search(quantity.clause[: quantity.at])) and (name := named[1] or named[2]):
        return next((each for each in left if each.lower() == name), None)  # r = 5 cm, dr/dt = 2 cm/s
    for group in ([name for name, letter in left.items() if letter.fixed != moment], list(left)):
        best, nearest = None, 1_000
        for name in group:
            for found in re.finditer(left[name].words, quantity.clause):
                distance = min(abs(found.start() - quantity.at), abs(found.end() - quantity.at))
                if distance < nearest:
                    best, nearest = name, distance
        if best:
            return best
    moving = [name for name, letter in left.items() if not letter.fixed]
    return moving[0] if moment and len(moving) == 1 else None


def _asked(story: Story, text: str) -> str:
    """The letter whose rate is asked for: its words stand first behind "how fast"."""
    opened = list(_ASKS.finditer(text))[-1]
    behind = re.split(r"[.;?!,]|\bwhen\b|\bif\b", text[opened.end() :])[0]
    places = {
        name: found.start()
        for name, letter in story.letters.items()
        if not letter.fixed and (found := re.search(letter.measure or letter.words, behind))
    }
    return min(places, key=lambda name: places[name]) if places else story.asked


def _needed(story: Story, letters: set[str]) -> str:
    """The equations without those that only tell of a letter that nobody speaks of."""
    kept = [part.strip() for part in story.equations.split(";")]
    for part in list(kept):
        rest = " ".join(other for other in kept if other is not part)
        own = [n for n in story.letters if re.search(rf"(?<![A-Za-z]){n}(?![A-Za-z])", part)]
        alone = [n for n in own if n not in letters and not re.search(rf"(?<![A-Za-z]){n}(?![A-Za-z])", rest)]
        if alone and len(kept) > 1:
            kept.remove(part)
    return "; ".join(kept)
