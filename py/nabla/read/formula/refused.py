"""Words that cannot stand in a formula, and what to type instead."""

from __future__ import annotations

from nabla.errors import UserError
from nabla.read.formula import functions
from nabla.read.formula.tokens import Token

ONLY_FUNCTION = "Type only the function to differentiate; the variable has a field of its own."
# Words that only stand in a formula when somebody types a whole question.
SENTENCE = frozenset(
    "of the what which with respect wrt find derivative derivatives differentiate evaluate calculate".split()
)
_ARRAYS = "It works on arrays; here every name stands for one number."
_HINTS = {
    **dict.fromkeys("diff Derivative derivative grad gradient jacobian hessian".split(), ONLY_FUNCTION),
    **dict.fromkeys("integrate int Integral".split(), "Type only the integrand."),
    **dict.fromkeys("sum mean prod dot matmul norm array linspace arange zeros ones std var".split(), _ARRAYS),
    **dict.fromkeys("lim limit sum_ product eval exec open".split(), "Only formulas are read here."),
}


def unknown(token: Token) -> UserError:
    """The error for a word before a bracket that is no known function."""
    like = functions.similar(token.text)
    hint = f"Did you mean {like}?" if like else f"For a product, write {token.text}*(...)."
    hint = _HINTS.get(token.text, hint)
    return UserError("unknown-function", f"{token.text} is not a function known here.", hint=hint, span=token.span)


def pointed(token: Token) -> UserError:
    """The error for a point outside of a number."""
    hint = "Write * and ^ without a point."
    return UserError("syntax", "A point can only stand inside a number.", hint=hint, span=token.span)
