"""What is asked of a fitted curve beside its parameters: R², a half-life, a slope, its value at a place."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from math import log, sqrt

import numpy as np
import sympy as sp

from nabla.answer.document import Document, quoted
from nabla.errors import Span, UserError
from nabla.labs.fit.model import Model
from nabla.labs.fit.names import names_of
from nabla.labs.fit.programs import with_error
from nabla.labs.fit.rates import Rate, rate_of
from nabla.read.data import Data
from nabla.sinusoid.chance import f_test
from nabla.sinusoid.curve import Curve, CurveFit
from nabla.write.notation import decimals

NAMES = "R2 chi2 p-value interval slope intercept half-life rate Q FWHM peak amplitude frequency phase offset".split()
LONGER = ("doubling time", "time constant", "angular frequency")
OF_WAVES = frozenset(["amplitude", "frequency", "phase", "offset", "angular frequency"])
FAR = 10.0  # lengths of the record beyond its ends in which a value is looked for
STEPS = 4000
HALVINGS = 80
_ENDLESS = 1e7  # degrees of freedom that stand for a known variance
_PLACE = re.compile(r"(at|reach)\s+([-+]?[\d.]+(?:e[-+]?\d+)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AskedQuantities:
    """What is asked for: quantities by name, places `at` which the curve is wanted, values that it may `reach`."""

    names: tuple[str, ...] = ()
    at: tuple[float, ...] = ()
    reach: tuple[float, ...] = ()


@dataclass(slots=True)
class ToldQuantities:
    """Sentences that answer, the numbers in them by name, and what could not be told of this curve."""

    sentences: list[str] = field(default_factory=list)
    values: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, text: str, value: float, se: float = 0.0) -> None:
        """One quantity: its sentence, its value and its standard error."""
        self.sentences.append(text)
        self.values[name] = {"value": value, "se": se}


def read_asked(text: str) -> AskedQuantities:
    """Read `R2, half-life, at 12, reach 10`.

    Raises:
        UserError: "value" for a word that is no quantity of a fit.
    """
    known = {name.lower(): name for name in (*NAMES, *LONGER)}
    names: list[str] = []
    places: dict[str, list[float]] = {"at": [], "reach": []}
    for part in filter(None, (part.strip() for part in text.split(","))):
        place = _PLACE.fullmatch(part)
        if place:
            places[place[1].lower()].append(float(place[2]))
        elif part.lower() in known:
            names.append(known[part.lower()])
        else:
            hint = f"Known are {', '.join((*NAMES, *LONGER))}, at 12 and reach 10."
            message = f"{quoted(part[:40])} is nothing that a fit tells."
            raise UserError("value", message, hint=hint, span=Span(0, len(text)))
    return AskedQuantities(tuple(names), tuple(places["at"]), tuple(places["reach"]))


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A formula fitted to data, for what follows from it."""

    model: Model
    curve: Curve
    found: CurveFit
    data: Data

    def derived(self, expr: sp.Expr) -> tuple[float, float]:
        """A function of the parameters with its standard error, to first order."""
        numbers = dict(zip(self.model.parameters, map(float, self.found.parameters), strict=True))
        slopes = np.array([float(sp.diff(expr, p).subs(numbers)) for p in self.model.parameters])
        return float(expr.subs(numbers)), sqrt(max(float(slopes @ self.found.covariance @ slopes), 0.0))

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


def told_of_model(asked: AskedQuantities, fitted: FittedModel, said: AbstractSet[str]) -> ToldQuantities:
    """Everything asked for that follows from a fitted formula; `said` is what its sentence tells by itself."""
    told = ToldQuantities()
    if fitted.model.expr.has(sp.sin, sp.cos):
        said = said | OF_WAVES  # they are among the parameters
    for name in asked.names:
        if name not in said and not _TELLERS.get(name, _unknown)(fitted, told):
            told.missing.append(name)
    for x in asked.at:
        _value_at(fitted, told, x)
    for y in asked.reach:
        _reached(fitted, told, y)
    return told


def warn_of_missing(document: Document, told: ToldQuantities) -> None:
    """Warn of what was asked for and could not be told."""
    for name in told.missing:
        plain = f"the {name}" if name in (*NAMES, *LONGER) else name
        document.warn("not-covered", f"You asked for {_CALLED.get(name, plain)}, which this curve does not tell.")


_CALLED = {
    "chi2": "χ², which needs a column of errors,",
    "R2": "R²",
    "p-value": "a p-value",
    "interval": "confidence intervals",
    "Q": "the Q factor",
    "FWHM": "the full width at half maximum",
}


def _unknown(fitted: FittedModel, told: ToldQuantities) -> bool:
    return False


def _r2(fitted: FittedModel, told: ToldQuantities) -> bool:
    y = fitted.data.y
    residual = fitted.found.residual
    value = 1 - float(residual @ residual) / float(np.sum((y - y.mean()) ** 2))
    told.add("R2", f"$R^2 = {near_one(value)}$.", value)
    return True


def near_one(value: float) -> str:
    """A share with as many digits as tell it from 1."""
    digits = 4 if value < 0.999 else int(np.ceil(-np.log10(max(1 - value, 1e-12)))) + 2
    return f"{value:.{digits}f}"


def _chi2(fitted: FittedModel, told: ToldQuantities) -> bool:
    if fitted.data.error is None:
        return False
    found = fitted.found
    reduced = found.rss / max(found.freedom, 1)
    chance = f_test(reduced, max(found.freedom, 1), _ENDLESS)
    text = (
        rf"$\chi^2 = {decimals(found.rss, 4)}$ for {found.freedom} degrees of freedom, {decimals(reduced, 3)} each; "
        f"errors of that size give as much in ${decimals(100 * chance, 2)}$ % of cases."
    )
    told.add("chi2", text, found.rss)
    return True


def _p_value(fitted: FittedModel, told: ToldQuantities) -> bool:
    found, m = fitted.found, len(fitted.model.names)
    if found.freedom < 1:
        return False
    if fitted.line:
        value, se = fitted.derived(fitted.line[0])
        chance = f_test((value / se) ** 2, 1, found.freedom) if se > 0 else 0.0
        what = "A slope as far from 0"
    else:
        y = fitted.data.y
        total, left = float(np.sum((y - y.mean()) ** 2)), float(found.residual @ found.residual)
        if m < 2 or left <= 0:
            return False
        chance = f_test(max(total - left, 0.0) / (m - 1) / (left / found.freedom), m - 1, found.freedom)
        what = "A curve that explains as much more than a constant"
    told.add("p-value", f"{what} would come of noise alone with $p = {decimals(chance, 2)}$.", chance)
    return True


def _interval(fitted: FittedModel, told: ToldQuantities) -> bool:
    found = fitted.found
    if found.freedom < 1:
        return False
    listed = []
    for p, value, se in zip(fitted.model.parameters, found.parameters, found.se, strict=True):
        low, high = float(value - found.t95 * se), float(value + found.t95 * se)
        told.values[f"interval {p}"] = {"low": low, "high": high}
        listed.append(f"${sp.latex(p)}$ from ${decimals(low, 4)}$ to ${decimals(high, 4)}$")
    told.sentences.append(f"With 95 % confidence: {', '.join(listed)}.")
    return True


def _of_line(place: int, name: str) -> Callable[[FittedModel, ToldQuantities], bool]:
    def teller(fitted: FittedModel, told: ToldQuantities) -> bool:
        if fitted.line is None:
            return False
        part = fitted.line[place]
        value, se = fitted.derived(part)
        over = fitted.y_unit + (f" per{fitted.x_unit}" if fitted.x_unit else "") if place == 0 else fitted.y_unit
        told.add(name, f"The {name} is ${with_error(value, se)}${over}.", value, se)
        return True

    return teller


def _of_rate(name: str, size: Callable[[Rate], float]) -> Callable[[FittedModel, ToldQuantities], bool]:
    def teller(fitted: FittedModel, told: ToldQuantities) -> bool:
        rate = rate_of(fitted.model, fitted.found)
        if rate is None or (name == "half-life" and rate.rate > 0) or (name == "doubling time" and rate.rate < 0):
            return False
        value = size(rate)
        se = value * rate.se / abs(rate.rate)
        unit = (f" per{fitted.x_unit}" if fitted.x_unit else "") if name == "rate" else fitted.x_unit
        said = f"rate of {'growth' if rate.rate > 0 else 'decay'}" if name == "rate" else name
        told.add(name, f"The {said} is ${with_error(value, se)}${unit}.", value, se)
        return True

    return teller


def _shape(model: Model) -> tuple[str, sp.Symbol, sp.Symbol] | None:
    """Whether the model is a Lorentzian or a Gaussian peak, its centre and its width; None for others."""
    x = model.axis
    for p in model.parameters:
        shifted = sp.expand(sp.diff(model.expr, x) + sp.diff(model.expr, p)) if model.expr.has(p) else sp.S.One
        if sp.simplify(shifted) != 0:
            continue
        u = sp.Dummy("u", real=True)
        centred = model.expr.subs(x, p + u)
        for w in (q for q in model.parameters if q is not p and centred.has(q)):
            for kind, unit in (("Lorentzian", 1 / (1 + u**2 / w**2)), ("Gaussian", sp.exp(-(u**2) / (2 * w**2)))):
                slope, other = sp.diff(centred, u), sp.diff(unit, u)
                ratio = sp.simplify(slope / other)
                if not ratio.has(u) and not ratio.has(w):
                    return kind, p, w
    return None


def _q(fitted: FittedModel, told: ToldQuantities) -> bool:
    shape = _shape(fitted.model)
    if shape is None or shape[0] != "Lorentzian":
        return False
    _, centre, width = shape
    value, se = fitted.derived(centre / (2 * width))
    text = rf"$Q = {with_error(value, se)}$, the centre over the full width at half the height, $2\,{sp.latex(width)}$."
    told.add("Q", text, value, se)
    return True


def _fwhm(fitted: FittedModel, told: ToldQuantities) -> bool:
    shape = _shape(fitted.model)
    if shape is None:
        return False
    kind, _, width = shape
    value, se = fitted.derived(2 * width * (1 if kind == "Lorentzian" else sqrt(2 * log(2))))
    told.add("FWHM", f"The full width at half the height is ${with_error(value, se)}${fitted.x_unit}.", value, se)
    return True


def _peak(fitted: FittedModel, told: ToldQuantities) -> bool:
    shape = _shape(fitted.model)
    if shape is None:
        return False
    value, se = fitted.derived(shape[1])
    told.add("peak", f"The peak is at ${with_error(value, se)}${fitted.x_unit}.", value, se)
    return True


_TELLERS: dict[str, Callable[[FittedModel, ToldQuantities], bool]] = {
    "R2": _r2,
    "chi2": _chi2,
    "p-value": _p_value,
    "interval": _interval,
    "slope": _of_line(0, "slope"),
    "intercept": _of_line(1, "intercept"),
    "half-life": _of_rate("half-life", lambda rate: rate.half_life),
    "doubling time": _of_rate("doubling time", lambda rate: rate.half_life),
    "time constant": _of_rate("time constant", lambda rate: 1 / abs(rate.rate)),
    "rate": _of_rate("rate", lambda rate: abs(rate.rate)),
    "Q": _q,
    "FWHM": _fwhm,
    "peak": _peak,
}


def _value_at(fitted: FittedModel, told: ToldQuantities, x: float) -> None:
    """The value of the curve at a place, and in what interval a new sample lies."""
    place = np.array([x])
    with np.errstate(all="ignore"):
        value = float(fitted.curve.value(place, fitted.found.parameters)[0])
        slopes = fitted.curve.jacobian(place, fitted.found.parameters)
    if not (np.isfinite(value) and np.isfinite(slopes).all()):
        told.missing.append(f"the value at {x:g}")
        return
    se = float(fitted.found.band(slopes)[0])
    names = names_of(fitted.data, fitted.model.names)
    wide = fitted.found.t95 * sqrt(se**2 + fitted.found.sigma**2)
    first, last = float(fitted.data.x[0]), float(fitted.data.x[-1])
    beyond = ""
    if not first <= x <= last:
        beyond = " That is outside of the data, and holds only if the curve goes on like this."
    text = (
        f"At ${names.x_tex} = {decimals(x, 6)}$ the curve is at ${with_error(value, se)}${fitted.y_unit}; 95 % of new "
        f"values there lie within ${decimals(wide, 2)}$ of it.{beyond}"
    )
    told.add(f"at {x:g}", text, value, se)


def _reached(fitted: FittedModel, told: ToldQuantities, y: float) -> None:
    """Where the curve reaches a value: the place in the data, or the nearest beyond them."""
    x = fitted.data.x
    first, last = float(x[0]), float(x[-1])
    reach = FAR * (last - first)
    grid = np.unique(np.concatenate([np.linspace(first, last, STEPS), np.linspace(first - reach, last + reach, STEPS)]))
    with np.errstate(all="ignore"):
        off = fitted.curve.value(grid, fitted.found.parameters) - y
    crossed = np.flatnonzero(np.isfinite(off[:-1]) & np.isfinite(off[1:]) & (off[:-1] * off[1:] <= 0))
    if not crossed.size:
        told.missing.append(f"where the curve reaches {y:g}: it does not within ten lengths of the data")
        return
    outside = [max(first - grid[i], grid[i] - last, 0.0) for i in crossed]
    low, high = (float(v) for v in grid[crossed[int(np.argmin(outside))] + np.array([0, 1])])
    sign = float(np.sign(fitted.curve.value(np.array([low]), fitted.found.parameters)[0] - y))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        same = np.sign(fitted.curve.value(np.array([middle]), fitted.found.parameters)[0] - y) == sign
        low, high = (middle, high) if same else (low, middle)
    place, step = np.array([low]), 1e-6 * (last - first)
    ends = fitted.curve.value(np.array([low - step, low + step]), fitted.found.parameters)
    slope = abs(float(ends[1] - ends[0])) / (2 * step)
    if slope == 0:
        told.missing.append(f"where the curve reaches {y:g}: it is flat there")
        return
    se = float(fitted.found.band(fitted.curve.jacobian(place, fitted.found.parameters))[0]) / slope
    single = sqrt(se**2 + (fitted.found.sigma / slope) ** 2)
    names = names_of(fitted.data, fitted.model.names)
    beyond = "" if first <= low <= last else " That is outside of the data, and holds only if the curve goes on."
    scatter = f"; for a single measured value the error is ${decimals(single, 2)}$" if single > 1.05 * se else ""
    text = f"It reaches ${decimals(y, 6)}$ at ${names.x_tex} = {with_error(low, se)}${fitted.x_unit}{scatter}.{beyond}"
    told.add(f"reach {y:g}", text, low, single)
