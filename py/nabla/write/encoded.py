"""Text for terminals and files whose encoding lacks some of its signs: near letters instead of an exception."""

from __future__ import annotations

import codecs
import unicodedata
from itertools import groupby

NAME = "nabla.ascii"

_SIGNS = {
    "∂": "d", "∇": "nabla", "·": "*", "×": "x", "⋅": "*", "∘": "o", "−": "-", "–": "-", "—": "-", "±": "+-", "∓": "-+",
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "≡": "==", "∞": "inf", "√": "sqrt", "∛": "cbrt", "∑": "sum", "∏": "prod",
    "∫": "int", "∈": "in", "∉": "not in", "∧": "and", "∨": "or", "¬": "not ", "→": "->", "←": "<-", "↔": "<->",
    "⇒": "=>", "↦": "|->", "…": "...", "⋯": "...", "⋮": ":", "✓": "ok", "✗": "FAILED", "○": "o", "•": "*", "’": "'",
    "‘": "'", "“": '"', "”": '"', "′": "'", "″": "''", "‖": "||", "∣": "|", "⟨": "<", "⟩": ">", "⊤": "T", "⊥": "_|_",
    "ℝ": "R", "ℤ": "Z", "ℕ": "N", "ℂ": "C", "ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "µ": "mu", "°": " deg",
    "⁄": "/", "⊙": "*",
}  # fmt: skip


def ascii_of(text: str) -> str:
    """The text in ASCII: signs of mathematics by a table, Greek letters by name, others without their accents."""
    runs = groupby(text, key=_is_raised)
    return "".join(("^" if raised else "") + "".join(map(_plain, letters)) for raised, letters in runs)


def _is_raised(letter: str) -> bool:
    return unicodedata.decomposition(letter).startswith("<super>") and not letter.isalpha()


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in _SIGNS:
        return _SIGNS[letter]
    kind, _, name = unicodedata.name(letter, "").partition(" LETTER ")
    if kind in ("GREEK SMALL", "GREEK CAPITAL"):
        name = name.partition(" ")[0]
        return name.lower() if kind == "GREEK SMALL" else name.capitalize()
    plain = "".join(_SIGNS.get(part, part if part.isascii() else "") for part in unicodedata.normalize("NFKD", letter))
    return plain or "?"


def _missing(error: UnicodeError) -> tuple[str, int]:
    """What `codecs` asks for letters that an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return ascii_of(error.object[error.start : error.end]), error.end


codecs.register_error(NAME, _missing)
