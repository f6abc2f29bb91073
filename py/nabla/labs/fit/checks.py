"""fit: the fit checked by other arithmetic than the one that made it."""

from __future__ import annotations

from math import sqrt

import numpy as np

from nabla.answer.check import Test, Verdict
from nabla.answer.document import Check
from nabla.labs.fit.blocks import is_exact, is_rounding
from nabla.labs.fit.programs import CurveFormula
from nabla.sinusoid.count import level
from nabla.sinusoid.errors import WHITE
from nabla.sinusoid.fit import Fit
from nabla.sinusoid.forms import CONSISTENT, ModelForm
from nabla.sinusoid.refine import solve
from nabla.write.notation import percent

SAMPLED = 20_000  # rows on which a check is run
OPTIMUM = 1e-3  # standard errors
WORSE = 0.05  # of the residual's root mean square, by the rounding of the formula as shown


def checks(found: Fit, form: ModelForm, shown: CurveFormula) -> list[Check]:
    """The fit checked by other arithmetic than the one that made it: sums over rows, in units of x."""
    stride = max(1, found.times.n // SAMPLED)
    x, y = found.times.x[::stride], found.y[::stride] / found.unit
    exact = is_exact(found)
    made: list[Check] = []
    if found.tones and found.weights is None and not exact:
        whole = stride == 1
        figure = _distance(found) if whole else sqrt(max(found.point.remaining, 0.0)) / found.errors.sigma
        made.append(
            _check(
                "No other values fit better",
                "one more Gauss-Newton step, in standard errors",
                figure,
                OPTIMUM,
                "optimum",
            )
        )
    rounding = is_rounding(found)
    if found.next_alarm is not None and not rounding:
        least = level(found.searched)
        verdict: Verdict = "passed" if found.next_alarm > least else "failed"
        share = f"{percent(found.next_alarm)} % of records of pure noise"
        method = f"the next one would appear in {share}; below {100 * least:g} % would count"
        made.append(Check("Nothing significant is left", method, verdict, test="noise"))
    if not rounding:
        figure = abs(found.errors.lag) * sqrt(found.times.n)
        made.append(
            _check(
                "What is left is white noise",
                "correlation of neighbours, in standard deviations",
                figure,
                WHITE,
                "noise",
            )
        )
    size = sqrt(float(np.mean((found.residual[::stride] / found.unit) ** 2)))
    left = y - shown.at(x) / found.unit
    worse = sqrt(float(np.mean(left**2)))
    if exact:
        made.append(
            _check(
                "The formula reproduces the data",
                "root mean square of the difference over the largest value",
                worse,
                1e-8,
                "optimum",
            )
        )
    elif form.agreement > CONSISTENT:
        limit = WORSE + (sqrt(1 + 10 / found.errors.freedom * len(found.point.gram)) - 1)
        method = "its residual, recomputed from the formula as shown, over the fit's, less 1"
        made.append(_check("The formula fits as well as it should", method, worse / size - 1, limit, "optimum"))
    if any(form.whole) and form.agreement < 1:
        verdict = "passed" if form.agreement > CONSISTENT else "failed"
        made.append(
            Check(
                "Whole numbers agree with the data",
                f"F test against the free fit, p = {form.agreement:.2g}",
                verdict,
                test="optimum",
            )
        )
    return made


def _check(claim: str, method: str, figure: float, bound: float, test: Test) -> Check:
    return Check(claim, method, "passed" if figure <= bound else "failed", figure, bound, test=test)


def _distance(found: Fit) -> float:
    """The length of one more Gauss-Newton step in all parameters, in standard errors, from tables over all rows."""
    t, columns = found.times.t, []
    for tone, free in zip(found.tones, found.shape.free, strict=True):
        angle = 2 * np.pi * tone.frequency * found.times.x
        cos, sin = np.cos(angle), np.sin(angle)
        columns += [cos, sin]
        if free:
            wave = sin * np.cos(tone.phase) + cos * np.sin(tone.phase)  # sin(angle + phase)
            columns.append(tone.amplitude / found.unit * t * wave)
    columns += [t**i for i in range(found.trend)]
    jacobian = np.column_stack(columns)
    slope = jacobian.T @ (found.residual / found.unit)
    return sqrt(abs(float(slope @ solve(jacobian.T @ jacobian, slope)))) / found.errors.sigma
