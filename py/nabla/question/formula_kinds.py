"""What a formula is about where its shape alone does not tell: an integral along a curve, a curve, a space."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.atoms import GREEK
from nabla.question.formulas import Formula, entries_of, is_constant, is_name, names_in
from nabla.question.notation import Mark, bare
from nabla.read.fields.integrals import signed
from nabla.read.fields.vectors import components_in_order

INTEGRAL = re.compile(r"\s*(?:∮|∫|\\oint|\\int)(?:\s*_\s*(?:\{[^{}]*\}|\w))?\s*")
_ALONG = re.compile(r"\\cdot\s?d|[·⋅∙•]\s?d|\.\s?d\\?(?:vec|mathbf)?\s?\{?[rsl]")  # F . dr


def is_along(formula: Formula) -> bool:
    """Whether a formula only says that F is integrated along a curve: the integral of F . dr."""
    return bool(INTEGRAL.match(formula.read) and _ALONG.search(formula.read) and not formula.read.endswith("!"))


def is_curve(formula: Formula) -> bool:
    """Whether a vector is the place as a function of one parameter: r(t) = (cos t, sin t)."""
    parts = components_in_order(formula.body)  # of a sum of unit vectors i, j, k, which are no names
    names = {name for part in parts or [formula.body] for name in names_in(part)}
    return formula.name in ("r", "c", "gamma", "sigma") and len(names) == 1 and not names & {"x", "y", "z"}


_SPACE = re.compile(r"(?:\\(?:mathbb|mathbf)\s?\{?R\}?|ℝ|R)\s?(?:\^\s?\{?[\dnmdN]\}?|[²³ⁿ])")


def is_space(formula: Formula) -> bool:
    """Whether a formula names the space that a text speaks of: R^3."""
    return bool(_SPACE.fullmatch(formula.read))


# F . n dS, F . dS, but not dS/dp
_THROUGH = re.compile(r"\bd\s?(?:\\(?:mathbf|vec|boldsymbol)\s?\{?)?S\b(?!\s?/)|[·⋅]\s?d\s?[AS]\b(?!\s?/)")


def is_through(formula: Formula) -> bool:
    """Whether a formula only says that F is integrated over a surface: the integral of F . dS."""
    return formula.shape not in ("definition", "vector") and bool(_THROUGH.search(formula.read))


_LIMIT = re.compile(r"\\?lim(?![a-z])")


def is_definition_of_derivative(formula: Formula) -> bool:
    """Whether an equation defines a derivative as a limit: f'(x) = lim ..."""
    return bool(_LIMIT.search(formula.body))


_CALL = re.compile(r"(\\?[A-Za-z]+(?:\s?\{\\?[A-Za-z]+\})?)\s?\(([^()]+)\)")


def place_in(formulas: Sequence[Formula], formula: Formula) -> str:
    """The number in the brackets of a function that one of the formulas defines, f(0); "" for anything else."""
    call = _CALL.fullmatch(formula.read)
    defined = {other.name for other in formulas if other.args}
    return call[2] if call and bare(call[1]) in defined and is_constant(call[2]) else ""


def sign_integral(formula: Formula) -> None:
    """Give the integral of a text, `integrate x ln x dx`, the sign that its words stand for."""
    first = formula.sides[0]
    if formula.shape in ("formula", "equation", "applied") and (integral := signed(first)) != first:
        formula.read = f"{integral}{formula.read.removeprefix(first)}"
        formula.shape, formula.sides[0] = "integral", integral


def is_letter(entry: str) -> bool:
    """Whether it is one letter, or a Greek one by its name."""
    return (len(entry) == 1 and entry.isalpha()) or entry.lstrip("\\") in GREEK


def lists_names(formula: Formula) -> bool:
    """Whether a vector is a list of names, (x, y); what is defined, F = (yz, xz), is a field."""
    return not formula.name and all(is_letter(entry) for entry in entries_of(formula.body) or ["-"])


def defined_in(formulas: Sequence[Formula]) -> set[str]:
    """The names that formulas of a text define."""
    return {f.name for f in formulas if f.shape in ("definition", "function")}


def only_names(formula: Formula) -> bool:
    """Whether a formula names something and says nothing of it, as x = c and y = f(x) do."""
    if formula.shape not in ("definition", "function", "formula"):
        return False
    if formula.shape != "definition" and formula.weight >= 7:
        return False
    return formula.body not in formula.args and is_name(formula.body)


def sign_grads(formulas: Sequence[Formula]) -> None:
    """Take w.grad, which programs print, for the sign of the derivative by w: of a text without a program."""
    for formula in formulas:
        name, _, attribute = formula.sides[0].rpartition(".")
        if attribute == "grad" and name and formula.shape in ("formula", "equation", "definition"):
            first = formula.island.sides[0]
            formula.prime = Mark(first.start, first.end, "derivative", variables=(name,))
            formula.shape, formula.name = ("claim" if len(formula.sides) > 1 else "sign"), ""
            if formula.frame != "claim":
                formula.whose = "rival"  # the program's


def is_product(formulas: Sequence[Formula], formula: Formula, by: Sequence[str]) -> bool:
    """Whether two or three letters are names of other formulas, side by side, xy beside x^2 + y^2 = 1, or a matrix and
    the variable that is differentiated by, one of `by`: Ax.
    """
    if len(formula.read) == 2 and formula.read[0] in "ABCKMPQRSTUVWX" and formula.read[1] in by:
        return True
    names = {name for f in formulas if f is not formula for side in f.sides for name in names_in(side)}
    return 1 < len(formula.read) < 4 and formula.read.isalpha() and set(formula.read) <= names


def is_first_field(formulas: Sequence[Formula], formula: Formula) -> bool:
    """Whether no field stands before this one."""
    return next((f for f in formulas if f.shape == "vector" and not lists_names(f)), None) is formula


def differentiates(formula: Formula, name: str) -> bool:
    """Whether a derivative of what is called so is told: u' = 3, du = 3 dx."""
    return formula.name == f"d{name}" or bool(formula.prime and formula.prime.function == name)
