"""Formulas of vectors and matrices as tokens, in LaTeX, in Unicode or in NumPy's notation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nabla.errors import Span, UserError
from nabla.read.formula.names import GREEK_LETTERS, VARIANTS, WHOLE

# What is written in many ways, under one name.
FUNCTIONS = {
    **dict.fromkeys(("tr", "Tr", "trace"), "trace"),
    **dict.fromkeys(("det", "Det"), "det"),
    **dict.fromkeys(("ln", "log"), "log"),
    **dict.fromkeys(("relu", "ReLU", "Relu"), "relu"),
    **dict.fromkeys(("sigmoid", "expit"), "sigmoid"),
    **dict.fromkeys(("logsumexp", "LSE", "lse"), "logsumexp"),
    **dict.fromkeys(("inv", "pinv"), "inverse"),
    **dict.fromkeys(("diag", "Diag"), "diag"),
    **{name: name for name in "exp tanh softmax softplus sum sin cos sqrt abs norm transpose outer vec".split()},
}
_STYLES = (
    r"\\(?:mathbf|boldsymbol|bm|bold|vec|mathrm|mathit|mathsf|underline|textrm|text|mbox|"
    r"operatorname\*?|textbf|mathcal)"
)
_BOLD = ("mathbf", "boldsymbol", "bm", "bold", "vec", "textbf", "underline")
_SPACE = re.compile(
    r"(?:\s|\\[,;:!> ]|\\q?quad(?![A-Za-z])|\\(?:left|right|[bB]igg?[lr]?|displaystyle)(?![A-Za-z])|&|~)+"
)
_RAISED = re.compile(
    r"\^\s*(?:\{\s*(?:\\(?:top|intercal|mathsf\s*\{?T\}?|mathrm\s*\{?T\}?|text\s*\{?T\}?|prime)|T|⊤|'"
    r"|\\mathsf T|\\rm T)\s*\}"
    r"|\\(?:top|intercal)(?![A-Za-z])|T|⊤|\\mathsf\s*\{?T\}?|\\mathrm\s*\{?T\}?|\\prime(?![A-Za-z]))"
    r"|ᵀ|⊤|\.T\b|'|′"
)
_INVERSE = re.compile(r"\^\s*\{\s*-\s*1\s*\}|\^\s*\(\s*-\s*1\s*\)|\^\s*-\s*1(?!\d)|⁻¹")
_BOTH = re.compile(r"\^\s*\{\s*-\s*(?:T|\\top|\\intercal|1\s*\\top|\\mathsf\s*\{?T\}?)\s*\}|⁻ᵀ|\^-T(?![A-Za-z])")
_POWER = re.compile(r"(?:\^|\*\*)\s*(?:\{\s*(-?\d+|1/2|-1/2|n|k)\s*\}|(-?\d+))|([²³])")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_STYLED = re.compile(rf"({_STYLES})\s*(?:\{{\s*(\\?[A-Za-z0-9]+)\s*\}}|\s*(\\[A-Za-z]+|(?<=\s)[A-Za-z0-9]))")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
# Σ_i in plain text, a sum where i is an index: Σ_{i=1}^n, ∑_i.
_SUM_SIGN = re.compile(
    r"[Σ∑]\s*_\s*(?:\{\s*([a-z])\s*(?:=\s*\w+\s*)?\}|([a-z])(?![a-z]))(?:\s*\^\s*(?:\{[^{}]*\}|\w))?"
)
_OVER = re.compile(r"_\s*(?:\{\s*([a-z])\s*(?:=\s*\w+\s*)?\}|([a-z]))(?:\s*\^\s*(?:\{[^{}]*\}|\w))?")
_INDEX = re.compile(r"_\s*(?:\{([A-Za-z0-9,*]{1,6})\}|([A-Za-z0-9*]))")
_PAIR = re.compile(r"_([i-npq]{2})(?![A-Za-z])")  # W_ij and δ_ij in plain text
_IDENTIFIER = re.compile(r"(?:np\.|numpy\.|jnp\.|torch\.)?(?:linalg\.|nn\.functional\.|F\.|special\.)?([A-Za-z]\w*)")
_OPERATORS = {
    "@": "@", "*": "*", "·": "*", "⋅": "*", "×": "*", "\\cdot": "*", "\\times": "*", "\\,": "*",
    "∘": "⊙", "⊙": "⊙", "\\odot": "⊙", "\\circ": "⊙", "\\ast": "⊙", ".*": "⊙",
    "⊗": "⊗", "\\otimes": "⊗", "+": "+", "-": "-", "−": "-", "–": "-", "/": "/", "\\|": "‖", "‖": "‖", "||": "‖",
    "\\Vert": "‖", "\\lVert": "‖", "\\rVert": "‖", "\\lVert ": "‖", "∥": "‖", "|": "|", "\\lvert": "|",
    "\\rvert": "|", "\\vert": "|", "\\langle": "⟨", "\\rangle": "⟩", "⟨": "⟨", "⟩": "⟩", "(": "(", ")": ")",
    "[": "(", "]": ")", "\\{": "(", "\\}": ")", "{": "{", "}": "}", ",": ",", "=": "=", "√": "√",
}  # fmt: skip
_LETTERS = {"𝟏": "1", **GREEK_LETTERS}


@dataclass(frozen=True, slots=True)
class MatrixToken:
    """`kind` is one of number, name, function, op, transpose, inverse, both (inverse and transposed), power, end.

    `bold` tells that a name is set in bold type, or with an arrow.
    """

    kind: str
    text: str
    start: int
    end: int
    bold: bool = False


class MatrixTokens:
    """The tokens of a text; `known` are names of several letters that it may use."""

    def __init__(self, text: str, known: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.known = known
        self.code = "@" in text or bool(re.search(r"\.T\b|\bnp\.", text))
        self.found: list[MatrixToken] = []
        at = 0
        while at < len(text):
            space = _SPACE.match(text, at)
            at = space.end() if space else self._token(at)
        self.found.append(MatrixToken("end", "", at, at))

    def _put(self, kind: str, text: str, start: int, end: int, bold: bool = False) -> int:
        self.found.append(MatrixToken(kind, text, start, end, bold))
        return end

    def _token(self, at: int) -> int:
        text = self.text
        before = self.found[-1] if self.found else None
        operand = before is not None and (
            before.kind in ("name", "number", "ones", "transpose", "inverse", "both", "power", "index")
            or before.text in (")", "}", "‖")
        )
        if operand and re.match(r"\[\s*\w\s*\]", text[at:]):
            message = "An element in square brackets cannot be read in a formula of matrices."
            raise UserError("syntax", message, hint="Write z_k with an index.", span=Span(at, at + 1))
        if operand:
            for kind, pattern in (("both", _BOTH), ("transpose", _RAISED), ("inverse", _INVERSE)):
                if found := pattern.match(text, at):
                    return self._put(kind, found[0], at, found.end())
            if power := _POWER.match(text, at):
                raised = power[1] or power[2] or {"²": "2", "³": "3"}[power[3]]
                return self._put("power", raised, at, power.end())
        if (total := _SUM_SIGN.match(text, at)) and (index := total[1] or total[2]) and self._is_index(index):
            self._put("function", "sum", at, at + 1)
            return self._put("index", index, at + 1, total.end())
        if number := _NUMBER.match(text, at):
            return self._put("number", number[0], at, number.end())
        if styled := _STYLED.match(text, at):
            return self._named(styled[2] or styled[3], at, styled.end(), styled[1].strip("\\") in _BOLD)
        for sign in sorted(_OPERATORS, key=len, reverse=True):
            if text.startswith(sign, at) and not (sign[-1].isalpha() and text[at + len(sign) :][:1].isalpha()):
                return self._put("op", _OPERATORS[sign], at, at + len(sign))
        over = _OVER.match(text, at)
        if over and before is not None and before.text == "sum":
            return self._put("index", over[1] or over[2], at, over.end())
        if (index := _INDEX.match(text, at)) and before is not None and (before.text == "‖" or before.kind == "power"):
            return self._put("index", index[1] or index[2], at, index.end())
        if command := _COMMAND.match(text, at):
            return self._command(command[1], at, command.end())
        if text[at] == "^":
            return self._put("op", "^", at, at + 1)
        if found := _IDENTIFIER.match(text, at):
            return self._letters(found, at)
        if text[at] in _LETTERS or text[at].isalpha():
            return self._named(_LETTERS.get(text[at], text[at]), at, at + 1, text[at] == "𝟏")
        raise UserError("syntax", f"{text[at]} cannot be read in a formula of matrices.", span=Span(at, at + 1))

    def _is_index(self, letter: str) -> bool:
        """Whether a letter is the index of another one, so that a capital sigma with it is a sum."""
        return bool(re.search(rf"[A-Za-zα-ω]_\{{?{letter}(?![a-z])", self.text))

    def _command(self, name: str, at: int, end: int) -> int:
        if name in ("frac", "dfrac", "tfrac", "sqrt"):
            return self._put("op", "frac" if name.endswith("frac") else "√", at, end)
        if name in FUNCTIONS:
            return self._put("function", FUNCTIONS[name], at, end)
        if re.fullmatch(_STYLES, f"\\{name}") and self.text.startswith("{", end):
            return end  # \mathbf{A^T}: what it holds is read for itself
        if name == "ell":
            return self._named("l", at, end, False)
        spelled = VARIANTS.get(name, name)
        if spelled in WHOLE:
            return self._named(spelled, at, end, False)
        raise UserError("syntax", f"\\{name} cannot be read in a formula of matrices.", span=Span(at, end))

    def _letters(self, found: re.Match[str], at: int) -> int:
        """A word: a function, a Greek letter or a known name; any other is letters side by side."""
        word = found[1]
        if word.startswith("sum_"):  # sum_j in plain text
            return self._put("function", "sum", at, at + len("sum"))
        if word in FUNCTIONS:
            return self._put("function", FUNCTIONS[word], at, found.end())
        whole = found[0] == word and (word in self.known or word in WHOLE or self.code)
        if whole:
            return self._named(word, at, found.end(), False)
        for name in sorted(FUNCTIONS, key=len, reverse=True):  # trAXB, log detX
            if len(name) > 1 and word.startswith(name) and word[len(name) :].isupper():
                return self._put("function", FUNCTIONS[name], at, at + len(name))
        if len(word) > 3 and word.islower() and word.isalpha():
            message = f"{word} is no function of matrices that is known here."
            raise UserError("unknown-function", message, span=Span(at, found.end()))
        return self._named(word[0], at, at + 1, False)

    def _named(self, name: str, at: int, end: int, bold: bool) -> int:
        name = name.lstrip("\\")
        if name in FUNCTIONS:
            return self._put("function", FUNCTIONS[name], at, end)
        if name.isdigit():
            return self._put("ones" if bold and name == "1" else "number", name, at, end)
        index = _INDEX.match(self.text, end)
        if pair := None if self.code or not (name == "delta" or name.isupper()) else _PAIR.match(self.text, end):
            name, end = f"{name}_{pair[1]}", pair.end()
        elif index and not self.code:
            part = index[1] or index[2]
            name, end = f"{name}_{part.replace(',', '')}", index.end()
        return self._put("name", name, at, end, bold)
