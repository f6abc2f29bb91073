"""Commands of LaTeX inside an island: fractions, roots, environments, integrals, fonts."""

from __future__ import annotations

import re

from nabla.question.atoms import COMMAND, FUNCTIONS, GREEK, SPACING
from nabla.question.following import Following
from nabla.question.lexicon import is_word
from nabla.read.formula import names

_DIFFERENTIAL = re.compile(
    r"(?:\\[,;:! ]|\\space(?![a-z])|\s)?(?:(?<![A-Za-z\\])d|\\(?:mathrm|text|operatorname|rm)\s?(?:\{\s?d\s?\}|d))\s?"
    r"(?:\\?(?:theta|tau|phi|rho|lambda|omega|mu|alpha|xi)\b|\\?[a-zθτφρ](?![A-Za-z]))"
)
_BOUNDED = frozenset("int iint oint sum prod lim limsup".split())
_FENCES = {
    "{": "}", "langle": "⟩", "lfloor": "⌋", "lceil": "⌋", **dict.fromkeys(["lvert", "vert", "|", "lVert", "Vert"], "|"),
}  # fmt: skip
_FONTS = frozenset(
    "mathbf vec hat boldsymbol bm mathrm operatorname mathcal mathbb tilde bar overline dot ddot text mathit widehat "
    "bold rm mbox textrm".split()
)
OPERATORS = frozenset("tr Tr trace det diag rank vec softmax logsumexp logdet".split())
_SYMBOLS = frozenset(
    "infty ell hbar partial imath jmath emptyset dots ldots cdots lambda varepsilon varphi top delta".split()
)


class Commands(Following):
    """The operands that begin with a backslash."""

    def command(self) -> bool | None:
        """A command: True for an operand, None where its operand is still to come, False where none can be."""
        found = COMMAND.match(self.text, self.at, self.end)
        if not found:
            return False
        if found[1] in SPACING:
            if found[1] in ("large", "Large", "small", "displaystyle", "textstyle"):
                self.edits.append((self.at, found.end(), " "))
            self.at = found.end()
            return None
        return self.named(found[1], found.end())

    def named(self, name: str, behind: int) -> bool | None:
        """A command by its name, which ends at `behind`."""
        if name in ("boxed", "cancel"):
            return self.groups(behind, 1)
        if name in ("frac", "dfrac", "tfrac", "cfrac", "binom"):
            return self.groups(behind, 2)
        if name == "sqrt":
            closed = self.text.find("]", behind, self.end) + 1 if self.text.startswith("[", behind) else 0
            return self.groups(closed or behind, 1)
        if name == "begin":
            return self.environment()
        if name in _BOUNDED:
            self.at = behind
            self.bounds()
            return self.integral(skip=False) if name == "int" else None
        if name in _FENCES:
            return self.fence(name, behind)
        if name in _FONTS:
            return self.font(name, behind)
        if (name in FUNCTIONS and name not in GREEK) or name in ("det", "arg", "Pr"):
            self.at = behind
            return self.argument()
        if name in GREEK or name in names.GREEK or name in _SYMBOLS:
            self.at = behind
            self.scripts()
            return True
        return False

    def fence(self, name: str, behind: int) -> bool | None:
        """A bracket or a bar that a command opens."""
        if _FENCES[name] == "|" and name in ("|", "vert", "Vert") and "|" in self.stack:
            return False
        self.stack.append(_FENCES[name])
        self.at = behind
        return None

    def font(self, name: str, behind: int) -> bool:
        """Letters set in another face: a name, or the name of a function."""
        end = self.group(behind)
        if end is None:
            return False
        at, word = self.at, re.sub(r"[\\{} *]", "", self.text[behind:end])
        self.at = end
        if name in ("operatorname", "mathrm", "text", "mbox", "textrm") and (word in FUNCTIONS or word in OPERATORS):
            return self.argument()
        if name in ("text", "mbox", "textrm") and is_word(word):
            self.at = at
            return False
        self.scripts()
        return True

    def groups(self, end: int, count: int) -> bool:
        """The arguments of a command."""
        start = end
        for _ in range(count):
            stop = self.group(end)
            if stop is None:
                return False
            end = stop
        for inner in re.finditer(
            r"(?<![\\A-Za-z])(?:sin|cos|tan|cot|sec|csc|ln|log|exp|sqrt)(?=[\dA-Za-z(^ ])", self.text[start:end]
        ):
            a = start + inner.start()
            self.edits.append((a, a + len(inner[0]), f"\\{inner[0]} "))
        self.at = end
        self.scripts()
        return True

    def environment(self) -> bool:
        """An environment as one operand: cases, a matrix."""
        found = re.compile(r"\\begin\s?\{(\w+\*?)\}").match(self.text, self.at, self.end)
        if not found:
            return False
        stop = re.compile(rf"\\end\s?\{{{re.escape(found[1])}\}}").search(self.text, self.at, self.end)
        if stop is None:
            return False
        self.at = stop.end()
        return True

    def bounds(self) -> None:
        """The bounds below and above a sign of summation, an integral or a limit."""
        for _ in range(2):
            while self.at < self.end and self.text[self.at] in " _^":
                if self.text[self.at] in "_^" and (end := self.group(self.at + 1)):
                    self.at = end
                    break
                self.at += 1
            else:
                return

    def integral(self, *, skip: bool = True) -> bool:
        r"""From the sign to its differential: `\int x e^x dx`; one above a fraction ends with the fraction."""
        self.at += skip
        near = min(self.end, self.at + 300)
        stop = _DIFFERENTIAL.search(self.text, self.at, near)
        if not stop or "\n\n" in self.text[self.at : stop.end()]:
            return False
        above = [end for opens, end in self.s.pairs.items() if self.at <= opens < stop.start() < end <= near]
        over = max(above, default=0)
        self.at = stop.end()
        if over and (below := self.group(over)) and self.text[over : over + 2].strip().startswith("{"):
            self.at = below
        elif over:
            self.at = over
        return True
