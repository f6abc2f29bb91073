"""A sinusoid or a line of a program without the constant that its data need, and the fit with it."""

from __future__ import annotations

import numpy as np
import sympy as sp

from nabla.answer.document import Document
from nabla.labs.fit.asked_quantities import FittedModel
from nabla.labs.fit.model import Model, curve_of
from nabla.labs.fit.model_blocks import shown_error
from nabla.labs.fit.plain_forms import fitted_to
from nabla.sinusoid.curve import bic
from nabla.sinusoid.times import Times
from nabla.write.notation import decimals, tex

MISSED = 20.0  # by which a constant has to lower the Bayesian criterion to be missed


def with_constant(fitted: FittedModel, times: Times) -> FittedModel | None:
    """The same model with a constant, where it has none and the data need one; else None."""
    model, data = fitted.model, fitted.data
    through_origin = fitted.line is not None and fitted.line[1] == 0
    waves = model.expr.has(sp.sin, sp.cos)
    if not (waves or through_origin) or model.expr.as_independent(model.axis, as_Add=True)[0] != 0:
        return None
    constant = sp.Symbol("c" if "c" not in model.names else "constant")
    wider = Model(model.text, model.expr + constant, model.axis, (*model.parameters, constant))
    n, m = data.x.size, len(model.names)
    if m + 2 >= n:
        return None
    curve = curve_of(wider)
    found = fitted_to(wider, curve, data, times)
    if bic(found.rss, n, m + 1) > bic(fitted.found.rss, n, m) - MISSED:
        return None
    return FittedModel(wider, curve, found, data)


def complaint(fitted: FittedModel, wider: FittedModel, call: str) -> str:
    """What is said of the model without its constant."""
    n = fitted.data.x.size
    level = decimals(float(wider.found.parameters[-1]), 4)
    how = {"OLS": "`X = sm.add_constant(x)`", "WLS": "`X = sm.add_constant(x)`", "lstsq": "a column of ones"}
    how |= {"fit": "`fit_intercept=True`"} if fitted.line else {"fit": "a `ConstantModel`"}
    swings = "The line goes through the origin" if fitted.line else "The model swings around 0"
    rms = (decimals(float(np.sqrt(f.found.rss / n)), 3) for f in (fitted, wider))
    return (
        f"{swings}, the data call for ${level}$ more: add a constant, {how.get(call, '`+ c`')}. With it the residual "
        f"falls from {' to '.join(f'${size}$' for size in rms)} (rms)."
    )


def repaired(document: Document, wider: FittedModel) -> str:
    """The parameters of the fit with the constant, in a sentence."""
    found = wider.found
    numbers = list(zip(wider.model.parameters, map(float, found.parameters), map(float, found.se), strict=True))
    document.values["with_constant"] = {
        "parameters": {str(p): v for p, v, _ in numbers},
        "se": {str(p): se for p, _, se in numbers},
    }
    listed = ", ".join(f"${tex(p)} = {shown_error(v, se)}$" for p, v, se in numbers)
    return f" With a constant it has {listed}."
