"""derive: the sentence that answers: the derivative, its value at the point, and what is to be said of the claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.answer.document import Document, Quantity
from nabla.labs.derive.judge import Goal, Judged, Misstep
from nabla.read.formula import Reading
from nabla.write.notation import point, tex
from nabla.write.sentence import sentence

MOST_NAMED = 3
# Ratios of formulas with more operations are not worked out for a sentence.
LARGEST_RATIO = 40


@dataclass(frozen=True)
class AtPoint:
    """The value of the derivative at a point: in LaTeX, and the names of its numbers in the document's values.

    `tex` is None where there is no value; at a `joint` of pieces the formula does not give it.
    """

    at: Mapping[sp.Symbol, sp.Expr]
    tex: str | None
    names: Sequence[str] = ("value",)
    joint: bool = False


def conclude(document: Document, left: str, result: str, found: AtPoint | None, claim: str = "") -> None:
    """Set the document's sentence.

    Args:
        document: the answer as far as it is made.
        left: what was asked for, in LaTeX.
        result: the derivative, in LaTeX.
        found: its value at the point, if one is given.
        claim: what is to be said of the reader's own answer.
    """
    given: list[Quantity] = []
    names: Sequence[str] = ()
    if found is None:
        said = f"${left} = {result}$"
    elif found.tex is None:
        said = f"${left} = {result}$ has no value at ${point(found.at)}$"
    else:
        names, given = found.names, _given(found.at)
        formula = "" if result == found.tex else f" = {result}"
        said = f"${left}{formula}$; it is ${found.tex}$" if found.joint else f"${left}{formula} = {found.tex}$"
        said += f" at ${point(found.at)}$"
    text = "; ".join(part for part in (said, claim) if part)
    document.answer = sentence(f"{text}.", document.values, names, given)


def _given(at: Mapping[sp.Symbol, sp.Expr]) -> list[Quantity]:
    return [Quantity(symbol.name, float(value), "at") for symbol, value in at.items() if value.is_real]


def about_claim(claim: Reading, judged: Judged, goal: Goal) -> str:
    """What the sentence says of the reader's own answer."""
    yours = f"your ${claim.tex}$"
    if judged.verdict == "right":
        return f"{yours} is right"
    if judged.verdict == "undecided":
        return f"whether {yours} is right could not be decided"
    if not judged.findings and judged.reason:
        return f"{yours} is not right: {judged.reason[:1].lower()}{judged.reason[1:]}"
    if not judged.findings:
        return f"{yours} is not right"
    verbs = list(dict.fromkeys(_factor(finding, goal) for finding in judged.findings))
    several = len(judged.findings) > MOST_NAMED
    if all(verbs) and (len(verbs) == 1 or not several):
        return f"{yours} {', or it '.join(verbs)}"
    if several:
        first = in_words(judged.findings[:1]).partition(":")[0]
        return f"{yours} is not right: {first}, or one of {len(judged.findings) - 1} other mistakes"
    return f"{yours} is not right: {in_words(judged.findings)}"


def in_words(findings: Sequence[Misstep]) -> str:
    """The mistakes as parts of a sentence."""
    several = len(findings) > 1
    said = [f"{finding.told[:1].lower()}{finding.told[1:].rstrip('.')}" for finding in findings]
    return "; or ".join(dict.fromkeys(text.partition(":")[0].replace(";", ",") if several else text for text in said))


def _factor(finding: Misstep, goal: Goal) -> str:
    """The factor that a mistake loses or adds, where it is as simple as that, else nothing."""
    operations = sp.count_ops(goal.simple) + sp.count_ops(finding.gives)
    if operations > LARGEST_RATIO or goal.simple == 0 or finding.gives == 0 or goal.roots:
        return ""
    ratio = sp.cancel(goal.simple / finding.gives)
    if ratio == -1:
        return "has the wrong sign"
    if _is_factor(ratio):
        return f"lacks the factor ${tex(ratio)}$"
    if _is_factor(1 / ratio):
        return f"has the factor ${tex(1 / ratio)}$ too many"
    return ""


def _is_factor(ratio: sp.Expr) -> bool:
    """Whether a ratio is a whole number or a product of powers, and so readily seen to be missing."""
    below = sp.denom(sp.together(ratio))
    return ratio != 1 and below == 1 and not ratio.is_Add and sp.count_ops(ratio) <= 4
