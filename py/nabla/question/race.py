"""Methods of minimisation that a text would have compared on a test function by its name."""

from __future__ import annotations

import re

from nabla.question.filled import Filled, Span
from nabla.question.formulas import entries_of
from nabla.question.lexicon import TEST_FUNCTIONS
from nabla.question.roles import RoleReading

_NAMED = re.compile(
    rf"\b({'|'.join(name.replace('-', '[- ]?') for name in TEST_FUNCTIONS if name not in ('seed', 'quadratic'))})"
    r"(?:'s)?(?: (?:banana|valley))?(?: functions?)?\b",
    re.I,
)
# Words of a method, and its name here.
_METHODS = {
    r"adamw": "adamw", r"adam": "adam", r"rms-?prop": "rmsprop", r"adagrad": "adagrad", r"nesterov|NAG": "nesterov",
    r"momentum|heavy[- ]ball": "heavy-ball", r"sgd|gd|gradient descent|steepest descent": "gradient-descent",
    r"l-?bfgs(?:-?b)?": "l-bfgs", r"bfgs": "bfgs", r"nelder[- ]mead|simplex": "nelder-mead",
    r"newton-cg": "newton-cg", r"newton(?:'s method)?": "newton", r"conjugate gradients?|cg": "cg",
    r"trust[- ]region": "trust-region", r"coordinate descent": "coordinate-descent",
}  # fmt: skip
_RACE = re.compile(
    r"\bcompar|\bvs\b|\bversus\b|\bminimi[sz]|\boptimi[sz]|\bfaster\b|\bbetter\b|\bwhich\b|\brun\b", re.I
)


def race(reading: RoleReading) -> Filled | None:
    """The test function, its start and the methods; None where none of these functions is named, or one is written."""
    text = reading.text
    named = _NAMED.search(text)
    if named is None or not _RACE.search(text) or any(f.span[0] > named.end() or f.span[1] < named.start()
                                                      for f in reading.functions if f.shape != "point"):  # fmt: skip
        return None
    used: list[Span] = [named.span()]
    left, methods = text, []
    for words, name in _METHODS.items():
        if (found := re.search(rf"(?<![\w-])(?:{words})(?![\w-])", left, re.I)) is not None:
            methods.append((found.start(), name))
            used.append(found.span())
            left = left[: found.start()] + " " * len(found[0]) + left[found.end() :]
    inputs = {"f": re.sub(r"\s+", "-", named[1].lower())}
    if methods:
        inputs["methods"] = ", ".join(name for _, name in sorted(methods))
    if (point := next((f for f in reading.formulas if f.shape == "point"), None)) is not None:
        inputs["start"] = ", ".join(entries_of(point.body))
        used.append(point.span)
    return Filled(inputs, tuple(used))
