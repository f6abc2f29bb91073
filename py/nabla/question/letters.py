"""Letters that are words too, the article a and I, which people type as i; words that numbers do not count."""

from __future__ import annotations

import re

from nabla.question.atoms import FUNCTIONS
from nabla.question.lexicon import classes_of, is_word

_CALL = r"(?:sin|cos|tan|exp|ln|log|sqrt|sinh|cosh|tanh)\s?[\^(\d]"
_MODEL = {
    "A": re.compile(rf"\s+(?:{_CALL}|[a-z]\s?[\^*(]|[a-z]\s?[-+]\s?[A-Z](?![A-Za-z]))"),
    "a": re.compile(rf"\s+(?:{_CALL}[^,;.?\n]*|[a-z](?:\s?\^\s?\d)?)\s?[-+]\s?[b-d](?![A-Za-z])"),
}
_FOLLOWED = re.compile(r"i\s+([A-Za-z']+)")
# What one says of oneself: i am, i don't.
_SAID = frozenset(
    "am was do don't did didn't just can can't cannot could couldn't would should keep kept always still also used use "
    "know really only already understand see mean never want wanted".split()
)


def is_coefficient(text: str, at: int, end: int) -> bool:
    """Whether a or A at the beginning of a formula is a factor and no article: fit A e^(-bt), a x + b."""
    model = _MODEL.get(text[at])
    found = model.match(text, at + 1, end) if model else None
    return found is not None and bool(re.search(r"[a-z,:=]\s\Z", text[max(0, at - 2) : at]))


_BY = re.compile(r"(?:respect\s+to|\bwrt|\bw\.r\.t\.?)\s+(?:\$?[A-Za-z]\$?(?:\s*,\s*(?:and\s+)?|\s+and\s+))*\$?\Z")
_LISTED = re.compile(r"\$?\s*(?:[,.;:?!)\n]|(?:and|at|is|or|for|where|when)\b|\Z)")


def is_variable(text: str, at: int, end: int) -> bool:
    """Whether a or A is what is differentiated by, and no article: with respect to A, with respect to a, b and c."""
    return _BY.search(text[:at]) is not None and (text[at] == "A" or _LISTED.match(text, at + 1, end) is not None)


def is_pronoun(text: str, at: int, end: int) -> bool:
    """Whether the letter i is the word I: a verb of the asker's follows it, i got, i think."""
    found = _FOLLOWED.match(text, at, end)
    word = found[1].lower() if found else ""
    return word in _SAID or bool(classes_of(word) & {"GET", "ASK", "EXPECT", "DIFFERENTIATE"})


_RELATING = frozenset(
    "and or at in when where if for with is are was from to on of by as but instead not because so then right wrong "
    "which while since using than i my the a it that respectively only also over times plus minus divided".split()
)


def is_relating(word: str) -> bool:
    """Whether a word behind a number does not count by it: 3 and, 2 at."""
    return word.lower() in _RELATING


def is_remark(inner: str) -> bool:
    """Whether what stands in a bracket is said beside a formula: equations, or known words such as (spherical)."""
    words = inner.split() if re.fullmatch(r"[A-Za-z]{3,}(?:[\s-][A-Za-z]{3,})*", inner) else []
    named = bool(words) and all(is_word(word) and word not in FUNCTIONS for word in words)
    return named or bool(re.search(r"(?<![<>!=])[=<>≤≥≠](?!=)", inner))
