"""Prose into words and islands of mathematics: where in a sentence a formula begins, and how far it goes.

An island is the longest stretch in which operands and operators take turns: `x^2 sin(3x) + 1` in "find the derivative
of x^2 sin(3x) + 1 at 2". Delimiters of LaTeX, forums and Markdown set islands off; between them everything is
mathematics. What an operand is, the functions and names of the formula reader tell, and the words of
`nabla.question.lexicon` are none. The reader gets `Side.text` with the notations replaced that it lacks (`edits`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from nabla.question.atoms import (
    CUT,
    DIMENSION,
    FUNCTIONS,
    GLUED,
    GREEK,
    NUMBER,
    ORDINAL,
    RATIO,
    UNIT,
    WORD,
    Atom,
    Island,
    Side,
)
from nabla.question.follow import IslandRun
from nabla.question.lexicon import UNITS, is_word
from nabla.question.python_line import tree_of
from nabla.question.quantities import DOTTED, lone_letters
from nabla.question.spoken import function
from nabla.question.sums import indexed, unindexed
from nabla.read.formula import names

_ENVIRONMENTS = "equation equation* align align* aligned gather gather* eqnarray eqnarray* displaymath math".split()
_TAGS = "math tex itex latex TEX MATH".split()
DELIMITERS: tuple[tuple[str, str], ...] = (
    ("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"), *((f"[{tag}]", f"[/{tag}]") for tag in _TAGS),
    ("##", "##"), ("#", "#"), ("`", "`"), ("<math>", "</math>"),
    *((rf"\begin{{{name}}}", rf"\end{{{name}}}") for name in _ENVIRONMENTS),
)  # fmt: skip
_STATEMENT = re.compile(
    r"[A-Za-z_][\w.]*(?:\[[^\]\n]{0,40}\])?\s?(?:[-+*/@]=|=[^=\n]{0,60}?[\w)\]]\s?@\s?[\w(])[^\n]{1,160}"
)
_DOTTED = re.compile(r"(?:np|numpy|scipy|torch|jnp|jax|plt|optimize|stats)(?:\.[A-Za-z_]\w*)+\([^()\n]{0,80}\)")
_PRICE = re.compile(r"\$\s?\d+(?:,\d{3})*(?:\.\d+)?\s?/\s?[a-z]{1,6}(?:\^?\d)?(?![\w$*^+(-])")  # $10/ft
_PERSON = re.compile(r"[A-Za-z]['’][A-ZÀ-Þ][a-zà-ÿ]{2,}(?:['’]s)?")  # L'Hôpital's, d'Alembert
_COMPOUND = re.compile(r"w\.?r\.?t\.?(?![A-Za-z])|requires?[ _-]grad\b")  # these are one word
_HEAD = re.compile(  # loss(w, b) =, \operatorname{sinc}(x) =
    r"(?<![A-Za-z0-9_\\.])(?:\\(?:operatorname|mathrm|text|textrm|mathit)\s?\{\s?([A-Za-z]\w*)\s?\}|([A-Za-z]{2}\w*))"
    r"(?:\\left)?\(\s?\\?[A-Za-zα-ωΑ-Ω]\w*(?:\s?[,;]\s?\\?[A-Za-zα-ωΑ-Ω]\w*){0,5}\s?(?:\\right)?\)\s?(:?=)(?!=)\s*"
)
# The name of a function, or of a kind of them or of axes, and not the inverse of one or a line.
_INVERSE = re.compile(
    r"(?:log|lin|semi)-(?:log|lin)\b|"
    r"inverse\s(?:trig\w*|hyperbolic|(?:co)?sine|(?:co)?tangent|(?:co)?secant|sin|cos|tan)(?![A-Za-z])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\((?:\d{1,2}|[a-h]|\*)\)(?=\\[,;: q]|\s{2}|~)")  # $(1)\quad y = ...$
_HYPHENATED = re.compile(r"(\d+|[A-Za-z]+|)[-–]([A-Za-z]+)(?![A-Za-z(^_\d])")


class TextScanner:
    """Reads a stretch of prose into tokens."""

    def __init__(self, text: str, start: int = 0, end: int | None = None, outer: TextScanner | None = None) -> None:
        self.text = text
        self.at = start
        self.end = len(text) if end is None else end
        self.inside = False  # between delimiters, where every letter is mathematics
        self.pending: list[Atom] = []
        self.singles: frozenset[str] = outer.singles if outer else lone_letters(text)
        self.pairs: dict[int, int] = outer.pairs if outer else _pairs(text)
        self.powers: bool = outer.powers if outer else bool(re.search(r"\^|\*\*|²|[A-Za-z]_?1\b|_\d|[₀-₉]", text))
        self.listed: bool = outer.listed if outer else "(a)" in text or "(i)" in text  # whether (b) numbers a part
        self.reach = 4000
        self.fuel = 20 * len(text) + 20_000  # characters that attempts without an island may go over

    def tokens(self) -> Iterator[Atom]:
        """The tokens, in order; white space within lines is left out."""
        while self.at < self.end:
            token = self.token()
            if token:
                yield token

    def token(self) -> Atom | None:
        """The next token; None for white space."""
        text, at = self.text, self.at
        if text[at] in " \t\r\u00a0\u200b\ufeff":
            self.at += 1
            return None
        if text[at] == "\n":
            blank = re.compile(r"\n[ \t\r]*\n\s*").match(text, at, self.end)
            self.at = blank.end() if blank else at + 1
            return Atom("paragraph" if blank else "line", "\n", at, self.at)
        if label := self.label():
            return label
        for opening, closing in DELIMITERS:
            if text.startswith(opening, at) and (found := self.delimited(opening, closing)):
                return found
        if price := _PRICE.match(text, at, self.end):
            self.at = price.end()
            return Atom("count", price[0], at, self.at)
        kinds = (DIMENSION, UNIT, RATIO, DOTTED)
        if dimension := next(filter(None, (kind.match(text, at, self.end) for kind in kinds)), None):
            self.at = dimension.end()
            return Atom("count", dimension[0], at, self.at)
        if joined := self.hyphenated() or self.statement():
            return joined
        if not self.inside and (person := _PERSON.match(text, at, self.end)):
            self.at = person.end()
            return Atom("word", person[0], at, self.at)
        spoken = self.spoken()
        if not spoken and not self.inside and (named := _INVERSE.match(text, at, self.end)):
            self.at = named.end()
            return Atom("word", named[0], at, self.at)
        island = spoken or self.island(at)
        if island and re.fullmatch(r"\([a-h]\)|\((?:i{1,3}|iv)\)", text[at : island.end]):
            self.at = island.end
            return Atom("label", text[at : self.at], at, self.at)
        if island and (island.sides[0].mark or not _alone(text[at : island.end])):
            self.at = island.end
            return Atom("math", text[at : island.end], at, island.end, island)
        return self.word()

    def spoken(self) -> Island | None:
        """A formula behind the name of a function in words: the square root of x^2 + 1."""
        said = None if self.inside else function(self.text, self.at, self.end)
        inner = self.island(said.end) if said else None
        if said is None or inner is None or len(inner.sides) > 1 or inner.sides[0].mark:
            return None
        edits = [*said.edits, *inner.edits, (inner.end, inner.end, ")")]
        return Island(self.at, inner.end, [Side(self.at, inner.end)], [], edits, doubt=inner.doubt)

    def label(self) -> Atom | None:
        """Numbering: (a), b), 1., at the beginning of a line or a sentence, and (1) at the end of a line."""
        text, at = self.text, self.at
        before = text[max(0, at - 40) : at].rstrip(" \t*")
        first = not before or before[-1:] in "\n.:?!;>-•" or text[max(0, at - 3) : at].count(" ") == 3
        first = first or bool(self.listed and text[at] == "(" and text[at - 1] == " ")
        found = re.compile(
            r"\(?(?:[a-h]|i{1,3}|iv|vi{0,2}|\d{1,2}|Q\d{1,2})[).](?=\s)|Q?\d{1,2}[).:]\s(?=[A-Z])"
        ).match(text, at, self.end)
        if found and first and not re.match(r"\(?[a-h]\)\s?[-+*/=^]", text[at : at + 8]):
            if not (found[0].startswith(("(", "i")) or (found[0][-1] in ".)" and len(found[0]) <= 4)):
                return None
            self.at = at + len(found[0].rstrip())
            return Atom("label", text[at : self.at], at, self.at)
        session = re.compile(r"(?:In|Out)\s?\[\d*\]\s?:?=\s?|\(%[io]\d+\)\s?").match(text, at, self.end)
        if session:  # prompts of Mathematica and of Maxima
            self.at = session.end()
            return Atom("output" if session[0].startswith(("Out", "(%o")) else "input", session[0], at, self.at)
        mapping = re.compile(r"\$?[A-Za-z]\s?:\s?(?:\\mathbb\s?\{?R|ℝ|R\^)[^$.;,\n]{0,40}\$?").match(text, at, self.end)
        if mapping and re.search(r"\\to|→|->|\\rightarrow|\\mapsto", mapping[0]):
            self.at = mapping.end()
            return Atom("label", mapping[0], at, self.at)
        number = re.compile(r"\((?:\d{1,2}|\*)\)[ \t]*(?=\n|$)").match(text, at, self.end)
        if number and re.search(r"\s{2}$", text[max(0, at - 2) : at]):
            self.at = number.end()
            return Atom("label", number[0], at, number.end())
        return None

    def hyphenated(self) -> Atom | None:
        """A number or a letter and a noun with a hyphen: a 10-kg bucket, the x-axis; also behind a delimiter."""
        text, at = self.text, self.at
        found = None if self.inside else _HYPHENATED.match(text, at, self.end)
        if not found or (at and (text[at - 1].isalnum() if found[1] else text[at - 1] not in "$)`#")):
            return None
        if named := re.compile(r"log-?sum-?exp(?![A-Za-z])").match(text, at, self.end):
            self.at = named.end()
            return Atom("word", named[0], at, self.at)
        noun, number = found[2], found[1].isdigit()
        if len(found[1]) > 1 and not number and (found[1].lower() not in FUNCTIONS or len(noun) < 5):
            return None  # log-likelihood is a word
        behind = re.match(r"\s[a-z]{3,}", text[found.end() : at + 40])
        measured = number and (noun in UNITS or bool(noun in "m s g h N V W".split() and behind))
        defined = re.search(rf"(?<![A-Za-z]){noun}\s?[=+*/^]", text) if len(noun) == 1 else set(noun) <= self.singles
        known = noun in GREEK or (noun in FUNCTIONS and not is_word(noun)) or defined
        if noun != "th" and (known or (len(noun) < 3 and not measured) or (len(noun) > 2 and GLUED.match(noun))):
            return None
        self.at = found.end()
        return Atom("count" if number else "word", found[0], at, self.at)

    def statement(self) -> Atom | None:
        """A line of a program in a sentence, which an augmented assignment or a product of matrices tells."""
        text, at = self.text, self.at
        if not self.inside and (call := _DOTTED.match(text, at, self.end)) and not (at and text[at - 1].isalnum()):
            self.at = call.end()
            return Atom("code", call[0], at, self.at, Island(at, self.at, [Side(at, self.at)], [], code=True))
        found = None if self.inside else _STATEMENT.match(text, at, self.end)
        if not found or (at and text[at - 1].isalnum()):
            return None
        line = found[0].rstrip(" ?!.,:;")
        for _ in range(12):
            if tree_of(line) is not None:
                self.at = at + len(line)
                return Atom("code", line, at, self.at, Island(at, self.at, [Side(at, self.at)], [], code=True))
            line = line.rpartition(" ")[0].rstrip(" ?!.,:;")
        return None

    def word(self) -> Atom:
        """A word, a number that counts with its unit, or a mark."""
        text, at = self.text, self.at
        found = _COMPOUND.match(text, at, self.end) or ORDINAL.match(text, at, self.end)
        found = found or WORD.match(text, at, self.end)
        if found:
            self.at = found.end()
            return Atom("word", found[0], at, self.at)
        number = NUMBER.match(text, at, self.end)
        if number:
            unit = re.compile(r"\s?(?:%|°[CF]?|[A-Za-zµΩ]+(?:/[a-z]+|\^?[23²³])*)(?![A-Za-z(*])").match(
                text, number.end(), self.end
            )
            known = unit and (
                re.sub(r"[^A-Za-z].*", "", unit[0].strip()).lower() in UNITS or unit[0].strip() in set("msVNgAhW%°")
            )
            self.at = unit.end() if unit and known else number.end()
            return Atom("count", text[at : self.at], at, self.at)
        self.at = at + 1
        return Atom("mark", text[at], at, at + 1)

    # Islands between delimiters.

    def delimited(self, opening: str, closing: str) -> Atom | None:
        """What stands between two delimiters; several islands and words there wait in `pending`."""
        text, at = self.text, self.at
        start = at + len(opening)
        stop = text.find(closing, start, min(self.end, start + 3000))
        inner = text[start:stop] if stop >= 0 else ""
        if stop < 0 or not inner.strip() or (opening in ("$", "#", "`", "##") and ("\n\n" in inner)):
            return None
        if opening == "$" and (
            re.match(r"\d[\d.,]*(?:\s|/[a-z]+)", inner) and re.search(r"[a-z]{3,}", inner) and "\\" not in inner
        ):
            return None  # prices
        if opening == "#" and ("\n" in inner or not re.search(r"[=^+*/()\d]", inner)):
            return None
        self.at = stop + len(closing)
        if opening == "`" and _is_code(inner):
            quoted = Island(at, self.at, [Side(start, stop)], [], delimited=True, code=True)
            return Atom("code", text[at : self.at], at, self.at, quoted)
        found = self.between(start, stop)
        islands = [token for token in found if token.kind == "math"]
        if len(islands) == 1 and len(found) == 1:
            island = islands[0].island
            assert island
            island.start, island.end, island.delimited = at, self.at, True
            return Atom("math", text[at : self.at], at, self.at, island)
        self.pending = found
        return Atom(
            "group", text[at : self.at], at, self.at, Island(at, self.at, [Side(start, stop)], [], delimited=True)
        )

    def between(self, start: int, stop: int) -> list[Atom]:
        """The tokens between delimiters; what cannot be followed is an island that is not whole."""
        inner = TextScanner(self.text, start, stop, self)
        inner.inside, inner.powers = True, True
        found: list[Atom] = []
        while inner.at < stop:
            at = inner.at
            skipped = re.compile(
                r"\s+|\\[,;:! ]|\\(?:quad|qquad|displaystyle|large|Large|\\(?:\[[^\]]*\])?|"
                r"begin\{(?:aligned|split|align)\*?\}|"
                r"end\{(?:aligned|split|align)\*?\}|label\{[^}]*\}|tag\{[^}]*\}|nonumber|implies|Rightarrow|therefore|Longrightarrow|iff)(?![A-Za-z])|[,;.&]|:(?!=)|"
                r"⇒|=>|∴"
            ).match(self.text, at, stop)
            words = re.compile(r"\\(?:text|mbox|textrm|hbox|intertext|mathrm)\s?\{([^{}]*)\}").match(
                self.text, at, stop
            )
            numbered = _NUMBERED.match(self.text, at, stop) if not found else None
            if numbered:
                inner.at = numbered.end()
                found.append(Atom("label", numbered[0], at, inner.at))
            elif self.text[at] == "=" and not found:  # a row of work that leads on: $= 2x$
                inner.at = at + 1
                found.append(Atom("mark", "=", at, inner.at))
            elif skipped:
                inner.at = skipped.end()
                mark = skipped[0].strip()
                if mark in (",", ";", ".", ":") or mark.startswith(("\\\\", "\\quad", "\\imp", "\\R", "⇒")):
                    found.append(Atom("mark", mark[:2], at, inner.at))
            elif words and re.search(
                r"\s|^(?:and|or|if|for|where|at|with|when|let|so|then|of|is|by|in|to)$", words[1].strip()
            ):
                piece = TextScanner(self.text, words.start(1), words.end(1), self)
                found += list(piece.tokens())
                inner.at = words.end()
            elif followed := inner.island(at):
                followed.delimited = True
                found.append(Atom("math", self.text[at : followed.end], at, followed.end, followed))
                inner.at = followed.end
            else:
                word = re.compile(r"[A-Za-z]{2,}").match(self.text, at, stop)
                if word and is_word(word[0]):
                    found.append(Atom("word", word[0], at, word.end()))
                    inner.at = word.end()
                    continue
                end = _end_of_unread(self.text, at, stop)
                inner.at = end
                if not re.fullmatch(r"[\s=:?_.…!~\\-]*|\\l?dots", self.text[at:end]):
                    unread = Island(at, end, [Side(at, end)], [], delimited=True, whole=False)
                    found.append(Atom("math", self.text[at:end], at, end, unread))
        leads = found[1:] and found[0].text == "="
        return [token for i, token in enumerate(found) if token.kind != "mark" or ((leads or i) and i < len(found) - 1)]

    # Islands by themselves.

    def island(self, at: int) -> Island | None:
        """The longest island that begins there, if one does."""
        return self.headed(at) or self.summed(at) or self.followed(at)

    def headed(self, at: int) -> Island | None:
        """The definition of a function whose name is a word: loss(w) = (w - 3)^2."""
        found = _HEAD.match(self.text, at, self.end)
        name = found[2] if found else ""
        glued = name and name not in names.WORDS and GLUED.match(name)
        if not found or glued or name in FUNCTIONS or name in GREEK:
            return None
        body = self.followed(found.end())
        if body is None or body.sides[0].mark:
            return None
        edits = [(at, found.end(1) + 1, found[1])] if found[1] else []
        head = Side(at, found.start(3))
        edits += body.edits
        return Island(at, body.end, [head, *body.sides], [found[3], *body.relations], edits, doubt=body.doubt)

    def summed(self, at: int) -> Island | None:
        """A sum over the entries of its letters, without an index: -sum p log p."""
        said = None if self.inside else unindexed(self.text, at, self.end)
        island = self.followed(said.end()) if said else None
        if said and island and len(island.sides) == 1 and not island.sides[0].mark:
            island.edits += indexed(self.text, said, island.end)
            return replace(island, start=at, sides=[Side(at, island.end)])
        return None

    def followed(self, at: int) -> Island | None:
        """What operands and operators in turn make of the text from there on."""
        run = IslandRun(self, at)
        run.go()
        quoted = self.text[at - 1 : at] in ("'", "‘")
        if run.best and (found := CUT.match(self.text, run.best.end - 1)) and not (quoted and "'" in found[0]):
            run.best.whole = False  # u'v', 2ATb: what could not be followed is not left out
        if run.best is None:
            self.fuel -= run.at - at
            if self.fuel < 0:
                self.reach = 60
        return run.best


def _pairs(text: str) -> dict[int, int]:
    """Where each bracket of a text closes, behind its partner; brackets of other kinds in between count as one."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for i, character in enumerate(text):
        if character in "([{":
            stack.append(i)
        elif character in ")]}" and stack:
            found[stack.pop()] = i + 1
    return found


def _alone(found: str) -> bool:
    """Whether what was found is one word of letters, which outside of a formula is no mathematics; or a short name
    in brackets, as (AU).
    """
    if re.fullmatch(r"\([A-Z]{2,5}\)", found):
        return True
    return found.isascii() and found.isalpha() and len(found) > 1 and not (
        found in GREEK or bool(GLUED.match(found)) or (len(found) <= 3 and set(found) <= set("xyztuvwrs")))  # fmt: skip


def _is_code(inner: str) -> bool:
    """Whether what stands between backticks is a name or a line of a program and no formula."""
    if re.search(
        r"\b(?:np|torch|sp|jnp|plt|nn|tf)\.|\.(?:grad|backward|T|dot|step|item|data)\b|\w\(\)|^[a-z_]+\w*_\w+$|==|"
        r"^\w{3,}$|=\s?True|=\s?False|import |print",
        inner,
    ):
        return True
    return bool(re.fullmatch(r"[a-z_]\w*(?:\.\w+)+(?:\([^()]*\))?", inner))


def _end_of_unread(text: str, at: int, stop: int) -> int:
    """Where a stretch that cannot be followed ends: at the next separator outside of braces."""
    depth, i = 0, at
    while i < stop:
        character = text[i]
        depth += (character in "{([") - (character in "})]")
        if depth <= 0 and i > at and (text.startswith(("\\\\", "\\quad", "\\text{"), i) or character in ";"):
            break
        i += 2 if character == "\\" else 1
    return max(min(i, stop), at + 1)
