"""A derivative that a text tells of the function it asks for: find f(x) if f'(x) = 2x."""

from __future__ import annotations

from collections.abc import Sequence

from nabla.question import phrases
from nabla.question.formulas import Formula, is_constant, names_in
from nabla.question.sentences import ProseSentence

_SOUGHT = ("ASK F", "ASK the? FUNCTION F", "what BE F")


def tells_derivative(sentences: Sequence[ProseSentence], formula: Formula) -> bool:
    """Whether an equation tells a first derivative of a function that the text asks for."""
    mark = formula.prime
    if mark is None or mark.kind != "derivative" or mark.order != 1 or len(mark.variables) > 1:
        return False
    plain = len(formula.sides) == 2 and len(names_in(formula.body)) == 1 and mark.function not in names_in(formula.body)
    return plain and not is_constant(mark.arg or "x") and mark.function in _sought(sentences)


def _sought(sentences: Sequence[ProseSentence]) -> set[str]:
    """The names of the functions that are asked for themselves: find f(x)."""
    found = set()
    for sentence in sentences:
        for i, formula in sentence.formulas.items():
            ends = [phrases.match(phrase, sentence.tokens, at) for phrase in _SOUGHT for at in range(max(0, i - 3), i)]
            if formula.shape in ("name", "signature") and i + 1 in ends:
                found.add(formula.name)
    return found
