"""Hints for a derivation: what to do next, one rule at a time, without saying what comes of it."""

from __future__ import annotations

import sympy as sp

from nabla.calculus.rules import Derivation
from nabla.calculus.statements import RULES
from nabla.write.notation import power, tex

# What every reader does without being told.
_SILENT = frozenset({"constant", "variable"})
MOST_HINTS = 8


def hints(derivation: Derivation) -> list[tuple[str, str]]:
    """A hint and the step it leads to, for each rule of the tree from the outside in; both are prose."""
    found = [(_hint(node), _step(node)) for node in derivation.walk() if node.rule not in _SILENT]
    return found[:MOST_HINTS]


def _hint(node: Derivation) -> str:
    expr = f"${tex(node.expr)}$"
    parts = [f"${tex(part.expr)}$" for part in node.parts]
    match node.rule:
        case "sum":
            return f"{expr} is a sum. What may be done with each term for itself?"
        case "constant-factor":
            return f"{expr} has a factor that does not depend on ${tex(node.var)}$. What becomes of it?"
        case "product":
            return f"{expr} is a product of {' and '.join(parts)}. Each factor takes its turn while the others stay."
        case "quotient":
            return f"{expr} is a quotient of {parts[0]} and {parts[1]}. Mind the order in the numerator."
        case "chain":
            name, inner = node.bindings[0]
            return (
                f"{expr} is a function of a function. What is its value if ${tex(name)} = {tex(inner)}$ is put inside?"
            )
        case "power":
            return f"{_power(node)} Which exponent does it have, and what becomes of that?"
        case "exponential":
            return f"{expr} has its variable in the exponent. The power rule is of no use here."
        case "general-power":
            return f"{expr} has its variable in the base and in the exponent. A logarithm helps."
    return f"The derivative of {expr} stands in the table: {RULES[node.rule].name.lower()}."


def _power(node: Derivation) -> str:
    """A root or a fraction is a power too, which is half of the hint."""
    base, exponent = node.expr.as_base_exp()
    if not (isinstance(exponent, sp.Integer) and exponent > 0):
        return f"${tex(node.expr)}$ is ${power(base, tex(exponent))}$, a power."
    return f"${tex(node.expr)}$ is a power."


def _step(node: Derivation) -> str:
    rule = RULES[node.rule]
    return f"{rule.name}, ${rule.tex}$: {rule.words}"
