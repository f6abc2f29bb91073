r"""A derivative sign in front of a formula: `d/dx (x sin x)`, `∂²/∂x∂y`, `\frac{d^2}{dx^2}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nabla.errors import Span, UserError
from nabla.read.formula.names import GREEK

_D = r"(?:d|∂|\\partial\s*|\\mathrm\s*\{?d\}?\s*|\\text\{d\}\s*|\\operatorname\{d\}\s*)"
_POWER = r"(?:\s*\^\s*\{?\s*[2-9]\s*\}?|[²³⁴⁵⁶⁷⁸⁹])?"
_NAME = rf"(?:\\?(?:{'|'.join(sorted(GREEK, key=len, reverse=True))})|[A-Za-zα-ωΑ-Ω])(?:_\{{?\w\}}?|[₀-₉])?"
_BELOW = rf"(?:{_D}\s*{_NAME}{_POWER}\s*)+"
# What follows is set apart from the sign, or d/dxy would be read as d/dx y.
_SIGN = re.compile(
    r"\s*(?:\$\$?|\\\(|\\\[)?\s*"
    rf"(?P<sign>(?P<open>\()?\s*{_D}(?P<above>{_POWER})\s*/\s*(?P<below>{_BELOW})"
    r"(?(open)\)|(?:(?<=\s)|(?=[(\[{|√∛$\\])))"
    rf"|\\[dt]?frac\s*\{{\s*{_D}(?P<over>{_POWER})\s*\}}\s*\{{\s*(?P<under>{_BELOW})\}})"
)
_ONE = re.compile(rf"{_D}\s*(?P<name>{_NAME})(?P<power>{_POWER})\s*")
_RAISED = str.maketrans("²³⁴⁵⁶⁷⁸⁹", "23456789")


@dataclass(frozen=True, slots=True)
class Leading:
    """The sign as typed, the variables it names in the order typed, and the text with blanks in its place."""

    sign: str
    variables: str
    rest: str


def leading(text: str) -> Leading | None:
    """The derivative sign that a formula begins with, or None.

    Raises:
        UserError: "syntax" where the order above is not that below, as in d²/dx.
    """
    found = _SIGN.match(text)
    if not found or not text[found.end() :].strip(" \t$"):
        return None
    variables: list[str] = []
    for one in _ONE.finditer(found["below"] or found["under"]):
        variables += [one["name"].lstrip("\\")] * _order(one["power"])
    above = _order(found["above"] or found["over"])
    start, end = found.span("sign")
    if above != len(variables):
        message = f"The order above is {above} and that below {len(variables)}; they must be the same."
        raise UserError("syntax", message, hint="As in d²/dx² or ∂²/∂x∂y.", span=Span(start, end))
    return Leading(text[start:end].strip(), ", ".join(variables), text[:start] + " " * (end - start) + text[end:])


def _order(power: str | None) -> int:
    digits = re.sub(r"\D", "", (power or "").translate(_RAISED))
    return int(digits or 1)
