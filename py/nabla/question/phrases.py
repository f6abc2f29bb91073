"""The grammar of questions: phrases over classes of words, each with what it opens and how surely.

A phrase is a row of items: a class of `nabla.question.lexicon` in capitals, a word in small letters, `a|b` for either,
`?` behind an item that may be missing, `*` for up to three words, `F` for an island of mathematics, `:` and other marks
as they are. What a phrase opens, a frame, holds for the islands behind it up to the end of the sentence; the frame
whose words are nearest and surest gives an island its role. A new wording is a word of the lexicon or a row here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nabla.question.atoms import Atom
from nabla.question.lexicon import classes_of

# Frames in front of an island: what it is.
BEFORE: tuple[tuple[str, float, str], ...] = (
    # The function.
    ("function", 9, "DERIVATIVE|GRADIENT|JACOBIAN|HESSIAN|LAPLACIAN|CURL|DIVERGENCE OF"),
    ("function", 8, "DERIVATIVE|GRADIENT|JACOBIAN|HESSIAN|LAPLACIAN * OF"),
    ("function", 12, "I mean|meant"),
    ("function", 12, "what|how about"),
    ("function", 9, "DERIVATION|DIFFERENTIAL OF"),
    ("function", 9, "DIFFERENTIATE"),
    ("function", 7, "DIFFERENTIATE * FUNCTION"),
    ("function", 8, "MINIMISE|MAXIMISE|SIMPLIFY"),
    ("function", 8, "min|argmin|max"),
    ("function", 7, "DESCENT OF|IN"),
    ("function", 7, "DESCENT"),
    ("function", 6, "METHOD OF|IN"),
    ("function", 8, "MINIMUM|EXTREMA|TANGENT|NORMAL|LIMIT|INTEGRAL|SERIES|INVERSE|ROOTS * OF"),
    ("function", 8, "TANGENT|NORMAL|EXTREMA * CURVE|FUNCTION"),
    ("function", 8, "INTEGRAL|LIMIT"),
    ("function", 6.5, "whose DERIVATIVE|GRADIENT BE"),
    ("function", 5, "FUNCTION|CURVE|FIELD"),
    ("function", 5, "FUNCTION given? BY|BE"),
    ("function", 3, "OF"),
    ("function", 4, "HELMHOLTZ|DECOMPOSE|POTENTIAL OF"),
    ("function", 4, "CHAIN TEST"),
    ("function", 4, "LET"),
    ("function", 3, "WHERE"),
    ("function", 4, "DECOMPOSE|GRADIENT|ASK"),
    # Its variable, the point, the direction.
    ("variable", 9, "RESPECT to?"),
    ("variable", 9, "RESPECT to? the? VARIABLE|WEIGHT|CONSTANT"),
    ("variable", 6, "DIFFERENTIATE|DERIVATIVE BY"),
    ("variable", 6, "in direction of?"),
    ("point", 6, "AT"),
    ("point", 8, "AT the? POINT"),
    ("point", 7, "POINT"),
    ("point", 7, "evaluate|evaluated AT"),
    ("point", 5, "WHERE"),
    ("direction", 9, "DIRECTION * OF"),
    ("direction", 9, "DIRECTION"),
    ("direction", 8, "DIRECTION FIELD"),
    ("condition", 5, "OF|WHERE|AT|IN|DOMAIN"),
    ("constant", 6, "CONSTANT"),
    ("constant", 9, "treating|treat|holding|hold|keeping|keep"),
    ("start", 9, "START OF|AT|WITH|AND|BE|POINT"),
    ("start", 8, "START"),
    ("start", 8, "START POINT|VALUES|STEP OF|AT|BE"),
    ("start", 6, "from"),
    ("rate", 9, "LEARN? LR OF|BE"),
    ("rate", 9, "LR|STEP"),
    # The asker's answer.
    ("claim", 9, "I GET"),
    ("claim", 8, "I * GET"),
    ("claim", 8, "came|come|ended|wound up with"),
    ("claim", 8, "keep|kept|still|always GET"),
    ("claim", 8, "I * GET * BE"),
    ("claim", 9, "MY ANSWER BE"),
    ("claim", 7, "MY ANSWER"),
    ("claim", 8, "mine :|BE"),
    ("claim", 6, "MY ANSWER *"),
    ("claim", 8, "MY * approximation|estimate|iterate|iteration|step|update BE|gives|gave"),
    ("claim", 8, "MY * DERIVATIVE|GRADIENT|VALUES|INTEGRAL|DIVERGENCE|CURL|POTENTIAL|flux|work BE"),
    ("claim", 8, "MY DERIVATIVE|GRADIENT|VALUES BE"),
    ("claim", 8, "MY DERIVATIVE|GRADIENT|INTEGRAL|DIVERGENCE|CURL|POTENTIAL|flux|work :"),
    ("claim", 8, "BE_SHOULD * BE"),
    ("claim", 8, "BE_SHOULD BE"),
    ("claim", 8, "EXPECT * BE"),
    ("claim", 7, "EXPECT"),
    ("claim", 8, "HAND * GET"),
    ("claim", 7, "INSTEAD OF|THAN"),
    ("claim", 7, "WHY BE * NOT"),
    ("claim", 7, "WHY * NOT"),
    ("claim", 6, "AND NOT"),
    ("claim", 8, "but rather"),
    ("claim", 6, "NOT"),
    ("claim", 6, "BE it|this|that"),
    ("claim", 7, "DERIVATIVE|GRADIENT|JACOBIAN|HESSIAN * F BE"),
    ("claim", 7, "DERIVATIVE|GRADIENT|JACOBIAN|HESSIAN F AT F BE"),
    ("claim", 7, "DIFFERENTIATE|INTEGRAL F * GET"),
    ("claim", 6, "DERIVATIVE|GRADIENT|JACOBIAN|HESSIAN|SLOPE BE"),
    ("claim", 6, "student GET"),
    ("claim", 8, "TEST gives|says|gave|yields"),
    ("claim", 6, "F BE"),
    # Others' answers.
    ("rival", 9, "RIVAL GET"),
    ("rival", 9, "RIVAL * GET|BE"),
    ("rival", 9, "RIVAL GET|has F BE"),
    ("rival", 8, "WHY BE the|its DERIVATIVE|GRADIENT|SLOPE|ANSWER"),
    ("rival", 8, "WHY BE F"),
    ("rival", 9, "RIVAL has|gives|BE"),
    ("rival", 9, "RIVAL GET that? the? DERIVATIVE|GRADIENT|INTEGRAL OF F BE"),
    ("rival", 8, "ANSWER RIVAL has|BE|GET"),
    ("rival", 7, "RIVAL ANSWER BE?"),
    ("rival", 7, "ANSWER * RIVAL BE|GET"),
    ("rival", 6, "the ANSWER BE"),
    ("rival", 8, "the ANSWER given|listed|stated|printed BE"),
    ("rival", 9, "the|this|their ANSWER says|gives|shows|states|has"),
    ("rival", 9, "the|this ANSWER says|gives|shows|states it BE_SHOULD? BE"),
    ("rival", 6, "right ANSWER BE?"),
    ("rival", 6, "according to * RIVAL"),
    ("rival", 7, "RIVAL :"),
    ("rival", 7, "F gives|returns|prints|yields|outputs|shows|gave|returned|printed"),
)

# Phrases behind an island.
BEHIND: tuple[tuple[str, float, str], ...] = (
    ("claim", 6, "BE MY ANSWER"),
    ("claim", 6, "BE * I GET"),
    ("claim", 5, "as? MY ANSWER"),
    ("claim", 5, "INSTEAD"),
    ("mention", 9, "come|comes|came from"),
    ("constant", 10, "BE|as * constant|constants|fixed"),
    ("constant", 10, "held|kept|treated|constant|constants|fixed"),
    ("claim", 4, "RIGHT ?"),
    ("function", 5, "WHERE|AT|RESPECT|DIFFERENTIATE"),
    ("function", 3, ": BE? its|the? DERIVATIVE"),
)

# Words that open work of the asker's own, up to where another frame is opened.
WORK: tuple[str, ...] = (
    "MY ANSWER :",
    "MY * ANSWER :",
    "I did|do|tried|have|work|used :",
    "what|how I did|do|tried|have",
    "I * did|work|follows|solved",
    "I GET :",
    "here|this BE what|how? I",
    "so far",
    "MY ANSWER",
    "I AND? GET",
    "I * way",
)


@dataclass(frozen=True, slots=True)
class _Item:
    words: frozenset[str]
    classes: frozenset[str]
    optional: bool = False
    gap: bool = False

    def takes(self, token: Atom, classes: frozenset[str]) -> bool:
        if token.kind == "math":
            return "F" in self.classes
        if token.kind == "word":
            return bool(self.classes & classes) or token.text.lower() in self.words
        return token.text in self.words


@cache
def _items(phrase: str) -> tuple[_Item, ...]:
    found = []
    for item in phrase.split():
        if item == "*":
            found.append(_Item(frozenset(), frozenset(), optional=True, gap=True))
            continue
        optional = item.endswith("?") and item != "?"
        names = item.rstrip("?").split("|") if item != "?" else ["?"]
        classes = frozenset(name for name in names if name.isupper() or "_" in name)
        found.append(_Item(frozenset(names) - classes, classes, optional))
    return tuple(found)


def match(phrase: str, tokens: Sequence[Atom], at: int) -> int | None:
    """Where the phrase ends that begins at a place of the tokens, if it does; the shortest way through its gaps."""
    return _match(_items(phrase), 0, tokens, at)


def _match(items: tuple[_Item, ...], i: int, tokens: Sequence[Atom], at: int) -> int | None:
    if i == len(items):
        return at
    item = items[i]
    if item.gap:
        for skipped in range(4):
            if skipped and (
                at + skipped > len(tokens) or tokens[at + skipped - 1].kind not in ("word", "code", "count")
            ):
                return None
            if (end := _match(items, i + 1, tokens, at + skipped)) is not None:
                return end
        return None
    if (
        at < len(tokens)
        and item.takes(tokens[at], classes(tokens[at]))
        and (end := _match(items, i + 1, tokens, at + 1)) is not None
    ):
        return end
    return _match(items, i + 1, tokens, at) if item.optional else None


def classes(token: Atom) -> frozenset[str]:
    """The classes of a token that is a word."""
    return classes_of(token.text) if token.kind == "word" else frozenset()


@cache
def first_classes(phrase: str) -> frozenset[str]:
    """What a phrase can begin with: classes and words, to skip it quickly."""
    found: set[str] = set()
    for item in _items(phrase):
        if item.gap:
            continue
        found |= item.classes | item.words
        if not item.optional:
            break
    return frozenset(found)


def starts(phrase: str, token: Atom) -> bool:
    """Whether the phrase could begin at a token."""
    first = first_classes(phrase)
    if token.kind == "math":
        return "F" in first
    return bool(classes(token) & first) or token.text.lower() in first


Row = tuple[str, float, str]


@cache
def _index(rows: tuple[Row, ...]) -> dict[str, tuple[Row, ...]]:
    """The rows by what their phrases can begin with."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        for first in first_classes(row[2]):
            found.setdefault(first, []).append(row)
    return {first: tuple(held) for first, held in found.items()}


def beginning(rows: tuple[Row, ...], token: Atom) -> list[Row]:
    """The rows whose phrase could begin at a token, each once."""
    index = _index(rows)
    keys = ["F"] if token.kind == "math" else [*classes(token), token.text.lower()]
    return list(dict.fromkeys(row for key in keys for row in index.get(key, ())))
