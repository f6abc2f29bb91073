"""The syntax card: all that the reader takes, made from the reader's own tables, with examples read by it."""

from __future__ import annotations

from typing import Any

from nabla.read.formula import functions, latex_commands, names, read_formula

# Each shows something that is easily got wrong; what stands beside it on the card is how the reader takes it.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "Products and powers": ("2x sin x", "x y^2", "x**2", "x²", "e^(-x^2/2)", "2^x^2", "1/2x", "5!", "3.2e-4 x"),
    "Functions": ("sin^2 x", "sin x/2", "arctan(y/x)", "log_2 x", "√x + cbrt(x)", "|x - 1|", "max(0, x)"),
    "Names": ("y_hat - y", "x_1 + x1", "alpha β + λ", "learning_rate * loss", "nRT"),
    "Cases": ("x if x > 0 else 0", "piecewise((x, x < 1), (x^2, True))", "where(x > 0, x, 0)"),
    "From a program": ("np.exp(-x) * np.sin(x)", "torch.relu(w*x + b)", "math.pi * r**2"),
    "LaTeX": (r"\frac{x^2+1}{\sqrt{x}}", r"\sin^2\left(\frac{x}{2}\right)", r"e^{-\lambda t}", r"\lvert x \rvert"),
}

# Functions whose arguments are not all numbers.
CALLS = {"piecewise": "piecewise((x, x < 1), …)", "where": "where(x > 0, x, y)"}


def syntax() -> dict[str, Any]:
    """The card as JSON-ready data."""
    return {
        "examples": [
            {"title": title, "rows": [{"text": text, "tex": read_formula(text).tex} for text in texts]}
            for title, texts in EXAMPLES.items()
        ],
        "functions": [
            {"title": title, "rows": [_function(name) for name in group]} for title, group in _groups().items()
        ],
        "constants": _constants(),
        "operators": _operators(),
        "greek": _greek(),
        "latex": {
            "read": sorted(
                set(latex_commands.OPERATORS) - {"*", "{", "}"} | {"frac", "sqrt"} | set(latex_commands.ACCENTS)
            ),
            "refused": sorted(name for name in latex_commands.REFUSED if name.isalpha()),
        },
    }


def _groups() -> dict[str, list[str]]:
    plain = list(functions.PLAIN)
    inverse = [name for name in functions.FUNCTIONS if name[:1] == "a" and name[1:] in plain]
    powers = list(functions.SPECIAL)
    taken = {*plain, *inverse, *powers, "normalized_sinc"}
    return {
        "Trigonometric and hyperbolic": plain,
        "Their inverses": inverse,
        "Roots, powers and cases": powers,
        "Of a complex variable": list(functions.COMPLEX),
        "Others": [name for name in functions.FUNCTIONS if name not in taken],
    }


def _function(name: str) -> dict[str, Any]:
    """A function: how it is called, what else it is named, and what it stands for."""
    known = functions.FUNCTIONS.get(name)
    return {
        "name": name,
        "call": CALLS.get(name) or f"{name}({_arguments(*functions.arity(name))})",
        "also": sorted(alias for alias, of in functions.ALIASES.items() if of == name),
        "meaning": known.meaning if known else "",
    }


def _arguments(low: int, high: int | None) -> str:
    """As many letters as a function needs; those it can do without in square brackets."""
    needed = ", ".join("xyzuvw"[:low])
    if high is None:
        return f"{needed}, …"
    return needed + "".join(f"[, {letter}]" for letter in "xyzuvw"[low:high])


def _constants() -> list[dict[str, Any]]:
    """Those that a formula can be made with; infinity and the truth values only bound and choose."""
    spelled: dict[str, list[str]] = {"e": ["e"], "pi": ["π"]}
    for name, constant in names.CONSTANTS.items():
        if constant in spelled:
            spelled[constant].append(name)
    return [{"name": name, "spelled": spellings} for name, spellings in spelled.items()]


def _greek() -> list[dict[str, str]]:
    """The letters by their names, those of one name together, as a sigma within and at the end of a word."""
    letters: dict[str, str] = {}
    for letter, name in names.GREEK_LETTERS.items():
        letters[name] = letters.get(name, "") + letter
    return [{"letters": found, "name": name} for name, found in letters.items()]


def _operators() -> list[dict[str, str]]:
    """The operators from the strongest to the weakest, as the grammar has them."""
    from nabla.read.formula.grammar import BINDING

    strength: dict[int, list[str]] = {}
    for operator, binding in BINDING.items():
        word = next((word for word, of in names.OPERATOR_WORDS.items() if of == operator), operator)
        strength.setdefault(binding, []).append(word)
    return [{"operators": " ".join(found)} for _, found in sorted(strength.items(), reverse=True)]
