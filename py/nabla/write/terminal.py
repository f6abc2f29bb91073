r"""LaTeX as one line of text for a terminal: `\frac{\partial}{\partial w} u^{2}` becomes `∂/∂w u²`."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\([A-Za-z]+|.)|([{}^_&])|(\s+)|([^\\{}^_&\s]+)", re.DOTALL)
_SUPERSCRIPT = str.maketrans("0123456789+-−()nixyt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿⁱˣʸᵗ")
_SYMBOLS = {
    "cdot": "·", "times": "×", "div": "÷", "pm": "±", "partial": "∂", "nabla": "∇", "infty": "∞", "approx": "≈",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "to": "→", "in": "∈", "land": "and",
    "odot": "⊙", "leftarrow": "←", "sum": "∑", "prod": "∏", "top": "ᵀ", "lnot": "not ",
    "wedge": "and", "vee": "or", "lor": "or", "neg": "not ", "quad": "  ", "qquad": "  ", "lfloor": "⌊",
    "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "colon": ":", "mid": "|", "vert": "|", "ldots": "…", "cdots": "…",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    ",": " ", ";": " ", ":": " ", "!": "", " ": " ", "\\": "; ", "{": "{", "}": "}", "|": "‖", "%": "%",
}  # fmt: skip
_SILENT = {"textstyle", "left", "right", "displaystyle", "bigl", "bigr", "big", "Big", "limits", "middle"}
_CONTENT = {"mathrm", "operatorname", "text", "mathbf", "mathit", "mathsf", "boldsymbol"}
_BRACKETS = {"pmatrix": ("[", "]"), "bmatrix": ("[", "]"), "vmatrix": ("|", "|"), "cases": ("{ ", " }")}
_ACCENTS = {
    "hat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "tilde": "\u0303",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
}


def readable(tex: str) -> str:
    """The formula on one line. What has no sign of its own keeps its name."""
    text = _Reader(tex).group()
    return re.sub(r" +(?=[,;)\]])|(?<=[(\[]) +", "", re.sub(r" +", " ", text)).strip()


class _Reader:
    def __init__(self, tex: str) -> None:
        self.tokens = [match.groups() for match in _TOKEN.finditer(tex)]
        self.at = 0

    def group(self) -> str:
        """Everything up to the closing brace or the end."""
        parts = []
        while self.at < len(self.tokens) and self.tokens[self.at][1] != "}":
            parts.append(self.item())
        self.at += 1
        return "".join(parts)

    def item(self) -> str:
        """The next token with its arguments."""
        command, mark, space, plain = self.tokens[self.at]
        self.at += 1
        if command is not None:
            return self.command(command)
        if mark == "{":
            return self.group()
        if mark == "^":
            return _raised(self.argument())
        if mark == "_":
            low = self.argument()
            return f"_{low}" if _is_atom(low) else f"_({low})"
        return " " if space else plain or ""

    def argument(self) -> str:
        """A group, a command, or a single character."""
        while self.at < len(self.tokens) and self.tokens[self.at][2]:
            self.at += 1
        if self.at >= len(self.tokens):
            return ""
        plain = self.tokens[self.at][3]
        if plain and len(plain) > 1:
            self.tokens[self.at] = (None, None, None, plain[1:])
            return str(plain[0])
        return self.item().strip()

    def command(self, name: str) -> str:
        """A command in signs."""
        if name in ("frac", "dfrac", "tfrac"):
            above, below = self.argument(), self.argument()
            return f"{_bound(above)}/{_bound(below)}"
        if name == "sqrt":
            return f"{self.root_sign()}{_bound(self.argument())}"
        if name == "begin":
            return self.environment(self.argument())
        if name in _CONTENT:
            return self.argument()
        if name in _ACCENTS:
            return self.argument() + _ACCENTS[name]
        if name in _SILENT:
            if self.at < len(self.tokens) and (self.tokens[self.at][3] or "").startswith("."):
                self.tokens[self.at] = (None, None, None, self.tokens[self.at][3][1:])
            return ""
        return _SYMBOLS.get(name, name)

    def root_sign(self) -> str:
        """√, or with a degree in brackets ∛, ∜, ⁵√."""
        plain = self.tokens[self.at][3] if self.at < len(self.tokens) else None
        found = re.match(r"\[(\w+)\]", plain or "")
        if plain is None or found is None:
            return "√"
        self.tokens[self.at] = (None, None, None, plain[found.end() :])
        self.at += found.end() == len(plain)
        return {"3": "∛", "4": "∜"}.get(found[1], f"{found[1].translate(_SUPERSCRIPT)}√")

    def environment(self, name: str) -> str:
        """Rows of cells: a matrix as [a, b; c, d], cases in a brace, anything else with its rows side by side."""
        rows = [[""]]
        while self.at < len(self.tokens):
            command, mark, _, _ = self.tokens[self.at]
            if command == "end":
                self.at += 1
                self.argument()
                break
            if mark == "&" or command == "\\":
                self.at += 1
                if mark == "&":
                    rows[-1].append("")
                else:
                    rows.append([""])
                    self.skip_height()
                continue
            rows[-1][-1] += self.item()
        cells = [[cell.strip() for cell in row] for row in rows]
        opened, closed = _BRACKETS.get(name, ("", ""))
        between = ", " if name in _BRACKETS else " "
        return opened + "; ".join(between.join(row) for row in cells) + closed

    def skip_height(self) -> None:
        """What follows the end of a row, as [1ex]."""
        if self.at < len(self.tokens) and (self.tokens[self.at][3] or "").startswith("["):
            rest = (self.tokens[self.at][3] or "").partition("]")[2]
            self.tokens[self.at] = (None, None, None, rest)


def _is_atom(text: str) -> bool:
    return bool(re.fullmatch(r"[\w∂.⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ]+|\([^()]*\)|[∂d]\s?\w+", text))


def _bound(text: str) -> str:
    text = text.strip()
    return re.sub(r"(?<=[∂d]) (?=\w+$)", "", text) if _is_atom(text) else f"({text})"


def _raised(text: str) -> str:
    if text == "ᵀ":
        return text
    raised = text.translate(_SUPERSCRIPT)
    if text and all(a != b for a, b in zip(text, raised, strict=True)):
        return raised
    return f"^{text}" if _is_atom(text) else f"^({text})"
