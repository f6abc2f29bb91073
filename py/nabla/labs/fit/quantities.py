"""Quantities of a fitted curve beside its parameters: R², a half-life, a slope, the Q of a peak, and the like."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from math import log, sqrt

import numpy as np
import sympy as sp

from nabla.labs.fit.asked_quantities import AskedQuantities, FittedModel, ToldQuantities, near_one
from nabla.labs.fit.model import Model
from nabla.labs.fit.names import names_of
from nabla.labs.fit.places import reached, value_at
from nabla.labs.fit.programs import with_error
from nabla.labs.fit.rates import Rate, rate_of
from nabla.sinusoid.chance import f_test
from nabla.write.notation import decimals

OF_WAVES = frozenset(["amplitude", "frequency", "phase", "offset", "angular frequency"])
_FORCES = frozenset("N mN kN lb lbf dyn kgf".split())
USUAL = 0.05  # the level of a test that is asked for without one
_ENDLESS = 1e7  # degrees of freedom that stand for a known variance


def told_of_model(asked: AskedQuantities, fitted: FittedModel, said: AbstractSet[str]) -> ToldQuantities:
    """Everything asked for that follows from a fitted formula; `said` is what its sentence tells by itself."""
    told = ToldQuantities()
    if fitted.model.expr.has(sp.sin, sp.cos):
        said = said | OF_WAVES  # they are among the parameters
    for name in asked.names:
        if name not in said and not _TELLERS.get(name, _unknown)(fitted, told):
            told.missing.append(name)
    for x in (*asked.at, *asked.beyond(fitted.data)):
        value_at(fitted, told, x)
    for y in asked.reach:
        reached(fitted, told, y)
    return told


def _unknown(fitted: FittedModel, told: ToldQuantities) -> bool:
    return False


def _r2(fitted: FittedModel, told: ToldQuantities) -> bool:
    y = fitted.data.y
    residual = fitted.found.residual
    value = 1 - float(residual @ residual) / float(np.sum((y - y.mean()) ** 2))
    told.add("R2", f"$R^2 = {near_one(value)}$.", value)
    return True


def _correlation(fitted: FittedModel, told: ToldQuantities) -> bool:
    """Pearson's coefficient of the two columns."""
    x, y = fitted.data.x, fitted.data.y
    value = float(np.corrcoef(x, y)[0, 1])
    told.add("correlation", f"The correlation is $r = {near_one(value)}$.", value)
    return True


def _spring(fitted: FittedModel, told: ToldQuantities) -> bool:
    """Force over extension, Hooke's law: the slope where the force is measured, its inverse where it is set."""
    x_unit, y_unit = fitted.x_unit.strip(), fitted.y_unit.strip()
    if fitted.line is None or (x_unit in _FORCES) == (y_unit in _FORCES):
        return False
    over = y_unit in _FORCES
    value, se = fitted.derived(fitted.line[0] if over else 1 / fitted.line[0])
    force, length = (y_unit, x_unit) if over else (x_unit, y_unit)
    per = f" {force}/{length}" if length else f" {force}"
    told.add("spring constant", f"The spring constant is ${with_error(value, se)}${per}.", value, se)
    return True


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


def _p_of_intercept(fitted: FittedModel, told: ToldQuantities) -> bool:
    """Student's test of an intercept of 0."""
    if fitted.line is None or fitted.found.freedom < 1:
        return False
    value, se = fitted.derived(fitted.line[1])
    chance = f_test((value / se) ** 2, 1, fitted.found.freedom) if se > 0 else 0.0
    differs = "differs" if chance < USUAL else "does not differ"
    text = (
        f"The intercept {differs} significantly from 0: one as far from it would come of noise alone with "
        f"$p = {decimals(chance, 2)}$, $t = {decimals(value / se if se > 0 else 0.0, 3)}$."
    )
    told.add("p-value of the intercept", text, chance)
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
        if rate is None and name == "rate":
            return _of_logistic(fitted, told)
        if rate is None or (name == "half-life" and rate.rate > 0) or (name == "doubling time" and rate.rate < 0):
            return False
        value = size(rate)
        se = value * rate.se / abs(rate.rate)
        unit = (f" per{fitted.x_unit}" if fitted.x_unit else "") if name == "rate" else fitted.x_unit
        said = f"rate of {'growth' if rate.rate > 0 else 'decay'}" if name == "rate" else name
        told.add(name, f"The {said} is ${with_error(value, se)}${unit}.", value, se)
        return True

    return teller


def _of_logistic(fitted: FittedModel, told: ToldQuantities) -> bool:
    """The rate at which a logistic curve grows at first, or that at which a damped wave dies away."""
    x = fitted.model.axis
    slopes = [sp.diff(grown.args[0], x) for grown in fitted.model.expr.atoms(sp.exp) if grown.has(x)]
    if len(slopes) != 1 or slopes[0].has(x) or not slopes[0].free_symbols:
        return False
    value, se = fitted.derived(-slopes[0])
    unit = f" per{fitted.x_unit}" if fitted.x_unit else ""
    said = "decay" if value > 0 and fitted.model.expr.has(sp.sin, sp.cos) else "growth"
    told.add("rate", f"The rate of {said} is ${with_error(abs(value), se)}${unit}.", abs(value), se)
    return True


def _capacity(fitted: FittedModel, told: ToldQuantities) -> bool:
    """What the curve comes near to far behind the data."""
    far = np.array([fitted.data.x[-1] + 1e4 * np.ptp(fitted.data.x)])
    with np.errstate(all="ignore"):
        value = float(fitted.curve.value(far, fitted.found.parameters)[0])
        slopes = fitted.curve.jacobian(far, fitted.found.parameters)
    if not np.isfinite(value) or not np.isfinite(slopes).all() or abs(value) > 100 * float(np.abs(fitted.data.y).max()):
        return False
    se = float(fitted.found.band(slopes)[0])
    told.add("capacity", f"It comes near to ${with_error(value, se)}${fitted.y_unit}.", value, se)
    return True


def _of_parabola(name: str) -> Callable[[FittedModel, ToldQuantities], bool]:
    def teller(fitted: FittedModel, told: ToldQuantities) -> bool:
        x = fitted.model.axis
        second = sp.diff(fitted.model.expr, x, 2)
        if second.has(x) or second == 0:
            return False
        bend = fitted.derived(second)[0]
        if bend == 0 or (bend < 0) is not (name == "maximum"):
            return False
        place, se = fitted.derived(-sp.diff(fitted.model.expr, x).subs(x, 0) / second)
        height = float(fitted.curve.value(np.array([place]), fitted.found.parameters)[0])
        called = names_of(fitted.data, fitted.model.names)
        first, last = float(fitted.data.x[0]), float(fitted.data.x[-1])
        outside = "" if first <= place <= last else " That is outside of the data."
        text = (
            f"The {name} is at ${called.x_tex} = {with_error(place, se)}${fitted.x_unit}, where the curve is at "
            f"${decimals(height, 5)}${fitted.y_unit}.{outside}"
        )
        told.add(name, text, place, se)
        return True

    return teller


def _shape(model: Model) -> tuple[str, sp.Symbol, sp.Symbol] | None:
    """Whether the model is a Lorentzian or a Gaussian peak, its centre and its width; None for others."""
    x = model.axis
    for p in model.parameters:
        shifted = sp.expand(sp.diff(model.expr, x) + sp.diff(model.expr, p)) if model.expr.has(p) else sp.S.One
        drift = sp.simplify(shifted)  # the slope of a line beneath
        if drift.has(x) or drift.has(p):
            continue
        u = sp.Dummy("u", real=True)
        centred = model.expr.subs(x, p + u)
        for w in (q for q in model.parameters if q is not p and centred.has(q)):
            for kind, unit in (("Lorentzian", 1 / (1 + u**2 / w**2)), ("Gaussian", sp.exp(-(u**2) / (2 * w**2)))):
                slope, other = sp.diff(centred, u) - drift, sp.diff(unit, u)
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
    "correlation": _correlation,
    "spring constant": _spring,
    "chi2": _chi2,
    "p-value": _p_value,
    "p-value of the intercept": _p_of_intercept,
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
    "capacity": _capacity,
    "maximum": _of_parabola("maximum"),
    "minimum": _of_parabola("minimum"),
}
