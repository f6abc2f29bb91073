"""The loss of a model on a few samples that a text tells in prose, written out for steps that are done by hand."""

from __future__ import annotations

import re

from nabla.question.filled import Span, put
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.roles import RoleReading

_LOSS = re.compile(r"\b(?:loss|mse|sse|rss|squared|squares|cost|regression|data|samples?|fit)\b", re.I)
_SUM = re.compile(r"\b(?:sum of (?:the )?(?:squared|squares)|sse|rss|least squares)", re.I)
_OF_LOSSES = frozenset("J L C E h y m n i N".split())  # of J = 1/(2m) sum (h - y)^2
_HALF = re.compile(r"1/\(?2|\\frac\{1\}\{2|\bhalf\b|½", re.I)


def loss_of_samples(reading: RoleReading, used: list[Span]) -> tuple[str, list[str]] | None:
    """The mean (or sum) of squares of a model y = w x + b at the samples of the text, and its parameters; None
    where there are no model and samples.
    """
    if not _LOSS.search(reading.text):
        return None
    model = next((f for f in reading.formulas if _is_model(f)), None)
    samples = [f for f in reading.formulas if f.shape == "point" and f.role != "start" and _pair(f)]
    if model is None:
        return None
    pairs = [entries_of(f.body) for f in samples]
    spans = [f.span for f in samples]
    if not pairs:
        lists = {f.name: f for f in reading.formulas if f.name in ("x", "y", "X", "Y") and len(entries_of(f.body)) > 1}
        x, y = lists.get("x") or lists.get("X"), lists.get("y") or lists.get("Y")
        if x is None or y is None or len(entries_of(x.body)) != len(entries_of(y.body)):
            return None
        pairs = [list(p) for p in zip(entries_of(x.body), entries_of(y.body), strict=True)]
        spans = [x.span, y.span]
    terms = []
    for a, b in pairs:
        value = put(model.body, "x", a, again=True)
        if value is None:
            return None
        terms.append(f"({value} - ({b}))^2")
    total = " + ".join(terms)
    scale = (1 if _SUM.search(reading.text) else len(terms)) * (2 if _HALF.search(reading.text) else 1)
    used += [model.span, *spans]
    used += [f.span for f in reading.formulas if f.role != "claim" and set(names_in(f.read)) - {"x"} <= _OF_LOSSES]
    names = [name for name in names_in(model.body) if name != "x"]
    return (f"({total})/{scale}" if scale > 1 else total), names


def _is_model(formula: Formula) -> bool:
    """Whether a formula is a model: y = w x + b, h(x) = w x."""
    if formula.shape not in ("definition", "function") or formula.role == "claim":
        return False
    names = names_in(formula.body)
    return "x" in names and len(names) > 1 and (not formula.args or formula.args == ("x",))


def _pair(formula: Formula) -> bool:
    entries = entries_of(formula.body)
    return not formula.name and len(entries) == 2 and all(is_constant(entry) for entry in entries)
