"""The inputs of derive for functions in a list: 1) y = x^2  2) y = sin x."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nabla.question.filled import Filled
from nabla.question.formulas import Formula, entries_of, names_in
from nabla.question.roles import RoleReading


def listed(reading: RoleReading, first: Formula) -> list[Formula]:
    """The other functions of a list, `1) y = x^2  2) y = sin x`, that is asked about as a whole."""
    if reading.claims or len(reading.functions) > 1:
        return []
    if first.shape == "applied":
        return [
            f
            for f in reading.formulas
            if f.shape == "applied" and f.role in ("unused", "mention") and len(f.sides) == 1
        ][:8]
    if first.shape not in ("definition", "function", "formula"):
        return []
    tokens = [token for sentence in reading.sentences for token in sentence.tokens]
    labelled = {tokens[i + 1].start for i in range(len(tokens) - 1) if tokens[i].kind == "label"}
    each = any({"each", "following", "functions", "all"} & sentence.words for sentence in reading.sentences)
    found = [
        formula
        for formula in reading.formulas
        if formula.role == "unused"
        and formula.shape == first.shape
        and formula.name == first.name
        and (formula.span[0] in labelled or (each and formula.span[0] > first.span[0]))
    ]
    if each or first.span[0] in labelled:
        return found[:8]
    return _enumerated(reading, first)


def _enumerated(reading: RoleReading, first: Formula) -> list[Formula]:
    """Functions side by side in the sentence of the first: f(x) = cos(3x), g(x) = e^(x^2), h(x) = x."""
    found, end = [], first.span[1]
    for formula in reading.formulas:
        between = reading.text[end : formula.span[0]]
        beside = formula.span[0] >= end and re.fullmatch(r"\s*[,;]?\s*(?:and\s+)?\$?\s*", between)
        if beside and formula.role == "unused" and formula.shape in ("function", "definition"):
            found.append(formula)
            end = formula.span[1]
    named = {formula.name for formula in [first, *found]}
    inner = {name for formula in [first, *found] for name in names_in(formula.body)}
    return found[:8] if first.frame == "function" and not named & inner else []


def of_list(inputs: Mapping[str, str], formula: Formula) -> Filled:
    """The question about another function of the list: what and by which variable as for the first."""
    kept = {name: text for name, text in inputs.items() if name in ("what", "wrt")}
    f = formula.body
    if formula.shape == "applied" and formula.prime:
        f, kind = formula.sides[0], formula.prime.kind
        kept = {"wrt": ",".join(formula.prime.variables)} if kind == "derivative" else {"what": kind}
        f = "; ".join(entries_of(f)) or f
    return Filled({"f": f, **kept}, (formula.span,), asked=formula.read)
