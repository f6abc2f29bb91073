"""A fitted form as people write it: a decay with its rate above 0, a step that rises, no constant that is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import sympy as sp

from nabla.errors import UserError
from nabla.labs.fit.model import Model, curve_of, ranges
from nabla.read.data import Data
from nabla.sinusoid.curve import Curve, CurveFit, fit_curve, upright, weighed
from nabla.sinusoid.times import Times

ROUNDING = 1e-13  # of the largest value: what a parameter adds less of is 0
NOTHING = 2.0  # errors of a constant, within which a shape of ours does without it


def fitted_to(model: Model, curve: Curve, data: Data, times: Times) -> CurveFit:
    """The best fit of a model to data, weighed by their errors where they have some.

    Raises:
        UserError: where the formula has no finite value at the data.
    """
    try:
        if data.error is None:
            made = fit_curve(curve, data.x, data.y, ranges(model, curve, data, times))
            return _without_rounding(upright(curve, data.x, data.y, made), curve, data)
        weights = 1 / data.error
        made = fit_curve(curve, data.x, data.y, ranges(model, curve, data, times), weights=weights)
        made = upright(weighed(curve, weights), data.x, data.y * weights, made)
        return _without_rounding(replace(made, residual=made.residual / weights), curve, data)
    except ValueError as error:
        message = "The formula has no finite value at the data, whatever its parameters."
        raise UserError("value", message, hint="Is x the right column?", field="form") from error


def _without_rounding(found: CurveFit, curve: Curve, data: Data) -> CurveFit:
    """Linear parameters that add no more than rounding as 0: of exact data those that the form does not need."""
    with np.errstate(all="ignore"):
        added = np.abs(curve.jacobian(data.x, found.parameters) * found.parameters).max(axis=0)
    none = np.zeros(found.parameters.size, dtype=bool)
    none[list(curve.linear)] = True
    none &= added <= ROUNDING * float(np.abs(data.y).max())
    return replace(found, parameters=np.where(none, 0.0, found.parameters)) if none.any() else found


def decaying(model: Model, curve: Curve, found: CurveFit) -> tuple[Model, Curve, CurveFit]:
    """exp(k*x) as exp(-k*x) where it falls: a rate is told as people tell it, above 0."""
    k = model.names.index("k")
    rate = model.parameters[k]
    slopes = {sp.diff(grown.args[0], model.axis) for grown in model.expr.atoms(sp.exp)}
    if found.parameters[k] >= 0 or slopes != {rate}:
        return model, curve, found
    turn = np.ones(found.parameters.size)
    turn[k] = -1.0
    model = replace(model, expr=model.expr.subs(rate, -rate))
    covariance = found.covariance * np.outer(turn, turn)
    return model, curve_of(model), replace(found, parameters=found.parameters * turn, covariance=covariance)


def rising(found: CurveFit) -> CurveFit:
    """A logistic curve with k above 0: L/(1 + exp(-k (x - m))) + c is L + c - L/(1 + exp(k (x - m)))."""
    turn = np.diag([-1.0, -1.0, 1.0, 1.0])
    turn[3, 0] = 1.0
    return replace(found, parameters=turn @ found.parameters, covariance=turn @ found.covariance @ turn.T)


def without_constant(
    model: Model, curve: Curve, found: CurveFit, data: Data, times: Times
) -> tuple[Model, Curve, CurveFit]:
    """An exponential or another shape of ours without its constant, where that is no more than its error."""
    constant = next((p for p in model.parameters if str(p) == "c"), None)
    if constant is None or not curve.nonlinear:
        return model, curve, found
    place = model.parameters.index(constant)
    if abs(found.parameters[place]) > NOTHING * found.se[place]:
        return model, curve, found
    parameters = tuple(p for p in model.parameters if p is not constant)
    plain = replace(model, expr=model.expr.subs(constant, 0), parameters=parameters)
    narrow = curve_of(plain)
    return plain, narrow, fitted_to(plain, narrow, data, times)
