"""What is asked of a fit beside its curve, and what is told: quantities by name, places, values to reach."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import isfinite, nan, sqrt

import numpy as np
import sympy as sp

from nabla.answer.document import Document, quoted
from nabla.errors import Span, UserError
from nabla.labs.fit.model import Model
from nabla.read.data import Data
from nabla.sinusoid.curve import Curve, CurveFit

NAMES = (
    "R2 correlation chi2 p-value interval slope intercept half-life rate Q FWHM peak amplitude frequency phase offset "
    "capacity maximum minimum"
).split()
LONGER = (
    "doubling time",
    "time constant",
    "angular frequency",
    "damping ratio",
    "per minute",
    "p-value of the intercept",
    "spring constant",
)
KNOWN = {name.lower(): name for name in (*NAMES, *LONGER)}
LENGTHS = frozenset(["half-life", "doubling time", "time constant"])  # in units of the axis
_NEXT = re.compile(r"next\s+([1-9]\d?)", re.IGNORECASE)
_PLACE = re.compile(r"(at|reach)\s+([-+]?[\d.]+(?:e[-+]?\d+)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AskedQuantities:
    """What is asked for: quantities by name, places `at` which the curve is wanted, values that it may `reach`, and how
    many samples beyond the last are to be told.
    """

    names: tuple[str, ...] = ()
    at: tuple[float, ...] = ()
    reach: tuple[float, ...] = ()
    following: int = 0

    def beyond(self, data: Data) -> list[float]:
        """The places of the samples that follow on the last."""
        return [float(data.x[-1]) + (i + 1) * data.step for i in range(self.following)]


@dataclass(slots=True)
class ToldQuantities:
    """Sentences that answer, the numbers in them by name, and what could not be told of this curve."""

    sentences: list[str] = field(default_factory=list)
    values: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, text: str, value: float, se: float = 0.0) -> None:
        """One quantity: its sentence, its value and its standard error, NaN where nothing tells it."""
        self.sentences.append(text)
        self.values[name] = {"value": value, "se": se if isfinite(se) else 0.0}


def read_asked(text: str) -> AskedQuantities:
    """Read `R2, half-life, at 12, reach 10, next 3`.

    Raises:
        UserError: "value" for a word that is no quantity of a fit.
    """
    names: list[str] = []
    places: dict[str, list[float]] = {"at": [], "reach": []}
    following = 0
    for part in filter(None, (part.strip() for part in text.split(","))):
        place = _PLACE.fullmatch(part)
        if place:
            places[place[1].lower()].append(float(place[2]))
        elif ahead := _NEXT.fullmatch(part):
            following = int(ahead[1])
        elif part.lower() in KNOWN:
            names.append(KNOWN[part.lower()])
        else:
            hint = f"Known are {', '.join(KNOWN.values())}, at 12, reach 10 and next 3."
            message = f"{quoted(part[:40])} is nothing that a fit tells."
            raise UserError("value", message, hint=hint, span=Span(0, len(text)))
    return AskedQuantities(tuple(names), tuple(places["at"]), tuple(places["reach"]), following)


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A formula fitted to data, for what follows from it."""

    model: Model
    curve: Curve
    found: CurveFit
    data: Data

    def derived(self, expr: sp.Expr) -> tuple[float, float]:
        """A function of the parameters with its standard error, to first order; NaN where all rows were needed."""
        numbers = dict(zip(self.model.parameters, map(float, self.found.parameters), strict=True))
        slopes = np.array([float(sp.diff(expr, p).subs(numbers)) for p in self.model.parameters])
        se = sqrt(max(float(slopes @ self.found.covariance @ slopes), 0.0)) if self.found.freedom else nan
        return float(expr.subs(numbers)), se

    @property
    def x_unit(self) -> str:
        """The unit of the axis behind a number."""
        return f" {quoted(self.data.x_unit)}" if self.data.x_unit else ""

    @property
    def y_unit(self) -> str:
        """The unit of the values behind a number."""
        return f" {quoted(self.data.y_unit)}" if self.data.y_unit else ""

    @property
    def line(self) -> tuple[sp.Expr, sp.Expr] | None:
        """Slope and intercept where the model is a line in x; else None."""
        slope = sp.diff(self.model.expr, self.model.axis)
        return None if slope.has(self.model.axis) else (slope, self.model.expr.subs(self.model.axis, 0))


def warn_of_missing(document: Document, told: ToldQuantities) -> None:
    """Warn of what was asked for and could not be told."""
    for name in told.missing:
        plain = f"the {name}" if name.lower() in KNOWN else name
        why = _NEEDS.get(name, "this curve does not tell it")
        document.warn("not-covered", f"You asked for {_CALLED.get(name, plain)}; {why}.")


_NEEDS = {"chi2": "that needs the errors of the values, in a column of their own"}
_CALLED = {
    "chi2": "χ²",
    "R2": "R²",
    "p-value": "a p-value",
    "interval": "confidence intervals",
    "Q": "the Q factor",
    "FWHM": "the full width at half maximum",
}


def near_one(value: float) -> str:
    """A share with as many digits as tell it from 1."""
    digits = 4 if value < 0.999 else int(np.ceil(-np.log10(max(1 - value, 1e-12)))) + 2
    return f"{value:.{digits}f}"
