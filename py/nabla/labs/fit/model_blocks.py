"""The blocks of a fit with a formula: its parameters with their errors, plots, weights, the same as a program."""

from __future__ import annotations

import numpy as np
import sympy as sp

from nabla.answer.document import Cell, Column, Document, Plot, Prose, Source, Table
from nabla.answer.marks import Axis, Band, Dots, Line, Mark
from nabla.labs.fit.model import Model, with_values
from nabla.labs.fit.programs import rounded, with_error
from nabla.read.data import Data
from nabla.sinusoid.curve import Curve, CurveFit
from nabla.sinusoid.times import Floats
from nabla.write.notation import decimals, tex

LOOSE = 30  # times its size that the error of a parameter may have, at most, for its value to say anything
ZERO = 1e8  # times its size: such a parameter is 0 by rounding
EXACT = 1e-12  # of a parameter: a smaller error is rounding
CURVE = 600  # points of the drawn curve
EMBEDDED = 400  # samples that a program carries with it
TIED = 0.98  # correlation of two parameters beyond which neither is known by itself


def is_loose(value: float, se: float) -> bool:
    """Whether an error is many times as large as the value, which is not 0 by rounding alone."""
    return LOOSE * abs(value) < se < min(ZERO * abs(value), np.inf)


def shown_error(value: float, se: float) -> str:
    """A parameter with its error, alone where the data are exact; with figures of its own where they say nothing."""
    if is_loose(value, se):
        return rf"{decimals(_figures(value, se), 3)} \pm {decimals(float(f'{se:.1e}'), 2)}"
    return decimals(value, 10) if se <= EXACT * abs(value) else with_error(value, se)


def _figures(value: float, se: float) -> float:
    """The value to two figures of its error, or to three of its own where the data do not determine it."""
    return float(f"{value:.3g}") if is_loose(value, se) else rounded(value, se)


def with_numbers(model: Model, found: CurveFit) -> sp.Expr:
    """The formula with its parameters, each to two figures of its error."""
    shown = [sp.Float(_figures(float(v), float(s)), 15) for v, s in zip(found.parameters, found.se, strict=True)]
    return with_values(model, shown)


def parameter_table(model: Model, found: CurveFit) -> Table:
    """The parameters with their errors and their 95 % intervals."""
    rows: list[list[Cell]] = [
        [
            f"${tex(p)}$",
            f"${shown_error(float(v), float(s))}$",
            f"${decimals(float(v - found.t95 * s), 6)}$ to ${decimals(float(v + found.t95 * s), 6)}$",
        ]
        for p, v, s in zip(model.parameters, found.parameters, found.se, strict=True)
    ]
    columns = [Column("Parameter"), Column("Value", "", "right"), Column("95 % interval", "", "right")]
    return Table(columns, rows, "± one standard error.")


def tied(model: Model, found: CurveFit) -> list[Prose]:
    """Parameters that the data tell only together."""
    correlation = found.correlation
    pairs = [
        f"${tex(model.parameters[i])}$ and ${tex(model.parameters[j])}$ ({correlation[i, j]:.3f})"
        for i in range(len(model.names))
        for j in range(i)
        if abs(correlation[i, j]) > TIED
    ]
    if not pairs:
        return []
    return [Prose(f"Strongly correlated, so that the data tell them only together: {', '.join(pairs)}.")]


def model_plots(model: Model, curve: Curve, found: CurveFit, data: Data) -> list[Plot]:
    """The data with the curve and its band, and the residual."""
    axes = Axis(data.x_name, data.x_unit), Axis(data.y_name, data.y_unit)
    x: Floats = np.linspace(data.x[0], data.x[-1], CURVE, dtype=np.float64)
    with np.errstate(all="ignore"):
        y = np.array(curve.value(x, found.parameters))
        wide = found.t95 * found.band(curve.jacobian(x, found.parameters))
    good = np.isfinite(y) & np.isfinite(wide)
    x, y, wide = x[good], y[good], wide[good]
    marks: list[Mark] = [
        Band(x, y - wide, y + wide, label="95 % band of the curve", color=1),
        Dots(data.x, data.y, label="data"),
        Line(x, y, label="fit", color=1),
    ]
    told = f"{data.x.size:,} samples and the fitted curve with its band."
    residual = Dots(data.x, found.residual, label="residual")
    return [
        Plot(marks, told, *axes, title="Data and fit"),
        Plot([residual], "What the fit leaves.", *axes, title="Residuals"),
    ]


def weights_told(document: Document, found: CurveFit, data: Data) -> list[Prose]:
    """What the errors by which the samples are weighed say of the fit."""
    if data.error is None:
        return []
    reduced = found.rss / max(found.freedom, 1)
    document.values["model"] |= {"chi_square": found.rss, "freedom": found.freedom}
    absolute = ", ".join(
        f"{name} {decimals(float(se) / np.sqrt(reduced or 1.0), 3)}"
        for name, se in zip(document.values["model"]["parameters"], found.se, strict=True)
    )
    text = (
        f"Each sample is weighed by 1/{data.error_name}. The sum of the squares of residual over error is "
        f"${decimals(found.rss, 4)}$ for {found.freedom} degrees of freedom, ${decimals(reduced, 3)}$ each. The errors "
        f"above are scaled by it; as they stand, with `absolute_sigma=True`, they are: {absolute}."
    )
    return [Prose(text)]


def model_programs(model: Model, found: CurveFit, data: Data) -> list[Source]:
    """A program of SciPy that starts at the answer and asserts that it stays there."""
    body = sp.printing.pycode(model.expr, fully_qualified_modules=True).replace("math.", "np.")
    start = ", ".join(repr(float(v)) for v in found.parameters)
    lines = ["import numpy as np", "from scipy.optimize import curve_fit", ""]
    if data.x.size <= EMBEDDED:
        lines += [f"x = np.array({data.x.tolist()})", f"y = np.array({data.y.tolist()})"]
    else:
        lines += ['x, y = np.loadtxt("data.csv", delimiter=",", unpack=True)']
    lines += ["", "", f"def model({model.axis}, {', '.join(model.names)}):", f"    return {body}", "", ""]
    lines += [
        f"start = [{start}]",
        "best, covariance = curve_fit(model, x, y, p0=start)",
        f"for name, value, error in zip({list(model.names)}, best, np.sqrt(np.diag(covariance))):",
        '    print(f"{name} = {value:.10g} +- {error:.2g}")',
        "assert np.allclose(best, start, rtol=1e-4)",
    ]
    return [Source("SciPy", "python", "\n".join(lines) + "\n")]
