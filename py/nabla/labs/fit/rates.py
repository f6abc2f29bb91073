"""How fast an exponential grows or decays: its time constant, half-life or doubling time, with their errors."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, nan, sqrt

import numpy as np
import sympy as sp

from nabla.labs.fit.model import Model
from nabla.labs.fit.programs import with_error
from nabla.read.data import Data
from nabla.sinusoid.curve import CurveFit


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate of an exponential in x, below 0 where it decays, and its standard error, NaN where nothing tells it."""

    rate: float
    se: float

    @property
    def half_life(self) -> float:
        """In what length of x it halves or doubles."""
        return log(2) / abs(self.rate)


def rate_of(model: Model, found: CurveFit) -> Rate | None:
    """The rate of the one exponential in a model, a*exp(-k*x), a*r^x or a*2^(-x/T); else None."""
    x, parameters = model.axis, model.parameters
    slopes: list[sp.Expr] = []
    for grown in model.expr.atoms(sp.exp, sp.Pow):
        base, exponent = (sp.E, grown.args[0]) if isinstance(grown, sp.exp) else grown.as_base_exp()
        slope = sp.diff(exponent, x) * sp.log(base)
        place = sp.Dummy()
        factor = sp.diff(model.expr.xreplace({grown: place}), place)
        alone = not factor.has(place) and not factor.has(x)  # a*exp(-k*x) + c, and no logistic curve
        if alone and exponent.has(x) and not base.has(x) and not slope.has(x) and slope.free_symbols:
            slopes.append(slope)
    if len(slopes) != 1 or model.expr.has(sp.sin, sp.cos):
        return None
    numbers = dict(zip(parameters, map(float, found.parameters), strict=True))
    value = slopes[0].subs(numbers)
    steps = [sp.diff(slopes[0], p).subs(numbers) for p in parameters]
    if not all(part.is_real for part in (value, *steps)) or value == 0:
        return None
    gradient = np.array([float(step) for step in steps])
    variance = float(gradient @ found.covariance @ gradient)
    return Rate(float(value), sqrt(max(variance, 0.0)) if found.freedom else nan)


def told(rate: Rate, data: Data) -> str:
    """The time constant and the half-life or doubling time, in a sentence."""
    unit = f" {data.x_unit}" if data.x_unit else ""
    name = "half-life" if rate.rate < 0 else "doubling time"
    length, share = 1 / abs(rate.rate), rate.se / abs(rate.rate)
    constant = f"${with_error(length, length * share)}${unit}"
    return f"The {name} is ${with_error(rate.half_life, rate.half_life * share)}${unit}, the time constant {constant}."
