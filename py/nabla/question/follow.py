"""One island of mathematics followed: operands and operators in turn, as far as they go."""

from __future__ import annotations

import re

from nabla.question import spoken
from nabla.question.atoms import (
    ABBREVIATED,
    BARS,
    BASE,
    CALLED,
    COMMAND,
    FUNCTIONS,
    GREEK,
    GREEK_RE,
    NEXT,
    OPERATOR,
    PIECE,
    PIECES,
    RELATION,
    SUB,
    SUPER,
    UNIT,
    Side,
)
from nabla.question.letters import is_pronoun
from nabla.question.lexicon import is_word
from nabla.question.notation import mark_at
from nabla.question.operands import MAXIMA, Operands
from nabla.question.quantities import measure_end

_SPACED = re.compile(r"(?:\\[,;:!]\s*)+(?=\\right|[)\]|])")  # \, in front of what closes

_UNITS = frozenset("m cm mm km ft kg g N J W V A".split())
# A bracket that holds words, or a number of an equation.
_WORDED = re.compile(
    r"\(\s?(?:(?!(?:arc)?(?:sin|cos|tan|cot|sec|csc|ln|log|exp|sqrt)h?\s)[A-Za-z]{2,}\s(?![-+*/^]\s?[\w(])|[a-z]\)|see|\d\)\s*$)"
)
_FIELD_NAME = re.compile(r"[A-Z]|\\(?:vec|mathbf|bm|boldsymbol)\s?\{?\s?[A-Za-z]\s?\}?|[FVEBG]\([a-z, ]+\)")


class IslandRun(Operands):
    """Follows an island; `best` is the last place where all was complete."""

    def go(self) -> None:
        """Go on as long as operands and operators take turns; `best` is the last place where all was complete."""
        while self.at < self.end and self.at - self.start < self.s.reach:
            if not self.operand():
                break
            self.finished()
            if not self.behind():
                break

    def behind(self) -> bool:
        """What goes on behind an operand: whether another operand is expected there."""
        while self.at < self.end:
            start = self.at
            self.space()
            if spaced := _SPACED.match(self.text, self.at, self.end):
                self.at = spaced.end()
            if self.at >= self.end:
                return False
            character = self.text[self.at]
            if character in SUPER or character in SUB:
                self.at += 1
                self.finished()
                continue
            if self.stack and self.closes(character):
                continue
            if character == "!" and self.factorial(start):
                self.at += 1
                self.finished()
                continue
            quoted = self.text[self.start - 1 : self.start] in ("'", "‘")
            if character in "'’′" and self.text[self.at - 1] in ")]}'’′" and not quoted:
                self.at += 1
                self.finished()
                continue
            if character == "^" or self.text.startswith("**", self.at) or character == "_":
                return self.power()
            if self.evaluated() or self.pieces():
                continue
            if self.relations and not self.stack and NEXT.match(self.text, self.at, self.end):
                return False
            if self.s.inside and (stop := measure_end(self.text, start, self.end)) > start:
                self.edits.append((start, stop, ""))
                self.at, self.measured = stop, True
                self.finished()
                continue
            if said := spoken.power(self.text, self.at, self.end):
                self.at = said.end
                self.edits += said.edits
                self.finished()
                continue
            if base := self.based():
                self.at = base
                self.finished()
                continue
            if self.stack and character in ",;":
                self.at += 1
                return True
            if character == "," and not self.stack and self.components():
                self.at += 1
                return True
            if self.stack and self.s.inside and character == "&":
                self.at += 1
                return True
            if relation := RELATION.match(self.text, self.at, self.end):
                return self.relation(relation)
            if operator := OPERATOR.match(self.text, self.at, self.end):
                return self.operates(operator, start)
            if (goes_on := self.spoken()) is not None:
                return goes_on
            if self.conditional():
                return True
            return self.juxtaposed(start)
        return False

    def components(self) -> bool:
        """Whether the comma stands between components without brackets: F = yz, xz, xy."""
        if len(self.sides) != 2 or not _FIELD_NAME.fullmatch(
            self.text[self.sides[0].start : self.sides[0].end].strip()
        ):
            return False
        rest = re.compile(r"(?:[^.;?\n$]|\.(?=\d)){1,200}").match(self.text, self.sides[1].start, self.end)
        return bool(
            rest
            and mark_at(self.text, self.at + 1 + self.text.startswith(" ", self.at + 1)) is None  # V = x^2, dV/dx
            and not re.search(r"^\s?[(<\[\\]|[=<>≤≥]", rest[0])
            and rest[0].count(",") <= 2
            and not rest[0].rstrip().endswith(",")
        )

    def evaluated(self) -> bool:
        r"""Take the bar of an evaluation, `|_{x=2}` with `\right` or not, as the point of the formula."""
        found = re.compile(
            r"(?:\\(?:right|[bB]igg?r?)\s?)?[|│]\s?_\s?(?:\{([^{}]*)\}|\(([^()]*)\)|([a-z]\s?=\s?-?\d+))"
        ).match(self.text, self.at, self.end)
        if not found or "|" in self.stack:
            return False
        self.edits.append((self.at, found.end(), ""))
        self.point = (found[1] or found[2] or found[3]).strip()
        self.at = found.end()
        self.finished()
        return True

    def pieces(self) -> bool:
        """Take the pieces of a function, `x^2 if x < 1, 2x if x >= 1`, in braces or not, as its cases."""
        at = self.sides[-1].start
        braced = self.stack == ["}"] and self.text[at:].lstrip().startswith("{")
        if self.stack and not braced:
            return False
        found = PIECES.match(self.text, self.at, self.end)
        if not found or (braced and not self.text.startswith("}", found.end())):
            return False
        first = self.text[at : self.at].strip().removeprefix("{")
        rows = [f"{first} & {found['first']}"]
        named = re.compile(r"[A-Za-z]\([a-z]\)\s*=\s*")  # f(x) = 2x for x > 1, once more
        rows += [
            f"{named.sub('', p['formula'], count=1)} & {p['told'] or 'otherwise'}"
            for p in re.finditer(PIECE, found["rest"])
        ]
        self.stack, self.at = [], found.end("rest") if not braced else found.end() + 1
        whole = r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
        self.edits = [*(edit for edit in self.edits if edit[1] <= at), (at, self.at, whole)]
        self.finished()
        return True

    def based(self) -> int | None:
        """`log x base 5`: the base behind the argument, moved to where the reader expects it."""
        found = BASE.match(self.text, self.at, self.end)
        if not found:
            return None
        logs = list(re.finditer(r"\blog\b", self.text[self.start : self.at]))
        if not logs:
            return None
        place = self.start + logs[-1].end()
        self.edits += [(place, place, f"_{found[1]}"), (self.at, found.end(), "")]
        return found.end()

    def closes(self, character: str) -> bool:
        """Close the innermost bracket, if this does."""
        wanted = self.stack[-1]
        end = self.at + 1
        if self.text.startswith("\\", self.at):
            command = COMMAND.match(self.text, self.at, self.end)
            name = command[1] if command else ""
            if name in ("right", "big", "Big", "bigg", "Bigg") and command:
                self.at = command.end()
                return True
            closing = {
                "rangle": "⟩",
                "rvert": "|",
                "vert": "|",
                "|": "|",
                "rVert": "|",
                "Vert": "|",
                "}": "}",
                "rfloor": "⌋",
                "rceil": "⌋",
            }
            if name not in closing or not command:
                return False
            character, end = closing[name], command.end()
        character = "|" if character in BARS else character
        if character != wanted and not (wanted in ")]" and character in ")]"):
            return False
        doubled = self.text[self.start : self.at].count("||") % 2 == 1  # |x||y| closes one bar and opens another
        if wanted == "|" and doubled and self.text.startswith("||", self.at):
            end = self.at + 2
        self.stack.pop()
        self.at = end
        glued = (
            re.compile(r"[2-9](?![\d.\w])").match(self.text, end, self.end)
            if character == ")" and not self.s.inside
            else None
        )
        if glued and not self.s.powers:
            self.edits.append((end, glued.end(), "^" + glued[0]))
            self.doubt, self.at = "power", glued.end()
        self.finished()
        return True

    def factorial(self, start: int) -> bool:
        """Whether an exclamation mark is a factorial and does not end a sentence.

        At the end of a sentence it can be both: behind a single name it is a factorial, elsewhere it is left open.
        """
        if self.s.inside:
            return True
        if self.at != start or self.text.startswith("!=", self.at):
            return False
        if not re.match(r"!+\s*(?:$|\n|[A-Z\"'”)])", self.text[self.at : min(self.end, self.at + 200)]):
            return True
        if re.match(r"!\)", self.text[self.at : min(self.end, self.at + 200)]) and self.stack:
            return True
        side = self.text[self.sides[-1].start : self.at].strip()
        if re.fullmatch(r"[A-Za-z]|\([^()]*\)", side) or re.search(r"[-+*/^=]\s?\(?[a-zA-Z]$", side):
            return True
        self.doubt = self.doubt or "factorial"
        self.finished()
        return False

    def power(self) -> bool:
        """A power or an index; True where its operand is still to come."""
        index = self.text[self.at] == "_"
        self.at += 2 if self.text.startswith("**", self.at) else 1
        if not index and self.text[self.at : self.at + 1] not in ("{", "\\"):
            return True
        end = self.group(self.at)
        if end is None:
            return True
        self.at = end
        self.finished()
        return self.behind()

    def relation(self, found: re.Match[str]) -> bool:
        """An equals sign or another relation: outside of brackets the next side begins."""
        sign = found[0]
        if sign in ("->", "=>") and not self.s.inside:
            return False
        if (sign == "<" and self.vector()) or (sign == ">" and ">" not in sign):
            return False
        rest = self.text[found.end() : min(self.end, found.end() + 200)].lstrip(" \t$")
        if not self.stack:
            if (
                rest[:1] in ("", "?", "_", ".", "\n", "…")
                and not self.s.inside
                and not re.match(r"\.\d|\n[ \t]*\S", rest)
            ):
                return False
            self.at = found.end()
            at = self.at
            self.space()
            if not self.s.inside and self.at < self.end and self.text[self.at] in "\r\n" and at > self.start:
                line = re.compile(r"[ \t\r]*\n[ \t]*(?=\S)").match(self.text, at, self.end)
                if line:
                    self.at = line.end()
            self.relations.append(sign)
            self.sides.append(Side(self.at, self.at))
            return True
        self.at = found.end()
        return True

    def operates(self, found: re.Match[str], start: int) -> bool:
        """An operator between operands; a dash between words is none."""
        sign, text = found[0], self.text
        spaced = found.start() > start
        after = text[found.end() : found.end() + 1]
        if sign in "-–−" and not self.s.inside:
            word = re.match(r"\s?([A-Za-z]{2,})", text[found.end() : found.end() + 20])
            product = word and set(word[1]) <= self.s.singles
            if spaced != (after in " \t") and word and not product and word[1] not in FUNCTIONS:
                return False
            if word and is_word(word[1]) and word[1] not in FUNCTIONS and not self.stack:
                return False
            if re.match(r"\s*>", text[found.end() : found.end() + 2]):
                return False
        if (
            sign == "/"
            and re.match(r"(?:s|sec|min|h)\b", text[found.end() : found.end() + 4])
            and re.search(r"\d\s?[a-z]{1,2}$", text[self.start : found.start()])
        ):
            return False
        self.at = found.end()
        return True

    def spoken(self) -> bool | None:
        """An operator in words between operands, x^2 times 3, with the function in words that may stand behind it:
        whether another operand is expected then, None where no operator stands there.
        """
        said = spoken.operator(self.text, self.at, self.end)
        if not said:
            return None
        self.at = spoken.behind_article(self.text, said.end)
        self.edits += [*said.edits, (said.end, self.at, "")]
        called = spoken.function(self.text, self.at, self.end)
        inner = self.s.island(called.end) if called else None
        if called and inner and len(inner.sides) == 1 and inner.sides[0].mark is None:
            self.edits += [*called.edits, *inner.edits, (inner.end, inner.end, ")")]
            self.at = inner.end
            self.finished()
            return self.behind()
        return True

    def conditional(self) -> bool:
        """`x^2 if x < 1 else 2x`, and the words and, or between conditions."""
        found = re.compile(r"(?:if|else)\b").match(self.text, self.at, self.end)
        if not found:
            return False
        rest = self.text[found.end() : min(self.end, found.end() + 200)].split("\n\n")[0]
        if found[0] == "if" and not re.search(r"\belse\b", rest):
            return False
        if found[0] == "else" and not re.search(r"\bif\b", self.text[self.start : self.at]):
            return False
        self.at = found.end()
        return True

    def juxtaposed(self, start: int) -> bool:
        """Whether an operand right behind another is a factor of it."""
        gap = self.text[start : self.at]
        if "\n" in gap and not (self.stack or self.s.inside):
            self.at = start
            return False
        character = self.text[self.at]
        ok = False
        if gap and (self.asked_for() or self.named_again(start) or self.listed_signs(start)):
            self.at = start
            return False
        if character.isdigit():
            closed = self.text[start - 1] in ")]}"
            power = re.match(r"\d+(?:\.\d+)?\s?(?:\^|\*\*)", self.text[self.at : self.at + 12])
            led = self.text[start - 1].isalpha() and start - self.start > 1 and not self.stack  # -x 10^(-x)
            ok = (closed and self.s.inside and not gap) or (bool(power) and (closed or led))
        elif character in "([{":
            ok = character != "[" or not gap
            if gap and not self.s.inside:
                ok = (
                    not UNIT.match(self.text, self.at)
                    and not (self.s.listed and re.match(r"\((?:[b-h]|i{1,3}v?)\)\s", self.text[self.at : self.at + 6]))
                    and not self.remark()
                    and not _WORDED.match(self.text, self.at, min(self.end, self.at + 30))
                )
        elif character == "%":
            ok = bool(MAXIMA.match(self.text, self.at, self.end))
        elif character in "√∛∫∑∏∂∇\\" + BARS or GREEK_RE.match(character) or character in "îĵẑŷℓ":
            ok = character not in BARS or ("|" not in self.stack and (not gap or self.s.inside or self.bars()))
        elif character.isalpha():
            word = re.compile(r"[A-Za-z]+").match(self.text, self.at, self.end)
            run = word[0] if word else ""
            if ABBREVIATED.match(self.text, self.at, self.end) and not self.s.inside:
                ok = False
            elif gap and self.measures(run):
                ok = False  # s(t) = 4.9 t^2 m
            elif len(run) == 1:
                ok = run not in "aAI" or not gap or self.s.inside or self.lettered()
                ok = ok and (self.s.inside or not gap or not is_pronoun(self.text, self.at, self.end))
            else:
                raised = not gap and self.text.startswith("^", self.at + len(run))  # 1/2at^2
                ok = self.s.inside or run in FUNCTIONS or run in GREEK or not is_word(run) or raised
                if run in CALLED and not self.s.inside:
                    ok = self.text.startswith("(", self.at + len(run))
        if not ok:
            self.at = start
        return ok

    def measures(self, run: str) -> bool:
        """Whether a letter or two at the end of a function of time are its unit."""
        rest = self.text[self.at + len(run) : min(self.end, self.at + len(run) + 3)]
        of_time = re.match(r"[a-z]\s?\(\s?t\s?\)\s?=", self.text[self.start : self.at])
        return bool(of_time and not self.stack and run in _UNITS and re.match(r"\s*(?:[,.;?!]|\n|\Z)", rest))
