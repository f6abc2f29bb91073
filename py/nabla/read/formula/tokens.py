"""Text to tokens, each with its place in the text as typed.

Python's notation, that of mathematics and its Unicode characters end as the same few tokens: `x²` as `x^{2}`, `÷` as
`/`, `x₁` as the word `x_1`, `ŷ` as `y_hat`. Raises `UserError` for characters that no formula has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nabla.errors import Span, UserError
from nabla.read.formula import limits
from nabla.read.formula.functions import function_of
from nabla.read.formula.names import ACCENTS, GREEK_LETTERS

# "word" is a run of letters as typed, "letters" such a run inside LaTeX (where it is a product), "whole" a word that
# must not be taken apart. The others are what words.py makes of them.
Kind = Literal["number", "op", "end", "word", "letters", "whole", "name", "constant", "function", "abstract"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: its kind, its meaning, where it stands, and whether white space stands before it."""

    kind: Kind
    text: str
    start: int
    end: int
    spaced: bool = False

    @property
    def span(self) -> Span:
        """Its stretch of the text."""
        return Span(self.start, self.end)

    def is_op(self, *texts: str) -> bool:
        """Whether it is one of these operators."""
        return self.kind == "op" and self.text in texts


NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INDEX = r"(?:_[A-Za-z0-9]+|_\{[A-Za-z0-9]+\})*"
_WORD = re.compile(rf"[A-Za-z][A-Za-z0-9]*{_INDEX}")
_GREEK_TAIL = re.compile(rf"[0-9]*{_INDEX}")
_WHOLE = re.compile(r"\\(?:mathrm|text|operatorname)\{([A-Za-z][A-Za-z0-9_]*)\}")
_PRIVATE = re.compile(r"__\w*|_[A-Za-z]\w*")
_OPERATOR = re.compile(r"\*\*|<=|>=|==|!=|&&|:=|[-+*/^(){},;=<>!|&_]")
_SAME = {"**": "^", "&&": "&"}
_UNICODE = {
    **dict.fromkeys("·×⋅∙•∗⨯✕", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("−–—‐‑", "-"),
    **dict.fromkeys("≤⩽≦", "<="),
    **dict.fromkeys("≥⩾≧", ">="),
    **dict.fromkeys("∣❘", "|"),
    **dict.fromkeys("’′ʹ", "'"),
    "≠": "!=",
    "∧": "&",
}
_WORDS = {"√": "sqrt", "∛": "cbrt", "∜": "fourth_root", "∞": "oo"}
_FENCES = {"⌊": ("floor", "("), "⌋": (")",), "⌈": ("ceil", "("), "⌉": (")",)}

_QUOTED = "Text in quotation marks cannot stand in a formula."
_GROUPED = re.compile(r"\[[^\[\]]*[\^(][^\[\]]*\]")  # ε[(σ/r)^12 - 1] is no element
_REFUSED: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys("\"'`“”„«»", ("forbidden", _QUOTED, "Type the formula itself, without quotation marks.")),
    "[": ("forbidden", "Elements in square brackets cannot be read here.", "For x[0] write x_0."),
    ":=": ("forbidden", "Nothing can be assigned inside a formula.", "Type the formula only."),
    ":": ("forbidden", "A colon cannot stand in a formula.", "Divide with /, and give conditions with if ... else."),
    "@": ("forbidden", "Matrix products cannot stand in a formula of numbers.", "Multiply with *."),
    "%": ("syntax", "% cannot be read here.", "For percent, divide by 100."),
    "#": ("syntax", "Comments cannot stand in a formula.", "Leave out what begins with #."),
    "$": ("syntax", "This dollar sign has no partner.", "Put the whole formula between two, or leave them out."),
    "\\": ("syntax", "A backslash must be followed by the name of a LaTeX command.", ""),
    "±": ("syntax", "± stands for two formulas.", "Type the one with + or the one with -."),
    "∓": ("syntax", "∓ stands for two formulas.", "Type the one with + or the one with -."),
    "°": ("syntax", "The degree sign cannot be read here.", "Angles are in radians: 30° is 30*pi/180."),
    "∫": ("syntax", "Integrals cannot be read here.", "Type the integrand only."),
    "∑": ("syntax", "Sums over an index cannot be read here.", "Write the terms out with +."),
    "∏": ("syntax", "Products over an index cannot be read here.", "Write the factors out with *."),
    "∂": ("syntax", "Derivative signs cannot stand in a formula.", "Type only the function to differentiate."),
    "∇": ("syntax", "The gradient sign cannot stand in a formula.", "Type only the function to differentiate."),
    "‖": ("syntax", "Norms of vectors cannot be read here.", "Write them out, as in sqrt(x^2 + y^2)."),
}


def refuse(character: str, start: int, typed: str = "") -> UserError:
    """The error for a character that cannot stand in a formula, or for the command `typed` that sets it."""
    code, message, hint = _REFUSED.get(character, ("syntax", "", ""))
    if not message:
        name = unicodedata.name(character, "")
        message = f"The character {character} cannot be read here." if character.isprintable() else ""
        message = message or f"The character U+{ord(character):04X} cannot be read here."
        hint = f"It is {name.lower()}, not a letter of the Latin or Greek alphabet." if character.isalpha() else ""
    return UserError(code, message, hint=hint, span=Span(start, start + len(typed or character)))


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.spaced = False
        self.tokens: list[Token] = []
        self.opened: list[str] = []  # the brackets that are open, as typed

    def add(self, kind: Kind, text: str, end: int) -> None:
        self.tokens.append(Token(kind, text, self.at, end, self.spaced))
        self.at, self.spaced = end, False

    def run(self) -> list[Token]:
        while self.at < len(self.text):
            character = self.text[self.at]
            if character.isspace() or unicodedata.category(character) == "Cf":
                self.spaced = self.spaced or character.isspace()
                self.at += 1
            elif character.isascii():
                self.ascii(character)
            else:
                self.unicode(character)
        return self.tokens

    def ascii(self, character: str) -> None:
        if match := NUMBER.match(self.text, self.at):
            self.add("number", match[0], match.end())
        elif match := _WORD.match(self.text, self.at):
            self.word(match[0], match.end())
        elif match := _WHOLE.match(self.text, self.at):
            self.add("constant" if match[1] == "e" else "whole", match[1], match.end())
        elif match := _PRIVATE.match(self.text, self.at):
            message = "Names that begin with an underscore, or hold two of them, are refused."
            raise UserError("forbidden", message, span=Span(self.at, match.end()))
        elif self.text.startswith(":=", self.at):
            raise refuse(":=", self.at)
        elif match := _OPERATOR.match(self.text, self.at):
            if match[0] in "()":
                self.bracket(match[0])
            self.add("op", _SAME.get(match[0], match[0]), match.end())
        elif character in "[]":
            self.square(character)
        elif character == "." or (character == "'" and self.primed()):
            self.add("op", character, self.at + 1)
        elif character == ":" and any(token.text == "lambda" for token in self.tokens):
            message = "A lambda is a program; a formula is needed here."
            raise UserError(
                "forbidden", message, hint="Type only what stands behind the colon.", span=Span(self.at, self.at + 1)
            )
        else:
            raise refuse(character, self.at)

    def square(self, character: str) -> None:
        """A square bracket: one that groups, or that of `Sin[x]`; behind another name it asks for an element."""
        last = self.tokens[-1] if self.tokens else None
        named = last and last.kind == "word" and not self.spaced and not function_of(last.text)
        if character == "[" and named and not _GROUPED.match(self.text, self.at):
            raise refuse(character, self.at)
        self.bracket(character)
        self.add("op", "(" if character == "[" else ")", self.at + 1)

    def bracket(self, character: str) -> None:
        """Keep count of ( and [, and refuse one that closes the other."""
        if character in "([":
            self.opened.append(character)
            return
        opened = self.opened.pop() if self.opened else ""
        if opened != {")": "(", "]": "["}[character] and (opened or character == "]"):
            message = f"This {character} closes the {opened} of another kind." if opened else "This ] closes nothing."
            hint = "Remove it, or open a bracket before."
            raise UserError("unbalanced", message, hint=hint, span=Span(self.at, self.at + 1))

    def primed(self) -> bool:
        """Whether a prime can stand here: right behind a word, a bracket or another prime."""
        last = self.tokens[-1] if self.tokens else None
        return bool(last and not self.spaced and (last.kind == "word" or last.is_op("'", ")")))

    def word(self, word: str, end: int) -> None:
        """A word with what Unicode writes behind it: combining accents and small indices."""
        word = re.sub(r"[{}]", "", word)
        while end < len(self.text):
            character = self.text[end]
            index = _decomposed(character, "<sub>")
            if index:
                word += index if _decomposed(self.text[end - 1], "<sub>") else "_" + index
            elif character in ACCENTS:
                word += "_" + ACCENTS[character]
            else:
                break
            end += 1
        self.add("word", word, end)

    def unicode(self, character: str) -> None:
        """A character outside ASCII, by what it stands for."""
        start = self.at
        if character in GREEK_LETTERS:
            name = GREEK_LETTERS[character]
            tail = _GREEK_TAIL.match(self.text, start + 1) if name != "pi" else None
            self.word(name + (tail[0] if tail else ""), tail.end() if tail else start + 1)
        elif character in _UNICODE:
            self.add("op", _UNICODE[character], start + 1)
        elif character in _WORDS:
            self.add("word", _WORDS[character], start + 1)
        elif character in _FENCES:
            for text in _FENCES[character]:
                self.at = start
                self.add("op" if text in "()" else "word", text, start + 1)
        elif character == "″":
            self.add("op", "'", start + 1)
            self.tokens.append(Token("op", "'", start, start + 1))
        elif _decomposed(character, "<super>"):
            self.superscript()
        else:
            self.compatible(character)

    def superscript(self) -> None:
        """A run of raised characters: an exponent in braces."""
        start, end = self.at, self.at
        raised = ""
        while end < len(self.text) and (one := _decomposed(self.text[end], "<super>")):
            raised += one
            end += 1
        inner = [Token(t.kind, t.text, start + t.start, start + t.end) for t in _Lexer(raised).run()]
        opening = [Token("op", "^", start, end, self.spaced), Token("op", "{", start, end)]
        self.tokens += [*opening, *inner, Token("op", "}", start, end)]
        self.at, self.spaced = end, False

    def compatible(self, character: str) -> None:
        """Letters of other faces, full-width forms, fractions, accented letters: by their plain equivalents."""
        plain = unicodedata.normalize("NFKC", character)
        decomposed = unicodedata.normalize("NFD", character)
        base, marks = decomposed[0], decomposed[1:]
        if marks and base.isascii() and all(mark in ACCENTS for mark in marks):
            self.word("_".join([base, *(ACCENTS[mark] for mark in marks)]), self.at + 1)
        elif plain != character and (plain.isascii() or plain in GREEK_LETTERS or "⁄" in plain):
            start = self.at
            inner = [Token(t.kind, t.text, start, start + 1, self.spaced) for t in _Lexer(plain).run()]
            if len(inner) > 1:  # ½ is 1/2 in brackets
                inner = [Token("op", "{", start, start + 1), *inner, Token("op", "}", start, start + 1)]
            self.tokens += inner
            self.at, self.spaced = start + 1, False
        else:
            raise refuse(character, self.at)


def _decomposed(character: str, face: str) -> str:
    """What the raised or lowered character stands for, or nothing."""
    parts = unicodedata.decomposition(character).split()
    if parts[:1] != [face]:
        return ""
    plain = "".join(chr(int(part, 16)) for part in parts[1:])
    return plain.replace("\u2212", "-")


def tokens_of(text: str) -> list[Token]:
    """The tokens of `text` in Python's or mathematical notation, without an end.

    Raises:
        UserError: "syntax" or "forbidden" at a character that no formula has.
    """
    return _Lexer(text).run()


_PAIRS = {")": "(", "}": "{"}


def check_brackets(tokens: Sequence[Token]) -> None:
    """Refuse brackets that do not match, or that are nested too deeply.

    Raises:
        UserError: "unbalanced" at the bracket without a partner, "too-deep" at the first one too many.
    """
    opened: list[Token] = []
    for token in tokens:
        if token.is_op("(", "{"):
            opened.append(token)
            limits.check_depth(len(opened), token.span)
        elif token.is_op(")", "}"):
            if not opened or opened[-1].text != _PAIRS[token.text]:
                message = f"This {token.text} closes nothing."
                if opened:
                    message = f"This {token.text} closes the {opened[-1].text} of another kind."
                raise UserError("unbalanced", message, hint="Remove it, or open a bracket before.", span=token.span)
            opened.pop()
        elif token.is_op(";") and opened:
            break
    if opened:
        message = f"This {opened[-1].text} is never closed."
        raise UserError("unbalanced", message, hint="Close it, or remove it.", span=opened[-1].span)
