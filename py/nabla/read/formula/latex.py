r"""LaTeX to the same tokens that other notations end as: `\frac{a}{b}` as `{{a}/{b}}`, `\hat y` as the word `y_hat`.

Letters are single variables, `x y` and `xy` the product, unless they are set as one word by `\mathrm` and the like.
"""

from __future__ import annotations

import re

from nabla.errors import Span, UserError
from nabla.read.formula import functions, limits, names
from nabla.read.formula import latex_commands as commands
from nabla.read.formula.latex_scanner import LatexScanner
from nabla.read.formula.tokens import NUMBER, Kind, Token, refuse, tokens_of

_MARK = re.compile(r"\\(?!(?:mathrm|text|operatorname)\{[A-Za-z][A-Za-z0-9_]*\})|\$")
_COMMAND = re.compile(r"\\(?:operatorname\*|[A-Za-z]+|.|$)", re.DOTALL)
_CELL_END = re.compile(r"&|\\\\(?:\[[^\]]*\])?|\\end\s*\{cases\}")
_BOLD = r"\\(?:mathbf|boldsymbol|bm|vec)\s*\{[^{}]*\}|\\(?:mathbf|bm|vec)\s+\w"
_TRANSPOSED = re.compile(
    rf"(?:{_BOLD})\s*\^\s*\{{?\s*(?:T|\\math(?:sf|rm|tt)\{{T\}}|\\top|\\intercal)|\^\s*\{{?\s*\\top"
)
_D = r"(?:d|\\mathrm\{d\}|\\partial)"
_DERIVATIVE = re.compile(rf"\\[dtc]?frac\s*\{{\s*{_D}\s*(?:\^.)?\s*\w?\s*\}}\s*\{{\s*{_D}\s*\\?\w[^{{}}]*\}}")


def is_latex(text: str) -> bool:
    """Whether `text` is LaTeX: it holds a command (other than one that keeps a word together) or a dollar sign."""
    return bool(_MARK.search(text))


def latex_tokens(text: str) -> list[Token]:
    """The tokens of a formula in LaTeX.

    Raises:
        UserError: "syntax" or "unknown-name" at what is not read, "unbalanced" at braces without a partner.
    """
    for pattern, message in (
        (_TRANSPOSED, "Vectors and their transposes cannot be read here."),
        (_DERIVATIVE, "A derivative sign cannot stand in the formula."),
    ):
        if match := pattern.search(text):
            hint = "Type only the function, of single numbers, to differentiate."
            raise UserError("syntax", message, hint=hint, span=Span(match.start(), match.end()))
    if text.count("$") % 2:
        raise refuse("$", text.rindex("$"))
    return _Latex(text).run()


class _Latex(LatexScanner):
    def run(self) -> list[Token]:
        while self.at < len(self.text):
            self.item()
        return self.tokens

    # Pieces of the text.

    def item(self, *, single: bool = False) -> None:
        """Read one piece; a `single` one is one letter or digit, as an argument without braces is."""
        self.skip_spaces()
        if self.at >= len(self.text):
            return
        start, character = self.at, self.text[self.at]
        if character == "\\":
            self.command()
        elif character == "{":
            inner = self.collected(self.group)
            if inner:
                self.enclosed(inner, start, self.at)
        elif character in "$&":
            self.at += 1
        elif character.isascii() and character.isalpha():
            self.letters(single=single)
        elif match := NUMBER.match(self.text, self.at):
            self.at = start + 1 if single else match.end()
            self.put("number", self.text[start : self.at], start)
        elif character == "^":
            self.power()
        elif character == "_":
            self.at += 1
            self.put("op", "_", start)
            self.argument_in_braces()
        else:
            self.character()

    def character(self) -> None:
        """An operator, or a character outside ASCII, read as everywhere else."""
        start, character = self.at, self.text[self.at]
        two = self.text[start : start + 2]
        if two in ("<=", ">=", "==", "!=", "**"):
            character = two
        if character in "[]":
            character = "(" if character == "[" else ")"
        self.at = start + len(character)
        if character == "'":
            self.put("op", "'", start)
            return
        try:
            inner = tokens_of(character)
        except UserError as error:
            error.span = Span(start, self.at)
            raise
        for token in inner:
            kind: Kind = "whole" if token.kind == "word" else token.kind
            self.put(kind, token.text, start)
        if inner and inner[-1].kind == "word":
            self.indexed()

    def group(self) -> None:
        """The pieces between braces."""
        self.until("}")

    def until(self, closing: str) -> None:
        """The pieces behind the bracket that opens here, up to its partner."""
        start = self.at
        self.depth += 1
        limits.check_depth(self.depth, Span(start, start + 1))
        self.at += 1
        self.skip_spaces()
        while not self.text.startswith(closing, self.at):
            if self.at >= len(self.text):
                raise UserError("unbalanced", f"This {self.text[start]} is never closed.", span=Span(start, start + 1))
            self.item()
            self.skip_spaces()
        self.at += 1
        self.depth -= 1

    def argument(self) -> list[Token]:
        """The tokens of a command's argument: what stands in braces, or the next single piece."""
        self.skip_spaces()
        start = self.at
        if self.text.startswith("{", start):
            return self.collected(self.group)
        self.depth += 1
        limits.check_depth(self.depth, Span(start, start + 1))
        found = self.collected(lambda: self.item(single=True))
        self.depth -= 1
        return found

    def argument_in_braces(self) -> None:
        self.skip_spaces()
        start = self.at
        inner = self.argument()
        if not inner:
            raise UserError("syntax", "Something is missing here.", span=Span(start - 1, self.at))
        self.enclosed(inner, start, self.at)

    # Names, indices, powers.

    def letters(self, *, single: bool) -> None:
        start = self.at
        match = re.compile("[A-Za-z]" if single else "[A-Za-z]+").match(self.text, start)
        assert match
        run = match[0]
        self.at = match.end()
        if self.cases_open and run in commands.CONDITION | commands.OTHERWISE:
            self.condition_word(run, start)
            return
        if self.cases_open and run in ("and", "or"):
            self.put("op", "&" if run == "and" else "or", start)
            return
        digits = re.compile("[0-9]*").match(self.text, self.at)
        if not single and digits:
            self.at = digits.end()
        self.put("letters", self.text[start : self.at], start)
        if not single and not (len(run) > 1 and functions.function_of(run)):
            self.indexed()

    def indexed(self) -> None:
        """An index behind the name put last becomes part of the name."""
        while re.compile(r"[ ]*_").match(self.text, self.at):
            start = self.at = self.text.index("_", self.at)
            self.at += 1
            raw = re.sub(r"\\(?:text|mathrm|mathit|mathbf|rm|operatorname)(?![A-Za-z])|[{}]", "", self.raw_argument())
            parts = re.findall(r"[A-Za-z0-9]+", re.sub(r"\\[,;: ]", " ", raw))
            if not parts or re.search(r"[^A-Za-z0-9\s,\\]", re.sub(r"\\[,;: ]", " ", raw)):
                message = "An index holds letters and digits only."
                raise UserError("syntax", message, span=Span(start, self.at))
            last = self.tokens[-1]
            self.tokens[-1] = Token(last.kind, "_".join([last.text, *parts]), last.start, self.at, last.spaced)

    def power(self) -> None:
        """A power, or primes written as one; `x^2_1` is the square of x_1, and `x^(n)` has the whole bracket above."""
        start = self.at
        self.at += 1
        self.skip_spaces()
        if self.text.startswith("(", self.at):
            self.put("op", "^", start, start + 1)
            return
        base = self.tokens[-1] if self.tokens else None
        inner = self.collected(self.argument_in_braces)
        if inner[1:-1] and all(token.is_op("'") for token in inner[1:-1]):
            self.tokens += inner[1:-1]
            return
        if base and base.kind in ("letters", "whole") and re.compile(r"[ ]*_").match(self.text, self.at):
            self.indexed()
        self.tokens.append(Token("op", "^", start, start + 1))
        self.tokens += inner

    # Commands.

    def command(self) -> None:
        start = self.at
        match = _COMMAND.match(self.text, start)
        assert match
        name = match[0][1:]
        self.at = match.end()
        if sized := commands.SIZES.match(match[0]):
            ahead = re.compile(r"\s*(?:[(\[|]|\\(?:\{|l[a-z]+))").match(self.text, self.at)
            self.delimiter(opening=sized[0].endswith(("left", "l")) or (sized[0][-1] in "gG" and bool(ahead)))
        elif match[0] in commands.SPACES:
            self.spaced = True
        elif name == "over":
            self.over(start)
        elif name in commands.OPERATORS:
            self.put("op", commands.OPERATORS[name], start)
        elif name in commands.OPENING or name in commands.CLOSING:
            self.fence(name, start)
        elif name in ("frac", "dfrac", "tfrac", "cfrac"):
            self.fraction(start)
        elif name == "sqrt":
            self.root(start)
        elif name in commands.ACCENTS:
            self.accent(name, start)
        elif name in commands.FONTS:
            self.font(name, start)
        elif name in ("begin", "end"):
            self.environment(name, start)
        elif name in names.GREEK or name in names.CONSTANTS:
            self.put("whole", name, start)
            self.indexed()
        elif functions.function_of(name):
            self.put("whole", name, start)
        elif name in commands.REFUSED:
            raise refuse(commands.REFUSED[name], start, match[0])
        else:
            message = f"{match[0]} is not among the LaTeX commands that are read here."
            raise UserError("unknown-name", message, span=Span(start, self.at))

    def fence(self, name: str, start: int) -> None:
        if name in commands.OPENING:
            self.put("whole", commands.OPENING[name], start)
            self.put("op", "(", start)
        else:
            self.put("op", ")", start)

    def delimiter(self, *, opening: bool) -> None:
        r"""What follows `\left` or `\right`."""
        start = self.at
        self.skip_spaces()
        if self.text.startswith("\\", self.at):
            match = _COMMAND.match(self.text, self.at)
            assert match
            if match[0] not in ("\\vert", "\\{", "\\}"):
                self.command()
                return
            self.at = match.end()
            bracket = {"\\vert": "|"}.get(match[0], "(")
        else:
            bracket = self.text[self.at : self.at + 1]
            self.at += len(bracket)
        if bracket == "|":
            self.fence("lvert" if opening else "rvert", start)
        elif bracket and bracket in "([)]{}":
            self.put("op", "(" if opening else ")", start)
        elif bracket != ".":
            raise UserError("syntax", "A bracket must stand here.", span=Span(start, self.at))

    def fraction(self, start: int) -> None:
        end = self.at
        above = self.collected(self.argument_in_braces)
        below = self.collected(self.argument_in_braces)
        self.enclosed([*above, Token("op", "/", start, end), *below], start, self.at)

    def root(self, start: int) -> None:
        end = self.at
        self.skip_spaces()
        degree: list[Token] = []
        if self.text.startswith("[", self.at):
            opened = self.at
            degree = self.collected(lambda: self.until("]"))
        self.put("whole", "root" if degree else "sqrt", start, end)
        inside = self.collected(self.argument_in_braces)
        if degree:
            comma = Token("op", ",", opened, opened + 1)
            inside = [*inside, comma, *degree]
            inside = [Token("op", "(", inside[0].start, inside[0].end), *inside, Token("op", ")", self.at - 1, self.at)]
        self.tokens += inside

    def accent(self, name: str, start: int) -> None:
        r"""`\hat y` is the name y_hat."""
        inner = self.argument()
        if len(inner) != 1 or inner[0].kind not in ("letters", "whole"):
            message = f"\\{name} must stand over one name."
            raise UserError("syntax", message, span=Span(start, self.at))
        base, _, index = inner[0].text.partition("_")
        word = "_".join(part for part in (base, commands.ACCENTS[name], index) if part)
        self.put("whole", word, start)
        self.indexed()

    def font(self, name: str, start: int) -> None:
        """Letters set as one word: a function, a name, or a word of a condition."""
        at = self.at
        word = self.raw_argument().strip()
        plain = (
            re.sub(r"[_{}]", "", word) if name.startswith("operatorname") else word.rstrip(",: ").replace("\\_", "_")
        )
        if self.cases_open and plain.lower() in commands.CONDITION | commands.OTHERWISE:
            self.condition_word(plain.lower(), start)
        elif plain in ("and", "or"):
            self.put("op", "&" if plain == "and" else "or", start)
        elif plain in ("true", "false"):
            self.put("constant", plain.capitalize(), start)
        elif plain == "e":  # upright: Euler's number, whatever else e is
            self.put("constant", "e", start)
        elif re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", plain):
            self.put("whole", plain, start)
            if not (len(plain) > 1 and functions.function_of(plain)):
                self.indexed()
        elif word:
            self.at = at
            self.tokens += self.argument()
            if len(self.tokens) and self.tokens[-1].kind == "whole":
                self.indexed()

    def condition_word(self, word: str, start: int) -> None:
        """`if` before a condition says nothing; `otherwise` is the condition that always holds."""
        if word in commands.OTHERWISE:
            self.put("constant", "True", start)

    def environment(self, name: str, start: int) -> None:
        kind = self.raw_argument()
        if kind == "cases" and name == "begin":
            self.cases(start)
        elif kind not in commands.ENVIRONMENTS:
            message = f"The environment {kind} cannot be read here."
            raise UserError("unknown-name", message, span=Span(start, self.at))

    def cases(self, start: int) -> None:
        """`cases` as a piecewise function: rows of a value and its condition."""
        self.cases_open += 1
        self.depth += 1
        limits.check_depth(self.depth, Span(start, self.at))
        self.put("whole", "piecewise", start)
        self.put("op", "(", start)
        while True:
            row = self.at
            value, ended = self.cell()
            condition: list[Token] = []
            if ended == "&":
                condition, ended = self.cell()
            if ended == "":
                raise UserError("unbalanced", r"\begin{cases} is never closed.", span=Span(start, start + 13))
            if value:
                always = Token("constant", "True", row, self.at)
                self.put("op", "(", row)
                self.tokens += [*value, Token("op", ",", row, self.at), *(condition or [always])]
                self.put("op", ")", row)
                self.put("op", ",", row)
            if ended not in ("&", "\\\\"):
                break
        if self.tokens[-1].is_op(","):
            self.tokens.pop()
        self.put("op", ")", start)
        self.cases_open -= 1
        self.depth -= 1

    def cell(self) -> tuple[list[Token], str]:
        """The tokens of one cell of `cases`, and what ended it: `&`, two backslashes, the end of the environment."""

        def read() -> None:
            self.skip_spaces()
            while self.at < len(self.text) and not _CELL_END.match(self.text, self.at):
                self.item()
                self.skip_spaces()

        tokens = self.collected(read)
        ended = _CELL_END.match(self.text, self.at)
        self.at = ended.end() if ended else self.at
        while tokens and tokens[-1].is_op(",", ";"):
            tokens.pop()
        return tokens, ended[0] if ended else ""
