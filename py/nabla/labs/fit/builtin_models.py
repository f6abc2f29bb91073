"""Models that lmfit and astropy have by name, and those of MATLAB's curve fitting toolbox, as formulas in x.

Sources: lmfit 1.3, "Built-in Fitting Models"; astropy 6, `astropy.modeling.functional_models`; MATLAB R2024a, "List of
Library Models for Curve and Surface Fitting".
"""

from __future__ import annotations

import re

LMFIT: dict[str, tuple[str, tuple[str, ...]]] = {
    "ConstantModel": ("c", ("c",)),
    "LinearModel": ("slope*x + intercept", ("slope", "intercept")),
    "QuadraticModel": ("a*x**2 + b*x + c", ("a", "b", "c")),
    "SineModel": ("amplitude*sin(frequency*x + shift)", ("amplitude", "frequency", "shift")),
    "GaussianModel": (
        "amplitude/(sigma*sqrt(2*pi))*exp(-(x - center)**2/(2*sigma**2))",
        ("amplitude", "center", "sigma"),
    ),
    "LorentzianModel": (
        "amplitude/pi*sigma/((x - center)**2 + sigma**2)",
        ("amplitude", "center", "sigma"),
    ),
    "ExponentialModel": ("amplitude*exp(-x/decay)", ("amplitude", "decay")),
    "PowerLawModel": ("amplitude*x**exponent", ("amplitude", "exponent")),
}
ASTROPY: dict[str, tuple[str, tuple[str, ...]]] = {
    "Const1D": ("amplitude", ("amplitude",)),
    "Linear1D": ("slope*x + intercept", ("slope", "intercept")),
    "Gaussian1D": ("amplitude*exp(-(x - mean)**2/(2*stddev**2))", ("amplitude", "mean", "stddev")),
    "Lorentz1D": (
        "amplitude*(fwhm/2)**2/((x - x_0)**2 + (fwhm/2)**2)",
        ("amplitude", "x_0", "fwhm"),
    ),
    "Sine1D": ("amplitude*sin(2*pi*(frequency*x + phase))", ("amplitude", "frequency", "phase")),
    "Exponential1D": ("amplitude*exp(x/tau)", ("amplitude", "tau")),
}
_MATLAB = {
    "exp1": "f(x, a, b) = a*exp(b*x)",
    "exp2": "f(x, a, b, c, d) = a*exp(b*x) + c*exp(d*x)",
    "power1": "f(x, a, b) = a*x^b",
    "power2": "f(x, a, b, c) = a*x^b + c",
}


def renamed(formula: str, names: tuple[str, ...], prefix: str, suffix: str) -> tuple[str, list[str]]:
    """A formula whose parameters have a prefix or suffix, and their names."""
    for name in names:
        formula = re.sub(rf"\b{name}\b", f"{prefix}{name}{suffix}", formula)
    return formula, [f"{prefix}{name}{suffix}" for name in names]


def polynomial(degree: int, name: str = "p") -> str:
    """A polynomial with its highest power first, as polyfit returns it: f(x, p1, p2) = p1*x + p2."""
    names = [f"{name}{i + 1}" for i in range(degree + 1)]
    terms = [f"{p}*x**{degree - i}" if degree - i > 1 else f"{p}*x" if degree > i else p for i, p in enumerate(names)]
    return f"f(x, {', '.join(names)}) = {' + '.join(terms)}"


def rising(degree: int, name: str = "c") -> str:
    """A polynomial with its constant first, as numpy.polynomial returns it: f(x, c0, c1) = c0 + c1*x."""
    names = [f"{name}{i}" for i in range(degree + 1)]
    terms = [f"{c}*x**{i}" if i > 1 else f"{c}*x" if i else c for i, c in enumerate(names)]
    return f"f(x, {', '.join(names)}) = {' + '.join(terms)}"


def matlab_library(name: str) -> str:
    """A library model of MATLAB with its head; "" when there is none of that name."""
    if name in _MATLAB:
        return _MATLAB[name]
    found = re.fullmatch(r"(sin|gauss|fourier|poly)([1-9])", name)
    if not found:
        return ""
    count = int(found[2])
    if found[1] == "poly":
        return polynomial(count)
    each = range(1, count + 1)
    if found[1] == "fourier":
        terms = ["a0", *(f"a{i}*cos({i}*w*x) + b{i}*sin({i}*w*x)" for i in each)]
        names = ["a0", *(f"{k}{i}" for i in each for k in "ab"), "w"]
    else:
        shape = "a{0}*sin(b{0}*x + c{0})" if found[1] == "sin" else "a{0}*exp(-((x - b{0})/c{0})**2)"
        terms, names = [shape.format(i) for i in each], [f"{k}{i}" for i in each for k in "abc"]
    return f"f(x, {', '.join(names)}) = {' + '.join(terms)}"
