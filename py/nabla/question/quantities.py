r"""Units behind numbers: `3 m/s`, `0.8 \mathrm{~kg} / \mathrm{m}^3`, `45^\circ`. They measure, and are no variables."""

from __future__ import annotations

import re

from nabla.question.lexicon import UNITS

# Symbols that are units by themselves, and letters that are only in upright type or beside another unit.
_LONG = (
    "cm mm km nm pm µm μm um ft yd mi lbs lb oz kg mg ms ns min hrs hr rad deg Hz kHz MHz GHz kN kW kJ MJ MW kV mV mA "
    "kPa MPa Pa eV keV MeV GeV mol atm cal kcal rpm mph kph dB Bq Wb AU ohm ohms"
).split()
_GLUED = "cm mm km kg ft Hz kHz MHz kPa kW kmh".split()  # that no one means as a product right behind a number
_SHORT = "m s h g N J W V A C K T L F H in l Ω".split()


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
