"""The form that the words of a text ask to fit: by its name, by what only it has, or an oscillation."""

from __future__ import annotations

import re

from nabla.read.fields.named_forms import form_called, forms_called

_WORDS = re.compile(
    r"\bfit(?:s|ted|ting)?\b[^.?!\n]{0,40}|\b(?:line of best fit|(?:line|parabola|quadratic|cubic) through)\b",
    re.IGNORECASE,
)


def named_in(prose: str, asked: str) -> str:
    """The words by which a form is asked for, fit two Gaussians, or those of what only one form has: its half-life."""
    if other := re.search(
        r"\bfit(?:s|ted|ting)? (?:an? |the )?(circle|ellipse|sphere|plane|spline|surface)\b", prose, re.I
    ):
        return other[1].lower()
    found = _WORDS.search(prose)
    if found and (form := form_called(found[0])):
        return form
    named = [form for form in forms_called(prose) if form not in ("line", "parabola", "cubic")]
    if len(named) == 1 and not re.search(r"\b(?:not?|isn't|non)\b", prose):
        return named[0]
    return next((form for name in asked.split(", ") if (form := form_called(name))), "")


_OWN = frozenset({"power law", "Michaelis-Menten", "logistic curve", "Arrhenius law", "logarithm", "pendulum"})


def is_named(form: str, prose: str) -> bool:
    """Whether a text speaks of a form and of no other that has its words too: by a name that only it has."""
    name = form.split(" ")[0]
    return form in _OWN or (name in ("Gaussian", "Lorentzian", "Hill") and name.lower() in prose.lower())


OSCILLATES = re.compile(
    r"\b(?:sines?|sinus\w*|cosines?|period(?:s|ic\w*)?|frequenc\w+|cycles?|cyclic\w*|season\w*|harmonics?|oscillat\w+|"
    r"tid(?:e|es|al)|amplitudes?|waves?|wavy)\b",
    re.IGNORECASE,
)
