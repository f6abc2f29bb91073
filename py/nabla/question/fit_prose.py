"""Calls of a fit that stand in a sentence with their result: np.polyfit(x, y, 2) gave [0.5 -2 3]."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nabla.question.filled import Span

_NUMBER = r"[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?"
_POLYFIT = re.compile(
    r"(?P<call>(?:\bnp\.)?\bpolyfit\(\s*\w+\s*,\s*\w+\s*,\s*(?:deg\s*=\s*)?(?P<degree>[123])\s*(?:,[^()\n]*)?\))"
    rf"(?:[^.?!\n\[(]{{0,30}}[\[(]\s*(?P<result>{_NUMBER}(?:[\s,]+{_NUMBER})*)\s*[\])])?"
)
_FORMS = {1: ("line", "ac"), 2: ("parabola", "abc"), 3: ("cubic", "abdc")}


@dataclass(frozen=True, slots=True)
class CalledPolynomial:
    """A call of polyfit in a sentence: the form, the coefficients that it gave as claims, where it stands."""

    form: str
    claim: str
    span: Span


def polynomial_in(text: str) -> CalledPolynomial | None:
    """The call of polyfit in a text; None where there is none."""
    found = _POLYFIT.search(text)
    if not found:
        return None
    form, names = _FORMS[int(found["degree"])]
    numbers = re.findall(_NUMBER, found["result"] or "")
    span = found.span() if len(numbers) == len(names) else found.span("call")
    told = zip(names, numbers, strict=True) if len(numbers) == len(names) else ()
    return CalledPolynomial(form, ", ".join(f"{name} = {number}" for name, number in told), span)
