"""What formulas in prose are made of: their atoms as patterns, and the records of an island."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

from nabla.question.notation import Mark
from nabla.read.formula import functions, names

FUNCTIONS = frozenset(functions.NAMES) - frozenset(functions.COMPLEX) | {
    "Sin",
    "Cos",
    "Tan",
    "Exp",
    "Log",
    "Sqrt",
    "ArcTan",
    "ArcSin",
    "ArcCos",
    "ln",
    "lg",
}
GREEK = frozenset(names.WHOLE) | {"pi"}
GREEK_RE = re.compile("[α-ωΑ-Ωϕϵϑ∞]")
SUPER, SUB = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿˣ⁽⁾ᵗˢⁱᵀ⊤", "₀₁₂₃₄₅₆₇₈₉₊₋ₙᵢⱼₓ"
GLUED = re.compile(
    r"[A-Za-z]{0,2}?(?:(?:(?:arc)?(?:sin|cos|tan|cot|sec|csc|sinh|cosh|tanh)|ln|log|sqrt|exp)(?:\d*(?:theta|pi|[a-z])\d?){0,2})*\Z"
)
WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+|[-|.](?=[A-Za-z]{2})[A-Za-z]+)*")
ABBREVIATED = re.compile(r"[A-Za-z](?:\.[a-z](?![a-z])){1,3}|[A-Za-z](?:\.\s[a-z](?=\.)){1,3}")  # w.r.t., i. e.
IDENT = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z_]\w*)*")
NUMBER = re.compile(r"\d*[¼-¾⅐-⅞]|\d{1,3}(?:,\d{3})+(?![\d,.])|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?![A-Za-z]))?")
ZERO = re.compile(r"0(?![\d.])")  # behind a Greek letter its index: ε0
NUMBERED = re.compile(r"[0-9](?![\d.])")  # σ1, θ2
# Behind a number that is a factor and counts nothing.
FACTOR = re.compile(r"[A-Za-z]?\s?[\^²³*]|[A-Za-z]?\((?![a-z]\))|[A-Za-z]\s?[-+=]")
ORDINAL = re.compile(r"(?:\d+(?:st|nd|rd|th)|[nk]-?th|\d-?[dD](?![A-Za-z(])|\d+-(?=[a-z]{3}))\b")
OPERATOR = re.compile(
    r"\*\*|\.\.(?=\s?[-\d])|[-+*/^·×⋅∙÷−–∗•∕⊙⊗]|\\(?:cdot|times|div|ast|over|odot|otimes)(?![A-Za-z])|∘"
)
RELATION = re.compile(
    r":=|<=|>=|!=|==|≠|≤|≥|=|≈|≡|<|>|∈|→|->|=>|\\(?:leq?(?:slant)?|geq?(?:slant)?|neq?|in|to|approx|equiv|rightarrow|mapsto)(?![A-Za-z])|\\(?:lt|gt)(?![A-Za-z])"
)
COMMAND = re.compile(r"\\([A-Za-z]+|[,;:! ]|.)", re.DOTALL)
SPACING = frozenset(
    ", ; : ! quad qquad space displaystyle large Large small left right big Big bigg Bigg limits nolimits "
    "textstyle".split()
) | {" "}
BARS = "|│∣‖∥"
OPEN, CLOSE = {"(": ")", "[": "]", "{": "}", "⟨": "⟩"}, ")]}⟩"
BASE = re.compile(r"\s*,?\s*(?:to\s+)?(?:the\s+)?base\s+(\d+|[a-z])\b(?:\s+of\b)?")
INVERSE = re.compile(r"(sin|cos|tan|cot|sec|csc|sinh|cosh|tanh)\s?[-−–]1(?=\s?\(|\s?[a-z0-9]\b|\s[a-z])")

# Six numbers or more in a row of a sentence.
SERIES = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:(?:\s*[,;]\s*(?:and\s+)?|\s+and\s+|\s+)-?\d+(?:\.\d+)?){5,}(?![\w])")

# Functions whose names are words: they are functions only with a bracket right behind.
CALLED = frozenset(
    "max min abs sign floor ceil mean sum root gamma beta zeta round step heaviside where mod frac norm prod arg log1p "
    "re im maximum minimum clip logistic sigmoid softplus relu power square absolute".split()
)
UNIT = re.compile(r"\(\s?(?:m|cm|mm|km|ft|s|V|N|Hz|kg|J|W|rad|deg|in)(?:\s?/\s?(?:s|h|min|m|kg)(?:\^?2|²)?)?\s?\)")
# 2x higher: a ratio in words
RATIO = re.compile(
    r"\d+(?:\.\d+)?\s?[x×](?=\s(?:as\s(?:much|many|large|high|big|fast|long)|more|less|larger|bigger|higher|greater|smaller|"
    r"faster|slower|longer|lower)\b)"
)
DIMENSION = re.compile(
    r"\d+(?:\.\d+)?\s?(?:m|cm|px|mm)?\s?[x×]\s?\d+(?:\.\d+)?(?:\s?(?:m|cm|px|mm)\b)?(?!\s?[-+*/^(\w])"
)
# The pieces of a function in a sentence: x^2 if x < 1, 2x if x >= 1; behind the first formula.
_SIDE = r"[\w/π]+(?:\.\d+)?"
_TOLD = (
    rf"-?(?:(?:{_SIDE}|\|\s?\w\s?\|)\s*(?:<=|>=|!=|[<>=≤≥≠]|\\(?:leq?|geq?|neq?|lt|gt)(?![a-z]))\s*-?)"
    rf"{{1,2}}{_SIDE}"
)
_WHEN = r"(?:if|when|for|where)"
PIECE = (
    r"(?P<comma>\s*[,;]\s*(?:and\s+)?|\s+and\s+)(?P<formula>(?:[^,;{}\n.]|\.(?=\d)){1,80}?)\s*,?\s*"
    rf"(?:{_WHEN}\s+(?P<told>{_TOLD})|otherwise\b)"
)
PIECES = re.compile(rf",?\s*{_WHEN}\s+(?P<first>{_TOLD})(?P<rest>(?:{re.sub('[?]P<[a-z]+>', '?:', PIECE)})+)\s*")
NEXT = re.compile(  # A = 1 \quad B = 2, f(x) = x^2 \quad x > 0
    r"\\q?quad\s*\\?[A-Za-z]+(?:_\{?\w+\}?)?\s*(?:\([\w,\s]*\))?\s*(?:[=<>≤≥]|\\(?:[lg]eq?|[lg]t|in)(?![A-Za-z]))"
)
# A prime behind a letter that something follows, and no 's, 'm, 've of a word; a number glued to capitals and letters.
CUT = re.compile(r"[A-Za-z]['’′](?!(?:s|m|d|t|ve|re|ll)\b)[A-Za-z(]|\d[A-Z]{2,4}[a-z](?![a-z])")


@dataclass(slots=True)
class Side:
    """One side of a formula: where it stands, and the derivative sign that it begins with or consists of."""

    start: int
    end: int
    mark: Mark | None = None


@dataclass(slots=True)
class Island:
    """A stretch of mathematics: its sides, the relations between them, and what was replaced for the reader.

    `delimited` tells that delimiters set it off. `whole` is false where not all between delimiters could be followed.
    `doubt` names what the text leaves open, as a lost superscript; `point` is what stands behind a bar of evaluation;
    `measured` tells that units stood in it.
    """

    start: int
    end: int
    sides: list[Side]
    relations: list[str]
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    delimited: bool = False
    whole: bool = True
    doubt: str = ""
    code: bool = False
    point: str = ""
    measured: bool = False


@dataclass(slots=True)
class Atom:
    """A word, a mark of punctuation, a break between lines or paragraphs, or an island."""

    kind: str
    text: str
    start: int
    end: int
    island: Island | None = None


class Setting(Protocol):
    """What an island is followed in: the text and where it ends, the letters that stand alone in it, whether raised
    numbers keep their place there, whether all is mathematics, as between delimiters, whether (b) numbers a part of
    it, how far an island may go, and where each bracket closes.
    """

    text: str
    end: int
    singles: frozenset[str]
    powers: bool
    inside: bool
    listed: bool
    reach: int
    pairs: dict[int, int]

    def island(self, at: int) -> Island | None:
        """The longest island that begins there, if one does."""
