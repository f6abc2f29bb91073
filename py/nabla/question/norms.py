"""The length of a vector as a text tells it, r = |x| with x in R^3 or r² = x² + y², by its coordinates."""

from __future__ import annotations

import re

from nabla.question.filled import Span, put
from nabla.question.formulas import Formula, names_in
from nabla.question.roles import RoleReading

_FACE = r"(?:\\(?:vec|mathbf|boldsymbol|bm|overrightarrow)\s?\{?\s?)?"
_VECTOR = rf"{_FACE}\\?[A-Za-z](?:\u20d7)?\s?\}}?"
_NORM = re.compile(
    rf"(?:\\left)?\s?(?:\|\||\||‖|\\\||\\[lr]?[vV]ert|\\lVert)\s?({_VECTOR})\s?(?:\\right)?\s?(?:\|\||\||‖|\\\||\\[lr]?[vV]ert|\\rVert)"
)
_MARKED = re.compile(r"\\(?:vec|mathbf|boldsymbol|bm|overrightarrow)|\u20d7|\|\||‖|\\\||Vert")
_SPACE = re.compile(r"(?:\bR|ℝ|\\mathbb\s?\{?\s?R\s?\}?|\\R)\s?(?:\^\s?\{?\s?([23])\s?\}?|([²³]))")
_PLANE = re.compile(r"\bin the plane\b|\btwo[- ]dimension\w*|\b2-?D\b")
_WORDS = re.compile(
    r"\$?\b([rR])\$?\s(?:is|denotes|be|=)?\s?(?:the\s)?(?:distance\s(?:from|to)\s(?:the\s)?origin|"
    r"(?:magnitude|length|norm|modulus)\sof\sthe\sposition)"
)
_SQUARED = re.compile(r"(\\?[A-Za-z]+)\s?\^\s?\{?\s?2\s?\}?")


def with_norms(f: str, reading: RoleReading, used: list[Span]) -> tuple[str, tuple[str, ...]]:
    """A formula with the coordinates in the place of lengths, and their names; as it is, and none, where there are no
    lengths in it. What tells them is added to `used`.
    """
    names = _coordinates(reading.text)
    root = rf"sqrt({' + '.join(f'{name}^2' for name in names)})"
    told = False
    for formula in reading.formulas:
        letter, body = _told(formula, root, reading.text)
        if letter and formula.span in used:
            told = True  # it is put in already
        elif letter and letter in names_in(f) and (done := put(f, letter, body, again=True)):
            f, told = done, True
            used.append(formula.span)
    word = _WORDS.search(reading.text)
    if not told and word and word[1] in names_in(f):
        f, told = put(f, word[1], root, again=True) or f, True
    space = _SPACE.search(reading.text)
    if space and ";" not in f and _NORM.search(f):
        f, told = _NORM.sub(lambda _: f"({root})", f), True
    if not told:
        return f, ()
    used += [g.span for g in reading.formulas if _SPACE.search(g.read) and g.role != "function"]
    return f, tuple(name for name in ("x", "y", "z") if name in names_in(f))


def _told(formula: Formula, root: str, text: str) -> tuple[str, str]:
    """The letter that a formula makes a length, and the formula of the length; nothing for another formula."""
    if len(formula.sides) != 2:
        return "", ""
    left, right = (side.strip() for side in formula.sides)
    norm = _NORM.fullmatch(right)
    if norm and re.fullmatch(r"\\?[A-Za-z]+", left):
        vector = _MARKED.search(right) or _SPACE.search(text)
        return (left.lstrip("\\"), root) if vector else ("", "")
    square = _SQUARED.fullmatch(left)
    if square and set(names_in(right)) in ({"x", "y"}, {"x", "y", "z"}):
        return square[1].lstrip("\\"), f"sqrt({right})"
    if formula.shape in ("definition", "value") and formula.name and _is_root(right):
        return formula.name, right
    return "", ""


def _is_root(text: str) -> bool:
    """Whether it is the root of the sum of the squares of the coordinates."""
    plain = re.sub(r"[\s{}()]|\\left|\\right", "", text).replace("²", "^2")
    return bool(re.fullmatch(r"(?:\\?sqrt|√)x\^2\+y\^2(?:\+z\^2)?", plain))


def _coordinates(text: str) -> tuple[str, ...]:
    space = _SPACE.search(text)
    flat = (space and (space[1] or space[2]) in ("2", "²")) or (not space and _PLANE.search(text))
    return ("x", "y") if flat else ("x", "y", "z")
