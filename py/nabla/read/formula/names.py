"""The words a formula may hold: Greek letters, accents, constants, key words, modules; and when two names are one."""

from __future__ import annotations

import re

_SMALL = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon "
    "phi chi psi omega"
).split(), strict=True))  # fmt: skip
_CAPITAL = dict(zip("ΓΔΘΛΞΣΥΦΨΩ", "Gamma Delta Theta Lambda Xi Sigma Upsilon Phi Psi Omega".split(), strict=True))
_OTHER = {"ϕ": "phi", "ϵ": "epsilon", "ϑ": "theta", "ϱ": "rho", "µ": "mu"}

# A Greek character and the name of the symbol it is.
GREEK_LETTERS = _SMALL | _CAPITAL | _OTHER
# The variants that LaTeX has commands for.
VARIANTS = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varrho": "rho", "varsigma": "sigma"}
GREEK = frozenset(GREEK_LETTERS.values()) | frozenset(VARIANTS)
# Names of several letters that are one symbol wherever they stand: people type lam, for lambda is a word of Python.
WHOLE = GREEK | {"lam", "lmbda"}

# Combining characters and the ending that the name of the accented letter gets: ŷ is y_hat.
ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u0307": "dot", "\u0308": "ddot",
           "\u20d7": "vec"}  # fmt: skip

CONSTANTS = {
    **dict.fromkeys(["pi", "Pi", "PI"], "pi"),
    **dict.fromkeys(["oo", "inf", "infty", "infinity", "Infinity"], "oo"),
    "True": "True",
    "False": "False",
}
# Constants behind a module's name, as in np.e.
MODULE_CONSTANTS = {"pi": "pi", "e": "e", "E": "e", "Exp1": "e", "inf": "oo", "oo": "oo"}
OPERATOR_WORDS = {"if": "if", "else": "else", "and": "&", "or": "or", "not": "not"}
STATEMENTS = frozenset(
    "import from for while def return class with try except raise yield print global assert del".split()
)
MODULES = frozenset("np numpy jnp math torch F nn functional sp sympy scipy special jax tf K".split())

# Single letters that are functions when a bracket follows and nothing says that they are variables.
FUNCTION_LETTERS = frozenset("fghuvFGH") | {"phi", "psi", "Phi", "Psi"}

# English words that would otherwise be taken for a function and its argument, as sint and cosx are.
WORDS = frozenset("cost sing sink sins sine signs logs logo exps tank tang tans secs".split())
# Short words that are names, and no products of their letters.
SHORT_WORDS = frozenset("std var avg mean cov".split())

_INDEXED = re.compile(r"([A-Za-z]+)_([0-9]+|hat|bar|tilde|dot|ddot|vec)(?=_|$)")


def key(name: str) -> str:
    """The same for names that are printed alike: x1 and x_1, yhat and y_hat."""
    return _INDEXED.sub(r"\1\2", name, count=1)


def spelling(name: str) -> str:
    """The name of the symbol that `name` means: Greek characters by their names, LaTeX's x_{1} as x_1."""
    name = name.strip().lstrip("\\")
    if name[:1] in GREEK_LETTERS:
        name = GREEK_LETTERS[name[0]] + name[1:]
    return re.sub(r"[{}]", "", name)
