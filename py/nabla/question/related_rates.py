"""Related rates: an equation whose names are functions of a variable that it does not hold, as of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nabla.question.formulas import Formula, names_in
from nabla.question.request import Request


def mark_rates(functions: Sequence[Formula], formulas: Sequence[Formula], requests: list[Request]) -> None:
    """Make a request for dV/dt of V = a^3 one for a related rate, and the rates that are given its conditions."""
    if not functions or functions[0].shape not in ("equation", "definition"):
        return
    first = functions[0]
    names = {*names_in(first.sides[0]), *names_in(first.sides[-1])}
    letters = {name.partition("_")[0] for name in names}
    _ask_by_name(first.name, names, formulas, requests)
    defined = _names_defined(formulas) | {formula.name for formula in functions}
    for i, request in enumerate(requests):
        if len(request.variables) != 1 or request.function not in names:
            continue
        (variable,) = request.variables
        if variable in names | defined or variable.partition("_")[0] in letters:  # x_k beside x_i
            continue
        requests[i] = replace(request, what="related-rate")
        for formula in formulas:
            mine = formula.frame in ("claim", "rival")
            mark = formula.prime
            if formula.shape == "claim" and not mine and mark and mark.variables == request.variables:
                formula.role = "condition"


def _ask_by_name(defined: str, names: set[str], formulas: Sequence[Formula], requests: list[Request]) -> None:
    """Give the question how fast a name, or what is `defined`, changes the derivative by what the rates of the text
    are by: dx/dt = 3.
    """
    by = {f.prime.variables for f in formulas if f.shape == "claim" and f.prime and len(f.prime.variables) == 1}
    told = [variables for variables in by if variables[0] not in names]
    for i, request in enumerate(requests):
        behind = [f.read for f in formulas if f.shape == "name" and f.read in names and f.span[0] >= request.span[1]]
        if request.what == "related-rate" and not request.function and len(told) == 1 and (behind or defined):
            requests[i] = replace(request, function=[*behind, defined][0], variables=told[0])


def _names_defined(formulas: Sequence[Formula]) -> set[str]:
    """The names in what the text defines."""
    defining = [formula for formula in formulas if formula.shape in ("definition", "function")]
    return {name for formula in defining for name in names_in(formula.body)}
