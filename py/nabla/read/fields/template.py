"""The form that a person wants the answer in: "A sin(2πLx) + B cos(2πMx) + C", read term by term."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import pi
from typing import Literal

from nabla.errors import Span, UserError

TERMS = 12
_NOT_NAMES = frozenset("sin cos pi tau x t np math".split())

_NUMBER = r"\d+\.?\d*(?:e[+-]?\d+)?|\.\d+"
_WRITTEN = (
    ("−", "-"), ("π", "pi"), ("\\pi", "pi"), ("τ", "tau"), ("·", "*"), ("×", "*"), ("\\cdot", "*"), ("\\sin", "sin"),
    ("\\cos", "cos"), ("\\left", ""), ("\\right", ""), ("np.", ""), ("math.", ""), ("^", "**"), (" ", ""),
)  # fmt: skip
_TONE = re.compile(r"(?:[A-Za-z_]\w*?|\d+\.?\d*)??\*?(sin|cos)\((.*)\)\Z")
_INSIDE = re.compile(
    rf"(?P<turn>2\*?pi|tau)?\*?(?P<number>{_NUMBER})?\*?(?P<name>(?!pi)[A-Za-wyzA-Z_]\w*?(?=\*|x|t))?\*?[xt]"
    rf"(?:/(?P<period>{_NUMBER}|[A-Za-z_]\w*))?(?P<phase>[+-].+)?\Z"
)
_TREND = re.compile(r"(?:[A-Za-z_]\w*?|\d+\.?\d*)(?:\*?[xt](?:\*\*(2))?)?\Z")


@dataclass(frozen=True, slots=True)
class TemplateTone:
    """A term with a sine or cosine: "both" when its phase is free; `frequency` when that was given as a number."""

    kind: Literal["both", "cos", "sin"]
    frequency: float | None


@dataclass(frozen=True, slots=True)
class Template:
    """The tones in the order written, and how many powers of x there are besides: 0, 1, 2 or 3."""

    tones: list[TemplateTone]
    trend: int


def is_template(text: str) -> bool:
    """Whether a text is a sum of sinusoids with names of their own and a trend; other formulas are models.

    A name that stands twice, or a number for an amplitude or an offset, binds the terms to one another or to a value.
    """
    try:
        read = read_template(text)
    except UserError:
        return False
    given = [tone.frequency for tone in read.tones if tone.frequency is not None]
    if len(given) > len(set(given)):
        return False
    plain = re.sub(r"^\s*\w+\s*(\(\s*[xt]\s*\))?\s*=", "", text)
    names = re.findall(r"(?<![\w.\\])[A-Za-z]\w*", plain)
    free = [name for name in names if name not in _NOT_NAMES]
    numbers = re.search(r"(?:^|[-+])\s*\d[\d.]*\s*(?:\*?\s*\\?(?:sin|cos)|$|[-+])", plain)
    return len(free) == len(set(free)) and not numbers


def read_template(text: str) -> Template:
    """Read a template such as "A sin(2πLx) + B cos(2πx/12 + p) + C".

    Names stand for what is to be found, numbers for what is given.

    Raises:
        UserError: "syntax" when a term is not understood, "too-long" when there are more than 12.
    """
    plain = text
    for written, meant in _WRITTEN:
        plain = plain.replace(written, meant)
    plain = re.sub(r"^\w+(\([xt]\))?=", "", plain)
    tones: list[TemplateTone] = []
    trend = 0
    for part in _terms(plain):
        tone = _TONE.match(part)
        power = _TREND.match(part)
        if tone:
            tones.append(_tone(tone, text))
        elif power:
            trend = max(trend, 3 if power[1] else 2 if part[-1] in "xt" and len(part) > 1 else 1)
        else:
            raise _unread(part, text)
    if not tones:
        raise _unread(text, text)
    if len(tones) > TERMS:
        raise UserError("too-long", f"A form may have {TERMS} sines and cosines.", span=Span(0, len(text)))
    return Template(tones, trend)


def _unread(part: str, text: str) -> UserError:
    hint = "Write auto, amplitude-phase, sin-cos, integers, or a form such as A sin(2πLx) + B cos(2πMx) + C."
    place = max(text.find(part), 0)
    span = Span(place, place + len(part) if part in text else len(text))
    return UserError("syntax", f"{part} is not a form of the answer.", hint=hint, span=span)


def _terms(plain: str) -> list[str]:
    """The summands: split at + and - outside brackets."""
    terms, depth = [""], 0
    for i, character in enumerate(plain):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character in "+-" and depth == 0 and (i == 0 or plain[i - 1] not in "*e("):
            terms.append("")
        else:
            terms[-1] += character
    return [term for term in terms if term]


def _tone(tone: re.Match[str], text: str) -> TemplateTone:
    inside = _INSIDE.match(tone[2])
    if not inside:
        raise _unread(tone[2], text)
    kind: Literal["both", "cos", "sin"] = "both" if inside["phase"] else "sin" if tone[1] == "sin" else "cos"
    period = inside["period"]
    if inside["name"] or (period and not re.fullmatch(_NUMBER, period)):
        return TemplateTone(kind, None)
    if not (inside["turn"] or inside["number"]):
        return TemplateTone(kind, 1 / (2 * pi))
    frequency = float(inside["number"] or 1) / float(period or 1) / (1 if inside["turn"] else 2 * pi)
    if not 0 < frequency < float("inf"):
        raise _unread(tone[2], text)
    return TemplateTone(kind, frequency)
