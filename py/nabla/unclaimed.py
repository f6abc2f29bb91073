"""Formulas of a text that no words call an answer, and that prove to be one: judged before they are called unread."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from nabla.answer.document import Document
from nabla.errors import UserError
from nabla.question.claims import Claim
from nabla.question.formulas import Formula, is_constant, names_in
from nabla.question.understand import Question

MOST = 3  # formulas that are tried; a text with more is work of another kind
_BLOCK = re.compile(r"(?:\n|:)[ \t]*(?:\$\$|\\\[|>)?[ \t$]*\Z")
Run = Callable[[str, Mapping[str, object]], Document]


def with_answers(question: Question, run: Run) -> Question:
    """The question with those formulas among its claims which nothing in the text used, and which are the derivative
    that is asked for: the evidence makes them an answer, whatever the words around them are. One that is wrong counts
    where it stands in a line of its own, or behind a colon, and a known mistake gives it.
    """
    inputs = question.routed.inputs
    mine = any(claim.whose == "asker" for claim in question.claims)
    if question.routed.lab != "derive" or mine or set(inputs) - {"f", "wrt", "what", "at", "domain", "claim"}:
        return question
    left = [formula for formula in question.reading.formulas if _could_be(formula, question)]
    if not 0 < len(left) <= MOST:
        return question
    found = []
    for formula in left:
        claim = Claim(formula.read, formula.read, formula.whose or "asker", formula.span)
        try:
            told = run("derive", {**inputs, "claim": claim.lines}).values.get("claim") or {}
        except UserError:
            return question
        alone = _BLOCK.search(question.text[: formula.span[0]])
        if told.get("verdict") == "right" or (told.get("verdict") == "wrong" and told["mistakes"] and alone):
            found.append(claim)
    return question.claiming(found) if found else question


def _could_be(formula: Formula, question: Question) -> bool:
    """Whether a formula is unread, whole, and made of names of the function."""
    unread = formula.span in question.unused and formula.role == "unused" and formula.shape == "formula"
    if not unread or len(formula.sides) > 1 or is_constant(formula.read):
        return False
    return set(names_in(formula.read)) <= set(names_in(question.routed.inputs["f"]))
