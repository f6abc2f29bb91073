"""What following an island of mathematics needs everywhere: its state, groups, scripts and derivative signs."""

from __future__ import annotations

import re

from nabla.question.atoms import COMMAND, SUB, SUPER, Island, Setting, Side
from nabla.question.notation import Mark, mark_at

_SET_OFF = re.compile(r"\s+(?=[\^_])")  # \sin ^{2} x, \log _{2} x


class Following:
    """One attempt at an island from one place on: operands and operators in turn, brackets on a stack."""

    def __init__(self, scanner: Setting, at: int) -> None:
        self.s = scanner
        self.text, self.start, self.at, self.end = scanner.text, at, at, scanner.end
        self.stack: list[str] = []
        self.sides: list[Side] = [Side(at, at)]
        self.relations: list[str] = []
        self.edits: list[tuple[int, int, str]] = []
        self.doubt = ""
        self.point = ""
        self.measured = False  # whether units stood in it
        self.signed = -1  # where the last derivative sign ended
        self.best: Island | None = None
        self.depth = 0  # the number of derivative signs that are operators
        self.probing = False

    def finished(self) -> None:
        """Where no bracket is open, what was followed so far is an island."""
        if self.stack:
            return
        self.sides[-1].end = self.at
        sides = [Side(side.start, side.end, side.mark) for side in self.sides]
        self.best = Island(self.start, self.at, sides, list(self.relations), list(self.edits), doubt=self.doubt)
        self.best.point, self.best.measured = self.point, self.measured

    def space(self) -> None:
        """Skip white space; line ends inside brackets and delimiters only."""
        lines = bool(self.stack) or self.s.inside
        while self.at < self.end and (
            self.text[self.at] in " \t\u00a0\u200b" or (lines and self.text[self.at] in "\r\n")
        ):
            self.at += 1

    def mark(self) -> Mark | None:
        """A derivative sign, where one is written."""
        mark = mark_at(self.text, self.at)
        if not mark or mark.end > self.end:
            return None
        if mark.kind in ("divergence", "curl", "gradient") and not mark.operator:
            return None
        self.at = self.signed = mark.end
        if (
            not self.stack
            and self.sides[-1].mark is None
            and not self.text[self.sides[-1].start : mark.start].strip(" -+")
        ):
            self.sides[-1].mark = mark
        return mark

    def has_operand(self) -> bool:
        """Whether an operand follows; the place stays."""
        probe = type(self)(self.s, self.at)
        probe.probing, probe.depth = True, self.depth
        probe.stack = list(self.stack)
        return probe.operand()

    def balanced(self, at: int) -> int | None:
        """The end of the bracket that opens there."""
        return self.s.pairs.get(at)

    def group(self, at: int) -> int | None:
        """The end of a group in braces, or of a single sign."""
        while at < self.end and self.text[at] == " ":
            at += 1
        if at >= self.end:
            return None
        if self.text[at] in "({":
            return self.balanced(at)
        if self.text[at] == "\\":
            found = COMMAND.match(self.text, at, self.end)
            return found.end() if found else None
        found = re.compile(r"-?\d+|[A-Za-z]\w*|[α-ω]|'+" if not self.s.inside else r"-?\d|[A-Za-z]|'+|\*").match(
            self.text, at, self.end
        )
        return found.end() if found else None

    def scripts(self, *, function: bool = False) -> None:
        """Powers and indices right behind: superscripts, subscripts, `_{...}`; for a function `^2` as well, behind a
        gap too where all is mathematics.
        """
        if function and self.s.inside and (gap := _SET_OFF.match(self.text, self.at, self.end)):
            self.at = gap.end()
        while self.at < self.end:
            character = self.text[self.at]
            if character in SUPER or character in SUB:
                self.at += 1
            elif character == "_" or (character == "^" and function):
                end = self.group(self.at + 1)
                if end is None:
                    return
                self.at = end
            else:
                return

    def operand(self) -> bool:
        """Read one operand; see `Operands`."""
        raise NotImplementedError

    def argument(self) -> bool:
        """Read the argument of a function; see `Operands`."""
        raise NotImplementedError

    def asked_for(self) -> bool:
        """Whether a derivative sign asks and is no factor: dV/dr behind V = 4/3 pi r^3, of a name that is defined, with
        nothing behind it.
        """
        mark = mark_at(self.text, self.at) if self.text[self.at] in "d∂\\" and not self.stack else None
        if mark is None or not mark.function or not mark.variables or self.sides[0].mark is not None:
            return False
        named = rf"(?<![A-Za-z\\])(?:{re.escape(mark.function)}|r)(?:\([\w, ]*\))?\s?=(?!=)"  # r = 1 + cos t dy/dx
        if not re.search(named, self.text) or re.search(r"\bsolve|\bdifferential eq|\bODE\b", self.text):
            return False
        behind = self.text[mark.end : mark.end + 12]
        return bool(re.match(r"\s*(?:[?.,;:$=]|\Z|\n|[a-z]{2,}\s)", behind))

    def listed_signs(self, start: int) -> bool:
        """Whether signs stand side by side that ask for derivatives of a function that is defined: fx fy fxx; in an
        equation they are factors.
        """
        before = self.sides[-1].mark
        if before is None or before.end != start or not before.variables or self.relations:
            return False
        after = mark_at(self.text, self.at)
        if after is None or after.function != before.function or re.match(r"[^.;?\n]*=", self.text[self.at : self.end]):
            return False
        return bool(re.search(rf"(?<!\w){re.escape(after.function)}\s?[(=]", self.text))

    def named_again(self, start: int) -> bool:
        """Whether the function that a derivative sign names is defined right behind the sign: dy/dx y = sin x."""
        mark = self.sides[-1].mark
        if mark is None or mark.operator or not mark.function or self.signed != start or self.stack:
            return False
        return bool(re.match(rf"{re.escape(mark.function)}\s?(?:\([\w, ]*\))?\s?=(?!=)", self.text[self.at :]))
