"""The operands of formulas in prose: numbers, names, functions with their arguments, brackets."""

from __future__ import annotations

import re

from nabla.question.atoms import (
    ABBREVIATED,
    BARS,
    BASE,
    CALLED,
    FUNCTIONS,
    GLUED,
    GREEK,
    GREEK_RE,
    IDENT,
    INVERSE,
    NUMBER,
    NUMBERED,
    OPEN,
    ORDINAL,
    SUPER,
    ZERO,
)
from nabla.question.commands import OPERATORS, Commands
from nabla.question.letters import is_coefficient, is_pronoun, is_remark, is_variable
from nabla.question.lexicon import classes_of, is_word
from nabla.question.quantities import decimal_comma, is_count, unit_end

# Increments as names: Δx, and dz where it stands alone.
_INCREMENT = re.compile(r"(?:Δ|\\Delta\s?)[xyztuvrwsf](?![A-Za-z(])")
_SECONDS = re.compile(r"\s[smhN](?=\s*(?:[.,;?!)](?:\s|\Z)|\n|\Z|\s(?:and|is|when|if)\b))")  # t = 2 s
_DEGREES = re.compile(r"\s?(?:°(?![CF])|\^\s?(?:\{\s?\\circ\s?\}|\\circ))")
MAXIMA = re.compile(r"%(?:e|pi)(?![A-Za-z])")
_SCIENTIFIC = re.compile(r"(\s?[xX]\s?)10\s?\^\s?(?:\{\s?)?[-−]?\d+(?:\s?\})?")

# Commands that lost their backslash.
_BARE = re.compile(r"(?:[dt]?frac(?=\s?\{)|lim(?=\s?_\s?[{(])|int(?=\s?_\s?[{(\w]))")

_SMALL = frozenset("is so then and or where i be that get to got".split())

_SUM = re.compile(r"sum(?=_\{?[a-z]\}?(?![A-Za-z0-9_]))")
# A digit behind a letter that can be a power, x2 and x2sin x, but no part of a longer name.
_LOST_POWER = re.compile(
    r"[1-9](?![\d.])(?:(?=(?:arc|sin|cos|tan|cot|sec|csc|ln|log|exp|sqrt)[a-z0-9(\s]{1,8}(?![a-z]))|(?![A-Za-z_]{2}))"
)


class Operands(Commands):
    """What can stand where an operand is expected, and what is a word of the sentence."""

    def operand(self) -> bool:
        """Read one operand with its signs and functions in front; brackets are opened and their inside read first."""
        while True:
            self.space()
            if self.at >= self.end or self.at - self.start > self.s.reach:
                return False
            character = self.text[self.at]
            if mark := self.mark():
                if mark.operator:
                    self.depth += 1
                    if self.depth > 6:
                        return False
                    if not self.probing and not self.has_operand():
                        return True
                    continue
                return True
            if character in "-+−±" or (character == "~" and self.s.inside):
                self.at += 1
                continue
            if self.text.startswith("\\", self.at):
                done = self.command()
                if done is None:
                    continue
                return done
            if character == "(" and self.remark():
                return False
            if character in "([{⟨" or (self.text.startswith("<", self.at) and self.vector()):
                self.stack.append(">" if character == "<" else OPEN[character])
                self.at += 1
                continue
            if character in BARS and (self.s.inside or self.bars()):
                self.stack.append("|")
                self.at += 1 + (self.text.startswith("||", self.at))
                continue
            if character in "√∛∜":
                self.at += 1
                continue
            if character in "∫∮":
                return self.integral()
            if character in "∑∏":
                self.at += 1
                self.bounds()
                continue
            if constant := MAXIMA.match(self.text, self.at, self.end):
                self.edits.append((self.at, self.at + 1, ""))
                self.at = constant.end()
                return True
            if increment := _INCREMENT.match(self.text, self.at, self.end):
                self.at = increment.end()
                return True
            if GREEK_RE.match(character) or character in "îĵẑŷℓ":
                self.at += 1 + self.text.startswith("\u0302", self.at + 1)
                if (ZERO if character in "π∞" else NUMBERED).match(self.text, self.at):
                    self.edits.append((self.at, self.at, "_"))
                    self.at += 1
                self.scripts()
                return True
            if number := NUMBER.match(self.text, self.at, self.end):
                return self.number(number)
            done = self.letters()
            if done is None:
                continue
            return done and self.degrees()

    def degrees(self) -> bool:
        """Take the sign of degrees behind a letter, x°: so many times pi/180."""
        if found := _DEGREES.match(self.text, self.at, self.end):
            self.edits.append((self.at, found.end(), r" \pi/180"))
            self.at = found.end()
        return True

    def vector(self) -> bool:
        """Whether `<` opens a vector: components with commas, closed by `>` on the line."""
        found = re.compile(r"<([^<>=\n]{1,300})>").match(self.text, self.at, self.end)
        return bool(found and "," in found[1])

    def remark(self) -> bool:
        """Whether a bracket that follows a gap, or begins an island, holds equations or words: a remark."""
        if self.stack or self.s.inside or (self.at > self.start and self.text[self.at - 1] not in " \t"):
            return False
        end = self.balanced(self.at)
        return bool(end and is_remark(self.text[self.at + 1 : end - 1]))

    def bars(self) -> bool:
        """Whether a bar has a partner on the line."""
        found = re.compile(rf"[{BARS}]{{1,2}}([^{BARS}\n]{{1,120}})[{BARS}]{{1,2}}").match(self.text, self.at, self.end)
        return bool(found and not re.search(r"[a-z]{3,}\s[a-z]{3,}", found[1]))

    def number(self, found: re.Match[str]) -> bool:
        """A number that is no count, date or version."""
        text, at = self.text, self.at
        if not self.s.inside and not self.stack and at == self.start:
            if ORDINAL.match(text, at, self.end) or re.compile(r"\d+[.:]\d+[.:]\d|\d+-\d+-\d+|\d+/\d+/\d+").match(
                text, at, self.end
            ):
                return False
            if is_count(text, self.start, found.end(), self.end, self.s.singles):
                return False
        self.at = found.end()
        if "," in found[0]:
            self.edits.append((at, self.at, found[0].replace(",", "")))
        elif not self.stack and (
            comma := decimal_comma(text, at, self.at, self.end, alone=not self.relations and at == self.start)
        ):
            self.edits.append((self.at, self.at + 1, "."))
            self.at = comma
        if scientific := _SCIENTIFIC.match(text, self.at, self.end):
            self.edits.append((self.at, scientific.end(1), "*"))
            self.at = scientific.end()
        self.unit(at)
        return True

    def unit(self, at: int) -> None:
        """Take the unit behind the number that begins at a place; degrees are so many times pi/180."""
        stop = unit_end(self.text, self.at, self.end, inside=self.s.inside)
        alone = not self.text[self.sides[-1].start : at].strip(" -+")
        if alone and self.relations and (letter := _SECONDS.match(self.text, self.at, self.end)):
            stop = letter.end()
        if stop > self.at and (alone or "\\circ" not in self.text[self.at : stop]):
            angle = self.text[self.at : stop].lstrip(" ^{").startswith("\\circ") and self.text[stop - 1] not in "CF"
            self.edits.append((self.at, stop, r" \pi/180" if angle else ""))
            self.at, self.measured = stop, not angle

    def letters(self) -> bool | None:
        """A name, a function with its argument to come, or several names in a row; None as for a command."""
        text, at = self.text, self.at
        inverse = INVERSE.match(text, at, self.end)
        if inverse:
            self.edits.append((at, inverse.end(), "arc" + inverse[1]))
            self.doubt = "inverse"
            self.at = inverse.end()
            return self.argument()
        found = re.compile(r"[A-Za-z]+").match(text, at, self.end)
        if not found:
            return False
        run = found[0]
        if sign := _SUM.match(text, at, self.end):  # sum_i exp(x_i)
            self.edits.append((at, sign.end(), "\\sum"))
            self.at = sign.end()
            self.bounds()
            return None
        if bare := _BARE.match(text, at, self.end):
            self.edits.append((at, at, "\\"))
            return self.named(bare[0].strip(), found.end())
        known = run.lower()
        if len(run) > 2 and run not in FUNCTIONS and known in FUNCTIONS and text.startswith("(", found.end()):
            self.edits.append((at, found.end(), known))  # ReLU(x), SIN(x)
            self.at = found.end()
            return self.argument()
        ident = IDENT.match(text, at, self.end)
        assert ident
        if run in FUNCTIONS and (len(run) > 1) and self.applied(run, found.end()):
            self.at = found.end()
            return self.argument()
        if run in OPERATORS and re.match(r"\(|\s?[A-Z](?![A-Za-z])", text[found.end() : found.end() + 3]):
            self.at = found.end()
            return self.argument()
        if run in GREEK:
            tail = re.compile(r"\d*(?:_\w+)?").match(text, found.end(), self.end)
            self.at = tail.end() if tail and not self.s.inside else found.end()
            self.scripts()
            return True
        if len(run) == 1:
            if not self.single(run):
                return False
            self.at = found.end()
            if self.s.inside:
                self.scripts()
                return True
            return self.digits(ident)
        return self.several(run, ident)

    def digits(self, ident: re.Match[str]) -> bool:
        """A digit glued to a letter: an index, or a power that has lost its place."""
        text, at = self.text, self.at
        if text.startswith("\u0302", at):  # a hat
            self.at += 1
            return True
        glued = _LOST_POWER.match(text, at, self.end)
        if glued and not self.s.powers:
            self.edits.append((at, glued.end(), "^" + glued[0]))
            self.doubt = "power"
            self.at = glued.end()
            return True
        if glued and text[at - 1] + "1" not in text and not re.search(rf"{re.escape(text[at - 1])}_?{{?[01₁]", text):
            self.edits.append((at, glued.end(), "^" + glued[0]))
            self.doubt = "power"
            self.at = glued.end()
            return True
        if re.match(r"_\s?[\],]", text[at : at + 3]):  # Mathematica's f[x_]
            self.edits.append((at, at + 1, ""))
            self.at += 1
            return True
        tail = re.compile(r"\w*(?:\.grad\b)?").match(text, at, self.end)
        if tail and re.fullmatch(r"(?:\d*(?:_\w+)?|\w*_\w+)(?:\.grad)?", tail[0]):
            self.at = tail.end()
        self.scripts()
        return True

    def single(self, run: str) -> bool:
        """Whether a letter alone is a name and no word: `a function`, `I get`."""
        text, at = self.text, self.at
        if self.s.inside or (self.stack and self.stack[-1] == "|" and text[at - 1] in BARS):
            return True
        if ABBREVIATED.match(text, at, self.end):
            return False
        after = text[at + 1 : at + 2]
        if after in "'’" and re.match(r"['’](?:m|ve|d|ll|s|re|t)\b", text[at + 1 : at + 5]):
            return False
        if is_pronoun(text, at, self.end):
            return False
        if run not in "aAI" or is_variable(text, at, self.end):
            return True
        rest = text[at + 1 : min(self.end, at + 200)].lstrip(" ")
        if self.at > self.start and (
            text[self.start : at].rstrip()[-1:] in "-+*/^=(" or self.signed == len(text[:at].rstrip())
        ):
            if text[at - 1] in "-+*/^=(":
                return True
            word = re.match(r"[A-Za-z']+", rest)
            return not word or not after.isspace() or not is_word(word[0]) or word[0] in FUNCTIONS
        operating = bool(re.match(rf"[-+*/^=<>≤≥·_){SUPER}]|\*\*|\\", rest)) and not re.match(r"[-–]\s", rest)
        if self.at > self.start:
            return operating or after == "(" or self.lettered()
        return operating or after in "(₀₁₂₃'" or is_coefficient(text, at, self.end)

    def lettered(self) -> bool:
        """Whether a, A or I behind an operand is a letter: no noun follows it, but a mark, a preposition or nothing."""
        rest = self.text[self.at + 1 : min(self.end, self.at + 200)].lstrip(" ")
        word = re.match(r"[A-Za-z']+", rest)
        if not word:
            return rest[:1] in ("", "\n") or rest[:1] in ",.;:?!)=+*/^"
        if len(word[0]) == 1 and word[0] not in "aAI":
            return True  # x^T A y: another letter follows
        return bool(classes_of(word[0]) & {"AND", "AT", "OF", "IN", "BE", "WHERE", "RESPECT", "START", "DIRECTION"})

    def several(self, run: str, ident: re.Match[str]) -> bool:
        """Letters in a row: a name of a program, a product such as xy, functions and names glued, or a word."""
        text, at = self.text, self.at
        rest = text[ident.end() : min(self.end, ident.end() + 200)]
        if re.search(r"[_\d]", ident[0]) or "." in ident[0].removesuffix("."):
            if "." in ident[0] and not ident[0].endswith(".grad"):
                return False
            self.at = ident.end()
            return not is_word(run) or "_" in ident[0] or self.s.inside
        if self.s.inside:
            return self.inside(run)
        if at > self.start and text[at - 1].isdigit() and rest.startswith("^"):
            self.at = ident.end()  # 1/2at^2: letters glued to a number and raised are no word
            return True
        named = re.match(r"\s{0,3}=(?![=>])", rest) and (self.at == self.start or self.relations)
        operated = re.match(r"\s?(?:\*\*?|\^)\s?[\w(]|\s?/\s?(?:[a-z]{1,2}\b|\(|\d)", rest) and len(run) > 1
        if not self.text[self.start : at].strip(" (") and is_word(run):
            named = named if self.at == self.start else None
        inside = (
            self.at > self.start
            and self.text[self.start : at].strip(" (")
            and re.search(r"[-+*/^=(]\s?$", text[self.start : at])
        )
        if inside and rest.startswith("(") and len(run) > 2:
            self.at = ident.end()
            return self.argument()
        if not is_word(run) or run in ("Re", "Im"):
            if GLUED.match(run):
                self.at = ident.end()
                return True
            short = (bool(self.stack) and len(run) == 2) or (
                len(run) <= 3
                and not (run.isupper() and len(run) == 3 and self.at == self.start)
                and (
                    set(run) - self.s.singles <= {"i"} & set(text[at : at + 1] * text[at - 1].isdigit())  # 2ixy
                    or not re.search("[aeiouAEIOU]", run)
                    or (inside and len(run) == 2)
                )
            )
            if (
                short
                or named
                or operated
                or (inside and (len(run) > 3 or re.match(r"\s?[-+*/^=)]", rest) or not rest.strip()))
            ):
                self.at = ident.end()
                return True
            return False
        if named and run.lower() not in _SMALL:
            self.at = ident.end()
            return True
        if (operated and self.at == self.start) or (inside and re.match(r"\s?[-+*/^)]", rest)):
            self.at = ident.end()
            return True
        return False

    def inside(self, run: str) -> bool:
        """Letters in a row between delimiters: a function without its backslash, or names."""
        glued = re.match(r"(?:arc)?(?:sinh|cosh|tanh|sin|cos|tan|cot|sec|csc|ln|log|exp|sqrt)", run)
        if glued and (len(glued[0]) == len(run) or GLUED.match(run)):
            at = self.at
            name = glued[0]
            digits = re.compile(r"\d+").match(self.text, at + len(name))
            self.edits.append((at, at + len(name), f"\\{name} "))
            self.at = at + len(name)
            if len(name) < len(run) or digits:
                self.at = at + len(run)
                return True if len(name) < len(run) else self.argument()
            return self.argument()
        if (
            is_word(run)
            and len(run) > 2
            and re.match(r"\s+[A-Za-z]{2,}", self.text[self.at + len(run) : self.at + len(run) + 20])
        ):
            return False
        self.at += len(run)
        self.scripts()
        return True

    def applied(self, run: str, end: int) -> bool:
        """Whether a function has an argument behind it; else its name is a word, as in "the sin function"."""
        rest = self.text[end : min(self.end, end + 40)]
        if run in ("sine", "cosine", "tangent") and re.match(r"\s[a-z]\s?=", rest):
            return False  # a tangent y = 3x - 1
        if run in CALLED:
            return rest[:1] in ("(", "[", "{", "_") or (self.s.inside and rest.lstrip()[:1] in ("(", "\\"))
        if re.match(r"\s?sum_\{?[a-z]\b|\s?[\(\[{^_|√\\]|\s?[-−]?\d|\s?[²³⁻]|\s?[α-ωΑ-Ω]", rest):
            return True
        if base := BASE.match(rest):
            return bool(base)
        word = re.match(r"\s?([A-Za-z]+)", rest)
        if not word:
            return False
        return (
            (len(word[1]) == 1 and word[1] not in "aAI")
            or word[1] in FUNCTIONS
            or word[1] in GREEK
            or (not is_word(word[1]) and (len(word[1]) <= 3 or bool(GLUED.match(word[1]))))
        )

    def argument(self) -> bool:
        """Behind the name of a function: a power or a base, then its operand."""
        text = self.text
        if base := BASE.match(text, self.at, self.end):
            self.edits.append((self.at, base.end(), f"_{base[1]} "))
            self.at = base.end()
        self.scripts(function=True)
        self.space()
        if self.at < self.end and text[self.at] in "([{":
            self.stack.append(OPEN[text[self.at]])
            self.at += 1
        return self.operand()
