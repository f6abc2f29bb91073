r"""Integrals as people type them, `∫ x e^(2x) dx`, `\int_0^1 x^2 \, dx`: their integrand, variable and ends."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nabla.errors import Span, UserError

_SIGN = re.compile(r"\s*(?:\$+|\\\(|\\\[)?\s*(?:\\displaystyle\s*)?(?:\\int(?![a-z])|∫)\s*(?:\\limits\s*)?")
_GAP = r"(?:\\[,;:! ]|\\quad|\\space(?![a-z])|~|\s|\*|\\cdot)*"
_DIFFERENTIAL = (
    r"(?:(?<![A-Za-z\\])d|\\mathrm\s?(?:\{\s?d\s?\}|d)\s?|\\text\s?\{d\}|\\operatorname\s?\{d\}|\\rm\s?d)\s?"
    r"(?P<var>\\?[A-Za-zα-ωΑ-Ω]+(?:_\{?\w+\}?)?)"
)
_END = re.compile(rf"{_GAP}{_DIFFERENTIAL}\s*(?:\$+|\\\)|\\\])?\s*\Z")
_FRONT = re.compile(rf"{_GAP}{_DIFFERENTIAL}{_GAP}(?=[/(\\]|\Z)")
_RAISED, _LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵃᵇᵗˣ", "₀₁₂₃₄₅₆₇₈₉₊₋ₙₐₜₓ"
_SMALL = _RAISED + _LOWERED
_SMALL_RUN = re.compile(rf"[{_RAISED}]+|[{_LOWERED}]+")
_PLAIN = str.maketrans(_SMALL, "0123456789+-nabtx0123456789+-natx")
_EVERYWHERE = ("ℝ", "R", r"\R", r"\mathbb{R}", r"\mathbb R", r"\Bbb R", r"\Bbb{R}")  # as the one end of an integral
_SCRIPT = re.compile(r"\\(?:mathbb|Bbb)\s?(?:\{R\}|R)|[-+−]?(?:\d+(?:\.\d+)?|\\[a-zR]+|∞|ℝ|[A-Za-zα-ω])")
_INFINITE = re.compile(r"\s*(?P<sign>[-+−]?)\s*(?:\\infty|∞|inf(?:ty|inity)?|oo)\s*\Z")


@dataclass(frozen=True, slots=True)
class IntegralText:
    """The texts of an integral; the ends are empty where it has none."""

    integrand: str
    variable: str
    low: str = ""
    high: str = ""


def is_integral(text: str) -> bool:
    """Whether a text begins with an integral sign."""
    return bool(_SIGN.match(text))


def signed(text: str) -> str:
    """A text that ends in the differential of one of its names, `x ln x dx`, with the sign that words stand for.

    The text as it is where it has a sign, ends otherwise, or holds several differentials, P dx + Q dy.
    """
    end = _END.search(text)
    if is_integral(text) or end is None or len(re.findall(_DIFFERENTIAL, text)) > 1:
        return text
    holds = re.search(rf"(?<![A-Za-z]){re.escape(end['var'])}(?![A-Za-z])", text[: end.start()])
    return f"∫ {text}" if holds else text


def split_integral(text: str) -> IntegralText | None:
    """The parts of an integral, None where the text begins with no integral sign.

    Raises:
        UserError: "syntax" where it has no dx at its end, or one end only.
    """
    sign = _SIGN.match(text)
    if not sign:
        return None
    at, ends = sign.end(), {"_": "", "^": ""}
    while at < len(text) and ((mark := text[at]) in ends or mark in _SMALL):
        if mark in ends:
            ends[mark], at = _script(text, at + 1)
        else:
            small = _SMALL_RUN.match(text, at)
            assert small
            ends["^" if mark in _RAISED else "_"], at = small[0].translate(_PLAIN), small.end()
        at += len(text[at:]) - len(text[at:].lstrip())
    if ends["_"] in _EVERYWHERE and not ends["^"]:
        ends = {"_": "-oo", "^": "oo"}
    if bool(ends["_"]) != bool(ends["^"]):
        raise UserError("syntax", "An integral has both ends or none.", span=Span(0, at))
    integrand, variable = _integrand(text, at)
    return IntegralText(integrand, variable.lstrip("\\"), ends["_"], ends["^"])


def _integrand(text: str, at: int) -> tuple[str, str]:
    r"""The integrand and the variable: dx stands at the end, above a fraction, or in front: `\frac{dx}{x}`, dx/x."""
    end = _END.search(text, at)
    if end:
        return text[at : end.start()].strip() or "1", end["var"]
    body = text[at:].strip().rstrip("$ ")
    if body.startswith("{") and _closing(body, 0) == len(body) - 1:
        return _integrand(body[1:-1], 0)
    if over := re.match(r"\\[dt]?frac\s?\{", body):
        close = _closing(body, over.end() - 1)
        above = _END.search(body[over.end() : close])
        if above and body[close + 1 :].lstrip().startswith("{"):
            return f"{body[: over.end()]}{body[over.end() :][: above.start()].strip() or '1'}{body[close:]}", above[
                "var"
            ]
    front = _FRONT.match(body)
    if front is None:
        message = "An integral ends with dx, or the d of its variable."
        raise UserError("syntax", message, hint="As in ∫ x^2 dx.", span=Span(0, len(text)))
    rest = body[front.end() :]
    return (f"1{rest}" if rest.startswith("/") else rest), front["var"]


def _closing(text: str, at: int) -> int:
    """Where the brace or bracket closes that opens at a place; the end of the text where none does."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] in "{(") - (text[place] in "})")
        if depth == 0:
            return place
    return len(text)


def _script(text: str, at: int) -> tuple[str, int]:
    """What stands below or above: in braces or brackets, or one name or number."""
    at += len(text[at:]) - len(text[at:].lstrip())
    if text[at : at + 1] in "{(" and at < len(text):
        close = _closing(text, at)
        if close < len(text):
            return text[at + 1 : close].strip(), close + 1
    found = _SCRIPT.match(text, at)
    if found is None:
        raise UserError("syntax", "An end of the integral cannot be read.", span=Span(at, at + 1))
    return found[0], found.end()


def infinity(text: str) -> int:
    """1 or -1 where a text names an infinity, else 0."""
    found = _INFINITE.match(text)
    return 0 if not found else -1 if found["sign"] in ("-", "−") and found["sign"] else 1
