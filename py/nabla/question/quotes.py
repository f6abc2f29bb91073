"""What a text only quotes: formulas that repeat others, and requests about what it does not have."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.formulas import Formula
from nabla.question.lexicon import classes_of
from nabla.question.request import Request
from nabla.question.sentences import ProseSentence
from nabla.question.series import series_in

# Words that tell that a fit is one of data.
_FITTED = frozenset("least squares square data line curve model points regression parameters sine polynomial".split())


def backed(request: Request, text: str, sentences: Sequence[ProseSentence], *, judged: bool, numbers: bool) -> bool:
    """Whether the text has what a request is about: answers for the judge, numbers or a program for a fit."""
    if request.what == "judge":
        return judged or any(sentence.work for sentence in sentences)
    at = request.span[0]
    if request.what == "train":
        said = next((each for each in sentences if each.tokens[0].start <= at < each.tokens[-1].end), None)
        return numbers or bool(said and any("TRAIN" in classes_of(word) for word in said.words))
    if request.what == "fit":
        about = next((each.words for each in sentences if each.tokens[0].start <= at < each.tokens[-1].end), set())
        fitted = any("FIT" in classes_of(word) for word in text[slice(*request.span)].split())
        return numbers or bool(series_in(text)[0]) or (fitted and bool(about & _FITTED))
    return True


def mentions(formulas: Sequence[Formula], functions: Sequence[Formula]) -> None:
    """A formula that quotes the function, or a part of a formula before it, is a mention."""
    before: list[str] = [_plain(formula.body) for formula in functions]
    for last, formula in zip([None, *formulas], formulas, strict=False):
        plain = _plain(formula.sides[0] if formula.shape == "applied" else formula.body)
        if formula.chained or formula.role == "function" or (formula.prime and formula.shape != "applied"):
            before.append(plain)
            continue
        part = formula.shape in ("formula", "applied", "number") and formula.role in (
            "unused",
            "claim",
            "candidate",
            "number",
            "rival",
        )
        if (
            part
            and len(formula.sides) == 1
            and len(plain) > 1
            and formula.weight < (5 if formula.role == "claim" and plain in before else 7)
            and any(plain in other for other in before)
            and not (formula.frame == "claim" and last and last.frame == "rival" and last.role == "claim")
        ):
            formula.role = "mention"
        before.append(plain)


def _plain(text: str) -> str:
    """A formula without spaces, capitals and the kind of its brackets, to be compared."""
    text = re.sub(r"\\(?:left|right|,|;|cdot)|[\s*\\]", "", text).lower().translate(str.maketrans("[]{}", "()()"))
    return text[1:-1] if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text
