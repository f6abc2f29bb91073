"""derive: what the answers around a derivative have in common: how they begin, their steps, checks and sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp

from nabla.answer.check import Test
from nabla.answer.check import Verdict as Outcome
from nabla.answer.document import Check, Document, Heading, Math, Step, Steps
from nabla.errors import Span, UserError
from nabla.lab import Inputs
from nabla.labs.derive.parts import Part, count, steps_check, steps_of
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.notation import tex
from nabla.write.sentence import sentence


def begin(document: Document, question: DeriveQuestion, title: str) -> None:
    """The title, and each function as it was read."""
    document.title = title
    document.values["reading"] = "; ".join(sp.sstr(reading.expr) for reading in question.functions)
    for place, reading in enumerate(question.functions):
        label = "" if place else "What was understood"
        whole = reading.tex
        if question.unknown is None:
            names = ", ".join(tex(symbol) for symbol in question.symbols)
            whole = f"{question.name_of(place)}({names}) = {reading.tex}"
        document.add(Math(whole, sp.sstr(reading.expr), label, role="reading"))


def say(document: Document, prose: str, claim: str = "", names: Iterable[str] = ()) -> None:
    """Set the sentence that answers; `claim` is what is to be said of the reader's own answer."""
    whole = "; ".join(part for part in (prose, claim) if part)
    document.answer = sentence(f"{whole}.", document.values, names)


def finish(document: Document, question: DeriveQuestion, shown: Sequence[Step], checks: Sequence[Check]) -> None:
    """The steps and the checks."""
    document.values["steps"] = count(shown)
    document.add(Heading("Step by step", role="steps"), Steps(list(shown), detail=question.detail))
    document.add(Heading("Checked", role="checks"))
    document.add(*([steps_check(document)] if document.checks else []), *checks)


def derived(part: Part, question: DeriveQuestion, name: str) -> Step:
    """One step that holds the steps of a derivative."""
    inside = steps_of(part, name, question.partial, question.domain)
    return Step(f"Differentiate: ${part.left}$", f"{part.left} = {tex(part.simple)}", steps=inside)


def measured(claim: str, method: str, figure: float | None, bound: float, test: Test) -> Check:
    """A check of a figure that must stay below a bound; None where nothing could be measured."""
    verdict: Outcome = "unchecked" if figure is None else "passed" if figure <= bound else "failed"
    return Check(claim, method, verdict, figure, bound, test=test)


def refuse(inputs: Inputs, field: str, message: str, hint: str = "", code: str = "value") -> UserError:
    """The error for an input that does not fit what is asked."""
    return UserError(code, message, hint=hint, span=Span(0, len(inputs[field])), field=field)
