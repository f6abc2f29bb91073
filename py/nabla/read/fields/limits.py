r"""Limits as people type them: `\lim_{x \to 0^+} f`, `lim x->0 f`, `limit(f, x, 0)`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nabla.errors import Span, UserError

_TO = r"(?:->|→|\\to(?![a-z])|\\rightarrow|\\longrightarrow)"
_SIGN = re.compile(
    rf"\s*\$*\s*(?:\\displaystyle\s*)?\\?lim(?:\\limits)?\s*"
    rf"(?:_\s?\{{\s?(?P<v1>\\?\w+)\s?{_TO}\s?(?P<t1>(?:[^{{}}]|\{{[^{{}}]*\}})*?)\}}"
    rf"|_?\(?\s?(?P<v2>\\?\w+)\s?{_TO}\s?(?P<t2>[^\s()]+)\)?)\s*"
)
_CALL = re.compile(
    r"\s*(?:sp\.|sympy\.)?[lL]imit\((?P<body>.*),\s*(?P<v>\w+)\s*,\s*(?P<t>[^,]+?)"
    r"(?:,\s*['\"](?P<side>[-+])['\"])?\s*\)\s*"
)
_APPROACH = re.compile(r"\s*(?P<target>.*?)\s*(?:\^\s?\{?\s?(?P<side>[-+−])\s?\}?)?\s*\Z")


@dataclass(frozen=True, slots=True)
class LimitText:
    """The texts of a limit: the function, the variable, where it goes, and from which side ("" for both)."""

    body: str
    variable: str
    target: str
    side: str


def is_limit(text: str) -> bool:
    """Whether a text begins with a sign of a limit."""
    return bool(_SIGN.match(text) or _CALL.fullmatch(text))


def split_limit(text: str) -> LimitText:
    """The parts of a limit.

    Raises:
        UserError: "syntax" where there is no function behind the sign.
    """
    call = _CALL.fullmatch(text)
    if call:
        return LimitText(call["body"], call["v"], call["t"], call["side"] or "")
    sign = _SIGN.match(text)
    if sign is None or not text[sign.end() :].strip(" $"):
        raise UserError(
            "syntax", "A limit needs its function.", hint="As in lim x->0 sin(x)/x.", span=Span(0, len(text))
        )
    where = _APPROACH.match(sign["t1"] or sign["t2"] or "")
    assert where
    variable = (sign["v1"] or sign["v2"]).lstrip("\\")
    side = (where["side"] or "").replace("−", "-")
    return LimitText(text[sign.end() :].strip(" $"), variable, where["target"].strip("{} "), side)
