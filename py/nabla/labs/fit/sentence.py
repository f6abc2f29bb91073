"""fit: the sentence that answers: how many sinusoids, and the formula."""

from __future__ import annotations

from nabla.answer.document import Document
from nabla.write.sentence import sentence

# What is wrong in a program, by its kind of finding: the sentence begins with the first of these.
HEADLINES = {
    "columns-swapped": "The call has the two columns the wrong way round",
    "precedence": "A product that was meant to divide multiplies",
    "coefficient-order": "The coefficients are taken apart in the wrong order",
    "argument-order": "The function does not take its axis first, so that an array is put for another argument",
    "redundant-parameter": "Two parameters of the model do the same, so that neither can be found",
    "degrees": "The model counts angles in degrees, sines take radians",
    "missing-intercept": "The model has no constant, and the data need one",
    "two-pi": "A frequency in cycles is taken for one in radians, or the reverse",
    "start-order": "The numbers of the start stand in another order than the arguments",
    "frequency-start": "The start is too far off in frequency, and the steps end in a side minimum",
    "local-minimum": "From that start the steps end short of the best fit",
    "ill-conditioned": "The powers of the axis are nearly the same, as it lies far from 0",
    "missing-root": "The errors are the square roots of the diagonal",
    "unit-step": "The frequencies are in cycles per sample, because the transform is not told the step",
    "spacing": "The frequency axis has another step than the samples",
    "both-halves": "The two frequencies are one: a real signal has each twice",
    "aliased": "The frequency lies above half the sampling rate, and shows as its alias",
    "bin-width": "The frequency is that of the nearest bin",
    "mean-left": "The largest bin is the mean",
    "amplitude-scale": "The heights are no amplitudes yet: those are 2/N of the transform",
    "window-gain": "The window lowers the heights by its mean",
    "period-inverse": "What is called the period is the frequency, its inverse",
    "leakage": "The record holds no whole number of cycles, and the wave leaks into several bins",
}


def headline(document: Document, last: str = "") -> str:
    """What is found wrong in the program, as the beginning of the sentence; "" where nothing is, `last` if all else is
    right.
    """
    kinds = {finding["kind"] for finding in document.values.get("findings", [])}
    first = next((kind for kind in HEADLINES if kind in kinds and kind != last), last if last in kinds else "")
    return f"{HEADLINES[first]}. " if first else ""


def conclude(document: Document, said: str, equation: str, since: str = "", behind: str = "") -> None:
    """Set the document's sentence: what is `said` of the sinusoids, their equation in LaTeX ("" where it is long), from
    when its axis counts, and what comes `behind`.
    """
    values = document.values
    if not values["tones"] or not equation:
        document.answer = sentence(f"{said}. {behind}".strip(), values, ())
        return
    keys = ("amplitude", "frequency") if values["form"] else ("amplitude", "frequency", "decay")
    terms = ("form", values["form"]) if values["form"] else ("tones", values["tones"])
    names = [f"{terms[0]}.{i}.{key}" for i in range(len(terms[1])) for key in keys]
    document.answer = sentence(f"{said}: ${equation}${since}. {behind}".strip(), values, names)


def conclude_constant(document: Document, value: float) -> None:
    """Set the sentence of data that do not change."""
    document.answer = sentence(f"All values are {value:.6g}: there is nothing to fit.", document.values, ["offset"])
