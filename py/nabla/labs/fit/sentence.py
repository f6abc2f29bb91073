"""fit: the sentence that answers: how many sinusoids, and the formula."""

from __future__ import annotations

from nabla.answer.document import Document
from nabla.write.sentence import sentence


def conclude(document: Document, said: str, formula: str) -> None:
    """Set the document's sentence: what is `said` of the sinusoids, and the formula in LaTeX where there are any."""
    values = document.values
    if not values["tones"]:
        document.answer = sentence(f"{said}.", values, ())
        return
    keys = ("amplitude", "frequency") if values["form"] else ("amplitude", "frequency", "decay")
    terms = ("form", values["form"]) if values["form"] else ("tones", values["tones"])
    names = [f"{terms[0]}.{i}.{key}" for i in range(len(terms[1])) for key in keys]
    document.answer = sentence(f"{said}: $y = {formula}$.", values, names)


def conclude_constant(document: Document, value: float) -> None:
    """Set the sentence of data that do not change."""
    document.answer = sentence(f"All values are {value:.6g}: there is nothing to fit.", document.values, ["offset"])
