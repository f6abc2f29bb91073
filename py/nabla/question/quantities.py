r"""What numbers of prose measure and count: `3 m/s`, `0.8 \mathrm{~kg} / \mathrm{m}^3`, `45^\circ`, `3 samples`. Units
and the names of things are no variables.
"""

from __future__ import annotations

import re

from nabla.question import spoken
from nabla.question.atoms import FACTOR
from nabla.question.letters import is_relating
from nabla.question.lexicon import PRODUCTS, UNITS, is_word

# Symbols that are units by themselves, and letters that are only in upright type or beside another unit.
_LONG = (
    "cm mm km nm pm µm μm um ft yd mi lbs lb oz kg mg ms ns min hrs hr rad deg Hz kHz MHz GHz kN kW kJ MJ MW kV mV mA "
    "ml mL kPa MPa Pa eV keV MeV GeV mol atm cal kcal rpm mph kph dB Bq Wb AU ohm ohms"
).split()
_GLUED = "cm mm km kg ft Hz kHz MHz kPa kW kmh".split()  # that no one means as a product right behind a number
_SHORT = "m s h g N J W V A C K T L F H in l Ω".split()
# An axis with dots: t = 0, 0.1, ..., 2.5.
_STEP = r"-?\d*\.?\d+"
DOTTED = re.compile(
    rf"\b([a-zA-Z])\s*=\s*({_STEP})\s*,\s*({_STEP})\s*,(?:\s*{_STEP}\s*,)?\s*(?:\.\.\.|…|\\l?dots)\s*,?\s*({_STEP})"
)
# Sizes and regions: 12x12, 3 \\times 4, [0,1]^2, [0,1]x[0,2].
SIZED = re.compile(
    r"\d+\s?(?:x|×|\\times)\s?\d+|\[[^\[\],]+,[^\[\],]+\]\s?(?:\^\s?\{?[23]\}?|(?:x|×|\\times)\s?\[[^\[\],]+,[^\[\],]+\])"
)


def _any(names: list[str]) -> str:
    return "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))


_POWER = r"(?:\s?\^\s?(?:\{\s?-?\d\s?\}|-?\d)|[²³]|⁻[¹²³])?"
_WORDS = _any([*_LONG, *_SHORT, *sorted(UNITS)])
_UPRIGHT = (
    rf"\\(?:mathrm|text|textrm|rm|mbox|operatorname)\s?\{{[\s~\\,]*(?:{_WORDS}){_POWER}"
    rf"(?:\s?(?:/|·|\\cdot|\.|\s|~)\s?(?:{_WORDS}){_POWER})*[.\s]*\}}{_POWER}"
)
_GAP = r"(?:\s|~|\\[,;: ])*"
_SET = re.compile(
    rf"{_GAP}[-–]?(?:{_UPRIGHT}(?:{_GAP}(?:/|\\cdot(?![A-Za-z]))?{_GAP}{_UPRIGHT})*|\\Omega(?![A-Za-z])|\\?%|"
    rf"\^\s?(?:\{{\s?\\circ\s?\}}|\\circ(?![A-Za-z]))(?:\s?\\(?:mathrm|text)\s?\{{\s?[CF]\s?\}})?)"
)
_LONE = rf"(?:{_any(_LONG)}){_POWER}(?![A-Za-z^])"
_OVER = rf"(?:{_any(_LONG + 'm s h g K L C A'.split())}){_POWER}(?![A-Za-z])"
_TYPED = re.compile(
    rf"\s?(?:(?:{_any(_LONG)}|[mNJVWCg]){_POWER}(?:\s?(?:/|·)\s?{_OVER})+(?!\s?[/(_])"
    rf"|\s{_LONE}(?!\s?[-+*/^=(_]\s?[\w(\\])|(?:{_any(_GLUED)}){_POWER}(?![A-Za-z0-9^(_]))"
)
# Behind a formula, where an upright letter could be a name: only what can be nothing but a unit.
_SURE = re.compile(rf"[~\s\\,]*{_UPRIGHT}(?:{_GAP}(?:/|\\cdot(?![A-Za-z]))?{_GAP}{_UPRIGHT})*")
_NUMBER = re.compile(r"\d(?![A-Za-z_])")
_PRODUCT = re.compile(r"([A-Za-z#]+)\.?\s?$")  # PyTorch 2.1
_COUNTED = re.compile(r"\s?(%|°|[A-Za-zµΩ]+)(?![A-Za-z(^*])")
_OPERATED = re.compile(r"\s?[-+*/^=(]\s?[A-Za-z\d]")


_COMMA = re.compile(r",\d+(?!\d|\s?,|\.\d)")


def decimal_comma(text: str, start: int, at: int, end: int, *, alone: bool) -> int:
    """The end of the decimals behind a comma at `at`, 2,5x; 0 where the comma parts numbers.

    `alone` tells that no equals sign stands before: then something must follow that only a number can stand before.
    """
    found = _COMMA.match(text, at, end)
    if not found or not text[start:at].isdigit() or text[start - 1 : start] in (",", ".") or re.search(r"\d\.\d", text):
        return 0
    follows = re.match(r"\s?(?:[-+*/^·⋅]|\\|[A-Za-z](?![A-Za-z]))", text[found.end() : found.end() + 4])
    return found.end() if follows or not alone else 0


def is_count(text: str, start: int, at: int, end: int, singles: frozenset[str]) -> bool:
    """Whether the number from `start` to `at` counts something or is a version: 3 samples, 17 ft, PyTorch 2.1.

    `singles` are the letters that the text uses as names: behind a number these make a product.
    """
    before = _PRODUCT.search(text[max(0, start - 20) : start])
    if before and before[1].lower() in PRODUCTS and not FACTOR.match(text, at, end):
        return True
    behind = _COUNTED.match(text, at, end)
    if not behind or spoken.operator(text, at + 1, end):
        return False
    word = behind[1]
    if word in "%°" or (word.lower() in UNITS and len(word) > 1):
        return True
    if text[at : at + 1] != " ":
        return False
    if len(word) > 2 and is_word(word) and not is_relating(word):
        return True
    return word in "msVNgAhW" and word not in singles and not _OPERATED.match(text[behind.end() : behind.end() + 4])


def unit_end(text: str, at: int, end: int, *, inside: bool) -> int:
    """Where the unit ends that begins behind a number, `at` itself where none does; `inside` delimiters of formulas
    only what is set upright is one.
    """
    found = _SET.match(text, at, end) or (None if inside else _TYPED.match(text, at, end))
    return found.end() if found else at


def measure_end(text: str, at: int, end: int) -> int:
    """Where the upright unit ends that begins behind a formula, `at` itself where none does that is surely one."""
    found = _SURE.match(text, at, end)
    sure = found and ("~" in found[0] or "/" in found[0] or re.search(rf"(?<![A-Za-z])(?:{_any(_LONG)})\b", found[0]))
    return found.end() if found and sure else at


def without_units(text: str) -> str:
    """The text with the units behind its numbers taken away."""
    pieces, start = [], 0
    for number in _NUMBER.finditer(text):
        if number.start() < start:
            continue
        stop = unit_end(text, number.end(), len(text), inside=False)
        if stop > number.end():
            pieces.append(text[start : number.end()])
            start = stop
    return "".join([*pieces, text[start:]])


def lone_letters(text: str) -> frozenset[str]:
    """The letters that stand alone beside an operator somewhere: the variables of short products."""
    found = re.findall(
        r"(?<![A-Za-z\\'’])([A-Za-z])(?=\s?[-+*/^=_,)(²³]|\s?\d)|(?<=[-+*/^=(\d])\s?([A-Za-z])(?![A-Za-z])",
        without_units(text[:20000]),
    )
    return frozenset(a or b for a, b in found) | {"x", "y"}
