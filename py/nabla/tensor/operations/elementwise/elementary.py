"""Exponentials, logarithms, roots, trigonometry and the error function, element by element."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nabla.tensor.entry import Rule
from nabla.tensor.notation import function
from nabla.tensor.operation import Operation
from nabla.tensor.operations.elementwise.arithmetic import dropped_coefficient, unary
from nabla.tensor.operations.elementwise.corners import at, steep
from nabla.tensor.tape import Array

# Exponentials, logarithms, roots -------------------------------------------------------------------------------------

exp: Operation = unary(
    "exp", np.exp, lambda g, y, x: g * y, "y", tex="e^{@a}", local=("@y",), code=("{np}.exp({a})", "{g} * {y}")
)
exp2: Operation = unary("exp2", np.exp2, lambda g, y, x: g * y * math.log(2), "y", local=(r"@y \ln 2",))
expm1: Operation = unary("expm1", np.expm1, lambda g, y, x: g * (y + 1), "y", local=(r"\left(@y + 1\right)",))
log: Operation = unary(
    "log", np.log, lambda g, y, x: g / x,
    tex=function(r"\ln"), local=(r"\frac{1}{@a}",), code=("{np}.log({a})", "{g} / {a}"), corner=steep("inf", at(0.0)),
)  # fmt: skip
log2: Operation = unary(
    "log2", np.log2, lambda g, y, x: g / (x * math.log(2)),
    tex=function(r"\log_2"), local=(r"\frac{1}{@a \ln 2}",), corner=steep("inf", at(0.0)),
)  # fmt: skip
log10: Operation = unary(
    "log10", np.log10, lambda g, y, x: g / (x * math.log(10)),
    tex=function(r"\log_{10}"), local=(r"\frac{1}{@a \ln 10}",), corner=steep("inf", at(0.0)),
)  # fmt: skip
log1p: Operation = unary(
    "log1p", np.log1p, lambda g, y, x: g / (x + 1),
    local=(r"\frac{1}{1 + @a}",), code=("{np}.log1p({a})", "{g} / (1 + {a})"), corner=steep("inf", at(-1.0)),
    step="Log1PBackward0",
)  # fmt: skip
sqrt: Operation = unary(
    "sqrt", np.sqrt, lambda g, y, x: g / (2 * y), "y",
    tex=r"\sqrt{@a}", local=(r"\frac{1}{2 @y}",), code=("{np}.sqrt({a})", "{g} / (2 * {y})"),
    corner=steep("inf, which times 0 makes nan", at(0.0)),
)  # fmt: skip
rsqrt: Operation = unary(
    "rsqrt", lambda x: 1 / np.sqrt(x), lambda g, y, x: g * (-0.5 * y * y * y), "y",
    local=(r"\left(-\tfrac{1}{2} @y^3\right)",),
)  # fmt: skip


def _square_slips(i: int, args: Sequence[Any], y: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
    yield from dropped_coefficient(args[0], 2)


square: Operation = unary(
    "square", np.square, lambda g, y, x: g * (2 * x), step="PowBackward0",
    tex="{@a}^{2}", local=(r"2 @a",), code=("{a} ** 2", "{g} * 2 * {a}"), slips=_square_slips,
)  # fmt: skip
reciprocal: Operation = unary(
    "reciprocal", lambda x: np.true_divide(1, x), lambda g, y, x: -g * y * y, "y",
    tex=r"\frac{1}{@a}", local=(r"\left(-@y^2\right)",), code=("1 / {a}", "-{g} * {y} ** 2"),
)  # fmt: skip
cbrt: Operation = unary(
    "cbrt", np.cbrt, lambda g, y, x: g / (3 * y * y), "y",
    local=(r"\frac{1}{3 @y^2}",), corner=steep("inf", at(0.0)),
)  # fmt: skip

# Trigonometry --------------------------------------------------------------------------------------------------------

sin: Operation = unary(
    "sin", np.sin, lambda g, y, x: g * cos(x),
    tex=function(r"\sin"), local=(r"\cos @a",), code=("{np}.sin({a})", "{g} * {np}.cos({a})"),
)  # fmt: skip
cos: Operation = unary(
    "cos", np.cos, lambda g, y, x: -(g * sin(x)),
    tex=function(r"\cos"), local=(r"\left(-\sin @a\right)",), code=("{np}.cos({a})", "-{g} * {np}.sin({a})"),
)  # fmt: skip
tan: Operation = unary(
    "tan", np.tan, lambda g, y, x: g * (1 + y * y), "y", tex=function(r"\tan"), local=(r"\left(1 + @y^2\right)",)
)
asin: Operation = unary(
    "asin", np.arcsin, lambda g, y, x: g / sqrt(1 - x * x),
    tex=function(r"\arcsin"), local=(r"\frac{1}{\sqrt{1 - @a^2}}",), corner=steep("inf", at(-1.0, 1.0)),
)  # fmt: skip
acos: Operation = unary(
    "acos", np.arccos, lambda g, y, x: -g / sqrt(1 - x * x),
    tex=function(r"\arccos"), local=(r"\left(-\frac{1}{\sqrt{1 - @a^2}}\right)",), corner=steep("-inf", at(-1.0, 1.0)),
)  # fmt: skip
atan: Operation = unary(
    "atan", np.arctan, lambda g, y, x: g / (1 + x * x), tex=function(r"\arctan"), local=(r"\frac{1}{1 + @a^2}",)
)
sinh: Operation = unary("sinh", np.sinh, lambda g, y, x: g * cosh(x), tex=function(r"\sinh"), local=(r"\cosh @a",))
cosh: Operation = unary("cosh", np.cosh, lambda g, y, x: g * sinh(x), tex=function(r"\cosh"), local=(r"\sinh @a",))
asinh: Operation = unary(
    "asinh", np.arcsinh, lambda g, y, x: g / sqrt(x * x + 1), local=(r"\frac{1}{\sqrt{@a^2 + 1}}",)
)
acosh: Operation = unary(
    "acosh", np.arccosh, lambda g, y, x: g / sqrt(x * x - 1),
    local=(r"\frac{1}{\sqrt{@a^2 - 1}}",), corner=steep("inf", at(1.0)),
)  # fmt: skip
atanh: Operation = unary("atanh", np.arctanh, lambda g, y, x: g / (1 - x * x), local=(r"\frac{1}{1 - @a^2}",))
deg2rad: Operation = unary("deg2rad", np.deg2rad, lambda g, y, x: g * (math.pi / 180), "", local=(r"\frac{\pi}{180}",))

# Error function ------------------------------------------------------------------------------------------------------

_erf = np.frompyfunc(math.erf, 1, 1)
_erfc = np.frompyfunc(math.erfc, 1, 1)


def _as_float(function: Callable[[Any], Any]) -> Callable[[Any], Array]:
    return lambda x: np.asarray(function(np.asarray(x, np.float64))).astype(np.asarray(x).dtype)


erf: Operation = unary(
    "erf", _as_float(_erf), lambda g, y, x: g * (2 / math.sqrt(math.pi)) * exp(-x * x),
    local=(r"\tfrac{2}{\sqrt{\pi}} e^{-@a^2}",),
)  # fmt: skip
erfc: Operation = unary(
    "erfc", _as_float(_erfc), lambda g, y, x: g * (-2 / math.sqrt(math.pi)) * exp(-x * x),
    local=(r"\left(-\tfrac{2}{\sqrt{\pi}} e^{-@a^2}\right)",),
)  # fmt: skip
