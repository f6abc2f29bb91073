"""Mathematics that is said in words between formulas: times, over, squared, to the fourth."""

from __future__ import annotations

import re
from typing import NamedTuple

Edit = tuple[int, int, str]

_OPERATOR = re.compile(r"(times|plus|minus|over|divided\s+by|multiplied\s+by)\s+")
_SIGNS = {"times": "*", "plus": "+", "minus": "-", "over": "/", "divided": "/", "multiplied": "*"}
_OPERAND = re.compile(r"-?\d|\(|\\[a-z]|[a-zA-Z](?![A-Za-z'])|(?:sin|cos|tan|ln|log|exp|sqrt)\b|[α-ω√]")
# What stands over an interval or a region, and no fraction.
_SPREAD = re.compile(r"\b(?:integra|average|mean|flux|sum|decompos|extrem|m(?:in|ax)im|defined|period|all)", re.I)
_GLUED = re.compile(r"[^\s,;:?()]*[\w)}]")
_POWERS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}
_EXPONENT = r"\([^()\n]{1,40}\)|\d*[a-z](?:\^\d+)?(?![A-Za-z'])|\d+(?![\d.]|st|nd|rd|th)"
_RAISED = re.compile(
    rf"(?P<named>squared|cubed)\b|(?:raised\s+)?to\s+the\s+(?:(?P<ordinal>{'|'.join(_POWERS)})\b(?:\s+power)?"
    r"|(?P<raised>-?\d+|[a-z])(?:st|nd|rd|th)?\s+power"
    rf"|(?:power\s+(?:of\s+)?)?(?P<minus>minus\s+|negative\s+|[-−]\s?)?(?P<exponent>{_EXPONENT})(?!\s+axis|-)"
    r"(?:\s+(?P<again>squared|cubed)\b)?)"
)


_FUNCTION = re.compile(
    r"(square root|cube root|(?<!the )root(?! of)|natural log(?:arithm)?|log(?:arithm)?|sine|cosine|absolute value|"
    r"exponential|reciprocal|(?:inverse|arc)\s(?:sine?|cosine|tangent|cos|tan)|(?:arc)?(?:sin|cos|tan)|ln|exp|sqrt)"
    r"\s+(?:of\s+(?:the\s+)?|(?<=root\s))(?=[^A-Za-z\s]|[A-Za-z](?![A-Za-z])|sin|cos|tan|ln|log|exp|sqrt)",
    re.IGNORECASE,
)
_CALLED = (
    (r"(?:inverse |arc ?)sin", "arcsin"), (r"(?:inverse |arc ?)cos", "arccos"), (r"(?:inverse |arc ?)tan", "arctan"),
    ("sin$", "sin"), ("cos$", "cos"), ("tan$", "tan"), ("ln", "ln"), ("sqrt", "sqrt"),
    ("square|root", "sqrt"), ("cube", "cbrt"), ("nat|log", "ln"), ("sine", "sin"), ("cosine", "cos"), ("abs", "abs"),
    ("exp", "exp"), ("rec", "1/"),
)  # fmt: skip


class Said(NamedTuple):
    """Where words end that say mathematics, and what they are rewritten to."""

    end: int
    edits: list[Edit]


def operator(text: str, at: int, end: int) -> Said | None:
    """An operator in words with an operand behind it: x^2 times 3, 4 plus x, 1 over x.

    What is glued together behind "over" is the denominator: x over x^2+1.
    """
    found = _OPERATOR.match(text, at, end)
    if not found or not (
        _OPERAND.match(text, found.end(), end) or function(text, behind_article(text, found.end()), end)
    ):
        return None
    word = found[1].split()[0]
    edits = [(at, found.end(), _SIGNS[word])]
    if word == "over":
        if _SPREAD.search(text):
            return None
        whole = _GLUED.match(text, found.end(), end)
        if whole and re.search(r"[-+*/]", whole[0]):
            edits += [(found.end(), found.end(), "("), (whole.end(), whole.end(), ")")]
    return Said(found.end(), edits)


def power(text: str, at: int, end: int) -> Said | None:
    """A power in words behind its base: x squared, x to the fourth, e to the power x."""
    found = _RAISED.match(text, at, end)
    if not found:
        return None
    named = {"squared": "2", "cubed": "3"}
    told = named.get(found["named"] or "") or str(_POWERS.get(found["ordinal"] or "", "")) or found["raised"]
    if not told:
        again = f"^{named[found['again']]}" if found["again"] else ""
        told = f"{'-' if found['minus'] else ''}{found['exponent']}{again}"
    return Said(found.end(), [(at, found.end(), f"^({told})")])


def function(text: str, at: int, end: int) -> Said | None:
    """The name of a function in words, as a call whose bracket is still open: the square root of, root."""
    found = _FUNCTION.match(text, at, end)
    if not found:
        return None
    called = next(name for pattern, name in _CALLED if re.match(pattern, found[1], re.IGNORECASE))
    return Said(found.end(), [(at, found.end(), f"{called}(")])


def behind_article(text: str, at: int) -> int:
    """The place behind an article, where one stands there: times the root of."""
    return at + 4 * text.startswith("the ", at)
